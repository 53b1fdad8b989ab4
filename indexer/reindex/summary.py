"""What a run of `reindex` did, for the operator and for `--json`."""

from __future__ import annotations

from dataclasses import dataclass, field

from indexer.engines.common import without_passages
from indexer.model import Report


@dataclass(frozen=True, slots=True)
class ReadReport:
    """A report that was read in this run."""

    report: Report
    """The report without its passages."""
    paragraphs: int
    items: int
    statistics: int
    instruments: int

    @classmethod
    def of(cls, report: Report) -> ReadReport:
        """The counts of a report that has its passages."""
        return cls(
            without_passages(report),
            len(report.paragraphs),
            len(report.items),
            sum(len(passage.statistics) for passage in report.passages),
            sum(len(passage.instruments) for passage in report.passages),
        )


@dataclass(slots=True)
class Summary:
    """What a run did. Files are named by their keys: "<folder's name>/<path below it>"."""

    generation: str | None = None
    """The name of the live generation after the run."""
    added: list[ReadReport] = field(default_factory=list)
    changed: list[ReadReport] = field(default_factory=list)
    removed: list[str] = field(default_factory=list)
    unchanged: set[str] = field(default_factory=set)
    ignored: list[str] = field(default_factory=list)
    rejected: list[tuple[str, str]] = field(default_factory=list)
    """Pairs of file and reason."""
    warnings: list[str] = field(default_factory=list)
    """Anything else that the operator should know."""
    seconds: float = 0.0
