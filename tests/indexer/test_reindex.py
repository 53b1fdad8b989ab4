"""The `reindex` command on real folders."""

import json
import os
import re
import signal
import subprocess
import sys
import time

import pytest

from indexer import open_index
from indexer.cli import main
from tests.support import FIRST_REPORT, written_by_another_version

TITLE = "某县{year}年法治政府建设情况报告"


@pytest.fixture
def corpus(tmp_path):
    folder = tmp_path / "corpus"
    folder.mkdir()
    for year in (2021, 2022):
        write(folder, year)
    return folder


def write(folder, year, text="坚持依法行政。"):
    path = folder / f"{year}.txt"
    path.write_text(f"{TITLE.format(year=year)}\n\n{text}\n", encoding="utf-8")
    return path


def run(capsys, corpus, *options):
    """The exit code and the JSON summary."""
    code = main([str(corpus), "--index", str(corpus.parent / "index"), "--json", *options])
    return code, json.loads(capsys.readouterr().out or "null")


def counts(summary):
    return tuple(summary[name] for name in ("added", "changed", "removed", "unchanged"))


def held(corpus):
    with open_index(corpus.parent / "index") as index:
        return {hit.report.year for hit in index.search("依法行政").hits}


def test_a_second_run_changes_nothing(capsys, corpus):
    first = run(capsys, corpus)[1]
    assert counts(first) == (2, 0, 0, 0)
    second = run(capsys, corpus)[1]
    assert counts(second) == (0, 0, 0, 2)
    assert second["generation"] == first["generation"]


def test_added_changed_and_vanished_files(capsys, corpus):
    run(capsys, corpus)
    write(corpus, 2023)
    write(corpus, 2022, "坚持依法行政，改了。")
    (corpus / "2021.txt").unlink()
    summary = run(capsys, corpus)[1]
    assert counts(summary) == (1, 1, 1, 0)
    assert held(corpus) == {2022, 2023}


def test_a_touched_file_is_unchanged_by_its_content(capsys, corpus):
    run(capsys, corpus)
    os.utime(corpus / "2022.txt", (1, 1))
    assert counts(run(capsys, corpus)[1]) == (0, 0, 0, 2)


def test_no_prune_keeps_reports_whose_file_vanished(capsys, corpus):
    run(capsys, corpus)
    (corpus / "2021.txt").unlink()
    assert counts(run(capsys, corpus, "--no-prune")[1]) == (0, 0, 0, 1)
    assert held(corpus) == {2021, 2022}


def test_an_empty_folder_never_empties_an_index(capsys, corpus):
    run(capsys, corpus)
    for path in corpus.iterdir():
        path.unlink()
    code, summary = run(capsys, corpus)
    assert (code, summary["removed"]) == (0, 0)
    assert held(corpus) == {2021, 2022}


def test_a_missing_folder_is_a_bad_path(capsys, corpus):
    run(capsys, corpus)
    assert main([str(corpus / "gone"), "--index", str(corpus.parent / "index")]) == 5
    assert "no such file or folder" in capsys.readouterr().err
    assert held(corpus) == {2021, 2022}


def test_other_reports_are_left_alone(capsys, corpus):
    run(capsys, corpus)
    other = corpus.parent / "other"
    other.mkdir()
    write(other, 2019)
    assert counts(run(capsys, other)[1]) == (1, 0, 0, 0)
    assert held(corpus) == {2019, 2021, 2022}


def test_folders_of_one_name_get_different_ids(capsys, corpus):
    twin = corpus.parent / "elsewhere" / "corpus"
    twin.mkdir(parents=True)
    write(twin, 2022)
    run(capsys, corpus)
    main([str(twin), "--index", str(corpus.parent / "index"), "--json"])
    assert [report["path"] for report in json.loads(capsys.readouterr().out)["reports"]] == ["corpus-2/2022.txt"]
    with open_index(corpus.parent / "index") as index:
        assert index.stats.reports == 3


