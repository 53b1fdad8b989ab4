"""The catalogue of a generation: one JSON file or, with many source files, a searchable file of sources and the changes since.

    catalogue.json                              a catalogue of few sources
    catalogue.changes and catalogue-*.sources   one of many: what changed, as JSON; the stored sources, to which later generations link
    originals                                   where the reports' files are, for all reports that differ from catalogue-*.sources

A file of sources contains its own unique name, so that one of another generation is never taken for it.
Changes are merged into the stored sources when they exceed `CHANGED` files and a `SHARE` of the stored ones. So adding one file does not
cost more in a larger index, except for one rewrite each time it has grown by a `SHARE`.
"""

from __future__ import annotations

import json
from bisect import bisect_left
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from secrets import token_hex
from typing import Any

import msgspec
import numpy as np
from numpy.typing import NDArray
from xxhash import xxh3_64_intdigest

from indexer.catalogue import Catalogue, Original, Source
from indexer.engines.whoosh.arrays.files import ArrayFile, narrow, packed_values, read_values, write_arrays
from indexer.engines.whoosh.arrays.stored import Pieces, piece_arrays
from indexer.engines.whoosh.generations import Generation, copy_of, link, write_twice
from indexer.errors import IndexCorrupt, IndexOutdated
from indexer.near_duplicates import DIGITS
from indexer.sources import Sources, marks_of, report_mark, stated_places

WHOLE = "catalogue.json"
CHANGES = "catalogue.changes"
SOURCES = ".sources"
"""Suffix of the file of stored sources."""
ORIGINALS = "originals"

CHANGED = 2_000
"""Up to so many changed files stay in `CHANGES`, which is then read and written in a twentieth of a second."""

SEARCHES = 16
"""After one search per so many keys, a list of all keys is built: it takes as long as those searches and makes later ones ten times faster.
A run over all folders looks for every key."""

SHARE = 1 / 32
"""Share of the stored files that may be in `CHANGES`: storing a quarter of a million files anew takes some seconds."""


@dataclass(frozen=True, slots=True)
class _Changes:
    """The content of the file `CHANGES`."""

    catalogue: msgspec.Raw
    """A catalogue with only the sources that differ from the stored ones, and with everything else."""
    gone: list[str]
    """The keys of stored sources that no longer exist."""


_STORED = (SOURCES, copy_of(Path(SOURCES)).name)
"""Suffixes of the file of sources and of its copy."""


def is_whole(path: Path) -> bool | None:
    """Whether every block of a file of sources, or of its copy, matches its checksum; None for any other file."""
    if not path.name.endswith(_STORED):
        return None
    try:
        ArrayFile(path, path.name.partition(SOURCES)[0] + SOURCES).check()
    except IndexCorrupt:
        return False
    return True


def check_catalogue(generation: Generation) -> None:
    """Check that the catalogue can be read.

    Raises:
        IndexCorrupt: The catalogue and its copy are damaged.
    """
    if CHANGES in generation.manifest.files:
        generation.content(CHANGES)
        _whole_sources(generation)
    else:
        generation.content(WHOLE)


def read_catalogue(generation: Generation) -> Catalogue:
    """The catalogue of a generation.

    Raises:
        IndexCorrupt: The catalogue and its copy are damaged.
        IndexOutdated: Another version wrote it.
    """
    is_changed = CHANGES in generation.manifest.files
    name = CHANGES if is_changed else WHOLE
    content = generation.content(name)
    try:
        if not is_changed:
            return Catalogue.from_json(content.decode())
        changes = msgspec.json.decode(content, type=_Changes)
        catalogue = Catalogue.from_json(bytes(changes.catalogue).decode())
    except (ValueError, KeyError, TypeError, AttributeError, msgspec.MsgspecError) as error:
        # Its checksum is right, so another version wrote it in another format.
        raise IndexOutdated(generation.folder, f"another {name} ({error})", "its own") from error
    stored = StoredSources(_whole_sources(generation))
    changed = [*catalogue.sources.items(), *dict.fromkeys(changes.gone).items()]
    return replace(catalogue, sources=Sources(stored, changed))


def write_catalogue(
    folder: Path, catalogue: Catalogue, previous: Generation | None, damaged: Collection[str]
) -> dict[str, tuple[int, str]]:
    """Write the catalogue of the generation being built in a folder, and the table of originals.

    Args:
        folder: The folder of the new generation.
        catalogue: The catalogue that `read_catalogue` read from `previous`, with its changes, or another one.
        previous: The generation that the new one is built on.
        damaged: The files of `previous` that must not be used.

    Returns:
        The manifest entries of files that are links to files of `previous`.
    """
    sources = Sources.of(catalogue.sources)
    stored = sources.stored if isinstance(sources.stored, StoredSources) else None
    linked: dict[str, tuple[int, str]] = {}
    names = [name for name in previous.manifest.files if name.endswith(_STORED)] if previous else []
    if len(sources.changed) > max(CHANGED, SHARE * (len(stored) if stored else 0)):
        stored = _store(folder, stored, sources.changed)
        sources = Sources(stored)
    elif stored is None:
        write_twice(folder / WHOLE, catalogue.to_json().encode())
    elif previous is None or not names or not set(damaged).isdisjoint(names):
        stored = _store(folder, stored, {})
    else:
        for name in names:
            linked[name] = previous.manifest.files[name]
            link(previous.folder / name, folder / name, linked[name][1])
    if stored is not None:
        changes = replace(catalogue, sources=sources.unstored()).to_json().encode()
        gone = [key for key, source in sources.changed.items() if source is None]
        write_twice(folder / CHANGES, msgspec.json.encode(_Changes(msgspec.Raw(changes), gone)))
    _write_originals(folder / ORIGINALS, catalogue, sources)
    return linked


