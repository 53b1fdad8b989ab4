"""The site below a path of a proxy: nothing on any page leads out of it, and everything arrives, in a real browser through a real proxy too."""

import http.client
import json
import re
import threading
from contextlib import contextmanager
from html.parser import HTMLParser
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qsl, unquote, urljoin, urlsplit

import pytest

from indexer import BadPath
from tests.webui.conftest import serving
from webui import create_app

UNDER = "/fazhi"
SITE = f"http://localhost{UNDER}/"


@pytest.fixture(scope="module")
def app(place):
    return create_app(str(place), under=UNDER)


@pytest.fixture(scope="module")
def client(app):
    return app.test_client(use_cookies=False)


@pytest.fixture(scope="module")
def plain(place):
    """The same at the root of its name."""
    return create_app(str(place)).test_client(use_cookies=False)


class Links(HTMLParser):
    """What a page leads to or loads."""

    def __init__(self, page):
        super().__init__()
        self.found = set()
        self.feed(page)

    def handle_starttag(self, tag, attrs):
        self.found |= {value for name, value in attrs if name in ("href", "src", "action", "formaction") and value is not None}


def addresses(reply, at):
    """All addresses in a reply, made whole."""
    if reply.mimetype == "text/html":
        return {urljoin(at, link) for link in Links(reply.text).found if not link.startswith("data:")}
    if reply.mimetype.endswith("xml"):
        return set(re.findall(r"http://localhost[^\"<&{]*", reply.text))
    if reply.mimetype == "application/json" and not at.endswith("/openapi.json"):
        return {urljoin(at, text) for text in paths(reply.json)}
    return set()


def paths(value):
    if isinstance(value, dict):
        return {path for one in value.values() for path in paths(one)}
    if isinstance(value, list):
        return {path for one in value for path in paths(one)}
    return {value} if isinstance(value, str) and re.match("/[a-z?]", value) else set()


def test_no_page_leads_out_of_the_prefix_and_everything_arrives(app, client):
    """A crawl: an address is followed when its view, or that with one of its arguments, was not yet."""
    router = app.url_map.bind("localhost")
    coming, seen, views = [SITE], set(), set()
    while coming:
        address = coming.pop()
        where = urlsplit(address)
        assert where.netloc == "localhost"
        assert where.path.startswith(f"{UNDER}/"), address
        path = where.path.removeprefix(UNDER)
        methods = router.allowed_methods(unquote(path))
        assert methods, f"nothing is at {address}"
        if "GET" not in methods:
            continue  # where a form leads
        endpoint, values = router.match(unquote(path), "GET")
        arguments = [] if path.startswith("/api/v1/") else parse_qsl(where.query)
        kinds = {(endpoint, values.get("filename"), name) for name, _ in [("", ""), *arguments]}
        if kinds <= seen:
            continue
        seen |= kinds
        views.add(endpoint)
        # As a proxy passes it on that takes its own path away.
        reply = client.get(f"{path}?{where.query}")
        assert reply.status_code in (200, 302, 400, 404), address
        assert reply.status_code < 400 or endpoint not in ("static", "pages.index", "corpus.corpus"), address
        if reply.status_code == 302:
            coming.append(urljoin(address, reply.headers["Location"]))
        coming += addresses(reply, address)
    assert {"static", "pages.index", "pages.report", "pages.reports", "compare.compare", "feed.feed", "machines.opensearch"} <= views
    assert {"units.unit", "corpus.corpus", "statistics.statistics", "drafts.form"} <= views, views
    assert len(views) > 30


@pytest.mark.parametrize(
    "path",
    [
        "/api/v1/search?q=行政复议&facets=year",
        "/api/v1/reports",
        "/api/v1/reports/r3",
        "/api/v1/units",
        "/api/v1/search.ndjson?q=公开",
        "/api/v1/common",
    ],
)
def test_json_differs_by_the_prefix_of_its_addresses_alone(client, plain, path):
    own, other = client.get(path), plain.get(path)
    assert own.text != other.text
    assert own.text.replace(f"localhost{UNDER}/", "localhost/").replace(f'"{UNDER}/', '"/') == other.text
    assert own.headers.getlist("Link") == [link.replace("<", f"<{UNDER}") for link in other.headers.getlist("Link")]
    found = paths([json.loads(line) for line in own.text.splitlines()])
    assert found
    assert all(one.startswith(f"{UNDER}/") for one in found)


def test_what_is_typed_stays_as_it_is(client):
    for typed in ('href="/x"', '"url":"/x"', ' src="/x'):
        assert f'value="{typed.replace(chr(34), "&#34;")}"' in client.get("/", query_string={"q": typed}).text
        assert client.get("/api/v1/search", query_string={"q": typed}).json["query"]["q"] == typed


