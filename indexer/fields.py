"""The fields of reports and passages, as declared in `indexer.model`; whatever stores, filters, counts or prints fields uses these tables.

To add one, see CONTRIBUTING.md.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import fields, replace
from enum import StrEnum
from types import NoneType
from typing import Any, get_args, get_origin, get_type_hints

import msgspec

from indexer.declared import Field
from indexer.model import Passage, Report


def _declared(holder: type) -> Iterator[Field]:
    hints = get_type_hints(holder)
    for each in fields(holder):
        if (field := each.metadata.get("declared")) is not None:
            yield _completed(field, each.name, hints[each.name], holder is Passage)


def _completed(field: Field, name: str, hint: Any, of_passages: bool) -> Field:
    """The field completed with what follows from its type."""
    kinds = get_args(hint) or (hint,)
    choice = next((kind for kind in kinds if isinstance(kind, type) and issubclass(kind, StrEnum)), None)
    return replace(
        field,
        name=field.name or name,
        attribute=name,
        of_passages=of_passages,
        of_numbers=int in kinds,
        may_be_unknown=NoneType in kinds or get_origin(hint) is tuple,
        choices=field.choices or tuple(member.value for member in choice or ()),
        read=field.read or (_one_of(choice) if choice else str if str in kinds else None),
        hint=hint,
    )


def _one_of(choices: type[StrEnum]) -> Callable[[str], StrEnum]:
    def read(text: str) -> StrEnum:
        try:
            return choices(text)
        except ValueError as error:
            raise ValueError(f"expected one of {', '.join(choices)}") from error

    return read


FIELDS: dict[str, Field] = {field.name: field for holder in (Report, Passage) for field in _declared(holder)}
"""All fields by name, in the order of declaration."""
FILTERS: dict[str, Field] = {
    field.singular or field.name: replace(field, name=field.singular or field.name) for field in FIELDS.values() if field.plural
}
"""The fields that are filtered and counted: parameters, facets, columns of the engines."""


def of_reports() -> list[Field]:
    """The fields of reports."""
    return [field for field in FIELDS.values() if not field.of_passages]


_PLAIN = frozenset({str, int, float, bool, NoneType})


def as_json(value: Any) -> Any:
    """A field's value as commands and the API print it."""
    if type(value) in _PLAIN:
        return value
    if isinstance(value, tuple):
        return [as_json(one) for one in value]
    return value.as_json() if hasattr(value, "as_json") else msgspec.to_builtins(value)
