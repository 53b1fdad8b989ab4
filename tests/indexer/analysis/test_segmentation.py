"""Words cut in worker processes are those cut here."""

import os
import subprocess
import sys
from functools import cache
from itertools import pairwise

import numpy as np
import pytest

from indexer.analysis import segmentation, words
from indexer.analysis.segmentation import Segmentation, joined, words_of
from indexer.analysis.words import SEGMENTER_VARIABLE, search_words
from indexer.pool import WorkerDied

LOTS = [["法治政府建设", "“·”。", ""], ["行政复议和行政应诉"], [], ["法治政府建设 6+1"]]


def plain(words):
    rows, start = [], 0
    for size in words.sizes.tolist():
        rows.append([words.distinct[place] for place in words.order[start : start + size].tolist()])
        start += size
    return rows


def test_words_are_those_of_each_text():
    assert [plain(words_of(lot)) for lot in LOTS] == [[search_words(text) for text in lot] for lot in LOTS]
    assert plain(joined(map(words_of, LOTS))) == [search_words(text) for lot in LOTS for text in lot]


ODD = [
    "T恤 abc-1、e.g.12.5%",
    "法" * 1500,
    "《》" * 900,
    "行政\t" * 500,
    "甲乙" * 700 + "(" + "丙丁" * 600 + ")。行政机关",
    "\uffff\U00020000复议机关",
]


def begins(words, texts):
    found, start = [], 0
    for text in texts:
        own = np.flatnonzero(words.begins[start : start + len(text)]).tolist()
        found.append([text[first:last] for first, last in pairwise([*own, len(text)])])
        start += len(text)
    assert start == len(words.begins)
    return found


@pytest.mark.parametrize("segmenter", ["jieba", "rjieba"])
@pytest.mark.parametrize("told", [True, False])
def test_words_begin_where_the_text_is_cut(monkeypatch, segmenter, told):
    pytest.importorskip(segmenter)
    monkeypatch.setenv(SEGMENTER_VARIABLE, segmenter)
    monkeypatch.setattr(words, "segmenter", words.segmenter.__wrapped__)
    monkeypatch.setattr(words, "_tokenizer", cache(words._loaded.__wrapped__))
    monkeypatch.setattr(words, "inner_words", words.inner_words.__wrapped__)
    # Where what is known of a word is wrong, the text is cut again.
    monkeypatch.setattr(segmentation, "inner_words", words.inner_words if told else lambda word: 1)
    texts = [text for lot in LOTS for text in lot] + ODD
    assert begins(words_of(texts), texts) == [words.cut(text) for text in texts]
    assert begins(joined(map(words_of, [texts[:3], [], texts[3:]])), texts) == [words.cut(text) for text in texts]


def test_a_word_that_is_one_only_beside_others_has_the_words_of_the_dictionary_before_it():
    assert words.inner_words("依法行政") == len(["依法", "行政"])
    assert words.cut("政府办法治") == ["政府", "办法", "治"]
    assert words.inner_words("政府办法治") == len(["政府", "办法", "法治", "政府办"])


@pytest.mark.parametrize("worth", [1, 10_000])
def test_workers_cut_as_this_process_does(monkeypatch, worth):
    monkeypatch.setattr(segmentation, "WORTH_WORKERS", worth)
    pool = Segmentation(processes=2)
    futures = [pool.submit(lot) for lot in LOTS]
    found = [plain(future.result()) for future in futures]
    pool.close()
    assert found == [[search_words(text) for text in lot] for lot in LOTS]


def test_a_worker_that_dies_is_an_error_not_a_wait(monkeypatch):
    monkeypatch.setattr(segmentation, "WORTH_WORKERS", 1)
    monkeypatch.setenv(SEGMENTER_VARIABLE, "no such thing")
    pool = Segmentation(processes=2)
    future = pool.submit(["法治政府"])
    with pytest.raises(WorkerDied, match="ended"):
        future.result()
    pool.close()


def test_a_script_without_a_main_guard_can_build(tmp_path):
    script = tmp_path / "script.py"
    script.write_text(
        "from indexer import Report, build_index, open_index\n"
        "blocks = [((), f'法治政府建设第{n}段，' + '依法行政' * 200) for n in range(700)]\n"
        "build_index('index', [Report.from_blocks(title='甲', blocks=blocks)])\n"
        "with open_index('index') as index: print(index.search('依法行政 第699段').total.paragraphs)\n",
        encoding="utf-8",
    )
    done = subprocess.run([sys.executable, script], cwd=tmp_path, capture_output=True, text=True, check=True)
    assert done.stdout == "1\n"


def test_the_fast_segmenter_cuts_alike():
    pytest.importorskip("rjieba", reason="the extra `fast` is not installed")
    text = "推进一网通办和放管服改革，法治政府建设示范创建工作取得实效"
    code = f"from indexer.analysis.words import search_words, segmenter; print(segmenter()[:7], *search_words({text!r}))"
    environment = os.environ | {SEGMENTER_VARIABLE: "rjieba", "PYTHONIOENCODING": "utf-8"}
    done = subprocess.run([sys.executable, "-c", code], env=environment, capture_output=True, encoding="utf-8", check=True)
    assert done.stdout.split() == ["rjieba", *search_words(text)]
