"""Prepares lines for parsing: removes invisible characters, and splits lines where an indent shows a new paragraph. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import replace

from indexer.loaders.document import Line
from indexer.outline import read_number

# Zero-width spaces and joiners, soft hyphens, direction marks, stray byte order marks.
_INVISIBLE = re.compile("[\u00ad\u180e\u200b-\u200f\u202a-\u202e\u2060-\u2064\ufeff]")
# Sites that have a whole text in one block indent its paragraphs with spaces that do not collapse.
_INDENT = re.compile("[\xa0\u2002\u2003\u3000]{2,}| {4,}")
# Letter-spaced titles: 关 于 2 0 2 3 年 …
_SPACED = re.compile(r"(?=.*[\u4e00-\u9fff])\S(?:\s+\S){7,}")
_SENTENCE_END = "。！？!?；;：:”）)"


def invisible(text: str) -> int:
    """How many invisible characters a text has."""
    return len(_INVISIBLE.findall(text))


def clean(lines: Iterable[Line], first: int = 0) -> Iterator[Line]:
    """The lines with visible text, with no-break spaces as spaces, and split at indents inside a line.

    In a letter-spaced line the spaces are removed.

    Lines are numbered from `first`; the parts of a line share its number.
    """
    for number, line in enumerate(lines, first):
        start = 0
        for indent in _INDENT.finditer(line.text):
            before, after = line.text[start : indent.start()].rstrip(), line.text[indent.end() :]
            if before and (before[-1] in _SENTENCE_END or read_number(after)):
                yield from _visible_part(line, number, start, indent.start())
                start = indent.end()
        yield from _visible_part(line, number, start, len(line.text))


def _visible_part(line: Line, number: int, start: int, end: int) -> Iterator[Line]:
    """The visible text of a part of a line, if any, with the line's number."""
    text = _visible(line.text[start:end])
    bold = len(_visible(line.text[start : min(end, line.bold)])) if line.bold > start else 0
    if _SPACED.fullmatch(text):
        bold = len("".join(text[:bold].split()))
        text = "".join(text.split())
    if text:
        yield replace(line.part(start, text), bold=bold, number=number)


def _visible(text: str) -> str:
    return _INVISIBLE.sub("", text).replace("\xa0", " ").strip()
