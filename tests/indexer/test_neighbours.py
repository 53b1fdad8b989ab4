"""The words near occurrences, found in all texts at once, against cutting each clause of each text."""

import random
import re

import numpy as np
import pytest

from indexer import neighbours
from indexer.analysis.words import cut
from indexer.joined import JoinedTexts
from indexer.neighbours import CutTexts
from indexer.query.tree import Term
from indexer.wordlists import LEAST_TOGETHER, MOST_WORDS, WINDOW, is_listed

SENTENCES = ["推进行政执法体制改革,", "办理行政复议案件38件;", "优化营商环境(含乡镇)。", "满意度abc提高1.5%", "重大行政决策合法性审查\n"]
ODD = ["\uffff", "\U00020000", "法" * 1500, "《" * 1200, "a" * 1300, "", " ", "法治政府建设" * 300 + "。"]


def texts(chance, count=12):
    for _ in range(count):
        text = "".join(chance.choices(SENTENCES, k=chance.randint(0, 5)))
        at = chance.randint(0, len(text))
        yield text[:at] + chance.choice(ODD) + text[at:] if chance.random() < 0.3 else text


def cut_by_clause(text):
    return [word for clause in re.split(r"([,。;、:!?()《》“”‘’\"\n \uffff])", text) for word in (cut(clause) if clause else ())]


def near(text, occurrences):
    found, end = set(), 0
    for word in cut_by_clause(text):
        start, end = end, end + len(word)
        if any(start < b and a < end for a, b in occurrences):
            continue
        if is_listed(word) and any(0 <= a - end <= WINDOW or 0 <= start - b <= WINDOW for a, b in occurrences):
            found.add(word)
    return found


def spans(text, term):
    return [(match.start(), match.end()) for match in re.finditer(re.escape(term), text)]


@pytest.mark.parametrize("seed", range(6))
def test_words_near_are_those_of_each_clause_alone(seed, monkeypatch):
    chance = random.Random(seed)
    if seed % 2:
        monkeypatch.setattr(neighbours, "CUT_TOGETHER", 30)
        monkeypatch.setattr(neighbours, "CUT_CACHED", 20_000)
    known = CutTexts(cut)
    for _ in range(12):
        held, term = list(texts(chance)), chance.choice(["行政", "法", "案件", "环境", "提高", "无此"])
        found = known.near(JoinedTexts.of(held), JoinedTexts.of(held).occurrences([Term(term)]))
        every = {(word, number) for number, text in enumerate(held) for word in near(text, spans(text, term))}
        listed = [(found.words[number], number) for number in sorted(set(found.numbers.tolist())) if is_listed(found.words[number])]
        assert sorted(every) == sorted((word, text) for word, number in listed for text in found.texts_of(number).tolist())
        assert len(found.numbers) == len(set(zip(found.numbers.tolist(), found.texts.tolist(), strict=True)))
        assert found.holding == sum(term in text for text in held)


def test_the_commonest_are_the_first_of_those_that_are_as_frequent(monkeypatch):
    monkeypatch.setattr(neighbours, "MOST_WORDS", 3)
    held = ["甲 ab ba zz", "甲 ab ba zz yy", "甲 ab ba zz yy", "甲 zz yy"]
    found = CutTexts(lambda text: re.findall(r"\w+|\W", text)).near(JoinedTexts.of(held), JoinedTexts.of(held).occurrences([Term("甲")]))
    numbers, counts = found.commonest()
    assert [found.words[number] for number in numbers] == ["zz", "ab", "ba"]
    assert counts.tolist() == [4, 3, 3]
    assert LEAST_TOGETHER == 3
    assert MOST_WORDS > 3


def test_a_clause_is_cut_once_and_only_where_something_near_may_stand():
    cuts = []
    known = CutTexts(lambda text: cuts.append(text) or cut(text))
    far = "优化营商环境," * 2
    for held in (["行政执法", "行政复议", "行政执法。依法行政"], [f"{far}行政复议,{far}满意度,{far}", "行政应诉"]):
        known.near(JoinedTexts.of(held), JoinedTexts.of(held).occurrences([Term("行政")]))
    assert [text.split("\n") for text in cuts] == [["行政执法", "行政复议", "依法行政"], ["优化营商环境", "行政应诉"]]


def test_texts_that_are_the_same_bytes_are_not_taken_for_each_other():
    wide, known = "依法行政推进", CutTexts(cut)
    narrow = [wide.encode("utf-32-le")]
    for joined in (JoinedTexts.of_utf16(narrow, np.array([len(narrow[0]) // 2])), JoinedTexts.of([wide])):
        found = known.near(joined, joined.occurrences([Term("推进")]))
    assert [found.words[number] for number in found.numbers.tolist()] == cut("依法行政")


def test_words_of_more_than_eight_bytes_are_compared_whole():
    """These two are the same number, each half times 0x9E3779B97F4A7C15 and added: what is chosen so must not be counted as one word."""
    held = ["甲 jbhjjcib", "甲 idbf籿螃搋霹"]
    joined = JoinedTexts.of_utf16([text.encode("utf-16-le") for text in held], np.array([len(text) for text in held]))
    found = CutTexts(lambda text: re.findall(r"\w+|\W", text)).near(joined, joined.occurrences([Term("甲")]))
    assert sorted(found.words) == ["idbf籿螃搋霹", "jbhjjcib"]
