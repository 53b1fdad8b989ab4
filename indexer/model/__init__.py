"""The domain model: a report with its sections and passages. The fields' docstrings say what they hold and in which unit."""

from indexer.model.layout import Body, Heading, Nested, lay_out, nest_by_level
from indexer.model.origin import LeftOut, Ocr, OcrPage
from indexer.model.passages import Kind, Passage, Section, passage_id, report_and_anchor
from indexer.model.report import LONGEST_ADDRESS, Report, ReportType, lacking_of, read_address, short_hash

__all__ = [
    "LONGEST_ADDRESS",
    "Body",
    "Heading",
    "Kind",
    "LeftOut",
    "Nested",
    "Ocr",
    "OcrPage",
    "Passage",
    "Report",
    "ReportType",
    "Section",
    "lacking_of",
    "lay_out",
    "nest_by_level",
    "passage_id",
    "read_address",
    "report_and_anchor",
    "short_hash",
]
