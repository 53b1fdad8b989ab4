"""What the text of a query names beside what is to be found: a unit, a place, a year, a level. Pure; offered, never applied.

彰武县 2024年 行政复议 is looked for as it stands, all three in one passage; who typed it perhaps wants 行政复议 in the reports of 彰武县
of 2024. Only plain terms are read so: what stands in quotes is text, and a query with operators or brackets says itself what it means.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from indexer.analysis.fold import fold
from indexer.declared import Value
from indexer.errors import InvalidRequest
from indexer.levels import Level
from indexer.places import find_region, names_of, region_of_code
from indexer.units import unit_of

_PIECE = re.compile(r'-?(?:(?:title|issuer)[:：])?"(?:\\.|[^"\\])*"|\S+')
_OPERATOR = re.compile(r"OR|\||｜|AND|NOT|NEAR/\d+|[(（].*|[^(（]*[)）]")
"""A piece that makes a query more than terms that must all occur; brackets that open and close within a term are text."""
_TEXT_ONLY = re.compile(r'[-－"]|(?:year|region|issuer|section|title)[:：]')
"""How a piece begins that is no plain term."""

_YEAR = re.compile(r"((?:19|20)\d\d)年?度?")
_YEAR_WITHIN = re.compile(r"(?:19|20)\d\d年度?(?![底初末前后来以间至到内中和与及、—–-])")
"""Of a term that goes on; 2024年以来 and 2020年至2022年 are no year."""
_DIGITS = str.maketrans("〇○零一二三四五六七八九", "000123456789")
_YEAR_IN_WORDS = re.compile("[一二][〇○零一二三四五六七八九]{3}年")
_ENDS_OF_PLACES = "省市县区旗州盟镇乡道"
_ENDS_OF_NAMES = _ENDS_OF_PLACES + "局委院厅府处会室部署"
_LEVELS = {
    name: level.value
    for level, names in {
        Level.PROVINCE: "省 省级",
        Level.CITY: "市 市级 地级市",
        Level.COUNTY: "县 县级 区县 县区 县市区",
        Level.TOWN: "乡 镇 乡镇 乡镇级",
        Level.STREET: "街道 街道办 街道办事处",
        Level.DEPARTMENT: "部门",
    }.items()
    for name in names.split()
}
ORDER = ("unit", "region", "year", "level")
"""The filters that can be named."""
LONGEST_NAME = 40
"""Code points of what may name a unit or a place."""


@dataclass(frozen=True, slots=True)
class Offer:
    """What a query's text names, and the request that it may stand for."""

    text: str
    """The pieces that name something, as typed, with a space between."""
    values: Mapping[str, Value]
    """The value of each filter that is named: `unit`, `region`, `year`, `level`."""
    rest: str
    """What is left of the query; empty where nothing is."""


class Names:
    """What can be named: what an index holds, no more. What a query does not come near is not looked up."""

    def __init__(
        self,
        years: Collection[int],
        regions: Callable[[], Collection[str]],
        levels: Callable[[], Collection[str]],
        units: Callable[[], Mapping[str, Collection[str]]],
    ) -> None:
        """From the years, and from what gives the rest when it is first wanted.

        Args:
            years: Reported years.
            regions: The codes of the places that have reports, themselves or below them.
            levels: As of `Level`.
            units: The ids of the units that have reports, by each name that they go by, folded.
        """
        self.years = years
        self._sources = regions, levels, units

    @cached_property
    def _regions(self) -> Collection[str]:
        return self._sources[0]()

    @cached_property
    def _levels(self) -> Collection[str]:
        return self._sources[1]()

    @cached_property
    def _units(self) -> Mapping[str, Collection[str]]:
        return self._sources[2]()

    @cached_property
    def _unit_ids(self) -> Collection[str]:
        return frozenset(id for ids in self._units.values() for id in ids)

    @cached_property
    def _regions_by_name(self) -> Mapping[str, list[str]]:
        found: dict[str, list[str]] = {}
        for code in self._regions:
            for name in names_of(code):
                found.setdefault(fold(name), []).append(code)
        return found

    def value_of(self, text: str, *, whole: bool) -> tuple[str, Value] | None:
        """The filter and the value that a folded text names; `whole`: it is all of a term, which may be short and stand for a level."""
        if (match := _YEAR.fullmatch(_in_digits(text))) and (whole or not text.isdecimal()):
            return ("year", int(match[1])) if int(match[1]) in self.years else None
        if whole and text in _LEVELS:
            return ("level", _LEVELS[text]) if _LEVELS[text] in self._levels else None
        if not 2 <= len(text) <= LONGEST_NAME or text.isdecimal():
            return None
        if (region := self._region(text)) is not None:
            return "region", region
        return ("unit", unit) if text[-1] in _ENDS_OF_NAMES and (unit := self._unit(text)) is not None else None

    def _region(self, text: str) -> str | None:
        try:
            code = find_region(text).code
        except InvalidRequest as error:
            if error.problems[0].code != "several-regions":
                return None
            # Of several places that are called so perhaps one alone has reports.
            held = self._regions_by_name.get(text, [])
            return held[0] if len(held) == 1 else None
        # 公安 and 平安 are words before they are counties.
        is_clear = text[-1] in _ENDS_OF_PLACES or code.endswith("00")
        return code if is_clear and code in self._regions else None

    def _unit(self, text: str) -> str | None:
        ids = self._units.get(text, ())
        if not ids and (unit := unit_of(text)) is not None and unit.id in self._unit_ids:
            return unit.id
        return next(iter(ids)) if len(ids) == 1 else None


