"""数据: the page, the chart, JSON and the table give the same figures, each with its sentence and a link to it."""

import csv
import io
import json
import re
from html import unescape

import pytest

from indexer import INDICATORS, Report, build_index
from webui import create_app

INDICATOR = "行政复议受理"


def reports():
    rows = [
        ("彰武县人民政府", "210922", 2019, "受理行政复议案件81件。"),
        ("彰武县人民政府", "210922", 2020, "受理行政复议案件90余件，审结80件。"),
        ("彰武县人民政府", "210922", 2021, "召开座谈会3场。"),
        ("阜新市海州区人民政府", "210902", 2019, "受理行政复议案件12件。受理行政复议案件13件。"),
        ("沈阳市人民政府", "210100", 2021, "受理行政复议案件900件，标有<i>。"),
    ]
    for number, (issuer, region, year, text) in enumerate(rows):
        yield Report.from_blocks(
            id=f"r{number}", title=f"{issuer}{year}年法治政府建设工作报告", year=year, issuer=issuer, region=region, blocks=[((), text)]
        )


@pytest.fixture(scope="module")
def client(tmp_path_factory):
    folder = tmp_path_factory.mktemp("stated") / "index"
    build_index(folder, reports())
    return create_app(str(folder)).test_client(use_cookies=False)


def said(client, address):
    reply = client.get(address)
    assert reply.status_code == 200, reply.text
    return json.loads(reply.data)


def test_json_gives_each_figure_with_its_sentence(client):
    reply = said(client, f"/api/v1/statistics?indicator={INDICATOR}")
    assert (reply["total"], reply["page"], reply["per_page"], reply["pages"]) == (5, 1, 20, 1)
    assert [(one["year"], one["value"], one["approximate"]) for one in reply["statistics"]] == [
        (2021, "900", None),
        (2020, "90", "余"),
        (2019, "81", None),
        (2019, "12", None),
        (2019, "13", None),
    ]
    one = reply["statistics"][1]
    assert (one["label"], one["unit"], one["text"]) == ("受理行政复议案件", "件", "受理行政复议案件90余件，审结80件。")
    assert (one["report"]["issuer"], one["reported_by"]) == ("彰武县人民政府", {"id": "210922", "name": "彰武县人民政府"})
    passage = said(client, f"/api/v1/paragraphs/{one['passage']}")
    assert passage["text"][one["start"] : one["end"]] == "90余件"
    assert passage["text"][slice(*one["sentence"])] == one["text"]
    assert one["url"] == passage["url"]


def test_filters_labels_and_pages(client):
    assert said(client, f"/api/v1/statistics?indicator={INDICATOR}&unit=210922&year=2019")["total"] == 1
    assert said(client, "/api/v1/statistics?label=召开座谈会")["statistics"][0]["value"] == "3"
    assert [one["value"] for one in said(client, f"/api/v1/statistics?indicator={INDICATOR}&per_page=2&page=2")["statistics"]] == [
        "81",
        "12",
    ]
    assert client.get("/api/v1/statistics").status_code == 400
    assert client.get("/api/v1/statistics?label=" + "长" * 201).status_code == 400
    assert client.get(f"/api/v1/statistics?indicator={INDICATOR}&by=month").status_code == 400


def test_series_stand_in_the_order_of_their_units(client):
    reply = said(client, f"/api/v1/statistics?indicator={INDICATOR}&by=year&per_page=2")
    assert (reply["total"], reply["pages"]) == (5, 2)
    assert [[series["unit"]["id"], [year["year"] for year in series["years"]]] for series in reply["series"]] == [
        ["210100", [2021]],
        ["210902", [2019]],
    ]
    assert [one["value"] for one in reply["series"][1]["years"][0]["statistics"]] == ["12", "13"]


