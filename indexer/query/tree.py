"""The query tree: what a query means, free of how it was typed and of any engine."""

from __future__ import annotations

from dataclasses import dataclass

from indexer.request import Mode


@dataclass(frozen=True, slots=True)
class Term:
    """The passage's folded text holds `text` (folded, not empty)."""

    text: str


@dataclass(frozen=True, slots=True)
class Near:
    """An occurrence of `left` and one of `right`, in either order, not overlapping.

    At most `distance` code points of folded text stand between them.
    """

    left: Term
    right: Term
    distance: int


@dataclass(frozen=True, slots=True)
class YearIs:
    """The report is about a year from `low` to `high`, both included; both None: the year is unknown."""

    low: int | None
    high: int | None


@dataclass(frozen=True, slots=True)
class RegionIs:
    """The report is of the place with this GB/T 2260 code or of one below it."""

    code: str


@dataclass(frozen=True, slots=True)
class PartIs:
    """The passage stands in this standard part."""

    part: str


@dataclass(frozen=True, slots=True)
class TitleHolds:
    """The report's folded title holds `text` (folded, not empty)."""

    text: str


@dataclass(frozen=True, slots=True)
class IssuerHolds:
    """The report's folded issuer holds `text` (folded, not empty)."""

    text: str


@dataclass(frozen=True, slots=True)
class And:
    """All children hold; at least two."""

    children: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Or:
    """At least one child holds; at least two."""

    children: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Not:
    """The child does not hold. Stands only below an `And` that has something positive too, or alone beside a filter."""

    child: Node


Leaf = Term | Near | YearIs | RegionIs | PartIs | TitleHolds | IssuerHolds
Node = Leaf | And | Or | Not


@dataclass(frozen=True, slots=True)
class Query:
    """A query as understood."""

    tree: Node | None
    """None: nothing was typed, the filters alone decide."""
    mode: Mode
    sentence: tuple[str, ...] = ()
    """In modes all and any: the folded pieces of text whose words, bigrams and characters rank; empty in the others."""


def positive_texts(node: Node | None) -> tuple[list[Term], list[Near]]:
    """The distinct terms and NEAR pairs that can be marked, in the order typed: all that stand outside exclusions."""
    terms: dict[Term, None] = {}
    nears: dict[Near, None] = {}

    def visit(node: Node) -> None:
        match node:
            case Term():
                terms[node] = None
            case Near():
                nears[node] = None
            case And(children) | Or(children):
                for child in children:
                    visit(child)
            case _:
                pass

    if node is not None:
        visit(node)
    return list(terms), list(nears)


def joined(kind: type[And] | type[Or], children: list[Node]) -> Node:
    """One node over all children: a single child stands for itself, children of the same kind are taken apart."""
    if len(children) == 1:
        return children[0]
    return kind(tuple(part for child in children for part in (child.children if isinstance(child, kind) else (child,))))
