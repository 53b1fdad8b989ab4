"""A real browser on the real server and the real first report."""

import pdfplumber
import pytest

from indexer import build_index
from tests.support import one_report
from tests.webui.conftest import serving
from tests.webui.serving import PATIENCE

expect = pytest.importorskip("playwright.sync_api").expect

WIDTHS = [1280, 390, 320]


@pytest.fixture(params=WIDTHS)
def page(request, browser, server):
    context = browser.new_context(viewport={"width": request.param, "height": 900}, base_url=server)
    opened = context.new_page()
    problems = []
    opened.on("pageerror", lambda error: problems.append(str(error)))
    opened.on("console", lambda message: problems.append(message.text) if message.type == "error" else None)
    opened.on("request", lambda sent: problems.append(sent.url) if not sent.url.startswith((server, "data:")) else None)
    yield opened
    context.close()
    assert problems == []


def fits(page):
    return page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth")


def open_filters(page):
    """On a phone they stand behind a button; on a desk beside the results."""
    if not page.locator(".facets").is_visible():
        page.locator(".narrow").click()


def test_search_filter_and_read(page):
    page.goto("/")
    assert fits(page)
    page.get_by_role("combobox", name="检索词").fill("行政复议")
    page.get_by_role("button", name="检索").click()
    page.wait_for_url("**/?q=*")
    expect(page.get_by_role("status")).to_contain_text("共 2 段，来自 1 份报告")
    assert {mark.inner_text() for mark in page.locator(".hit mark").all()} == {"行政复议"}
    assert fits(page)

    open_filters(page)
    page.get_by_role("complementary").get_by_role("link", name="矛盾纠纷化解").click()
    expect(page.get_by_role("status")).to_contain_text("共 1 段")
    open_filters(page)
    page.get_by_role("link", name="部分：矛盾纠纷化解").click()
    expect(page.get_by_role("status")).to_contain_text("共 2 段")

    open_filters(page)
    page.get_by_role("complementary").get_by_role("link", name="矛盾纠纷化解").click()
    expect(page.locator(".hit")).to_have_count(1)
    page.locator(".hit h2 a").click()
    page.wait_for_url("**#1.6.p1")
    assert page.get_by_role("heading", level=1).inner_text() == "阜新蒙古族自治县2022年法治政府建设工作报告"
    assert page.locator("mark").count() == 4
    assert page.locator("[id='1.6.p1']").is_visible()
    assert fits(page)
    page.get_by_role("link", name="下一处").click()
    expect(page.locator(".jump")).to_contain_text("第 1 处，共 4 处")
    page.get_by_role("link", name="上一处").click()
    expect(page.locator(".jump")).to_contain_text("第 4 处，共 4 处")
    page.wait_for_url("**hit=4#hit-4")
    page.reload()
    expect(page.locator(".jump")).to_contain_text("第 4 处，共 4 处")
    assert page.locator("mark.now").count() == 1
    page.go_back()
    expect(page.get_by_role("status")).to_contain_text("共 1 段")


def test_a_quotation_has_the_text_and_where_it_stands(browser, server):
    context = browser.new_context(base_url=server, permissions=["clipboard-read", "clipboard-write"])
    page = context.new_page()

    def copied(button):
        element = button.element_handle()
        element.click()
        # The button clicked before may still say so.
        page.wait_for_function("button => button.textContent === '已复制'", arg=element)
        return page.evaluate("navigator.clipboard.readText()")

    page.goto("/?q=6+1类 一网通办 OR 行政复议与应诉")
    text = copied(page.get_by_role("button", name="复制引文").first)
    assert text.startswith(("“下一步,", "“…"))
    assert "——阜新蒙古族自治县. 阜新蒙古族自治县2022年法治政府建设工作报告[R]. （2023-03-01）." in text
    page.locator(".hit h2 a").first.click()
    page.wait_for_url("**/reports/**")
    whole = copied(page.get_by_role("button", name="复制引文"))
    assert whole.startswith("阜新蒙古族自治县. ")
    assert "{anchor}" not in whole
    page.locator(".para").first.hover()
    text = copied(page.get_by_role("button", name="复制第 1 段和引文"))
    assert text.startswith("“2022年,阜蒙县深入贯彻落实")
    assert text.endswith("报告[R]. （2023-03-01）.")
    expect(page.locator("#said [aria-live]")).to_have_text("已复制")
    context.close()


