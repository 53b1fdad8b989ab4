"""Prepares the next generation: keeps the segments that did not change, marks what was dropped, writes what was put."""

from __future__ import annotations

import shutil
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from whoosh.filedb.filestore import RamStorage
from whoosh.index import TOC

from indexer.analysis.fold import fold
from indexer.analysis.segmentation import Lot, Segmentation, joined
from indexer.analysis.words import segmenter
from indexer.catalogue import Catalogue
from indexer.engines.boundary import fingerprint, tie_order
from indexer.engines.whoosh.evaluation.passages import Passages
from indexer.engines.whoosh.generations import Generation, current_name, link, new_folder, open_current, publish, writing
from indexer.engines.whoosh.segment.codec import ArrayCodec, ArraySegment
from indexer.engines.whoosh.segment.schema import SCHEMA_VERSION, new_schema
from indexer.engines.whoosh.segment.segments import EXTENSION, INDEX_NAME, Contents, contents_of, merged, write_contents
from indexer.errors import IndexCorrupt
from indexer.model import Report

BATCH = 50_000
"""Passages of a full segment: few enough for numbers of two bytes, and for what they are made from to fit in memory."""

GROWTH = 3
"""A segment is merged with all smaller ones once these together have a third of its passages, so an index has few segments
(about the logarithm of its size to this base, and the full ones), and a passage is rewritten as many times."""

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
            try:
                self.generation, self.catalogue = last_catalogue(index)
            except IndexCorrupt:
                if not anew:
                    raise
                self.generation, self.catalogue = current_name(index), None
            self._previous: Generation | None = None
            self._old: Passages | None = None
            if not anew and self.generation is not None:
                self._previous, self._old = open_current(index, fingerprint(SCHEMA_VERSION), Passages)
            if self._previous and self._previous.name != self.generation:
                # The live generation is damaged: build on the one before, and publish whatever happens.
                self.generation, self.catalogue = None, _catalogue_of(self._previous.folder)
            self._folder = new_folder(index)
            # What is not published is not kept.
            self._held.callback(shutil.rmtree, self._folder, ignore_errors=True)
        except BaseException:
            self._held.close()
            raise
        self._segmentation = Segmentation()
        self._held.callback(self._segmentation.close)
        self._pending: dict[str, _Pending] = {}
        self._pending_passages = 0
        self._dropped: set[str] = set()
        self._written: list[tuple[ArraySegment, dict[str, tuple[int, int]]]] = []

    def put(self, report: Report) -> None:
        """See `Writer.put`."""
        self.drop(report.id)
        folded = [fold(passage.text) for passage in report.passages]
        self._pending[report.id] = _Pending(report, folded, self._segmentation.submit(folded))
        self._pending_passages += len(folded)
        if self._pending_passages >= BATCH:
            self._write_pending()

    def drop(self, id: str) -> None:
        """See `Writer.drop`."""
        if (pending := self._pending.pop(id, None)) is not None:
            self._pending_passages -= len(pending.folded)
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

    def commit(self, catalogue: Catalogue) -> str:
        """See `Writer.commit`."""
        try:
            kept = self._kept_segments()
            self._write_pending()
            linked = self._link(kept)
            segments = kept + [segment for segment, rows in self._written if rows]
            contents = RamStorage()
            TOC(new_schema(), segments, 1).write(contents, INDEX_NAME)
            for name, content in contents.files.items():
                (self._folder / name).write_bytes(content)
            (self._folder / CATALOGUE).write_text(catalogue.to_json(), encoding="utf-8")
            before = self._previous.name if self._previous else self.generation
            return publish(self._index, self._folder, fingerprint(SCHEMA_VERSION), self._figures(), before, linked, segmenter())
        finally:
            self._close()

    def abort(self) -> None:
        """See `Writer.abort`."""
        self._close()

    def _close(self) -> None:
        self._held.close()

    def _write_pending(self) -> None:
        if not self._pending:
            return
        pending = sorted(self._pending.values(), key=lambda each: tie_order(each.report))
        rows = {}
        first = 0
        for each in pending:
            rows[each.report.id] = (first, len(each.folded))
            first += len(each.folded)
        words = joined(each.words.result() for each in pending)
        contents = contents_of([each.report for each in pending], [text for each in pending for text in each.folded], words)
        self._written.append((self._write(contents), rows))
        self._pending, self._pending_passages = {}, 0

    def _write(self, contents: Contents) -> ArraySegment:
        segment = ArrayCodec().new_segment(None, INDEX_NAME)
        write_contents(self._folder / segment.make_filename(EXTENSION), contents)
        segment.set_doc_count(len(contents.anchors))
        return segment

    def _kept_segments(self) -> list[ArraySegment]:
        """The live segments that stay, with what was dropped marked; those that do not stay are written anew as one."""
        old = self._old
        if old is None:
            return []
        for id in self._dropped:
            if (row := old.rows.get(id)) is not None:
                old.mark_deleted(row)
        live = [int(old.live_in(at).sum()) for at in range(len(old.segments))]
        rewritten = to_rewrite(live, [segment.passages for segment in old.segments], self._pending_passages)
        groups = _batches([at for at in rewritten if live[at]], live)
        for group in groups:
            contents = merged([(old.segments[at], old.live_in(at)) for at in group])
            rows = {row.id: (0, 0) for row in contents.rows}
            self._written.append((self._write(contents), rows))
        return [segment for at, segment in enumerate(old.whoosh) if at not in rewritten]

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
        live = np.array(list(passages.rows.values()), np.int64)

        def held(name: str) -> set[Any]:
            column = passages.field(name)
            return {column.values[code] for code in np.flatnonzero(column.counts_in(live)).tolist()} - {None}

        return {
            "reports": len(live),
            "paragraphs": int(passages.body.sum()),
            "passages": passages.live_count,
            "years": sorted(held("year")),
            "issuers": len(held("issuer")),
        }


