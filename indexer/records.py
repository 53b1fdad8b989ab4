"""Reports and passages as plain values and back: what an engine stores of them, whatever it stores with."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from indexer.model import Kind, LeftOut, Level, Passage, Report, ReportType, Section
from indexer.outline import Item
from indexer.regions import Region
from indexer.remarks import Remark

Record = dict[str, Any]

_PLAIN = ("id", "title", "year", "period", "published", "issuer", "source", "editor", "doc_number", "path", "encoding", "format", "stale")


def report_record(report: Report) -> Record:
    """A report without its passages."""
    record: Record = {name: getattr(report, name) for name in _PLAIN}
    record["type"] = report.type.value
    record["level"] = report.level.value if report.level else None
    record["remarks"] = [[remark.code, remark.params] for remark in report.remarks]
    record["corrected"] = list(report.corrected)
    record["left_out"] = [[piece.text, piece.reason] for piece in report.left_out]
    record["region"] = [report.region.code, report.region.name, report.region.path, report.region.codes] if report.region else None
    record["sections"] = [[s.level, s.number, s.heading, s.text, s.anchor, s.part] for s in report.sections]
    return record


def read_report(record: Mapping[str, Any], passages: Sequence[Passage] = ()) -> Report:
    """The report of a record, with the passages given."""
    region = record["region"]
    return Report(
        **{name: record[name] for name in _PLAIN},
        passages=tuple(passages),
        sections=_sections(record),
        type=ReportType(record["type"]),
        level=Level(record["level"]) if record["level"] else None,
        remarks=tuple(Remark(code, **params) for code, params in record["remarks"]),
        corrected=tuple(record["corrected"]),
        left_out=tuple(LeftOut(*values) for values in record["left_out"]),
        region=Region(region[0], region[1], tuple(region[2]), tuple(region[3])) if region else None,
    )


def whole_record(report: Report) -> Record:
    """A report with its passages."""
    return report_record(report) | {"passages": [passage_record(passage) for passage in report.passages]}


def read_whole(record: Mapping[str, Any]) -> Report:
    """The report of a record that `whole_record` made."""
    sections = {section.anchor: section for section in _sections(record)}
    return read_report(record, [read_passage(passage, sections) for passage in record["passages"]])


def sections_above(anchor: str) -> list[str]:
    """The anchors of the sections that a passage stands in, outermost first, from its own anchor: 1.7.p2 stands in 1 and 1.7."""
    steps = anchor.split(".")
    depth = len(steps) - (steps[-1][0] == "p") if steps[0] not in ("t", "0") else 0
    return [".".join(steps[: end + 1]) for end in range(depth)]


def _sections(record: Mapping[str, Any]) -> tuple[Section, ...]:
    return tuple(Section(*values) for values in record["sections"])


def passage_record(passage: Passage) -> Record:
    """A passage; its sections are named by their anchors."""
    return {
        "kind": passage.kind.value,
        "anchor": passage.anchor,
        "text": passage.text,
        "section": [section.anchor for section in passage.section],
        "items": [tuple(item) for item in passage.items],
    }


def read_passage(record: Mapping[str, Any], sections: Mapping[str, Section]) -> Passage:
    """The passage of a record, in the sections of its report by their anchors."""
    return Passage(
        kind=Kind(record["kind"]),
        anchor=record["anchor"],
        text=record["text"],
        section=tuple(sections[anchor] for anchor in record["section"]),
        items=[Item(*values) for values in record["items"]],
    )
