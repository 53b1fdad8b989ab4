"""`collect`: addresses fetched politely from a server of this test's own, saved as received, with where they came from."""

import csv
import io
import json
import socket
import threading
import time
from contextlib import suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from docx import Document

from indexer.collect import collecting, command, targets
from indexer.collect.attachments import attachments_of
from indexer.collect.collecting import Collector, State
from indexer.collect.fetching import Fetcher, Manners, _file_name, _seconds
from indexer.collect.records import Wanted, read_collected, read_wanted
from indexer.collect.targets import Refused, Target, is_public
from indexer.corrections import read_corrections
from indexer.errors import BadPath
from tests.support import ROOT

PARAGRAPHS = ["一、主要举措和成效", "全年审查文件78件，培训15期，办理行政复议案件36件。", "二、存在的不足", "执法力量不足，培训不够。"]
TITLE = "彰武县2022年法治政府建设情况报告"


def page(title=TITLE, paragraphs=PARAGRAPHS, more=""):
    body = "".join(f"<p>{text}</p>" for text in paragraphs)
    return f"<html><head><meta charset='utf-8'><title>{title}</title></head><body><h1>{title}</h1>{body}{more}</body></html>".encode()


def word(title=TITLE, paragraphs=PARAGRAPHS):
    made = Document()
    for text in (title, *paragraphs):
        made.add_paragraph(text)
    out = io.BytesIO()
    made.save(out)
    return out.getvalue()


class Site:
    """Replies by path: status, headers, body, or a list of those of which the last is given for ever; and what was asked."""

    def __init__(self):
        self.replies = {"/robots.txt": (404, {}, b"")}
        self.asked = []

    def next(self, path):
        reply = self.replies.get(path, (404, {}, b"nothing"))
        return (reply.pop(0) if len(reply) > 1 else reply[0]) if isinstance(reply, list) else reply

    @property
    def paths(self):
        return [path for path, _ in self.asked]


@pytest.fixture
def site():
    made = Site()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self):
            made.asked.append((self.path, dict(self.headers)))
            status, headers, body = made.next(self.path)
            etag = headers.get("ETag")
            if etag and self.headers.get("If-None-Match") == etag:
                status, body = 304, b""
            self.send_response(status)
            for name, value in ({"Content-Type": "text/html; charset=utf-8", "Content-Length": str(len(body))} | headers).items():
                if value is not None:
                    self.send_header(name, value)
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_):
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    made.port = server.server_address[1]
    made.address = f"http://127.0.0.1:{made.port}"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    yield made
    server.shutdown()
    thread.join()
    server.server_close()


class Time:
    """A clock that goes on only while somebody sleeps."""

    def __init__(self):
        self.now, self.slept = 1000.0, []

    def sleep(self, seconds):
        self.slept.append(seconds)
        self.now += seconds

    def clock(self):
        return self.now


@pytest.fixture
def clock():
    return Time()


@pytest.fixture
def corpus(tmp_path):
    folder = tmp_path / "corpus"
    (folder / ".adding").mkdir(parents=True)
    return folder


def fetcher(clock, **manners):
    return Fetcher(Manners(**{"private": True} | manners), clock.sleep, clock.clock)


def collect(corpus, clock, *wanted, attachments=True, **manners):
    return list(Collector(corpus, fetcher(clock, **manners), attachments=attachments).collect(wanted))


def files(corpus):
    found = (path.relative_to(corpus).as_posix() for path in corpus.rglob("*") if path.is_file())
    return sorted(path for path in found if not path.startswith(".adding/"))


def corrections(corpus, folder):
    table = corpus / folder / "corrections.csv"
    return {(one.path, one.field): one.value for one in read_corrections(table)} if table.exists() else {}


def test_a_page_is_saved_as_received_with_its_address_and_date(site, clock, corpus):
    site.replies["/a/t1.html"] = (200, {"ETag": '"1"'}, page())
    (outcome,) = collect(corpus, clock, Wanted(f"{site.address}/a/t1.html"))
    assert (outcome.state, outcome.title, outcome.path) == (State.NEW, TITLE, f"2022/彰武县人民政府/{TITLE}.html")
    assert (corpus / outcome.path).read_bytes() == page()
    assert corrections(corpus, "2022/彰武县人民政府") == {(f"{TITLE}.html", "source_url"): f"{site.address}/a/t1.html"}
    (row,) = list(csv.DictReader((corpus / "collected.csv").read_text("utf-8").splitlines()))
    assert (row["url"], row["path"], row["etag"], row["address"]) == (outcome.url, outcome.path, '"1"', outcome.url)
    assert row["received"].endswith("Z")
    assert len(row["sha256"]) == 64
    assert files(corpus) == ["2022/彰武县人民政府/corrections.csv", f"2022/彰武县人民政府/{TITLE}.html", "collected.csv"]


