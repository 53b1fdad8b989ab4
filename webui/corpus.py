"""收录情况: for which years each unit's report is held, due or missing, as a page, as JSON and as a file."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import cached_property, lru_cache
from typing import Any

from flask import Blueprint, Response, current_app, jsonify, render_template, request

from indexer import (
    FILTERS,
    REMARK_KINDS,
    FacetCount,
    Holdings,
    Index,
    Level,
    Region,
    Report,
    SearchRequest,
    State,
    Unit,
    UnitHoldings,
    is_due,
    name_of,
    region_of_code,
)
from indexer import gettext as _
from webui import shapes, tables
from webui.links import Chip, chips, facet_links, page_links, place_names
from webui.live import current_index
from webui.params import EXPECTED, STATE, read_one, read_request, write_args
from webui.replies import index_info
from webui.tables import Column, Inquiry, Table

bp = Blueprint("corpus", __name__)

PAGE, JSON = "/corpus", "/api/v1/corpus"
UNITS_A_PAGE = 50
MOST_CELLS = 1000
"""Cells of a page, which has fewer units where there are many years, so that it loads at once."""
MOST_REPORTS = 200
"""The most reports of one unit that a page names one by one."""
MOST_IN_A_CELL = 3
TAKEN = (*FILTERS, "year_from", "year_to")
"""Arguments of a search that choose units and years."""
OF_UNITS = ("unit", "region", "level")
"""Filters on a unit itself; all others choose the units with a report that passes."""
_LOOK = [code for code, kind in REMARK_KINDS.items() if kind.look]


class HeldCache:
    """The holdings of all units, computed once per generation and day."""

    def __init__(self) -> None:
        self._last: dict[bool, tuple[tuple[str, date], Holdings]] = {}

    def of(self, index: Index, today: date, by_table: bool) -> Holdings:
        """The holdings; with `by_table` reports are expected of every government in the table of places."""
        key = index.stats.generation, today
        if by_table not in self._last or self._last[by_table][0] != key:
            self._last[by_table] = key, index.holdings(today, expected_by_table=by_table)
        return self._last[by_table][1]


@dataclass(frozen=True)
class CorpusView:
    """What is shown of the holdings."""

    wanted: SearchRequest
    """Its filters on years choose the years shown, all others the units: see `OF_UNITS`."""
    by_table: bool
    state: State | None
    """Show only units with a shown year in this state; all if it is None."""
    index: Index
    today: date

    @cached_property
    def _all(self) -> Holdings:
        cache: HeldCache = current_app.extensions["holdings"]
        return cache.of(self.index, self.today, self.by_table)

    @cached_property
    def years(self) -> list[int]:
        """The years shown, newest first."""
        chosen, (first, last) = self.wanted.values("year"), (self.wanted.year_from, self.wanted.year_to)
        return [
            year
            for year in reversed(self._all.years)
            if (not chosen or year in chosen) and (first is None or year >= first) and (last is None or year <= last)
        ]

    @cached_property
    def units(self) -> list[UnitHoldings]:
        """All units shown, over all pages."""
        return self.chosen(self.wanted)

    def chosen(self, wanted: SearchRequest) -> list[UnitHoldings]:
        """The units that pass the filters of a request and have a shown year in `state`."""
        of_units = [condition for condition in self.index.read(wanted).conditions if condition.facet in OF_UNITS]
        units = [
            unit
            for unit in self._all.units
            if all(not condition.values.isdisjoint(_values(unit, condition.facet)) for condition in of_units)
        ]
        of_reports = wanted.changed(**dict.fromkeys(("years", "units", "regions", "levels"), ()), year_from=None, year_to=None)
        if of_reports.filters:
            having = {unit for (unit,) in self.index.tally(of_reports, ("unit",))}
            units = [unit for unit in units if unit.id in having]
        return units if self.state is None else [unit for unit in units if any(unit.states[year] is self.state for year in self.years)]

    @property
    def pages(self) -> int:
        """How many pages there are."""
        return self.wanted.pages_of(len(self.units))

    def others(self, unit: UnitHoldings) -> int:
        """How many reports of a unit have no year, or one without a column because nothing is due or held; 0 if years are chosen."""
        return unit.others if self._shows_others else 0

    @property
    def _shows_others(self) -> bool:
        return not self.wanted.values("year") and self.wanted.year_from is None and self.wanted.year_to is None

    @cached_property
    def by_year(self) -> dict[int, Counter[State]]:
        """For each year shown, how many units have each state."""
        alike = Counter(id(unit.states) for unit in self.units)
        states = {id(unit.states): unit.states for unit in self.units}
        counts = {year: Counter[State]() for year in self.years}
        for key, count in alike.items():
            for year in self.years:
                counts[year][states[key][year]] += count
        return counts

    @cached_property
    def total(self) -> shapes.HoldingsTotal:
        """Sums over all units."""
        shown = {unit.id for unit in self.units}
        doubtful = self.index.tally(self.wanted.changed(remarks=_LOOK), ("unit",)) if not self.wanted.values("remark") else {}
        return {
            "units": len(self.units),
            "reports": sum(unit.count if self._shows_others else sum(unit.in_year(year) for year in self.years) for unit in self.units),
            "held": sum(counts[State.HELD] for counts in self.by_year.values()),
            "missing": sum(counts[State.MISSING] for counts in self.by_year.values()),
            "doubtful": sum(count for (unit,), count in doubtful.items() if unit in shown),
        }

    def names(self, units: Iterable[UnitHoldings]) -> dict[str, str]:
        """The names of these units, by id."""
        return {id: unit.name for id, unit in self.index.named_units([unit.id for unit in units if unit.id is not None]).items()}

    def reports_of(self, units: Sequence[UnitHoldings]) -> dict[str, dict[int | None, list[Report]]]:
        """The reports of these units by year, in the order of `Index.reports`; units with more than `MOST_REPORTS` are left out."""
        few = [unit.id for unit in units if unit.id is not None and 0 < unit.count <= MOST_REPORTS]
        found: dict[str, dict[int | None, list[Report]]] = {id: {} for id in few}
        for report in self.index.reports(SearchRequest.of(units=few)) if few else ():
            if report.unit is not None:
                found[report.unit.id].setdefault(report.year, []).append(report)
        return found

    def args(self, **changes: Any) -> str:
        """The query string of this view with some changes, which may include `expected` and `state`."""
        expected, state = changes.pop("expected", self.by_table), changes.pop("state", self.state)
        defaults = {"per_page": UNITS_A_PAGE}
        written = [write_args(replace(self.wanted, facets=()), defaults=defaults, **changes)]
        written += [f"{EXPECTED.name}=table"] if expected else []
        written += [f"{STATE.name}={state}"] if state else []
        return "&".join(filter(None, written))

    @property
    def whole(self) -> str:
        """The query string of the view's first page."""
        return self.args(page=1, per_page=UNITS_A_PAGE)

    def url(self, **changes: Any) -> str:
        """The address of the page with some changes."""
        args = self.args(**({"page": 1} | changes if changes else {}))
        return f"{PAGE}{'?' if args else ''}{args}"

    def page_url(self, number: int) -> str:
        """The address of a page of this view."""
        return self.url(page=number)

    @property
    def wanted_of_reports(self) -> SearchRequest | None:
        """The request for views of reports; None if it filters passages."""
        if any(FILTERS[name].of_passages for name, _ in self.wanted.filters):
            return None
        return replace(self.wanted, page=1, per_page=20)

    @cached_property
    def said(self) -> dict[str, str]:
        """The arguments `expected` and `state` in words, by name."""
        said = {EXPECTED.name: _("应报单位以行政区划为准")} if self.by_table else {}
        return said | ({STATE.name: _("状态：%(state)s", state=name_of("state", self.state))} if self.state else {})

    @cached_property
    def inquiry(self) -> Inquiry:
        """The inquiry that every row of a file repeats."""
        also = ({EXPECTED.name: "table"} if self.by_table else {}) | ({STATE.name: self.state} if self.state else {})
        return Inquiry.of(self.wanted, f"{PAGE}{'?' if self.whole else ''}{self.whole}", also, [*self.said.values()])


