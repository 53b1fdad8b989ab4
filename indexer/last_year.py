"""Compares what a report says of the year before (同比上升12.3%, 较上年减少5件, 较2022年558件) with its unit's report on that year. Pure.

People must judge a disagreement: last year's figure may have been corrected since, or may count something else by the same name.
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
"""Matches the end of the label of a change."""
_THEN = re.compile(r"(?:上一?年|去年|(?P<year>(?:19|20)\d\d)年)(?:同期)?")
"""Matches the beginning of the label of another year's figure."""
_SCALES = {"百": 2, "千": 3, "万": 4, "亿": 8}
_HAN_DIGITS = re.compile("[零〇一二两三四五六七八九十]")
_SHORTEST = 4
"""Shortest label, in code points, that is taken to mean the same in both years although it belongs to no indicator."""
_POINTS = ("个百分点", "百分点")


@dataclass(frozen=True, slots=True)
class Figure:
    """A figure that can be compared: an exact value, not a range."""

    label: str
    """Folded."""
    indicator: str | None
    unit: str
    value: str
    slack: str
    """How far the true number may be from the printed one because of rounding; "0" for a count printed in full."""
    passage: str
    """The passage's id."""
    printed: str
    """Label and number, for people."""

    def within(self) -> tuple[Decimal, Decimal]:
        """The smallest and the largest number that may be meant."""
        return Decimal(self.value) - Decimal(self.slack), Decimal(self.value) + Decimal(self.slack)


@dataclass(frozen=True, slots=True)
class Claim:
    """A report's statement about the year before."""

    stated: Figure
    """The change since then, or the other year's figure."""
    now: Figure | None
    """The current figure that the change leads to; None if `stated` is the other year's figure itself."""
    label: str
    """The folded label of the figure in last year's report."""
    indicator: str | None
    unit: str
    anchor: str


def figures_of(report: Report) -> list[Figure]:
    """The figures of a report that can be compared with those of another year, in text order."""
    return [
        _figure(report, passage.anchor, passage.text, one)
        for passage in report.passages
        for one in passage.statistics
        if _is_exact(one) and not _SINCE.search(one.label)
    ]


def claims_of(report: Report) -> list[Claim]:
    """A report's statements about the year before its own, in text order; empty if its year is unknown."""
    return [claim for passage in report.passages for claim in _claims(report, passage.anchor, passage.text, passage.statistics)]


def digest_of(figures: Iterable[Figure]) -> str:
    """A short hash of everything in these figures that a comparison depends on."""
    return short_hash(repr(list(figures)).encode())


def beside_last_year(report: Report, figures: Sequence[Figure]) -> Report:
    """The report with up-to-date remarks on its statements about the year before.

    Args:
        report: The report with its passages.
        figures: The figures of the unit's reports on the year before; empty if there is no such report.
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
    """Whether a figure in one unit of measure can change by a number in the other."""
    return change == "%" or change == unit or (unit == "%" and change in _POINTS)


def _figure(report: Report, anchor: str, text: str, one: Statistic) -> Figure:
    printed = text[one.start : one.end]
    id = passage_id(report.id, anchor)
    # In a statement like 下降12% the label holds the direction, so the sign is printed only if the value is negative.
    sign = "-" if one.value.startswith("-") else ""
    return Figure(fold(one.label), one.indicator, one.unit, one.value, _slack(printed, one), id, f"{one.label}{sign}{printed}")


def _slack(printed: str, one: Statistic) -> str:
    """One unit of the last printed digit, because numbers are truncated as often as rounded; "0" for counts in single units."""
    number = printed.removesuffix(one.unit)
    scale = max((power for char, power in _SCALES.items() if char in number), default=0)
    digits = len(number.partition(".")[2].rstrip("百千万亿 "))
    if scale and _HAN_DIGITS.search(number):
        return "0"  # Chinese numerals give every digit.
    if not scale and not digits and one.unit not in ("%", "‰", *_POINTS):
        return "0"
    return str(Decimal(1).scaleb(scale - digits))


def _held(claim: Claim, figures: Sequence[Figure]) -> list[Figure]:
    """Last year's figures that a claim is about: those with its label, otherwise those of its indicator."""
    same = [one for one in figures if one.label == claim.label and one.unit == claim.unit]
    if same and (claim.indicator or len(claim.label) >= _SHORTEST):
        return same
    return [one for one in figures if claim.indicator and one.indicator == claim.indicator and one.unit == claim.unit]


def _agrees(claim: Claim, then: Figure) -> bool | None:
    """Whether the statement agrees with last year's figure; None if that figure implies nothing, as with a percentage of 0."""
    low, high = claim.stated.within()
    expected = list(_expected(claim, then))
    if not expected:
        return None
    return any(least <= high and low <= most for least, most in expected)


def _expected(claim: Claim, then: Figure) -> Iterator[tuple[Decimal, Decimal]]:
    """The ranges that the stated number may lie in; several if the wording has several meanings."""
    least, most = then.within()
    if claim.now is None:
        yield least, most
        return
    low, high = claim.now.within()
    if claim.stated.unit == "%" and least > 0:
        yield (low / most - 1) * 100, (high / least - 1) * 100
    # For a rate, 下降1.05% often means percentage points.
    if claim.stated.unit == claim.now.unit or claim.now.unit == "%":
        yield low - most, high - least


def _computed(claim: Claim, then: Figure) -> str:
    """The number that follows from last year's figure, with as many digits as the statement has."""
    value, was = Decimal((claim.now or then).value), Decimal(then.value)
    if claim.now is not None:
        in_percent = claim.stated.unit == "%" and claim.now.unit != "%"
        value = (value / was - 1) * 100 if in_percent else value - was
    step = Decimal(claim.stated.value).as_tuple().exponent
    digits = -step if isinstance(step, int) and step < 0 else 0
    return f"{value:.{digits}f}{claim.stated.unit}"
