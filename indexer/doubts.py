"""Remarks that somebody should look at, in all reports that pass the filters: counted from columns; only the page's reports are read."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from indexer.engines.boundary import Engine, Found, Plan
from indexer.facets import Condition
from indexer.model import Kind
from indexer.prepared import PreparedQuery
from indexer.query import Query
from indexer.remarks import KINDS
from indexer.request import Mode, Sort
from indexer.results import Doubt, DoubtPage, Totals


def doubt_page(engine: Engine, read: PreparedQuery) -> DoubtPage:
    """The page of doubts that a request asks for; its query is ignored."""
    plan, counts, found = _counted(engine, read)
    first, last = plan.skip, plan.skip + plan.take
    listed: list[Doubt] = []
    for code, count in counts.items():
        if first < count and last > 0:
            skip = max(first, 0)
            of_code = replace(_of_code(plan, code), skip=skip, take=min(last, count) - skip, facets=())
            listed += [Doubt(code, one.report) for one in engine.search(of_code).passages]
        first, last = first - count, last - count
    return DoubtPage(read.request, listed, sum(counts.values()), found.total.reports, engine.stats, found.facets)


def each_doubt(engine: Engine, read: PreparedQuery) -> Iterator[Doubt]:
    """Every doubt, of all pages, in the same order."""
    plan, counts, _ = _counted(engine, read)
    return (Doubt(code, one.report) for code in counts for one in engine.each(_of_code(plan, code)))


def _counted(engine: Engine, read: PreparedQuery) -> tuple[Plan, dict[str, int], Found]:
    """The plan that lists the titles of reports in doubt, the number of reports by wanted code that occurs, and the totals."""
    request = read.request
    chosen = request.values("remark")
    codes = [code for code, kind in KINDS.items() if kind.look and (code in chosen or not chosen)]
    # Every report has one title, so counting and listing titles counts and lists reports.
    filters = [one for one in read.conditions if not one.field.of_passages and one.facet != "remark"]
    conditions = [*filters, Condition("kind", frozenset({Kind.TITLE.value})), Condition("remark", frozenset(codes))]
    sort = Sort.NEWEST if request.sort is Sort.RELEVANCE else request.sort
    plan = Plan.of(request, Query(None, Mode.EXACT), conditions)
    plan = replace(plan, sort=sort, facets=tuple(dict.fromkeys(("remark", *request.facets))), collapse=False, same=None)
    # A condition without values passes everything.
    found = engine.search(replace(plan, skip=0, take=0)) if codes else Found(Totals(0, 0, 0, 0), [])
    of_each = {count.value: count.count for count in found.facets.get("remark", [])}
    return plan, {code: of_each[code] for code in codes if code in of_each}, found


def _of_code(plan: Plan, code: str) -> Plan:
    """The plan for the reports that have this code."""
    return replace(plan, conditions=[*(one for one in plan.conditions if one.facet != "remark"), Condition("remark", frozenset({code}))])
