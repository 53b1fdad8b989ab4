"""Where words begin, as it is stored: read as it was written, of several segments, of older ones, and never from damaged bytes."""

import random

import numpy as np
import pytest

from indexer import IndexCorrupt, SearchRequest, WordsOf, open_index
from indexer.analysis.fold import fold
from indexer.analysis.segmentation import words_of
from indexer.analysis.words import cut
from indexer.catalogue import Catalogue
from indexer.engines.whoosh import engine, writer
from indexer.engines.whoosh.arrays import borders
from indexer.engines.whoosh.arrays.borders import BordersReader, border_arrays
from indexer.engines.whoosh.arrays.files import ArrayFile, write_arrays
from indexer.engines.whoosh.evaluation.borders import word_begins
from indexer.engines.whoosh.evaluation.passages import Passages
from indexer.engines.whoosh.segment import segments
from indexer.engines.whoosh.segment.codec import TABLE
from indexer.engines.whoosh.segment.segments import SegmentFile, contents_of, merged, write_contents
from indexer.engines.whoosh.writer import WhooshWriter
from indexer.neighbours import CutTexts
from tests.indexer.engines.whoosh.published import live
from tests.support import one_report

PIECES = ["依法行政", "推进法治政府建设", "行政机关应当", ",", "。", "受理案件38件", "\U00020000", "abc-1", " ", "的"]

QUERIES = ["行政", "政机", "的", "无此"]


def texts(chance, count):
    return ["甲" + "".join(chance.choices(PIECES, k=chance.randint(0, 12))) for _ in range(count)]


@pytest.mark.parametrize("wide", [False, True])
@pytest.mark.parametrize("count", [0, 1, 7, 8, 29])
def test_what_is_read_is_what_was_written(tmp_path, monkeypatch, count, wide):
    monkeypatch.setattr(borders, "TOGETHER", 7)
    monkeypatch.setattr(borders, "_PART", 16)
    chance = random.Random(count)
    held = [text if wide else text.replace("\U00020000", "") for text in texts(chance, count)]
    begins = np.array([chance.random() < 0.6 for _ in "".join(held)], np.bool_)
    write_arrays(tmp_path / "one.arrays", border_arrays(held, begins))
    reader = BordersReader(ArrayFile(tmp_path / "one.arrays"), np.array([len(text) for text in held], np.uint16))
    assert (reader.begins(held) == begins).all()
    assert [len(bits) for bits in reader.unusual(np.arange(count)[::-2])] == [len(text) + 1 for text in held[::-2]]


def segment(path, seed, count=20, *, older=False):
    reports = [one_report(text, id=f"{path.stem}-{number}", title="乙") for number, text in enumerate(texts(random.Random(seed), count))]
    folded = [fold(passage.text) for report in reports for passage in report.passages]
    write_contents(path, contents_of(reports, folded, words_of(folded)))
    if older:
        held, path = ArrayFile(path), path.with_name("older.arrays")
        write_arrays(path, {name: held[name] for name in held.names() if not name.startswith("borders")})
    return SegmentFile(path)


@pytest.mark.parametrize("older", [False, True])
def test_a_merged_segment_knows_where_the_words_begin_of_what_is_live(tmp_path, older):
    files = [segment(tmp_path / "0.arrays", 0), segment(tmp_path / "1.arrays", 1, older=older)]
    assert (files[1].borders is None) is older
    chance = random.Random(4)
    lives = [np.repeat([chance.random() < 0.6 for _ in file.sizes], file.sizes) for file in files]
    contents = merged(list(zip(files, lives, strict=True)))
    assert (contents.begins == words_of(contents.folded).begins).all()
    assert 0 < contents.begins.sum() < len(contents.begins)


def publish(place, monkeypatch, older=()):
    """Three segments with deletions; those in `older` as they were written before where words begin was stored."""
    monkeypatch.setattr(writer, "to_rewrite", lambda *volumes: set())
    chance = random.Random(3)
    for number in range(3):
        with monkeypatch.context() as changed:
            if number in older:
                changed.setattr(segments, "border_arrays", lambda *contents: {})
            one = WhooshWriter(place)
            for at, text in enumerate(texts(chance, 20)):
                one.put(one_report(text, id=f"r{number}-{at}", title="乙", year=2000 + at % 9))
            one.drop(f"r{number - 1}-3")
            one.commit(Catalogue())


def opened(place):
    generation = live(place)
    return Passages(generation, (generation / TABLE).read_bytes())


@pytest.mark.parametrize("older", [(), (1,), (0, 2), (0, 1, 2)])
def test_words_of_passages_of_several_segments_begin_where_they_are_cut(tmp_path, monkeypatch, older):
    publish(tmp_path, monkeypatch, older)
    passages = opened(tmp_path)
    assert [segment.borders is None for segment in passages.segments].count(True) == len(older)
    numbers = np.array(random.Random(1).sample(np.flatnonzero(passages.live).tolist(), 50))
    joined = passages.joined(numbers)
    found = word_begins(passages, numbers, joined)
    if len(older) == 3:
        assert found is None
        return
    assert found.known.all() or 0 < found.known.sum() < len(numbers)
    assert found.known.all() == (not older)
    for at, begin in enumerate(joined.begins.tolist()):
        text = joined.text(at)
        words = cut(text) if found.known[at] else list(text)
        starts = np.cumsum([0, *map(len, words)]).tolist()
        assert np.flatnonzero(found.begins[begin : begin + len(text) + 1]).tolist() == starts


@pytest.mark.parametrize("older", [(), (1,), (0, 1, 2)])
def test_neighbours_are_the_same_whether_texts_are_cut_or_not(tmp_path, monkeypatch, older):
    publish(tmp_path, monkeypatch, older)

    def neighbours():
        cuts = []
        with open_index(tmp_path) as index:
            index._cut_texts = CutTexts(lambda text: cuts.append(text) or cut(text))
            found = [index.word_page(SearchRequest.of(query, mode="literal"), WordsOf.NEIGHBOURS) for query in QUERIES]
        return [(page.list, page.words) for page in found], cuts

    found, cuts = neighbours()
    assert bool(cuts) is bool(older)
    monkeypatch.setattr(engine, "word_begins", lambda *passages: None)
    expected, cuts = neighbours()
    assert cuts
    assert found == expected
    assert [bool(words) for _, words in found] == [True, True, True, False]


@pytest.mark.parametrize("name", ["borders", "borders.sizes", "borders.usual"])
def test_no_neighbours_are_answered_from_damaged_bytes(tmp_path, monkeypatch, name):
    publish(tmp_path, monkeypatch)
    victim = max(live(tmp_path).glob("*.arrays"))
    content = bytearray(victim.read_bytes())
    text, sums = (int.from_bytes(content[at : at + 8], "little") for at in (0, 8))
    file = ArrayFile(victim)
    content[24 + text + sums + file._table[name][1]] ^= 1
    victim.write_bytes(content)
    with open_index(tmp_path) as index:
        assert index.search("行政").total.paragraphs
        with pytest.raises(IndexCorrupt, match=rf"{name} .* run `reindex`$"):
            index.word_page(SearchRequest.of("行政"), WordsOf.NEIGHBOURS)
