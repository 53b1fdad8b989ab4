"""Request arguments to a `SearchRequest` and back; the OpenAPI description is made from the same declarations."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache
from typing import Any
from urllib.parse import urlencode

from werkzeug.datastructures import MultiDict

from indexer import (
    FACETS,
    FILTERS,
    LONGEST_COMPARED,
    MAX_QUERY_LENGTH,
    MOST_TERMS,
    BatchBy,
    Context,
    Field,
    InvalidRequest,
    MatrixSort,
    Mode,
    Novelty,
    Problem,
    SearchRequest,
    Sort,
    State,
    UnitSort,
    WordSide,
    WordsOf,
    WordSort,
    fold,
)

UNKNOWN = "unknown"
"""Stands for "not known" where a filter takes it."""
MOST_VALUES = 50
"""The most values of one filter, since every link of a page repeats them all."""
LONGEST_VALUE = 1_000
"""The most characters of a text without a limit of its own: longer than any name, and every link of a page repeats it."""
LARGEST = 999_999_999
"""The largest number that is accepted."""


class Shape(StrEnum):
    """How an argument's text is read."""

    TEXT = "text"
    YEAR = "year"
    NUMBER = "number"
    CHOICE = "choice"
    LIST = "list"
    FLAG = "flag"


@dataclass(frozen=True, slots=True)
class Param:
    """One argument: its name outside, the field of `SearchRequest` it fills, and how it is read."""

    name: str
    field: str
    """For a filter, its plural."""
    shape: Shape
    meaning: str
    repeatable: bool = False
    may_be_unknown: bool = False
    choices: tuple[str, ...] = ()
    least: int | None = None
    most: int | None = None
    default: object = None


def _choice(name: str, meaning: str, default: StrEnum) -> Param:
    """An argument that names a member of an enumeration, by default this one."""
    return Param(name, name, Shape.CHOICE, meaning, choices=tuple(type(default)), default=default.value)


def _of_filter(field: Field) -> Iterator[Param]:
    """The arguments of a filter: its values, and the ends of a range if it has one."""
    yield Param(
        field.name,
        field.plural,
        Shape.YEAR if field.of_numbers else Shape.CHOICE if field.choices else Shape.TEXT,
        (field.wanted or field.meaning) + (f" {UNKNOWN}: those with none." if field.may_be_unknown else ""),
        repeatable=True,
        may_be_unknown=field.may_be_unknown,
        choices=field.choices,
        least=0 if field.of_numbers else None,
        most=9999 if field.of_numbers else None,
    )
    for end in ("from", "to") if field.ranged else ():
        yield Param(f"{field.name}_{end}", f"{field.name}_{end}", Shape.NUMBER, f"Values {end} this one.", least=0, most=9999)


PARAMS = (
    Param("q", "query", Shape.TEXT, "The query, at most 200 code points.", most=MAX_QUERY_LENGTH),
    _choice("mode", "How the query is read.", Mode.EXACT),
    *(param for field in FILTERS.values() for param in _of_filter(field)),
    Param("same", "same", Shape.TEXT, "A passage's id: only passages of the same kind with the same text."),
    Param(
        "sentence", "sentence", Shape.TEXT, "The key of a sentence, as given in hits: only passages with a copy of it, ignoring figures."
    ),
    _choice(
        "novelty",
        "own: leave out passages whose first match is in a sentence that occurs in reports of at least 5 units, ignoring figures.",
        Novelty.ALL,
    ),
    _choice("sort", "Order of hits.", Sort.RELEVANCE),
    Param("page", "page", Shape.NUMBER, "Page, from 1; a page past the end is empty.", least=1, default=1),
    Param("per_page", "per_page", Shape.NUMBER, "Hits per page.", least=1, most=100, default=20),
    Param("facets", "facets", Shape.LIST, "Facets to count, separated by commas.", choices=FACETS),
    Param("collapse", "collapse", Shape.FLAG, "1: passages of the same kind with the same text become one hit."),
)
OF_REPORTS = tuple(
    param.name
    for param in PARAMS
    if param.name in ("sort", "page", "per_page")
    or any(param.name in (field.name, f"{field.name}_from", f"{field.name}_to") for field in FILTERS.values() if not field.of_passages)
)
"""The arguments of lists of reports without a query: their filters, order and page."""
FILTERING = tuple(
    param.name
    for param in PARAMS
    if param.name in ("sentence", "novelty") or any(param.name in (name, f"{name}_from", f"{name}_to") for name in FILTERS)
)
"""The arguments that filter."""
_BY_FIELD = {param.field: param for param in PARAMS}
_DEFAULTS = {param.field: SearchRequest().argument(param.field) for param in PARAMS}


