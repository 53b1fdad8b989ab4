"""The whole result as a file: as many rows as the page says, nothing that a spreadsheet would run."""

import csv
import io
import json
from dataclasses import replace
from datetime import date
from urllib.parse import unquote

import pytest

from indexer import Report, build_index
from tests.support import one_report
from webui import create_app
from webui.export import columns, defused


def table(reply):
    text = reply.data.decode("utf-8-sig")
    assert reply.data.startswith(b"\xef\xbb\xbf")
    return list(csv.DictReader(io.StringIO(text, newline="")))


@pytest.mark.parametrize(
    "args", ["q=行政复议", "q=执法力量&collapse=1", "q=行政复议&year=2020&sort=-year", "q=没有这样的话", "issuer=某0县"]
)
def test_files_have_as_many_rows_as_the_result_has_hits(client, args):
    body = json.loads(client.get(f"/api/v1/search?{args}&per_page=100").data)
    rows = table(client.get(body["links"]["csv"]))
    lines = [json.loads(line) for line in client.get(body["links"]["ndjson"]).data.decode().splitlines()]
    assert len(rows) == len(lines) == body["total"]["hits"]
    assert [row["编号"] for row in rows] == [line["id"] for line in lines] == [hit["id"] for hit in body["hits"]]
    assert [{key: line[key] for key in hit} for line, hit in zip(lines, body["hits"], strict=True)] == body["hits"]


def test_a_row_says_what_where_and_for_which_query(client):
    row = table(client.get("/api/v1/search.csv?q=行政复议 -年&year=2020"))[0]
    assert list(row) == list(columns())
    assert (row["报告年度"], row["部分"], row["项"], row["处数"], row["检索式"]) == ("2020", "行政执法", "1", "1", "行政复议 -年")
    assert row["检索日期"] == date.today().isoformat()
    assert row["位置"] == "一、情况 (一)严格执法"
    assert row["网址"].startswith("http://localhost/reports/r")
    assert "[R/OL]" in row["引文"]


def test_the_file_has_a_chinese_name(client):
    named = client.get("/api/v1/search.csv?q=" + '行政复议 "../x"').headers["Content-Disposition"]
    assert unquote(named).endswith(f"filename*=UTF-8''检索结果 行政复议 x {date.today().isoformat()}.csv")
    assert 'attachment; filename="results.csv"' in named


def test_a_bad_request_is_an_error_not_a_file(client):
    for path in ("search.csv?q=(", "search.ndjson", "search.csv?q=a&x=1"):
        reply = client.get(f"/api/v1/{path}")
        assert (reply.status_code, reply.mimetype) == (400, "application/problem+json")


@pytest.mark.parametrize("cell", ["=1+1", " =1+1", "+86", "-1", "@x", "＝1", "\tx", "x\u3000"])
def test_formulas_are_defused(cell):
    assert defused(cell) == (cell if cell.startswith("x") else "'" + cell)


def test_what_a_report_says_stays_a_text_in_a_spreadsheet(tmp_path):
    text = '=HYPERLINK("http://x","行政复议"),"引号"\n第二行'
    build_index(tmp_path / "index", [Report.from_blocks(title="=cmd", issuer="@甲", blocks=[((), text)])])
    (row,) = table(create_app(str(tmp_path / "index")).test_client().get("/api/v1/search.csv?q=行政复议"))
    assert (row["原文"], row["报告标题"], row["单位"]) == ("'" + text, "'=cmd", "'@甲")


def test_a_citation_names_the_page_that_a_report_came_from(tmp_path):
    address = "https://www.fuxin.gov.cn/a/1.html"
    build_index(tmp_path / "index", [replace(one_report("行政复议", id="r"), source_url=address)])
    client = create_app(str(tmp_path / "index")).test_client()
    (row,) = table(client.get("/api/v1/search.csv?q=行政复议"))
    assert row["引文"].endswith(f". {address}.")
    shown = client.get("/reports/r").text
    assert f'<a href="{address}" rel="noreferrer">原网页</a>' in shown
    assert f"{address}." in shown
    assert client.get("/api/v1/reports/r").json["source_url"] == address
