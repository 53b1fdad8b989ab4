"""Folders that cannot be listed, overlap, are gone, or hold what cannot be read: nothing is lost without a word."""

import hashlib
import importlib
import json
import os
import shutil
import unicodedata

import pytest

from indexer import Report, build_index, open_index, original_file
from indexer.catalogue import Catalogue, Source
from indexer.cli import main
from indexer.corpus import list_files
from indexer.near_duplicates import NearDuplicates
from indexer.workers import parse_files
from tests.support import written_by_another_version

TEXT = "{name}2022年法治政府建设情况报告\n\n坚持依法行政。\n"


def write(folder, name, text=None):
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"{name}.txt"
    path.write_text(text or TEXT.format(name=name), encoding="utf-8")
    return path


@pytest.fixture
def run(tmp_path, capsys):
    """Runs `reindex` on paths; gives the exit code and the JSON summary."""

    def run(*arguments):
        code = main([*map(str, arguments), "--index", str(tmp_path / "index"), "--json"])
        return code, json.loads(capsys.readouterr().out or "null")

    return run


def counts(summary):
    return tuple(summary[name] for name in ("added", "changed", "removed", "unchanged"))


def held(tmp_path):
    with open_index(tmp_path / "index") as index:
        return {hit.report.title[:2] for hit in index.search("依法行政", kinds=["paragraph"]).hits}


@pytest.fixture
def unlistable(monkeypatch):
    """Makes a folder one that cannot be listed."""

    def make(folder):
        scandir = os.scandir

        def refuse(path="."):
            if str(path) == str(folder):
                raise PermissionError(13, "Permission denied", str(path))
            return scandir(path)

        monkeypatch.setattr(os, "scandir", refuse)

    return make


def test_nothing_is_dropped_below_a_folder_that_cannot_be_listed(tmp_path, run, unlistable):
    corpus = tmp_path / "corpus"
    write(corpus / "甲", "甲县"), write(corpus / "乙" / "丙", "乙县"), write(corpus, "丁县")
    assert counts(run(corpus)[1]) == (3, 0, 0, 0)
    (corpus / "丁县.txt").unlink()
    unlistable(corpus / "乙")
    code, summary = run(corpus)
    assert (code, counts(summary)) == (3, (0, 0, 1, 1))
    assert summary["rejected"][0]["path"] == "corpus/乙"
    assert "cannot be listed: Permission denied" in summary["rejected"][0]["reason"]
    assert held(tmp_path) == {"甲县", "乙县"}


def test_nothing_is_dropped_where_the_folder_itself_cannot_be_listed(tmp_path, run, unlistable):
    corpus = tmp_path / "corpus"
    write(corpus, "甲县")
    run(corpus)
    unlistable(corpus)
    assert run(corpus)[0] == 3
    assert held(tmp_path) == {"甲县"}


@pytest.mark.skipif(os.name == "nt", reason="links need a right on Windows")
def test_a_linked_folder_is_named_and_what_is_held_of_it_stays(tmp_path, run):
    corpus, share = tmp_path / "corpus", tmp_path / "share"
    write(corpus / "甲", "甲县"), write(corpus / "乙", "乙县"), write(corpus, "丁县")
    run(corpus)
    shutil.move(corpus / "乙", share)
    (corpus / "乙").symlink_to(share)
    (corpus / "again").symlink_to(corpus / "甲")
    code, summary = run(corpus)
    assert (code, counts(summary), summary["ignored"]) == (3, (0, 0, 0, 2), 1)
    assert [one["path"] for one in summary["rejected"]] == ["corpus/乙"]
    assert "it is a link to a folder elsewhere" in summary["rejected"][0]["reason"]
    assert held(tmp_path) == {"甲县", "乙县", "丁县"}


@pytest.mark.skipif(os.name == "nt", reason="links need a right on Windows")
def test_a_linked_folder_that_is_given_itself_is_read(tmp_path, run):
    corpus, share = tmp_path / "corpus", tmp_path / "share"
    write(corpus, "甲县"), write(share, "乙县"), write(share, "丙县")
    (corpus / "乙").symlink_to(share)
    assert run(corpus / "乙")[0] == 0
    code, summary = run(corpus)
    assert (code, counts(summary)) == (3, (1, 0, 0, 0))
    (share / "丙县.txt").unlink()
    assert run(corpus)[0] == 3
    assert held(tmp_path) == {"甲县", "乙县", "丙县"}
    code, summary = run(corpus, corpus / "乙")
    assert (code, counts(summary)) == (0, (0, 0, 1, 2))
    assert held(tmp_path) == {"甲县", "乙县"}


