"""Old or new, nothing between: what a generation consists of, how it is named, linked, flushed and published."""

import hashlib
import json
import os
import shutil
import stat
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from indexer import BadPath, IndexCorrupt, IndexMissing, IndexOutdated, open_index
from indexer.catalogue import Catalogue
from indexer.engines.whoosh import earlier, generations
from indexer.engines.whoosh.writer import WhooshWriter
from indexer.versions import content_of, hash_of
from tests.indexer.engines.whoosh.published import cut, live, publish, total
from tests.support import one_report, written_by_another_version


def test_the_live_generation_and_the_one_before_are_kept(place):
    assert total(place) == 2
    publish(place, "法治")
    assert len(list((place / "generations").iterdir())) == 2


@pytest.mark.skipif(os.name == "nt", reason="there the folder above says who may read")
def test_the_folders_are_the_user_s_own(place):
    assert [stat.S_IMODE(folder.stat().st_mode) for folder in (place, place / "generations")] == [0o700, 0o700]


def test_no_index_is_said(tmp_path):
    with pytest.raises(IndexMissing, match="run `reindex`"):
        open_index(tmp_path / "nothing")


def test_another_fingerprint_asks_for_a_full_reindex(place):
    written_by_another_version(place)
    with pytest.raises(IndexOutdated, match="reindex --full"):
        open_index(place)


def test_an_index_whose_generations_are_gone_is_no_new_one(place):
    shutil.rmtree(place / "generations")
    with pytest.raises(IndexCorrupt, match="generations are gone; run `reindex --full`"):
        open_index(place)
    with pytest.raises(IndexCorrupt):
        WhooshWriter(place)


@pytest.mark.skipif(os.name == "nt", reason="folders are not flushed there")
def test_every_new_folder_is_flushed_into_the_one_above(tmp_path, monkeypatch):
    flushed, fsync = set(), os.fsync

    def noted(handle):
        flushed.add(os.readlink(f"/proc/self/fd/{handle}") if sys.platform == "linux" else None)
        fsync(handle)

    monkeypatch.setattr(os, "fsync", noted)
    publish(tmp_path / "above" / "index", "法治")
    if sys.platform == "linux":
        assert {str(tmp_path), str(tmp_path / "above"), str(tmp_path / "above" / "index")} <= flushed


@pytest.mark.parametrize("refused", ["rename", "replace"])
def test_a_publication_that_fails_leaves_nothing_behind(place, monkeypatch, refused):
    def full(*paths, **others):
        raise OSError(28, "No space left on device")

    before = sorted(path.relative_to(place) for path in place.rglob("*"))
    writer = WhooshWriter(place)
    writer.put(one_report("法治三", id="new"))
    with monkeypatch.context() as patched:
        patched.setattr(os, refused, full)
        with pytest.raises(OSError, match="No space"):
            writer.commit(Catalogue())
    assert sorted(path.relative_to(place) for path in place.rglob("*")) == before
    assert total(place) == 2


def test_a_manifest_names_every_file(place):
    folder = live(place)
    manifest = json.loads((folder / "manifest.json").read_text())
    assert {path.name for path in folder.iterdir()} == {*manifest["files"], "manifest.json", "manifest.json.copy"}
    assert manifest["previous"] != folder.name
    shutil.rmtree(place)


def test_where_nothing_can_be_linked_a_copy_is_made_and_is_on_the_disk(tmp_path, monkeypatch):
    def refused(*paths):
        raise OSError(1, "Operation not permitted")

    source, flushed = tmp_path / "source", []
    source.write_bytes(b"abc")
    digest = hashlib.sha256(b"abc").hexdigest()
    monkeypatch.setattr(generations, "flush", flushed.append)
    generations.link(source, tmp_path / "linked", digest)
    assert (flushed, os.stat(source).st_nlink) == ([], 2)
    monkeypatch.setattr(os, "link", refused)
    generations.link(source, tmp_path / "copied", digest)
    assert (flushed, (tmp_path / "copied").read_bytes()) == ([tmp_path / "copied"], b"abc")
    with pytest.raises(IndexCorrupt):
        generations.link(source, tmp_path / "other", hashlib.sha256(b"abd").hexdigest())


def test_a_file_that_a_generation_has_not_or_in_another_size_is_named(place):
    generation = generations.Generation.named(place, live(place).name)
    with pytest.raises(IndexCorrupt, match=rf"^{generation.folder}: it has no nothing; run `reindex`$"):
        generation.content("nothing")
    generation.check_sizes()
    table = next(generation.folder.glob("*.toc"))
    cut(table)
    generation.check_sizes()
    cut(generations.copy_of(table))
    with pytest.raises(IndexCorrupt, match=rf"^{generation.folder}: {table.name} does not have the published size; run `reindex`$"):
        generation.check_sizes()
    with pytest.raises(IndexCorrupt, match=rf"^{generation.folder}: {table.name} is missing or does not match the published checksum;"):
        generation.content(table.name)


