"""Finds numbers with their units: which runs of digits in a text are counts. Look here where a number is found that is not a count,
where one is missed, or where its value is wrong.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from decimal import Decimal
from string import ascii_letters, digits
from typing import NamedTuple

from indexer.facts.counted import ARTICLES, DISCRETE, DURATIONS, NOT_BEHIND, POINTS, UNITS, goes_on, is_count, is_taken
from indexer.facts.numerals import HAN, HAN_DIGITS, NUMBER, decimal_of, minus, plain, scale_of, times
from indexer.facts.topics import one_of


class Quantity(NamedTuple):
    """A number with its unit. Offsets are half-open, in code points of the text."""

    start: int
    end: int
    """The offset after the unit: 近 before and 以上 after are outside, 余 in "20000余册" is inside."""
    value: str
    to: str | None
    unit: str
    approximate: str | None
    falls: bool = False
    """Whether the text says that something fell by this number; the value already has its minus sign."""

    @property
    def is_share(self) -> bool:
        """Whether it is a share of a whole, or a change of one."""
        return self.unit in _PARTS


_ANY = rf"(?>{NUMBER}|[{HAN}]{{1,12}})"
_SCALE = r"[ \u3000\xa0]{0,2}(?:万亿|百万|千万|十万|[百千万亿])"
_UNIT = one_of(UNITS.split())
_QUANTITY = re.compile(
    rf"""
    百分之(?P<percent>{NUMBER}|[{HAN}]{{1,3}}(?:点[{HAN}]{{1,4}})?)
    | 千分之(?P<permille>{NUMBER}|[{HAN}]{{1,3}})
    | (?P<tenths>[二三四五六七八九2-9])成(?P<half>[一二三四五六七八九半])?(?![立员果效功为本长熟都交绩就品型份人分套年])
    | (?P<left>{NUMBER})[:：∶比](?P<right>{NUMBER})(?![0-9０-９:：∶])
    | (?P<first>{_ANY})(?P<some>[余多])?(?P<scale>{_SCALE})?(?P<more>[余多])?[ \u3000\xa0]{{0,2}}
      (?:(?<=亿)(?P<rest>{NUMBER})(?P<scale3>[千百]?万))?
      (?:(?P<unit1>{_UNIT})?(?:[-—–－~～〜至到]|——)
         (?P<last>{_ANY})(?P<scale2>{_SCALE})?(?P<more2>[余多])?[ \u3000\xa0]{{0,2}}(?P<unit2>{_UNIT})
       |(?P<unit>{_UNIT}))
    """,
    re.VERBOSE,
)
_BEHIND_DIGITS = "".join({unit[0] for unit in UNITS.split()}) + "余多几.．,，:：∶比成之点—–－~～〜至到 \u3000\xa0百千万亿十-"
_TO = "-—－–~～〜至到"
_RUN = re.compile(
    rf"[0-9０-９{HAN}](?:(?<=[0-9])(?P<rest>[0-9]{{0,14}})(?P<part>\.[0-9]{{1,6}})?(?P<some>[余多])?(?P<unit>(?>{_UNIT}))(?![{_TO}])"
    rf"|(?:(?<=[0-9０-９])[0-9０-９]*+|(?<=[{HAN}])[{HAN}]*+)(?=[{_BEHIND_DIGITS}]))"
)
"""Every number begins with a match of this, and only where its digits are followed by something possible: in 2022年12件 the count is 12.
The common case, digits with a unit directly after them, is matched completely."""
# Names in quotation marks are no counts; longer quotations are speech, and are read.
_NAMES = re.compile(
    r"[《“‘「『\"〔\[【（(](?:(?<=《)[^《》\n]{0,120}(?:《[^《》\n]{0,80}》[^《》\n]{0,80})?》"
    r"|(?<=“)[^“”\n。；！？]{1,40}”|(?<=‘)[^‘’\n。；！？]{1,40}’|(?<=\")[^\"\n。；！？]{1,40}\"|(?<=「)[^「」\n。]{1,40}」|(?<=『)[^『』\n。]{1,40}』"
    r"|(?<=[〔\[【（(])[0-9０-９]{4}[〕\]】）)][ 第]{0,2}[0-9０-９]{1,6}号)"
)
_FULL_WIDTH = "".join(chr(ord(char) - ord("!") + ord("！")) for char in digits + ascii_letters)
_STUCK = frozenset("第〇·•．.+＋×xX*＊#№@/∕_±°$￥-前每逐某" + digits + ascii_letters + _FULL_WIDTH)
"""Characters directly before a number that show that it is not a count: 第3条, 12·4, 6+1类, IPv6, 前3名."""
_NOT_STUCK = re.compile(r"[目之以此日年提当会]前$|[\u4e00-\u9fff]-$")
_BEFORE = re.compile(
    r"(?:(?P<word>超过了?|超额|超|将近|接近|近|大约|约为?|约|逾|突破了?|不少于|不低于|不足|不到|不超过|至少|最多|最少|上)\s?)$"
)
_CORE = {
    "超过": "超", "超过了": "超", "将近": "近", "接近": "近", "大约": "约", "约为": "约", "突破": "超", "突破了": "超", "超额": "超",
}  # fmt: skip
_BEHIND = re.compile(r"[ ]?(以上|以下|以内|左右|上下|之多|余|多(?![元种个样次数发方]))")
_FALLS = re.compile(
    r"(?:(?:下降|减少|降低|压缩|压减|缩短|缩减|精简|削减|下跌|回落|下滑|降|少|短|负增长)了?(?:近|约|超过?|逾|将近|接近|大约)?"
    r"|(?:降幅|减幅|跌幅|(?:下降|减少|降低|压缩|缩减)(?:幅度|比例)?)(?:达到?|为|约|超过?|近){0,2})$"
)
_BEFORE_LAST = frozenset("过了额超近约为逾破于足到少多上")
_FALLS_LAST = frozenset("降少低缩减短简跌落滑长了近约超过逾幅度例达到为")
# An expression anchored at the end of a text is tried at each character, so the last character is checked first.
_FALLS_BY = re.compile(r"(?:减少|压减|压缩|缩短|精简|降低)(?:(?![率例比到至为于])[\u4e00-\u9fff]){1,8}$")
_JOINS = ("、", "和", "及", "与")
_SHARED = re.compile(
    rf"(?:分别|增长|上升|提升|提高|增加|下降|降低|减少|压缩)(?:了|为|达到?)?(?P<numbers>(?<![0-9０-９.]){NUMBER}(?:[、和]{NUMBER}){{0,5}})[、和及与]$"
)
_NEXT_NOUN = re.compile(r"[、和及与][\u4e00-\u9fff]{2,8}")
_PARTS = ("%", "‰", "个百分点", "百分点", "倍", "比")
_ENDS = re.compile(r"[ ]?(?:以上|以下|左右|余|多)?[ ]?(?:[，。；：、！？,;:!?（(）)】”\n]|到|至|和|$)")
_LONGEST_CLAUSE = 30
_OFTEN_NONE = frozenset(("个工作日 工作日 分 ％ 百分点 千米 千瓦时 千克 " + " ".join(DURATIONS)).split())
"""Units before which the text decides whether, or what, they count."""
_READ_ON = frozenset("、和及与后数末") | _STUCK | _BEFORE_LAST | _FALLS_LAST
"""Characters before a number that require reading the text before it."""
_MAY_FALL = frozenset("到为了达")
"""Those of them that precede many numbers and rarely matter: 达到100%, 不到100件, 下降了5%."""
_POINTS_FIRST = frozenset("方层维到全转结坚强一百")
_BEHIND_FIRST = frozenset(" 以左上之余多")


def find_quantities(text: str) -> list[Quantity]:
    """The counts in a text, in order, without overlaps.

    Years, dates, ordinals (第713号), names in “” and 《》, telephone numbers, slogans (三项制度) and fixed expressions (24小时) do not
    count. A range has both its values; 万 and 亿 are resolved; a fall has a minus sign; 八成 is 80 %.
    """
    run = _RUN.search(text)
    if run is None:
        return []
    names = [match.span() for match in _NAMES.finditer(text)]
    starts = [start for start, _ in names]
    found: list[Quantity] = []
    while run:
        start, at = run.start(), run.end("rest") if run["unit"] else run.end()
        name = bisect_right(starts, start) - 1
        if name >= 0 and names[name][1] > start:
            at = names[name][1]
        elif quantity := _plain_count(text, run) or _any_count(text, start):
            at = quantity.end
            if text[start - 1 : start] in _JOINS:
                found.extend(_sharing(text, quantity))
            if found and found[-1].falls and not quantity.falls and _falls_too(text, found[-1], quantity):
                quantity = quantity._replace(value=minus(quantity.value), falls=True)
            found.append(quantity)
        run = _RUN.search(text, at)
    return found


def _plain_count(text: str, run: re.Match[str]) -> Quantity | None:
    """The result of `_read` for digits with a unit directly after them where no context can matter; else None."""
    unit = run["unit"]
    if unit is None or unit in _OFTEN_NONE:
        return None
    start, end = run.span()
    before, behind = text[start - 1 : start], text[end : end + 1]
    if before in _MAY_FALL:
        if _FALLS.search(text, max(0, start - 12), start) or _BEFORE.search(text, max(0, start - 6), start):
            return None
    elif before in _READ_ON or before.isspace():
        return None
    if behind and behind in NOT_BEHIND.get(unit, ""):
        return None
    some = run["some"]
    value = text[start : run.start("some" if some else "unit")]
    if value[0] == "0" or (run["part"] and unit in DISCRETE) or (unit == "个" and behind in _POINTS_FIRST):
        return None
    if unit == "%" and _FALLS_BY.search(text, max(0, start - 12), start):
        return None
    if some is None and behind in _BEHIND_FIRST and (inexact := _BEHIND.match(text, end)):
        some = inexact[1]
    return Quantity(start, end, value, None, unit, some)


def _sharing(text: str, quantity: Quantity) -> list[Quantity]:
    """The numbers before that share this quantity's unit: 1.1 in 较上年提升1.1和0.9个百分点."""
    shared = _SHARED.search(text, max(0, quantity.start - _LONGEST_CLAUSE), quantity.start)
    if shared is None:
        return []
    falls = _falls(text[max(0, shared.start("numbers") - 12) : shared.start("numbers")], quantity.unit)
    numbers = re.finditer(NUMBER, shared["numbers"])
    return [
        Quantity(
            shared.start("numbers") + number.start(),
            shared.start("numbers") + number.end(),
            minus(str(decimal_of(number[0]))) if falls else str(decimal_of(number[0])),
            None,
            quantity.unit,
            None,
            falls,
        )
        for number in numbers
    ]