@pytest.mark.skipif(os.name == "nt", reason="links need a right on Windows")
def test_a_link_to_a_folder_that_is_given_as_well_is_no_fault(tmp_path, run):
    corpus, share, other = tmp_path / "corpus", tmp_path / "share", tmp_path / "other"
    write(corpus / "甲", "甲县"), write(share / "内", "乙县")
    other.symlink_to(share)
    (corpus / "乙").symlink_to(share / "内")
    assert run(corpus)[0] == 3
    for given in (share, other):
        code, summary = run(corpus, given)
        assert (code, summary["rejected"], summary["ignored"]) == (0, [], 1)
        assert held(tmp_path) == {"甲县", "乙县"}


def test_a_recorded_folder_below_one_that_cannot_be_listed_keeps_its_reports(tmp_path, run, unlistable):
    corpus = tmp_path / "corpus"
    write(corpus / "甲" / "内", "甲县"), write(corpus, "乙县")
    run(corpus / "甲" / "内")
    run(corpus)
    unlistable(corpus / "甲")
    assert run(corpus)[0] == 3
    assert held(tmp_path) == {"甲县", "乙县"}


@pytest.mark.parametrize("outer_first", [False, True])
def test_folders_that_overlap_give_each_report_once_with_all_corrections(tmp_path, run, outer_first):
    corpus = tmp_path / "corpus"
    write(corpus / "2023", "甲县")
    (corpus / "corrections.csv").write_text("path,field,value\n2023/甲县.txt,year,2020\n", encoding="utf-8")
    paths = [corpus, corpus / "2023"] if outer_first else [corpus / "2023", corpus]
    code, summary = run(*paths)
    assert (code, counts(summary), summary["warnings"]) == (0, (1, 0, 0, 0), [])
    assert [(report["path"], report["year"]) for report in summary["reports"]] == [("corpus/2023/甲县.txt", 2020)]
    assert counts(run(*paths)[1]) == (0, 0, 0, 1)


def test_a_folder_recorded_before_the_one_around_it_keeps_its_ids(tmp_path, run):
    corpus = tmp_path / "corpus"
    write(corpus / "2023", "甲县"), write(corpus, "乙县")
    (corpus / "corrections.csv").write_text("path,field,value\n2023/甲县.txt,year,2020\n", encoding="utf-8")
    before = run(corpus / "2023")[1]["reports"]
    summary = run(corpus)[1]
    assert counts(summary) == (1, 1, 0, 0)
    assert {(report["path"], report["year"]) for report in summary["reports"]} == {("2023/甲县.txt", 2020), ("corpus/乙县.txt", 2022)}
    assert before[0]["id"] in {report["id"] for report in summary["reports"]}
    shutil.rmtree(corpus / "2023")
    assert counts(run(corpus)[1]) == (0, 0, 1, 1)


@pytest.mark.parametrize("first", ["NFC", "NFD"])
def test_of_names_that_differ_in_how_accents_are_encoded_one_is_rejected(tmp_path, run, first):
    corpus = tmp_path / "corpus"
    nfc, nfd = (unicodedata.normalize(form, "café") for form in ("NFC", "NFD"))
    one = write(corpus, nfc, TEXT.format(name="甲县"))
    other = write(corpus, nfd, TEXT.format(name="乙县"))
    if one.samefile(other):
        pytest.skip("this file system holds them for one name")
    run(corpus.parent / "corpus" / one.name)
    (tmp_path / "index").rename(tmp_path / "before")
    code, summary = run(*([one, other] if first == "NFC" else [other, one]))
    assert (code, counts(summary)) == (3, (1, 0, 0, 0))
    assert [entry["path"] for entry in summary["rejected"]] == [f"corpus/{nfd}.txt"]
    assert held(tmp_path) == {"甲县"}
    one.unlink()
    code, summary = run(corpus)
    assert (code, counts(summary)) == (0, (0, 1, 0, 0))
    assert original_file(tmp_path / "index", summary["reports"][0]["id"]).path.name == other.name