def _view() -> CorpusView:
    """What the request asks to be shown.

    Raises:
        InvalidRequest: An argument is unknown or has an impossible value.
    """
    wanted = read_request(
        request.args, only=[*TAKEN, "page", "per_page"], also=[EXPECTED.name, STATE.name], defaults={"per_page": UNITS_A_PAGE}
    )
    state = read_one(STATE, request.args)
    return CorpusView(wanted, read_one(EXPECTED, request.args) is not None, State(state) if state else None, current_index(), date.today())


def _values(unit: UnitHoldings, name: str) -> tuple[str | None, ...]:
    """A unit's values of one of the filters `OF_UNITS`."""
    match name:
        case "unit":
            return (unit.id,)
        case "level":
            return (unit.level,)
        case _:
            region = region_of(unit.id)
            return region.codes if region else (None,)


@lru_cache(maxsize=1 << 16)
def region_of(unit: str | None) -> Region | None:
    """The place of a unit, None if it is not known."""
    place = Unit(unit, "").place if unit else None
    return region_of_code(place) if place else None


def _facets(view: CorpusView) -> dict[str, list[FacetCount]]:
    """How many units each place and each level has, counted without the filter on places or on levels."""
    places: Counter[str | None] = Counter()
    for unit in view.chosen(view.wanted.changed(regions=())):
        region = region_of(unit.id)
        places.update(region.codes if region else [None])
    levels = Counter(unit.level for unit in view.chosen(view.wanted.changed(levels=())))
    label = FILTERS["region"].label
    in_order = sorted(places.items(), key=lambda entry: (entry[0] is None, entry[0] or ""))
    return {
        "region": [FacetCount(code, count, label(code) if label and code else None) for code, count in in_order],
        "level": [FacetCount(level, levels[level]) for level in (*Level, None) if levels[level]],
    }


