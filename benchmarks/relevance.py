"""nDCG@10 of sentence queries for different ranking features, with a paired test.

`python -m benchmarks.relevance --docs DOCS.jsonl.gz --questions QUESTIONS.jsonl`

DOCS has rows {id, title, text}, QUESTIONS rows {id, query, relevant: [id, …]}. Each document is one paragraph, of title and
text together. The index is built once; the rankings differ only in which of words, bigrams and characters count.
"""

from __future__ import annotations

import argparse
import gzip
import json
import math
import random
import statistics
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from unittest.mock import patch

from indexer import Index, Report, build_index, open_index
from indexer.engines.whoosh.evaluation import evaluate
from indexer.ranking import sentence_tokens

RANKINGS = {
    "words": ["words"],
    "bigrams": ["bigrams"],
    "words + bigrams": ["words", "bigrams"],
    "words + bigrams + characters": ["words", "bigrams", "chars"],
}
TOP = 10
ROUNDS = 10_000
"""Rounds of the paired randomisation test."""


def rows(path: Path) -> Iterator[dict[str, Any]]:
    with gzip.open(path, "rt", encoding="utf-8") if path.suffix == ".gz" else path.open(encoding="utf-8") as lines:
        yield from map(json.loads, lines)


def gains(index: Index, questions: list[dict[str, Any]], ids: dict[str, list[str]], fields: list[str]) -> list[float]:
    """NDCG@10 of each question with this ranking."""

    def tokens(pieces: tuple[str, ...]) -> dict[str, Any]:
        return {field: own for field, own in sentence_tokens(pieces).items() if field in fields}

    found = []
    with patch.object(evaluate, "sentence_tokens", tokens):
        for question in questions:
            hits = index.search(question["query"], mode="any", kinds=["paragraph"], per_page=2 * TOP).hits
            ranked = list(dict.fromkeys(id for hit in hits for id in ids[hit.text]))[:TOP]
            relevant = {str(id) for id in question["relevant"]}
            best = sum(1 / math.log2(rank + 2) for rank in range(min(TOP, len(relevant))))
            found.append(sum(1 / math.log2(rank + 2) for rank, id in enumerate(ranked) if id in relevant) / best)
    return found


def p_value(one: list[float], other: list[float]) -> float:
    """The probability of a difference of means at least as large by chance, by random signs of the differences."""
    chance = random.Random(1)
    differences = [a - b for a, b in zip(one, other, strict=True) if a != b]
    seen = abs(sum(differences))
    as_large = sum(abs(sum(d if chance.random() < 0.5 else -d for d in differences)) >= seen for _ in range(ROUNDS))
    return (as_large + 1) / (ROUNDS + 1)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter, allow_abbrev=False)
    parser.add_argument("--docs", type=Path, required=True)
    parser.add_argument("--questions", type=Path, required=True)
    options = parser.parse_args()
    ids: dict[str, list[str]] = {}
    for row in rows(options.docs):
        ids.setdefault(" ".join(f"{row['title']} {row['text']}".split()), []).append(str(row["id"]))
    questions = list(rows(options.questions))
    with tempfile.TemporaryDirectory() as scratch:
        build_index(scratch, (Report.from_blocks(title="条文", blocks=[((), text)]) for text in ids))
        with open_index(scratch) as index:
            results = {name: gains(index, questions, ids, fields) for name, fields in RANKINGS.items()}
    base = results["words + bigrams"]
    print(f"{len(questions)} questions, {len(ids)} documents\n")
    print("| ranked by | nDCG@10 | ± | p against words + bigrams |\n|---|---|---|---|")
    for name, values in results.items():
        error = statistics.stdev(values) / math.sqrt(len(values))
        against = "" if values is base else f"{p_value(values, base):.4f}"
        print(f"| {name} | {statistics.mean(values):.4f} | {error:.4f} | {against} |")


if __name__ == "__main__":
    main()
