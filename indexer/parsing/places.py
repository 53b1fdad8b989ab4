"""Finds the place of a report's issuer from its name or, if several places share the name, from other evidence on the page. Pure."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from urllib.parse import urlsplit

from indexer.analysis.fold import fold
from indexer.places import (
    Region,
    bare_name,
    names_of,
    pinyin_of,
    place_in,
    places_in,
    places_named,
    region_of_code,
    town_names,
    towns_called,
)
from indexer.public_bodies import without_party
from indexer.remarks import Remark

_OPENING = 400
"""Code points at the beginning of a text that are searched for places."""

_KIND_ALONE = re.compile("[我本全该]?(?P<kind>[省市县区旗州盟])")
_KINDS = {"省": "省", "市": "市", "县": "县旗", "区": "区", "旗": "旗", "州": "州", "盟": "盟"}


@dataclass(frozen=True, slots=True)
class Page:
    """Evidence on a page for the place that a name means."""

    title: str
    publisher: str | None
    source: str | None
    address: str | None
    """The URL that the page was saved from."""
    opening: str
    """The first paragraphs and the signature."""


def region_of(issuer: str | None, page: Page, year: int | None) -> tuple[Region | None, Remark | None]:
    """The place of the issuer, else of 发布机构 or 来源, as it was in the year of the report.

    If several places share the name, the first evidence that fits only one of them decides: names of superior places in title or
    issuer, 发布机构 and 来源, the page's URL, the first lines.

    Returns:
        The place, None if nothing names one or nothing decides; and a remark if the name alone did not decide.
    """
    name = _name(issuer)
    left = _candidates(name, year) if name else []
    if len(left) == 1 and not _is_bare_town(name, left[0]):
        return left[0], None
    around = next((place for who in (page.publisher, page.source) if who and (place := place_in(_name(who), year))), None)
    if not left:
        return (around, None) if around is not None else _of_kind(name, page, year)
    shown = _shared_name(name, left)
    for remark, evidence in _evidence(name, shown, page):
        left = _best(left, evidence)
        if len(left) == 1 and evidence(left[0]) >= max(1, len(left[0].codes) - 2):
            # The province suffices to tell counties apart, but a town needs its city or county, since the table has no abolished towns.
            return left[0], remark
    if around is not None and _is_bare_town(name, left[0]):
        # A town that has been merged is not in the table, but its county is.
        return around, None
    return None, Remark("region-open", name=shown, codes="、".join(place.code for place in left))


def _of_kind(name: str, page: Page, year: int | None) -> tuple[Region | None, Remark | None]:
    """The only place of its kind in the first lines, for an issuer that is named by the kind alone: 县司法局, 我市."""
    kind = _KIND_ALONE.match(name)
    named = {place.code: place for place in places_named(page.opening[:_OPENING], year)} if kind else {}
    fits = [place for place in named.values() if kind and place.name[-1] in _KINDS[kind["kind"]]]
    return (fits[0], Remark("region-from-text", name=name)) if len(fits) == 1 else (None, None)


def _name(text: str | None) -> str:
    return "".join(fold(without_party(text or "")).split())


def _candidates(name: str, year: int | None) -> list[Region]:
    """The places that an issuer's name can mean; a town's name without its county means all towns with this name."""
    if found := places_in(name, year):
        return found
    codes = next((codes for town in town_names(name) if (codes := towns_called(town))), ())
    return [region for code in codes if (region := region_of_code(code, year))]


def _is_bare_town(name: str, region: Region) -> bool:
    """Whether the region is a town and the name begins with it, without a superior place."""
    return len(region.code) == 9 and name.startswith(fold(region.name))


def _shared_name(name: str, found: Sequence[Region]) -> str:
    """The part of the issuer's name that several places share."""
    return next((own for own in sorted(map(fold, names_of(found[0].code)), key=len, reverse=True) if own in name), name)


Evidence = Callable[[Region], int]
"""Returns how well evidence fits a place: 0 for not at all, else the depth of the lowest superior place that it names."""


def _evidence(name: str, shown: str, page: Page) -> Iterator[tuple[Remark | None, Evidence]]:
    """The evidence, strongest first, each with the remark to make if it decides."""
    yield None, _naming(f"{page.title} {name}", shown, short=True)
    yield Remark("region-from-page", name=shown), _naming(f"{page.publisher or ''} {page.source or ''}", shown, short=True)
    yield Remark("region-from-host", name=shown), _spelling(page.address)
    yield Remark("region-from-text", name=shown), _naming(page.opening[:_OPENING], shown, short=False)


def _best(places: list[Region], evidence: Evidence) -> list[Region]:
    """The places that evidence fits best; all if it fits none."""
    fits = [evidence(place) for place in places]
    return [place for place, fit in zip(places, fits, strict=True) if fit == max(fits)]


def _above(region: Region) -> Iterable[tuple[int, str]]:
    """The superior places of a place from the province down: depth from 1, and code."""
    return enumerate(region.codes[:-1], 1)


def _naming(text: str, own: str, short: bool) -> Evidence:
    """Evidence from the superior places that a text names, apart from the place's own name; with `short`, 阜新 counts for 阜新市."""
    text = fold(text).replace(own, " ")

    def fit(region: Region) -> int:
        return max((depth for depth, code in _above(region) if any(form in text for form in _forms(code, short))), default=0)

    return fit


def _forms(code: str, short: bool) -> Iterator[str]:
    for name in names_of(code):
        yield fold(bare_name(name) if short else name)


def _spelling(address: str | None) -> Evidence:
    """Evidence from the superior places that the host of a URL spells: fuxin.gov.cn, and njgl.gov.cn for 鼓楼区 in 南京市."""
    labels = re.split(r"[.-]", urlsplit(address).hostname or "") if address else []

    def fit(region: Region) -> int:
        own = pinyin_of(region.code)
        return max((depth for depth, code in _above(region) if not _spellings(pinyin_of(code), own).isdisjoint(labels)), default=0)

    return fit


def _spellings(above: Sequence[str], own: Sequence[str]) -> set[str]:
    """How a host may spell a superior place, alone or with the place itself; initials alone only if there are three or more."""
    if not above:
        return set()
    initials = "".join(syllable[0] for syllable in above)
    found = {"".join(above), "".join(above) + "".join(own)}
    if own:
        found.add(initials + "".join(syllable[0] for syllable in own))
    return found | ({initials} if len(initials) > 2 else set())
