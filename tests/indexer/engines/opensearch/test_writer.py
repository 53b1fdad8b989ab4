"""Writing to a real node: what shows when, what is refused, what a dead run leaves."""

import signal
import subprocess
import sys
import time

import pytest

from indexer import (
    ClusterRefused,
    IndexCorrupt,
    IndexMissing,
    IndexOutdated,
    SearchRequest,
    build_index,
    damaged_files,
    open_index,
)
from indexer.backends import open_writer
from indexer.catalogue import Catalogue
from indexer.cli import main
from indexer.engines.opensearch import bulk, documents
from indexer.engines.opensearch.address import Address
from indexer.engines.opensearch.writer import OpenSearchWriter
from tests.opensearch.proxy import Door
from tests.support import ROOT, one_report, texts_of_law


def indexes(cluster):
    return sorted(cluster.client.indices.get(index=f"{cluster.address.name}.build-*"))


def test_nothing_published_is_missing(place):
    with pytest.raises(IndexMissing):
        open_index(place)


def test_reports_are_changed_added_and_dropped_one_by_one(place):
    build_index(place, [one_report("法一", "法二", id="a"), one_report("法三", id="b")])
    writer = open_writer(place)
    writer.put(one_report("法四", id="a"))
    writer.put(one_report("法五", id="c"))
    writer.drop("b")
    assert texts_of_law(place) == ["法一", "法三", "法二"]
    writer.commit(Catalogue())
    assert texts_of_law(place) == ["法五", "法四"]
    assert damaged_files(place)[1] == []


def test_a_reader_learns_of_the_next_generation(place):
    build_index(place, [one_report("法一", id="a")])
    with open_index(place) as index:
        assert not index.outdated()
        writer = open_writer(place)
        writer.put(one_report("法二", id="b"))
        name = writer.commit(Catalogue())
        assert index.outdated()
    with open_index(place) as index:
        assert (index.stats.generation, index.stats.reports, index.stats.paragraphs) == (name, 2, 2)


def test_what_is_aborted_leaves_everything_as_it_was(place, cluster):
    build_index(place, [one_report("法一", id="a")])
    for full in (False, True):
        writer = OpenSearchWriter(Address.read(place), full=full)
        writer.put(one_report("法二", id="a"))
        writer.drop("a")
        writer.abort()
        cluster.client.indices.refresh(index=cluster.address.name)
        assert texts_of_law(place) == ["法一"]
    assert len(indexes(cluster)) == 1


def test_a_full_build_takes_over_what_nothing_was_said_of_and_removes_the_old_index(place, cluster):
    build_index(place, [one_report("法一", id="a"), one_report("法二", "法三", id="b"), one_report("法四", id="c")])
    before = indexes(cluster)
    writer = open_writer(place, rebuild=True)
    writer.put(one_report("法五", id="a"))
    writer.drop("c")
    writer.commit(Catalogue())
    assert texts_of_law(place) == ["法三", "法二", "法五"]
    assert len(indexes(cluster)) == 1
    assert indexes(cluster) != before


def test_of_two_puts_the_last_counts_and_a_drop_after_a_put(place):
    for round in range(2):
        writer = OpenSearchWriter(Address.read(place), full=round == 0)
        for number in range(3):
            writer.put(one_report(*[f"法{number}"] * (3 - number), id="a"))
            writer.put(one_report(f"法{number}", id="b"))
            writer._take_all()
        writer.drop("b")
        writer.commit(Catalogue())
        assert texts_of_law(place) == ["法2"]
        assert damaged_files(place)[1] == []


def test_another_schema_is_refused_and_built_anew(place, monkeypatch):
    build_index(place, [one_report("法一", id="a")])
    monkeypatch.setattr(documents, "SCHEMA_VERSION", 99)
    for opening in (open_index, open_writer):
        with pytest.raises(IndexOutdated, match="reindex --full"):
            opening(place)
    opened = open_writer(place, rebuild=True)
    assert opened.anew
    opened.put(one_report("法二", id="b"))
    opened.commit(Catalogue())
    assert texts_of_law(place) == ["法二"]


def test_a_reader_refuses_what_another_version_put_in_place(place, monkeypatch):
    build_index(place, [one_report("法一", id="a")])
    with open_index(place) as index:
        build_index(place, [one_report("法二", id="a")])
        assert [hit.text for hit in index.search("法").hits] == ["法二"]
        with monkeypatch.context() as patch:
            patch.setattr(documents, "SCHEMA_VERSION", 99)
            build_index(place, [one_report("法三", id="a")])
        for asking in (lambda: index.search("法"), lambda: index.search("没有"), lambda: list(index.hits(SearchRequest.of("法")))):
            with pytest.raises(IndexOutdated):
                asking()


def test_an_index_that_is_not_ours_is_left_alone(place, cluster):
    cluster.client.indices.create(index=cluster.address.name)
    with pytest.raises(ClusterRefused, match="choose a name"):
        open_index(place)
    with pytest.raises(ClusterRefused, match="choose a name"):
        open_writer(place)


