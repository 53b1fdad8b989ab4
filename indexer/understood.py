"""Finds the unit, place, year and level that a query's text names besides what to search for. Pure; offered, never applied.

彰武县 2024年 行政复议 is searched for as typed, all three in one passage; the user may have meant 行政复议 in the reports of 彰武县
of 2024. Only plain terms are examined: quoted text is text, and a query with operators or brackets already says what it means.
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
"""A piece that makes a query more than terms that must all occur; brackets opened and closed within a term are text."""
_TEXT_ONLY = re.compile(r'[-－"]|(?:year|region|issuer|section|title)[:：]')
"""Matches the beginning of a piece that is not a plain term."""

_YEAR = re.compile(r"((?:19|20)\d\d)年?度?")
_YEAR_WITHIN = re.compile(r"(?:19|20)\d\d年度?(?![底初末前后来以间至到内中和与及、—–-])")
"""A year at the beginning of a longer term; not in 2024年以来 or 2020年至2022年."""
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
"""The filters that a query can name."""
LONGEST_NAME = 40
"""Longest name of a unit or a place that is looked up, in code points."""


@dataclass(frozen=True, slots=True)
class Offer:
    """The filters that a query's text names, and what is left of the query."""

    text: str
    """The pieces that name something, as typed, joined by spaces."""
    values: Mapping[str, Value]
    """The value for each filter that is named: `unit`, `region`, `year`, `level`."""
    rest: str
    """What is left of the query; empty if nothing is left."""


class Names:
    """What a query can name: only what the index holds. Names are loaded when a query first comes near them."""

    def __init__(
        self,
        years: Collection[int],
        regions: Callable[[], Collection[str]],
        levels: Callable[[], Collection[str]],
        units: Callable[[], Mapping[str, Collection[str]]],
    ) -> None:
        """Take the years, and functions that load the rest on first use.

        Args:
            years: The reported years.
            regions: The codes of the places that have reports, of their own or of places in them.
            levels: Values of `Level`.
            units: The ids of the units that have reports, by each of their folded names.
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
        """The filter and value that a folded text names. `whole`: the text is a whole term, so it may be short and name a level."""
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
            # Of several places of this name, perhaps only one has reports.
            held = self._regions_by_name.get(text, [])
            return held[0] if len(held) == 1 else None
        # 公安 and 平安 are ordinary words as well as counties.
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
    """What a query in exact mode names; None if it names nothing.

    Two values for one filter make it unclear: both stay text, unless one place contains the other.

    Args:
        query: The query as received; it must be valid.
        names: What can be named.
        segment: Segments a folded text into words: 朝阳市场 does not begin with 朝阳市.
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
    """The value that combines two values of a filter: the inner one of two places. None if they contradict each other."""
    if one == other or filter != "region":
        return one if one == other else None
    for inner, outer in ((str(one), str(other)), (str(other), str(one))):
        if (place := region_of_code(inner)) and outer in place.codes:
            return inner
    return None


Found = tuple[str, str, Value]
"""A filter, the text that names a value of it, and the value."""


def _named_in(term: str, names: Names, segment: Callable[[str], Iterable[str]]) -> tuple[Sequence[Found], str]:
    """What a plain term names from its beginning on, and the rest of the term."""
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
    """The end and the value of the longest name at `start` of a folded text that ends at a word boundary; None if there is none."""
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
    """The end of each of these consecutive words, the first of which begins at `start`."""
    for word in words:
        start += len(word)
        yield start
