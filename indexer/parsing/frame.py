"""Divides a document into its title, lines about the page (date, source, signature), and the report's text. Pure."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import pairwise

from indexer.loaders.document import Document, Line
from indexer.outline import part_of, plain, read_number
from indexer.parsing import labels
from indexer.parsing.chrome import is_button, is_chrome
from indexer.parsing.clean import clean
from indexer.parsing.dates import find_date, is_date, without_date
from indexer.parsing.identity import is_title
from indexer.parsing.labels import is_metadata, read_labels
from indexer.parsing.left_out import Found, pieces
from indexer.parsing.titles import NUMBER, ORGANISATION, find_title, squeezed, title_of_page
from indexer.remarks import Remark

_HEAD = 80
"""Title and metadata are within so many lines of the start of the page's main content."""
_MAX_PART = 24
"""Longest name of a standard part on its own line, in code points."""
_FOOT_SHARE = 0.1
"""A page's footer has at most this share of all prose."""
_MAX_LINK = 80
"""Longest text of a link to another page, in code points."""
_BULLETS = " •·●▪■◆★-"
_VALUES = frozenset((*labels.PUBLISHED, *labels.PUBLISHER, *labels.SOURCE, *labels.EDITOR, *labels.DOC_NUMBER, *labels.TITLE))
"""The labels whose values are read."""
_IMPRINT = re.compile(
    r"\(?此件[^。;]{0,12}(?:公开|发布|转发|登报|发至)[^。;]{0,12}\)?|(?:主送|抄送|抄报|分送|印送|主题词|信息公开\w{2})\s*:.{0,300}"
    r"|.{0,30}(?:19|20)\d\d\s*年\s*\d{1,2}\s*月\s*\d{1,2}\s*日\s*印发|\(?共印\s*\d+\s*份\)?|\(联系人[^()]{0,60}\)"
)
"""Lines below the signature of an official letter (GB/T 9704-2012, 7.3.8 and 7.4)."""
_MAX_IMPRINT = 8
_PAGE_NUMBER = re.compile(r"[-—–·\s]*+(?:第?\s*+(\d{1,3})\s*+页?(?:\s*+[/,共of]*+\s*+\d{1,3}\s*+页?)?)[-—–·\s]*+")


@dataclass(slots=True)
class Frame:
    """The parts of a document."""

    title: str | None = None
    titled: list[Line] = field(default_factory=list)
    """The lines that make up the title."""
    metadata: list[Line] = field(default_factory=list)
    """Lines about the page, in order."""
    body: list[Line] = field(default_factory=list)
    signed: list[Line] = field(default_factory=list)
    """The signature and date at the end."""
    remarks: list[Remark] = field(default_factory=list)
    left_out: list[Found] = field(default_factory=list)
    """All other lines."""

    @property
    def head(self) -> list[str]:
        """The texts of the lines about the page."""
        return [line.text for line in self.metadata]

    @property
    def signature(self) -> list[str]:
        """The texts of the lines of the signature."""
        return [line.text for line in self.signed]


def take_apart(document: Document) -> Frame:
    """Divide a document into title, metadata and text.

    Other lines are removed from the edges of the text: before the first line that is certainly text, and after the last one. Between
    them no line is left out for its wording, only what a machine repeats: page numbers, running heads, buttons.
    """
    before = list(clean(document.lines[: document.body_start]))
    lines = before + list(clean(document.lines[document.body_start :], document.body_start))
    opening = _first_prose(lines, len(before))
    found = find_title(lines[:opening], document.titles)
    frame = Frame()
    if found:
        first, last, title = found
        frame.title = title
        frame.titled = lines[first : last + 1]
        if last > first:
            frame.remarks.append(Remark("title-joined", lines=last - first + 1))
    else:
        frame.title = title_of_page(document.titles)
    start = found[1] + 1 if found else len(before)
    for line in lines[: found[0] if found else start]:
        _set_aside(line, frame)
    start = _skip_head(lines, start, len(before), frame)
    end = _skip_tail(lines, start, frame)
    frame.body = list(_without_machinery(lines[start:end], lines, frame))
    return frame


