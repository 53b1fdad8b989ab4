"""Whether quotations are real: what of a typed text stands in the corpus word for word, what nearly does, and what does not."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from sys import getsizeof

from indexer.analysis.fold import fold, printed_spans
from indexer.cache import Cache
from indexer.engines.boundary import Candidate, Engine, FoundPassage, Holding, Plan
from indexer.errors import InvalidRequest
from indexer.matching import Span
from indexer.model import passage_id
from indexer.problems import Problem
from indexer.query.tree import And, Query, Term, joined
from indexer.quotations.bare import Bare, Finder, runs, without_marks
from indexer.quotations.likeness import Alike, Difference, Op, alike, differences, may_be_alike
from indexer.quotations.pieces import SHORTEST, pieces
from indexer.request import Mode, Sort

__all__ = ["NEAR", "SHORTEST", "Difference", "FoundAt", "Op", "Piece", "Verdict", "Verification", "pieces", "verify"]

NEAR = 0.7
"""How alike the text of a passage must be to be shown, see `FoundAt.similarity`."""
MOST_PIECES = 1_000
"""Of one text; a text of 20,000 characters has some 500 sentences, and each that stands nowhere takes milliseconds."""
BARE_CACHED = OFFSETS_CACHED = 16_000_000
"""Bytes of texts that were compared with a piece, with and without marks, and of where their code points came from, for the next one:
pieces of a text come from the same reports."""
_OFFSET = 40
"""Bytes of one of these offsets."""
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
    starts: dict[str, int] = {}
    for start, end in parts:
        starts.setdefault(text[start:end], start)
    verdicts = _verdicts(starts, engine)
    return Verification(text, tuple(_at_its_start(verdicts[text[start:end]], start) for start, end in parts))


class _Texts:
    """The texts of passages that pieces of one text were compared with."""

    def __init__(self) -> None:
        self._bare: Cache[str] = Cache(BARE_CACHED)
        self._held: Cache[Bare] = Cache(OFFSETS_CACHED)

    def bare(self, folded: str) -> str:
        """A folded text without its marks."""
        return self._bare.get(folded) or self._bare.put(folded, without_marks(folded), getsizeof(folded))

    def held(self, bare: str, printed: str, folded: str) -> Bare:
        """A passage's text without its marks."""
        return self._held.get(printed) or self._held.put(printed, Bare(bare, printed, folded), _OFFSET * len(printed))


def _at_its_start(piece: Piece, start: int) -> Piece:
    """The verdict on a piece that begins at `start` of the typed text, from that on an equal one."""
    if start == piece.start:
        return piece
    by = start - piece.start
    places = tuple(replace(place, differences=tuple(_shifted(one, by) for one in place.differences)) for place in piece.places)
    return replace(piece, start=start, end=piece.end + by, places=places)


def _shifted(one: Difference, by: int) -> Difference:
    return Difference(one.op, (one.typed[0] + by, one.typed[1] + by), one.held)


def _verdicts(pieces: Mapping[str, int], engine: Engine) -> dict[str, Piece]:
    """The verdict on each of some pieces, by where it begins in the typed text; what all are looked up for is looked up together."""
    texts = _Texts()
    typed = {piece: Bare.of(piece) for piece in pieces}
    verdicts = {
        piece: Piece(start, start + len(piece), Verdict.UNCHECKED) for piece, start in pieces.items() if len(typed[piece].text) < SHORTEST
    }
    checked = [piece for piece in pieces if piece not in verdicts]
    wanted = [runs(fold(piece)) for piece in checked]
    # What holds its longest run is mostly little enough to be looked through, and the other runs need not be looked up.
    for piece, own, held in zip(checked, wanted, engine.holding_each([max(own, key=len) for own in wanted], MOST_PLACES), strict=True):
        places, reports = _exact(own, held, engine)
        if places:
            start = pieces[piece]
            verdicts[piece] = Piece(start, start + len(piece), Verdict.EXACT, tuple(places[:MOST_PLACES]), reports)
    others = [piece for piece in checked if piece not in verdicts]
    candidates = engine.candidates([_seeds(typed[piece].text) for piece in others], CANDIDATES)
    near = {piece: _near(pieces[piece], typed[piece], own, texts) for piece, own in zip(others, candidates, strict=True)}
    return verdicts | near


