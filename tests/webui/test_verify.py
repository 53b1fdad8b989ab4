"""引文核对: the page and the API."""

import json
from dataclasses import replace

import pytest

from indexer import Report, build_index
from webui import create_app, verify

TYPED = "他说“坚持依法行政、严格公正执法”，又说“受理案件18件、办结80件”，还说“彻底放开外地牌照限制”。"


@pytest.fixture
def client(tmp_path):
    text = "总述：<b>坚持依法行政</b>。坚持依法行政，严格公正执法。受理案件81件，办结80件。"
    build_index(tmp_path / "index", [Report.from_blocks(id="a", title="甲县2021年报告", year=2021, issuer="甲县", blocks=[((), text)])])
    return create_app(str(tmp_path / "index")).test_client(use_cookies=False)


def test_the_api_gives_a_verdict_on_each_quotation(client):
    exact, near, absent = client.post("/api/v1/verify", data=TYPED.encode(), content_type="text/plain").json["pieces"]
    assert [piece["verdict"] for piece in (exact, near, absent)] == ["exact", "near", "absent"]
    assert exact["text"] == "坚持依法行政、严格公正执法"
    [place] = exact["places"]
    assert (place["passage"], place["report"], place["similarity"], place["differences"]) == ("a~0.p1", "a", 1, [])
    assert place["text"][place["start"] : place["end"]] == "坚持依法行政，严格公正执法"
    assert (exact["reports"], near["reports"], absent["places"]) == (1, 0, [])
    [difference] = near["places"][0]["differences"]
    assert TYPED[slice(*difference["typed"])] == "18"
    assert place["text"][slice(*difference["held"])] == "81"
    assert "甲县2021年报告[R]" in place["citation"]
    assert client.post("/api/v1/verify", json={"text": TYPED}).json["pieces"] == [exact, near, absent]


@pytest.mark.parametrize(
    ("body", "media", "status"),
    [
        ("长" * 20_001, "text/plain", 400),
        ("", "text/plain", 400),
        ('{"text": 1}', "application/json", 400),
        ("{", "application/json", 400),
        ('"text"', "application/json", 400),
        ('{"text": "a", "other": ' + "[" * 9_000 + "]" * 9_000 + "}", "application/json", 400),
        ("<a/>", "text/xml", 415),
        (b"\xff\xfe", "text/plain", 400),
        ("a", "text/plain; charset=undefined", 400),
        ("a", "text/plain; charset=punycode", 400),
        ("a", 'text/plain; charset="a\0b"', 400),
        ("a" * 300_000, "text/plain", 413),
    ],
)
def test_what_cannot_be_read_is_a_problem(client, body, media, status):
    reply = client.post("/api/v1/verify", data=body if isinstance(body, bytes) else body.encode(), content_type=media)
    assert (reply.status_code, reply.mimetype) == (status, "application/problem+json")


def test_a_text_may_come_in_the_encodings_of_chinese(client):
    for charset in ("gb18030", "GBK", "utf-16"):
        reply = client.post("/api/v1/verify", data=TYPED.encode(charset), content_type=f"text/plain; charset={charset}")
        assert [piece["verdict"] for piece in reply.json["pieces"]] == ["exact", "near", "absent"]


def test_the_api_takes_no_get_and_the_page_no_argument_for_a_text(client):
    assert client.get("/api/v1/verify").status_code == 405
    assert 'class="exact"' not in client.get("/verify?text=坚持依法行政，严格公正执法").text


def test_the_page_shows_what_was_typed_and_what_is_held(client):
    page = client.post("/verify", data={"text": TYPED + "<script>"}).text
    assert "&lt;script&gt;</textarea>" in page
    assert page.count('<li class="') == 3
    assert "<del>18</del>" in page
    assert "<mark>受理案件</mark><mark><ins>81</ins></mark>" in page
    assert "&lt;b&gt;坚持依法行政&lt;/b&gt;" in page
    assert client.post("/verify", data={"text": "字" * 20_001}).status_code == 400
    assert client.get("/verify").text.count("<li class") == 0


def test_whoever_finds_all_turns_taken_is_told_to_wait(client, monkeypatch):
    monkeypatch.setattr("webui.costly.PATIENCE", 0.01)
    turns = client.application.extensions["costly"]
    with turns.turn(), turns.turn():
        reply = client.post("/api/v1/verify", json={"text": TYPED})
        assert (reply.status_code, reply.headers["Retry-After"]) == (503, "10")
        assert json.loads(reply.data)["status"] == 503
        ids = [report["report"]["id"] if "report" in report else report["id"] for report in client.get("/api/v1/reports").json["reports"]]
        assert client.get("/api/v1/compare", query_string={"left": ids[0], "right": ids[0]}).status_code == 503
    assert client.post("/api/v1/verify", json={"text": TYPED}).status_code == 200
    assert verify.MOST_BYTES > 12 * 20_000


def test_a_citation_says_where_ocr_read_the_passage(tmp_path):
    report = Report.from_blocks(id="a", title="甲县2021年报告", blocks=[((), "坚持依法行政，严格公正执法。")])
    scanned = replace(report, passages=tuple(replace(passage, ocr=True) for passage in report.passages))
    build_index(tmp_path / "index", [scanned])
    client = create_app(str(tmp_path / "index")).test_client()
    [piece] = client.post("/api/v1/verify", json={"text": "坚持依法行政，严格公正执法。"}).json["pieces"]
    assert "由扫描件识别" in piece["places"][0]["citation"]
