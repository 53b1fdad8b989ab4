"""Figures with their units of measure, as pages show them: 81 件, and on an English page 81 cases (件)."""

from __future__ import annotations

from decimal import Decimal

from indexer import Indicator, StatedFigure, measures, texts
from indexer import gettext as _


def shown(figure: StatedFigure) -> str:
    """A figure for people: 12000 件（近）, 5 至 8 件; nearly 12000 cases (件, 近), 5 to 8 cases (件)."""
    one = figure.statistic
    value = _("%(first)s 至 %(last)s", first=one.value, last=one.to) if one.to else one.value
    unit = measures.called(one.unit, measures.what(one), None if one.to else one.value)
    if one.approximate is None:
        return _with_printed(f"{value} {unit}", (one.unit, unit))
    word = measures.inexact(one.approximate)
    text = _("%(value)s %(unit)s（%(word)s）", value=value, unit=unit, word=word)
    return _with_printed(text, (one.unit, unit), (one.approximate, word))


def median_shown(value: Decimal, indicator: Indicator) -> str:
    """A computed value of an indicator, which no report states: 81.5 件, 81.5 cases (件)."""
    unit = measures.called(indicator.unit, indicator.name, value)
    return _with_printed(f"{value} {unit}", (indicator.unit, unit))


def measured_in(indicator: Indicator) -> str:
    """The unit of measure of an indicator by itself: 件, cases (件)."""
    unit = measures.called(indicator.unit, indicator.name)
    return _with_printed(unit, (indicator.unit, unit))


def _with_printed(text: str, *words: tuple[str, str]) -> str:
    """A text, followed in brackets by those printed words that it has in translation."""
    translated = [printed for printed, called in words if printed != called]
    return f"{text} ({texts.joined(translated)})" if translated else text