def test_what_the_list_says_is_right(site, clock, corpus):
    site.replies["/x"] = (200, {}, page())
    wanted = Wanted(f"{site.address}/x", unit="彰武县司法局", year="2021", title="更好的标题")
    (outcome,) = collect(corpus, clock, wanted)
    assert outcome.path == "2021/彰武县司法局/更好的标题.html"
    right = {field: value for (_, field), value in corrections(corpus, "2021/彰武县司法局").items()}
    assert right == {"title": "更好的标题", "year": "2021", "unit": "彰武县司法局", "source_url": f"{site.address}/x"}


def test_what_is_as_it_was_is_not_sent_again(site, clock, corpus):
    site.replies["/x.html"] = (200, {"ETag": '"1"', "Last-Modified": "Wed, 01 Mar 2023 00:00:00 GMT"}, page())
    wanted = Wanted(f"{site.address}/x.html")
    collect(corpus, clock, wanted)
    before = (corpus / "collected.csv").read_bytes()
    (outcome,) = collect(corpus, clock, wanted)
    assert outcome.state is State.UNCHANGED
    sent = site.asked[-1][1]
    assert (sent["If-None-Match"], sent["If-Modified-Since"]) == ('"1"', "Wed, 01 Mar 2023 00:00:00 GMT")
    assert (corpus / "collected.csv").read_bytes() == before
    # A server that knows no conditions sends the same again.
    site.replies["/x.html"] = (200, {}, page())
    assert collect(corpus, clock, wanted)[0].state is State.UNCHANGED
    # A file that is gone is fetched anew, without conditions.
    (corpus / outcome.path).unlink()
    assert collect(corpus, clock, wanted)[0].state is State.NEW
    assert "If-None-Match" not in site.asked[-1][1]


def test_a_page_that_changed_takes_the_place_of_the_one_before(site, clock, corpus):
    site.replies["/x.html"] = (200, {}, page())
    wanted = Wanted(f"{site.address}/x.html")
    (first,) = collect(corpus, clock, wanted)
    site.replies["/x.html"] = (200, {}, page(paragraphs=[*PARAGRAPHS, "补充一段。"]))
    (second,) = collect(corpus, clock, wanted)
    assert (second.state, second.path) == (State.CHANGED, first.path)
    assert "补充一段" in (corpus / second.path).read_text("utf-8")
    # What somebody changed here is not written over.
    (corpus / first.path).write_text("设好的文字", "utf-8")
    site.replies["/x.html"] = (200, {}, page())
    (third,) = collect(corpus, clock, wanted)
    assert (third.state, third.path) == (State.NEW, f"2022/彰武县人民政府/{TITLE} (2).html")
    assert (corpus / first.path).read_text("utf-8") == "设好的文字"


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


def test_our_own_network_is_not_asked(site, clock, corpus):
    (outcome,) = collect(corpus, clock, Wanted(f"{site.address}/x.html"), private=False)
    assert (outcome.state, "not on the public network" in outcome.reason) == (State.REFUSED, True)
    assert site.asked == []


@pytest.mark.parametrize(
    "to", ["http://127.0.0.2:{port}/secret", "http://localhost.example:{port}/secret", "file:///etc/passwd", "ftp://127.0.0.1/x"]
)
def test_a_redirect_into_our_own_network_is_not_followed(site, clock, corpus, monkeypatch, to):
    monkeypatch.setattr(targets, "is_public", lambda number: number == "127.0.0.1")
    real = socket.getaddrinfo
    monkeypatch.setattr(
        socket, "getaddrinfo", lambda host, *rest, **named: real("127.0.0.2" if "localhost" in host else host, *rest, **named)
    )
    site.replies["/x.html"] = (302, {"Location": to.format(port=site.port)}, b"")
    (outcome,) = collect(corpus, clock, Wanted(f"{site.address}/x.html"), private=False)
    assert outcome.state is State.REFUSED
    assert site.paths == ["/robots.txt", "/x.html"]


