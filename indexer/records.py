"""Reports and passages as plain values and back: the form in which every engine stores them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import fields, replace
from typing import Any

import msgspec

from indexer.facts import FigureValue, Naming, Statistic
from indexer.model import Passage, Report, Section

Record = dict[str, Any]

REPORT_KEYS = tuple(field.name for field in fields(Report) if field.name != "passages")
"""The keys of a report's record, in order."""
FACT_KEYS: dict[str, tuple[str, ...]] = {
    name: tuple(field.name for field in fields(kind) if field.name != "passage")
    for name, kind in (("statistics", Statistic), ("instruments", Naming))
}
"""The stored values of each kind of fact. Rows take half as much space as objects: the keys' names are longer than the values."""


class CountedFigure(msgspec.Struct, array_like=True, gc=False):
    """The beginning of a figure's row, with what it counts and its value; the rest of the row is not decoded."""

    label: str
    value: str
    to: str | None
    unit: str
    approximate: str | None
    indicator: str | None

    @property
    def counted(self) -> FigureValue:
        """Its value, with range and unit."""
        return self.value, self.to or "", self.unit


def counted_of(figure: Statistic) -> CountedFigure:
    """The same values of a decoded figure."""
    return CountedFigure(*(getattr(figure, name) for name in CountedFigure.__struct_fields__))


_OF_PASSAGE = tuple(field.name for field in fields(Passage) if field.name not in ("section", *FACT_KEYS))

# msgspec 0.22 prepares what it needs to know of a class when it first decodes one; a second thread may use that half prepared, and
# the process crashes (segmentation fault in _core). So it is prepared here, while modules are imported in one thread.
for _model in (Report, Passage, CountedFigure):
    msgspec.json.Decoder(_model)


def report_record(report: Report) -> Record:
    """A report without its passages."""
    return {name: msgspec.to_builtins(getattr(report, name)) for name in REPORT_KEYS}


def read_report(record: Mapping[str, Any], passages: Sequence[Passage] = ()) -> Report:
    """The report of a record, with these passages."""
    report = msgspec.convert({**record, "passages": ()}, Report)
    return replace(report, passages=tuple(passages)) if passages else report


def whole_record(report: Report) -> Record:
    """A report with its passages."""
    return report_record(report) | {"passages": [passage_record(passage) for passage in report.passages]}


def read_whole(record: Mapping[str, Any]) -> Report:
    """The report of a record made by `whole_record`."""
    bare = read_report(record)
    sections = {section.anchor: section for section in bare.sections}
    return replace(bare, passages=tuple(read_passage(passage, sections) for passage in record["passages"]))


def sections_above(anchor: str) -> list[str]:
    """The anchors of the sections that hold a passage, outermost first, from its own anchor: 1.7.p2 is in 1 and 1.7."""
    if anchor[0] in "t0":
        return []
    head, _, last = anchor.rpartition(".")
    above = [] if last[0] == "p" else [anchor]
    while head:
        above.append(head)
        head = head.rpartition(".")[0]
    return above[::-1]


def passage_record(passage: Passage) -> Record:
    """A passage; its sections are given by their anchors, its facts as rows of values in the order of `FACT_KEYS`."""
    record = {name: msgspec.to_builtins(getattr(passage, name)) for name in _OF_PASSAGE}
    facts = {name: [[getattr(fact, key) for key in keys] for fact in getattr(passage, name)] for name, keys in FACT_KEYS.items()}
    return record | facts | {"section": [section.anchor for section in passage.section]}


def read_passage(record: Mapping[str, Any], sections: Mapping[str, Section]) -> Passage:
    """The passage of a record; `sections` maps anchors to the sections of its report."""
    facts = {name: [dict(zip(keys, row, strict=True)) for row in record[name]] for name, keys in FACT_KEYS.items() if record[name]}
    # `convert` leaves values that are already sections as they are.
    return msgspec.convert({**record, **facts, "section": tuple([sections[anchor] for anchor in record["section"]])}, Passage)
