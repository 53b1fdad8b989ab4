"""Finds passages similar to a text: the ranking of sentences chooses candidates, which are scored by what they share with the text."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from rapidfuzz.distance import Indel
from rapidfuzz.fuzz import partial_ratio_alignment

from indexer.analysis import words
from indexer.analysis.fold import fold
from indexer.engines.boundary import Engine, FoundPassage, Plan
from indexer.errors import InvalidRequest
from indexer.facets import Condition
from indexer.matching import Span
from indexer.model import Kind, Report, passage_id
from indexer.outline import sentences
from indexer.problems import Problem
from indexer.query.tree import Node, Or, Query, Term, joined
from indexer.quotations.bare import Bare
from indexer.request import Mode

LONGEST = 2_000
"""Code points of the text up to which it is compared."""
MOST = 30
"""How many passages are listed."""
LEAST = 0.2
"""Least similarity for a passage to be listed: paragraphs on different subjects reach about 0.1 to 0.2 by chance."""
_CANDIDATES = 120
"""How many passages are compared, including those of the text's own unit."""
_RANKED = 300
"""Code points of the text that candidates are ranked by, since the cost grows with them; of longer texts, the beginnings of sentences."""
_LONGEST_COMPARED = 4_000
"""Code points of a passage that are compared; of the few longer passages, the beginning."""
_SHORTEST = 20
"""Shortest passage, in characters, that is compared with a longer text: half a sentence can be found in any long text."""
_RUN = 4
"""Characters from which a shared run is marked; shorter runs are chance."""
_PARAGRAPHS = Condition("kind", frozenset({Kind.PARAGRAPH.value}))


@dataclass(frozen=True, slots=True)
class SimilarPassage:
    """A passage, with its similarity."""

    found: FoundPassage
    similarity: float
    """0 to 1: the shorter text compared with the most similar stretch of the longer one, twice the characters that both have in the
    same order, divided by the characters of both (`rapidfuzz.fuzz.partial_ratio`), without punctuation."""
    shared: tuple[Span, ...]
    """The runs that both have, in order: half-open spans in code points of the passage's text."""

    @property
    def id(self) -> str:
        """The passage's id."""
        return passage_id(self.found.report.id, self.found.passage.anchor)


def similar(text: str, engine: Engine, conditions: Sequence[Condition], besides: Report | None = None) -> list[SimilarPassage]:
    """The paragraphs most similar to a text, most similar first; of paragraphs with equal texts, only the first in order.

    Args:
        text: The text; only its first `LONGEST` code points are compared.
        engine: The index to search.
        conditions: The filters that the paragraphs must pass.
        besides: The report that the text is from; paragraphs of its unit are left out, or only its own if the unit is unknown.

    Raises:
        InvalidRequest: The text contains no letter, digit or Han character.
    """
    text = text[:LONGEST]
    pieces = _ranked(text)
    tree = _tree(pieces)
    if tree is None:
        raise InvalidRequest(Problem("text", "sentence-without-words"))
    filters = [one for one in conditions if one.facet != "kind"] + [_PARAGRAPHS]
    plan = Plan(Query(tree, Mode.ANY, pieces), filters, take=_CANDIDATES, counts_occurrences=False)
    typed = Bare.of(text)
    found = [_compared(typed, one) for one in _of_others(engine.search(plan).passages, besides)]
    found = [one for one in found if one.similarity >= LEAST]
    # Equally similar passages stay in the order of the ranking.
    return sorted(found, key=lambda one: -one.similarity)[:MOST]


def _ranked(text: str) -> tuple[str, ...]:
    """The folded pieces of the text by which candidates are ranked."""
    if len(text) <= _RANKED:
        return tuple(filter(words.is_wordlike, (fold(text),)))
    spans = sentences(text)
    share = max(8, _RANKED // len(spans))
    step = max(1, -(-len(spans) * share // _RANKED))
    return tuple(filter(words.is_wordlike, (fold(text[start : min(end, start + share)]) for start, end in spans[::step])))


def _tree(pieces: Sequence[str]) -> Node | None:
    """The query for any of the pieces' words; only words of two or more characters, if there are any."""
    found = dict.fromkeys(word for piece in pieces for word in words.cut(piece) if words.is_wordlike(word))
    long = [word for word in found if len(word) > 1] or list(found)
    return joined(Or, [Term(word) for word in long]) if long else None


def _of_others(passages: Sequence[FoundPassage], besides: Report | None) -> Iterator[FoundPassage]:
    """The passages of other units, each text once."""
    seen: set[str] = set()
    for one in passages:
        folded = one.folded_text
        if not (besides and _same_unit(one.report, besides)) and folded not in seen:
            seen.add(folded)
            yield replace(one, folded=folded)


def _same_unit(one: Report, other: Report) -> bool:
    return one.id == other.id or (one.unit is not None and other.unit is not None and one.unit.id == other.unit.id)


def _compared(typed: Bare, found: FoundPassage) -> SimilarPassage:
    text = found.passage.text
    held = Bare.of(text, found.folded) if len(text) <= _LONGEST_COMPARED else Bare.of(text[:_LONGEST_COMPARED])
    best = partial_ratio_alignment(typed.text, held.text)
    if best is None or not best.score or len(held.text) < min(_SHORTEST, len(typed.text)):
        return SimilarPassage(found, 0.0, ())
    codes = Indel.opcodes(typed.text[best.src_start : best.src_end], held.text[best.dest_start : best.dest_end])
    equal = [(code.dest_start + best.dest_start, code.dest_end + best.dest_start) for code in codes if code.tag == "equal"]
    return SimilarPassage(found, best.score / 100, tuple(held.span(start, end) for start, end in equal if end - start >= _RUN))
