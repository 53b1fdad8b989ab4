"""Whether quotations are real: what of a typed text stands in the corpus word for word, what nearly does, and what does not."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from enum import StrEnum
from functools import partial

from indexer.analysis.fold import fold, fold_with_offsets, original_spans
from indexer.cache import Cache
from indexer.engines.boundary import Engine, FoundPassage, Plan
from indexer.errors import InvalidRequest
from indexer.matching import Span
from indexer.model import passage_id
from indexer.problems import Problem
from indexer.query.tree import And, Node, Or, Query, Term, joined
from indexer.quotations.bare import Bare, Finder, runs
from indexer.quotations.likeness import Difference, Op, alike
from indexer.quotations.pieces import SHORTEST, pieces
from indexer.request import Mode, Sort

__all__ = ["NEAR", "SHORTEST", "Difference", "FoundAt", "Op", "Piece", "Verdict", "Verification", "pieces", "verify"]

NEAR = 0.7
"""How alike the text of a passage must be to be shown, see `FoundAt.similarity`."""
MOST_PIECES = 1_000
"""Of one text; a text of 20,000 characters has some 500 sentences, and each that stands nowhere takes milliseconds."""
BARE_CACHED = 16_000_000
"""Bytes of passages that were compared with a piece, for the next one: pieces of a text come from the same reports."""
BARE_BYTES = 44
"""Of each of their characters, with its offset."""
MOST_PLACES = 10
"""Places listed for one piece; `Piece.reports` counts all reports that hold it."""
CANDIDATES = 24
"""Passages that are compared with a piece that stands nowhere as it is."""
_SEEDS = 12
"""Runs of a piece that its candidates hold some of."""
_SEED_LENGTHS = ((40, 5), (16, 4), (9, 3), (0, 2))
"""From how many characters on how long they are."""
_APART_FROM = 16
"""Characters of a piece from which on they do not overlap."""


class Verdict(StrEnum):
    """How a piece stands in the reports; see `verify`."""

    EXACT = "exact"
    NEAR = "near"
    ABSENT = "absent"
    UNCHECKED = "unchecked"


@dataclass(frozen=True, slots=True)
class FoundAt:
    """Where a piece stands, or something like it."""

    found: FoundPassage
    """The passage with its report."""
    start: int
    end: int
    """In code points of the passage's text."""
    similarity: float
    """0 to 1, 1 where it is exact; see `indexer.quotations.likeness.Alike`."""
    differences: tuple[Difference, ...]

    @property
    def passage(self) -> str:
        """The passage's id."""
        return passage_id(self.report, self.found.passage.anchor)

    @property
    def report(self) -> str:
        """The report's id."""
        return self.found.report.id


@dataclass(frozen=True, slots=True)
class Piece:
    """A quotation or sentence of the typed text."""

    start: int
    end: int
    """In code points of the typed text."""
    verdict: Verdict
    places: tuple[FoundAt, ...] = ()
    """Exact ones newest first, near ones the most alike first; not more than `MOST_PLACES`."""
    reports: int | None = 0
    """How many reports hold it exactly, with whatever marks where the typed text has some. None where an engine cannot say."""


@dataclass(frozen=True, slots=True)
class Verification:
    """The verdicts on all pieces of a text."""

    text: str
    pieces: tuple[Piece, ...]
    """In the order of the text."""


def verify(text: str, engine: Engine) -> Verification:
    """The verdict on each piece of a text, in its order.

    Exact is what is equal under the fold, with marks of punctuation left aside on both sides. Near is what is alike by `NEAR` or
    more. A piece of less than `SHORTEST` characters without its marks is unchecked, for it would tell nothing.

    Raises:
        InvalidRequest: The text has more than `MOST_PIECES` pieces.
    """
    parts = pieces(text)
    if len(parts) > MOST_PIECES:
        raise InvalidRequest(Problem("text", "too-many-pieces", count=len(parts), most=MOST_PIECES))
    bare: Cache[Bare] = Cache(BARE_CACHED)
    found: dict[str, Piece] = {}
    return Verification(text, tuple(_once(text[start:end], start, engine, bare, found) for start, end in parts))


def _once(piece: str, start: int, engine: Engine, bare: Cache[Bare], found: dict[str, Piece]) -> Piece:
    """The verdict on a piece that begins at `start` of the typed text, looked for once however often it stands there."""
    if piece not in found:
        found[piece] = _verified(piece, engine, bare)
    own = found[piece]
    places = own.places
    if own.verdict is Verdict.NEAR:
        places = tuple(replace(place, differences=tuple(map(partial(_shifted, by=start), place.differences))) for place in places)
    return replace(own, start=start, end=start + len(piece), places=places)


