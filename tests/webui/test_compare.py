"""Two reports side by side, and the file as received."""

import json

import pytest

from indexer import Report, build_index, comparison, open_index
from indexer.cli import main
from webui import create_app


@pytest.fixture
def client(tmp_path):
    one = Report.from_blocks(
        id="a", title="甲县2021年报告", year=2021, blocks=[((), "总述"), (("一、行政执法",), "严格执法"), (("二、普法宣传",), "宣传宪法")]
    )
    other = Report.from_blocks(
        id="b", title="甲县2022年报告", year=2022, blocks=[(("一、行政执法",), "严格 执法"), (("一、行政执法",), "<b>公正</b>执法")]
    )
    build_index(tmp_path / "index", [one, other])
    return create_app(str(tmp_path / "index")).test_client(use_cookies=False)


def test_paragraphs_that_belong_together_stand_side_by_side(client):
    page = client.get("/compare?left=a&right=b&q=执法").data.decode()
    assert page.index(">开头<") < page.index(">行政执法<") < page.index(">普法宣传<")
    assert page.count("没有对应的段落") == 3
    assert page.count('<div class="sides row equal">') == 1
    # Colour is not the only sign.
    assert page.count(">相同</small>") == 2
    assert page.count(">仅此报告</small>") == 3
    assert "<ins>&lt;b&gt;公正&lt;/b&gt;</ins><ins><mark>执法</mark></ins>" in page


def test_what_is_the_same_may_be_left_out(client):
    page = client.get("/compare?left=a&right=b&differing=1").data.decode()
    assert "sides row equal" not in page
    assert page.count("没有对应的段落") == 3
    assert "两份报告的段落完全相同" in client.get("/compare?left=a&right=a&differing=1").data.decode()


def test_the_api_gives_the_rows_of_the_index(client, tmp_path):
    reply = client.get("/api/v1/compare?left=a&right=b").json
    assert (reply["left"]["id"], reply["right"]["year"]) == ("a", 2022)
    assert [(row["part"], row["relation"]) for row in reply["rows"]] == [
        (None, "left"),
        ("行政执法", "equal"),
        ("普法宣传", "left"),
        ("行政执法", "right"),
    ]
    assert reply["rows"][1]["left"] == {"id": "a~1.p1", "text": "严格执法", "spans": []}
    assert reply["rows"][3]["right"] == {"id": "b~1.p2", "text": "<b>公正</b>执法", "spans": [[0, 11]]}
    assert reply["carried_over"] == {"sentences": 1, "of": 2}
    with open_index(tmp_path / "index") as index:
        assert len(index.compare("a", "b").rows) == len(reply["rows"])


def test_the_rows_may_be_taken_away(client):
    rows = client.get("/api/v1/compare?left=a&right=b").json["rows"]
    lines = client.get("/api/v1/compare.ndjson?left=a&right=b").data.decode().splitlines()
    assert [{key: value for key, value in json.loads(line).items() if key in rows[0]} for line in lines] == rows
    csv = client.get("/api/v1/compare.csv?left=a&right=b").data.decode().splitlines()
    assert len(csv) == len(rows) + 1
    assert '"有改动"' not in csv[1]
    assert client.get("/api/v1/compare.xlsx?left=a&right=b").data.startswith(b"PK")


def test_either_side_may_be_another_unit(tmp_path):
    reports = [
        Report.from_blocks(
            id=f"{code}-{year}", title=f"{name}{year}年报告", year=year, issuer=name, region=code, blocks=[((), "依法行政。")]
        )
        for code, name in (("210921", "阜新蒙古族自治县人民政府"), ("210922", "彰武县人民政府"))
        for year in (2020, 2023)
    ]
    build_index(tmp_path / "index", reports)
    client = create_app(str(tmp_path / "index")).test_client(use_cookies=False)
    reply = client.get("/compare?left=210921-2020&right=210921-2023&differing=1&right_unit=彰武县")
    assert (reply.status_code, reply.location) == (302, "/compare?left=210921-2020&right=210922-2023&differing=1")
    assert (
        client.get("/compare?left=210921-2020&right=210921-2023&left_unit=210922").location == "/compare?left=210922-2020&right=210921-2023"
    )
    refused = client.get("/compare?left=210921-2020&right=210921-2023&left_unit=无此单位")
    assert refused.status_code == 400
    assert "无此单位" in refused.text
    page = client.get("/compare?left=210921-2020&right=210921-2023").text
    assert 'name="left_unit"' in page
    assert 'name="right" value="210921-2023"' in page


