"""词语: the words that distinguish what matches from the rest, and those near the query's occurrences, as a page, JSON and table."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from flask import Blueprint, Response, jsonify, render_template, request

from indexer import CharacteristicWord, Counts, Mode, Neighbour, SearchRequest, WordPage, WordSide, WordsOf, WordSort, name_of
from indexer import gettext as _
from webui import shapes, tables
from webui.costly import costly
from webui.frame import FIND, frame
from webui.links import page_links
from webui.live import current_index
from webui.pages import search_url
from webui.params import WORD_SIDE, WORD_SORT, WORDS_OF, read_one, read_request, write_args
from webui.replies import link, paged_links
from webui.tables import FORM, Column, Inquiry, Table

bp = Blueprint("words", __name__)
bp.after_request(link)

API = "/api/v1/words"
A_PAGE = 50
"""Words of a page."""

Row = CharacteristicWord | Neighbour


@dataclass(frozen=True, slots=True)
class _Asked:
    """A request for words."""

    wanted: SearchRequest
    of: WordsOf | None
    sort: WordSort
    side: WordSide

    def args(self, **changes: Any) -> str:
        """The query string of a page: the arguments of a search, and those of the words."""
        of, sort, side = (changes.pop(name, getattr(self, name)) for name in ("of", "sort", "side"))
        return write_args(self.wanted, defaults={"per_page": A_PAGE}, **changes) + _suffix(of, sort, side)


@bp.get("/words")
def words() -> str:
    """The words with their frequencies on both sides, each with a link to its passages."""
    asked = _read(FIND.name)
    page = _counted(asked)
    return render_template(
        "words.html",
        q=asked.wanted.query,
        wanted=asked.wanted,
        page=page,
        listed=page.list,
        asked=asked,
        ways=list(WordsOf),
        sorts=list(WordSort),
        sides=list(WordSide),
        searched=bool(current_index().read(asked.wanted).query.scored),
        frame=frame(current_index().read(asked.wanted), lambda **changes: f"/words?{asked.args(**changes)}"),
        address=lambda **changes: f"/words?{asked.args(**changes)}",
        page_address=lambda number: f"/words?{asked.args(page=number)}",
        passages=lambda row: _address(asked.wanted, row),
        file_args=write_args(asked.wanted, page=1, per_page=20) + _suffix(asked.of, asked.sort, asked.side),
        pages=page_links(asked.wanted.page, page.pages),
    )


@bp.get(API)
def words_api() -> Response:
    """One page of words as JSON."""
    asked = _read()
    page = _counted(asked)
    reply: shapes.Words = {
        "query": {"q": asked.wanted.query},
        "of": page.list.of,
        "subset": _frequency(page.list.subset),
        "rest": _frequency(page.list.rest),
        "words": [_shape(asked.wanted, row) for row in page.words],
        "total": {"words": len(page.list.words)},
        "page": asked.wanted.page,
        "per_page": asked.wanted.per_page,
        "pages": page.pages,
        "links": paged_links(API, asked.wanted, page.pages, _suffix(asked.of, asked.sort, asked.side)),
    }
    return jsonify(reply)


@bp.get(f"{API}.{FORM}")
def as_file(form: str) -> Response:
    """All words."""
    asked = _read()
    with costly().turn():
        rows = current_index().all_words(asked.wanted, asked.of, asked.sort, asked.side)
    of = asked.of or (WordsOf.NEIGHBOURS if current_index().read(asked.wanted).query.scored else WordsOf.SUBSET)
    columns: list[Column[Any]] = _of_subset() if of is WordsOf.SUBSET else _of_neighbours()
    suffix = _suffix(asked.of, asked.sort, asked.side)
    about = Inquiry.of(
        asked.wanted, f"/words?{write_args(asked.wanted, page=1, per_page=20)}{suffix}", {"of": of}, [name_of("words_of", of)]
    )
    return tables.reply(Table(_("词语"), "words", rows, columns, lambda row: _shape(asked.wanted, row), about), form)


def _of_subset() -> list[Column[CharacteristicWord]]:
    return [
        Column(_("词"), lambda row: row.word),
        Column(_("对数似然值"), lambda row: round(row.likelihood, 2)),
        Column(_("对数比"), lambda row: round(row.ratio, 2)),
        *_frequencies(_("范围内"), lambda row: row.subset),
        *_frequencies(_("其余"), lambda row: row.rest),
    ]


def _of_neighbours() -> list[Column[Neighbour]]:
    return [
        Column(_("词"), lambda row: row.word),
        Column("logDice", lambda row: round(row.dice, 2)),
        *_frequencies(_("邻近"), lambda row: row.together),
        *_frequencies(_("含该词"), lambda row: row.held),
    ]


def _frequencies(where: str, counts: Callable[[Any], Counts]) -> list[Column[Any]]:
    return [
        Column(_("%(where)s段落数", where=where), lambda row: counts(row).paragraphs),
        Column(_("%(where)s报告数", where=where), lambda row: counts(row).reports),
    ]


def _counted(asked: _Asked) -> WordPage:
    with costly().turn():
        return current_index().word_page(asked.wanted, asked.of, asked.sort, asked.side)


def _read(*also: str) -> _Asked:
    of, sort, side = (read_one(param, request.args) for param in (WORDS_OF, WORD_SORT, WORD_SIDE))
    # `sort` orders words here, by other values than for passages.
    wanted = read_request(request.args, also=[WORDS_OF.name, WORD_SORT.name, WORD_SIDE.name, *also], defaults={"per_page": A_PAGE})
    return _Asked(wanted, WordsOf(of) if of else None, WordSort(sort or WordSort.LIKELIHOOD), WordSide(side or WordSide.MORE))


def _suffix(of: WordsOf | None, sort: WordSort, side: WordSide) -> str:
    said = (
        (WORDS_OF.name, of),
        (WORD_SORT.name, None if sort is WordSort.LIKELIHOOD else sort),
        (WORD_SIDE.name, None if side is WordSide.MORE else side),
    )
    return "".join(f"&{name}={value.value}" for name, value in said if value is not None)


def _address(wanted: SearchRequest, row: Row) -> str | None:
    """The address of the passages that have a word; None if no query finds them."""
    if row.query is None:
        return None
    return search_url(wanted, query=row.query, mode=Mode.EXACT, page=1, per_page=20, collapse=True)


def _frequency(counts: Counts) -> shapes.Frequency:
    return {"passages": counts.paragraphs, "reports": counts.reports}


def _shape(wanted: SearchRequest, row: Row) -> shapes.Word:
    if isinstance(row, Neighbour):
        return {
            "word": row.word,
            "dice": row.dice,
            "together": _frequency(row.together),
            "held": _frequency(row.held),
            "url": _address(wanted, row),
        }
    return {
        "word": row.word,
        "likelihood": row.likelihood,
        "ratio": row.ratio,
        "subset": _frequency(row.subset),
        "rest": _frequency(row.rest),
        "url": _address(wanted, row),
    }
