"""Parses a document into a report: its parts, its metadata, and remarks on everything that was repaired or is in doubt."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import takewhile
from operator import itemgetter

from indexer.facts import remarks_on_figures
from indexer.loaders.document import Document
from indexer.model import Body, Heading, LeftOut, Report, ReportType, lacking_of, lay_out, nest_by_level, short_hash
from indexer.outline import plain
from indexer.parsing import labels
from indexer.parsing.clean import invisible
from indexer.parsing.dates import find_date, is_date, without_date
from indexer.parsing.frame import Frame, take_apart
from indexer.parsing.glue import unglued
from indexer.parsing.headings import read_lines
from indexer.parsing.identity import issuer_in, type_of, year_in_title
from indexer.parsing.left_out import Found, remains
from indexer.parsing.numbers import doc_number
from indexer.parsing.opening import Opening, read_opening
from indexer.parsing.pieces import in_pieces
from indexer.parsing.places import Page, region_of
from indexer.parsing.rejoin import rejoined
from indexer.parsing.titles import squeezed
from indexer.public_bodies import is_body
from indexer.remarks import Remark
from indexer.units import level_of_report, unit_of

_HALF = re.compile(r"(?P<second>下半年|7\s*+(?:月\s*+)?[-—~至]+\s*+12\s*+月)|半年|1\s*+(?:月\s*+)?[-—~至]+\s*+6\s*+月")
_NOT_NOW = ("今天", "星期", "农历", "现在是")


@dataclass(frozen=True, slots=True)
class _Metadata:
    """The page's metadata on the report; unknown values are None."""

    published: str | None
    publisher: str | None
    source: str | None
    editor: str | None
    doc_number: str | None
    title: str | None


def parse_report(document: Document, name: str) -> Report:
    """The report of a document; `name` is used as title if there is no other.

    No character of the text is lost: the passages in order contain all lines between metadata and page furniture.
    """
    frame = take_apart(document)
    metadata = _read_metadata(frame, document)
    body, mended = rejoined(frame.body)
    blocks, repairs, repeated = read_lines(unglued(body))
    heading = next((block.heading for block in blocks if isinstance(block, Heading)), "")
    opening = read_opening(_first_paragraphs(blocks), heading)
    remarks = [*document.remarks, *frame.remarks, *repairs]
    if not any(isinstance(block, Body) for block in blocks):
        remarks.append(Remark("text-missing"))
    if unseen := sum(invisible(line.text) for line in document.lines):
        remarks.append(Remark("invisible-removed", count=unseen))
    if mended:
        remarks.append(Remark("sentence-joined", count=mended))
    own = frame.title or metadata.title
    title = own or _stand_in_title(opening, name, remarks)
    issuer = next((who for who in _issuers(own, title, opening, metadata, heading, frame) if who), None)
    sections, passages = lay_out(
        title,
        nest_by_level(in_pieces(blocks, remarks)),
        frame.titled[0].page if frame.titled else None,
        any(line.ocr for line in frame.titled or document.lines),
    )
    remarks.extend(remarks_on_figures((passage.anchor, passage.text, passage.statistics) for passage in passages))
    type = type_of(title)
    if type is ReportType.OTHER and not own and opening.type is not None:
        type = opening.type
    year, period = _reported_year(
        [year_in_title(own or ""), opening.years, year_in_title(title)], title, heading, metadata.published, remarks
    )
    address = document.labels.get("source_url")
    first = _first_paragraphs(blocks) + "".join(frame.signature)
    region, guess = region_of(issuer, Page(title, metadata.publisher, metadata.source, address, first), year)
    if guess is not None:
        remarks.append(guess)
    unit = unit_of(issuer, own or "", region, year)
    if issuer is None:
        remarks.append(Remark("issuer-missing"))
    if metadata.published is None:
        remarks.append(Remark("published-missing"))
    return Report(
        id=short_hash("\n".join(line.text for line in document.lines).encode("utf-8", "surrogatepass")),
        title=title,
        passages=passages,
        sections=sections,
        year=year,
        period=period,
        published=metadata.published,
        issuer=issuer,
        unit=unit,
        level=level_of_report(unit, issuer),
        lacking=lacking_of(passages, year),
        region=region,
        source=metadata.source,
        editor=metadata.editor,
        doc_number=metadata.doc_number,
        source_url=address,
        type=type,
        path=name,
        encoding=document.encoding,
        format=document.format,
        ocr=document.ocr,
        remarks=tuple(remarks),
        left_out=_left_out(
            document, frame, repeated, (title, issuer, metadata.source, metadata.editor, metadata.doc_number), metadata.published
        ),
    )


