"""What somebody should look at in a draft before it is published. Pure: what an index knows is passed in.

`structure` looks at the draft alone, `years` and `units` at what it says of itself, `stated` at figures and names, `last_year`
at the unit's report on the year before, `other_units` at the reports of others.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from indexer.drafts.kinds import KINDS, Finding, FindingKind, Severity
from indexer.drafts.last_year import carried_over, each_sentence, plans_not_taken_up, same_figures
from indexer.drafts.other_units import COMMON, Copy, sentences_of_others
from indexer.drafts.stated import EndedIn, Slip, figures_that_disagree, instruments_that_ended, instruments_to_look_at
from indexer.drafts.structure import gaps_between_items, headings_there_twice, missing_contents, numbers_out_of_order, unpaired_marks
from indexer.drafts.units import units_named_otherwise
from indexer.drafts.years import year_of, years_left_over
from indexer.model import Report, passage_id
from indexer.units import Unit

__all__ = ["COMMON", "KINDS", "Background", "Copy", "EndedIn", "Finding", "FindingKind", "Severity", "Slip", "check", "year_of"]


def _nothing(*_: object) -> None:
    return None


def _none_of(_: object) -> dict[str, Copy]:
    return {}


@dataclass(frozen=True, slots=True)
class Background:
    """What is known of a draft's unit and of other reports; by default nothing."""

    unit: Unit | None = None
    """The unit whose report it is; None if unknown."""
    year: int | None = None
    """The year it is about; None if unknown."""
    names: Collection[str] = ()
    """Other names of the unit."""
    previous: Report | None = None
    """The unit's report on the year before, with its passages."""
    slip_of: Callable[[str], Slip | None] = _nothing
    """Returns the name that an instrument's name may be a slip of."""
    later_edition_of: Callable[[str, int], Slip | None] = _nothing
    """Returns the later edition of a rule or plan that other reports name and that existed in a year."""
    ended_in: Callable[[str, int], EndedIn | None] = _nothing
    """Returns the reports on years before this one that say that an instrument was ended."""
    copies_of: Callable[[Sequence[str]], Mapping[str, Copy]] = _none_of
    """Returns the reports of other units that contain sentences; see `sentences_of_others`."""

    @classmethod
    def of(cls, report: Report, unit: Unit | None = None, year: int | None = None) -> Background:
        """The background for a draft as far as given, otherwise from what the draft says itself."""
        return cls(unit or report.unit, year or year_of(report))

    def as_json(self, file: str, findings: Collection[Finding]) -> dict[str, Any]:
        """The form in which programs receive the findings on a draft in a file of this name."""
        unit = self.unit.as_json() if self.unit else None
        return {"file": file, "unit": unit, "year": self.year, "findings": [one.as_json() for one in findings]}


def check(report: Report, background: Background | None = None, without: Collection[str] = ()) -> list[Finding]:
    """What somebody should look at in a draft: most serious first, then in text order.

    Args:
        report: The draft with its passages.
        background: What is known besides; None for what the draft says itself.
        without: Codes of `KINDS` to leave out.
    """
    order = {passage_id(report.id, passage.anchor): number for number, passage in enumerate(report.passages)}
    severities = list(Severity)
    found = [one for one in _found(report, background or Background.of(report)) if one.code not in without]
    return sorted(found, key=lambda one: (severities.index(one.severity), order[one.passage], one.start))


def _found(report: Report, background: Background) -> Iterator[Finding]:
    unit, year, previous = background.unit, background.year, background.previous
    yield from missing_contents(report)
    if year is not None:
        yield from years_left_over(report, year)
    if unit is not None:
        yield from units_named_otherwise(report, unit, background.names)
    yield from figures_that_disagree(report)
    yield from instruments_to_look_at(report, year, background.slip_of, background.later_edition_of)
    if year is not None:
        yield from instruments_that_ended(report, year, background.ended_in)
    yield from numbers_out_of_order(report)
    yield from headings_there_twice(report)
    yield from gaps_between_items(report)
    yield from unpaired_marks(report)
    sentences = list(each_sentence(report))
    if previous is not None:
        yield from same_figures(report, previous)
        yield from plans_not_taken_up(report, previous)
        yield from carried_over(report, sentences, previous)
    yield from sentences_of_others(report, sentences, background.copies_of)
