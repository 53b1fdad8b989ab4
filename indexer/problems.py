"""What can be wrong with a request: codes with parameters, and one table of their texts. To add one, add it here."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from indexer.texts import N_
from indexer.texts import gettext as _

Value = str | int | tuple[str, ...]

TEXTS: Mapping[str, str] = {
    # The query. %(character)s counts from 1.
    "too-long": N_("too long: %(length)s characters, at most %(most)s"),
    "too-many-terms": N_("too many terms, at most %(most)s; remove some from character %(character)s on"),
    "too-deep": N_("brackets nested too deeply at character %(character)s, at most %(most)s levels"),
    "unclosed-quote": N_('the quotation mark at character %(character)s is not closed; add the second "'),
    "unclosed-bracket": N_("“(” at character %(character)s has no “)”; to look for the bracket itself, quote the whole term"),
    "unopened-bracket": N_("“)” at character %(character)s has no “(”; to look for the bracket itself, quote the whole term"),
    "empty-group": N_("there is nothing between the brackets at character %(character)s"),
    "nothing-to-find": N_("nothing to look for at character %(character)s; write something or remove it"),
    "and-alone": N_("AND at character %(character)s needs a term on both sides"),
    "operator-alone": N_("“%(operator)s” at character %(character)s needs a term on both sides"),
    "operator-first": N_("“%(operator)s” at character %(character)s needs a term before it"),
    "nothing-excluded": N_("“%(operator)s” at character %(character)s needs a term to exclude after it"),
    "only-excluded": N_("only exclusions at character %(character)s; write a term or condition that must be there too"),
    "near-too-far": N_("NEAR at character %(character)s is too far, at most NEAR/%(most)s"),
    "near-without-terms": N_("%(near)s at character %(character)s needs a term or quoted phrase on both sides"),
    "near-chained": N_("%(near)s at character %(character)s cannot follow another NEAR"),
    "near-excluded": N_("at character %(character)s: to exclude two terms near each other, write -(A %(near)s B)"),
    "field-without-value": N_("“%(field)s” must be followed directly by its value"),
    "no-years": N_("“%(value)s” is not a year; write 2022, 2019-2022 or unknown"),
    "no-part": N_("there is no part “%(value)s”; expected one of %(known)s"),
    "sentence-without-words": N_("no character, letter or digit to look for; write a word that must be there too"),
    "sentence-only-excluded": N_("only exclusions; write a word or condition that must be there too"),
    # Other parameters.
    "no-parameter": N_("there is no parameter “%(name)s”"),
    "parameter-needed": N_("“%(name)s” is missing"),
    "not-text": N_("“%(name)s” is not UTF-8 text; perhaps the address was cut off"),
    "only-once": N_("“%(name)s” can be given only once"),
    "too-many-values": N_("“%(name)s” has %(count)s values, at most %(most)s"),
    "no-choice": N_("there is no value “%(value)s”; expected one of %(known)s"),
    "no-value": N_("“%(value)s” cannot be a value of “%(name)s”"),
    "no-string": N_("“%(name)s” takes text, not %(value)s; put it in quotation marks"),
    "no-year": N_("“%(value)s” is not a year"),
    "no-number": N_("“%(value)s” is not a number"),
    "out-of-range": N_("%(name)s must be a number from %(least)s to %(most)s, not %(value)s"),
    "page-below-one": N_("pages are numbered from 1, not %(value)s"),
    "years-reversed": N_("the first year %(first)s is later than the last year %(last)s"),
    "no-region": N_("there is no place “%(name)s”; write a national code (such as 210921) or the full name (such as 阜新市)"),
    "several-regions": N_("%(count)s places are called “%(name)s”; write the code: %(places)s"),
    "nothing-asked": N_("write what to look for, or choose a filter"),
    "years-without-query": N_("a comparison over the years needs a query"),
    "matrix-without-query": N_("a table of the units that mention it needs a query"),
    "mention-without-query": N_("a list of the reports that do not mention it needs a query"),
    "concordance-without-query": N_("a list of occurrences needs a query"),
    "neighbours-without-query": N_("a list of the words near it needs a query"),
    "too-many-passages": N_("more than %(most)s passages, which is too many; add filters"),
    "no-text-in-json": N_('the body is not a JSON object {"text": "…"}'),
    "no-unit-with-reports": N_("no unit with reports is called “%(name)s”; write its full name (such as 彰武县人民政府) or its id"),
    "too-many-lines": N_("%(count)s lines, at most %(most)s"),
    "wrong-line": N_("line %(line)s: %(reason)s"),
    "no-moment": N_("“%(value)s” is neither a known generation nor a date like 2026-11-26"),
    "no-terms-in-json": N_('the body is not a JSON object {"terms": […]} with strings, numbers and lists of them'),
    "text-too-long": N_("the text has %(length)s characters, at most %(most)s"),
    "text-and-passage": N_("a text and a passage cannot both be compared with others; leave one out"),
    "too-many-pieces": N_("the text has %(count)s quotations or sentences, at most %(most)s; check it in parts"),
    "too-long-to-compare": N_("a report of more than %(most)s characters cannot be compared"),
    "draft-too-long": N_("a draft of more than %(most)s characters cannot be checked here; use the command draftcheck"),
    "draft-unreadable": N_("no report can be read from the file: %(reason)s"),
    "files-too-many": N_("%(count)s files at once, at most %(most)s; add the others after these"),
    "files-too-large": N_("the files have more than %(most)s MB together; add them in several parts"),
    "deliveries-waiting": N_("%(most)s additions are waiting to be kept or discarded; finish one of them, or wait a day"),
    "disk-full": N_("the disk for the reports is nearly full; tell the operator of this server"),
    "not-saved": N_("nothing could be saved: %(reason)s; tell the operator of this server"),
    "wrong-token": N_("that is not the token of this server"),
    "too-many-tries": N_("too many wrong tokens; try again in a minute"),
    "nothing-chosen": N_("no report is selected; select those to keep, or discard all of them"),
    "not-found": N_("there is no report, passage or unit %(id)s"),
}
"""The message of each problem by its code."""


@dataclass(frozen=True, slots=True, init=False)
class Problem:
    """One thing wrong with a request: the parameter's name, a code, and where in the parameter's value (code points from 0).

    Raises:
        ValueError: The code has no text.
    """

    param: str
    code: str
    position: int | None
    _params: tuple[tuple[str, Value], ...]

    def __init__(self, param: str, code: str, /, *, position: int | None = None, **params: str | int | Iterable[str]) -> None:
        if code not in TEXTS:
            raise ValueError(f"problem {code!r}: see `indexer.problems.TEXTS`")
        object.__setattr__(self, "param", param)
        object.__setattr__(self, "code", code)
        object.__setattr__(self, "position", position)
        values = ((name, value if isinstance(value, str | int) else tuple(value)) for name, value in params.items())
        object.__setattr__(self, "_params", tuple(sorted(values)))

    @property
    def params(self) -> dict[str, Value]:
        """The parameters of its message."""
        return dict(self._params)

    @property
    def detail(self) -> str:
        """What is wrong, in the current language."""
        return self._filled

    @property
    def _filled(self) -> str:
        character = {} if self.position is None else {"character": self.position + 1}
        return _(TEXTS[self.code], **character, **self.params)


@dataclass(frozen=True, slots=True, init=False)
class QueryProblem(Problem):
    """Something wrong with the text of a query."""

    @property
    def reason(self) -> str:
        """What is wrong, without saying that it is the query."""
        return self._filled

    @property
    def detail(self) -> str:
        """What is wrong, in the current language."""
        return _("wrong query: %(reason)s", reason=self._filled)