def test_slash_goes_to_the_box(page):
    page.goto("/?q=法治")
    page.keyboard.press("/")
    assert page.evaluate("document.activeElement.id") == "q"


def test_the_way_to_the_filters_and_back_is_short_by_keyboard(browser, server):
    context = browser.new_context(base_url=server, viewport={"width": 1280, "height": 900})
    page = context.new_page()
    page.goto("/?q=法治")
    way = page.get_by_role("link", name="筛选", exact=True)
    assert way.bounding_box()["width"] <= 1
    way.focus()
    assert way.bounding_box()["width"] > 24
    page.keyboard.press("Enter")
    page.wait_for_url("**#filters")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.closest('.facets') !== null")
    page.get_by_role("link", name="回到结果").press("Enter")
    page.wait_for_url("**#main")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.closest('.found') !== null")
    context.close()


def test_the_slash_key_can_be_switched_off(page):
    page.goto("/help")
    page.get_by_label("键到检索框").uncheck()
    page.goto("/?q=法治")
    page.keyboard.press("/")
    assert page.evaluate("document.activeElement.id") != "q"


def test_it_works_without_script(browser, server):
    context = browser.new_context(java_script_enabled=False, base_url=server)
    page = context.new_page()
    page.goto("/")
    page.get_by_role("combobox", name="检索词").fill("6+1类")
    page.keyboard.press("Enter")
    page.locator(".hit h2 a").click()
    page.wait_for_url("**/reports/**")
    assert page.locator("mark").all_inner_texts() == ["6+1类"]
    page.get_by_role("link", name="下一处").click()
    expect(page.locator(".jump")).to_contain_text("第 1 处，共 1 处")
    context.close()


PATHS = {
    "/": 200,
    "/concordance?q=行政": 200,
    "/reports?q=行政": 200,
    "/reports?q=行政&mention=no&year_from=2020": 200,
    "/?q=行政": 200,
    "/years?q=行政": 200,
    "/?q=放管服": 200,
    "/?q=行政&year=2022&page=9": 200,
    "/?q=服议 行政&year=2022": 200,
    "/?q=(行政": 400,
    "/corpus": 200,
    "/advanced": 200,
    "/advanced?q=行政复议&region=210921": 200,
    "/units": 200,
    "/units/210921": 200,
    "/remarks": 200,
    "/?q=2022年 行政复议": 200,
    "/verify": 200,
    "/check": 200,
    "/matrix?q=行政": 200,
    "/words?q=行政": 200,
    "/batch?terms=行政%0A没有": 200,
    "/required": 200,
    "/help": 200,
    "/instruments": 200,
    "/common": 200,
    "/statistics": 200,
    "/statistics?indicator=行政复议受理": 200,
    "/?q=行政复议受案": 200,
    "/api/": 200,
    "/api/data": 200,
    "/api/data/Hit": 200,
    "/nope": 404,
}
"""Every kind of page, and its status."""


@pytest.mark.parametrize(("scheme", "locale"), [("light", "zh-CN"), ("dark", "en-GB")])
def test_no_accessibility_violations(browser, server, scheme, locale):
    axe = pytest.importorskip("axe_playwright_python.sync_playwright").Axe()
    # The policy forbids scripts from elsewhere; axe is put into the page past it.
    context = browser.new_context(color_scheme=scheme, locale=locale, base_url=server, bypass_csp=True)
    page = context.new_page()
    page.goto("/?q=行政复议")
    report = page.locator(".hit h2 a").first.get_attribute("href")
    id = report.partition("?")[0].rpartition("/")[2]
    paths = {**PATHS, report: 200, f"/compare?left={id}&right={id}&q=行政": 200}
    # The pages are made of the same parts in English: every other one.
    for path, status in [*paths.items()][:: 1 if locale == "zh-CN" else 2]:
        assert page.goto(path).status == status
        assert fits(page)
        found = axe.run(page)
        assert found.violations_count == 0, f"{path}: {found.generate_report()}"
    context.close()