def _falls_too(text: str, before: Quantity, quantity: Quantity) -> bool:
    """Whether this number is a fall because the one before is: 分别下降31.2%和28.6%, 压减审批环节53%、申报材料47%."""
    if before.unit != quantity.unit:
        return False
    between = text[before.end : quantity.start]
    by_noun = quantity.unit == "%" and _NEXT_NOUN.fullmatch(between) and _FALLS_BY.search(text[max(0, before.start - 12) : before.start])
    return between in _JOINS or bool(by_noun)


def _any_count(text: str, start: int) -> Quantity | None:
    """The count that begins at `start`; None if there is none."""
    match = _QUANTITY.match(text, start)
    return _read(text, match) if match else None


def _read(text: str, match: re.Match[str]) -> Quantity | None:
    """The count in a match; None if it is not a count."""
    start, end = match.span()
    before = text[max(0, start - _LONGEST_CLAUSE) : start]
    if before[-1:] in _STUCK and not _NOT_STUCK.search(before):
        return None
    before = before.rstrip()
    word = _BEFORE.search(before[-6:]) if before[-1:] in _BEFORE_LAST else None
    approximate = _CORE.get(word["word"], word["word"]) if word else None
    if word and word["word"] == "上" and not match["first"]:
        approximate = None
    to: str | None = None
    value: Decimal | None
    if match["first"]:
        counted = _counted(text, match, before, approximate)
        if counted is None:
            return None
        value, last, unit, end, inner = counted
        to = plain(last) if last is not None else None
        approximate = approximate or inner
    elif match["percent"] or match["permille"]:
        value = decimal_of(match["percent"] or match["permille"])
        unit = "%" if match["percent"] else "‰"
    elif match["tenths"]:
        half = {"半": 5}.get(match["half"] or "") or HAN_DIGITS.get(match["half"] or "", 0)
        value = Decimal((HAN_DIGITS.get(match["tenths"]) or int(match["tenths"])) * 10 + half)
        if before and before[-1] in HAN:
            return None
        unit = "%"
    else:
        return _ratio(text, match, approximate)
    if value is None:
        return None
    if approximate is None and (behind := _BEHIND.match(text, end)):
        approximate = behind[1]
    shown = plain(value)
    falls = _falls(before, unit) and (unit in _PARTS or _ENDS.match(text, end) is not None)
    if before.endswith("-"):
        shown = minus(shown)
    if falls:
        shown, to = minus(shown), minus(to) if to is not None else None
    return Quantity(start, end, shown, to, unit, approximate, falls)


