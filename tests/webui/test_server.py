"""The `webui` command as a process, and what only a real connection shows."""

import json
import signal
import socket
import subprocess
import sys
from urllib.parse import urlsplit

import pytest

COMMAND = [sys.executable, "-c", "from webui.cli import main; main()"]


def ask(server, line):
    """Status, headers and body of a reply to a request line sent as these bytes."""
    where = urlsplit(server)
    with socket.create_connection((where.hostname, where.port), timeout=10) as sent:
        sent.sendall(line + b" HTTP/1.1\r\nHost: test\r\nConnection: close\r\n\r\n")
        reply = b"".join(iter(lambda: sent.recv(65536), b""))
    head, _, body = reply.partition(b"\r\n\r\n")
    status, *headers = head.decode("latin-1").split("\r\n")
    return int(status.split()[1]), dict(header.split(": ", 1) for header in headers), body


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
    assert "GET" in headers["Allow"]


@pytest.mark.parametrize("path", ["/", "/?q=法治", "/api/v1/search?q=法治", "/healthz"])
def test_head_is_get_without_the_body(server, path):
    got, told = ask(server, f"GET {path}".encode()), ask(server, f"HEAD {path}".encode())
    assert (told[0], told[2]) == (200, b"")
    assert told[1].get("ETag") == got[1].get("ETag")


@pytest.mark.parametrize(
    ("options", "code"),
    [
        (["--port", "x"], 2),
        (["--port", "70000"], 2),
        (["--nope"], 2),
        (["--index", "https://cluster:9200"], 5),
        (["--index", __file__], 5),
        (["--host", "256.256.256.256"], 5),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, list) else None,
)
def test_what_cannot_be_served_has_its_exit_code(options, code):
    done = subprocess.run([*COMMAND, *options], capture_output=True, text=True, timeout=60)
    assert done.returncode == code
    assert "Traceback" not in done.stderr


def test_a_port_that_is_taken_is_named(server):
    port = str(urlsplit(server).port)
    done = subprocess.run([*COMMAND, "--port", port], capture_output=True, text=True, timeout=60)
    assert done.returncode == 5
    assert port in done.stderr


@pytest.mark.parametrize("asked", [signal.SIGTERM, signal.SIGINT])
def test_it_stops_cleanly_when_asked(tmp_path, asked):
    with subprocess.Popen([*COMMAND, "--port", "0", "--index", str(tmp_path / "none")], stdout=subprocess.PIPE, text=True) as process:
        try:
            assert "Serving on http://127.0.0.1:" in process.stdout.readline()
            process.send_signal(asked)
            assert process.wait(20) == 0
        finally:
            process.kill()
