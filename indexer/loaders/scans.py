"""Reads the lines and tables in the picture of a page: straightens it, removes seals, runs OCR. Change this when scans are misread.

`scanned_sheet` turns the result into a `Sheet`, in which columns, paragraphs, page numbers and running heads are found as in any PDF.
"""

from __future__ import annotations

import io
import re

import numpy as np
from PIL import Image

from indexer.loaders.ocr import Recognized, Recognizer
from indexer.loaders.pictures import Picture
from indexer.loaders.ruled import ruled_tables
from indexer.loaders.scanned import ScannedLine, ScannedPage
from indexer.loaders.seals_and_rules import ink_of, rules_of, seals_of

_UNSURE = 0.75
"""A page read with less confidence may be sideways or upside down."""


def read_picture(picture: Picture, recognizer: Recognizer) -> ScannedPage:
    """Read the picture of a page.

    Raises:
        ValueError: The engine cannot read the picture.
    """
    best = _read_straight(picture, recognizer)
    if best.lines and (best.confidence or 0.0) < _UNSURE:
        # Apart from Latin letters and single characters, sideways or upside-down text is read with low confidence.
        for turn in (Image.Transpose.ROTATE_90, Image.Transpose.ROTATE_270, Image.Transpose.ROTATE_180):
            other = _read_straight(Picture(picture.image.transpose(turn), picture.points), recognizer)
            if other.lines and (other.confidence or 0.0) > (best.confidence or 0.0) + 0.05:
                best = other
            if (best.confidence or 0.0) >= _UNSURE:
                break
    return best


def _read_straight(picture: Picture, recognizer: Recognizer) -> ScannedPage:
    image, points = picture.image, picture.points
    angle = _skew(image)
    if abs(angle) >= _SKEW_STEP:
        image = image.rotate(angle, resample=Image.Resampling.BICUBIC, fillcolor=(255, 255, 255))
    pixels = np.array(image)
    for left, top, right, bottom in seals_of(pixels, points):
        # In the red channel, red ink is as light as paper, and the text printed under it is not.
        part = pixels[int(top / points) : int(bottom / points) + 1, int(left / points) : int(right / points) + 1]
        part[...] = part[..., :1]
    packed = io.BytesIO()
    Image.fromarray(pixels).save(packed, "BMP")
    found = [line for line in recognizer.read(packed.getvalue()) if line.text.strip() and line.right > line.left and line.bottom > line.top]
    lines = [_scanned(line, points) for line in found]
    tables = [tuple(tuple(row) for row in table) for table in ruled_tables(rules_of(pixels, points))]
    weight = sum(len(line.text) for line in found)
    confidence = sum(line.confidence * len(line.text) for line in found) / weight if weight else None
    return ScannedPage(
        image.width * points,
        image.height * points,
        tuple(lines),
        tuple(tables),
        None if confidence is None else round(min(1.0, max(0.0, confidence)), 4),
    )


def _scanned(line: Recognized, points: float) -> ScannedLine:
    left, top, right, bottom = (round(points * at, 1) for at in (line.left, line.top, line.right, line.bottom))
    return ScannedLine(_matched(" ".join(line.text.split())), left, top, right, bottom)


_HALF_OPEN, _HALF_CLOSED = re.compile(r"\(([^()（）]{1,40})）"), re.compile(r"（([^()（）]{1,40})\)")
_OF_A_YEAR = re.compile(r"[\[〔]((?:19|20)\d\d)[\]〕]")


def _matched(text: str) -> str:
    """A line with mismatched brackets corrected: engines read (七） or 〔2023]7号, which nobody prints."""
    text = _OF_A_YEAR.sub(r"〔\1〕", text) if "〔" in text or "〕" in text else text
    return _HALF_CLOSED.sub(r"（\1）", _HALF_OPEN.sub(r"（\1）", text))


_SKEW_STEP = 0.1
"""Degrees."""
_SKEW_SIDE = 900
"""Pixels of the longest side when the skew is measured."""


def _skew(image: Image.Image) -> float:
    """By how many degrees (at most 3) to rotate a picture anticlockwise so that its lines are level.

    When they are level, rows are either full of ink or empty, so the sum of squared differences between rows is largest (W. Postl, 1986).
    """
    small = image.convert("L")
    small.thumbnail((_SKEW_SIDE, _SKEW_SIDE))
    ink = Image.fromarray(ink_of(np.asarray(small, dtype=np.int16)).astype(np.uint8) * 255)

    def level(angle: float) -> float:
        rows = np.asarray(ink.rotate(angle, resample=Image.Resampling.BILINEAR), dtype=np.float64).sum(axis=1)
        return float((np.diff(rows) ** 2).sum())

    coarse = max(np.arange(-3.0, 3.01, 0.5), key=level)
    best = float(max(np.arange(coarse - 0.4, coarse + 0.41, _SKEW_STEP), key=level))
    return best if level(best) > 1.02 * level(0.0) else 0.0
