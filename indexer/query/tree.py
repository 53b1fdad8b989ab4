"""The query tree: what a query means, independent of how it was typed and of any engine."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from indexer.request import Mode


@dataclass(frozen=True, slots=True)
class Term:
    """The passage's folded text contains `text` (folded, not empty)."""

    text: str


@dataclass(frozen=True, slots=True)
class Near:
    """An occurrence of `left` and one of `right`, in either order, not overlapping.

    At most `distance` code points of folded text lie between them.
    """

    left: Term
    right: Term
    distance: int


@dataclass(frozen=True, slots=True)
class YearIs:
    """The report is on a year from `low` to `high`, both included; both None: the year is unknown."""

    low: int | None
    high: int | None


@dataclass(frozen=True, slots=True)
class RegionIs:
    """The report is from the place with this GB/T 2260 code or from a place in it."""

    code: str


@dataclass(frozen=True, slots=True)
class PartIs:
    """The passage is in this standard part."""

    part: str


@dataclass(frozen=True, slots=True)
class TitleHolds:
    """The report's folded title contains `text` (folded, not empty)."""

    text: str


@dataclass(frozen=True, slots=True)
class IssuerHolds:
    """The report's folded issuer contains `text` (folded, not empty)."""

    text: str


@dataclass(frozen=True, slots=True)
class And:
    """All children match; there are at least two."""

    children: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Or:
    """At least one child matches; there are at least two."""

    children: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Not:
    """The child does not match. Only occurs in an `And` that also has something positive, or alone beside a filter."""

    child: Node


Leaf = Term | Near | YearIs | RegionIs | PartIs | TitleHolds | IssuerHolds
Node = Leaf | And | Or | Not


@dataclass(frozen=True, slots=True)
class Query:
    """A parsed query."""

    tree: Node | None
    """None if nothing was typed, so that only the filters decide."""
    mode: Mode
    sentence: tuple[str, ...] = ()
    """In modes all and any: the folded pieces of text whose words, bigrams and characters are used for ranking; otherwise empty."""
    terms: tuple[Term, ...] = field(init=False, repr=False, compare=False)
    """The distinct terms to mark and count, in the order typed: all outside exclusions and NEAR."""
    nears: tuple[Near, ...] = field(init=False, repr=False, compare=False)
    """The distinct NEAR pairs to mark and count, likewise."""
    scored: tuple[str, ...] = field(init=False, repr=False, compare=False)
    """The distinct texts that BM25 scores in exact and literal mode, in the order typed: the terms, then both sides of NEAR."""

    def __post_init__(self) -> None:
        terms: dict[str, Term] = {}
        nears: dict[Near, None] = {}
        if self.tree is not None:
            _collect(self.tree, terms, nears)
        sides = [side.text for near in nears for side in (near.left, near.right)]
        object.__setattr__(self, "terms", (*terms.values(),))
        object.__setattr__(self, "nears", (*nears,))
        object.__setattr__(self, "scored", (*dict.fromkeys([*terms, *sides]),) if sides else (*terms,))


def _collect(node: Node, terms: dict[str, Term], nears: dict[Near, None]) -> None:
    """Collect the terms, by text, and the NEAR pairs outside exclusions."""
    # Most queries are a single term, or a handful of them.
    if isinstance(node, Term):
        terms[node.text] = node
    elif isinstance(node, (And, Or)):
        for child in node.children:
            _collect(child, terms, nears)
    elif isinstance(node, Near):
        nears[node] = None


def pairs_in(node: Node | None) -> Iterator[Near]:
    """Every NEAR pair of a tree, including excluded ones."""
    match node:
        case Near():
            yield node
        case And(children) | Or(children):
            for child in children:
                yield from pairs_in(child)
        case Not(child):
            yield from pairs_in(child)
        case _:
            pass


def joined(kind: type[And] | type[Or], children: list[Node]) -> Node:
    """One node for all children: a single child is returned itself, children of the same kind are merged into it."""
    if len(children) == 1:
        return children[0]
    parts: list[Node] = []
    for child in children:
        parts += child.children if isinstance(child, kind) else (child,)
    return kind(tuple(parts))


def holding_one_of(alternatives: Sequence[Sequence[str]]) -> Node:
    """The tree that matches texts with every folded piece (not empty) of at least one alternative (at least one piece each)."""
    return joined(Or, [joined(And, [Term(piece) for piece in pieces]) for pieces in alternatives])
