"""Translates a plan (query tree, filters, order, facets) into the cluster's query JSON. Pure."""

from __future__ import annotations

from indexer.declared import Value
from indexer.engines.boundary import Plan
from indexer.engines.common import ORDERS, Key
from indexer.engines.opensearch.cluster import Json
from indexer.engines.opensearch.documents import BIGRAMS, FOLDED, neighbours, token
from indexer.facets import Condition
from indexer.fields import FILTERS
from indexer.model import Kind
from indexer.query.tree import And, IssuerHolds, Near, Node, Not, Or, PartIs, Query, RegionIs, Term, TitleHolds, YearIs
from indexer.ranking import length_norm, saturation, sentence_tokens
from indexer.request import Sort

MOST_VALUES = 50_000
"""Most values of a facet that are counted: more than a country has issuers, and below the cluster's limit of 65,535 per reply."""

SHORT = saturation(1.0, length_norm(1.1, 1.0)) / saturation(1.0, length_norm(0.1, 1.0))
"""The share of its score that a heading or title keeps. `ranking.average_counted` adds the average length to that of a short passage,
which a cluster cannot do; this is the ratio that results for a passage of a tenth of the average length."""


def passages_of(plan: Plan, conditions: list[Condition]) -> Json:
    """The scored query for the passages that match a plan's query and pass these filters."""
    clauses: Json = {"filter": [_is("join", "passage"), *map(condition_clause, conditions)]}
    tree = plan.query.tree
    if tree is not None:
        if plan.query.sentence:
            clauses["filter"].append(_clause(tree))
            clauses["should"] = _sentence(plan.query)
        else:
            negative = {"terms": {"kind": [Kind.HEADING.value, Kind.TITLE.value]}}
            clauses["must"] = [{"boosting": {"positive": _clause(tree), "negative": negative, "negative_boost": SHORT}}]
    return {"bool": clauses}


def reports_of(conditions: list[Condition]) -> list[Json]:
    """Clauses for the reports that pass the filters on reports."""
    return [_is("join", "report"), *(condition_clause(c) for c in conditions if not c.field.of_passages)]


def holding(query: Json) -> Json:
    """The reports with passages that match a query, each scored by their number."""
    return {"has_child": {"type": "passage", "score_mode": "sum", "query": {"constant_score": {"filter": query}}}}


def but(query: Json) -> Json:
    """All passages that a query does not match."""
    return {"bool": {"filter": [_is("join", "passage")], "must_not": [query]}}


def both(query: Json, other: Json) -> Json:
    """The documents that both queries match."""
    return {"bool": {"filter": [query, other]}}


def word(text: str) -> Json:
    """The passages that contain a word."""
    return _is("words", token(text))


def condition_clause(condition: Condition) -> Json:
    """The documents that pass one filter."""
    clauses: list[Json] = []
    if condition.values:
        clauses.append(_any([_value_clause(condition, value) for value in sorted(condition.values, key=str)]))
    if condition.year_from is not None or condition.year_to is not None:
        bounds = {"gte": condition.year_from, "lte": condition.year_to}
        clauses.append({"range": {condition.facet: {name: value for name, value in bounds.items() if value is not None}}})
    return {"bool": {"filter": clauses}}


def _value_clause(condition: Condition, value: Value) -> Json:
    if value is None:
        return _without(condition.facet)
    return _is(condition.facet if condition.field.closed else f"{condition.facet}{FOLDED}", value)


def _clause(node: Node) -> Json:
    match node:
        case Term(text):
            return _term(text)
        case Near(left, right, distance):
            orders = ([left, right], [right, left])
            return {"intervals": {"chars": {"any_of": {"intervals": [_in_order([t.text for t in order], distance) for order in orders]}}}}
        case YearIs(low, high):
            return _without("year") if low is None or high is None else {"range": {"year": {"gte": low, "lte": high}}}
        case RegionIs(code):
            return _is("region", code)
        case PartIs(part):
            return _is("section", part)
        case TitleHolds(text):
            return _of_report("title_chars", text)
        case IssuerHolds(text):
            return _of_report("issuer_chars", text)
        case And(children):
            excluded = [_clause(child.child) for child in children if isinstance(child, Not)]
            scored = [_clause(child) for child in children if isinstance(child, Term | Near | And | Or)]
            others = [_clause(child) for child in children if not isinstance(child, Term | Near | And | Or | Not)]
            return {"bool": {"must": scored, "filter": others, "must_not": excluded}}
        case Or(children):
            return _any([_clause(child) for child in children])
        case Not(child):
            return {"bool": {"must_not": [_clause(child)]}}


def _term(text: str) -> Json:
    """The passages whose folded text contains `text`: a bigram for two characters, a phrase of characters for more.

    A phrase is checked only in passages with all its bigrams, which are rarer than its characters.
    """
    if len(text) == 1:
        return _is("chars", text)
    if len(text) == 2:
        return _is(BIGRAMS, text)
    return {"bool": {"must": [_phrase("chars", text)], "filter": [_is(BIGRAMS, pair) for pair in neighbours(text)]}}


def _in_order(texts: list[str], distance: int) -> Json:
    """One text, followed by the other at most `distance` characters after its end."""
    sides = [{"match": {"query": text, "ordered": True, "max_gaps": 0}} for text in texts]
    return {"all_of": {"ordered": True, "max_gaps": distance, "intervals": sides}}


def _of_report(field: str, text: str) -> Json:
    return {"has_parent": {"parent_type": "report", "query": _phrase(field, text)}}


def _phrase(field: str, text: str) -> Json:
    return {"match_phrase": {field: text}}


def _is(field: str, value: object) -> Json:
    return {"term": {field: {"value": value}}}


def _without(field: str) -> Json:
    return {"bool": {"must_not": [{"exists": {"field": field}}]}}


def _any(clauses: list[Json]) -> Json:
    return clauses[0] if len(clauses) == 1 else {"bool": {"should": clauses, "minimum_should_match": 1}}


def _sentence(query: Query) -> list[Json]:
    """The clauses that rank passages for a sentence; a token that occurs twice counts twice."""
    of_fields = sentence_tokens(query.sentence)
    values = {
        "words": {token(word): count for word, count in of_fields["words"].items()},
        BIGRAMS: of_fields["bigrams"],
        "chars": of_fields["chars"],
    }
    return [{"term": {field: {"value": text, "boost": count}}} for field, own in values.items() for text, count in own.items()]


def order(plan: Plan) -> list[Json]:
    """How hits are sorted; without a query there are no scores, so relevance becomes newest first."""
    sort = Sort.NEWEST if plan.sort is Sort.RELEVANCE and plan.query.tree is None else plan.sort
    return [{"_score": "desc"} if key.field == "score" else {key.field: _direction(key)} for key in ORDERS[sort]]


def _direction(key: Key) -> Json:
    # The most specific of several values is the greatest: a county's code is greater than its province's.
    direction = {"order": "desc" if key.falling else "asc", "missing": "_last"}
    return direction | {"mode": "max"} if key.field in FILTERS else direction


def facet_counts(name: str) -> Json:
    """The aggregation that counts a facet's values; see `unknown` for missing ones."""
    return {"terms": {"field": name, "size": MOST_VALUES}}


def unknown(name: str) -> Json:
    """The aggregation that counts passages without a value of this facet."""
    return {"missing": {"field": name}}
