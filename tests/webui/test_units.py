"""单位: the list, the page of each, their JSON and table."""

import csv
import io
import json
import re
from dataclasses import replace
from html import unescape
from urllib.parse import quote

import pytest

from indexer import Report, ReportType, build_index
from webui import create_app

BUREAU = "210922-司法局"


@pytest.fixture(scope="module")
def client(tmp_path_factory):
    def report(id, issuer, year, type=ReportType.REPORT):
        blocks = [(("一、主要举措和成效",), "行政复议三件。"), (("二、下一步安排", "(一)普法"), "公开。")]
        made = Report.from_blocks(id=id, title=f"{issuer}{year or ''}法治政府建设报告", issuer=issuer, year=year, blocks=blocks)
        return replace(made, type=type)

    reports = [
        report("g1", "彰武县", 2019),
        report("g2", "彰武县人民政府", 2021),
        report("g3", "中共彰武县委 彰武县人民政府", 2021),
        report("g4", "彰武县人民政府", 2022, ReportType.PLAN),
        report("b1", "彰武县司法局", 2020),
        report("b2", "彰武县司法局", None),
        report("x1", "<b>青石县", 2020),
    ]
    folder = tmp_path_factory.mktemp("units") / "index"
    build_index(folder, reports)
    return create_app(str(folder)).test_client(use_cookies=False)


def said(client, address):
    reply = client.get(address)
    assert reply.status_code == 200, reply.data.decode()
    return json.loads(reply.data)


def shown(client, address):
    reply = client.get(address)
    assert reply.status_code == 200, reply.data.decode()
    return reply.data.decode()


def test_json_gives_each_unit_with_its_years(client):
    reply = said(client, "/api/v1/units")
    assert (reply["total"], reply["page"], reply["per_page"], reply["pages"]) == (3, 1, 20, 1)
    government, bureau, unknown = reply["units"]
    assert (government["id"], government["name"], government["short"], government["level"]) == ("210922", "彰武县人民政府", "彰武县", "县")
    assert government["region"] == {"code": "210922", "name": "彰武县", "path": ["辽宁省", "阜新市", "彰武县"]}
    assert {"彰武县", "中共彰武县委 彰武县人民政府"} <= set(government["aliases"])
    years = {year["year"]: (year["state"], [one["id"] for one in year["reports"]]) for year in government["years"]}
    assert years[2019] == ("held", ["g1"])
    assert (years[2020], years[2022]) == (("missing", []), ("missing", []))
    assert (years[2021][0], sorted(years[2021][1])) == ("held", ["g2", "g3"])
    assert [one["id"] for one in government["others"]] == ["g4"]
    assert bureau["years"][0] == {"year": 2019, "state": "before", "reports": []}
    assert (bureau["id"], bureau["predecessors"], bureau["successors"]) == (BUREAU, [], [])
    assert (unknown["id"][:2], unknown["region"]) == ("x-", None)
    for unit in reply["units"]:
        assert said(client, f"/api/v1/units/{quote(unit['id'])}") == unit
        assert client.get(unit["url"]).status_code == 200


def test_json_is_filtered_sorted_and_paged(client):
    def ids(arguments):
        return [unit["id"] for unit in said(client, f"/api/v1/units?{arguments}")["units"]]

    assert ids("level=部门") == ids("q=司法") == ids("q=阜新 司法") == [BUREAU]
    assert ids("region=辽宁") == ["210922", BUREAU]
    assert len(ids("region=unknown")) == 1
    assert ids("sort=-reports")[0] == "210922"
    assert ids("per_page=1&page=2") == [BUREAU]
    assert said(client, "/api/v1/units?per_page=1&page=2")["links"]["next"] == "/api/v1/units?page=3&per_page=1"
    assert ids("page=9") == []
    table = said(client, "/api/v1/units?expected=table&region=210900&level=县")
    assert table["total"] >= 7
    assert {year["state"] for unit in table["units"] if unit["id"] == "210921" for year in unit["years"]} <= {"missing", "not_due"}
    assert "before" in {year["state"] for year in said(client, "/api/v1/units/210921")["years"]}
    for wrong in ("level=镇", "region=没有", "sort=size", "year=2022", "expected=1", "page=0", "q=" + "长" * 201):
        assert client.get(f"/api/v1/units?{wrong}").status_code == 400, wrong
    assert client.get("/api/v1/units/210921-司法局").status_code == 404
    assert client.get("/api/v1/units/210922?x=1").status_code == 400


