"""Reports and passages as plain values and back: what an engine stores of them, whatever it stores with."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import fields, replace
from typing import Any

import msgspec

from indexer.facts import Naming, Statistic
from indexer.model import Passage, Report, Section

Record = dict[str, Any]

REPORT_KEYS = tuple(field.name for field in fields(Report) if field.name != "passages")
"""What every record of a report has, in order."""
FACT_KEYS: dict[str, tuple[str, ...]] = {
    name: tuple(field.name for field in fields(kind) if field.name != "passage")
    for name, kind in (("statistics", Statistic), ("instruments", Naming))
}
"""What is stored of each kind of facts. Rows take half as much as objects: the names of the keys are longer than the values."""


class CountedFigure(msgspec.Struct, array_like=True, gc=False):
    """The beginning of a figure's row, in which what it counts and its value stand; of the rest nothing is made."""

    label: str
    value: str
    to: str | None
    unit: str
    approximate: str | None
    indicator: str | None


def counted_of(figure: Statistic) -> CountedFigure:
    """The same of a figure that was read."""
    return CountedFigure(*(getattr(figure, name) for name in CountedFigure.__struct_fields__))


_OF_PASSAGE = tuple(field.name for field in fields(Passage) if field.name not in ("section", *FACT_KEYS))

# msgspec 0.22 works out what it has to know of a class when it first reads one, and a second thread takes that half made: the
# process crashes (segmentation fault in _core). So it is worked out while modules are imported, in one thread.
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
    """The report of a record that `whole_record` made."""
    bare = read_report(record)
    sections = {section.anchor: section for section in bare.sections}
    return replace(bare, passages=tuple(read_passage(passage, sections) for passage in record["passages"]))


def sections_above(anchor: str) -> list[str]:
    """The anchors of the sections that a passage stands in, outermost first, from its own anchor: 1.7.p2 stands in 1 and 1.7."""
    if anchor[0] in "t0":
        return []
    head, _, last = anchor.rpartition(".")
    above = [] if last[0] == "p" else [anchor]
    while head:
        above.append(head)
        head = head.rpartition(".")[0]
    return above[::-1]


def passage_record(passage: Passage) -> Record:
    """A passage; its sections are named by their anchors, its facts are rows of values in the order of `FACT_KEYS`."""
    record = {name: msgspec.to_builtins(getattr(passage, name)) for name in _OF_PASSAGE}
    facts = {name: [[getattr(fact, key) for key in keys] for fact in getattr(passage, name)] for name, keys in FACT_KEYS.items()}
    return record | facts | {"section": [section.anchor for section in passage.section]}


def read_passage(record: Mapping[str, Any], sections: Mapping[str, Section]) -> Passage:
    """The passage of a record, in the sections of its report by their anchors."""
    facts = {name: [dict(zip(keys, row, strict=True)) for row in record[name]] for name, keys in FACT_KEYS.items() if record[name]}
    # What is a section already stays as it is.
    return msgspec.convert({**record, **facts, "section": tuple([sections[anchor] for anchor in record["section"]])}, Passage)
