"""Units by years, reports side by side, plans and words: random requests, every engine against a plain reading.

In the ordinary run a few; with VIEW_REQUESTS=2000 as many of the matrix, a quarter of them of each other view.
"""

import os
import random
from collections import defaultdict

import pytest

from indexer import NotFound, Report, fold
from indexer.search import Index
from tests.scan import ScanEngine

pytestmark = pytest.mark.unmeasured

REQUESTS = int(os.environ.get("VIEW_REQUESTS", "24"))
OTHERS = max(1, REQUESTS // 4)
SENTENCES = """
推进行政执法体制改革，严格规范公正文明执法
全面落实一网通办，办理事项{number}件
受理行政复议案件{number}件，办结{number}件
优化营商环境，清理规范性文件{number}件
开展普法宣传活动{number}场次
审查重大行政决策{number}件，听取法律顾问意见
加强行政执法监督，评查案卷{number}卷
健全矛盾纠纷化解机制
落实第一责任人职责，召开会议{number}次
深化“放管服”改革，取消证明事项{number}项
加强执法人员培训，提高执法能力
完善公共法律服务体系建设
""".split()
PLACES = [
    ("210921", "阜新蒙古族自治县"),
    ("210922", "彰武县"),
    ("210900", "阜新市"),
    ("110105", "朝阳区"),
    ("210100", "沈阳市"),
    ("429004", "仙桃市"),
]
SECTIONS = ["一、主要举措和成效", "二、行政执法", "三、存在的不足", "四、下一步安排"]


def random_reports(chance, count=90):
    for number in range(count):
        code, name = chance.choice(PLACES)
        issuer = name + chance.choice(["人民政府", "人民政府", "司法局"])
        blocks = []
        for section in SECTIONS:
            for _ in range(chance.randint(1, 3)):
                picked = chance.choices(SENTENCES, k=chance.randint(1, 3))
                blocks.append(((section,), "。".join(one.format(number=chance.randint(2, 60)) for one in picked) + "。"))
        year = chance.choice([2018, 2019, 2020, 2021, 2022, None])
        yield Report.from_blocks(
            id=f"r{number}", title=f"{issuer}{year or ''}年法治政府建设情况报告", year=year, issuer=issuer, region=code, blocks=blocks
        )


HELD = list(random_reports(random.Random(11)))
FOLDED = {report.id: [(passage, fold(passage.text)) for passage in report.passages] for report in HELD}
TEXTS = [text for of_report in FOLDED.values() for _, text in of_report]


def random_filters(chance):
    """Filters, and whether a report and a passage pass them."""
    years = chance.sample([2018, 2019, 2020, 2022], k=chance.choice([0, 0, 1, 2]))
    regions = chance.sample(["210000", "210900", "210922", "110000"], k=chance.choice([0, 0, 1, 2]))
    levels = chance.sample(["县", "市", "部门"], k=chance.choice([0, 0, 1]))
    sections = chance.sample(["行政执法", "存在的不足", "下一步安排"], k=chance.choice([0, 0, 1]))
    wanted = {"years": years, "regions": regions, "levels": levels, "sections": sections}

    def of_report(report):
        return (
            (not years or report.year in years)
            and (not regions or bool(set(report.region.codes) & set(regions)))
            and (not levels or report.level in levels)
        )

    return wanted, of_report, lambda passage: not sections or passage.part in sections


def random_text(chance):
    """A piece of a text, and now and then one that stands nowhere."""
    if chance.random() < 0.05:
        return "量子纠缠"
    text = chance.choice(TEXTS)
    start = chance.randrange(len(text))
    return text[start : start + chance.randint(1, 5)].strip(' -|"()') or "法"


def test_matrices_are_what_a_reading_counts(make_index, request):
    index, chance = make_index(HELD), random.Random(21)
    for _ in range(REQUESTS if "whoosh" in request.node.name else OTHERS):
        text, (wanted, passes, counts) = random_text(chance), random_filters(chance)
        expected = defaultdict(dict)
        for report in HELD:
            if report.year is not None and passes(report):
                held = sum(text in folded and counts(passage) for passage, folded in FOLDED[report.id])
                of_unit = expected[report.unit.id]
                of_unit[report.year] = of_unit.get(report.year, 0) + held
        found = index.matrix(text, mode="literal", **wanted)
        cells = {row.unit.id: dict(zip(found.matrix.years, row.cells, strict=True)) for row in found.rows}
        assert {id: {year: count for year, count in row.items() if count is not None} for id, row in cells.items()} == expected, (
            text,
            wanted,
        )
        assert found.matrix.mentioning == sum(any(row.values()) for row in expected.values())


@pytest.fixture(scope="module")
def plain():
    """The index that reads every text."""
    return Index(ScanEngine(HELD))


def test_words_are_those_of_a_plain_reading(make_index, plain):
    index, chance = make_index(HELD), random.Random(22)
    for _ in range(OTHERS):
        wanted, _, _ = random_filters(chance)
        query = chance.choice(["", random_text(chance), random_text(chance)])
        if not query and not any(wanted.values()):
            wanted["years"] = [2020]
        asked = wanted | {"sort": chance.choice(["likelihood", "ratio"]), "side": chance.choice(["more", "less"])}
        asked |= {"of": "subset"} if query and chance.random() < 0.4 else {}
        found, expected = (one.words(query, mode="literal", per_page=100, **asked) for one in (index, plain))
        assert (found.list, found.words) == (expected.list, expected.words), (query, asked)


def test_reports_side_by_side_and_plans_are_those_of_a_plain_reading(make_index, plain):
    index, chance = make_index(HELD), random.Random(23)
    for _ in range(OTHERS):
        left, right = (report.id for report in chance.sample(HELD, 2))
        assert index.compare(left, right).rows == plain.compare(left, right).rows, (left, right)
        assert index.promises(left) == plain.promises(left), left
    with pytest.raises(NotFound):
        index.compare("r0", "nobody")
