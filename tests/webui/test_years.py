"""历年: exact shares, missing years said to be missing, in the table and JSON."""

import json
import re
from datetime import date

from indexer import Report, build_index
from webui import create_app


def test_the_table_says_how_many_of_how_many(client):
    page = client.get("/years?q=行政复议9").data.decode()
    table = re.search(r'<table class="shares">.*?</table>', page, re.S)[0]
    rows = [re.sub(r"<[^>]+>", " ", row).split() for row in re.findall(r"<tr>.*?</tr>", table, re.S)]
    assert len(rows) == 1 + 6
    assert ["2023", "17%", "1", "份", "6", "份", "5", "份"] in rows
    assert ["2022", "0%", "0", "份", "6", "份", "6", "份"] in rows


def test_a_year_that_is_not_held_is_not_zero(tmp_path):
    reports = [Report.from_blocks(title="题", year=year, blocks=[((), "法治")]) for year in (2018, 2020)]
    build_index(tmp_path / "index", [*reports, Report.from_blocks(title="无年度", blocks=[((), "法治")])])
    client = create_app(str(tmp_path / "index")).test_client(use_cookies=False)
    page = client.get("/years?q=法治&year=2018").data.decode()
    assert '<th scope="row">2019</th>\n<td colspan="4">未收录</td>' in page
    assert "未标明" in page
    said = json.loads(client.get("/api/v1/years?q=法治").data)["years"]
    assert said[1:] == [{"year": y, "mentioning": n, "held": n} for y, n in ((2019, 0), (2020, 1), (None, 1))]


def test_a_year_whose_reports_are_not_due_stands_apart(tmp_path):
    this_year = date.today().year
    reports = [Report.from_blocks(title="题", year=year, blocks=[((), "法治")]) for year in (this_year - 3, this_year)]
    build_index(tmp_path / "index", reports)
    client = create_app(str(tmp_path / "index")).test_client(use_cookies=False)
    page = client.get("/years?q=法治").data.decode()
    finished, unfinished = re.findall(r"<tbody.*?</tbody>", page, re.S)
    assert f">{this_year - 3}</a>" in finished
    assert f">{this_year}</a>" not in finished
    assert "尚未收齐" in unfinished
    assert f">{this_year}</a>" in unfinished
    bars = re.search(r'<ol class="trend-bars".*?</ol>', client.get("/?q=法治").text, re.S)[0]
    assert len(re.findall("<li", bars)) == 4
    assert "unfinished" in bars.partition(f">{this_year}<")[0].rpartition("<li")[2]


def test_without_a_query_it_is_a_bad_request(client):
    assert client.get("/years").status_code == 400
    assert client.get("/years?q=(").status_code == 400
