"""The calls that change a disk: somebody hears of each before it is made, and may refuse it, and after it, and may record it."""

from __future__ import annotations

import io
import os
import shutil
from collections.abc import Callable
from pathlib import Path

Heard = Callable[[str, tuple[Path, ...]], None]
"""What is done, and to which paths."""


def nothing(what: str, paths: tuple[Path, ...]) -> None:
    """Neither refuse nor record."""


def watch(monkeypatch, folder: Path, before: Heard = nothing, after: Heard = nothing) -> None:
    """Pass on every call that changes something in this folder, or the folder itself or one above; Linux only."""

    def concerns(path: Path) -> bool:
        return path == folder or folder in path.parents or path in folder.parents

    def watched(what: str, action: Callable, paths: tuple[Path, ...], *rest: object, **named: object) -> object:
        if not all(map(concerns, paths)):
            return action(*rest, **named)
        before(what, paths)
        done = action(*rest, **named)
        after(what, paths)
        return done

    def wrap(name: str, of_two: bool) -> None:
        action = getattr(os, name)

        def act(*others: object, **named: object) -> object:
            return watched(name, action, tuple(Path(path) for path in others[: 1 + of_two]), *others, **named)

        monkeypatch.setattr(os, name, act)

    for name in ("rename", "replace", "link"):
        wrap(name, True)
    for name in ("mkdir", "unlink", "rmdir"):
        wrap(name, False)
    fsync, opened = os.fsync, io.open

    def sync(handle: int) -> None:
        path = Path(os.readlink(f"/proc/self/fd/{handle}"))
        watched("sync", lambda: None, (path,))

    def open_file(file: object, mode: str = "r", *others: object, **named: object) -> object:
        if not isinstance(file, (str, os.PathLike)) or mode != "wb" or not concerns(Path(file)):
            return opened(file, mode, *others, **named)
        before("create", (Path(file),))
        content = _Watched(io.FileIO(file, "wb"))
        content.before_write = lambda: before("write", (Path(file),))
        after("create", (Path(file),))
        return content

    monkeypatch.setattr(os, "fsync", sync)
    monkeypatch.setattr(io, "open", open_file)
    # By paths, not by handles of folders.
    monkeypatch.setattr(shutil, "_use_fd_functions", False)
    assert fsync is not sync


class _Watched(io.BufferedWriter):
    before_write: Callable[[], None]

    def write(self, content: object) -> int:
        """Write half, pass it on, write the rest: who refuses leaves half a file."""
        view = memoryview(content).cast("B")  # type: ignore[arg-type]
        super().write(view[: len(view) // 2])
        self.before_write()
        super().write(view[len(view) // 2 :])
        return len(view)
