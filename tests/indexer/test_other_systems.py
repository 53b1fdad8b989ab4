"""What other systems do differently, as far as it can be had here: terminals in GBK, names of one folder in two spellings."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from indexer.catalogue import Catalogue
from indexer.corpus import list_files

REINDEX = [sys.executable, "-c", "from indexer.cli import reindex_command; reindex_command()"]


@pytest.fixture
def corpus(tmp_path):
    """A folder with a space in its name, whose reports have characters that GBK lacks."""
    folder = tmp_path / "报告 \U00020bb7"
    folder.mkdir()
    (folder / "\U0001f4c4 一.txt").write_text("\U00020bb7县2021年法治政府建设情况报告\n\n坚持依法行政。\n", encoding="utf-8")
    (folder / "\U0001f4c4 空.txt").write_text("", encoding="utf-8")
    (folder / "二.txt").write_bytes("乙县2022年法治政府建设情况报告\r\n\r\n坚持依法行政。\r\n".encode("gbk"))
    return folder


def run(corpus, encoding, *options):
    command = [*REINDEX, str(corpus), "--index", str(corpus.parent / "索引"), *options]
    done = subprocess.run(command, env=os.environ | {"PYTHONIOENCODING": encoding}, capture_output=True, check=False)
    assert (done.returncode, b"Traceback" in done.stderr) == (3, False)
    return done


@pytest.mark.parametrize(("encoding", "printed"), [("gbk", "gbk"), ("gbk:strict", "gbk"), ("ascii", "utf-8"), ("utf-8", "utf-8")])
def test_no_character_is_too_rare_for_the_terminal(corpus, encoding, printed):
    done = run(corpus, encoding, "-v")
    said = done.stdout.decode(printed)
    assert "乙县2022年法治政府建设情况报告" in said
    assert ("\\U00020bb7县" if printed == "gbk" else "\U00020bb7县") in said
    assert "空.txt: the file is empty" in done.stderr.decode(printed)


@pytest.mark.parametrize("encoding", ["gbk", "ascii", "utf-8"])
def test_json_can_be_read_whatever_the_encoding(corpus, encoding):
    reports = json.loads(run(corpus, encoding, "--json").stdout)["reports"]
    assert {report["title"][:2] for report in reports} == {"\U00020bb7县", "乙县"}


class CaseBlind(type(Path())):
    """A path of a system that does not tell upper from lower case, with its folder on the disk in lower case."""

    def __eq__(self, other):
        return str(self).lower() == str(other).lower()

    def __hash__(self):
        return hash(str(self).lower())

    def resolve(self, strict=False):
        return CaseBlind(str(self).lower())


def test_a_folder_is_one_however_it_is_typed(tmp_path_factory):
    base = tmp_path_factory.mktemp("case")
    assert str(base) == str(base).lower()
    (base / "corpus" / "ln").mkdir(parents=True)
    (base / "corpus" / "ln" / "a.txt").write_text("一", encoding="utf-8")
    catalogue = Catalogue()
    keys = [list(list_files([CaseBlind(base / typed)], catalogue).files) for typed in ("corpus", "CORPUS", "Corpus/LN", "corpus/LN/A.TXT")]
    assert keys == [["corpus/ln/a.txt"]] * 4
