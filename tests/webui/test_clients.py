"""What a client may do with a connection without keeping others from theirs, and what is refused because two servers may read it in two ways."""

import socket
import time
from contextlib import ExitStack
from urllib.parse import quote

import pytest

from indexer import Report, build_index
from tests.webui.serving import serving, wait_until
from webui.downloads import AT_A_TIME
from webui.server import HEAD_MS, THREADS, UNTAKEN_MS

HEAD = b"GET /healthz HTTP/1.1\r\nHost: test\r\n"
CLOSE = b"Connection: close\r\n\r\n"
BEFORE_HEADS_END, BEFORE_READERS_END = 0.9 * HEAD_MS / 1000, 0.9 * UNTAKEN_MS / 1000
"""Seconds in which a reply does not come if it waits for a thread that a head without an end, or a slow reader, has."""


@pytest.fixture(scope="module")
def server(tmp_path_factory):
    folder = tmp_path_factory.mktemp("served") / "index"
    build_index(
        folder, [Report.from_blocks(title="某县2022年法治政府建设工作报告", blocks=[((), f"{n}" * 900 + "行政复议") for n in range(300)])]
    )
    with serving(folder, "--workers", "1") as started:
        yield started


def answered(server):
    started = time.monotonic()
    assert server.get("/healthz").startswith(b"HTTP/1.1 200")
    return time.monotonic() - started


HEADS = {"nothing": b"", "a byte": b"G", "half a head": HEAD, "a long line": HEAD + b"X-Long: " + b"a" * 20_000}


def test_heads_that_do_not_end_keep_no_thread_and_end_in_their_time(server):
    with ExitStack() as stack:
        held = [(name, stack.enter_context(server.connect())) for name in HEADS for _ in range(2 * THREADS)]
        for name, one in held:
            one.sendall(HEADS[name])
        time.sleep(0.3)
        assert answered(server) < BEFORE_HEADS_END
        assert [(name, reply) for name, one in held if (reply := one.recv(65536)) != b""] == []


def test_a_head_that_comes_in_pieces_is_answered(server):
    with server.connect() as sent:
        for byte in HEAD + CLOSE:
            sent.sendall(bytes([byte]))
        assert b"".join(iter(lambda: sent.recv(65536), b"")).startswith(b"HTTP/1.1 200")


def test_requests_sent_together_are_all_answered(server):
    replies = server.send((HEAD + b"\r\n") * 5 + HEAD + CLOSE)
    assert replies.count(b"HTTP/1.1 200") == 6


def test_idle_connections_shut_nobody_out(server):
    with ExitStack() as stack:
        for _ in range(600):
            held = stack.enter_context(server.connect())
            held.sendall(HEAD + b"\r\n")
            assert held.recv(65536).startswith(b"HTTP/1.1 200")
        assert answered(server) < BEFORE_HEADS_END


def test_slow_readers_of_pages_keep_no_thread(server):
    with ExitStack() as stack:
        for _ in range(2 * THREADS):
            reader = stack.enter_context(socket.socket())
            reader.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 2048)
            reader.connect(server.place)
            reader.sendall(f"GET /api/v1/search?q={quote('行政复议')}&per_page=100 HTTP/1.1\r\nHost: test\r\n\r\n".encode())
        time.sleep(0.3)
        assert answered(server) < BEFORE_READERS_END


def test_slow_readers_of_whole_results_keep_some_threads_and_no_more(server):
    with ExitStack() as stack:
        readers = []
        for _ in range(2 * THREADS):
            reader = stack.enter_context(socket.socket())
            reader.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 2048)
            reader.settimeout(60)
            reader.connect(server.place)
            reader.sendall(f"GET /api/v1/search.csv?q={quote('行政复议')} HTTP/1.1\r\nHost: test\r\n\r\n".encode())
            readers.append(reader)
        statuses = [reader.recv(12) for reader in readers]
        # On a slow machine the first ones are given up before the last ones are answered, and make room.
        assert statuses.count(b"HTTP/1.1 200") >= AT_A_TIME
        assert statuses.count(b"HTTP/1.1 503") > 0
        assert answered(server) < BEFORE_READERS_END
        assert server.get(f"/?q={quote('行政复议')}").startswith(b"HTTP/1.1 200")
    # Who leaves makes room.
    assert wait_until(lambda: server.get(f"/api/v1/search.csv?q={quote('行政复议')}").startswith(b"HTTP/1.1 200"))


