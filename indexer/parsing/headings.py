"""Divides a report's lines into headings and paragraphs: which line is a heading, and where a run-in heading ends. Pure."""

from __future__ import annotations

import re
from collections.abc import Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field

from indexer.loaders.document import Line
from indexer.model import Body, Heading, LeftOut
from indexer.outline import HeadingNumber, plain, read_number
from indexer.parsing.lists import contents, runs_of_numbers
from indexer.parsing.unnumbered import Unnumbered, find_unnumbered
from indexer.remarks import Remark

_OWN_LINE = 60
"""A numbered line of at most so many code points without a sentence after it is a heading."""
_LONGEST = 150
"""Longest heading of the upper two levels, in code points."""
_RUN_IN = 45
"""A numbered first sentence of at most so many code points, with text after it, is a run-in heading."""
_BEGINNING = 200
"""A heading ends within so many code points of the line, or there is none."""
_MIN_TEXT = 15
"""Least code points of text after a run-in heading that does not end with a full stop."""
_QUANTITY = re.compile(r"\d\.*+\s*+余?(?:件|次|人|起|万|%|场|份|条|名|家|篇|期|例|亿|元|册|余)")
_SENTENCE = re.compile(r"[。！？!?]")
_BEFORE_ITEM = re.compile(r"\s*[:：]?\s*(?=一是)")
# A heading's last word followed directly by the first words of a paragraph.
_GLUED = re.compile(
    r"(?P<heading>[^。;:]{3,40}?(?:情况|成效|做法|举措|措施|问题|不足|短板|差距|原因|打算|安排|计划|思路|方向|建议|体系|水平|机制|保障|职能|纠纷|工作|建设|监督|执法"
    r"|责任制|制度|改革|能力|环境|教育|服务|”))"
    r"(?=一是|下一步|当前|目前|今年|去年|一年来|近年来|我[县市区旗镇乡局委办]|全[县市区旗镇]|[县市区]政府|[县市区]委|(?:19|20)\d\d年|截至|虽然|围绕|按照|根据|依据|始终|坚持以)"
)


@dataclass(slots=True)
class _Reader:
    """The state while the lines are read in order."""

    blocks: list[Heading | Body] = field(default_factory=list)
    remarks: list[Remark] = field(default_factory=list)
    left_out: list[tuple[int, LeftOut]] = field(default_factory=list)
    last: dict[int, Heading] = field(default_factory=dict)
    """The open heading of each level."""
    ordinals: dict[int, int] = field(default_factory=dict)
    """The ordinal of each level's open numbered heading."""

    @property
    def level(self) -> int:
        """The level of the innermost open numbered heading; 0 before any, and under headings above the level of 一、."""
        return max((0, *self.ordinals))

    def open(self, heading: Heading, number: HeadingNumber | None) -> None:
        """Begin a section, with remarks if its number is unexpected or repaired."""
        if number is not None:
            if number.lost:
                self.remarks.append(Remark("number-repaired", heading=number.shown))
            self._check(number)
        self.ordinals = {level: ordinal for level, ordinal in self.ordinals.items() if level < heading.level}
        if number is not None:
            self.ordinals[number.level] = number.ordinal
        self.last = {level: open for level, open in self.last.items() if level < heading.level}
        self.last[heading.level] = heading
        self.blocks.append(heading)

    def _check(self, number: HeadingNumber) -> None:
        before = self.ordinals.get(number.level, 0)
        if number.ordinal != before + 1 and number.level <= 2:
            self.remarks.append(Remark("number-unexpected", heading=number.shown, expected=before + 1))

    def repeats(self, heading: Heading) -> bool:
        """Whether a heading repeats the innermost open one."""
        open = self.last.get(heading.level)
        return open is not None and heading.number == open.number and heading.heading == open.heading and heading.level >= max(self.last)


def read_lines(lines: Sequence[Line]) -> tuple[list[Heading | Body], list[Remark], list[tuple[int, LeftOut]]]:
    """Headings and paragraphs in the order of the text, remarks on what was repaired or is in doubt, and lines left out as repeated."""
    reader = _Reader()
    listed = contents(lines)
    listed |= _entries(lines, listed)
    unnumbered = find_unnumbered(lines)
    previous = ""
    for index, line in enumerate(lines):
        # Rows of a table may be equal without being repeated: two offices may report the same.
        if line.text == previous and len(line.text) > 4 and " | " not in line.text:
            reader.remarks.append(Remark("line-repeated", line=line.text[:12]))
            reader.left_out.append((line.number, LeftOut(line.text, "repeated")))
            continue
        previous = line.text
        if index in listed or line.note:
            reader.blocks.append(Body(line.text, page=line.page, ocr=line.ocr))
        elif (found := unnumbered.get(index)) is not None:
            _open_unnumbered(reader, line, found)
        else:
            below = read_number(lines[index + 1].text) if index + 1 < len(lines) else None
            _read(reader, line, below)
    return reader.blocks, reader.remarks, reader.left_out


def _entries(lines: Sequence[Line], contents: AbstractSet[int]) -> set[int]:
    """Which lines are list items although they read like headings: adjacent items of the same list do not."""
    found: set[int] = set()
    for run in runs_of_numbers(lines):
        read = [(index, number) for index, number in run if index not in contents]
        ends = {index: _heading_end(lines[index], number) for index, number in read}
        closed = any(lines[index].text.endswith(("；", ";")) for index, _ in read)
        if None in ends.values() and (closed or all(number.level >= 3 for _, number in read)):
            found |= {index for index, end in ends.items() if end == len(lines[index].text)}
    return found


