"""The page about the API says all that the description says, and its links work."""

import json
import re
from html import unescape

import pytest

from webui import create_app


@pytest.fixture(scope="module")
def html(client):
    return client.get("/api/").text


@pytest.fixture(scope="module")
def data(client):
    return client.get("/api/data").text


def test_every_operation_parameter_shape_and_field_is_on_the_pages(client, html, data):
    described = json.loads(client.get("/api/v1/openapi.json").data)
    rows = re.findall(r'<th scope="row"><code>(.+?)</code>', html)
    for path, method, operation in ((path, *one) for path, item in described["paths"].items() for one in item.items()):
        name = operation["operationId"]
        is_file = path.rpartition(".")[0] in described["paths"]
        assert (f'<a id="{name}" href="{path}?' if is_file else f'<h2 id="{name}"><code>{method.upper()} {path}</code>') in html
        assert {parameter["name"] for parameter in operation.get("parameters", [])} <= set(rows)
    for name, shape in described["components"]["schemas"].items():
        assert f'<h2 id="{name}">' in data
        assert set(shape["properties"]) <= set(re.findall(r'<th scope="row"><code>(.+?)</code>', data))


def test_every_operation_has_an_example_that_works(client, html):
    described = json.loads(client.get("/api/v1/openapi.json").data)
    examples = [unescape(address) for address in re.findall(r'(?:例：<a|<a id="\w+") href="([^"]+)"', html)]
    assert len(examples) == sum("get" in item for item in described["paths"].values())
    assert {client.get(address).status_code for address in examples} == {200}


def test_the_example_does_not_read_every_report(place):
    app = create_app(str(place))
    assert "例：" in app.test_client(use_cookies=False).get("/api/").text
    assert app.extensions["index"]._reports == ("", [])


def test_links_within_the_pages_lead_somewhere(html, data):
    own, of_data = (re.findall(r' id="([^"]+)"', page) for page in (html, data))
    assert len(own) == len(set(own))
    assert len(of_data) == len(set(of_data))
    assert set(re.findall(r'href="#([^"]+)"', html)) <= set(own)
    assert set(re.findall(r'href="/api/data#([^"]+)"', html + data)) <= set(of_data)


def test_types_are_said_in_words(html, data):
    assert "exact | all | any | literal，不写是 exact" in html
    assert "integer 1–100" in html
    assert '<a href="/api/data#Hit">Hit</a>[]' in data
    assert "[integer, integer]" in data


def test_it_is_there_without_an_index(tmp_path):
    reply = create_app(str(tmp_path / "none")).test_client(use_cookies=False).get("/api/")
    assert reply.status_code == 200
    assert "/api/v1/reports/{id}" in reply.text
