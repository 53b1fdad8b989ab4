"""历年: exact shares, missing years said to be missing, in the table, the chart and JSON."""

import json

from indexer import Report, YearShare, build_index
from webui import create_app
from webui.years import drawn


def test_the_table_says_how_many_of_how_many(client):
    page = client.get("/years?q=行政复议9").data.decode()
    assert page.count("<tr>") == 1 + 6
    assert ">2023</a></th>\n<td>1 份</td><td>6 份</td><td>17%</td>" in page
    assert "<td>0 份</td><td>6 份</td><td>0%</td>" in page


def test_a_year_that_is_not_held_is_not_zero(tmp_path):
    reports = [Report.from_blocks(title="题", year=year, blocks=[((), "法治")]) for year in (2018, 2020)]
    build_index(tmp_path / "index", [*reports, Report.from_blocks(title="无年度", blocks=[((), "法治")])])
    client = create_app(str(tmp_path / "index")).test_client()
    page = client.get("/years?q=法治&year=2018").data.decode()
    assert '<th scope="row">2019</th>\n<td colspan="4">未收录</td>' in page
    assert "未标明" in page
    said = json.loads(client.get("/api/v1/years?q=法治").data)["years"]
    assert said[1:] == [{"year": y, "mentioning": n, "held": n} for y, n in ((2019, 0), (2020, 1), (None, 1))]


def test_the_chart_is_a_picture_without_script(client):
    reply = client.get("/years.svg?q=行政复议")
    assert reply.mimetype == "image/svg+xml"
    assert b"<script" not in reply.data
    assert "2019 缺" in drawn([YearShare(2018, 1, 2), YearShare(2019, 0, 0)])
    assert "50%" in drawn([YearShare(2018, 1, 2), YearShare(2019, 0, 0)])


def test_without_a_query_it_is_a_bad_request(client):
    assert client.get("/years").status_code == 400
    assert client.get("/years?q=(").status_code == 400
