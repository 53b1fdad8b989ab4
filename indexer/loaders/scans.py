"""Pictures of pages to the lines, seals and tables in them. Open it when a scan is read in the wrong order or a table's cells run together.

A page is set straight, read by the engine, and given back as a `Sheet` like one that was printed: columns, tables, paragraphs, page
numbers and running heads are then told as in any PDF.
"""

from __future__ import annotations

import io
import re
import warnings
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from statistics import median
from typing import Any

import numpy as np
import numpy.typing as npt
import pypdfium2
from PIL import Image, ImageOps, UnidentifiedImageError

from indexer.loaders.ocr import Recognized, Recognizer
from indexer.loaders.reflow import measure
from indexer.loaders.ruled import ruled_tables
from indexer.loaders.scanned import ScannedLine, ScannedPage
from indexer.loaders.sheets import Box, Char, Sheet

MAX_PAGES = 300
MAX_PIXELS = 80_000_000
"""Of a picture; A3 at 600 dots an inch has 70 million. Its raw bytes are thrice as many."""
_LONGEST_SIDE = 2_340
"""Pixels that a page is made smaller to: 200 dots an inch of A4. What is larger is read no better and takes longer."""
_SHORTEST_SIDE = 16
_FORMATS = ("PNG", "JPEG", "TIFF", "BMP", "GIF")
_A4_WIDTH = 595.0
"""Points that the shorter side of a picture counts for: pictures do not say truly how large their page was."""
_LIKELY = (400.0, 900.0)
"""Points: from A5 to A3."""
_UNSURE = 0.75
"""A page read with less confidence may lie on its side or stand on its head."""

Pixels = npt.NDArray[Any]


# Files to pictures.


def count_pictures(content: bytes) -> int:
    """How many pages an image file has.

    Raises:
        ValueError: It is damaged, or too large.
    """
    with _opened(content) as image:
        count = int(getattr(image, "n_frames", 1))
    if count > MAX_PAGES:
        raise ValueError(f"{count} pages; expected at most {MAX_PAGES}")
    return count


@dataclass(frozen=True, slots=True)
class Picture:
    """The picture of a page, upright as its file says, on white."""

    image: Image.Image
    points: float
    """That a pixel is wide."""


def picture_of(content: bytes, page: int) -> Picture:
    """A page of a PDF or an image file, numbered from 1.

    Raises:
        ValueError: It is damaged, or too large.
    """
    if content[:1024].find(b"%PDF-") >= 0:
        return _rendered(content, page)
    with _opened(content) as image:
        image.seek(page - 1)
        _check_size(image)
        image.draft("RGB", (_LONGEST_SIDE, _LONGEST_SIDE))
        turned = image.getexif()
        found = _on_white(image)
        found.thumbnail((_LONGEST_SIDE, _LONGEST_SIDE))
        found.getexif().update(turned)
        found = ImageOps.exif_transpose(found).convert("RGB")
    return Picture(found, _A4_WIDTH / min(found.size))


