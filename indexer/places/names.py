"""Finds places by name: present or former, full or short, with or without the names of superior places."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping
from functools import cache

from indexer.errors import InvalidRequest
from indexer.outline import plain, words
from indexer.places.table import (
    FIRST_YEAR,
    THIS_YEAR,
    Region,
    above,
    all_versions,
    names_of,
    region_of_code,
    region_of_place,
    successors,
    town_in,
    towns_called,
    version_in,
    versions_of,
)
from indexer.problems import Problem

LONGEST = 40
"""Most code points of a name together with the names of superior places before it."""

_PEOPLES = words(
    """
    蒙古 回 藏 维吾尔 苗 彝 壮 布依 朝鲜 满 侗 瑶 白 土家 哈尼 哈萨克 傣 黎 傈僳 佤 畲 高山 拉祜 水 东乡 纳西 景颇 柯尔克孜
    土 达斡尔 仫佬 羌 布朗 撒拉 毛南 仡佬 锡伯 阿昌 普米 塔吉克 怒 乌孜别克 俄罗斯 鄂温克 德昂 保安 裕固 京 塔塔尔 独龙
    鄂伦春 赫哲 门巴 珞巴 基诺
    """
)
_PEOPLE = "|".join(sorted(_PEOPLES, key=len, reverse=True))
_AUTONOMOUS = re.compile(rf"(?P<place>.{{2,}}?)(?P<peoples>(?:(?:{_PEOPLE})族|各族|(?:{_PEOPLE})(?=自治))+)自治(?P<kind>[县旗州])")
# 科尔沁左翼中旗 is called 科左中旗, 察哈尔右翼前旗 察右前旗.
_WING = re.compile("(?P<first>.).{1,4}(?P<wing>[左右])翼(?P<kind>[前中后]旗)")
_CUSTOMARY = {
    "喀喇沁左翼蒙古族自治县": ("喀左县",),
    "前郭尔罗斯蒙古族自治县": ("前郭县",),
    "杜尔伯特蒙古族自治县": ("杜蒙县",),
    "东乡族自治县": ("东乡县",),
    "鄂温克族自治旗": ("鄂温克旗",),
    "鄂伦春自治旗": ("鄂伦春旗",),
    "莫力达瓦达斡尔族自治旗": ("莫旗",),
    "东乌珠穆沁旗": ("东乌旗",),
    "西乌珠穆沁旗": ("西乌旗",),
    "乌拉特前旗": ("乌前旗",),
    "乌拉特中旗": ("乌中旗",),
    "乌拉特后旗": ("乌后旗",),
    "新巴尔虎左旗": ("新左旗",),
    "新巴尔虎右旗": ("新右旗",),
    "陈巴尔虎旗": ("陈旗",),
    "苏尼特左旗": ("苏左旗",),
    "苏尼特右旗": ("苏右旗",),
    "阿拉善左旗": ("阿左旗",),
    "阿拉善右旗": ("阿右旗",),
    "鄂托克前旗": ("鄂前旗",),
    "达尔罕茂明安联合旗": ("达茂旗",),
    "阿鲁科尔沁旗": ("阿旗",),
    "克什克腾旗": ("克旗",),
    "翁牛特旗": ("翁旗",),
    "喀喇沁旗": ("喀旗",),
    "达拉特旗": ("达旗",),
    "准格尔旗": ("准旗",),
    "伊金霍洛旗": ("伊旗",),
    "太仆寺旗": ("太旗",),
    "正蓝旗": ("蓝旗",),
    "博尔塔拉蒙古自治州": ("博州",),
    "巴音郭楞蒙古自治州": ("巴州",),
    "克孜勒苏柯尔克孜自治州": ("克州",),
    "察布查尔锡伯自治县": ("察县",),
    "塔什库尔干塔吉克自治县": ("塔县",),
}
# Names of districts that many cities have or had: they are only meaningful after the city's name.
_COMMON = re.compile("(?:市?郊|城|市|新|[东西南北中]|市中|城中|市?矿)区")
# The bare names of 万柏林区 and 清新区 are 万柏林 and 清新; only in few names are 林区 and 新区 the kind of place.
_KIND = re.compile(
    "(?:省|市|地区|特别行政区|(?:壮族|回族|维吾尔)?自治区|盟|[县区旗]|(?:(?<=浦东)|(?<=滨海)|(?<=沈北)|(?<=两江))新区|(?<=神农架)林区"
    rf"|矿区|特区|(?:{_PEOPLE})族区)$"
)
_TOWN = re.compile(r"\S{1,14}(?:民族[乡镇]|乡|镇|街道|苏木|区公所)")


def short_names(name: str) -> Iterator[str]:
    """The short names of a place: 延边州 for 延边朝鲜族自治州, 阜新县 and 阜蒙县 for 阜新蒙古族自治县, 科左中旗 for 科尔沁左翼中旗."""
    if "自治" in name and (match := _AUTONOMOUS.fullmatch(name)):
        yield match["place"] + match["kind"]
        if match["peoples"] == "蒙古族":
            yield f"{name[0]}蒙{match['kind']}"
    if "翼" in name and (match := _WING.fullmatch(name)):
        yield match["first"] + match["wing"] + match["kind"]
    yield from _CUSTOMARY.get(name, ())


@cache
def bare_name(name: str) -> str:
    """A name without the kind of place, 阜新 of 阜新市, 延边 of 延边朝鲜族自治州; unchanged if fewer than two characters would be left."""
    match = _AUTONOMOUS.fullmatch(name)
    bare = match["place"] if match else _KIND.sub("", name)
    return bare if len(bare) > 1 else name


@cache
def _by_name() -> Mapping[str, frozenset[str]]:
    """Places by the `plain` form of all their names, present and former, and of short names that are not today's name of another place."""
    found: dict[str, set[str]] = defaultdict(set)
    today = set()
    for version in all_versions():
        found[version.name].add(version.place)
        if version.until is None:
            today.add(version.name)
    for name, places in list(found.items()):
        for short in short_names(name):
            if short not in today:
                found[short] |= places
    return {plain(name): frozenset(places) for name, places in found.items()}