@pytest.fixture
def reads(monkeypatch):
    """The paths of the files that are read."""
    paths = []

    def recorded(wanted, *more, **options):
        paths.extend(wanted)
        return parse_files(wanted, *more, **options)

    monkeypatch.setattr(importlib.import_module("indexer.reindex"), "parse_files", recorded)
    return paths


def test_a_rejected_file_is_read_once_and_named_every_time(tmp_path, run, reads, monkeypatch):
    corpus = tmp_path / "corpus"
    bad = write(corpus, "bad", "\0")
    write(corpus, "甲县")
    _, first = run(corpus)
    assert bad in reads
    for change in (lambda: None, lambda: os.utime(bad, (1, 1))):
        change()
        reads.clear()
        code, summary = run(corpus)
        assert (code, reads, counts(summary)) == (3, [], (0, 0, 0, 1))
        assert summary["rejected"] == first["rejected"]
    reads.clear()
    assert run(corpus, "--full")[0] == 3
    assert bad in reads
    reads.clear()
    # Something was installed.
    monkeypatch.setattr(importlib.import_module("indexer.reindex"), "reader_version", lambda: "another")
    assert run(corpus)[0] == 3
    assert reads == [bad]
    write(corpus, "bad", TEXT.format(name="乙县"))
    assert (run(corpus)[0], held(tmp_path)) == (0, {"甲县", "乙县"})


def test_a_stale_report_is_named_without_being_read_again(tmp_path, run, reads):
    corpus = tmp_path / "corpus"
    path = write(corpus, "甲县")
    run(corpus)
    write(corpus, "甲县", "\0")
    assert run(corpus)[0] == 3
    reads.clear()
    assert (run(corpus)[0], reads) == (3, [])
    path.unlink()
    write(corpus, "乙县")
    assert counts(run(corpus)[1]) == (1, 0, 1, 0)
    write(corpus, "甲县", "\0")
    run(corpus)
    assert reads.count(path) == 1


def test_full_mends_an_outdated_index_although_a_folder_is_gone(tmp_path, run):
    for name in ("old", "new"):
        write(tmp_path / name, f"{name}县")
        run(tmp_path / name)
    written_by_another_version(tmp_path / "index")
    shutil.rmtree(tmp_path / "old")
    assert run(tmp_path / "new", "--full", "--strict")[0] == 3
    assert run(tmp_path / "new")[0] == 1
    code, summary = run(tmp_path / "new", "--full")
    assert (code, counts(summary)) == (3, (1, 0, 0, 0))
    assert summary["rejected"][0]["path"] == "old"
    assert "1 reports that the index held of it" in summary["rejected"][0]["reason"]
    assert (run(tmp_path / "new")[0], held(tmp_path)) == (0, {"ne"})


def test_full_publishes_although_nothing_changed(tmp_path, run):
    write(tmp_path / "corpus", "甲县")
    before = run(tmp_path / "corpus")[1]["generation"]
    assert run(tmp_path / "corpus", "--full")[1]["generation"] != before


def test_a_full_run_finds_like_texts_as_the_first_run_does(tmp_path, run):
    sentences = "".join(f"第{number}项工作坚持依法行政全面推进。" for number in range(16))
    for name in ("甲县", "乙县"):
        write(tmp_path / "corpus", name, TEXT.format(name=name) + sentences + f"{name}又加一句补充说明的话放在这里。\n")
    warnings = run(tmp_path / "corpus")[1]["warnings"]
    assert "of 16 sampled sentences" in warnings[0]
    assert run(tmp_path / "corpus", "--full")[1]["warnings"] == warnings


def test_a_sample_replaces_the_one_of_its_name():
    near_duplicates = NearDuplicates()
    sample = tuple(f"{number:08x}" for number in range(16))
    near_duplicates.add("a", sample)
    near_duplicates.add("a", sample[:12])
    assert near_duplicates.nearest("b", sample) == ("a", 12)


