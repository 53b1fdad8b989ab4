"""Old or new, nothing between, and nothing wrong: damage, dead writers, second writers, readers during writes."""

import hashlib
import json
import os
import random
import shutil
import signal
import stat
import subprocess
import sys
import threading
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest

from indexer import BadPath, IndexBusy, IndexCorrupt, IndexMissing, IndexOutdated, NotFound, build_index, open_index
from indexer.analysis.words import segmenter
from indexer.catalogue import Catalogue
from indexer.cli import main
from indexer.engines.whoosh import earlier, generations
from indexer.engines.whoosh import writer as writing
from indexer.engines.whoosh.arrays.files import write_arrays
from indexer.engines.whoosh.evaluation import passages
from indexer.engines.whoosh.generations import damaged_files
from indexer.engines.whoosh.writer import WhooshWriter, _to_check
from indexer.versions import content_of, hash_of
from tests.support import ROOT, one_report, written_by_another_version


def publish(place, *texts):
    return build_index(place, [one_report(text, id=f"r{number}") for number, text in enumerate(texts)])


def total(place, query="法治"):
    with open_index(place) as index:
        return index.search(query, kinds=["paragraph"]).total.paragraphs


@pytest.fixture
def place(tmp_path):
    publish(tmp_path / "index", "法治一")
    publish(tmp_path / "index", "法治一", "法治二")
    return tmp_path / "index"


def live(place) -> Path:
    return place / "generations" / (place / "CURRENT").read_text()


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


def cut(path):
    path.write_bytes(path.read_bytes()[:-1])


def flip(path, at):
    content = bytearray(path.read_bytes())
    content[at] ^= 1
    path.write_bytes(content)


def flip_first(path):
    flip(path, 0)


@pytest.mark.parametrize("harm", [cut, Path.unlink, flip_first])
@pytest.mark.parametrize("victims", ["*.arrays", "manifest.json*", "*.toc*"])
def test_a_damaged_generation_falls_back_to_the_one_before(place, victims, harm):
    for victim in live(place).glob(victims):
        harm(victim)
    assert total(place) == 1


@pytest.mark.parametrize("harm", [cut, Path.unlink, flip_first, lambda path: path.write_text("[1]")])
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


@pytest.mark.parametrize("harm", [cut, Path.unlink, flip_first, lambda path: path.write_bytes(b"\xb0" * 15)])
def test_without_a_whole_current_the_newest_generation_is_live(place, harm):
    harm(place / "CURRENT")
    assert total(place) == 2
    assert damaged_files(place)[1] == ["CURRENT"]
    writer = WhooshWriter(place)
    writer.put(one_report("法治三", id="new"))
    writer.commit(Catalogue())
    assert total(place) == 3
    assert damaged_files(place)[1] == []


def test_an_index_whose_generations_are_gone_is_no_new_one(place):
    shutil.rmtree(place / "generations")
    with pytest.raises(IndexCorrupt, match="generations are gone; run `reindex --full`"):
        open_index(place)
    with pytest.raises(IndexCorrupt):
        WhooshWriter(place)


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
        with pytest.raises(IndexCorrupt, match="cut short"):
            index.search("标题")
        with victim.open("r+b") as file:
            file.write(content)
        assert index.search("标题").total.paragraphs == 2
        with victim.open("r+b") as file:
            file.write(bytes(len(content)))
        os.utime(victim, (1, 1))
        with pytest.raises(IndexCorrupt, match="checksum"):
            index.search("治一")


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


def test_an_index_names_what_cut_its_words(tmp_path):
    publish(tmp_path / "index", "法治")
    manifest = json.loads((live(tmp_path / "index") / "manifest.json").read_text(encoding="utf-8"))
    assert manifest["segmenter"] == segmenter()
    assert manifest["segmenter"].partition(" ")[0] in ("jieba", "rjieba")


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


def test_a_second_writer_is_refused(place):
    writer = WhooshWriter(place)
    with pytest.raises(IndexBusy):
        WhooshWriter(place)
    writer.abort()
    WhooshWriter(place).abort()
    assert total(place) == 2


def test_a_writer_reads_the_reports_of_the_live_generation(place, tmp_path):
    writer = WhooshWriter(place)
    assert [passage.text for passage in writer.report("r1").passages] == ["标题", "法治二"]
    assert writer.report("r2") is None
    writer.abort()
    writer = WhooshWriter(tmp_path / "new")
    assert writer.report("r1") is None
    assert writer.lost(["r1"]) == set()
    writer.abort()


def test_an_aborted_writer_leaves_no_trace(place):
    writer = WhooshWriter(place)
    writer.put(one_report("法治三", id="new"))
    writer.drop("r0")
    writer.abort()
    assert total(place) == 2


