"""The OpenAPI 3.1 description, made from the declarations of arguments (`params`) and of replies (`shapes`)."""

from __future__ import annotations

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


def describe() -> dict[str, Any]:
    """The whole description."""
    named: dict[str, Schema] = {}
    search = [_parameter(param) for param in PARAMS]
    typed = {**search[0], "required": True, "allowEmptyValue": False, "schema": {**search[0]["schema"], "minLength": 1}}
    begun = {**search[0], "description": "What is typed so far.", "schema": {"type": "string"}}

    # `sort` orders units here.
    units = [typed, *(_parameter(MATRIX_SORT if param.name == MATRIX_SORT.name else param) for param in PARAMS[1:]), _parameter(MENTION)]
    of_words = [_parameter(WORD_SORT if param.name == WORD_SORT.name else param) for param in PARAMS]
    of_words += [_parameter(WORDS_OF), _parameter(WORD_SIDE)]
    found = {**search[0], "description": "Words in the names of the unit or of its place."}
    of_units = [
        _parameter(param) for param in (*(p for p in PARAMS if p.name in ("region", "level", "page", "per_page")), UNIT_SORT, EXPECTED)
    ]
    listed = [{**search[0], "description": "Text in the name, the number or another spelling."}, *search[1:]]

    filtering = [one for one in search if one["name"] in FILTERING]
    alike = [_parameter(PASSAGE), _parameter(TEXT), *filtering]
    batch = [_needed(TERMS), _parameter(BATCH_BY), *filtering]
    stated = [*search, _parameter(LABEL), _parameter(BY_YEAR)]

    def get(name: str, summary: str, parameters: list[Schema], shape: type, *errors: int) -> Schema:
        def reply(shape: type, media: str, description: str) -> Schema:
            return {"description": description, "content": {media: {"schema": schema_of(shape, named)}}}

        replies: Schema = {"200": reply(shape, "application/json", summary), "304": {"description": "Unchanged since If-None-Match"}}
        replies |= {str(code): reply(shapes.Problem, "application/problem+json", _WRONG[code]) for code in errors}
        return {"get": {"operationId": name, "summary": summary, "parameters": parameters, "responses": replies}}

    paths = {
        "/search": get("search", "Passages that match", search, shapes.SearchResult, 400, 404, 503),
        "/years": get("years", "How many reports of each year mention a query", [typed, *search[1:]], shapes.Years, 400, 404, 503),
        "/corpus": get(
            "corpus",
            "For which years each unit's report is held, due or missing",
            [one for one in search if one["name"] in (*TAKEN, "page", "per_page")] + [_parameter(EXPECTED), _parameter(STATE)],
            shapes.Corpus,
            *(400, 503),
        ),
        "/suggest": get("suggest", "Completions of what is typed", [begun], shapes.Suggestions, 400, 503),
        "/concordance": get(
            "concordance", "Each occurrence on its own line", [typed, *search[1:], _parameter(CONTEXT)], shapes.Concordance, 400, 404, 503
        ),
        "/promises": get(
            "promises",
            "Plans compared with the next report; reports of at most 60,000 characters each",
            [_needed(REPORT)],
            shapes.Promises,
            *(400, 404, 503),
        ),
        "/required": get(
            "required", "Annual reports and the contents that they must have", search, shapes.RequiredOfReports, 400, 404, 503
        ),
        "/matrix": get("matrix", "Which units mention a query in which year", units, shapes.Matrix, 400, 404, 503),
        "/words": get("words", "Words of a subset, or words near the query", of_words, shapes.Words, 400, 404, 503),
        "/compare": get(
            "compare",
            "Two reports of at most 60,000 characters side by side",
            [_needed(LEFT), _needed(RIGHT)],
            shapes.Compared,
            *(400, 404, 503),
        ),
        "/statistics": get("statistics", "Figures with the sentences that state them", stated, shapes.Statistics, 400, 404, 503),
        "/indicators": get(
            "indicators", "The reviewed indicators, and how many reports give each", search, shapes.Indicators, 400, 404, 503
        ),
        "/instruments": get("instruments", "Rules and documents that reports name", listed, shapes.Instruments, 400, 503),
        "/common": get(
            "common",
            "The sentences that occur in reports of the most units",
            [one for one in search if one["name"] in ("page", "per_page")],
            shapes.CommonSentences,
            *(400, 503),
        ),
        "/batch": get("batch", "How many reports of each year or place mention each term", batch, shapes.Batch, 400, 503),
        "/verify": _post(get("verify", "Whether the quotations in a text are genuine", [], shapes.Verified, 400, 413, 415, 503), named),
        "/check": _upload(get("check", "What should be checked in a draft", [], shapes.CheckedDraft, 400, 403, 413, 503), named),
        "/similar": get("similar", "Paragraphs of other units similar to a passage or a text", alike, shapes.Similar, 400, 404, 503),
        "/units": get("units", "The units whose reports are held", [found, *of_units], shapes.Units, 400, 503),
        "/units/{id}": get("getUnit", "One unit", [_id("A unit's id"), _parameter(EXPECTED)], shapes.Unit, 400, 404, 503),
        "/reports": get("listReports", "Reports that contain matches", [*search, _parameter(MENTION)], shapes.ReportList, 400, 404, 503),
        "/remarks": get(
            "listRemarks",
            "Remarks that should be checked, and the lines that close them",
            [one for one in search if one["name"] in OF_REPORTS],
            shapes.Doubts,
            400,
            503,
        ),
        "/reports/{id}": get("getReport", "One report in full", [_id("A report's id")], shapes.Report, 400, 404, 503),
        "/paragraphs/{id}": get("getParagraph", "One passage", [_id("A passage's id: <report>~<place>")], shapes.Passage, 400, 404, 503),
    }
    paths["/batch"] |= _post(get("batchOfMany", "The same for a long list", [], shapes.Batch, 400, 413, 415, 503), named, shapes.ToBatch)
    paths["/similar"] |= _post(get("similarToText", "The same for a text", [], shapes.Similar, 400, 413, 415, 503), named, shapes.ToCompare)
    for path in TABLES:
        paths |= {f"{path}.{form}": _as_file(paths[path]["get"], form) for form in FORMS}
    paths["/reports.ndjson"]["get"]["parameters"] = [*search, _parameter(MENTION), _parameter(CHANGED_SINCE)]
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


