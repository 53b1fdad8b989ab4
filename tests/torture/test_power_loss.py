"""Power lost at any moment: of what was not flushed anything may be on the disk, and the index is the old one or the new one.

A file's content is on the disk once the file is flushed, a name once its folder is; until then each may be there or not, in any
order, and a file may be empty, cut or full of zeros.
"""

from __future__ import annotations

import random
import shutil
import sys
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from indexer import IndexMissing
from tests.torture import disk
from tests.torture.known import CORRUPT, NEW, OLD, SEEDS, answers, publish, rounds

pytestmark = [
    pytest.mark.skipif(sys.platform != "linux", reason="which file is flushed is read from /proc"),
    pytest.mark.unmeasured,
]
MENDED_EVERY = 40


@dataclass
class File:
    content: bytes = b""
    """As it was flushed last, or will be."""
    is_flushed: bool = False

    def after_loss(self, chance: random.Random) -> bytes:
        """What may be on the disk."""
        if self.is_flushed:
            return self.content
        return chance.choice([b"", self.content, bytes(len(self.content)), self.content[: chance.randint(0, len(self.content))]])


@dataclass
class Folder:
    flushed: dict[str, File | Folder] = field(default_factory=dict)
    now: dict[str, File | Folder] = field(default_factory=dict)
    changes: list[dict[str, File | Folder | None]] = field(default_factory=list)
    """What was done since: names with what they stand for, None for those removed."""

    def change(self, entries: dict[str, File | Folder | None]) -> None:
        self.changes.append(entries)
        _apply(self.now, entries)

    def flush(self) -> None:
        self.flushed, self.changes = dict(self.now), []

    def after_loss(self, chance: random.Random) -> dict[str, File | Folder]:
        """The names that may be on the disk: in order up to some change, or any of the changes."""
        entries = dict(self.flushed)
        ordered = chance.random() < 0.5
        for change in self.changes[: chance.randint(0, len(self.changes))] if ordered else self.changes:
            if ordered or chance.random() < 0.5:
                _apply(entries, change)
        return entries


def _apply(entries: dict[str, File | Folder], change: dict[str, File | Folder | None]) -> None:
    for name, held in change.items():
        entries.pop(name, None)
        if held is not None:
            entries[name] = held


class Disk:
    """A folder's disk: replays what was recorded, up to any moment."""

    def __init__(self, root: Path, before: Path | None) -> None:
        self._root = root
        self._top = _read(before) if before else Folder()

    def _at(self, path: Path) -> File | Folder:
        held: File | Folder = self._top
        for name in path.relative_to(self._root).parts:
            assert isinstance(held, Folder)
            held = held.now[name]
        return held

    def _folder(self, path: Path) -> Folder:
        held = self._at(path.parent)
        assert isinstance(held, Folder)
        return held

    def replay(self, what: str, paths: tuple[Path, ...], content: bytes) -> None:
        path = paths[-1]
        match what:
            case "mkdir":
                self._folder(path).change({path.name: Folder()})
            case "create":
                self._folder(path).change({path.name: File(content)})
            case "unlink" | "rmdir":
                self._folder(path).change({path.name: None})
            case "link":
                self._folder(path).change({path.name: self._at(paths[0])})
            case "rename" | "replace":
                self._folder(path).change({path.name: self._at(paths[0]), paths[0].name: None})
            case "sync":
                held = self._at(path)
                if isinstance(held, Folder):
                    held.flush()
                else:
                    held.is_flushed = True

    def write_after_loss(self, target: Path, chance: random.Random) -> None:
        _write(self._top, target, chance)


def _read(folder: Path) -> Folder:
    held = Folder()
    for path in folder.iterdir():
        held.now[path.name] = _read(path) if path.is_dir() else File(path.read_bytes(), is_flushed=True)
    held.flush()
    return held


def _write(folder: Folder, target: Path, chance: random.Random) -> None:
    target.mkdir()
    for name, held in folder.after_loss(chance).items():
        if isinstance(held, Folder):
            _write(held, target / name, chance)
        else:
            (target / name).write_bytes(held.after_loss(chance))


Call = tuple[str, tuple[Path, ...], bytes]


def record(monkeypatch, root: Path, held) -> list[Call]:
    """What a run that brings the index below `root` to this state does to the disk; each new file with what it will hold."""
    done: list[tuple[str, tuple[Path, ...]]] = []
    contents: dict[int, bytes] = {}
    created: dict[Path, int] = {}

    def after(what: str, paths: tuple[Path, ...]) -> None:
        if what == "create":
            created[paths[0]] = len(done)
        elif what == "sync" and paths[0] in created:
            contents[created[paths[0]]] = paths[0].read_bytes()
        if root in paths[-1].parents or paths[-1] == root:
            done.append((what, paths))

    with monkeypatch.context() as patched:
        disk.watch(patched, root / "above" / "index", after=after)
        publish(root / "above" / "index", held)
    return [(what, paths, contents.get(number, b"")) for number, (what, paths) in enumerate(done)]


@pytest.mark.parametrize("seed", SEEDS)
def test_power_loss_leaves_the_old_index_or_the_new_one(tmp_path, monkeypatch, seed):
    chance, root, lost = random.Random(seed), tmp_path / "disk", tmp_path / "lost"
    root.mkdir()
    place = root / "above" / "index"
    runs: list[tuple[Path | None, list[Call], list[object]]] = []
    for held in (OLD, NEW, OLD):
        before = tmp_path / f"before-{len(runs)}" if runs else None
        if before:
            shutil.copytree(root, before)
        calls = record(monkeypatch, root, held)
        runs.append((before, calls, [runs[-1][2][1] if runs else None, answers(place)]))
    new = runs[1][2][1]
    assert {what for _, calls, _ in runs for what, _, _ in calls} == {
        "mkdir",
        "create",
        "sync",
        "link",
        "rename",
        "replace",
        "unlink",
        "rmdir",
    }
    for round in rounds(10_000):
        before, calls, states = chance.choice(runs)
        state, moment = Disk(root, before), chance.randint(0, len(calls))
        for call in calls[:moment]:
            state.replay(*call)
        shutil.rmtree(lost, ignore_errors=True)
        state.write_after_loss(lost, chance)
        what = f"{moment} of {len(calls)} calls, round {round}"
        try:
            seen = answers(lost / "above" / "index")
        except IndexMissing:
            seen = None
        assert seen in (states[1:] if moment == len(calls) else states), what
        if round % MENDED_EVERY == 0:
            publish(lost / "above" / "index", NEW)
            assert answers(lost / "above" / "index") == new, what
    assert CORRUPT not in new.values()