def last_catalogue(index: Path) -> tuple[str | None, Catalogue | None]:
    """The live generation's name and its catalogue, both None where nothing was ever published.

    Raises:
        IndexCorrupt: The catalogue is damaged.
    """
    name = current_name(index)
    return name, _catalogue_of(index / "generations" / name) if name else None


def _catalogue_of(folder: Path) -> Catalogue | None:
    try:
        return Catalogue.from_json((folder / CATALOGUE).read_text(encoding="utf-8"))
    except OSError:
        return None
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise IndexCorrupt(folder, f"{CATALOGUE} cannot be read ({error})") from error


def to_rewrite(live: list[int], whole: list[int], coming: int) -> set[int]:
    """Which segments to write anew, by their live passages, all their passages, and how many passages are coming.

    Those that are mostly deleted; and, from the smallest up, each that has not `GROWTH` times as many as all smaller ones.
    """
    rewritten = {at for at in range(len(live)) if 2 * live[at] < whole[at]}
    smaller = coming
    merging: list[int] = []
    found: list[int] = []
    for at in sorted(range(len(live)), key=lambda at: live[at]):
        if live[at] + smaller > BATCH:
            break
        merging.append(at)
        if live[at] < GROWTH * smaller and len(merging) > 1:
            found = list(merging)
        smaller += live[at]
    return rewritten | set(found)


def _batches(segments: list[int], live: list[int]) -> list[list[int]]:
    """The segments in groups of at most `BATCH` live passages."""
    groups: list[list[int]] = []
    size = BATCH
    for at in segments:
        if size + live[at] > BATCH:
            groups.append([])
            size = 0
        groups[-1].append(at)
        size += live[at]
    return groups


@dataclass(frozen=True, slots=True)
class _Pending:
    """A report that is not written yet."""

    report: Report
    folded: list[str]
    words: Lot
