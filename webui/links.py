"""The links of a page of results: chips that remove a filter, facets that add or remove one, page numbers."""

from __future__ import annotations

import re
from collections.abc import Container, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from urllib.parse import quote

from indexer import (
    FILTERS,
    FacetCount,
    Field,
    InvalidRequest,
    Novelty,
    Region,
    Report,
    SearchRequest,
    Understood,
    Unit,
    fold,
    latin_name,
    name_of,
    texts,
)
from indexer import gettext as _
from webui.params import UNKNOWN

Value = str | int | None
SHOWN, MORE = 12, 25
"""Values of a facet shown at once (chosen ones always), and those a click away; to see others the reader narrows the search."""

LONGEST_LINK = 2_000
"""Characters of an address that repeats a text of the reader's."""


@dataclass(frozen=True, slots=True)
class FacetLink:
    """A value of a facet, and the change of the request that adds or removes it."""

    text: str
    count: int
    chosen: bool
    changes: dict[str, object]
    depth: int = 0
    """How many values it lies below: 1 for a city listed under its province."""


@dataclass(frozen=True, slots=True)
class FacetList:
    """A facet with its values, in the order they are shown."""

    name: str
    label: str
    shown: list[FacetLink]
    more: list[FacetLink]
    left: int
    """How many values are in neither list."""


@dataclass(frozen=True, slots=True)
class Chip:
    """A filter in force, and the change of the request that removes it."""

    text: str
    changes: dict[str, object]


def label(facet: str, count: FacetCount) -> str:
    """The name of a facet's value."""
    if facet == "region" and count.label:
        return place_name(str(count.value), count.label)
    if facet == "unit" and count.label:
        return unit_name(str(count.value), count.label)
    return count.label or name_of(facet, count.value)


def place_name(code: str, name: str) -> str:
    """A place in the language of the page: 阜新市, in English Fuxin 阜新市; `name` is its Chinese name in the year it is shown for."""
    return _behind_latin(code, name, name)


def unit_name(unit: str, name: str) -> str:
    """A unit in the language of the page: 彰武县人民政府, in English Zhangwu County 彰武县人民政府."""
    return _behind_latin(Unit(unit, name).place, None, name)


def whose(report: Report) -> str:
    """The name that a report is listed under: its issuer, in English after the Latin name of the place; without an issuer its title."""
    if report.issuer is None or report.region is None:
        return report.issuer or report.title
    return _behind_latin(report.region.code, report.region.name, report.issuer)


def _behind_latin(code: str | None, place: str | None, text: str) -> str:
    latin = latin_name(code, place) if code and texts.spoken() == texts.ENGLISH else None
    return f"{latin} {text}" if latin else text


def place_path(region: Region) -> str:
    """A place with those above it: 辽宁省 › 阜新市 › 彰武县."""
    return " › ".join(place_names(region))


def place_names(region: Region) -> list[str]:
    """The names of a place and of those above it, the place itself last."""
    return list(map(place_name, region.codes, region.path))


def facet_links(wanted: SearchRequest, facets: dict[str, list[FacetCount]], find: str = "") -> list[FacetList]:
    """Each facet with its values: years newest first, places as a tree, the others by count; unknown last.

    With `find`, only the units whose name contains it are listed, and those that are chosen.
    """
    find = fold(find)
    found = []
    for facet, counts in facets.items():
        field = FILTERS[facet]
        values = _meant(field, wanted.values(facet))
        is_sought = facet == "unit" and bool(find)
        if is_sought:
            counts = [count for count in counts if find in fold(label(facet, count)) or count.value in values]
        one = _facet_list(field, counts, values)
        if is_sought or values or field.ranged or (field.of_passages and not field.sparse) or len(one.shown) + len(one.more) > 1:
            found.append(one)
    return found