@bp.get(PAGE)
def corpus() -> str:
    """The page."""
    view = _view()
    if "per_page" not in request.args and len(view.years) * UNITS_A_PAGE > MOST_CELLS:
        fewer = max(1, MOST_CELLS // len(view.years))
        view = replace(view, wanted=replace(view.wanted, per_page=fewer))
    units = view.wanted.page_of(view.units)
    return render_template(
        "corpus.html",
        q="",
        view=view,
        wanted=view.wanted,
        rows=units,
        names=view.names(units),
        above={unit.id: _above(unit.id) for unit in units},
        held=view.reports_of(units),
        others=any(view.others(unit) for unit in view.units),
        many=MOST_IN_A_CELL,
        chips=[*_chips(view)],
        facets=facet_links(view.wanted, _facets(view)),
        facet_url=lambda wanted, **changes: view.url(**changes),
        is_due={year: is_due(year, view.today) for year in view.years},
        is_doubtful=is_doubtful,
        pages=page_links(view.wanted.page, view.pages),
    )


def _above(unit: str | None) -> str:
    """The places that contain a unit's place, since several units share many a name."""
    region = region_of(unit)
    return " › ".join(place_names(region)[:-1]) if region else ""


def _chips(view: CorpusView) -> Iterator[Chip]:
    """The filters in force, each with the changes for `CorpusView.url` that remove it."""
    yield from chips(view.wanted, {})
    for name, text in view.said.items():
        yield Chip(text, {name: None})


def is_doubtful(report: Report) -> bool:
    """Whether a report has a remark that somebody should look at."""
    return any(remark.look for remark in report.remarks)


@bp.get(JSON)
def as_json() -> Response:
    """A page of units."""
    view = _view()
    units = view.wanted.page_of(view.units)
    names, held = view.names(units), view.reports_of(units)
    reply: shapes.Corpus = {
        "query": view.inquiry.query,
        "date": view.inquiry.day,
        "years": [
            {"year": year, "due": is_due(year, view.today), "held": counts[State.HELD], "missing": counts[State.MISSING]}
            for year, counts in view.by_year.items()
        ],
        "total": view.total,
        "page": view.wanted.page,
        "per_page": view.wanted.per_page,
        "pages": view.pages,
        "index": index_info(view.index.stats),
        "units": [_with_reports(_shape(view, names, unit), held.get(str(unit.id))) for unit in units],
        "links": _links(view),
    }
    return jsonify(reply)


def _shape(view: CorpusView, names: Mapping[str, str], unit: UnitHoldings) -> shapes.UnitHoldings:
    region = region_of(unit.id)
    return {
        "unit": {"id": unit.id, "name": names.get(unit.id, unit.id)} if unit.id is not None else None,
        "level": unit.level,
        "region": region.code if region else None,
        "years": [{"year": year, "state": unit.states[year], "count": unit.in_year(year)} for year in view.years],
        "others": view.others(unit),
    }


def _with_reports(shape: shapes.UnitHoldings, reports: Mapping[int | None, list[Report]] | None) -> shapes.UnitHoldings:
    for year in shape["years"]:
        known = [] if not year["count"] else None if reports is None else reports.get(year["year"], [])
        year["reports"] = None if known is None else [{"id": report.id, "title": report.title} for report in known]
    return shape


def _links(view: CorpusView) -> shapes.ListLinks:
    def url(page: int) -> str:
        args = view.args(page=page)
        return f"{JSON}{'?' if args else ''}{args}"

    def file(form: str) -> str:
        args = view.whole
        return f"{JSON}.{form}{'?' if args else ''}{args}"

    page = view.wanted.page
    return {
        "self": url(page),
        "next": url(page + 1) if page < view.pages else None,
        "prev": url(min(page - 1, view.pages)) if page > 1 and view.pages else None,
        "csv": file("csv"),
        "xlsx": file("xlsx"),
        "ndjson": file("ndjson"),
    }


@bp.get(f"{JSON}.{tables.FORM}")
def as_table(form: str) -> Response:
    """Every unit."""
    view = _view()
    names = view.names(view.units)

    def in_year(year: int) -> Column[UnitHoldings]:
        return Column(str(year), lambda unit: name_of("state", unit.states[year]))

    def place(unit: UnitHoldings) -> str | None:
        region = region_of(unit.id)
        return "".join(region.path) if region else None

    columns: list[Column[UnitHoldings]] = [
        Column(name_of("field", "unit"), lambda unit: names.get(unit.id, unit.id) if unit.id is not None else name_of("unit", None)),
        Column(_("单位编号"), lambda unit: unit.id),
        Column(name_of("field", "region"), place),
        Column(name_of("field", "level"), lambda unit: name_of("level", unit.level) if unit.level else None),
        *(in_year(year) for year in view.years),
        Column(_("其他年度"), view.others),
    ]
    table = Table(_("收录情况"), "corpus", view.units, columns, lambda unit: _shape(view, names, unit), view.inquiry)
    return tables.reply(table, form)
