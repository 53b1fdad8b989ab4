"""The views of a query: passages, reports, occurrences, words, years, units by years; each links to all, with query and filters kept."""

from __future__ import annotations

from dataclasses import dataclass, replace

from flask import Blueprint

from indexer import SearchRequest, Sort
from indexer import gettext as _
from webui.live import current_index
from webui.pages import reports_url, search_url
from webui.params import write_args

bp = Blueprint("views", __name__)


@dataclass(frozen=True, slots=True)
class View:
    """One of the views of a query."""

    path: str
    text: str
    url: str


@bp.app_template_global()
def views(wanted: SearchRequest) -> list[View]:
    """The views of a query in the order shown, each at its first page, with filters and mode, and the sort order where it applies.

    A query that only filters has no occurrences to list; without query and filters there are no words to distinguish.
    """
    wanted = replace(wanted, facets=(), page=1, per_page=20, collapse=False)
    found = [
        View("/", _("段落"), search_url(wanted, collapse=True)),
        View("/reports", _("报告"), reports_url(wanted)),
        View("/concordance", _("逐处"), f"/concordance?{write_args(wanted)}"),
        View("/words", _("词语"), f"/words?{write_args(wanted, sort=Sort.RELEVANCE)}"),
        View("/years", _("年度趋势"), f"/years?{write_args(wanted)}"),
        # The matrix orders units, by other values of `sort` than passages.
        View("/matrix", _("提及情况"), f"/matrix?{write_args(wanted, sort=Sort.RELEVANCE)}"),
    ]
    left_out = set()
    if not (query := current_index().read(wanted).query).scored:
        left_out.add("/concordance")
    if query.tree is None and not wanted.has_filter:
        left_out.add("/words")
    return [view for view in found if view.path not in left_out]
