"""Writing to a real node: what shows when, who may write, what a dead run leaves."""

import signal
import subprocess
import sys
import time

import pytest

from indexer import (
    ClusterRefused,
    IndexBusy,
    IndexCorrupt,
    IndexMissing,
    IndexOutdated,
    Report,
    SearchRequest,
    build_index,
    damaged_files,
    open_index,
)
from indexer.catalogue import Catalogue
from indexer.cli import main
from indexer.engines.opensearch import asked, bulk, engine, holdings, leases, reading, schema
from indexer.engines.opensearch.address import Address
from indexer.engines.opensearch.cluster import Cluster
from indexer.engines.opensearch.writer import OpenSearchWriter
from indexer.opening import open_writer
from tests.opensearch.proxy import Door
from tests.support import ROOT, one_report


@pytest.fixture
def place(places):
    return places()


@pytest.fixture
def cluster(place):
    cluster = Cluster(Address.read(place))
    yield cluster
    cluster.close()


def texts(place):
    with open_index(place) as index:
        return sorted(hit.text for hit in index.search("法", per_page=100).hits)


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
    assert texts(place) == ["法一", "法三", "法二"]
    writer.commit(Catalogue().text())
    assert texts(place) == ["法五", "法四"]
    assert damaged_files(place)[1] == []


def test_a_reader_learns_of_the_next_generation(place):
    build_index(place, [one_report("法一", id="a")])
    with open_index(place) as index:
        assert not index.outdated()
        writer = open_writer(place)
        writer.put(one_report("法二", id="b"))
        name = writer.commit(Catalogue().text())
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
        assert texts(place) == ["法一"]
    assert len(indexes(cluster)) == 1


def test_a_full_build_takes_over_what_nothing_was_said_of_and_removes_the_old_index(place, cluster):
    build_index(place, [one_report("法一", id="a"), one_report("法二", "法三", id="b"), one_report("法四", id="c")])
    before = indexes(cluster)
    writer = open_writer(place, rebuild=True)
    writer.put(one_report("法五", id="a"))
    writer.drop("c")
    writer.commit(Catalogue().text())
    assert texts(place) == ["法三", "法二", "法五"]
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
        writer.commit(Catalogue().text())
        assert texts(place) == ["法2"]
        assert damaged_files(place)[1] == []


def test_only_a_full_build_must_be_alone(place, monkeypatch):
    build_index(place, [one_report("法一", id="a")])
    one = open_writer(place)
    try:
        with pytest.raises(IndexBusy):
            open_writer(place)
        with pytest.raises(IndexBusy):
            open_writer(place, rebuild=True)
        monkeypatch.setenv("FAZHI_MACHINE", "another")
        other = open_writer(place)
        other.put(one_report("法二", id="b"))
        other.commit(Catalogue().text())
    finally:
        one.put(one_report("法三", id="c"))
        one.commit(Catalogue().text())
    assert texts(place) == ["法一", "法三", "法二"]
    alone = open_writer(place, rebuild=True)
    try:
        with pytest.raises(IndexBusy):
            open_writer(place)
    finally:
        alone.abort()


def test_who_was_silent_for_too_long_publishes_nothing(place, monkeypatch):
    build_index(place, [one_report("法一", id="a")])
    with monkeypatch.context() as patch:
        patch.setattr(leases, "LASTS", -1.0)
        silent = open_writer(place)
    other = open_writer(place, rebuild=True)
    other.put(one_report("法二", id="b"))
    other.commit(Catalogue().text())
    silent.put(one_report("法三", id="c"))
    with pytest.raises(IndexBusy):
        silent.commit(Catalogue().text())
    assert texts(place) == ["法一", "法二"]


