"""The values of a facet beside a result as HTML; in Python because a template takes several times as long for a hundred links."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from markupsafe import Markup, escape

from indexer import SearchRequest
from webui.links import FacetLink, FacetList
from webui.texts import counted


def facet_values(facet: FacetList, url: Callable[..., str], wanted: SearchRequest, counts: str = "passages") -> Markup:
    """A facet with its values.

    Args:
        facet: The facet.
        url: Gives the address of the request with changes.
        wanted: The request.
        counts: What the numbers count; if it is empty no numbers are shown.
    """
    return Markup("".join(_values(facet, lambda changes: url(wanted, **changes), has_counts=bool(counts))))


def _values(facet: FacetList, url: Callable[[dict[str, object]], str], *, has_counts: bool) -> Iterator[str]:
    # Years and units have a form below the heading.
    if facet.shown or facet.more or facet.name in ("year", "unit"):
        yield f'<h2 id="by-{facet.name}">{escape(facet.label)}</h2>'
    in_columns = ' class="two"' if facet.name == "year" else ""
    for number, links in enumerate(links for links in (facet.shown, facet.more) if links):
        before, after = "", ""
        if number:
            more, left = counted("另外 %(count)s 个", len(links) + facet.left), counted("还有 %(count)s 个，请先缩小范围。", facet.left)
            before = f"<details><summary>{more}</summary>"
            after = f"<p>{left}</p></details>" if facet.left else "</details>"
        yield f'{before}<ul{in_columns} aria-labelledby="by-{facet.name}">\n'
        for link in links:
            yield _value(link, escape(url(link.changes)), has_counts=has_counts)
        yield f"</ul>\n{after}"


def _value(link: FacetLink, address: Markup, *, has_counts: bool) -> str:
    depth = f' class="depth-{link.depth}"' if link.depth else ""
    current = ' aria-current="true"' if link.chosen else ""
    count = f"<span>{link.count}</span>" if has_counts else ""
    return f'<li{depth}><a href="{address}"{current}>{escape(link.text)}</a>{count}</li>'