class StoredSources:
    """The sources in a file that `_store` wrote.

    Raises:
        IndexCorrupt: A block that is read is damaged; raised here and by every method that reads.
    """

    def __init__(self, file: ArrayFile) -> None:
        self._file = file
        self._keys, self._records = Pieces(file, "keys"), Pieces(file, "records")
        self._searches = 0

    @cached_property
    def _listed(self) -> list[bytes]:
        return list(self._keys)

    def __len__(self) -> int:
        return len(self._keys)

    def __iter__(self) -> Iterator[str]:
        return (key.decode() for key in self._keys)

    def number(self, key: str) -> int | None:
        """The number of a source in the order of the keys' bytes, None where there is none."""
        wanted = key.encode()
        self._searches += 1
        keys = self._listed if SEARCHES * self._searches > len(self) else self._keys
        at = bisect_left(keys, wanted)
        return at if at < len(keys) and keys[at] == wanted else None

    def find(self, key: str) -> Source | None:
        """See `Stored.find`."""
        number = self.number(key)
        return None if number is None else self._source(number)

    def _source(self, number: int) -> Source:
        try:
            return msgspec.json.decode(self._records[number], type=Source)
        except msgspec.MsgspecError as error:
            raise IndexOutdated("the catalogue", f"other sources ({error})", "its own") from error

    def _having(self, name: str, value: int) -> list[int]:
        """The numbers of the sources that have this value in `name`, one of `_NUMBERS`."""
        values = self._file[name]
        wanted = values.dtype.type(value)
        first, last = values.searchsorted(wanted), values.searchsorted(wanted, "right")
        numbers: list[int] = self._file[f"{name}.of"][first:last].tolist()
        return numbers

    def entry(self, mark: str) -> tuple[str, Source] | None:
        """The first source with this mark, and its key."""
        return next(self._entries(mark), None)

    def marked(self, mark: str) -> list[str]:
        """See `Stored.marked`."""
        return [key for key, _ in self._entries(mark)]

    def _entries(self, mark: str) -> Iterator[tuple[str, Source]]:
        for number in dict.fromkeys(self._having("marks", _hash(mark))):
            source = self._source(number)
            if mark in marks_of(source):
                yield self._keys[number].decode(), source

    def sampling(self, sentence: str) -> list[str]:
        """See `Stored.sampling`."""
        return [self._keys[number].decode() for number in self._having("sentences", int(sentence, 16))]

    def places(self) -> Counter[tuple[str, str]]:
        """See `Stored.places`."""
        return Counter({(place, folder): count for place, folder, count in read_values(self._file["places"])})

    def without(self, keys: Iterable[str]) -> _Part:
        """All sources except those with these keys."""
        gone = [number for key in keys if (number := self.number(key)) is not None]
        staying = np.ones(len(self), np.bool_)
        staying[gone] = False
        numbers = np.cumsum(staying) - 1
        arrays = {}
        for name in _NUMBERS:
            of = self._file[f"{name}.of"].astype(np.int64)
            chosen = staying[of]
            arrays[name] = self._file[name][chosen], numbers[of[chosen]]
        places = self.places()
        for number in gone:
            places.subtract(stated_places(self._keys[number].decode(), self._source(number)))
        chosen_of = staying.tolist()
        keys_of_staying = [key for key, stays in zip(self._keys, chosen_of, strict=True) if stays]
        return _Part(keys_of_staying, [record for record, stays in zip(self._records, chosen_of, strict=True) if stays], arrays, places)


_NUMBERS = ("marks", "sentences")
"""The lookup arrays: hashes of the sources' marks, and sentences of their samples; ascending, each with the number of its source."""


