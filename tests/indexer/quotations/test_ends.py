"""Ends of many parts moved together are those that are found when each is moved alone, one character after another."""

import random

import pytest
from rapidfuzz.fuzz import partial_ratio_alignment, ratio

from indexer.quotations.ends import MOVED, Part, best_ends

ALPHABETS = ["甲乙丙", "甲乙丙丁戊己庚辛壬癸12345", "甲𠮷乙\ud800丙"]
SIZES = [1, 2, 6, 12, 30, 63, 64, 65, 127, 128, 129, 200]


def plain_ends(part):
    """Each end tried."""
    typed, text, start, end = part
    starts = range(max(0, start - MOVED), min(end, start + MOVED + 1))

    def best_start(of, end):
        return max(of, key=lambda at: (ratio(typed, text[at:end]), at))

    start = best_start(starts, end)
    end = max(range(max(start + 1, end - MOVED), min(len(text), end + MOVED) + 1), key=lambda at: (ratio(typed, text[start:at]), -at))
    start = best_start([at for at in starts if at < end], end)
    return (start, end), ratio(typed, text[start:end])


def changed(text, alphabet, chance):
    """A text with characters left out, doubled and put in."""
    chars = list(text)
    for _ in range(chance.randint(0, len(text) // 3)):
        at = chance.randrange(len(chars) + 1)
        chars[at : at + chance.randint(0, 1)] = chance.choice(["", chance.choice(alphabet), "".join(chars[at : at + 2]) * 2])
    return "".join(chars)


def some_part(chance):
    """A part of a text that holds something like a quotation: where rapidfuzz finds it, or anywhere."""
    alphabet = chance.choice(ALPHABETS)
    typed = "".join(chance.choices(alphabet, k=chance.choice([*SIZES, chance.randint(1, 200)])))
    before, behind = ("".join(chance.choices(alphabet, k=chance.randint(0, 30))) for _ in range(2))
    text = before + changed(typed, alphabet, chance) + behind + "甲"
    start = chance.randrange(len(text))
    end = chance.randint(start + 1, len(text))
    if len(typed) < len(text) and chance.random() < 0.8:
        found = partial_ratio_alignment(typed, text)
        start, end = (found.dest_start, found.dest_end) if found.score > 0 else (start, end)
    return Part(typed, text, start, end)


@pytest.mark.parametrize("seed", range(40))
def test_each_part_gets_the_ends_that_it_gets_alone(seed):
    chance = random.Random(seed)
    parts = [some_part(chance) for _ in range(chance.randint(1, 60))]
    assert best_ends(parts) == [plain_ends(part) for part in parts]


def test_no_part_has_no_ends():
    assert best_ends([]) == []
