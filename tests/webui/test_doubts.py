"""The list of what is to be looked at: the page, its JSON, its tables, and the links to it."""

import csv
import io
import json
import re
from dataclasses import replace
from urllib.parse import unquote

import pytest

from indexer import REMARK_KINDS, Remark, build_index, name_of, texts
from tests.support import one_report
from webui import create_app


@pytest.fixture(scope="module")
def listed(tmp_path_factory):
    """A client of an index of five reports, three of them in doubt."""
    reports = [
        replace(one_report("文", id="a", title="甲县报告"), remarks=(Remark("year-missing"),), path="corpus/甲,县.txt"),
        replace(
            one_report("文", id="b", title="乙<县>报告", year=2022, region="210922"),
            remarks=(
                Remark("year-from-heading", year=2022),
                Remark("number-unexpected", heading="(三)", expected="(二)"),
                Remark("number-unexpected", heading="(六)", expected="(五)"),
                Remark("published-missing").close(),
            ),
            path="corpus/乙县.txt",
        ),
        replace(one_report("文", id="c", title="丙县报告"), remarks=(Remark("file-unreadable", reason="坏了"),), path="corpus/丙.txt"),
        replace(one_report("文", id="d", title="丁县报告", year=2022), remarks=(Remark("title-repeated"),)),
        one_report("文", id="e", title="戊县报告", year=2021),
    ]
    folder = tmp_path_factory.mktemp("doubts") / "index"
    build_index(folder, reports)
    return create_app(str(folder)).test_client(use_cookies=False)


def get(client, **args):
    return json.loads(client.get("/api/v1/remarks", query_string=args).data)


def test_the_list_has_the_keys_of_lists_and_every_doubt_with_its_lines(listed):
    body = get(listed)
    assert list(body) == ["total", "reports", "page", "per_page", "pages", "index", "kinds", "remarks", "links"]
    assert (body["total"], body["reports"], body["page"], body["per_page"], body["pages"]) == (4, 3, 1, 20, 1)
    assert [(one["code"], one["report"]["id"]) for one in body["remarks"]] == [
        ("year-missing", "a"),
        ("year-from-heading", "b"),
        ("number-unexpected", "b"),
        ("file-unreadable", "c"),
    ]
    missing, guessed, unexpected, unreadable = body["remarks"]
    assert missing["lines"] == {"corrections.csv": '"甲,县.txt",year,', "checked.csv": '"甲,县.txt",year-missing'}
    assert (guessed["value"], guessed["lines"]["corrections.csv"], missing["value"]) == ("2022", "乙县.txt,year,2022", None)
    assert (len(unexpected["texts"]), list(unexpected["lines"])) == (2, ["checked.csv"])
    assert unreadable["lines"] == {}
    assert {kind["value"]: kind["count"] for kind in body["kinds"]} == {
        "year-missing": 1,
        "year-from-heading": 1,
        "number-unexpected": 1,
        "file-unreadable": 1,
    }


def test_the_list_is_filtered_and_paged(listed):
    assert [one["report"]["id"] for one in get(listed, year=2022)["remarks"]] == ["b", "b"]
    assert [one["code"] for one in get(listed, region="210900", remark="number-unexpected")["remarks"]] == ["number-unexpected"]
    pages = [get(listed, per_page=1, page=number) for number in range(1, 6)]
    assert [len(page["remarks"]) for page in pages] == [1, 1, 1, 1, 0]
    assert get(listed, page=2, per_page=3)["remarks"] == [get(listed)["remarks"][3]]
    assert "remark=year-missing" in get(listed, remark="year-missing")["links"]["csv"]
    for wrong in ({"q": "文"}, {"remark": "year-odd"}, {"section": "其他"}, {"page": 0}):
        assert listed.get("/api/v1/remarks", query_string=wrong).status_code == 400


def test_the_table_is_the_whole_list(listed):
    rows = list(csv.reader(io.StringIO(listed.get("/api/v1/remarks.csv?per_page=1").get_data(as_text=True).lstrip("\ufeff"))))
    assert len(rows) == 1 + 4
    assert rows[1][rows[0].index("corrections.csv")] == '"甲,县.txt",year,'
    lines = listed.get("/api/v1/remarks.ndjson?year=2022").get_data(as_text=True).splitlines()
    assert [json.loads(line)["code"] for line in lines] == ["year-from-heading", "number-unexpected"]


def test_the_page_says_why_and_gives_the_lines_to_copy(listed):
    shown = listed.get("/remarks").get_data(as_text=True)
    assert "共 <strong>4</strong> 条，在 <strong>3</strong> 份报告里" in shown
    assert "乙&lt;县&gt;报告" in shown
    assert "<code>乙县.txt,year,2022</code>" in shown
    assert "<code>乙县.txt,number-unexpected</code>" in shown
    assert "现为：2022" in shown
    assert "请换上能打开的文件" in shown
    assert [unquote(link) for link in re.findall(r'href="(/remarks\?remark=[^"]+)"', shown)] == [
        f"/remarks?remark={code}" for code in ("file-unreadable", "number-unexpected", "year-from-heading", "year-missing")
    ]
    assert "文件已无法读取" in shown


def test_the_page_says_where_nothing_is_left(listed, client):
    assert "没有待核对的。" in client.get("/remarks").get_data(as_text=True)
    assert "符合这些条件的报告里没有待核对的。" in listed.get("/remarks?year=2021").get_data(as_text=True)
    assert "没有第 9 页" in listed.get("/remarks?page=9").get_data(as_text=True)


def test_counts_of_doubts_lead_to_the_list(listed):
    corpus = listed.get("/corpus?year=2022").get_data(as_text=True)
    link = re.search(r'<a href="(/remarks[^"]*)">待核对 (\d+) 份。</a>', corpus)
    assert link
    assert f"在 <strong>{link[2]}</strong> 份报告里" in listed.get(link[1].replace("&amp;", "&")).get_data(as_text=True)


def test_a_report_in_doubt_has_the_lines_that_close_it(listed):
    shown = listed.get("/reports/b").get_data(as_text=True)
    assert "<code>乙县.txt,year,2022</code>" in shown
    assert shown.count("<code>乙县.txt,number-unexpected</code>") == 1
    assert "没有找到发布日期 <small>已核对</small>" in shown
    assert "乙县.txt,published-missing" not in shown


def test_every_kind_has_a_name_for_people():
    with texts.speaking(texts.CHINESE):
        names = {code: name_of("remark", code) for code, kind in REMARK_KINDS.items() if kind.look}
    assert [code for code, name in names.items() if name.isascii()] == []
