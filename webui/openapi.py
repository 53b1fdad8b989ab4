"""The OpenAPI 3.1 description, made from the declarations of arguments (`params`) and of replies (`shapes`)."""

from __future__ import annotations

from dataclasses import dataclass
from importlib.metadata import version
from typing import Any

from indexer import gettext as _
from webui import shapes
from webui.corpus import TAKEN
from webui.json_schema import Schema, schema_of
from webui.params import (
    BATCH_BY,
    BY_YEAR,
    CHANGED_SINCE,
    CONTEXT,
    EXPECTED,
    FILTERING,
    LABEL,
    LARGEST,
    LEFT,
    LONGEST_VALUE,
    MATRIX_SORT,
    MENTION,
    MOST_VALUES,
    OF_REPORTS,
    PARAMS,
    PASSAGE,
    REPORT,
    RIGHT,
    STATE,
    TERMS,
    TEXT,
    UNIT_SORT,
    UNKNOWN,
    WORD_SIDE,
    WORD_SORT,
    WORDS_OF,
    Param,
    Shape,
)
from webui.tables import FORMS, MEDIA

_ABOUT = (
    "Exact search in annual reports on building government under the rule of law. Offsets count code points, spans are half-open, "
    "pages count from 1. Replies carry an ETag of generation, product version, language and request."
)


@dataclass(frozen=True, slots=True)
class _Operation:
    """An operation of the API."""

    name: str
    """Its operationId."""
    summary: str
    parameters: list[Schema]
    reply: type
    """The shape of its reply."""
    errors: tuple[int, ...] = (400, 404, 503)
    """The status codes of its errors."""
    sent: type | None = None
    """The shape of the body that is posted; None if the operation is a GET."""
    path: str = ""
    """Below /api/v1; empty if it is the name."""

    @property
    def method(self) -> str:
        """The method in lower case."""
        return "post" if self.sent else "get"

    def described(self, named: dict[str, Schema]) -> Schema:
        """The operation as OpenAPI describes it; the shapes that it names are added to `named`."""

        def reply(shape: type, media: str, description: str) -> Schema:
            return {"description": description, "content": {media: {"schema": schema_of(shape, named)}}}

        replies = {"200": reply(self.reply, "application/json", self.summary)}
        if self.sent is None:
            replies["304"] = {"description": "Unchanged since If-None-Match"}
        replies |= {str(code): reply(shapes.Problem, "application/problem+json", _WRONG[code]) for code in self.errors}
        about: Schema = {"operationId": self.name, "summary": self.summary}
        if self.sent is None:
            return {**about, "parameters": self.parameters, "responses": replies}
        return {**about, "responses": replies, "requestBody": {"required": True, "content": _content(self.sent, named)}}


def describe() -> dict[str, Any]:
    """The whole description."""
    named: dict[str, Schema] = {}
    paths: dict[str, Schema] = {}
    for operation in _operations():
        paths.setdefault(operation.path or f"/{operation.name}", {})[operation.method] = operation.described(named)
    for path in TABLES:
        paths |= {f"{path}.{form}": _as_file(paths[path]["get"], form) for form in FORMS}
    paths["/reports.ndjson"]["get"]["parameters"] = [*paths["/reports"]["get"]["parameters"], _parameter(CHANGED_SINCE)]
    schema_of(shapes.Change, named)
    return {
        "openapi": "3.1.0",
        "info": {
            # Client generators name a package after the title, and package names are ASCII.
            "title": "fazhi-search",
            "summary": _("法治政府建设报告检索"),
            "version": version("fazhi-search"),
            "description": _ABOUT,
            "license": {"name": "Apache-2.0", "identifier": "Apache-2.0"},
        },
        "paths": {f"/api/v1{path}": item for path, item in paths.items()},
        "components": {"schemas": named},
    }


