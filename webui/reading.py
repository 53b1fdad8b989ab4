"""The report page: a cache of the reports read last, with all that does not depend on the query, and their paragraphs as HTML."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Container, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from flask import current_app
from markupsafe import Markup, escape

from indexer import Kind, Passage, Report, ReportNovelty, fold
from indexer import gettext as _
from webui.citation import cited_page
from webui.cited import cite_url
from webui.facts import fact_links
from webui.live import current_index
from webui.markup import Link
from webui.originals import opens_at_pages, original_url
from webui.required import FoundContent, contents_of
from webui.similar import similar_url
from webui.texts import chinese

MOST_CHARACTERS = 400_000
"""Characters of all reports that a worker caches; each takes some 20 bytes, with all that is cached of its report."""


@dataclass(frozen=True)
class Reading:
    """A whole report, and what is known of it whatever the query is."""

    report: Report
    novelty: ReportNovelty
    folded: Mapping[str, str]
    """The fold of each passage by its anchor."""

    @cached_property
    def links(self) -> dict[str, list[Link]]:
        """The links in each passage, by its anchor; see `fact_links`."""
        return {passage.anchor: fact_links(self.report, passage) for passage in self.report.passages}

    @cached_property
    def contents(self) -> list[FoundContent]:
        """The contents that an annual report must have, and where this one has them; see `contents_of`."""
        return contents_of(self.report)

    @cached_property
    def characters(self) -> int:
        """Code points of its text."""
        return sum(len(passage.text) for passage in self.report.passages)


class Readings:
    """The reports of one generation that were read last: a reader who goes from mark to mark requests the same report again and again."""

    def __init__(self, most: int = MOST_CHARACTERS) -> None:
        self._most, self._size, self._generation = most, 0, ""
        self._read: OrderedDict[str, Reading] = OrderedDict()
        self._lock = threading.Lock()

    def get(self, id: str) -> Reading:
        """The report with this id.

        Raises:
            NotFound: There is no such report.
        """
        index = current_index()
        generation = index.stats.generation
        with self._lock:
            if generation == self._generation and (known := self._read.get(id)) is not None:
                self._read.move_to_end(id)
                return known
        report = index.report(id)
        folded = {passage.anchor: fold(passage.text) for passage in report.passages}
        reading = Reading(report, index.novelty(report, folded), folded)
        with self._lock:
            if generation != self._generation:
                self._read.clear()
                self._size, self._generation = 0, generation
            if id not in self._read:
                self._read[id] = reading
                self._size += reading.characters
            while self._size > self._most:
                self._size -= self._read.popitem(last=False)[1].characters
        return reading

    def __len__(self) -> int:
        return len(self._read)


def reading_of(id: str) -> Reading:
    """The report with this id, from the cache of the current application; raises what `Readings.get` raises."""
    readings: Readings = current_app.extensions["readings"]
    return readings.get(id)


def paragraphs(report: Report, html: Mapping[str, Markup], turned: Container[str], run_in: Mapping[str, Sequence[str]]) -> Markup:
    """The body of a report's page; in Python because a template takes three times as long for the thousands of pieces of a long report.

    Args:
        report: The report.
        html: The text of each passage, by its anchor.
        turned: The anchors of passages that begin on another page of the original.
        run_in: The anchors of sections whose heading has no line of its own, by the anchor of their first passage.
    """
    return Markup("".join(_paragraphs(report, html, turned, run_in)).removesuffix("\n"))


def _paragraphs(report: Report, html: Mapping[str, Markup], turned: Container[str], run_in: Mapping[str, Sequence[str]]) -> Iterator[str]:
    in_chinese = str(chinese())
    is_partly_read = not all(passage.ocr for passage in report.passages)
    link, copy, unseen = _("第 %(number)s 段的链接"), _("复制第 %(number)s 段和引文"), _("第 %(number)s 段")
    copied, cited, similar = _("复制"), _("引用"), _("相近")
    # Anchors are letters, digits, dots and hyphens, which need no escaping in an address.
    cite, like = (str(escape(url(report, "p").removesuffix("p"))) for url in (cite_url, similar_url))
    number = 0
    for passage in report.passages:
        if passage.kind is Kind.TITLE:
            continue
        anchor = passage.anchor
        if anchor in turned:
            yield _turn(report, passage, is_partly_read)
        if passage.kind is Kind.HEADING:
            level = min(len(passage.section) + 1, 6)
            yield f'<h{level} id="{anchor}"{in_chinese}>{html[anchor]}</h{level}>\n'
            continue
        number += 1
        params = {"number": number}
        targets = "".join(f'<span id="{target}"></span>' for target in run_in.get(anchor, ()))
        page = escape(cited_page(passage.page, passage.ocr)) if passage.page is not None or passage.ocr else ""
        yield (
            f'<div class="para">\n{targets}'
            f'<a class="no" href="#{anchor}" aria-label="{link % params}">{number}</a>\n'
            f'<p id="{anchor}"{in_chinese}>{html[anchor]}</p>\n'
            f'<button type="button" class="copy" hidden data-quote="{anchor}" data-page="{page}" aria-label="{copy % params}">'
            f"{copied}</button>\n"
        )
        if "@" not in report.id:
            which = f'<span class="unseen">{unseen % params}</span>'
            yield f'<p class="more"><a href="{cite}{anchor}">{cited}{which}</a> <a href="{like}{anchor}">{similar}{which}</a></p>'
        yield "</div>\n"


def _turn(report: Report, passage: Passage, is_partly_read: bool) -> str:
    """The line that says where another page of the original begins."""
    where = _("原文件第 %(page)s 页", page=passage.page or "")
    said = f'<a href="{escape(original_url(report, passage.page))}">{where}</a>' if opens_at_pages(report) else where
    doubt = " · " + _("由扫描件识别，文字可能有误") if passage.ocr and is_partly_read else ""
    return f'<p class="turn">{said}{doubt}</p>\n'
