"""批量检索: the page, the JSON and the tables."""

import csv
import io
import json
import re
from html import unescape

import pytest
from openpyxl import load_workbook

from indexer import Report, build_index
from webui import create_app
from webui.batch import MOST_BYTES

API = "/api/v1/batch"
LINES = "一网通办\n\n行政复议"


@pytest.fixture(scope="module")
def client(tmp_path_factory):
    made = [
        ("210921", 2020, "推进一网通办。"),
        ("210922", 2020, "严格执法。"),
        ("210900", 2022, "一网通办，行政复议。"),
        ("110105", 2022, "<b>行政复议</b>。"),
    ]
    reports = [
        Report.from_blocks(id=f"r{code}-{year}", title=f"{code}报告", year=year, region=code, blocks=[((), text)])
        for code, year, text in made
    ]
    folder = tmp_path_factory.mktemp("batch") / "index"
    build_index(folder, reports)
    return create_app(str(folder)).test_client(use_cookies=False)


def cells(reply):
    return {row["term"]: [tuple(cell.values()) for cell in row["cells"]] for row in reply["terms"]}


def test_the_api_gives_terms_and_cells(client):
    reply = client.post(API, data={"terms": LINES}).json
    assert reply["by"] == "year"
    assert reply["terms"][0]["cells"] == [
        {"year": 2020, "reports": 1, "held": 2},
        {"year": 2021, "reports": 0, "held": 0},
        {"year": 2022, "reports": 1, "held": 2},
    ]
    assert reply["terms"][1]["term"] == "行政复议"
    by_place = client.get(API, query_string={"terms": LINES, "by": "region"}).json
    assert cells(by_place) == {
        "一网通办": [("110000", 0, 1), ("210000", 2, 3)],
        "行政复议": [("110000", 1, 1), ("210000", 1, 3)],
    }
    assert client.get(reply["terms"][0]["url"]).text.count("<h2>") == 2


@pytest.mark.parametrize(
    "sent",
    [
        {"data": {"terms": LINES, "region": "210000", "by": "region"}},
        {"json": {"terms": ["一网通办", "", "行政复议"], "region": ["210000"], "by": "region"}},
        {"json": {"terms": LINES, "region": "辽宁省", "by": "region"}},
        {"data": LINES.encode(), "content_type": "text/plain", "query_string": {"region": "210000", "by": "region"}},
    ],
)
def test_a_list_may_come_as_a_form_json_or_text(client, sent):
    assert cells(client.post(API, **sent).json) == {"一网通办": [("210900", 2, 3)], "行政复议": [("210900", 1, 3)]}


@pytest.mark.parametrize(
    ("sent", "status"),
    [
        ({"data": {"terms": ""}}, 400),
        ({"data": {"terms": "(法"}}, 400),
        ({"data": {"terms": "法\n" * 201}}, 400),
        ({"data": {"terms": "法", "by": "unit"}}, 400),
        ({"data": {"terms": "法", "q": "法"}}, 400),
        ({"data": {"terms": "法", "region": "无此地"}}, 400),
        ({"data": b'{"terms": {}}', "content_type": "application/json"}, 400),
        ({"data": b"[]", "content_type": "application/json"}, 400),
        ({"data": b"\xff", "content_type": "text/plain"}, 400),
        ({"data": b"<a/>", "content_type": "text/xml"}, 415),
        ({"data": b"a", "content_type": "text/plain; charset=punycode"}, 400),
        ({"data": b"a" * (MOST_BYTES + 1), "content_type": "text/plain"}, 413),
    ],
)
def test_what_cannot_be_read_is_a_problem(client, sent, status):
    reply = client.post(API, **sent)
    assert (reply.status_code, reply.mimetype) == (status, "application/problem+json")


def test_a_malformed_line_is_named_and_the_page_keeps_what_was_typed(client):
    assert "第 3 行" in client.get(API, query_string={"terms": "法\n\n(治"}).json["detail"]
    reply = client.post("/batch", data={"terms": "法\n\n(治"})
    assert (reply.status_code, "第 3 行" in reply.text, "法\n\n(治</textarea>" in reply.text) == (400, True, True)


def test_tables_are_the_reply(client):
    reply = client.post(API, data={"terms": LINES}).json
    head, *rows = csv.reader(io.StringIO(client.post(f"{API}.csv", data={"terms": LINES}).data.decode("utf-8-sig")))
    assert head[:4] == ["检索词", "2020", "2021", "2022"]
    assert [row[:4] for row in rows] == [["一网通办", "1", "未收录", "1"], ["行政复议", "0", "未收录", "2"]]
    lines = client.get(f"{API}.ndjson", query_string={"terms": LINES}).data.decode().splitlines()
    assert [{key: json.loads(line)[key] for key in ("term", "url", "cells")} for line in lines] == reply["terms"]
    sheet = load_workbook(io.BytesIO(client.post(f"{API}.xlsx", data={"terms": LINES}).data)).worksheets[0]
    assert [[cell.value for cell in row][:4] for row in sheet.iter_rows(min_row=2)] == [
        ["一网通办", 1, "未收录", 1],
        ["行政复议", 0, "未收录", 2],
    ]


def test_the_page_leads_to_the_reports_of_each_cell(client):
    page = client.post("/batch", data={"terms": LINES, "by": "region", "region": "阜新市"}).text
    links = re.findall(r'<td class="said"><a href="([^"]+)">(\d+)</a>', page)
    assert len(links) == 1
    for address, count in links:
        assert client.get(unescape(address)).text.count("<h2>") == int(count)
    # No filter has the reports of the city itself alone.
    assert '<td class="said">1</td>' in page
    assert '<td class="silent">0</td>' in page
    years = client.get("/batch", query_string={"terms": "<b>\n行政复议"}).text
    assert years.count("未收录</td>") == 2
    assert "&lt;b&gt;" in years
    assert "<table" not in client.get("/batch").text
    assert "没有符合这些条件的报告" in client.get("/batch?terms=法&region=440000").text


@pytest.mark.parametrize("filter", ["sentence=00000000000f", "novelty=own", "sentence=00000000000f&novelty=own"])
def test_what_filters_by_sentences_stays_chosen(client, filter):
    reply = client.get(f"/batch?terms=法&{filter}")
    assert reply.status_code == 200
    for one in filter.split("&"):
        name, _, value = one.partition("=")
        assert f'<input type="checkbox" name="{name}" value="{value}" checked>' in reply.text
        assert f'<input type="hidden" name="{name}" value="{value}">' in reply.text.partition('class="take"')[2]
