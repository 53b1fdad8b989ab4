"""Compares this engine with tantivy, SQLite's FTS5 and stock Whoosh: the same words of the same texts, one process, one core.

`python -m benchmarks.engines --texts TEXTS.jsonl.gz [--passages 20000 …] [--write docs/benchmarks.md]`

TEXTS has rows {doc, title, year, section, text}. All engines are built first; then each is asked the same questions in turn. The time of
a question is the best of five; shown are the median and the 95th percentile over the questions. A peer finds segmented words, this engine
every occurrence of the text, so its totals may be larger, never smaller. Its totals are checked by reading the texts, and the peers'
against each other. The first touch is the first question to an index just opened, with its files in the system's cache: the best of
three openings.
"""

from __future__ import annotations

import argparse
import collections
import os
import random
import re
import statistics
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pygal

from benchmarks.peers import Fts5, Question, StockWhoosh, Tantivy
from benchmarks.texts import reports, rows
from indexer import Index, build_index, fold, open_index
from indexer.analysis.words import search_words, segmenter

QUESTIONS = 40
TRIES = 5
OPENINGS = 3
NAMES = ["fazhi-search", "tantivy", "FTS5", "Whoosh"]

FIRST_TOUCH = {name: f"{name}, first touch" for name in NAMES[:2]}
"""Names of the first-touch measurements, for this engine and the fastest peer."""

Times = dict[str, dict[str, list[float]]]
"""Milliseconds by class of question and engine."""


def questions(words: list[list[str]], texts: list[str], years: list[int]) -> dict[str, list[Question]]:
    """Forty questions of each class, always the same for the same words."""
    chance = random.Random(4)
    held = collections.Counter(word for row in words for word in set(row) if len(word) > 1 and all("\u4e00" <= c <= "\u9fff" for c in word))
    scale = len(words) / 20_000
    common = [word for word, _ in held.most_common(60)]
    middle = [word for word, count in held.items() if 100 * scale < count < 1000 * scale]
    rare = [word for word, count in held.items() if 2 < count < 8]
    usual = [year for year, _ in collections.Counter(filter(None, years)).most_common(10)]

    def pick(words: list[str], count: int) -> tuple[str, ...]:
        return tuple(chance.sample(words, count))

    def phrase() -> tuple[str, ...]:
        while True:
            number = chance.randrange(len(words))
            pair = tuple(words[number][(at := chance.randrange(len(words[number]))) : at + 2])
            # Punctuation is not a word, and longer words follow their parts, so neighbours in the list may not be adjacent in the text.
            if len(pair) == 2 and all(word in held for word in pair) and "".join(pair) in texts[number]:
                return pair

    makers: dict[str, Callable[[], Question]] = {
        "rare term": lambda: Question(pick(rare, 1)),
        "common term": lambda: Question(pick(common, 1)),
        "AND of two": lambda: Question(pick(middle, 2)),
        "AND of two common": lambda: Question(pick(common, 2)),
        "OR of three": lambda: Question(pick(middle, 3), any=True),
        "OR of three common": lambda: Question(pick(common, 3), any=True),
        "phrase": lambda: Question(phrase(), phrase=True),
        "common term of a year": lambda: Question(pick(common, 1), year=chance.choice(usual)),
        "common term, by year": lambda: Question(pick(common, 1), by_year=True),
    }
    return {name: [make() for _ in range(QUESTIONS)] for name, make in makers.items()}


def ask_us(index: Index, question: Question) -> int:
    """Ask this engine for the best ten and return the total; by year it needs a whole search, since `rank` has only one order."""
    if question.by_year:
        return index.search(question.typed, sort="-year", per_page=10).total.paragraphs
    return index.rank(question.typed, top=10).total


def reading(question: Question, texts: list[str], years: list[int]) -> int:
    """How many paragraphs match a question, determined by reading them."""
    parts = ["".join(question.words)] if question.phrase else list(question.words)
    held = any if question.any else all
    return sum(held(p in text for p in parts) and question.year in (None, year) for text, year in zip(texts, years, strict=True))


def best(call: Callable[[], object]) -> float:
    """The fastest of some calls, in milliseconds."""

    def once() -> float:
        start = time.perf_counter()
        call()
        return time.perf_counter() - start

    return min(once() for _ in range(TRIES)) * 1000


def timed(call: Callable[[], object]) -> float:
    """The seconds of one call."""
    start = time.perf_counter()
    call()
    return time.perf_counter() - start


def size(folder: Path) -> float:
    """Megabytes in a folder."""
    return sum(path.stat().st_size for path in folder.rglob("*") if path.is_file()) / 1e6