def test_a_client_that_leaves_in_the_middle_is_let_go(server):
    for _ in range(20):
        with server.connect() as sent:
            sent.sendall(HEAD)
    assert answered(server) < BEFORE_HEADS_END


def test_a_body_is_not_waited_for(server):
    started = time.monotonic()
    assert server.send(b"POST / HTTP/1.1\r\nHost: test\r\nContent-Length: 100\r\n\r\nabc").startswith(b"HTTP/1.1 405")
    assert time.monotonic() - started < BEFORE_HEADS_END
    assert server.send(b"POST / HTTP/1.1\r\nHost: test\r\nContent-Length: 0\r\n" + CLOSE).startswith(b"HTTP/1.1 405")


@pytest.mark.parametrize(
    ("lines", "status"),
    [
        (b"X: " + b"a" * 500_000, b"431"),
        (b"\r\n".join(b"A%d: b" % number for number in range(6000)), b"431"),
        (b"X: a\r\n b", b"400"),
        (b"X Y: a", b"400"),
        (b"Content-Length : 5", b"400"),
        (b"X: a\x00b", b"400"),
        (b"X: a\rb", b"400"),
        (b"Content-Length: 1\r\nContent-Length: 2", b"400"),
        (b"Content-Length: +1", b"400"),
        (b"Content-Length: 4\r\nTransfer-Encoding: chunked", b"411"),
        (b"Transfer-Encoding: chunked", b"411"),
        (b"Transfer-Encoding: gzip, chunked", b"411"),
        (b"Transfer-Encoding: identity", b"400"),
        (b"Transfer-Encoding: xchunked", b"400"),
    ],
    ids=lambda value: value.decode("latin-1")[:40],
)
def test_heads_that_can_be_read_in_two_ways_are_refused(server, lines, status):
    with server.connect() as sent:
        sent.sendall(b"GET / HTTP/1.1\r\nHost: test\r\n" + lines + b"\r\n\r\n0\r\n\r\nGET /healthz HTTP/1.1\r\nHost: test\r\n\r\n")
        replies = b""
        try:
            while part := sent.recv(65536):
                replies += part
        except ConnectionResetError:  # what the server had not read yet
            pass
    assert replies.startswith(b"HTTP/1.1 " + status)
    assert replies.count(b"HTTP/1.1") == 1


@pytest.mark.parametrize(
    "host",
    ["xn--", "xn--a", "a:99999", "[::1", ":::", "[zz]", "a:b", "a/b", "a b", "a,a", "", "a@b", "é", "a..b", "a" * 64, "[::::]", "[1:2]"],
)
def test_a_host_of_which_no_address_can_be_made_is_refused(server, host):
    reply = server.send(f"GET / HTTP/1.1\r\nHost: {host}\r\n".encode("latin-1") + CLOSE)
    assert reply.startswith(b"HTTP/1.1 400")


def test_a_request_with_two_hosts_is_refused(server):
    assert server.send(HEAD + b"Host: other\r\n" + CLOSE).startswith(b"HTTP/1.1 400")
    assert server.send(HEAD + b"Host: test\r\n" + CLOSE).startswith(b"HTTP/1.1 400")


def test_a_request_without_a_host_is_refused_but_for_old_ones(server):
    assert server.send(b"GET /healthz HTTP/1.1\r\n" + CLOSE).startswith(b"HTTP/1.1 400")
    assert server.send(b"GET /healthz HTTP/1.0\r\n\r\n").startswith(b"HTTP/1.0 200")


@pytest.mark.parametrize("host", ["localhost", "127.0.0.1:8000", "[::1]:8000", "fazhi.example.cn", "xn--fiqs8s"])
def test_usual_hosts_are_served(server, host):
    reply = server.send(f"GET /healthz HTTP/1.1\r\nHost: {host}\r\n".encode() + CLOSE)
    assert reply.startswith(b"HTTP/1.1 200")