def test_a_recorded_sample_is_found_until_it_is_replaced():
    samples = {name: tuple(f"{number:08x}" for number in numbers) for name, numbers in (("a", range(16)), ("b", range(4, 20)), ("c", ()))}
    near_duplicates = NearDuplicates({name: "".join(sampled) for name, sampled in samples.items()})
    added = NearDuplicates()
    for name, sampled in samples.items():
        added.add(name, sampled)
    for each in (near_duplicates, added):
        assert each.nearest("d", samples["a"]) == ("a", 16)
        assert each.nearest("a", samples["a"]) == ("b", 12)
        assert each.nearest("d", samples["b"][6:]) == ("b", 10)
        each.add("a", ())
        assert each.nearest("d", samples["a"]) == ("b", 12)
        each.add("e", samples["a"])
        assert each.nearest("d", samples["a"]) == ("e", 16)


def test_a_catalogue_of_before_that_has_sentences_one_by_one_is_read():
    source = Source("x", 1, (2, 3), "f", sample="0000000100000002", names=("甲",))
    text = Catalogue(sources={"a/b": source}).to_json()
    before = text.replace('"0000000100000002"', '["00000001","00000002"]')
    assert before != text
    assert Catalogue.from_json(before) == Catalogue.from_json(text) == Catalogue(sources={"a/b": source})
    for damaged in ("", "[]", '{"sources": 1}', '{"sources": {"a": {"sample": [1]}}}', '{"sources": {"a": {"size": 1}}}'):
        with pytest.raises(ValueError):  # noqa: PT011  # what is wrong is the decoder's to say
            Catalogue.from_json(damaged)


def test_runs_that_publish_nothing_leave_nothing_behind(tmp_path, run):
    write(tmp_path / "corpus", "甲县")
    run(tmp_path / "corpus")
    run(tmp_path / "corpus")
    assert len(list((tmp_path / "index" / "generations").iterdir())) == 1

    def reports():
        yield Report.from_blocks(title="甲", blocks=[((), "法")])
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        build_index(tmp_path / "index", reports())
    assert len(list((tmp_path / "index" / "generations").iterdir())) == 1


@pytest.mark.parametrize("ids", [["x", "x", "x-2"], ["x-2", "x", "x"], ["x", "x", "x", "x-3", "x-2"]])
def test_reports_of_one_id_are_all_held(tmp_path, ids):
    build_index(tmp_path / "index", [Report.from_blocks(id=id, title="甲", blocks=[((), f"第{n}份")]) for n, id in enumerate(ids)])
    with open_index(tmp_path / "index") as index:
        assert index.stats.reports == len(ids)
        assert all(index.search(f"第{n}份").total.paragraphs == 1 for n in range(len(ids)))


def test_an_index_that_cannot_be_made_is_a_bad_path(tmp_path, capsys):
    write(tmp_path / "corpus", "甲县")
    (tmp_path / "file").touch()
    for location in (tmp_path / "file" / "index", tmp_path / ("x" * 300)):
        assert main([str(tmp_path / "corpus"), "--index", str(location)]) == 5
        assert str(location) in capsys.readouterr().err


@pytest.mark.parametrize("harm", [None, "damaged", "gone"])
def test_an_original_is_found_without_reading_the_catalogue(tmp_path, run, monkeypatch, harm):
    for number in range(20):
        write(tmp_path / "corpus", f"第{number}县")
    reports = {report["id"]: report["path"] for report in run(tmp_path / "corpus")[1]["reports"]}
    (originals,) = tmp_path.glob("index/generations/*/originals")
    if harm == "damaged":
        originals.write_bytes(originals.read_bytes()[:-40] + bytes(40))
    elif harm == "gone":
        originals.unlink()
    else:
        monkeypatch.setattr(Catalogue, "from_json", None)
    for id, path in reports.items():
        original = original_file(tmp_path / "index", id)
        assert (original.path, original.is_there()) == (tmp_path / path, True)
        assert original.sha256 == hashlib.sha256(original.path.read_bytes()).hexdigest()
    assert original_file(tmp_path / "index", "nothing") is None
    build_index(tmp_path / "index", [])
    assert original_file(tmp_path / "index", next(iter(reports))) is None


def test_flags_are_written_out(tmp_path):
    with pytest.raises(SystemExit) as caught:
        main([str(tmp_path), "--ful"])
    assert caught.value.code == 2


def test_a_catalogue_comes_back_as_it_was(tmp_path):
    write(tmp_path / "corpus", "甲县")
    catalogue = Catalogue()
    listing = list_files([tmp_path / "corpus"], catalogue)
    assert list(listing.files) == ["corpus/甲县.txt"]
    assert Catalogue.from_json(catalogue.to_json()) == catalogue
