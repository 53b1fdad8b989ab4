"""The quick looks that spare comparing paragraphs character by character change nothing of which belong together."""

import random

import numpy as np
import pytest
from rapidfuzz.fuzz import ratio

from indexer import Report, comparison, parse_file
from indexer.analysis.fold import fold
from indexer.comparison import pairing
from indexer.comparison.pairing import ALIKE, Paragraph, paired
from indexer.outline import sentences
from tests.support import ROOT


@pytest.fixture(scope="module")
def pool():
    return [passage.text for path in sorted((ROOT / "corpus").glob("*.txt"))[:2] for passage in parse_file(path).paragraphs]


def edited(chance, text):
    chars = list(text)
    for _ in range(chance.choice([0, 1, len(chars) // 4, len(chars) // 2])):
        chars[chance.randrange(len(chars))] = chance.choice("法的行政，07\U00020001")
    return "".join(chars)


def sides(seed, pool):
    chance = random.Random(seed)
    left = chance.sample(pool, min(25, len(pool)))
    right = [edited(chance, text) for text in left if chance.random() < 0.8] + chance.sample(pool, 5) + ["法" * 70, "法律" * 40]
    chance.shuffle(right)
    return [[Paragraph(text, chance.choice(["甲", None]), chance.choice(["", "一"])) for text in side] for side in (left, right)]


@pytest.mark.parametrize("seed", range(6))
def test_pairs_are_those_of_comparing_all(seed, pool, monkeypatch):
    left, right = sides(seed, pool)
    found = paired(left, right)
    looked_at = []
    monkeypatch.setattr(pairing, "_perhaps_alike", lambda shapes, pairs: looked_at.extend(pairs) or pairs)
    monkeypatch.setattr(pairing, "_FEW", 0)
    monkeypatch.setattr(pairing, "_best", best_of_all)
    assert paired(left, right) == found
    assert looked_at


def best_of_all(of, others, weights):
    """The best few others of each, by sorting all."""
    best = []
    for one in set(of.tolist()):
        own = np.flatnonzero(of == one).tolist()
        best += sorted(own, key=lambda at: (-weights[at], others[at]))[: pairing._CANDIDATES]
    return np.array(best, np.int64)


def test_a_quick_look_misses_no_paragraph_that_is_alike(pool, monkeypatch):
    monkeypatch.setattr(pairing, "_TOGETHER", 7)
    left, right = ([paragraph.folded for paragraph in side] for side in sides(3, pool))
    pairs = [(i, j) for i in range(len(left)) for j in range(len(right))]
    kept = pairing._perhaps_alike([left, right], pairs)
    assert {(i, j) for i, j in pairs if ratio(left[i], right[j]) >= 100 * ALIKE} <= set(kept)
    assert len(kept) < len(pairs) * 0.8
    assert pairing._perhaps_alike([left, right], []) == []


def test_sentences_of_a_fold_are_folds_of_the_sentences():
    chance = random.Random(5)
    for _ in range(300):
        text = "".join(chance.choices("法a1。；! \u3000\u200b１”", k=chance.randint(1, 25)))
        held = Report.from_blocks(title="无题", blocks=[((), text)]) if text.strip() else None
        for passage in held.paragraphs if held else ():
            alone = [fold(passage.text[start:end]) for start, end in sentences(passage.text, passage.items)]
            assert list(comparison._sentences(held, [fold(one.text) for one in held.paragraphs])) == alone
