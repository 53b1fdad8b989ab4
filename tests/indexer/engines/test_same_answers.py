"""Random requests over random reports: every engine against a plain reading of the texts, and against each other."""

import os
import random
from collections import Counter
from dataclasses import replace
from itertools import pairwise

import pytest

from indexer import FACETS, Report, SearchRequest, build_index, fold, open_index
from indexer.search import Index
from tests.scan import ScanEngine

pytestmark = pytest.mark.unmeasured

ALPHABET = "法治政府行复议许可处罚6+1%〔〕·，。ＡaB ％１哈"
COMPARED = tuple(name for name in FACETS if name not in ("added", "changed"))
"""A plain reading publishes nothing, so it knows no dates of that."""
QUERIES = 4_000
"""In the ordinary run; the slow one asks 100,000."""
QUERIES_ON_CLUSTER = int(os.environ.get("CLUSTER_QUERIES", "300"))
"""In the ordinary run; `make test-opensearch` asks 10,000."""


def random_text(chance):
    return " ".join("".join(chance.choices(ALPHABET, k=chance.randint(1, 24))).split()) or "法"


def random_reports(chance, count=60):
    for number in range(count):
        yield Report.from_blocks(
            id=f"r{number}",
            title=f"标题{random_text(chance)}",
            year=chance.choice([None, *range(2016, 2024)]),
            issuer=chance.choice([None, "甲县", "乙县司法局", "乙县"]),
            region=chance.choice([None, "210921", "210900", "110105", "429004"]),
            blocks=[
                (chance.choice([(), ("一、成效",), ("一、成效", "(一)行政执法"), ("二、问题",)]), random_text(chance))
                for _ in range(chance.randint(1, 6))
            ],
        )


def random_query(chance, texts, depth):
    """A query and what it should match: a function of folded text and report."""
    kind = chance.choice(["term", "term", "near", "year", "title", "issuer"] if depth == 0 else ["term", "and", "and", "or", "or", "not"])
    if kind in ("and", "or", "not"):
        (one, one_holds), (other, other_holds) = (random_query(chance, texts, depth - 1) for _ in range(2))
        if kind == "and":
            return f"({one}) ({other})", lambda f, r: one_holds(f, r) and other_holds(f, r)
        if kind == "or":
            return f"(({one}) OR ({other}))", lambda f, r: one_holds(f, r) or other_holds(f, r)
        return f"(({one}) -({other}))", lambda f, r: one_holds(f, r) and not other_holds(f, r)
    if kind == "year":
        low = chance.randint(2016, 2023)
        return f"year:{low}-{low + 2}", lambda f, r: r.year is not None and low <= r.year <= low + 2
    typed, needle = random_term(chance, texts)
    if kind == "near":
        other_typed, other_needle = random_term(chance, texts)
        gap = chance.randint(0, 8)
        return f"{typed} NEAR/{gap} {other_typed}", lambda f, r: near(f, needle, other_needle, gap)
    if kind == "title":
        return f"title:{typed}", lambda f, r: needle in fold(r.title)
    if kind == "issuer":
        return "issuer:乙县", lambda f, r: "乙县" in (r.issuer or "")
    return typed, lambda f, r: needle in f


def random_term(chance, texts):
    source = chance.choice(texts)
    start = chance.randrange(len(source))
    typed = source[start : start + chance.randint(1, 5)].strip() or "法"
    return f'"{typed}"', fold(typed)


def near(folded, one, other, gap):
    def starts(needle):
        return [at for at in range(len(folded)) if folded.startswith(needle, at)]

    return any(0 <= j - i - len(one) <= gap or 0 <= i - j - len(other) <= gap for i in starts(one) for j in starts(other))


def random_filters(chance):
    filters = {
        "years": tuple(chance.sample([None, 2016, 2019, 2020, 2022], k=chance.randint(0, 2))),
        "year_from": chance.choice([None, None, 2018]),
        "regions": tuple(chance.sample([None, "210000", "210921", "110000"], k=chance.choice([0, 0, 1, 2]))),
        "issuers": tuple(chance.sample([None, "甲县", "乙县"], k=chance.choice([0, 0, 1]))),
        "sections": tuple(chance.sample([None, "行政执法", "存在的不足"], k=chance.choice([0, 0, 1]))),
        "kinds": chance.choice([(), (), ("paragraph",), ("heading", "title")]),
    }
    return filters | {"sort": chance.choice(["relevance", "-year", "year", "region"]), "collapse": chance.random() < 0.3}


