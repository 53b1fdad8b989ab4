"""What is new, as an Atom feed: valid by RFC 4287, newest first, nothing twice."""

import re
from datetime import datetime
from html import unescape
from urllib.parse import urlsplit
from xml.etree import ElementTree

import pytest

from indexer import Report, build_index, texts
from tests.support import one_report
from webui import create_app

ATOM = "{http://www.w3.org/2005/Atom}"


@pytest.fixture
def place(tmp_path):
    return str(tmp_path / "index")


def read(client, address):
    """A feed's id and entries (id, title, updated, text), once it is found to be valid."""
    reply = client.get(address)
    assert (reply.status_code, reply.content_type) == (200, "application/atom+xml; charset=utf-8")
    feed = ElementTree.fromstring(reply.data)
    assert feed.tag == f"{ATOM}feed"
    entries = feed.findall(f"{ATOM}entry")
    for one in (feed, *entries):
        for name in ("id", "title", "updated"):
            [element] = one.findall(ATOM + name)
            assert element.text
        # RFC 4287, 3.3: a date-time of RFC 3339 with a zone.
        assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z", one.findtext(f"{ATOM}updated"))
        assert datetime.fromisoformat(one.findtext(f"{ATOM}updated"))
        # RFC 3986 and 8141: nothing but what an URN may hold.
        assert re.fullmatch(r"urn:[A-Za-z0-9][A-Za-z0-9-]{0,31}:([A-Za-z0-9()+,.:=@;$_!*'&?/-]|%[0-9A-F]{2})*", one.findtext(f"{ATOM}id"))
        links = [(link.get("rel"), link.get("type")) for link in one.findall(f"{ATOM}link")]
        assert links.count(("alternate", "text/html")) == 1
        assert len(links) == len(set(links))
        assert one.findtext(f"{ATOM}author/{ATOM}name")
    [itself] = [link.get("href") for link in feed.findall(f"{ATOM}link") if link.get("rel") == "self"]
    assert urlsplit(itself).netloc == "localhost"
    ids = [entry.findtext(f"{ATOM}id") for entry in entries]
    assert len(ids) == len(set(ids)) <= 100
    texts = []
    for entry in entries:
        [content] = entry.findall(f"{ATOM}content")
        assert content.get("type") == "text"
        assert not list(content)
        texts.append(content.text)
        assert client.get(entry.find(f"{ATOM}link").get("href").replace("http://localhost", "")).status_code == 200
    return feed.findtext(f"{ATOM}id"), [
        (id, entry.findtext(f"{ATOM}title"), entry.findtext(f"{ATOM}updated"), text)
        for id, entry, text in zip(ids, entries, texts, strict=True)
    ]


def test_passages_of_new_reports_come_first_and_old_ones_as_they_were(place):
    made = [one_report("法治<b>&“一”。", "法治\x0b二。", id=f"r{number}", year=2020 + number) for number in range(3)]
    build_index(place, made)
    client = create_app(place).test_client(use_cookies=False)
    id, before = read(client, "/feed.atom?q=法治")
    assert [entry[0] for entry in before] == [f"urn:fazhi-search:passage:r{n}%7E0.p{p}" for n in (2, 1, 0) for p in (1, 2)]
    assert [entry[3] for entry in before[:2]] == ["法治<b>&“一”。", "法治二。"]
    # An older year, held later.
    build_index(place, [*made, one_report("法治三。", "别的。", id="new", year=2001)])
    client = create_app(place).test_client(use_cookies=False)
    again, after = read(client, "/feed.atom?q=法治")
    assert again == id
    assert after[0][0] == "urn:fazhi-search:passage:new%7E0.p1"
    assert after[1:] == before
    build_index(place, [*made, one_report("法治三。", "别的。", id="new", year=2001)])
    assert read(create_app(place).test_client(use_cookies=False), "/feed.atom?q=法治") == (id, after)
    assert [entry[0] for entry in read(client, "/feed.atom?q=法治&year=2021")[1]] == [entry[0] for entry in before[2:4]]
    assert read(client, "/feed.atom?q=没有")[1] == []


def test_a_feed_has_a_hundred_entries(place):
    build_index(place, [one_report(*["法。"] * 60, id=f"r{number}", year=2020) for number in range(3)])
    entries = read(create_app(place).test_client(use_cookies=False), "/feed.atom?q=法")[1]
    assert [entry[0].partition("%7E")[0][-2:] for entry in entries] == ["r0"] * 60 + ["r1"] * 40


def test_a_passage_is_called_after_its_report_and_the_heading_right_above(place):
    blocks = [((), "法一。"), (("一、成效",), "法二。"), (("一、成效", "(一)执法"), "法三。")]
    held = Report.from_blocks(id="a", title="某县报告", year=2020, issuer="某县", blocks=blocks)
    build_index(place, [held, one_report("别的。", id="b", title="某报告")])
    client = create_app(place).test_client(use_cookies=False)
    titles = {text: title for _, title, _, text in read(client, "/feed.atom?q=法")[1]}
    assert titles == {"法一。": "某县报告", "法二。": "某县报告 一、成效", "法三。": "某县报告 (一)执法", "(一)执法": "某县报告 (一)执法"}
    authors = [entry.findtext(f"{ATOM}author/{ATOM}name") for entry in ElementTree.fromstring(client.get("/feed.atom").data)[-2:]]
    assert sorted(authors) == ["未标明", "某县"]
    assert {text: title for _, title, _, text in read(client, "/feed.atom")[1]} == {"2020、某县": "某县报告", "未标明": "某报告"}


