"""Units: whose reports belong together, whichever way titles and pages name the same government or department. Pure.

A government, its party committee and its short name are one unit; a department is a unit of its place. A government's
office is a unit of its own where the title names it; as the publisher of a report it speaks for its government.
"""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass
from functools import lru_cache

from indexer.analysis.fold import fold
from indexer.levels import Level, level_of, level_of_place
from indexer.organs import organ_name, organ_short
from indexer.places import Region, is_place_name, name_of_code, place_in, places_in, region_of_code
from indexer.public_bodies import COMMITTEE_PARTS, behind_places, leading_body, without_party

_ID = re.compile(r"(?P<place>\d{6}(?:\d{3})?)(?:-(?P<organ>.{1,100}))?")
# An index may have longer ids, but no table has: the cache by department name must not grow with what users type.
_LONGEST_ID = 110
LONGEST_NAME = 40
"""Code points of the longest name of a place, including the places above it."""

_HASHED = re.compile("x-[0-9a-f]{12}")
_GOVERNMENT = "人民政府"
_HEAD = "(?:人民政府|政府|行政公署|行署|办事处|管理委员会|管委会|办)(?:机关)?"
_PARTY = "(?:党工委|党委|工委|委)(?:员会)?"
# 县委、县政府; 委 石岭县人民政府: the text in between repeats the place.
_IS_GOVERNMENT = re.compile(rf"|{_PARTY}(?:[、和及暨]?.{{0,20}}?{_HEAD})?|{_HEAD}|委员会|本级|(?:直属)?机关")
_IS_OFFICE = re.compile(rf"(?:(?:{_PARTY}|人民政府|政府)办(?:公[室厅])?|党政(?:综合)?办(?:公室)?|(?:{_PARTY})?(?:{COMMITTEE_PARTS}))")
_OFFICE_ENDS = re.compile("办(?:公[室厅])?$")
_SELF = re.compile(r"(?:[我本该]|全)(?P<kind>[省市县区旗州盟镇乡]|街道)?")
_KINDS = "省市县区旗州盟镇乡"
_TOWN = re.compile(r"(?P<town>.{1,12}?(?:街道|(?<!城)镇|(?<!城)乡|苏木))(?P<rest>.*)")
# 高新技术产业开发区 is not a place of GB/T 2260, but a body of the place it lies in.
_ZONE = re.compile(
    "(?:新|开发|高新|示范|合作|保税|度假|风景名胜|园|景|林|管理|实验|功能|集聚|工业|经济|产业|物流|生态|旅游|科技|港)区$|产业园$"
)
_NO_PLACE = re.compile("[局委院处所队厅会]|^城[乡镇]")
_PLAINLY_A_PLACE = re.compile("[^局委院处所队厅会]{2,12}?(?<![城社])[市县区旗州盟](?=(?:人民)?政府|$)")
"""A name with digits or letters in it is read as a place only if nothing but the government follows it."""
_NO_GOVERNMENT = re.compile("兵团$|第.{1,3}师$")
_LEADING = re.compile(r"(?:关于|印发|转发|报送|[《“\"【\[\s]|(?:19|20)\d\d\s*年?度?(?:的)?|二[〇○0零]..年度?)+")


@dataclass(frozen=True, slots=True)
class Unit:
    """A government or a department that reports are attributed to."""

    id: str
    """Six digits of GB/T 2260 for a government, nine for a town or street, "210921-司法局" for a department; "x-" and a hash
    if no place is known."""
    name: str
    """The full name: 阜新蒙古族自治县人民政府."""

    @property
    def place(self) -> str | None:
        """The code of its place, None if no place is known."""
        match = _ID.fullmatch(self.id)
        return match["place"] if match else None

    @property
    def organ(self) -> str | None:
        """A department's name without its place; None for a government and if no place is known."""
        match = _ID.fullmatch(self.id)
        return match["organ"] if match else None

    @property
    def level(self) -> Level | None:
        """The level of the government or department."""
        match = _ID.fullmatch(self.id)
        if match is None:
            return level_of(self.name)
        return level_of_place(match["place"]) if match["organ"] is None else _level_of_organ(match["organ"])

    @property
    def short(self) -> str:
        """Its name when the place is clear: 阜新蒙古族自治县, 司法局, 大固本镇."""
        if self.organ is not None:
            return organ_short(self.organ)
        return (self.place and name_of_code(self.place)) or re.sub(f"(?:{_GOVERNMENT}|行政公署|办事处)$", "", self.name)

    @property
    def order(self) -> tuple[str, bool, str, str]:
        """Sort key: by place code, unknown places last, a government before its departments, then by name."""
        return self.place or "~", self.organ is not None, self.name, self.id

    def as_json(self) -> dict[str, object]:
        """The unit as the commands and the API print it with a report."""
        return {"id": self.id, "name": self.name}


