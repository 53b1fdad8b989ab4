"""Prepares the next generation: keeps unchanged segments, marks dropped reports as deleted, writes the reports that were put."""

from __future__ import annotations

import logging
import shutil
from collections.abc import Collection, Iterable
from contextlib import ExitStack, suppress
from dataclasses import dataclass
from functools import partial
from itertools import accumulate
from pathlib import Path
from typing import Any

import numpy as np

from indexer.analysis.fold import fold
from indexer.analysis.segmentation import Batch, Segmentation, joined
from indexer.analysis.words import segmenter
from indexer.catalogue import Catalogue
from indexer.engines.common import fingerprint, tie_order, volume, volume_of
from indexer.engines.whoosh.arrays.files import ArrayFile
from indexer.engines.whoosh.catalogues import check_catalogue, is_whole, read_catalogue, write_catalogue
from indexer.engines.whoosh.earlier import keep
from indexer.engines.whoosh.evaluation.passages import Passages
from indexer.engines.whoosh.generations import Generation, damage, generations, link, new_folder, publish, write_twice, writing
from indexer.engines.whoosh.segment.codec import TABLE, ArrayCodec, ArraySegment, written_table
from indexer.engines.whoosh.segment.schema import SCHEMA_VERSION, new_schema
from indexer.engines.whoosh.segment.segments import EXTENSION, INDEX_NAME, Contents, contents_of, merged, write_contents
from indexer.errors import IndexCorrupt, IndexMissing, IndexOutdated
from indexer.model import Report

log = logging.getLogger(__name__)

BATCH = 50_000
"""Typical passages in a full segment: few enough for two-byte numbers, and for all that it is made from to fit in memory (a hundred
bytes per character)."""

GROWTH = 3
"""A segment is merged with all smaller ones once these together have a third of its passages. So an index has few segments (about
the logarithm of its size to this base, besides the full ones), and each passage is rewritten about as many times."""

CHECKED = 2_000_000_000
"""Bytes of segments to check before building on them: a second's work if they are cached in memory."""


