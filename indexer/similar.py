"""Passages that are like a text: the ranking of sentences chooses candidates, what both texts have in common says how alike each is."""

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
"""Code points of a text that passages are compared with."""
MOST = 30
"""Passages listed."""
LEAST = 0.2
"""How alike a passage must be to be listed: paragraphs on different matters are some 0.1 to 0.2 alike by chance."""
_CANDIDATES = 120
"""Passages that are compared, those of the text's own unit among them."""
_RANKED = 300
"""Code points of the text that candidates are ranked by, for the cost grows with them: of a longer one the beginnings of its sentences."""
_LONGEST_COMPARED = 4_000
"""Code points of a passage that are compared; of the few that are longer the beginning."""
_SHORTEST = 20
"""Characters of a passage that a longer text is compared with: half a sentence stands in any long text."""
_RUN = 4
"""Characters from which on what both have is marked; shorter runs are chance."""
_PARAGRAPHS = Condition("kind", frozenset({Kind.PARAGRAPH.value}))


@dataclass(frozen=True, slots=True)
class SimilarPassage:
    """A passage, and how alike it is."""

    found: FoundPassage
    similarity: float
    """0 to 1: the shorter of both texts beside the stretch of the other that is most like it, twice the characters that both have in
    the same order, of the characters of both (`rapidfuzz.fuzz.partial_ratio`), marks of punctuation aside."""
    shared: tuple[Span, ...]
    """Runs that both have, in order: half-open spans in code points of the passage's text."""

    @property
    def id(self) -> str:
        """The passage's id."""
        return passage_id(self.found.report.id, self.found.passage.anchor)


def similar(text: str, engine: Engine, conditions: Sequence[Condition], besides: Report | None = None) -> list[SimilarPassage]:
    """The paragraphs most like a text, the most alike first; of paragraphs with the same text the first in order.

    Args:
        text: At most `LONGEST` code points; what is longer is compared up to there.
        engine: Where they are looked for.
        conditions: The filters that they pass.
        besides: The report that the text is of; its unit's paragraphs are left out, and its own where no unit is known.

    Raises:
        InvalidRequest: The text holds no letter, digit or Han character.
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
    # Equally alike ones stay in the order of the ranking.
    return sorted(found, key=lambda one: -one.similarity)[:MOST]


def _ranked(text: str) -> tuple[str, ...]:
    """The folded pieces of a text that candidates are ranked by."""
    if len(text) <= _RANKED:
        return tuple(filter(words.is_wordlike, (fold(text),)))
    spans = sentences(text)
    share = max(8, _RANKED // len(spans))
    step = max(1, -(-len(spans) * share // _RANKED))
    return tuple(filter(words.is_wordlike, (fold(text[start : min(end, start + share)]) for start, end in spans[::step])))


def _tree(pieces: Sequence[str]) -> Node | None:
    """What holds one of the words of the pieces: words of two and more characters where there are any."""
    found = dict.fromkeys(word for piece in pieces for word in words.cut(piece) if words.is_wordlike(word))
    long = [word for word in found if len(word) > 1] or list(found)
    return joined(Or, [Term(word) for word in long]) if long else None


def _of_others(passages: Sequence[FoundPassage], besides: Report | None) -> Iterator[FoundPassage]:
    """Those of other units, each text once."""
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
