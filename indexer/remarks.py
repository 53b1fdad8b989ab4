"""Remarks on how a report was read: codes with parameters, and one table of their kinds. To add a kind, add it here."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from indexer.reasons import shown
from indexer.texts import gettext


@dataclass(frozen=True, slots=True)
class RemarkKind:
    """What all remarks of a code have in common."""

    about: str
    """What part of the report it is about: a field's name, or "heading", "page", "text"."""
    look: bool
    """Whether somebody should look at it: a value was guessed, is odd or missing. What was repaired with certainty is only mentioned."""
    text: str
    """The message in English, with named parameters like %(year)s."""
    names: frozenset[str] = field(init=False)
    """The names of the parameters."""

    def __post_init__(self) -> None:
        object.__setattr__(self, "names", frozenset(re.findall(r"%\((\w+)\)s", self.text)))


LOOK, MENTION = True, False

KINDS: Mapping[str, RemarkKind] = {
    "title-from-name": RemarkKind("title", LOOK, "title: none found, the file's name is used"),
    "title-from-sentence": RemarkKind("title", LOOK, "title: none found, put together from the first sentence"),
    "title-joined": RemarkKind("title", MENTION, "title: broken over %(lines)s lines, joined"),
    "title-repeated": RemarkKind("title", MENTION, "title: repeated, kept once"),
    "title-repeated-broken": RemarkKind("title", MENTION, "title: repeated over two lines, left out"),
    "year-missing": RemarkKind("year", LOOK, "year: neither the title nor the first sentences name one"),
    "year-from-heading": RemarkKind("year", LOOK, "year: %(year)s is only from the first heading"),
    "year-far-from-published": RemarkKind("year", LOOK, "year: it is about %(year)s but was published %(published)s"),
    "years-several": RemarkKind("year", MENTION, "year: it covers %(first)s to %(last)s; %(last)s is taken"),
    "year-half": RemarkKind("year", MENTION, "year: it covers half a year"),
    "issuer-missing": RemarkKind("issuer", LOOK, "issuer: neither the title nor the page names one"),
    "published-missing": RemarkKind("published", LOOK, "published: no date found"),
    "region-unknown": RemarkKind("region", LOOK, "region %(code)s is not in any table of GB/T 2260"),
    "region-from-page": RemarkKind("region", MENTION, "region: several places are called %(name)s; 发布机构 or 来源 decides"),
    "region-from-host": RemarkKind("region", MENTION, "region: several places are called %(name)s; the address of the page decides"),
    "region-from-text": RemarkKind("region", MENTION, "region: the first lines say which place %(name)s means"),
    "region-from-folder": RemarkKind(
        "region", LOOK, "region: of the places called %(name)s (%(codes)s), the one of the folder's other reports is taken"
    ),
    "region-open": RemarkKind("region", LOOK, "region: nothing says which %(name)s is meant (%(codes)s)"),
    "number-repaired": RemarkKind("heading", MENTION, "heading %(heading)s: a bracket was lost in print, repaired"),
    "number-unexpected": RemarkKind(
        "heading", LOOK, "heading %(heading)s: number %(expected)s was expected here; one is missing, misnumbered, or it is not a heading"
    ),
    "heading-repeated": RemarkKind("heading", MENTION, "heading %(heading)s: printed twice, taken as one"),
    "paragraph-cut": RemarkKind("text", LOOK, "text: a paragraph of %(length)s characters is held in %(pieces)s pieces"),
    "line-repeated": RemarkKind("text", MENTION, "line “%(line)s…”: printed twice, kept once"),
    "text-replaced": RemarkKind("text", MENTION, "text: replaced by that of %(file)s, corrected by hand"),
    "sentence-joined": RemarkKind("text", MENTION, "text: broken in mid-sentence, joined; places: %(count)s"),
    "invisible-removed": RemarkKind("text", MENTION, "text: invisible characters removed: %(count)s"),
    "figures-disagree": RemarkKind("text", LOOK, "figures in %(passage)s: “%(stated)s” is stated, but %(figures)s give %(computed)s"),
    "figures-agree": RemarkKind("text", MENTION, "figures: rates, sums and changes that agree with the figures beside them: %(count)s"),
    "last-year-disagrees": RemarkKind(
        "text",
        LOOK,
        "figures in %(passage)s: “%(stated)s” is stated, but the report on %(year)s has “%(then)s” (%(held)s), which gives %(computed)s",
    ),
    "last-year-agrees": RemarkKind(
        "text", MENTION, "figures: comparisons with the year before that agree with the report on %(year)s: %(count)s"
    ),
    "text-hidden": RemarkKind("text", LOOK, "text: the page hides it until its program has run; read all the same"),
    "text-scripted": RemarkKind("text", LOOK, "text: it is in the page's script or in a template; read from there"),
    "text-missing": RemarkKind("text", LOOK, "text: there is no paragraph in it, only a title or headings"),
    "text-turned": RemarkKind("page", LOOK, "page %(page)s: words at an angle or set sideways were left out"),
    "text-vertical": RemarkKind("page", LOOK, "page %(page)s: set in vertical lines; the order of its text should be looked at"),
    "text-drawn": RemarkKind("page", MENTION, "page %(page)s: words drawn as shapes, as letterheads are, are not in the text"),
    "page-incomplete": RemarkKind("page", LOOK, "page %(page)s: a part of it is missing in the file"),
    "objects-unread": RemarkKind(
        "text", LOOK, "text: embedded objects that are not in it, such as formulas or sheets: %(count)s (%(kinds)s)"
    ),
    "numbers-unread": RemarkKind("heading", LOOK, "headings: the automatic numbers of a Word 6 or 95 file are not read"),
    "file-damaged": RemarkKind("text", LOOK, "text: parts of the file are damaged; their text may be missing"),
    "file-cut-short": RemarkKind("text", LOOK, "text: the file is cut off; the text after that may be missing"),
    "pages-missing": RemarkKind("text", LOOK, "text: %(read)s of the %(declared)s pages that the file declares were found"),
    "page-without-text": RemarkKind("page", LOOK, "page %(page)s: no text on it, perhaps a scan; the extra `ocr` reads those"),
    "pictures-unread": RemarkKind(
        "text", LOOK, "text: pictures as large as text that are not read: %(count)s; the extra `ocr` reads photographs and scans among them"
    ),
    "page-files": RemarkKind("page", MENTION, "pages: %(count)s picture files, %(first)s to %(last)s, are read as the pages of one report"),
    "page-files-missing": RemarkKind(
        "page", LOOK, "pages: their files are numbered %(numbers)s, not from 1 on without a gap; some are missing or do not belong to it"
    ),
    "page-files-repeated": RemarkKind("page", LOOK, "pages: several files are numbered %(number)s; they are read in the order of names"),
    "ocr-failed": RemarkKind("page", LOOK, "page %(page)s: a scan that could not be read: %(reason)s"),
    "ocr-doubtful": RemarkKind("page", LOOK, "page %(page)s: OCR is sure of %(percent)s%% of it; compare it with the original"),
    "ocr-without-text": RemarkKind("page", MENTION, "page %(page)s: OCR found no text on it"),
    "file-unreadable": RemarkKind("file", LOOK, "file: it can no longer be read (%(reason)s); the last good version is used"),
}
"""The kinds of remarks by code."""


