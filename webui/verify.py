"""引文核对: whether the quotations of a pasted text occur in the reports, as a page and as JSON."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from math import floor
from typing import NamedTuple

from flask import Blueprint, Response, jsonify, render_template, request
from markupsafe import Markup, escape

from indexer import LONGEST_VERIFIED, DifferenceOp, FoundAt, QuotedPiece, Verdict, Verification
from webui import shapes
from webui.bodies import BYTES_A_CHARACTER, text_of_body
from webui.cited import cite_passage
from webui.costly import costly
from webui.links import passage_url
from webui.live import current_index
from webui.markup import Span, layered
from webui.replies import index_info

bp = Blueprint("verify", __name__)

MOST_BYTES = BYTES_A_CHARACTER * LONGEST_VERIFIED + 1_000
AROUND = 60
"""Code points of a passage that are shown on either side of a place."""


@bp.route("/verify", methods=["GET", "POST"])
def verify() -> str:
    """A box for the text, and the verdict on each of its pieces."""
    request.max_content_length = MOST_BYTES
    typed = request.form.get("text", "")
    found = _verified(typed) if typed.strip() else Verification(typed, ())
    named = _named(html=True)
    return render_template(
        "verify.html",
        q="",
        typed=typed,
        most=LONGEST_VERIFIED,
        pieces=[(piece, [_shown(typed, piece, place, named) for place in piece.places]) for piece in found.pieces],
        counts=[(verdict, sum(piece.verdict is verdict for piece in found.pieces)) for verdict in Verdict],
    )


@bp.post("/api/v1/verify")
def verify_api() -> Response:
    """The verdict on each piece of a text, as text/plain or as JSON `{"text"}`."""
    request.max_content_length = MOST_BYTES
    index = current_index()
    found = _verified(text_of_body())
    named = _named()
    reply: shapes.Verified = {
        "pieces": [
            {
                "start": piece.start,
                "end": piece.end,
                "text": found.text[piece.start : piece.end],
                "verdict": piece.verdict,
                "reports": piece.reports,
                "places": [_place(place, named) for place in piece.places],
            }
            for piece in found.pieces
        ],
        "index": index_info(index.stats),
    }
    return jsonify(reply)


def _verified(text: str) -> Verification:
    with costly().turn():
        return current_index().verify(text)


class _Named(NamedTuple):
    """The address and citation of a passage, and the title of its report."""

    url: str
    citation: str
    title: str

    def escaped(self) -> _Named:
        """The same, escaped for HTML."""
        return _Named(*map(escape, self))


def _named(*, html: bool = False) -> Callable[[FoundAt], _Named]:
    """A function that names the passage of a place; cached, since many pieces of a text occur in the same passages."""
    today, known = date.today(), dict[str, _Named]()

    def named(place: FoundAt) -> _Named:
        if (found := known.get(place.passage)) is None:
            report, passage = place.found.report, place.found.passage
            found = _Named(passage_url(report.id, passage.anchor), cite_passage(report, passage, today), report.title)
            found = known[place.passage] = found.escaped() if html else found
        return found

    return named


def _place(place: FoundAt, named: Callable[[FoundAt], _Named]) -> shapes.FoundPlace:
    report, passage = place.found.report, place.found.passage
    url, citation, title = named(place)
    return {
        "passage": place.passage,
        "report": place.report,
        "title": title,
        "year": report.year,
        "url": url,
        "citation": citation,
        "text": passage.text,
        "start": place.start,
        "end": place.end,
        "similarity": round(place.similarity, 4),
        "differences": [{"op": one.op, "typed": one.typed, "held": one.held} for one in place.differences],
    }


@dataclass(frozen=True, slots=True)
class _Shown:
    """A place on the page."""

    named: _Named
    similarity: int
    """In percent, rounded down."""
    held: Markup
    """The place and the text around it, with what was not typed marked."""
    typed: Markup | None
    """The piece, with what the report does not have marked; None if nothing differs."""


def _shown(text: str, piece: QuotedPiece, place: FoundAt, named: Callable[[FoundAt], _Named]) -> _Shown:
    passage = place.found.passage
    start, end = max(0, place.start - AROUND), min(len(passage.text), place.end + AROUND)
    inserted = [_moved(one.held, -start) for one in place.differences if one.op is not DifferenceOp.DELETE]
    held = layered(passage.text[start:end], [("mark", [_moved((place.start, place.end), -start)]), ("ins", inserted)])
    deleted = [_moved(one.typed, -piece.start) for one in place.differences if one.op is not DifferenceOp.INSERT]
    return _Shown(
        named(place),
        floor(100 * place.similarity),
        # Joined as plain strings, since adding to a Markup escapes what is added.
        Markup("".join(("…" if start else "", held, "…" if end < len(passage.text) else ""))),
        layered(text[piece.start : piece.end], [("del", deleted)]) if place.differences else None,
    )


def _moved(span: Span, by: int) -> Span:
    return span[0] + by, span[1] + by