def test_a_manifest_of_another_version_is_told_from_damage(place):
    folder = place / "generations" / f"000009-{hashlib.sha256(b'{}').hexdigest()[:8]}"
    folder.mkdir()
    (folder / "manifest.json").write_bytes(b"{}")
    with pytest.raises(
        IndexOutdated, match=r"written with another manifest, this version needs \['fingerprint', 'previous', 'files', 'held'"
    ):
        generations.Generation.named(place, folder.name)


def test_the_newest_generation_is_the_one_of_the_greatest_number(tmp_path):
    for name in ("999999-00000000", "1000000-00000000", "1000001-0000000", "unfinished-x"):
        (tmp_path / "generations" / name).mkdir(parents=True)
    assert generations.current_name(tmp_path) == "1000000-00000000"
    assert generations.generations(tmp_path) == ["1000000-00000000", "999999-00000000"]
    (tmp_path / "CURRENT").write_text(" 999999-00000000\n")
    assert generations.generations(tmp_path) == ["999999-00000000", "1000000-00000000"]
    with generations.writing(tmp_path):
        folder = generations.new_folder(tmp_path)
        name = generations.publish(tmp_path, folder, {}, {}, None, {}, "")
    assert name.startswith("1000001-")
    assert (tmp_path / "CURRENT").read_text() == name
    assert [path.name for path in (tmp_path / "generations").iterdir()] == [name]


def test_the_first_generation_has_number_one(tmp_path):
    assert publish(tmp_path / "index", "法治").startswith("000001-")


def test_where_no_index_can_be_made_is_said(tmp_path):
    (tmp_path / "file").write_text("no folder")
    with pytest.raises(BadPath, match=f"^{tmp_path / 'file' / 'index'}: no index can be created there: Not a directory$"):
        WhooshWriter(tmp_path / "file" / "index")


@pytest.mark.skipif(sys.platform != "linux", reason="what is flushed is read from /proc")
def test_every_byte_is_on_the_disk_before_a_generation_is_named(tmp_path, monkeypatch):
    flushed, fsync, rename, replace = {}, os.fsync, os.rename, os.replace
    at_rename, at_replace = {}, {}

    def noted(handle):
        flushed[os.readlink(f"/proc/self/fd/{handle}")] = os.fstat(handle).st_size
        fsync(handle)

    def renamed(source, target, **others):
        at_rename.update(flushed)
        at_rename["sizes"] = {str(path): path.stat().st_size for path in Path(source).iterdir()} | {
            str(source): Path(source).stat().st_size
        }
        rename(source, target, **others)

    def replaced(source, target, **others):
        at_replace.update(flushed)
        replace(source, target, **others)

    for name, act in (("fsync", noted), ("rename", renamed), ("replace", replaced)):
        monkeypatch.setattr(os, name, act)
    publish(tmp_path / "index", "法治")
    sizes = at_rename.pop("sizes")
    assert len(sizes) > 5
    assert sizes.items() <= at_rename.items()
    assert at_replace[str(tmp_path / "index" / "CURRENT.new")] == len((tmp_path / "index" / "CURRENT").read_text())
    assert flushed[str(tmp_path / "index" / "CURRENT.new")] > 0


def test_a_file_that_stays_open_is_not_waited_for_for_ever(place, monkeypatch):
    tried = []

    def refused(*paths, **others):
        tried.append(paths)
        raise PermissionError(13, "used by another process")

    monkeypatch.setattr(generations, "_PATIENCE", 0.2)
    monkeypatch.setattr(generations.time, "sleep", lambda seconds: tried.append(seconds) if seconds == 0.05 else None)
    monkeypatch.setattr(os, "replace", refused)
    writer = WhooshWriter(place)
    with pytest.raises(PermissionError):
        writer.commit(Catalogue())
    assert tried.count(0.05) >= 2
    assert total(place) == 2


def test_an_earlier_version_is_its_user_s_own_and_is_compared_with_its_hash(tmp_path, caplog, monkeypatch):
    report = replace(one_report("法治", id="r0"), sha256=None)
    report = replace(report, sha256=hash_of(content_of(report)))
    flushed = []
    monkeypatch.setattr(earlier, "flush", flushed.append)
    earlier.keep(tmp_path, report)
    assert flushed == [tmp_path / "versions" / "r0", tmp_path / "versions", tmp_path]
    assert [one.passages for one in earlier.kept(tmp_path, "r0")] == [report.passages]
    (path,) = (tmp_path / "versions" / "r0").iterdir()
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700
    path.rename(path.with_name("0" * len(path.name)))
    (path.parent / "unfinished.new").write_bytes(b"x")
    assert earlier.kept(tmp_path, "r0") == []
    (message,) = caplog.messages
    assert message.endswith(f"{'0' * len(path.name)}: this version of a report cannot be read (its content has another hash)")
    assert earlier.kept(tmp_path, "../versions/r0") == earlier.kept(tmp_path, "none") == []


@pytest.mark.parametrize("id", ["年" * 90, "r" * 5_000])
def test_an_id_that_no_folder_can_be_called_has_no_earlier_versions(tmp_path, id):
    (tmp_path / "versions").mkdir()
    assert earlier.kept(tmp_path, id) == []
