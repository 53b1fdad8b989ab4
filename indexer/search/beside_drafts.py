"""What other reports of an index say beside a draft: whose its sentences are, and which rules were ended."""

from __future__ import annotations

import re

from indexer.analysis.fold import fold
from indexer.drafts import COMMON, Copy, EndedIn
from indexer.engines.boundary import Engine, Plan
from indexer.query.tree import And, Node, Query, Term, joined
from indexer.request import Mode, Sort

_PASSAGES = 60
"""That are looked at for one sentence or rule."""
_AGREE = 3
"""Units that must say that a rule was ended, where the draft's own does not: elsewhere one of the same name may be meant."""


class BesideDrafts:
    """What is known beside a draft of a unit.

    Args:
        engine: The index.
        unit: The id of the draft's unit; None: unknown.
    """

    def __init__(self, engine: Engine, unit: str | None) -> None:
        self._engine, self._unit = engine, unit

    def copy_of(self, sentence: str) -> Copy | None:
        """The report of another unit in which a folded sentence stands.

        None where its own unit has it too, where `COMMON` units have it, and where nobody does.
        """
        found = self._engine.search(_plan(Term(sentence), facets=("unit",)))
        units = {one.value for one in found.facets["unit"]} - {None}
        if not 0 < len(units) < COMMON or self._unit in units:
            return None
        report = next((one.report for one in found.passages if one.report.unit is not None), None)
        return Copy(report.unit.name, report.title) if report is not None and report.unit is not None else None

    def ended_in(self, name: str, year: int) -> EndedIn | None:
        """The reports about years before `year` that say that a rule was ended: one of the own unit, or those of `_AGREE` units."""
        tree = joined(And, [Term(fold(f"《{name}》")), Term(fold("废止"))])
        ending = _endings(name)
        held = [one for one in self._engine.search(_plan(tree, Sort.OLDEST)).passages if ending.search(one.passage.text)]
        before = [one for one in held if one.report.year is not None and one.report.year < year]
        units = {one.report.unit.id for one in before if one.report.unit is not None}
        if not before or (self._unit not in units and len(units) < _AGREE):
            return None
        reports = {one.report.id: one for one in before}
        first = next(iter(reports.values())).report
        return EndedIn(first.year or 0, first.title, len(reports) - 1)


def _plan(tree: Node, sort: Sort = Sort.NEWEST, facets: tuple[str, ...] = ()) -> Plan:
    return Plan(Query(tree, Mode.LITERAL), [], sort, take=_PASSAGES, facets=facets, counts_occurrences=False)


def _endings(name: str) -> re.Pattern[str]:
    """How it is said that a rule was ended: 废止《…》 and 《…》同时废止, also one of several."""
    own = re.escape(f"《{name}》")
    others = "(?:《[^》]*》(?:[（(][^）)]*[）)])?[、，和及]?){0,12}?"
    return re.compile(f"废止[^。；《》]{{0,12}}{others}{own}|{own}[、，和及]?{others}[^。；《》]{{0,12}}废止")
