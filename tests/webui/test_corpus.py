"""收录情况: every gap and no other, the same figures on the page, in JSON and in files, against a plain reading."""

import csv
import io
import json
import random
import re
from dataclasses import replace
from datetime import date
from html import unescape

import openpyxl
import pytest

from indexer import Remark, Report, ReportType, build_index, name_of
from tests.support import one_report
from webui import corpus, create_app, tables

TODAY = date(2024, 6, 1)
WRITINGS = {
    "210900": ["阜新市人民政府", "阜新市", "中共阜新市委 阜新市人民政府"],
    "210921": ["阜新蒙古族自治县人民政府", "阜新蒙古族自治县", "阜蒙县人民政府"],
    "210922": ["彰武县人民政府", "彰武县"],
    "210922-司法局": ["彰武县司法局"],
    "110105": ["北京市朝阳区人民政府"],
}
YEARS = range(2016, 2024)


@pytest.fixture(autouse=True)
def a_fixed_day(monkeypatch):
    class Fixed(date):
        @classmethod
        def today(cls):
            return TODAY

    monkeypatch.setattr(corpus, "date", Fixed)


@pytest.fixture(scope="module")
def held():
    """The years of which each unit's report is held."""
    chance = random.Random(8)
    held = {unit: {year for year in YEARS if chance.random() < 0.6} for unit in WRITINGS}
    held["210900"] |= {2016, 2023}
    return held


@pytest.fixture(scope="module")
def client(held, tmp_path_factory):
    chance = random.Random(9)
    reports = [
        Report.from_blocks(
            id=f"{number}-{year}", title=f"{year}年法治政府建设工作报告", year=year, issuer=chance.choice(writings), blocks=[((), "文")]
        )
        for number, (unit, writings) in enumerate(WRITINGS.items())
        for year in sorted(held[unit])
    ]
    # None of these is held: a plan of a year that lacks the report, one of an unknown year, and what is nobody's.
    reports += [
        replace(one_report("文", id="plan", year=min(set(YEARS) - held["210922"]), issuer="彰武县"), type=ReportType.PLAN),
        one_report("文", id="undated", issuer="彰武县人民政府"),
        replace(one_report("文", id="nobody", year=2020), remarks=(Remark("published-missing"),)),
    ]
    place = tmp_path_factory.mktemp("corpus") / "index"
    build_index(place, reports)
    return create_app(str(place)).test_client(use_cookies=False)


def states(body):
    return {row["unit"]["id"]: {year["year"]: year["state"] for year in row["years"]} for row in body["units"] if row["unit"]}


def plain_state(year, held):
    if year in held:
        return "held"
    return "before" if not held or year < min(held) else "missing"


def test_every_gap_is_found_and_none_invented(client, held):
    body = client.get("/api/v1/corpus").json
    assert [year["year"] for year in body["years"]] == list(reversed(YEARS))
    assert states(body) == {unit: {year: plain_state(year, years) for year in YEARS} for unit, years in held.items()}
    gaps = sum(state == "missing" for of_unit in states(body).values() for state in of_unit.values())
    assert body["total"] == {
        "units": 6,
        "reports": sum(map(len, held.values())) + 3,
        "held": sum(map(len, held.values())) + 1,
        "missing": gaps,
        "doubtful": 1,
    }
    assert [(year["held"], year["missing"]) for year in body["years"]] == [
        (
            sum(year in years for years in held.values()) + (year == 2020),
            sum(plain_state(year, years) == "missing" for years in held.values()),
        )
        for year in reversed(YEARS)
    ]


def test_a_report_of_the_running_year_makes_nobody_a_debtor(client, held, tmp_path):
    reports = [one_report("文", id=f"{unit}{year}", year=year, issuer=WRITINGS[unit][0]) for unit, years in held.items() for year in years]
    build_index(tmp_path / "index", [*reports, one_report("文", id="new", year=2024, issuer="彰武县")])
    body = create_app(str(tmp_path / "index")).test_client(use_cookies=False).get("/api/v1/corpus").json
    assert body["years"][0] == {"year": 2024, "due": False, "held": 1, "missing": 0}
    assert [of_unit[2024] for unit, of_unit in states(body).items()] == ["held" if unit == "210922" else "not_due" for unit in states(body)]
    assert body["total"]["missing"] == client.get("/api/v1/corpus").json["total"]["missing"]


