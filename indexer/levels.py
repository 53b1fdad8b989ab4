"""The levels of government, and which level an issuer has: read from its name and the place it names. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator
from enum import StrEnum

from indexer.analysis.fold import fold
from indexer.outline import plain
from indexer.places import name_of_code, names_of, places_in, short_names


class Level(StrEnum):
    """The level of an issuer."""

    PROVINCE = "省"
    CITY = "市"
    COUNTY = "县"
    TOWN = "乡镇"
    STREET = "街道"
    DEPARTMENT = "部门"


_GOVERNMENT = re.compile(r"(?:人民政府|政府|行政公署|行署|委员会|党委|党工委|(?<=[省市县区旗州盟镇乡])委)$")
_PARTY = re.compile("^(?:中共|中国共产党)")
_PART = re.compile(
    r"(?:局|厅|委|办|办公室|中心|院|队|站|所|处|部|会|署|公司|集团|学校|大学|学院|医院|银行|馆|台|社)(?:[(〔].{0,20}[)〕])?$"
)
_STREET = re.compile(r"街道(?:办事处|办|党工委)?$")
_TOWN = re.compile(r"(?<!城)(?:镇|乡|民族乡|苏木)$")
_BY_ENDING = (
    (Level.PROVINCE, re.compile("(?:省|自治区)$")),
    (Level.CITY, re.compile("(?:自治州|地区|盟)$")),
    (Level.COUNTY, re.compile("[县旗]$")),
)


def level_of(issuer: str | None) -> Level | None:
    """The level of an issuer; None if its name does not tell.

    阜新市 is a city by its code, 彰武县司法局 a department, 大固本镇人民政府 a town.
    """
    name = _PARTY.sub("", "".join(plain(issuer or "").split()))
    if _STREET.search(name):
        return Level.STREET
    place = _GOVERNMENT.sub("", name)
    # Which 海州区 is meant does not matter: both are districts.
    levels = {level_of_place(region.code) for region in places_in(fold(name)) if any(place.endswith(form) for form in _forms(region.code))}
    if len(levels) == 1:
        return levels.pop()
    if _TOWN.search(place):
        return Level.TOWN
    # 委员会 also ends names of departments; after a place's name it was matched above.
    if _PART.search(name) and not name.endswith(("人民政府", "政府")):
        return Level.DEPARTMENT
    return next((level for level, ending in _BY_ENDING if ending.search(place)), None)


def _forms(code: str) -> Iterator[str]:
    for own in names_of(code):
        yield from map(plain, (own, *short_names(own)))


def level_of_place(code: str) -> Level:
    """The level of the government of a place."""
    if len(code) > 6:
        return Level.STREET if (name_of_code(code) or "").endswith("街道") else Level.TOWN
    return Level.PROVINCE if code.endswith("0000") else Level.CITY if code.endswith("00") else Level.COUNTY
