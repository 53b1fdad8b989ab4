"""Editions of one rule or plan, by the years in brackets behind its name: 行政处罚法（2021年修订） and （2017年修正）. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

_YEARS = re.compile(
    r"(?P<base>.{2,})（(?P<since>(?:19|20)[0-9]{2})年?(?:—(?P<until>(?:19|20)[0-9]{2})年?|(?:[0-9]{1,2}月[0-9]{1,2}日)?[^（）\d]{0,6}(?:修[订正改]|版|本)[^（）]{0,4})）"
)


@dataclass(frozen=True, slots=True)
class Edition:
    """A rule or plan as it was made or changed in a year."""

    name: str
    """In the form of `normal_name`."""
    base: str
    """Without the years; the same for all editions of one rule."""
    since: int
    """The year in which it was made or changed, of a plan its first."""
    until: int | None
    """The last year of a plan; None: none is said."""

    def follows(self, other: Edition) -> bool:
        """Whether it came after another; two plans of which years overlap stand beside one another."""
        return self.base == other.base and self.since > (other.until or other.since) and (self.until is None) is (other.until is None)


def edition_of(name: str) -> Edition | None:
    """The edition that a name in the form of `normal_name` names, None where no years are behind it.

    A year alone is none: of 立法计划（2022年） there is another each year, and both stand.
    """
    found = _YEARS.fullmatch(name)
    if found is None:
        return None
    return Edition(name, found["base"], int(found["since"]), int(found["until"]) if found["until"] else None)


class Editions:
    """Editions among names, to find what followed another."""

    def __init__(self, names: Iterable[str]) -> None:
        self._of: dict[str, list[Edition]] = {}
        for edition in filter(None, map(edition_of, names)):
            self._of.setdefault(edition.base, []).append(edition)

    def later_than(self, name: str, year: int) -> str | None:
        """The name of the latest edition that follows another and was there in a year; None where there is none."""
        if (own := edition_of(name)) is None:
            return None
        later = [one for one in self._of.get(own.base, ()) if one.follows(own) and one.since <= year]
        return max(later, key=lambda one: (one.since, one.name)).name if later else None
