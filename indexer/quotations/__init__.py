"""Verifies quotations: which parts of a typed text are in the corpus word for word, which nearly are, and which are not."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

import numpy as np

from indexer.analysis.fold import fold
from indexer.engines.boundary import Engine, FoundPassage, FoundTexts
from indexer.errors import InvalidRequest
from indexer.model import passage_id
from indexer.problems import Problem
from indexer.quotations.bare import Bare, BareTexts, runs
from indexer.quotations.exact import standing_each
from indexer.quotations.likeness import Alike, Difference, Op, alike_each, differences, may_be_alike
from indexer.quotations.pieces import SHORTEST, pieces

__all__ = ["NEAR", "SHORTEST", "Difference", "FoundAt", "Op", "Piece", "Verdict", "Verification", "pieces", "verify"]

NEAR = 0.7
"""How similar the text of a passage must be to be shown, see `FoundAt.similarity`."""
MOST_PIECES = 1_000
"""Most pieces of a text; a text of 20,000 characters has about 500 sentences, and each that is found nowhere takes milliseconds."""
MOST_PLACES = 10
"""How many places are listed for one piece; `Piece.reports` counts all reports that contain it."""
CANDIDATES = 24
"""How many passages are compared with a piece that is not found exactly."""
_SEEDS = 12
"""How many runs of a piece are used to find candidates."""
_SEED_LENGTHS = ((40, 5), (16, 4), (9, 3), (0, 2))
"""Pairs of the least number of characters in a piece and the length of its runs."""
_APART_FROM = 16
"""Characters of a piece from which its runs do not overlap."""


class Verdict(StrEnum):
    """How a piece was found in the reports; see `verify`."""

    EXACT = "exact"
    NEAR = "near"
    ABSENT = "absent"
    UNCHECKED = "unchecked"


@dataclass(frozen=True, slots=True)
class FoundAt:
    """Where a piece, or something similar, was found."""

    found: FoundPassage
    """The passage with its report."""
    start: int
    end: int
    """Half-open, in code points of the passage's text."""
    similarity: float
    """0 to 1, where 1 is exact; see `indexer.quotations.likeness.Alike`."""
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
    """A quotation or sentence in the typed text."""

    start: int
    end: int
    """Half-open, in code points of the typed text."""
    verdict: Verdict
    places: tuple[FoundAt, ...] = ()
    """Exact ones newest first, near ones most similar first; at most `MOST_PLACES`. Exact ones that differ in punctuation within a run are
    in the order of the candidates."""
    reports: int | None = 0
    """How many reports contain it exactly, with any punctuation where the typed text has some. None if not all were counted."""


@dataclass(frozen=True, slots=True)
class Verification:
    """The verdicts on all pieces of a text."""

    text: str
    pieces: tuple[Piece, ...]
    """In text order."""


