"""Whole results as files: as many rows as the view says, nothing that a spreadsheet would run."""

import csv
import io
import json
import random
import re
from dataclasses import replace
from datetime import date
from html import unescape
from urllib.parse import unquote

import openpyxl
import pytest

from indexer import Report, build_index
from tests.support import one_report
from webui import create_app, tables
from webui.tables import cut, defused


def table(reply):
    text = reply.data.decode("utf-8-sig")
    assert reply.data.startswith(b"\xef\xbb\xbf")
    return list(csv.DictReader(io.StringIO(text, newline="")))


def sheets(reply):
    """The rows of each sheet of a file that another library reads."""
    assert reply.status_code == 200
    return [list(sheet.iter_rows(values_only=True)) for sheet in openpyxl.load_workbook(io.BytesIO(reply.data))]


def lines(reply):
    return [json.loads(line) for line in reply.data.decode().splitlines()]


VIEWS = {
    "search": lambda body: body["total"]["hits"],
    "reports": lambda body: body["total"]["reports"],
    "concordance": lambda body: body["total"]["occurrences"],
    "years": lambda body: len(body["years"]),
}
QUERIES = ["行政复议", "执法力量", "行政复议 OR 执法", "复议 -年", "没有这样的话", "行", "一是 NEAR/9 二是"]
CHOICES = [
    "year=2020",
    "year=unknown",
    "year_from=2021",
    "region=210900",
    "region=unknown",
    "issuer=某1县",
    "section=行政执法",
    "kind=paragraph",
]


@pytest.mark.parametrize("view", VIEWS)
@pytest.mark.parametrize("seed", range(6))
def test_files_have_as_many_rows_as_the_view_shows(client, view, seed):
    pick = random.Random(f"{view} {seed}")
    args = "&".join([f"q={pick.choice(QUERIES)}", *pick.sample(CHOICES, pick.randrange(3)), f"sort={pick.choice(['year', 'region'])}"])
    if view == "reports" and seed % 2:
        args += "&mention=no"
    if view == "concordance":
        args += f"&context={pick.choice(['none', 'left', 'right'])}"
    if view == "search" and seed % 2:
        args += "&collapse=1"
    body = client.get(f"/api/v1/{view}?{args}&per_page=7&page=2").json
    files = {form: client.get(f"/api/v1/{view}.{form}?{args}&per_page=7&page=2") for form in tables.FORMS}
    as_lines, (as_sheet, about) = lines(files["ndjson"]), sheets(files["xlsx"])
    assert len(table(files["csv"])) == len(as_lines) == len(as_sheet) - 1 == VIEWS[view](body)
    as_texts = [tuple("" if cell is None else str(cell) for cell in row) for row in as_sheet]
    # A share is a third in either file, to as many digits as each writes.
    assert [row[:4] for row in as_texts[1:]] == [tuple(row.values())[:4] for row in table(files["csv"])]
    assert [row[0] for row in about] == ["检索式", "筛选", "检索日期", "检索网址"]
    said = {"query", "date", "address"}
    assert [{key: value for key, value in line.items() if key not in said} for line in as_lines] == list(shown(client, view, args))


def shown(client, view, args):
    """Every row of the view's JSON, page after page."""
    url = f"/api/v1/{view}?{args}"
    while url:
        body = client.get(url).json
        yield from body[{"search": "hits", "concordance": "lines"}.get(view, view)]
        url = body.get("links", {}).get("next")


def test_nothing_is_collapsed_unless_the_address_says_so(client):
    everything = client.get("/api/v1/search?q=执法力量").json["total"]["paragraphs"]
    assert everything == 30
    assert len(table(client.get("/api/v1/search.csv?q=执法力量"))) == everything
    # The page shows equal passages as one, but what is taken away from it is all of them.
    page = client.get("/?q=执法力量").text
    assert f"导出全部 {everything} 段" in page
    for form in tables.FORMS:
        address = f"/api/v1/search.{form}?q=%E6%89%A7%E6%B3%95%E5%8A%9B%E9%87%8F"
        assert f'"{address}"' in page
    assert len(table(client.get("/api/v1/search.csv?q=执法力量&collapse=1"))) == 1


def test_numbers_are_numbers_and_texts_are_texts(tmp_path):
    long = "长" * 40_000
    text = "=1+1 行政复议 https://x.example/" + long
    build_index(tmp_path / "index", [Report.from_blocks(title="2022", year=2022, issuer="+1", blocks=[((), text)])])
    reply = create_app(str(tmp_path / "index")).test_client(use_cookies=False).get("/api/v1/search.xlsx?q=行政复议")
    book = openpyxl.load_workbook(io.BytesIO(reply.data))
    row = dict(zip(*(list(cells) for cells in book.worksheets[0].iter_rows()), strict=True))
    cells = {head.value: (cell.value, cell.data_type) for head, cell in row.items()}
    assert cells["报告年度"] == (2022, "n")
    assert cells["报告标题"] == ("2022", "s")
    assert cells["单位"] == ("+1", "s")
    value, kind = cells["原文"]
    assert (value[:20], kind) == (text[:20], "s")
    # A longer one the library would leave out without a word.
    assert len(value) <= tables.LONGEST_CELL
    assert value.endswith("（一格放不下，全文见网址或 CSV）")