def test_what_was_looked_at_is_what_is_connected_to(site, clock, corpus, monkeypatch):
    """A name may lead elsewhere when it is looked up once more (DNS rebinding)."""
    real, led = socket.getaddrinfo, []

    def lookup(host, *rest, **named):
        if host == "reports.example":
            led.append(host)
            return real("127.0.0.1" if len(led) <= 2 else "127.0.0.2", *rest, **named)
        return real(host, *rest, **named)

    monkeypatch.setattr(socket, "getaddrinfo", lookup)
    monkeypatch.setattr(targets, "is_public", lambda number: number == "127.0.0.1")
    site.replies["/x.html"] = (200, {}, page())
    (outcome,) = collect(corpus, clock, Wanted(f"http://reports.example:{site.port}/x.html"), private=False)
    assert outcome.state is State.NEW
    # Once for robots.txt and once for the page: nothing looked the name up behind our back.
    assert len(led) == 2
    assert site.asked[-1][1]["Host"] == f"reports.example:{site.port}"
    (outcome,) = collect(corpus, clock, Wanted(f"http://reports.example:{site.port}/y.html"), private=False)
    assert "127.0.0.2" in outcome.reason


@pytest.mark.parametrize(
    ("number", "public"),
    [
        ("93.184.215.14", True),
        ("2606:4700::1111", True),
        *(
            (number, False)
            for number in ("127.0.0.1", "10.1.2.3", "172.16.0.1", "192.168.0.1", "169.254.169.254", "100.64.0.1", "0.0.0.0", "224.0.0.1")
        ),
        *(
            (number, False)
            for number in (
                "::1",
                "::",
                "fe80::1%eth0",
                "fc00::1",
                "ff02::1",
                "::ffff:127.0.0.1",
                "64:ff9b::7f00:1",
                "2002:7f00:1::",
                "2001:0:1::1",
            )
        ),
        ("64:ff9b::5db8:d70e", True),
    ],
)
def test_which_machines_are_public(number, public):
    assert is_public(number) == public


@pytest.mark.parametrize(
    "address",
    [
        "ftp://a.cn/x",
        "file:///etc/passwd",
        "javascript:alert(1)",
        "http://",
        "http://user:secret@a.cn/",
        "http://a.cn:99999/",
        "http://[::1/",
        "//",
        "http://a.cn/" + "x" * 2001,
    ],
)
def test_what_is_no_address_to_fetch(address):
    with pytest.raises(Refused) as refused:
        Target.of(address)
    assert "secret" not in str(refused.value)


@pytest.mark.parametrize(
    ("address", "sent"),
    [
        ("http://A.CN", "http://a.cn/"),
        ("https://a.cn:443/报告 1.html?q=法#x", "https://a.cn/%E6%8A%A5%E5%91%8A%201.html?q=%E6%B3%95"),
        ("http://政府.cn:8080/%E6%B3%95", "http://xn--mxtq1m.cn:8080/%E6%B3%95"),
        ("http://[::1]:81/x", "http://[::1]:81/x"),
    ],
)
def test_how_an_address_is_sent(address, sent):
    assert Target.of(address).address == sent


LINKS = """
<nav><a href="/guide.pdf">指南.pdf</a></nav>
<a href="b.html">下一篇</a> <a href="javascript:void(0)">打印.doc</a> <a href="mailto:x@a.cn">信箱</a>
<p>附件：<a href="./P0201.docx">1.报告</a> <a href="/download?file=%E8%A1%A8.xls">表</a> <a href="/down?id=7">2.附表.pdf</a>
<a href="/get?name=a.OFD&amp;x=1">下载</a> <a href="./P0201.docx">又</a> <a href="/x.png">图</a> <a href="http://[bad/x.pdf">坏</a></p>
"""


def test_which_links_are_attachments():
    found = attachments_of(page(more=LINKS), "http://a.cn/zw/t1.html")
    assert found == ["http://a.cn/zw/P0201.docx", "http://a.cn/down?id=7", "http://a.cn/get?name=a.OFD&x=1"]


