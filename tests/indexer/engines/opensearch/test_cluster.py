"""Who is let in, whom we trust, and what is said when nobody answers."""

import ssl
import subprocess
import sys
import threading
import uuid
from base64 import b64encode

import pytest
import trustme

from indexer import BadPath, ClusterAway, ClusterRefused, SearchRequest, build_index, open_index
from indexer.engines.opensearch import bulk, engine
from indexer.engines.opensearch.address import Address
from indexer.engines.opensearch.cluster import Cluster
from tests.opensearch.proxy import Door
from tests.support import ROOT, one_report
from webui import create_app
from webui.live import LiveIndex


@pytest.fixture
def door(nodes):
    with Door(nodes.ports[0]) as door:
        yield door


@pytest.fixture
def place(door):
    """Where nothing was published, behind the door."""
    return f"http://127.0.0.1:{door.server_port}/t{uuid.uuid4().hex[:12]}"


@pytest.fixture
def held(door, build_on_cluster):
    """An index behind the door that tests only read, of one paragraph 法治."""
    return f"http://127.0.0.1:{door.server_port}/{build_on_cluster([one_report('法治', id='a')]).rpartition('/')[2]}"


def basic(user, password):
    return "Basic " + b64encode(f"{user}:{password}".encode()).decode()


def test_user_and_password_come_from_the_environment_or_the_address(door, place, monkeypatch):
    door.authorization = basic("clerk", "p@ss:w")
    with pytest.raises(ClusterRefused, match="check FAZHI_OPENSEARCH_USER"):
        build_index(place, [one_report("法")])
    build_index(place.replace("//", "//clerk:p%40ss%3Aw@"), [one_report("法")])
    monkeypatch.setenv("FAZHI_OPENSEARCH_USER", "clerk")
    monkeypatch.setenv("FAZHI_OPENSEARCH_PASSWORD", "p@ss:w")
    with open_index(place) as index:
        assert index.search("法").total.paragraphs == 1


def test_a_key_comes_from_the_environment(door, place, monkeypatch):
    door.authorization = "ApiKey abc=="
    monkeypatch.setenv("FAZHI_OPENSEARCH_API_KEY", "abc==")
    build_index(place, [one_report("法")])
    with open_index(place) as index:
        assert index.search("法").total.paragraphs == 1


def test_only_a_trusted_certificate_is_spoken_to(nodes, tmp_path, monkeypatch):
    authority = trustme.CA()
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert("127.0.0.1").configure_cert(context)
    authority.cert_pem.write_to_path(tmp_path / "ca.pem")
    with Door(nodes.ports[0], context) as door:
        place = f"https://127.0.0.1:{door.server_port}/t{uuid.uuid4().hex[:12]}"
        with pytest.raises(ClusterAway, match="FAZHI_OPENSEARCH_CA"):
            build_index(place, [one_report("法")])
        monkeypatch.setenv("FAZHI_OPENSEARCH_CA", str(tmp_path / "ca.pem"))
        build_index(place, [one_report("法")])
        with open_index(place) as index:
            assert index.search("法").total.paragraphs == 1


def test_settings_that_cannot_be_are_named(monkeypatch):
    for name, value in (("FAZHI_OPENSEARCH_CA", "/nowhere.pem"), ("FAZHI_OPENSEARCH_TIMEOUT", "soon")):
        with monkeypatch.context() as patch:
            patch.setenv(name, value)
            with pytest.raises(BadPath, match=name):
                open_index("http://127.0.0.1:1/reports")


def test_a_run_ends_with_1_and_the_address_without_the_password(tmp_path):
    (tmp_path / "甲县2022年法治政府建设情况报告.txt").write_text("甲县2022年法治政府建设情况报告\n\n法治。\n", encoding="utf-8")
    command = [sys.executable, "-c", "from indexer.cli import reindex_command; reindex_command()", str(tmp_path)]
    done = subprocess.run([*command, "--index", "http://clerk:secret@127.0.0.1:1/reports"], capture_output=True, text=True, cwd=ROOT)
    assert done.returncode == 1
    assert done.stdout + done.stderr == "reindex: http://127.0.0.1:1/reports: the cluster does not answer: it cannot be reached\n"


def test_all_reports_are_read_in_one_go(door, place, monkeypatch):
    build_index(place, [one_report("法", id=f"r{number}", year=2000 + number % 7) for number in range(30)])
    # A page behind the window is reached from the first hit on, every time anew.
    monkeypatch.setattr(engine, "WINDOW", 10)
    with open_index(place) as index:
        before = door.asked
        held = LiveIndex(place).reports(index)
        # A point in time, one search, and its end.
        assert door.asked == before + 3
        assert held == [listed.report for listed in index.list_reports(SearchRequest(per_page=100)).reports]
        assert len(held) == 30


