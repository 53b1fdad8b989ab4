"""Pages answer while the index is built anew, by the same version or by a newer one with another layout."""

import subprocess
import sys
import threading
from contextlib import contextmanager

import pytest

from indexer.engines.whoosh import opened, writer
from tests.support import FIRST_REPORT
from webui import create_app, live

NEWER = 999
"""The layout of a version to come."""
RUN = "from indexer.engines.whoosh import opened, writer; from indexer.cli import main; import sys; layout = int(sys.argv.pop(1)); "
RUN += "opened.SCHEMA_VERSION = writer.SCHEMA_VERSION = layout; raise SystemExit(main())"


def reindex(index, layout):
    command = [sys.executable, "-P", "-c", RUN, str(layout), str(FIRST_REPORT.parent), "--index", str(index), "--full", "-q"]
    subprocess.run(command, check=True)


def generation(client):
    return client.get("/api/v1/search?q=法治").json["index"]["generation"]


@contextmanager
def asked_throughout(app):
    """The statuses of pages that are asked for one after another meanwhile."""
    statuses, over = [], threading.Event()

    def ask():
        client = app.test_client(use_cookies=False)
        while not over.is_set():
            for path in ("/?q=法治", "/api/v1/search?q=行政", "/corpus", "/readyz"):
                statuses.append((path, client.get(path).status_code))

    asking = threading.Thread(target=ask)
    asking.start()
    try:
        yield statuses
    finally:
        over.set()
        asking.join(60)


@pytest.fixture
def index(tmp_path, monkeypatch):
    monkeypatch.setattr(live, "CHECK_EVERY", -1.0)
    reindex(tmp_path / "index", opened.SCHEMA_VERSION)
    return tmp_path / "index"


def test_pages_answer_while_all_is_read_again_and_then_from_the_new_generation(index):
    app = create_app(str(index))
    client = app.test_client(use_cookies=False)
    before = generation(client)
    with asked_throughout(app) as statuses:
        reindex(index, opened.SCHEMA_VERSION)
        assert generation(client) != before
    assert len(statuses) > 3
    assert {status for _, status in statuses} == {200}


def test_an_upgrade_is_built_beside_the_old_version_which_goes_on_answering(index, monkeypatch):
    old = create_app(str(index))
    client = old.test_client(use_cookies=False)
    before = generation(client)
    with monkeypatch.context() as newer:
        newer.setattr(opened, "SCHEMA_VERSION", NEWER)
        newer.setattr(writer, "SCHEMA_VERSION", NEWER)
        new = create_app(str(index)).test_client(use_cookies=False)
        refused = new.get("/readyz")
        assert (refused.status_code, refused.text) == (503, "IndexOutdated\n")
        page = new.get("/?q=法治")
        assert (page.status_code, "reindex" in page.text) == (503, True)
    with asked_throughout(old) as statuses:
        reindex(index, NEWER)
        # It cannot read the new one, and stays with its own.
        assert generation(client) == before
    assert {status for _, status in statuses} == {200}
    monkeypatch.setattr(opened, "SCHEMA_VERSION", NEWER)
    assert new.get("/readyz").status_code == 200
    assert generation(new) != before
