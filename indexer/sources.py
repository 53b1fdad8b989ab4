"""The files of a catalogue by key: stored ones, found individually without reading all, and the changes since."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, MutableMapping
from typing import Protocol

from indexer.catalogue import Source
from indexer.placing import folders_of

_AS_STORED = object()
"""Stands for an unchanged stored source, since None stands for a removed one."""

OPEN = "open"
"""The mark of a source whose own text leaves its place open."""


def content_mark(sha256: str) -> str:
    """The mark of sources whose file has this content."""
    return f"sha256 {sha256}"


def report_mark(id: str) -> str:
    """The mark of the source of this report."""
    return f"report {id}"


def unit_mark(unit: str, year: int) -> str:
    """The mark of sources whose report is this unit's on this year."""
    return f"unit {unit} {year}"


def marks_of(source: Source) -> list[str]:
    """The marks by which a source can be found, each once."""
    marks = [content_mark(source.sha256), report_mark(source.report)]
    if source.unit and source.year:
        marks.append(unit_mark(source.unit, source.year))
    return [*marks, OPEN] if source.open else marks


def stated_places(key: str, source: Source) -> list[tuple[str, str]]:
    """The place that a source's file states, paired with each folder that holds the file; empty if it states none."""
    return [(source.place, folder) for folder in folders_of(key)] if source.place is not None else []


class Stored(Protocol):
    """A fixed set of stored sources."""

    def __len__(self) -> int: ...

    def __iter__(self) -> Iterator[str]:
        """The keys."""
        ...

    def find(self, key: str) -> Source | None:
        """The source of this key; None if there is none."""
        ...

    def marked(self, mark: str) -> list[str]:
        """The keys of the sources that have this mark, see `marks_of`."""
        ...

    def sampling(self, sentence: str) -> list[str]:
        """The keys of the sources whose samples contain a sentence, see `indexer.near_duplicates`."""
        ...

    def places(self) -> Counter[tuple[str, str]]:
        """The number of sources for each pair of `stated_places`."""
        ...


class Sources(MutableMapping[str, Source]):
    """Sources by key, some of which may be stored; copying costs only as much as there are changes since these were stored."""

    def __init__(self, stored: Stored | None = None, changed: Iterable[tuple[str, Source | None]] = ()) -> None:
        self.stored = stored
        self.changed: dict[str, Source | None] = dict(changed)
        """The sources that differ from the stored ones; None for removed ones."""
        self._by_mark: dict[str, dict[str, None]] | None = None

    @classmethod
    def of(cls, sources: Mapping[str, Source]) -> Sources:
        """These sources as `Sources`; the same object if they are already."""
        return sources if isinstance(sources, Sources) else cls(changed=sources.items())

    def __copy__(self) -> Sources:
        """A copy that can be changed without changing this one."""
        return Sources(self.stored, self.changed.items())

    def __getitem__(self, key: str) -> Source:
        source = self.changed.get(key)
        if key not in self.changed and self.stored is not None:
            source = self.stored.find(key)
        if source is None:
            raise KeyError(key)
        return source

    def __setitem__(self, key: str, source: Source) -> None:
        self._change(key, source)

    def __delitem__(self, key: str) -> None:
        self[key]
        self._change(key, None)

    def _change(self, key: str, source: Source | None) -> None:
        if self._by_mark is not None:
            if (before := self.changed.get(key)) is not None:
                for mark in marks_of(before):
                    del self._by_mark[mark][key]
            for mark in marks_of(source) if source is not None else ():
                self._by_mark.setdefault(mark, {})[key] = None
        if source is None and (self.stored is None or self.stored.find(key) is None):
            del self.changed[key]
        else:
            self.changed[key] = source

    def clear(self) -> None:
        """Remove all sources, including the stored ones."""
        self.stored, self._by_mark = None, None
        self.changed.clear()

    def __iter__(self) -> Iterator[str]:
        changed = self.changed
        if self.stored is not None:
            yield from (key for key in self.stored if key not in changed)
        yield from (key for key, source in changed.items() if source is not None)

    def __len__(self) -> int:
        own = sum(source is not None for source in self.changed.values())
        if self.stored is None:
            return own
        return len(self.stored) - sum(self.stored.find(key) is not None for key in self.changed) + own

    def __eq__(self, other: object) -> bool:
        if isinstance(other, Sources) and other.stored is self.stored:
            return self.changed == other.changed
        return super().__eq__(other)

    __hash__ = None  # type: ignore[assignment]  # it changes

    def unstored(self) -> dict[str, Source]:
        """The sources that were added or changed since the stored ones."""
        return {key: source for key, source in self.changed.items() if source is not None}

    def differing(self, other: Sources) -> list[str]:
        """The keys whose sources differ from those in `other`, if these are a changed copy of it; otherwise all keys of both."""
        if other.stored is not self.stored:
            return list(dict.fromkeys([*other, *self]))
        own, others = self.changed, other.changed
        return [key for key in {**others, **own} if own.get(key, _AS_STORED) is not others.get(key, _AS_STORED)]

    def marked(self, mark: str) -> list[str]:
        """The keys of the sources that have this mark, see `marks_of`."""
        if self._by_mark is None:
            self._by_mark = {}
            for key, source in self.unstored().items():
                for own in marks_of(source):
                    self._by_mark.setdefault(own, {})[key] = None
        found = [key for key in self.stored.marked(mark) if key not in self.changed] if self.stored is not None else []
        return [*found, *self._by_mark.get(mark, ())]

    def sampling(self, sentence: str) -> list[str]:
        """The keys of the unchanged stored sources whose samples contain a sentence."""
        return [key for key in self.stored.sampling(sentence) if key not in self.changed] if self.stored is not None else []

    def places(self) -> Counter[tuple[str, str]]:
        """The number of sources for each pair of `stated_places`."""
        counts: Counter[tuple[str, str]] = Counter()
        if self.stored is not None:
            counts = self.stored.places()
            for key in self.changed:
                if (before := self.stored.find(key)) is not None:
                    counts.subtract(stated_places(key, before))
        counts.update(pair for key, source in self.unstored().items() for pair in stated_places(key, source))
        return counts
