"""The fold: the one form in which texts and queries are compared, and the way back to the text as printed.

Code point by code point: full-width forms to ASCII, compatibility ideographs and radicals to unified ones, lower case,
traditional to simplified, Default_Ignorable dropped (all of it in `fold.tsv`); then a run of white space next to a Han
character vanishes, any other becomes one space, the ends are stripped.

The law that makes substring search exact: for a text t without white space at its ends that stands inside a text T,
fold(t) stands in fold(T).
"""

from __future__ import annotations

import re
from functools import cache
from importlib.resources import files

FOLD_VERSION = 1
"""Part of an index's fingerprint; raise it when the fold of any text changes."""

# White_Space and Script=Han of Unicode 15. `str.isspace` would add U+001C–U+001F, which are not white space.
_WHITE = "\t-\r \x85\xa0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000"
_HAN = (
    "\u2e80-\u2e99\u2e9b-\u2ef3\u2f00-\u2fd5\u3005\u3007\u3021-\u3029\u3038-\u303b\u3400-\u4dbf\u4e00-\u9fff"
    "\uf900-\ufa6d\ufa70-\ufad9\U00016fe2\U00016fe3\U00016ff0\U00016ff1\U00020000-\U000323af"
)
_WHITE_CHAR = re.compile(f"[{_WHITE}]")
_OTHER_CHAR = re.compile(f"[^{_WHITE}]")
_HAN_CHAR = re.compile(f"[{_HAN}]")
_BESIDE_HAN = re.compile(f"(?<=[{_HAN}])[{_WHITE}]+|[{_WHITE}]+(?=[{_HAN}])")
_WHITE_RUN = re.compile(f"[{_WHITE}]+")


@cache
def _table() -> list[int | None]:
    """What each code point of the first three planes becomes, None where it is dropped.

    `str.translate` reads a list twice as fast as a dict.
    """
    table: list[int | None] = list(range(0x30000))
    for line in files("indexer.analysis").joinpath("fold.tsv").read_text("ascii").splitlines():
        first, last, to = line.split("\t")
        for code in range(int(first, 16), min(int(last, 16) + 1, len(table))):
            table[code] = None if to == "-" else int(to, 16) + code - int(first, 16)
    return table


# The fourteenth plane holds nothing but ignorable characters: tags and variation selectors.
_PLANE_14 = re.compile("[\U000e0000-\U000e0fff]")


def is_white(char: str) -> bool:
    """Whether one character is Unicode white space."""
    return _WHITE_CHAR.match(char) is not None


def next_white(text: str, start: int) -> int:
    """Where the next white space from `start` on stands, the length of the text where there is none."""
    found = _WHITE_CHAR.search(text, start)
    return found.start() if found else len(text)


def next_other(text: str, start: int) -> int:
    """Where the next character from `start` on that is not white space stands, the length of the text where there is none."""
    found = _OTHER_CHAR.search(text, start)
    return found.start() if found else len(text)


def is_han(char: str) -> bool:
    """Whether one character is a Han character."""
    return _HAN_CHAR.match(char) is not None


def fold(text: str) -> str:
    """`text` as it is compared; may be empty."""
    folded = _PLANE_14.sub("", text).translate(_table())
    if _WHITE_CHAR.search(folded) is None:
        return folded
    return _WHITE_RUN.sub(" ", _BESIDE_HAN.sub("", folded)).strip(" ")


def fold_with_offsets(text: str) -> tuple[str, list[int]]:
    """The fold, and for each of its code points the offset in `text` of the code point it came from (a space: of the run's first)."""
    folded = fold(text)
    if len(folded) == len(text):
        return folded, list(range(len(text)))
    offsets: list[int] = []
    start = 0
    for left_out in _left_out().finditer(text):
        offsets += range(start, left_out.start())
        start = left_out.end()
        white = _WHITE_CHAR.search(text, left_out.start(), start)
        # White space became one space or nothing. What the fold keeps stands in the same order, so a space that is due here is this one.
        if white and len(offsets) < len(folded) and folded[len(offsets)] == " ":
            offsets.append(white.start())
    return folded, offsets + list(range(start, len(text)))


@cache
def _left_out() -> re.Pattern[str]:
    """Runs of what the fold does not keep as it stands: what it drops, and white space."""
    dropped = [code for code, to in enumerate(_table()) if to is None]
    return re.compile(f"[{_WHITE}{re.escape(''.join(map(chr, dropped)))}\U000e0000-\U000e0fff]+")


def original_spans(spans: list[tuple[int, int]], offsets: list[int]) -> list[tuple[int, int]]:
    """Half-open spans of a fold (none empty) as half-open spans of the text it came from."""
    return [(offsets[start], offsets[end - 1] + 1) for start, end in spans]
