"""What is taken away is all that is shown: rows = total, on every view, whatever is asked.

Three random requests a view; with EXPORT_REQUESTS=30 as many as that.
"""

import csv
import io
import os
import random
import re
from dataclasses import replace

import pytest
from openpyxl import load_workbook

from indexer import Remark, Report, ReportType, build_index
from webui import create_app

REQUESTS = int(os.environ.get("EXPORT_REQUESTS", "3"))
PLACES = {"210921": "阜新蒙古族自治县", "210922": "彰武县", "210905": "清河门区", "210900": "阜新市"}
TERMS = (
    "行政复议",
    "执法",
    "行政",
    "公开 OR 普法",
    "件 -公开",
    '"一网通办"',
    "没有的词",
    "《重大行政决策程序暂行条例》",
    "法治 NEAR/20 工作",
)


def made(code: str, name: str, year: int, number: int) -> Report:
    same = "全面推行行政执法公示制度，落实执法人员持证上岗。"
    blocks = [
        (
            ("一、主要举措和成效", "(一)严格执法"),
            f"一是受理行政复议案件{10 + number}件，办结{8 + number}件。二是推进一网通办，公开信息{number + 3}条。",
        ),
        (("一、主要举措和成效", "(一)严格执法"), same),
        (("一、主要举措和成效", "(二)普法宣传"), "落实《重大行政决策程序暂行条例》，开展普法宣传。"),
        (("二、存在的不足",), "执法力量不足。"),
        (("三、下一步安排",), "一是加强行政复议规范化建设。二是持续推进一网通办。"),
    ]
    title = f"{name}{year}年法治政府建设工作报告"
    report = Report.from_blocks(
        id=f"r{number}", title=title, year=year, issuer=f"{name}人民政府", region=code, published=None, blocks=blocks
    )
    type = ReportType.PLAN if number % 9 == 8 else ReportType.REPORT
    return replace(report, type=type, remarks=(Remark("year-missing"),) if number % 2 else ())


@pytest.fixture(scope="module")
def client(tmp_path_factory):
    pairs = [(code, name, year) for year in range(2019, 2025) for code, name in PLACES.items()]
    folder = tmp_path_factory.mktemp("exports") / "index"
    build_index(folder, (made(*pair, number) for number, pair in enumerate(pairs)))
    return create_app(str(folder)).test_client(use_cookies=False)


def filters(chance: random.Random) -> dict:
    found = {
        "year": chance.sample(["2019", "2020", "2021", "2022", "unknown"], 2),
        "year_from": "2020",
        "region": chance.choice([*PLACES, "辽宁省"]),
        "level": chance.choice(["县", "市", "部门"]),
        "unit": chance.choice([*PLACES]),
        "type": chance.choice(["report", "plan"]),
    }
    return {name: found[name] for name in chance.sample(sorted(found), chance.randint(0, 2))}


def of_passages(chance: random.Random) -> dict:
    found = {"section": chance.choice(["行政执法", "存在的不足"]), "kind": chance.choice(["paragraph", "heading"]), "mode": "any"}
    return {name: found[name] for name in chance.sample(sorted(found), chance.randint(0, 1))}


def searching(chance: random.Random) -> dict:
    return {"q": chance.choice(TERMS), **filters(chance), **of_passages(chance), "per_page": chance.choice(["1", "3", "20"])}


def listing(chance: random.Random) -> dict:
    return {**searching(chance), **({"mention": "no"} if chance.random() < 0.4 else {})}


def of_reports(chance: random.Random) -> dict:
    return {**filters(chance), "per_page": chance.choice(["1", "3", "20"])}


def of_places(chance: random.Random) -> dict:
    return {name: value for name, value in of_reports(chance).items() if name in ("region", "level", "per_page")}


def comparing(chance: random.Random) -> dict:
    return dict(zip(("left", "right"), (f"r{number}" for number in chance.sample(range(24), 2)), strict=True))


def batch(chance: random.Random) -> dict:
    return {"terms": "\n".join(chance.sample(TERMS, 4)), "by": chance.choice(["year", "region"]), **filters(chance)}