def _left_out(
    document: Document, frame: Frame, repeated: list[Found], names: tuple[str | None, ...], published: str | None
) -> tuple[LeftOut, ...]:
    """The parts of the document that are neither a passage nor a value, in order: left out by the loader or by this package."""
    known = [name for name in names if name]
    found = [
        *frame.left_out,
        *repeated,
        *remains(
            frame.titled, [*known, *(line.text for line in frame.titled if squeezed(line.text) in squeezed(known[0]))], None, "metadata"
        ),
        *remains(frame.metadata, known, published, "metadata"),
        *remains(frame.signed, known, published, "signature"),
    ]
    # A piece that the loader found before a line precedes what is left of the line itself.
    ordered = sorted(
        [*((number, 0, piece) for number, piece in document.left_out), *((number, 1, piece) for number, piece in found)],
        key=itemgetter(0, 1),
    )
    return tuple(piece for _, _, piece in ordered)


def _read_metadata(frame: Frame, document: Document) -> _Metadata:
    values: dict[str, str] = {}
    waiting = ""
    for line in frame.head:
        found = list(labels.read_labels(line)) if labels.is_metadata(line) else []
        if waiting and not found:
            values.setdefault(waiting, line)
        waiting = ""
        for label, value in found:
            if value:
                values.setdefault(label, value)
            else:
                waiting = label
    hidden = document.labels
    dates = [values[label] for label in labels.PUBLISHED if label in values]
    dates += [hidden.get("published", "")]
    dates += [line for line in frame.head if not any(word in line for word in _NOT_NOW)]
    dates += frame.signature
    return _Metadata(
        published=next((day for day in map(find_date, dates) if day), None),
        publisher=_name(values, labels.PUBLISHER),
        source=_name(values, labels.SOURCE) or labels.name_in(hidden.get("source", "")),
        editor=_name(values, labels.EDITOR) or labels.name_in(hidden.get("editor", "")),
        doc_number=next((number for line in frame.head if (number := doc_number(line))), None),
        title=next((values[label] for label in labels.TITLE if label in values), None),
    )


def _name(values: dict[str, str], wanted: tuple[str, ...]) -> str | None:
    return next((name for label in wanted if label in values and (name := labels.name_in(values[label]))), None)


def _body(name: str | None) -> str | None:
    """A name if it is that of a body, else None."""
    return name if name and is_body(name) else None


def _signer(frame: Frame) -> str | None:
    """The body that signed below the title or at the end."""
    lines = [without_date(line) for line in (*frame.head, *frame.signature) if not is_date(line) and doc_number(line) is None]
    return next((line for line in reversed(lines) if not labels.is_metadata(line) and is_body(line)), None)


def _first_paragraphs(blocks: list[Heading | Body]) -> str:
    """The paragraphs before the first heading, or right after it if the text begins with a heading."""
    before = list(takewhile(lambda block: isinstance(block, Body), blocks)) or [block for block in blocks[:4] if isinstance(block, Body)]
    return "".join(block.text + ("" if block.text.endswith(("。", "：", ":")) else "。") for block in before[:6])


def _issuers(own: str | None, title: str, opening: Opening, metadata: _Metadata, heading: str, frame: Frame) -> Iterator[str | None]:
    """The possible issuers of a report, likeliest first: from the title, the first sentence, the page, the signature."""
    yield issuer_in(own or "")
    reports = opening.type is not None or type_of(title) is ReportType.REPORT
    if not own and reports:
        yield opening.issuer
    yield _body(metadata.publisher)
    yield _body(metadata.source)
    if reports:
        # Only for reports: the first sentence of news names the body they are about, not the issuer.
        yield opening.issuer or opening.short
    yield issuer_in(heading)
    yield _signer(frame)
    yield issuer_in(title)


def _stand_in_title(opening: Opening, name: str, remarks: list[Remark]) -> str:
    """A title for a text without one, from its first sentences or else the file's name."""
    if opening.title is not None:
        remarks.append(Remark("title-from-sentence"))
        return opening.title
    remarks.append(Remark("title-from-name"))
    return name.rsplit("/", 1)[-1].rsplit(".", 1)[0] or name


def _reported_year(
    found: Iterable[tuple[int, int] | None], title: str, heading: str, published: str | None, remarks: list[Remark]
) -> tuple[int | None, str | None]:
    """The reported year and its `period`, from the first of `found` that is known, else from the first heading, with a remark."""
    years = next(filter(None, found), None)
    if years is None:
        years = year_in_title(heading)
        if years is None:
            remarks.append(Remark("year-missing"))
            return None, None
        remarks.append(Remark("year-from-heading", year=years[1]))
    first, last = years
    if first != last:
        remarks.append(Remark("years-several", first=first, last=last))
    half = _HALF.search(plain(title))
    if half:
        remarks.append(Remark("year-half"))
    period = f"{last}-H{2 if half['second'] else 1}" if half else f"{first}/{last}" if first != last else None
    if published is not None and not 0 <= int(published[:4]) - last <= 2:
        remarks.append(Remark("year-far-from-published", year=last, published=published))
    return last, period
