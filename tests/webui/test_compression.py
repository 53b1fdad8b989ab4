"""What goes out as gzip, and what as it is."""

import gzip

import pytest

GZIP = {"Accept-Encoding": "gzip, deflate, br"}


@pytest.mark.parametrize(
    "path", ["/?q=行政复议", "/reports/r1", "/help", "/api/v1/search?q=行政复议", "/feed.atom?q=行政复议", "/static/page.js"]
)
def test_texts_are_compressed_for_who_takes_it(client, path):
    plain = client.get(path, headers={"Accept-Encoding": "identity"})
    packed = client.get(path, headers=GZIP)
    assert "Content-Encoding" not in plain.headers
    assert packed.headers["Content-Encoding"] == "gzip"
    assert gzip.decompress(packed.data) == plain.data
    assert packed.content_length == len(packed.data) < len(plain.data)
    assert "Accept-Encoding" in plain.vary
    assert "Accept-Encoding" in packed.vary


def test_each_form_has_its_etag_and_its_304(client):
    plain = client.get("/?q=行政复议")
    packed = client.get("/?q=行政复议", headers=GZIP)
    assert plain.headers["ETag"] != packed.headers["ETag"]
    again = client.get("/?q=行政复议", headers=GZIP | {"If-None-Match": packed.headers["ETag"]})
    assert (again.status_code, again.data) == (304, b"")
    assert "Accept-Encoding" in again.vary
    assert client.get("/?q=行政复议", headers=GZIP | {"If-None-Match": plain.headers["ETag"]}).status_code == 200
    # A file's own is one of both forms, weakly.
    file = client.get("/static/page.js", headers=GZIP)
    assert file.headers["ETag"].startswith("W/")
    assert client.get("/static/page.js", headers={"If-None-Match": file.headers["ETag"]}).status_code == 304


@pytest.mark.parametrize(
    ("path", "headers"),
    [
        pytest.param("/healthz", GZIP, id="short"),
        pytest.param("/api/v1/search.csv?q=行政复议", GZIP, id="flows"),
        pytest.param("/api/v1/search.xlsx?q=行政复议", GZIP, id="packed_already"),
        pytest.param("/help", {}, id="not_asked_for"),
        pytest.param("/help", {"Accept-Encoding": "gzip;q=0"}, id="refused"),
        pytest.param("/help", {"Accept-Encoding": "gzip;q=0.5, identity"}, id="less_wanted"),
        pytest.param("/help", {"Accept-Encoding": "br"}, id="other_coding"),
    ],
)
def test_other_replies_go_out_as_they_are(client, path, headers):
    assert "Content-Encoding" not in client.get(path, headers=headers).headers


def test_a_head_says_nothing_that_a_body_would_contradict(client):
    reply = client.head("/help", headers=GZIP)
    assert (reply.status_code, reply.data) == (200, b"")


def test_nothing_secret_stands_on_a_page_that_repeats_what_was_typed(client):
    for path in ("/?q=行政复议", "/reports/r1", "/batch", "/check", "/verify", "/similar"):
        reply = client.get(path)
        assert "Set-Cookie" not in reply.headers
        assert "csrf" not in reply.text
