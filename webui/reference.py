"""The pages that describe the API to people: the OpenAPI description in the language of the request."""

from __future__ import annotations

import re
from dataclasses import dataclass
from urllib.parse import quote

from flask import Blueprint, abort, render_template
from markupsafe import Markup, escape

from indexer import IndexerError, SearchRequest, Sort, gettext
from webui.json_schema import Schema
from webui.live import current_index
from webui.openapi import describe
from webui.tables import FORMS

bp = Blueprint("reference", __name__)

DATA = "/api/data"

EXAMPLES = {
    "search": "?q=行政复议&facets=year,section&per_page=3",
    "years": "?q=行政复议",
    "corpus": "?level=县",
    "suggest": "?q=行政复",
    "concordance": "?q=行政复议&context=right",
    "statistics": "?q=行政复议&indicator=行政复议受理&by=year",
    "indicators": "",
    "instruments": "?q=条例",
    "common": "",
    "required": "?year=2022",
    "matrix": "?q=行政复议&sort=first",
    "words": "?year=2022",
    "batch": "?terms=行政复议%0A一网通办&by=year",
    "listReports": "?q=行政复议&mention=no",
    "listRemarks": "?remark=year-missing&per_page=5",
    "similar": "?text=加强行政复议规范化建设",
    "units": "?level=县",
    "getUnit": "",
    "getReport": "",
    "getParagraph": "",
}
"""The query string of an example that works, by operation id."""


FEW = 3
"""An operation with at most this many parameters of a search describes them itself."""


@dataclass(frozen=True, slots=True)
class Operation:
    """An operation: one method of one path."""

    path: str
    method: str
    """GET, or POST if a body is sent."""
    described: Schema
    searches: bool
    """Whether it takes the parameters of a search, which are described once for all."""
    some: list[str]
    """The names of the parameters of a search that it takes, if these are more than `FEW` but not all."""
    own: list[Schema]
    """Its other parameters, those that it describes otherwise, and those of its files only."""
    example: str | None
    files: list[tuple[str, Schema, str]]
    """For each form of a file of the whole result: the form, the operation, and a link that works."""


@bp.get("/api/")
def reference() -> str:
    """Every operation with its parameters and a link to try."""
    described = describe()
    items = described["paths"]
    common = next(iter(items.values()))["get"]["parameters"]
    names = {parameter["name"] for parameter in common}
    operations = []
    for path, method, item in ((path, method, item) for path, methods in items.items() for method, item in methods.items()):
        if path.rpartition(".")[0] in items:
            continue
        parameters = item.get("parameters", [])
        searches = names <= {parameter["name"] for parameter in parameters}
        shared = [parameter["name"] for parameter in parameters if parameter in common]
        some = [] if searches or len(shared) <= FEW else shared
        own = [parameter for parameter in parameters if not (parameter in common and (searches or some))]
        shown = example(path, item["operationId"]) if method == "get" else None
        forms = [form for form in FORMS if method == "get" and f"{path}.{form}" in items]
        files = [(form, items[f"{path}.{form}"]["get"], (shown or "").replace(path, f"{path}.{form}", 1)) for form in forms]
        own += [one for _form, file, _url in files for one in file["parameters"] if one not in parameters]
        operations.append(Operation(path, method.upper(), item, searches, some, own, shown, files))
    return render_template(
        "reference.html",
        q="",
        about=described["info"],
        operations=operations,
        common=common,
        kind=kind,
        translated=translated,
    )


@bp.get(DATA)
def data() -> str:
    """Every shape of a reply."""
    return render_template("reference_data.html", q="", shapes=sorted(_shapes().items()), address=address, translated=translated)


@bp.get(f"{DATA}/<name>")
def shape(name: str) -> str:
    """A shape with its fields."""
    if name not in _shapes():
        abort(404)
    return render_template("reference_shape.html", q="", name=name, shape=_shapes()[name], kind=kind, translated=translated)


def _shapes() -> dict[str, Schema]:
    return describe()["components"]["schemas"]  # type: ignore[no-any-return]


def address(name: str) -> str:
    """The address where a shape is described."""
    return f"{DATA}/{name}"


def example(path: str, operation: str) -> str | None:
    """A link that works; None if it needs a report and none is held."""
    if "{id}" in path or operation in ("compare", "promises"):
        try:
            listed = current_index().list_reports(SearchRequest(sort=Sort.NEWEST, per_page=2)).reports
        except IndexerError:
            return None
        if not listed:
            return None
        first, last = (quote(one.report.id) for one in (listed[0], listed[-1]))
        if operation == "getUnit":
            unit = next((one.report.unit for one in listed if one.report.unit), None)
            return path.replace("{id}", quote(unit.id)) if unit else None
        if operation == "compare":
            return f"{path}?left={last}&right={first}"
        if operation == "promises":
            return f"{path}?report={last}"
        path = path.replace("{id}", first + ("~t" if operation == "getParagraph" else ""))
    return path + EXAMPLES[operation]


def translated(text: str) -> Markup:
    """A text of the description in the language of the request, names between backticks as code."""
    return Markup(re.sub("`([^`]+)`", r"<code>\1</code>", str(escape(gettext(text)))))


def kind(schema: Schema) -> Markup:
    """A type in words, shapes as links: `Hit[]`, `integer 1–100`, `exact | all`."""
    if "$ref" in schema:
        name = schema["$ref"].rpartition("/")[2]
        return Markup('<a href="%s">%s</a>') % (address(name), name)
    if "anyOf" in schema:
        return Markup(" | ").join(kind(one) for one in schema["anyOf"])
    match schema.get("type"):
        case "array":
            inner = kind(schema["items"])
            if "maxItems" in schema:
                return Markup("[%s]") % Markup(", ").join([inner] * schema["maxItems"])
            return Markup("(%s)[]" if " | " in inner else "%s[]") % inner
        case "object" if "additionalProperties" in schema:
            return Markup("{string: %s}") % kind(schema["additionalProperties"])
        case list(kinds):
            return escape(" | ".join(kinds))
    values = schema.get("enum") or ([schema["const"]] if "const" in schema else [])
    if values:
        return escape(" | ".join(values))
    least, most = schema.get("minimum", ""), schema.get("maximum", "")
    return escape(f"{schema['type']} {least}–{most}" if least != "" or most != "" else schema["type"])
