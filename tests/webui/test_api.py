import json
import re
from urllib.parse import parse_qsl, urlsplit

import pytest

from tests.webui.serving import wait_until
from webui import create_app


def get(client, path, **args):
    reply = client.get(path, query_string=args)
    return reply, json.loads(reply.data)


def test_a_search_has_the_contract_s_shape(client):
    reply, body = get(client, "/api/v1/search", q="行政复议", facets="year,region,section", per_page=5)
    assert reply.status_code == 200
    assert list(body) == ["query", "total", "page", "per_page", "pages", "index", "understood", "facets", "hits", "links"]
    assert body["query"] == {"q": "行政复议", "mode": "exact", "parsed": '"行政复议"'}
    assert body["total"] == {"reports": 31, "paragraphs": 31, "occurrences": 31, "hits": 31}
    assert (body["page"], body["per_page"], body["pages"]) == (1, 5, 7)
    assert {"value": "210900", "count": 10, "label": "阜新市"} in body["facets"]["region"]
    assert {"value": None, "count": 21} in body["facets"]["region"]
    hit = body["hits"][0]
    assert {"id", "kind", "url", "report", "section", "item", "text", "matches", "snippet_html", "score"} <= set(hit)
    assert hit["item"] == 1
    assert hit["section"][-1] == {"number": "(一)", "heading": "严格执法"}
    assert [hit["text"][a:b] for a, b in hit["matches"]] == ["行政复议"]
    assert body["links"]["csv"] == "/api/v1/search.csv?q=%E8%A1%8C%E6%94%BF%E5%A4%8D%E8%AE%AE"


def test_links_lead_through_all_pages(client):
    seen, url = [], "/api/v1/search?q=行政复议&per_page=7"
    while url:
        body = json.loads(client.get(url).data)
        seen += [hit["id"] for hit in body["hits"]]
        url = body["links"]["next"]
    assert len(seen) == len(set(seen)) == 31


def test_a_page_links_to_those_beside_it_in_its_body_and_its_head(client):
    def links(page, query="行政复议"):
        reply, body = get(client, "/api/v1/search", q=query, per_page=10, page=page)
        own = {name: dict(parse_qsl(urlsplit(link).query)) for name, link in body["links"].items() if link}
        head = {
            rel: dict(parse_qsl(urlsplit(link).query))
            for link, rel in re.findall(r'<([^>]*)>; rel="(\w+)"', ", ".join(reply.headers.getlist("Link")))
        }
        assert all(own[rel] == head[rel] for rel in ("self", "next", "prev") if rel in own or rel in head)
        assert own["csv"] == own["xlsx"] == own["ndjson"] == {"q": query}
        assert all(link["per_page"] == "10" for link in head.values())
        return {rel: int(link.get("page", "1")) for rel, link in head.items()}

    assert links(1) == {"self": 1, "next": 2, "first": 1, "last": 4}
    assert links(2) == {"self": 2, "next": 3, "prev": 1, "first": 1, "last": 4}
    assert links(4) == {"self": 4, "prev": 3, "first": 1, "last": 4}
    assert links(9) == {"self": 9, "prev": 4, "first": 1, "last": 4}
    assert links(1, "没有的") == {"self": 1}


def test_markup_in_a_text_is_escaped(client):
    hits = get(client, "/api/v1/search", q="alert", kind="paragraph")[1]["hits"]
    assert hits[0]["snippet_html"].startswith("&lt;script&gt;<mark>alert</mark>(1)&lt;/script&gt; &amp; &#34;")


@pytest.mark.parametrize(
    ("args", "param"),
    [
        ({"q": "(行政"}, "q"),
        ({"q": "行政", "bogus": "1"}, "bogus"),
        ({"q": "行政", "per_page": "0"}, "per_page"),
        ({"q": "行政", "region": "朝阳区"}, "region"),
        ({}, "q"),
        ({"kind": "title"}, "q"),
    ],
    ids=str,
)
def test_a_bad_request_is_a_problem_that_names_the_parameter(client, args, param):
    reply, body = get(client, "/api/v1/search", **args)
    assert (reply.status_code, reply.mimetype) == (400, "application/problem+json")
    assert body["status"] == 400
    assert body["errors"][0]["param"] == param
    assert body["errors"][0]["detail"]


