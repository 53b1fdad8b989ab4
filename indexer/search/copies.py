"""Hits, reports and lists, with how common their sentences are."""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence, Set
from dataclasses import dataclass, replace
from itertools import islice

from indexer.analysis.fold import fold, fold_with_offsets, original_spans, printed_spans
from indexer.boilerplate import Commonest, Copies, Sentence, printed_key, sentences
from indexer.cache import Cache
from indexer.engines.boundary import EVERYTHING, Engine, FoundPassage
from indexer.highlight import item_at, snippet
from indexer.model import Report, passage_id
from indexer.places import name_of_code
from indexer.prepared import PreparedQuery
from indexer.request import SearchRequest, Sort
from indexer.results import Hit, IndexStats, OnePage

TOGETHER = 100
"""How many hits are looked up together: an engine may need a request for that."""

SENTENCES_CACHE = 8_000_000
"""Bytes of cached texts with their sentences: good hits for one query are often good hits for another."""
SENTENCE = 160
"""Approximate bytes that a sentence takes."""

_cached: Cache[list[Sentence]] = Cache(SENTENCES_CACHE)


@dataclass(frozen=True, slots=True)
class CommonSpan:
    """A common sentence in a passage."""

    start: int
    """Offset in code points of the passage's text, as is `end`."""
    end: int
    sentence: str
    """The sentence's key, see `SearchRequest.sentence`."""
    also: Copies
    """How many other units and reports have it."""


@dataclass(frozen=True, slots=True)
class ReportNovelty:
    """Which parts of a report are common."""

    own: float
    """The share of the characters of its passages that are in no common sentence, from 0 to 1."""
    common: dict[str, list[CommonSpan]]
    """The common sentences of each passage that has any, by anchor, in text order."""
    shares: dict[str, float]
    """The share of each passage's characters that are in common sentences, by anchor."""


@dataclass(frozen=True, slots=True)
class CommonSentence:
    """A sentence that occurs in reports of many units, figures ignored."""

    key: str
    text: str
    """The text as the oldest report prints it."""
    passage: str
    """The id of the passage that `text` is taken from."""
    report: Report
    """The report that `text` is taken from, without its passages."""
    units: int
    reports: int
    first: int | None
    """The first reported year; None if none is known."""
    last: int | None
    years: tuple[tuple[int | None, int], ...]
    """The number of reports on each year that contain it, ascending, unknown last."""
    provinces: tuple[tuple[str, str, int], ...]
    """Code and name of each province, and the number of its units whose reports contain it, most first."""


@dataclass(frozen=True, slots=True)
class CommonSentencePage(OnePage):
    """One page of the commonest sentences."""

    request: SearchRequest
    sentences: list[CommonSentence]
    total: int
    index: IndexStats


def hits_of(engine: Engine, read: PreparedQuery, passages: Iterable[FoundPassage]) -> Iterator[Hit]:
    """Turn found passages into marked hits, with how common their sentences are."""
    left = iter(passages)
    while part := list(islice(left, TOGETHER)):
        texts = [found.folded_text for found in part]
        held = [_sentences(text) for text in texts]
        copies = engine.copies({sentence.key for own in held for sentence in own if sentence.key is not None})
        common = {key for key, one in copies.items() if one.common}
        for found, folded, own in zip(part, texts, held, strict=True):
            yield _hit(read, found, folded, own, copies, common)


def _sentences(folded: str) -> list[Sentence]:
    """The sentences of a folded text, cached; callers must not change the list."""
    if (found := _cached.get(folded)) is None:
        found = sentences(folded)
        _cached.put(folded, found, SENTENCE * len(found))
    return found


