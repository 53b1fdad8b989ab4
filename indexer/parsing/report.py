"""A document's lines to a report: where the title, the metadata and the text begin and end, and what they say."""

from __future__ import annotations

from dataclasses import dataclass

from indexer.loaders import Document
from indexer.model import Body, Heading, Report, ReportType, lay_out, nest_by_level, short_hash
from indexer.outline import read_number
from indexer.parsing.headings import read_line
from indexer.parsing.metadata import (
    doc_number,
    is_chrome,
    is_metadata,
    is_title,
    read_metadata,
    text_year,
    title_issuer,
    title_year,
)
from indexer.regions import place_in

_HEAD = 40
"""Title and metadata stand within so many lines."""


@dataclass(frozen=True, slots=True)
class _Parts:
    """A document taken apart."""

    title: str
    head: list[str]
    """Lines of metadata."""
    body: list[str]
    warnings: list[str]


def parse_report(document: Document, name: str) -> Report:
    """The report of a document; `name` stands for the title where the text has none.

    Every character of the text is kept: the passages in order give back the lines between metadata and page furniture.
    """
    parts = _take_apart(document, name)
    blocks = [block for line in parts.body for block in read_line(line)]
    sections, passages = lay_out(parts.title, nest_by_level(blocks))
    metadata = read_metadata(parts.head)
    opening = "".join(block.text for block in blocks[:3] if isinstance(block, Body))
    year = title_year(parts.title) or text_year(opening)
    warnings = [*parts.warnings, *_repairs(blocks)]
    if year is None:
        warnings.append("year: neither the title nor the first sentences name one")
    issuer = title_issuer(parts.title) or metadata.publisher or metadata.source
    return Report(
        id=short_hash("\n".join(document.lines).encode()),
        title=parts.title,
        passages=passages,
        sections=sections,
        year=year,
        published=metadata.published,
        issuer=issuer,
        region=place_in(issuer) if issuer else None,
        source=metadata.source,
        editor=metadata.editor,
        doc_number=doc_number("\n".join(parts.head)),
        type=ReportType.REPORT,
        path=name,
        encoding=document.encoding,
        format=document.format,
        warnings=tuple(warnings),
    )


def _take_apart(document: Document, name: str) -> _Parts:
    lines, start = document.lines, document.body_start
    warnings = []
    titles = [title for title in document.titles if is_title(title)]
    at = next((number for number, line in enumerate(lines[: start + _HEAD]) if is_title(line) and not read_number(line)), None)
    if titles:
        title = titles[0]
    elif at is not None:
        title = lines[at]
    else:
        title = name.rsplit(".", 1)[0]
        warnings.append("title: none found, the file's name stands for it")
    head = [line for line in lines[:start] if is_metadata(line)]
    body = lines[start if at is None else max(start, at + 1) :]
    while body and (is_metadata(body[0]) or is_chrome(body[0]) or body[0] == title):
        head.append(body.pop(0))
    while body and is_chrome(body[-1]):
        body.pop()
    return _Parts(title, head, [line for line in body if not is_chrome(line)], warnings)


def _repairs(blocks: list[Heading | Body]) -> list[str]:
    headings = [block for block in blocks if isinstance(block, Heading)]
    return [
        f"heading {heading.number}: opening bracket lost in print, repaired"
        for heading in headings
        if heading.number and heading.number.startswith("(") and heading.text[0] not in "(（"
    ]