def test_the_whole_path_is_taken_too(client):
    assert client.get(f"{UNDER}/reports/r3").text == client.get("/reports/r3").text
    assert client.get(UNDER).status_code == client.get(f"{UNDER}/").status_code == 200
    assert client.get(f"{UNDER}x").status_code == 404


def test_redirects_cookies_servers_and_what_leaves_the_site(client):
    assert client.get("/api").headers["Location"] == f"{UNDER}/api/"
    assert f"Path={UNDER}/;" in client.get("/help?lang=en").headers["Set-Cookie"]
    assert client.get("/api/v1/openapi.json").json["servers"] == [{"url": UNDER}]
    assert f"{SITE}reports/r3" in client.get("/sitemap.xml").text
    assert f'href="{SITE}feed.atom' in client.get("/feed.atom").text
    assert f"{SITE}reports/" in client.get("/api/v1/reports.csv").text


def test_a_cached_reply_of_another_prefix_is_none(client, plain):
    tag = plain.get("/api/v1/reports").headers["ETag"]
    assert client.get("/api/v1/reports", headers={"If-None-Match": tag}).status_code == 200
    tag = client.get("/api/v1/reports").headers["ETag"]
    assert client.get("/api/v1/reports", headers={"If-None-Match": tag}).status_code == 304


@pytest.mark.parametrize(
    ("prefix", "public"), [("fazhi", ""), ("/a b", ""), ("/reports", ""), ("/api/x", ""), ("/a", "https://office.example/b")]
)
def test_what_is_no_prefix_is_refused(place, monkeypatch, prefix, public):
    monkeypatch.setenv("FAZHI_PUBLIC_URL", public)
    with pytest.raises(BadPath, match="--prefix"):
        create_app(str(place), under=prefix)


def test_the_public_address_says_the_prefix(place, monkeypatch):
    monkeypatch.setenv("FAZHI_PUBLIC_URL", "https://office.example/fazhi/")
    client = create_app(str(place)).test_client(use_cookies=False)
    page = client.get("/").text
    assert 'href="/fazhi/corpus"' in page
    assert "https://office.example/fazhi/reports/r3" in client.get("/sitemap.xml").text


@contextmanager
def proxy(behind):
    """A proxy that has a site at a path and takes that away, and answers 404 for everything beside it; its address, and what was asked beside it."""
    beside = []

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self):
            if not self.path.startswith(f"{UNDER}/"):
                beside.append(self.path)
                self.send_error(404)
                return
            passed = http.client.HTTPConnection(urlsplit(behind).netloc)
            passed.request("GET", self.path.removeprefix(UNDER), headers=dict(self.headers))
            reply = passed.getresponse()
            content = reply.read()
            self.send_response(reply.status)
            for name, value in reply.getheaders():
                if name.lower() not in ("connection", "transfer-encoding", "content-length"):
                    self.send_header(name, value)
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)
            passed.close()

        def log_message(self, *args):
            pass

    class Server(ThreadingHTTPServer):
        daemon_threads = True

    with Server(("127.0.0.1", 0), Handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}", beside
        server.shutdown()


def test_the_script_works_in_a_browser_behind_a_proxy(browser, place):
    expect = pytest.importorskip("playwright.sync_api").expect
    with serving(place, "--prefix", UNDER, "--workers", "1") as behind, proxy(behind) as (address, beside):
        context = browser.new_context(base_url=address)
        page = context.new_page()
        missing = []
        page.on("response", lambda reply: missing.append(reply.url) if reply.status >= 400 else None)
        page.goto(f"{UNDER}/")
        box = page.get_by_role("combobox", name="检索词")
        with page.expect_response(lambda reply: f"{UNDER}/api/v1/suggest" in reply.url):
            box.press_sequentially("行政")
        box.fill("行政复议")
        box.press("Enter")
        expect(page.locator(".count")).to_contain_text("共 31 段")
        page.evaluate("window.kept = true")
        # In place: the page is not loaded anew.
        page.get_by_role("complementary").get_by_role("link", name="2022").click()
        expect(page.locator(".count")).to_contain_text("共 6 段")
        assert page.evaluate("window.kept") is True
        assert urlsplit(page.url).path == f"{UNDER}/"
        page.goto(f"{UNDER}/advanced")
        with page.expect_response(lambda reply: f"{UNDER}/advanced?" in reply.url):
            page.locator(".advanced-form input[type=text], .advanced-form input:not([type])").first.fill("公开")
        page.get_by_role("link", name="English").first.click()
        expect(page.locator("html")).to_have_attribute("lang", "en")
        page.goto(f"{UNDER}/help")
        expect(page.locator("html")).to_have_attribute("lang", "en")
        assert (missing, beside) == ([], [])
        context.close()
