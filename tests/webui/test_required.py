"""必备内容: the table, the JSON, and what a report's page says."""

import json

import pytest

from indexer import Report, build_index, sources_of
from webui import create_app


@pytest.fixture(scope="module")
def client(tmp_path_factory):
    whole = [
        (("一、主要举措和成效",), "开展执法检查。"),
        (("二、存在的不足",), "人员偏少。"),
        (("三、第一责任人履职情况",), "县长带头学法。"),
        (("四、下一步工作安排",), "加强培训。"),
    ]
    made = [(2021, "2022-03-31", whole), (2022, "2023-04-01", whole[:2]), (2023, None, whole[:1])]
    reports = [
        Report.from_blocks(
            id=f"r{year}",
            title=f"彰武县{year}年法治政府建设情况报告",
            year=year,
            issuer="彰武县人民政府",
            published=day,
            region="210922",
            blocks=blocks,
        )
        for year, day, blocks in made
    ]
    folder = tmp_path_factory.mktemp("required") / "index"
    build_index(folder, reports)
    return create_app(str(folder)).test_client(use_cookies=False)


def test_a_report_says_which_contents_it_has(client):
    reply = client.get("/api/v1/reports/r2022").json
    assert [(one["code"], one["state"], one["passages"]) for one in reply["required"]] == [
        ("measures", "found", ["r2022~1"]),
        ("shortcomings", "found", ["r2022~2"]),
        ("first_responsible", "not_found", []),
        ("plans", "not_found", []),
        ("other", "not_found", []),
    ]
    assert [client.get(f"/api/v1/reports/r{year}").json["published_on_time"] for year in (2021, 2022, 2023)] == [True, False, None]
    page = client.get("/reports/r2022").text
    assert page.count("<b>未见</b>") == 2
    assert '<a href="#2">存在的不足和原因</a>' in page
    assert "4月1日后公开" in page


def test_the_table_and_its_files_have_the_same_rows(client):
    reply = client.get("/api/v1/required").json
    assert reply["total"] == 3
    assert reply["lacking"] == {"measures": 0, "shortcomings": 1, "first_responsible": 2, "plans": 2}
    rows = {row["report"]["id"]: (row["not_found"], row["published_on_time"]) for row in reply["reports"]}
    assert rows["r2023"] == (["shortcomings", "first_responsible", "plans"], None)
    lines = client.get("/api/v1/required.ndjson").data.decode().splitlines()
    assert [{key: json.loads(line)[key] for key in reply["reports"][0]} for line in lines] == reply["reports"]
    assert client.get("/api/v1/required.csv").data.decode().count('"未见"') == 5
    page = client.get("/required").text
    assert page.count('<td class="missing">未见</td>') == 5
    assert page.count('<td class="missing">逾期</td>') == 1


def test_reports_are_filtered_by_what_they_lack(client):
    assert client.get("/api/v1/required?lacking=shortcomings").json["total"] == 1
    assert client.get("/api/v1/search?lacking=plans&q=执法").json["total"]["reports"] == 2
    assert "未见的内容：下一年度安排" in client.get("/required?lacking=plans").text
    assert client.get("/api/v1/required?lacking=nothing").status_code == 400


def test_the_rules_that_ask_for_it_are_named(client):
    rules = client.get("/api/v1/required").json["sources"]
    assert [(one["asks"], one["rule"], one["number"], one["article"]) for one in rules] == [
        ("contents", "法治政府建设与责任落实督察工作规定", "厅字〔2019〕28号", None),
        ("publication", "法治政府建设与责任落实督察工作规定", "厅字〔2019〕28号", "第二十四条"),
        ("publication", "法治政府建设实施纲要（2015—2020年）", "中发〔2015〕36号", None),
    ]
    assert client.get("/api/v1/reports/r2022").json["sources"] == rules[:2]
    page = client.get("/required").text
    assert all(one["rule"] in page and one["number"] in page and (one["article"] or "") in page for one in rules)
    assert "/required#source" in client.get("/reports/r2022").text


@pytest.mark.parametrize(("year", "asks"), [(2014, []), (2016, ["publication"]), (2018, ["contents", "publication"])])
def test_the_rule_of_a_report_is_that_of_its_year(year, asks):
    assert [one.asks for one in sources_of(year)] == asks
