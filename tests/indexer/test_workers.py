"""Many files, and files that mean harm."""

import os
import subprocess
import sys
import time

import pytest

from indexer import RejectedFile, parse_file
from indexer.loaders import Limits
from indexer.workers import parse_files
from indexer.workers.processes import Readers

TEXT = "某县{year}年法治政府建设情况报告\n\n坚持依法行政。\n"


def write(folder, name, content):
    path = folder / name
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return path


@pytest.mark.parametrize("jobs", [1, 3])
def test_files_come_back_in_order_each_with_its_outcome(tmp_path, jobs):
    paths = [write(tmp_path, f"{year}.txt", TEXT.format(year=year) if year % 7 else b"\x00") for year in range(2001, 2031)]
    outcomes = list(parse_files(paths, jobs))
    assert [path for path, _ in outcomes] == paths
    for (_, outcome), year in zip(outcomes, range(2001, 2031), strict=True):
        assert isinstance(outcome, RejectedFile) if year % 7 == 0 else outcome.year == year


def test_leaving_early_ends_the_workers(tmp_path):
    paths = [write(tmp_path, f"{year}.txt", TEXT.format(year=year)) for year in range(2001, 2031)]
    outcomes = parse_files(paths, 2)
    next(outcomes)
    outcomes.close()


def test_a_file_that_takes_too_long_is_rejected_and_the_next_is_read(tmp_path):
    slow = write(tmp_path, "slow.html", b"<div>" * 200_000 + "法治".encode())
    good = write(tmp_path, "good.html", f"<p>{TEXT.format(year=2022)}</p>")
    with Readers(limits=Limits(seconds=2)) as readers:
        (_, rejected), (_, document) = readers.read([slow, good])
    assert "more than 2 seconds" in rejected.reason
    assert document.passages


def test_text_is_read_and_parsed_within_the_limit_too(tmp_path):
    many = write(tmp_path, "many.txt", "一、短\n短。\n" * 400_000)
    good = write(tmp_path, "good.txt", TEXT.format(year=2022))
    with Readers(limits=Limits(seconds=2)) as readers:
        (_, rejected), (_, report) = readers.read([many, good])
    assert "more than 2 seconds" in rejected.reason
    assert report.year == 2022


@pytest.mark.parametrize(
    ("name", "content"),
    [
        pytest.param("deep.html", b"<div>" * 200_000 + "法治".encode(), id="deeply_nested"),
        pytest.param("big.txt", b"a" * 51_000_000, id="too_large"),
        pytest.param("fake.txt", b"\x7fELF\x02\x01\x01" + bytes(200), id="a_program"),
        pytest.param("zip.html", b"PK\x03\x04" + os.urandom(3000), id="an_archive"),
        pytest.param("half.txt", "法治".encode()[:-1], id="cut_in_a_character"),
    ],
)
def test_hostile_files_are_rejected_in_seconds(tmp_path, name, content):
    started = time.monotonic()
    with pytest.raises(RejectedFile) as caught:
        parse_file(write(tmp_path, name, content))
    assert caught.value.reason
    assert time.monotonic() - started < 10


@pytest.mark.skipif(os.name == "nt", reason="pipes are POSIX")
def test_a_pipe_is_not_waited_for(tmp_path):
    os.mkfifo(tmp_path / "pipe.txt")
    with pytest.raises(RejectedFile, match="no ordinary file"):
        parse_file(tmp_path / "pipe.txt")


def test_it_works_from_a_script_without_a_main_guard(tmp_path):
    path, place = write(tmp_path, "a.txt", TEXT.format(year=2022)), tmp_path / "index"
    lines = [
        "from indexer import build_index, open_index, parse_file",
        f"build_index({str(place)!r}, [parse_file({str(path)!r})])",
        f"print(open_index({str(place)!r}).search('依法').total.paragraphs)",
    ]
    script = write(tmp_path, "script.py", "\n".join(lines))
    assert subprocess.run([sys.executable, script], capture_output=True, text=True, check=True).stdout == "1\n"
