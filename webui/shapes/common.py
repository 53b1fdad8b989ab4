"""Parts of many replies: places, units, headings, pages, links, problems."""

from __future__ import annotations

from typing import Annotated, Any, NotRequired, TypedDict

from indexer import FIELDS, Mode

Year = Annotated[int | None, FIELDS["year"].meaning]


Spans = Annotated[list[tuple[int, int]], "Half-open spans in code points of `text`, in order, apart or touching."]


Occurrences = Annotated[int | None, "Marked occurrences; null if more than 20,000 passages match."]


Part = Annotated[str | None, "Standard part; null for a title and before the first heading."]


PassageId = Annotated[str, "<report>~<place>; stays the same when reindexed."]


Address = Annotated[str, "Path on this server, with the passage's anchor."]


class Region(TypedDict):
    """A province, city or county."""

    code: Annotated[str, "GB/T 2260 code, six digits."]
    name: str
    path: Annotated[list[str], "Names from the province down, its own last."]


class UnitName(TypedDict):
    """The government or department that a report belongs to."""

    id: Annotated[str, "Six digits: a government; nine: a town; 210921-司法局: a department; x- and a hash: a unit of unknown place."]
    name: str


class Heading(TypedDict):
    """A heading above a passage."""

    number: Annotated[str | None, "Repaired, with ASCII brackets: 一、 (七) 1."]
    heading: str


def shape(name: str, about: str, keys: dict[str, Any]) -> Any:
    """A TypedDict whose keys are known only when the program runs; `about` is its docstring."""
    made = TypedDict(name, keys)  # type: ignore[misc]
    made.__doc__ = about
    return made


class Remark(TypedDict):
    """Something that was guessed, repaired, odd or missing when a report was read."""

    code: str
    look: Annotated[bool, "Whether it should be checked, and nobody has done so."]
    closed: Annotated[bool, "Whether somebody checked it, or corrected what it is about."]
    text: Annotated[str, "In English."]


class Ocr(TypedDict):
    """What OCR read of a report."""

    pages: Annotated[int, "Number of pages that are pictures."]
    confidence: Annotated[float | None, "Mean, from 0 to 1; null if OCR found no text."]


class Query(TypedDict):
    """The query as received and as it was understood."""

    q: str
    mode: Mode
    parsed: Annotated[str, "The query as understood; parsing it gives the same query."]


class IndexInfo(TypedDict):
    """The index that answered."""

    generation: str
    reports: int
    paragraphs: Annotated[int, "Passages of any kind."]


class Links(TypedDict):
    """Addresses of this page and of its neighbours."""

    self: str
    next: str | None
    prev: str | None


class Pages(TypedDict):
    """One page of a list."""

    page: Annotated[int, "From 1."]
    per_page: int
    pages: Annotated[int, "0 when nothing was found."]


class Paged(Pages):
    """One page of an answer."""

    query: Query
    index: IndexInfo


class FacetValue(TypedDict):
    """A value of a facet, counted without the facet's own filter."""

    value: Annotated[str | int | None, "null: unknown."]
    count: Annotated[int, "Passages."]
    label: NotRequired[Annotated[str, "The name of a region or unit whose code or id is the value."]]


class ListLinks(Links):
    """Addresses of this page, its neighbours, and the whole result as a file."""

    csv: Annotated[str, "The whole result as a table."]
    xlsx: Annotated[str, "The whole result as a table for Excel and WPS, with numbers as numbers."]
    ndjson: Annotated[str, "The whole result, one object of this shape per line."]


class SearchLinks(ListLinks):
    """Addresses of this result in all forms."""

    html: Annotated[str, "The result as a web page."]


class Typed(TypedDict):
    """What was typed so far."""

    q: str


class Fault(TypedDict):
    """One thing that is wrong with a request."""

    param: str
    code: Annotated[str, "What is wrong, for programs; the same in every language."]
    detail: str
    position: Annotated[int | None, "Offset in the parameter's value, in code points from 0."]


class Problem(TypedDict):
    """RFC 9457."""

    type: str
    title: str
    status: int
    detail: str
    errors: NotRequired[list[Fault]]
