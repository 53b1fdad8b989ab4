"""Converts Word's EQ fields to text: ruby, a character in a circle, a fraction, a root."""

from __future__ import annotations

import re

_START = re.compile(r"\s*eq\b", re.IGNORECASE)
_OPTIONS = re.compile(r'\\\*\s*(?:"[^"]*"|\S+)')
_ITEM = re.compile(r"\\([a-z]++)(?:\s*+\\(?:[a-z]++\d++|[a-z]{2}(?![a-z])))*+(\s*+(?:\d++\s*+)?\()?", re.IGNORECASE)
"""A switch with its options, and the bracket of its arguments. Without a bracket none of the options is a switch with one either."""
_MAX_DEPTH = 20


def equation_text(instruction: str) -> str | None:
    """The text of an EQ field, with only the base text of ruby; None if the instruction is not an EQ field."""
    match = _START.match(instruction)
    return " ".join(_text(_OPTIONS.sub("", instruction[match.end() :]), 0).split()) if match else None


def _text(formula: str, depth: int) -> str:
    shown, end = "", 0
    while depth < _MAX_DEPTH and (match := _ITEM.search(formula, end)):
        if not match[2]:
            shown += formula[end : match.end()]
            end = match.end()
            continue
        shown += formula[end : match.start()]
        arguments, end = _arguments(formula, match.end())
        shown += _switch_text(match[1].lower(), [_text(argument, depth + 1) for argument in arguments])
    return re.sub(r"\\(?=[\\(),;])", "", shown + formula[end:])


def _switch_text(kind: str, arguments: list[str]) -> str:
    if kind == "o":
        # The last argument of an overstrike is the base text under its ruby, or the character in a circle.
        return arguments[-1]
    if kind == "f":
        return "/".join(arguments)
    if kind == "r":
        return "√" + arguments[-1]
    if kind in ("b", "x"):
        return f"({arguments[0]})" if kind == "b" else arguments[0]
    return " ".join(arguments) if kind == "a" else "".join(arguments)


def _arguments(formula: str, start: int) -> tuple[list[str], int]:
    """The arguments up to the closing bracket of the list, and the offset after it."""
    found, depth, begin = [], 0, start
    for position in range(start, len(formula)):
        char = formula[position]
        if position > start and formula[position - 1] == "\\":
            continue
        if char == "(":
            depth += 1
        elif char == ")" and depth:
            depth -= 1
        elif char in ",;)" and not depth:
            found.append(formula[begin:position])
            begin = position + 1
            if char == ")":
                return found, begin
    return [*found, formula[begin:]], len(formula)
