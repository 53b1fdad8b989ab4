"""Where the reports of a folder are whose own text does not say it: at what the other reports of the folder say. Pure.

Only what the other files say themselves counts, so that neither the order in which files are read nor what was read before matters.
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
class Standing:
    """What a file says of where its report is."""

    place: str | None
    """The code of the place; None: it says none."""
    open: tuple[str, ...]
    """The codes of the places it may be, where it does not say which."""


def standing_of(report: Report) -> Standing:
    """What the file of a report says, and what somebody set right beside it."""
    open = _open(report)
    if open is None or "region" in report.corrected:
        return Standing(report.region.code if report.region else None, ())
    return Standing(None, tuple(str(open.params["codes"]).split("、")))


def _open(report: Report) -> Remark | None:
    """The remark on a report of whose place the text leaves several possible; None where it is known."""
    return next((remark for remark in report.remarks if remark.code in (OPEN, GUESSED)), None)


def placed_among(places: Iterable[tuple[str, str]], waiting: Mapping[str, Sequence[str]]) -> dict[str, str]:
    """The places of those reports that stand open, by the keys of their files; what no folder decides is left out.

    Args:
        places: Each place that files say their reports are of, with each of the folders that these files lie in.
        waiting: The codes of the places that reports may be of, by the keys of their files.
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
    """The one of these places that the innermost folder has that has any: itself, else its county or city, else the next around that."""
    regions = [region for code in open if (region := region_of_code(code))]
    for others in around:
        for depth in (1, 2, 3):
            near = [region.code for region in regions if len(region.codes) >= depth and region.codes[-depth] in others]
            if near:
                return near[0] if len(near) == 1 else None
    return None


def placed(report: Report, place: str | None) -> Report:
    """A report of which the text leaves several places possible, put in this one of them, with the unit and level that follow.

    None says that the folder does not decide either. A report whose place its text says comes back as it is.
    """
    open = _open(report)
    if open is None:
        return report
    region = region_of_code(place) if place else None
    own = Remark(GUESSED if region else OPEN, name=open.params["name"], codes=open.params["codes"])
    return replace(
        report,
        region=as_of(region, report.year) if region else None,
        remarks=tuple(own if remark is open else remark for remark in report.remarks),
    ).with_unit_of_issuer()