def test_series_with_many_figures_are_fewer_a_page(client, monkeypatch):
    address = f"/api/v1/statistics?indicator={INDICATOR}&by=year"
    whole = said(client, address)
    monkeypatch.setattr("indexer.stated.series.FIGURES_SHOWN", 2)
    pages, address = [], f"{address}&per_page=3"
    while address:
        pages.append(said(client, address))
        address = pages[-1]["links"]["next"]
    assert [one for page in pages for one in page["series"]] == whole["series"]
    assert {page["pages"] for page in pages} == {len(pages)} == {3}
    assert {page["total"] for page in pages} == {whole["total"]}
    assert said(client, f"/api/v1/statistics?indicator={INDICATOR}&by=year&page=99")["series"] == []


def test_indicators_with_the_reports_that_give_them(client):
    reply = said(client, "/api/v1/indicators?region=210900")
    counts = {one["name"]: one["reports"] for one in reply["indicators"]}
    assert reply["total"] == len(counts) >= 80
    assert {name: count for name, count in counts.items() if count} == {INDICATOR: 3, "行政复议审结": 1}


def test_the_page_shows_units_by_years(client):
    page = client.get(f"/statistics?indicator={INDICATOR}").data.decode()
    cells = re.findall(r'<td>(?:<a href="([^"]+)" title="[^"]*">([^<]+)</a>)', page)
    assert {(unescape(link), text) for link, text in cells} >= {("/reports/r1#0.p1", "90 件（余）"), ("/reports/r4#0.p1", "900 件")}
    assert "12 件</a><br><a" in page
    assert page.count("未收录") == 4 + 1
    assert page.count("未写") == 1 + 1
    assert "<i>。" not in page
    assert client.get(f"/statistics?indicator={INDICATOR}&page=9").data.decode().count("没有第 9 页") == 1


def test_a_page_reads_the_reports_of_its_own_units_alone(client):
    whole = client.get(f"/statistics?indicator={INDICATOR}").text
    pages = [client.get(f"/statistics?indicator={INDICATOR}&per_page=1&page={number}").text for number in (1, 2, 3, 4)]
    rows = [re.findall(r"<tr><th scope=\"row\">.*?</tr>", page.replace("&amp;per_page=1", ""), re.DOTALL) for page in (whole, *pages)]
    assert [len(found) for found in rows] == [3, 1, 1, 1, 0]
    assert [row for found in rows[1:] for row in found] == rows[0]
    for page in (whole, *pages[:3]):
        assert "<strong>5</strong> 个数字，<strong>3</strong> 个单位" in page


@pytest.mark.parametrize("wanted", [f"indicator={INDICATOR}", "label=受理行政复议案件", f"indicator={INDICATOR}&unit=210922"])
def test_pages_of_units_with_many_figures_hold_all_and_are_shorter(client, monkeypatch, wanted):
    def page(number):
        text = client.get(f"/statistics?{wanted}&page={number}").text
        return text, re.findall(r"<tr(?: class=\"own\")?><th scope=\"row\">.*?</tr>", text, re.DOTALL)

    whole, rows = page(1)
    assert '&amp;page=2"' not in whole
    monkeypatch.setattr("webui.figures.FIGURES_A_PAGE", 2)
    shorter = [page(number) for number in range(1, len(rows) + 2)]
    # No two units together have as few as two.
    assert [len(own) for _, own in shorter] == [1] * len(rows) + [0]
    assert [row for _, own in shorter for row in own] == rows
    assert '&amp;page=2"' in shorter[0][0]
    counted = re.findall(r"<strong>\d+</strong>", whole)
    assert [re.findall(r"<strong>\d+</strong>", text) for text, own in shorter if own] == [counted] * len(rows)


def test_of_one_unit_the_neighbours_of_its_level_stand_below(client):
    page = client.get(f"/statistics?indicator={INDICATOR}&unit=210922").data.decode()
    assert re.findall(r'<th scope="row">(?:<a[^>]+>)?([^<]+)', page) == ["彰武县人民政府", "海州区人民政府"]
    assert "<mark>90余件</mark>" in page


def test_without_an_indicator_all_are_listed(client):
    page = client.get("/statistics?year=2020").data.decode()
    assert re.findall(r'<th scope="row"><a[^>]+>([^<]+)', page) == [INDICATOR, "行政复议审结"]
    assert "没有报告写出这个数字" in client.get("/statistics?label=没有这样的").data.decode()


