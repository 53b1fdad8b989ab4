"""What a field declares where it is defined, as an attribute of `Report` or `Passage`; `indexer.fields` makes tables of it.

What its type says is not repeated: a `StrEnum` has its choices, what may be None may be unknown, a tuple has several values.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

Value = str | int | None
"""What is filtered by and counted; None: unknown."""

DETAIL = "\x1f"
"""Stands in what is stored beside values and is none itself, see `Field.details`."""


def is_detail(value: Value) -> bool:
    """Whether something stored with the values of a field is a detail of one of them."""
    return isinstance(value, str) and DETAIL in value


def plain_values(held: Any) -> tuple[Value, ...]:
    """The values of an attribute that holds a value or a tuple of them; at least one, None where it holds none."""
    several = held if isinstance(held, tuple) else (held,)
    return tuple(value.value if isinstance(value, StrEnum) else value for value in several) or (None,)


@dataclass(frozen=True, slots=True, kw_only=True)
class Field:
    """A field of a report or a passage."""

    meaning: str = ""
    """For readers of the API's description."""
    brief: bool = False
    """Whether it is part of how every hit names its report."""
    listed: bool = True
    """Whether the API gives it with every report; `reindex --json` does."""
    shown: bool = False
    """Whether the report's page gives it."""
    corrected: bool = False
    """Whether `corrections.csv` can set it right."""
    read: Callable[[str], Any] | None = None
    """Its value from a text; raises `ValueError` or `InvalidRequest` with what was expected. None: as its type says."""

    plural: str = ""
    """The name of its filter in Python; none: it is no filter."""
    singular: str = ""
    """The name of its parameter and its facet where that is not the attribute's, as where one report has several values."""
    wanted: str = ""
    """What may be wanted, where `meaning` does not say it."""
    values: Callable[[Any], tuple[Value, ...]] = plain_values
    """What it counts for, from what the attribute holds: at least one value, the most exact one last."""
    details: Callable[[Any], tuple[str, ...]] | None = None
    """What is stored beside the values, from what the attribute holds, so that an index knows of each value how else it is
    written. Each is the value, `DETAIL`, and the detail; they are not filtered by and never shown."""
    sparse: bool = False
    """Whether having no value is usual and tells nothing."""
    label: Callable[[str], str | None] | None = None
    """The name of a value that is a code."""
    called: Callable[[Any], str] | None = None
    """The name of its value, from what the attribute holds; for codes that do not tell it."""
    choices: tuple[str, ...] = ()
    """All values there are; none: any."""
    ranged: bool = False
    """Whether it is filtered from one value to another too."""
    nested: bool = False
    """Whether one value contains others, as a province does its cities."""
    aside: bool = False
    """Whether it tells kinds of passages apart rather than what they are about: no filter to browse by, not offered on the page."""

    name: str = ""
    """Of the parameter and the facet; the attribute's by default."""

    # What follows is found out by `indexer.fields`.
    attribute: str = ""
    """What it is read from."""
    of_passages: bool = False
    """Whether the passages of a report differ in it."""
    of_numbers: bool = False
    may_be_unknown: bool = False
    hint: Any = None
    """The attribute's type."""

    @property
    def closed(self) -> bool:
        """Whether its values are those of a list or code; others are compared under `fold`."""
        return self.of_numbers or bool(self.choices) or self.label is not None

    def values_of(self, holder: Any) -> tuple[Value, ...]:
        """What a report (a passage, if `of_passages`) counts for: at least one value, each once, None for unknown."""
        held = getattr(holder, self.attribute)
        return (None,) if held is None else tuple(dict.fromkeys(self.values(held)))

    def stored_of(self, holder: Any) -> tuple[Value, ...]:
        """The values of a report or a passage and their details: what engines store."""
        values = self.values_of(holder)
        return values if self.details is None else tuple(dict.fromkeys((*values, *self.details(getattr(holder, self.attribute)))))

    def value_of(self, text: str) -> Value:
        """The value that a text stands for: the code of a place's name.

        Raises:
            InvalidRequest: It stands for none.
        """
        return self.values(self.read(text))[-1] if self.read else text


def declared(**properties: Any) -> Mapping[str, Field]:
    """Metadata of a dataclass's attribute: that it is a field, and what `Field` has of it."""
    return {"declared": Field(**properties)}
