"""Python types to JSON Schema (2020-12), as far as `shapes` needs it."""

from __future__ import annotations

import types
from enum import StrEnum
from typing import Annotated, Any, Literal, NotRequired, Union, get_args, get_origin, get_type_hints, is_typeddict

Schema = dict[str, Any]
_NAMES = {str: "string", int: "integer", float: "number", bool: "boolean", types.NoneType: "null", None: "null"}


def schema_of(shape: Any, named: dict[str, Schema]) -> Schema:
    """The schema of a type; that of each TypedDict in it goes into `named`, by its class's name."""
    origin, args = get_origin(shape), get_args(shape)
    if origin is Annotated:
        return schema_of(args[0], named) | {"description": args[1]}
    if origin in (Union, types.UnionType):
        return _one_of([schema_of(arg, named) for arg in args])
    if origin is list:
        return {"type": "array", "items": schema_of(args[0], named)}
    if origin is tuple:
        return {"type": "array", "items": schema_of(args[0], named), "minItems": len(args), "maxItems": len(args)}
    if origin is dict:
        return {"type": "object", "additionalProperties": schema_of(args[1], named)}
    if is_typeddict(shape):
        if shape.__name__ not in named:
            named[shape.__name__] = {}  # it may refer to itself
            named[shape.__name__] = _object(shape, named)
        return {"$ref": f"#/components/schemas/{shape.__name__}"}
    if origin is Literal:
        return {"type": "string", "enum": list(args)}
    if isinstance(shape, type) and issubclass(shape, StrEnum):
        return {"type": "string", "enum": [member.value for member in shape]}
    return {"type": _NAMES[shape]}


def _one_of(schemas: list[Schema]) -> Schema:
    if all(set(schema) == {"type"} for schema in schemas):
        return {"type": [schema["type"] for schema in schemas]}
    return {"anyOf": schemas}


def _object(shape: Any, named: dict[str, Schema]) -> Schema:
    hints = get_type_hints(shape, include_extras=True)
    optional = {name for name, hint in hints.items() if get_origin(hint) is NotRequired}
    return {
        "type": "object",
        "description": shape.__doc__,
        "properties": {name: schema_of(get_args(hint)[0] if name in optional else hint, named) for name, hint in hints.items()},
        "required": [name for name in hints if name not in optional],
    }