def _shifted(one: Difference, by: int) -> Difference:
    return replace(one, typed=(one.typed[0] + by, one.typed[1] + by))


def _verified(piece: str, engine: Engine, bare: Cache[Bare]) -> Piece:
    """The verdict on a piece as if it were the whole text."""
    start, end = 0, len(piece)
    typed = Bare.of(piece)
    if len(typed.text) < SHORTEST:
        return Piece(start, end, Verdict.UNCHECKED)
    places, reports = _exact(fold(piece), engine)
    if not places:
        close = sorted(_near(typed, engine, bare), key=lambda place: -place.similarity)
        places = [place for place in close if not place.differences]
        reports = len({place.report for place in places})
        if not places:
            return Piece(start, end, Verdict.NEAR if close else Verdict.ABSENT, tuple(close[:MOST_PLACES]))
    return Piece(start, end, Verdict.EXACT, tuple(places[:MOST_PLACES]), reports)


def _exact(folded: str, engine: Engine) -> tuple[list[FoundAt], int | None]:
    """Where a folded text stands with its marks or others between its runs, and in how many reports."""
    wanted = runs(folded)
    finder = Finder(wanted)
    if len(wanted) > 1:
        # What holds its longest run is mostly little enough to be looked through, and the other runs need not be looked up.
        alone = engine.search(_plan(Term(max(wanted, key=len)), MOST_PLACES, Sort.NEWEST))
        if alone.total.paragraphs <= MOST_PLACES:
            places = [place for one in alone.passages if (place := _matched(one, finder))]
            return places, len({place.report for place in places})
    plan = _plan(joined(And, [Term(run) for run in dict.fromkeys(wanted)]), MOST_PLACES, Sort.NEWEST)
    found = engine.search(plan)
    places = [place for one in found.passages if (place := _matched(one, finder))]
    if len(places) == len(found.passages) and (len(wanted) == 1 or found.total.paragraphs <= len(places)):
        return places, found.total.reports
    return _exact_among_all(plan, finder, engine, found.total.reports)


def _exact_among_all(plan: Plan, finder: Finder, engine: Engine, most: int) -> tuple[list[FoundAt], int | None]:
    """The same where passages may hold the runs apart from each other; `most` is how many reports hold them somehow."""
    texts = engine.texts(plan)
    if texts is None:
        return [place for one in engine.search(plan).passages if (place := _matched(one, finder))], None
    numbers = texts.joined.holding_spans(finder.spans)
    places = [place for one in texts.passages(numbers[:MOST_PLACES]) if (place := _matched(one, finder))]
    if len(numbers) == texts.joined.count:
        return places, most
    return places, len({found.report.id for found in texts.passages(numbers)})


def _plan(tree: Node, take: int, sort: Sort) -> Plan:
    return Plan(Query(tree, Mode.LITERAL), [], sort, take=take, counts_occurrences=False)


def _matched(found: FoundPassage, finder: Finder) -> FoundAt | None:
    folded, offsets = fold_with_offsets(found.passage.text, found.folded)
    if (match := finder.search(folded)) is None:
        return None
    [span] = original_spans([match], offsets)
    return _at(found, span, 1.0, ())


def _at(found: FoundPassage, span: Span, similarity: float, differing: tuple[Difference, ...]) -> FoundAt:
    return FoundAt(found, *span, similarity, differing)


def _near(typed: Bare, engine: Engine, bare: Cache[Bare]) -> Iterator[FoundAt]:
    """The places most like a piece: one in each passage that holds enough of its runs; `bare` are those that were compared already."""
    seeds = _seeds(typed.text)
    for found in engine.search(_plan(joined(Or, [Term(seed) for seed in seeds]), CANDIDATES, Sort.RELEVANCE)).passages:
        text, id = found.passage.text, passage_id(found.report.id, found.passage.anchor)
        held = bare.get(id) or bare.put(id, Bare.of(text, found.folded), BARE_BYTES * len(text))
        if place := alike(typed, held, NEAR):
            yield _at(found, (place.start, place.end), place.similarity, place.differences)


def _seeds(text: str) -> list[str]:
    """Runs of a text of which some are left whatever was changed in one character of ten, spread over it.

    The longer they are the fewer passages hold one by chance, and the fewer of them a change leaves whole.
    """
    length = next(size for least, size in _SEED_LENGTHS if len(text) >= least)
    starts = range(0, len(text) - length + 1, length if len(text) >= _APART_FROM else 1)
    step = max(1, len(starts) / _SEEDS)
    return list(dict.fromkeys(text[(at := starts[int(number * step)]) : at + length] for number in range(min(_SEEDS, len(starts)))))
