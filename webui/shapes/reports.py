"""Reports and passages, made from the declared fields; the required contents of reports, and remarks that somebody should look at."""

from __future__ import annotations

from functools import reduce
from operator import or_
from types import UnionType
from typing import TYPE_CHECKING, Annotated, Any, Literal, NotRequired, TypedDict, get_args, get_origin

from indexer import FIELDS, Content, Field
from indexer import Ocr as ReportOcr
from indexer import Region as Place
from indexer import Remark as ReportRemark
from indexer import Section as ReportSection
from indexer import Unit as ReportUnit
from webui.shapes.common import (
    Address,
    FacetValue,
    Heading,
    IndexInfo,
    ListLinks,
    Occurrences,
    Ocr,
    Pages,
    Part,
    PassageId,
    Region,
    Remark,
    Spans,
    Typed,
    UnitName,
    shape,
)

_SHAPES = {ReportOcr: Ocr, Place: Region, ReportRemark: Remark, ReportSection: Heading, ReportUnit: UnitName}


def _printed(kind: Any) -> Any:
    """The type that a reply has for a type of `Report`."""
    if get_origin(kind) is tuple:
        return list[_printed(get_args(kind)[0])]  # type: ignore[misc]
    if isinstance(kind, UnionType):
        return reduce(or_, map(_printed, get_args(kind)))
    return _SHAPES.get(kind, kind)


def _described(field: Field) -> Any:
    kind = _printed(field.hint)
    return Annotated[kind, field.meaning] if field.meaning else kind


BRIEF = {field.name: _described(field) for field in FIELDS.values() if field.brief}


LISTED = {field.name: _described(field) for field in FIELDS.values() if field.listed and not field.of_passages}


OF_PASSAGE = {field.name: _described(field) for field in FIELDS.values() if field.of_passages and field.listed}


# Not declared, since reports have another field of this name.
OF_PASSAGE["ocr"] = Annotated[bool, "Whether OCR read it, or part of it, from a scan; some characters may be wrong."]


_MORE = {"url": str, "warnings": Annotated[list[str], "The texts of its remarks."]}


class EarlierVersion(TypedDict):
    """An earlier text of a report, which another one replaced."""

    id: Annotated[str, "Can be used like a report's id: <report>@<first digits of its SHA-256>."]
    held_from: Annotated[str | None, "When the index first held it."]
    held_until: Annotated[str | None, "When another version replaced it."]
    url: Annotated[str, "Its page."]


class RequiredContent(TypedDict):
    """One of the contents that a report must have, or may have (`other`)."""

    code: Content
    state: Annotated[Literal["found", "not_found"], "Judged by headings and usual wording; not found does not mean absent."]
    passages: Annotated[list[str], "Ids of the passages where it begins."]


class RequiredBy(TypedDict):
    """A rule that asks something of annual reports."""

    asks: Annotated[Literal["contents", "publication"], "What the rule requires: certain contents, or publication before 1 April."]
    rule: str
    number: Annotated[str, "Number of the document that issued it."]
    article: Annotated[str | None, "The article that requires it; null if the rule's own text was not read."]
    first_year: Annotated[int, "First reported year for which it applies."]
    last_year: Annotated[int | None, "null: it is in force."]


if TYPE_CHECKING:
    # Their keys are known only when the program runs.
    ReportName = dict[str, Any]
    ReportInfo = dict[str, Any]
    ListedReport = dict[str, Any]
    Report = dict[str, Any]
    PassageText = dict[str, Any]
    Passage = dict[str, Any]
    Hit = dict[str, Any]
else:
    ReportName = shape("ReportName", "Whose report it is, and of which year.", BRIEF)
    ReportInfo = shape("ReportInfo", "What is known of a report.", LISTED | _MORE)
    ListedReport = shape(
        "ListedReport",
        "A report, and how often it mentions the query.",
        {**LISTED, **_MORE, "paragraphs": Annotated[int, "Passages that match."], "occurrences": Occurrences},
    )


class Item(TypedDict):
    """A 一是-item of a paragraph."""

    number: int
    start: Annotated[int, "Offset in code points from 0."]
    end: Annotated[int, "Offset in code points, exclusive."]


class Also(TypedDict):
    """How many others have the sentence in their reports, ignoring figures."""

    units: Annotated[int, "Other units whose reports contain it; reports of unknown units are not counted."]
    reports: Annotated[int, "Other reports."]


class CommonSpan(TypedDict):
    """A sentence that occurs in reports of at least 5 units."""

    start: Annotated[int, "Offset in the passage's text, in code points."]
    end: int
    sentence: Annotated[str, "Its key, for the parameter `sentence`."]
    also: Also


class Section(Heading):
    """A section of a report."""

    level: int
    place: Annotated[str, "Ordinals from the outermost section inwards, such as 1.7; also its anchor."]
    part: str