def _post(item: Schema, named: dict[str, Schema], sent: type = shapes.ToVerify) -> Schema:
    """The path item of an operation that takes a text as its body."""
    operation: Schema = {name: value for name, value in item["get"].items() if name != "parameters"}
    del operation["responses"]["304"]
    content = {"application/json": {"schema": schema_of(sent, named)}, "text/plain": {"schema": {"type": "string"}}}
    return {"post": {**operation, "requestBody": {"required": True, "content": content}}}


def _upload(item: Schema, named: dict[str, Schema]) -> Schema:
    """The path item of an operation that takes a file as a form sends it."""
    described = schema_of(shapes.DraftToCheck, named)
    named["DraftToCheck"]["properties"]["file"]["format"] = "binary"
    return {
        "post": {**_post(item, named)["post"], "requestBody": {"required": True, "content": {"multipart/form-data": {"schema": described}}}}
    }


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
    schema: Schema = {"type": "string"}
    if param.shape is Shape.NUMBER:
        schema = {"type": "integer", "minimum": param.least or 0, "maximum": param.most or LARGEST}
    elif param.shape is Shape.YEAR:
        schema = {"anyOf": [{"type": "integer", "minimum": param.least, "maximum": param.most}, {"const": UNKNOWN}]}
    elif param.shape is Shape.FLAG:
        schema = {"type": "string", "enum": ["0", "1"]}
    elif param.shape is Shape.LIST:
        schema = {"type": "array", "items": {"type": "string", "enum": list(param.choices)}}
    elif param.choices:
        schema = {"type": "string", "enum": [*map(str, param.choices), *([UNKNOWN] if param.may_be_unknown else [])]}
    elif param.most is not None:
        schema["maxLength"] = param.most
    if param.default is not None:
        schema["default"] = param.default
    if param.repeatable:
        schema = {"type": "array", "items": schema, "maxItems": MOST_VALUES}
    # An empty argument counts as absent, since forms send empty ones.
    described = {"name": param.name, "in": "query", "description": param.meaning, "allowEmptyValue": True, "schema": schema}
    return described | ({"style": "form", "explode": False} if param.shape is Shape.LIST else {})


def _needed(param: Param) -> Schema:
    return {**_parameter(param), "required": True, "allowEmptyValue": False, "schema": {"type": "string", "minLength": 1}}


def _id(meaning: str) -> Schema:
    return {"name": "id", "in": "path", "required": True, "description": meaning, "schema": {"type": "string"}}