def _exact(wanted: Sequence[str], holding: Holding, engine: Engine) -> tuple[list[FoundAt], int | None]:
    """Where the runs of a text stand with its marks or others between them, and in how many reports; `holding` holds the longest."""
    finder = Finder(wanted)
    if len(wanted) == 1 or holding.passages <= MOST_PLACES:
        places = _matched(holding.newest, finder)
        return places, holding.reports if len(wanted) == 1 else len({place.report for place in places})
    tree = joined(And, [Term(run) for run in dict.fromkeys(wanted)])
    plan = Plan(Query(tree, Mode.LITERAL), [], Sort.NEWEST, take=MOST_PLACES, counts_occurrences=False)
    found = engine.search(plan)
    places = _matched([*map(Candidate.of, found.passages)], finder)
    if len(places) == found.total.paragraphs:
        return places, found.total.reports
    return _exact_among_all(plan, finder, engine, found.total.reports)


def _exact_among_all(plan: Plan, finder: Finder, engine: Engine, most: int) -> tuple[list[FoundAt], int | None]:
    """The same where passages may hold the runs apart from each other; `most` is how many reports hold them somehow."""
    texts = engine.texts(plan)
    if texts is None:
        return _matched([*map(Candidate.of, engine.search(plan).passages)], finder), None
    numbers = texts.joined.holding_spans(finder.spans)
    places = _matched([*map(Candidate.of, texts.passages(numbers[:MOST_PLACES]))], finder)
    if len(numbers) == texts.joined.count:
        return places, most
    return places, len({found.report.id for found in texts.passages(numbers)})


def _matched(candidates: Sequence[Candidate], finder: Finder) -> list[FoundAt]:
    """Where what is looked for stands first in each passage that holds it."""
    places = []
    for candidate in candidates:
        if (match := finder.search(candidate.folded)) is not None:
            found = candidate.read()
            [span] = printed_spans([match], found.passage.text, candidate.folded)
            places.append(_at(found, span, 1.0, ()))
    return places


def _at(found: FoundPassage, span: Span, similarity: float, differing: tuple[Difference, ...]) -> FoundAt:
    return FoundAt(found, *span, similarity, differing)


@dataclass(frozen=True, slots=True)
class _Close:
    """A passage with something like a piece."""

    candidate: Candidate
    text: str
    """Its text without marks."""
    place: Alike
    """Where in that text."""


def _near(start: int, typed: Bare, candidates: Sequence[Candidate], texts: _Texts) -> Piece:
    """The verdict on a piece that stands nowhere with its marks or others, by the passages that hold most of its runs."""
    close = _close(typed, candidates, texts)
    end = start + len(typed.printed)
    same = [_close_at(typed, one, texts, start) for one in close if one.text[one.place.start : one.place.end] == typed.text]
    if same:
        return Piece(start, end, Verdict.EXACT, tuple(same[:MOST_PLACES]), len({place.report for place in same}))
    places = [_close_at(typed, one, texts, start) for one in close[:MOST_PLACES]]
    return Piece(start, end, Verdict.NEAR if places else Verdict.ABSENT, tuple(places))


def _close(typed: Bare, candidates: Sequence[Candidate], texts: _Texts) -> list[_Close]:
    """Those of some passages that have something like a piece, the most alike first."""
    chosen = [candidates[at] for at in may_be_alike(typed.text, [one.folded for one in candidates], NEAR)]
    bare = [texts.bare(one.folded) for one in chosen]
    distinct = list(dict.fromkeys(bare))
    places = dict(zip(distinct, alike(typed.text, distinct, NEAR), strict=True))
    close = [_Close(one, text, place) for one, text in zip(chosen, bare, strict=True) if (place := places[text]) is not None]
    return sorted(close, key=lambda one: -one.place.similarity)


def _close_at(typed: Bare, close: _Close, texts: _Texts, start: int) -> FoundAt:
    found, place = close.candidate.read(), close.place
    held = texts.held(close.text, found.passage.text, close.candidate.folded)
    return _at(found, held.span(place.start, place.end), place.similarity, differences(typed, held, place, start))


def _seeds(text: str) -> list[str]:
    """Runs of a text of which some are left whatever was changed in one character of ten, spread over it.

    The longer they are the fewer passages hold one by chance, and the fewer of them a change leaves whole.
    """
    length = next(size for least, size in _SEED_LENGTHS if len(text) >= least)
    starts = range(0, len(text) - length + 1, length if len(text) >= _APART_FROM else 1)
    step = max(1, len(starts) / _SEEDS)
    return list(dict.fromkeys(text[(at := starts[int(number * step)]) : at + length] for number in range(min(_SEEDS, len(starts)))))
