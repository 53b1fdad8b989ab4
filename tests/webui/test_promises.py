"""安排与次年表述: the page, the JSON and the tables."""

import csv
import io
import json

import pytest

from indexer import Report, build_index, texts
from tests.indexer.test_promises import NEW, OLD
from webui import create_app


@pytest.fixture
def client(tmp_path):
    build_index(tmp_path / "index", [OLD, NEW])
    return create_app(str(tmp_path / "index")).test_client(use_cookies=False)


def test_the_api_gives_each_item_with_what_takes_it_up(client):
    reply = client.get("/api/v1/promises?report=old").json
    assert (reply["report"]["id"], reply["next"]) == ("old", "new")
    assert [one["item"] for one in reply["items"]] == [1, 2, 3, None]
    assert [len(one["taken_up"]) > 0 for one in reply["items"]] == [True, True, False, True]
    taken = reply["items"][0]["taken_up"][0]
    passage = client.get(f"/api/v1/paragraphs/{taken['passage']}").json
    assert passage["text"][taken["start"] : taken["end"]] == taken["text"]
    last = client.get("/api/v1/promises?report=new").json
    assert last["next"] is None
    assert [one["taken_up"] for one in last["items"]] == [None]


def test_the_tables_have_a_row_for_each_item(client):
    items = client.get("/api/v1/promises?report=old").json["items"]
    lines = client.get("/api/v1/promises.ndjson?report=old").data.decode().splitlines()
    assert [{key: value for key, value in json.loads(line).items() if key in items[0]} for line in lines] == items
    assert client.get("/api/v1/promises.csv?report=old").data.decode().count('"未见对应表述"') == 1
    assert client.get("/api/v1/promises.csv?report=new").data.decode().count('"未收录"') == 1


def test_all_that_takes_an_item_up_stands_in_its_row(tmp_path):
    done = [((), "加强行政执法人员业务培训，全年培训3期。"), ((), "加强行政执法人员业务培训，培训420人次。")]
    later = Report.from_blocks(id="new", title=NEW.title, year=NEW.year, issuer=NEW.issuer, region="210921", blocks=done)
    plans = [(("三、下一步安排",), "一是加强行政执法人员业务培训。")]
    earlier = Report.from_blocks(id="old", title=OLD.title, year=OLD.year, issuer=OLD.issuer, region="210921", blocks=plans)
    build_index(tmp_path / "index", [earlier, later])
    client = create_app(str(tmp_path / "index")).test_client(use_cookies=False)
    (item,) = client.get("/api/v1/promises?report=old").json["items"]
    (row,) = csv.DictReader(io.StringIO(client.get("/api/v1/promises.csv?report=old").text))
    assert len(item["taken_up"]) == 2
    assert row["次年报告的表述"] == " | ".join(one["text"] for one in item["taken_up"])
    assert row["表述所在段落"] == " | ".join(one["passage"] for one in item["taken_up"]) == "new~0.p1 | new~0.p2"


def test_the_page_says_what_it_knows_and_no_more(client):
    page = client.get("/promises?report=old").text
    assert page.count("未见对应表述") == 1
    assert "表述相近不等于事情已经办成" in page
    assert "次年报告未收录" in client.get("/promises?report=new").text
    assert "/promises?report=old" in client.get("/reports/old").text


@pytest.mark.parametrize(("args", "status"), [("", 400), ("?report=none", 404), ("?report=old&q=x", 400)])
def test_a_report_is_needed(client, args, status):
    assert client.get(f"/promises{args}").status_code == status
    assert client.get(f"/api/v1/promises{args}").status_code == status


def test_pages_of_reports_that_are_not_said_lead_to_where_one_is_opened(client):
    for path, leads in (("/compare", True), ("/promises", True), ("/compare?left=old&right=none", False), ("/statistics.svg", False)):
        reply = client.get(path)
        assert reply.status_code >= 400, path
        assert ('<a href="/reports">' in reply.text.partition("<main")[2].partition("回到首页")[0]) == leads, path
    assert client.get("/reports").status_code == 200
    # What a request leaves behind in this thread, its language, ends with the test.
    with texts.speaking(texts.CHINESE):
        assert 'First open a report from the <a href="/reports">list of reports</a>' in client.get("/promises?lang=en").text
