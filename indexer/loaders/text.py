"""Reads plain text and Markdown; lines that were wrapped at a fixed width are joined into paragraphs."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import replace
from itertools import pairwise
from statistics import mode

from indexer.loaders.document import Document, Line
from indexer.loaders.encoding import decode
from indexer.loaders.reflow import Row, joined, measure
from indexer.model import LeftOut

_LINE_ENDS = re.compile(r"\r\n|[\r\n\x0b\x0c\x85\u2028\u2029]")
_MARKUP = re.compile(r"<!doctype\s+html|<html[\s>]|<(?:head|body)[\s>]", re.IGNORECASE)
_MIN_WRAP = 15
"""Text is not wrapped at a smaller width than this."""
_MIN_ROWS = 3
_SENTENCE_END = "。！？!?：:；;"
_FULL_SHARE = 0.6
"""In wrapped text, at least this share of the lines with another line right below end at the same width."""


def load_text(content: bytes) -> Document:
    """A text file's lines, or its paragraphs if the lines are wrapped.

    Raises:
        ValueError: It cannot be decoded, or is a web page.
    """
    text, encoding = decode(content)
    if _MARKUP.search(text[:2000]):
        raise ValueError("it is a web page; name it .html")
    return Document(paragraphs(_LINE_ENDS.split(text)), "txt", encoding)


def load_markdown(content: bytes) -> Document:
    """A Markdown file's paragraphs without markup.

    Raises:
        ValueError: It cannot be decoded, or is a web page.
    """
    text, encoding = decode(content)
    if _MARKUP.search(text[:2000]):
        raise ValueError("it is a web page; name it .html")
    labels, lines, others = _front_matter(_LINE_ENDS.split(text))
    titles = [labels.pop("title")] if "title" in labels else []
    shown = [line for line in map(_unmarked, lines) if line is not None]
    found = [_without_marks(line) for line in paragraphs(shown)]
    return Document(found, "md", encoding, titles, labels, left_out=[(0, LeftOut(line, "metadata")) for line in others])


def paragraphs(lines: Sequence[str]) -> list[Line]:
    """The non-empty lines, joined into paragraphs if they are wrapped at a fixed width."""
    for width_of in (len, measure):
        right = _wrapped_at(lines, width_of)
        if right is not None:
            return [Line(text) for text in joined(_rows(lines, width_of, right), right)]
    return [Line(line) for line in map(str.strip, lines) if line]


def _wrapped_at(lines: Sequence[str], width_of: Callable[[str], float]) -> float | None:
    """The width at which a text is wrapped: most continued lines reach it and no sentence exceeds it. None if lines are paragraphs."""
    going_on = [line.rstrip() for line, below in pairwise(lines) if line.strip() and below.strip()]
    going_on = [line for line in going_on if width_of(line) >= _MIN_WRAP]
    if len(going_on) < _MIN_ROWS:
        return None
    right = mode(round(width_of(line)) for line in going_on) if width_of is len else max(map(width_of, going_on))
    # Only lines with a full stop count: labels and addresses above and below a wrapped text may be longer.
    if any("。" in line and _is_beyond(width_of(line.rstrip()), right) for line in lines):
        return None
    slack = 1 if width_of is len else 4
    full = [line for line in going_on if right - slack <= width_of(line) <= right]
    # Wrapped lines end anywhere in a sentence, paragraphs at its end.
    closed = sum(line[-1] in _SENTENCE_END for line in full)
    return right if len(full) >= _FULL_SHARE * len(going_on) and closed <= len(full) / 2 else None


def _is_beyond(width: float, right: float) -> bool:
    """Whether a line is longer than the wrapping width; one hanging punctuation mark is allowed."""
    return width > right + 1


def _rows(lines: Sequence[str], width_of: Callable[[str], float], right: float) -> list[Row]:
    rows = []
    gap = True
    for line in lines:
        text = line.strip()
        width = width_of(line.rstrip())
        if text:
            rows.append(Row(text, width_of(line) - width_of(line.lstrip()), width, gap or _is_beyond(width, right)))
        gap = not text or _is_beyond(width, right)
    return rows


_HEADING = re.compile(r"(#{1,6})\s+(.*)")
_TABLE_RULE = re.compile(r"\s*+(?:\|\s*+)?:?-{2,}:?\s*+(?:\|\s*+:?-{2,}:?\s*+)*(?:\|\s*+)?")
_RULE = re.compile(r"\s*(?:[-*_=]\s*){3,}")
_BULLET = re.compile(r"^\s*+(?:[-*+]\s++(?=\S))+")
_STRONG_OPENS = re.compile(r"(?:\*\*|__)(?=\S)")
_STRONG = re.compile(r"(\*\*|__)(?=\S)(.+?)(?<=\S)\1")
_LINK = re.compile(r"!?\[([^\]]*+)(\]\((?:[^()\s]++|\([^()\s]*+\))*+\))?")
"""A link or image; or, without the second group, a bracket that starts none, with its text, in which no link starts either."""
_ESCAPE = re.compile(r"\\([\\`*_{}\[\]()#+.!|>-])")
_FRONT = re.compile(r"(title|date|source|author)\s*:\s*(.+)")
_LABELS = {"title": "title", "date": "published", "source": "source", "author": "editor"}


def _front_matter(lines: list[str]) -> tuple[dict[str, str], list[str], list[str]]:
    """The labels in the block between --- and --- at the start, the lines after it, and the block's other lines."""
    if not lines or lines[0].strip() != "---" or "---" not in [line.strip() for line in lines[1:30]]:
        return {}, lines, []
    end = next(number for number, line in enumerate(lines[1:], 1) if line.strip() == "---")
    found = [match for match in map(_FRONT.fullmatch, map(str.strip, lines[1:end])) if match]
    others = [line.strip() for line in lines[1:end] if line.strip() and not _FRONT.fullmatch(line.strip())]
    return {_LABELS[match[1]]: match[2].strip("'\" ") for match in found}, lines[end + 1 :], others


