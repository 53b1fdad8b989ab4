"""The `webui` command as a process, and what only a real connection shows."""

import json
import multiprocessing
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from pathlib import Path
from urllib.parse import quote, urlsplit

import pytest

from indexer import BadPath, build_index
from tests.support import one_report
from tests.webui.serving import COMMAND, PATIENCE, serving, wait_until
from webui.access import AccessLog
from webui.cli import main
from webui.live import CHECK_EVERY
from webui.mcp import cli as mcp_cli
from webui.server import Configuration, _end_when_stopped, _start


def ask(server, line):
    """Status, headers and body of a reply to a request line sent as these bytes."""
    where = urlsplit(server)
    with socket.create_connection((where.hostname, where.port), timeout=PATIENCE) as sent:
        sent.sendall(line + b" HTTP/1.1\r\nHost: test\r\nConnection: close\r\n\r\n")
        reply = b"".join(iter(lambda: sent.recv(65536), b""))
    head, _, body = reply.partition(b"\r\n\r\n")
    status, *headers = head.decode("latin-1").split("\r\n")
    named = (header.split(": ", 1) for header in headers)
    return int(status.split()[1]), {name.lower(): value for name, value in named}, body


def test_an_address_may_hold_han_characters_as_they_are(server):
    status, _, body = ask(server, "GET /api/v1/search?q=行政复议".encode())
    assert status == 200
    assert json.loads(body)["query"]["q"] == "行政复议"


@pytest.mark.parametrize("target", [b"/?q=\xff\xfe", b"/\xff", b"//[", b"/reports/%00", b"/?%00=1", b"/static/../__init__.py", b"*"])
def test_no_address_breaks_it(server, target):
    assert ask(server, b"GET " + target)[0] in (200, 400, 404)
    assert ask(server, b"GET /healthz")[0] == 200


@pytest.mark.parametrize("path", [b"/", b"/api/v1/search?q=x"])
def test_a_refused_method_is_told_which_are_not(server, path):
    status, headers, _ = ask(server, b"POST " + path)
    assert status == 405
    assert "GET" in headers["allow"]


@pytest.mark.parametrize("path", ["/", "/?q=法治", "/api/v1/search?q=法治", "/healthz"])
def test_head_is_get_without_the_body(server, path):
    got, told = ask(server, f"GET {path}".encode()), ask(server, f"HEAD {path}".encode())
    assert (told[0], told[2]) == (200, b"")
    assert told[1].get("etag") == got[1].get("etag")
    assert told[1]["content-length"] == got[1]["content-length"]


@pytest.mark.parametrize(
    ("options", "code"),
    [
        (["--port", "x"], 2),
        (["--port", "70000"], 2),
        (["--workers", "0"], 2),
        (["--nope"], 2),
        (["--index", "https://cluster:9200"], 5),
        (["--index", __file__], 5),
        (["--host", "256.256.256.256"], 5),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, list) else None,
)
def test_what_cannot_be_served_has_its_exit_code(monkeypatch, options, code):
    monkeypatch.setattr(sys, "argv", ["webui", *options])
    monkeypatch.setattr("webui.cli.serve", lambda *_: pytest.fail("it is served"))
    with pytest.raises(SystemExit) as ended:
        main()
    assert ended.value.code == code


def test_a_port_that_is_taken_is_named(server):
    port = str(urlsplit(server).port)
    done = subprocess.run([*COMMAND, "--port", port], capture_output=True, text=True, timeout=PATIENCE)
    assert done.returncode == 5
    assert port in done.stderr
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize("workers", ["1", "2"])
@pytest.mark.parametrize("asked", [signal.SIGTERM, signal.SIGINT])
def test_it_stops_cleanly_when_asked(tmp_path, asked, workers):
    with serving(tmp_path / "none", "--workers", workers) as server:
        server.process.send_signal(asked)
        assert server.process.wait(PATIENCE) == 0
        with pytest.raises(ConnectionRefusedError):
            server.connect()


def test_a_terminal_s_interrupt_reaches_workers_too(tmp_path):
    with serving(tmp_path / "none", "--workers", "2", start_new_session=True) as server:
        assert server.get("/healthz")
        os.killpg(server.process.pid, signal.SIGINT)
        assert server.process.wait(PATIENCE) == 0


def test_requests_under_way_end_before_it_stops(place):
    with serving(place, "--workers", "1") as server, server.connect() as sent:
        sent.sendall(b"GET /api/v1/search.ndjson?kind=paragraph&type=other HTTP/1.1\r\nHost: test\r\nConnection: close\r\n\r\n")
        # Until the worker has it; its first request opens the index.
        wait_until(lambda: not waiting(server.place[1]))
        server.process.terminate()
        assert b"".join(iter(lambda: sent.recv(65536), b"")).startswith(b"HTTP/1.1 200")
        assert server.process.wait(PATIENCE) == 0


def waiting(port):
    """Connections to a port that no worker has taken yet (Linux)."""
    rows = [line.split() for line in Path("/proc/net/tcp").read_text(encoding="utf-8").splitlines()[1:]]
    return sum(int(row[4].split(":")[1], 16) for row in rows if row[1].endswith(f":{port:04X}") and row[3] == "0A")


def children(pid):
    return [int(child) for child in Path(f"/proc/{pid}/task/{pid}/children").read_text(encoding="utf-8").split()]


