"""Prepares the next generation: keeps the segments that did not change, marks what was dropped, writes what was put."""

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
"""Passages of usual length of a full segment: few enough for numbers of two bytes, and for what they are made from to fit in memory (a
hundred bytes for each character)."""

GROWTH = 3
"""A segment is merged with all smaller ones once these together have a third of its passages, so an index has few segments
(about the logarithm of its size to this base, and the full ones), and a passage is rewritten as many times."""

CHECKED = 2_000_000_000
"""Bytes of segments that are read before something is built on them: a second's work where they are in memory."""


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
            # What is not published is removed.
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
        """Take over what is whole of a generation; where not all is, publish whatever happens."""
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
        """The live segments that stay, with what was dropped marked; those that do not stay are written anew as one."""
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
        """Links to the files of these segments; returns the manifest's entries for them."""
        prefixes = tuple(f"{segment.segment_id()}." for segment in segments)
        if self._previous is None or not prefixes:
            return {}
        linked = {name: entry for name, entry in self._previous.manifest.files.items() if name.startswith(prefixes)}
        for name, (_, digest) in linked.items():
            link(self._previous.folder / name, self._folder / name, digest)
        return linked

    def _figures(self, table: bytes) -> dict[str, object]:
        """What the new generation holds; opening what is new of it is also the proof that it can be opened."""
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
    """The live generation's name, and the newest catalogue that is whole, also another version's; None where there is none."""
    with suppress(IndexMissing, IndexCorrupt):
        names = generations(index)
        for name in names:
            with suppress(IndexCorrupt, IndexOutdated):
                return names[0], read_catalogue(Generation.named(index, name))
        return names[0], None
    return None, None


def sound_base(index: Path) -> tuple[Generation, list[str]]:
    """The newest generation that is whole, else the newest of which something can be used, and what of it is damaged.

    Every byte is read of an index of up to `CHECKED` bytes. Of a larger one each run reads as much of the segments: the smallest,
    which may be merged, and of the others those whose turn it is, so that some runs together read all.

    Raises:
        IndexMissing: Nothing was ever published here.
        IndexOutdated: The live one was written with another fingerprint.
        IndexCorrupt: There is none.
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
    """The segments to read before the next generation is built on this one, see `sound_base`."""
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
    """Whether every block of a segment has its checksum, or its head where it is not to be checked; None of a file without blocks."""
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
    """Which segments to write anew, by the volume of their live passages, of all their passages, and of those that are coming.

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
    """The segments in groups of at most `BATCH`, by the volume of their live passages."""
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
    words: Batch