@dataclass(frozen=True, slots=True)
class _Part:
    """Encoded sources, ready to be stored."""

    keys: list[bytes]
    records: list[bytes]
    numbers: dict[str, tuple[NDArray[Any], NDArray[Any]]]
    """By name in `_NUMBERS`: the values, not sorted, and the index in `keys` of each value's source."""
    places: Counter[tuple[str, str]]

    @classmethod
    def of(cls, sources: Sequence[tuple[str, Source]]) -> _Part:
        """Encode sources, given with their keys."""
        records: list[bytes] = []
        marks: list[int] = []
        marked: list[int] = []
        sampled: list[int] = []
        places: Counter[tuple[str, str]] = Counter()
        for number, (key, source) in enumerate(sources):
            # Empty values are the defaults and need not be stored.
            record = {name: value for name in Source.__slots__ if (value := getattr(source, name)) or type(value) is int}
            records.append(msgspec.json.encode(record))
            own = marks_of(source)
            marks += map(_hash, own)
            marked += [number] * len(own)
            sampled.append(len(source.sample) // DIGITS)
            places.update(stated_places(key, source))
        sentences = np.frombuffer(bytes.fromhex("".join(source.sample for _, source in sources)), ">u4")
        owners = np.repeat(np.arange(len(sources)), np.array(sampled, np.int64))
        numbers = {
            "marks": (np.array(marks, "<u8"), np.array(marked, np.int64)),
            "sentences": (sentences.astype("<u4"), owners),
        }
        return cls([key.encode() for key, _ in sources], records, numbers, places)

    def followed_by(self, other: _Part) -> _Part:
        """These sources followed by others."""
        numbers = {}
        for name in _NUMBERS:
            (values, of), (other_values, of_other) = self.numbers[name], other.numbers[name]
            numbers[name] = np.concatenate([values, other_values]), np.concatenate([of, of_other + len(self.keys)])
        return _Part(self.keys + other.keys, self.records + other.records, numbers, self.places + other.places)


def _store(folder: Path, stored: StoredSources | None, changed: dict[str, Source | None]) -> StoredSources:
    """Write a new file of sources, and its copy: the stored sources with the changes applied."""
    part = _Part.of([(key, source) for key, source in changed.items() if source is not None])
    if stored:
        part = stored.without(changed).followed_by(part)
    order = sorted(range(len(part.keys)), key=part.keys.__getitem__)
    rank = np.empty(len(order), np.int64)
    rank[order] = np.arange(len(order))
    arrays: dict[str, NDArray[Any]] = {
        **piece_arrays("keys", (part.keys[at] for at in order)),
        **piece_arrays("records", (part.records[at] for at in order)),
    }
    for name in _NUMBERS:
        values, of = part.numbers[name]
        owners = rank[of]
        by_value = np.lexsort((owners, values))
        arrays |= {name: values[by_value], f"{name}.of": narrow(owners[by_value])}
    arrays["places"] = packed_values([[place, below, count] for (place, below), count in sorted(part.places.items()) if count])
    path = folder / f"catalogue-{token_hex(8)}{SOURCES}"
    for each in (path, copy_of(path)):
        write_arrays(each, arrays, path.name)
    return StoredSources(ArrayFile(path))


def _whole_sources(generation: Generation) -> ArrayFile:
    """The file of sources of a generation, or its copy, whichever is undamaged."""
    name = next((name for name in generation.manifest.files if name.endswith(SOURCES)), SOURCES)
    for path in (generation.folder / name, copy_of(generation.folder / name)):
        with suppress(IndexCorrupt):
            file = ArrayFile(path, name)
            file.check()
            return file
    raise IndexCorrupt(generation.folder, f"{name} is missing or does not match the published checksum")


def _hash(mark: str) -> int:
    return xxh3_64_intdigest(mark.encode())


def _write_originals(path: Path, catalogue: Catalogue, sources: Sources) -> None:
    """Write the originals of all reports whose sources differ from the stored ones, sorted by id; None for reports that are gone."""
    own = replace(catalogue, sources=sources.unstored()).originals()
    found: dict[str, list[object] | None] = {id: _values(original) for id, original in own.items()}
    if sources.stored is not None:
        for key in sources.changed:
            if (before := sources.stored.find(key)) is not None:
                found.setdefault(before.report, None)
    originals = sorted((id.encode(), msgspec.json.encode(values)) for id, values in found.items())
    arrays = {**piece_arrays("ids", (id for id, _ in originals)), **piece_arrays("files", (file for _, file in originals))}
    if sources.stored is not None:
        arrays["folders"] = packed_values(catalogue.folders)
    write_arrays(path, arrays)


def _values(original: Original) -> list[object]:
    return [original.folder, original.below, original.sha256, original.pages]


def read_original(folder: Path, report: str) -> Original | None:
    """Where the file of a report is, by the generation in a folder; None where the report has no file.

    Raises:
        IndexCorrupt: A file that is needed is damaged or gone.
    """
    file = ArrayFile(folder / ORIGINALS)
    ids, wanted = Pieces(file, "ids"), report.encode()
    number = bisect_left(ids, wanted)
    if number < len(ids) and ids[number] == wanted:
        values = json.loads(Pieces(file, "files")[number])
        return Original(*values) if values else None
    folders = file.get("folders")
    if folders is None:
        return None
    stored = StoredSources(ArrayFile(next(folder.glob(f"*{SOURCES}"), folder / SOURCES)))
    entry = stored.entry(report_mark(report))
    if entry is None:
        return None
    return Catalogue(read_values(folders), dict([entry])).originals().get(report)
