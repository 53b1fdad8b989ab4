"""What the user may have meant: why a result is empty, synonyms and spellings, what a query names, how it may go on.

All of it is offered beside a result; nothing is applied unless the user chooses it.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import replace
from functools import cached_property

from indexer.analysis import words
from indexer.analysis.fold import fold
from indexer.analysis.lexicon import other_writings
from indexer.engines.boundary import EVERYTHING, Engine
from indexer.errors import InvalidQuery
from indexer.fields import FILTERS
from indexer.joined import JoinedTexts
from indexer.places import region_of_code
from indexer.prepared import PreparedQuery, Wanted
from indexer.query import MAX_LENGTH, Query, offered, parse_query, print_query, widened
from indexer.query.tree import Term
from indexer.request import Mode
from indexer.results import Counts, Explanation, OtherWriting, Understood
from indexer.search.units import HeldUnits
from indexer.spelling import nearest_spelling
from indexer.understood import Names, offer

SPELLING_WORK = 45_000
"""How much work the nearest spellings of a query's unmatched texts may cost: passages read times gaps searched for in each. About
20 ms at most; a text that consists only of frequent characters then gets no suggestion."""


MOST_WRITINGS = 12
"""How many synonyms are counted; each costs a query."""


class Offers:
    """What one generation of an index can offer beside a result."""

    def __init__(self, engine: Engine, read: Callable[[Wanted], PreparedQuery], units: HeldUnits) -> None:
        self._engine = engine
        self._read = read
        self._units = units

    def explanation(self, read: PreparedQuery) -> Explanation:
        """Why a result is empty."""
        filters = read.conditions
        alone = [(text, self._counts_of(text)) for text in read.query.scored]
        less = [[other for other in filters if other is not out] for out in filters]
        return Explanation(
            alone=alone,
            without=list(zip((out.facet for out in filters), self._engine.counts(read.query, less), strict=True)) if filters else [],
            held=self._engine.counts(EVERYTHING.query, [[one for one in filters if not one.field.of_passages]])[0].reports,
            nearest=list(self._nearest([text for text, counts in alone if not counts.paragraphs])),
            words=self._holding_words(read) if read.request.mode is Mode.EXACT else 0,
        )

    def _counts_of(self, text: str) -> Counts:
        """What a typed text finds alone."""
        return self._engine.counts(Query(Term(text), Mode.LITERAL), [[]])[0]

    def _nearest(self, missing: list[str]) -> Iterator[tuple[str, str, int]]:
        """The nearest spelling for each text that has one, until the allowed work is used up."""
        left = SPELLING_WORK

        def count_holding(text: str) -> int:
            return self._counts_of(text).paragraphs

        def texts_holding(alternatives: Sequence[Sequence[str]]) -> JoinedTexts | None:
            nonlocal left
            if (texts := self._engine.texts_holding(alternatives, left // len(alternatives))) is not None:
                left -= texts.count * len(alternatives)
            return texts

        for text in missing:
            if (found := nearest_spelling(text, count_holding, texts_holding)) is not None:
                yield text, *found

    def _holding_words(self, read: PreparedQuery) -> int:
        """How many passages contain some of the words of a query, read as a sentence."""
        try:
            sentence = self._read(replace(read.request, mode=Mode.ANY))
        except InvalidQuery:
            return 0  # it has no words, or too many
        return self._engine.counts(sentence.query, [read.conditions])[0].paragraphs

    def synonyms(self, read: PreparedQuery) -> list[tuple[str, list[OtherWriting]]]:
        """Each typed term (folded) with its synonyms that find more passages, as many as fit into one query together."""
        writings = [(text, other) for text, others in offered(read.query, other_writings()) for other in others][:MOST_WRITINGS]
        matching = self._engine.counts(read.query, [read.conditions])[0].paragraphs if writings else 0
        adding = [(text, OtherWriting(other, added)) for text, other in writings if (added := self._matching_with(read, other) - matching)]
        while adding and not _can_be_read(self.widened(read, [other.text for _, other in adding]), read):
            adding.pop()
        by_term: dict[str, list[OtherWriting]] = {}
        for text, other in adding:
            by_term.setdefault(text, []).append(other)
        return list(by_term.items())

    def _matching_with(self, read: PreparedQuery, other: str) -> int:
        """How many passages match with this synonym added."""
        return self._engine.counts(widened(read.query, {other}, other_writings()), [read.conditions])[0].paragraphs

    def widened(self, read: PreparedQuery, also: Collection[str]) -> str:
        """The query with these synonyms added."""
        return print_query(widened(read.query, {fold(text) for text in also}, other_writings()))

    def understood(self, read: PreparedQuery) -> list[Understood]:
        """The request that a query's text may stand for, in exact mode: one for everything it names, or none."""
        if read.request.mode is not Mode.EXACT or (found := offer(read.request.query, self._names, words.cut)) is None:
            return []
        years = {"year_from": None, "year_to": None} if "year" in found.values else {}
        filters = {FILTERS[name].plural: [value] for name, value in found.values.items()}
        meant = self._read(read.request.changed(query=found.rest, page=1, **filters, **years))
        counts = self._engine.counts(meant.query, [meant.conditions])
        labels = {name: label(str(value)) for name, value in found.values.items() if (label := FILTERS[name].label)}
        if (unit := found.values.get("unit")) is not None:
            labels["unit"] = self._units.named([str(unit)])[str(unit)].name
        named = {name: text for name, text in labels.items() if text}
        return [Understood(found.text, found.values, named, meant.request, counts[0].paragraphs)]

    @cached_property
    def _names(self) -> Names:
        """What a query's text can name: what this generation holds."""

        def held(name: str) -> set[str]:
            return {str(value) for (value,) in self._engine.tally(EVERYTHING, (name,)) if value is not None}

        def regions() -> set[str]:
            return {above for code in held("region") if (place := region_of_code(code)) for above in place.codes}

        def units() -> dict[str, set[str]]:
            found: dict[str, set[str]] = {}
            for id, issuer in self._engine.tally(EVERYTHING, ("unit", "issuer")):
                if id is not None:
                    found.setdefault(fold(str(issuer or "")), set()).add(str(id))
            return found

        return Names(self._engine.stats.years, regions, lambda: held("level"), units)

    def completions(self, typed: str, limit: int) -> list[tuple[str, int]]:
        """Completions of the last word typed, each as a whole query with the number of passages that contain its last word."""
        # A text too long to be a query is not processed at all.
        if len(typed) > MAX_LENGTH:
            return []
        start = max((space.end() for space in re.finditer(r"\s", typed)), default=0)
        before, prefix = typed[:start], fold(typed[start:])
        if not prefix:
            return []
        return [(before + text, count) for text, count in self._engine.suggest(prefix, limit)]


def _can_be_read(query: str, read: PreparedQuery) -> bool:
    """Whether a query is within the limits, with the filters of this request."""
    try:
        parse_query(query, Mode.EXACT, words.cut, has_filter=read.request.has_filter)
    except InvalidQuery:
        return False
    return True