def test_the_print_of_a_wide_table_loses_no_column(browser, tmp_path):
    years = range(2000, 2025)
    issuers = ["阜新市人民政府", "阜新蒙古族自治县人民政府", "彰武县司法局"]
    reports = [
        one_report("法", id=f"r{issuer}{year}", year=year, issuer=name) for issuer, name in enumerate(issuers) for year in years if year % 7
    ]
    build_index(tmp_path / "index", reports)
    with serving(tmp_path / "index") as address:
        context = browser.new_context(base_url=address)
        page = context.new_page()
        page.goto("/corpus")
        missing = page.locator("td.missing").count()
        assert missing >= 3 * len(issuers)
        page.pdf(path=tmp_path / "print.pdf", prefer_css_page_size=True)
        for view, path in [("matrix", "/matrix?q=法"), ("batch", "/batch?terms=法")]:
            page.goto(path)
            page.pdf(path=tmp_path / f"{view}.pdf", prefer_css_page_size=True)
        context.close()
    for view in ("print", "matrix", "batch"):
        with pdfplumber.open(tmp_path / f"{view}.pdf") as pdf:
            first = pdf.pages[0]
            words = first.extract_words()
            shown = {word["text"] for word in words if word["x1"] <= first.width and word["bottom"] <= first.height}
            if view == "print":
                printed = "".join(char["text"] for char in first.chars)
        assert first.width > first.height
        assert {str(year) for year in years if view == "print" or year % 7} <= shown
    assert printed.count("有") >= len(reports)
    # In the line above the table once more.
    assert printed.count("未收录") == missing + 1


def test_heads_and_names_of_the_holdings_stay_in_sight(browser, tmp_path):
    reports = [
        one_report("法", id=f"r{number}-{year}", year=year, issuer=f"阜新市第{number}局")
        for number in range(40)
        for year in range(2000, 2025)
    ]
    build_index(tmp_path / "index", reports)
    with serving(tmp_path / "index") as address:
        context = browser.new_context(base_url=address, viewport={"width": 800, "height": 600})
        page = context.new_page()
        page.goto("/corpus")
        page.locator(".held-in").evaluate("frame => frame.scrollTo(5000, 5000)")
        frame = page.locator(".held-in").bounding_box()
        head, name = (page.locator(f".held {where}").last.bounding_box() for where in ("thead th", "tbody th"))
        assert head["y"] == pytest.approx(frame["y"], abs=1)
        assert name["x"] == pytest.approx(frame["x"], abs=1)
        context.close()


def test_print_leaves_the_text(browser, server):
    context = browser.new_context(base_url=server)
    page = context.new_page()
    page.goto("/?q=行政复议")
    page.emulate_media(media="print")
    assert not page.locator(".facets").is_visible()
    assert page.locator(".hit mark").first.is_visible()
    printed = page.locator(".printed").inner_text()
    assert "检索：行政复议" in printed
    assert server in printed
    context.close()


def test_completion_offers_the_corpus_s_words(browser, server):
    context = browser.new_context(base_url=server)
    page = context.new_page()
    page.goto("/")
    with page.expect_response("**/api/v1/suggest?*"):
        page.get_by_role("combobox", name="检索词").press_sequentially("行政复")
    page.wait_for_selector("#suggestions option[value='行政复议']", state="attached")
    context.close()


def test_an_endless_address_is_refused(server):
    import urllib.error
    import urllib.request

    with pytest.raises(urllib.error.HTTPError) as caught:
        urllib.request.urlopen(server + "/?q=" + "a" * 100_000, timeout=PATIENCE)
    assert 400 <= caught.value.code < 500


@pytest.mark.parametrize("fragment", ["#%", "#%E4%B8", "#nowhere"])
def test_whatever_stands_behind_the_address_steps_go_on(page, fragment):
    page.goto("/?q=行政复议")
    page.locator(".hit h2 a").first.click()
    page.wait_for_url("**/reports/**")
    page.goto(page.url.partition("#")[0] + fragment)
    page.reload()
    page.get_by_role("link", name="下一处").click()
    expect(page.locator(".jump")).to_contain_text("第 1 处")


def test_many_reports_of_one_year_leave_the_other_years_in_sight(browser, tmp_path):
    years = [*range(2019, 2025), *[2022] * 60]
    index = tmp_path / "index"
    build_index(index, [one_report("法", id=f"r{number}", year=year, issuer="甲县") for number, year in enumerate(years)])
    with serving(index) as address:
        context = browser.new_context(base_url=address, viewport={"width": 1280, "height": 900})
        page = context.new_page()
        page.goto("/corpus")
        assert page.locator("td a").all_inner_texts() == ["有", "有", "61 份", "有", "有", "有"]
        assert page.evaluate("document.querySelector('.scroll').scrollWidth <= document.querySelector('.scroll').clientWidth")
        context.close()


