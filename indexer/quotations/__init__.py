"""Whether quotations are real: what of a typed text stands in the corpus word for word, what nearly does, and what does not."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

import numpy as np

from indexer.analysis.fold import fold
from indexer.cache import Cache
from indexer.engines.boundary import Engine, FoundPassage
from indexer.errors import InvalidRequest
from indexer.model import passage_id
from indexer.problems import Problem
from indexer.quotations.bare import Bare, BareTexts, runs
from indexer.quotations.exact import standing_each
from indexer.quotations.likeness import Alike, Difference, Op, alike_each, differences, may_be_alike
from indexer.quotations.pieces import SHORTEST, pieces

__all__ = ["NEAR", "SHORTEST", "Difference", "FoundAt", "Op", "Piece", "Verdict", "Verification", "pieces", "verify"]

NEAR = 0.7
"""How alike the text of a passage must be to be shown, see `FoundAt.similarity`."""
MOST_PIECES = 1_000
"""Of one text; a text of 20,000 characters has some 500 sentences, and each that stands nowhere takes milliseconds."""
OFFSETS_CACHED = 16_000_000
"""Bytes of where the code points of texts came from, for the next piece that something in such a text is like."""
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
    typed = {piece: Bare.of(piece) for piece in pieces}
    short = [piece for piece in pieces if len(typed[piece].text) < SHORTEST]
    unchecked = {piece: Piece(pieces[piece], pieces[piece] + len(piece), Verdict.UNCHECKED) for piece in short}
    exact = _exact({piece: start for piece, start in pieces.items() if piece not in unchecked}, engine)
    others = {piece: (start, typed[piece]) for piece, start in pieces.items() if piece not in unchecked and piece not in exact}
    return unchecked | exact | _near(others, engine)


def _exact(pieces: Mapping[str, int], engine: Engine) -> dict[str, Piece]:
    """The verdict on those of some pieces that stand somewhere with their marks or others."""
    found = {}
    standing = standing_each([runs(fold(piece)) for piece in pieces], engine, MOST_PLACES)
    for (piece, start), one in zip(pieces.items(), standing, strict=True):
        if one.places:
            places = tuple(FoundAt(found_in, *span, 1.0, ()) for found_in, span in one.places)
            found[piece] = Piece(start, start + len(piece), Verdict.EXACT, places, one.reports)
    return found


def _near(pieces: Mapping[str, tuple[int, Bare]], engine: Engine) -> dict[str, Piece]:
    """The verdict on some pieces that stand nowhere with their marks or others, by the passages that hold most of the runs of each."""
    found = engine.candidates([_seeds(typed.text) for _, typed in pieces.values()], CANDIDATES)
    bare = BareTexts(found.texts.joined)
    close = _close([typed.text for _, typed in pieces.values()], found.groups, bare)
    for at, own in enumerate(close):
        # What is wholly alike is the same, with marks inside a run.
        close[at] = [one for one in own if one[1].similarity == 1] or own
    numbers = list(dict.fromkeys(number for own in close for number, _ in own[:MOST_PLACES]))
    read = dict(zip(numbers, found.texts.passages(numbers), strict=True))
    held = Cache[Bare](OFFSETS_CACHED)
    verdicts = {}
    for (piece, (start, typed)), own in zip(pieces.items(), close, strict=True):
        places = []
        for number, place in own[:MOST_PLACES]:
            printed = read[number].passage.text
            text = held.get(number) or held.put(number, bare.read(number, printed), _OFFSET * len(printed))
            span = text.span(place.start, place.end)
            places.append(FoundAt(read[number], *span, place.similarity, differences(typed, text, place, start)))
        same = bool(own) and own[0][1].similarity == 1
        reports = len(np.unique(found.texts.reports[[number for number, _ in own]])) if same else 0
        verdict = Verdict.EXACT if same else Verdict.NEAR if places else Verdict.ABSENT
        verdicts[piece] = Piece(start, start + len(piece), verdict, tuple(places), reports)
    return verdicts


def _close(typed: Sequence[str], groups: Sequence[Sequence[int]], texts: BareTexts) -> list[list[tuple[int, Alike]]]:
    """For each text without marks those of a group of others that have something like it, and where in them, the most alike first."""
    text_of = texts.texts
    groups = [
        [own[at] for at in may_be_alike(text, [text_of[number] for number in own], NEAR)] for text, own in zip(typed, groups, strict=True)
    ]
    distinct = [list(dict.fromkeys([text_of[number] for number in own])) for own in groups]
    found = []
    for own, of_texts, places in zip(groups, distinct, alike_each(list(zip(typed, distinct, strict=True)), NEAR), strict=True):
        place_in = dict(zip(of_texts, places, strict=True))
        close = [(number, place) for number in own if (place := place_in[text_of[number]]) is not None]
        found.append(sorted(close, key=lambda one: -one[1].similarity))
    return found


def _seeds(text: str) -> list[str]:
    """Runs of a text of which some are left whatever was changed in one character of ten, spread over it.

    The longer they are the fewer passages hold one by chance, and the fewer of them a change leaves whole.
    """
    length = next(size for least, size in _SEED_LENGTHS if len(text) >= least)
    starts = range(0, len(text) - length + 1, length if len(text) >= _APART_FROM else 1)
    step = max(1, len(starts) / _SEEDS)
    return list(dict.fromkeys(text[(at := starts[int(number * step)]) : at + length] for number in range(min(_SEEDS, len(starts)))))