if not TYPE_CHECKING:
    PassageText = shape(
        "PassageText",
        "A paragraph, a heading on its own line, or the title.",
        {"id": PassageId, "url": Address, **OF_PASSAGE, "part": Part, "text": Annotated[str, "As printed."], "items": list[Item]},
    )
    Passage = shape("Passage", "A passage with its report.", {**PassageText.__annotations__, "report": ReportInfo})
    PassageOfReport = shape(
        "PassageOfReport",
        "A passage of a whole report.",
        {
            **PassageText.__annotations__,
            "common_sentences": Annotated[
                list[CommonSpan], "Its sentences that occur in reports of at least 5 units, ignoring figures, in order."
            ],
        },
    )
    Report = shape(
        "Report",
        "A report, whole.",
        {
            **LISTED,
            **_MORE,
            "newest": Annotated[str | None, "For an earlier version, the id of the current one; null for the current one."],
            "earlier": Annotated[list[EarlierVersion], "Earlier versions, newest first."],
            "required": list[RequiredContent],
            "sources": Annotated[list[RequiredBy], "The rules that require this in the report's year."],
            "published_on_time": Annotated[
                bool | None, "Whether it was published before 1 April of the next year; null if one of the dates is unknown."
            ],
            "own": Annotated[float, "The share of its characters outside sentences that occur in reports of at least 5 units, 0 to 1."],
            "sections": list[Section],
            "passages": Annotated[list[PassageOfReport], "Title first, then headings and paragraphs in the order of the text."],
        },
    )
    Hit = shape(
        "Hit",
        "A passage that matches.",
        {
            "id": PassageId,
            "url": Address,
            "report": ReportName,
            **OF_PASSAGE,
            "item": Annotated[int | None, "Number of the 一是-item that contains the first match."],
            "text": Annotated[str, "The full text, as printed."],
            "matches": Spans,
            "snippet_html": Annotated[str, "Escaped except for <mark>."],
            "score": Annotated[float, "Comparable within one query only."],
            "same": Annotated[int, "With collapse: how many other passages of the result have this text."],
            "common": Annotated[float, "The share of its characters in sentences that occur in reports of at least 5 units, 0 to 1."],
            "sentence": Annotated[
                str | None,
                "Key of the sentence of the first match, for the parameter `sentence`; null without a match or below 12 Han characters.",
            ],
            "also": Annotated[Also | None, "Where else that sentence occurs; null if `sentence` is null."],
        },
    )


class Doubt(TypedDict):
    """The remarks of one code on one report that should be checked."""

    code: str
    about: Annotated[str, "A field's name, or heading, page, text or file."]
    report: ReportName
    url: str
    path: Annotated[str | None, "Path of the report's file below the corpus folder."]
    value: Annotated[str | None, "The current value of the field."]
    texts: Annotated[list[str], "The reasons, in English, one text per remark."]
    lines: Annotated[dict[str, str], "The line that closes it, by the name of the file beside the reports that it belongs in."]


class Doubts(Pages):
    """One page of remarks that should be checked, by code, then newest first."""

    total: int
    reports: Annotated[int, "Number of reports with such remarks."]
    index: IndexInfo
    kinds: Annotated[list[FacetValue], "How many reports have each code, ignoring the filter by code."]
    remarks: list[Doubt]
    links: ListLinks


class RequiredOfReport(TypedDict):
    """What a report has of the contents that it must have."""

    report: ReportName
    found: list[Content]
    not_found: Annotated[list[Content], "Judged by headings and usual wording; they may be there in other words."]
    published_on_time: Annotated[
        bool | None, "Whether it was published before 1 April of the next year; null if one of the dates is unknown."
    ]


class RequiredOfReports(Pages):
    """Annual reports with what they have and lack."""

    query: Typed
    total: int
    lacking: Annotated[dict[str, int], "For each content, how many reports lack it."]
    sources: Annotated[list[RequiredBy], "The rules that require these contents, and publication before 1 April."]
    reports: list[RequiredOfReport]
    links: ListLinks


class CopiedSection(Section):
    """A section of a report in a copy."""

    text: Annotated[str, "As printed, with its number."]


class CopiedPassage(TypedDict):
    """A passage in a copy; its id tells its section."""

    id: PassageId
    kind: str
    page: int | None
    ocr: bool
    text: str


if TYPE_CHECKING:
    Copied = dict[str, Any]
else:
    _COPIED = {name: kind for name, kind in LISTED.items() if name not in ("added", "changed", "sha256")}
    Copied = shape(
        "Copied", "A report, whole, as a copy has it.", {**_COPIED, "sections": list[CopiedSection], "passages": list[CopiedPassage]}
    )


class Change(TypedDict):
    """A line of reports.ndjson with changed_since: a report that is new or changed, or one that is gone."""

    id: str
    removed: Annotated[bool, "Whether the report was removed; then only the time is given."]
    changed: Annotated[str | None, "When it changed; a date or time given as changed_since is itself included."]
    generation: Annotated[str, "Generation that was read; use it as the next changed_since."]
    added: NotRequired[Annotated[str | None, "When the index first held it."]]
    sha256: NotRequired[
        Annotated[str | None, "SHA-256 of `content` as JSON in UTF-8 with sorted keys, no spaces and no unnecessary escapes."]
    ]
    url: NotRequired[str]
    content: NotRequired[Copied]
