"""The tasks of docs/tasks.md, done in a browser with as many clicks as stand there."""

import re
from collections import Counter

import pytest

from indexer import Report, build_index
from tests.support import ROOT
from tests.webui.conftest import serving

expect = pytest.importorskip("playwright.sync_api").expect

PLACES = {"210921": "阜新蒙古族自治县", "210922": "彰武县", "210905": "清河门区", "210911": "细河区"}


@pytest.fixture(scope="module")
def address(tmp_path_factory):
    """The address of a server on reports of four units on three years, one of them missing."""
    reports = []
    for number, (code, name) in enumerate(PLACES.items()):
        for year in (2021, 2022, 2023):
            if (name, year) == ("彰武县", 2022):
                continue
            online = "推进一网通办，公开事项清单。" if number != 3 and year > 2021 else "公开事项清单。"
            texts = [
                f"推进行政复议体制改革，全年受理案件{number + year}件，办结{year}件。",
                f"办理行政诉讼案件{number + 3}件，负责人出庭应诉。",
                online,
            ]
            title = f"{name}{year}年法治政府建设工作报告"
            blocks = [(("一、主要举措和成效",), text) for text in texts]
            reports.append(
                Report.from_blocks(id=f"r{code}-{year}", title=title, year=year, issuer=f"{name}人民政府", region=code, blocks=blocks)
            )
    folder = tmp_path_factory.mktemp("tasks") / "index"
    build_index(folder, reports)
    with serving(folder) as found:
        yield found


class Person:
    """Somebody at a page, whose clicks are counted."""

    def __init__(self, page):
        self.page, self.clicks = page, 0

    def click(self, target):
        target.click()
        self.clicks += 1

    def search(self, query):
        self.page.goto("/")
        self.page.get_by_role("combobox", name="检索词").fill(query)
        self.click(self.page.get_by_role("button", name="检索"))
        self.page.wait_for_url("**/?q=*")

    def take(self, target):
        with self.page.expect_download() as download:
            self.click(target)
        with open(download.value.path(), encoding="utf-8-sig", errors="replace") as file:
            return file.read()


@pytest.fixture
def person(browser, address):
    context = browser.new_context(
        base_url=address, viewport={"width": 1280, "height": 900}, permissions=["clipboard-read", "clipboard-write"]
    )
    yield Person(context.new_page())
    context.close()


@pytest.fixture
def on_a_phone(browser, address):
    context = browser.new_context(base_url=address, viewport={"width": 390, "height": 844}, has_touch=True, is_mobile=True)
    yield Person(context.new_page())
    context.close()


def written():
    """The clicks of each task as docs/tasks.md has them, by who does it and a word of the task."""
    lines = (ROOT / "docs" / "tasks.md").read_text(encoding="utf-8").splitlines()
    rows = [[cell.strip() for cell in line.strip("|").split("|")] for line in lines if re.match(r"\|.*\| \d+ \|$", line)]
    return {(who, task): int(clicks) for who, task, clicks in rows}


def clicks_of(who, word):
    [found] = [clicks for (whose, task), clicks in written().items() if whose == who and word in task]
    return found


def test_each_task_is_done_here():
    assert Counter(who for who, _ in written()) == {"clerk": 3, "auditor": 2, "researcher": 2, "citizen, on a phone": 1}


def test_a_clerk_copies_a_passage_of_a_year_with_its_citation(person):
    person.search("行政复议")
    person.click(person.page.get_by_role("complementary").get_by_role("link", name=re.compile("2022")).first)
    expect(person.page.get_by_role("status")).to_contain_text("共 3 段")
    person.click(person.page.get_by_role("button", name="复制引文").first)
    expect(person.page.locator("#said [aria-live]")).to_have_text("已复制")
    assert "2022年法治政府建设工作报告[R]" in person.page.evaluate("navigator.clipboard.readText()")
    assert person.clicks == clicks_of("clerk", "Copy a passage")


