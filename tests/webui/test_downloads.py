"""Whole files: so many at a time, whole or an error, given up when they are taken too slowly."""

import json
import logging

import pytest

from indexer import IndexCorrupt
from indexer.catalogue import Catalogue
from indexer.cli import main
from webui import create_app, downloads, live, tables

CSV = "/api/v1/search.csv?q=行政复议"


@pytest.fixture
def one_at_a_time(place, monkeypatch):
    """A client of an application that makes one file at a time."""
    monkeypatch.setattr(downloads, "AT_A_TIME", 1)
    return create_app(str(place)).test_client(use_cookies=False)


def test_past_the_limit_one_is_told_to_come_back(one_at_a_time):
    held = one_at_a_time.get(CSV)
    reply = one_at_a_time.get("/api/v1/search.ndjson?q=法治")
    assert (reply.status_code, reply.mimetype) == (503, "application/problem+json")
    assert int(reply.headers["Retry-After"]) > 0
    assert json.loads(reply.data)["title"] == "暂时不能下载"
    assert one_at_a_time.get("/api/v1/search?q=法治").status_code == 200
    held.close()
    assert one_at_a_time.get(CSV).status_code == 200


def test_a_file_that_is_read_to_its_end_makes_room(one_at_a_time):
    for _ in range(3):
        reply = one_at_a_time.get(CSV)
        assert len(reply.data) == int(reply.headers["Content-Length"]) > 0


def test_a_reply_that_nobody_reads_makes_room(one_at_a_time):
    tag = one_at_a_time.get(CSV).headers["ETag"]
    for _ in range(3):
        one_at_a_time.head(CSV).close()
        reply = one_at_a_time.get(CSV, headers={"If-None-Match": tag})
        assert reply.status_code == 304
        reply.close()


def test_what_fails_on_the_way_is_an_error_and_no_file_cut_short(one_at_a_time, monkeypatch):
    def broken(*given):
        yield b"a,b\r\n"
        raise IndexCorrupt("somewhere", "a block has another checksum")

    for _ in range(2):
        with monkeypatch.context() as patch:
            patch.setitem(tables._WRITERS, "csv", broken)
            assert one_at_a_time.get(CSV).status_code == 503
    assert one_at_a_time.get(CSV).status_code == 200


@pytest.mark.parametrize(("slowest", "whole"), [(0, True), (10**12, False)])
def test_a_file_that_is_taken_too_slowly_is_given_up(one_at_a_time, monkeypatch, caplog, slowest, whole):
    monkeypatch.setattr(downloads, "SLOW_AFTER", 0)
    monkeypatch.setattr(downloads, "SLOWEST", slowest)
    monkeypatch.setattr(downloads, "PIECE", 100)
    with caplog.at_level(logging.INFO):
        reply = one_at_a_time.get(CSV)
        # What is missing a client knows by the length that it was given.
        assert (sum(map(len, reply.response)) == int(reply.headers["Content-Length"])) is whole
    assert ("gave up a download" in caplog.text) is not whole
    assert one_at_a_time.get(CSV).status_code == 200


def test_the_catalogue_is_not_read_for_an_original(tmp_path, monkeypatch):
    corpus, index = tmp_path / "corpus", tmp_path / "index"
    corpus.mkdir()
    for name in ("甲", "乙"):
        (corpus / f"{name}县.txt").write_text(f"{name}县2022年法治政府建设情况报告\n\n坚持依法行政。\n", encoding="utf-8")
    assert main([str(corpus), "--index", str(index), "-q"]) == 0
    monkeypatch.setattr(live, "CHECK_EVERY", 0)
    client = create_app(str(index)).test_client(use_cookies=False)

    def ids():
        return [report["id"] for report in json.loads(client.get("/api/v1/reports?q=依法").data)["reports"]]

    with monkeypatch.context() as patch:
        patch.setattr(Catalogue, "from_json", None)
        assert {client.get(f"/reports/{id}/original").status_code for id in ids()} == {200}
    (corpus / "丙县.txt").write_text("丙县2022年法治政府建设情况报告\n\n坚持依法行政。\n", encoding="utf-8")
    assert main([str(corpus), "--index", str(index), "-q"]) == 0
    assert [client.get(f"/reports/{id}/original").status_code for id in ids()] == [200] * 3


def test_too_many_originals_get_a_page_that_says_so(tmp_path, monkeypatch):
    corpus, index = tmp_path / "corpus", tmp_path / "index"
    corpus.mkdir()
    (corpus / "甲县.txt").write_text("甲县2022年法治政府建设情况报告\n\n坚持依法行政。\n", encoding="utf-8")
    assert main([str(corpus), "--index", str(index), "-q"]) == 0
    monkeypatch.setattr(downloads, "AT_A_TIME", 1)
    client = create_app(str(index)).test_client(use_cookies=False)
    id = json.loads(client.get("/api/v1/reports?q=依法").data)["reports"][0]["id"]
    with client.get(f"/reports/{id}/original"):
        reply = client.get(f"/reports/{id}/original")
        assert (reply.status_code, reply.mimetype) == (503, "text/html")
        assert "同时下载的人太多" in reply.text
