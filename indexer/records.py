"""Reports and passages as plain values and back: what an engine stores of them, whatever it stores with."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import fields, replace
from typing import Any

import msgspec

from indexer.model import Passage, Report, Section

Record = dict[str, Any]

_OF_REPORT = tuple(field.name for field in fields(Report) if field.name != "passages")
_OF_PASSAGE = tuple(field.name for field in fields(Passage) if field.name != "section")

# msgspec 0.22 works out what it has to know of a class when it first reads one, and a second thread takes that half made: the
# process crashes (segmentation fault in _core). So it is worked out while modules are imported, in one thread.
for _model in (Report, Passage):
    msgspec.json.Decoder(_model)


def report_record(report: Report) -> Record:
    """A report without its passages."""
    return {name: msgspec.to_builtins(getattr(report, name)) for name in _OF_REPORT}


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
    steps = anchor.split(".")
    depth = len(steps) - (steps[-1][0] == "p") if steps[0] not in ("t", "0") else 0
    return [".".join(steps[: end + 1]) for end in range(depth)]


def passage_record(passage: Passage) -> Record:
    """A passage; its sections are named by their anchors."""
    record = {name: msgspec.to_builtins(getattr(passage, name)) for name in _OF_PASSAGE}
    return record | {"section": [section.anchor for section in passage.section]}


def read_passage(record: Mapping[str, Any], sections: Mapping[str, Section]) -> Passage:
    """The passage of a record, in the sections of its report by their anchors."""
    passage = msgspec.convert({**record, "section": ()}, Passage)
    return replace(passage, section=tuple(sections[anchor] for anchor in record["section"]))
