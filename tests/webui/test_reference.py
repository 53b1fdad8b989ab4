"""The page about the API says all that the description says, and its links work."""

import json
import re
from html import unescape

import pytest
from flask.testing import FlaskClient

from indexer import texts
from webui import create_app


@pytest.fixture(scope="module")
def html(client):
    return client.get("/api/").text


def data_pages(client):
    """The list of shapes and the page of each."""
    listed = client.get("/api/data").text
    return [listed, *(client.get(address).text for address in re.findall('<dt><a href="([^"]+)"', listed))]


@pytest.fixture(scope="module")
def data(client):
    return "".join(data_pages(client))


def test_every_operation_parameter_shape_and_field_is_on_the_pages(client, html, data):
    described = json.loads(client.get("/api/v1/openapi.json").data)
    rows = re.findall(r'<th scope="row"><code>(.+?)</code>', html)
    for path, method, operation in ((path, *one) for path, item in described["paths"].items() for one in item.items()):
        name = operation["operationId"]
        is_file = path.rpartition(".")[0] in described["paths"]
        assert (f'<a id="{name}" href="{path}' if is_file else f'<h2 id="{name}"><code>{method.upper()} {path}</code>') in html
        assert {parameter["name"] for parameter in operation.get("parameters", [])} <= set(rows)
    for name, shape in described["components"]["schemas"].items():
        assert f"<h1><code>{name}</code></h1>" in data
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


def test_links_within_the_pages_lead_somewhere(client, html, data):
    own = re.findall(r' id="([^"]+)"', html)
    assert len(own) == len(set(own))
    assert set(re.findall(r'href="#([^"]+)"', html)) <= set(own)
    shapes = re.findall("<h1><code>([^<]+)</code></h1>", data)
    assert set(re.findall(r'href="/api/data/([^"?]+)"', html + data)) == set(shapes)
    assert client.get("/api/data/Nothing").status_code == 404


def test_types_are_said_in_words(html, data):
    assert "exact | all | any | literal，不写是 exact" in html
    assert "integer 1–100" in html
    assert '<a href="/api/data/Hit">Hit</a>[]' in data
    assert "[integer, integer]" in data


def test_it_is_there_without_an_index(tmp_path):
    reply = create_app(str(tmp_path / "none")).test_client(use_cookies=False).get("/api/")
    assert reply.status_code == 200
    assert "/api/v1/reports/{id}" in reply.text


@pytest.fixture
def english_client(client):
    # What a request leaves behind in this thread, its language, ends with the test.
    with texts.speaking(texts.CHINESE):
        yield InEnglish(client.application)


class InEnglish(FlaskClient):
    """Somebody whose browser prefers English."""

    def open(self, *args, **kwargs):
        return super().open(*args, headers={"Accept-Language": "en"}, **kwargs)


def pages_at(client, path):
    return data_pages(client) if path == "/api/data" else [client.get(path).text]


def words_of(page):
    """What a page says of its own: without names, types and examples, which are the same in every language."""
    own = re.sub(
        r"<code>.*?</code>|<a href=\"/api/.*?</a>|</th><td>.*?</td>(?=<td>)",
        "",
        page.partition("<main")[2].partition("</main>")[0],
        flags=re.S,
    )
    return [unescape(text).strip() for text in re.findall(">([^<]+)<", own) if text.strip()]


def is_english(text):
    """Whether there is a run of three English words in it, or it begins with one; <…> is a name."""
    words = re.sub(r"<[^>]*>|Excel|[a-z_]+\.(ndjson|json)", "", text)
    return re.search(r"[A-Za-z']+,? [A-Za-z']+,? [A-Za-z']+", words) is not None or re.match(r"[A-Z][a-z]", words) is not None


@pytest.mark.parametrize("path", ["/api/", "/api/data"])
def test_it_is_all_in_chinese(client, path):
    shown = [text for page in pages_at(client, path) for text in words_of(page)]
    assert len(shown) > 100
    assert [text for text in shown if is_english(text)] == []
    assert [text for text in shown if re.search(r"[a-z]\.$", text)] == []


@pytest.mark.parametrize("path", ["/api/", "/api/data"])
def test_in_english_no_chinese_is_left_but_values(english_client, path):
    shown = [text for page in pages_at(english_client, path) for text in words_of(page)]
    assert sum(map(is_english, shown)) > 100
    values = r"一是|件|人次|元|比(?= for)|万|亿|余|近|超|约|司法局|《》|〔2022〕|一、|七"
    assert [text for text in shown if re.search("[\u4e00-\u9fff]", re.sub(values, "", text))] == []


def test_of_a_text_names_are_code_and_markup_is_shown_as_it_is(client, english_client):
    chinese, english = ("".join(data_pages(one)) for one in (client, english_client))
    assert "一个年度（<code>by=year</code>）" in chinese
    assert "除 &lt;mark&gt; 外均已转义。" in chinese
    assert "Escaped except for &lt;mark&gt;." in english


def test_the_description_for_programs_is_english_in_every_language(client, english_client):
    chinese, english = (one.get("/api/v1/openapi.json").json for one in (client, english_client))
    assert chinese["paths"]["/api/v1/search"]["get"]["summary"] == "Passages that match"
    assert chinese["paths"] == english["paths"]
    assert chinese["components"] == english["components"]
