"""Replies that are wanted again: the same bytes, never of another generation, language, name or form, within a bound."""

import gzip
import threading
from concurrent.futures import ThreadPoolExecutor

import pytest
from flask import request

from indexer import Report, build_index
from webui import create_app, live
from webui.repeated import LARGEST, Repeated, _Flight, _Sent

PATHS = [
    "/api/v1/search?q=行政复议&facets=year,region",
    "/api/v1/reports",
    "/api/v1/concordance?q=公开",
    "/api/v1/suggest?q=行",
    "/?q=行政复议&page=2",
    "/reports/r0?q=行政",
    "/",
]
HEADS = [
    {},
    {"Accept-Encoding": "gzip"},
    {"Accept-Language": "en"},
    {"Host": "other"},
    {"Accept-Encoding": "gzip", "Accept-Language": "en"},
]


def sent(reply):
    return reply.status_code, sorted((name, value) for name, value in reply.headers.items() if name != "Date"), reply.data


@pytest.mark.parametrize("path", PATHS)
def test_what_is_wanted_again_is_the_same_to_the_byte(place, path):
    client = create_app(str(place)).test_client(use_cookies=False)
    repeated = client.application.extensions["repeated"]
    first = [sent(client.get(path, headers=head)) for head in HEADS]
    size = repeated.size
    assert size > 0
    for _ in range(2):
        assert [sent(client.get(path, headers=head)) for head in HEADS] == first
    assert repeated.size == size
    # And as an application says it that was never asked before.
    fresh = create_app(str(place)).test_client(use_cookies=False)
    assert [sent(fresh.get(path, headers=head)) for head in reversed(HEADS)] == first[::-1]


def test_conditions_are_met_and_languages_remembered(place):
    client = create_app(str(place)).test_client(use_cookies=False)
    for _ in range(2):
        reply = client.get(PATHS[0])
        again = client.get(PATHS[0], headers={"If-None-Match": reply.headers["ETag"]})
        assert (again.status_code, again.data) == (304, b"")
        assert "Set-Cookie" in client.get("/?q=公开&lang=en").headers
        assert client.get("/api/v1/search?q=公开&page=0").status_code == 400
        assert client.get("/?nothing=1").status_code == 400
        assert client.head(PATHS[0]).status_code == 200


def test_what_goes_out_below_a_prefix_has_it_once(place):
    client = create_app(str(place), under="/fazhi").test_client(use_cookies=False)
    plain, packed = ([client.get(PATHS[0], headers=head) for _ in range(2)] for head in ({}, {"Accept-Encoding": "gzip"}))
    assert plain[0].data == plain[1].data == gzip.decompress(packed[0].data) == gzip.decompress(packed[1].data)
    assert b'"/fazhi/reports/' in plain[0].data
    assert b"/fazhi/fazhi" not in plain[0].data


def test_a_newer_generation_drops_all_that_was_kept(tmp_path, monkeypatch):
    monkeypatch.setattr(live, "CHECK_EVERY", -1.0)
    folder = tmp_path / "index"

    def build(word):
        build_index(folder, [Report.from_blocks(id=word, title="报告", blocks=[((), f"推进{word}。")])])

    build("公开")
    client = create_app(str(folder)).test_client(use_cookies=False)
    repeated = client.application.extensions["repeated"]
    before = [client.get("/api/v1/search?q=推进").json for _ in range(2)]
    assert before[0] == before[1]
    client.get("/api/v1/search?q=报告")
    size = repeated.size
    build("复议")
    after = client.get("/api/v1/search?q=推进").json
    assert after["index"]["generation"] != before[0]["index"]["generation"]
    assert after["hits"][0]["text"] == "推进复议。"
    assert 0 < repeated.size < size


def test_the_bound_holds_and_the_least_recently_used_goes_first():
    repeated = Repeated(20_000)
    one = _Sent(b"x" * 1_000, ())
    for number in range(100):
        repeated.put("a", number, one)
        assert repeated.get("a", 0) is one
        assert repeated.size <= 20_000
    assert repeated.get("a", 99) is one
    assert repeated.get("a", 50) is None
    assert repeated.get("b", 99) is None
    repeated.put("a", "large", _Sent(b"x" * LARGEST, ()))
    assert repeated.get("a", "large") is None
    repeated.put("b", 1, one)
    assert repeated.get("a", 99) is None
    assert repeated.size == len(one)


def test_long_addresses_count_too(place):
    client = create_app(str(place)).test_client(use_cookies=False)
    repeated = client.application.extensions["repeated"]
    client.get("/api/v1/search?q=公开")
    short = repeated.size
    assert client.get(f"/api/v1/search?q=公开{'&' * 900}").status_code == 200
    assert repeated.size >= 2 * short + 900


def test_the_link_to_add_reports_is_shown_to_those_alone_who_may(place, tmp_path):
    (tmp_path / "corpus").mkdir()
    client = create_app(str(place), corpus_folder=tmp_path / "corpus").test_client(use_cookies=False)
    for _ in range(2):
        for address, shown in (("127.0.0.1", True), ("192.0.2.7", False)):
            page = client.get("/?q=行政复议", environ_base={"REMOTE_ADDR": address})
            assert ('href="/add"' in page.text) is shown, address


AT_ONCE = 6


def sent_at_once(app, path):
    """The replies to so many requests of which the first is worked out when all others wait for it."""
    with ThreadPoolExecutor(AT_ONCE) as threads:
        return list(threads.map(lambda _: app.test_client(use_cookies=False).get(path), range(AT_ONCE)))


@pytest.fixture
def crowd(place, monkeypatch):
    """An application, and the requests whose view was called; the first call ends when all others have begun to wait."""
    app, waiting, made = create_app(str(place)), threading.Semaphore(0), []
    wait, view = _Flight.wait, app.view_functions["api.search"]

    def note_and_wait(flight):
        waiting.release()
        return wait(flight)

    def slow():
        made.append(request.full_path)
        if len(made) == 1:
            for _ in range(AT_ONCE - 1):
                assert waiting.acquire(timeout=60)
        return view()

    monkeypatch.setattr(_Flight, "wait", note_and_wait)
    app.view_functions["api.search"] = slow
    return app, made


def test_requests_for_the_same_at_the_same_time_are_worked_out_once(crowd):
    app, made = crowd
    replies = sent_at_once(app, PATHS[0])
    assert len(made) == 1
    assert {reply.status_code for reply in replies} == {200}
    assert len({(reply.data, reply.headers["ETag"], reply.headers["Content-Type"], reply.headers["Link"]) for reply in replies}) == 1


def test_a_reply_that_is_for_nobody_else_leaves_the_others_to_their_own(crowd):
    app, made = crowd
    replies = sent_at_once(app, "/api/v1/search?q=行政复议&page=0")
    assert [reply.status_code for reply in replies] == [400] * AT_ONCE
    assert len(made) == AT_ONCE
    # Nothing is left that the next one would wait for.
    assert app.test_client().get("/api/v1/search?q=行政复议&page=0").status_code == 400
