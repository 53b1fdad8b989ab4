"""The hits of a page of results and the trend above them as HTML; in Python because a template takes three times as long."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from urllib.parse import urlencode

from markupsafe import Markup, escape

from indexer import Around, Hit, Kind, ResultPage, item_label, name_of
from webui.cited import cite_passage, cite_url
from webui.common import copies_url
from webui.frame import Address, YearBar
from webui.links import passage_url, place_path
from webui.markup import snippet_html
from webui.originals import opens_at_pages, original_url
from webui.similar import similar_url
from webui.texts import chinese, counted
from webui.texts import shown as _


def hits_html(page: ResultPage, around: Mapping[str, Around], marking: Mapping[str, str | None], url: Address) -> Markup:
    """The hits of a page.

    Args:
        page: The page.
        around: What is shown around hits that say little by themselves, by the hit's id.
        marking: The arguments that mark the query in a report.
        url: Gives the address of the result with its request changed.
    """
    query = urlencode({name: value for name, value in marking.items() if value})
    return Markup("".join(_hits(page.hits, around, query, url)))


def _hits(hits: Iterable[Hit], around: Mapping[str, Around], query: str, url: Address) -> Iterator[str]:
    in_chinese, day = chinese(), date.today()
    copy, cited, similar = _("复制引文"), _("引用格式"), _("相近段落")
    for number, hit in enumerate(hits, 1):
        report, passage, near = hit.report, hit.passage, around.get(hit.id)
        anchor, kind = passage.anchor, passage.kind
        year = _("%(year)s年", year=report.year) if report.year else _("年度未标明")
        yield (
            f'<li class="hit">\n<h2><a href="{escape(passage_url(report.id, anchor, query))}"><b>{year}</b>'
            f"{escape(report.issuer or report.title)}</a></h2>\n"
        )
        if path := passage.section[:-1] if kind is Kind.HEADING else passage.section:
            above = "".join([f"<span>{escape(section.text)}</span>" for section in path])
            yield f'<p class="path"{in_chinese}>{above}</p>'
        if near and near.head:
            head = _("表头：%(head)s", head=near.head)
            yield f'<p class="head"{in_chinese}>{head}</p>'
        label = name_of("kind", kind) if kind is not Kind.PARAGRAPH else item_label(hit.snippet.item) if hit.snippet.item else ""
        item = f'<span class="item">{escape(label)}</span>' if label else ""
        yield f'<p class="snip"{in_chinese}>{item}{snippet_html(hit.snippet)}</p>\n'
        if near and near.below:
            yield f'<p class="below"{in_chinese}>{escape(near.below)}</p>'
        place = f"{escape(place_path(report.region))} · " if report.region else ""
        out = _("<time>%(day)s</time> 发布", day=report.published) if report.published else _("发布日期未标明")
        stale = " · " + _("该文件已无法读取，显示的是上次的内容") if report.stale else ""
        citation = cite_passage(report, passage, day)
        like = f'<a href="{escape(similar_url(report, anchor))}" aria-label="{similar} {number}">{similar}</a>'
        yield (
            f'<p class="meta"><span>{place}{out}{stale}</span>\n{"".join(_remarks(hit, url))}'
            f'<button type="button" class="copy" hidden data-cite="{escape(citation)}" aria-label="{copy} {number}">{copy}</button>\n'
            f'<a href="{escape(cite_url(report, anchor))}" aria-label="{cited} {number}">{cited}</a>\n'
            f"{like if kind is Kind.PARAGRAPH else ''}</p>\n</li>\n"
        )


def _remarks(hit: Hit, url: Address) -> Iterator[str]:
    """The notes below a hit: equal passages, copies of its sentence, its page, and whether OCR read it."""
    if hit.same:
        same = counted("另有 %(count)s 段表述相同", hit.same)
        yield f'<a href="{escape(url(same=hit.id, collapse=False))}">{same}</a>'
    if hit.also and hit.sentence and (hit.is_common or hit.also.units):
        units = hit.also.units
        said = counted("公文常用表述 · 另见 %(count)s 个单位", units) if hit.is_common else counted("此句另见 %(count)s 个单位", units)
        yield f'<a class="shared" href="{escape(copies_url(hit.sentence))}">{said}</a>'
    if hit.passage.page:
        where = _("原文件第 %(page)s 页", page=hit.passage.page)
        link = escape(original_url(hit.report, hit.passage.page)) if opens_at_pages(hit.report) else None
        yield f"<span>{where}</span>" if link is None else f'<a href="{link}">{where}</a>'
    if hit.passage.ocr:
        doubt = _("由扫描件识别，文字可能有误")
        yield f"<span>{doubt}</span>"


def trend_html(trend: Sequence[YearBar], url: Address) -> Markup:
    """Small bars of the share of reports that mention the query, each year a link; empty if there are none."""
    if not trend:
        return Markup()
    label = _("各年度提及的报告占已收录报告的百分比")
    return Markup(f'<ol class="trend-bars" aria-label="{label}">\n{"".join(_bar(one, url) for one in trend)}</ol>\n')


def _bar(one: YearBar, url: Address) -> str:
    height = one.height(39)
    unfinished = ' class="unfinished"' if one.unfinished else ""
    before, after = "<span>", "</span>"
    if one.mentioning:
        before, after = f'<a href="{escape(url(years=(one.year,), year_from=None, year_to=None))}">', "</a>"
    said = _("年：%(held)s 份中 %(mentioning)s 份提及", held=one.held, mentioning=one.mentioning) if one.held else _("年：未收录")
    late = _("，尚未收齐") if one.held and one.unfinished else ""
    return (
        f"<li{unfinished}>{before}"
        f'<svg width="34" height="40" aria-hidden="true"><rect x="1" width="32" y="{40 - height}" height="{height}"/></svg>\n'
        f'<b>{one.year}</b><span class="unseen">{said}{late}</span>\n{after}</li>\n'
    )
