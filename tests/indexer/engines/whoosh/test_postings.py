"""Posting lists against a plain reading of the texts: built, written, read, merged."""

import os
import random
import re
from itertools import product

import numpy as np
import pytest

from indexer import IndexCorrupt, open_index
from indexer.analysis.segmentation import words_of
from indexer.analysis.words import bigrams, search_words
from indexer.backends import build_index
from indexer.catalogue import Catalogue
from indexer.engines.whoosh import writer
from indexer.engines.whoosh.arrays import postings
from indexer.engines.whoosh.arrays.files import ArrayFile, write_arrays
from indexer.engines.whoosh.arrays.positions import OffsetsReader, pair_lists
from indexer.engines.whoosh.arrays.postings import WordTerms, pair_key
from indexer.engines.whoosh.arrays.stored import packed_printed, read_printed
from indexer.engines.whoosh.evaluation.alphabets import Alphabets
from indexer.engines.whoosh.evaluation.lookup import covering, listed_pairs
from indexer.engines.whoosh.segment.segments import SegmentFile, contents_of, merged, write_contents
from indexer.engines.whoosh.writer import BATCH, to_rewrite
from tests.support import one_report

PIECES = ["法治", "政府", "行政复议", "aa", "b", "，", "𠀀𠀁", "哈哈哈", "6+1"]


def texts_of(seed, count=60):
    chance = random.Random(seed)
    return ["".join(chance.choices(PIECES, k=chance.randint(1, 15))) for _ in range(count)]


def segment(path, texts):
    reports = [one_report(text, id=f"{path.stem}-{number}", title="甲") for number, text in enumerate(texts)]
    folded = [passage.text for report in reports for passage in report.passages]
    write_contents(path, contents_of(reports, folded, words_of(folded)))
    return SegmentFile(path), folded


def tokens(text):
    return {"bigrams": bigrams(text), "chars": list(text), "words": search_words(text)}


def assert_places_are_those_of(file, folded):
    for pair in {pair for text in folded for pair in bigrams(text)}:
        (ids,), counts, (places,) = OffsetsReader.gathered([(file.offsets, file.characters.pair(pair))])
        right = [(number, match.start()) for number, text in enumerate(folded) for match in re.finditer(re.escape(pair), text)]
        assert list(zip(np.repeat(ids, counts).tolist(), places.tolist(), strict=True)) == right, pair
    assert file.characters.pair("政法") is None


@pytest.mark.parametrize("dense", [0, 10**9])
def test_some_lists_are_counted_in_chosen_passages_by_themselves_or_with_all(tmp_path, monkeypatch, dense):
    monkeypatch.setattr(postings, "DENSE", dense)
    file, folded = segment(tmp_path / "one.arrays", texts_of(1))
    lists, chance = file.lists("words"), random.Random(2)
    chosen = np.array([chance.random() < 0.5 for _ in folded], np.bool_)
    terms = np.array(chance.sample(range(len(file.words)), 4))
    expected = [int(np.count_nonzero(chosen[lists.at(term)[0]])) for term in terms.tolist()]
    assert lists.counted_in(terms, chosen).tolist() == expected
    assert max(expected) > 0


def assert_lists_are_those_of(file, folded):
    for field in ("bigrams", "chars", "words"):
        held = [tokens(text)[field] for text in folded]
        for term in {term for row in held for term in row}:
            ids, counts = file.postings(field, term)
            right = [(number, row.count(term)) for number, row in enumerate(held) if term in row]
            assert list(zip(ids.tolist(), counts.tolist(), strict=True)) == right, (field, term)
            assert file.size(field, term) == len(right)
    assert_places_are_those_of(file, folded)
    for absent in ("政法", "囧", "a囧"):
        assert file.postings("chars" if len(absent) == 1 else "bigrams", absent) is None


def test_lists_are_those_of_the_texts(tmp_path):
    assert_lists_are_those_of(*segment(tmp_path / "one.arrays", texts_of(1)))