def test_what_was_not_loaded_is_noticed_before_it_shows(place, monkeypatch):
    build_index(place, [one_report("法一", id="a")])
    opened = open_writer(place, rebuild=True)
    opened.put(one_report("法二", id="b"))
    opened._take_all()
    opened._expected["c"] = 4
    with pytest.raises(IndexCorrupt, match="loaded"):
        opened.commit(Catalogue())
    assert texts_of_law(place) == ["法一"]


def test_passages_that_are_gone_are_told(place, cluster):
    build_index(place, [one_report("法一", "法二", id="a")])
    cluster.client.delete(index=cluster.address.name, id="a~0.p1", routing="a", refresh=True)
    assert main(["--index", place, "--verify"]) == 1


def test_a_document_refused_for_good_ends_the_run(place):
    opened = open_writer(place)
    opened._loader.add([bulk.Operation.write("x", "x", {"unheard_of": 1})])
    with pytest.raises(ClusterRefused, match="strict_dynamic_mapping_exception"):
        opened.commit(Catalogue())
    with pytest.raises(IndexMissing):
        open_index(place)


BUILDING = """
import sys
from indexer import Report, build_index
def reports():
    for number in range(10**6):
        print(number, flush=True)
        yield Report.from_blocks(id=f"r{number}", title="题", blocks=[((), f"法{number}")] * 50)
build_index(sys.argv[1], reports())
"""


def test_a_killed_build_leaves_the_alias_where_it_was(place, cluster):
    build_index(place, [one_report("法一", id="a")])
    with subprocess.Popen([sys.executable, "-c", BUILDING, place], stdout=subprocess.PIPE, cwd=ROOT, text=True) as process:
        while len(indexes(cluster)) < 2 or int(process.stdout.readline()) < 200:
            assert process.poll() is None
        process.send_signal(signal.SIGKILL)
    assert texts_of_law(place) == ["法一"]
    # The next run needs nobody's help, and clears up.
    build_index(place, [one_report("法二", id="a")])
    assert texts_of_law(place) == ["法二"]
    assert len(indexes(cluster)) == 1


def test_a_killed_run_leaves_every_report_whole(nodes, place, cluster):
    build_index(place, [one_report("法旧", "法旧", id=f"r{number}") for number in range(40)])
    script = """
import sys
from indexer.engines.opensearch import bulk
from indexer.backends import open_writer
from indexer.catalogue import Catalogue
from tests.support import one_report
bulk.FULL = 2000
writer = open_writer(sys.argv[1])
for number in range(40):
    writer.put(one_report("法新", "法新", "法新", id=f"r{number}"))
writer.commit(Catalogue())
"""
    with Door(nodes.ports[0]) as door:
        door.letting = {"/_bulk": 5}
        behind = f"http://127.0.0.1:{door.server_port}/{cluster.address.name}"
        with subprocess.Popen([sys.executable, "-c", script, behind], cwd=ROOT) as process:
            # Each of its threads waits with a request behind the five that were answered.
            while door.waiting < bulk.SENDERS:
                assert process.poll() is None
                time.sleep(0.01)
            process.send_signal(signal.SIGKILL)
    cluster.client.indices.refresh(index=cluster.address.name)
    with open_index(place) as index:
        found = [tuple(passage.text for passage in index.report(f"r{number}").paragraphs) for number in range(40)]
    assert set(found) == {("法旧",) * 2, ("法新",) * 3}
    assert damaged_files(place)[1] == []
    opened = open_writer(place)
    opened.put(one_report("法新", id="r0"))
    opened.commit(Catalogue())


def test_what_a_killed_run_sent_is_replaced_too(place):
    build_index(place, [one_report("法旧", id="a")])
    killed = OpenSearchWriter(Address.read(place))
    killed.put(one_report("法一", "法二", "法三", id="a"))
    killed._take_all()
    killed._send_spooled()
    killed._loader.finish()
    killed.abort()
    writer = open_writer(place)
    writer.put(one_report("法新", id="a"))
    writer.commit(Catalogue())
    assert texts_of_law(place) == ["法新"]


def test_a_snapshot_brings_back_an_index_that_is_lost(place, cluster):
    """As docs/scaling.md says it."""
    build_index(place, [one_report("法一", id="a")])
    name, snapshots = cluster.address.name, cluster.client.snapshot
    snapshots.create_repository(repository=name, body={"type": "fs", "settings": {"location": name}})
    body = {"indices": f"{name},{name}.machines"}
    taken = snapshots.create(repository=name, snapshot="one", body=body, params={"wait_for_completion": "true"})
    assert taken["snapshot"]["state"] == "SUCCESS"
    cluster.client.indices.delete(index=f"{name}.*")
    with pytest.raises(IndexMissing):
        open_index(place)
    body = {"indices": f"{name}*", "include_aliases": True}
    snapshots.restore(repository=name, snapshot="one", body=body, params={"wait_for_completion": "true"})
    assert texts_of_law(place) == ["法一"]
    writer = open_writer(place)
    writer.put(one_report("法二", id="b"))
    writer.commit(Catalogue())
    assert texts_of_law(place) == ["法一", "法二"]
