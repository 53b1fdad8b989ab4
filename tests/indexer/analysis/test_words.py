import os
import stat
import subprocess
import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st

from indexer.analysis.words import bigrams, cut, search_words


@given(st.text(st.sampled_from("法治政府建设行政复议6+1类 a%。"), max_size=40))
def test_words_joined_give_the_text_back(text):
    assert "".join(cut(text)) == text


def test_long_texts_are_cut_as_their_sentences_are():
    sentence = "法治政府建设工作取得新成效，行政复议案件办结率为99.5%；"
    assert search_words(sentence * 100) == search_words(sentence) * 100
    assert "".join(cut("法" * 70_000)) == "法" * 70_000


def test_long_words_give_their_shorter_words_too():
    assert {"法治", "政府"} <= set(search_words("法治政府建设"))


def test_marks_are_no_words():
    assert search_words("“·”。") == []


@pytest.mark.parametrize(
    ("text", "pairs"),
    [
        pytest.param("行政复议", ["行政", "政复", "复议"], id="neighbours"),
        pytest.param("1000", ["10", "00"], id="in_a_run_every_second_pair"),
        pytest.param("0000", ["00", "00"], id="a_run_alone"),
        pytest.param("法", [], id="one_character_has_none"),
    ],
)
def test_bigrams_are_the_pairs_of_neighbours(text, pairs):
    assert bigrams(text) == pairs


def test_importing_the_package_reads_no_dictionary():
    code = "import sys, indexer; sys.exit('jieba' in sys.modules or 'whoosh' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


@pytest.mark.skipif(os.name == "nt", reason="Windows keeps other users out of a user's folder by itself")
def test_the_dictionary_s_cache_is_the_user_s_own(tmp_path):
    code = "from indexer.analysis.words import cut; cut('法治')"
    subprocess.run([sys.executable, "-c", code], check=True, env=os.environ | {"XDG_CACHE_HOME": str(tmp_path)})
    folder = tmp_path / "fazhi-search"
    assert list(folder.iterdir())
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