@pytest.mark.parametrize("text", ["", "短", "\U00020000" * 16_383, "文" * 32_767])
def test_what_fits_into_a_cell_is_left_alone(text):
    assert cut(text) == text


@pytest.mark.parametrize("before", ["", "文"])
def test_a_character_is_not_cut_in_two(before):
    text = before + "\U00020000" * 16_384
    shown = cut(text)
    assert len(shown.encode("utf-16-le")) <= 2 * tables.LONGEST_CELL
    assert text.startswith(shown.partition("…")[0])


def test_rows_that_a_sheet_cannot_hold_stand_on_the_next_one(client, monkeypatch):
    monkeypatch.setattr(tables, "MOST_ROWS", 10)
    *parts, _ = sheets(client.get("/api/v1/search.xlsx?q=行政复议"))
    assert [len(part) - 1 for part in parts] == [10, 10, 10, 1]
    assert len({part[0] for part in parts}) == 1


def test_a_file_says_what_was_asked(client):
    reply = client.get("/api/v1/reports.ndjson?q=年&year=2020&year_to=2022&region=210900&mention=no")
    assert reply.status_code == 200
    reply = client.get("/api/v1/reports.ndjson?q=行政复议&year=2020&region=210900")
    line = lines(reply)[0]
    assert line["query"] == {"q": "行政复议", "mode": "exact", "filters": {"year": [2020], "region": ["210900"]}}
    assert (line["date"], line["address"]) == (
        date.today().isoformat(),
        "http://localhost/reports?q=%E8%A1%8C%E6%94%BF%E5%A4%8D%E8%AE%AE&year=2020&region=210900",
    )
    row = table(client.get("/api/v1/reports.csv?q=行政复议&year=2020&region=210900"))[0]
    assert row["筛选"] == "报告年度：2020、地区：阜新市"
    # A silent report says so.
    silent = table(client.get("/api/v1/reports.csv?q=执法力量&mention=no"))
    assert [(row["报告标题"], row["筛选"]) for row in silent] == [("<b>题</b>", "未提及")]


def test_each_line_of_a_concordance_says_whose_it_is(client):
    for row in table(client.get("/api/v1/concordance.csv?q=行政复议&year=2020")):
        assert row["单位"].startswith("某")
        assert (row["报告年度"], row["检索词"]) == ("2020", "行政复议")
        assert row["报告单位"]
        assert row["单位编号"]


def test_every_view_links_to_its_files(client):
    for address, at in [("/?q=年", "search"), ("/reports?q=年", "reports"), ("/concordance?q=件", "concordance"), ("/years?q=年", "years")]:
        page = unescape(client.get(address).text)
        links = re.findall(rf'href="(/api/v1/{at}\.[^"]+)" download', page)
        assert [link.partition("?")[0].rpartition(".")[2] for link in links] == ["xlsx", "csv", "ndjson"]
        # Before what it is about.
        assert page.index(links[0]) < page.index("</h1>") + 2500
        assert {client.get(link).status_code for link in links} == {200}


def test_a_row_says_what_where_and_for_which_query(client):
    row = table(client.get("/api/v1/search.csv?q=行政复议 -年&year=2020"))[0]
    assert (row["报告年度"], row["部分"], row["项"], row["处数"], row["检索式"]) == ("2020", "行政执法", "1", "1", "行政复议 -年")
    assert row["检索日期"] == date.today().isoformat()
    assert row["位置"] == "一、情况 (一)严格执法"
    assert row["网址"].startswith("http://localhost/reports/r")
    assert "[R]. （" in row["引文"]


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
    (row,) = table(create_app(str(tmp_path / "index")).test_client(use_cookies=False).get("/api/v1/search.csv?q=行政复议"))
    assert (row["原文"], row["报告标题"], row["单位"]) == ("'" + text, "'=cmd", "'@甲")


def test_a_citation_names_the_page_that_a_report_came_from(tmp_path):
    address = "https://www.fuxin.gov.cn/a/1.html"
    build_index(tmp_path / "index", [replace(one_report("行政复议", id="r"), source_url=address)])
    client = create_app(str(tmp_path / "index")).test_client(use_cookies=False)
    (row,) = table(client.get("/api/v1/search.csv?q=行政复议"))
    assert row["引文"].endswith(f". {address}.")
    shown = client.get("/reports/r").text
    assert f'<a href="{address}" rel="noreferrer">原网页</a>' in shown
    assert f"{address}." in shown
    assert client.get("/api/v1/reports/r").json["source_url"] == address
