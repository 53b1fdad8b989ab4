"""The engine plan for a parsed request."""

from __future__ import annotations

from indexer.engines.boundary import Plan
from indexer.errors import InvalidRequest
from indexer.facets import Condition
from indexer.model import ReportType
from indexer.prepared import PreparedQuery
from indexer.problems import Problem

ANNUAL = Condition("type", frozenset({ReportType.REPORT.value}))
"""Only annual reports."""


def plan_of(read: PreparedQuery) -> Plan:
    """The plan of a request; without query and filter it matches everything."""
    return Plan.of(read.request, read.query, read.conditions)


def bounded_plan(read: PreparedQuery) -> Plan:
    """The plan of a request that must have a query or a filter.

    Raises:
        InvalidRequest: It has neither.
    """
    if read.query.tree is None and not read.request.has_filter:
        raise InvalidRequest(Problem("q", "nothing-asked"))
    return plan_of(read)
