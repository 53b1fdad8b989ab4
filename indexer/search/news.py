"""What is new in an index: passages of the reports added last, and reports that changed."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator
from dataclasses import replace

from indexer.engines.boundary import Engine, FoundPassage, Plan
from indexer.facets import Condition, comparable
from indexer.fields import FILTERS
from indexer.model import Report
from indexer.request import Sort


def newest_passages(engine: Engine, plan: Plan, most: int) -> list[FoundPassage]:
    """At most `most` matching passages: those of the reports added last first; for equal times, newest years first."""
    found: list[FoundPassage] = []
    for times in _latest(engine.tally(plan, ("added",), passages=True), most):
        page = replace(_of_times(plan, "added", times), skip=0, take=most - len(found))
        found += engine.search(page).passages
    return sorted(found, key=lambda one: one.report.added or "", reverse=True)


def latest_reports(engine: Engine, plan: Plan, most: int) -> list[Report]:
    """At most `most` reports with matching passages, without their passages, last changed first."""
    found: list[Report] = []
    for times in _latest(engine.tally(plan, ("changed",)), most):
        page = replace(_of_times(plan, "changed", times), skip=0, take=most - len(found))
        found += [listed.report for listed in engine.list_reports(page, None)[1]]
    return sorted(found, key=lambda report: report.changed or "", reverse=True)


def changed_reports(engine: Engine, plan: Plan, counts: Callable[[str], bool]) -> Iterator[Report]:
    """The whole reports with matching passages whose last change is at a time that `counts` accepts, ordered by that time."""
    times = sorted(time for (time,) in engine.tally(plan, ("changed",)) if isinstance(time, str) and counts(time))
    for time in times:
        for report in engine.reports(_of_times(plan, "changed", [time])):
            yield engine.report(report.id)


def _latest(counts: dict[tuple[str | int | None, ...], int], most: int) -> Iterator[list[str | None]]:
    """The latest times that together have at most `most`; then alone, the time of which only part is needed. Unknown comes last."""
    whole: list[str | None] = []
    left = most
    for time, count in sorted(((time, count) for (time,), count in counts.items() if not isinstance(time, int)), key=_time, reverse=True):
        if count > left:
            if whole:
                yield whole
            if left:
                yield [time]
            return
        whole.append(time)
        left -= count
    if whole:
        yield whole


def _time(entry: tuple[str | None, int]) -> str:
    return entry[0] or ""


def _of_times(plan: Plan, field: str, times: Collection[str | None]) -> Plan:
    wanted = Condition(field, frozenset(comparable(FILTERS[field], time) for time in times))
    return replace(plan, conditions=[*plan.conditions, wanted], sort=Sort.NEWEST, facets=(), collapse=False, counts_occurrences=False)
