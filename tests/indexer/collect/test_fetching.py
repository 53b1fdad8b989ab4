"""One address fetched politely: robots.txt, pauses, retries, redirects, limits of size and time."""

import socket
import threading
import time
from contextlib import suppress

import pytest

from indexer.collect.collecting import Collector, State
from indexer.collect.fetching import Fetcher, Manners, _file_name, _seconds
from indexer.collect.records import Wanted, read_collected
from tests.indexer.collect.site import collect, files, page, word


def test_robots_txt_is_kept_to(site, clock, corpus):
    site.replies["/robots.txt"] = (200, {}, b"User-agent: *\nDisallow: /private/*.html$\nCrawl-delay: 7\n")
    site.replies |= {"/private/a.html": (200, {}, page()), "/b.html": (200, {}, page()), "/c.html": (200, {}, page())}
    found = collect(corpus, clock, *(Wanted(site.address + path) for path in ("/private/a.html", "/b.html", "/c.html")))
    assert [one.state for one in found] == [State.REFUSED, State.NEW, State.NEW]
    assert "robots.txt" in found[0].reason
    assert site.paths == ["/robots.txt", "/b.html", "/c.html"]
    assert clock.slept == [7.0, 7.0]


@pytest.mark.parametrize(
    ("robots", "fetched"), [((500, {}, b""), False), ((429, {"Retry-After": "999"}, b""), False), ((403, {}, b""), True)]
)
def test_rules_that_cannot_be_fetched_forbid_and_rules_that_are_not_there_allow(site, clock, corpus, robots, fetched):
    site.replies |= {"/robots.txt": robots, "/x.html": (200, {}, page())}
    (outcome,) = collect(corpus, clock, Wanted(f"{site.address}/x.html"))
    assert (outcome.state is State.NEW, "/x.html" in site.paths) == (fetched, fetched)


def test_a_site_that_wants_days_between_requests_is_left_alone(site, clock, corpus):
    site.replies["/robots.txt"] = (200, {}, b"User-agent: fazhi-collect\nCrawl-delay: 86400\n")
    (outcome,) = collect(corpus, clock, Wanted(f"{site.address}/x.html"))
    assert "86400" in outcome.reason
    assert not clock.slept


def test_a_host_has_a_pause_between_two_requests(site, clock, corpus):
    site.replies |= {"/a.html": (200, {}, page()), "/b.html": (200, {}, page())}
    collect(corpus, clock, Wanted(f"{site.address}/a.html"), Wanted(f"{site.address}/b.html"), pause=3.0)
    assert site.paths == ["/robots.txt", "/a.html", "/b.html"]
    assert clock.slept == [3.0, 3.0]


def test_a_server_that_is_busy_is_asked_again_when_it_says(site, clock, corpus):
    site.replies["/x.html"] = [(503, {"Retry-After": "40"}, b""), (429, {}, b""), (200, {}, page())]
    (outcome,) = collect(corpus, clock, Wanted(f"{site.address}/x.html"), backoff=5.0)
    assert outcome.state is State.NEW
    assert clock.slept == [2.0, 40.0, 10.0]
    site.replies["/y.html"] = (503, {}, b"")
    (outcome,) = collect(corpus, clock, Wanted(f"{site.address}/y.html"))
    assert (outcome.state, "503" in outcome.reason) == (State.REFUSED, True)
    assert site.paths.count("/y.html") == 3
    site.replies["/z.html"] = (503, {"Retry-After": "86400"}, b"")
    assert "86400 seconds" in collect(corpus, clock, Wanted(f"{site.address}/z.html"))[0].reason
    assert site.paths.count("/z.html") == 1


def test_a_line_that_breaks_is_tried_again(site, clock, corpus):
    site.replies["/x.html"] = [(200, {"Content-Length": "999999"}, page()), (200, {}, page())]
    assert collect(corpus, clock, Wanted(f"{site.address}/x.html"))[0].state is State.NEW
    assert site.paths.count("/x.html") == 2


