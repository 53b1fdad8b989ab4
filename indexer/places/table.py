"""The table: which places there are and were, under which code and name in which year, and what lies in what.

A place is known under its code of today, one that is no more under the last it had. `places.tsv` and `towns.tsv` are made by
`places_table`; the first is read when a place is first looked up, the second when a town is.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from operator import attrgetter
from typing import NamedTuple

from indexer.outline import plain

FIRST_YEAR, THIS_YEAR = 1980, 2026
"""Of the table; an earlier or later year counts as the nearest of these."""


@dataclass(frozen=True, slots=True)
class Region:
    """A province, city, county, town or street, as it was in a year."""

    code: str
    """Six digits of GB/T 2260, nine of a town or street; today's where the place goes on."""
    name: str
    path: tuple[str, ...]
    """Names from the province down, its own last."""
    codes: tuple[str, ...]
    """The codes of `path`."""

    def as_json(self) -> dict[str, object]:
        """The place as the commands and the API print it."""
        return {"code": self.code, "name": self.name, "path": list(self.path)}


class Version(NamedTuple):
    """What a place was called, and its code, from one year to another; both count."""

    place: str
    """The code that the place is known under."""
    code: str
    name: str
    since: int
    until: int | None
    """None: it is so today."""
    successors: tuple[str, ...]
    """Only of the last version of a place that is no more."""
    pinyin: str
    """How addresses on the web spell its name, syllable by syllable; only of today's places."""

    def holds(self, year: int) -> bool:
        """Whether it was so in a year."""
        return self.since <= year and (self.until is None or year <= self.until)


@cache
def _versions() -> Mapping[str, tuple[Version, ...]]:
    """All there were, by the code of the place, in order."""
    found: dict[str, list[Version]] = defaultdict(list)
    for line in files("indexer.places").joinpath("places.tsv").read_text("utf-8").splitlines():
        place, code, name, since, until, went_to, pinyin = f"{line}\t\t\t".split("\t")[:7]
        found[place].append(Version(place, code, name, int(since), int(until) if until else None, tuple(went_to.split()), pinyin))
    return {place: tuple(versions) for place, versions in found.items()}


@cache
def _by_code() -> Mapping[str, tuple[Version, ...]]:
    """All versions by the code of their time, the newest first."""
    found: dict[str, list[Version]] = defaultdict(list)
    for versions in _versions().values():
        for version in versions:
            found[version.code].append(version)
    return {code: tuple(sorted(versions, key=attrgetter("since"), reverse=True)) for code, versions in found.items()}


def all_versions() -> Iterator[Version]:
    """Every name and code that a province, city or county has or had."""
    for versions in _versions().values():
        yield from versions


def versions_of(code: str) -> tuple[Version, ...]:
    """The names and codes of the place that is known under this code, oldest first; empty where none is."""
    return _versions().get(code, ())


def version_in(code: str, year: int | None, name: str = "") -> Version | None:
    """A place as it was in a year (None: today): before it began as it was at first, after its end as it was at last.

    A few codes stand for two places of one time, see `places_table`: then `name` says which, the older one without it.
    """
    versions = versions_of(code)
    wanted = THIS_YEAR if year is None else min(max(year, FIRST_YEAR), THIS_YEAR)
    if held := [version for version in versions if version.holds(wanted)]:
        return next((version for version in held if version.name == name), held[0])
    return next((version for version in reversed(versions) if version.since <= wanted), versions[0] if versions else None)


def place_of_code(code: str, year: int | None = None) -> str | None:
    """The code that the place with this code is known under: of the year's holder, else of today's, else of the last that had it."""
    holder = _holder(code, year)
    return holder.place if holder else code if code in _versions() else next((version.place for version in _by_code().get(code, ())), None)


def _holder(code: str, year: int | None) -> Version | None:
    """What had a code in a year; None: nothing, or no year is wanted."""
    return None if year is None else next((version for version in _by_code().get(code, ()) if version.holds(min(year, THIS_YEAR))), None)


def region_of_code(code: str, year: int | None = None) -> Region | None:
    """The place with a code, today's or that of an earlier year, as it was in a year (None: today); None where the table has none."""
    if len(code) == 9:
        return town_in(code, code[:6], year)
    place, holder = place_of_code(code, year), _holder(code, year)
    return None if place is None else region_of_place(place, year, holder.name if holder else "")


def region_of_place(place: str, year: int | None = None, name: str = "") -> Region:
    """The place that is known under a code, as it was in a year (None: today); for `name` see `version_in`.

    Raises:
        KeyError: None is known under this code.
    """
    version = version_in(place, year, name)
    if version is None:
        raise KeyError(place)
    # A place that began later or ended sooner is shown as at that time.
    return _region(version, min(max(THIS_YEAR if year is None else year, version.since), version.until or THIS_YEAR))