def _set_aside(line: Line, frame: Frame) -> None:
    """Add a line outside the text to the lines about the page, or to the lines left out."""
    if (is_metadata(line.text) or _is_byline(line.text)) and not is_button(line.text):
        frame.metadata.append(line)
    else:
        frame.left_out += pieces([line], "furniture")


def _is_prose(line: Line) -> bool:
    text = line.text
    return (len(text) > 40 and re.search("[，。；,;]", text) is not None and not is_metadata(text)) or text.endswith("。")


def _first_prose(lines: Sequence[Line], start: int) -> int:
    """The number of the first line that is text of the report rather than title, label or menu."""
    for number, line in enumerate(lines[start : start + _HEAD], start):
        heading = read_number(line.text)
        if (_is_prose(line) and not is_title(line.text)) or (heading and heading.level <= 2 and heading.ordinal == 1):
            return number
    return min(len(lines), start + _HEAD)


def _is_byline(text: str) -> bool:
    """Whether a line is only a date, perhaps with a name, or a document number."""
    text = text.strip(_BULLETS)
    named = len(text) <= 45 and re.search("[，。；：]", text) is None and find_date(text) is not None and read_number(text) is None
    return is_date(text) or named or NUMBER.fullmatch(text.strip("（）() ")) is not None


def _skip_head(lines: Sequence[Line], start: int, body_start: int, frame: Frame) -> int:
    """The number of the first line of the text, after labels, dates, buttons, the repeated title, and the issuer.

    Lines between such lines belong to them, whatever their wording: an unknown button, the value of a label.
    No line before `body_start` is text.
    """
    low = max(start, body_start)
    first = next((number for number in range(low, min(len(lines), low + _HEAD)) if _opens_text(lines[number], frame)), None)
    title = squeezed(frame.title or "")
    number = begin = start
    waiting = False
    roles: list[str] = []
    while number < len(lines) and number != first:
        text = lines[number].text
        below = lines[number + 1].text if number + 1 < len(lines) else ""
        signs = ORGANISATION.fullmatch(text) and (is_date(below) or squeezed(text) in title)
        if title and squeezed(text) == title:
            frame.remarks.append(Remark("title-repeated"))
            roles.append("repeated")
        elif title and len(text) < len(frame.title or "") and squeezed(text + below) == title:
            frame.remarks.append(Remark("title-repeated-broken"))
            roles += ["repeated", "repeated"]
            number += 1
        elif is_button(text):
            roles.append("furniture")
        elif is_metadata(text) or _is_byline(text) or signs or (waiting and len(text) <= 30 and not re.search("[。，,：:]", text)):
            roles.append("metadata")
        else:
            roles.append("furniture" if is_chrome(text) else "")
        number += 1
        waiting = _waits(text)
        if roles[-1] or number <= body_start:
            begin = number
        elif first is None:
            break  # No line is certainly text, so one that may be text is taken as such.
    for line, role in zip(lines[start:begin], roles, strict=False):
        if role == "metadata":
            frame.metadata.append(line)
        else:
            frame.left_out += pieces([line], role or "furniture")
    return begin


def _opens_text(line: Line, frame: Frame) -> bool:
    """Whether a line is certainly text: a sentence, a numbered heading, the name of a standard part, or a salutation."""
    text = line.text
    if frame.title is not None and squeezed(text) == squeezed(frame.title):
        return False
    if _is_substance(line):
        return True
    return not (is_chrome(text) or is_metadata(text) or _is_byline(text)) and (
        (re.fullmatch("[^，,。]{2}.*[:：]", text) is not None and len(text) > 4) or (len(text) <= _MAX_PART and part_of(text) is not None)
    )


def _waits(text: str) -> bool:
    """Whether a line is a single label without a value, which the next line may supply."""
    found = list(read_labels(text))
    return len(found) == 1 and not found[0][1] and found[0][0] in _VALUES


