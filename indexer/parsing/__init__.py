"""Text to a report. Pure: no files, no clock; what a file's text says, and what was repaired or is in doubt."""

from indexer.parsing.replaced import with_text
from indexer.parsing.report import parse_report

__all__ = ["parse_report", "with_text"]
