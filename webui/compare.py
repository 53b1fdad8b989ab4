"""Two reports side by side, standard part by standard part."""

from __future__ import annotations

from dataclasses import dataclass

from flask import Blueprint, abort, render_template, request
from markupsafe import Markup

from indexer import STANDARD_PARTS, Index, Kind, Passage, PreparedQuery, Report, fold
from webui.live import current_index
from webui.markup import marked
from webui.params import read_request

bp = Blueprint("compare", __name__)

NO_PART = ""
"""What stands before any heading."""


@dataclass(frozen=True, slots=True)
class Line:
    """A paragraph or heading of one of the two."""

    passage: Passage
    html: Markup
    also: bool
    """Whether the other report has the same text, as folded."""


@dataclass(frozen=True, slots=True)
class Part:
    """A standard part as each of the two has it; an empty list where one does not."""

    name: str
    sides: tuple[list[Line], list[Line]]


@bp.get("/compare")
def compare() -> str:
    """Two reports, `a` on the left; `q` is marked in both."""
    wanted = read_request(request.args, only=["q", "mode"], also=["a", "b"])
    ids = request.args.get("a", ""), request.args.get("b", "")
    if not all(ids):
        abort(404)
    index = current_index()
    read = index.read(wanted, has_filter=True)
    both = index.report(ids[0]), index.report(ids[1])
    return render_template("compare.html", q=wanted.query, both=both, parts=side_by_side(index, read, both))


def side_by_side(index: Index, read: PreparedQuery, both: tuple[Report, Report]) -> list[Part]:
    """The parts that either has, in the order of `STANDARD_PARTS`."""
    texts = tuple({fold(passage.text) for passage in report.passages} for report in both)
    sides: list[dict[str, list[Line]]] = []
    for report, others in zip(both, reversed(texts), strict=True):
        marks = index.matches(read, report.passages)
        parts: dict[str, list[Line]] = {}
        for passage in report.passages:
            if passage.kind is not Kind.TITLE:
                line = Line(passage, marked(passage.text, marks.get(passage.anchor, [])), fold(passage.text) in others)
                parts.setdefault(passage.part or NO_PART, []).append(line)
        sides.append(parts)
    return [
        Part(name, (sides[0].get(name, []), sides[1].get(name, [])))
        for name in (NO_PART, *STANDARD_PARTS)
        if any(name in side for side in sides)
    ]