class WhooshWriter:
    """Locks the index for writing until `commit` or `abort`; readers see nothing before `commit`.

    Raises:
        IndexBusy: Another writer holds the lock.
    """

    def __init__(self, index: Path, *, anew: bool = False) -> None:
        self._index, self.anew = index, anew
        self._held = ExitStack()
        self._held.enter_context(writing(index))
        try:
            self._previous: Generation | None = None
            self._old: Passages | None = None
            self._is_damaged = False
            self._damaged: list[str] = []
            if anew:
                self.generation, self.catalogue = last_catalogue(index)
                self._before = self.generation
            else:
                self.generation = self._before = self.catalogue = None
                with suppress(IndexMissing):
                    self._build_on(*sound_base(index))
            self._folder = new_folder(index)
            # Removes the folder unless it was published, which renames it.
            self._held.callback(shutil.rmtree, self._folder, ignore_errors=True)
        except BaseException:
            self._held.close()
            raise
        self._segmentation = Segmentation()
        self._held.callback(self._segmentation.close)
        self._pending: dict[str, _Pending] = {}
        self._pending_volume = 0
        self._dropped: set[str] = set()
        self._written: list[tuple[ArraySegment, dict[str, tuple[int, int]]]] = []

    def _build_on(self, base: Generation, damaged: list[str]) -> None:
        """Take over the undamaged parts of a generation; if some are damaged, publish even if no report changes."""
        self.generation = generations(self._index)[0]
        lost = {file for file in damaged if file.endswith(EXTENSION)}
        self._previous, self._old = base, Passages(base.folder, base.content(TABLE), without=lost)
        self._before, self.catalogue, self._is_damaged = base.name, read_catalogue(base), bool(lost)
        self._damaged = damaged
        if damaged or base.name != self.generation:
            harmed = ", ".join(damaged) if base.name == self.generation else self.generation
            log.warning("%s: damaged: %s; mended from generation %s", self._index, harmed, base.name)
            self.generation = None

    def lost(self, ids: Iterable[str]) -> set[str]:
        """See `Writer.lost`."""
        return {id for id in ids if self._old.row(id) is None} if self._old and self._is_damaged else set()

    def put(self, report: Report) -> None:
        """See `Writer.put`."""
        self.drop(report.id)
        folded = [fold(passage.text) for passage in report.passages]
        if self._pending_volume + volume_of(folded) > BATCH:
            self._write_pending()
        self._pending[report.id] = _Pending(report, folded, self._segmentation.submit(folded))
        self._pending_volume += volume_of(folded)

    def keep(self, report: Report) -> None:
        """See `Writer.keep`."""
        keep(self._index, report)

    def drop(self, id: str) -> None:
        """See `Writer.drop`."""
        if (pending := self._pending.pop(id, None)) is not None:
            self._pending_volume -= volume_of(pending.folded)
        for segment, rows in self._written:
            if id in rows:
                first, count = rows.pop(id)
                for number in range(first, first + count):
                    segment.delete_document(number)
        self._dropped.add(id)

    def report(self, id: str) -> Report | None:
        """The whole report of the live generation with this id, None where there is none."""
        row = self._old.row(id) if self._old else None
        return self._old.whole_report(row) if self._old and row is not None else None

    def commit(self, catalogue: Catalogue) -> str:
        """See `Writer.commit`."""
        try:
            unchanged = self._unchanged_segments()
            self._write_pending()
            linked = self._link(unchanged)
            segments = unchanged + [segment for segment, rows in self._written if rows]
            table = written_table(new_schema(), segments)
            write_twice(self._folder / TABLE, table)
            linked |= write_catalogue(self._folder, catalogue, self._previous, self._damaged)
            return publish(self._index, self._folder, fingerprint(SCHEMA_VERSION), self._figures(table), self._before, linked, segmenter())
        finally:
            self._held.close()

    def abort(self) -> None:
        """See `Writer.abort`."""
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
        self._pending, self._pending_volume = {}, 0

    def _write(self, contents: Contents) -> ArraySegment:
        segment = ArrayCodec().new_segment(None, INDEX_NAME)
        write_contents(self._folder / segment.make_filename(EXTENSION), contents)
        segment.set_doc_count(len(contents.anchors))
        return segment

    def _unchanged_segments(self) -> list[ArraySegment]:
        """The live segments to keep, with dropped reports marked as deleted; the others are merged into new ones here."""
        old = self._old
        if old is None:
            return []
        for id in self._dropped:
            if (row := old.row(id)) is not None:
                old.mark_deleted(row)
        live, whole = [], []
        for at, segment in enumerate(old.segments):
            mask, lengths = old.live_in(at), segment.column("length")
            live.append(volume(int(mask.sum()), int(lengths[mask].sum())))
            whole.append(volume(segment.passages, int(lengths.sum())))
        rewritten = to_rewrite(live, whole, self._pending_volume)
        groups = _batches([at for at in rewritten if live[at]], live)
        for group in groups:
            contents = merged([(old.segments[at], old.live_in(at)) for at in group])
            rows = {id.decode(): (0, 0) for id in contents.ids}
            self._written.append((self._write(contents), rows))
        return [segment for at, segment in enumerate(old.whoosh) if at not in rewritten]

    def _link(self, segments: list[ArraySegment]) -> dict[str, tuple[int, str]]:
        """Link the files of these segments into the new folder and return their manifest entries."""
        prefixes = tuple(f"{segment.segment_id()}." for segment in segments)
        if self._previous is None or not prefixes:
            return {}
        linked = {name: entry for name, entry in self._previous.manifest.files.items() if name.startswith(prefixes)}
        for name, (_, digest) in linked.items():
            link(self._previous.folder / name, self._folder / name, digest)
        return linked

    def _figures(self, table: bytes) -> dict[str, object]:
        """The counts for the new generation's manifest; opening it for them also proves that it can be opened."""
        old = self._old
        linked = {one.make_filename(EXTENSION): file for one, file in zip(old.whoosh, old.segments, strict=True)} if old else {}
        passages = Passages(self._folder, table, opened=linked)
        live = passages.live_reports().nonzero()[0]

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
    """The live generation's name, and the newest catalogue that can be read; None for what does not exist."""
    with suppress(IndexMissing, IndexCorrupt):
        names = generations(index)
        for name in names:
            with suppress(IndexCorrupt, IndexOutdated):
                return names[0], read_catalogue(Generation.named(index, name))
        return names[0], None
    return None, None