@pytest.mark.parametrize("width", [1280, 390])
def test_the_links_of_the_site_are_whole_words_on_a_line_and_no_form_is_printed(browser, server, width):
    context = browser.new_context(viewport={"width": width, "height": 900}, base_url=server)
    page = context.new_page()
    page.goto("/units")
    head = [link for link in page.locator("header nav a").all() if link.is_visible()]
    # On a phone all but three stand at the foot alone, so that the text comes first.
    assert width > 800 or [link.inner_text() for link in head] == ["高级检索", "English", "全部页面"]
    assert width < 800 or len(head) >= 6
    assert page.locator("footer nav a").count() >= len(head)
    assert all(link.bounding_box()["height"] < 30 for link in [*head, *page.locator("footer nav a").all()])
    assert len({link.bounding_box()["y"] for link in head}) == 1
    assert page.locator("[aria-current=page]").all_text_contents() == ["单位", "单位"]
    page.goto("/units/210921")
    assert page.locator(".ask").first.is_visible()
    page.emulate_media(media="print")
    assert not any(form.is_visible() for form in page.locator(".ask").all())
    context.close()


@pytest.mark.parametrize("width", [390, 320])
def test_on_a_phone_two_lines_stand_before_the_first_hit_and_a_button_says_how_many_filters_are_set(browser, many, width):
    context = browser.new_context(viewport={"width": width, "height": 800}, base_url=many, java_script_enabled=width == 390)
    page = context.new_page()
    page.goto("/?q=行政复议&year=2022&region=210921")
    above = page.locator(".found > *:not(.unseen)").evaluate_all(
        "found => found.slice(0, found.findIndex((one) => one.matches('.hits'))).map((one) => one.getBoundingClientRect().height)"
    )
    assert sum(above) <= 3 * 40
    assert page.locator(".hit").first.is_visible()
    assert not page.locator(".facets").is_visible()
    page.get_by_role("link", name="筛选（2）").click()
    expect(page.locator(".facets")).to_be_visible()
    assert page.get_by_role("link", name="年度由近到远").is_visible()
    page.get_by_role("complementary").get_by_role("link", name="2022").click()
    expect(page.get_by_role("link", name="筛选（1）")).to_be_visible()
    expect(page.locator(".hit").first).to_be_visible()
    assert "year=" not in page.url
    context.close()


@pytest.mark.parametrize("scripted", [True, False])
def test_a_unit_is_found_among_the_filters_with_script_and_without(browser, tmp_path, scripted):
    reports = [one_report("法", id=f"r{number}", year=2020, issuer=f"阜新市第{number}局") for number in range(70)]
    build_index(tmp_path / "index", reports)
    with serving(tmp_path / "index") as address:
        context = browser.new_context(base_url=address, viewport={"width": 1280, "height": 900}, java_script_enabled=scripted)
        page = context.new_page()
        page.goto("/reports?q=法&year=2020")
        units = page.locator("[aria-labelledby=by-unit] a")
        assert units.count() == 37
        page.get_by_label("单位名称含有").fill("第6")
        if scripted:
            assert len([unit for unit in units.all() if unit.is_visible()]) < 12
        page.get_by_label("单位名称含有").press("Enter")
        page.wait_for_url("**find=*")
        expect(units).to_have_count(11)
        assert all("第6" in name for name in units.all_text_contents())
        assert "year=2020" in page.url
        units.first.click()
        expect(page.get_by_role("listitem").filter(has_text="单位：")).to_have_count(1)
        context.close()


def test_no_view_loses_a_column_in_print_and_each_has_a_title_of_its_own(browser, many):
    # An A4 page on its side, without its margins.
    context = browser.new_context(base_url=many, viewport={"width": 1046, "height": 718})
    page = context.new_page()
    page.emulate_media(media="print")
    titles = []
    for path in (
        "/?q=公开",
        "/reports?q=公开",
        "/concordance?q=公开",
        "/words?q=公开",
        "/years?q=公开",
        "/matrix?q=公开",
        "/corpus",
        "/statistics",
    ):
        page.goto(path)
        titles.append(page.title())
        outside = "[...document.querySelectorAll('th, td')].filter((cell) => cell.getBoundingClientRect().right > innerWidth + 1).length"
        assert page.evaluate(outside) == 0, path
        assert page.evaluate("[...document.querySelectorAll('.scroll')].every((frame) => frame.scrollWidth <= frame.clientWidth + 1)"), path
    assert len(set(titles)) == len(titles)
    context.close()
