"""Finds rules and documents named in a text: 《重大行政决策程序暂行条例》, 国发〔2021〕3号, 国务院令第713号. Pure; linear in the text.

Names are normalized before they are compared and listed, so that an instrument is the same however it is typed: see `normal_name` and
`find_numbers`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import replace
from functools import lru_cache
from typing import NamedTuple

from indexer.facts.model import Naming
from indexer.facts.numerals import HAN_DIGITS
from indexer.outline import plain

KINDS = ("law", "regulation", "rule", "normative", "plan", "other")
"""The kind of an instrument, as far as its name tells: no name says whether a 办法 is a government's rule or a normative document."""

LONGEST_NAME = 150
"""Code points between 《 and 》; anything longer was closed by the 》 of another name."""

_REPUBLIC = "中华人民共和国"
_HAN = re.compile(r"[\u4e00-\u9fff]{1,14}$")
_OPEN, _CLOSE = r"[(\[{〔【〖﹝]", r"[)\]}〕】〗﹞]"
_GAP = " {0,4}"
_YEAR = rf"{_OPEN}{_GAP}(?P<year>(?:19|20)\d\d){_GAP}年?{_GAP}{_CLOSE}"
_DOCUMENT = re.compile(rf"{_YEAR}{_GAP}第?{_GAP}(?P<number>[0-9]{{1,5}}){_GAP}号(?!令)")
_ORDINAL = r"[0-9]{1,5}|[一二三四五六七八九十百〇零]{1,7}"
_DECREE = re.compile(rf"令{_GAP}(?:{_YEAR}{_GAP})?第?{_GAP}(?P<number>{_ORDINAL}){_GAP}号|第{_GAP}(?P<first>{_ORDINAL}){_GAP}号令")
_BODY = re.compile(r"[\u4e00-\u9fff]{0,18}(?:国务院|主席|政府|委员会|[部局委厅署院])$")
_LONGEST_BODY = 24
# Words before the body that issued a document that are not part of its name: 根据国发〔2021〕3号.
_BEFORE = re.compile(
    r".*(?:根据|依据|依照|按照|遵照|印发|转发|下发|制发|出台|制定|贯彻|落实|执行|发布|公布|修订|修改|废止|通过|文件|通知|学习|宣传|以及|[的了据照及等以为到对见按依由])"
)
_BEHIND = re.compile(rf"{_GAP}[(\[〔]?{_GAP}")
_MAY_BE_NUMBER = re.compile(r"[\d０-９一二三四五六七八九十百〇零]\s{0,4}号")
_BEFORE_NUMBER, _BEHIND_NUMBER = 64, 16
"""Code points around the last digit of a number that are examined: the issuing body before it, 令 and spaces after it."""
_SHORT = re.compile(r"[称稱][为為]?[:：\s]*$")
"""Matches the text before a 《 that opens a short name: (以下简称《纲要》)."""

_ENDS = (
    ("regulation", ("条例",)),
    ("rule", ("办法", "规定", "规则", "细则")),
    ("plan", ("规划", "计划", "纲要", "方案", "要点")),
    ("normative", ("意见", "通知", "决定", "决议", "公告", "通告", "批复", "制度", "清单", "指引", "基准", "标准", "目录", "指南")),
    ("normative", ("规范", "规程", "措施", "导则", "机制")),
    ("other", ("方法", "做法", "书法", "说法", "想法", "执法", "守法", "普法", "司法", "立法", "学法", "说宪法")),
    ("law", ("法", "法典", "法修正案")),
)
_TAIL = re.compile(r"（[^（）]*）$")
_DASH = re.compile(r"(?<=\d)(?:[-‐‑–—―−~～]+|至)(?=(?:19|20)\d\d)")
_ANGLES = str.maketrans({"《": "〈", "》": "〉", "<": "〈", ">": "〉", "(": "（", "[": "（", "〔": "（", "【": "（"})
_ANGLES |= str.maketrans({")": "）", "]": "）", "〕": "）", "】": "）"})