def test_without_a_query_reports_that_are_new_or_corrected_come_first(place):
    made = [one_report("法。", id=f"r{number}", year=2020 + number, issuer="某局") for number in range(3)]
    build_index(place, made)
    build_index(place, [one_report("改。", id="r0", year=2020), *made[1:]])
    client = create_app(place).test_client(use_cookies=False)
    entries = read(client, "/feed.atom")[1]
    assert [entry[0] for entry in entries] == [f"urn:fazhi-search:report:r{number}" for number in (0, 2, 1)]
    assert [entry[1] for entry in entries] == ["标题（更正）", "标题", "标题"]
    assert entries[0][2] > entries[1][2] == entries[2][2]
    assert [entry[0][-2:] for entry in read(client, "/feed.atom?year_to=2021")[1]] == ["r0", "r1"]


@pytest.mark.parametrize(
    ("feed", "page"),
    [
        ("/feed.atom", "/reports"),
        ("/feed.atom?year=2020", "/reports?year=2020"),
        ("/feed.atom?q=law&year=2020", "/?q=law&year=2020"),
    ],
)
def test_a_feed_leads_to_the_page_that_it_follows(place, feed, page):
    build_index(place, [one_report("law", id="a", year=2020)])
    found = ElementTree.fromstring(create_app(place).test_client(use_cookies=False).get(feed).data)
    assert [link.get("href") for link in found.findall(f"{ATOM}link") if link.get("rel") == "alternate"] == [f"http://localhost{page}"]


def test_what_was_corrected_and_its_feed_say_when(place):
    made = [one_report("法。", id=f"r{number}", year=2020 + number) for number in range(2)]
    build_index(place, made)
    before = {id: updated for id, _, updated, _ in read(create_app(place).test_client(use_cookies=False), "/feed.atom?q=法")[1]}
    build_index(place, [one_report("法。", "改。", id="r0", year=2020), made[1]])
    client = create_app(place).test_client(use_cookies=False)
    after = {id: updated for id, _, updated, _ in read(client, "/feed.atom?q=法")[1]}
    changed = {id for id, updated in after.items() if updated > before[id]}
    assert changed == {"urn:fazhi-search:passage:r0%7E0.p1"}
    feed = ElementTree.fromstring(client.get("/feed.atom?q=法").data)
    assert feed.findtext(f"{ATOM}updated") == max(after.values())
    assert {one.findtext(f"{ATOM}published") for one in feed.findall(f"{ATOM}entry")} == {*before.values()}


@pytest.mark.parametrize("args", ["?q=(法", "?q=法&colour=1", "?q=法&page=2", "?year=x"])
def test_bad_requests_are_refused(place, args):
    build_index(place, [one_report("法。")])
    assert create_app(place).test_client(use_cookies=False).get(f"/feed.atom{args}").status_code == 400


@pytest.mark.parametrize("path", ["/", "/reports", "/concordance", "/years", "/matrix"])
def test_every_page_of_results_leads_to_its_feed(place, path):
    build_index(place, [one_report("法。", id="a", year=2020), one_report("法。", id="b", year=2021)])
    client = create_app(place).test_client(use_cookies=False)
    page = client.get(f"{path}?q=法&year=2020").text
    [address] = re.findall(r'<link rel="alternate" type="application/atom\+xml" title="订阅" href="([^"]+)">', page)
    assert unescape(address) == "/feed.atom?q=%E6%B3%95&year=2020"
    assert re.findall(r'<a class="feed" href="([^"]+)"', page) == [address]
    assert [entry[0] for entry in read(client, unescape(address))[1]] == ["urn:fazhi-search:passage:a%7E0.p1"]
    assert 'href="/feed.atom">' in client.get("/").text
    assert "/feed.atom?q=" in client.get("/?q=没有").text


def test_a_feed_is_not_sent_twice(place):
    build_index(place, [one_report("法。")])
    client = create_app(place).test_client(use_cookies=False)
    tag = client.get("/feed.atom?q=法").headers["ETag"]
    assert client.get("/feed.atom?q=法", headers={"If-None-Match": tag}).status_code == 304


@pytest.mark.parametrize("arguments", ["", "?lang=en", "?q=report&lang=en", "?lang=zh-Hans&q=report", "?q=report"])
def test_a_feed_names_itself_in_the_language_that_its_address_asks_for(place, arguments):
    build_index(place, [one_report("report", id="a")])
    # What a request leaves behind in this thread, its language, ends with the test.
    with texts.speaking(texts.CHINESE):
        feed = ElementTree.fromstring(create_app(place).test_client().get(f"/feed.atom{arguments}").data)
        [itself] = [link.get("href") for link in feed.findall(f"{ATOM}link") if link.get("rel") == "self"]
        again = create_app(place).test_client().get(itself)
    assert sorted(urlsplit(itself).query.split("&")) == sorted(arguments.removeprefix("?").split("&"))
    assert ElementTree.fromstring(again.data).findtext(f"{ATOM}title") == feed.findtext(f"{ATOM}title")
