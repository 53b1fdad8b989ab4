"""What can be found in a draft: codes, and one table of their kinds. To add a kind, add it here.

No finding is a verdict: each says why it was made, and what would settle it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from indexer.model import Passage, Report, passage_id
from indexer.texts import N_, gettext
from indexer.texts.names import name_of

Value = str | int
_SHOWN = 24
"""Code points of the draft's text that a finding repeats."""


class Severity(StrEnum):
    """How bad it would be to publish the draft so, most serious first."""

    HIGH = "high"
    MEDIUM = "medium"
    LOW = "low"


@dataclass(frozen=True, slots=True)
class FindingKind:
    """What all findings of a code have in common. The texts are in English, with named parameters like %(year)s."""

    severity: Severity
    text: str
    """What was found."""
    because: str
    """Why it is reported."""
    see: str
    """How to settle it."""


KINDS: Mapping[str, FindingKind] = {
    "content-missing": FindingKind(
        Severity.HIGH,
        N_("required content not found: %(content)s"),
        N_("法治政府建设与责任落实督察工作规定 (2019) asks for it in the report of each year; neither a heading nor a sentence says it"),
        N_("add it, or check whether it is there in other words"),
    ),
    "year-left-over": FindingKind(
        Severity.HIGH,
        N_("“%(printed)s”: the report is about %(year)s"),
        N_("there is another year where the year of the report is expected; perhaps it is left over from another year's file"),
        N_("compare it with the year that the report is about"),
    ),
    "plan-year": FindingKind(
        Severity.HIGH,
        N_("“%(printed)s”: plans for a year that is over, the report is about %(year)s"),
        N_("plans are made for the year after the report's own"),
        N_("compare it with the year that is planned"),
    ),
    "unit-other": FindingKind(
        Severity.HIGH,
        N_("“%(printed)s”: the report is that of %(unit)s"),
        N_("another unit is named where the report's own is expected"),
        N_("check whose report it is, and whether the other unit is meant here"),
    ),
    "unit-slip": FindingKind(
        Severity.HIGH,
        N_("“%(printed)s”: %(name)s differs from it by a character"),
        N_("it is nearly the name of the report's unit or of its place, and no name of a place"),
        N_("compare it with the full name of the unit"),
    ),
    "instrument-slip": FindingKind(
        Severity.HIGH,
        N_("《%(printed)s》: %(count)s reports name 《%(name)s》"),
        N_("the two names differ by a character or two, and hardly any report has the one used here"),
        N_("look the name up in the text of the rule"),
    ),
    "instrument-kind": FindingKind(
        Severity.HIGH,
        N_("《%(printed)s》: “%(wrong)s” where perhaps “%(right)s” is meant"),
        N_("no rule or document has this name"),
        N_("look the name up in the text of the rule"),
    ),
    "figures-disagree": FindingKind(
        Severity.HIGH,
        N_("“%(printed)s”: %(figures)s give %(computed)s"),
        N_("a rate, a sum or a change does not follow from the figures beside it in the sentence"),
        N_("compare the figures with the table that they were taken from"),
    ),
    "year-in-text": FindingKind(
        Severity.MEDIUM,
        N_("“%(printed)s”: the report is about %(year)s"),
        N_("the sentence is only about the previous year and compares nothing with it; perhaps it is left over from last year's report"),
        N_("check in which year it was"),
    ),
    "instrument-differs": FindingKind(
        Severity.MEDIUM,
        N_("《%(printed)s》: elsewhere in the draft it is 《%(name)s》"),
        N_("the two names differ by a character or two"),
        N_("look the name up in the text of the rule"),
    ),
    "instrument-replaced": FindingKind(
        Severity.MEDIUM,
        N_("《%(name)s》: ended by 《%(by)s》 on %(since)s"),
        N_("%(article)s of 《%(by)s》 says so, and the report is about a later time"),
        N_("check whether the rule that is in force is meant"),
    ),
    "instrument-older": FindingKind(
        Severity.MEDIUM,
        N_("《%(name)s》: %(count)s reports name 《%(newer)s》"),
        N_("other reports name a later edition of the same rule or plan, which existed in the year that this report is about"),
        N_("check whether the later edition is meant"),
    ),
    "instrument-ended": FindingKind(
        Severity.MEDIUM,
        N_("《%(name)s》: a report about %(since)s says that it was ended"),
        N_("it is printed like this in “%(title)s”; number of others: %(others)s"),
        N_("check whether it is still in force"),
    ),
    "number-order": FindingKind(
        Severity.MEDIUM,
        N_("“%(printed)s”: number %(expected)s was expected here"),
        N_("the numbers of the headings do not follow one another: one is missing, out of order or there twice"),
        N_("check the headings before and after it"),
    ),
    "heading-twice": FindingKind(
        Severity.MEDIUM,
        N_("“%(printed)s”: this heading is there twice"),
        N_("two headings under the same heading have the same words"),
        N_("check whether a part is there twice"),
    ),
    "items-gap": FindingKind(
        Severity.MEDIUM,
        N_("“%(printed)s”: “%(expected)s” is missing"),
        N_("the items 一是, 二是, 三是 do not follow one another, or there is only the first"),
        N_("check whether an item is missing or misnumbered"),
    ),
    "unpaired": FindingKind(
        Severity.MEDIUM,
        N_("“%(printed)s” has no other half"),
        N_("brackets and quotation marks are written in pairs"),
        N_("add the other half, or remove this one"),
    ),
    "figure-same": FindingKind(
        Severity.MEDIUM,
        N_("“%(printed)s” (%(label)s) is exactly last year's figure"),
        N_("last year's report of the unit gives the same value for the same thing"),
        N_("compare it with this year's figures"),
    ),
    "instrument-over": FindingKind(
        Severity.LOW,
        N_("《%(name)s》: its period ended before %(year)s"),
        N_("the years in its name end before the year that the report is about"),
        N_("check whether another one has followed it"),
    ),
    "promise-not-met": FindingKind(
        Severity.LOW,
        N_("planned last year, and no sentence like it was found: “%(planned)s”"),
        N_("last year's report plans it; expressions are compared, not deeds"),
        N_("say what became of it, or check whether it is there in other words"),
    ),
    "carried-over": FindingKind(
        Severity.LOW,
        N_("%(carried)s of the %(sentences)s sentences of this paragraph are in last year's report"),
        N_("they are identical; the same is true of %(share)s%% of all sentences of the draft"),
        N_("check whether they are still true of this year"),
    ),
    "other-unit-same": FindingKind(
        Severity.LOW,
        N_("%(copied)s of the %(sentences)s sentences of this paragraph are in a report of another unit: %(unit)s"),
        N_("they are identical, and fewer than five units have them; the same is true of %(share)s%% of all sentences of the draft"),
        N_("compare them with “%(title)s”"),
    ),
}
"""The kinds of findings by code."""