def _skip_tail(lines: Sequence[Line], start: int, frame: Frame) -> int:
    """The number of the line after the last line of the text, before buttons, footers and the signature."""
    end = _page_begins(lines, start)
    last = next((number for number in range(end - 1, start - 1, -1) if _is_substance(lines[number])), None)
    if last is not None:
        # After the first button below the text everything belongs to the page.
        end = next((number for number in range(last + 1, end) if is_chrome(lines[number].text)), end)
    # Lines naming the editor may follow the text, before the buttons.
    page = next((number for number in range(end, len(lines)) if is_button(lines[number].text)), len(lines))
    for line in lines[end:page]:
        _set_aside(line, frame)
    frame.left_out += pieces(lines[page:], "furniture")
    below = end
    while end > start and (is_chrome(lines[end - 1].text) or is_metadata(lines[end - 1].text) or _labels_nothing(lines[end - 1].text)):
        end -= 1
    for line in lines[end:below]:
        _set_aside(line, frame)
    signed, imprint = _signature(lines, start, end)
    if signed < imprint:
        frame.signed = list(lines[signed:imprint])
        frame.left_out += pieces(lines[imprint:end], "imprint")
        return signed
    return end


def _signature(lines: Sequence[Line], start: int, end: int) -> tuple[int, int]:
    """The half-open range of the signature and its date above an imprint, if any; empty without a date."""
    imprint = end
    while imprint > start and end - imprint < _MAX_IMPRINT and _IMPRINT.fullmatch(plain(lines[imprint - 1].text).strip()):
        imprint -= 1
    signed = imprint
    while signed > start and imprint - signed < 6 and not _is_substance(lines[signed - 1]):
        text = lines[signed - 1].text.strip("（）() ")
        if not (is_date(text) or ORGANISATION.fullmatch(without_date(text))):
            break
        signed -= 1
    dated = any(find_date(line.text) for line in lines[signed:imprint])
    return (signed, imprint) if dated else (end, end)


def _page_begins(lines: Sequence[Line], start: int) -> int:
    """The number of the first line of a page's footer: a button with no heading and only a little prose after it."""
    prose = 0
    total = sum(len(line.text) for line in lines[start:] if _is_substance(line))
    found = len(lines)
    for number in range(len(lines) - 1, start - 1, -1):
        line = lines[number]
        heading = read_number(line.text)
        # Short lines that are not sentences may be the titles of other pages.
        if _is_substance(line) and (line.text.endswith("。") or len(line.text) > _MAX_LINK):
            prose += len(line.text)
        if prose > _FOOT_SHARE * total or (heading is not None and heading.level <= 2):
            break
        if is_button(line.text):
            found = number
    return found


def _labels_nothing(text: str) -> bool:
    """Whether a line at the very end announces something that does not follow: 相关报道:"""
    return len(text) <= 12 and text.endswith((":", "：")) and read_number(text) is None


def _is_substance(line: Line) -> bool:
    """Whether a line is certainly text of the report."""
    text = line.text
    if is_chrome(text) or is_metadata(text):
        return False
    return _is_prose(line) or read_number(text) is not None or " | " in text


def _without_machinery(body: Sequence[Line], lines: Sequence[Line], frame: Frame) -> Iterator[Line]:
    """The lines of a text without machine-made repetitions: buttons, page numbers, the title as a running head."""
    printed = Counter(line.text for line in lines)
    numbers = [int(match[1]) for line in body if (match := _PAGE_NUMBER.fullmatch(plain(line.text)))]
    # Page numbers are consecutive: a single number, or several that are not consecutive, are text.
    counted = len(numbers) > 1 and all(second == first + 1 for first, second in pairwise(numbers))
    title = squeezed(frame.title or "")
    for line in body:
        if counted and _PAGE_NUMBER.fullmatch(plain(line.text)):
            reason = "page-number"
        elif title and printed[line.text] > 1 and squeezed(line.text) == title:
            reason = "running-head"
        elif printed[line.text] > 1 and is_button(line.text):
            reason = "furniture"
        else:
            yield line
            continue
        frame.left_out += pieces([line], reason)
