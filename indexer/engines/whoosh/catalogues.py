"""The catalogue of a generation: whole as JSON, or of many files what changed since all were stored where each is found alone.

    catalogue.json                              a catalogue of few files
    catalogue.changes and catalogue-*.sources   of many: what changed, as JSON; and the others, which the next generations have as links
    originals                                   where the file of each report stands that is not in catalogue-*.sources as it is

A file of sources has a name of its own, which stands in it, so that one of another generation is never taken for it.
What changed is stored with the others when it is more than `CHANGED` files and a `SHARE` of them, so what a run writes for a file that
it adds does not grow with the index, but for each `SHARE` of it that is new.
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
"""How the name of the file ends that holds the stored ones."""
ORIGINALS = "originals"

CHANGED = 2_000
"""Files from which on those that changed may be stored: fewer are read and written in a twentieth of a second."""

SEARCHES = 16
"""A list of all keys, in which one is found in a tenth of the time, is made once one in so many was looked for: it takes about as long as
these searches did. A run over all folders looks for every key."""

SHARE = 1 / 32
"""Of the stored files: storing a quarter of a million of them anew takes some seconds."""


@dataclass(frozen=True, slots=True)
class _Changes:
    """What `CHANGES` holds."""

    catalogue: msgspec.Raw
    """The sources that are not as they are stored, and all else."""
    gone: list[str]
    """The keys of those that are stored and are not there any more."""


_STORED = (SOURCES, copy_of(Path(SOURCES)).name)
"""How the names of that file and of its copy end."""


def is_whole(path: Path) -> bool | None:
    """Whether every block of a file of sources or of its copy has its checksum; None of another file."""
    if not path.name.endswith(_STORED):
        return None
    try:
        ArrayFile(path, path.name.partition(SOURCES)[0] + SOURCES).check()
    except IndexCorrupt:
        return False
    return True


def check_catalogue(generation: Generation) -> None:
    """Look whether the catalogue can be read.

    Raises:
        IndexCorrupt: It is damaged, and so is its copy.
    """
    if CHANGES in generation.manifest.files:
        generation.content(CHANGES)
        _whole_sources(generation)
    else:
        generation.content(WHOLE)


def read_catalogue(generation: Generation) -> Catalogue:
    """The catalogue of a generation.

    Raises:
        IndexCorrupt: It is damaged, and so is its copy.
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
        # It is as it was written, so by a version that wrote something else.
        raise IndexOutdated(generation.folder, f"another {name} ({error})", "its own") from error
    stored = StoredSources(_whole_sources(generation))
    changed = [*catalogue.sources.items(), *dict.fromkeys(changes.gone).items()]
    return replace(catalogue, sources=Sources(stored, changed))


def write_catalogue(
    folder: Path, catalogue: Catalogue, previous: Generation | None, damaged: Collection[str]
) -> dict[str, tuple[int, str]]:
    """Write the catalogue of the generation that is built in a folder, and where the file of each report stands.

    Args:
        folder: Where to.
        catalogue: What `read_catalogue` read of `previous`, changed since, or another.
        previous: The generation that this one is built on.
        damaged: The files of that one that must not be used.

    Returns:
        The manifest's entries of the files that are links to those of `previous`.
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
    """The sources of a file that `_store` wrote.

    Raises:
        IndexCorrupt: What is read of it is damaged; here and wherever something is read.
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
        """Where a source stands in the order of the keys' bytes, None where there is none."""
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
        """The sources of whose numbers of a kind one is this."""
        values = self._file[name]
        wanted = values.dtype.type(value)
        first, last = values.searchsorted(wanted), values.searchsorted(wanted, "right")
        numbers: list[int] = self._file[f"{name}.of"][first:last].tolist()
        return numbers

    def entry(self, mark: str) -> tuple[str, Source] | None:
        """The first source that has this mark, with its key."""
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
        """All but those of these keys, and what these have."""
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
"""By what sources are found: the hashes of their marks, and the sentences of their samples; ascending, each with its source."""


@dataclass(frozen=True, slots=True)
class _Part:
    """Some sources, to be stored."""

    keys: list[bytes]
    records: list[bytes]
    numbers: dict[str, tuple[NDArray[Any], NDArray[Any]]]
    """See `_NUMBERS`; of each which of these sources it is of."""
    places: Counter[tuple[str, str]]

    @classmethod
    def of(cls, sources: Sequence[tuple[str, Source]]) -> _Part:
        """Those of these keys."""
        records: list[bytes] = []
        marks: list[int] = []
        marked: list[int] = []
        sampled: list[int] = []
        places: Counter[tuple[str, str]] = Counter()
        for number, (key, source) in enumerate(sources):
            # What is empty is so by default.
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
        """These sources with others behind them."""
        numbers = {}
        for name in _NUMBERS:
            (values, of), (other_values, of_other) = self.numbers[name], other.numbers[name]
            numbers[name] = np.concatenate([values, other_values]), np.concatenate([of, of_other + len(self.keys)])
        return _Part(self.keys + other.keys, self.records + other.records, numbers, self.places + other.places)


def _store(folder: Path, stored: StoredSources | None, changed: dict[str, Source | None]) -> StoredSources:
    """Write the sources that are stored, as they have changed, and a copy."""
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
    """The file of sources of a generation or its copy, whichever is whole."""
    name = next((name for name in generation.manifest.files if name.endswith(SOURCES)), SOURCES)
    for path in (generation.folder / name, copy_of(generation.folder / name)):
        with suppress(IndexCorrupt):
            file = ArrayFile(path, name)
            file.check()
            return file
    raise IndexCorrupt(generation.folder, f"{name} is gone or has not the checksum that was published")


def _hash(mark: str) -> int:
    return xxh3_64_intdigest(mark.encode())


def _write_originals(path: Path, catalogue: Catalogue, sources: Sources) -> None:
    """Write the files of all reports that are not stored as they are, in the order of their ids, None for what is gone."""
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
    """Where the file of a report stands that the generation in a folder holds, None where it came from none.

    Raises:
        IndexCorrupt: What was written is damaged or gone.
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