def sound_base(index: Path) -> tuple[Generation, list[str]]:
    """The newest generation with undamaged segments, or else the newest usable one, and the list of its damaged files.

    In an index of up to `CHECKED` bytes every byte is read. In a larger one each run reads that many bytes of segments: the smallest,
    which may be merged, and some of the others by turns, so that a number of runs together read everything.

    Raises:
        IndexMissing: Nothing was ever published here.
        IndexOutdated: The live generation has another fingerprint.
        IndexCorrupt: No generation is usable.
    """
    usable: list[tuple[Generation, list[str]]] = []
    failed: IndexCorrupt | IndexOutdated | None = None
    for name in generations(index):
        try:
            generation = Generation.named(index, name)
            if generation.manifest.fingerprint != fingerprint(SCHEMA_VERSION):
                raise IndexOutdated(index, generation.manifest.fingerprint, fingerprint(SCHEMA_VERSION))
            generation.content(TABLE)
            check_catalogue(generation)
        except (IndexCorrupt, IndexOutdated) as error:
            failed = failed or error
            continue
        damaged = damage(index, name, partial(_is_whole_segment, checked=_to_check(generation)))
        usable.append((generation, damaged))
        if not any(file.endswith(EXTENSION) for file in damaged):
            return usable[-1]
    if isinstance(failed, IndexOutdated) or not usable:
        assert failed is not None
        raise failed if isinstance(failed, IndexOutdated) else IndexCorrupt(failed.location, failed.detail, full=True)
    return usable[0]


def _to_check(generation: Generation) -> set[str]:
    """The segments to check before the next generation is built on this one, see `sound_base`."""
    sizes = {file: size for file, (size, _) in generation.manifest.files.items() if file.endswith(EXTENSION)}
    names = sorted(sizes, key=lambda file: (sizes[file], file))
    if sum(sizes.values()) <= CHECKED:
        return set(names)
    smallest = [file for file, end in zip(names, accumulate(sizes[file] for file in names), strict=True) if end <= CHECKED // 2]
    others = names[len(smallest) :]
    together = max(1, CHECKED // 2 // sizes[others[-1]])
    first = int(generation.name.split("-")[0]) * together
    return {*smallest, *(others[(first + at) % len(others)] for at in range(together))}


def _is_whole_segment(path: Path, checked: Collection[str]) -> bool | None:
    """Whether every block of a segment matches its checksum, or only its head if not in `checked`; None for a file without blocks."""
    if path.suffix != EXTENSION:
        return is_whole(path)
    try:
        file = ArrayFile(path)
        if path.name in checked:
            file.check()
    except IndexCorrupt:
        return False
    return True


def to_rewrite(live: list[int], whole: list[int], coming: int) -> set[int]:
    """Which segments to rewrite.

    These are segments that are mostly deleted and, from the smallest up, those with less than `GROWTH` times the live volume of all
    smaller ones together, `coming` included.

    Args:
        live: The volume of each segment's live passages.
        whole: The volume of each segment's passages, deleted ones included.
        coming: The volume of the passages about to be written.
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
    """The segments in groups whose live passages have at most the volume `BATCH`."""
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
    """A report that has been put but not yet written."""

    report: Report
    folded: list[str]
    words: Batch