def test_each_worker_answers_and_opens_a_newer_index(tmp_path):
    build_index(tmp_path / "index", [one_report("法治")])
    with serving(tmp_path / "index", "--workers", "3") as server:
        assert wait_until(lambda: len(children(server.process.pid)) == 3)
        found = f"/api/v1/search?q={quote('法治')}"
        assert b'"paragraphs":1' in server.get(found)
        build_index(tmp_path / "index", [one_report("法治", "法治")])
        time.sleep(CHECK_EVERY + 0.1)
        assert all(b'"paragraphs":2' in server.get(found) for _ in range(30))


def test_a_worker_that_dies_is_replaced(place):
    with serving(place, "--workers", "1") as server:
        assert wait_until(lambda: children(server.process.pid))
        (worker,) = children(server.process.pid)
        os.kill(worker, signal.SIGKILL)
        assert wait_until(lambda: children(server.process.pid) not in ([], [worker]))
        assert server.get("/healthz").startswith(b"HTTP/1.1 200")
        server.stop()
    assert any("Unexpected exit" in line for line in server.log)


def test_a_worker_that_a_cut_file_ends_is_replaced_by_one_that_refuses_it(tmp_path):
    place, found = tmp_path / "index", f"/api/v1/search?q={quote('法治')}"
    build_index(place, [one_report("法治")])
    with serving(place, "--workers", "1") as server:
        assert b'"paragraphs":1' in server.get(found)
        (worker,) = children(server.process.pid)
        for file in place.glob("generations/*/*.arrays"):
            os.truncate(file, file.stat().st_size // 2)
        # As the system does when what was cut off is read before anybody has looked at the file again.
        os.kill(worker, signal.SIGBUS)
        assert wait_until(lambda: children(server.process.pid) not in ([], [worker]))
        for target in (found, "/", "/readyz"):
            assert server.get(target).startswith(b"HTTP/1.1 503")
        assert b"reindex" in server.get(found)
        build_index(place, [one_report("法治", "法治")])
        assert b'"paragraphs":2' in server.get(found)
        assert server.get("/readyz").startswith(b"HTTP/1.1 200")


def test_workers_end_when_the_server_is_killed(place):
    with serving(place, "--workers", "2") as server:
        assert wait_until(lambda: len(children(server.process.pid)) == 2)
        workers = children(server.process.pid)
        assert server.get("/healthz")
        server.process.kill()
        assert wait_until(lambda: not any(Path(f"/proc/{worker}").exists() for worker in workers))


def test_no_module_of_the_current_folder_is_imported(tmp_path):
    for name in ("json", "webui", "logging", "multiprocessing", "flask", "pickle"):
        (tmp_path / f"{name}.py").write_text(f"open({str(tmp_path / 'ran')!r}, 'w')", encoding="utf-8")
    script = Path(sys.executable).with_name("webui")
    with serving(tmp_path / "none", command=[script], cwd=tmp_path) as server:
        assert server.get("/healthz").startswith(b"HTTP/1.1 200")
    assert not (tmp_path / "ran").exists()


def test_a_worker_that_misses_its_signal_ends_once_nothing_is_under_way(monkeypatch):
    application = AccessLog(lambda environ, start_response: iter([b"part", b"part"]))
    reply = application({"REQUEST_METHOD": "GET", "PATH_INFO": "/", "QUERY_STRING": ""}, lambda *started: None)
    assert next(iter(reply)) == b"part"
    assert application.is_busy
    ended = threading.Event()
    monkeypatch.setattr("webui.server.IDLE_SECONDS", 0)
    monkeypatch.setattr("webui.server.os._exit", lambda code: ended.set())
    monkeypatch.setattr("webui.server.os.kill", lambda process, number: None)
    running, server = multiprocessing.Pipe(duplex=False)
    worker = threading.Thread(target=_end_when_stopped, args=(running, application))
    worker.start()
    server.close()
    assert not ended.wait(1)
    reply.close()
    assert ended.wait(PATIENCE)
    worker.join()


def test_it_stops_right_after_its_start_too(tmp_path):
    # A signal that reaches a worker while Python starts its fork is dropped.
    for _ in range(8):
        with serving(tmp_path / "none", "--workers", "1") as server:
            server.process.terminate()
            assert server.process.wait(PATIENCE) == 0


@pytest.mark.parametrize(
    ("kind", "wrong", "uploads", "awaits_files"),
    [
        (Configuration, False, None, True),
        (Configuration, True, True, True),
        (Configuration, True, False, False),
        (mcp_cli._Configuration, False, None, False),
    ],
)
def test_a_worker_prepares_when_it_starts(monkeypatch, tmp_path, kind, wrong, uploads, awaits_files):
    begun, readers, sites = [], [], []

    def prepare():
        begun.append(True)
        if wrong:
            raise BadPath("FAZHI_SEGMENTER")

    monkeypatch.setattr("webui.server.prepare_words", prepare)
    monkeypatch.setattr("webui.server.prepare_reader", lambda: readers.append(True))
    monkeypatch.setattr("webui.server.begin_to_prepare", sites.append)
    monkeypatch.setattr("webui.server._end_when_stopped", lambda running, application: None)
    monkeypatch.setattr("webui.server.os.setpgrp", lambda: None, raising=False)
    monkeypatch.setattr("webui.server.sys.setswitchinterval", lambda seconds: None)
    monkeypatch.setattr(Configuration, "configure_logging", lambda self: None)
    running, server = multiprocessing.Pipe()
    with running:
        assert isinstance(_start(kind(str(tmp_path), uploads=uploads), running, server), AccessLog)
    assert begun
    assert bool(readers) == awaits_files
    assert len(sites) == 1
