"""The frame around every view of a query: the filters on the left, the views, the modes, the chosen filters, the trend."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any, Protocol

from flask import request

from indexer import FILTERS, MAX_QUERY_LENGTH, Kind, Mode, PreparedQuery, ReportType, SearchRequest, YearShare, is_due
from webui.links import Chip, FacetList, chips, facet_links
from webui.live import current_index
from webui.params import Param, Shape, read_one

FIND = Param("find", "find", Shape.TEXT, "What the names of the units listed among the filters hold.", most=MAX_QUERY_LENGTH)
_FIRST = ("section", "region", "level", "year", "unit")
FACETS = (*_FIRST, *(name for name, field in FILTERS.items() if not field.aside and name not in (*_FIRST, "issuer")))
"""The facets in the order shown. Units stand in for issuers, whose spellings vary; a filter on issuers shows as a chip only."""


class Address(Protocol):
    """Gives the address of a view with its request changed."""

    def __call__(self, **changes: Any) -> str:
        """The address; changes as in `SearchRequest.changed`."""


@dataclass(frozen=True, slots=True)
class Frame:
    """The frame of one view."""

    wanted: SearchRequest
    url: Address
    chips: list[Chip]
    facets: list[FacetList]
    counts: str
    """What the numbers beside the filters count: `passages`, `reports`, or empty if the view shows what does not match."""
    find: str
    """The text that the names of the listed units contain."""
    held: list[tuple[str, str]]
    """The arguments that a form which changes the filters sends along, as names and values."""
    modes: tuple[Mode, ...] = tuple(Mode)

    def changed(self, _: SearchRequest, **changes: Any) -> str:
        """The same as `url`, with the signature by which lists of values call it."""
        return self.url(**changes)

    def held_without(self, *names: str) -> list[tuple[str, str]]:
        """The same as `held` without some names, which the form has fields for."""
        return [(name, value) for name, value in self.held if name not in names]


def frame(read: PreparedQuery, url: Address, counted: Any = None, *, counts: str = "passages") -> Frame:
    """The frame of a view of a request.

    Args:
        read: The request.
        url: The view's address.
        counted: The facets, if the view has counted them already.
        counts: See `Frame.counts`; `reports` counts the reports that pass the filters.

    Raises:
        InvalidRequest: A value of a filter is impossible.
    """
    wanted = replace(read.request, facets=())
    find = (read_one(FIND, request.args) or "").strip()
    if counted is None:
        # Every report has exactly one title, so its titles count the reports.
        of = read if counts == "passages" else current_index().read(wanted.changed(query="", kinds=[Kind.TITLE]))
        counted = current_index().facets(of, FACETS)
    held = [(name, value) for name, value in request.args.items(multi=True) if value and name not in ("page", FIND.name)]
    return Frame(wanted, url, chips(wanted, counted), facet_links(wanted, counted, find), counts, find, held)


MOST_BARS = 30
"""Bars of the trend above a list of passages; the view by years has all."""


@dataclass(frozen=True, slots=True)
class YearBar:
    """A year of the trend."""

    year: int
    mentioning: int
    held: int
    unfinished: bool
    """Whether reports on this year are not due yet, so that it cannot be compared with the others."""

    def height(self, most: int) -> int:
        """The height of the bar, `most` if all reports mention the query; at least 1 if any does, 0 if none is held."""
        return max(bool(self.mentioning), round(most * self.mentioning / self.held)) if self.held else 0


def bars(shares: Sequence[YearShare], today: Callable[[], date] = date.today) -> list[YearBar]:
    """A bar for each known year, in the order of `shares`."""
    day = today()
    return [YearBar(one.year, one.mentioning, one.held, not is_due(one.year, day)) for one in shares if one.year is not None]


def annual(wanted: SearchRequest) -> SearchRequest:
    """The request for counts by year: only annual reports unless a type is chosen; a plan that mentions something has not reported it."""
    return wanted if wanted.values("type") else wanted.changed(types=[ReportType.REPORT])


def trend(read: PreparedQuery) -> list[YearBar]:
    """The bars above a list of passages: the latest years, whichever are chosen; none without a query, or for a single year."""
    if not read.query.scored:
        return []
    shares = current_index().years(annual(read.request.changed(years=(), year_from=None, year_to=None, page=1)))
    # Reports of unknown years are counted in one row, the last.
    found = bars(shares[-MOST_BARS - 1 :])[-MOST_BARS:]
    return found if len(found) > 1 else []