@dataclass(frozen=True, slots=True, init=False)
class Finding:
    """Something that somebody should look at before the draft is published.

    Raises:
        ValueError: The code has no kind.
    """

    code: str
    passage: str
    """The passage's id; for the whole draft, that of the title."""
    start: int
    end: int
    """Half-open, in code points of the passage's text."""
    values: tuple[tuple[str, Value], ...]
    """The parameters of its texts, by name."""

    def __init__(self, code: str, passage: str, start: int, end: int, /, **params: Value) -> None:
        if code not in KINDS:
            raise ValueError(f"finding {code!r}: see `indexer.drafts.KINDS`")
        object.__setattr__(self, "code", code)
        object.__setattr__(self, "passage", passage)
        object.__setattr__(self, "start", start)
        object.__setattr__(self, "end", end)
        object.__setattr__(self, "values", tuple(sorted(params.items())))

    @property
    def kind(self) -> FindingKind:
        """The kind of its code."""
        return KINDS[self.code]

    @property
    def severity(self) -> Severity:
        """How bad it would be to publish the draft so."""
        return self.kind.severity

    @property
    def text(self) -> str:
        """What was found, in the current language."""
        return self._filled(self.kind.text)

    @property
    def because(self) -> str:
        """Why it is reported, in the current language."""
        return self._filled(self.kind.because)

    @property
    def see(self) -> str:
        """What would settle it, in the current language."""
        return self._filled(self.kind.see)

    @property
    def advice(self) -> str:
        """Why it is reported and what would settle it, as a sentence in the current language."""
        return gettext("%(because)s；%(see)s。", because=self.because, see=self.see)

    def _filled(self, text: str) -> str:
        values = {name: name_of("content", value) if name == "content" else value for name, value in self.values}
        return gettext(text, **values)

    def as_json(self) -> dict[str, Any]:
        """The form in which programs receive it."""
        return {
            "code": self.code,
            "severity": self.severity.value,
            "passage": self.passage,
            "start": self.start,
            "end": self.end,
            "text": self.text,
            "because": self.because,
            "see": self.see,
        }


def finding_at(code: str, report: Report, passage: Passage, start: int, end: int, **params: Value) -> Finding:
    """A finding on part of a passage; its parameter `printed` repeats that part."""
    printed = passage.text[start:end]
    shown = printed if len(printed) <= _SHOWN else f"{printed[:_SHOWN]}…"
    return Finding(code, passage_id(report.id, passage.anchor), start, end, **{"printed": shown, **params})


def finding_on_all(code: str, report: Report, **params: Value) -> Finding:
    """A finding on the whole draft, placed at the title."""
    title = report.passages[0]
    return Finding(code, passage_id(report.id, title.anchor), 0, len(title.text), **params)
