"""The OpenAPI 3.1 description, made from the declarations that validate (`params`)."""

from __future__ import annotations

from importlib.metadata import version
from typing import Any

from webui.params import CONTEXT, PARAMS, UNKNOWN, Param, Shape

_STRING: dict[str, Any] = {"type": "string"}
_MAYBE_STRING: dict[str, Any] = {"type": ["string", "null"]}
_INTEGER: dict[str, Any] = {"type": "integer"}
_SPAN: dict[str, Any] = {"type": "array", "items": _INTEGER, "minItems": 2, "maxItems": 2}


def describe() -> dict[str, Any]:
    """The whole description."""
    search = [_parameter(param) for param in PARAMS]
    mention = {"name": "mention", "in": "query", "schema": {"enum": ["no"]}, "description": "no: reports that hold no match."}
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "法治政府建设报告检索",
            "version": version("fazhi-search"),
            "description": "Exact search in annual reports. Offsets count code points, spans are half-open, pages count from 1.",
            "license": {"name": "Apache-2.0", "identifier": "Apache-2.0"},
        },
        "paths": {
            "/api/v1/search": _get("Passages that match", search, "SearchResult", 400, 503),
            "/api/v1/suggest": _get("How what is typed may go on", [_parameter(PARAMS[0])], "Suggestions", 400, 503),
            "/api/v1/concordance": _get("Each occurrence on a line", [*search, _parameter(CONTEXT)], "Concordance", 400, 503),
            "/api/v1/reports": _get("Reports that hold matches", [*search, mention], "ReportList", 400, 503),
            "/api/v1/reports/{id}": _get("One report with its passages", [_id("A report's id")], "Report", 404, 503),
            "/api/v1/paragraphs/{id}": _get("One passage", [_id("A passage's id, <report>~<place>")], "Passage", 404, 503),
        },
        "components": {"schemas": _schemas()},
    }


def _parameter(param: Param) -> dict[str, Any]:
    schema: dict[str, Any] = dict(_STRING)
    if param.shape is Shape.NUMBER:
        schema = {"type": "integer"} | {k: v for k, v in (("minimum", param.least), ("maximum", param.most)) if v is not None}
    elif param.shape is Shape.YEAR:
        schema = {"anyOf": [{"type": "integer", "minimum": 0}, {"const": UNKNOWN}]}
    elif param.shape is Shape.FLAG:
        schema = {"enum": ["0", "1"]}
    elif param.shape is Shape.LIST:
        schema = {"type": "array", "items": {"enum": list(param.choices)}}
    elif param.choices:
        schema = {"enum": [*map(str, param.choices), *([UNKNOWN] if param.may_be_unknown else [])]}
    if param.default is not None:
        schema["default"] = param.default
    if param.repeatable:
        schema = {"type": "array", "items": schema}
    described = {"name": param.name, "in": "query", "description": param.meaning, "schema": schema}
    return described | ({"style": "form", "explode": False} if param.shape is Shape.LIST else {})


def _id(meaning: str) -> dict[str, Any]:
    return {"name": "id", "in": "path", "required": True, "description": meaning, "schema": _STRING}


def _get(summary: str, parameters: list[dict[str, Any]], schema: str, *errors: int) -> dict[str, Any]:
    def reply(name: str, media: str, description: str) -> dict[str, Any]:
        return {"description": description, "content": {media: {"schema": {"$ref": f"#/components/schemas/{name}"}}}}

    replies = {"200": reply(schema, "application/json", summary)}
    replies |= {str(code): reply("Problem", "application/problem+json", "What was wrong") for code in errors}
    return {"get": {"summary": summary, "parameters": parameters, "responses": replies}}


def _object(**properties: Any) -> dict[str, Any]:
    return {"type": "object", "properties": properties, "required": list(properties)}


def _schemas() -> dict[str, Any]:
    def ref(name: str) -> dict[str, str]:
        return {"$ref": f"#/components/schemas/{name}"}

    def several(schema: dict[str, Any]) -> dict[str, Any]:
        return {"type": "array", "items": schema}

    region = _object(code=_STRING, name=_STRING, path=several(_STRING))
    path = several(_object(number=_MAYBE_STRING, heading=_STRING))
    short = {
        "id": _STRING,
        "title": _STRING,
        "issuer": _MAYBE_STRING,
        "region": {"anyOf": [region, {"type": "null"}]},
        "year": {"type": ["integer", "null"], "description": "The year it is about."},
        "published": {"type": ["string", "null"], "format": "date"},
    }
    paging = {"page": _INTEGER, "per_page": _INTEGER, "pages": _INTEGER}
    count = {"type": "object", "properties": {"value": {}, "count": _INTEGER, "label": _STRING}, "required": ["value", "count"]}
    passage = {
        "id": _STRING,
        "kind": _STRING,
        "url": _STRING,
        "section": path,
        "text": _STRING,
    }
    occurrences = {"type": ["integer", "null"], "description": "Marked places; null where more than 20,000 passages match."}
    return {
        "SearchResult": _object(
            query=_object(q=_STRING, mode=_STRING, parsed=_STRING),
            total=_object(reports=_INTEGER, paragraphs=_INTEGER, occurrences=occurrences, hits=_INTEGER),
            **paging,
            index=_object(generation=_STRING, reports=_INTEGER, paragraphs=_INTEGER),
            facets={"type": "object", "additionalProperties": several(count)},
            hits=several(ref("Hit")),
            links={"type": "object", "additionalProperties": _MAYBE_STRING},
        ),
        "Hit": _object(
            **passage,
            report=_object(**short),
            item={"type": ["integer", "null"], "description": "Number of the 一是-item of the first match."},
            matches=several(_SPAN | {"description": "Code points of text, half-open."}),
            snippet_html={"type": "string", "description": "Escaped except for <mark>."},
            score={"type": "number", "description": "Comparable within one query only."},
            same={"type": "integer", "description": "With collapse: how many others have this text."},
        ),
        "Suggestions": _object(suggestions=several(_object(q=_STRING, paragraphs=_INTEGER))),
        "Concordance": _object(
            total=_object(occurrences=_INTEGER),
            **paging,
            lines=several(_object(id=_STRING, url=_STRING, report=_object(**short), before=_STRING, match=_STRING, after=_STRING)),
        ),
        "ReportList": _object(total=_object(reports=_INTEGER), **paging, reports=several(ref("ReportInfo"))),
        "ReportInfo": _object(**short, url=_STRING, type=_STRING),
        "Report": _object(**short, url=_STRING, type=_STRING, passages=several(_object(**passage))),
        "Passage": _object(**passage),
        "Problem": _object(title=_STRING, status=_INTEGER, detail=_STRING),
    }