class Number(NamedTuple):
    """A document number or a decree in a text, with its position."""

    start: int
    end: int
    value: str
    """The normalized number: 国发〔2021〕3号, 国务院令第713号."""


def name_instruments(texts: Iterable[str]) -> Iterator[tuple[Naming, ...]]:
    """For each passage of a report, in order, the instruments that it names, in order.

    A short name (以下简称《纲要》) that a report defines, or a number whose name it gave before, stands for that instrument from there on.
    """
    known: dict[str, Naming] = {}
    for text in texts:
        yield tuple(_named(text, known)) if "《" in text or "号" in text else ()


def _named(text: str, known: dict[str, Naming]) -> list[Naming]:
    """The instruments in one text. `known` has the short names and numbers defined so far; those defined here are added."""
    # Names are normalized later; only the surroundings of numbers must be now.
    flat, has_numbers = _plain_around_numbers(text)
    numbers = find_numbers(flat) if has_numbers else []
    starts, ends = {number.start: number for number in numbers}, {number.end: number for number in numbers}
    names = find_names(flat)
    found: list[Naming] = []
    taken: set[Number] = set()
    for start, end in names:
        inner = ends.get(_left(flat, end - 1)) or ends.get(_left(flat, end - 2) if flat[end - 2] in ")]" else -1)
        # A number printed inside the brackets belongs to the name just as one after it does.
        inside = inner is not None and inner.start > start + 2 and flat[inner.start - 1] == "("
        number = inner if inside else starts.get(_right(flat, end)) or ends.get(_left(flat, start))
        if number in taken:
            number = None
        spelling = text[start + 1 : inner.start - 1 if inside and inner else end - 1]
        name = normal_name(spelling)
        if found and "。" not in flat[found[-1].end : start] and _SHORT.search(flat, max(0, start - 6), start):
            known.setdefault(name, found[-1])
        if number is None and (explained := known.get(name)) is not None:
            found.append(replace(explained, start=start, end=end, spelling=spelling))
            continue
        if number is None:
            found.append(Naming(name=name, number=None, kind=kind_of(name), start=start, end=end, spelling=spelling))
            continue
        taken.add(number)
        start, end = min(start, number.start), max(end, number.end)
        found.append(Naming(name=name, number=number.value, kind=kind_of(name), start=start, end=end, spelling=spelling))
        known.setdefault(number.value, found[-1])
    for number in numbers:
        if number not in taken and not any(start <= number.start < end for start, end in names):
            start, end, value = number
            # Words before a number are recognized by the same number elsewhere: 再学国发〔2021〕3号.
            value = next((value[cut:] for cut in range(value.find("〔")) if value[cut:] in known), value)
            one = known.get(value) or Naming(name=None, number=value, kind=kind_of_number(value), start=start, end=end, spelling="")
            found.append(replace(one, start=start, end=end, spelling=text[start:end]))
    return sorted(found, key=lambda one: (one.start, one.end))


def _plain_around_numbers(text: str) -> tuple[str, bool]:
    """A text with the parts that may belong to a number in the form of `plain` (slow for whole texts), and whether there are such parts."""
    pieces: list[str] = []
    done = 0
    for number in _MAY_BE_NUMBER.finditer(text):
        start, end = max(done, number.start() - _BEFORE_NUMBER), min(len(text), number.end() + _BEHIND_NUMBER)
        if start < end:
            pieces += (text[done:start], plain(text[start:end]))
            done = end
    return "".join([*pieces, text[done:]]) if pieces else text, bool(pieces)


def find_names(text: str) -> list[tuple[int, int]]:
    """The spans of names in 《》, brackets included, outermost only; brackets that are never closed are ignored."""
    open_: list[int] = []
    found: list[tuple[int, int]] = []
    for bracket in re.finditer("[《》]", text):
        if bracket[0] == "《":
            open_.append(bracket.start())
        elif open_:
            start, end = open_.pop(), bracket.end()
            if end - start <= LONGEST_NAME + 2 and text[start + 1 : end - 1].strip():
                while found and found[-1][0] > start:
                    found.pop()
                found.append((start, end))
    return found