@contextmanager
def _opened(content: bytes) -> Iterator[Image.Image]:
    """An image file; whatever its decoder finds wrong is a ValueError."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of damaged labels, and of sizes, which are checked below
            with Image.open(io.BytesIO(content), formats=_FORMATS) as image:
                _check_size(image)
                yield image
    except UnidentifiedImageError as error:
        raise ValueError("it is no picture that can be read; save it anew as .png") from error
    except MemoryError:
        raise
    except Image.DecompressionBombError as error:
        raise ValueError(f"a picture of too many pixels; expected at most {MAX_PIXELS:,}") from error
    except (OSError, SyntaxError, EOFError, KeyError, IndexError, TypeError, ValueError, ArithmeticError, AttributeError) as error:
        if isinstance(error, ValueError) and str(error).startswith("a picture"):
            raise
        raise ValueError(f"it is damaged ({type(error).__name__}: {str(error)[:80]}); open it in its program and save it anew") from error


def _check_size(image: Image.Image) -> None:
    width, height = image.size
    if width * height > MAX_PIXELS:
        raise ValueError(f"a picture of {width:,} × {height:,} pixels; expected at most {MAX_PIXELS:,}")
    if min(width, height) < _SHORTEST_SIDE:
        raise ValueError(f"a picture of {width} × {height} pixels, too small for a page")


def _on_white(image: Image.Image) -> Image.Image:
    if image.mode in ("I;16", "I;16B", "I;16L", "I", "F"):
        levels = np.asarray(image, dtype=np.float32)
        image = Image.fromarray((255.0 * np.clip(levels / max(float(levels.max()), 1.0), 0.0, 1.0)).astype(np.uint8))
    if "A" in image.getbands() or "transparency" in image.info:
        above = image.convert("RGBA")
        below = Image.new("RGB", above.size, "white")
        below.paste(above, mask=above)
        return below
    return image.convert("L" if image.mode in ("1", "L") else "RGB")


def _rendered(content: bytes, page: int) -> Picture:
    try:
        document = pypdfium2.PdfDocument(content)
        try:
            drawn = document[page - 1]
            width, height = drawn.get_size()
            if not (1 <= width <= 20_000 and 1 <= height <= 20_000):
                raise ValueError(f"a page of {width:.0f} × {height:.0f} points")
            image = drawn.render(scale=_LONGEST_SIDE / max(width, height)).to_pil().convert("RGB")
            # Some programs count a pixel of the scanner as a point.
            true = _LIKELY[0] <= min(width, height) <= _LIKELY[1]
            return Picture(image, (min(width, height) if true else _A4_WIDTH) / min(image.size))
        finally:
            document.close()
    except (pypdfium2.PdfiumError, IndexError) as error:
        raise ValueError(f"page {page} cannot be drawn ({error}); open it in a PDF reader and save it anew") from error


# A picture to a page.


def read_picture(picture: Picture, recognizer: Recognizer) -> ScannedPage:
    """What stands in the picture of a page.

    Raises:
        ValueError: The engine cannot read the picture.
    """
    best = _read_straight(picture, recognizer)
    if best.lines and (best.confidence or 0.0) < _UNSURE:
        # Latin letters and single characters apart, what lies on its side or stands on its head is read with no confidence.
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
    for left, top, right, bottom in _seals(pixels, points):
        # Red ink is as light as paper in red light, and what is printed below it is not.
        part = pixels[int(top / points) : int(bottom / points) + 1, int(left / points) : int(right / points) + 1]
        part[...] = part[..., :1]
    packed = io.BytesIO()
    Image.fromarray(pixels).save(packed, "BMP")
    found = [line for line in recognizer.read(packed.getvalue()) if line.text.strip() and line.right > line.left and line.bottom > line.top]
    lines = [_scanned(line, points) for line in found]
    tables = [tuple(tuple(row) for row in table) for table in ruled_tables(_rules(pixels, points))]
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
    """A line whose brackets are of one kind: nobody prints (七） or 〔2023]7号, which engines read."""
    text = _OF_A_YEAR.sub(r"〔\1〕", text) if "〔" in text or "〕" in text else text
    return _HALF_CLOSED.sub(r"（\1）", _HALF_OPEN.sub(r"（\1）", text))


_SKEW_STEP = 0.1
"""Degrees."""
_SKEW_SIDE = 900
"""Pixels that suffice to see how far lines are off the level."""


def _skew(image: Image.Image) -> float:
    """By how many degrees to turn a picture anticlockwise, at most 3, so that its lines are level.

    Turned right, rows are either full of ink or empty: the squares of the steps from row to row are largest then (W. Postl, 1986).
    """
    small = image.convert("L")
    small.thumbnail((_SKEW_SIDE, _SKEW_SIDE))
    ink = Image.fromarray(_ink(np.asarray(small, dtype=np.int16)).astype(np.uint8) * 255)

    def level(angle: float) -> float:
        rows = np.asarray(ink.rotate(angle, resample=Image.Resampling.BILINEAR), dtype=np.float64).sum(axis=1)
        return float((np.diff(rows) ** 2).sum())

    coarse = max(np.arange(-3.0, 3.01, 0.5), key=level)
    best = float(max(np.arange(coarse - 0.4, coarse + 0.41, _SKEW_STEP), key=level))
    return best if level(best) > 1.02 * level(0.0) else 0.0


def _ink(gray: Pixels) -> Pixels:
    """Where a picture is darker than its paper, which has the commonest of its light shades."""
    paper = int(np.percentile(gray, 80))
    found: Pixels = gray < min(paper - 45, 170)
    return found


# Seals.

_SEAL = (60.0, 190.0)
"""Points that a seal is wide and high: 21 to 67 mm."""
_CELL = 8
"""Points; in squares of this size it is seen where red ink lies together."""


def _red(pixels: Pixels) -> Pixels:
    part = pixels.astype(np.int16)
    found: Pixels = part[..., 0] - np.maximum(part[..., 1], part[..., 2]) > 45
    return found


def _seals(pixels: Pixels, points: float) -> list[Box]:
    """Where seals stand, in points: red ink that lies together in a circle. Letterheads are wider, and lines of text reach a corner."""
    side = max(1, round(_CELL / points))
    red = _red(pixels)
    rows, columns = red.shape[0] // side, red.shape[1] // side
    if not rows or not columns:
        return []
    share = red[: rows * side, : columns * side].reshape(rows, side, columns, side).mean(axis=(1, 3))
    left = {(int(row), int(column)) for row, column in np.argwhere(share > 0.04)}
    found = []
    while left:
        group, edge = [], [left.pop()]
        while edge:
            row, column = edge.pop()
            group.append((row, column))
            for near in ((row + down, column + across) for down in (-1, 0, 1) for across in (-1, 0, 1)):
                if near in left:
                    left.remove(near)
                    edge.append(near)
        top, bottom = min(row for row, _ in group), max(row for row, _ in group) + 1
        first, last = min(column for _, column in group), max(column for _, column in group) + 1
        width, height = (last - first) * side * points, (bottom - top) * side * points
        held = set(group)
        corners = {(row, column) for row in (top, bottom - 1) for column in (first, last - 1)}
        if _SEAL[0] <= min(width, height) and max(width, height) <= _SEAL[1] and 0.75 <= width / height <= 1.33 and not corners & held:
            found.append((first * side * points, top * side * points, last * side * points, bottom * side * points))
    return found


# Ruled tables.

_RULE = (36.0, 20.0)
"""Points that a horizontal and a vertical line are long at least; strokes of characters are shorter, or cross no other line."""
_MAX_RUNS = 20_000


def _rules(pixels: Pixels, points: float) -> list[Box]:
    """The lines drawn on a page, in points."""
    gray = pixels.min(axis=2).astype(np.int16)
    dark = _ink(gray) & ~_red(pixels)
    flat = [(points * start, points * at, points * end, points * at) for at, start, end in _runs(dark, round(_RULE[0] / points))]
    upright = [(points * at, points * start, points * at, points * end) for at, start, end in _runs(dark.T, round(_RULE[1] / points))]
    return [*_one_of_each(flat, 1), *_one_of_each(upright, 0)]


def _runs(dark: Pixels, length: int) -> Iterator[tuple[int, int, int]]:
    """Rows with their first and past their last column, of runs of ink of at least this length; a pixel's step up or down breaks none."""
    near = dark.copy()
    near[1:] |= dark[:-1]
    near[:-1] |= dark[1:]
    padded = np.zeros((near.shape[0], near.shape[1] + 2), dtype=np.int8)
    padded[:, 1:-1] = near
    steps = np.diff(padded, axis=1)
    rows, starts = np.nonzero(steps == 1)
    _, ends = np.nonzero(steps == -1)
    long = np.flatnonzero(ends - starts >= length)[:_MAX_RUNS]
    for at in long:
        yield int(rows[at]), int(starts[at]), int(ends[at])


