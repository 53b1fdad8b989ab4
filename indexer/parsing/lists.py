"""Finds numbered lines that are not headings: tables of contents, and list items. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence

from indexer.loaders.document import Line
from indexer.outline import HeadingNumber, plain, read_number

_PAGE = re.compile(r"(?<![\s.…·‥・_—-])[\s.…·‥・_—-]*+(?<!\d)\d{1,3}$")
_ENTRY = 80
"""Longest entry of a table of contents in code points, without its page number and the dots before it."""
_FOUND_AGAIN = 0.6
"""At least this share of the entries of a table of contents must appear below as headings."""


def contents(lines: Sequence[Line]) -> set[int]:
    """The numbers of the lines in tables of contents: consecutive numbered lines, most of which appear again further down."""
    last_of = {_words(line.text): index for index, line in enumerate(lines)}
    found: set[int] = set()
    start = 0
    while start < len(lines):
        end = start
        while end < len(lines) and _is_entry(lines[end].text):
            end += 1
        again = [index for index in range(start, end) if _stands_again(lines[index].text, index, last_of)]
        # The text's own first headings may follow the table directly.
        last = again[-1] + 1 if again else start
        if len(again) > 1 and len(again) >= _FOUND_AGAIN * (last - start):
            found.update(range(start, last))
        start = max(end, start + 1)
    return found


def _is_entry(text: str) -> bool:
    return len(_PAGE.sub("", text)) <= _ENTRY and "。" not in text and read_number(text) is not None


def _stands_again(entry: str, index: int, last_of: Mapping[str, int]) -> bool:
    """Whether a line further down begins with an entry's words, with or without its page number."""
    words = _words(entry)
    return max(last_of.get(words, 0), last_of.get(_PAGE.sub("", words), 0)) > index


def _words(text: str) -> str:
    """A line up to the end of its first sentence, without spaces."""
    return "".join(re.split("[。:]", plain(text), maxsplit=1)[0].split())


def runs_of_numbers(lines: Sequence[Line]) -> Iterator[list[tuple[int, HeadingNumber]]]:
    """Runs of two or more consecutive lines whose numbers have one level and count up: each line's index in `lines` and its number."""
    run: list[tuple[int, HeadingNumber]] = []
    for index, line in enumerate(lines):
        number = read_number(line.text)
        if run and (number is None or number.level != run[-1][1].level or number.ordinal != run[-1][1].ordinal + 1):
            if len(run) > 1:
                yield run
            run = []
        if number is not None:
            run.append((index, number))
    if len(run) > 1:
        yield run
