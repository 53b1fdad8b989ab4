"""Many terms at once, on every engine, against a plain reading."""

import random
from collections import Counter
from dataclasses import replace
from itertools import product

import pytest

from indexer import InvalidRequest, Report, ReportType

WORDS = ["法治", "政府", "行政复议", "一网通办", "公开"]
PLACES = [("210921", "阜新蒙古族自治县"), ("210900", "阜新市"), ("210100", "沈阳市"), ("110105", "朝阳区"), (None, "某县")]
TERMS = ["一网通办", "", "行政复议 OR 公开", "没有", "一网通办"]
HOLDS = {"一网通办": ["一网通办"], "行政复议 OR 公开": ["行政复议", "公开"], "没有": ["没有"]}


def reports(chance, count=60):
    for number in range(count):
        code, name = chance.choice(PLACES)
        year = chance.choice([2018, 2019, 2020, 2022, None])
        blocks = [
            (("二、行政复议",) if chance.random() < 0.5 else (), "".join(chance.choices(WORDS, k=chance.randint(1, 2)))) for _ in range(2)
        ]
        made = Report.from_blocks(id=f"r{number}", title=f"{name}报告", year=year, issuer=f"{name}人民政府", region=code, blocks=blocks)
        yield replace(made, type=chance.choice([ReportType.REPORT] * 4 + [ReportType.PLAN]))


def codes(report):
    return report.region.codes if report.region else ()


FILTERS = [
    ({}, lambda report: True, lambda passage: True),
    ({"regions": ["辽宁省"]}, lambda report: "210000" in codes(report), lambda passage: True),
    ({"types": ["plan"], "year_from": 2019}, lambda report: report.type == "plan" and (report.year or 0) >= 2019, lambda passage: True),
    ({"years": [2018, None]}, lambda report: report.year in (2018, None), lambda passage: True),
    ({"sections": ["复议应诉"]}, lambda report: True, lambda passage: passage.part == "复议应诉"),
]


def test_cells_are_what_a_reading_counts(make_index):
    every = list(reports(random.Random(7)))
    index = make_index(every)
    for by, (wanted, passes, is_read) in product(["year", "region"], FILTERS):
        depth = 1 if wanted.get("regions") else 0
        of_report = {
            report.id: report.year if by == "year" else codes(report)[depth] if codes(report) else None
            for report in every
            if passes(report)
        }
        found = index.batch(TERMS, by=by, **wanted)
        assert [row.term for row in found.rows] == [term for term in TERMS if term]
        for row in found.rows:
            assert [cell.value for cell in row.cells] == list(found.columns)
            mentioning = Counter(
                of_report[report.id]
                for report in every
                if report.id in of_report
                and any(word in passage.text for word in HOLDS[row.term] for passage in report.passages if is_read(passage))
            )
            assert {cell.value: cell.reports for cell in row.cells if cell.reports} == mentioning
            assert {cell.value: cell.held for cell in row.cells if cell.held} == Counter(of_report.values())


def test_columns_are_years_without_gaps_and_places_one_level_below_what_is_wanted(make_index):
    index = make_index(list(reports(random.Random(7))))
    assert index.batch(["法治"]).columns == (2018, 2019, 2020, 2021, 2022, None)
    assert index.batch(["法治"], years=[2018, 2021, 2022]).columns == (2018, 2021, 2022)
    assert index.batch(["法治"], by="region").columns == ("110000", "210000", None)
    within = index.batch(["法治"], by="region", regions=["阜新市"])
    assert (within.columns, within.own) == (("210900", "210921"), {"210900"})
    assert index.batch(["法治"], by="region", regions=["110000"]).columns == ("110105",)
    # Held of another year: a place without a report is not left out, and nothing is said of what it mentions.
    assert [cell.held for cell in index.batch(["法治"], by="region", years=[2021]).rows[0].cells] == [0, 0, 0]
    assert index.batch(["法治"], regions=["440000"]).columns == ()


def test_a_place_counts_where_it_lay_in_the_year_of_the_report(make_index):
    made = [
        Report.from_blocks(id=f"r{year}", title="莱城区报告", year=year, region="371202", blocks=[((), "法治")]) for year in (2015, 2020)
    ]
    paths = {report.year: report.region.codes for report in made}
    found = make_index(made).batch(["法治"], by="region", regions=["370000"])
    assert {cell.value for cell in found.rows[0].cells} == {path[1] for path in paths.values()}
    assert len(found.columns) == 2


def test_problems_name_their_lines(make_index):
    index = make_index(list(reports(random.Random(7), 3)))
    with pytest.raises(InvalidRequest) as raised:
        index.batch(["法治", "", "(法治", "公开", '"'])
    assert [(problem.code, problem.params["line"]) for problem in raised.value.problems] == [("wrong-line", 3), ("wrong-line", 5)]
    for terms in ([], ["  "], ["法"] * 201):
        with pytest.raises(InvalidRequest):
            index.batch(terms)
    with pytest.raises(InvalidRequest):
        index.batch(["法"], by="unit")
    assert len(index.batch(["法"] * 200).rows) == 200
