"""What a client may do with a connection without keeping others from theirs."""

import time
from contextlib import ExitStack

import pytest

from tests.webui.serving import serving
from webui.server import THREADS

HEAD = b"GET /healthz HTTP/1.1\r\nHost: test\r\n"


@pytest.fixture(scope="module")
def server(tmp_path_factory):
    with serving(tmp_path_factory.mktemp("none")) as started:
        yield started


def answered(server):
    started = time.monotonic()
    assert server.get("/healthz").startswith(b"HTTP/1.1 200")
    return time.monotonic() - started


@pytest.mark.parametrize("sent", [b"G", HEAD, HEAD + b"X-Long: " + b"a" * 20_000], ids=["a_byte", "half_a_head", "a_long_line"])
def test_heads_that_do_not_end_keep_no_thread(server, sent):
    with ExitStack() as stack:
        for _ in range(2 * THREADS):
            stack.enter_context(server.connect()).sendall(sent)
        time.sleep(0.3)
        # A thread that waited for one of them would wait ten seconds.
        assert answered(server) < 5


def test_a_head_that_comes_in_pieces_is_answered(server):
    with server.connect() as sent:
        for byte in HEAD + b"Connection: close\r\n\r\n":
            sent.sendall(bytes([byte]))
        assert b"".join(iter(lambda: sent.recv(65536), b"")).startswith(b"HTTP/1.1 200")


def test_requests_sent_together_are_all_answered(server):
    replies = server.send((HEAD + b"\r\n") * 5 + HEAD + b"Connection: close\r\n\r\n")
    assert replies.count(b"HTTP/1.1 200") == 6


def test_a_client_that_leaves_in_the_middle_is_let_go(server):
    for _ in range(20):
        with server.connect() as sent:
            sent.sendall(HEAD)
    assert answered(server) < 5


def test_a_body_is_refused_without_being_waited_for(server):
    started = time.monotonic()
    assert server.send(b"POST / HTTP/1.1\r\nHost: test\r\nContent-Length: 100\r\n\r\nabc").startswith(b"HTTP/1.1 413")
    assert time.monotonic() - started < 5
    assert server.send(b"POST / HTTP/1.1\r\nHost: test\r\nContent-Length: 0\r\nConnection: close\r\n\r\n").startswith(b"HTTP/1.1 405")


@pytest.mark.parametrize("host", ["xn--", "xn--a", "a:99999", "[::1", ":::", "[zz]", "a:b", "a/b", "a b"])
def test_a_host_of_which_no_address_can_be_made_is_refused(server, host):
    reply = server.send(f"GET / HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n".encode())
    assert reply.startswith(b"HTTP/1.1 400")


@pytest.mark.parametrize("host", ["localhost", "127.0.0.1:8000", "[::1]:8000", "fazhi.example.cn", "xn--fiqs8s"])
def test_usual_hosts_are_served(server, host):
    reply = server.send(f"GET /healthz HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n".encode())
    assert reply.startswith(b"HTTP/1.1 200")


def test_a_client_that_says_nothing_more_is_let_go_in_the_end(server):
    with server.connect(timeout=30) as sent:
        sent.sendall(HEAD)
        assert sent.recv(65536) == b""