def _one_of_each(rules: list[Box], axis: int) -> list[Box]:
    """A line for each bundle of runs that lie side by side, as a thick line has them; none for a bundle that is no line but an area."""
    across = 1 - axis
    bundles: list[list[Box]] = []
    for rule in sorted(rules, key=lambda rule: rule[axis]):
        for bundle in reversed(bundles[-40:]):
            last = bundle[-1]
            if rule[axis] - last[axis] <= 1.0 and min(rule[across + 2], last[across + 2]) > max(rule[across], last[across]):
                bundle.append(rule)
                break
        else:
            bundles.append([rule])
    found = []
    for bundle in bundles:
        if bundle[-1][axis] - bundle[0][axis] > 6.0:
            continue
        at = median(rule[axis] for rule in bundle)
        start, end = min(rule[across] for rule in bundle), max(rule[across + 2] for rule in bundle)
        found.append((start, at, end, at) if axis == 1 else (at, start, at, end))
    return found


# A page to what is printed on it.

_ALIKE = 0.2
"""Sizes that differ by a smaller share from the page's usual one are that: boxes are never exact, and sizes part paragraphs."""


def sheet_of(number: int, page: ScannedPage) -> Sheet:
    """A page as if it were printed, its characters spread over its lines."""
    usual = _usual_size(page.lines)
    sheet = Sheet(number, page.width, page.height, scanned=True)
    sheet.tables = [[list(row) for row in table] for table in page.tables]
    for line in page.lines:
        sheet.chars += _chars(line, usual)
    return sheet


