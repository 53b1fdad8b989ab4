"""Results that arrive in place, in a real browser: address, title, history, focus and scroll are as if the page had been loaded."""

import re

import pytest

expect = pytest.importorskip("playwright.sync_api").expect


@pytest.fixture
def page(browser, many):
    context = browser.new_context(base_url=many, viewport={"width": 1280, "height": 600})
    opened = context.new_page()
    # What is set on the window is gone once a page is loaded instead.
    opened.goto("/?q=行政复议")
    opened.evaluate("window.kept = true")
    seen(opened)
    yield opened
    context.close()


def seen(page):
    page.evaluate("document.getElementById('main').dataset.seen = ''")


def arrived(page, text):
    """Wait until results that no call has seen say this count, which those before may have said too; and see that no page was loaded."""
    expect(page.locator("main:not([data-seen]) .count")).to_contain_text(text)
    assert page.evaluate("window.kept") is True
    seen(page)


def box(page):
    return page.get_by_role("combobox", name="检索词")


def focused(page):
    return page.evaluate("document.activeElement.id || document.activeElement.className || document.activeElement.textContent")


def hold(page, sign):
    """The requests whose address has the sign, held back until they are let through."""
    held = []
    page.route(lambda url: sign in url, lambda route: held.append(route))
    return held


def test_a_query_replaces_the_results_and_leaves_the_rest(page):
    box(page).fill("执法力量")
    box(page).press("Enter")
    arrived(page, "共 30 段")
    assert page.title() == "执法力量 - 检索"
    assert page.url.endswith("/?q=%E6%89%A7%E6%B3%95%E5%8A%9B%E9%87%8F")
    assert focused(page) == "q"
    expect(page.locator("#said [aria-live]")).to_contain_text("共 30 段，来自 30 份报告")
    assert "检索：执法力量" in page.locator("footer").text_content()


def test_back_and_forward_bring_results_box_title_and_place(page):
    page.get_by_role("link", name="下一页").scroll_into_view_if_needed()
    stood = page.evaluate("scrollY")
    assert stood > 500
    page.get_by_role("link", name="下一页").click()
    arrived(page, "第 21–31 条")
    assert page.evaluate("scrollY") == 0
    box(page).fill("公开")
    page.get_by_role("button", name="检索", exact=True).click()
    arrived(page, "共 30 段")
    page.go_back()
    arrived(page, "第 21–31 条")
    assert (box(page).input_value(), page.title()) == ("行政复议", "行政复议 - 检索")
    page.go_back()
    arrived(page, "第 1–20 条")
    page.wait_for_function("stood => scrollY === stood", arg=stood)
    page.go_forward()
    page.go_forward()
    arrived(page, "共 30 段")
    assert box(page).input_value() == "公开"


def test_from_a_report_back_leads_to_the_results_it_was_opened_from(page):
    page.get_by_role("link", name="下一页").click()
    arrived(page, "第 21–31 条")
    page.locator(".hit h2 a").first.click()
    page.wait_for_url("**/reports/*")
    page.go_back()
    expect(page.locator(".count")).to_contain_text("第 21–31 条")
    page.go_back()
    expect(page.locator(".count")).to_contain_text("第 1–20 条")


def test_filters_sorting_and_chips_arrive_in_place(page):
    filters = page.get_by_role("complementary")
    filters.get_by_role("link", name="2022").click()
    arrived(page, "共 6 段")
    page.get_by_role("link", name="年度由近到远").click()
    arrived(page, "共 6 段")
    assert page.locator(".bar .sorts [aria-current]").first.text_content() == "年度由近到远"
    box(page).fill("公开")
    box(page).press("Enter")
    arrived(page, "共 6 段")
    assert "year=2022" in page.url
    assert "sort=-year" in page.url
    page.get_by_role("link", name="报告年度：2022").click()
    arrived(page, "共 30 段")
    page.get_by_label("从").fill("2022")
    page.get_by_label("从").press("Enter")
    arrived(page, "共 12 段")
    assert "year_to" not in page.url
    page.get_by_role("link", name="报告", exact=True).click()
    arrived(page, "12 份报告提及")
    box(page).fill("执法力量")
    box(page).press("Enter")
    expect(page.locator(".count .term")).to_have_text("执法力量")
    assert "/reports?" in page.url


