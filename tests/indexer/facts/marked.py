"""Sentences in which people marked the figures.

A line is the sentence with {figure|label} where a figure stands; "label" may have parts that may be missing in [brackets] and other right
labels behind "/". Behind the label: "=value unit" where they are not the printed ones (">" before the last value of a range), "~" before
the word that makes it inexact, "#" before the indicator ("?" where it may also be none). What is not marked is no figure.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

DATA = Path(__file__).parents[2] / "data" / "facts"
_MARK = re.compile(
    r"\{(?P<figure>[^{}|]+)\|(?P<label>[^{}=~#]*)(?:=(?P<value>\S+) (?P<unit>[^{}>~#]+))?(?:>(?P<to>[^{}~#]+))?(?:~(?P<approximate>[^{}#]+))?(?:#(?P<indicator>[^{}]+))?\}"
)


@dataclass(frozen=True)
class Marked:
    start: int
    figure: str
    value: str
    unit: str
    to: str | None
    approximate: str | None
    labels: frozenset[str]
    indicator: str | None
    perhaps: bool
    """Whether it may also be of no indicator."""


def read_marked(name: str) -> list[tuple[str, list[Marked]]]:
    """The sentences of a file, each with its figures in order."""
    return [_read(line) for line in (DATA / name).read_text("utf-8").splitlines() if line]


def _read(line: str) -> tuple[str, list[Marked]]:
    text, marks, at = "", [], 0
    for mark in _MARK.finditer(line):
        text += line[at : mark.start()]
        value, unit = mark["value"], mark["unit"]
        if value is None:
            printed = re.fullmatch(r"(?P<value>[\d.,]+(?:[:：∶]\d+)?)(?P<unit>.*?)(?:以上|以下|以内|左右)?", mark["figure"])
            value, unit = re.sub("[：∶]", ":", printed["value"].replace(",", "")), printed["unit"] or "比"
        indicator = mark["indicator"]
        marks.append(
            Marked(
                start=len(text),
                figure=mark["figure"],
                value=value,
                unit=unit,
                to=mark["to"],
                approximate=mark["approximate"],
                labels=frozenset(label for way in mark["label"].split("/") for label in _ways(way)),
                indicator=indicator and indicator.rstrip("?"),
                perhaps=bool(indicator and indicator.endswith("?")),
            )
        )
        text += mark["figure"]
        at = mark.end()
    assert "{" not in line[at:], line
    return text + line[at:], marks


def _ways(label: str) -> set[str]:
    part = re.search(r"\[([^\[\]]*)\]", label)
    if part is None:
        return {label}
    without = label[: part.start()] + label[part.end() :]
    return _ways(without) | _ways(label[: part.start()] + part[1] + label[part.end() :])