def test_attachments_come_with_their_page_and_one_of_two_copies_counts(site, clock, corpus):
    announced = page(paragraphs=[*PARAGRAPHS[:2]], more='<p>附件：<a href="P1.docx">全文.docx</a></p>')
    site.replies |= {
        "/a/t.html": (200, {}, announced),
        "/a/P1.docx": (200, {"Content-Type": "application/octet-stream", "ETag": '"w"'}, word()),
    }
    wanted = Wanted(f"{site.address}/a/t.html")
    of_page, attached = collect(corpus, clock, wanted)
    assert (attached.state, attached.page, attached.title) == (State.NEW, wanted.url, TITLE)
    assert (corpus / attached.path).read_bytes() == site.replies["/a/P1.docx"][2]
    right = corrections(corpus, "2022/彰武县人民政府")
    # The longer one is the report; the other stays as it was received and is passed over.
    assert (of_page.passed_over, attached.passed_over) == (True, False)
    assert right[f"{TITLE}.html", "type"] == "ignore"
    assert right[f"{TITLE}.docx", "source_url"] == f"{site.address}/a/P1.docx"
    assert (f"{TITLE}.docx", "type") not in right
    # On the next run both are asked for with their conditions.
    again = collect(corpus, clock, wanted)
    assert [one.state for one in again] == [State.UNCHANGED, State.UNCHANGED]
    assert site.asked[-1][1]["If-None-Match"] == '"w"'
    assert collect(corpus, clock, wanted, attachments=False) == again[:1]


def test_one_of_two_copies_counts_still_when_either_is_published_anew(site, clock, corpus):
    """Pages that count their visitors are others each time, while their attachments stay."""
    links = '<p>附件：<a href="P1.docx">全文.docx</a></p>'
    site.replies |= {"/t.html": (200, {}, page(paragraphs=PARAGRAPHS[:2], more=links)), "/P1.docx": (200, {"ETag": '"w"'}, word())}
    wanted = Wanted(f"{site.address}/t.html")

    def passed_over():
        right = corrections(corpus, "2022/彰武县人民政府")
        return [name for name in (f"{TITLE}.html", f"{TITLE}.docx") if (name, "type") in right]

    collect(corpus, clock, wanted)
    assert passed_over() == [f"{TITLE}.html"]
    site.replies["/t.html"] = (200, {"ETag": '"p"'}, page(paragraphs=PARAGRAPHS[:2], more=f"{links}<p>浏览2次</p>"))
    assert [one.state for one in collect(corpus, clock, wanted)] == [State.CHANGED, State.UNCHANGED]
    assert passed_over() == [f"{TITLE}.html"]
    site.replies["/P1.docx"] = (200, {"ETag": '"v"'}, word(paragraphs=PARAGRAPHS[:1]))
    assert [one.state for one in collect(corpus, clock, wanted)] == [State.UNCHANGED, State.CHANGED]
    assert passed_over() == [f"{TITLE}.docx"]
    site.replies["/P1.docx"] = (200, {"ETag": '"u"'}, word())
    assert [one.state for one in collect(corpus, clock, wanted)] == [State.UNCHANGED, State.CHANGED]
    assert passed_over() == [f"{TITLE}.html"]


def test_whatever_a_server_sends_in_its_head_the_table_can_be_read_again(site, clock, corpus):
    etag = '"全,\x0b\x1c"'.encode().decode("latin-1")
    site.replies["/x.html"] = (200, {"ETag": etag}, page())
    (outcome,) = collect(corpus, clock, Wanted(f"{site.address}/x.html"))
    assert read_collected(corpus)[outcome.url].etag == etag
    assert "\x85" in etag


def test_corrections_that_cannot_be_read_leave_nothing_that_no_table_names(site, clock, corpus):
    site.replies["/x.html"] = (200, {}, page())
    table = corpus / "2022" / "彰武县人民政府" / "corrections.csv"
    table.parent.mkdir(parents=True)
    table.write_text("nothing\n", "utf-8")
    with pytest.raises(BadPath, match="corrections"):
        collect(corpus, clock, Wanted(f"{site.address}/x.html"))
    assert files(corpus) == ["2022/彰武县人民政府/corrections.csv"]


def test_a_disk_that_is_nearly_full_is_not_filled(site, clock, corpus, monkeypatch):
    monkeypatch.setattr(collecting, "LEAST_FREE", 1 << 60)
    site.replies["/x.html"] = (200, {}, page())
    with pytest.raises(OSError, match="remain free"):
        collect(corpus, clock, Wanted(f"{site.address}/x.html"))
    assert files(corpus) == []


def test_what_a_run_that_was_killed_left_is_gone_with_the_next_one(site, clock, corpus):
    (corpus / ".adding" / "collect-x").mkdir()
    collect(corpus, clock)
    assert list((corpus / ".adding").iterdir()) == []


