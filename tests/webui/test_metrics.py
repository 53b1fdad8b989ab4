"""Figures for Prometheus, from one process and from several."""

import os
import subprocess
import sys
import urllib.request
from dataclasses import replace

import pytest
from prometheus_client.parser import text_string_to_metric_families

from indexer import Remark, Report, build_index
from indexer.lastrun import LastRun, note_run
from tests.webui.conftest import serving
from webui import create_app


def figures(text):
    return {
        (sample.name, *sorted(sample.labels.items())): sample.value
        for family in text_string_to_metric_families(text)
        for sample in family.samples
    }


@pytest.fixture
def index(tmp_path):
    report = Report.from_blocks(id="r", title="报告", blocks=[((), "法治")])
    build_index(tmp_path / "index", [replace(report, remarks=(Remark("year-missing"),))])
    return str(tmp_path / "index")


def test_nothing_is_told_unless_it_is_wanted(index):
    assert create_app(index).test_client(use_cookies=False).get("/metrics").status_code == 404


def test_requests_are_counted_by_view_and_status(index):
    client = create_app(index, metrics=True).test_client(use_cookies=False)
    for address in ("/?q=法治", "/?q=法治", "/?q=(", "/nowhere"):
        client.get(address).close()
    reply = client.get("/metrics")
    told = figures(reply.text)
    assert reply.content_type.startswith("text/plain; version=")
    assert told["fazhi_requests_total", ("status", "200"), ("view", "pages.index")] == 2
    assert told["fazhi_requests_total", ("status", "400"), ("view", "pages.index")] == 1
    assert told["fazhi_requests_total", ("status", "404"), ("view", "none")] == 1
    assert told["fazhi_request_seconds_count", ("view", "pages.index")] == 3
    assert "法治" not in reply.text


def test_the_index_and_the_last_run_are_told(index, tmp_path):
    note_run(index, LastRun.now(3, 1.5, 2))
    told = figures(create_app(index, metrics=True).test_client(use_cookies=False).get("/metrics").text)
    assert told["fazhi_index_up",] == 1
    assert (told["fazhi_reports",], told["fazhi_passages",], told["fazhi_reports_to_check",]) == (1, 2, 1)
    assert (told["fazhi_last_reindex_exit_code",], told["fazhi_last_reindex_rejected",]) == (3, 2)
    assert told["fazhi_last_reindex_timestamp_seconds",] > 1.7e9
    none = figures(create_app(str(tmp_path / "none"), metrics=True).test_client(use_cookies=False).get("/metrics").text)
    assert none["fazhi_index_up",] == 0
    assert ("fazhi_reports",) not in none


@pytest.mark.skipif(sys.platform == "win32", reason="one worker there")
def test_workers_add_up(index):
    with serving(index, "--metrics", "--workers", "2") as address:
        for _ in range(20):
            urllib.request.urlopen(f"{address}/help").read()
        told = [figures(urllib.request.urlopen(f"{address}/metrics").read().decode()) for _ in range(4)]
    assert [one["fazhi_requests_total", ("status", "200"), ("view", "pages.help_page")] for one in told] == [20] * 4
    assert told[-1]["fazhi_worker_starts_total",] == 2
    assert told[-1]["fazhi_index_up",] == 1


def test_the_command_says_what_would_keep_it_from_serving(index, tmp_path):
    def check(*arguments, **environment):
        command = [sys.executable, "-c", "from webui.cli import main; main()", "--check", *arguments]
        ended = subprocess.run(command, capture_output=True, text=True, env={**os.environ, **environment}, check=False)
        return ended.returncode, ended.stdout

    code, printed = check("--index", index, "--port", "0")
    assert (code, "ok    address: can be used" in printed) == (0, True)
    code, printed = check("--index", str(tmp_path / "none"), "--host", "192.0.2.1", FAZHI_PUBLIC_URL="nowhere")
    assert code == 5
    assert [line.partition(":")[0] for line in printed.splitlines() if line.startswith("wrong")] == [
        "wrong index",
        "wrong settings",
        "wrong address",
    ]