def _unmarked(line: str) -> str | None:
    """A line without the markup at its start; None for the rule below a table's head."""
    if _TABLE_RULE.fullmatch(line) and "|" in line:
        return None
    if _RULE.fullmatch(line):
        return ""
    if line.strip().startswith("|") and line.strip().endswith("|"):
        return " | ".join(cell.strip() for cell in line.strip().strip("|").split("|"))
    if line.startswith("#"):
        return line
    return _LINK.sub(lambda link: link[1] if link[2] else link[0], _BULLET.sub("", line.lstrip("> ") if line.startswith(">") else line))


def _without_marks(line: Line) -> Line:
    """A paragraph without the marks for bold and headings, which become its attributes."""
    heading = _HEADING.fullmatch(line.text)
    # A heading may end with number signs, too.
    text = heading[2].rstrip().rstrip("#").rstrip() if heading else line.text
    strong = _STRONG.match(text)
    bold = len(strong[2]) if strong else 0
    text = _ESCAPE.sub(r"\1", _without_strong(text)).strip()
    return replace(line, text=text or line.text, bold=bold, heading=len(heading[1]) - 1 if heading else None)


def _without_strong(text: str) -> str:
    """A line's text without the marks around its bold parts."""
    parts = []
    end = at = 0
    # A mark that is never closed has no closing mark behind it, so later marks of its kind are not closed either.
    closed = {"**", "__"}
    while closed and (mark := _STRONG_OPENS.search(text, at)):
        at = mark.start() + 1
        if mark[0] in closed:
            if strong := _STRONG.match(text, mark.start()):
                parts += [text[end : strong.start()], strong[2]]
                end = at = strong.end()
            else:
                closed.remove(mark[0])
    return "".join(parts) + text[end:]
