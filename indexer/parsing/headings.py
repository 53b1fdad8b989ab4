"""Lines of a report's text to headings and paragraphs. Pure."""

from __future__ import annotations

from indexer.model import Body, Heading
from indexer.outline import HeadingNumber, read_number

OWN_LINE = 60
"""A numbered line of at most so many code points without a sentence inside is a heading on its own."""
RUN_IN = 45
"""A numbered first sentence of at most so many code points, with text behind it, is a run-in heading."""


def read_line(line: str) -> list[Heading | Body]:
    """A line as a heading, a paragraph, or a paragraph with its run-in heading before it."""
    number = read_number(line)
    if number is None:
        return [Body(line)]
    sentence, stop, rest = line[number.length :].partition("。")
    if not rest.strip() and len(line) <= OWN_LINE:
        return [_heading(number, sentence, line)]
    if stop and rest.strip() and len(sentence) <= RUN_IN:
        return [_heading(number, sentence, line[: number.length + len(sentence)], run_in=True), Body(line)]
    return [Body(line)]


def _heading(number: HeadingNumber, heading: str, text: str, *, run_in: bool = False) -> Heading:
    return Heading(number.level, number.shown, heading.strip(), text, run_in)
