"""Received files are put into the corpus under names that every system takes, and never over another file."""

import io
import os
import unicodedata
from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from indexer.corrections import read_corrections
from indexer.errors import BadPath
from indexer.filing import LONGEST, folder_names, put, safe_name, set_right
from indexer.loaders import is_fixed, is_ignored


@pytest.mark.parametrize(
    ("sent", "saved"),
    [
        ("彰武县2022年报告.docx", "彰武县2022年报告.docx"),
        ("C:\\Users\\某\\报告.pdf", "报告.pdf"),
        ("../../etc/报告.txt", "报告.txt"),
        ("..", "report"),
        ("a:b?*.txt", "a_b__.txt"),
        (".hidden.txt", "hidden.txt"),
        ("con.txt", "_con.txt"),
        ("LPT1", "_LPT1"),
        ("README.docx", "_README.docx"),
        ("~$锁.docx", "_~$锁.docx"),
        ("报告.fixed.txt", "报告_fixed.txt"),
        ("报告\n\u202etxt.exe", "报告 txt.exe"),
        ("e\u0301.txt", "\u00e9.txt"),
        ("报告 .", "报告"),
        ("", "report"),
    ],
)
def test_names_are_those_that_every_system_takes(sent, saved):
    assert safe_name(sent) == saved


@given(st.text(max_size=300))
@example(". 0")
@example(". ")
@example(". .")
def test_whatever_a_file_is_called_it_gets_one_plain_name(text):
    name = safe_name(text + ".txt")
    assert Path(name).name == name == unicodedata.normalize("NFC", name)
    assert 0 < len(name.encode()) <= LONGEST
    assert name.isprintable()
    assert not name.startswith(".")
    assert not name.endswith((".", " "))
    assert not is_fixed(name)
    assert not set('<>:"/\\|?*') & set(name)
    assert safe_name(name) == name


def test_a_long_name_keeps_its_extension():
    assert safe_name("法" * 200 + ".docx").endswith("法.docx")
    assert not is_ignored(safe_name("法" * 200 + ".docx"))


def test_files_go_by_year_and_unit():
    assert folder_names(2022, "彰武县人民政府") == ("2022", "彰武县人民政府")
    assert folder_names(None, None) == ("年度不明", "单位不明")
    assert folder_names(2022, "../..") == ("2022", "单位不明")


def test_a_name_that_is_taken_is_not_written_over(tmp_path):
    first = put(io.BytesIO(b"one"), tmp_path, ("2022", "Unit"), "a.txt")
    second = put(io.BytesIO(b"two"), tmp_path, ("2022", "unit"), "A.TXT")
    assert first.relative_to(tmp_path).as_posix() == "2022/Unit/a.txt"
    # Two names that are one on Windows are one everywhere.
    assert second.relative_to(tmp_path).as_posix() == "2022/Unit/A (2).TXT"
    assert (first.read_bytes(), second.read_bytes()) == (b"one", b"two")
    assert sorted(os.listdir(first.parent)) == ["A (2).TXT", "a.txt"]


def test_a_file_made_meanwhile_is_not_written_over(tmp_path, monkeypatch):
    real = os.link

    def link(new, path):
        if not Path(path).exists() and Path(path).name == "a.txt":
            Path(path).write_bytes(b"somebody else's")
        real(new, path)

    monkeypatch.setattr(os, "link", link)
    assert put(io.BytesIO(b"mine"), tmp_path, (), "a.txt").name == "a (2).txt"
    assert (tmp_path / "a.txt").read_bytes() == b"somebody else's"


def test_a_file_system_without_links_is_written_to_all_the_same(tmp_path, monkeypatch):
    def refuse(*_):
        raise PermissionError(1, "Operation not permitted")

    monkeypatch.setattr(os, "link", refuse)
    (tmp_path / "a.txt").write_bytes(b"old")
    assert put(io.BytesIO(b"new"), tmp_path, (), "a.txt").read_bytes() == b"new"
    assert (tmp_path / "a.txt").read_bytes() == b"old"
    assert sorted(os.listdir(tmp_path)) == ["a (2).txt", "a.txt"]


def test_nothing_is_put_outside_the_corpus(tmp_path):
    corpus, outside = tmp_path / "corpus", tmp_path / "outside"
    corpus.mkdir()
    outside.mkdir()
    (corpus / "2022").symlink_to(outside)
    with pytest.raises(BadPath, match="outside"):
        put(io.BytesIO(b"x"), corpus, ("2022",), "a.txt")
    assert not list(outside.iterdir())


def test_a_disk_that_is_full_leaves_nothing_behind(tmp_path, monkeypatch):
    def full(_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(OSError, match="No space"):
        put(io.BytesIO(b"x"), tmp_path, (), "a.txt")
    assert not list(tmp_path.iterdir())


def written(table):
    return [(one.path, one.field, one.value) for one in read_corrections(table)]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
def test_what_is_right_is_added_to_what_others_wrote(tmp_path, encoding):
    table = tmp_path / "corrections.csv"
    table.write_text("path,field,value\n别的.txt,title,“某县”的报告\na.txt,year,2020\n", encoding=encoding)
    set_right(tmp_path / "a.txt", {"year": "2021", "unit": "彰武县司法局"})
    assert written(table) == [("别的.txt", "title", "“某县”的报告"), ("a.txt", "year", "2021"), ("a.txt", "unit", "彰武县司法局")]
    # Excel knows UTF-8 by its mark.
    assert table.read_bytes().startswith(b"\xef\xbb\xbf") == (encoding != "utf-8")


def test_a_file_of_corrections_that_is_wrong_stays_as_it_is(tmp_path):
    table = tmp_path / "corrections.csv"
    table.write_text("a,b\n1,2\n", encoding="utf-8")
    with pytest.raises(BadPath, match="header"):
        set_right(tmp_path / "a.txt", {"year": "2021"})
    assert table.read_text("utf-8") == "a,b\n1,2\n"
    table.unlink()
    with pytest.raises(BadPath, match="year"):
        set_right(tmp_path / "a.txt", {"year": "soon"})
    assert not list(tmp_path.iterdir())
