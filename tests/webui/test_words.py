"""词语: the page, the JSON and the tables."""

import json
import random
from urllib.parse import quote

import pytest

from indexer import build_index
from tests.indexer.engines.test_words import reports
from webui import create_app


@pytest.fixture(scope="module")
def client(tmp_path_factory):
    folder = tmp_path_factory.mktemp("words") / "index"
    build_index(folder, reports(random.Random(3)))
    return create_app(str(folder)).test_client(use_cookies=False)


def test_the_api_gives_the_words_of_a_subset_with_both_frequencies(client):
    reply = client.get("/api/v1/words?year=2020&per_page=100").json
    assert reply["of"] == "subset"
    assert reply["total"]["words"] == len(reply["words"])
    (word,) = [one for one in reply["words"] if one["word"] == "公正"]
    assert word["likelihood"] > 15.13
    assert word["ratio"] > 0
    found = client.get(word["url"].replace("/?", "/api/v1/search?")).json["total"]
    assert word["subset"] == {"passages": found["paragraphs"], "reports": found["reports"]}
    assert client.get("/api/v1/words?year=2020&side=less").json["words"][0]["ratio"] < 0
    assert client.get("/api/v1/words?year=2020&q=公正&of=subset").json["subset"]["passages"] == found["paragraphs"]


def test_the_api_gives_the_neighbours_of_a_term(client):
    reply = client.get("/api/v1/words?q=复议&year=2020").json
    assert reply["of"] == "neighbours"
    (word,) = [one for one in reply["words"] if one["word"] == "案件"]
    found = client.get(word["url"].replace("/?", "/api/v1/search?")).json["total"]
    assert word["together"] == {"passages": found["paragraphs"], "reports": found["reports"]}
    assert quote('"复议" NEAR/10 "案件"', safe="").replace("%20", "+") in word["url"]
    assert client.get("/api/v1/words?q=办理复议&mode=all").json["words"][0]["url"] is None


def test_tables_have_all_words(client):
    total = client.get("/api/v1/words?year=2020").json["total"]["words"]
    lines = [json.loads(line) for line in client.get("/api/v1/words.ndjson?year=2020&per_page=1").data.decode().splitlines()]
    assert len(lines) == total
    shown = client.get("/api/v1/words?year=2020&per_page=100").json["words"]
    assert [{key: line[key] for key in shown[0]} for line in lines] == shown
    csv = client.get("/api/v1/words.csv?q=复议&year=2020").data.decode()
    assert csv.startswith('\ufeff"词","logDice","邻近段落数","邻近报告数","含该词段落数","含该词报告数"')
    assert client.get("/api/v1/words.xlsx?year=2020").data.startswith(b"PK")


def test_the_page_keeps_query_and_filters(client):
    page = client.get("/words?q=复议&year=2020&per_page=5").text
    assert "logDice" in page
    assert "报告年度：2020" in page
    other = page.split(">特征词</a>")[0].rpartition('href="')[2].partition('"')[0].replace("&amp;", "&")
    assert "与其余" in client.get(other).text
    assert "%E5%A4%8D%E8%AE%AE" in other
    assert "没有第 99 页" in client.get("/words?year=2020&page=99").text
    assert "没有明显不同的词" in client.get("/words?year=1999").text


@pytest.mark.parametrize("args", ["", "?q=(", "?q=复议&of=both", "?year=2020&sort=most", "?year=2020&of=neighbours", "?year=2020&side=1"])
def test_bad_requests_are_refused(client, args):
    assert client.get(f"/words{args}").status_code == 400
    assert client.get(f"/api/v1/words{args}").status_code == 400