@pytest.mark.parametrize(
    ("system", "taken_over"),
    [
        pytest.param(leases._system(), True, id="here"),
        pytest.param("another boot pid:[4026531836]", False, id="on_another_host_of_this_name"),
        pytest.param(f"{(leases._system() or '').split()[0]} pid:[1]", False, id="in_another_container"),
        pytest.param(None, False, id="nobody_knows_where"),
    ],
)
def test_a_process_that_is_not_here_is_dead_only_where_it_would_be_seen(place, cluster, monkeypatch, system, taken_over):
    build_index(place, [one_report("法一", id="a")])
    with monkeypatch.context() as patch:
        patch.setattr(leases, "_system", lambda: system)
        writer = open_writer(place)
    if system is None:
        monkeypatch.setattr(leases, "_system", lambda: None)
    gone = subprocess.Popen([sys.executable, "-c", ""])
    gone.wait()
    machines = f"{cluster.address.name}.machines"
    (lease,) = [hit for hit in cluster.client.search(index=machines)["hits"]["hits"] if hit["_id"].startswith("machine~")]
    cluster.client.index(index=machines, id=lease["_id"], body=lease["_source"] | {"process": gone.pid}, refresh=True)
    try:
        if taken_over:
            open_writer(place).abort()
        else:
            with pytest.raises(IndexBusy):
                open_writer(place)
    finally:
        writer.abort()


def test_a_lease_is_renewed_while_its_writer_lives(place, cluster, monkeypatch):
    monkeypatch.setattr(leases, "RENEWED", 0.01)
    writer = open_writer(place)

    def ends():
        return cluster.client.get(index=f"{cluster.address.name}.machines", id="alone")["_source"]["ends"]

    first = ends()
    while ends() == first:
        assert writer._lease._renewal.is_alive()
    writer.abort()
    assert not cluster.client.exists(index=f"{cluster.address.name}.machines", id="alone")


def test_machines_with_folders_of_the_same_name_keep_their_own_reports(place, tmp_path, monkeypatch):
    for machine in ("one", "two"):
        folder = tmp_path / machine / "corpus"
        folder.mkdir(parents=True)
        (folder / "甲县2022年法治政府建设情况报告.txt").write_text(
            f"甲县2022年法治政府建设情况报告\n\n{machine}的法治。\n", encoding="utf-8"
        )
        monkeypatch.setenv("FAZHI_MACHINE", machine)
        assert main([str(folder), "--index", place, "-q"]) == 0
    assert texts(place)[:1] == ["one的法治。"]
    assert "two的法治。" in texts(place)
    # A full build of one takes over what the other put, and its catalogue.
    assert main([str(folder), "--index", place, "--full", "-q"]) == 0
    monkeypatch.setenv("FAZHI_MACHINE", "one")
    (tmp_path / "one" / "corpus" / "甲县2022年法治政府建设情况报告.txt").unlink()
    (tmp_path / "one" / "corpus" / "乙县2022年法治政府建设情况报告.txt").write_text(
        "乙县2022年法治政府建设情况报告\n\n新的法治。\n", encoding="utf-8"
    )
    assert main([str(tmp_path / "one" / "corpus"), "--index", place, "-q"]) == 0
    found = texts(place)
    assert "新的法治。" in found
    assert "two的法治。" in found
    assert "one的法治。" not in found


def test_a_name_for_a_folder_is_taken_once(place, monkeypatch):
    build_index(place, [one_report("法一", id="a")])
    writers = []
    for machine in ("one", "two"):
        monkeypatch.setenv("FAZHI_MACHINE", machine)
        writers.append(open_writer(place))
    text = Catalogue({"corpus": "/somewhere"}).text()
    writers[0].commit(text)
    with pytest.raises(IndexBusy):
        writers[1].commit(text)
    monkeypatch.setenv("FAZHI_MACHINE", "two")
    assert Catalogue.read(open_writer_and_abort(place)).taken == ["corpus"]


def open_writer_and_abort(place):
    writer = open_writer(place)
    writer.abort()
    return writer.catalogue


def test_a_catalogue_of_many_pieces_comes_back(place, monkeypatch):
    monkeypatch.setattr(holdings, "PART", 7)
    text = Catalogue({"语料": "/somewhere"}).text()
    for _ in range(2):
        opened = open_writer(place)
        opened.put(one_report("法", id="a"))
        opened.commit(text)
        assert open_writer_and_abort(place) == text


