"""What a copy of the corpus needs: whole reports that changed since a generation or a time, and the ids of those that are gone."""

from __future__ import annotations

from collections.abc import Iterator
from urllib.parse import quote

from flask import Response
from msgspec import json
from werkzeug.datastructures import MultiDict

from indexer import History, Index, InvalidRequest, Problem, Report, SearchRequest, content_of
from webui import shapes
from webui.downloads import downloads
from webui.live import current_history, current_index
from webui.params import CHANGED_SINCE, read_request
from webui.tables import MEDIA


def changes(args: MultiDict[str, str]) -> Response:
    """A line of JSON for each report that passes the filters and changed since, oldest change first, then one for each that is gone."""
    wanted = read_request(args, also=[CHANGED_SINCE.name])
    moment = args[CHANGED_SINCE.name]
    history = current_history()
    since = history.since(moment)
    if since is None:
        raise InvalidRequest(Problem(CHANGED_SINCE.name, "no-moment", value=moment))
    parts = _lines(current_index(), history, wanted, *since)
    return downloads().reply(parts, MEDIA["ndjson"], "changes.ndjson", "changes.ndjson")


def _lines(index: Index, history: History, wanted: SearchRequest, since: str, itself: bool) -> Iterator[bytes]:
    def counts(time: str) -> bool:
        return time >= since if itself else time > since

    generation = index.stats.generation
    for report in index.changed(wanted, counts):
        yield json.encode(_held(report, generation)) + b"\n"
    for id, time in sorted(history.removed.items(), key=lambda entry: (entry[1], entry[0])):
        if counts(time):
            removed: shapes.Change = {"id": id, "removed": True, "changed": time, "generation": generation}
            yield json.encode(removed) + b"\n"


def _held(report: Report, generation: str) -> shapes.Change:
    return {
        "id": report.id,
        "removed": False,
        "changed": report.changed,
        "generation": generation,
        "added": report.added,
        "sha256": report.sha256,
        "url": f"/reports/{quote(report.id)}",
        "content": content_of(report),
    }
