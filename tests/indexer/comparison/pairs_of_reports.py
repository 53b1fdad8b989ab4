"""Made-up pairs of reports: a report, and the same one edited in known ways."""

from __future__ import annotations

import random
import re
from dataclasses import dataclass, field

from indexer import Report

PARTS = ["一、主要举措和成效", "二、行政执法", "三、普法宣传", "四、存在的不足", "五、下一步安排"]


@dataclass
class Edited:
    """Two reports, and which paragraphs of them belong together, by their texts."""

    left: Report
    right: Report
    pairs: set[tuple[str, str]] = field(default_factory=set)
    figures: set[tuple[str, str]] = field(default_factory=set)
    """Runs of digits that were changed, with what they became."""


def edited(random: random.Random, pool: list[str], paragraphs: int = 40) -> Edited:
    """A report of paragraphs of the pool, and one that was made of it with every kind of edit."""
    old = [(random.choice(PARTS), text) for text in random.sample(pool, paragraphs)]
    old.sort(key=lambda one: PARTS.index(one[0]))
    new: list[tuple[str, str]] = []
    pairs: set[tuple[str, str]] = set()
    figures: set[tuple[str, str]] = set()
    at = 0
    while at < len(old):
        part, text = old[at]
        edit = random.choice(["same", "same", "figures", "figures", "reworded", "moved", "split", "merged", "gone", "new"])
        pieces = [piece for piece in re.findall(r"[^。；]+[。；]?", text) if len(piece) >= 15]
        if edit == "figures":
            changed = _with_other_figures(random, text, figures)
            new.append((part, changed))
            pairs.add((text, changed))
        elif edit == "reworded":
            changed = reworded(random, text, 0.35)
            new.append((part, changed))
            pairs.add((text, changed))
        elif edit == "moved":
            new.insert(random.randrange(len(new) + 1), (random.choice(PARTS), text))
            pairs.add((text, text))
        elif edit == "split" and len(pieces) >= 2:
            middle = text.index(pieces[len(pieces) // 2])
            for piece in (text[:middle], text[middle:]):
                new.append((part, piece))
                pairs.add((text, piece))
        elif edit == "merged" and at + 1 < len(old):
            both = text + old[at + 1][1]
            new.append((part, both))
            pairs.update({(text, both), (old[at + 1][1], both)})
            at += 1
        elif edit != "gone":
            new.append((part, text))
            pairs.add((text, text))
            if edit == "new":
                new.append((part, random.choice(pool)[::-1]))
        at += 1
    return Edited(_report("left", 2022, old), _report("right", 2023, new), pairs, figures)


def reworded(random: random.Random, text: str, share: float) -> str:
    """The text with some of its characters replaced, in runs of two to four, by others of it."""
    chars = list(text)
    left = int(len(text) * share)
    while left > 0:
        run = random.randint(2, 4)
        start = random.randrange(max(1, len(chars) - run))
        chars[start : start + run] = random.sample(text, min(run, len(text)))
        left -= run
    return "".join(chars).strip()


def _with_other_figures(random: random.Random, text: str, figures: set[tuple[str, str]]) -> str:
    def other(match: re.Match[str]) -> str:
        value = str(int(match[0]) + random.randint(1, 30))
        figures.add((match[0], value))
        return value

    return re.sub(r"(?<![\d.．])\d{1,3}(?=[件次人场名项起个])", other, text)


def _report(id: str, year: int, blocks: list[tuple[str, str]]) -> Report:
    ordered = sorted(blocks, key=lambda one: PARTS.index(one[0]))
    return Report.from_blocks(id=id, title=f"甲县{year}年法治政府建设报告", year=year, blocks=[((part,), text) for part, text in ordered])
