"""The OCR engine: its protocol, and the engine of the extra `ocr`. Change this to try another engine."""

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
"""Pixels to which a page is scaled down to detect its lines; their text is read from the full picture. With 1,600, ten pages took 1.2
times as long and 160 MB more, with the same errors; with 960, one more comma was lost."""


@dataclass(frozen=True, slots=True)
class Recognized:
    """A line of text in a picture, or the part of one between wide gaps."""

    text: str
    left: float
    """Pixels, like the next three."""
    top: float
    right: float
    bottom: float
    confidence: float
    """From 0 to 1."""


class Recognizer(Protocol):
    """Reads pictures of text."""

    @property
    def name(self) -> str:
        """The engine with its version and models; its results are stored under this name."""

    def read(self, picture: bytes) -> Sequence[Recognized]:
        """The lines in a picture (BMP), in any order.

        Raises:
            ValueError: The picture cannot be read.
        """


class FasterPaddle:
    """PP-OCRv6 small, by faster-paddle: one wheel for every Python, with its models inside, so nothing is fetched at run time."""

    def __init__(self) -> None:
        # One thread, because pages are read in parallel by as many processes as there are cores.
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
    """The name of the engine that `engine` returns, None if none is installed."""
    try:
        return _name()
    except PackageNotFoundError:
        return None


@cache
def engine() -> Recognizer:
    """The engine with its models loaded; `engine_name` tells whether there is one."""
    return FasterPaddle()
