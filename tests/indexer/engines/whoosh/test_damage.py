"""No answer of a damaged file: what readers fall back to, what the next writer mends, what is said of it."""

import json
import os
import random
import shutil
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest

from indexer import IndexCorrupt, open_index
from indexer.catalogue import Catalogue
from indexer.cli import main
from indexer.engines.whoosh import generations
from indexer.engines.whoosh.arrays.files import write_arrays
from indexer.engines.whoosh.evaluation import passages
from indexer.engines.whoosh.generations import damaged_files
from indexer.engines.whoosh.writer import WhooshWriter
from tests.indexer.engines.whoosh.published import cut, live, publish, total
from tests.support import one_report, written_by_another_version


def flip(path, at):
    content = bytearray(path.read_bytes())
    content[at] ^= 1
    path.write_bytes(content)


def flip_first(path):
    flip(path, 0)


def to_folder(path):
    path.unlink()
    path.mkdir()


def to_pipe(path):
    path.unlink()
    os.mkfifo(path)


def to_endless(path):
    path.unlink()
    path.symlink_to("/dev/zero")


NO_FILES = [to_folder] if os.name == "nt" else [to_folder, to_pipe, to_endless]


@pytest.mark.parametrize("harm", [cut, Path.unlink, flip_first, *NO_FILES])
@pytest.mark.parametrize("victims", ["*.arrays", "manifest.json*", "*.toc*"])
def test_a_damaged_generation_falls_back_to_the_one_before(place, victims, harm):
    for victim in live(place).glob(victims):
        harm(victim)
    assert total(place) == 1


@pytest.mark.parametrize("harm", [cut, Path.unlink, flip_first, lambda path: path.write_text("[1]"), *NO_FILES])
@pytest.mark.parametrize("victim", ["manifest.json", "_MAIN_1.toc", "catalogue.json"])
def test_what_is_small_has_a_copy_that_stands_in_and_is_made_again(place, victim, harm):
    harm(live(place) / victim)
    assert total(place) == 2
    assert damaged_files(place)[1] == [victim]
    writer = WhooshWriter(place)
    assert writer.catalogue is not None
    assert writer.generation is None
    writer.commit(writer.catalogue)
    assert damaged_files(place)[1] == []
    assert total(place) == 2


@pytest.mark.parametrize("harm", [cut, Path.unlink, flip_first, lambda path: path.write_bytes(b"\xb0" * 15), *NO_FILES])
def test_without_a_whole_current_the_newest_generation_is_live(place, harm):
    harm(place / "CURRENT")
    assert total(place) == 2
    assert damaged_files(place)[1] == ["CURRENT"]
    writer = WhooshWriter(place)
    writer.put(one_report("法治三", id="new"))
    writer.commit(Catalogue())
    assert total(place) == 3
    assert damaged_files(place)[1] == []


def damage_postings(place):
    """One bit of a list that no reader sees at opening."""
    victim = next(live(place).glob("*.arrays"))
    content = victim.read_bytes()
    table = json.loads(content[24 : 24 + int.from_bytes(content[:8], "little")])
    flip(victim, 24 + sum(int.from_bytes(content[at : at + 8], "little") for at in (0, 8)) + table["arrays"]["chars.ids"][1])


def test_no_answer_is_made_of_a_damaged_list(place):
    damage_postings(place)
    with open_index(place) as index:
        for char in "法治一二标题":
            with pytest.raises(IndexCorrupt, match=r"chars\.ids .* run `reindex`$"):
                index.search(char)


def test_a_damaged_segment_is_neither_merged_nor_kept(tmp_path):
    place = tmp_path / "index"
    publish(place, "法治一", "法治二")
    damage_postings(place)
    writer = WhooshWriter(place)
    assert writer.lost(["r0", "r1"]) == {"r0", "r1"}
    for number in range(3):
        writer.put(one_report(f"法治{number}", id=f"r{number}"))
    writer.commit(Catalogue())
    assert total(place) == 3
    assert damaged_files(place)[1] == []


def test_a_file_of_another_segment_is_refused(tmp_path):
    publish(tmp_path / "one", "法治一")
    for number in range(20):
        publish(tmp_path / f"other{number}", f"法治{'二三四五六七八九十百'[number % 10]}")
    one, *others = (next(path.glob("generations/*/*.arrays")) for path in sorted(tmp_path.iterdir(), key=lambda path: path.name != "one"))
    # Another size would be noticed by itself.
    shutil.copy(next(other for other in others if other.stat().st_size == one.stat().st_size), one)
    with pytest.raises(IndexCorrupt):
        open_index(tmp_path / "one")


@pytest.mark.skipif(os.name == "nt", reason="what is mapped cannot be cut there")
def test_a_segment_that_is_cut_or_changed_under_a_reader_is_noticed(place, monkeypatch):
    monkeypatch.setattr(passages, "CHECK_AFTER", 0)
    victim = next(live(place).glob("*.arrays"))
    content = victim.read_bytes()
    with open_index(place) as index:
        assert index.search("法治", kinds=["paragraph"]).total.paragraphs == 2
        with victim.open("r+b") as file:
            file.truncate(100)
        with pytest.raises(IndexCorrupt, match="truncated"):
            index.search("标题")
        with victim.open("r+b") as file:
            file.write(content)
        assert index.search("标题").total.paragraphs == 2
        with victim.open("r+b") as file:
            file.write(bytes(len(content)))
        os.utime(victim, (1, 1))
        with pytest.raises(IndexCorrupt, match="checksum"):
            index.search("治一")


