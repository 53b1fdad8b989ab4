"""What a writer makes of reports that come and go: replaced, dropped, merged, aborted; that there is one at a time."""

import json
import random
from types import SimpleNamespace

import pytest

from indexer import IndexBusy, NotFound, build_index, open_index
from indexer.analysis.words import segmenter
from indexer.catalogue import Catalogue
from indexer.engines.whoosh import generations
from indexer.engines.whoosh import writer as writing
from indexer.engines.whoosh.writer import WhooshWriter, _to_check
from tests.indexer.engines.whoosh.published import live, publish, total
from tests.support import one_report


def test_an_index_names_what_cut_its_words(tmp_path):
    publish(tmp_path / "index", "法治")
    manifest = json.loads((live(tmp_path / "index") / "manifest.json").read_text(encoding="utf-8"))
    assert manifest["segmenter"] == segmenter()
    assert manifest["segmenter"].partition(" ")[0] in ("jieba", "rjieba")


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


@pytest.mark.parametrize("end", [lambda writer: writer.abort(), lambda writer: writer.commit(Catalogue())], ids=["aborted", "committed"])
def test_what_cuts_words_ends_with_the_writer(tmp_path, monkeypatch, end):
    close, closed = writing.Segmentation.close, []
    monkeypatch.setattr(writing.Segmentation, "close", lambda self: (closed.append(self), close(self)))
    writer = WhooshWriter(tmp_path)
    writer.put(one_report("法治", id="r0"))
    end(writer)
    assert closed == [writer._segmentation]
    assert not list(tmp_path.glob("generations/unfinished-*"))
