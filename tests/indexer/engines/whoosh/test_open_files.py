"""Systems on which an open file can neither be removed nor replaced, such as Windows: nothing crashes, and nothing is left for ever."""

import gc
import hashlib
import os
import shutil
import sys
from pathlib import Path

import pytest

from indexer import IndexCorrupt, open_index
from indexer.engines.whoosh import generations
from tests.indexer.engines.whoosh.published import publish

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="which files are open is read from /proc")


def open_paths():
    """The files and folders that this process has open or mapped."""
    mapped = [
        line.split(maxsplit=5)[5].strip()
        for line in Path("/proc/self/maps").read_text(encoding="utf-8").splitlines()
        if len(line.split()) > 5
    ]
    handles = []
    for handle in Path("/proc/self/fd").iterdir():
        try:
            handles.append(os.readlink(handle))
        except OSError:
            continue
    return [Path(path) for path in {*mapped, *handles} if path.startswith("/")]


@pytest.fixture
def strict_files(monkeypatch):
    """Refuses what Windows refuses: to remove, rename or replace an open file, or a folder with one in it."""

    def refusing(action):
        def act(*paths, **others):
            for path in map(Path, paths):
                if any(
                    busy == path or path in busy.parents or (path.is_file() and busy.exists() and busy.samefile(path))
                    for busy in open_paths()
                ):
                    raise PermissionError(13, "used by another process", str(path))
            return action(*paths, **others)

        return act

    for name in ("rename", "replace", "unlink"):
        monkeypatch.setattr(os, name, refusing(getattr(os, name)))
    # By paths, as on Windows.
    monkeypatch.setattr(shutil, "_use_fd_functions", False)
    monkeypatch.setattr(generations, "_PATIENCE", 0.2)


def held(place):
    return sorted(path.name for path in (place / "generations").iterdir())


def test_a_generation_is_published_while_others_are_read(strict_files, tmp_path):
    place = tmp_path / "index"
    first = publish(place, "法治一")
    with open_index(place) as index:
        names = [publish(place, "法治一", "法治二"), publish(place, "法治三")]
        # Still being read, so it could not be removed whole.
        assert held(place) == [first, *names]
        assert index.search("法治一").total.paragraphs == 1
    del index
    last = publish(place, "法治四")
    assert held(place) == [names[1], last]
    with open_index(place) as index:
        assert index.search("法治四").total.paragraphs == 1


def test_an_index_gives_its_files_back_with_the_last_reference(tmp_path):
    publish(tmp_path / "index", "法治一")
    gc.collect()
    gc.disable()
    try:
        with open_index(tmp_path / "index") as index:
            index.search("法治", facets=("year", "kind"))
            assert any(tmp_path in path.parents for path in open_paths())
        del index
        assert not any(tmp_path in path.parents for path in open_paths())
    finally:
        gc.enable()


def test_what_a_dead_writer_left_open_is_no_obstacle(strict_files, tmp_path):
    place = tmp_path / "index"
    publish(place, "法治一")
    with generations.writing(place):
        left = generations.new_folder(place) / "left"
    with left.open("wb"):
        publish(place, "法治二")
        assert left.exists()
    publish(place, "法治三")
    assert not left.parent.exists()


@pytest.mark.parametrize("refused", ["rename", "replace"])
def test_a_file_that_is_open_for_a_moment_is_waited_for(monkeypatch, tmp_path, refused):
    place, action, tried = tmp_path / "index", getattr(os, refused), []

    def act(*paths, **others):
        if Path(paths[0]).is_relative_to(place) and len(tried) < 3:
            tried.append(paths)
            raise PermissionError(13, "used by another process")
        return action(*paths, **others)

    monkeypatch.setattr(os, refused, act)
    publish(place, "法治")
    assert len(tried) == 3
    with open_index(place) as index:
        assert index.search("法治").total.paragraphs == 1


def test_a_copy_stands_in_where_the_file_system_has_no_links(monkeypatch, tmp_path):
    def no_links(*paths, **others):
        raise OSError(95, "not supported")

    monkeypatch.setattr(os, "link", no_links)
    (tmp_path / "source").write_bytes(b"content")
    generations.link(tmp_path / "source", tmp_path / "target", hashlib.sha256(b"content").hexdigest())
    assert (tmp_path / "target").read_bytes() == b"content"
    assert not (tmp_path / "target").samefile(tmp_path / "source")
    with pytest.raises(IndexCorrupt):
        generations.link(tmp_path / "source", tmp_path / "target", hashlib.sha256(b"other").hexdigest())