@cache
def _ends() -> frozenset[str]:
    """The last characters of all names."""
    return frozenset(name[-1] for name in _by_name())


@cache
def _names_above(place: str) -> tuple[frozenset[str], frozenset[str]]:
    """The names, present and former, full and short, of the provinces and of the cities that a place is or was in."""
    levels: tuple[set[str], set[str]] = set(), set()
    holders = {
        (upper.place.endswith("0000"), upper.place)
        for version in versions_of(place)
        for year in range(version.since, (version.until or THIS_YEAR) + 1)
        for upper in above(version, year)
    }
    for is_province, upper in holders:
        for name in names_of(upper):
            levels[not is_province].update(map(plain, (name, *short_names(name), bare_name(name))))
    return frozenset(levels[0]), frozenset(levels[1])


def _is_run_of(text: str, levels: tuple[frozenset[str], ...]) -> bool:
    """Whether a text consists of names of these levels, in order; short names count, as 聊城 in 聊城临清市."""
    return not text or any(
        text.startswith(name) and _is_run_of(text[len(name) :], levels[level + 1 :])
        for level, names in enumerate(levels)
        for name in names
        if len(name) > 1
    )


def _called(name: str) -> dict[str, str]:
    """The places that a name can mean, by code, each with its own part of the name; names of superior places may precede it."""
    if name[-1:] not in _ends():
        return {}
    return {
        place: name[start:]
        for start in range(len(name) - 1)
        for place in _by_name().get(name[start:], ())
        if (start > 0 or not _COMMON.fullmatch(name)) and _is_run_of(name[:start], _names_above(place))
    }


def _likeliest(called: Mapping[str, str], text: str, year: int | None) -> list[str]:
    """The likeliest of the places that a text can mean.

    First choose those whose whole path it was in the year (None: in any year), or all if there are none. Of these, return those that had
    this name in the year (None: today), or else those that existed, or else all.
    """
    if len(called) > 1:
        called = {place: own for place, own in called.items() if text in _paths(place, year)} or called
    wanted = THIS_YEAR if year is None else min(year, THIS_YEAR)
    there = {place: version for place in called if (version := version_in(place, wanted, called[place])) and version.holds(wanted)}
    so_called = [place for place, version in there.items() if called[place] in map(plain, (version.name, *short_names(version.name)))]
    return sorted(so_called or there or called)


def is_place_name(name: str) -> bool:
    """Whether a text is the name of one or several places."""
    return bool(_called(plain(name)))


def places_in(text: str, year: int | None = None) -> list[Region]:
    """The places that the name at the beginning of a text can mean, in order of their codes; empty if there is no name.

    The longest possible name counts; a town or street is recognised after the name of the place it is in.

    Args:
        text: As printed or folded; traditional characters and full-width forms are treated like others.
        year: The year for which places are returned, preferring those that then existed under this name; None: today.
    """
    return _read(plain(text), year)[0]


def _read(text: str, year: int | None) -> tuple[list[Region], int]:
    """The places of `places_in`, and the end of their name."""
    if text[:2] not in _starts():
        return [], 0
    for end in range(min(len(text), LONGEST), 1, -1):
        if called := _called(text[:end]):
            found = [region_of_place(place, year, called[place]) for place in _likeliest(called, text[:end], year)]
            # A town may decide between places of one name: only one 鼓楼区 has a 华侨路街道.
            towns = [town for region in found if (town := _town_behind(text[end:], region, year))]
            return (towns, end + len(plain(towns[0].name))) if towns else (found, end)
    return [], 0


