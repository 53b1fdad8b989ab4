"""Several writers of one index on a real node: who may write beside whom, and whose folders are whose."""

import subprocess
import sys

import pytest

from indexer import (
    IndexBusy,
    build_index,
)
from indexer.backends import backend_at, open_writer
from indexer.catalogue import Catalogue, Original, Refusal, Source
from indexer.cli import main
from indexer.engines.opensearch import catalogues, leases
from tests.support import one_report, texts_of_law


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
        other.commit(Catalogue())
    finally:
        one.put(one_report("法三", id="c"))
        one.commit(Catalogue())
    assert texts_of_law(place) == ["法一", "法三", "法二"]
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
    other.commit(Catalogue())
    silent.put(one_report("法三", id="c"))
    with pytest.raises(IndexBusy):
        silent.commit(Catalogue())
    assert texts_of_law(place) == ["法一", "法二"]


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
    assert texts_of_law(place)[:1] == ["one的法治。"]
    assert "two的法治。" in texts_of_law(place)
    # A full build of one takes over what the other put, and its catalogue.
    assert main([str(folder), "--index", place, "--full", "-q"]) == 0
    monkeypatch.setenv("FAZHI_MACHINE", "one")
    (tmp_path / "one" / "corpus" / "甲县2022年法治政府建设情况报告.txt").unlink()
    (tmp_path / "one" / "corpus" / "乙县2022年法治政府建设情况报告.txt").write_text(
        "乙县2022年法治政府建设情况报告\n\n新的法治。\n", encoding="utf-8"
    )
    assert main([str(tmp_path / "one" / "corpus"), "--index", place, "-q"]) == 0
    found = texts_of_law(place)
    assert "新的法治。" in found
    assert "two的法治。" in found
    assert "one的法治。" not in found


def test_a_name_for_a_folder_is_taken_once(place, monkeypatch):
    build_index(place, [one_report("法一", id="a")])
    writers = []
    for machine in ("one", "two"):
        monkeypatch.setenv("FAZHI_MACHINE", machine)
        writers.append(open_writer(place))
    catalogue = Catalogue({"corpus": "/somewhere"})
    writers[0].commit(catalogue)
    with pytest.raises(IndexBusy):
        writers[1].commit(catalogue)
    monkeypatch.setenv("FAZHI_MACHINE", "two")
    assert open_writer_and_abort(place).taken == ["corpus"]


def open_writer_and_abort(place):
    writer = open_writer(place)
    writer.abort()
    return writer.catalogue


def test_a_catalogue_of_many_parts_comes_back(place, monkeypatch):
    monkeypatch.setattr(catalogues, "PART", 3)
    sources = {f"语料/{number}.txt": Source(f"r{number}", number, (1, 2), "a" * 64) for number in range(25)}
    catalogue = Catalogue({"语料": "/somewhere"}, sources, {"语料/bad.txt": Refusal(1, (1, 2), "b" * 64, "empty", "1")})
    for _ in range(2):
        opened = open_writer(place)
        opened.put(one_report("法", id="a"))
        opened.commit(catalogue)
        assert open_writer_and_abort(place) == catalogue
    originals = {f"r{number}": Original("/somewhere", f"{number}.txt", "a" * 64) for number in range(25)}
    assert {id: backend_at(place).original(id) for id in [*originals, "", "r", "r3x", "z"]} == originals | dict.fromkeys(
        ["", "r", "r3x", "z"]
    )