def _facet_list(field: Field, counts: list[FacetCount], values: Sequence[Value]) -> FacetList:
    """A facet with its values; `values` are the chosen ones."""
    if field.sparse:
        counts = [count for count in counts if count.value is not None]
    if field.of_numbers:
        counts = sorted(counts, key=lambda count: -int(count.value) if count.value is not None else 0)
    tree = places_in_view(counts, values) if field.nested else [(count, 0) for count in counts]
    # Where nothing is chosen the order stays as it is, so that links are made only for the values listed, not for the hundreds after.
    listed = tree if values or field.nested or field.of_numbers else tree[: SHOWN + MORE]
    keyed = [(value, _comparable(field, value)) for value in values]
    links = _chosen_first([_link(keyed, field, count, depth) for count, depth in (*_uncounted(field, counts, values), *listed)])
    most = SHOWN + sum(link.chosen for link in links)
    shown: list[FacetLink] = []
    rest: list[FacetLink] = []
    for at, link in enumerate(links):
        (shown if field.of_numbers or at < most or link.depth else rest).append(link)
    left = len(tree) - len(listed) + max(0, len(rest) - MORE)
    return FacetList(field.name, name_of("field", field.name), shown, rest[:MORE], left)


def _meant(field: Field, values: Iterable[str | int | None]) -> list[str | int | None]:
    """The wanted values as codes: a place may be given by a present or a former name."""
    found: list[str | int | None] = []
    for value in values:
        try:
            found.append(field.value_of(value) if isinstance(value, str) and field.label else value)
        except (InvalidRequest, ValueError):
            found.append(value)
    return found


def _uncounted(field: Field, counts: list[FacetCount], values: Sequence[Value]) -> list[tuple[FacetCount, int]]:
    """The chosen values that are not among the counts, because nothing has them; each with a count of 0."""
    known = {_comparable(field, count.value) for count in counts}
    missing = {_comparable(field, value): value for value in values}
    found = (value for key, value in missing.items() if key not in known)
    return [(FacetCount(value, 0, field.label(value) if field.label and isinstance(value, str) else None), 0) for value in found]


def _comparable(field: Field, value: Value) -> Value:
    """A key that is equal for all spellings of a value that may be any text."""
    return value if field.closed or not isinstance(value, str) else fold(value)


def _chosen_first(links: list[FacetLink]) -> list[FacetLink]:
    """The links with the chosen ones first, each followed by those below it."""
    first: list[FacetLink] = []
    rest: list[FacetLink] = []
    above: int | None = None
    for link in links:
        if above is not None and link.depth > above and not link.chosen:
            first.append(replace(link, depth=link.depth - above))
            continue
        above = link.depth if link.chosen else None
        (first if link.chosen else rest).append(replace(link, depth=0) if link.chosen else link)
    return first + rest


def places_in_view(counts: list[FacetCount], chosen: Sequence[str | int | None]) -> list[tuple[FacetCount, int]]:
    """The provinces, and below each chosen place, or one alone on its level, the places directly below it; with depths, unknown last."""
    known = {str(count.value): count for count in counts if count.value is not None}
    below: dict[str | None, list[str]] = {}
    for code in known:
        below.setdefault(_container(code, known), []).append(code)
    names = {code for code, count in known.items() if code in chosen or count.label in chosen}

    def walk(above: str | None, depth: int) -> Iterator[tuple[FacetCount, int]]:
        places = below.get(above, [])
        for code in places:
            yield known[code], depth
            if len(places) == 1 or any(contains(code, name) for name in names):
                yield from walk(code, depth + 1)

    return [*walk(None, 0), *((count, 0) for count in counts if count.value is None)]


def contains(code: str, other: str) -> bool:
    """Whether one place of GB/T 2260 is or contains another: 210000 contains 210921, and that the town 210921100."""
    return other.startswith(re.sub("(00){0,2}$", "", code) if len(code) == 6 else code)


def _container(code: str, known: Container[str]) -> str | None:
    return next((above for above in (code[:6], f"{code[:4]}00", f"{code[:2]}0000") if above != code and above in known), None)


def _link(chosen_values: Sequence[tuple[Value, Value]], field: Field, count: FacetCount, depth: int) -> FacetLink:
    """The link of one value; each of `chosen_values` comes with its key (see `_comparable`)."""
    own = _comparable(field, count.value)
    same = {value for value, key in chosen_values if key == own or value == count.label}
    chosen = bool(same)
    rest = tuple(value for value, _ in chosen_values if value not in same)
    if field.nested and count.value is not None:
        # A province and its city are never both chosen: one would include the other.
        code = str(count.value)
        rest = tuple(value for value in rest if value is None or not (contains(str(value), code) or contains(code, str(value))))
    return FacetLink(label(field.name, count), count.count, chosen, {field.plural: rest if chosen else (*rest, count.value)}, depth)


