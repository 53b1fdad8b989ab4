"""Opening files that somebody else may have put there: a pipe or a device in the place of a file neither blocks nor never ends."""

from __future__ import annotations

import errno
import os
import stat
from pathlib import Path


class NotRegular(OSError):
    """What a path leads to is no regular file."""


def open_regular(path: Path) -> int:
    """The handle of a regular file that is opened for reading bytes.

    Raises:
        NotRegular: It is a pipe, a device or a folder.
        OSError: It cannot be opened.
    """
    handle = os.open(path, os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0))
    if not stat.S_ISREG(os.fstat(handle).st_mode):
        os.close(handle)
        raise NotRegular(errno.EINVAL, "it is no regular file", str(path))
    return handle


def read_regular(path: Path) -> bytes:
    """The content of a regular file.

    Raises:
        NotRegular: It is a pipe, a device or a folder.
        OSError: It cannot be read.
    """
    with open(open_regular(path), "rb") as file:
        return file.read()
