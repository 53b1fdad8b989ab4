"""Generates annual reports of governments with headings, items, figures and a table, for looking at pages and measuring them."""

from __future__ import annotations

import random
from collections.abc import Iterator

from indexer import Report
from indexer.places import governments, name_of_code
from tests.indexer.parsing.generated import DEEDS, HAN, LEVEL_1, PARTS, REMARKS

YEARS = range(2016, 2025)


def made_reports(count: int, seed: int = 7) -> Iterator[Report]:
    """`count` reports, with gaps between years; second-level headings are on lines of their own or run into their paragraph."""
    rng = random.Random(seed)
    units = [code for code in governments(2022) if code.startswith(("21", "32", "44"))]
    pairs = [(code, year) for code in units[: count // 6] for year in YEARS]
    for code, year in rng.sample(pairs, count):
        yield _report(code, year, rng)


def _report(code: str, year: int, rng: random.Random) -> Report:
    def fill(text: str) -> str:
        return text.format(n=rng.randint(200, 5000), m=rng.randint(2, 9), year=year, next=year + 1)

    who = name_of_code(code)
    opening = f"{who}坚持以习近平法治思想为指导，落实《法治政府建设实施纲要（2021—2025年）》，现将{year}年度情况报告如下。"
    blocks: list[tuple[tuple[str, ...], str]] = [((), opening)]
    first = f"一、{fill(LEVEL_1[0])}"
    own_lines = rng.random() < 0.6
    for number, part in enumerate(rng.sample(PARTS, rng.randint(4, 8)), 1):
        heading = f"（{HAN[number]}）{part}"
        deeds = rng.sample(DEEDS, rng.randint(2, 4))
        text = "".join(f"{HAN[at]}是{fill(deed)}" for at, deed in enumerate(deeds, 1))
        blocks.append(((first, heading), text if own_lines else f"{heading}。{text}"))
    blocks += [((first,), f"案由 | {year - 1}年 | {year}年"), ((first,), f"行政复议 | {rng.randint(9, 99)} | {rng.randint(9, 99)}")]
    for number, heading in enumerate(LEVEL_1[1:], 2):
        blocks += [((f"{HAN[number]}、{fill(heading)}",), fill(text)) for text in rng.sample(REMARKS, 2)]
    published = f"{year + 1}-{rng.randint(1, 6):02}-{rng.randint(1, 28):02}"
    return Report.from_blocks(
        title=f"{who}{year}年法治政府建设工作报告", year=year, region=code, published=published, issuer=who, blocks=blocks
    )
