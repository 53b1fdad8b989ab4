"""高级检索: the query that the form writes, the way to its results, and back."""

import re
from html import unescape
from urllib.parse import parse_qs, urlsplit

import pytest


def written(client, address, status=200):
    reply = client.get(address)
    assert reply.status_code == status
    return reply.text, unescape(re.sub(r"<[^>]+>", "", re.search(r'<div id="written".*?</div>', reply.text, re.S)[0]))


def test_the_form_writes_a_query_and_counts_what_it_finds(client):
    _, shown = written(client, "/advanced?all=行政复议&any=公开 没有&none=执法力量&year_from=2022&year_to=2022")
    assert "检索式：行政复议 (公开 OR 没有) -执法力量" in shown
    assert "2022–2022 年" in shown
    assert "共 6 段，来自 6 份报告" in shown


def test_it_leads_to_the_results(client):
    reply = client.get("/advanced?near=推进&near_to=公开&within=20&region=210921&section=&go=1")
    assert reply.status_code == 302
    address = urlsplit(reply.headers["Location"])
    assert address.path == "/"
    assert parse_qs(address.query) == {"q": ["推进 NEAR/20 公开"], "region": ["210921"]}
    assert client.get(reply.headers["Location"]).status_code == 200


def test_a_page_of_results_opens_it_with_what_was_searched_for(client):
    page = client.get("/?q=(公开 OR 没有) 行政复议 year:2022&region=210921").text
    address = unescape(re.search(r'<a class="advanced" href="([^"]+)"', page)[1])
    html, shown = written(client, address)
    assert 'name="any" value="公开 没有"' in html
    assert 'name="all" value="行政复议"' in html
    assert 'name="year_from" inputmode="numeric" pattern="[0-9]{4}" size="4" value="2022"' in html
    assert 'name="region" value="210921" checked' in html
    assert "共 2 段" in shown


@pytest.mark.parametrize(
    ("query", "name", "value"),
    [("q=推进行政复议&mode=literal", "phrase", "推进行政复议"), ("q=怎么推进行政复议&mode=any", "any", "推进 行政复议")],
)
def test_a_query_in_another_mode_is_read_as_what_it_looks_for(client, query, name, value):
    assert f'name="{name}" value="{value}"' in written(client, f"/advanced?{query}")[0]


@pytest.mark.parametrize("filter", ["novelty=own", "same=odd~0.p1", "region=210921&sentence=00000000000f&novelty=own"])
def test_what_filters_passages_stays_chosen(client, filter):
    html, _ = written(client, f"/advanced?all=行政复议&{filter}")
    assert "&".join(map("=".join, re.findall(r'<input type="checkbox" name="(\w+)" value="([^"]*)" checked>', html))) == filter


def test_a_query_that_has_no_fields_stays_in_the_box(client):
    html, _ = written(client, "/advanced?q=title:工作 公开")
    assert "含有本表没有的写法" in html
    assert re.search(r'<input id="q"[^>]*value="title:工作 公开"', html)


@pytest.mark.parametrize(
    "address", ["/advanced?all=法&region=无此地", "/advanced?none=法", "/advanced?all=法&within=x", "/advanced?nope=1"]
)
def test_what_is_wrong_is_said_beside_the_form(client, address):
    html, shown = written(client, address, 400)
    assert 'class="note"' in html
    assert shown.strip()


@pytest.mark.parametrize("scripted", [True, False])
def test_in_a_browser_it_shows_the_query_and_leads_to_the_results(browser, many, scripted):
    expect = pytest.importorskip("playwright.sync_api").expect
    context = browser.new_context(base_url=many, java_script_enabled=scripted)
    page = context.new_page()
    page.goto("/advanced")
    page.get_by_label("包含全部词").fill("行政复议")
    page.get_by_label("不含").fill("没有")
    if not scripted:
        page.get_by_role("button", name="写出检索式").click()
    expect(page.locator("#written code")).to_have_text("行政复议 -没有")
    page.locator(".buttons").get_by_role("button", name="检索", exact=True).click()
    page.wait_for_url("**/?q=*")
    expect(page.get_by_role("combobox", name="检索词")).to_have_value("行政复议 -没有")
    context.close()
