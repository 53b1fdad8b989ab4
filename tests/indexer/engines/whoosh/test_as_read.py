"""A small index of several segments, some of their reports dropped, answers as a plain reading of its reports does, whichever way is taken.

The ways differ in what is quick; with other bounds the same small index takes those that are meant for a large one.
"""

import random
import re
from bisect import bisect_right
from collections import Counter
from dataclasses import replace
from itertools import pairwise, product

import numpy as np
import pytest

from indexer import NotFound, Report, SearchRequest, Sort, fold, open_index
from indexer.catalogue import Catalogue
from indexer.engines.boundary import EVERYTHING
from indexer.engines.whoosh import engine
from indexer.engines.whoosh.arrays import columns
from indexer.engines.whoosh.arrays.positions import START_BITS
from indexer.engines.whoosh.engine import WhooshEngine
from indexer.engines.whoosh.evaluation import evaluate, lookup, occurrences, threads
from indexer.engines.whoosh.evaluation import passages as passages_module
from indexer.engines.whoosh.writer import WhooshWriter
from indexer.query.tree import Query
from indexer.request import Mode
from indexer.search import Index
from indexer.search.plans import plan_of
from tests.scan import ScanEngine

WORDS = ["法治", "政府", "行政", "复议", "哈哈", "哈哈哈", "处罚", "许可", "，", "。", "a1"]
QUERIES = [
    "法治",
    "法",
    "哈哈",
    "哈哈哈哈",
    "行政复议",
    "法治政府行政",
    "哪里都没有",
    "法治 政府",
    "法治 行政复议",
    "法治 OR 政府",
    "法治 OR 哪里都没有",
    "治政 OR 许可",
    "法治 -政府",
    "year:2018-2022 -法治",
    "year:2018-2022 -(法治 OR 政府)",
    "法治 (政府 OR 复议)",
    "(法治 OR 政府) (复议 OR 处罚)",
    "法治 -(政府 复议)",
    "(法治 政府) OR (复议 处罚)",
    "(法治 政府) OR (复议 -处罚)",
    "法治 NEAR/2 政府",
    "法治 NEAR/0 政府",
    "处罚 (法治 NEAR/2 政府)",
    "year:2018-2022 -(法治 NEAR/2 政府)",
    "(法治 NEAR/2 政府) OR (复议 NEAR/3 许可)",
    "year:2020",
    "year:2019-2021",
    "法治 year:2020",
    "法治 -year:2019-2021",
    "法治 region:阜新市",
    "year:2018-2022 -region:辽宁省",
    "法治 OR region:110105",
    "法治 title:乙",
    "title:题1",
    "issuer:乙县",
    "法治 -issuer:司法局",
    "part:行政执法",
    "法治 -part:行政执法",
    "法治 行政 year:2018-2023 -title:甲",
]
FILTERS = [
    {},
    {"years": [2020, None]},
    {"regions": ["辽宁省"]},
    {"kinds": ["paragraph"]},
    {"sections": ["行政执法"], "year_from": 2019},
]
FACETS = ("year", "region", "issuer", "section", "kind")


def made():
    chance = random.Random(11)
    return [
        Report.from_blocks(
            id=f"r{number}",
            title=f"{chance.choice('甲乙')}标题{number % 7}",
            year=chance.choice([None, *range(2018, 2024)]),
            issuer=chance.choice([None, "甲县", "乙县司法局", "乙县"]),
            region=chance.choice([None, "210921", "210900", "110105"]),
            blocks=[
                (chance.choice([(), ("一、成效",), ("一、成效", "(一)行政执法")]), "".join(chance.choices(WORDS, k=chance.randint(1, 9))))
                for _ in range(chance.randint(1, 5))
            ],
        )
        for number in range(40)
    ]


def held(reports):
    """Those that were not dropped."""
    return [report for number, report in enumerate(reports) if number not in (3, 7, 29, 35)]


@pytest.fixture(scope="module")
def reports():
    return made()


@pytest.fixture(scope="module")
def place(reports, tmp_path_factory):
    place = tmp_path_factory.mktemp("grown") / "index"
    for first, last, dropped in ((0, 31, ()), (31, 38, (3, 35)), (38, 40, (7, 29))):
        writer = WhooshWriter(place)
        for report in reports[first:last]:
            writer.put(report)
        for number in dropped:
            writer.drop(f"r{number}")
        writer.commit(Catalogue())
    assert len(list((place / "generations" / (place / "CURRENT").read_text()).glob("*.arrays"))) > 1
    return place


@pytest.fixture(scope="module")
def scan(reports):
    return Index(ScanEngine(held(reports)))