def test_pairs_of_several_segments_are_gathered_at_once(tmp_path):
    files, folded = zip(
        *(segment(tmp_path / f"{seed}.arrays", [*texts_of(seed), "法治" * 300][seed % 2 :]) for seed in (5, 6, 7)), strict=True
    )
    alphabets = Alphabets([file.characters for file in files])
    for pair in {pair for texts in folded for text in texts for pair in bigrams(text)} | {"政法", "囧法", "法囧"}:
        found = alphabets.pair(pair)
        assert found == [(at, number) for at, file in enumerate(files) if (number := file.characters.pair(pair)) is not None]
        assert alphabets.pair(pair, np.array([False, True, False])) == [(at, number) for at, number in found if at == 1]
        if found:
            ids, counts, places = OffsetsReader.gathered([(files[at].offsets, number) for at, number in found])
            alone = [OffsetsReader.gathered([(files[at].offsets, number)]) for at, number in found]
            assert [own.tolist() for own in ids] == [own.tolist() for (own,), _, _ in alone]
            assert counts.tolist() == [count for _, own, _ in alone for count in own.tolist()]
            assert [own.tolist() for own in places] == [own.tolist() for _, _, (own,) in alone]
    for char in {char for texts in folded for text in texts for char in text} | {"囧", "\0"}:
        right = [(at, number) for at, file in enumerate(files) if (number := file.characters.char(char)) is not None]
        assert alphabets.char(char) == right


def test_a_pair_stands_in_no_segment_that_lacks_one_of_its_characters(tmp_path):
    chance = random.Random(8)
    held = [["".join(chance.choices(own, k=9)) for _ in range(3)] for own in ("甲乙丁", "甲丙丁戊", "乙丙", "戊")]
    files = [segment(tmp_path / f"{number}.arrays", texts)[0] for number, texts in enumerate(held)]
    alphabets = Alphabets([file.characters for file in files])
    for pair in map("".join, product("甲乙丙丁戊己", repeat=2)):
        assert [at for at, _ in alphabets.pair(pair)] == [
            at for at, own in enumerate(held) if any(pair in bigrams(text) for text in own)
        ], pair
    pair = held[1][0][:2]
    alone, number = Alphabets([files[1].characters]), files[1].characters.pair(pair)
    for within, right in ((None, [(0, number)]), (np.array([True]), [(0, number)]), (np.array([False]), [])):
        assert alone.pair(pair, within) == right


@pytest.mark.parametrize("texts", [["哈哈哈哈"], ["哈哈哈", "哈哈"], ["哈", "哈哈哈哈哈", "", "法哈哈哈"], [""], []])
def test_of_a_run_every_second_pair_is_listed_from_the_first_character_on(texts):
    codes = np.array([ord(char) for text in texts for char in text], np.int64)
    made = pair_lists(codes, np.repeat(np.arange(len(texts)), [len(text) for text in texts]))
    found = zip(np.repeat(made.lists.of_each(), made.lists.counts), np.repeat(made.lists.ids, made.lists.counts), made.offsets, strict=True)
    right = [
        (pair_key(ord(pair[0]), ord(pair[1])), number, match.start())
        for number, text in enumerate(texts)
        for pair in set(bigrams(text))
        for match in re.finditer(re.escape(pair), text)
    ]
    assert sorted(map(tuple, np.array(list(found)).tolist())) == sorted(right)


def test_counts_above_a_byte_are_kept(tmp_path):
    file, folded = segment(tmp_path / "one.arrays", ["法治" * 300, "法治", "法" * 70_000])
    assert_lists_are_those_of(file, folded)
    assert file.postings("chars", "法")[1].tolist() == [300, 1, 70_000]


@pytest.mark.parametrize("count", [254, 255, 256, 257])
def test_counts_about_a_byte_are_kept(tmp_path, count):
    file, _ = segment(tmp_path / "one.arrays", ["法治", "法" * count + "治", "治"])
    assert [own.tolist() for own in file.postings("chars", "法")] == [[1, 3], [1, count]]
    assert [own.tolist() for own in file.postings("chars", "治")] == [[1, 3, 5], [1, 1, 1]]
    assert len(file._file["chars.large"]) == (count > 255)
    assert file.lists("chars").all(file.characters.char_keys()).counts.max() == count


def test_words_have_hashes_that_say_which_bytes_they_have_and_where(tmp_path):
    words = sorted(
        {
            b"",
            b"\0",
            b"\0\0",
            b"a",
            b"ab",
            b"ba",
            b"\0a",
            b"a\0",
            "法治".encode(),
            "治法".encode(),
            *(bytes([65 + at]) + b"x" * 70 for at in range(9)),
        }
    )
    write_arrays(tmp_path / "file", WordTerms.arrays(words))
    terms = WordTerms(ArrayFile(tmp_path / "file"))

    def number(word):
        value = 0
        for byte in word:
            value = (value * 0x9E3779B97F4A7C15 + byte + 1) % 2**64
        return value

    assert terms.hashes().tolist() == [number(word) for word in words]
    assert len(set(terms.hashes().tolist())) == len(words)
    assert [terms.find(word) for word in words] == list(range(len(words)))
    assert [terms.find(word) for word in (b"A", b"zz", b"\xff")] == [None] * 3
    assert list(terms.beginning(b"a")) == [(at, word) for at, word in enumerate(words) if word.startswith(b"a")]
    assert list(terms.beginning(b"\xff")) == []