@pytest.mark.parametrize("form", ["csv", "xlsx", "ndjson"])
def test_the_table_has_a_row_for_each(client, form):
    reply = client.get(f"/api/v1/units.{form}?per_page=1&q=彰武")
    assert reply.status_code == 200
    if form == "csv":
        rows = list(csv.DictReader(io.StringIO(reply.data.decode("utf-8-sig"))))
        assert (rows[0]["代码"], rows[0]["报告份数"], rows[0]["已收录年度"][:4]) == ("210922", "4", "2019")
        assert [row["检索式"] for row in rows] == ["彰武", "彰武"]
    if form == "ndjson":
        assert [json.loads(line)["name"] for line in reply.data.decode().splitlines()] == ["彰武县人民政府", "彰武县司法局"]
    assert client.get(f"/api/v1/units.{form}?level=镇").status_code == 400


def test_the_list_leads_to_each_unit_and_its_reports(client):
    page = shown(client, "/units")
    assert "共 <strong>3</strong> 个单位" in page
    assert f'<a href="/units/{quote(BUREAU)}">彰武县司法局</a>' in page
    assert "&lt;b&gt;青石县" in page
    assert "<b>青石" not in page
    for address in {unescape(found) for found in re.findall(r'href="(/(?:units|reports)[^"]*)"', page) if "lang=" not in found}:
        assert client.get(address).status_code == 200, address
    assert "没有符合" in shown(client, "/units?q=无此名")
    assert "没有第 9 页" in shown(client, "/units?page=9")
    assert '<b aria-current="true">按名称</b>' in shown(client, "/units?sort=name")
    assert client.get("/units?sort=size").status_code == 400


def test_the_page_of_a_unit_shows_its_names_years_and_sections(client):
    page = shown(client, "/units/210922")
    assert "<h1>彰武县人民政府</h1>" in page
    assert "中共彰武县委 彰武县人民政府" in page
    assert '<td class="missing">未收录</td>' in page
    assert '<a href="/reports/g1#1">一、主要举措和成效</a>' in page
    # With the one before it, whichever of two on one year.
    assert re.search(r'href="/compare\?left=g1&amp;right=g[23]">对照 2019 年</a>', page)
    assert '<option value="g1">' in page
    assert "彰武县人民政府2022法治政府建设报告" in page
    for address in {unescape(found) for found in re.findall(r'href="(/(?:units|reports|compare)[^"]*)"', page)}:
        assert client.get(address).status_code == 200, address
    gone = client.get("/units/none")
    assert gone.status_code == 404
    assert "<li>没有编号为 none 的报告、段落或单位</li>" in gone.text
    assert "没有收录报告" in shown(client, "/units/210921")
    assert "<b>青石" not in shown(client, f"/units/{said(client, '/api/v1/units?q=青石')['units'][0]['id']}")


def test_a_unit_may_be_put_beside_any_other(client):
    for name in ("彰武县司法局", BUREAU, "司法局"):
        page = shown(client, f"/units/210922?beside={name}")
        right = page.partition('<select name="right">')[2].partition("</select>")[0]
        assert re.findall(r'value="(\w+)"', right) == ["b1"]
    assert "没有找到单位“丙县”" in shown(client, "/units/210922?beside=丙县")


def test_a_report_leads_to_its_unit_and_to_its_other_years(client):
    page = shown(client, "/reports/g2")
    assert '<a href="/units/210922">彰武县人民政府各年报告</a>' in page
    others = page.partition('<ul class="others">')[2].partition("</ul>")[0]
    # Neither the other report on the same year nor a plan.
    assert re.findall(r'href="/reports/(\w+)', others) == ["g1"]


def test_results_offer_units_and_name_the_one_that_is_chosen(client):
    page = shown(client, "/?q=行政复议&unit=210922")
    assert '<a href="/?q=%E8%A1%8C%E6%94%BF%E5%A4%8D%E8%AE%AE">报告单位：彰武县人民政府' in page
    assert 'aria-current="true">彰武县人民政府</a>' in page
