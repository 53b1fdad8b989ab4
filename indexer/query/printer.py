"""Prints a query tree as text: how a query was understood, in a form that parses to the same tree."""

from __future__ import annotations

from indexer.query.tree import And, IssuerHolds, Near, Node, Not, Or, PartIs, Query, RegionIs, Term, TitleHolds, YearIs


def print_query(query: Query) -> str:
    """The query as an exact query: every term quoted, brackets only where needed; empty if nothing was typed."""
    return _print(query.tree) if query.tree is not None else ""


def _print(node: Node) -> str:
    match node:
        case Term(text):
            return quoted(text)
        case Near(left, right, distance):
            return f"{quoted(left.text)} NEAR/{distance} {quoted(right.text)}"
        case YearIs(low, high):
            return "year:unknown" if low is None else f"year:{low:04}" if low == high else f"year:{low:04}-{high:04}"
        case RegionIs(code):
            return f"region:{code}"
        case PartIs(part):
            return f"section:{part}"
        case TitleHolds(text):
            return f"title:{quoted(text)}"
        case IssuerHolds(text):
            return f"issuer:{quoted(text)}"
        case And(children):
            return " ".join(_bracket(child) if isinstance(child, Or) else _print(child) for child in children)
        case Or(children):
            return " OR ".join(_print(child) for child in children)
        case Not(child):
            return "-" + (_bracket(child) if isinstance(child, And | Or | Near) else _print(child))


def _bracket(node: Node) -> str:
    return f"({_print(node)})"


def quoted(text: str) -> str:
    """The text as a quoted term of the query language."""
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'
