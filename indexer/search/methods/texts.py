"""Compares a text with the index: what is similar, whether its quotations are real, what to look at in a draft."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import replace
from typing import Any

from indexer.drafts import Background, Finding, check
from indexer.errors import InvalidRequest
from indexer.model import Report
from indexer.problems import Problem
from indexer.quotations import Verification, verify
from indexer.request import SearchRequest
from indexer.search.beside_drafts import BesideDrafts
from indexer.search.copies import CommonSentence, CommonSentencePage, ReportNovelty, common_sentences, novelty_of
from indexer.search.methods.units import UnitMethods
from indexer.similar import LONGEST as LONGEST_COMPARED
from indexer.similar import SimilarPassage, similar

LONGEST_VERIFIED = 20_000
"""Longest text, in code points, whose quotations are verified."""


class TextMethods(UnitMethods):
    """The methods of `Index` that compare texts with the corpus."""

    def similar(self, text: str = "", *, passage: str | None = None, **wanted: Any) -> list[SimilarPassage]:
        """The paragraphs most similar to a text or a passage, most similar first; at most 30, chosen from the best by sentence ranking.

        Args:
            text: At most 2,000 code points.
            passage: The id of a passage instead of a text; paragraphs of its unit are left out.
            **wanted: Filters as in `search`.

        Raises:
            NotFound: No passage has this id.
            InvalidRequest: A value is impossible, the text is too long or has nothing to compare, or there is neither or both.
        """
        return self.similar_to(text, passage, SearchRequest.of(**wanted))

    def similar_to(self, text: str, passage: str | None, filters: SearchRequest) -> list[SimilarPassage]:
        """`similar` with the filters of a request."""
        if passage is not None and not text:
            report, held = self.passage(passage)
            return similar(held.text, self._engine, self.read(filters).conditions, report)
        if passage is not None:
            raise InvalidRequest(Problem("passage", "text-and-passage"))
        if not text.strip():
            raise InvalidRequest(Problem("text", "parameter-needed", name="text"))
        if len(text) > LONGEST_COMPARED:
            raise InvalidRequest(Problem("text", "text-too-long", length=len(text), most=LONGEST_COMPARED))
        return similar(text, self._engine, self.read(filters).conditions)

    def verify(self, text: str) -> Verification:
        """Whether the quotations in a text are real: the verdict on each, and where it was found; see `indexer.quotations.verify`.

        Raises:
            InvalidRequest: The text has nothing to look for, or more than 20,000 code points.
        """
        if len(text) > LONGEST_VERIFIED:
            raise InvalidRequest(Problem("text", "text-too-long", length=len(text), most=LONGEST_VERIFIED))
        if not (found := verify(text, self._engine)).pieces:
            raise InvalidRequest(Problem("text", "parameter-needed", name="text"))
        return found

    def check(self, report: Report, unit: str | None = None, year: int | None = None, *, without: Collection[str] = ()) -> list[Finding]:
        """What somebody should look at in a draft before it is published, the most serious first; nothing of it is stored.

        Args:
            report: The draft, whole.
            unit: The id of the unit whose report it is; None: whom it names.
            year: The year that it is about; None: the one that it says.
            without: Codes of `indexer.drafts.KINDS` that are not wanted.

        Raises:
            NotFound: No unit has this id.
        """
        return check(report, self.background(report, unit, year), without)

    def background(self, report: Report, unit: str | None = None, year: int | None = None) -> Background:
        """What this index knows that helps to check a draft; raises as `check` does."""
        known = Background.of(report, self.unit(unit).unit if unit else None, year)
        previous = self._annual(known.unit.id, known.year - 1) if known.unit and known.year else None
        names = self._units.names_of(known.unit.id) if known.unit else ()
        others = BesideDrafts(self._engine, known.unit.id if known.unit else None)
        return replace(
            known,
            names=names,
            previous=previous,
            slip_of=self._facts.slip_of,
            later_edition_of=self._facts.later_edition_of,
            ended_in=others.ended_in,
            copies_of=others.copies_of,
        )

    def common_sentences(self, page: int = 1, per_page: int = 20) -> CommonSentencePage:
        """One page of the sentences that occur in reports of at least five units, figures ignored, most units first.

        Raises:
            InvalidRequest: A number is impossible.
        """
        return self.list_common_sentences(SearchRequest.of(page=page, per_page=per_page))

    def list_common_sentences(self, request: SearchRequest) -> CommonSentencePage:
        """`common_sentences` for a request; only its page matters."""
        held = self._engine.commonest()
        part = range(len(held))[request.skip : request.skip + request.per_page]
        return CommonSentencePage(request, list(common_sentences(self._engine, held, part)), len(held), self.stats)

    def all_common_sentences(self) -> Iterator[CommonSentence]:
        """All of `common_sentences` in the same order, one at a time."""
        held = self._engine.commonest()
        return common_sentences(self._engine, held, range(len(held)))

    def novelty(self, report: Report, folded: Mapping[str, str] | None = None) -> ReportNovelty:
        """Which parts of a whole report are common, and which its own; the index must hold the report.

        `folded` has the folds of its passages by anchor, as far as they are already known.
        """
        return novelty_of(self._engine, report, folded or {})
