"""The log: a line a request, never what was searched for unless asked to, errors with their traceback."""

import json
import logging
import os
import re
import subprocess
import sys
from urllib.parse import quote

import pytest

from tests.webui.serving import COMMAND, serving
from webui import create_app
from webui.access import AccessLog
from webui.server import Configuration

ASKED = "/api/v1/search?q=" + quote("行政复议")


def test_a_line_a_request_as_json(place):
    with serving(place, "--log-format", "json") as server:
        replies = [server.get(ASKED, "X-Request-ID: from-proxy:7"), server.get("/nowhere"), server.get("/api/v1/search.ndjson?q=x")]
        assert server.stop() == 0
    lines = [line for line in server.lines() if line["logger"] == "webui.access"]
    assert [(line["method"], line["path"], line["status"]) for line in lines] == [
        ("GET", "/api/v1/search", 200),
        ("GET", "/nowhere", 404),
        ("GET", "/api/v1/search.ndjson", 200),
    ]
    for line, reply in zip(lines, replies, strict=True):
        head, _, body = reply.partition(b"\r\n\r\n")
        assert re.search(rb"x-request-id: (\S+)", head)[1].decode() == line["id"]
        if b"chunked" not in head:
            assert line["bytes"] == len(body)
        assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}[+-]\d\d:\d\d", line["time"])
        assert 0 < line["ms"] < 60_000
    assert lines[0]["id"] == "from-proxy:7"
    assert not any("%E8%A1%8C" in line or "行政" in line for line in server.log)


@pytest.mark.parametrize(("options", "environment"), [(["--log-queries"], {}), ([], {"FAZHI_LOG_QUERIES": "1"})])
def test_what_was_searched_for_is_logged_when_asked_to(place, options, environment):
    with serving(place, *options, FAZHI_LOG="json", **environment) as server:
        server.get(ASKED)
        server.stop()
    (line,) = (line for line in server.lines() if line["logger"] == "webui.access")
    assert line["query"] == "q=" + quote("行政复议")


def test_plain_lines_are_readable(place):
    with serving(place) as server:
        server.get("/healthz")
        server.stop()
    assert any(re.search(r" INFO webui\.access: GET /healthz 200, [\d.]+ ms, 3 bytes, [0-9a-f]{16}\n$", line) for line in server.log)


def test_an_unexpected_error_is_logged_with_traceback_and_id(place, monkeypatch, caplog):
    app = create_app(str(place))

    def broken():
        raise RuntimeError("broken on purpose")

    app.add_url_rule("/broken", view_func=broken)
    monkeypatch.setattr(app, "wsgi_app", AccessLog(app.wsgi_app))
    with caplog.at_level(logging.INFO):
        reply = app.test_client(use_cookies=False).get("/broken")
        reply.close()
    assert reply.status_code == 500
    (error,) = (record for record in caplog.records if record.exc_info)
    assert error.id == reply.headers["X-Request-ID"]
    assert "broken on purpose" in caplog.text
    (line,) = (record for record in caplog.records if record.name == "webui.access")
    assert (line.status, line.id) == (500, error.id)


def test_no_request_can_forge_a_line(place):
    with serving(place, "--log-format", "json") as server:
        for target in ["/%0a{}", "/%ff%22", '/"}', "/\u2028"]:
            server.get(target, 'X-Request-ID: "}{"')
        server.stop()
    # Each is an object, or this raises.
    lines = [line for line in server.lines() if line["logger"] == "webui.access"]
    assert [line["path"] for line in lines] == ["/%0A%7B%7D", "/%FF%22", "/%22%7D", "/%E2%80%A8"]
    assert all(re.fullmatch("[0-9a-f]{16}", line["id"]) for line in lines)


def test_a_reply_broken_off_is_logged_with_what_was_sent(caplog):
    def endless(environ, start_response):
        start_response("200 OK", [])
        return (b"x" * 10 for _ in range(1000))

    environ = {"REQUEST_METHOD": "GET", "PATH_INFO": "/", "QUERY_STRING": ""}
    with caplog.at_level(logging.INFO):
        reply = AccessLog(endless)(environ, lambda *said: None)
        parts = iter(reply)
        assert next(parts) + next(parts) == b"x" * 20
        reply.close()
    assert caplog.records[-1].bytes == 20


def test_the_server_logs_without_queries_unless_told():
    assert (configuration := Configuration("nowhere")).logged(configuration.site())._queries is False


@pytest.mark.parametrize("setting", [["--log-format", "xml"], []])
def test_an_unknown_form_is_a_usage_error(setting, place):
    done = subprocess.run([*COMMAND, *setting], env=os.environ | {"FAZHI_LOG": "xml"}, capture_output=True, text=True, check=False)
    assert done.returncode == 2
    assert "plain, json" in done.stderr


def test_reindex_logs_objects_too(tmp_path):
    (tmp_path / "corpus").mkdir()
    (tmp_path / "corpus" / "空.txt").write_text("", encoding="utf-8")
    command = [sys.executable, "-c", "from indexer.cli import reindex_command; reindex_command()"]
    options = [str(tmp_path / "corpus"), "--index", str(tmp_path / "index"), "--log-format", "json"]
    done = subprocess.run([*command, *options], env=os.environ, capture_output=True, text=True, check=False)
    assert done.returncode == 3
    rejected, summary = map(json.loads, done.stderr.splitlines())
    assert (rejected["level"], rejected["path"], rejected["reason"]) == ("warning", "corpus/空.txt", "the file is empty")
    assert (summary["message"], summary["rejected"], summary["added"]) == ("reindexed", 1, 0)
