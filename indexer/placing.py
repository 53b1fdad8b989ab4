"""Decides the place of a report whose own text leaves several possible (海州区 is in two provinces) by the reports beside it. Pure.

Only places that other files of the folder state themselves count, so neither the order of reading nor earlier runs matter.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence, Set
from dataclasses import dataclass, replace

from indexer.model import Report
from indexer.places import as_of, region_of_code
from indexer.remarks import Remark

OPEN, GUESSED = "region-open", "region-from-folder"


@dataclass(frozen=True, slots=True)
class StatedPlace:
    """The place that a file states for its report, or the candidates if it states none."""

    place: str | None
    """The code of the stated place; None if the file states none."""
    open: tuple[str, ...]
    """The codes of the possible places, if the file does not say which one is meant."""


def stated_place(report: Report) -> StatedPlace:
    """The place stated in a report's file or in a correction beside it."""
    open = _open(report)
    if open is None or "region" in report.corrected:
        return StatedPlace(report.region.code if report.region else None, ())
    return StatedPlace(None, tuple(str(open.params["codes"]).split("、")))


def _open(report: Report) -> Remark | None:
    """The remark that several places are possible; None if the text says which, or names none."""
    return next((remark for remark in report.remarks if remark.code in (OPEN, GUESSED)), None)


def placed_among(places: Iterable[tuple[str, str]], waiting: Mapping[str, Sequence[str]]) -> dict[str, str]:
    """The places that could be decided by their folders: place code by file key; undecided files are left out.

    Args:
        places: Pairs of a place that a file states and a folder that the file lies in.
        waiting: The codes of the possible places, by the keys of the undecided files.
    """
    held: dict[str, set[str]] = defaultdict(set)
    for place, folder in places:
        held[place].add(folder)
    around: dict[str, set[str]] = defaultdict(set)
    for place, folders in held.items():
        if region := region_of_code(place):
            for folder in folders:
                around[folder].update(region.codes)
    found = ((key, _nearest(open, [around[folder] for folder in folders_of(key)])) for key, open in waiting.items())
    return {key: place for key, place in found if place is not None}


def folders_of(key: str) -> list[str]:
    """The folders that a file lies in, the innermost first."""
    parts = key.split("/")
    return ["/".join(parts[:end]) for end in range(len(parts) - 1, 0, -1)]


def _nearest(open: Sequence[str], around: Iterable[Set[str]]) -> str | None:
    """The candidate closest to the places of the innermost folder that has any close by; None if two are equally close.

    Closest is the same place, then one in the same city, then one in the same province.
    """
    regions = [region for code in open if (region := region_of_code(code))]
    for others in around:
        for depth in (1, 2, 3):
            near = [region.code for region in regions if len(region.codes) >= depth and region.codes[-depth] in others]
            if near:
                return near[0] if len(near) == 1 else None
    return None


def placed(report: Report, place: str | None) -> Report:
    """The report with this one of its possible places, and the unit and level that follow from it.

    With None the place stays open. A report whose own text states its place is returned unchanged.
    """
    open = _open(report)
    if open is None:
        return report
    region = region_of_code(place) if place else None
    name, codes = open.params["name"], open.params["codes"]
    own = Remark("region-from-folder", name=name, codes=codes) if region else Remark("region-open", name=name, codes=codes)
    return replace(
        report,
        region=as_of(region, report.year) if region else None,
        remarks=tuple(own if remark is open else remark for remark in report.remarks),
    ).with_unit_of_issuer()