def as_of(region: Region, year: int | None) -> Region:
    """A place as it was in a year (None: today)."""
    if len(region.code) == 9:
        return town_in(region.code, region.codes[-2], year) or region
    return region_of_place(region.code, year)


@cache
def _region(version: Version, year: int) -> Region:
    """A place of the table in a year in which it was so: what is cached is bounded, whatever is typed."""
    chain = [*above(version, year), version]
    return Region(version.place, version.name, tuple(each.name for each in chain), tuple(each.place for each in chain))


def above(version: Version, year: int) -> list[Version]:
    """The province and the city that a place was in, as they were in a year; districts of municipalities have no city."""
    codes = dict.fromkeys((f"{version.code[:2]}0000", f"{version.code[:4]}00"))
    found = (next((each for each in _by_code().get(code, ()) if each.holds(year)), None) for code in codes if code != version.code)
    return [each for each in found if each is not None and each.place != version.place]


def name_of_code(code: str) -> str | None:
    """What the place with a code is called today, or was at last; None where the table has none."""
    if len(code) == 9:
        return town_name(code)
    place = place_of_code(code)
    return versions_of(place)[-1].name if place else None


def names_of(code: str) -> tuple[str, ...]:
    """All names that the place with a code goes or went by, the newest first."""
    if len(code) == 9:
        return (name,) if (name := town_name(code)) else ()
    return _names_of(place) if (place := place_of_code(code)) else ()


@cache
def _names_of(place: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(version.name for version in reversed(versions_of(place))))


def pinyin_of(code: str) -> tuple[str, ...]:
    """How addresses on the web spell the name of a province, city or county of today: fu xin; empty for others."""
    versions = versions_of(code)
    return tuple(versions[-1].pinyin.split()) if versions else ()


def successors(code: str) -> tuple[str, ...]:
    """Of a place that was merged, divided or ended: the places it went to, empty where the table knows none."""
    place = place_of_code(code)
    return versions_of(place)[-1].successors if place else ()


@cache
def _predecessors() -> Mapping[str, tuple[str, ...]]:
    found = defaultdict(list)
    for version in all_versions():
        for successor in version.successors:
            found[successor].append(version.place)
    return {place: tuple(before) for place, before in found.items()}


def predecessors(code: str) -> tuple[str, ...]:
    """The places that ended and went to this one."""
    place = place_of_code(code)
    return _predecessors().get(place, ()) if place else ()


def exists(code: str, year: int) -> bool:
    """Whether the place with a code was there at the end of a year. Of towns and streets only today's are known."""
    if len(code) == 9:
        return town_name(code) is not None
    place = place_of_code(code, year)
    return place is not None and any(version.holds(min(year, THIS_YEAR)) for version in versions_of(place))


@cache
def governments(year: int) -> tuple[str, ...]:
    """The codes of all provinces, cities and counties that were there at the end of a year, in order.

    Not those whose reports are not to be expected: Taiwan, Hong Kong, Macao.
    """
    return tuple(
        place
        for place, versions in _versions().items()
        if place[0] not in "78" and any(version.holds(min(year, THIS_YEAR)) for version in versions)
    )


@cache
def _towns() -> tuple[Mapping[str, tuple[str, ...]], Mapping[str, str]]:
    """The codes of all towns and streets by `plain` of their names, and their names by their codes."""
    by_name: dict[str, tuple[str, ...]] = {}
    by_code: dict[str, str] = {}
    for line in files("indexer.places").joinpath("towns.tsv").read_text("utf-8").splitlines():
        key, codes, *printed = line.split("\t")
        # 濛阳街道 and 蒙阳街道 are written alike.
        by_name[key] = (*by_name.get(key, ()), *codes.split())
        by_code.update(dict.fromkeys(codes.split(), printed[0] if printed else key))
    return by_name, by_code


def towns_called(name: str) -> tuple[str, ...]:
    """The codes of the towns and streets with a name, in order."""
    return _towns()[0].get(plain(name), ())


def town_name(code: str) -> str | None:
    """The name of the town or street with a code of nine digits."""
    return _towns()[1].get(code)


def town_in(code: str, county: str, year: int | None) -> Region | None:
    """A town as it was in a year in a county, which may be one that ended and went to the town's."""
    name = town_name(code)
    around = region_of_code(county, year)
    return None if name is None or around is None else Region(code, name, (*around.path, name), (*around.codes, code))
