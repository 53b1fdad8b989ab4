"""How a field is declared where it is defined, as an attribute of `Report` or `Passage`; `indexer.fields` makes tables of these.

What the attribute's type says is not repeated: a `StrEnum` has its choices, an optional value may be unknown, a tuple has several values.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

Value = str | int | None
"""A value to filter and count by; None for unknown."""

DETAIL = "\x1f"
"""Separates value and detail in stored strings; never occurs in a value itself. See `Field.details`."""


def is_detail(value: Value) -> bool:
    """Whether a stored string is a detail of a value rather than a value."""
    return isinstance(value, str) and DETAIL in value


def plain_values(held: Any) -> tuple[Value, ...]:
    """The values of an attribute that holds a value or a tuple of them; `(None,)` if it holds none."""
    several = held if isinstance(held, tuple) else (held,)
    return tuple(value.value if isinstance(value, StrEnum) else value for value in several) or (None,)


@dataclass(frozen=True, slots=True, kw_only=True)
class Field:
    """A field of a report or a passage."""

    meaning: str = ""
    """The description in the API reference."""
    brief: bool = False
    """Whether every hit carries it to identify its report."""
    listed: bool = True
    """Whether the API returns it with every report; `reindex --json` always does."""
    shown: bool = False
    """Whether the report's page shows it."""
    corrected: bool = False
    """Whether `corrections.csv` can correct it."""
    read: Callable[[str], Any] | None = None
    """Converts text to a value; raises `ValueError` or `InvalidRequest` with what was expected. None: follows from the type."""

    plural: str = ""
    """The name of its filter in Python; empty if it is not a filter."""
    singular: str = ""
    """The name of its parameter and facet where that differs from the attribute's, for example where a report has several values."""
    wanted: str = ""
    """The description of its filter, if `meaning` does not fit."""
    values: Callable[[Any], tuple[Value, ...]] = plain_values
    """Maps what the attribute holds to the values it counts for: at least one, the most specific last."""
    details: Callable[[Any], tuple[str, ...]] | None = None
    """Maps what the attribute holds to details that are stored beside the values, so that an index knows how else each value is
    written. Each is the value, `DETAIL`, and the detail; they are not filtered by and never shown."""
    sparse: bool = False
    """Whether having no value is the usual case and says nothing."""
    label: Callable[[str], str | None] | None = None
    """Maps a code to its name."""
    called: Callable[[Any], str] | None = None
    """Maps what the attribute holds to a name, for values whose code does not tell it."""
    choices: tuple[str, ...] = ()
    """All possible values; empty if any is possible."""
    ranged: bool = False
    """Whether it can also be filtered by a range."""
    nested: bool = False
    """Whether one value contains others, as a province does its cities."""
    aside: bool = False
    """Whether it tells kinds of passages apart rather than their topics: not offered on the page as a filter to browse by."""

    name: str = ""
    """The name of the parameter and the facet; by default the attribute's."""

    # The following are filled in by `indexer.fields`.
    attribute: str = ""
    """The attribute it is read from."""
    of_passages: bool = False
    """Whether it belongs to passages rather than to the whole report."""
    of_numbers: bool = False
    may_be_unknown: bool = False
    hint: Any = None
    """The attribute's type."""

    @property
    def closed(self) -> bool:
        """Whether its values come from a fixed list or are codes or numbers; others are compared under `fold`."""
        return self.of_numbers or bool(self.choices) or self.label is not None

    def values_of(self, holder: Any) -> tuple[Value, ...]:
        """The values that a report (a passage, if `of_passages`) counts for: at least one, without repetitions, None for unknown."""
        held = getattr(holder, self.attribute)
        return (None,) if held is None else tuple(dict.fromkeys(self.values(held)))

    def stored_of(self, holder: Any) -> tuple[Value, ...]:
        """The values of a report or a passage with their details, as engines store them."""
        values = self.values_of(holder)
        return values if self.details is None else tuple(dict.fromkeys((*values, *self.details(getattr(holder, self.attribute)))))

    def value_of(self, text: str) -> Value:
        """The value that a text stands for, such as the code of a named place.

        Raises:
            InvalidRequest: It stands for none.
        """
        return self.values(self.read(text))[-1] if self.read else text


def declared(**properties: Any) -> Mapping[str, Field]:
    """Metadata for a dataclass attribute that declares it as a field with these properties of `Field`."""
    return {"declared": Field(**properties)}