def test_who_filters_by_keyboard_stays_at_the_filter(page):
    page.get_by_role("complementary").get_by_role("link", name="2022").focus()
    page.keyboard.press("Enter")
    arrived(page, "共 6 段")
    assert page.evaluate("document.activeElement.textContent") == "2022"
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.textContent") == "2023"


def test_who_turns_the_page_begins_at_its_count(page):
    page.get_by_role("link", name="下一页").focus()
    page.keyboard.press("Enter")
    arrived(page, "第 21–31 条")
    assert focused(page) == "count"
    assert page.evaluate("scrollY") == 0


def test_an_old_reply_never_replaces_a_newer_one(page):
    held = hold(page, "year=2019")
    page.get_by_role("complementary").get_by_role("link", name="2019").click()
    expect(page.locator("#said")).to_contain_text("正在检索")
    assert page.locator("main").get_attribute("aria-busy") == "true"
    box(page).fill("执法力量")
    box(page).press("Enter")
    arrived(page, "共 30 段")
    for route in held:
        route.continue_()
    page.wait_for_timeout(300)
    assert "共 30 段" in page.locator(".count").text_content()
    assert page.locator("main").get_attribute("aria-busy") != "true"


def test_what_is_typed_while_results_come_stays(page):
    held = hold(page, "year=2019")
    page.get_by_role("complementary").get_by_role("link", name="2019").click()
    while not held:
        page.wait_for_timeout(50)
    box(page).fill("还在打字")
    held[0].continue_()
    arrived(page, "共 6 段")
    assert box(page).input_value() == "还在打字"


def test_a_server_that_is_away_is_said_and_can_be_asked_again(page):
    page.context.set_offline(True)
    box(page).fill("执法力量")
    box(page).press("Enter")
    expect(page.get_by_text("没有连上服务器")).to_be_visible()
    assert box(page).input_value() == "执法力量"
    assert "共 31 段" in page.locator(".count").text_content()
    page.context.set_offline(False)
    page.get_by_role("button", name="重试").click()
    arrived(page, "共 30 段")
    expect(page.get_by_role("button", name="重试")).to_be_hidden()
    page.go_back()
    arrived(page, "共 31 段")


def test_a_malformed_query_is_answered_in_place_and_can_be_set_right(page):
    page.get_by_role("complementary").get_by_role("link", name="2022").click()
    arrived(page, "共 6 段")
    box(page).fill("(公开")
    box(page).press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("检索式有误")
    assert page.evaluate("window.kept")
    box(page).fill("公开")
    box(page).press("Enter")
    arrived(page, "共 6 段")


def test_ticked_writings_lead_to_the_wider_query(page):
    box(page).fill("不服处罚")
    box(page).press("Enter")
    page.get_by_role("checkbox", name=re.compile("^行政复议")).check()
    page.get_by_role("button", name="一起查").click()
    page.wait_for_url("**OR**")
    assert box(page).input_value() == '"不服处罚" OR "行政复议"'
    assert page.evaluate("window.kept")


def test_nothing_is_asked_while_an_input_method_composes(page):
    asked = []
    # The site's icon may come late.
    page.on("request", lambda request: asked.append(request.url) if "/static/" not in request.url else None)
    box(page).fill("")
    session = page.context.new_cdp_session(page)
    for text in ("x", "xz", "xing zheng"):
        session.send("Input.imeSetComposition", {"text": text, "selectionStart": len(text), "selectionEnd": len(text)})
    page.wait_for_timeout(200)
    assert asked == []
    with page.expect_response("**/api/v1/suggest?*"):
        session.send("Input.insertText", {"text": "行政"})
    assert box(page).input_value() == "行政"