CONTEXT = _choice("context", "The order of the lines of a concordance.", Context.NONE)
MENTION = Param("mention", "mention", Shape.CHOICE, "no: reports that pass the filters but contain no match.", choices=("no",))

MATRIX_SORT = _choice("sort", "Order of units.", MatrixSort.REGION)
WORDS_OF = Param(
    "of",
    "of",
    Shape.CHOICE,
    "subset: words that distinguish the matching passages from all others. neighbours: words near the query's occurrences; the default "
    "if there is a query.",
    choices=tuple(WordsOf),
)
WORD_SORT = _choice("sort", "Order of the words of a subset.", WordSort.LIKELIHOOD)
WORD_SIDE = _choice("side", "Whether to list words that are more or less frequent in the subset than elsewhere.", WordSide.MORE)
PASSAGE = Param("passage", "passage", Shape.TEXT, "The id of the passage to find similar ones for; those of its own unit are left out.")
TEXT = Param("text", "text", Shape.TEXT, "The text to find similar passages for.", most=LONGEST_COMPARED)
REPORT = Param("report", "report", Shape.TEXT, "A report's id.")
LEFT = Param("left", "left", Shape.TEXT, "A report's id: the earlier one, shown on the left.")
RIGHT = Param("right", "right", Shape.TEXT, "A report's id: the one compared with it, shown on the right.")
UNIT_SORT = _choice("sort", "Order of units.", UnitSort.REGION)
BESIDE = Param("beside", "beside", Shape.TEXT, "Another unit, by id or name, to compare this one's reports with.")
UNITS_OF_SIDES = tuple(
    Param(
        f"{side.name}_unit", f"{side.name}_unit", Shape.TEXT, f"The name or id of a unit whose report is shown on the {side.name} instead."
    )
    for side in (LEFT, RIGHT)
)
DIFFERING = Param("differing", "differing", Shape.FLAG, "1: leave out what both reports have in common.")
EXPECTED = Param(
    "expected",
    "expected",
    Shape.CHOICE,
    "table: reports are due from every government in the table of places.",
    choices=("table",),
)
STATE = Param("state", "state", Shape.CHOICE, "Units with a year in this state.", choices=tuple(State))

LABEL = Param("label", "label", Shape.TEXT, "What is counted: the complete label of a figure.", most=MAX_QUERY_LENGTH)
BY_YEAR = Param(
    "by",
    "by",
    Shape.CHOICE,
    "year: one series per unit; fewer than per_page on a page if they have more than 1,000 figures.",
    choices=("year",),
)
TERMS = Param("terms", "terms", Shape.TEXT, f"Terms, one per line, at most {MOST_TERMS}, each read as a query in exact mode.")
BATCH_BY = _choice(
    "by", "year: one cell per year. region: one cell per province, or per place directly below each one that region= names.", BatchBy.YEAR
)
CHANGED_SINCE = Param(
    "changed_since",
    "changed_since",
    Shape.TEXT,
    "A generation, a date (UTC) or a time with its zone: full reports that changed since, and the ids of those removed.",
)
COMMON = Param("common", "common", Shape.CHOICE, "full: show the common sentences of a report like the others.", choices=("full",))
HIT = Param("hit", "hit", Shape.NUMBER, "The number of the mark in the report at which the reader is.", least=1)


def read_one(param: Param, args: MultiDict[str, str]) -> Any:
    """The value of an argument that is no part of a `SearchRequest`, None if it is absent or empty.

    Raises:
        InvalidRequest: It cannot be read.
    """
    return _value(param, text) if (text := args.get(param.name)) else None


def read_mention(args: MultiDict[str, str]) -> bool | None:
    """Which reports are listed: None those that mention the query, False those that do not.

    Raises:
        InvalidRequest: It is anything else.
    """
    return False if read_one(MENTION, args) else None


def refuse_arguments(args: MultiDict[str, str]) -> None:
    """Refuse all arguments, for an address that takes none.

    Raises:
        InvalidRequest: Names every argument.
    """
    if problems := _unknown(args, ()):
        raise InvalidRequest(*problems)


def _unknown(args: MultiDict[str, str], known: Collection[str]) -> list[Problem]:
    return [Problem(name, "no-parameter", name=name) for name in args if name not in known]


def read_context(args: MultiDict[str, str]) -> Context:
    """The order of a concordance.

    Raises:
        InvalidRequest: There is no such order.
    """
    return Context(read_one(CONTEXT, args) or Context.NONE)


