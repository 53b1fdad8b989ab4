"""The words of a subset and the neighbours of a term, on every engine, against a plain reading."""

import math
import random
from collections import Counter

import pytest

from indexer import InvalidQuery, InvalidRequest, Report, build_index, fold, open_index
from indexer.analysis.words import cut, search_words
from indexer.backends import open_writer
from indexer.catalogue import Catalogue
from indexer.wordlists import LEAST_LIKELIHOOD, is_listed

SENTENCES = [
    "推进行政执法体制改革，",
    "严格规范公正文明执法。",
    "全面落实一网通办，",
    "办理行政复议案件38件；",
    "优化营商环境（含乡镇）。",
    "开展普法宣传活动、",
    "中华人民共和国",
    "人民群众满意度 ABC 提高",
    "重大行政决策合法性审查",
]
PLACES = [("210921", "阜新蒙古族自治县"), ("210922", "彰武县"), ("110105", "朝阳区")]
REQUESTS = [
    {"years": [2020]},
    {"regions": ["210900"], "side": "less"},
    {"sections": ["行政执法"], "sort": "ratio"},
    {"query": "行政复议", "of": "subset"},
    {"kinds": ["paragraph"], "regions": ["110105"], "side": "less"},
    {"levels": ["县"], "years": [2021, 2022]},
    {"query": "行政", "regions": ["210921"]},
    {"query": "执法 OR 决策"},
    {"query": "改革 NEAR/10 执法", "years": [2020, 2021]},
    {"query": "人民"},
]


def reports(chance, count=40):
    for number in range(count):
        code, name = chance.choice(PLACES)
        year = chance.choice([2020, 2021, 2022])
        # So that there is something to find.
        likely = SENTENCES[:4] if year == 2020 else SENTENCES[4:] if code == "110105" else SENTENCES
        blocks = [
            ((chance.choice(["一、行政执法", "二、普法"]),), "".join(chance.choices(likely, k=chance.randint(1, 4)))) for _ in range(6)
        ]
        yield Report.from_blocks(id=f"r{number}", title=f"{name}报告", year=year, issuer=f"{name}人民政府", region=code, blocks=blocks)


def passes(report, passage, wanted):
    return (
        (not wanted.get("years") or report.year in wanted["years"])
        and (not wanted.get("regions") or set(report.region.codes) & set(wanted["regions"]))
        and (not wanted.get("levels") or report.level in wanted["levels"])
        and (not wanted.get("sections") or passage.part in wanted["sections"])
        and (not wanted.get("kinds") or passage.kind in wanted["kinds"])
    )


def spans(query, text):
    """Where a query of the tests is found: one term, several of them, or two near each other."""
    if " NEAR/10 " in query:
        one, other = query.split(" NEAR/10 ")
        found = set()
        for first in (at for at in range(len(text)) if text.startswith(one, at)):
            for second in (at for at in range(len(text)) if text.startswith(other, at)):
                if 0 <= second - first - len(one) <= 10 or 0 <= first - second - len(other) <= 10:
                    found |= {(first, first + len(one)), (second, second + len(other))}
        return sorted(found)
    return sorted((at, at + len(term)) for term in query.split(" OR ") for at in range(len(text)) if text.startswith(term, at))


def holds(query, text):
    return not query or bool(spans(query, text))


def near(query, text):
    """The words near the occurrences in a text, which is cut whole."""
    found, at, occurrences = set(), 0, spans(query, text)
    for word in cut(text):
        start, end = at, at + len(word)
        at = end
        overlaps = any(start < b and a < end for a, b in occurrences)
        if is_listed(word) and not overlaps and any(0 <= a - end <= 10 or 0 <= start - b <= 10 for a, b in occurrences):
            found.add(word)
    return found


def g2(a, b, in_own, in_rest):
    total, held = in_own + in_rest, a + b
    cells = [
        (a, held * in_own),
        (b, held * in_rest),
        (in_own - a, (total - held) * in_own),
        (in_rest - b, (total - held) * in_rest),
    ]
    return 2 * sum(found * math.log(found * total / expected) for found, expected in cells if found)


def words_by_reading(held, wanted):
    """For each word: measures, and passages and reports with it in the subset and in the rest."""
    query = wanted.get("query", "")
    sides = {True: [], False: []}
    for report in held:
        for passage in report.passages:
            text = fold(passage.text)
            sides[bool(holds(query, text) and passes(report, passage, wanted))].append((report.id, set(search_words(text))))
    counts = {side: Counter(word for _, of_text in texts for word in of_text) for side, texts in sides.items()}
    own, rest = (len(sides[side]) for side in (True, False))
    found = {}
    for word in {word for side in counts.values() for word in side if is_listed(word)}:
        a, b = counts[True][word], counts[False][word]
        likelihood, ratio = g2(a, b, own, rest), math.log2((max(a, 0.5) / own) / (max(b, 0.5) / rest))
        if likelihood >= LEAST_LIKELIHOOD and (ratio < 0) == (wanted.get("side") == "less"):
            reports = [len({id for id, of_text in sides[side] if word in of_text}) for side in (True, False)]
            found[word] = (pytest.approx(likelihood), pytest.approx(ratio), a, reports[0], b, reports[1])
    return found


def neighbours_by_reading(held, wanted):
    together, owners, everywhere, holding = Counter(), {}, Counter(), 0
    for report in held:
        for passage in report.passages:
            text = fold(passage.text)
            if passes(report, passage, wanted):
                everywhere.update(set(search_words(text)))
                if holds(wanted["query"], text):
                    holding += 1
                    words = near(wanted["query"], text)
                    together.update(words)
                    for word in words:
                        owners.setdefault(word, set()).add(report.id)
    return {
        word: (pytest.approx(14 + math.log2(2 * count / (holding + everywhere[word]))), count, len(owners[word]), everywhere[word])
        for word, count in together.items()
        if count >= 3
    }