def test_another_schema_is_refused_and_built_anew(place, monkeypatch):
    build_index(place, [one_report("法一", id="a")])
    monkeypatch.setattr(schema, "SCHEMA_VERSION", 99)
    for opening in (open_index, open_writer):
        with pytest.raises(IndexOutdated, match="reindex --full"):
            opening(place)
    opened = open_writer(place, rebuild=True)
    assert opened.anew
    opened.put(one_report("法二", id="b"))
    opened.commit(Catalogue().text())
    assert texts(place) == ["法二"]


def test_a_reader_refuses_what_another_version_put_in_place(place, monkeypatch):
    build_index(place, [one_report("法一", id="a")])
    with open_index(place) as index:
        build_index(place, [one_report("法二", id="a")])
        assert [hit.text for hit in index.search("法").hits] == ["法二"]
        with monkeypatch.context() as patch:
            patch.setattr(schema, "SCHEMA_VERSION", 99)
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
        opened.commit(Catalogue().text())
    assert texts(place) == ["法一"]


def test_passages_that_are_gone_are_told(place, cluster):
    build_index(place, [one_report("法一", "法二", id="a")])
    cluster.client.delete(index=cluster.address.name, id="a~0.p1", routing="a", refresh=True)
    assert main(["--index", place, "--verify"]) == 1


def test_a_document_refused_for_good_ends_the_run(place):
    opened = open_writer(place)
    opened._loader.add([bulk.Operation.write("x", "x", {"unheard_of": 1})])
    with pytest.raises(ClusterRefused, match="strict_dynamic_mapping_exception"):
        opened.commit(Catalogue().text())
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
    assert texts(place) == ["法一"]
    # The next run needs nobody's help, and clears up.
    build_index(place, [one_report("法二", id="a")])
    assert texts(place) == ["法二"]
    assert len(indexes(cluster)) == 1


