"""Many files, and files that mean harm."""

import os
import shutil
import subprocess
import sys

import pytest

from indexer import RejectedFile, parse_file, pool
from indexer.loaders import Limits
from indexer.pool import CannotStart
from indexer.workers import parse_files
from indexer.workers.files import Readers
from tests.support import ROOT

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


@pytest.fixture
def started(monkeypatch):
    """The processes that are started."""
    processes = []

    class Recorded(subprocess.Popen):
        def __init__(self, *arguments, **options):
            super().__init__(*arguments, **options)
            processes.append(self)

    monkeypatch.setattr(subprocess, "Popen", Recorded)
    return processes


def test_leaving_early_ends_the_workers(tmp_path, started):
    paths = [write(tmp_path, f"{year}.txt", TEXT.format(year=year)) for year in range(2001, 2031)]
    outcomes = parse_files(paths, 2)
    next(outcomes)
    assert len(started) == 2
    outcomes.close()
    assert all(process.poll() is not None for process in started)


def test_leaving_does_not_wait_for_a_file_that_takes_long(tmp_path, started):
    good, slow = write(tmp_path, "a.txt", TEXT.format(year=2022)), write(tmp_path, "b.txt", "一、短\n短。\n" * 400_000)
    with Readers(2, Limits(seconds=10_000)) as readers:
        outcomes = readers.read([good, slow, *[good] * 8])
        assert next(outcomes)[1].year == 2022
    assert [process.returncode for process in started] == [-9, -9] or os.name == "nt"


def test_a_process_that_was_prepared_reads_the_first_file(tmp_path, started):
    path = write(tmp_path, "a.txt", TEXT.format(year=2022))
    with Readers() as readers:
        readers.prepare()
        for _ in range(2):
            [(_, outcome)] = readers.read([path])
            assert outcome.year == 2022
    assert len(started) == 1


def test_the_first_file_tells_that_no_process_can_be_prepared(monkeypatch, tmp_path):
    path = write(tmp_path, "a.txt", TEXT.format(year=2022))
    monkeypatch.setattr(pool.sys, "executable", "/bin/false")
    with Readers() as readers:
        readers.prepare()
        with pytest.raises(CannotStart):
            list(readers.read([path]))


def test_a_file_over_the_memory_limit_leaves_the_next_one_alone(tmp_path, started):
    pytest.importorskip("resource")
    big = write(tmp_path, "big.html", f"<html><body>{'<p><b>法治</b>政府建设，坚持依法行政。</p>' * 150_000}</body></html>")
    good = write(tmp_path, "good.txt", TEXT.format(year=2022))
    with Readers(limits=Limits(memory=260_000_000)) as readers:
        ((_, rejected),) = readers.read([big])
        assert "260 MB of memory" in rejected.reason
        ((_, report),) = readers.read([good])
    assert report.year == 2022
    assert len(started) == 2


@pytest.mark.skipif(not hasattr(os, "kill") or os.name == "nt", reason="signals are POSIX")
def test_a_worker_that_died_is_not_put_down_to_the_next_file(tmp_path, started):
    good = write(tmp_path, "good.txt", TEXT.format(year=2022))
    with Readers() as readers:
        list(readers.read([good]))
        started[0].kill()
        ((_, report),) = readers.read([good])
    assert report.year == 2022


def test_a_file_that_sleeps_is_given_up_by_the_clock(monkeypatch, tmp_path):
    monkeypatch.setattr(pool, "PATIENCE", 0.001)
    with Readers(limits=Limits(seconds=1)) as readers:
        ((_, rejected),) = readers.read([write(tmp_path, "good.txt", TEXT.format(year=2022))])
    assert "more than 0.001 seconds" in rejected.reason


def test_a_worker_that_cannot_start_is_no_fault_of_the_file(monkeypatch, tmp_path):
    good = write(tmp_path, "good.txt", TEXT.format(year=2022))
    monkeypatch.setattr(sys, "executable", shutil.which("false"))
    with Readers() as readers, pytest.raises(CannotStart, match="exit code 1"):
        list(readers.read([good]))


def test_a_fault_of_ours_is_no_damage_to_the_file(monkeypatch, tmp_path, caplog):
    good = write(tmp_path, "good.txt", TEXT.format(year=2022))
    package = tmp_path / "faulty"
    shutil.copytree(ROOT / "indexer", package / "indexer", ignore=shutil.ignore_patterns("__pycache__"))
    with (package / "indexer" / "parsing" / "report.py").open("a", encoding="utf-8") as file:
        file.write("\n\ndef parse_report(*_): return {}['a line of ours']\n")
    monkeypatch.setattr(pool, "__file__", str(package / "indexer" / "pool.py"))
    monkeypatch.setattr(sys, "path", [str(package), *sys.path])
    with Readers() as readers:
        ((_, rejected),) = readers.read([good])
    assert "internal error" in rejected.reason
    assert "KeyError: 'a line of ours'" in rejected.reason
    assert "in parse_report" in caplog.text


@pytest.mark.parametrize("module", ["json", "pickle"])
def test_code_in_the_current_folder_is_not_run(tmp_path, module):
    """Folders hold what strangers sent."""
    received = tmp_path / "received"
    received.mkdir()
    write(received, f"{module}.py", f"open({str(tmp_path / 'executed')!r}, 'w')")
    blocks = [((), "依法行政" * 2000) for _ in range(80)]
    write(received, "a.txt", TEXT.format(year=2022))
    script = write(
        tmp_path,
        "script.py",
        "from indexer import Report, build_index, parse_file\n"
        "assert parse_file('a.txt').year == 2022\n"
        f"build_index('index', [Report.from_blocks(title='甲', blocks={blocks!r})])\n",
    )
    # Not installed: found by the path alone.
    subprocess.run([sys.executable, script], cwd=received, env={**os.environ, "PYTHONPATH": str(ROOT)}, check=True)
    assert not (tmp_path / "executed").exists()


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
def test_hostile_files_are_rejected(tmp_path, name, content):
    with pytest.raises(RejectedFile) as caught:
        parse_file(write(tmp_path, name, content))
    assert caught.value.reason


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


@pytest.mark.parametrize(
    ("quota", "count"),
    [
        pytest.param("max 100000", 8, id="no_quota"),
        pytest.param("150000 100000", 2, id="a_part_is_rounded_up"),
        pytest.param("1600000 100000", 8, id="more_than_there_are"),
        pytest.param("1 100000", 1, id="never_none"),
        pytest.param(None, 8, id="no_control_groups"),
    ],
)
def test_cores_are_those_that_this_process_may_use(monkeypatch, quota, count):
    def read(path, encoding):
        if quota is None:
            raise FileNotFoundError
        return quota

    monkeypatch.setattr(os, "sched_getaffinity", lambda process: set(range(8)), raising=False)
    with monkeypatch.context() as patch:
        patch.setattr(pool.Path, "read_text", read)
        assert pool.cores() == count