@pytest.fixture(params=["as_it_is", "as_if_large", "as_if_few"])
def index(request, place, monkeypatch):
    if request.param == "as_if_large":
        for name, value in {"READ": 0, "FEW": 0, "SPARSE": 1, "RARER": 0}.items():
            monkeypatch.setattr(lookup, name, value)
        for name, value in {"BATCH": 20, "MANY": 100, "FEWER": 0, "ROWS": 2, "SPARSE": 1, "RANGE": 7}.items():
            monkeypatch.setattr(evaluate, name, value)
        monkeypatch.setattr(threads, "TOGETHER", 3)
        monkeypatch.setattr(passages_module, "LARGE", 1)
        monkeypatch.setattr(occurrences, "MERGED", 1)
        monkeypatch.setattr(occurrences, "loops", lambda: None)
        monkeypatch.setattr(threads, "cores", lambda: 3)
        monkeypatch.setattr(columns, "FEW", 1_000)
        monkeypatch.setattr(engine, "MANY", 1)
        monkeypatch.setattr(engine, "LISTED_TOGETHER", 3)
    if request.param == "as_if_few":
        for name, value in {"READ": 1, "FEW": 2, "SPARSE": 100, "RARER": 100}.items():
            monkeypatch.setattr(lookup, name, value)
        for name, value in {"BATCH": 1, "MANY": 0, "FEWER": 1000, "ROWS": 2, "SPARSE": 100}.items():
            monkeypatch.setattr(evaluate, name, value)
        monkeypatch.setattr(occurrences, "MERGED", 100)
    with open_index(place) as index:
        yield index


def scores(hits):
    return {hit.id: pytest.approx(hit.score) for hit in hits}


def test_pages_equal_a_plain_reading(index, scan):
    for number, query in enumerate(QUERIES):
        filters = FILTERS[number % len(FILTERS)]
        wanted = {"per_page": 100, "facets": FACETS, **filters}
        page, right = index.search(query, **wanted), scan.search(query, **wanted)
        assert (page.total, page.facets) == (right.total, right.facets), query
        assert scores(page.hits) == {hit.id: hit.score for hit in right.hits}, query
        assert [hit.score for hit in page.hits] == sorted((hit.score for hit in page.hits), reverse=True), query
        assert {hit.id: hit.matches for hit in page.hits} == {hit.id: hit.matches for hit in right.hits}, query


def test_lists_that_are_cached_serve_a_part_of_the_segments_too(place, scan, monkeypatch):
    with open_index(place) as index:
        for together in (1_000_000, 1):
            monkeypatch.setattr(threads, "TOGETHER", together)
            for query in ("行政复议", "法治政府", "法治政府行政", "政府，法治"):
                assert index.search(query).total == scan.search(query).total, (query, together)


def test_where_a_pair_begins_is_looked_up_in_some_segments(place):
    for is_cached in (False, True):
        passages = WhooshEngine(place)._passages
        if is_cached:
            passages.occurrences.starts("法治")
        owners = np.array([bisect_right(passages.bases, number) - 1 for number in range(passages.count)])
        texts = enumerate(passages.folded(number) for number in range(passages.count))
        right = [(number << START_BITS) + at.start() for number, text in texts if passages.live[number] for at in re.finditer("法治", text)]
        for within in map(np.array, product([False, True], repeat=len(passages.segments))):
            found = passages.occurrences.starts("法治", within).tolist()
            wanted = [start for start in right if within[owners[start >> START_BITS]]]
            between = wanted and [start for start in right if wanted[0] <= start <= wanted[-1]]
            assert found == (between if is_cached else wanted)
            segments = passages.occurrences.segments_of(np.array(found, np.int64))
            assert segments.tolist() == [bool(at in owners[np.array(found, np.int64) >> START_BITS]) for at in range(len(within))]