def test_the_page_shows_what_json_says_newest_first(client):
    page, body = client.get("/corpus").text, client.get("/api/v1/corpus").json
    heads = re.findall(r'<th scope="col">(\d{4})(?: <a href="([^"]+)">缺 (\d+)</a>)?', page)
    assert [(int(year), int(missing or 0)) for year, _, missing in heads] == [(year["year"], year["missing"]) for year in body["years"]]
    assert page.count('class="missing"') == body["total"]["missing"]
    assert page.count('class="before"') == sum(year["state"] == "before" for row in body["units"] for year in row["years"])
    assert set(re.findall(r'href="/reports/([^"?]+)"', page)) == {
        report["id"] for row in body["units"] if row["unit"] for year in row["years"] for report in year["reports"]
    }
    assert f">{name_of('type', 'plan')}</a>" in page
    assert '<a href="/remarks">待核对 1 份。</a>' in page
    assert client.get("/api/v1/remarks").json["reports"] == body["total"]["doubtful"]
    units = re.findall(r'<th scope="row">(?:<small>[^<]*</small>)?<a href="([^"]+)"', page)
    assert len(units) == len(body["units"]) - 1
    assert {client.get(unit).status_code for unit in units} == {200}
    for year, address, missing in heads:
        if address:
            listed = client.get(unescape(address).replace("/corpus", "/api/v1/corpus")).json
            assert {tuple(of_unit.items()) for of_unit in states(listed).values()} == {((int(year), "missing"),)}
            assert listed["total"]["units"] == int(missing)


@pytest.mark.parametrize("seed", range(12))
def test_files_have_a_row_for_each_unit_shown(client, seed):
    chance = random.Random(seed)
    filters = ["region=210900", "region=辽宁省", "region=unknown", "level=县", "level=部门", "year=2020", "year_from=2019", "unit=210922"]
    args = "&".join(chance.sample([*filters, "state=missing", "issuer=彰武县", "type=plan", "expected=table"], chance.randint(0, 2)))
    body = client.get(f"/api/v1/corpus?{args}").json
    total, unknown = body["total"]["units"], sum(row["unit"] is None for row in body["units"])
    reply = {form: client.get(f"/api/v1/corpus.{form}?{args}") for form in tables.FORMS}
    lines = [json.loads(line) for line in reply["ndjson"].text.splitlines()]
    rows = list(csv.DictReader(io.StringIO(reply["csv"].data.decode("utf-8-sig"), newline="")))
    sheet, _ = openpyxl.load_workbook(io.BytesIO(reply["xlsx"].data))
    assert len(lines) == len(rows) == sheet.max_row - 1 == total
    shown = {unit: of_unit for line in lines if line["unit"] for unit, of_unit in states({"units": [line]}).items()}
    assert len(shown) == total - (unknown if total <= 50 else 0)
    assert {**shown, **states(body)} == shown
    words = {"held": "有", "missing": "未收录", "before": "首份报告之前", "not_due": "未到期", "ended": "已撤销"}
    for row in rows:
        if row["单位编号"]:
            assert {year: row[str(year)] for year in shown[row["单位编号"]]} == {
                y: words[state] for y, state in shown[row["单位编号"]].items()
            }


def test_filters_choose_units_and_years(client):
    def units(args):
        return set(states(client.get(f"/api/v1/corpus?{args}").json))

    assert units("region=210922") == {"210922", "210922-司法局"}
    assert units("region=210900&level=部门") == {"210922-司法局"}
    assert units("unit=阜新蒙古族自治县") == {"210921"}
    assert units("level=市") == {"210900"}
    assert units("type=plan") == {"210922"}
    assert client.get("/api/v1/corpus?region=unknown").json["units"][0]["unit"] is None
    assert [year["year"] for year in client.get("/api/v1/corpus?year_from=2018&year_to=2020").json["years"]] == [2020, 2019, 2018]
    assert "没有符合这些条件的单位" in client.get("/corpus?region=310000").text
    assert "没有第 9 页" in client.get("/corpus?page=9").text