def allowed(report, passage, filters, leave_out=None):
    codes = report.region.codes if report.region else (None,)
    tests = {
        "year": (not filters["years"] or report.year in filters["years"])
        and (filters["year_from"] is None or (report.year or 0) >= filters["year_from"]),
        "region": not filters["regions"] or any(code in filters["regions"] for code in codes),
        "issuer": not filters["issuers"] or report.issuer in filters["issuers"],
        "section": not filters["sections"] or passage.part in filters["sections"],
        "kind": not filters["kinds"] or passage.kind in filters["kinds"],
    }
    return all(passed for name, passed in tests.items() if name != leave_out)


def check_sets(index, reports, texts, chance, count):
    """Every total, set, facet, list of reports and order is that of a plain reading, where scores are another engine's.

    Returns how many of the first ten texts are the same, of queries and of sentences.
    """
    scan = Index(ScanEngine(reports))
    shared, wanted = Counter(), Counter()
    for _ in range(count):
        mode = chance.choice(["exact"] * 7 + ["literal", "all", "any"])
        if mode == "exact":
            query, _ = random_query(chance, texts, chance.randint(0, 2))
        else:
            query = random_sentence(chance, texts)
        if len(query) > 200:
            continue
        filters = random_filters(chance) | {"mode": mode}
        asked = {"per_page": 100, "facets": COMPARED, **filters}
        other, first = index.search(query, **asked), scan.search(query, **asked)
        assert replace(other.total, occurrences=0) == replace(first.total, occurrences=0), (query, filters)
        assert other.total.occurrences in (None, first.total.occurrences), (query, filters)
        assert other.facets == first.facets, (query, filters)
        found = [(hit.id, hit.same, hit.matches, hit.report) for hit in other.hits]
        right = [(hit.id, hit.same, hit.matches, hit.report) for hit in first.hits]
        if filters["sort"] != "relevance":
            assert found == right, (query, filters)
        elif first.pages == 1:
            # Which of several equal texts stands for all depends on the order.
            assert [hit.same for hit in sorted(other.hits, key=text_of)] == [hit.same for hit in sorted(first.hits, key=text_of)]
            if not filters["collapse"]:
                assert sorted(found) == sorted(right), (query, filters)
            tied = [(hit.report.id, hit.score, text_of(hit)) for hit in other.hits]
            assert all(one[1] != two[1] or one[2] != two[2] for one, two in pairwise(tied)) or in_tie_order(other.hits)
            kind = "sentences" if mode in ("all", "any") else "queries"
            shared[kind] += len({text_of(hit) for hit in other.hits[:10]} & {text_of(hit) for hit in first.hits[:10]})
            wanted[kind] += len({text_of(hit) for hit in first.hits[:10]})
        if chance.random() < 0.7:
            continue
        request = SearchRequest.of(query, **{**filters, "collapse": False, "sort": "-year"})
        mention = chance.choice([None, True, False])
        ours, theirs = index.list_reports(request, mention=mention), scan.list_reports(request, mention=mention)
        assert [(one.report, one.paragraphs) for one in ours.reports] == [(one.report, one.paragraphs) for one in theirs.reports]
        assert (ours.total, index.years(request)) == (theirs.total, scan.years(request)), (query, filters)
    return {kind: shared[kind] / wanted[kind] for kind in wanted}


def random_sentence(chance, texts):
    sentence = "".join(char for char in chance.choice(texts) if char not in "%％。，·").strip()
    return sentence if any(map(str.isalnum, sentence)) else "法治"


def text_of(hit):
    return hit.kind, fold(hit.text)


def in_tie_order(hits):
    """Whether hits of the same score and text stand by newer year, report, place."""
    keys = [(-hit.score, -(hit.report.year or 0), hit.report.id) for hit in hits]
    alike = [
        (one, two)
        for one, two, a, b in zip(keys, keys[1:], hits, hits[1:], strict=False)
        if text_of(a) == text_of(b) and a.score == b.score
    ]
    return all(one <= two for one, two in alike)


