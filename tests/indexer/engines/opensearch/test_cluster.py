"""Who is let in, whom we trust, and what is said when nobody answers."""

import ssl
import uuid
from base64 import b64encode

import pytest
import trustme

from indexer import BadPath, ClusterAway, ClusterRefused, build_index, open_index
from indexer.cli import main
from indexer.engines.opensearch import bulk, cluster
from tests.opensearch.proxy import Door
from tests.support import one_report
from webui import create_app


@pytest.fixture
def door(nodes):
    with Door(nodes.ports[0]) as door:
        yield door


@pytest.fixture
def place(door):
    return f"http://127.0.0.1:{door.server_port}/t{uuid.uuid4().hex[:12]}"


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


def test_a_run_ends_with_1_and_the_address_without_the_password(capsys, tmp_path):
    (tmp_path / "甲县2022年法治政府建设情况报告.txt").write_text("甲县2022年法治政府建设情况报告\n\n法治。\n", encoding="utf-8")
    assert main([str(tmp_path), "--index", "http://clerk:secret@127.0.0.1:1/reports"]) == 1
    said = capsys.readouterr().err
    assert "http://127.0.0.1:1/reports: the cluster does not answer" in said
    assert "secret" not in said


def test_the_page_and_the_api_answer_503_while_the_cluster_is_away(door, place, monkeypatch):
    monkeypatch.setattr(cluster, "RETRIES", 0)
    build_index(place, [one_report("法治")])
    client = create_app(place).test_client()
    assert client.get("/readyz").status_code == 200
    assert "法治" in client.get("/", query_string={"q": "法治"}).text
    door.shut = True
    page, reply = client.get("/", query_string={"q": "法治"}), client.get("/api/v1/search", query_string={"q": "法治"})
    assert (page.status_code, reply.status_code, client.get("/readyz").status_code) == (503, 503, 503)
    assert "检索服务暂时连不上" in page.text
    assert reply.mimetype == "application/problem+json"
    assert reply.headers["Retry-After"]
    assert client.get("/healthz").status_code == 200
    door.shut = False
    assert (client.get("/", query_string={"q": "法治"}).status_code, client.get("/readyz").status_code) == (200, 200)


def test_a_load_outlives_a_cluster_that_is_away_for_a_while_and_not_for_good(door, place, monkeypatch):
    monkeypatch.setattr(cluster, "RETRIES", 0)
    real = bulk.Loader._load

    def load(self, operations):
        door.shut = True
        self._given_up.wait(0.1)
        if bulk.PATIENCE > 1:
            monkeypatch.setattr(bulk.random, "uniform", lambda *_: setattr(door, "shut", False) or 1.0)
        real(self, operations)

    with monkeypatch.context() as patch:
        patch.setattr(bulk.Loader, "_load", load)
        build_index(place, [one_report("法一", id="a")])
        patch.setattr(bulk, "PATIENCE", 0.5)
        patch.setattr(bulk.random, "uniform", lambda low, high: low)
        with pytest.raises(ClusterAway, match="documents not taken"):
            build_index(place, [one_report("法二", id="a")])
    door.shut = False
    with open_index(place) as index:
        assert [hit.text for hit in index.search("法").hits] == ["法一"]
