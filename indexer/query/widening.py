"""Synonyms of typed terms: which could be searched for as well, and the query that does so. Pure."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from indexer.query.tree import And, Node, Or, Query, Term, joined

Synonyms = Mapping[str, tuple[str, ...]]


def offered(query: Query, synonyms: Synonyms) -> list[tuple[str, list[str]]]:
    """Each typed term that has synonyms, with those that are not in the query yet."""
    if query.tree is None or query.sentence:
        return []
    typed = [term.text for term in query.terms]
    others = [(text, [other for other in synonyms.get(text, ()) if other not in typed]) for text in typed]
    return [(text, writings) for text, writings in others if writings]


def widened(query: Query, chosen: Collection[str], synonyms: Synonyms) -> Query:
    """The query for each term or any of its chosen synonyms; excluded terms and NEAR pairs stay as they are."""

    def widen(node: Node) -> Node:
        match node:
            case Term(text):
                also = [Term(other) for other in synonyms.get(text, ()) if other in chosen]
                return Or((node, *also)) if also else node
            case And(children):
                return And(tuple(map(widen, children)))
            case Or(children):
                return joined(Or, [widen(child) for child in children])
            case _:
                return node

    return Query(widen(query.tree), query.mode) if query.tree is not None else query