def check(engines, reports, texts, chance, count):
    passages = [(report, passage, fold(passage.text)) for report in reports for passage in report.passages]
    for _ in range(count):
        query, holds = random_query(chance, texts, chance.randint(0, 2))
        if len(query) > 200:
            continue
        filters = random_filters(chance)
        matching = [(r, p, f) for r, p, f in passages if holds(f, r)]
        right = {f"{r.id}~{p.anchor}" for r, p, _ in matching if allowed(r, p, filters)}
        answers = [engine.search(query, per_page=100, facets=("year", "region", "section", "kind"), **filters) for engine in engines]
        top = chance.choice([0, 3, 10, 1_000])
        rankings = [engine.rank(query, top=top) for engine in engines]
        assert all(ranking == rankings[0] for ranking in rankings), query
        assert (rankings[0].total, len(rankings[0].ids)) == (len(matching), min(top, len(matching))), query
        for answer in answers:
            assert answer.total.paragraphs == len(right), query
            assert answer.total.reports == len({id.split("~")[0] for id in right}), query
            ids = {hit.id for hit in answer.hits}
            if filters["collapse"]:
                assert ids <= right
                assert sum(1 + hit.same for hit in answer.hits) == len(right) or answer.pages > 1
            elif len(right) <= 100:
                assert ids == right, query
            years = Counter(r.year for r, p, _ in matching if allowed(r, p, filters, leave_out="year"))
            assert {entry.value: entry.count for entry in answer.facets["year"]} == years, query
            regions = Counter()
            for r, p, _ in matching:
                if allowed(r, p, filters, leave_out="region"):
                    regions.update(r.region.codes if r.region else (None,))
            assert {entry.value: entry.count for entry in answer.facets["region"]} == regions, query
        first = answers[0]
        for other in answers[1:]:
            assert (other.total, other.facets) == (first.total, first.facets), query
            assert [(hit.id, hit.score, hit.same, hit.matches) for hit in other.hits] == [
                (hit.id, hit.score, hit.same, hit.matches) for hit in first.hits
            ], query
        if first.pages == 1 and not filters["collapse"]:
            assert first.total.occurrences == sum(len(hit.matches) for hit in first.hits), query


@pytest.fixture
def engines(tmp_path):
    chance = random.Random(7)
    reports = list(random_reports(chance))
    build_index(tmp_path / "index", reports)
    with open_index(tmp_path / "index") as whoosh:
        yield [Index(ScanEngine(reports)), whoosh], reports, [p.text for r in reports for p in r.passages]


def test_random_requests(engines):
    check(*engines, random.Random(11), QUERIES)


def test_random_requests_on_a_cluster(build_on_cluster):
    reports = list(random_reports(random.Random(7)))
    texts = [passage.text for report in reports for passage in report.passages]
    with open_index(build_on_cluster(reports)) as index:
        overlap = check_sets(index, reports, texts, random.Random(19), QUERIES_ON_CLUSTER)
    print("overlap at 10:", overlap)
    assert min(overlap.values()) > 0.85


@pytest.mark.slow
def test_a_hundred_thousand_random_requests(engines):
    check(*engines, random.Random(13), 100_000)


def test_sentences_rank_alike(engines):
    (scan, whoosh), _, texts = engines
    chance = random.Random(17)
    for _ in range(60):
        sentence = random_sentence(chance, texts)
        mode = chance.choice(["all", "any"])
        one, other = (engine.search(sentence, mode=mode, per_page=50) for engine in (scan, whoosh))
        assert other.total == one.total, sentence
        assert [(hit.id, pytest.approx(hit.score)) for hit in other.hits] == [(hit.id, hit.score) for hit in one.hits], sentence


def test_lists_of_reports_are_the_same(engines):
    (scan, whoosh), _, _ = engines
    for query, mention in [("", None), ("法", None), ("法", False), ("行政 复议", None), ("处罚", False)]:
        for sort in ("relevance", "-year", "year", "region"):
            request = SearchRequest.of(query, sort=sort, kinds=("paragraph",), per_page=50)
            assert whoosh.list_reports(request, mention=mention).reports == scan.list_reports(request, mention=mention).reports
    held = whoosh.list_reports(SearchRequest("法", per_page=100)).total
    missing = whoosh.list_reports(SearchRequest("法", per_page=100), mention=False).total
    assert held + missing == whoosh.stats.reports
