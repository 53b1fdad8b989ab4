"""Names for identifiers: one table for each kind of identifier. To name a new value, add it here."""

from __future__ import annotations

from collections.abc import Mapping

from indexer.texts import N_, gettext

NAMES: Mapping[str, Mapping[str, str]] = {
    # Fields of a report and its passages, for filters, facets and remarks; some remarks are about things that are not fields.
    "field": {
        "title": N_("title of the report"),
        "year": N_("reported year"),
        "published": N_("date of publication"),
        "issuer": N_("issuer"),
        "unit": N_("unit"),
        "level": N_("level"),
        "lacking": N_("contents not found"),
        "added": N_("first held"),
        "changed": N_("last changed"),
        "source": N_("source"),
        "editor": N_("editor"),
        "doc_number": N_("document number"),
        "source_url": N_("original page"),
        "region": N_("place"),
        "section": N_("part"),
        "type": N_("type"),
        "kind": N_("kind of passage"),
        "indicator": N_("indicator"),
        "instrument": N_("rule or document"),
        "heading": N_("heading number"),
        "page": N_("scanned page"),
        "text": N_("text"),
        "file": N_("file"),
        "remark": N_("to be checked"),
    },
    "content": {
        "measures": N_("measures and results"),
        "shortcomings": N_("shortcomings and their causes"),
        "first_responsible": N_("duties of those first responsible"),
        "plans": N_("plans for the next year"),
        "other": N_("other matters"),
    },
    "lacking": {
        "measures": N_("measures and results"),
        "shortcomings": N_("shortcomings and their causes"),
        "first_responsible": N_("duties of those first responsible"),
        "plans": N_("plans for the next year"),
    },
    "verdict": {
        "exact": N_("exact match"),
        "near": N_("near match"),
        "absent": N_("not found"),
        "unchecked": N_("not checked"),
    },
    "type": {
        "report": N_("annual report"),
        "plan": N_("plan"),
        "interpretation": N_("interpretation"),
        "news": N_("news"),
        "other": N_("other"),
    },
    # Plural forms.
    "types": {
        "report": N_("annual reports"),
        "plan": N_("plans"),
        "interpretation": N_("interpretations"),
        "news": N_("news"),
        "other": N_("others"),
    },
    "kind": {"paragraph": N_("body text"), "heading": N_("heading"), "title": N_("title of the report")},
    "level": {
        "省": N_("province"),
        "市": N_("city"),
        "县": N_("county"),
        "乡镇": N_("township"),
        "街道": N_("street"),
        "部门": N_("department"),
    },
    # Programs use the Chinese names of the standard parts as identifiers.
    "section": {
        part: part
        for part in (
            N_("主要举措和成效"),
            N_("存在的不足"),
            N_("下一步安排"),
            N_("问题与安排"),
            N_("第一责任人履职"),
            N_("政府职能"),
            N_("依法行政制度"),
            N_("行政决策"),
            N_("行政执法"),
            N_("权力监督"),
            N_("矛盾纠纷化解"),
            N_("公共法律服务"),
            N_("普法宣传"),
            N_("复议应诉"),
            N_("数字法治"),
            N_("营商环境"),
            N_("组织保障"),
            N_("其他"),
        )
    },
    "instrument_kind": {
        "law": N_("law"),
        "regulation": N_("regulation"),
        "rule": N_("rule"),
        "normative": N_("normative document"),
        "plan": N_("plan or outline"),
        "other": N_("other instrument"),
    },
    # Why a piece of a file's text is not in a passage.
    "left_out": {
        "furniture": N_("menu, button or footer"),
        "metadata": N_("about the page"),
        "signature": N_("signature"),
        "imprint": N_("imprint"),
        "repeated": N_("printed twice"),
        "hidden": N_("hidden by the page"),
        "control": N_("menu or form"),
        "outside": N_("beside the text"),
        "page-number": N_("page number"),
        "chart": N_("chart"),
        "running-head": N_("running head"),
        "watermark": N_("watermark"),
        "turned": N_("turned"),
        "note": N_("note"),
        "laid-over": N_("printed over the scan"),
        "picture": N_("on a photograph"),
    },
    # What somebody should look at, by the codes of `indexer.remarks.KINDS`.
    "remark": {
        "title-from-name": N_("title taken from the file's name"),
        "title-from-sentence": N_("title put together from a sentence"),
        "year-missing": N_("no year"),
        "year-from-heading": N_("year only from a heading"),
        "year-far-from-published": N_("year far from the date of publication"),
        "issuer-missing": N_("no issuer"),
        "published-missing": N_("no date of publication"),
        "region-unknown": N_("unknown place code"),
        "region-from-folder": N_("place from the other reports of the folder"),
        "region-open": N_("place with an ambiguous name"),
        "number-unexpected": N_("heading out of order"),
        "paragraph-cut": N_("paragraph stored in pieces"),
        "text-hidden": N_("text that the page hides"),
        "text-scripted": N_("text from the page's script"),
        "text-missing": N_("no text"),
        "text-turned": N_("rotated words left out"),
        "text-vertical": N_("text in vertical lines"),
        "page-incomplete": N_("incomplete page"),
        "page-without-text": N_("page without text"),
        "figures-disagree": N_("figures that disagree"),
        "last-year-disagrees": N_("figures that disagree with last year's report"),
        "numbers-unread": N_("heading numbers that were not read"),
        "page-files-missing": N_("page numbers with a gap"),
        "page-files-repeated": N_("two files with the same page number"),
        "pictures-unread": N_("pictures that are not read"),
        "ocr-failed": N_("scan that could not be read"),
        "ocr-doubtful": N_("scan read with low confidence"),
        "pages-missing": N_("pages missing"),
        "objects-unread": N_("objects that were not read"),
        "file-damaged": N_("damaged file"),
        "file-cut-short": N_("truncated file"),
        "file-unreadable": N_("file that can no longer be read"),
    },
    # The states of a unit's report on a year.
    "state": {
        "held": N_("held"),
        "missing": N_("not held"),
        "not_due": N_("not due yet"),
        "before": N_("before the first report"),
        "ended": N_("ended"),
    },
    # What somebody should look at in a draft, by the codes of `indexer.drafts.KINDS`, and how serious it is.
    "finding": {
        "content-missing": N_("required contents"),
        "year-left-over": N_("another year"),
        "plan-year": N_("year of the plans"),
        "unit-other": N_("another unit"),
        "unit-slip": N_("name of the unit"),
        "instrument-slip": N_("name of a rule"),
        "instrument-kind": N_("end of a rule's name"),
        "figures-disagree": N_("figures that disagree"),
        "year-in-text": N_("last year in the text"),
        "instrument-differs": N_("two names of a rule"),
        "instrument-replaced": N_("rule that was replaced"),
        "instrument-older": N_("older edition of a rule"),
        "instrument-ended": N_("rule that was ended"),
        "number-order": N_("numbers of headings"),
        "heading-twice": N_("repeated heading"),
        "items-gap": N_("items 一是, 二是"),
        "unpaired": N_("brackets and quotation marks"),
        "figure-same": N_("figure of last year"),
        "instrument-over": N_("rule whose period has ended"),
        "promise-not-met": N_("plans of last year"),
        "carried-over": N_("sentences of last year"),
        "other-unit-same": N_("sentences of another unit"),
    },
    "severity": {"high": N_("serious"), "medium": N_("to be checked"), "low": N_("for information")},
    "mode": {
        "exact": N_("exactly"),
        "all": N_("all words of a sentence"),
        "any": N_("some words of a sentence"),
        "literal": N_("as it stands"),
    },
    "sort": {"relevance": N_("relevance"), "-year": N_("newest"), "year": N_("oldest"), "region": N_("place")},
    "batch_by": {"year": N_("reported year"), "region": N_("place")},
    "matrix_sort": {"region": N_("place"), "first": N_("first mention"), "most": N_("most passages")},
    "words_of": {"subset": N_("words of the subset"), "neighbours": N_("words near it")},
    "word_sort": {"likelihood": N_("surest"), "ratio": N_("most different")},
    "word_side": {"more": N_("more frequent here"), "less": N_("less frequent here")},
    "context": {"none": N_("relevance"), "left": N_("text before"), "right": N_("text after")},
}

_NAMED = frozenset({"indicator"})
"""Kinds of identifiers that are Chinese names themselves; those of indicators come into the catalogue from their own file."""


def name_of(sort: str, identifier: object) -> str:
    """The name of an identifier in the current language: `name_of("type", "plan")`.

    None is named as unknown; an identifier that its table lacks, such as an issuer or a year, is returned itself.
    """
    if identifier is None:
        return gettext("not stated")
    known = str(identifier) if sort in _NAMED else NAMES.get(sort, {}).get(str(identifier))
    return str(identifier) if known is None else gettext(known)