def _operations() -> list[_Operation]:
    """All operations but those that give a table."""
    search = [_parameter(param) for param in PARAMS]
    query, *others = search

    def taking(*names: str) -> list[Schema]:
        return [one for one in search if one["name"] in names]

    typed = [{**query, "required": True, "allowEmptyValue": False, "schema": {**query["schema"], "minLength": 1}}, *others]
    begun = {**query, "description": "What is typed so far.", "schema": {"type": "string"}}
    named = {**query, "description": "Text in the name, the number or another spelling."}
    of_unit = {**query, "description": "Words in the names of the unit or of its place."}
    # `sort` orders units or words here.
    units = [_parameter(MATRIX_SORT) if one["name"] == MATRIX_SORT.name else one for one in typed]
    units.append(_parameter(MENTION))
    words = [_parameter(WORD_SORT) if one["name"] == WORD_SORT.name else one for one in search]
    words += [_parameter(WORDS_OF), _parameter(WORD_SIDE)]
    filtering = taking(*FILTERING)
    expected = _parameter(EXPECTED)
    corpus = [*taking(*TAKEN, "page", "per_page"), expected, _parameter(STATE)]
    stated = [*search, _parameter(LABEL), _parameter(BY_YEAR)]
    two = [_needed(LEFT), _needed(RIGHT)]
    batch = [_needed(TERMS), _parameter(BATCH_BY), *filtering]
    alike = [_parameter(PASSAGE), _parameter(TEXT), *filtering]
    of_units = [of_unit, *taking("region", "level", "page", "per_page"), _parameter(UNIT_SORT), expected]
    # Status codes of errors.
    of_list, of_text = (400, 503), (400, 413, 415, 503)
    return [
        _Operation("search", "Passages that match", search, shapes.SearchResult),
        _Operation("years", "How many reports of each year mention a query", typed, shapes.Years),
        _Operation("corpus", "For which years each unit's report is held, due or missing", corpus, shapes.Corpus, of_list),
        _Operation("suggest", "Completions of what is typed", [begun], shapes.Suggestions, of_list),
        _Operation("concordance", "Each occurrence on its own line", [*typed, _parameter(CONTEXT)], shapes.Concordance),
        _Operation(
            "promises", "Plans compared with the next report; reports of at most 60,000 characters each", [_needed(REPORT)], shapes.Promises
        ),
        _Operation("required", "Annual reports and the contents that they must have", search, shapes.RequiredOfReports),
        _Operation("matrix", "Which units mention a query in which year", units, shapes.Matrix),
        _Operation("words", "Words of a subset, or words near the query", words, shapes.Words),
        _Operation("compare", "Two reports of at most 60,000 characters side by side", two, shapes.Compared),
        _Operation("statistics", "Figures with the sentences that state them", stated, shapes.Statistics),
        _Operation("indicators", "The reviewed indicators, and how many reports give each", search, shapes.Indicators),
        _Operation("instruments", "Rules and documents that reports name", [named, *others], shapes.Instruments, of_list),
        _Operation(
            "common", "The sentences that occur in reports of the most units", taking("page", "per_page"), shapes.CommonSentences, of_list
        ),
        _Operation("batch", "How many reports of each year or place mention each term", batch, shapes.Batch, of_list),
        _Operation("verify", "Whether the quotations in a text are genuine", [], shapes.Verified, of_text, shapes.ToVerify),
        _Operation("check", "What should be checked in a draft", [], shapes.CheckedDraft, (400, 403, 413, 503), shapes.DraftToCheck),
        _Operation("similar", "Paragraphs of other units similar to a passage or a text", alike, shapes.Similar),
        _Operation("units", "The units whose reports are held", of_units, shapes.Units, of_list),
        _Operation("getUnit", "One unit", [_id("A unit's id"), expected], shapes.Unit, path="/units/{id}"),
        _Operation("listReports", "Reports that contain matches", [*search, _parameter(MENTION)], shapes.ReportList, path="/reports"),
        _Operation(
            "listRemarks",
            "Remarks that should be checked, and the lines that close them",
            taking(*OF_REPORTS),
            shapes.Doubts,
            of_list,
            path="/remarks",
        ),
        _Operation("getReport", "One report in full", [_id("A report's id")], shapes.Report, path="/reports/{id}"),
        _Operation("getParagraph", "One passage", [_id("A passage's id: <report>~<place>")], shapes.Passage, path="/paragraphs/{id}"),
        _Operation("batchOfMany", "The same for a long list", [], shapes.Batch, of_text, shapes.ToBatch, path="/batch"),
        _Operation("similarToText", "The same for a text", [], shapes.Similar, of_text, shapes.ToCompare, path="/similar"),
    ]


