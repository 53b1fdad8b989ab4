"""What reads pictures of text: the protocol, and the engine of the extra `ocr`. Open it to try another engine."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from importlib import import_module
from importlib.metadata import PackageNotFoundError, version
from typing import Any, Protocol

INSTALL = "pip install 'fazhi-search[ocr]'"
"""The command that installs the engine."""
_LONGEST_SIDE = 1280
"""Pixels to which a page is made smaller before its lines are looked for; they are read from the whole picture. With 1,600 ten pages
took 1.2 times as long and 160 MB more, and had the same errors; with 960 one comma more was lost."""


@dataclass(frozen=True, slots=True)
class Recognized:
    """A line of text in a picture, or the part of one between wide gaps."""

    text: str
    left: float
    """Pixels, as those that follow."""
    top: float
    right: float
    bottom: float
    confidence: float
    """From 0 to 1."""


class Recognizer(Protocol):
    """Reads pictures of text."""

    @property
    def name(self) -> str:
        """Itself with its version and models: what it read is remembered under this name."""

    def read(self, picture: bytes) -> Sequence[Recognized]:
        """The lines in a picture (BMP), in any order.

        Raises:
            ValueError: It cannot read the picture.
        """


class FasterPaddle:
    """PP-OCRv6 small, by faster-paddle: one wheel for every Python with its models inside, nothing is fetched when it runs."""

    def __init__(self) -> None:
        # One thread: pages are read side by side by as many processes as there are cores.
        self._engine: Any = import_module("faster_paddle").OcrEngine(model_size="small", threads=1, det_max_side=_LONGEST_SIDE)
        self.name = _name()

    def read(self, picture: bytes) -> Sequence[Recognized]:
        """The lines in a picture."""
        try:
            bounds = self._engine.ocr(picture)["bounds"]
        except RuntimeError as error:
            raise ValueError(f"the picture cannot be read ({error})") from error
        return [_recognized(found) for found in bounds.values()]


def _recognized(found: dict[str, Any]) -> Recognized:
    left, top = found["topLeftCoord"]
    right, bottom = found["bottomRightCoord"]
    return Recognized(found["text"], float(left), float(top), float(right), float(bottom), float(found["confidence"]))


def _name() -> str:
    return f"faster-paddle {version('faster-paddle')} small {_LONGEST_SIDE}"


def engine_name() -> str | None:
    """The name of the engine that `engine` gives, None where none is installed."""
    try:
        return _name()
    except PackageNotFoundError:
        return None


@cache
def engine() -> Recognizer:
    """The engine, its models loaded; `engine_name` says whether there is one."""
    return FasterPaddle()