def test_a_word_that_is_no_utf_8_stands_nowhere(tmp_path):
    file, _ = segment(tmp_path / "one.arrays", ["法治政府"])
    for field, term in (("words", "\ud800"), ("chars", "\ud800"), ("bigrams", "\ud800法"), ("bigrams", "法\ud800")):
        assert (file.postings(field, term), file.size(field, term)) == (None, 0)


def test_merged_segments_hold_what_is_live(tmp_path):
    (one, first), (other, second) = (segment(tmp_path / f"{name}.arrays", texts_of(seed)) for name, seed in (("one", 2), ("two", 3)))
    chance = random.Random(4)
    lives = [np.repeat([chance.random() < 0.6 for _ in file.sizes], file.sizes) for file in (one, other)]
    write_contents(tmp_path / "merged.arrays", merged(list(zip((one, other), lives, strict=True))))
    file = SegmentFile(tmp_path / "merged.arrays")
    kept = [text for live, texts in zip(lives, (first, second), strict=True) for text, good in zip(texts, live, strict=True) if good]
    assert [file.folded(number) for number in range(file.passages)] == kept
    assert [file.passage(number)["text"] for number in range(file.passages)] == kept
    assert_lists_are_those_of(file, kept)
    assert set(file.words) == {word.encode() for text in kept for word in search_words(text)}


def test_a_file_gives_back_its_arrays(tmp_path):
    arrays = {"none": np.zeros(0, "<u2"), "odd": np.arange(3, dtype="u1"), "wide": np.array([2**63], "<u8")}
    write_arrays(tmp_path / "file", arrays)
    read = ArrayFile(tmp_path / "file")
    for name, array in arrays.items():
        assert read[name].dtype == array.dtype
        assert read[name].tolist() == array.tolist() == list(read.view(name))


def test_of_a_file_that_was_written_to_what_was_read_whole_is_checked_at_once(tmp_path):
    path = tmp_path / "file"
    write_arrays(path, {"one": np.arange(9, dtype="<u8"), "other": np.arange(9, dtype="<u8") + 100})
    content = path.read_bytes()
    at = content.index((100).to_bytes(8, "little"))

    def written_to():
        path.write_bytes(content[:at] + b"\1" + content[at + 1 :])
        os.utime(path, (1, 1))
        return path

    file = ArrayFile(path)
    assert file["one"].tolist() == list(range(9))
    assert file.lazy("other").numbers(0, 1).tolist() == [100]
    written_to()
    file.check_unchanged()
    assert file["one"].tolist() == list(range(9))
    with pytest.raises(IndexCorrupt):
        file.lazy("other").numbers(0, 1)
    path.write_bytes(content)
    file = ArrayFile(path)
    assert file["other"].tolist() == list(range(100, 109))
    written_to()
    with pytest.raises(IndexCorrupt):
        file.check_unchanged()


@pytest.mark.parametrize(
    ("live", "coming", "rewritten"),
    [
        pytest.param([20_000], 40, set(), id="a_small_one_beside_a_large_one"),
        pytest.param([20_000, 40, 40], 40, {1, 2}, id="small_ones_together"),
        pytest.param([6_000, 3_000], 40, {0, 1}, id="a_chain"),
        pytest.param([BATCH, BATCH, 10], 40, set(), id="full_ones_stay"),
        pytest.param([30_000, 29_000], 40, set(), id="two_that_fit_in_no_segment"),
        pytest.param([BATCH - 5_000, 5_000], 0, set(), id="two_that_just_fit_but_are_unlike"),
        pytest.param([BATCH - 20_000, 20_000], 0, {0, 1}, id="two_that_just_fit"),
        pytest.param([BATCH - 20_000, 20_001], 0, set(), id="two_that_just_do_not_fit"),
        pytest.param([300, 100], 0, set(), id="three_times_as_large"),
        pytest.param([299, 100], 0, {0, 1}, id="not_three_times_as_large"),
        pytest.param([7], 40, set(), id="one_alone"),
        pytest.param([], 40, set(), id="none"),
    ],
)
def test_small_segments_are_merged(live, coming, rewritten):
    assert to_rewrite(live, live, coming) == rewritten


