"""What a report says of the year before (同比上升12.3%, 较上年减少5件, 较2022年558件), held against that year's report of its unit. Pure.

A disagreement is for people to judge: last year's figure may have been set right since, or may count something else by the same name.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from indexer.analysis.fold import fold
from indexer.facts import Statistic, indicator_of
from indexer.facts.arithmetic import MOST_DISAGREEMENTS
from indexer.model import Report, passage_id, short_hash
from indexer.remarks import Remark

DISAGREES, AGREES = "last-year-disagrees", "last-year-agrees"

_SINCE = re.compile(r"(?:同比|(?:相?较|比|与)(?:上一?年|去年|(?P<year>(?:19|20)\d\d)年)度?(?:同期|同比|全年|相比)?)$")
"""How the label of a change ends."""
_THEN = re.compile(r"(?:上一?年|去年|(?P<year>(?:19|20)\d\d)年)(?:同期)?")
"""How the label of the other year's figure begins."""
_SCALES = {"百": 2, "千": 3, "万": 4, "亿": 8}
_HAN_DIGITS = re.compile("[零〇一二两三四五六七八九十]")
_SHORTEST = 4
"""Code points of a label that means the same in both years without being an indicator's."""
_POINTS = ("个百分点", "百分点")


@dataclass(frozen=True, slots=True)
class Figure:
    """A figure that may be compared: neither a range nor inexact."""

    label: str
    """Folded."""
    indicator: str | None
    unit: str
    value: str
    slack: str
    """By how much the number may be off for having been rounded where it was printed; "0" for a count that was printed whole."""
    passage: str
    """The passage's id."""
    printed: str
    """Label and number, for people."""

    def within(self) -> tuple[Decimal, Decimal]:
        """The least and the greatest number that may be meant."""
        return Decimal(self.value) - Decimal(self.slack), Decimal(self.value) + Decimal(self.slack)


@dataclass(frozen=True, slots=True)
class Claim:
    """What a report says of the year before."""

    stated: Figure
    """A change since, or the other year's figure."""
    now: Figure | None
    """What it is a change to; None for the other year's figure itself."""
    label: str
    """Folded, that last year's report has."""
    indicator: str | None
    unit: str
    anchor: str


def figures_of(report: Report) -> list[Figure]:
    """The figures of a report that another year's may be compared with, in the order of the text."""
    return [
        _figure(report, passage.anchor, passage.text, one)
        for passage in report.passages
        for one in passage.statistics
        if _is_exact(one) and not _SINCE.search(one.label)
    ]


def claims_of(report: Report) -> list[Claim]:
    """What a report says of the year before its own, in the order of the text; nothing where its year is unknown."""
    return [claim for passage in report.passages for claim in _claims(report, passage.anchor, passage.text, passage.statistics)]


def digest_of(figures: Iterable[Figure]) -> str:
    """A short hash of all that a comparison with these figures depends on."""
    return short_hash(repr(list(figures)).encode())


def beside_last_year(report: Report, figures: Sequence[Figure]) -> Report:
    """The report with remarks on what it says of the year before, in place of those that it has on that.

    Args:
        report: Whole.
        figures: Of the unit's reports on the year before; none where there is no such report.
    """
    remarks = [remark for remark in report.remarks if remark.code not in (DISAGREES, AGREES)]
    return replace(report, remarks=(*remarks, *_remarks(report, figures)))


def _remarks(report: Report, figures: Sequence[Figure]) -> Iterator[Remark]:
    agreed = disagreed = 0
    last_year = (report.year or 0) - 1
    for claim in claims_of(report) if figures else ():
        held = _held(claim, figures)
        verdicts = [_agrees(claim, figure) for figure in held]
        if any(verdicts):
            agreed += 1
        elif None not in verdicts and len({figure.value for figure in held}) == 1:
            disagreed += 1
            if disagreed <= MOST_DISAGREEMENTS:
                computed = _computed(claim, held[0])
                yield Remark(
                    "last-year-disagrees",
                    passage=claim.anchor,
                    stated=claim.stated.printed,
                    year=last_year,
                    then=held[0].printed,
                    held=held[0].passage,
                    computed=computed,
                )
    if agreed:
        yield Remark("last-year-agrees", count=agreed, year=last_year)