def test_a_writer_says_what_was_damaged_and_from_which_generation_it_is_mended(place, caplog):
    folder = live(place)
    cut(folder / "manifest.json")
    cut(folder / "catalogue.json")
    WhooshWriter(place).abort()
    assert caplog.messages == [f"{place}: damaged: manifest.json, catalogue.json; mended from generation {folder.name}"]
    caplog.clear()
    for manifest in folder.glob("manifest.json*"):
        cut(manifest)
    writer = WhooshWriter(place)
    writer.abort()
    assert writer.generation is None
    (message,) = caplog.messages
    assert message.startswith(f"{place}: damaged: {folder.name}; mended from generation 000001-")


def test_after_a_fall_back_the_next_writer_keeps_what_is_good(place):
    next(live(place).glob("*.arrays")).unlink()
    writer = WhooshWriter(place)
    writer.put(one_report("法治三", id="new"))
    writer.commit(Catalogue())
    assert total(place) == 2


def test_without_a_table_of_contents_the_next_writer_begins_with_the_generation_before(place):
    for table in live(place).glob("*.toc*"):
        cut(table)
    writer = WhooshWriter(place)
    assert [writer.report(id) is not None for id in ("r0", "r1")] == [True, False]
    writer.put(one_report("法治三", id="new"))
    writer.commit(Catalogue())
    assert total(place) == 2


def test_when_nothing_can_be_read_it_is_an_error(place):
    for manifest in place.glob("generations/*/manifest.json*"):
        manifest.write_text("{")
    with pytest.raises(IndexCorrupt, match=r"run `reindex`$"):
        open_index(place)
    with pytest.raises(IndexCorrupt, match=r"run `reindex --full`$"):
        WhooshWriter(place)
    WhooshWriter(place, anew=True).commit(Catalogue())
    assert total(place) == 0


def test_every_flipped_bit_is_found(place):
    chance = random.Random(1)
    folder = live(place)
    files = [path for path in folder.iterdir() if path.name != "manifest.json" and path.stat().st_size]
    for _ in range(40):
        path = chance.choice(files)
        content = path.read_bytes()
        at = chance.randrange(len(content))
        path.write_bytes(content[:at] + bytes([content[at] ^ 1 << chance.randrange(8)]) + content[at + 1 :])
        assert damaged_files(place) == (folder.name, [path.name])
        path.write_bytes(content)


@pytest.mark.parametrize("name", ["manifest.json", "_MAIN_1.toc", ".arrays"])
@pytest.mark.parametrize("harm", [Path.unlink, lambda path: path.write_bytes(path.read_bytes()[:-1])], ids=["gone", "cut"])
def test_damage_of_the_live_generation_is_told_although_the_one_before_is_read(place, capsys, name, harm):
    publish(place, "法治一", "法治二", "法治三")
    folder = live(place)
    damaged = next(path for path in folder.iterdir() if path.name.endswith(name))
    harm(damaged)
    assert main(["--verify", "--json", "--index", str(place)]) == 1
    assert json.loads(capsys.readouterr().out) == {"generation": folder.name, "damaged": [damaged.name]}
    assert total(place) == (2 if damaged.suffix == ".arrays" else 3)


def test_a_reader_says_what_is_damaged_and_which_generation_it_reads(place, caplog):
    first, second = sorted(path.name for path in (place / "generations").iterdir())
    for victim in (place / "generations" / second).glob("*.arrays"):
        victim.unlink()
        assert total(place) == 1
        message = f"{place / 'generations' / second}: {victim.name} does not have the published size; run `reindex`"
        assert caplog.messages == [f"{message}; reading the generation {first}"]
    for other in (place / "generations" / first).glob("*.arrays"):
        other.unlink()
    # What is wrong with the live one, not with what stands behind it.
    with pytest.raises(IndexCorrupt) as refused:
        open_index(place)
    assert str(refused.value) == message


def test_a_damaged_live_generation_before_one_of_another_version_is_damage(place):
    written_by_another_version(place)
    for manifest in live(place).glob("manifest.json*"):
        cut(manifest)
    with pytest.raises(IndexCorrupt, match=r"manifest\.json is missing or does not match the published checksum"):
        open_index(place)


def test_what_another_run_replaced_while_it_was_checked_is_no_damage(place, monkeypatch):
    damage, published = generations.damage, []

    def late(index, name):
        if not published:
            published.append(publish(place, "法治"))
            return ["manifest.json"]
        return damage(index, name)

    monkeypatch.setattr(generations, "damage", late)
    assert damaged_files(place) == (published[0], [])


def test_when_no_catalogue_can_be_read_the_live_generation_is_still_named(place):
    for path in place.glob("generations/*/catalogue.json*"):
        cut(path)
    writer = WhooshWriter(place, anew=True)
    assert (writer.generation, writer.catalogue) == (live(place).name, None)
    writer.abort()
    with pytest.raises(IndexCorrupt, match=r"catalogue\.json is missing or does not match the published checksum; run `reindex --full`$"):
        WhooshWriter(place)


def test_a_segment_that_lacks_what_is_read_at_once_is_damage(tmp_path):
    write_arrays(tmp_path / "x.arrays", {"ids": np.zeros(0, np.uint8)})
    with pytest.raises(IndexCorrupt, match=rf"^{tmp_path / 'x.arrays'}: the segment cannot be read \('ids.sizes'\); run `reindex`$"):
        passages._opened(tmp_path, SimpleNamespace(make_filename=lambda extension: f"x{extension}"))