def _falls(before: str, unit: str) -> bool:
    tail = before[-12:]
    return (tail[-1:] in _FALLS_LAST and _FALLS.search(tail) is not None) or (unit == "%" and _FALLS_BY.search(tail) is not None)


def _ratio(text: str, match: re.Match[str], approximate: str | None) -> Quantity | None:
    left, right = decimal_of(match["left"]), decimal_of(match["right"])
    if left is None or right is None or text[match.end() : match.end() + 1] in ("年", "月", "日", "号"):
        return None
    about = text[max(0, match.start() - 12) : match.start()]
    if len(match["right"]) == 2 and left < 25 and right < 60 and not re.search(r"比例|之比|比为|比率|配比", about):
        return None  # a time of day
    unit = re.match(rf"[ ]{{0,2}}(?:{_UNIT})", text[match.end() :])
    if unit and "比" not in about:
        return None  # "刑事：5：3件" and other slips
    return Quantity(match.start(), match.end(), f"{plain(left)}:{plain(right)}", None, "比", approximate)


class _Number(NamedTuple):
    """What a number says by itself, without its context."""

    value: Decimal
    last: Decimal | None
    """The other end of a range."""
    unit: str
    end: int
    """The offset after the unit."""
    inexact: str | None
    """The word inside the number that makes it inexact: 余 in 20000余册."""


