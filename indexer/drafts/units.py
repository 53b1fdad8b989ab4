"""Finds places where a draft calls its own unit by another name."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator

from rapidfuzz.distance import Levenshtein

from indexer.drafts.kinds import Finding, finding_at
from indexer.levels import level_of_place
from indexer.model import Passage, Report
from indexer.outline import plain
from indexer.parsing.identity import issuer_in
from indexer.parsing.opening import read_opening
from indexer.places import is_place_name, names_of, places_in, region_of_code
from indexer.public_bodies import leading_body
from indexer.units import Unit, unit_of

_CLAUSE = re.compile(r"(?:^|[。；：！，,;:!\n\s]|[一二三四五六七八九十]是)(?=[\u4e00-\u9fff])")
_KINDS = "省市县区州旗盟镇乡"
_SHORT = 3
"""Code points of a name so short that it is searched for only at the beginning of clauses."""
_DROPPED = 5
"""Code points from which a name is also searched for with one character missing."""
_REPORTS = re.compile("(?:人民)?政府|[县市区]?委|[0-9]|法治|各|全")
"""Text that may follow the name of the reporting unit."""
_HAN = re.compile("[\u4e00-\u9fff]+")
_LONGEST_NAME = 24


def units_named_otherwise(report: Report, unit: Unit, names: Collection[str] = ()) -> Iterator[Finding]:
    """Other units where the draft's own is expected, and names that are nearly its own.

    Args:
        report: The draft.
        unit: The unit whose report it is.
        names: Other names of the unit.
    """
    title, opening = report.passages[0], next(iter(report.paragraphs), None)
    if span := _other_in_title(report, unit):
        yield finding_at("unit-other", report, title, *span, unit=unit.name)
    begun = _other_in_opening(report, opening, unit) if opening else None
    if opening and begun:
        yield finding_at("unit-other", report, opening, *begun, unit=unit.name)
    own = _own_names(report, unit, names)
    for passage in report.passages:
        for start, end in _other_places(passage, unit) if passage is not title else ():
            if passage is not opening or begun is None or start != begun[0]:
                yield finding_at("unit-other", report, passage, start, end, unit=unit.name)
        seen: set[int] = set()
        for name in sorted(own, key=len, reverse=True):
            for start, end in _slips(passage.text, name, own):
                if not seen & set(range(start, end)):
                    seen.update(range(start, end))
                    yield finding_at("unit-slip", report, passage, start, end, name=name)


def _other_in_title(report: Report, unit: Unit) -> tuple[int, int] | None:
    """Where the title names another unit; None if it does not."""
    title = report.passages[0].text
    named = issuer_in(title)
    if not named or not _differs(unit_of(named, title, report.region, report.year), unit):
        return None
    start = title.find(named)
    return max(0, start), start + len(named)


def _other_in_opening(report: Report, opening: Passage, unit: Unit) -> tuple[int, int] | None:
    """Where the first paragraph says that a unit elsewhere reports; None if it does not."""
    issuer = read_opening(opening.text).issuer
    if not issuer or not _is_elsewhere(unit_of(issuer, "", report.region, report.year), unit):
        return None
    start = plain(opening.text).find(issuer)
    return (start, start + len(issuer)) if start >= 0 else None


def _differs(named: Unit | None, unit: Unit) -> bool:
    """Whether it is certainly another unit."""
    return named is not None and named.place is not None and unit.place is not None and named.id != unit.id


def _is_elsewhere(named: Unit | None, unit: Unit) -> bool:
    """Whether its place is another one, and neither place is in the other."""
    if named is None or named.place is None or unit.place is None or named.place == unit.place:
        return False
    places = [region_of_code(one.place) for one in (named, unit) if one.place]
    return all(place is not None and not {named.place, unit.place} <= set(place.codes) for place in places)


def _other_places(passage: Passage, unit: Unit) -> Iterator[tuple[int, int]]:
    """Places of the same level as the unit's own at the beginning of clauses, where the reporting unit is usually named."""
    if unit.place is None:
        return
    level = level_of_place(unit.place)
    text = plain(passage.text)
    for match in _CLAUSE.finditer(text):
        begin = match.end()
        found = places_in(text[begin : begin + _LONGEST_NAME])
        codes = {place.code for place in found}
        if not codes or unit.place in codes or any(level_of_place(code) is not level for code in codes):
            continue
        name = leading_body(text[begin : begin + _LONGEST_NAME]) or found[0].name
        printed = next((one for one in (name, found[0].name) if text.startswith(one, begin)), None)
        if printed and printed[-1] in _KINDS + "府会局":
            yield begin, begin + len(printed)


def _own_names(report: Report, unit: Unit, names: Collection[str]) -> set[str]:
    place = names_of(unit.place) if unit.place else ()
    known = {unit.name, unit.short, *place, *names, *filter(None, (report.issuer,))}
    # Departments have names similar to others in their place, such as 民政局 and 财政局.
    return {name for name in known if len(name) >= _SHORT and (unit.organ is None or name in place)}


def _slips(text: str, name: str, own: Collection[str]) -> Iterator[tuple[int, int]]:
    """Where a text has a name with one character changed or missing."""
    half = (len(name) + 1) // 2
    ends: set[tuple[int, int]] = set()
    for piece, offset in ((name[:half], 0), (name[half:], half)):
        found = text.find(piece)
        while found >= 0:
            begin = found - offset
            ends.add((begin, begin + len(name)))
            if len(name) >= _DROPPED:
                ends |= {(begin, begin + len(name) - 1), (begin + 1, begin + len(name))}
            found = text.find(piece, found + 1)
    for start, end in sorted(ends):
        if start >= 0 and end <= len(text) and _is_slip(text, start, end, name, own):
            yield start, end


def _is_slip(text: str, start: int, end: int, name: str, own: Collection[str]) -> bool:
    printed = text[start:end]
    if printed in own or not _HAN.fullmatch(printed) or Levenshtein.distance(printed, name, score_cutoff=1) != 1:
        return False
    (edit,) = Levenshtein.editops(name, printed)
    if edit.tag == "delete":
        return printed[0] == name[0] and printed[-1] == name[-1] and name[edit.src_pos] not in _KINDS and not _has(text, start, end, own)
    if is_place_name(printed) or _has(text, start, end, own):
        return False
    if edit.src_pos == len(name) - 1 and printed[-1] not in _KINDS + "具":
        return False
    return len(name) > _SHORT or start == 0 or bool(_CLAUSE.match(text, start - 1) or text[start - 1] == "将" or _REPORTS.match(text, end))


def _has(text: str, start: int, end: int, own: Collection[str]) -> bool:
    """Whether one of the unit's own names covers part of what was found."""
    return any(text.startswith(name, at) for name in own for at in range(max(0, start - len(name) + 1), end) if at + len(name) > start)
