"""Editions of a rule or plan, told apart by the years in brackets after the name: 行政处罚法（2021年修订） and （2017年修正）. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

_YEARS = re.compile(
    r"(?P<base>.{2,})（(?P<since>(?:19|20)[0-9]{2})年?(?:—(?P<until>(?:19|20)[0-9]{2})年?|(?:[0-9]{1,2}月[0-9]{1,2}日)?[^（）\d]{0,6}(?:修[订正改]|版|本)[^（）]{0,4})）"
)


@dataclass(frozen=True, slots=True)
class Edition:
    """A rule or plan as made or amended in a year."""

    name: str
    """In the form of `normal_name`."""
    base: str
    """The name without the years; the same for all editions."""
    since: int
    """The year in which it was made or amended; for a plan, its first year."""
    until: int | None
    """The last year of a plan; None if none is given."""

    def follows(self, other: Edition) -> bool:
        """Whether it came after another edition; plans with overlapping years coexist."""
        return self.base == other.base and self.since > (other.until or other.since) and (self.until is None) is (other.until is None)


def edition_of(name: str) -> Edition | None:
    """The edition that a name in the form of `normal_name` refers to; None if no years follow it.

    A year alone is not an edition: 立法计划（2022年） has a successor each year, and both remain valid.
    """
    found = _YEARS.fullmatch(name)
    if found is None:
        return None
    return Edition(name, found["base"], int(found["since"]), int(found["until"]) if found["until"] else None)


class Editions:
    """The editions among some names, to find later ones."""

    def __init__(self, names: Iterable[str]) -> None:
        self._of: dict[str, list[Edition]] = {}
        for edition in filter(None, map(edition_of, names)):
            self._of.setdefault(edition.base, []).append(edition)

    def later_than(self, name: str, year: int) -> str | None:
        """The name of the latest edition that follows this one and existed in a year; None if there is none."""
        if (own := edition_of(name)) is None:
            return None
        later = [one for one in self._of.get(own.base, ()) if one.follows(own) and one.since <= year]
        return max(later, key=lambda one: (one.since, one.name)).name if later else None