def test_a_killed_run_leaves_every_report_whole(nodes, place, cluster):
    build_index(place, [one_report("法旧", "法旧", id=f"r{number}") for number in range(40)])
    script = """
import sys
from indexer.engines.opensearch import bulk
from indexer.opening import open_writer
from tests.support import one_report
bulk.FULL = 2000
writer = open_writer(sys.argv[1])
for number in range(40):
    writer.put(one_report("法新", "法新", "法新", id=f"r{number}"))
writer.commit('{"folders": {}, "sources": {}}')
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
    opened.commit(Catalogue().text())


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
    writer.commit(Catalogue().text())
    assert texts(place) == ["法新"]


def test_what_a_run_has_sent_does_not_show_before_it_publishes(place):
    sections = [(("一、原有",), "法一"), (("二、原有",), "法二")]
    held = [Report.from_blocks(id=id, title=f"原题{id}", blocks=sections) for id in ("changed", "resectioned", "dropped", "kept")]
    build_index(place, held)
    writer = OpenSearchWriter(Address.read(place))
    writer.put(Report.from_blocks(id="changed", title="新题", blocks=[*sections, (("三、新增",), "法三")]))
    writer.put(Report.from_blocks(id="resectioned", title="新题", blocks=[((), "法一"), ((), "法二")]))
    writer.drop("dropped")
    writer._take_all()
    writer._send_spooled()
    writer._loader.finish()
    with open_index(place) as index:
        page = index.search("法", per_page=100)
        assert sorted((hit.report.title, hit.text, hit.section[-1].heading) for hit in page.hits) == sorted(
            (report.title, passage.text, passage.section[-1].heading) for report in held for passage in report.paragraphs
        )
        assert list(index.hits(page.request)) == page.hits
        assert {report.id: report for report in held} == {report.id: index.report(report.id) for report in held}
    writer.abort()


@pytest.mark.parametrize("collapse", [False, True])
def test_a_whole_result_is_of_one_state_whatever_is_published_meanwhile(place, monkeypatch, collapse):
    monkeypatch.setattr(engine, "LOT", 1)
    sections = [(("一、原有",), "法一"), (("二、原有",), "法二")]
    held = [Report.from_blocks(id=id, title=f"原题{id}", blocks=sections) for id in "abcd"]
    build_index(place, held)
    with open_index(place) as index:
        page = index.search("法", collapse=collapse, per_page=100)
        hits = index.hits(page.request)
        found = [next(hits)]
        writer = open_writer(place)
        for id in "ab":
            writer.drop(id)
        for id in "cd":
            writer.put(Report.from_blocks(id=id, title="新题", blocks=[((), "法一"), ((), "法二")]))
        writer.commit(Catalogue().text())
        found += hits
        assert found == page.hits
        assert {hit.report.title for hit in index.run(page.request).hits} == {"新题"}


def test_a_report_that_is_replaced_while_it_is_read_is_read_again(place, monkeypatch):
    sections = [(("一、原有",), "法一"), (("二、原有",), "法二")]
    held = Report.from_blocks(id="a", title="题", blocks=sections)
    build_index(place, [held])
    failing = [1]

    def passage_of(hit, report):
        if failing:
            failing.pop()
            raise reading.Replaced(report.id)
        return right(hit, report)

    right = reading.passage_of
    monkeypatch.setattr(reading, "passage_of", passage_of)
    with open_index(place) as index:
        assert index.report("a") == held
        failing = [1] * 100
        with pytest.raises(IndexCorrupt, match="report a lacks what its passages name"):
            index.report("a")


def test_a_report_of_more_passages_than_one_reply_holds_comes_whole(place, monkeypatch):
    held = one_report(*(f"法{number}" for number in range(25)), id="a")
    build_index(place, [held, one_report("法", id="b")])
    monkeypatch.setattr(reading, "LOT", 10)
    with open_index(place) as index:
        assert index.report("a") == held


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
    assert texts(place) == ["法一"]
    writer = open_writer(place)
    writer.put(one_report("法二", id="b"))
    writer.commit(Catalogue().text())
    assert texts(place) == ["法一", "法二"]


def test_deep_pages_and_whole_results_go_on_from_hit_to_hit(place, cluster, monkeypatch):
    reports = [Report.from_blocks(id=f"r{n}", title="题", blocks=[((), f"法{m % 70}") for m in range(100)]) for n in range(11)]
    build_index(place, reports)
    # A tenth of what a cluster allows by default, and of what is asked of one.
    cluster.client.indices.put_settings(index=cluster.address.name, body={"index.max_result_window": engine.WINDOW // 10})
    with open_index(place) as index:
        with pytest.raises(ClusterRefused, match="Result window is too large"):
            index.search("法", page=21, per_page=50, kinds=["paragraph"])
        monkeypatch.setattr(engine, "WINDOW", engine.WINDOW // 10)
        page = index.search("法", page=21, per_page=50, kinds=["paragraph"])
        assert page.total.paragraphs == 1_100
        assert [hit.id for hit in page.hits] == [hit.id for hit in list(index.hits(page.request))[1_000:1_050]]
        assert index.search("法", page=23, per_page=50, kinds=["paragraph"]).hits == []
        collapsed = index.search("法", collapse=True, kinds=["paragraph"])
        assert collapsed.total.hits == 70
        assert sum(1 + hit.same for hit in index.hits(collapsed.request)) == 1_100


def test_groups_too_many_for_one_reply_are_counted_in_parts(place, monkeypatch):
    build_index(place, [one_report(*(f"法{number % 90}" for number in range(120)), id="a")])
    for module in (asked, engine):
        monkeypatch.setattr(module, "GROUPS", 30)
    with open_index(place) as index:
        assert index.search("法", collapse=True).total.hits == 90


def test_a_spelling_is_offered_only_where_all_texts_that_may_hold_it_can_be_read(place, monkeypatch):
    build_index(place, [one_report(*["行政复议"] * 5, *["行政服从"] * 2, "政服议", id="a")])
    with open_index(place) as index:
        request = index.search("行政服议").request
        assert index.explain(request).nearest == [("行政服议", "行政复议", 5)]
        monkeypatch.setattr(engine, "OCCURRENCES_LIMIT", 4)
        assert index.explain(request).nearest == []
