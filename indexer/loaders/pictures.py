"""Makes pictures of pages for OCR from image files and PDF pages without text: upright, on white, at a suitable size."""

from __future__ import annotations

import io
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import numpy as np
import pypdfium2
from PIL import Image, ImageOps, UnidentifiedImageError

MAX_PAGES = 300
MAX_PIXELS = 80_000_000
"""Most pixels of a picture; A3 at 600 dpi has 70 million. Unpacked it takes three bytes per pixel."""
_LONGEST_SIDE = 2_340
"""Pixels to which a page is scaled down: A4 at 200 dpi. Larger pictures are read no better and take longer."""
_SHORTEST_SIDE = 16
_FORMATS = ("PNG", "JPEG", "TIFF", "BMP", "GIF")
_A4_WIDTH = 595.0
"""The assumed length of a picture's shorter side in points: what pictures say of their page's size is unreliable."""
_LIKELY = (400.0, 900.0)
"""Plausible lengths of a page's shorter side in points: A5 to A3."""


def count_pictures(content: bytes) -> int:
    """How many pages an image file has.

    Raises:
        ValueError: The file is damaged or too large.
    """
    with _opened(content) as image:
        count = int(getattr(image, "n_frames", 1))
    if count > MAX_PAGES:
        raise ValueError(f"{count} pages; expected at most {MAX_PAGES}")
    return count


@dataclass(frozen=True, slots=True)
class Picture:
    """The picture of a page, oriented as its file says, on white."""

    image: Image.Image
    points: float
    """The width of a pixel in points."""


def picture_of(content: bytes, page: int) -> Picture:
    """A page of a PDF or an image file, numbered from 1.

    Raises:
        ValueError: The file is damaged or too large.
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
    """Open an image file; every error of its decoder becomes a ValueError."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # about damaged metadata, and about sizes, which are checked below
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
            # Some programs state the page's size in scanner pixels instead of points.
            true = _LIKELY[0] <= min(width, height) <= _LIKELY[1]
            return Picture(image, (min(width, height) if true else _A4_WIDTH) / min(image.size))
        finally:
            document.close()
    except (pypdfium2.PdfiumError, IndexError) as error:
        raise ValueError(f"page {page} cannot be drawn ({error}); open it in a PDF reader and save it anew") from error
