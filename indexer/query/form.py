"""Converts a form of fields to a query and back, for users who do not want to write operators. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field

from indexer.analysis.fold import is_white
from indexer.query.printer import quoted
from indexer.query.tree import And, Near, Node, Not, Or, PartIs, Query, RegionIs, Term, YearIs

DISTANCE = 15
"""The default for the most characters between two words near each other."""

# A word without characters that may have a meaning, other than an operator.
_PLAIN = re.compile(r'(?!(?:OR|AND|NOT|NEAR/\d+)$)[^\s()（）|｜:："\\\-－]+')


@dataclass(frozen=True, slots=True)
class QueryForm:
    """A passage must hold every word of `all`, one of `any`, none of `none`, the phrase, and the two words near each other."""

    all: tuple[str, ...] = ()
    any: tuple[str, ...] = ()
    none: tuple[str, ...] = ()
    phrase: str = ""
    """The phrase with its spaces and punctuation."""
    near: tuple[str, ...] = ()
    """Two words; a single one must simply occur."""
    distance: int = DISTANCE
    """The most characters between those two."""

    @property
    def text(self) -> str:
        """The query in the query language; empty if nothing is filled in."""
        pieces = [_written(word) for word in self.all]
        if self.any:
            choice = " OR ".join(map(_written, self.any))
            pieces.append(f"({choice})" if len(self.any) > 1 and (pieces or self.phrase or self.near or self.none) else choice)
        if self.phrase.strip():
            pieces.append(quoted(self.phrase.strip()))
        if self.near:
            pieces.append(f" NEAR/{self.distance} ".join(map(_written, self.near[:2])))
        return " ".join([*pieces, *(f"-{_written(word)}" for word in self.none)])


@dataclass(frozen=True, slots=True)
class FilledForm:
    """A query as a form, with the fields in it as filters."""

    form: QueryForm
    filters: dict[str, list[object]] = field(default_factory=dict)
    """By the plural names that `SearchRequest.of` takes, and `year_from` and `year_to`."""


def words_of(text: str) -> tuple[str, ...]:
    """The words typed into a field, separated by white space."""
    return tuple("".join(" " if is_white(char) else char for char in text).split())


def _written(word: str) -> str:
    return word if _PLAIN.fullmatch(word) else quoted(word)


def filled_form(query: Query) -> FilledForm | None:
    """The form equivalent to a query in exact or literal mode; None if the form cannot express part of it."""
    tree = query.tree
    parts: dict[str, list[object]] = {"all": [], "any": [], "none": [], "phrase": [], "near": [], "filters": []}
    for child in tree.children if isinstance(tree, And) else () if tree is None else (tree,):
        if (found := _part(child)) is None:
            return None
        name, value = found
        parts[name].append(value)
    if any(len(parts[name]) > 1 for name in ("any", "phrase", "near")):
        return None
    filters: dict[str, list[object]] = {}
    for one in parts["filters"]:
        for name, value in one:  # type: ignore[attr-defined]
            if name in filters:
                return None  # two values of one filter would be ORed, but the query ANDs them
            filters[name] = value
    near = parts["near"][0] if parts["near"] else None
    return FilledForm(
        QueryForm(
            all=_words(parts["all"]),
            any=_words(parts["any"][0]) if parts["any"] else (),  # type: ignore[arg-type]
            none=tuple(word for words in parts["none"] for word in _words(words)),  # type: ignore[arg-type]
            phrase=str(parts["phrase"][0]) if parts["phrase"] else "",
            near=(near.left.text, near.right.text) if isinstance(near, Near) else (),
            distance=near.distance if isinstance(near, Near) else DISTANCE,
        ),
        filters,
    )


def _words(found: Iterable[object]) -> tuple[str, ...]:
    return tuple(map(str, found))


def _part(node: Node) -> tuple[str, object] | None:
    """The form field that a condition of a query belongs to, with its value; None if there is none."""
    match node:
        case Term(text):
            return ("all" if _is_word(node) else "phrase"), text
        case Or(children) if all(map(_is_word, children)):
            return "any", [child.text for child in children if isinstance(child, Term)]
        case Not(Term(text) as child) if _is_word(child):
            return "none", [text]
        case Not(Or(children)) if all(map(_is_word, children)):
            return "none", [child.text for child in children if isinstance(child, Term)]
        case Near():
            return "near", node
        case YearIs(int(low), int(high)):
            return "filters", [("year_from", low), ("year_to", high)]
        case YearIs(None, None):
            return "filters", [("years", [None])]
        case RegionIs(code):
            return "filters", [("regions", [code])]
        case PartIs(part):
            return "filters", [("sections", [part])]
        case _:
            return None


def _is_word(node: Node) -> bool:
    """Whether a condition is a word without white space, such as the fields for several words take."""
    return isinstance(node, Term) and not any(map(is_white, node.text))