def cleared(facet: str) -> dict[str, object]:
    """The change of a request that removes a filter."""
    field = FILTERS[facet]
    return {field.plural: (), **({f"{facet}_from": None, f"{facet}_to": None} if field.ranged else {})}


def chips(wanted: SearchRequest, facets: dict[str, list[FacetCount]]) -> list[Chip]:
    """The filters in force."""
    found = []
    for facet, values in wanted.filters:
        names = {count.value: label(facet, count) for count in facets.get(facet, [])}
        for value in values:
            (meant,) = _meant(FILTERS[facet], [value])
            text = names.get(meant) or _named(facet, meant)
            rest = tuple(one for one in values if one != value)
            found.append(Chip(_("%(name)s：%(value)s", name=name_of("field", facet), value=text), {FILTERS[facet].plural: rest}))
    if wanted.same is not None:
        found.append(Chip(_("相同的段落"), {"same": None, "collapse": True}))
    if wanted.sentence is not None:
        found.append(Chip(_("同一句的各处"), {"sentence": None}))
    if wanted.novelty is Novelty.OWN:
        found.append(Chip(_("只看本单位表述"), {"novelty": Novelty.ALL}))
    if wanted.year_from is not None or wanted.year_to is not None:
        found.append(Chip(_range(wanted.year_from, wanted.year_to), {"year_from": None, "year_to": None}))
    return found


def named_filters(wanted: SearchRequest) -> list[tuple[str, str, str]]:
    """Parameter, value and name of each value that filters, except the range of years, for which forms have fields."""
    rest = wanted.changed(year_from=None, year_to=None)
    values = [(name, UNKNOWN if value is None else str(value)) for name, some in rest.filters for value in some]
    # In the order of the chips.
    values += [(name, value) for name, value in (("same", rest.same), ("sentence", rest.sentence)) if value is not None]
    values += [("novelty", rest.novelty.value)] if rest.novelty is not Novelty.ALL else []
    return [(name, value, chip.text) for (name, value), chip in zip(values, chips(rest, {}), strict=True)]


def _named(facet: str, value: str | int | None) -> str:
    """The name of a value that no facet counted."""
    code = FILTERS[facet].label
    name = code(value) if code and isinstance(value, str) else None
    return label(facet, FacetCount(value, 0, name))


def _range(first: int | None, last: int | None) -> str:
    if first is None or last is None:
        return _("%(year)s 年起", year=str(first)) if last is None else _("%(year)s 年止", year=last)
    return _("%(first)s–%(last)s 年", first=first, last=last)


def named(one: Understood) -> tuple[str, ...]:
    """The units, places and other values that a query names, each with its field: 单位 彰武县司法局."""
    return tuple(
        _("%(field)s %(value)s", field=name_of("field", field), value=one.labels.get(field) or name_of(field, value))
        for field, value in one.values.items()
    )


def passage_url(report: str, anchor: str, args: str = "") -> str:
    """The address of a passage in its report; `args` are the arguments that mark a query there."""
    return f"/reports/{quote(report)}{args and '?'}{args}#{anchor}"


def short_enough(whole: str, without: str) -> str:
    """The address that repeats a text of the reader's, or the one without the text if it is longer than `LONGEST_LINK`."""
    return whole if len(whole) <= LONGEST_LINK else without


def span(years: Iterable[int | None]) -> range:
    """All years from the first known one to the last; empty if none is known."""
    known = [year for year in years if year is not None]
    return range(min(known), max(known) + 1) if known else range(0)


def page_links(number: int, pages: int) -> list[int | None]:
    """The page numbers to show: first, last, and those around this one; None where some are left out. Empty for a single page."""
    shown = sorted({1, pages, *range(max(1, number - 2), min(pages, number + 2) + 1)})
    links: list[int | None] = []
    for page in shown:
        if links and links[-1] is not None and page > links[-1] + 1:
            links.append(None)
        links.append(page)
    return links if pages > 1 else []
