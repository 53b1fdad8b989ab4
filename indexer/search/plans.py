"""What is wanted of an engine for a request that was read."""

from __future__ import annotations

from indexer.engines.boundary import Plan
from indexer.errors import InvalidRequest
from indexer.facets import Condition
from indexer.model import ReportType
from indexer.prepared import PreparedQuery
from indexer.problems import Problem

ANNUAL = Condition("type", frozenset({ReportType.REPORT.value}))
"""Annual reports alone."""


def plan_of(read: PreparedQuery) -> Plan:
    """The plan of a request; one with neither query nor filter stands for everything."""
    return Plan.of(read.request, read.query, read.conditions)


def bounded_plan(read: PreparedQuery) -> Plan:
    """The plan of a request that must have a query or a filter.

    Raises:
        InvalidRequest: It has neither.
    """
    if read.query.tree is None and not read.request.has_filter:
        raise InvalidRequest(Problem("q", "nothing-asked"))
    return plan_of(read)
