"""What an index is asked: `SearchRequest` and its choices. Replies are defined in `results`."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Any, TypeVar

from indexer.boilerplate import read_key
from indexer.declared import Value
from indexer.errors import InvalidRequest
from indexer.fields import FILTERS
from indexer.problems import Problem

FACETS = tuple(FILTERS)
MAX_PER_PAGE = 100

T = TypeVar("T")


class Mode(StrEnum):
    """How the query text is read."""

    EXACT = "exact"
    ALL = "all"
    ANY = "any"
    LITERAL = "literal"


class Sort(StrEnum):
    """The order of hits; ties are ordered by newer year, report id, position in the report."""

    RELEVANCE = "relevance"
    NEWEST = "-year"
    OLDEST = "year"
    REGION = "region"


class Novelty(StrEnum):
    """Which passages count, judged by the sentence that holds their first match."""

    ALL = "all"
    OWN = "own"
    """Passages whose sentence is not common, see `indexer.boilerplate`; also passages without a match."""


class Context(StrEnum):
    """What the lines of a concordance are sorted by."""

    NONE = "none"
    """The order of the passages, then the offset in the text."""
    LEFT = "left"
    """The text before the match, read from the match outwards."""
    RIGHT = "right"
    """The text after the match."""


@dataclass(frozen=True, slots=True)
class SearchRequest:
    """A search with its filters; values of one filter are ORed, filters are ANDed. None in a filter stands for unknown.

    Raises:
        InvalidRequest: A value is impossible or contradicts another; reports all such problems.
    """

    query: str = ""
    mode: Mode = Mode.EXACT
    filters: tuple[tuple[str, tuple[Value, ...]], ...] = ()
    """The names of fields (see `indexer.fields.FILTERS`) with their wanted values, in the order of the fields, none empty.
    Made by `of`. A region is given by its code, or by a name that means one place."""
    year_from: int | None = None
    year_to: int | None = None
    same: str | None = None
    """A passage's id: find only passages of its kind with the same folded text, including itself."""
    sentence: str | None = None
    """The printed key of a sentence (`Hit.sentence`): find only passages with a copy of it, figures ignored."""
    novelty: Novelty = Novelty.ALL
    sort: Sort = Sort.RELEVANCE
    page: int = 1
    per_page: int = 20
    facets: tuple[str, ...] = ()
    collapse: bool = False

    def __post_init__(self) -> None:
        problems = list(self._problems())
        if problems:
            raise InvalidRequest(*problems)

    @classmethod
    def of(cls, query: str = "", **wanted: Any) -> SearchRequest:
        """A request from plain values: strings for choices, any sequence for facets and filters. Filters have plural names (`years`).

        Raises:
            InvalidRequest: A name is unknown or a value impossible.
        """
        return cls(query).changed(**wanted)

    def changed(self, **wanted: Any) -> SearchRequest:
        """The request with these values changed; names as in `of`.

        Raises:
            InvalidRequest: A name is unknown or a value impossible.
        """
        values = dict(self.filters)
        values |= {name: _several(wanted.pop(field.plural)) for name, field in FILTERS.items() if field.plural in wanted}
        problems = []
        for name, value in wanted.items():
            if name not in type(self).__dataclass_fields__ or name == "filters":
                problems.append(Problem(name, "no-parameter", name=name))
            elif choice := _CHOICES.get(name):
                try:
                    wanted[name] = read_choice(name, value, choice)
                except InvalidRequest as error:
                    problems += error.problems
            elif name == "facets":
                wanted[name] = _several(value)
        if problems:
            raise InvalidRequest(*problems)
        return replace(self, **wanted, filters=tuple((name, values[name]) for name in FILTERS if values.get(name)))

    def values(self, name: str) -> tuple[Value, ...]:
        """The wanted values of a field; empty if it is not filtered by values."""
        return dict(self.filters).get(name, ()) if self.filters else ()

    def argument(self, name: str) -> Any:
        """The value of the argument of `of` with this name."""
        filtered = _FILTERED.get(name)
        return self.values(filtered) if filtered else getattr(self, name)

    @property
    def skip(self) -> int:
        """How many entries precede its page."""
        return (self.page - 1) * self.per_page

    def page_of(self, all_of_them: Sequence[T]) -> Sequence[T]:
        """The entries on its page; none past the end."""
        return all_of_them[self.skip : self.skip + self.per_page]

    def pages_of(self, total: int) -> int:
        """How many pages this many entries make."""
        return -(-total // self.per_page)

    def _problems(self) -> Sequence[Problem]:
        problems = list(self._of_wrong_types())
        if problems:
            return problems
        if self.page < 1:
            problems.append(Problem("page", "page-below-one", value=self.page))
        if not 1 <= self.per_page <= MAX_PER_PAGE:
            problems.append(Problem("per_page", "out-of-range", name="per_page", least=1, most=MAX_PER_PAGE, value=self.per_page))
        if self.year_from is not None and self.year_to is not None and self.year_from > self.year_to:
            problems.append(Problem("year_from", "years-reversed", first=self.year_from, last=self.year_to))
        if self.sentence is not None and read_key(self.sentence) is None:
            problems.append(Problem("sentence", "no-value", value=self.sentence, name="sentence"))
        for name in self.facets:
            if name not in FILTERS:
                problems.append(Problem("facets", "no-choice", value=name, known=FILTERS))
        for name, values in self.filters:
            field = FILTERS[name]
            for value in values:
                if not field.may_be_unknown if value is None else field.choices and value not in field.choices:
                    problems.append(Problem(name, "no-choice", value=str(value), known=field.choices))
        return problems

    def _of_wrong_types(self) -> Iterator[Problem]:
        """The values of other types than declared, which callers without a type checker can give."""
        for name in ("page", "per_page"):
            if not _is_number(value := getattr(self, name)):
                yield Problem(name, "no-number", value=str(value))
        for name in ("year_from", "year_to"):
            if (value := getattr(self, name)) is not None and not _is_number(value):
                yield Problem(name, "no-year", value=str(value))
        for name, values in self.filters:
            for value in values:
                if value is None:
                    continue
                if FILTERS[name].of_numbers and not _is_number(value):
                    yield Problem(name, "no-number", value=str(value))
                elif not FILTERS[name].of_numbers and not isinstance(value, str):
                    yield Problem(name, "no-string", value=str(value), name=name)

    @property
    def has_filter(self) -> bool:
        """Whether there is any filter besides the kind of passage; if so, the query may be empty."""
        bounded = self.year_from is not None or self.year_to is not None
        return bounded or self.same is not None or self.sentence is not None or any(not FILTERS[name].aside for name, _ in self.filters)


def _is_number(value: object) -> bool:
    """Whether a value is a whole number; True and False are none."""
    return isinstance(value, int) and not isinstance(value, bool)


def _several(values: Any) -> tuple[Any, ...]:
    """The values as a tuple; a string, a number, a choice or None is a single value."""
    return tuple(values) if isinstance(values, Iterable) and not isinstance(values, str) else (values,)


_FILTERED = {field.plural: name for name, field in FILTERS.items()}
_CHOICES: dict[str, type[StrEnum]] = {"mode": Mode, "sort": Sort, "novelty": Novelty}


Choice = TypeVar("Choice", bound=StrEnum)


def read_choice(name: str, value: str, choice: type[Choice]) -> Choice:
    """The choice of this name.

    Raises:
        InvalidRequest: There is no such choice; the problem names the parameter `name`.
    """
    try:
        return choice(value)
    except ValueError:
        raise InvalidRequest(Problem(name, "no-choice", value=value, known=choice)) from None