def _content(sent: type, named: dict[str, Schema]) -> Schema:
    """The body that an operation takes: a file as a form sends it, or a text."""
    schema = schema_of(sent, named)
    if sent is shapes.DraftToCheck:
        named["DraftToCheck"]["properties"]["file"]["format"] = "binary"
        return {"multipart/form-data": {"schema": schema}}
    return {"application/json": {"schema": schema}, "text/plain": {"schema": {"type": "string"}}}


def _as_file(operation: Schema, form: str) -> Schema:
    """The path item that gives the whole result of an operation as a file."""
    replies = {**operation["responses"], "200": {"description": _FORMS[form], "content": {MEDIA[form]: {"schema": {"type": "string"}}}}}
    name, summary = f"{operation['operationId']}As{form.capitalize()}", f"{operation['summary']}: {_FORMS[form]}"
    return {"get": {**operation, "operationId": _OLD_NAMES.get(name, name), "summary": summary, "responses": replies}}


TABLES = (
    "/search",
    "/reports",
    "/concordance",
    "/years",
    "/corpus",
    "/compare",
    "/statistics",
    "/instruments",
    "/common",
    "/remarks",
    "/matrix",
    "/words",
    "/batch",
    "/units",
    "/required",
    "/promises",
    "/similar",
)
"""The paths whose whole result can be had as a file, in each of `FORMS`."""
_FORMS = {
    "csv": "the whole result as a table",
    "xlsx": "the whole result as a table for Excel and WPS",
    "ndjson": "the whole result as lines of JSON",
}
_OLD_NAMES = {"searchAsNdjson": "searchAsLines"}
"""Operation ids that generated clients already use."""
_WRONG = {
    400: "A parameter or value is unknown, the query is malformed, or there is neither query nor filter",
    403: "This server does not accept files from this client; by default only from its own machine",
    404: "There is no such id, in the address or as the value of same",
    413: "The text or the file is too long",
    415: "The body is neither text/plain nor JSON",
    503: "There is no index yet, or too many requests run at once; Retry-After says when to try again",
}


def _parameter(param: Param) -> Schema:
    schema = _schema(param)
    if param.default is not None:
        schema["default"] = param.default
    if param.repeatable:
        schema = {"type": "array", "items": schema, "maxItems": MOST_VALUES}
    # An empty argument counts as absent, since forms send empty ones.
    described = {"name": param.name, "in": "query", "description": param.meaning, "allowEmptyValue": True, "schema": schema}
    return described | ({"style": "form", "explode": False} if param.shape is Shape.LIST else {})


def _schema(param: Param) -> Schema:
    """The schema of one value."""
    match param.shape:
        case Shape.NUMBER:
            return {"type": "integer", "minimum": param.least or 0, "maximum": param.most or LARGEST}
        case Shape.YEAR:
            return {"anyOf": [{"type": "integer", "minimum": param.least, "maximum": param.most}, {"const": UNKNOWN}]}
        case Shape.FLAG:
            return {"type": "string", "enum": ["0", "1"]}
        case Shape.LIST:
            return {"type": "array", "items": {"type": "string", "enum": list(param.choices)}}
    if param.choices:
        return {"type": "string", "enum": [*map(str, param.choices), *([UNKNOWN] if param.may_be_unknown else [])]}
    return {"type": "string", "maxLength": LONGEST_VALUE if param.most is None else param.most}


def _needed(param: Param) -> Schema:
    return {**_parameter(param), "required": True, "allowEmptyValue": False, "schema": {"type": "string", "minLength": 1}}


def _id(meaning: str) -> Schema:
    return {"name": "id", "in": "path", "required": True, "description": meaning, "schema": {"type": "string"}}