def _read(reader: _Reader, line: Line, below: HeadingNumber | None) -> None:
    number = read_number(line.text)
    if number is not None and number.lost == "closing" and reader.ordinals.get(2, 0) + 1 != number.ordinal:
        number = None
    end = _heading_end(line, number, below) if number else None
    if number is None or end is None:
        reader.blocks.append(Body(line.text, page=line.page, ocr=line.ocr))
        return
    text = line.text[:end].rstrip()
    run_in = end < len(line.text)
    heading = Heading(number.level, number.shown, _words(text[number.length :]), text, run_in, line.page, line.ocr)
    if reader.repeats(heading):
        reader.remarks.append(Remark("heading-repeated", heading=number.shown))
        if run_in:
            reader.blocks.append(Body(line.text, end, page=line.page, ocr=line.ocr))
        else:
            reader.left_out.append((line.number, LeftOut(line.text, "repeated")))
        return
    reader.open(heading, number)
    if run_in:
        reader.blocks.append(Body(line.text, _behind(line.text, end), page=line.page, ocr=line.ocr))


def _words(text: str) -> str:
    """A heading's words without closing punctuation."""
    return text.strip().rstrip("。.：:；;").strip()


def _behind(text: str, end: int) -> int:
    """The offset where the text after a run-in heading begins, after punctuation and spaces."""
    return end + len(text[end:]) - len(text[end:].lstrip("。.：: "))


def _heading_end(line: Line, number: HeadingNumber, below: HeadingNumber | None = None) -> int | None:
    """The offset where the heading of a numbered line ends, inside the line or at its end; None if it has no heading.

    Args:
        line: The line.
        number: The number that the line begins with.
        below: The number that the next line begins with.
    """
    text = line.text
    rest = plain(text[number.length : number.length + _BEGINNING])
    if line.heading is not None and line.heading > 0:
        return len(text)
    if (glued := _glued_end(rest)) is not None:
        return number.length + glued
    stop = _SENTENCE.search(rest)
    first, behind = (rest[: stop.start()], rest[stop.end() :].strip()) if stop else (rest, "")
    if number.length < line.bold < len(text) and line.bold - number.length <= _OWN_LINE and len(text) - line.bold > 1:
        marked = text[: line.bold].rstrip("。：: ")
        # Some sites set the heading in bold, others only the number.
        if len(marked) > number.length:
            return len(marked)
    if behind:
        return number.length + len(first) if len(first) <= _RUN_IN and _reads_as_heading(first, number.level) else _looser_end(rest, number)
    if stop and (looser := _looser_end(rest, number)) is not None:
        return looser
    if len(text) <= _OWN_LINE or line.bold == len(text):
        return len(text) if not _is_listed(rest, number.level) else None
    if number.level <= 2 and len(text) <= _LONGEST and not re.search("[。；;：:！？!?]", text[:-1]):
        # A line that ends with a full stop is a paragraph, unless the first heading of the next level follows.
        opens = below is not None and below.level == number.level + 1 and below.ordinal == 1
        if opens or not text.endswith(("。", "；", ";", "：", ":", "，", ",")):
            return len(text)
    return _looser_end(rest, number)


def _glued_end(rest: str) -> int | None:
    """The offset where a heading ends that clearly runs into its text without punctuation; None if it does not."""
    stop = _SENTENCE.search(rest)
    first = rest[: stop.start()] if stop else rest
    item = _BEFORE_ITEM.search(first)
    if item and 3 <= item.start() <= _RUN_IN:
        return item.start()
    glued = _GLUED.match(rest)
    if glued and len(rest) - glued.end() >= _MIN_TEXT and re.search("[，,。]", rest[glued.end() :]) and "," not in glued["heading"]:
        return glued.end()
    return None


def _looser_end(rest: str, number: HeadingNumber) -> int | None:
    """The offset where a heading ends before a colon or a space and text; None if there is none."""
    mark = re.match(r"(?P<heading>[^，,。；;:\s]{4,35})(?::|\s+(?=[\u4e00-\u9fff\d]))(?P<text>.+)", rest)
    if mark and len(mark["text"]) >= _MIN_TEXT and not _QUANTITY.search(mark["heading"]):
        return number.length + len(mark["heading"])
    return None


def _reads_as_heading(first: str, level: int) -> bool:
    return not _QUANTITY.search(first) or (level <= 2 and len(first) <= 30 and not re.search("[,，]", first))


def _is_listed(rest: str, level: int) -> bool:
    """Whether a numbered line without following text is a list item rather than a heading."""
    if rest.endswith((";", "；", ",", "，")):
        return True
    closed = rest.endswith("。")
    if level >= 3:
        return (closed and re.search("[,，;；]", rest) is not None) or _QUANTITY.search(rest) is not None
    return closed and _QUANTITY.search(rest) is not None


def _open_unnumbered(reader: _Reader, line: Line, found: Unnumbered) -> None:
    """Open a heading without a number, at its known level or one level below the numbered heading above it."""
    run_in = found.end < len(line.text)
    text = line.text[: found.end]
    reader.open(Heading(found.level or reader.level + 1, None, _words(text), text, run_in, line.page, line.ocr), None)
    if run_in:
        reader.blocks.append(Body(line.text, _behind(line.text, found.end), page=line.page, ocr=line.ocr))


__all__ = ["read_lines"]