def test_put_replaces_and_drop_removes(place):
    writer = WhooshWriter(place)
    writer.put(one_report("法治 改", id="r0"))
    writer.drop("r1")
    writer.drop("never there")
    writer.commit(Catalogue())
    with open_index(place) as index:
        assert [hit.text for hit in index.search("法治", kinds=["paragraph"]).hits] == ["法治 改"]
        assert index.stats.reports == 1


def test_segments_of_one_report_each_are_merged(tmp_path):
    for number in range(4):
        writer = WhooshWriter(tmp_path / "index")
        writer.put(one_report("法治", id=f"r{number}"))
        writer.commit(Catalogue())
    assert len(list(live(tmp_path / "index").glob("*.arrays"))) < 3
    assert total(tmp_path / "index") == 4


def test_many_small_commits_equal_one_build(tmp_path):
    chance = random.Random(5)
    place, held = tmp_path / "index", {}
    build_index(place, [])
    for step in range(40):
        writer = WhooshWriter(place)
        for _ in range(chance.randint(1, 3)):
            id = f"r{chance.randrange(20)}"
            if id in held and chance.random() < 0.4:
                writer.drop(id)
                del held[id]
            else:
                held[id] = one_report(*("法治政府"[: chance.randint(1, 4)] + str(step) for _ in range(3)), id=id, year=2000 + step)
                writer.put(held[id])
        writer.commit(Catalogue())
    build_index(tmp_path / "fresh", held.values())
    with open_index(place) as grown, open_index(tmp_path / "fresh") as fresh:
        assert len(list(live(place).glob("*.arrays"))) < 16
        for query, mode in [("法治", "exact"), ("法治政府", "any"), ("政 OR 3", "exact")]:
            one, other = (index.search(query, mode=mode, facets=("year",), per_page=100) for index in (grown, fresh))
            assert (one.total, one.facets) == (other.total, other.facets)
            assert [(hit.id, hit.score) for hit in one.hits] == [(hit.id, hit.score) for hit in other.hits]


def test_readers_keep_what_they_opened(place):
    with open_index(place) as index:
        publish(place, "法治")
        publish(place, "法治")
        assert index.outdated()
        assert index.search("法治", kinds=["paragraph"]).total.paragraphs == 2


def test_readers_during_writes_see_old_or_new(tmp_path):
    place = tmp_path / "index"
    publish(place, *["法治"] * 10)
    wrong, done = [], threading.Event()

    def read():
        while not done.is_set():
            with open_index(place) as index:
                held = index.stats.reports
                for _ in range(5):
                    page = index.search("法治", kinds=["paragraph"])
                    if not page.total.paragraphs == len(page.hits) == held == 10 + held % 10:
                        wrong.append((page.total, held))

    readers = [threading.Thread(target=read) for _ in range(3)]
    for reader in readers:
        reader.start()
    for round in range(15):
        publish(place, *["法治"] * (10 + round % 3))
    done.set()
    for reader in readers:
        reader.join()
    assert wrong == []