def test_a_moved_folder_keeps_its_ids(capsys, corpus):
    before = {report["path"]: report["id"] for report in run(capsys, corpus)[1]["reports"]}
    moved = corpus.parent / "moved" / "corpus"
    moved.parent.mkdir()
    corpus.rename(moved)
    main([str(moved), "--index", str(corpus.parent / "index"), "--full", "--json"])
    after = {report["path"]: report["id"] for report in json.loads(capsys.readouterr().out)["reports"]}
    assert after == before


def test_a_file_given_alone_belongs_to_its_recorded_folder(capsys, corpus):
    before = {report["path"]: report["id"] for report in run(capsys, corpus)[1]["reports"]}
    path = write(corpus, 2022, "坚持依法行政，改了。")
    main([str(path), "--index", str(corpus.parent / "index"), "--json"])
    summary = json.loads(capsys.readouterr().out)
    assert counts(summary) == (0, 1, 0, 0)
    assert summary["reports"][0]["id"] == before["corpus/2022.txt"]


def test_ids_depend_on_folder_name_and_path_alone(capsys, corpus, tmp_path):
    first = [report["id"] for report in run(capsys, corpus)[1]["reports"]]
    main([str(corpus), "--index", str(tmp_path / "another"), "--json"])
    assert [report["id"] for report in json.loads(capsys.readouterr().out)["reports"]] == first


def test_a_rejected_file_is_named_and_harms_nothing(capsys, corpus):
    (corpus / "bad.txt").write_bytes(b"\xff\xfe\x00")
    code, summary = run(capsys, corpus)
    assert code == 3
    assert [rejected["path"] for rejected in summary["rejected"]] == ["corpus/bad.txt"]
    assert "UTF-8" in summary["rejected"][0]["reason"]
    assert held(corpus) == {2021, 2022}


def test_strict_leaves_the_old_index_live(capsys, corpus):
    run(capsys, corpus)
    write(corpus, 2023)
    (corpus / "bad.txt").write_bytes(b"\xff\xfe\x00")
    assert run(capsys, corpus, "--strict")[0] == 3
    assert held(corpus) == {2021, 2022}


def test_a_file_that_can_no_longer_be_read_keeps_its_last_good_version_marked_stale(capsys, corpus):
    run(capsys, corpus)
    good = (corpus / "2022.txt").read_bytes()
    (corpus / "2022.txt").write_bytes(b"\x00")
    assert run(capsys, corpus)[0] == 3
    with open_index(corpus.parent / "index") as index:
        stale = {hit.report.year: hit.report.stale for hit in index.search("依法行政").hits}
    assert stale[2021] is None
    assert "control character" in stale[2022]
    assert run(capsys, corpus)[0] == 3
    (corpus / "2022.txt").write_bytes(good)
    assert run(capsys, corpus)[0] == 0
    with open_index(corpus.parent / "index") as index:
        assert all(hit.report.stale is None for hit in index.search("依法行政").hits)


def test_ignored_files_are_counted_and_not_rejected(capsys, corpus):
    for name in (".hidden.txt", "~$2022.txt", "README.txt", "LICENSE.html", "notes.csv"):
        (corpus / name).write_text("x", encoding="utf-8")
    # What `collect` keeps beside the reports is of their folder, as corrections are.
    (corpus / "collected.csv").write_text("url,path", encoding="utf-8")
    code, summary = run(capsys, corpus)
    assert (code, summary["ignored"]) == (0, 5)


def test_a_dry_run_writes_nothing(capsys, corpus):
    code, summary = run(capsys, corpus, "--dry-run")
    assert (code, summary["added"], summary["generation"]) == (0, 2, None)
    assert not (corpus.parent / "index").exists()


@pytest.mark.skipif(os.name == "nt", reason="links and pipes are POSIX")
def test_links_out_of_the_folder_and_pipes_are_rejected(capsys, corpus, tmp_path):
    (tmp_path / "secret.txt").write_text("密", encoding="utf-8")
    (corpus / "link.txt").symlink_to(tmp_path / "secret.txt")
    os.mkfifo(corpus / "pipe.txt")
    code, summary = run(capsys, corpus)
    assert code == 3
    assert {rejected["path"] for rejected in summary["rejected"]} == {"corpus/link.txt", "corpus/pipe.txt"}


