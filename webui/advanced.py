"""高级检索: a form of fields that writes a query, shows it, and leads to its results; it reads back queries that its fields can express."""

from __future__ import annotations

from dataclasses import dataclass

from flask import Blueprint, redirect, render_template, request
from werkzeug.wrappers import Response as BaseResponse

from indexer import (
    FILTERS,
    MAX_DISTANCE,
    MAX_QUERY_LENGTH,
    InvalidQuery,
    InvalidRequest,
    Mode,
    QueryForm,
    SearchRequest,
    filled_form,
    words_of,
)
from webui.links import chips, named_filters
from webui.live import current_index
from webui.pages import search_url
from webui.params import Param, Shape, read_one, read_request

bp = Blueprint("advanced", __name__)

_MEANINGS = {
    "all": "Words that must all occur.",
    "any": "Words of which one must occur.",
    "none": "Words that must not occur.",
    "phrase": "What must occur as it stands.",
    "near": "A word.",
    "near_to": "A word that stands near it.",
}
_TEXTS = {name: Param(name, name, Shape.TEXT, meaning, most=MAX_QUERY_LENGTH) for name, meaning in _MEANINGS.items()}
_DISTANCE = Param("within", "within", Shape.NUMBER, "The most characters between the two.", most=MAX_DISTANCE)
_GO = Param("go", "go", Shape.FLAG, "1: to the results.")
_NAMES = (*_TEXTS, _DISTANCE.name, _GO.name)


@dataclass(frozen=True, slots=True)
class _Read:
    """What was filled in, or read from a query."""

    form: QueryForm
    filters: SearchRequest
    """The filters, without a query."""
    too_much: str = ""
    """The query if the form's fields cannot express it, else empty."""


@bp.get("/advanced")
def advanced() -> str | BaseResponse | tuple[str, int]:
    """The form, the query that it writes, and how many passages match; with `go` a redirect to the results."""
    index = current_index()
    error: InvalidRequest | InvalidQuery | None = None
    read, wanted, total = _Read(QueryForm(), SearchRequest()), SearchRequest(), None
    try:
        read = _filled() if any(request.args.get(name) for name in _NAMES) else _read_back()
        wanted = read.filters.changed(query=read.too_much or read.form.text, collapse=True)
        if wanted.query or wanted.has_filter:
            total = index.run(index.read(wanted).on_page(1, 1)).total
            if read_one(_GO, request.args):
                return redirect(search_url(wanted))
    except (InvalidRequest, InvalidQuery) as problem:
        error = problem
    page = render_template(
        "advanced.html",
        q=read.too_much,
        form=read.form,
        too_much=read.too_much,
        wanted=wanted,
        filters=named_filters(read.filters),
        years=[chip.text for chip in chips(SearchRequest(year_from=read.filters.year_from, year_to=read.filters.year_to), {})],
        total=total,
        error=error,
        most=MAX_DISTANCE,
        levels=FILTERS["level"].choices,
        types=FILTERS["type"].choices,
        parts=FILTERS["section"].choices,
    )
    return (page, 400) if error else page


def _filled() -> _Read:
    """The form as filled in."""
    texts = {name: read_one(param, request.args) or "" for name, param in _TEXTS.items()}
    near = tuple(text for name in ("near", "near_to") if (text := texts[name].strip()))
    within = read_one(_DISTANCE, request.args)
    form = QueryForm(words_of(texts["all"]), words_of(texts["any"]), words_of(texts["none"]), texts["phrase"], near)
    if within is not None:
        form = QueryForm(form.all, form.any, form.none, form.phrase, form.near, within)
    return _Read(form, _filters())


def _filters() -> SearchRequest:
    return read_request(request.args, also=[*_NAMES, "q", "mode"])


def _read_back() -> _Read:
    """The form that expresses the query in the address; in mode all or any, its words, which are what those modes look for."""
    filters = _filters()
    query, mode = request.args.get("q", ""), request.args.get("mode", Mode.EXACT.value)
    if mode == Mode.LITERAL:
        return _Read(QueryForm(phrase=query), filters)
    parsed = current_index().read(filters.changed(query=query, mode=mode)).query
    filled = filled_form(parsed)
    if filled is None or any(filters.argument(name) for name in filled.filters):
        return _Read(QueryForm(), filters, query)
    return _Read(filled.form, filters.changed(**filled.filters))