def test_a_clerk_sees_how_others_write_a_paragraph(person):
    person.page.goto("/reports/r210921-2022")
    person.page.locator(".para").first.hover()
    person.click(person.page.get_by_role("link", name=re.compile("^相近")).first)
    expect(person.page.get_by_role("status")).to_contain_text("最相近的")
    assert person.page.get_by_text("相似度 9").count()
    person.click(person.page.locator(".hit h2 a").first)
    person.page.wait_for_url("**/reports/r*#1.p1")
    assert "r210921" not in person.page.url
    assert person.clicks == clicks_of("clerk", "How do other units")


def test_a_clerk_checks_a_quotation(person):
    person.page.goto("/")
    person.click(person.page.get_by_role("link", name="引文核对").first)
    person.page.locator("#text").fill("报告称“推进行政复议体制改革，全年受理案件2023件”。")
    person.click(person.page.get_by_role("button", name="核对", exact=True))
    expect(person.page.locator(".verdicts .exact")).to_have_count(1)
    assert person.clicks == clicks_of("clerk", "quote")


def test_an_auditor_takes_the_list_of_missing_reports_away(person):
    person.page.goto("/")
    person.click(person.page.get_by_role("link", name="收录情况").first)
    expect(person.page.get_by_role("status")).to_contain_text("合计应有而未收录")
    assert person.take(person.page.get_by_role("link", name="Excel")).startswith("PK")
    assert person.clicks == clicks_of("auditor", "missing")


def test_an_auditor_finds_who_never_mentions_something(person):
    person.search("一网通办")
    person.click(person.page.get_by_role("link", name="提及情况"))
    person.page.wait_for_url("**/matrix?*")
    person.click(person.page.get_by_role("link", name="从未提及的单位"))
    person.page.wait_for_url("**mention=no**")
    expect(person.page.locator("table.matrix tbody tr")).to_have_count(1)
    assert "细河区" in person.page.locator("table.matrix tbody").inner_text()
    assert person.take(person.page.get_by_role("link", name="Excel")).startswith("PK")
    assert person.clicks == clicks_of("auditor", "never mention")


def test_a_researcher_takes_a_trend_away(person):
    person.search("一网通办")
    person.click(person.page.get_by_role("link", name="年度趋势").first)
    # The results before may still be shown when the address is the new one.
    table = person.take(person.page.locator("a[href*='/years.csv']"))
    assert [line.split(",")[:3] for line in table.splitlines()[1:]] == [
        ['"2021"', '"0"', '"4"'],
        ['"2022"', '"2"', '"3"'],
        ['"2023"', '"3"', '"4"'],
    ]
    assert person.clicks == clicks_of("researcher", "Since when")


def test_a_researcher_brings_a_passage_into_a_reference_manager(person):
    person.search("一网通办")
    person.click(person.page.get_by_role("link", name="引用格式").first)
    record = person.take(person.page.get_by_role("link", name="RIS"))
    assert record.startswith("TY  - RPRT")
    assert "“推进一网通办，公开事项清单。”" in record
    assert person.clicks == clicks_of("researcher", "reference manager")


def test_a_citizen_gets_from_a_plain_word_to_the_paragraph(on_a_phone):
    citizen, page = on_a_phone, on_a_phone.page
    citizen.search("民告官")
    citizen.click(page.get_by_role("checkbox", name=re.compile("^行政诉讼")))
    citizen.click(page.get_by_role("button", name="一起查"))
    expect(page.get_by_role("status")).to_contain_text("共 11 段")
    citizen.click(page.locator(".hit h2 a").first)
    page.wait_for_url("**/reports/r*#1.p2")
    assert page.locator("mark").first.inner_text() == "行政诉讼"
    assert page.locator("mark").first.is_visible()
    assert citizen.clicks == clicks_of("citizen, on a phone", "民告官")
