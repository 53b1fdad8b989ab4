"""Finds the parts of a document that are neither a passage nor a value of the report. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import pairwise

from indexer.loaders.document import Line
from indexer.model import LeftOut
from indexer.outline import plain
from indexer.parsing.dates import find_dates
from indexer.parsing.labels import label_spans

Found = tuple[int, LeftOut]
"""A piece, with the number of the document's line that it comes from."""
_CLOCK = re.compile(r"(?:\s*日)?(?:\s*\d{1,2}[:时]\d{2}分?(?:[:]?\d{2}秒?)?)?")


def pieces(lines: Sequence[Line], reason: str) -> list[Found]:
    """Whole lines as pieces left out for this reason."""
    return [(line.number, LeftOut(line.text, reason)) for line in lines]


def remains(lines: Sequence[Line], names: Sequence[str], published: str | None, reason: str) -> list[Found]:
    """The pieces of lines that are neither values of the report nor their labels.

    Args:
        lines: The lines of the title, the metadata or the signature.
        names: The values that are names: title, issuer, source …
        published: ISO 8601; the date and the time of day after it are one value.
        reason: Why the rest is left out.
    """
    known = [pattern for name in names if (pattern := _printed(name))]
    return [(line.number, LeftOut(piece, reason)) for line in lines for piece in _remains(line.text, known, published)]


def _printed(name: str) -> re.Pattern[str] | None:
    """A pattern for a name as it may be printed, spaced out or not."""
    shown = "".join(plain(name).split())
    return re.compile(r"\s*".join(map(re.escape, shown))) if shown else None


def _with_clock(shown: str, start: int, end: int) -> tuple[int, int]:
    """The span of a date, extended by 日 and the time of day after it."""
    clock = _CLOCK.match(shown, end)
    return start, clock.end() if clock else end


def _remains(text: str, known: Sequence[re.Pattern[str]], published: str | None) -> Iterator[str]:
    """The pieces of a line without a value of the report, each with its own label; punctuation between values belongs to them.

    A value must be a separate word: one glued to a label (发布日期2019-02-05) or part of a longer name is not recognised.
    """
    shown = plain(text)
    values = [match.span() for pattern in known for match in pattern.finditer(shown)]
    values += [_with_clock(shown, start, end) for start, end, day in find_dates(shown) if day == published]
    values = [(low, high) for low, high in values if not (shown[low - 1 : low].isalnum() or shown[high : high + 1].isalnum())]
    labels = dict(label_spans(text))
    for start, end in pairwise(sorted({0, *labels, len(text)})):
        own = sorted((low, high) for low, high in values if start <= low and high <= end)
        at = labels.get(start, start) if own else start
        for low, high in [*own, (end, end)]:
            piece = text[at:low].strip()
            if any(map(str.isalnum, piece)) or (piece and piece == text):
                yield piece
            at = max(at, high)
