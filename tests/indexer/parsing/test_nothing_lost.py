"""Every character of a file's text is in a passage, in a value that the report knows, or left out with a reason."""

import pytest

from indexer import parse_file
from indexer.loaders.encoding import decode
from tests.indexer.parsing.conserved import in_order, lost
from tests.indexer.parsing.generated import make, meta_lines
from tests.indexer.parsing.test_generated_reports import METAS, TEXT_HABITS, save, text_file
from tests.support import ROOT

SAMPLES = ROOT / "tests" / "data" / "samples"
REASONS = {"furniture", "metadata", "signature", "repeated", "hidden", "control", "outside", "page-number", "running-head", "watermark"}


def check(lines, report):
    assert not lost(lines, report)
    assert in_order(lines, report)
    assert {piece.reason for piece in report.left_out} <= REASONS
    assert all(piece.text == piece.text.strip() != "" for piece in report.left_out)


@pytest.mark.parametrize("name", [path.name for path in sorted(SAMPLES.glob("*.txt"))])
def test_a_sample_is_accounted_for(name):
    check(decode((SAMPLES / name).read_bytes())[0].splitlines(), parse_file(SAMPLES / name))


@pytest.mark.parametrize("habit", TEXT_HABITS)
def test_text_in_any_habit_is_accounted_for(tmp_path, habit):
    text = TEXT_HABITS[habit](make(31, brief=habit == "all_in_one_block"))
    report = parse_file(save(tmp_path, "a.txt", text))
    assert not lost(text.splitlines(), report)


@pytest.mark.parametrize("meta", METAS)
def test_metadata_in_any_form_is_accounted_for(tmp_path, meta):
    truth = make(METAS.index(meta))
    text = text_file(truth, meta)
    check(text.splitlines(), parse_file(save(tmp_path, "a.txt", text)))
    assert meta in meta_lines(truth)


def test_what_is_left_out_has_its_reason(tmp_path):
    report = parse_file(save(tmp_path, "a.txt", text_file(make(1))))
    assert [(piece.text, piece.reason) for piece in report.left_out] == [
        ("浏览量:154", "metadata"),
        ("文字大小:", "metadata"),
        ("打印", "furniture"),
        ("分享", "furniture"),
        ("返回列表", "furniture"),
    ]
