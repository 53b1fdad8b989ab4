"""A document taken apart: its title, the lines that speak of the page, and the report's own text between them. Pure."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from indexer.loaders.document import Document, Line
from indexer.outline import read_number
from indexer.parsing.chrome import is_chrome
from indexer.parsing.clean import clean
from indexer.parsing.dates import find_date, is_date
from indexer.parsing.identity import is_title
from indexer.parsing.labels import is_metadata
from indexer.parsing.left_out import Found, pieces
from indexer.parsing.titles import NUMBER, ORGANISATION, find_title, squeezed
from indexer.remarks import Remark

_HEAD = 80
"""Title and metadata stand within so many lines of the start of what the page is about."""


@dataclass(slots=True)
class Frame:
    """A document taken apart."""

    title: str | None = None
    titled: list[Line] = field(default_factory=list)
    """The lines that the title stands in."""
    said: list[Line] = field(default_factory=list)
    """Lines that speak of the page, in order."""
    body: list[Line] = field(default_factory=list)
    signed: list[Line] = field(default_factory=list)
    """Who signed at the end, and when."""
    remarks: list[Remark] = field(default_factory=list)
    left_out: list[Found] = field(default_factory=list)
    """Lines that are none of these."""

    @property
    def head(self) -> list[str]:
        """The texts of the lines that speak of the page."""
        return [line.text for line in self.said]

    @property
    def signature(self) -> list[str]:
        """The texts of the lines of the signature."""
        return [line.text for line in self.signed]


def take_apart(document: Document) -> Frame:
    """The title, the metadata and the text of a document; page furniture belongs to none of them."""
    before = list(clean(document.lines[: document.body_start]))
    lines = before + list(clean(document.lines[document.body_start :], document.body_start))
    opening = _first_prose(lines, len(before))
    known = [title for title in document.titles if is_title(title)]
    found = find_title(lines[:opening], known)
    frame = Frame()
    if found:
        first, last, title = found
        frame.title = title
        frame.titled = lines[first : last + 1]
        if last > first:
            frame.remarks.append(Remark("title-joined", lines=last - first + 1))
    elif known or (document.titles and not opening):
        frame.title = (known or document.titles)[0]
    elif long := [title for title in document.titles if len(title) >= 8]:
        frame.title = long[0]
    start = found[1] + 1 if found else len(before)
    above = lines[: found[0] if found else start]
    for line in above:
        if is_metadata(line.text) or _is_byline(line.text):
            frame.said.append(line)
        else:
            frame.left_out += pieces([line], "furniture")
    start = _skip_head(lines, start, frame)
    end = _skip_tail(lines, start, frame)
    frame.body = [line for line in lines[start:end] if not is_chrome(line.text)]
    frame.left_out += pieces([line for line in lines[start:end] if is_chrome(line.text)], "furniture")
    return frame


def _is_prose(line: Line) -> bool:
    text = line.text
    return (len(text) > 40 and re.search("[，。；,;]", text) is not None and not is_metadata(text)) or text.endswith("。")


def _first_prose(lines: Sequence[Line], start: int) -> int:
    """The number of the first line that is the report's text and no title, label or menu."""
    for number, line in enumerate(lines[start : start + _HEAD], start):
        heading = read_number(line.text)
        if (_is_prose(line) and not is_title(line.text)) or (heading and heading.level <= 2 and heading.ordinal == 1):
            return number
    return min(len(lines), start + _HEAD)


def _is_byline(text: str) -> bool:
    """Whether a line is nothing but a date, perhaps beside a name, or a document number."""
    named = len(text) <= 45 and re.search("[，。；：]", text) is None and find_date(text) is not None and read_number(text) is None
    return is_date(text) or named or NUMBER.fullmatch(text.strip("（）() ")) is not None


def _skip_head(lines: Sequence[Line], start: int, frame: Frame) -> int:
    """The number of the first line of the text, behind labels, dates, the title repeated, and who issued it."""
    title = squeezed(frame.title or "")
    while start < len(lines):
        text = lines[start].text
        below = lines[start + 1].text if start + 1 < len(lines) else ""
        signs = ORGANISATION.fullmatch(text) and (is_date(below) or squeezed(text) in title)
        bare = (
            bool(frame.said)
            and is_metadata(frame.said[-1].text)
            and not re.search("[。，,：:]", text)
            and len(text) <= 30
            and _is_bare(frame.said[-1].text)
        )
        repeated = bool(title) and squeezed(text) == title
        if title and not repeated and len(text) < len(frame.title or "") and squeezed(text + below) == title:
            frame.left_out += pieces(lines[start : start + 2], "repeated")
            start += 2
            frame.remarks.append(Remark("title-repeated-broken"))
            continue
        if repeated:
            frame.remarks.append(Remark("title-repeated"))
            frame.left_out += pieces([lines[start]], "repeated")
        elif is_metadata(text) or _is_byline(text) or signs or (bare and read_number(text) is None):
            frame.said.append(lines[start])
        elif is_chrome(text):
            frame.left_out += pieces([lines[start]], "furniture")
        else:
            break
        start += 1
    return start


def _is_bare(text: str) -> bool:
    """Whether a line is one label with nothing behind it: its value is the next line."""
    from indexer.parsing.labels import read_labels

    return [value for _, value in read_labels(text)] == [""]


def _skip_tail(lines: Sequence[Line], start: int, frame: Frame) -> int:
    """The number of the line behind the last one of the text: before buttons, footers, and the signature."""
    end = len(lines)
    last = next((number for number in range(end - 1, start - 1, -1) if _is_substance(lines[number])), None)
    if last is not None:
        # Behind the first button below the text everything belongs to the page.
        end = next((number for number in range(last + 1, end) if is_chrome(lines[number].text)), end)
        frame.left_out += pieces(lines[end:], "furniture")
    while end > start and (is_chrome(lines[end - 1].text) or is_metadata(lines[end - 1].text)):
        end -= 1
        frame.said.append(lines[end])
    signed = end
    while signed > start and end - signed < 6 and not _is_substance(lines[signed - 1]):
        text = lines[signed - 1].text.strip("（）() ")
        if not (is_date(text) or ORGANISATION.fullmatch(text)):
            break
        signed -= 1
    if any(is_date(line.text) for line in lines[signed:end]):
        frame.signed = list(lines[signed:end])
        return signed
    return end


def _is_substance(line: Line) -> bool:
    """Whether a line is certainly the report's text."""
    text = line.text
    if is_chrome(text) or is_metadata(text):
        return False
    return _is_prose(line) or read_number(text) is not None or " | " in text