def _in_digits(text: str) -> str:
    return text.translate(_DIGITS) if _YEAR_IN_WORDS.match(text) else text


def offer(query: str, names: Names, segment: Callable[[str], Iterable[str]]) -> Offer | None:
    """What a query in exact mode names, None where that is nothing.

    Two values of one filter are no offer to choose between: both stay text, unless one place contains the other.

    Args:
        query: As received, and one that can be read.
        names: What can be named.
        segment: Cuts a folded text into words: 朝阳市场 does not begin with 朝阳市.
    """
    pieces = _PIECE.findall(query)
    if any(_OPERATOR.fullmatch(piece) for piece in pieces if not _TEXT_ONLY.match(piece)):
        return None
    read = [(piece, *(([], piece) if _TEXT_ONLY.match(piece) else _named_in(piece, names, segment))) for piece in pieces]
    values: dict[str, Value] = {}
    unclear: set[str] = set()
    for _, found, _ in read:
        for filter, _, value in found:
            one = _inner(filter, values.setdefault(filter, value), value)
            values[filter] = one
            unclear |= {filter} if one is None else set()
    named: set[str] = set()
    texts: list[str] = []
    rest: list[str] = []
    for piece, found, left in read:
        if not found or any(filter in unclear for filter, _, _ in found):
            rest.append(piece)
            continue
        named |= {filter for filter, _, _ in found}
        texts += [text for _, text, _ in found]
        rest += [left] if left else []
    if not named:
        return None
    return Offer(" ".join(texts), {filter: values[filter] for filter in ORDER if filter in named}, " ".join(rest))


def _inner(filter: str, one: Value, other: Value) -> Value:
    """The one value that two of a filter stand for: of two places the inner one. None where they are two."""
    if one == other or filter != "region":
        return one if one == other else None
    for inner, outer in ((str(one), str(other)), (str(other), str(one))):
        if (place := region_of_code(inner)) and outer in place.codes:
            return inner
    return None


Found = tuple[str, str, Value]
"""A filter, the text that names a value of it, and the value."""


def _named_in(term: str, names: Names, segment: Callable[[str], Iterable[str]]) -> tuple[Sequence[Found], str]:
    """What a plain term names from its beginning on, and what is left of it."""
    folded = fold(term)
    if (whole := names.value_of(folded, whole=True)) is not None:
        return [(whole[0], term, whole[1])], ""
    if len(folded) != len(term):
        return [], term
    found: list[Found] = []
    start = 0
    while start < len(folded) and (longest := _begins_with(folded, start, names, segment)) is not None:
        end, (filter, value) = longest
        found.append((filter, term[start:end], value))
        start = end
    left = term[start:].removeprefix("的")
    return (found, left) if len(left) != 1 else ([], term)


def _begins_with(text: str, start: int, names: Names, segment: Callable[[str], Iterable[str]]) -> tuple[int, tuple[str, Value]] | None:
    """The end and the value of the longest name at `start` of a folded text that ends where a word does; None where there is none."""
    if (year := _YEAR_WITHIN.match(text, start)) and (value := names.value_of(year[0], whole=False)):
        return year.end(), value
    ends: set[int] | None = None
    for end in range(min(len(text), start + LONGEST_NAME), start + 1, -1):
        piece = text[start:end]
        if not (piece[-1] in _ENDS_OF_NAMES or (start and piece in _LEVELS)):
            continue
        if (value := names.value_of(piece, whole=bool(start))) is None:
            continue
        if ends is None:
            ends = set(_ends(segment(text[start:]), start))
        if end == len(text) or end in ends:
            return end, value
    return None


def _ends(words: Iterable[str], start: int) -> Iterator[int]:
    """Where each of these words ends, one after another from `start` on."""
    for word in words:
        start += len(word)
        yield start