def measure(texts_path: Path, passages: int) -> tuple[list[str], Times]:
    """Lines about building for the page, and the times of all questions."""
    given = list(rows(texts_path, passages))
    texts, years = [fold(row["text"]) for row in given], [row["year"] or 0 for row in given]
    words: list[list[str]] = []
    search_words("法治")
    alone = timed(lambda: words.extend(search_words(text) for text in texts))
    with tempfile.TemporaryDirectory() as scratch:
        folders = {name: Path(scratch) / name for name in NAMES}
        for folder in folders.values():
            folder.mkdir()
        built = {NAMES[0]: timed(lambda: build_index(folders[NAMES[0]], reports(given)))}
        peers: list[Any] = []
        for make in (Tantivy, Fts5, StockWhoosh):
            built[make.name] = timed(lambda make=make: peers.append(make(folders[make.name], words, years, texts)))  # type: ignore[misc]
        lines = [
            f"{sum(map(len, texts)):,} characters. Cutting words alone ({segmenter()}, one process): {alone:.1f} s.",
            "",
            "| | build, s | on disk, MB |",
            "|---|---|---|",
            *(f"| {name} | {built[name]:.1f} | {size(folders[name]):.0f} |" for name in NAMES),
            "",
            f"Our build cuts the words itself, on {os.cpu_count()} cores ({built[NAMES[0]] / alone:.2f} × cutting them alone); "
            "the peers are given them, and keep neither pairs nor characters.",
        ]
        if hasattr(os, "sched_setaffinity"):
            os.sched_setaffinity(0, {min(os.sched_getaffinity(0))})
        times: Times = {}
        with open_index(folders[NAMES[0]]) as index:
            for name, asked in questions(words, texts, years).items():
                times[name] = {engine: [] for engine in (*NAMES, *FIRST_TOUCH.values())}
                for question in asked:
                    totals = {NAMES[0]: ask_us(index, question), **{peer.name: peer.ask(question) for peer in peers}}
                    # Count paragraphs only: titles and headings are passages in this engine too.
                    whole = index.search(question.typed, kinds=["paragraph"], per_page=1).total.paragraphs
                    check(question, whole, reading(question, texts, years), {name: totals[name] for name in NAMES[1:]})
                    times[name][NAMES[0]].append(best(lambda question=question: ask_us(index, question)))  # type: ignore[misc]
                    for peer in peers:
                        times[name][peer.name].append(best(lambda peer=peer, question=question: peer.ask(question)))  # type: ignore[misc]
                    times[name][FIRST_TOUCH[NAMES[0]]].append(min(first_touch(folders[NAMES[0]], question) for _ in range(OPENINGS)))
                    times[name][FIRST_TOUCH[peers[0].name]].append(min(peer_first_touch(peers[0], question) for _ in range(OPENINGS)))
    return lines, times


def first_touch(folder: Path, question: Question) -> float:
    """Milliseconds of one question to an index just opened."""
    with open_index(folder) as index:
        return timed(lambda: ask_us(index, question)) * 1000


def peer_first_touch(peer: Tantivy, question: Question) -> float:
    """The same for a peer."""
    peer.open()
    return timed(lambda: peer.ask(question)) * 1000


def check(question: Question, ours: int, read: int, peers: dict[str, int]) -> None:
    """Exit if an engine counts wrong, since its times would mean nothing."""
    if ours != read:
        raise SystemExit(f"{question}: {ours} paragraphs found, {read} read")
    # For the peers, words on both sides of punctuation form a phrase; for this engine they do not.
    if len(set(peers.values())) > 1 or (max(peers.values()) > ours and not question.phrase):
        raise SystemExit(f"{question}: {ours} paragraphs hold it, peers count {peers}")


def table(times: Times) -> list[str]:
    """The times as a table, with this engine's time divided by tantivy's (above 1: slower)."""
    lines = ["| p50 / p95, ms | " + " | ".join(NAMES) + " | ÷ tantivy |", "|---" * (len(NAMES) + 2) + "|"]
    for name, of_engines in times.items():
        medians = {engine: statistics.median(own) for engine, own in of_engines.items()}
        ends = {engine: statistics.quantiles(own, n=20)[-1] for engine, own in of_engines.items()}
        cells = [f"{medians[engine]:.3f} / {ends[engine]:.3f}" for engine in NAMES]
        lines.append(f"| {name} | " + " | ".join(cells) + f" | {medians[NAMES[0]] / medians['tantivy']:.1f} |")
    lines += ["", f"| first touch, p50, ms | {NAMES[0]} | tantivy | ÷ tantivy |", "|---|---|---|---|"]
    for name, of_engines in times.items():
        ours, theirs = (statistics.median(of_engines[engine]) for engine in FIRST_TOUCH.values())
        lines.append(f"| {name} | {ours:.3f} | {theirs:.3f} | {ours / theirs:.1f} |")
    return lines


def chart(times: Times, path: Path) -> None:
    """Draw the medians as bars on a logarithmic scale."""
    bars = pygal.HorizontalBar(
        logarithmic=True, js=[], pretty_print=True, no_prefix=True, disable_xml_declaration=True, x_title="ms, median", height=900
    )
    bars.x_labels = list(times)[::-1]
    for engine in NAMES:
        bars.add(engine, [round(statistics.median(times[name][engine]), 4) for name in list(times)[::-1]])
    # Remove the settings for pygal's own script, which is not included.
    path.write_text(re.sub("<script.*?</script>", "", bars.render(is_unicode=True), flags=re.DOTALL), encoding="utf-8")


def main() -> None:
    """Measure, print, and write the page."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter, allow_abbrev=False)
    parser.add_argument("--texts", type=Path, required=True)
    parser.add_argument("--passages", type=int, nargs="+", default=[20_000, 80_000])
    parser.add_argument("--write", type=Path)
    wanted = parser.parse_args()
    page = []
    for passages in wanted.passages:
        lines, times = measure(wanted.texts, passages)
        part = [f"## {passages:,} paragraphs", "", *lines, "", *table(times), ""]
        print("\n".join(part), flush=True)
        page += part
        if wanted.write:
            picture = wanted.write.with_name(f"benchmarks-{passages}.svg")
            chart(times, picture)
            page += [f"![medians of {passages:,} paragraphs]({picture.name})", ""]
    if wanted.write:
        before, _, _ = wanted.write.read_text(encoding="utf-8").partition("\n## ")
        wanted.write.write_text(before.rstrip() + "\n\n" + "\n".join(page), encoding="utf-8")


if __name__ == "__main__":
    main()
