"""法规文件: the page, its JSON and its table say the same, and what they count is what their links find."""

import csv
import io
import json
import re
from html import unescape

import pytest

from indexer import Report, build_index
from webui import create_app


@pytest.fixture(scope="module")
def client(tmp_path_factory):
    texts = [
        "落实《中华人民共和国行政处罚法》和《甲意见》（国发〔2021〕3号）。",
        "落实《行政处罚法》。",
        "按国发〔2021〕3号办理。",
        "依据《<b>办法》。",
    ]
    reports = [
        Report.from_blocks(id=f"r{n}", title=f"题{n}", year=2020 + n % 3, issuer="某县", blocks=[((), text)])
        for n, text in enumerate(texts)
    ]
    folder = tmp_path_factory.mktemp("named") / "index"
    build_index(folder, reports)
    return create_app(str(folder)).test_client(use_cookies=False)


def said(client, address):
    reply = client.get(address)
    assert reply.status_code == 200
    return json.loads(reply.data)


def test_json_lists_each_with_who_names_it(client):
    reply = said(client, "/api/v1/instruments")
    assert (reply["total"], reply["page"], reply["per_page"], reply["pages"]) == (3, 1, 20, 1)
    first, second, third = reply["instruments"]
    assert {key: second[key] for key in ("name", "number", "kind", "aliases", "first", "reports", "passages")} == {
        "name": "行政处罚法",
        "number": None,
        "kind": "law",
        "aliases": ["中华人民共和国行政处罚法"],
        "first": 2020,
        "reports": 2,
        "passages": 2,
    }
    assert (first["name"], first["number"], first["years"]) == (
        "甲意见",
        "国发〔2021〕3号",
        [{"year": 2020, "reports": 1}, {"year": 2022, "reports": 1}],
    )
    assert third["name"] == "〈b〉办法"


def test_links_find_as_many_as_are_counted(client):
    for one in said(client, "/api/v1/instruments")["instruments"]:
        found = said(client, "/api/v1/search" + one["url"].removeprefix("/"))
        assert (found["total"]["reports"], found["total"]["paragraphs"]) == (one["reports"], one["passages"])


def test_instruments_are_paged_filtered_and_found_by_number(client):
    assert [one["name"] for one in said(client, "/api/v1/instruments?per_page=2&page=2")["instruments"]] == ["〈b〉办法"]
    assert [one["name"] for one in said(client, "/api/v1/instruments?year=2021")["instruments"]] == ["行政处罚法"]
    assert said(client, "/api/v1/instruments?q=国发[2021]3号")["instruments"][0]["name"] == "甲意见"
    assert client.get("/api/v1/instruments?nothing=1").status_code == 400
    assert client.get("/api/v1/instruments?q=" + "长" * 201).status_code == 400


def test_search_takes_the_filter_and_counts_the_facet(client):
    reply = said(client, "/api/v1/search?instrument=《行政处罚法》&facets=instrument")
    assert reply["total"]["paragraphs"] == 2
    assert {one["value"]: one["count"] for one in reply["facets"]["instrument"]} == {
        None: 4,
        "行政处罚法": 2,
        "甲意见": 2,
        "〈b〉办法": 1,
    }


def test_the_page_shows_all_and_escapes(client):
    page = client.get("/instruments").data.decode()
    assert "共 <strong>3</strong> 件" in page
    assert "<b>办法" not in page
    assert 'aria-label="2020 年 1 份，2022 年 1 份"' in page
    links = [unescape(link) for link in re.findall(r'<th scope="row"><a href="([^"]+)"', page)]
    assert all(client.get(link).status_code == 200 for link in links)
    assert len(links) == 3
    assert "没有符合的" in client.get("/instruments?q=无此名").data.decode()
    assert "没有第 9 页" in client.get("/instruments?page=9").data.decode()


@pytest.mark.parametrize("form", ["csv", "ndjson", "xlsx"])
def test_the_table_has_a_row_for_each(client, form):
    content = client.get(f"/api/v1/instruments.{form}?per_page=1").data
    if form == "csv":
        rows = list(csv.DictReader(io.StringIO(content.decode("utf-8-sig"))))
        assert [row["名称"] for row in rows] == ["甲意见", "行政处罚法", "〈b〉办法"]
        assert [row["报告份数"] for row in rows] == ["2", "2", "1"]
    elif form == "ndjson":
        assert [json.loads(line)["passages"] for line in content.decode().splitlines()] == [2, 2, 1]
    else:
        assert content.startswith(b"PK")


def test_what_replaced_a_rule_is_said(tmp_path):
    texts = ["《法治政府建设实施纲要（2021—2025年）》。"] * 3 + ["《法治政府建设实施纲要（2015—2020年）》和《合同法》。", "《民法典》。"]
    reports = [
        Report.from_blocks(id=f"r{n}", title=f"题{n}", year=2022, issuer=f"某{n}县", blocks=[((), text)]) for n, text in enumerate(texts)
    ]
    build_index(tmp_path / "index", reports)
    client = create_app(str(tmp_path / "index")).test_client(use_cookies=False)
    replaced = {one["name"]: one["replaced_by"] for one in said(client, "/api/v1/instruments")["instruments"]}
    assert replaced == {
        "法治政府建设实施纲要（2021—2025年）": None,
        "法治政府建设实施纲要（2015—2020年）": "法治政府建设实施纲要（2021—2025年）",
        "合同法": "民法典",
        "民法典": None,
    }
    page = unescape(client.get("/instruments").get_data(as_text=True))
    assert page.count("2021-01-01起由《民法典》取代") == 1
    assert page.count("较新的版本：《法治政府建设实施纲要（2021—2025年）》") == 1
