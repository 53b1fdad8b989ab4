"""提及情况: the page, the JSON and the tables."""

import json

import pytest

from indexer import Report, build_index
from webui import create_app


@pytest.fixture(scope="module")
def client(tmp_path_factory):
    made = [
        ("210921", 2020, "推进一网通办。"),
        ("210921", 2022, "一网通办。一网通办。"),
        ("210922", 2020, "严格执法。"),
        ("210922", 2021, "普法。"),
    ]
    reports = [
        Report.from_blocks(
            id=f"r{code}-{year}",
            title=f"{code}{year}年法治政府建设情况报告",
            year=year,
            issuer={"210921": "阜新蒙古族自治县人民政府", "210922": "彰武县人民政府"}[code],
            region=code,
            blocks=[((), text), ((), text)],
        )
        for code, year, text in made
    ]
    folder = tmp_path_factory.mktemp("matrix") / "index"
    build_index(folder, reports)
    return create_app(str(folder)).test_client(use_cookies=False)


def test_the_api_gives_units_years_and_cells(client):
    reply = client.get("/api/v1/matrix?q=一网通办").json
    assert reply["years"] == [2020, 2021, 2022]
    assert reply["units"] == [
        {
            "unit": {"id": "210921", "name": "阜新蒙古族自治县人民政府"},
            "first": 2020,
            "cells": [{"year": 2020, "paragraphs": 2}, {"year": 2021, "paragraphs": None}, {"year": 2022, "paragraphs": 2}],
        },
        {
            "unit": {"id": "210922", "name": "彰武县人民政府"},
            "first": None,
            "cells": [{"year": 2020, "paragraphs": 0}, {"year": 2021, "paragraphs": 0}, {"year": 2022, "paragraphs": None}],
        },
    ]
    assert reply["total"] == {"units": 2, "mentioning": 1, "silent": 1}
    assert (reply["page"], reply["per_page"], reply["pages"]) == (1, 100, 1)
    assert [one["unit"]["id"] for one in client.get("/api/v1/matrix?q=一网通办&mention=no").json["units"]] == ["210922"]
    assert [one["unit"]["id"] for one in client.get("/api/v1/matrix?q=普法&sort=first&region=210900").json["units"]] == ["210922", "210921"]


def test_tables_have_a_row_for_each_unit(client):
    csv = client.get("/api/v1/matrix.csv?q=一网通办&per_page=1").data.decode()
    assert csv.count("\r\n") == 3
    assert '"未收录"' in csv
    lines = client.get("/api/v1/matrix.ndjson?q=一网通办").data.decode().splitlines()
    units = client.get("/api/v1/matrix?q=一网通办").json["units"]
    assert [{key: json.loads(line)[key] for key in units[0]} for line in lines] == units
    assert client.get("/api/v1/matrix.xlsx?q=一网通办&mention=no").data.startswith(b"PK")


def test_the_page_says_each_cell_in_words_and_its_numbers_lead_to_the_passages(client):
    page = client.get("/matrix?q=一网通办").text
    assert page.count("提及 2</a>") == 2
    assert page.count(">未提及</td>") == 2
    assert page.count(">未收录</td>") == 2
    address = page.split("提及 2</a>")[0].rpartition('href="')[2].partition('"')[0].replace("&amp;", "&")
    assert (
        "2 段" in client.get(address).text.replace("<strong>", "").replace("</strong>", "") or "2</strong> 段" in client.get(address).text
    )
    assert "彰武县人民政府" not in client.get("/matrix?q=一网通办&region=210921").text
    assert client.get("/matrix?q=一网通办&page=9").status_code == 200


@pytest.mark.parametrize("args", ["", "?q=", "?q=(法治", "?q=法治&sort=relevance", "?q=法治&mention=yes", "?q=法治&colour=1"])
def test_bad_requests_are_refused(client, args):
    assert client.get(f"/matrix{args}").status_code == 400
    assert client.get(f"/api/v1/matrix{args}").status_code == 400