def _hit(read: PreparedQuery, found: FoundPassage, folded: str, held: list[Sentence], copies: dict[int, Copies], common: Set[int]) -> Hit:
    passage, report = found.passage, found.report
    marks = read.occurrences(folded)
    matches = read.printed(marks, passage.text, folded)
    # Sentences cover the whole text, so the first match is in the last one that begins no later.
    sentence = held[bisect_left(held, (marks[0][0] + 1,)) - 1] if marks else None
    here = None if sentence is None or sentence.key is None else copies.get(sentence.key)
    return Hit(
        id=passage_id(report.id, passage.anchor),
        passage=passage,
        score=found.score,
        report=report,
        item=item_at(passage.items, matches[0][0]) if matches else None,
        matches=matches,
        snippet=snippet(passage.text, matches, passage.items),
        same=found.same,
        common=_share(held, common),
        sentence=printed_key(sentence.key) if sentence and sentence.key is not None and here else None,
        also=here.others(report.unit is not None) if here else None,
        is_common=bool(here and here.common),
    )


def _share(held: Sequence[Sentence], common: Set[int]) -> float:
    """The share of a text's characters that are in sentences with one of these keys; `held` are all its sentences."""
    length = held[-1].end if common and held else 0
    return sum(one.end - one.start for one in held if one.key in common) / length if length else 0.0


def novelty_of(engine: Engine, report: Report, known: Mapping[str, str]) -> ReportNovelty:
    """See `Index.novelty`."""
    folds = {passage.anchor: known[passage.anchor] if passage.anchor in known else fold(passage.text) for passage in report.passages}
    held = {anchor: sentences(folded) for anchor, folded in folds.items()}
    copies = engine.copies({sentence.key for own in held.values() for sentence in own if sentence.key is not None})
    keys = {key for key, one in copies.items() if one.common}
    common: dict[str, list[CommonSpan]] = {}
    for passage in report.passages:
        shared = [(sentence, sentence.key) for sentence in held[passage.anchor] if sentence.key is not None and sentence.key in keys]
        if not shared:
            continue
        spans = printed_spans([(sentence.start, sentence.end) for sentence, _ in shared], passage.text, folds[passage.anchor])
        common[passage.anchor] = [
            CommonSpan(start, end, printed_key(key), copies[key].others(report.unit is not None))
            for (start, end), (_, key) in zip(spans, shared, strict=True)
        ]
    lengths = {anchor: own[-1].end if own else 0 for anchor, own in held.items()}
    shares = {anchor: _share(own, keys) for anchor, own in held.items()}
    total = sum(lengths.values())
    shared_length = sum(shares[anchor] * length for anchor, length in lengths.items())
    return ReportNovelty(1 - shared_length / total if total else 1.0, common, shares)


def common_sentences(engine: Engine, held: Commonest, part: Iterable[int]) -> Iterator[CommonSentence]:
    """The common sentences at these positions of the list, with where they occur."""
    for at in part:
        key = int(held.keys[at])
        plan = replace(EVERYTHING, sentence=key)
        (oldest,) = engine.search(replace(plan, sort=Sort.OLDEST, take=1, counts_occurrences=False)).passages
        spread = engine.tally(plan, ("unit", "year"))
        years: Counter[int | None] = Counter()
        units: dict[str, set[str]] = {}
        for (unit, year), count in spread.items():
            years[year if isinstance(year, int) else None] += count
            # The id of a unit of unknown place begins with a letter.
            if isinstance(unit, str) and unit[:2].isdecimal():
                units.setdefault(f"{unit[:2]}0000", set()).add(unit)
        known = sorted(year for year in years if year is not None)
        provinces = sorted(((-len(of), code) for code, of in units.items()))
        yield CommonSentence(
            key=printed_key(key),
            text=_printed(oldest.passage.text, key),
            passage=passage_id(oldest.report.id, oldest.passage.anchor),
            report=oldest.report,
            units=int(held.units[at]),
            reports=int(held.reports[at]),
            first=known[0] if known else None,
            last=known[-1] if known else None,
            years=(*((year, years[year]) for year in known), *([(None, years[None])] if None in years else [])),
            provinces=tuple((code, name_of_code(code) or code, -count) for count, code in provinces),
        )


def _printed(text: str, key: int) -> str:
    """The printed form of the sentence with this key."""
    folded, offsets = fold_with_offsets(text)
    ours = next((sentence.start, sentence.end) for sentence in sentences(folded) if sentence.key == key)
    ((start, end),) = original_spans([ours], offsets)
    return text[start:end].strip()
