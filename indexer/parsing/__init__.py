"""Parses a document into a report, with remarks on what was repaired or is in doubt. Pure: no files, no clock."""

from indexer.parsing.replaced import with_text
from indexer.parsing.report import parse_report

__all__ = ["parse_report", "with_text"]
