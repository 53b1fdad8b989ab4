"""Which machine an address leads to, and that none of our own network is asked (SSRF, DNS rebinding)."""

import socket

import pytest

from indexer.collect import targets
from indexer.collect.collecting import State
from indexer.collect.records import Wanted
from indexer.collect.targets import Refused, Target, is_public
from tests.indexer.collect.site import collect, page


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