def _claims(report: Report, anchor: str, text: str, statistics: Sequence[Statistic]) -> Iterator[Claim]:
    if report.year is None:
        return
    for number, one in enumerate(statistics):
        if not _is_exact(one):
            continue
        stated = _figure(report, anchor, text, one)
        if (since := _SINCE.search(one.label)) and _is_of(since, report.year - 1):
            base = one.label[: since.start()]
            before = [other for other in statistics[:number] if other.label == base]
            if before and _is_exact(before[-1]) and _comparable(before[-1].unit, one.unit):
                now = _figure(report, anchor, text, before[-1])
                yield Claim(stated, now, now.label, now.indicator, now.unit, anchor)
        elif (then := _THEN.match(one.label)) and _is_of(then, report.year - 1):
            base = one.label[then.end() :]
            yield Claim(stated, None, fold(base), indicator_of(base, one.unit), one.unit, anchor)


def _is_of(words: re.Match[str], year: int) -> bool:
    return words["year"] is None or int(words["year"]) == year


def _is_exact(one: Statistic) -> bool:
    return one.to is None and one.approximate is None and one.unit != "比"


def _comparable(unit: str, change: str) -> bool:
    """Whether a figure of one unit may have changed by a number of another."""
    return change == "%" or change == unit or (unit == "%" and change in _POINTS)


def _figure(report: Report, anchor: str, text: str, one: Statistic) -> Figure:
    printed = text[one.start : one.end]
    id = passage_id(report.id, anchor)
    # Of 下降12% the number alone is printed in the remark.
    sign = "-" if one.value.startswith("-") else ""
    return Figure(fold(one.label), one.indicator, one.unit, one.value, _slack(printed, one), id, f"{one.label}{sign}{printed}")


def _slack(printed: str, one: Statistic) -> str:
    """One of the last digit that was printed: numbers are cut as often as rounded. Counts in single units are what they are."""
    number = printed.removesuffix(one.unit)
    scale = max((power for char, power in _SCALES.items() if char in number), default=0)
    digits = len(number.partition(".")[2].rstrip("百千万亿 "))
    if scale and _HAN_DIGITS.search(number):
        return "0"  # Chinese numerals say each digit that there is.
    if not scale and not digits and one.unit not in ("%", "‰", *_POINTS):
        return "0"
    return str(Decimal(1).scaleb(scale - digits))


def _held(claim: Claim, figures: Sequence[Figure]) -> list[Figure]:
    """Last year's figures of what a claim is about: of its label, else of its indicator."""
    same = [one for one in figures if one.label == claim.label and one.unit == claim.unit]
    if same and (claim.indicator or len(claim.label) >= _SHORTEST):
        return same
    return [one for one in figures if claim.indicator and one.indicator == claim.indicator and one.unit == claim.unit]


def _agrees(claim: Claim, then: Figure) -> bool | None:
    """Whether what is stated may follow from last year's figure; None where nothing follows, as from none."""
    low, high = claim.stated.within()
    expected = list(_expected(claim, then))
    if not expected:
        return None
    return any(least <= high and low <= most for least, most in expected)


def _expected(claim: Claim, then: Figure) -> Iterator[tuple[Decimal, Decimal]]:
    """Between which numbers what is stated should be; several where its words have several meanings."""
    least, most = then.within()
    if claim.now is None:
        yield least, most
        return
    low, high = claim.now.within()
    if claim.stated.unit == "%" and least > 0:
        yield (low / most - 1) * 100, (high / least - 1) * 100
    # Of a rate 下降1.05% is often meant for points.
    if claim.stated.unit == claim.now.unit or claim.now.unit == "%":
        yield low - most, high - least


def _computed(claim: Claim, then: Figure) -> str:
    """What last year's figure gives, with as many digits as are stated."""
    value, was = Decimal((claim.now or then).value), Decimal(then.value)
    if claim.now is not None:
        in_percent = claim.stated.unit == "%" and claim.now.unit != "%"
        value = (value / was - 1) * 100 if in_percent else value - was
    step = Decimal(claim.stated.value).as_tuple().exponent
    digits = -step if isinstance(step, int) and step < 0 else 0
    return f"{value:.{digits}f}{claim.stated.unit}"