def find_numbers(text: str) -> list[Number]:
    """The document numbers and decrees of a text in the form of `plain`, in order."""
    found = []
    for match in _DOCUMENT.finditer(text):
        begin = _left(text, match.start())
        run = _HAN.search(text, max(0, begin - 14), begin)
        body = _BEFORE.sub("", run[0]) if run else ""
        if re.match("号[和与或及]", body) or (body and text[begin - len(body) - 1 : begin - len(body)] in ("》", ")", "]", "〕")):
            body = body.lstrip("号和与或及")
        if body:
            start = begin - len(body)
            found.append(Number(start, match.end(), f"{body}〔{match['year']}〕{int(match['number'])}号"))
    for match in _DECREE.finditer(text):
        begin = _left(text, match.start())
        if body := _body(text, begin):
            year = f"〔{match['year']}〕" if match["year"] else "第"
            value = f"{body.removeprefix(_REPUBLIC)}令{year}{_ordinal(match['number'] or match['first'])}号"
            found.append(Number(begin - len(body), match.end(), value))
    return sorted(found)


def _body(text: str, end: int) -> str:
    """The body that issued the decree whose 令 begins at `end`."""
    found = _BODY.search(text, max(0, end - _LONGEST_BODY), end)
    return _BEFORE.sub("", found[0]) if found else ""


def _ordinal(digits: str) -> str:
    """A number in ASCII digits: 七十 and 七〇 become 70, 一百零三 becomes 103."""
    if digits.isdigit():
        return str(int(digits))
    if not set(digits) & set("十百"):
        return str(int("".join(str(HAN_DIGITS[digit]) for digit in digits)))
    total = 0
    waiting = None
    for digit in digits:
        if digit in "十百":
            total += (1 if waiting is None else waiting) * (10 if digit == "十" else 100)
            waiting = None
        else:
            waiting = HAN_DIGITS[digit] or None
    return str(total + (waiting or 0))


def _left(text: str, offset: int) -> int:
    """The offset before up to four spaces that precede this one."""
    for _ in range(4):
        offset -= offset > 0 and text[offset - 1] == " "
    return offset


def _right(text: str, offset: int) -> int:
    """The offset after spaces and one opening bracket."""
    found = _BEHIND.match(text, offset)
    return found.end() if found else offset


@lru_cache(maxsize=4096)
def normal_name(printed: str) -> str:
    """A name in the form in which instruments are compared: no spaces, no leading 中华人民共和国, uniform brackets and dashes."""
    name = "".join(plain(printed).split()).translate(_ANGLES)
    name = _DASH.sub("—", name)
    return name.removeprefix(_REPUBLIC) or name


def normal_key(typed: str) -> str:
    """The normalized name or number that a typed text stands for, with or without 《》."""
    flat = plain(typed).strip()
    numbers = find_numbers(flat)
    if numbers and numbers[0][:2] == (0, len(flat)):
        return numbers[0].value
    return normal_name(flat.removeprefix("《").removesuffix("》") if find_names(flat) == [(0, len(flat))] else flat)


def is_number(key: str) -> bool:
    """Whether an instrument's key is a number rather than a name."""
    numbers = find_numbers(key) if key.endswith("号") else []
    return bool(numbers) and numbers[0][:2] == (0, len(key))


@lru_cache(maxsize=4096)
def kind_of(name: str) -> str:
    """One of `KINDS`, from the end of a name; text in brackets after it (试行, a year) is ignored."""
    while (shorter := _TAIL.sub("", name)) != name and shorter:
        name = shorter
    return next((kind for kind, ends in _ENDS if name.endswith(ends)), "other")


def kind_of_number(number: str) -> str:
    """One of `KINDS`, from the body that gave the number: decrees of the State Council are regulations, those of others rules."""
    if "令" not in number:
        return "normative"
    return "regulation" if number.startswith("国务院令") else "law" if number.startswith("主席令") else "rule"
