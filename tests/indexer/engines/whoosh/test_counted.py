"""What the figures of many passages count is read at once, and says what reading them one by one says."""

import random

import numpy as np
import pytest

from indexer.analysis.fold import fold
from indexer.analysis.segmentation import words_of
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


def test_figures_are_counted_as_they_are_read(tmp_path):
    assert_counted(segment(tmp_path / "one.arrays", 1))


def test_figures_are_counted_of_what_is_live(tmp_path):
    files = [segment(tmp_path / f"{seed}.arrays", seed) for seed in (2, 3)]
    chance = random.Random(4)
    lives = [np.repeat([chance.random() < 0.6 for _ in file.sizes], file.sizes) for file in files]
    write_contents(tmp_path / "merged.arrays", merged(list(zip(files, lives, strict=True))))
    assert_counted(SegmentFile(tmp_path / "merged.arrays"))


@pytest.mark.parametrize("together", [7, 1_000])
def test_of_a_segment_that_was_written_without_counts_the_figures_are_counted_when_they_are_wanted(tmp_path, monkeypatch, together):
    monkeypatch.setattr(segments, "_TOGETHER", together)
    segment(tmp_path / "one.arrays", 6)
    held = ArrayFile(tmp_path / "one.arrays")
    write_arrays(tmp_path / "older.arrays", {name: held[name] for name in held.names() if name != "figures"})
    assert_counted(SegmentFile(tmp_path / "older.arrays"))


def test_what_is_read_of_a_figure_stands_where_it_is_stored():
    fields = CountedFigure.__struct_fields__
    assert fields == FACT_KEYS["statistics"][: len(fields)]
    fields = segments._WithFigures.__struct_fields__
    assert fields == segments.WITH_TEXT[: len(fields)]