def test_segments_are_bounded_by_their_text_too(tmp_path, monkeypatch):
    monkeypatch.setattr(writer, "BATCH", 10)
    for first in (0, 3):
        # Each as much as seven passages of usual length.
        opened = writer.WhooshWriter(tmp_path / "index")
        for number in range(first, first + 3):
            opened.put(one_report(f"法{number}" + "治" * 1_000, id=f"r{number}"))
        opened.commit(Catalogue())
        assert len(list(tmp_path.glob(f"index/generations/{opened_name(tmp_path)}/*.arrays"))) == first + 3
    with open_index(tmp_path / "index") as index:
        assert index.search("治").total.reports == 6


def opened_name(folder):
    return (folder / "index" / "CURRENT").read_text()


def test_mostly_deleted_segments_are_rewritten():
    assert to_rewrite([40, 5_000], [100, 5_000], 0) == {0}
    assert to_rewrite([50, 5_000], [100, 5_000], 0) == set()


def test_what_is_rewritten_is_brought_together_up_to_a_full_segment(monkeypatch):
    monkeypatch.setattr(writer, "BATCH", 10)
    live = [4, 6, 1, 10, 9, 2, 11]
    assert writer._batches(list(range(7)), live) == [[0, 1], [2], [3], [4], [5], [6]]
    assert writer._batches([2, 4], live) == [[2, 4]]
    assert writer._batches([], live) == []


@pytest.mark.parametrize("alphabet", ["法治", "法治政府a", "2018年", "0001年", "法𠀀治1"])
def test_any_text_is_found_and_counted_where_it_stands(tmp_path, alphabet):
    chance = random.Random(alphabet)
    texts = ["".join(chance.choices(alphabet, k=chance.randint(1, 60))) for _ in range(300)] + ["府" * 70_000 + "法治府"]
    build_index(tmp_path / "index", [one_report(text, id=f"r{number}") for number, text in enumerate(texts)])
    with open_index(tmp_path / "index") as index:
        for _ in range(400):
            query = "".join(chance.choices(alphabet, k=chance.choice([3, 3, 4, 5, 8])))
            total = index.search(query, mode="literal", per_page=1).total
            assert (total.paragraphs, total.occurrences) == (sum(query in t for t in texts), sum(t.count(query) for t in texts)), query


def test_a_text_stands_where_it_is_looked_for(tmp_path):
    file, folded = segment(tmp_path / "some.arrays", texts_of(1))
    chance = random.Random(1)
    for _ in range(300):
        text = chance.choice(folded)
        first = chance.randrange(len(text))
        text = text[first : first + chance.choice([1, 2, 5, 16, 17, 40])]
        text = text[:-1] + "政" if chance.random() < 0.5 else text
        numbers = np.array([number for number, held in enumerate(folded) if len(held) >= len(text)])
        held = [folded[number] for number in numbers.tolist()]
        offsets = np.array([max(one.find(text), chance.randint(-len(one), len(one) - len(text)), 0) for one in held])
        right = [folded[number].startswith(text, offset) for number, offset in zip(numbers, offsets, strict=True)]
        assert file.stand(numbers, offsets, text).tolist() == right


@pytest.mark.parametrize(
    ("text", "offsets", "sure"),
    [
        pytest.param("行政复议", [0, 2], True, id="even"),
        pytest.param("行政复", [0, 1], True, id="odd"),
        pytest.param("2022年", [0, 2, 3], True, id="a_run_inside"),
        pytest.param("人人有责", [1, 2], False, id="a_run_at_the_start"),
        pytest.param("有人人", [0, 1], True, id="a_run_at_the_end"),
        pytest.param("1000年", [0, 1, 3], True, id="a_run_of_three"),
        pytest.param("1000", [0, 1], False, id="a_run_of_three_at_the_end"),
        pytest.param("……", [0], False, id="nothing_but_a_run"),
    ],
)
def test_pairs_that_tell_where_a_text_stands(text, offsets, sure):
    assert covering(listed_pairs(text), len(text)) == (offsets, sure)


@pytest.mark.parametrize("folded", ["", "法治政府", "法" * 40_000], ids=["empty", "short", "longer_than_the_window"])
@pytest.mark.parametrize("text", ["", "法治政府。", "法 " * 40_000], ids=["nothing", "alike", "long"])
def test_a_printed_text_is_given_back_whatever_the_folded_one(text, folded):
    printed = [text, [[1, 0, 2]]]
    assert read_printed(packed_printed(printed, folded.encode()), folded.encode()) == printed