def test_an_index_of_another_version_must_be_built_anew_from_all_folders(capsys, corpus):
    other = corpus.parent / "other"
    other.mkdir()
    write(other, 2019)
    run(capsys, other)
    run(capsys, corpus)
    index = corpus.parent / "index"
    written_by_another_version(index)
    assert main([str(corpus), "--index", str(index)]) == 1
    assert "--full" in capsys.readouterr().err
    assert run(capsys, corpus, "--full")[0] == 0
    assert held(corpus) == {2019, 2021, 2022}


def test_exit_codes_of_usage_and_bad_index(capsys, corpus):
    with pytest.raises(SystemExit) as caught:
        main(["--bogus"])
    assert caught.value.code == 2
    assert main([str(corpus), "--index", str(corpus / "2022.txt")]) == 5
    assert main([str(corpus), "--index", "https://cluster:9200/"]) == 5
    assert main([str(corpus), "--index", "ftp://cluster/x"]) == 5


def test_a_second_writer_ends_with_4(capsys, corpus):
    from indexer.engines.whoosh.writer import WhooshWriter

    run(capsys, corpus)
    writer = WhooshWriter(corpus.parent / "index")
    try:
        assert main([str(corpus), "--index", str(corpus.parent / "index")]) == 4
    finally:
        writer.abort()


def test_a_run_says_what_it_understood_and_what_to_look_at(capsys, corpus):
    (corpus / "乙县2023年上半年法治政府建设情况报告.txt").write_text("乙县2023年上半年法治政府建设情况报告\n\n一、好\n", encoding="utf-8")
    (corpus / "无题.txt").write_text("没有标题的一段话。\n", encoding="utf-8")
    main([str(corpus), "--index", str(corpus.parent / "index")])
    out = capsys.readouterr().out
    understood, look = (line for line in out.splitlines() if line.startswith(("recognised: ", "to be checked: ")))
    assert re.match(r"recognised: [2-9]\d* annual reports(, 1 other)?, of 20", understood)
    assert "1 without a year" in look
    assert "1 of half a year or of several" in look
    main([str(corpus), "--index", str(corpus.parent / "index")])
    assert "recognised" not in capsys.readouterr().out


def test_verify_finds_a_damaged_file(capsys, corpus):
    run(capsys, corpus)
    index = corpus.parent / "index"
    assert main(["--verify", "--index", str(index)]) == 0
    victim = next(index.glob("generations/*/*.arrays"))
    content = bytearray(victim.read_bytes())
    content[-1] ^= 1
    victim.write_bytes(content)
    assert main(["--verify", "--index", str(index)]) == 1
    assert victim.name in capsys.readouterr().out


def test_the_json_of_the_first_report(tmp_path):
    done = subprocess.run(
        [
            sys.executable,
            "-c",
            "from indexer.cli import reindex_command; reindex_command()",
            str(FIRST_REPORT.parent),
            "--index",
            str(tmp_path / "i"),
            "--json",
        ],
        capture_output=True,
        check=True,
    )
    (report,) = json.loads(done.stdout)["reports"]
    assert report["path"] == f"corpus/{FIRST_REPORT.name}"
    assert (report["year"], report["published"], report["issuer"]) == (2022, "2023-03-01", "阜新蒙古族自治县")
    assert (report["paragraphs"], report["items"], len(report["sections"])) == (11, 23, 10)
    assert report["region"] == {"code": "210921", "name": "阜新蒙古族自治县", "path": ["辽宁省", "阜新市", "阜新蒙古族自治县"]}
    assert (report["type"], report["encoding"], report["format"]) == ("report", "utf-8", "txt")


@pytest.fixture
def watching(corpus):
    """`reindex --watch` of the corpus in a process of its own, its first run done."""
    index = corpus.parent / "index"
    code = "from indexer.cli import main; raise SystemExit(main())"
    command = [sys.executable, "-c", code, str(corpus), "--index", str(index), "--watch", "-q"]
    with (corpus.parent / "told").open("w") as told, subprocess.Popen(command, stderr=told) as process:
        try:
            assert wait_until(lambda: (index / "CURRENT").exists() and held(corpus) == {2021, 2022})
            yield process
        finally:
            process.kill()