_HALF_LEFT, _HALF_RIGHT = frozenset("，。、；：！？）》”’】〕"), frozenset("（《“‘【〔")
"""Marks whose ink fills the left or the right half of their square: at a line's end boxes leave the other half out."""


def _extent(line: ScannedLine) -> tuple[float, float]:
    """From where to where a line reaches, the white halves of marks at its ends with it."""
    half = 0.5 * (line.right - line.left) / max(0.5, measure(line.text) - _white(line.text))
    return line.left - half * (line.text[:1] in _HALF_RIGHT), line.right + half * (line.text[-1:] in _HALF_LEFT)


def _white(text: str) -> float:
    return 0.5 * ((text[:1] in _HALF_RIGHT) + (text[-1:] in _HALF_LEFT))


def _advance(line: ScannedLine) -> float:
    """What a Chinese character of the line takes of its width."""
    left, right = _extent(line)
    return (right - left) / max(0.5, measure(line.text))


def _usual_size(lines: Sequence[ScannedLine]) -> float:
    """That of most characters in long lines; of all, where there is none."""
    long = [line for line in lines if measure(line.text) >= 8] or list(lines)
    sizes = sorted((_advance(line), len(line.text)) for line in long)
    half = sum(length for _, length in sizes) / 2
    passed = 0
    for size, length in sizes:
        passed += length
        if passed >= half:
            return size
    return 10.0


def _chars(line: ScannedLine, usual: float) -> Iterator[Char]:
    advance = _advance(line)
    height = line.bottom - line.top
    # Few characters say little of their width, for marks at their ends make them seem smaller; and heads are spaced out.
    size = advance if measure(line.text) >= 4 and advance <= 1.3 * height else 0.8 * height
    if abs(size - usual) <= _ALIKE * usual:
        size = usual
    middle = (line.top + line.bottom) / 2
    left, _ = _extent(line)
    for char in line.text:
        right = left + advance * measure(char)
        yield Char(char, left, right, middle - size / 2, middle + size / 2, size)
        left = right
