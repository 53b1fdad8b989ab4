"""Splits paragraphs that are too long for one passage at the ends of sentences. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from indexer.model import Body, Heading
from indexer.remarks import Remark

LONGEST = 20_000
"""Most code points of a passage. The longest paragraph of a real report has a tenth of this; a text without any line end has more, and
showing a hit must not cost more than the part that a reader sees."""


def in_pieces(blocks: Iterable[Heading | Body], remarks: list[Remark]) -> Iterator[Heading | Body]:
    """The blocks, with paragraphs of more than `LONGEST` code points split; the pieces joined give the text. Adds a remark for each."""
    for block in blocks:
        if isinstance(block, Heading) or len(block.text) <= LONGEST:
            yield block
            continue
        pieces = list(_pieces(block.text))
        remarks.append(Remark("paragraph-cut", length=len(block.text), pieces=len(pieces)))
        for number, piece in enumerate(pieces, 1):
            yield (Body(piece, block.start, number, block.page, block.ocr) if number == 1 else Body(piece, piece=number, ocr=block.ocr))


def _pieces(text: str) -> Iterator[str]:
    start = 0
    while len(text) - start > LONGEST:
        ends = (max(text.rfind(mark, start, start + LONGEST) for mark in marks) + 1 for marks in ("。！？!?", "；;，,、"))
        end = next((end for end in ends if end), start + LONGEST)
        yield text[start:end]
        start = end
    yield text[start:]