def _level_of_organ(organ: str) -> Level:
    # A town that is missing from the table of places is written after its county.
    named = _TOWN.fullmatch(organ)
    if named and not named["rest"]:
        return Level.STREET if organ.endswith("街道") else Level.TOWN
    return Level.DEPARTMENT


def read_unit(text: str) -> Unit:
    """The unit that an id or a name stands for; its name is empty if no table knows the id.

    Raises:
        ValueError: The text is empty.
    """
    if not text.strip():
        raise ValueError("expected the id of a unit, or its name")
    known = unit_of_id(text)
    if known or _HASHED.fullmatch(text) or _ID.fullmatch(text):
        return known or Unit(text, "")
    unit = unit_of(text, text)
    if unit is None:
        raise ValueError("expected the id of a unit, or its whole name like 彰武县司法局")
    return unit


def unit_of_id(id: str) -> Unit | None:
    """The unit with this id; None if no table tells its name: the place is unknown, or the code does not exist."""
    match = _ID.fullmatch(id)
    place = region_of_code(match["place"]) if match else None
    if match is None or place is None:
        return None
    return _of_place(place) if match["organ"] is None else _of_organ(place, match["organ"])


def name_of_unit(id: str) -> str | None:
    """The name of the unit with this id; None if no table tells it."""
    return _name_of_unit(id) if len(id) <= _LONGEST_ID else None


@lru_cache(maxsize=4096)
def _name_of_unit(id: str) -> str | None:
    """Cached, because the facet of a page names the same hundred units again and again."""
    unit = unit_of_id(id)
    return unit.name if unit else None


def unit_of(issuer: str | None, title: str = "", region: Region | None = None, year: int | None = None) -> Unit | None:
    """The unit whose report it is.

    Args:
        issuer: The issuer as printed; None to use the one that the title names.
        title: The report's title.
        region: The place that the issuer, 发布机构 or 来源 names. It decides which 县司法局 or 海州区 is meant.
        year: The reported year, because places are named as they were then.

    Returns:
        None if nothing names a unit.
    """
    named = _plain(leading_body(_LEADING.sub("", title, count=1)) or "")
    name = _plain(issuer or "") or named
    if _SELF.match(name) and place_in(name) is None:
        # The title always says more than 我局.
        name = named if named and not _SELF.match(named) else _without_self(name)
        if not name:
            return None
    if not name:
        return _of_place(region) if region else None
    return _resolved(name, name in _plain(title), region.code if region else None, year)


def level_of_report(unit: Unit | None, issuer: str | None) -> Level | None:
    """The level of the unit, or else the level that the issuer's name tells; None if neither is known."""
    return (unit and unit.level) or level_of(issuer)


def _plain(text: str) -> str:
    return "".join(fold(text).split())


def _without_self(name: str) -> str:
    """县司法局 for 我县司法局, 县人民政府 for 我县; empty for 我局, which can be anybody's."""
    match = _SELF.match(name)
    rest = name[1:] if match and match["kind"] else ""
    return f"{rest}{_GOVERNMENT}" if len(rest) == 1 else rest


@lru_cache(maxsize=16384)
def _resolved(name: str, titled: bool, code: str | None, year: int | None) -> Unit:
    name = without_party(name)
    place, rest = _placed(name, region_of_code(code, year) if code else None, year)
    if place is None:
        return _of_unknown_place(name, titled)
    rest = _without_place_again(rest, place)
    if _speaks_for_government(rest, titled):
        return _of_place(place)
    if (town := _TOWN.fullmatch(rest)) and _speaks_for_government(town["rest"], titled):
        return _of_organ(place, town["town"])
    if (end := _named_end(rest)) and not _ZONE.search(rest[:end]) and not _TOWN.match(rest):
        # A county that is in no table.
        return _of_unknown_place(rest, titled)
    return _of_organ(place, organ_name(rest))


def _named_end(text: str) -> int:
    """Where the name of a place at the beginning of a text ends, whether a table has it or not; 0 if there is none."""
    end = behind_places(text)
    if not end and (plain := _PLAINLY_A_PLACE.match(text)):
        return plain.end()
    inside = _NO_PLACE.search(text, 0, end)
    # Neither 青石县委青石县 nor 公安局城区 is the name of one place.
    return behind_places(text[: inside.start()]) if inside else end