def place_in(text: str, year: int | None = None) -> Region | None:
    """The one place at the beginning of a text, the innermost that can be recognised, as it was in a year (None: today).

    阜新市司法局 is in 阜新市. None if the text begins with no place, or with a name of several.
    """
    found = places_in(text, year)
    return found[0] if len(found) == 1 else None


def places_named(text: str, year: int | None = None) -> Iterator[Region]:
    """The places named anywhere in a text, in order; names of several places are skipped."""
    text = plain(text)
    at = 0
    while at < len(text):
        found, end = _read(text[at : at + LONGEST], year) if text[at : at + 2] in _starts() else ([], 0)
        if len(found) == 1:
            yield found[0]
        at += max(end, 1)


@cache
def _starts() -> frozenset[str]:
    """The first two characters of names, in full, for short, or without what kind of place it is."""
    return frozenset(name[:2] for name in _by_name())


def _town_behind(text: str, region: Region, year: int | None) -> Region | None:
    """The town or street at the beginning of a text, in this county, or in the only county of this city that has one of the name."""
    for name in town_names(text):
        for around in (region.code, *successors(region.code)):
            codes = [code for code in towns_called(name) if code.startswith(around.removesuffix("00").removesuffix("00"))]
            if len(codes) == 1:
                return town_in(codes[0], region.code if region.code[4:] != "00" else codes[0][:6], year)
    return None


def town_names(text: str) -> list[str]:
    """The possible names of towns and streets at the beginning of a text, longest first."""
    return [text[:end] for end in range(min(len(text), 16), 1, -1) if _TOWN.fullmatch(text[:end])]


def find_region(wanted: str) -> Region:
    """The one place that a code or a name means, as it is today or was last.

    A code has six digits, or nine for a town or street, and may be a former one. A name may be a former one, may follow the names of
    superior places, and may omit 省, 市 or 县 at its end; then the largest place counts.

    Raises:
        InvalidRequest: No place has this code or name, or several have the name.
    """
    text = "".join(plain(wanted).split())
    if text.isdecimal() and (region := region_of_code(text)):
        return region
    found = _wanted(text) if 1 < len(text) <= LONGEST else []
    if len(found) == 1:
        return found[0]
    if not found:
        raise InvalidRequest(Problem("region", "no-region", name=wanted))
    named = [f"{'›'.join(region.path)}（{region.code}）" for region in found[:8]]
    raise InvalidRequest(Problem("region", "several-regions", name=wanted, count=len(found), places=named))


def _wanted(text: str) -> list[Region]:
    """The places that a text can mean as a whole."""
    called = dict.fromkeys(_by_name().get(text, ()), text) if _COMMON.fullmatch(text) else _called(text)
    if called:
        found = [region_of_place(place) for place in _likeliest(called, text, None)]
        # 港闸区 of 南通市 existed twice; the later one counts.
        return found if len({region.codes[:-1] for region in found}) > 1 else [max(found, key=lambda region: _last_year(region.code))]
    if any(_TOWN.fullmatch(text[start:]) for start in range(len(text) - 1)):
        if codes := towns_called(text):
            return [region for code in codes if (region := region_of_code(code))]
        if (region := place_in(text)) and text.endswith(plain(region.name)):
            return [region]
    bare = _by_bare_name().get(text, frozenset())
    there = [place for place in bare if (version := version_in(place, None)) and version.until is None]
    largest = min((_depth(place) for place in there or bare), default=0)
    return [region_of_place(place) for place in sorted(there or bare) if _depth(place) == largest]


@cache
def _paths(place: str, year: int | None) -> frozenset[str]:
    """The concatenated names from the province down to a place, in a year or in every year (None); empty if it did not exist."""
    there = ((version, each) for version in versions_of(place) for each in range(version.since, (version.until or THIS_YEAR) + 1))
    wanted = None if year is None else min(max(year, FIRST_YEAR), THIS_YEAR)
    return frozenset(plain("".join(region_of_place(place, each, version.name).path)) for version, each in there if wanted in (None, each))


def _last_year(place: str) -> int:
    return versions_of(place)[-1].until or THIS_YEAR


@cache
def _by_bare_name() -> Mapping[str, frozenset[str]]:
    found: dict[str, set[str]] = defaultdict(set)
    for version in all_versions():
        found[plain(bare_name(version.name))].add(version.place)
    return {name: frozenset(places) for name, places in found.items()}


def _depth(code: str) -> int:
    """1 for a province, 2 for a city, 3 for a county."""
    return 1 if code.endswith("0000") else 2 if code.endswith("00") else 3