def test_a_malformed_query_has_its_position(client):
    assert get(client, "/api/v1/search", q="行政 (法治")[1]["errors"][0]["position"] == 3


def test_an_unchanged_reply_is_304(client):
    first = client.get("/api/v1/search?q=法治")
    again = client.get("/api/v1/search?q=法治", headers={"If-None-Match": first.headers["ETag"]})
    assert (again.status_code, again.data) == (304, b"")
    assert client.get("/api/v1/search?q=政府", headers={"If-None-Match": first.headers["ETag"]}).status_code == 200


def test_reports_are_listed_with_their_mentions(client):
    body = get(client, "/api/v1/reports", q="行政复议", issuer="某0县", sort="-year", per_page=3)[1]
    assert body["total"] == {"reports": 10}
    assert [(entry["year"], entry["paragraphs"], entry["occurrences"]) for entry in body["reports"]] == [(2023, 1, 1)] * 2 + [(2022, 1, 1)]
    missing = get(client, "/api/v1/reports", q="执法力量", mention="no")[1]
    assert [entry["id"] for entry in missing["reports"]] == ["odd"]


@pytest.mark.parametrize("args", [{"mention": "no"}, {"q": "法治", "mention": "yes"}])
def test_mention_needs_a_query_and_is_no(client, args):
    assert get(client, "/api/v1/reports", **args)[0].status_code == 400


def test_a_report_and_a_passage(client):
    report = get(client, "/api/v1/reports/r0")[1]
    assert [passage["id"] for passage in report["passages"]] == ["r0~t", "r0~1", "r0~1.1", "r0~1.1.p1", "r0~2", "r0~2.p1"]
    assert report["region"]["path"] == ["辽宁省", "阜新市", "阜新蒙古族自治县"]
    passage = get(client, "/api/v1/paragraphs/r0~1.1.p1")[1]
    assert passage["items"][0]["number"] == 1
    assert passage["report"]["id"] == "r0"


def test_a_report_says_which_required_contents_were_found_where(client):
    report = get(client, "/api/v1/reports/r0")[1]
    held = {passage["id"] for passage in report["passages"]}
    states = {one["code"]: (one["state"], bool(one["passages"])) for one in report["required"]}
    assert set(states.values()) == {("found", True), ("not_found", False)}
    assert all(set(one["passages"]) <= held for one in report["required"])
    assert report["sources"]


@pytest.mark.parametrize("path", ["/api/v1/reports/nope", "/api/v1/paragraphs/nope", "/api/v1/paragraphs/r0~9", "/api/v1/nope"])
def test_what_is_not_there_is_404(client, path):
    reply, body = get(client, path)
    assert (reply.status_code, reply.mimetype, body["status"]) == (404, "application/problem+json", 404)


@pytest.mark.parametrize("path", ["/api/v1/reports/r0", "/api/v1/paragraphs/r0~t", "/api/v1/suggest"])
def test_what_takes_no_filters_refuses_them(client, path):
    reply, body = get(client, path, year=2022)
    assert reply.status_code == 400
    assert body["errors"][0]["param"] == "year"


def test_nothing_can_be_written(client):
    assert client.post("/api/v1/search").status_code == 405


def test_without_an_index_it_says_so_and_when_to_come_back(tmp_path):
    client = create_app(str(tmp_path / "none")).test_client(use_cookies=False)
    reply = client.get("/api/v1/search?q=法治")
    assert (reply.status_code, reply.mimetype) == (503, "application/problem+json")
    assert reply.headers["Retry-After"]
    assert client.get("/").status_code == 503
    assert client.get("/readyz").status_code == 503
    assert client.get("/healthz").status_code == 200


def test_a_newer_generation_is_served_without_a_restart(tmp_path, monkeypatch):
    from indexer import build_index
    from tests.support import one_report
    from webui import live

    monkeypatch.setattr(live, "CHECK_EVERY", 0)
    build_index(tmp_path / "index", [one_report("法治")])
    client = create_app(str(tmp_path / "index")).test_client(use_cookies=False)
    before = client.get("/api/v1/search?q=法治")
    build_index(tmp_path / "index", [one_report("法治", "法治")])
    after = client.get("/api/v1/search?q=法治", headers={"If-None-Match": before.headers["ETag"]})
    assert json.loads(after.data)["total"]["paragraphs"] == 2