def _counted(text: str, match: re.Match[str], before: str, approximate: str | None) -> _Number | None:
    """The number in a match; None if it is not a count: a date, an ordinal, part of a name, a slip."""
    printed, some, more, more2, rest, unit1, unit2, unit = match.group("first", "some", "more", "more2", "rest", "unit1", "unit2", "unit")
    unit, end = unit2 or unit, match.end()
    if goes_on(text, end, unit):
        return None
    value = decimal_of(printed)
    if rest and value is not None:
        return _with_rest(match, value, unit, end)
    inner = some or more or more2
    if value is None:
        return None
    is_han = printed[0] in HAN
    last: Decimal | None = None
    if match["last"]:
        last = decimal_of(match["last"])
        if last is None:
            return None
        scale = scale_of(match["scale2"])
        if unit1 and unit1 != unit and not (unit1 in ("%", "％") and unit in ("%", "％")):
            return None
        own = scale_of(match["scale"])
        value = times(value, scale if own == 1 and not unit1 else own)
        last = times(last, scale)
        if value >= last or (unit1 and before[-1:] in ("由", "从")):
            # 由15件到7件 is two numbers, and 12至3件 is not a range.
            return _alone(text, match, before, approximate)
    elif match["scale"]:
        value = times(value, scale_of(match["scale"]))
    if is_han and not is_count(text, match, before, approximate, unit, end, bool(inner)):
        return None
    if (unit == "个" and POINTS.match(text, end)) or (unit in ("条", "款", "项") and ARTICLES.search(before)):
        return None
    if unit in ("位", "名") and before.endswith(("名后", "位后", "倒数", "末")):
        return None
    if unit in DURATIONS and not is_taken(text, before, unit, end, value):
        return None
    if not is_han and unit in DISCRETE and "." in printed and not match["scale"] and (not before or before[-1] in "。；;\n"):
        # "3.45件": the number of a list entry, followed by 45.
        return None
    if unit in ("分",) and end < len(text) and "\u4e00" <= text[end] <= "\u9fff" and not _BEHIND.match(text, end):
        return None
    return _Number(value, last, {"％": "%"}.get(unit, unit), end, inner)


def _with_rest(match: re.Match[str], value: Decimal, unit: str, end: int) -> _Number | None:
    """2亿3千万元."""
    rest = decimal_of(match["rest"])
    if rest is None or match["last"]:
        return None
    return _Number(times(value, scale_of(match["scale"])) + times(rest, scale_of(match["scale3"])), None, unit, end, None)


def _alone(text: str, match: re.Match[str], before: str, approximate: str | None) -> _Number | None:
    """The first number of an apparent range that is none, if it has a unit of its own."""
    if not match["unit1"]:
        return None
    value = decimal_of(match["first"])
    if value is None:
        return None
    unit = {"％": "%"}.get(match["unit1"], match["unit1"])
    return _Number(times(value, scale_of(match["scale"])), None, unit, match.end("unit1"), match["some"] or match["more"])