def test_each_segment_is_in_one_group_of_neighbours(monkeypatch):
    monkeypatch.setattr(threads, "TOGETHER", 10)
    for segments in (1, 2, 3, 7):
        for postings in (0, 19, 20, 39, 50, 1_000):
            groups = threads.groups(segments, postings, compiled=False)
            if (count := min(postings // 10, segments)) < 2:
                assert groups == [None]
                continue
            members = [group.nonzero()[0].tolist() for group in groups]
            assert [at for own in members for at in own] == list(range(segments))
            assert len(members) == count
            assert {len(own) for own in members} <= {segments // count, -(-segments // count)}


@pytest.mark.parametrize("mode", ["any", "all", "literal"])
def test_pages_of_sentences_equal_a_plain_reading(index, scan, mode):
    for query in ("法治政府行政复议", "处罚许可", "哈哈哈", "a1 法治", "哪里都没有"):
        for filters in ({}, {"years": [2020]}):
            page, right = (each.search(query, mode=mode, per_page=100, **filters) for each in (index, scan))
            assert page.total == right.total, query
            assert scores(page.hits) == {hit.id: hit.score for hit in right.hits}, query
        best, right = index.rank(query, mode, top=4), scan.rank(query, mode, top=4)
        assert (best.total, best.scores) == (right.total, [pytest.approx(score) for score in right.scores]), query


def test_sorted_pages_equal_a_plain_reading(index, scan):
    for number, query in enumerate(QUERIES):
        sort = (Sort.NEWEST, Sort.OLDEST, Sort.REGION)[number % 3]
        some, right = (each.search(query, sort=sort, per_page=5, page=2) for each in (index, scan))
        assert [hit.id for hit in some.hits] == [hit.id for hit in right.hits], query
        assert scores(some.hits) == {hit.id: hit.score for hit in right.hits}, query
        some, right = (each.search(query, sort=sort, collapse=True, per_page=100) for each in (index, scan))
        assert (some.total, [(hit.id, hit.same) for hit in some.hits]) == (right.total, [(hit.id, hit.same) for hit in right.hits]), query


@pytest.mark.parametrize("top", [0, 1, 4, 100])
def test_ranks_equal_a_plain_reading(index, scan, top):
    for query in QUERIES:
        best, right = index.rank(query, top=top), scan.rank(query, top=top)
        assert best.total == right.total
        assert best.scores == [pytest.approx(score) for score in right.scores]
        own = scan.search(query, per_page=100).hits
        assert dict(zip(best.ids, best.scores, strict=True)).items() <= {hit.id: pytest.approx(hit.score) for hit in own}.items()


@pytest.mark.parametrize("sort", list(Sort))
def test_reports_in_order(index, scan, sort):
    for query in ("", *QUERIES[::6]):
        for mention in (None, False) if query else (None,):
            for page in (1, 3):
                request = SearchRequest.of(
                    query, sort=sort, per_page=4, page=page, kinds=() if query else ["paragraph"], years=[2019, 2020, 2021]
                )
                some, right = index.list_reports(request, mention=mention), scan.list_reports(request, mention=mention)
                assert some.total == right.total
                assert [(one.report.id, one.paragraphs, one.occurrences) for one in some.reports] == [
                    (one.report.id, one.paragraphs, one.occurrences) for one in right.reports
                ]
            every, right = index.listed(request, mention=mention), scan.listed(request, mention=mention)
            assert [one.report.id for one in every] == [one.report.id for one in right]


def test_tallies_equal_a_plain_reading(index, scan):
    for number, query in enumerate(("", *QUERIES)):
        request = SearchRequest.of(query, **FILTERS[1 + number % (len(FILTERS) - 1)])
        for fields in (("year",), ("region", "issuer")):
            assert index.tally(request, fields) == scan.tally(request, fields), query
        if query:
            assert index.explain(request).without == scan.explain(request).without, query
        if index.read(request).query.terms:
            assert index.years(request) == scan.years(request), query


def test_words_and_suggestions(index, scan, reports):
    for query in ("法治", "行政复议", "哪里都没有"):
        assert index.words(query, of="subset").words == scan.words(query, of="subset").words
    for prefix in ("法", "行政", "一、", "哪"):
        assert [text for text, _ in index.suggest(prefix)][:1] == [text for text, _ in scan.suggest(prefix)][:1]
    texts = {f"{report.id}~{passage.anchor}": fold(passage.text) for report in held(reports) for passage in report.passages}
    assert {hit.id for hit in index.hits(SearchRequest("法"))} == {id for id, text in texts.items() if "法" in text}


def test_figures_and_reports(index, scan, reports):
    stats, right = index.stats, scan.stats
    assert (stats.reports, stats.paragraphs, stats.passages, stats.years, stats.issuers) == (
        right.reports, right.paragraphs, right.passages, right.years, right.issuers,
    )  # fmt: skip
    for report in reports[8:14]:
        assert index.report(report.id).passages == report.passages


def test_how_many_passages_reports_have_together(place, reports):
    engine = WhooshEngine(place)
    some = SearchRequest.of("", years=[2019, 2020])
    for request, chosen in ((SearchRequest(), held(reports)), (some, [report for report in held(reports) if report.year in (2019, 2020)])):
        plan = plan_of(Index(engine).read(request))
        of_years = Counter(report.year for report in chosen)
        passages = Counter({year: sum(len(report.passages) for report in chosen if report.year == year) for year in of_years})
        assert engine.tally(plan, ("year",)) == {(year,): count for year, count in of_years.items()}
        assert engine.tally(plan, ("year",), passages=True) == {(year,): count for year, count in passages.items()}
    assert engine.tally(plan_of(Index(engine).read(SearchRequest.of("", years=[1990]))), ("year",)) == {}


@pytest.mark.parametrize("size", [1, 12, 25, 1_000, "less than two", "two"])
def test_texts_are_read_together_as_far_as_they_are_of_so_many_characters(place, monkeypatch, size):
    passages = WhooshEngine(place)._passages
    numbers = passages.numbers[passages.live]
    if isinstance(size, str):
        size = int(passages.length[numbers[:2]].sum()) - (size != "two")
    monkeypatch.setattr(evaluate, "BATCH", size)
    batches = list(evaluate.Evaluation(passages, Query(None, Mode.EXACT))._batches(numbers))
    assert np.concatenate(batches).tolist() == numbers.tolist()
    lengths = [passages.length[batch].tolist() for batch in batches]
    assert all(sum(own) <= size or len(own) == 1 for own in lengths)
    # None would have taken the next one's first.
    assert all(sum(one) + other[0] > size for one, other in pairwise(lengths))


def test_files_are_looked_at_again_after_a_while_and_no_sooner(place, monkeypatch):
    looked, now = [], [100]
    monkeypatch.setattr(passages_module, "CHECK_AFTER", 10)
    monkeypatch.setattr(passages_module.time, "monotonic", lambda: now[0])
    passages = WhooshEngine(place)._passages
    for segment in passages.segments:
        segment.check_unchanged = lambda: looked.append(now[0])
    for now[0] in (105, 110, 111, 121, 122):
        passages.check_unchanged()
    assert looked == [time for time in (111, 122) for _ in passages.segments]


def test_a_pair_s_frequency_is_judged_by_the_largest_segments(place, monkeypatch):
    passages = WhooshEngine(place)._passages
    assert passages.occurrences.pair_size("法治") == sum("法治" in passages.folded(number) for number in range(passages.count))
    assert passages.occurrences.pair_size("无法") == 0
    monkeypatch.setattr(occurrences, "JUDGED", 1)
    passages = WhooshEngine(place)._passages
    largest = max(passages.segments, key=lambda segment: segment.passages)
    assert passages.occurrences.pair_size("法治") == int(passages.count / largest.passages * largest.size("bigrams", "法治"))


def test_a_passage_is_found_by_its_id_alone(place, reports):
    passages = WhooshEngine(place)._passages
    live = held(reports)
    for report in (live[0], live[-1]):
        for passage in report.passages:
            assert passages.id(passages.number(f"{report.id}~{passage.anchor}")) == f"{report.id}~{passage.anchor}"
    for wanted in ("r3~0", "r0~none", "none~0", f"{live[0].id}~"):
        with pytest.raises(NotFound):
            passages.number(wanted)


def test_examples_and_headings_are_of_live_reports(place, reports):
    engine = WhooshEngine(place)
    values = {"甲县", "乙县", "乙县司法局", None, "丙县"}
    found = engine.examples("issuer", values)
    assert {value: report.issuer for value, report in found.items()} == {value: value for value in values - {"丙县"}}
    assert {report.id for report in found.values()} <= {report.id for report in held(reports)}
    assert engine._passages.headings == sorted({fold(section.heading) for report in held(reports) for section in report.sections})


def test_an_index_without_reports_answers(tmp_path):
    WhooshWriter(tmp_path).commit(Catalogue())
    with open_index(tmp_path) as index:
        assert (index.stats.reports, index.stats.passages, index.stats.years) == (0, 0, ())
        assert index.search("法治", facets=FACETS).total.paragraphs == 0
        assert index.search("法治政府 -年", mode="any").hits == []
        assert index.rank("法治").total == 0
        assert (index.tally(SearchRequest(), ("year",)), index.suggest("法")) == ({}, [])
        assert index.list_reports(SearchRequest()).total == 0
        counts = index._engine.word_counts(EVERYTHING)
        assert (list(counts.words), counts.subset.paragraphs, counts.rest.paragraphs) == ([], 0, 0)


def test_occurrences_are_counted_of_so_many_passages_and_no_more(place, scan, monkeypatch):
    plan = plan_of(scan.read(SearchRequest("法治")))
    matching = scan.search("法治").total
    for limit, counted in ((matching.paragraphs, True), (matching.paragraphs - 1, False)):
        monkeypatch.setattr(engine, "OCCURRENCES_LIMIT", limit)
        opened = WhooshEngine(place)
        assert opened.search(replace(plan, counts_occurrences=True)).total.occurrences == (matching.occurrences if counted else None)
        assert opened.search(replace(plan, counts_occurrences=False)).total.occurrences is None
        assert (opened.texts(plan) is not None) == counted
    most = max(one.paragraphs for one in WhooshEngine(place).each_listed(plan, None))
    monkeypatch.setattr(engine, "OCCURRENCES_LIMIT", most - 1)
    listed = list(WhooshEngine(place).each_listed(plan, None))
    assert {one.paragraphs == most for one in listed} == {True, False}
    assert all((one.occurrences is None) == (one.paragraphs == most) for one in listed)


def test_who_reads_a_long_answer_has_the_files_looked_at_again(place, scan, monkeypatch):
    plan = plan_of(scan.read(SearchRequest("法治")))
    monkeypatch.setattr(engine, "CHECKED_EVERY", 3)
    opened, looked = WhooshEngine(place), []
    opened._passages.check_unchanged = lambda: looked.append(True)
    figures = opened.figures(replace(plan, sort=Sort.NEWEST))
    for answer in (opened.each(plan), opened.each_listed(plan, None), opened.reports(plan)):
        looked.clear()
        times = [len(looked) for _ in answer]
        assert len(times) > 6
        assert times == [1 + at // 3 for at in range(len(times))]
    texts = opened.texts(plan)
    looked.clear()
    assert len(texts.passages(range(7))) == 7
    assert len(looked) == 3
    looked.clear()
    assert len(figures.passages(range(7))) == 7
    assert len(looked) == 3
    wanted = len(list(opened.each(plan)))
    looked.clear()
    reports = figures.reports()
    assert len(reports) == wanted
    # Each is read once, however many of its passages match.
    different = len({report.id for report in reports})
    assert 6 < different < wanted
    assert len(looked) == -(-different // 3)


@pytest.mark.parametrize(
    "answer",
    [
        lambda engine, plan: engine.search(plan),
        lambda engine, plan: engine.each(plan),
        lambda engine, plan: engine.years(plan),
        lambda engine, plan: engine.spread(plan, "section", {}),
        lambda engine, plan: engine.cross(plan, "section", {"行政执法"}, ["year"]),
        lambda engine, plan: engine.rank(plan.query, 3),
        lambda engine, plan: engine.candidates([["法治"]], 3),
        lambda engine, plan: engine.holding_each(["法治"], 3),
        lambda engine, plan: engine.holding_all([["法治"]]),
        lambda engine, plan: engine.list_reports(plan, None),
        lambda engine, plan: engine.each_listed(plan, None),
        lambda engine, plan: engine.reports(plan),
        lambda engine, plan: engine.tally(plan, ["year"]),
        lambda engine, plan: engine.tally(EVERYTHING, ["year"]),
        lambda engine, plan: engine.tally(EVERYTHING, ["year"], passages=True),
        lambda engine, plan: engine.report("r0"),
        lambda engine, plan: engine.examples("year", {2020}),
        lambda engine, plan: engine.counts(plan.query, [[]]),
        lambda engine, plan: engine.texts(plan),
        lambda engine, plan: engine.figures(replace(plan, sort=Sort.NEWEST)),
        lambda engine, plan: engine.copies([1]),
        lambda engine, plan: engine.commonest(),
        lambda engine, plan: engine.suggest("法", 3),
        lambda engine, plan: engine.texts_holding([["法治"]], 1_000),
        lambda engine, plan: engine.word_counts(plan),
        lambda engine, plan: engine.holding(plan, ["法治"]),
    ],
    ids=lambda answer: answer.__code__.co_names[0],
)
def test_no_answer_is_made_before_the_files_were_looked_at(place, scan, answer):
    opened, looked = WhooshEngine(place), []
    opened._passages.check_unchanged = lambda: looked.append(True)
    answer(opened, plan_of(scan.read(SearchRequest("法治"))))
    assert looked


def test_sentences_that_stand_nowhere_have_no_copies(place):
    assert WhooshEngine(place).copies([1, 2]) == WhooshEngine(place).copies([]) == {}


def test_reports_of_figures_found_before_are_read_after_the_files_were_looked_at_again(place, scan):
    opened, looked = WhooshEngine(place), []
    found = opened.figures(replace(plan_of(scan.read(SearchRequest("法治"))), sort=Sort.NEWEST))
    opened._passages.check_unchanged = lambda: looked.append(True)
    assert found.reports()
    assert len(looked) == 1
    found.labelled("法治", None)
    assert len(looked) == 2