@dataclass(frozen=True, slots=True, init=False)
class Remark:
    """Something that was guessed, repaired, odd or missing when a report was read.

    Raises:
        ValueError: The code has no kind, or the parameters are not those of its message.
    """

    code: str
    values: tuple[tuple[str, str | int], ...]
    """The parameters of the message, by name."""
    closed: bool = False
    """Whether somebody looked at it, or corrected what it is about."""

    def __init__(self, code: str, /, **params: str | int) -> None:
        if code not in KINDS or params.keys() != KINDS[code].names:
            raise ValueError(f"remark {code!r} with {sorted(params)}: see `indexer.remarks.KINDS`")
        object.__setattr__(self, "code", code)
        object.__setattr__(self, "values", tuple(sorted(params.items())))
        object.__setattr__(self, "closed", False)

    def close(self) -> Remark:
        """The remark marked as one that somebody looked at."""
        closed = Remark(self.code, **self.params)
        object.__setattr__(closed, "closed", True)
        return closed

    @property
    def params(self) -> dict[str, str | int]:
        """The parameters of the message."""
        return dict(self.values)

    @property
    def about(self) -> str:
        """What part of the report it is about, see `RemarkKind.about`."""
        return KINDS[self.code].about

    @property
    def look(self) -> bool:
        """Whether somebody should look at it and nobody has."""
        return KINDS[self.code].look and not self.closed

    @property
    def text(self) -> str:
        """The message in English."""
        return KINDS[self.code].text % self.params

    @property
    def shown(self) -> str:
        """The message in the current language."""
        params = {name: shown(str(value)) if name == "reason" else value for name, value in self.values}
        return gettext(KINDS[self.code].text, **params)

    def as_json(self) -> dict[str, Any]:
        """The remark as programs receive it."""
        return {"code": self.code, "look": self.look, "closed": self.closed, "text": self.text}


def doubts(remarks: Iterable[Remark]) -> tuple[str | None, ...]:
    """The codes of the remarks that somebody should look at, in the order of `KINDS`, each once; (None,) if there are none."""
    codes = {remark.code for remark in remarks if remark.look}
    return tuple(code for code in KINDS if code in codes) or (None,)
