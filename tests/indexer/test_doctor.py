"""What `reindex --doctor` finds on a machine, and the record of the last run."""

import json
import os
import shutil

import pytest

from indexer import Report, build_index, doctor, examine, is_well, last_run
from indexer.cli import main
from indexer.lastrun import NAME


def found(checks, about):
    return [check for check in checks if check.about.startswith(about)]


@pytest.fixture
def index(tmp_path):
    build_index(tmp_path / "index", [Report.from_blocks(id="r", title="报告", blocks=[((), "法治")])])
    return tmp_path / "index"


def test_a_whole_index_is_well(index, tmp_path):
    (tmp_path / "corpus").mkdir()
    (tmp_path / "corpus" / "r.txt").write_text("法治", encoding="utf-8")
    checks = examine(str(index), [tmp_path / "corpus"])
    assert is_well(checks)
    assert "1 reports" in found(checks, "index")[0].text
    assert found(checks, "reports in")[0].text == "1 files"
    assert "whoosh 2.7.4" in found(checks, "versions")[0].text


def test_no_index_is_wrong_for_who_serves_it(tmp_path):
    assert is_well(examine(str(tmp_path / "none")))
    assert not is_well(examine(str(tmp_path / "none"), serving=True))
    assert not (tmp_path / "none").exists()


def test_a_damaged_index_is_wrong_and_what_mends_it_is_said(index):
    for path in index.glob("generations/*/manifest*"):
        path.write_bytes(b"{}")
    (check,) = found(examine(str(index)), "index")
    assert (check.condition, "run reindex" in check.remedy) == ("wrong", True)


def test_a_folder_that_is_not_there_is_wrong(tmp_path):
    (check,) = found(examine(str(tmp_path / "none"), [tmp_path / "reports"]), "reports in")
    assert (check.condition, check.text) == ("wrong", "no such folder or file")


def test_a_full_disk_is_wrong(index, monkeypatch):
    usage = shutil.disk_usage(index)
    monkeypatch.setattr(doctor.shutil, "disk_usage", lambda path: usage._replace(free=doctor.LEAST_FREE))
    (check,) = found(examine(str(index)), "folder")
    assert check.condition == "wrong"
    assert check.remedy.startswith("free ")


def test_a_folder_where_files_cannot_be_renamed_is_wrong_and_nothing_is_left(index, monkeypatch):
    def refuse(self, target):
        raise PermissionError(13, "held by another program")

    monkeypatch.setattr(doctor.Path, "rename", refuse)
    before = sorted(os.listdir(index))
    (check, _) = found(examine(str(index)), "folder")
    assert (check.condition, "held by another program" in check.text) == ("wrong", True)
    assert sorted(os.listdir(index)) == before


def test_what_cannot_be_read_is_counted_and_named(tmp_path, monkeypatch):
    (tmp_path / "r.txt").write_text("法治", encoding="utf-8")
    monkeypatch.setattr(doctor.os, "access", lambda path, mode: False)
    (check,) = found(examine(str(tmp_path / "none"), [tmp_path]), "reports in")
    assert (check.condition, check.text) == ("wrong", f"1 cannot be read: {tmp_path / 'r.txt'}")


def test_the_command_prints_a_line_each_and_exits_by_what_is_wrong(index, tmp_path, capsys):
    assert main(["--doctor", "--index", str(index), str(tmp_path / "none")]) == 5
    printed = capsys.readouterr().out
    assert f"wrong reports in {tmp_path / 'none'}: no such folder or file" in printed
    assert main(["--doctor", "--json", "--index", str(index), str(tmp_path)]) == 0
    assert {check["about"] for check in json.loads(capsys.readouterr().out)["checks"]} >= {"versions", "index"}
    assert not (index / NAME).exists()


def test_a_run_leaves_how_it_ended(tmp_path):
    (tmp_path / "corpus").mkdir()
    (tmp_path / "corpus" / "r.txt").write_text("县2022年法治政府建设工作报告\n一、法治\n法治。", encoding="utf-8")
    (tmp_path / "corpus" / "broken.docx").write_bytes(b"no word file")
    arguments = ["-q", "--index", str(tmp_path / "index"), str(tmp_path / "corpus")]
    assert main(arguments) == 3
    run = last_run(str(tmp_path / "index"))
    assert (run.exit, run.rejected) == (3, 1)
    assert main(["--dry-run", *arguments]) == 3
    assert last_run(str(tmp_path / "index")) == run
    assert main(["-q", "--index", str(tmp_path / "index"), str(tmp_path / "none")]) == 5
    assert last_run(str(tmp_path / "index")).exit == 5
    assert "exit code 5" in found(examine(str(tmp_path / "index")), "last reindex")[0].text


@pytest.mark.parametrize("content", [b"", b"[]", b'{"ended": "yesterday", "exit": 0}', b'{"ended": 1}', b"\xff"])
def test_a_record_that_cannot_be_read_is_none(index, content):
    (index / NAME).write_bytes(content)
    assert last_run(str(index)) is None