def alike(chance: random.Random) -> dict:
    return {"passage": f"r{chance.randrange(24)}~1.1.p{chance.randint(1, 2)}", **filters(chance)}


VIEWS = {
    "search": (searching, lambda reply: reply["total"]["paragraphs"]),
    "reports": (listing, lambda reply: reply["total"]["reports"]),
    "concordance": (searching, lambda reply: reply["total"]["occurrences"]),
    "years": (searching, lambda reply: len(reply["years"])),
    "matrix": (listing, lambda reply: reply["total"]["silent" if "no" in reply["links"]["self"].partition("mention=")[2] else "units"]),
    "units": (of_places, lambda reply: reply["total"]),
    "corpus": (of_places, lambda reply: reply["total"]["units"]),
    "statistics": (lambda chance: {**filters(chance), "label": "受理行政复议案件"}, lambda reply: reply["total"]),
    "instruments": (of_reports, lambda reply: reply["total"]),
    "remarks": (of_reports, lambda reply: reply["total"]),
    "required": (of_reports, lambda reply: reply["total"]),
    "batch": (batch, lambda reply: len(reply["terms"])),
    "compare": (comparing, lambda reply: len(reply["rows"])),
    "promises": (lambda chance: {"report": f"r{chance.randrange(24)}"}, lambda reply: len(reply["items"])),
    "similar": (alike, lambda reply: reply["total"]),
}
"""Of each view what may be asked, and how many rows its JSON says that there are."""


@pytest.mark.parametrize("view", VIEWS)
def test_rows_are_the_total_shown(client, view):
    ask, total = VIEWS[view]
    rows = 0
    for number in range(REQUESTS):
        asked = ask(random.Random(f"{view} {number}"))
        reply = client.get(f"/api/v1/{view}", query_string=asked)
        assert reply.status_code == 200, (asked, reply.text)
        wanted = total(reply.json)
        taken = client.get(f"/api/v1/{view}.ndjson", query_string=asked).data.splitlines()
        listed = list(csv.reader(io.StringIO(client.get(f"/api/v1/{view}.csv", query_string=asked).data.decode("utf-8-sig"))))
        assert (len(taken), len(listed) - 1) == (wanted, wanted), asked
        if number == 0:
            book = load_workbook(io.BytesIO(client.get(f"/api/v1/{view}.xlsx", query_string=asked).data), read_only=True)
            assert len(list(book.worksheets[0].iter_rows())) - 1 == wanted, asked
        rows += wanted
    assert rows


@pytest.mark.parametrize(("page", "view"), [("/", "search"), ("/reports", "reports"), ("/concordance", "concordance")])
def test_pages_say_the_same_number(client, page, view):
    for number in range(REQUESTS):
        asked = searching(random.Random(f"page {number}"))
        wanted = VIEWS[view][1](client.get(f"/api/v1/{view}", query_string=asked).json)
        status = re.search(r'role="status">(.*?)</p>', client.get(page, query_string=asked).text, re.DOTALL)[1]
        assert re.search(rf"(?<!\d){wanted}(?!\d)", re.sub("<[^>]+>", "", status)) or not wanted, asked


def test_numbers_mean_the_same_everywhere(client):
    info = client.get("/api/v1/search?q=行政").json["index"]
    home = re.sub("<[^>]+>", "", client.get("/").text)
    assert f"收录 {info['reports']} 份报告" in home
    assert f"{info['paragraphs']} 段，含标题" in home
    # Where no type is wanted, years are those of annual reports, on the page, in the API and in its files.
    years = client.get("/api/v1/years?q=行政").json
    assert years["types"] == ["report"]
    page = client.get("/years?q=行政").text
    for year in years["years"]:
        assert f"<td>{year['mentioning']} 份</td><td>{year['held']} 份</td>" in page
    assert sum(year["held"] for year in years["years"]) == client.get("/api/v1/reports?type=report").json["total"]["reports"]
    assert sum(year["held"] for year in client.get("/api/v1/years?q=行政&type=plan").json["years"]) == 2