def test_what_is_open_is_served_though_the_folder_is_gone(tmp_path, monkeypatch):
    import shutil

    from indexer import build_index
    from tests.support import one_report
    from webui import live

    monkeypatch.setattr(live, "CHECK_EVERY", 0)
    build_index(tmp_path / "index", [one_report("法治")])
    client = create_app(str(tmp_path / "index")).test_client(use_cookies=False)
    assert client.get("/readyz").status_code == 200
    shutil.rmtree(tmp_path / "index")
    assert get(client, "/api/v1/search", q="法治")[1]["total"]["paragraphs"] == 1
    build_index(tmp_path / "index", [one_report("法治", "法治")])
    assert get(client, "/api/v1/search", q="法治")[1]["total"]["paragraphs"] == 2


def test_a_concordance_has_a_line_for_each_occurrence(client):
    body = get(client, "/api/v1/concordance", q="行政复议", context="right", per_page=5)[1]
    assert (body["total"], body["pages"], len(body["lines"])) == ({"occurrences": 31}, 7, 5)
    line = body["lines"][0]
    assert line["match"] == "行政复议"
    assert client.get(body["links"]["next"]).status_code == 200
    assert get(client, "/api/v1/concordance", q="行政复议", context="?")[0].status_code == 400


def test_suggestions_are_whole_queries_with_their_passages(client):
    body = get(client, "/api/v1/suggest", q="公开 行政")[1]
    assert {"q": "公开 行政复议", "paragraphs": 31} in body["suggestions"]


def test_damage_is_found_beside_the_serving_logged_and_told_to_monitors(tmp_path, caplog, monkeypatch):
    from indexer import build_index
    from tests.support import one_report
    from webui import live

    monkeypatch.setattr(live, "CHECK_EVERY", 0)
    build_index(tmp_path / "index", [one_report("法治")])
    # No search reads it, so only the check of all files can find that it is another one.
    (victim,) = (tmp_path / "index").glob("generations/*/catalogue.json")
    victim.write_bytes(b"x" * victim.stat().st_size)
    client = create_app(str(tmp_path / "index")).test_client(use_cookies=False)
    assert client.get("/api/v1/search?q=法治").status_code == 200
    assert wait_until(lambda: client.get("/readyz").status_code == 503)
    assert client.get("/readyz").text == "IndexCorrupt\n"
    (line,) = (record.getMessage() for record in caplog.records if record.name == "webui.live")
    assert "is damaged (catalogue.json" in line
    assert "run `reindex`" in line
    build_index(tmp_path / "index", [one_report("法治", "法治")])
    assert client.get("/readyz").status_code == 200


def test_what_a_search_comes_upon_is_told_to_monitors(tmp_path, monkeypatch):
    from indexer import IndexCorrupt, build_index
    from indexer.search import Index
    from tests.support import one_report

    build_index(tmp_path / "index", [one_report("法治")])
    client = create_app(str(tmp_path / "index")).test_client(use_cookies=False)
    assert client.get("/readyz").status_code == 200

    def broken(*given, **named):
        raise IndexCorrupt("somewhere", "a block has another checksum")

    with monkeypatch.context() as patch:
        patch.setattr(Index, "run", broken)
        assert client.get("/api/v1/search?q=法治").status_code == 503
    assert (client.get("/readyz").status_code, client.get("/readyz").text) == (503, "IndexCorrupt\n")


def test_what_a_query_names_is_offered(client):
    _, body = get(client, "/api/v1/search", q="阜新市 2019年 行政复议")
    assert body["total"]["paragraphs"] == 0
    _, meant = get(client, "/api/v1/search", q="行政复议", region="210900", year=2019)
    assert body["understood"] == [
        {"text": "阜新市 2019年", "as": {"region": "210900", "year": 2019}, "rest": "行政复议", "total": meant["total"]["paragraphs"]}
    ]
    assert get(client, "/api/v1/search", q="行政复议")[1]["understood"] == []


@pytest.mark.parametrize("name", ["year", "year_from", "per_page"])
def test_full_width_digits_of_a_number_are_digits(client, name):
    wide, plain = ({"q": "行政复议", name: number} for number in ("２０", "20"))
    assert get(client, "/api/v1/search", **wide)[1]["links"] == get(client, "/api/v1/search", **plain)[1]["links"]
    assert get(client, "/api/v1/search", q="行政复议", **{name: "二〇"})[0].status_code == 400