def verify(text: str, engine: Engine) -> Verification:
    """The verdict on each piece of a text, in order.

    Exact means equal under the fold, with punctuation ignored on both sides. Near means a similarity of at least `NEAR`. A piece of
    fewer than `SHORTEST` characters without punctuation is unchecked, because a match would mean nothing.

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
    """The verdict on a piece that begins at `start` of the typed text, copied from that on an equal piece."""
    if start == piece.start:
        return piece
    by = start - piece.start
    places = tuple(replace(place, differences=tuple(_shifted(one, by) for one in place.differences)) for place in piece.places)
    return replace(piece, start=start, end=piece.end + by, places=places)


def _shifted(one: Difference, by: int) -> Difference:
    return Difference(one.op, (one.typed[0] + by, one.typed[1] + by), one.held)


def _verdicts(pieces: Mapping[str, int], engine: Engine) -> dict[str, Piece]:
    """The verdict on each piece, given its start in the typed text; look-ups for all pieces are made together."""
    typed = {piece: Bare.of(piece) for piece in pieces}
    short = [piece for piece in pieces if len(typed[piece].text) < SHORTEST]
    unchecked = {piece: Piece(pieces[piece], pieces[piece] + len(piece), Verdict.UNCHECKED) for piece in short}
    exact = _exact({piece: start for piece, start in pieces.items() if piece not in unchecked}, engine)
    others = {piece: (start, typed[piece]) for piece, start in pieces.items() if piece not in unchecked and piece not in exact}
    return unchecked | exact | _near(others, engine)


def _exact(pieces: Mapping[str, int], engine: Engine) -> dict[str, Piece]:
    """The verdict on the pieces that are found exactly, with any punctuation between their runs."""
    found = {}
    standing = standing_each([runs(fold(piece)) for piece in pieces], engine, MOST_PLACES)
    for (piece, start), one in zip(pieces.items(), standing, strict=True):
        if one.places:
            places = tuple(FoundAt(found_in, *span, 1.0, ()) for found_in, span in one.places)
            found[piece] = Piece(start, start + len(piece), Verdict.EXACT, places, one.reports)
    return found


def _near(pieces: Mapping[str, tuple[int, Bare]], engine: Engine) -> dict[str, Piece]:
    """The verdict on pieces without an exact match, from the passages that contain most runs of each."""
    found = engine.candidates([_seeds(typed.text) for _, typed in pieces.values()], CANDIDATES)
    bare = BareTexts(found.texts.joined)
    close = _close([typed.text for _, typed in pieces.values()], found.groups, bare)
    for at, own in enumerate(close):
        # A similarity of 1 means equal texts, with punctuation inside a run.
        close[at] = [one for one in own if one[1].similarity == 1] or own
    places = _places(list(pieces.values()), [own[:MOST_PLACES] for own in close], bare, found.texts)
    verdicts = {}
    for (piece, (start, _)), own, shown in zip(pieces.items(), close, places, strict=True):
        same = bool(own) and own[0][1].similarity == 1
        # If all candidates contain it, passages that were not compared may contain it too.
        counted = len(np.unique(found.texts.reports[[number for number, _ in own]])) if len(own) < CANDIDATES else None
        verdict = Verdict.EXACT if same else Verdict.NEAR if shown else Verdict.ABSENT
        verdicts[piece] = Piece(start, start + len(piece), verdict, tuple(shown), counted if same else 0)
    return verdicts


def _places(
    pieces: Sequence[tuple[int, Bare]], close: Sequence[Sequence[tuple[int, Alike]]], bare: BareTexts, texts: FoundTexts
) -> list[list[FoundAt]]:
    """For each piece, given by its start in the typed text, its places in the texts that are similar to it."""
    wanted: dict[int, list[tuple[int, Alike]]] = {}
    for row, own in enumerate(close):
        for number, place in own:
            wanted.setdefault(number, []).append((row, place))
    places: dict[tuple[int, int], FoundAt] = {}
    # Text by text, since the offsets of a text take much memory and are needed for all pieces that are similar to it.
    for (number, of_text), found in zip(wanted.items(), texts.passages(list(wanted)), strict=True):
        held = bare.read(number, found.passage.text)
        for row, place in of_text:
            start, typed = pieces[row]
            span = held.span(place.start, place.end)
            places[row, number] = FoundAt(found, *span, place.similarity, differences(typed, held, place, start))
    return [[places[row, number] for number, _ in own] for row, own in enumerate(close)]


def _close(typed: Sequence[str], groups: Sequence[Sequence[int]], texts: BareTexts) -> list[list[tuple[int, Alike]]]:
    """For each text, the members of its group with something similar to it, and the place in each, most similar first; no punctuation."""
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
    """Runs spread over a text, some of which survive if one character in ten is changed anywhere.

    The longer they are, the fewer passages contain one by chance, but the fewer of them survive changes.
    """
    length = next(size for least, size in _SEED_LENGTHS if len(text) >= least)
    starts = range(0, len(text) - length + 1, length if len(text) >= _APART_FROM else 1)
    step = max(1, len(starts) / _SEEDS)
    return list(dict.fromkeys(text[(at := starts[int(number * step)]) : at + length] for number in range(min(_SEEDS, len(starts)))))