@pytest.mark.skipif(os.name == "nt", reason="signals are POSIX")
def test_watch_takes_in_what_is_added_and_ends_when_interrupted(corpus, watching):
    write(corpus, 2023)
    assert wait_until(lambda: held(corpus) == {2021, 2022, 2023})
    watching.send_signal(signal.SIGINT)
    assert watching.wait(60) == 130


def test_watch_goes_on_after_a_wrong_line_and_takes_it_in_once_it_is_right(corpus, watching):
    (corpus / "corrections.csv").write_text("path,field,value\n2022.txt,year,二〇\n", encoding="utf-8")
    assert wait_until(lambda: "corrections.csv, line 2: year '二〇'" in (corpus.parent / "told").read_text(encoding="utf-8"))
    (corpus / "corrections.csv").write_text("path,field,value\n2022.txt,year,2020\n", encoding="utf-8")
    assert wait_until(lambda: held(corpus) == {2020, 2021})


def wait_until(holds, seconds=60):
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if holds():
            return True
        time.sleep(0.1)
    return False


def test_files_of_one_content_are_both_kept_and_told(capsys, corpus):
    run(capsys, corpus)
    (corpus / "copy.txt").write_bytes((corpus / "2022.txt").read_bytes())
    summary = run(capsys, corpus)[1]
    assert summary["warnings"] == ["corpus/copy.txt: same content as corpus/2022.txt; both are kept"]
    with open_index(corpus.parent / "index") as index:
        assert index.stats.reports == 3


@pytest.mark.skipif(os.name == "nt", reason="such names are impossible there")
def test_a_name_cannot_write_to_the_terminal(capsys, corpus):
    (corpus / "a\x1b[31m\nrejected: b\u202e.txt").write_bytes(b"")
    assert main([str(corpus), "--index", str(corpus.parent / "index"), "-q"]) == 3
    (line,) = [line for line in capsys.readouterr().err.splitlines() if "rejected" in line]
    assert line.startswith("rejected: corpus/a\\x1b[31m\\nrejected: b\\u202e.txt: ")


def damage_segments(index):
    """The last byte of the texts that are read when a passage is shown, in every segment."""
    for victim in index.glob("generations/*/*.arrays"):
        content = bytearray(victim.read_bytes())
        content[-8] ^= 1
        victim.write_bytes(content)


def test_what_was_lost_by_damage_is_read_again_from_all_folders(capsys, corpus):
    other = corpus.parent / "other"
    other.mkdir()
    write(other, 2019)
    run(capsys, other)
    damage_segments(corpus.parent / "index")
    write(corpus, 2020)
    code, summary = run(capsys, corpus)
    assert (code, counts(summary)) == (0, (4, 0, 0, 0))
    assert held(corpus) == {2019, 2020, 2021, 2022}
    assert main(["--verify", "--index", str(corpus.parent / "index")]) == 0


def test_a_report_that_damage_took_and_no_file_brings_back_is_named(capsys, corpus):
    run(capsys, corpus)
    damage_segments(corpus.parent / "index")
    (corpus / "2021.txt").unlink()
    assert main([str(corpus), "--index", str(corpus.parent / "index")]) == 0
    assert "corpus/2021.txt: its report was lost by damage" in capsys.readouterr().err
    assert held(corpus) == {2022}


@pytest.mark.parametrize("options", [[], ["--full"]])
@pytest.mark.parametrize("victim", ["CURRENT", "manifest.json", "catalogue.json", "_MAIN_1.toc", "*.arrays"])
def test_every_run_mends_what_is_damaged(capsys, corpus, victim, options):
    other = corpus.parent / "other"
    other.mkdir()
    write(other, 2019)
    run(capsys, other)
    run(capsys, corpus)
    index = corpus.parent / "index"
    for path in index.rglob(victim):
        path.write_bytes(b"\xb0" + path.read_bytes()[1:])
    assert run(capsys, corpus, *options)[0] == 0
    assert held(corpus) == {2019, 2021, 2022}
    assert main(["--verify", "--index", str(index)]) == 0