def _speaks_for_government(rest: str, titled: bool) -> bool:
    """Whether the text after the place makes the name the government's; also its office's, unless the title names the office."""
    if _IS_GOVERNMENT.fullmatch(rest):
        return True
    # 全面依法治县委员会 always counts as the government, its office only if the title does not name it.
    return _IS_OFFICE.fullmatch(rest) is not None and not (titled and _OFFICE_ENDS.search(rest))


def _placed(name: str, region: Region | None, year: int | None) -> tuple[Region | None, str]:
    """The place that a name begins with, and the text after it; for 县司法局 the place of the page."""
    found = places_in(name, year)
    if len(found) > 1 and region:
        # Of several places with this name, take the one in the page's place.
        found = [place for place in found if place.code in region.codes or region.code in place.codes] or found
    if len(found) == 1:
        return found[0], name[_end_of(name, found[0]) :]
    if found:
        return None, name
    if region and (place := place_in("".join(region.path) + name, year)) and len(place.code) > 6 and place.code not in region.codes[:-1]:
        return place, name.removeprefix(place.name)
    if name[0] in _KINDS and not _named_end(name[1:]):
        return next(((known, name[1:]) for known in _and_above(region) if _is_kind(known, name[0])), (None, name))
    end = _named_end(name)
    if not end:
        return region, name
    return (region, name[end:] if _is_kind(region, name[end - 1]) else name) if region and _is_in(region, name[:end]) else (None, name)


def _is_in(region: Region, named: str) -> bool:
    """Whether a place that is in no table is the page's place or lies in it: one of the same kind, a town, a zone."""
    return _ZONE.search(named) is not None or _TOWN.fullmatch(named) is not None or _is_kind(region, named[-1])


def _and_above(region: Region | None) -> list[Region]:
    return [place for code in reversed(region.codes if region else ()) if (place := region_of_code(code))]


def _is_kind(place: Region, kind: str) -> bool:
    """Whether this word may refer to a place: 市 to a city or a county-level city, 县 to any county."""
    level = level_of_place(place.code)
    if kind == "省":
        return level is Level.PROVINCE
    if kind in "州盟":
        return level is Level.CITY
    if kind in "镇乡":
        return level is Level.TOWN
    return place.name.endswith(kind) if kind in "市区" else level is Level.COUNTY


def _end_of(name: str, place: Region) -> int:
    """Where the name of a place at the beginning of a text ends."""
    end = next(end for end in range(min(len(name), LONGEST_NAME), 1, -1) if is_place_name(name[:end]))
    return end + len(place.name) if len(place.code) > 6 and name.startswith(place.name, end) else end


def _without_place_again(rest: str, place: Region) -> str:
    """The text after the place without a repetition of the place, as in 阜新市阜新高新技术产业开发区管委会."""
    stem = place.name[:-1]
    return rest.removeprefix(stem) if len(stem) > 1 and len(rest) > len(stem) + 2 and not rest.startswith(place.name) else rest


def _of_place(place: Region) -> Unit:
    name = name_of_code(place.code) or place.name
    if len(place.code) > 6:
        name = f"{place.path[-2]}{name}"
    return Unit(place.code, _government_of(name))


def _government_of(name: str) -> str:
    if name.endswith("街道"):
        return f"{name}办事处"
    return f"{name}行政公署" if name.endswith(("地区", "盟")) else f"{name}{_GOVERNMENT}"


def _of_organ(place: Region, organ: str) -> Unit:
    name = name_of_code(place.code) or place.name
    whole = f"{name}{organ}"
    if len(place.code) > 6:
        whole = f"{place.path[-2]}{whole}"
    is_town = _level_of_organ(organ) is not Level.DEPARTMENT
    return Unit(f"{place.code}-{organ}", _government_of(whole) if is_town else whole)


def _of_unknown_place(name: str, titled: bool) -> Unit:
    end = _named_end(name)
    stem, rest = name[:end], name[end:]
    if stem and _speaks_for_government(rest, titled):
        full = stem if _NO_GOVERNMENT.search(stem) else f"{stem}管理委员会" if _ZONE.search(stem) else _government_of(stem)
    else:
        full = stem + organ_name(rest) if rest else stem
    return Unit(f"x-{hashlib.sha256(full.encode()).hexdigest()[:12]}", full)
