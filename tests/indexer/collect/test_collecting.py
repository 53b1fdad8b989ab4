"""Addresses to files: saved as received, with where they came from; what changed, what is as it was, what must not be lost."""

import csv

import pytest

from indexer.collect import collecting
from indexer.collect.collecting import State
from indexer.collect.records import Wanted, read_collected
from indexer.errors import BadPath
from tests.indexer.collect.site import PARAGRAPHS, TITLE, collect, corrections, files, page


def test_a_page_is_saved_as_received_with_its_address_and_date(site, clock, corpus):
    site.replies["/a/t1.html"] = (200, {"ETag": '"1"'}, page())
    (outcome,) = collect(corpus, clock, Wanted(f"{site.address}/a/t1.html"))
    assert (outcome.state, outcome.title, outcome.path) == (State.NEW, TITLE, f"2022/彰武县人民政府/{TITLE}.html")
    assert (corpus / outcome.path).read_bytes() == page()
    assert corrections(corpus, "2022/彰武县人民政府") == {(f"{TITLE}.html", "source_url"): f"{site.address}/a/t1.html"}
    (row,) = list(csv.DictReader((corpus / "collected.csv").read_text("utf-8").splitlines()))
    assert (row["url"], row["path"], row["etag"], row["address"]) == (outcome.url, outcome.path, '"1"', outcome.url)
    assert row["received"].endswith("Z")
    assert len(row["sha256"]) == 64
    assert files(corpus) == ["2022/彰武县人民政府/corrections.csv", f"2022/彰武县人民政府/{TITLE}.html", "collected.csv"]


def test_what_the_list_says_is_right(site, clock, corpus):
    site.replies["/x"] = (200, {}, page())
    wanted = Wanted(f"{site.address}/x", unit="彰武县司法局", year="2021", title="更好的标题")
    (outcome,) = collect(corpus, clock, wanted)
    assert outcome.path == "2021/彰武县司法局/更好的标题.html"
    right = {field: value for (_, field), value in corrections(corpus, "2021/彰武县司法局").items()}
    assert right == {"title": "更好的标题", "year": "2021", "unit": "彰武县司法局", "source_url": f"{site.address}/x"}


def test_what_is_as_it_was_is_not_sent_again(site, clock, corpus):
    site.replies["/x.html"] = (200, {"ETag": '"1"', "Last-Modified": "Wed, 01 Mar 2023 00:00:00 GMT"}, page())
    wanted = Wanted(f"{site.address}/x.html")
    collect(corpus, clock, wanted)
    before = (corpus / "collected.csv").read_bytes()
    (outcome,) = collect(corpus, clock, wanted)
    assert outcome.state is State.UNCHANGED
    sent = site.asked[-1][1]
    assert (sent["If-None-Match"], sent["If-Modified-Since"]) == ('"1"', "Wed, 01 Mar 2023 00:00:00 GMT")
    assert (corpus / "collected.csv").read_bytes() == before
    # A server that knows no conditions sends the same again.
    site.replies["/x.html"] = (200, {}, page())
    assert collect(corpus, clock, wanted)[0].state is State.UNCHANGED
    # A file that is gone is fetched anew, without conditions.
    (corpus / outcome.path).unlink()
    assert collect(corpus, clock, wanted)[0].state is State.NEW
    assert "If-None-Match" not in site.asked[-1][1]


def test_a_page_that_changed_takes_the_place_of_the_one_before(site, clock, corpus):
    site.replies["/x.html"] = (200, {}, page())
    wanted = Wanted(f"{site.address}/x.html")
    (first,) = collect(corpus, clock, wanted)
    site.replies["/x.html"] = (200, {}, page(paragraphs=[*PARAGRAPHS, "补充一段。"]))
    (second,) = collect(corpus, clock, wanted)
    assert (second.state, second.path) == (State.CHANGED, first.path)
    assert "补充一段" in (corpus / second.path).read_text("utf-8")
    # What somebody changed here is not written over.
    (corpus / first.path).write_text("设好的文字", "utf-8")
    site.replies["/x.html"] = (200, {}, page())
    (third,) = collect(corpus, clock, wanted)
    assert (third.state, third.path) == (State.NEW, f"2022/彰武县人民政府/{TITLE} (2).html")
    assert (corpus / first.path).read_text("utf-8") == "设好的文字"


def test_whatever_a_server_sends_in_its_head_the_table_can_be_read_again(site, clock, corpus):
    etag = '"全,\x0b\x1c"'.encode().decode("latin-1")
    site.replies["/x.html"] = (200, {"ETag": etag}, page())
    (outcome,) = collect(corpus, clock, Wanted(f"{site.address}/x.html"))
    assert read_collected(corpus)[outcome.url].etag == etag
    assert "\x85" in etag


def test_corrections_that_cannot_be_read_leave_nothing_that_no_table_names(site, clock, corpus):
    site.replies["/x.html"] = (200, {}, page())
    table = corpus / "2022" / "彰武县人民政府" / "corrections.csv"
    table.parent.mkdir(parents=True)
    table.write_text("nothing\n", "utf-8")
    with pytest.raises(BadPath, match="corrections"):
        collect(corpus, clock, Wanted(f"{site.address}/x.html"))
    assert files(corpus) == ["2022/彰武县人民政府/corrections.csv"]


def test_a_disk_that_is_nearly_full_is_not_filled(site, clock, corpus, monkeypatch):
    monkeypatch.setattr(collecting, "LEAST_FREE", 1 << 60)
    site.replies["/x.html"] = (200, {}, page())
    with pytest.raises(OSError, match="remain free"):
        collect(corpus, clock, Wanted(f"{site.address}/x.html"))
    assert files(corpus) == []


def test_what_a_run_that_was_killed_left_is_gone_with_the_next_one(site, clock, corpus):
    (corpus / ".adding" / "collect-x").mkdir()
    collect(corpus, clock)
    assert list((corpus / ".adding").iterdir()) == []
