"""What a query names is offered as filters, with what that gives; against a plain reading of the reports."""

import random
from dataclasses import replace

import pytest

from indexer import Index, Level, Report, SearchRequest, fold
from indexer.analysis.words import cut
from indexer.understood import Names, offer
from tests.scan import ScanEngine

FUXIN, ZHANGWU, FUMENG, HAIZHOU, CHAOYANG = "210900", "210922", "210921", "210902", "211300"
NAMES = Names(
    {2022, 2023, 2024},
    lambda: {"210000", FUXIN, ZHANGWU, FUMENG, HAIZHOU, CHAOYANG},
    lambda: {"县", "乡镇"},
    lambda: {
        "彰武县司法局": ["210922-司法局"],
        "彰武局": ["210922-司法局"],
        "司法局": ["210922-司法局", "210921-司法局"],
        "阜新县": ["210921"],
    },
)


@pytest.mark.parametrize(
    ("query", "text", "values", "rest"),
    [
        ("彰武县司法局 行政复议", "彰武县司法局", {"unit": "210922-司法局"}, "行政复议"),
        ("彰武县 2024年 行政复议", "彰武县 2024年", {"region": ZHANGWU, "year": 2024}, "行政复议"),
        ("阜新市 乡镇 普法", "阜新市 乡镇", {"region": FUXIN, "level": "乡镇"}, "普法"),
        ("行政复议 2023 阜新市", "2023 阜新市", {"region": FUXIN, "year": 2023}, "行政复议"),
        ("2023年度", "2023年度", {"year": 2023}, ""),
        ("２０２３年 普法", "２０２３年", {"year": 2023}, "普法"),
        ("二〇二三年　普法", "二〇二三年", {"year": 2023}, "普法"),
        ("縣級 普法", "縣級", {"level": "县"}, "普法"),
        # Without a space between, where a word ends.
        ("彰武县行政复议", "彰武县", {"region": ZHANGWU}, "行政复议"),
        ("彰武县2024年的行政复议", "彰武县 2024年", {"region": ZHANGWU, "year": 2024}, "行政复议"),
        ("彰武县司法局行政复议", "彰武县司法局", {"unit": "210922-司法局"}, "行政复议"),
        ("彰武县司法局2024年行政复议", "彰武县司法局 2024年", {"unit": "210922-司法局", "year": 2024}, "行政复议"),
        ("辽宁 彰武县司法局 普法", "辽宁 彰武县司法局", {"unit": "210922-司法局", "region": "210000"}, "普法"),
        ("彰武局 普法", "彰武局", {"unit": "210922-司法局"}, "普法"),
        ("阜蒙县人民政府 普法", "阜蒙县人民政府", {"unit": FUMENG}, "普法"),
        ("阜新市乡镇普法", "阜新市 乡镇", {"region": FUXIN, "level": "乡镇"}, "普法"),
        # A place in another one is one place; of several that share a name one has reports.
        ("阜新市 彰武县 普法", "阜新市 彰武县", {"region": ZHANGWU}, "普法"),
        ("阜新市海州区 普法", "阜新市海州区", {"region": HAIZHOU}, "普法"),
        ("海州区 普法", "海州区", {"region": HAIZHOU}, "普法"),
        # What is no plain term stays as it is.
        ('彰武县 "依法 行政" -诉讼 year:2022', "彰武县", {"region": ZHANGWU}, '"依法 行政" -诉讼 year:2022'),
        ("彰武县 村(居)民", "彰武县", {"region": ZHANGWU}, "村(居)民"),
        # Two values of one filter are no offer, those of another one are.
        ("2022年 2023年 彰武县 普法", "彰武县", {"region": ZHANGWU}, "2022年 2023年 普法"),
    ],
)
def test_what_a_query_names(query, text, values, rest):
    found = offer(query, NAMES, cut)
    assert (found.text, dict(found.values), found.rest) == (text, values, rest)


@pytest.mark.parametrize(
    "query",
    [
        "行政复议",
        "近年 普法",
        "2021年 普法",
        "2024年以来 普法",
        "2022年至2023年 普法",
        "12345 热线",
        "210922 普法",
        "朝阳市场监督管理局",
        "沈阳市 普法",
        "司法局 普法",
        "彰武 普法",
        "部门 普法",
        "彰武县人",
        '"彰武县" 普法',
        "“彰武县” 普法",
        "-彰武县 普法",
        "title:彰武县 普法",
        "彰武县 OR 阜新市",
        "彰武县 AND 普法",
        "(彰武县) 普法",
        "(彰武县 普法)",
        "彰武县 NEAR/5 普法",
        "彰武县 朝阳市 普法",
        "",
    ],
)
def test_what_names_nothing(query):
    assert offer(query, NAMES, cut) is None