@pytest.mark.parametrize("args", ["q=x", "state=lost", "expected=1", "region=无此地", "year=x", "sort=year", "unit=%20"])
def test_what_cannot_be_asked_is_refused(client, args):
    assert client.get(f"/corpus?{args}").status_code == client.get(f"/api/v1/corpus?{args}").status_code == 400


def test_chips_take_a_filter_away(client):
    page = client.get("/corpus?region=210900&expected=table&state=missing").text
    chips = dict(re.findall(r'<li><a href="([^"]+)">([^<]+)<span class="unseen">，去掉', page))
    assert {unescape(address): text for address, text in chips.items()} == {
        "/corpus?expected=table&state=missing": "地区：阜新市",
        "/corpus?region=210900&state=missing": "应报单位以行政区划为准",
        "/corpus?region=210900&expected=table": "状态：未收录",
    }


def test_by_the_table_of_places_a_county_that_never_reported_is_missing(client, held):
    body = client.get("/api/v1/corpus?expected=table&region=210900&per_page=100").json
    found = states(body)
    # 清河门区, of which there is nothing; departments are expected as before.
    assert found["210905"] == dict.fromkeys(reversed(YEARS), "missing")
    assert found["210922"] == {year: "held" if year in held["210922"] else "missing" for year in YEARS}
    assert found["210922-司法局"] == states(client.get("/api/v1/corpus").json)["210922-司法局"]
    page = client.get("/corpus?expected=table&region=210905").text
    assert "清河门区人民政府" in page
    assert page.count('class="missing"') == len(YEARS)


def test_a_place_that_ended_owes_nothing(client):
    found = states(client.get("/api/v1/corpus?expected=table&region=310000&per_page=100").json)
    # 崇明县 became 崇明区 in 2016; 闸北区 had ended the year before.
    assert found["310151"] == dict.fromkeys(reversed(YEARS), "missing")
    assert "310108" not in found


def test_three_thousand_counties_are_a_page_like_others(client):
    reply = client.get("/corpus?expected=table")
    body = client.get("/api/v1/corpus?expected=table").json
    assert body["total"]["units"] > 3_000
    assert body["pages"] == -(-body["total"]["units"] // 50)
    assert len(reply.data) < 60_000
    assert reply.text.count('<th scope="row">') == 50
    seen, url = [], "/api/v1/corpus?expected=table&per_page=100"
    while url:
        page = client.get(url).json
        seen += [row["unit"] and row["unit"]["id"] for row in page["units"]]
        url = page["links"]["next"]
    assert len(seen) == len(set(seen)) == body["total"]["units"]


def test_no_report_is_read_for_the_sums(client, monkeypatch):
    monkeypatch.setattr("indexer.engines.whoosh.evaluation.passages.read_report", None)
    app = create_app(client.application.extensions["index"].location).test_client(use_cookies=False)
    assert app.get("/api/v1/corpus.csv?region=210900").status_code == 200
    assert app.get("/corpus?expected=table&region=310000").status_code == 200


def test_an_empty_index_has_nothing_to_show(tmp_path):
    build_index(tmp_path / "index", [])
    client = create_app(str(tmp_path / "index")).test_client(use_cookies=False)
    assert "没有符合这些条件的单位" in client.get("/corpus").text
    assert client.get("/api/v1/corpus?expected=table").json["units"] == []
    assert client.get("/api/v1/corpus.csv").status_code == 200


def test_a_unit_with_very_many_reports_shows_how_many(tmp_path):
    build_index(tmp_path / "index", [one_report("文", id=f"r{number}", year=2020 + number % 3, issuer="彰武县") for number in range(240)])
    client = create_app(str(tmp_path / "index")).test_client(use_cookies=False)
    assert client.get("/corpus").text.count(">80 份</a>") == 3
    assert [year["reports"] for year in client.get("/api/v1/corpus").json["units"][0]["years"]] == [[], None, None, None]
