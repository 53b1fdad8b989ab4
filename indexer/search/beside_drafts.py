"""What other reports of an index tell about a draft: where its sentences were copied from, and which rules were ended."""

from __future__ import annotations

import re
from collections.abc import Sequence

from indexer.analysis.fold import fold
from indexer.drafts import COMMON, Copy, EndedIn
from indexer.engines.boundary import Engine, Holdings, Plan
from indexer.query.tree import And, Node, Query, Term, joined
from indexer.request import Mode, Sort

_PASSAGES = 60
"""How many passages are examined for one sentence or rule."""
_AGREE = 3
"""How many units must say that a rule was ended, unless the draft's own unit does: elsewhere a rule of the same name may be meant."""


class BesideDrafts:
    """What the index knows that helps to check a unit's draft.

    Args:
        engine: The index.
        unit: The id of the draft's unit; None if unknown.
    """

    def __init__(self, engine: Engine, unit: str | None) -> None:
        self._engine, self._unit = engine, unit

    def copies_of(self, sentences: Sequence[str]) -> dict[str, Copy]:
        """For each folded sentence, the newest report of another unit that contains it.

        Sentences are left out that the draft's own unit has too, that `COMMON` or more units have, and that nobody has.
        """
        different = list(dict.fromkeys(sentences))
        held = self._engine.holding_each(different, 1)
        numbers = [number for number, counts in enumerate(held.counts) if counts.paragraphs]
        return {different[number]: copy for number in numbers if (copy := self._copy(different[number], held, number))}

    def _copy(self, sentence: str, held: Holdings, number: int) -> Copy | None:
        units = held.units(number) - {None}
        if not 0 < len(units) < COMMON or self._unit in units:
            return None
        [newest] = held.newest.texts.passages(held.newest.groups[number])
        # That passage may belong to a report without a unit.
        found = [newest] if newest.report.unit else self._engine.search(_plan(Term(sentence))).passages
        unit, report = next(((one.report.unit, one.report) for one in found if one.report.unit is not None), (None, newest.report))
        return Copy(unit.name, report.title) if unit is not None else None

    def ended_in(self, name: str, year: int) -> EndedIn | None:
        """The reports on years before `year` that say that a rule was ended: one of the draft's unit, or those of `_AGREE` units."""
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


def _plan(tree: Node, sort: Sort = Sort.NEWEST) -> Plan:
    return Plan(Query(tree, Mode.LITERAL), [], sort, take=_PASSAGES, counts_occurrences=False)


def _endings(name: str) -> re.Pattern[str]:
    """Matches a statement that a rule was ended: 废止《…》 or 《…》同时废止, also as one of several rules."""
    own = re.escape(f"《{name}》")
    others = "(?:《[^》]*》(?:[（(][^）)]*[）)])?[、，和及]?){0,12}?"
    return re.compile(f"废止[^。；《》]{{0,12}}{others}{own}|{own}[、，和及]?{others}[^。；《》]{{0,12}}废止")