def test_one_index_answers_many_threads_alike(place):
    with open_index(place) as index:
        right = [hit.id for hit in index.search("法治").hits]
        answers = []

        def ask():
            for _ in range(50):
                answers.append([hit.id for hit in index.search("法治").hits] == right)

        threads = [threading.Thread(target=ask) for _ in range(6)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert len(answers) == 300
        assert all(answers)


@pytest.mark.skipif(os.name == "nt", reason="kill -9 is POSIX")
def test_a_killed_reindex_leaves_the_old_index_or_the_new_one(tmp_path):
    """Kills a real `reindex` at many moments; whatever is live answers whole, and the next run finishes the work."""
    corpus, place = tmp_path / "corpus", tmp_path / "index"
    corpus.mkdir()
    chance = random.Random(9)

    def write(number, text):
        body = f"某县{number}年报告。\n\n" + "\n\n".join([text] * 20)
        (corpus / f"{number}.txt").write_text(f"某县{2000 + number}年法治政府建设情况报告\n\n{body}\n", encoding="utf-8")

    def run(seconds):
        """A run that kills itself after so many seconds of its processor, however long they take; says how many it used."""
        code = (
            "import signal, sys, time; from indexer.cli import main; started = time.process_time()\n"
            "signal.setitimer(signal.ITIMER_PROF, float(sys.argv.pop()))\n"
            "ended = main(); print(time.process_time() - started); raise SystemExit(ended)"
        )
        command = [sys.executable, "-c", code, str(corpus), "--index", str(place), "-q", str(seconds)]
        return subprocess.run(command, stdout=subprocess.PIPE, cwd=ROOT, text=True, check=False)

    for number in range(12):
        write(number, "法治旧")
    whole = run(0)
    assert whole.returncode == 0
    takes = float(whole.stdout)
    killed = 0
    # Each takes seconds; TORTURE=1, as make torture has it, for more.
    for round in range(60 if os.environ.get("TORTURE") else 8):
        old, new = ("法治旧", "法治新") if round % 2 == 0 else ("法治新", "法治旧")
        for number in range(12):
            write(number, new)
        killed += run(chance.uniform(0.001, 1.1) * takes).returncode == -signal.SIGPROF
        with open_index(place) as index:
            counts = (index.search(old).total.paragraphs, index.search(new).total.paragraphs)
            assert counts in ((240, 0), (0, 240)), counts
            assert index.stats.reports == 12
        # It takes over from the dead process like any other, and this one has read the dictionary already.
        assert main([str(corpus), "--index", str(place), "-q"]) == 0
        assert total(place, new) == 240
    assert killed > 2


def test_a_manifest_names_every_file(place):
    folder = live(place)
    manifest = json.loads((folder / "manifest.json").read_text())
    assert {path.name for path in folder.iterdir()} == {*manifest["files"], "manifest.json", "manifest.json.copy"}
    assert manifest["previous"] != folder.name
    shutil.rmtree(place)


def generation_of(number, *sizes):
    files = {f"{at}.arrays": (size, "") for at, size in enumerate(sizes)} | {"catalogue.json": (10**12, "")}
    return SimpleNamespace(name=f"{number:06}-abcdef", manifest=SimpleNamespace(files=files))


@pytest.mark.parametrize(
    ("sizes", "checked"),
    [
        pytest.param((60, 40), [{0, 1}] * 3, id="all_of_a_small_index"),
        pytest.param((61, 40), [{0, 1}] * 3, id="the_smallest_and_the_other"),
        pytest.param((10, 45, 45), [{0, 1, 2}] * 3, id="just_as_much_as_is_read"),
        pytest.param((60, 61), [{0}, {1}, {0}], id="one_after_the_other"),
        pytest.param((20, 30, 60, 61, 62), [{0, 1, 2}, {0, 1, 3}, {0, 1, 4}], id="the_smallest_and_one_of_the_others"),
        pytest.param((20, 31, 60, 61, 62), [{0, 1}, {0, 2}, {0, 3}], id="no_more_than_half_of_them"),
        pytest.param((25, 25, 25, 25, 25), [{0, 1, 2, 3}, {0, 1, 4, 2}, {0, 1, 3, 4}], id="several_that_are_small"),
    ],
)
def test_which_segments_are_read_before_something_is_built_on_them(sizes, checked, monkeypatch):
    monkeypatch.setattr(writing, "CHECKED", 100)
    found = [_to_check(generation_of(number, *sizes)) for number in range(3)]
    assert found == [{f"{at}.arrays" for at in each} for each in checked]


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
    with pytest.raises(IndexCorrupt, match=rf"^{generation.folder}: {table.name} has not the size that was published; run `reindex`$"):
        generation.check_sizes()
    with pytest.raises(IndexCorrupt, match=rf"^{generation.folder}: {table.name} is gone or has not the checksum that was published;"):
        generation.content(table.name)


def test_a_manifest_of_another_version_is_told_from_damage(place):
    folder = place / "generations" / f"000009-{hashlib.sha256(b'{}').hexdigest()[:8]}"
    folder.mkdir()
    (folder / "manifest.json").write_bytes(b"{}")
    with pytest.raises(
        IndexOutdated, match=r"written with another manifest, this version needs \['fingerprint', 'previous', 'files', 'held'"
    ):
        generations.Generation.named(place, folder.name)


def test_a_reader_says_what_is_damaged_and_which_generation_it_reads(place, caplog):
    first, second = sorted(path.name for path in (place / "generations").iterdir())
    for victim in (place / "generations" / second).glob("*.arrays"):
        victim.unlink()
        assert total(place) == 1
        message = f"{place / 'generations' / second}: {victim.name} has not the size that was published; run `reindex`"
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
    with pytest.raises(IndexCorrupt, match=r"manifest\.json is gone or has not the checksum"):
        open_index(place)


def test_who_opens_an_index_while_its_generation_is_taken_away_reads_the_new_one(place, monkeypatch):
    named, published = generations.Generation.named, []

    def late(index, name):
        if not published:
            published.append(name)
            published.append(publish(place, "法治", "法治", "法治"))
            for manifest in (place / "generations" / name).glob("manifest.json*"):
                manifest.unlink()
        return named(index, name)

    with monkeypatch.context() as patched:
        patched.setattr(generations.Generation, "named", late)
        index = open_index(place)
    with index:
        assert index.stats.generation == published[1]
        assert index.search("法治", kinds=["paragraph"]).total.paragraphs == 3


def test_what_another_run_replaced_while_it_was_checked_is_no_damage(place, monkeypatch):
    damage, published = generations.damage, []

    def late(index, name):
        if not published:
            published.append(publish(place, "法治"))
            return ["manifest.json"]
        return damage(index, name)

    monkeypatch.setattr(generations, "damage", late)
    assert damaged_files(place) == (published[0], [])


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
    with pytest.raises(BadPath, match=f"^{tmp_path / 'file' / 'index'}: no index can be made there: Not a directory$"):
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


def test_what_was_written_by_the_same_run_is_replaced_too(tmp_path, monkeypatch):
    # Two reports in each segment.
    monkeypatch.setattr(writing, "BATCH", 8)
    writer = WhooshWriter(tmp_path / "index")
    for text, id in (("法治一", "r0"), ("法治二", "r1"), ("法治三", "r2"), ("法治四", "r3"), ("新的法治", "r0"), ("法治五", "r4")):
        writer.put(one_report(text, "第二段", id=id))
    writer.drop("r2")
    writer.drop("r4")
    writer.commit(Catalogue())
    with open_index(tmp_path / "index") as index:
        assert sorted(hit.text for hit in index.search("法治", per_page=100).hits) == ["新的法治", "法治二", "法治四"]
        assert (index.stats.reports, index.stats.passages) == (3, 9)
        assert index.search("第二段").total.paragraphs == 3


def test_a_segment_whose_reports_were_all_dropped_again_is_not_published(tmp_path, monkeypatch):
    monkeypatch.setattr(writing, "BATCH", 1)
    writer = WhooshWriter(tmp_path / "index")
    for id in ("r0", "r1"):
        writer.put(one_report("法治", id=id))
    writer.drop("r0")
    writer.commit(Catalogue())
    manifest = json.loads((live(tmp_path / "index") / "manifest.json").read_text())
    with open_index(tmp_path / "index") as index:
        assert len(index._engine._passages.segments) == 1
        assert index.stats.reports == manifest["held"]["reports"] == 1


def test_when_no_catalogue_can_be_read_the_live_generation_is_still_named(place):
    for path in place.glob("generations/*/catalogue.json*"):
        cut(path)
    writer = WhooshWriter(place, anew=True)
    assert (writer.generation, writer.catalogue) == (live(place).name, None)
    writer.abort()
    with pytest.raises(IndexCorrupt, match=r"catalogue\.json is gone or has not the checksum that was published; run `reindex --full`$"):
        WhooshWriter(place)


def test_an_id_that_is_no_utf_8_is_no_report_s(place):
    writer = WhooshWriter(place)
    assert writer.report("\ud800") is None
    writer.abort()
    with open_index(place) as index:
        for wanted in ("\ud800", "r0\ud800", "", "zz"):
            with pytest.raises(NotFound):
                index.report(wanted)
        assert index.search("法\ud800治", mode="any").total.paragraphs == 2
        assert index.suggest("\ud800") == []


def test_a_writer_holds_a_lock_that_other_versions_know_and_builds_beside_the_others(tmp_path):
    with generations.writing(tmp_path):
        assert (tmp_path / "LOCK").exists()
        assert generations.new_folder(tmp_path).name.startswith("unfinished-")


def test_a_segment_that_lacks_what_is_read_at_once_is_damage(tmp_path):
    write_arrays(tmp_path / "x.arrays", {"ids": np.zeros(0, np.uint8)})
    with pytest.raises(IndexCorrupt, match=rf"^{tmp_path / 'x.arrays'}: the segment cannot be read \('ids.sizes'\); run `reindex`$"):
        passages._opened(tmp_path, SimpleNamespace(make_filename=lambda extension: f"x{extension}"))


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


@pytest.mark.parametrize("end", [lambda writer: writer.abort(), lambda writer: writer.commit(Catalogue())], ids=["aborted", "committed"])
def test_what_cuts_words_ends_with_the_writer(tmp_path, monkeypatch, end):
    close, closed = writing.Segmentation.close, []
    monkeypatch.setattr(writing.Segmentation, "close", lambda self: (closed.append(self), close(self)))
    writer = WhooshWriter(tmp_path)
    writer.put(one_report("法治", id="r0"))
    end(writer)
    assert closed == [writer._segmentation]
    assert not list(tmp_path.glob("generations/unfinished-*"))
