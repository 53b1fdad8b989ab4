"""All hits one after another, and the years, on every engine; against a plain reading."""

import random
from collections import Counter

import pytest

from indexer import Context, InvalidRequest, Mode, Report, SearchRequest, YearShare, build_index, open_index

WORDS = ["法治", "政府", "行政复议", "公开"]


def reports(seed=3):
    chance = random.Random(seed)
    for number in range(40):
        blocks = [((), "".join(chance.choices(WORDS, k=chance.randint(1, 3)))) for _ in range(5)]
        yield Report.from_blocks(
            title="题", id=f"r{number:02}", year=chance.choice([2018, 2019, 2022, None]), issuer=f"甲{number % 3}", blocks=blocks
        )


@pytest.mark.parametrize("collapse", [False, True])
@pytest.mark.parametrize("sort", ["relevance", "-year", "year"])
def test_all_hits_are_those_of_all_pages(make_index, sort, collapse):
    index = make_index(reports())
    wanted = {"sort": sort, "collapse": collapse, "per_page": 7}
    first = index.search("法治 OR 公开", **wanted)
    paged = [hit for number in range(1, first.pages + 1) for hit in index.search("法治 OR 公开", page=number, **wanted).hits]
    assert list(index.hits(SearchRequest.of("法治 OR 公开", **wanted))) == paged
    assert len(paged) == first.total.hits


@pytest.mark.parametrize("mention", [None, False])
@pytest.mark.parametrize("sort", ["relevance", "-year", "region"])
def test_all_listed_reports_are_those_of_all_pages(make_index, sort, mention):
    index = make_index(reports())
    wanted = {"sort": sort, "per_page": 7, "issuers": ["甲0", "甲1"]}
    for query in ["公开", "行政复议 OR 法治"] if mention is False else ["公开", ""]:
        first = index.list_reports(SearchRequest.of(query, **wanted), mention=mention)
        pages = [
            index.list_reports(SearchRequest.of(query, page=number, **wanted), mention=mention) for number in range(1, first.pages + 1)
        ]
        listed = list(index.listed(SearchRequest.of(query, page=2, **wanted), mention=mention))
        assert listed == [one for page in pages for one in page.reports]
        assert len(listed) == first.total


def test_nothing_is_listed_of_what_cannot_be_asked(make_index):
    with pytest.raises(InvalidRequest):
        make_index(reports()).listed(SearchRequest(), mention=False)


@pytest.mark.parametrize("context", Context)
def test_all_lines_are_those_of_all_pages(make_index, context, monkeypatch):
    monkeypatch.setattr("indexer.search.occurrences.LINES_TOGETHER", 13)
    index = make_index(reports())
    wanted = {"sort": "year", "per_page": 9, "years": [2018, 2019]}
    first = index.concordance(SearchRequest.of("行政 OR 公开", **wanted), context)
    pages = [index.concordance(SearchRequest.of("行政 OR 公开", page=number, **wanted), context) for number in range(1, first.pages + 1)]
    lines = list(index.lines(SearchRequest.of("行政 OR 公开", page=3, **wanted), context))
    assert lines == [line for page in pages for line in page.lines]
    assert len(lines) == first.total > 26


def test_combinations_are_counted_as_a_reading_counts_them(make_index, monkeypatch):
    monkeypatch.setattr("indexer.engines.opensearch.counting.COMBINATIONS", 3)
    held = list(reports())
    index = make_index(held)
    for query, sections in (("", ()), ("行政复议", ()), ("公开", (None,)), ("没有", ())):
        kept = [report for report in held if any(query in passage.text for passage in report.passages)]
        counts = Counter((report.issuer, report.year) for report in kept)
        assert index.tally(SearchRequest.of(query, sections=sections, page=3), ("issuer", "year")) == dict(counts)
    assert index.tally(SearchRequest(), ("type",)) == {("report",): 40}


def test_years_are_those_of_a_reading(make_index):
    held = list(reports())
    index = make_index(held)
    for query, issuers in (("行政复议", ()), ("公开", ("甲1",)), ("没有", ())):
        kept = [report for report in held if not issuers or report.issuer in issuers]

        def share(year, kept=kept, query=query):
            of_year = [report for report in kept if report.year == year]
            return YearShare(year, sum(any(query in p.text for p in r.passages) for r in of_year), len(of_year))

        found = index.years(SearchRequest.of(query, issuers=issuers, years=[2018]))
        assert found == [share(year) for year in (2018, 2019, 2020, 2021, 2022, None)]
        assert [one.held for one in found][2:4] == [0, 0]


def test_years_narrow_what_mentions_but_not_what_is_held_by_part(make_index):
    index = make_index(
        Report.from_blocks(title="题", id=f"r{n}", year=2020, blocks=[(("一、存在的不足",) if n else (), "法治")]) for n in range(3)
    )
    assert index.years(SearchRequest.of("法治", sections=["存在的不足"])) == [YearShare(2020, 2, 3)]


def test_without_a_query_there_are_no_years(make_index):
    with pytest.raises(InvalidRequest):
        make_index(reports()).years(SearchRequest.of("", mode=Mode.EXACT, issuers=["甲1"]))


def test_whole_results_are_read_on_though_nobody_holds_the_index(tmp_path):
    build_index(tmp_path / "index", reports())
    listed = open_index(tmp_path / "index").reports(SearchRequest())
    hits = open_index(tmp_path / "index").hits(SearchRequest("法治"))
    assert (len(list(listed)), len(list(hits)) > 40) == (40, True)