def read_request(
    args: MultiDict[str, str], *, only: Collection[str] = (), also: Collection[str] = (), defaults: Mapping[str, Any] | None = None
) -> SearchRequest:
    """The request that arguments ask for; empty ones count as absent, as forms send them.

    Args:
        args: The arguments.
        only: The names that are allowed; all when empty.
        also: Further names that are allowed, which the caller reads; of those that are names of `PARAMS` too, nothing is read here.
        defaults: The values of fields whose argument is absent, if they are not those of `SearchRequest`.

    Raises:
        InvalidRequest: Names every argument that is unknown, repeated or has an impossible value.
    """
    known = {*(only or (param.name for param in PARAMS)), *also}
    problems = _unknown(args, known)
    wanted: dict[str, Any] = dict(defaults or {})
    for param in PARAMS:
        if param.name not in args or param.name in also:
            continue
        texts = [text for text in args.getlist(param.name) if text]
        if texts and param.shape is Shape.LIST:
            texts = [",".join(texts)]  # generated clients repeat the argument
        if len(texts) > 1 and not param.repeatable:
            problems.append(Problem(param.name, "only-once", name=param.name))
        if len(texts) > MOST_VALUES:
            problems.append(Problem(param.name, "too-many-values", name=param.name, count=len(texts), most=MOST_VALUES))
            texts = []
        values = []
        for text in texts:
            try:
                values.append(_value(param, text))
            except InvalidRequest as error:
                problems += error.problems
        if values:
            wanted[param.field] = tuple(values) if param.repeatable else values[0]
    if problems:
        raise InvalidRequest(*problems)
    return SearchRequest.of(wanted.pop("query", ""), **wanted)


def _value(param: Param, text: str) -> Any:
    if text == UNKNOWN and param.may_be_unknown:
        return None
    match param.shape:
        case Shape.NUMBER | Shape.YEAR:
            text = fold(text)  # full-width digits are digits
            if not (text.isascii() and text.isdecimal() and len(text) <= len(str(LARGEST))):
                wrong = Problem(param.name, "no-number", value=text)
                raise InvalidRequest(Problem(param.name, "no-year", value=text) if param.shape is Shape.YEAR else wrong)
            number = int(text)
            if not (param.least or 0) <= number <= (param.most or number):
                least, most = param.least or 0, param.most or LARGEST
                raise InvalidRequest(Problem(param.name, "out-of-range", name=param.name, value=number, least=least, most=most))
            return number
        case Shape.LIST:
            return tuple(part for part in text.split(",") if part)
        case Shape.FLAG:
            if text not in ("0", "1"):
                raise InvalidRequest(Problem(param.name, "no-choice", value=text, known=("0", "1")))
            return text == "1"
        case Shape.CHOICE:
            if text not in param.choices:
                raise InvalidRequest(Problem(param.name, "no-choice", value=text, known=param.choices))
            return text
        case _:
            # Texts with a limit of their own are checked where they are read.
            if param.most is None and len(text) > LONGEST_VALUE:
                raise InvalidRequest(Problem(param.name, "too-long", length=len(text), most=LONGEST_VALUE))
            return text


def write_args(request: SearchRequest, *, defaults: Mapping[str, Any] | None = None, **changes: Any) -> str:
    """The query string of a request with some fields changed; defaults are left out.

    Reading it with the same `defaults` gives that request. Any change except one of the page leads to the first page.
    """
    if changes and "page" not in changes:
        changes["page"] = 1
    written, known = _arguments(request, tuple(defaults.items()) if defaults else ())
    if changes:
        written = written | {field: _unless(known[field], field, value) for field, value in changes.items() if field in written}
    return "&".join(filter(None, written.values()))


@lru_cache(maxsize=16)
def _arguments(request: SearchRequest, defaults: tuple[tuple[str, Any], ...]) -> tuple[dict[str, str], dict[str, Any]]:
    """All arguments of a request as an address has them, by field and in order, and the default of each.

    Cached, since a page writes a hundred addresses of one request.
    """
    known = {**_DEFAULTS, **dict(defaults)}
    return {field: _unless(known[field], field, request.argument(field)) for field in _BY_FIELD}, known


def _unless(default: Any, field: str, value: Any) -> str:
    """One argument as an address has it; empty if it is the default."""
    return "" if value == default else _written(field, tuple(value) if isinstance(value, list) else value)


def _written(field: str, value: Any) -> str:
    """One argument as an address has it."""
    return _written_short(field, value) if len(repr(value)) <= LONGEST_CACHED else _written_anew(field, value)


def _written_anew(field: str, value: Any) -> str:
    param = _BY_FIELD[field]
    if param.shape is Shape.LIST:
        return urlencode({param.name: ",".join(value)})
    if param.shape is Shape.FLAG:
        return urlencode({param.name: int(value)})
    return urlencode([(param.name, UNKNOWN if one is None else one) for one in (value if param.repeatable else [value])])


LONGEST_CACHED = 400
"""Characters of a value whose argument is cached, so that the cache never holds more than a megabyte."""
_written_short = lru_cache(maxsize=1024)(_written_anew)
"""Cached, since the dozens of addresses on a page have most of their arguments in common."""