def test_the_page_and_the_api_answer_503_while_the_cluster_is_away(door, held):
    client = create_app(held).test_client(use_cookies=False)
    assert client.get("/readyz").status_code == 200
    assert "法治" in client.get("/", query_string={"q": "法治"}).text
    door.shut = True
    # What was answered of this generation already is answered from memory; all else is not.
    page, reply = client.get("/", query_string={"q": "法"}), client.get("/api/v1/search", query_string={"q": "法"})
    assert (page.status_code, reply.status_code, client.get("/readyz").status_code) == (503, 503, 503)
    assert "检索服务暂时连不上" in page.text
    assert reply.mimetype == "application/problem+json"
    assert page.headers["Retry-After"]
    assert reply.headers["Retry-After"]
    assert client.get("/healthz").status_code == 200
    door.shut = False
    assert (client.get("/", query_string={"q": "法治"}).status_code, client.get("/readyz").status_code) == (200, 200)


def test_a_server_tells_its_log_of_damage_and_no_password(place, caplog):
    build_index(place, [one_report("法一", "法二", id="a")])
    cluster = Cluster(Address.read(place))
    cluster.client.delete(index=cluster.address.name, id="a~0.p1", routing="a", refresh=True)
    cluster.close()
    create_app(place.replace("//", "//clerk:secret@")).test_client(use_cookies=False).get("/", query_string={"q": "法"})
    for thread in threading.enumerate():
        if thread.name == "verify":
            thread.join()
    assert "1 of the 3 passages of its 1 reports are not there" in caplog.text
    assert "secret" not in caplog.text


def test_a_server_starts_while_the_cluster_is_away(door, held):
    door.shut = True
    client = create_app(held).test_client(use_cookies=False)
    assert (client.get("/api/v1/search", query_string={"q": "法治"}).status_code, client.get("/readyz").status_code) == (503, 503)
    door.shut = False
    assert client.get("/api/v1/search", query_string={"q": "法治"}).json["total"]["paragraphs"] == 1


def test_a_node_that_says_nothing_is_waited_for_once_or_twice(nodes, door, held, monkeypatch):
    monkeypatch.setenv("FAZHI_OPENSEARCH_TIMEOUT", "0.5")
    with open_index(held) as index:
        door.silent, before = True, door.asked
        with pytest.raises(ClusterAway, match="FAZHI_OPENSEARCH_TIMEOUT"):
            index.search("法")
        assert door.asked == before + 2
    # Another node is asked in its place.
    with open_index(held.replace("/t", f",127.0.0.1:{nodes.ports[0]}/t")) as index:
        assert [index.search("法").total.paragraphs for _ in range(4)] == [1] * 4


@pytest.mark.parametrize("status", [0, 500, 502, 503, 504])
def test_a_search_that_a_node_dies_under_is_asked_again(door, held, status):
    with open_index(held) as index:
        door.refusing = {"/_search": [status]}
        assert index.search("法").total.paragraphs == 1
        door.refusing = {"/_search": [status] * 2}
        with pytest.raises(ClusterAway):
            index.search("法")


def test_a_run_loses_nothing_where_requests_are_done_but_their_replies_get_lost(door, place):
    door.forgetful = True
    for texts in (["法一", "法二"], ["法三"]):
        build_index(place, [one_report(*texts, id="a")])
        with open_index(place) as index:
            assert sorted(hit.text for hit in index.search("法").hits) == texts
    assert len(door.forgotten) > 10


def test_documents_refused_for_now_are_sent_again(door, place, monkeypatch):
    """opensearch-py's own helper gives them up: https://github.com/opensearch-project/opensearch-py/issues/964."""
    monkeypatch.setattr(bulk, "PAUSE", 0.01)
    door.turning_away = [429, 503, 429]
    door.refusing = {"/_bulk": [429, 0, 503, 503, 0]}
    build_index(place, [one_report(*(f"法{number}" for number in range(20)), id="a")])
    assert (door.turning_away, door.refusing) == ([], {"/_bulk": []})
    with open_index(place) as index:
        assert index.search("法", per_page=100).total.paragraphs == 20


@pytest.mark.parametrize("status", [0, 429])
def test_documents_that_are_not_taken_for_long_end_the_run(door, place, monkeypatch, status):
    build_index(place, [one_report("法一", id="a")])
    monkeypatch.setattr(bulk, "PATIENCE", 0.3)
    door.refusing = {"/_bulk": [status] * 1000}
    with pytest.raises(ClusterAway, match="documents not taken"):
        build_index(place, [one_report("法二", id="a")])
    with open_index(place) as index:
        assert [hit.text for hit in index.search("法").hits] == ["法一"]