@pytest.mark.parametrize(("args", "status"), [("", 400), ("?left=a", 400), ("?left=a&right=none", 404), ("?left=a&right=b&x=1", 400)])
def test_two_reports_are_needed(client, args, status):
    assert client.get(f"/compare{args}").status_code == status
    assert client.get(f"/api/v1/compare{args}").status_code == status


def test_the_api_may_be_read_from_elsewhere_and_links_its_pages(client, tmp_path):
    reply = client.get("/api/v1/search?q=执法&per_page=1&page=2")
    assert reply.headers["Access-Control-Allow-Origin"] == "*"
    link = reply.headers.getlist("Link")
    assert [one.rpartition("=")[2] for one in link] == ['"self"', '"next"', '"prev"', '"first"', '"last"']
    assert link[3].startswith("</api/v1/search?")
    asked = client.options("/api/v1/search")
    assert (asked.status_code, asked.headers["Access-Control-Allow-Methods"]) == (200, "GET, HEAD, POST")
    assert "Access-Control-Allow-Origin" not in client.get("/").headers
    closed = create_app(str(tmp_path / "index"), cors=False).test_client(use_cookies=False)
    assert "Access-Control-Allow-Origin" not in closed.get("/api/v1/search?q=执法").headers


def test_the_original_is_given_as_received_and_only_then(tmp_path):
    corpus, place = tmp_path / "corpus", str(tmp_path / "index")
    corpus.mkdir()
    content = "<script>alert(1)</script><h1>甲县2022年法治政府建设情况报告</h1>" + "<p>坚持依法行政，推进严格规范公正文明执法。</p>" * 20
    content = content.encode()
    (corpus / "甲县.html").write_bytes(content)
    assert main([str(corpus), "--index", place, "-q"]) == 0
    with open_index(place) as index:
        id = index.search("依法行政").hits[0].report.id
    client = create_app(place).test_client(use_cookies=False)
    assert f"/reports/{id}/original" in client.get(f"/reports/{id}").data.decode()
    reply = client.get(f"/reports/{id}/original")
    assert reply.data == content
    assert reply.mimetype == "application/octet-stream"
    assert reply.headers["Content-Disposition"].startswith("attachment; ")
    (corpus / "甲县.html").write_bytes(content + b" ")
    assert client.get(f"/reports/{id}/original").status_code == 404
    (corpus / "甲县.html").unlink()
    (tmp_path / "secret").write_bytes(content)
    (corpus / "甲县.html").symlink_to(tmp_path / "secret")
    assert client.get(f"/reports/{id}/original").status_code == 404
    assert client.get("/reports/none/original").status_code == 404


def test_a_report_of_more_characters_than_may_be_compared_is_refused(tmp_path, monkeypatch):
    monkeypatch.setattr(comparison, "LONGEST", longest := 2000)

    def of_length(year, length):
        title = f"甲县{year}年法治政府建设情况报告"
        blocks = [(("三、下一步安排",), "法" * 90), (("一、主要举措",), "法" * 990)]
        held = sum(len(text) for _, text in blocks) + len(title) + len("三、下一步安排") + len("一、主要举措")
        blocks.append((("一、主要举措",), "治" * (length - held)))
        return Report.from_blocks(id=f"{year}-{length}", title=title, year=year, issuer="甲县", blocks=blocks)

    build_index(tmp_path / "index", [of_length(2021, longest), of_length(2022, longest), of_length(2023, longest + 1)])
    client = create_app(str(tmp_path / "index")).test_client(use_cookies=False)
    most, more = f"2022-{longest}", f"2023-{longest + 1}"
    assert client.get(f"/api/v1/compare?left={most}&right=2021-{longest}").status_code == 200
    assert client.get(f"/api/v1/promises?report=2021-{longest}").status_code == 200
    for path, param in {
        f"compare?left={more}&right={most}": "left",
        f"compare?left={most}&right={more}": "right",
        f"promises?report={most}": "report",
    }.items():
        reply = client.get(f"/api/v1/{path}")
        assert (reply.status_code, [(one["param"], one["code"]) for one in reply.json["errors"]]) == (400, [(param, "too-long-to-compare")])
        assert str(longest) in client.get(f"/{path}").text
