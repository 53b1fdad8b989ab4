"""Which reports an index holds of files that somebody hands over: looked up, not listed."""

import unicodedata

import pytest

from indexer.adding import held_by_content, held_by_path
from indexer.catalogue import sha256_of
from indexer.cli import main
from indexer.engines.whoosh import catalogues
from indexer.model import short_hash


@pytest.fixture(params=["whole", "stored"])
def index(request, tmp_path, monkeypatch):
    """An index of a corpus with a folder below it, whose catalogue is whole or stored."""
    if request.param == "stored":
        monkeypatch.setattr(catalogues, "CHANGED", 0)
    below = tmp_path / "corpus" / unicodedata.normalize("NFD", "é县")
    below.mkdir(parents=True)
    for number in range(5):
        (tmp_path / "corpus" / f"{number}.txt").write_text(f"某县2022年报告{number}\n正文{number}。", encoding="utf-8")
    (below / "下.txt").write_text("某县2021年报告\n正文。", encoding="utf-8")
    assert main([str(tmp_path / "corpus"), "--index", str(tmp_path / "index"), "-q"]) == 0
    return tmp_path / "index"


def id_of(key):
    return short_hash(f"corpus/{key}".encode())


def test_reports_are_found_by_the_content_of_their_files(index, tmp_path):
    digest = sha256_of(tmp_path / "corpus" / "3.txt")
    assert held_by_content(index, [digest, "0" * 64]) == {digest: id_of("3.txt")}
    assert held_by_content(tmp_path / "nothing", [digest]) == {}


def test_reports_are_found_by_their_files_however_the_path_is_written(index, tmp_path):
    below = next((tmp_path / "corpus").glob("*/下.txt"))
    (tmp_path / "link").symlink_to(tmp_path / "corpus")
    paths = {tmp_path / "corpus" / "0.txt": id_of("0.txt"), below: id_of("é县/下.txt"), tmp_path / "link" / "4.txt": id_of("4.txt")}
    assert held_by_path(index, [*paths, tmp_path / "corpus" / "9.txt", tmp_path / "elsewhere.txt"]) == paths
    assert held_by_path(tmp_path / "nothing", paths) == {}


@pytest.mark.parametrize("index", ["stored"], indirect=True)
def test_of_a_stored_catalogue_only_what_is_looked_up_is_read(index, tmp_path, monkeypatch):
    read = []
    source_of = catalogues.StoredSources._source
    monkeypatch.setattr(catalogues.StoredSources, "_source", lambda stored, number: read.append(number) or source_of(stored, number))
    held_by_content(index, [sha256_of(tmp_path / "corpus" / "3.txt")])
    held_by_path(index, [tmp_path / "corpus" / "3.txt"])
    assert set(read) == {read[0]}