def test_the_chart_is_a_picture_without_script(client):
    reply = client.get(f"/statistics.svg?indicator={INDICATOR}&unit=210922")
    assert reply.mimetype == "image/svg+xml"
    assert b"<script" not in reply.data
    assert "彰武县人民政府" in reply.text
    assert client.get("/statistics.svg?year=2020").status_code == 400


@pytest.mark.parametrize("form", ["csv", "ndjson", "xlsx"])
def test_the_table_has_a_row_for_each_figure(client, form):
    content = client.get(f"/api/v1/statistics.{form}?indicator={INDICATOR}&per_page=1").data
    if form == "csv":
        rows = list(csv.DictReader(io.StringIO(content.decode("utf-8-sig"))))
        assert [(row["数值"], row["原句"]) for row in rows][:2] == [
            ("900", "受理行政复议案件900件，标有<i>。"),
            ("90", "受理行政复议案件90余件，审结80件。"),
        ]
        assert len(rows) == 5
    elif form == "ndjson":
        assert [json.loads(line)["value"] for line in content.decode().splitlines()] == ["900", "90", "81", "12", "13"]
    else:
        assert content.startswith(b"PK")


def test_a_ratio_is_in_tables_and_in_no_chart(tmp_path):
    texts = "男女调解员比例为3:1。", "男女调解员比例为2:1。"
    years = [
        Report.from_blocks(id=f"r{year}", title="报告", year=year, blocks=[((), text)])
        for year, text in zip((2020, 2021), texts, strict=True)
    ]
    build_index(tmp_path / "index", years)
    client = create_app(str(tmp_path / "index")).test_client(use_cookies=False)
    rows = csv.DictReader(io.StringIO(client.get("/api/v1/statistics.csv?label=男女调解员比例").text))
    assert [(row["数值"], row["计量单位"]) for row in rows] == [("2:1", "比"), ("3:1", "比")]
    page = client.get("/statistics?label=男女调解员比例")
    assert (page.status_code, "3:1 比" in page.text) == (200, True)
    assert client.get("/statistics.svg?label=男女调解员比例").status_code == 200


def test_english_pages_and_tables_say_what_units_of_measure_are_called(client):
    def english(address):
        return client.get(address, headers={"Accept-Language": "en"})

    page = english(f"/statistics?indicator={INDICATOR}").text
    assert {"over 90 cases (件, 余)", "81 cases (件)", "900 cases (件)"} <= set(re.findall(r'title="[^"]*">([^<]+)</a>', page))
    assert "受理行政复议案件90余件，审结80件。" in page
    assert "<td>cases (件)</td>" in english("/statistics?year=2020").text
    assert "<td>90 cases (件)</td>" in english(f"/?q={INDICATOR}").text
    (row,) = csv.DictReader(io.StringIO(english(f"/api/v1/statistics.csv?indicator={INDICATOR}&year=2020").text.removeprefix("\ufeff")))
    columns = ["Indicator", "Measured in", "Approximation", "Measure in English", "Approximation in English"]
    assert [row[column] for column in columns] == ["reconsideration: cases accepted", "件", "余", "cases", "over"]
    (chinese,) = csv.DictReader(io.StringIO(client.get(f"/api/v1/statistics.csv?indicator={INDICATOR}&year=2020").text))
    assert (chinese["指标"], chinese["计量单位"], "计量单位的译名" in chinese) == (INDICATOR, "件", False)
    for reply in (
        said(client, f"/api/v1/statistics?indicator={INDICATOR}&year=2020")["statistics"][0],
        said(client, "/api/v1/indicators")["indicators"][0],
    ):
        assert (reply["unit"], reply["unit_english"]) == ("件", "cases")


