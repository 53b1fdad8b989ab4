"""What readers of a real node see while others write, and of results and reports larger than one reply."""

import pytest

from indexer import (
    ClusterRefused,
    IndexCorrupt,
    Report,
    build_index,
    open_index,
)
from indexer.backends import open_writer
from indexer.catalogue import Catalogue
from indexer.engines.opensearch import engine, fetching, search_body
from indexer.engines.opensearch.address import Address
from indexer.engines.opensearch.writer import OpenSearchWriter
from tests.support import one_report


def test_what_a_run_has_sent_does_not_show_before_it_publishes(place):
    sections = [(("一、原有",), "法一"), (("二、原有",), "法二")]
    held = [Report.from_blocks(id=id, title=f"原题{id}", blocks=sections) for id in ("changed", "resectioned", "dropped", "kept")]
    build_index(place, held)
    writer = OpenSearchWriter(Address.read(place))
    writer.put(Report.from_blocks(id="changed", title="新题", blocks=[*sections, (("三、新增",), "法三")]))
    writer.put(Report.from_blocks(id="resectioned", title="新题", blocks=[((), "法一"), ((), "法二")]))
    writer.drop("dropped")
    writer._take_all()
    writer._send_spooled()
    writer._loader.finish()
    with open_index(place) as index:
        page = index.search("法", per_page=100)
        assert sorted((hit.report.title, hit.text, hit.section[-1].heading) for hit in page.hits) == sorted(
            (report.title, passage.text, passage.section[-1].heading) for report in held for passage in report.paragraphs
        )
        assert list(index.hits(page.request)) == page.hits
        assert {report.id: report for report in held} == {report.id: index.report(report.id) for report in held}
    writer.abort()


@pytest.mark.parametrize("collapse", [False, True])
def test_a_whole_result_is_of_one_state_whatever_is_published_meanwhile(place, monkeypatch, collapse):
    monkeypatch.setattr(engine, "BATCH", 1)
    sections = [(("一、原有",), "法一"), (("二、原有",), "法二")]
    held = [Report.from_blocks(id=id, title=f"原题{id}", blocks=sections) for id in "abcd"]
    build_index(place, held)
    with open_index(place) as index:
        page = index.search("法", collapse=collapse, per_page=100)
        hits = index.hits(page.request)
        found = [next(hits)]
        writer = open_writer(place)
        for id in "ab":
            writer.drop(id)
        for id in "cd":
            writer.put(Report.from_blocks(id=id, title="新题", blocks=[((), "法一"), ((), "法二")]))
        writer.commit(Catalogue())
        found += hits
        assert found == page.hits
        assert {hit.report.title for hit in index.run(page.request).hits} == {"新题"}


def test_a_report_that_is_replaced_while_it_is_read_is_read_again(place, monkeypatch):
    sections = [(("一、原有",), "法一"), (("二、原有",), "法二")]
    held = Report.from_blocks(id="a", title="题", blocks=sections)
    build_index(place, [held])
    failing = [1]

    def passage_of(hit, report):
        if failing:
            failing.pop()
            raise fetching.Replaced(report.id)
        return right(hit, report)

    right = fetching.passage_of
    monkeypatch.setattr(fetching, "passage_of", passage_of)
    with open_index(place) as index:
        assert index.report("a") == held
        failing = [1] * 100
        with pytest.raises(IndexCorrupt, match="report a lacks what its passages name"):
            index.report("a")


def test_a_report_of_more_passages_than_one_reply_holds_comes_whole(place, monkeypatch):
    held = one_report(*(f"法{number}" for number in range(25)), id="a")
    build_index(place, [held, one_report("法", id="b")])
    monkeypatch.setattr(fetching, "BATCH", 10)
    with open_index(place) as index:
        assert index.report("a") == held


def test_deep_pages_and_whole_results_go_on_from_hit_to_hit(place, cluster, monkeypatch):
    reports = [Report.from_blocks(id=f"r{n}", title="题", blocks=[((), f"法{m % 70}") for m in range(100)]) for n in range(11)]
    build_index(place, reports)
    # A tenth of what a cluster allows by default, and of what is asked of one.
    cluster.client.indices.put_settings(index=cluster.address.name, body={"index.max_result_window": engine.WINDOW // 10})
    with open_index(place) as index:
        with pytest.raises(ClusterRefused, match="Result window is too large"):
            index.search("法", page=21, per_page=50, kinds=["paragraph"])
        monkeypatch.setattr(engine, "WINDOW", engine.WINDOW // 10)
        page = index.search("法", page=21, per_page=50, kinds=["paragraph"])
        assert page.total.paragraphs == 1_100
        assert [hit.id for hit in page.hits] == [hit.id for hit in list(index.hits(page.request))[1_000:1_050]]
        assert index.search("法", page=23, per_page=50, kinds=["paragraph"]).hits == []
        collapsed = index.search("法", collapse=True, kinds=["paragraph"])
        assert collapsed.total.hits == 70
        assert sum(1 + hit.same for hit in index.hits(collapsed.request)) == 1_100


def test_groups_too_many_for_one_reply_are_counted_in_parts(place, monkeypatch):
    build_index(place, [one_report(*(f"法{number % 90}" for number in range(120)), id="a")])
    for module in (search_body, engine):
        monkeypatch.setattr(module, "GROUPS", 30)
    with open_index(place) as index:
        assert index.search("法", collapse=True).total.hits == 90


def test_a_spelling_is_offered_only_where_all_texts_that_may_hold_it_can_be_read(place, monkeypatch):
    build_index(place, [one_report(*["行政复议"] * 5, *["行政服从"] * 2, "政服议", id="a")])
    with open_index(place) as index:
        request = index.search("行政服议").request
        assert index.explain(request).nearest == [("行政服议", "行政复议", 5)]
        monkeypatch.setattr("indexer.search.offers.SPELLING_WORK", 30)
        assert index.explain(request).nearest == []