def test_too_much_is_refused_before_and_while_it_comes(site, clock, corpus):
    site.replies |= {
        "/announced.html": (200, {"Content-Length": "5000"}, b"x" * 5000),
        "/silent.html": (200, {"Content-Length": None}, b"x" * 5000),
    }
    found = collect(corpus, clock, Wanted(f"{site.address}/announced.html"), Wanted(f"{site.address}/silent.html"), most_bytes=4000)
    assert [one.reason.partition(": ")[2] for one in found] == ["5,000 bytes; at most 4,000", "more than 4,000 bytes"]
    assert files(corpus) == []


def test_what_comes_too_slowly_is_given_up(site, corpus):
    site.replies["/x.html"] = (200, {}, page())
    ticks = iter(range(0, 100_000, 100))
    slow = Fetcher(Manners(private=True, most_seconds=150.0), lambda _: None, lambda: next(ticks))
    site.replies["/x.html"] = (200, {"Content-Length": None}, page() * 2000)
    (outcome,) = Collector(corpus, slow).collect([Wanted(f"{site.address}/x.html")])
    assert "more than 150 seconds" in outcome.reason


def test_a_head_that_comes_byte_by_byte_without_end_is_given_up(corpus):
    with socket.create_server(("127.0.0.1", 0)) as server:

        def trickle():
            connection, _ = server.accept()
            with connection, suppress(OSError):
                connection.sendall(b"HTTP/1.1 200 OK\r\nX-Long: ")
                for _ in range(60_000):
                    connection.sendall(b"a")
                    time.sleep(0.01)

        sending = threading.Thread(target=trickle)
        sending.start()
        impatient = Fetcher(Manners(private=True, most_seconds=0.3))
        (outcome,) = Collector(corpus, impatient).collect([Wanted(f"http://127.0.0.1:{server.getsockname()[1]}/x.html")])
        sending.join()
    assert "more than 0.3 seconds" in outcome.reason


def test_redirects_are_followed_a_few_times(site, clock, corpus):
    site.replies |= {
        "/old": (301, {"Location": "/new.html"}, b""),
        "/new.html": (200, {}, page()),
        "/loop": (302, {"Location": "/loop"}, b""),
    }
    found = collect(corpus, clock, Wanted(f"{site.address}/old"), Wanted(f"{site.address}/loop"))
    assert [one.state for one in found] == [State.NEW, State.REFUSED]
    assert "redirects" in found[1].reason
    assert read_collected(corpus)[f"{site.address}/old"].address == f"{site.address}/new.html"


@pytest.mark.parametrize(
    ("path", "headers", "content", "suffix"),
    [
        ("/get?id=1", {"Content-Type": "application/octet-stream"}, "word", ".docx"),
        ("/x.doc", {"Content-Type": "application/msword"}, "word", ".docx"),
        ("/x.html", {"Content-Type": "text/plain"}, "page", ".html"),
        ("/x.jsp", {"Content-Type": "text/html"}, "page", ".html"),
        ("/x.zip", {"Content-Type": "application/zip"}, b"BZh9 nothing", None),
        ("/x.mp4", {"Content-Type": "video/mp4"}, b"nothing", None),
    ],
)
def test_what_kind_of_file_came(site, clock, corpus, path, headers, content, suffix):
    site.replies[path] = (200, headers, {"word": word(), "page": page()}.get(content, content))
    (outcome,) = collect(corpus, clock, Wanted(site.address + path))
    assert outcome.state is (State.NEW if suffix else State.REFUSED)
    assert suffix is None or outcome.path.endswith(suffix)


@pytest.mark.parametrize(
    ("header", "name"),
    [
        ("", ""),
        ("attachment", ""),
        ('attachment; filename="a b.doc"', "a b.doc"),
        ("attachment; filename*=UTF-8''%E6%8A%A5.doc", "报.doc"),
        ('attachment; filename="%E6%8A%A5.doc"', "报.doc"),
        ('attachment; filename="' + "报告.doc".encode("gb18030").decode("latin-1") + '"', "报告.doc"),
        ('attachment; filename="' + "报告.doc".encode().decode("latin-1") + '"', "报告.doc"),
    ],
)
def test_what_a_server_calls_a_file(header, name):
    assert _file_name(header) == name


def test_when_to_come_again():
    assert _seconds("12") == 12.0
    assert _seconds("Wed, 01 Mar 2023 00:00:00 GMT") == 0.0
    assert _seconds("") is _seconds("soon") is None