def test_a_report_links_its_figures_to_their_series(client):
    page = unescape(client.get("/reports/r1?q=90").data.decode())
    link = re.search(r'<a class="fact" href="([^"]+)"><mark[^>]*>90</mark></a>', page)
    assert "90" in client.get(link[1]).data.decode()
    assert client.get(link[1]).status_code == 200


@pytest.mark.parametrize("query", [INDICATOR, "受理行政复议案件", "“行政复议受理”", "行政复议 受理", "行政復議受理"])
def test_a_search_for_an_indicator_shows_its_series(client, query):
    page = unescape(client.get(f"/?q={query}&region=210000").data.decode())
    table = re.search(r'<div class="beside">(.*?)</div>\n</div>', page, re.DOTALL)[1]
    assert re.findall(r"<th scope=\"col\">(\d+)", table) == ["2019", "2020", "2021"]
    assert re.findall(r"<td>(\d+) 份", table) == ["2", "1", "1"]
    assert re.findall(r"<td>(\d*) 件", table) == ["81", "90", "900"]
    link = re.search(r'<a href="(/statistics[^"]+)">指标：', table)[1]
    assert "3</strong> 个单位" in client.get(link).data.decode()
    assert 'class="beside"' not in client.get("/?q=座谈会").data.decode()


def test_a_unit_has_its_most_regular_indicators(client):
    page = client.get("/units/210922").data.decode()
    table = page[page.index("历年的指标") : page.index("全部指标")]
    assert re.findall(r'<th scope="row"><a [^>]+>([^<]+)', table) == [INDICATOR, "行政复议审结"]
    assert re.findall(r'<a href="/reports/r\d[^>]+>([^<]+)', table) == ["81 件", "90 件（余）", "80 件"]
    assert re.findall('<span class="gap">([^<]+)', table) == ["未写"]
    assert "历年的指标" not in client.get("/units/210900").data.decode()


def test_the_page_of_a_unit_says_which_years_are_missing_or_far_off(tmp_path):
    values = {2017: 80, 2018: 90, 2020: 85, 2021: 900, 2022: None, 2023: 88}
    held = [
        Report.from_blocks(
            id=f"r{year}",
            title=f"彰武县人民政府{year}年法治政府建设工作报告",
            year=year,
            issuer="彰武县人民政府",
            region="210922",
            blocks=[((), f"受理行政复议案件{value}件。" if value else "坚持依法行政。")],
        )
        for year, value in values.items()
    ]
    build_index(tmp_path / "index", held)
    page = create_app(str(tmp_path / "index")).test_client(use_cookies=False).get("/units/210922").text
    table = page[page.index("历年的指标") : page.index("全部指标")]
    assert re.findall(r'<th scope="col">(\d+)', table) == [str(year) for year in range(2017, 2024)]
    assert re.findall('<span class="gap">([^<]+)', table) == ["未收录", "未写"]
    assert re.findall(r"900 件</a> <small>([^<]+)", table) == ["偏离较大"] == re.findall(r"<small>([^<]+)", table)


def test_pages_say_in_chinese_what_an_indicator_counts(client):
    said_of_it = "受理的复议申请；只收到的和不予受理的不计。"
    assert f"{INDICATOR}</a><small>{said_of_it}</small>" in client.get("/statistics").text
    page = client.get(f"/statistics?indicator={INDICATOR}").text
    assert f"{said_of_it}依据：行政复议、行政应诉案件统计制度（国家统计局批准）。" in page
    assert said_of_it not in client.get("/statistics?label=召开座谈会").text


def test_every_indicator_says_in_chinese_what_it_counts():
    assert [one.name for one in INDICATORS if not re.fullmatch(r"[\u4e00-\u9fff0-9，。；、（）“”]+。", one.note)] == []


def test_the_figures_of_a_page_are_read_in_turn(client, monkeypatch):
    monkeypatch.setattr("webui.costly.PATIENCE", 0.01)
    turns = client.application.extensions["costly"]
    with turns.turn(), turns.turn():
        assert client.get(f"/statistics?indicator={INDICATOR}").status_code == 503
    assert client.get(f"/statistics?indicator={INDICATOR}").status_code == 200
