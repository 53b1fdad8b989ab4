"""What the figures of many passages count is read at once, and says what reading them one by one says."""

import random

import numpy as np
import pytest

from indexer.analysis.fold import fold
from indexer.analysis.segmentation import words_of
from indexer.engines.common import labelled_of
from indexer.engines.whoosh.arrays.files import ArrayFile, write_arrays
from indexer.engines.whoosh.segment import segments
from indexer.engines.whoosh.segment.segments import SegmentFile, contents_of, merged, write_contents
from indexer.records import FACT_KEYS, CountedFigure
from tests.support import one_report

PIECES = [
    "受理行政复议案件38件",
    "办结案件9万余件，",
    "召开会议3场；",
    "“引,号:(有)?”",
    '"\\',
    "𠀀𠀁\n",
    "，。",
    "！!",
    "同比增长5%",
    "\t",
    "法治",
]


def segment(path, seed, count=40):
    chance = random.Random(seed)
    texts = ["甲" + "".join(chance.choices(PIECES, k=chance.randint(0, 9))) for _ in range(count)]
    reports = [one_report(text, id=f"{path.stem}-{number}", title="乙") for number, text in enumerate(texts)]
    folded = [fold(passage.text) for report in reports for passage in report.passages]
    write_contents(path, contents_of(reports, folded, words_of(folded)))
    return SegmentFile(path)


def counted_one_by_one(file):
    rows = [file.passage(number)["statistics"] for number in range(file.passages)]
    return [[CountedFigure(*row[: len(CountedFigure.__struct_fields__)]) for row in own] for own in rows]


def assert_counted(file):
    expected = counted_one_by_one(file)
    assert {len(own) for own in expected} > {0, 1, 2}
    assert file.counted(range(file.passages)) == expected
    some = random.Random(5).choices(range(file.passages), k=30)
    assert file.counted(some) == [expected[number] for number in some]
    assert file.counted([]) == []
    assert file.figures.tolist() == [len(own) for own in expected]
    figures = [one for own in expected for one in own]
    held = file.counted_figures()
    assert held.sizes.tolist() == [len(own) for own in expected]
    assert len(held.labels) == len(held.values) == len(figures)
    some = [*some, *range(0, file.passages, 3)]
    labels = {fold(one.label) for one in figures}
    indicators = {one.indicator for one in figures if one.indicator}
    assert len(labels) > 3
    assert indicators
    for label in [*labels, *(label[:-1] for label in labels), "没有这样的"]:
        for of_these in (None, frozenset(indicators), frozenset({"没有这样的"}), frozenset()):
            where, values = file.labelled(np.array(some), label, of_these)
            counts, right = labelled_of([expected[number] for number in some], label, of_these)
            assert values == right
            assert where.tolist() == np.repeat(np.arange(len(some)), counts).tolist()


def test_figures_are_counted_as_they_are_read(tmp_path):
    assert_counted(segment(tmp_path / "one.arrays", 1))


def test_of_a_new_segment_no_passage_is_opened_to_count_its_figures(tmp_path, monkeypatch):
    file = segment(tmp_path / "one.arrays", 1)
    label = next(one.label for own in counted_one_by_one(file) for one in own)
    monkeypatch.setattr(SegmentFile, "counted", None)
    assert file.counted_figures().sizes.sum() == file.figures.sum() > 0
    assert file.labelled(np.arange(file.passages), fold(label), None)[1]


def test_figures_are_counted_of_what_is_live(tmp_path):
    files = [segment(tmp_path / f"{seed}.arrays", seed) for seed in (2, 3)]
    chance = random.Random(4)
    lives = [np.repeat([chance.random() < 0.6 for _ in file.sizes], file.sizes) for file in files]
    write_contents(tmp_path / "merged.arrays", merged(list(zip(files, lives, strict=True))))
    assert_counted(SegmentFile(tmp_path / "merged.arrays"))


@pytest.mark.parametrize("together", [7, 1_000])
@pytest.mark.parametrize("left", ["nothing", "how many"])
def test_of_a_segment_that_was_written_without_counts_the_figures_are_counted_when_they_are_wanted(tmp_path, monkeypatch, together, left):
    monkeypatch.setattr(segments, "_TOGETHER", together)
    segment(tmp_path / "one.arrays", 6)
    held = ArrayFile(tmp_path / "one.arrays")
    older = [name for name in held.names() if not name.startswith("figures") or (name == "figures" and left == "how many")]
    assert len(older) < len(held.names())
    write_arrays(tmp_path / "older.arrays", {name: held[name] for name in older})
    file = SegmentFile(tmp_path / "older.arrays")
    assert_counted(file)
    # What is written of it next has them.
    write_contents(tmp_path / "merged.arrays", merged([(file, np.ones(file.passages, np.bool_))]))
    assert "figures.label.codes" in ArrayFile(tmp_path / "merged.arrays").names()
    assert_counted(SegmentFile(tmp_path / "merged.arrays"))


def test_what_is_read_of_a_figure_stands_where_it_is_stored():
    fields = CountedFigure.__struct_fields__
    assert fields == FACT_KEYS["statistics"][: len(fields)]
    fields = segments._WithFigures.__struct_fields__
    assert fields == segments.WITH_TEXT[: len(fields)]
