"""Which hosts are served, what addresses begin with, and what an address may hold."""

import csv
import io
import json

import pytest

from indexer import BadPath
from webui import create_app
from webui.addresses import MOST_ARGUMENTS


@pytest.fixture
def client_with(place, monkeypatch):
    """Makes a client of an application with these variables set."""

    def made(**variables):
        for name, value in variables.items():
            monkeypatch.setenv(f"FAZHI_{name}", value)
        return create_app(str(place)).test_client(use_cookies=False)

    return made


@pytest.mark.parametrize("host", ["fazhi.example.cn", "FAZHI.example.cn:8000", "localhost"])
def test_hosts_that_are_listed_are_served(client_with, host):
    client = client_with(HOSTS="fazhi.example.cn, localhost")
    assert client.get("/?q=行政复议", headers={"Host": host}).status_code == 200


@pytest.mark.parametrize("path", ["/", "/api/v1/search?q=法治", "/static/style.css", "/nowhere"])
def test_other_hosts_are_refused(client_with, path):
    client = client_with(HOSTS="fazhi.example.cn")
    reply = client.get(path, headers={"Host": "other.example.cn"})
    assert (reply.status_code, "other.example" in reply.text) == (400, False)
    assert (reply.mimetype == "application/problem+json") is path.startswith("/api/")


@pytest.mark.parametrize("path", ["/healthz", "/readyz"])
def test_monitors_may_ask_by_any_name_but_no_malformed_one(client_with, path):
    client = client_with(HOSTS="fazhi.example.cn")
    assert client.get(path, headers={"Host": "10.0.0.7:8000"}).status_code == 200
    assert client.get(path, headers={"Host": "a b"}).status_code == 400


@pytest.mark.parametrize(
    "variables",
    [
        {"HOSTS": "a b"},
        {"HOSTS": "a:80"},
        {"HOSTS": "http://a"},
        {"PUBLIC_URL": "fazhi.example.cn"},
        {"PUBLIC_URL": "ftp://a"},
        {"PUBLIC_URL": "https://a?b"},
    ],
    ids=str,
)
def test_a_setting_that_cannot_be_used_is_named(client_with, variables):
    with pytest.raises(BadPath, match=f"FAZHI_{next(iter(variables))}"):
        client_with(**variables)


@pytest.mark.parametrize("public", ["https://fazhi.example.cn", "https://example.cn:8443/fazhi/"])
def test_addresses_that_leave_the_site_begin_with_the_public_one(client_with, public):
    client = client_with(PUBLIC_URL=public)
    root = public.rstrip("/")
    (row, *_) = csv.DictReader(io.StringIO(client.get("/api/v1/search.csv?q=行政复议").text.removeprefix("\ufeff"), newline=""))
    assert row["网址"].startswith(f"{root}/reports/")
    assert f"{root}/reports/" in row["引文"]
    for path in ("/?q=行政复议", "/reports/r0", "/sitemap.xml", "/opensearch.xml"):
        text = client.get(path).text
        assert f"{root}/" in text
        assert "http://localhost" not in text


@pytest.mark.parametrize("path", ["/api", "/api?x=1", "//evil.example/api"])
def test_a_redirect_stays_on_the_site(client_with, path):
    reply = client_with().get(path, headers={"Host": "evil.example"})
    assert reply.status_code in (308, 404)
    if reply.status_code == 308:
        assert reply.headers["Location"].startswith("/api")


@pytest.mark.parametrize(
    ("arguments", "names"),
    [
        ("q=%E4%B8", ["q"]),
        ("q=%D0%D0%D5%FE", ["q"]),
        ("q=%ED%A0%80", ["q"]),
        ("q=法治&issuer=%FF&year=2022&region=%E4%B8", ["issuer", "region"]),
        ("%E4%B8=1", ["\ufffd"]),
    ],
)
@pytest.mark.parametrize("path", ["/api/v1/search", "/api/v1/suggest", "/"])
def test_what_is_no_text_is_refused_with_its_name(client_with, path, arguments, names):
    reply = client_with().get(f"{path}?{arguments}")
    assert reply.status_code == 400
    if path != "/":
        assert [problem["param"] for problem in json.loads(reply.data)["errors"]] == names
    else:
        assert all(f"“{name}”不是完整的 UTF-8 文字" in reply.text for name in names)


@pytest.mark.parametrize(("version", "kept"), [("right", True), ("wrong", False), ("", False)])
def test_only_the_right_version_of_a_file_may_be_kept(client_with, version, kept):
    client = client_with()
    address = client.get("/help").text.split('rel="stylesheet" href="')[1].split('"')[0]
    path, _, right = address.partition("?v=")
    reply = client.get(f"{path}?v={right if version == 'right' else version}")
    assert reply.status_code == 200
    assert ("immutable" in reply.headers["Cache-Control"]) is kept


@pytest.mark.parametrize("name", ["of-the-next-version.css", "../__init__.py", "%2e%2e/__init__.py"])
def test_a_file_that_is_not_there_may_not_be_kept(client_with, name):
    reply = client_with().get(f"/static/{name}?v=1")
    assert reply.status_code == 404
    assert reply.headers["Cache-Control"] == "no-cache"


@pytest.mark.parametrize("path", ["/nowhere", "/reports/none", "/?q=(", "/api/v1/search", "/healthz", "/readyz", "/opensearch.xml", "/api"])
def test_no_reply_may_be_kept_without_asking_again(client_with, path):
    assert client_with().get(path).headers["Cache-Control"] == "no-cache"


@pytest.mark.parametrize("path", ["/api/v1/search", "/"])
def test_more_arguments_than_filters_can_have_values_are_refused_unread(client_with, path):
    client = client_with()
    arguments = [f"n{number}=1" for number in range(MOST_ARGUMENTS)]
    assert "没有“n999”这个参数" in client.get(f"{path}?{'&'.join(arguments)}").text
    reply = client.get(f"{path}?{'&'.join([*arguments, 'one=more'])}")
    assert (reply.status_code, "这个参数" in reply.text) == (400, False)