def test_a_page_without_a_report_is_passed_over_for_its_attachment(site, clock, corpus):
    site.replies |= {
        "/t.html": (200, {}, b"<html><body><a href='/P1.docx'>x</a></body></html>"),
        "/P1.docx": (200, {"Content-Disposition": "attachment; filename*=UTF-8''%E6%8A%A5%E5%91%8A.docx"}, word()),
    }
    of_page, attached = collect(corpus, clock, Wanted(f"{site.address}/t.html"))
    assert of_page.reason
    assert attached.path == "2022/彰武县人民政府/报告.docx"
    assert of_page.passed_over
    assert (corpus / of_page.path).is_file()


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


@pytest.mark.parametrize(
    ("text", "wrong"),
    [
        ("", "line 1: expected the header"),
        ("address\nhttp://a.cn\n", "line 1: expected the header"),
        ("url,year\nhttp://a.cn,2022\nhttp://b.cn\n", "line 3: 1 columns"),
        ("url\nhttp://a.cn\nfile:///etc/passwd\n", "line 3: file:///etc/passwd"),
        ("url,year\nhttp://a.cn,明年\n", "line 2: year"),
        ("url,year\nhttp://a.cn,2022\nhttp://a.cn,2023\n", "line 3: http://a.cn stands in the list already"),
    ],
)
def test_a_list_that_is_wrong_names_the_line(tmp_path, text, wrong):
    (tmp_path / "urls.csv").write_text(text, "utf-8")
    with pytest.raises(BadPath) as refused:
        read_wanted(tmp_path / "urls.csv")
    assert wrong in str(refused.value)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
def test_a_list_is_read_as_excel_saves_it(tmp_path, encoding):
    (tmp_path / "urls.csv").write_text(
        "URL,unit,title\r\nhttp://a.cn/1,彰武县人民政府,彰武县二〇二二年法治政府建设情况报告\r\n,,\r\n", encoding
    )
    assert read_wanted(tmp_path / "urls.csv") == [Wanted("http://a.cn/1", "彰武县人民政府", "", "彰武县二〇二二年法治政府建设情况报告")]


def test_the_command_says_what_came_and_how_it_ended(site, clock, corpus, tmp_path, capsys, monkeypatch):
    monkeypatch.setattr(command, "Fetcher", lambda manners: Fetcher(manners, clock.sleep, clock.clock))
    site.replies["/x.html"] = (200, {}, page())
    listed = tmp_path / "urls.csv"
    listed.write_text(f"url\n{site.address}/x.html\n{site.address}/gone.html\n", "utf-8")
    run = ["--into", str(corpus), "--allow-private", "--contact", "office@a.cn", str(listed)]
    assert command.main(["--json", *run]) == command.REFUSED
    told = json.loads(capsys.readouterr().out)
    assert (told["new"], told["refused"], told["unchanged"]) == (1, 1, 0)
    assert [one["state"] for one in told["addresses"]] == ["new", "refused"]
    assert site.asked[-1][1]["User-Agent"].startswith("fazhi-collect/")
    assert "office@a.cn" in site.asked[-1][1]["User-Agent"]
    listed.write_text(f"url\n{site.address}/x.html\n", "utf-8")
    assert command.main(run) == command.DONE
    assert "0 new, 0 changed, 1 unchanged, 0 refused" in capsys.readouterr().out
    assert command.main(["--into", str(tmp_path / "nowhere"), str(listed)]) == command.BAD_PATH
    listed.write_text("nothing\n", "utf-8")
    assert command.main(run) == command.BAD_PATH
    (corpus / "collected.csv").write_text("a\n", "utf-8")
    listed.write_text(f"url\n{site.address}/x.html\n", "utf-8")
    assert command.main(run) == command.BAD_PATH
    with pytest.raises(SystemExit):
        command.main(["--pause", "0", str(listed)])


def test_two_at_a_time_in_a_folder_are_one_too_many(site, corpus, tmp_path, monkeypatch):
    from filelock import FileLock

    listed = tmp_path / "urls.csv"
    listed.write_text(f"url\n{site.address}/x.html\n", "utf-8")
    with FileLock(corpus / ".adding" / "COLLECTS"):
        assert command.main(["--into", str(corpus), "--allow-private", str(listed)]) == command.BUSY
    assert site.asked == []


def test_the_command_is_installed():
    assert 'collect = "indexer.collect:collect_command"' in (ROOT / "pyproject.toml").read_text("utf-8")
