"""The page of the original that a passage begins on: in JSON, in citations, and in the link that opens the file there."""

import re
import shutil

import pytest

from indexer.cli import main
from tests.support import ROOT
from webui import create_app

PDF = ROOT / "tests/data/samples/08-pages.pdf"
TEXT = ROOT / "tests/data/samples/05-br-only.html"


@pytest.fixture(scope="module")
def index(tmp_path_factory):
    corpus = tmp_path_factory.mktemp("corpus")
    for file in (PDF, TEXT):
        shutil.copy(file, corpus)
    assert main([str(corpus), "--index", str(corpus.parent / "paged"), "-q"]) == 0
    return str(corpus.parent / "paged")


@pytest.fixture(scope="module")
def client(index):
    return create_app(index).test_client(use_cookies=False)


@pytest.fixture(scope="module")
def hits(client):
    return client.get("/api/v1/search?year=2018&sort=year&per_page=100").json["hits"]


def test_hits_paragraphs_and_reports_say_the_page(client, hits):
    by_text = {hit["text"]: hit["page"] for hit in hits}
    assert by_text["一、2018年法治政府建设主要举措和成效"] == 1
    assert by_text["二、存在的不足和原因"] == 2
    for hit in hits:
        assert client.get(f"/api/v1/paragraphs/{hit['id']}").json["page"] == hit["page"]
    whole = client.get(f"/api/v1/reports/{hits[0]['report']['id']}").json
    assert {passage["text"]: passage["page"] for passage in whole["passages"]} == by_text
    assert {hit["page"] for hit in client.get("/api/v1/search?q=法治&per_page=100").json["hits"]} == {1, 2, None}


def test_a_citation_names_the_page_before_the_dates(client):
    page = client.get("/?q=二、存在的不足和原因&mode=literal&year=2018").text
    assert re.search(r'data-cite="[^"]+\[R\]\. 第2页(?:（[\d-]+）)?\."', page)
    table = client.get("/api/v1/search.csv?q=二、存在的不足和原因&mode=literal&year=2018").text
    assert re.search(r"\[R\]\. 第2页(?:（[\d-]+）)?\.", table)
    table = client.get("/api/v1/search.csv?q=法治&issuer=unknown").text
    assert "第None页" not in table


def test_the_original_opens_at_the_page_of_a_hit(client, hits):
    id = hits[0]["report"]["id"]
    at_page = f'<a href="/reports/{id}/original#page=2">原文件第 2 页</a>'
    assert at_page in client.get("/?q=二、存在的不足和原因&mode=literal").text
    report = client.get(f"/reports/{id}?q=二、存在的不足和原因&mode=literal&hit=1").text
    assert f'<a href="/reports/{id}/original#page=2">下载原文件</a>' in report
    assert report.count(at_page) == 1
    assert f'href="/reports/{id}/original"' in client.get(f"/reports/{id}").text
    reply = client.get(f"/reports/{id}/original")
    assert (reply.mimetype, reply.data) == ("application/pdf", PDF.read_bytes())
    assert reply.headers["Content-Disposition"].startswith("inline; ")
    assert "script-src" not in reply.headers["Content-Security-Policy"]


def test_a_file_without_pages_has_no_page(client):
    hit = next(hit for hit in client.get("/api/v1/search?q=法治&per_page=100").json["hits"] if hit["page"] is None)
    id = hit["report"]["id"]
    assert f'<a href="/reports/{id}/original" download>下载原文件</a>' in client.get(f"/reports/{id}?q=法治&hit=1").text
    assert "原文件第" not in client.get(f"/reports/{id}").text
