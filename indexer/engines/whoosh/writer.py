"""Prepares the next generation: keeps the segments that did not change, marks what was dropped, writes what was put."""

from __future__ import annotations

import math
from contextlib import ExitStack
from pathlib import Path

from whoosh.filedb.filestore import FileStorage
from whoosh.index import TOC

from indexer.engines.boundary import tie_order
from indexer.engines.whoosh.codec import ArraySegment
from indexer.engines.whoosh.generations import current_name, link, new_folder, open_current, publish, writing
from indexer.engines.whoosh.passages import Passages
from indexer.engines.whoosh.schema import fingerprint, new_schema
from indexer.engines.whoosh.segments import INDEX_NAME, KINDS, write_segment
from indexer.model import Kind, Report

BATCH = 50_000
"""Passages held in memory before they become a segment."""

FAN = 8
"""As many segments of about one size become one; so an index has few segments, and a passage is rewritten few times."""

CATALOGUE = "catalogue.json"


class WhooshWriter:
    """Holds the index for writing until `commit` or `abort`; nothing shows before `commit`.

    Raises:
        IndexBusy: Another writer holds it.
    """

    def __init__(self, index: Path, *, anew: bool = False) -> None:
        self._index, self.anew = index, anew
        self._held = ExitStack()
        self._held.enter_context(writing(index))
        try:
            self.generation, self.catalogue = last_catalogue(index)
            self._previous = None if anew or self.generation is None else open_current(index, fingerprint())
            if self._previous and self._previous.name != self.generation:
                # The live generation is damaged: build on the one before, and publish whatever happens.
                self.generation, self.catalogue = None, _catalogue_of(self._previous.folder)
            self._folder = new_folder(index)
            self._old = Passages(self._previous.folder) if self._previous else None
        except BaseException:
            self._held.close()
            raise
        self._pending: dict[str, Report] = {}
        self._pending_passages = 0
        self._dropped: set[str] = set()
        self._written: list[tuple[ArraySegment, dict[str, tuple[int, int]]]] = []

    def put(self, report: Report) -> None:
        """See `Writer.put`."""
        self.drop(report.id)
        self._add(report)

    def drop(self, id: str) -> None:
        """See `Writer.drop`."""
        if (pending := self._pending.pop(id, None)) is not None:
            self._pending_passages -= len(pending.passages)
        for segment, rows in self._written:
            if id in rows:
                first, count = rows.pop(id)
                for number in range(first, first + count):
                    segment.delete_document(number)
        self._dropped.add(id)

    def report(self, id: str) -> Report | None:
        """The whole report of the live generation with this id, None where there is none."""
        row = self._old.rows.get(id) if self._old else None
        return self._old.whole_report(row) if self._old and row is not None else None

    def commit(self, catalogue: str) -> str:
        """See `Writer.commit`."""
        try:
            kept = self._kept_segments()
            self._write_pending()
            linked = self._link(kept)
            segments = kept + [segment for segment, rows in self._written if rows]
            TOC(new_schema(), segments, 1).write(FileStorage(str(self._folder)), INDEX_NAME)
            (self._folder / CATALOGUE).write_text(catalogue, encoding="utf-8")
            before = self._previous.name if self._previous else self.generation
            return publish(self._index, fingerprint(), self._figures(), before, linked)
        finally:
            self._close()

    def abort(self) -> None:
        """See `Writer.abort`."""
        self._close()

    def _close(self) -> None:
        if self._old:
            self._old.close()
        self._held.close()

    def _add(self, report: Report) -> None:
        self._pending[report.id] = report
        self._pending_passages += len(report.passages)
        if self._pending_passages >= BATCH:
            self._write_pending()

    def _write_pending(self) -> None:
        if not self._pending:
            return
        reports = sorted(self._pending.values(), key=tie_order)
        rows = {}
        first = 0
        for report in reports:
            rows[report.id] = (first, len(report.passages))
            first += len(report.passages)
        self._written.append((write_segment(self._folder, reports), rows))
        self._pending, self._pending_passages = {}, 0

    def _kept_segments(self) -> list[ArraySegment]:
        """The live segments that stay, with what was dropped marked; the reports of those that do not are put again."""
        if self._old is None:
            return []
        for id in self._dropped:
            if (row := self._old.rows.get(id)) is not None:
                self._old.mark_deleted(row)
        segments = [segment.whoosh for segment in self._old.segments]
        rewritten = _to_rewrite(segments)
        for row in range(len(self._old.reports)):
            if self._old.live[self._old.reports[row].first] and self._old.segment_of(row) in rewritten:
                self._add(self._old.whole_report(row))
        return [segment for segment in segments if segment not in rewritten]

    def _link(self, segments: list[ArraySegment]) -> dict[str, tuple[int, str]]:
        """Links to the files of these segments; returns the manifest's entries for them."""
        prefixes = tuple(f"{segment.segment_id()}." for segment in segments)
        if self._previous is None or not prefixes:
            return {}
        linked = {name: entry for name, entry in self._previous.manifest.files.items() if name.startswith(prefixes)}
        for name in linked:
            link(self._previous.folder / name, self._folder / name)
        return linked

    def _figures(self) -> dict[str, object]:
        """What the new generation holds; opening it is also the proof that it can be opened."""
        passages = Passages(self._folder)
        try:
            live = [passages.reports[row] for row in passages.rows.values()]
            body = passages.live & (passages.kind == KINDS.index(Kind.PARAGRAPH))
            return {
                "reports": len(live),
                "paragraphs": int(body.sum()),
                "passages": passages.live_count,
                "years": sorted({row.year for row in live if row.year is not None}),
                "issuers": len({row.issuer for row in live if row.issuer is not None}),
            }
        finally:
            passages.close()


def last_catalogue(index: Path) -> tuple[str | None, str | None]:
    """The live generation's name and its catalogue's text as far as they can be read."""
    name = current_name(index)
    return name, _catalogue_of(index / "generations" / name) if name else None


def _catalogue_of(folder: Path) -> str | None:
    try:
        return (folder / CATALOGUE).read_text(encoding="utf-8")
    except OSError:
        return None


def _to_rewrite(segments: list[ArraySegment]) -> list[ArraySegment]:
    """Segments that are mostly deleted, and `FAN` or more of about one size that are well below a batch."""
    sizes: dict[int, list[ArraySegment]] = {}
    for segment in segments:
        if segment.doc_count() > BATCH // FAN:
            continue
        sizes.setdefault(int(math.log(max(1, segment.doc_count()), FAN)), []).append(segment)
    alike = [segment for group in sizes.values() if len(group) >= FAN for segment in group]
    return [s for s in segments if s in alike or 2 * s.deleted_count() > s.doc_count_all()]
