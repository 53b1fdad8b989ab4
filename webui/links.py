"""The links of a page of results: chips that remove a filter, facets that add or remove one, page numbers."""

from __future__ import annotations

from dataclasses import dataclass

from indexer import FacetCount, SearchRequest

LABELS = {"year": "报告年度", "region": "地区", "issuer": "单位", "section": "部分", "type": "类型", "kind": "段落"}
_FIELDS = {"year": "years", "region": "regions", "issuer": "issuers", "section": "sections", "type": "types", "kind": "kinds"}
NAMES = {
    "report": "年度报告",
    "plan": "计划安排",
    "interpretation": "解读",
    "news": "新闻",
    "other": "其他",
    "paragraph": "正文",
    "heading": "标题",
    "title": "报告标题",
}
SHOWN = 12
"""Values of a facet shown at once; chosen ones always."""


@dataclass(frozen=True, slots=True)
class FacetLink:
    """A value of a facet, and the change of the request that adds or removes it."""

    text: str
    count: int
    chosen: bool
    changes: dict[str, object]


@dataclass(frozen=True, slots=True)
class Chip:
    """A filter in force, and the change of the request that removes it."""

    text: str
    changes: dict[str, object]


def label(facet: str, count: FacetCount) -> str:
    """How a facet's value is called."""
    if count.value is None:
        return "未标明"
    return count.label or NAMES.get(str(count.value), str(count.value)) if facet != "issuer" else str(count.value)


def facet_links(wanted: SearchRequest, facets: dict[str, list[FacetCount]]) -> list[tuple[str, list[FacetLink]]]:
    """Each facet with its values: years newest first, the others by count; unknown last."""
    found = []
    for facet, counts in facets.items():
        chosen = getattr(wanted, _FIELDS[facet])
        newest_first = facet == "year"
        counts = sorted(counts, key=lambda count: (count.value is None, -int(count.value or 0) if newest_first else 0))
        links = [
            FacetLink(label(facet, count), count.count, count.value in chosen, _toggled(wanted, facet, count.value)) for count in counts
        ]
        links = [link for at, link in enumerate(links) if facet == "year" or at < SHOWN or link.chosen]
        if facet in ("year", "section") or len(links) > 1 or chosen:
            found.append((LABELS[facet], links))
    return found


def _toggled(wanted: SearchRequest, facet: str, value: str | int | None) -> dict[str, object]:
    field = _FIELDS[facet]
    values = getattr(wanted, field)
    rest = tuple(one for one in values if one != value)
    return {field: rest if value in values else (*values, value)}


def chips(wanted: SearchRequest, facets: dict[str, list[FacetCount]]) -> list[Chip]:
    """The filters in force."""
    found = []
    for facet, field in _FIELDS.items():
        names = {count.value: label(facet, count) for count in facets.get(facet, [])}
        for value in getattr(wanted, field):
            text = names.get(value, "未标明" if value is None else NAMES.get(str(value), str(value)))
            found.append(Chip(f"{LABELS[facet]}：{text}", _toggled(wanted, facet, value)))
    if wanted.same is not None:
        found.append(Chip("相同的段落", {"same": None, "collapse": True}))
    if wanted.year_from is not None or wanted.year_to is not None:
        text = f"{wanted.year_from or ''}–{wanted.year_to or ''} 年"
        found.append(Chip(text, {"year_from": None, "year_to": None}))
    return found


def page_links(number: int, pages: int) -> list[int | None]:
    """The page numbers to show: first, last, and those around this one; None where some are left out."""
    shown = sorted({1, pages, *range(max(1, number - 2), min(pages, number + 2) + 1)})
    links: list[int | None] = []
    for page in shown:
        if links and links[-1] is not None and page > links[-1] + 1:
            links.append(None)
        links.append(page)
    return links if pages > 1 else []