def all_of(index, wanted):
    first = index.words(per_page=100, **wanted)
    return [word for page in range(1, first.pages + 1) for word in index.words(per_page=100, page=page, **wanted).words]


@pytest.mark.parametrize("wanted", REQUESTS, ids=str)
def test_words_and_their_counts_are_those_of_a_reading(make_index, wanted):
    held = list(reports(random.Random(3)))
    index = make_index(held)
    found = all_of(index, wanted)
    if wanted.get("query") and wanted.get("of") is None:
        assert {one.word: (one.dice, one.together.paragraphs, one.together.reports, one.held.paragraphs) for one in found} == (
            neighbours_by_reading(held, wanted)
        )
        assert [(-one.dice, one.word) for one in found] == sorted((-one.dice, one.word) for one in found)
    else:
        expected = words_by_reading(held, wanted)
        assert {
            one.word: (one.likelihood, one.ratio, one.subset.paragraphs, one.subset.reports, one.rest.paragraphs, one.rest.reports)
            for one in found
        } == expected
        keys = [(-abs(one.ratio) if wanted.get("sort") == "ratio" else -one.likelihood, one.word) for one in found]
        assert keys == sorted(keys)
    assert found


def test_totals_are_those_of_subset_and_rest(make_index):
    held = list(reports(random.Random(3)))
    index = make_index(held)
    listed = index.words(years=[2020]).list
    own = [report for report in held if report.year == 2020]
    assert (listed.subset.reports, listed.rest.reports) == (len(own), len(held) - len(own))
    assert listed.subset.paragraphs == sum(len(report.passages) for report in own)
    near = index.words("复议", years=[2020]).list
    assert near.rest == listed.subset
    assert near.subset.paragraphs == index.search("复议", years=[2020]).total.paragraphs


def test_what_was_replaced_does_not_count(tmp_path):
    held = list(reports(random.Random(3)))
    build_index(tmp_path / "index", held)
    held[0] = Report.from_blocks(id="r0", title="彰武县报告", year=2020, issuer="彰武县人民政府", region="210922", blocks=[((), "普法")])
    writer = open_writer(tmp_path / "index")
    writer.put(held[0])
    writer.commit(Catalogue())
    with open_index(tmp_path / "index") as index:
        found = {one.word: (one.subset.paragraphs, one.rest.paragraphs) for one in all_of(index, {"years": [2020]})}
    assert found == {word: (counts[2], counts[4]) for word, counts in words_by_reading(held, {"years": [2020]}).items()}


@pytest.mark.parametrize(
    "wanted", [{}, {"of": "neighbours", "years": [2020]}, {"of": "both", "query": "法"}, {"query": "法", "side": "left", "of": "subset"}]
)
def test_what_cannot_be_answered_is_refused(make_index, wanted):
    index = make_index(reports(random.Random(3), 3))
    with pytest.raises(InvalidRequest):
        index.words(**wanted)
    with pytest.raises(InvalidQuery):
        index.words("(法")


def test_a_subset_of_everything_or_nothing_has_no_words(make_index):
    index = make_index(reports(random.Random(3), 8))
    assert index.words(years=[2020, 2021, 2022]).words == ()
    assert index.words(years=[1999]).words == ()
    assert index.words("没有这样的文字").words == ()


def test_a_word_leads_to_what_matches_with_it_where_that_is_no_too_long_query(make_index):
    index = make_index(list(reports(random.Random(3))))
    wanted = {"of": "subset", "years": [2020]}
    short = index.words("行政 OR 无", **wanted).words
    (length,) = {len(one.query) - len(one.word) for one in short}
    for at, one in enumerate(short):
        assert index.search(one.query, years=[2020]).total.paragraphs == one.subset.paragraphs, at
    longest = sorted({len(one.word) for one in short})[:2]
    assert len(longest) == 2
    long = index.words("行政 OR 无" + "无" * (200 - length - longest[0]), **wanted).words
    assert [one.word for one in long] == [one.word for one in short]
    assert {len(one.word): len(one.query) if one.query else None for one in long} == {
        len(one.word): 200 if len(one.word) == longest[0] else None for one in short
    }


def test_lists_that_stay_for_their_next_page_are_those_of_their_request(tmp_path, monkeypatch):
    build_index(tmp_path / "index", reports(random.Random(3)))
    index = open_index(tmp_path / "index")
    monkeypatch.setattr("indexer.search.methods.opened.LISTS_CACHED", 0)
    forgets = open_index(tmp_path / "index")
    likes = {"query": "行政执法", "of": "subset"}
    wanted = [
        *REQUESTS[:4],
        *({**likes, **more} for more in ({}, {"mode": "all"}, {"mode": "any"}, {"sort": "ratio"}, {"side": "less"}, {"of": "neighbours"})),
        *({**likes, **more} for more in ({"years": [2020]}, {"years": [2021]}, {"kinds": ["paragraph"]}, {"novelty": "own"})),
    ]
    pages = [one | {"page": page, "per_page": 3} for one in wanted for page in (1, 2)]
    random.Random(4).shuffle(pages)
    found = [index.words(**one) for one in pages]
    assert found == [forgets.words(**one) for one in pages]
    assert len({page.list.words for page in found}) > 6
    assert index._word_lists._entries
    assert {tuple(words._near.words) for words, _ in index._word_lists._entries.values() if words._near} == {()}
    assert not forgets._word_lists._entries
