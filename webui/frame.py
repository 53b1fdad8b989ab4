"""What stands around every view of a query: filters at the left, the views, the ways to match, what is chosen, the trend."""

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
"""In the order of use. Units stand for issuers, which are the same under all their spellings; a filter of issuers is a chip."""


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
    """What the numbers beside the filters count: `passages`, `reports`, or nothing where the view shows what does not match."""
    find: str
    """What the names of the listed units hold."""
    held: list[tuple[str, str]]
    """Names and values that a form which changes the filters hands on."""
    modes: tuple[Mode, ...] = tuple(Mode)

    def changed(self, _: SearchRequest, **changes: Any) -> str:
        """The address of the view with its request changed, as lists of values call it."""
        return self.url(**changes)

    def held_without(self, *names: str) -> list[tuple[str, str]]:
        """The same without some names, which the form has fields for."""
        return [(name, value) for name, value in self.held if name not in names]


def frame(read: PreparedQuery, url: Address, counted: Any = None, *, counts: str = "passages") -> Frame:
    """The frame of a view of a request.

    Args:
        read: The request.
        url: The view's address.
        counted: The facets, where the view has counted them already.
        counts: See `Frame.counts`; of `reports` those are counted that the filters let through.

    Raises:
        InvalidRequest: A value of a filter is impossible.
    """
    wanted = replace(read.request, facets=())
    find = (read_one(FIND, request.args) or "").strip()
    if counted is None:
        # Every report has one title.
        of = read if counts == "passages" else current_index().read(wanted.changed(query="", kinds=[Kind.TITLE]))
        counted = current_index().facets(of, FACETS)
    held = [(name, value) for name, value in request.args.items(multi=True) if value and name not in ("page", FIND.name)]
    return Frame(wanted, url, chips(wanted, counted), facet_links(wanted, counted, find), counts, find, held)


MOST_BARS = 30
"""Of the trend above a list of passages; the view by years has all."""


@dataclass(frozen=True, slots=True)
class YearBar:
    """A year of the trend."""

    year: int
    mentioning: int
    held: int
    unfinished: bool
    """Whether reports on it are not due yet, so that it is not to be compared with the others."""

    def height(self, most: int) -> int:
        """How high its bar is where one of all reports is `most`; at least 1 where any report mentions the query."""
        return max(bool(self.mentioning), round(most * self.mentioning / self.held)) if self.held else 0


def bars(shares: Sequence[YearShare], today: Callable[[], date] = date.today) -> list[YearBar]:
    """The known years in order."""
    day = today()
    return [YearBar(one.year, one.mentioning, one.held, not is_due(one.year, day)) for one in shares if one.year is not None]


def annual(wanted: SearchRequest) -> SearchRequest:
    """What is counted by years: where no type is chosen annual reports alone, for a plan that mentions something has not reported it."""
    return wanted if wanted.values("type") else wanted.changed(types=[ReportType.REPORT])


def trend(read: PreparedQuery) -> list[YearBar]:
    """The bars above a list of passages, of the latest years, whatever years are chosen; none for no query or a single year."""
    if not read.query.scored:
        return []
    shares = current_index().years(annual(read.request.changed(years=(), year_from=None, year_to=None, page=1)))
    # Unknown years stand last, in one row.
    found = bars(shares[-MOST_BARS - 1 :])[-MOST_BARS:]
    return found if len(found) > 1 else []
