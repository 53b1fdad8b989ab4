"""A text beside all that the index holds: what is like it, whether its quotations are real, what of a draft is to be looked at."""

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
"""Code points of a text whose quotations are looked for."""


class TextMethods(UnitMethods):
    """The methods of `Index` that compare texts with the corpus."""

    def similar(self, text: str = "", *, passage: str | None = None, **wanted: Any) -> list[SimilarPassage]:
        """The paragraphs most like a text or a passage, the most alike first; no more than 30, of the best by the ranking of sentences.

        Args:
            text: At most 2,000 code points.
            passage: The id of a passage in place of a text; paragraphs of its unit are left out.
            **wanted: Filters as in `search`.

        Raises:
            NotFound: No passage has this id.
            InvalidRequest: A value is impossible, the text is too long or holds nothing to compare, or there is neither, or both.
        """
        return self.similar_to(text, passage, SearchRequest.of(**wanted))

    def similar_to(self, text: str, passage: str | None, filters: SearchRequest) -> list[SimilarPassage]:
        """The same with the filters of a request."""
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
        """Whether the quotations of a text are real: the verdict on each, and where it stands; see `indexer.quotations.verify`.

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
        """What this index knows beside a draft; raises as `check` does."""
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
        """One page of the sentences that stand in reports of at least five units, figures aside: those of most units first.

        Raises:
            InvalidRequest: A number is impossible.
        """
        return self.list_common_sentences(SearchRequest.of(page=page, per_page=per_page))

    def list_common_sentences(self, request: SearchRequest) -> CommonSentencePage:
        """The same for a request, of which the page alone counts."""
        held = self._engine.commonest()
        part = range(len(held))[request.skip : request.skip + request.per_page]
        return CommonSentencePage(request, list(common_sentences(self._engine, held, part)), len(held), self.stats)

    def all_common_sentences(self) -> Iterator[CommonSentence]:
        """Every one of `common_sentences` in its order, one after another."""
        held = self._engine.commonest()
        return common_sentences(self._engine, held, range(len(held)))

    def novelty(self, report: Report, folded: Mapping[str, str] | None = None) -> ReportNovelty:
        """What of a whole report is common, and what its own; the report must be one that this index holds.

        `folded` are the folds of its passages by anchor, where they are known already.
        """
        return novelty_of(self._engine, report, folded or {})