def test_what_comes_near_no_name_is_looked_up_nowhere():
    def looked_up():
        raise AssertionError

    assert offer("行政复议 一网通办 12345", Names({2023}, looked_up, looked_up, looked_up), cut) is None


WORDS = ["行政复议", "普法", "执法"]
PLACES = {None: "", "210921": "阜新蒙古族自治县", ZHANGWU: "彰武县", HAIZHOU: "阜新市海州区"}


def made(chance, number):
    region = chance.choice(list(PLACES))
    blocks = [((), "、".join(chance.sample(WORDS, 2)) + "。") for _ in range(chance.randint(1, 4))]
    report = Report.from_blocks(id=f"r{number}", title="报告", year=chance.choice([None, 2023, 2024]), region=region, blocks=blocks)
    return replace(report, level=chance.choice([None, Level.COUNTY, Level.TOWN]))


def test_what_is_offered_gives_as_many_passages_as_there_are(make_index):
    chance = random.Random(11)
    reports = [made(chance, number) for number in range(40)]
    index = make_index(reports)
    for _ in range(25):
        region, year, level = chance.choice([ZHANGWU, FUXIN, None]), chance.choice([2023, None]), chance.choice(["乡镇", None])
        word = chance.choice([*WORDS, ""])
        named = {ZHANGWU: "彰武县", FUXIN: "阜新市"}.get(region, ""), f"{year}年" if year else "", level or ""
        pieces = [piece for piece in (*named, word) if piece]
        chance.shuffle(pieces)
        levels = chance.choice([[], ["县"]])
        found = index.understood(SearchRequest.of(" ".join(pieces), levels=levels, page=3, facets=("year",)))
        if not any(named):
            assert found == []
            continue
        (one,) = found
        wanted = {"region": region, "year": year, "level": level}
        assert (dict(one.values), one.rest) == ({name: value for name, value in wanted.items() if value}, word)
        passages = [
            passage
            for report in reports
            if (not region or (report.region and region in report.region.codes)) and (not year or report.year == year)
            if not (right := [level] if level else levels) or report.level in right
            for passage in report.passages
            if fold(word) in fold(passage.text)
        ]
        assert one.total == len(passages)
        assert (one.request.page, one.labels.get("region")) == (1, named[0] or None)
        assert index.run(one.request).total.paragraphs == one.total


def test_a_value_that_is_named_takes_the_place_of_those_that_are_filtered_by():
    # Years from and to are one filter with the years.
    index = Index(ScanEngine([Report.from_blocks(title="普法", year=year, blocks=[]) for year in (2022, 2023)]))
    (one,) = index.understood(SearchRequest.of("2023年 普法", years=[2022], year_from=2020, year_to=2022))
    assert (one.request.values("year"), one.request.year_from, one.request.year_to, one.total) == ((2023,), None, None, 1)


@pytest.mark.parametrize("mode", ["all", "any", "literal"])
def test_only_plain_terms_of_an_exact_query_name_anything(make_index, mode):
    index = make_index([Report.from_blocks(title="普法", year=2023, blocks=[])])
    assert index.understood(SearchRequest.of("2023年 普法", mode=mode)) == []
    assert len(index.understood(SearchRequest.of("2023年 普法"))) == 1


def test_an_index_without_reports_holds_nothing_that_could_be_named(make_index):
    assert make_index([]).understood(SearchRequest.of("彰武县 2023年 乡镇 普法")) == []


@pytest.mark.parametrize("name", ["彰武县司法局", "阜新市彰武县司法局"])
def test_a_unit_is_found_under_any_of_its_names_with_the_passages_of_all_its_reports(make_index, name):
    made = [("彰武县司法局", 2023), ("阜新市彰武县司法局", 2022), ("彰武县人民政府", 2023), ("阜新市司法局", 2023)]
    reports = [
        Report.from_blocks(title=f"{issuer}{year}年法治政府建设情况报告", issuer=issuer, year=year, blocks=[((), "推进普法。")])
        for issuer, year in made
    ]
    index = make_index(reports)
    (one,) = index.understood(SearchRequest.of(f"{name} 普法"))
    assert (dict(one.values), dict(one.labels)) == ({"unit": "210922-司法局"}, {"unit": "彰武县司法局"})
    assert (one.rest, one.total, index.run(one.request).total.reports) == ("普法", 2, 2)


def test_a_unit_that_no_table_knows_is_called_as_its_report_says(make_index):
    (report, _) = reports = [
        Report.from_blocks(title=f"{issuer}2023年法治政府建设情况报告", issuer=issuer, year=2023, blocks=[((), "推进普法。")])
        for issuer in ("甲乙新区管理委员会", "丙丁新区管理委员会")
    ]
    (one,) = make_index(reports).understood(SearchRequest.of("甲乙新区管理委员会 普法"))
    assert (dict(one.values), dict(one.labels), one.total) == ({"unit": report.unit.id}, {"unit": report.unit.name}, 1)
