"""Who mentions it in which year, on every engine, against a plain reading."""

import random
from collections import defaultdict
from dataclasses import replace

import pytest

from indexer import InvalidQuery, InvalidRequest, Report, ReportType

WORDS = ["法治", "政府", "行政复议", "一网通办", "公开"]
PLACES = [("210921", "阜新蒙古族自治县"), ("210922", "彰武县"), ("210900", "阜新市"), ("210100", "沈阳市"), (None, "某县")]
PARTS = ["一、依法行政制度", "二、行政复议"]


def reports(chance, count=60):
    for number in range(count):
        code, name = chance.choice(PLACES)
        issuer = name + chance.choice(["人民政府", "司法局"])
        year = chance.choice([2018, 2019, 2020, 2022, None])
        blocks = [((chance.choice(PARTS),), "".join(chance.choices(WORDS, k=chance.randint(1, 3)))) for _ in range(4)]
        made = Report.from_blocks(id=f"r{number}", title=f"{issuer}报告", year=year, issuer=issuer, region=code, blocks=blocks)
        yield replace(made, type=chance.choice([ReportType.REPORT] * 4 + [ReportType.PLAN]))


def read(held, text, *, regions=None, levels=None, years=None, sections=None, types=("report",)):
    """For each unit and year how many passages hold the text, as somebody would count them."""
    table = defaultdict(dict)
    for report in held:
        codes = report.region.codes if report.region else ()
        if report.type not in types or report.unit is None or report.year is None:
            continue
        if (regions and not set(codes) & set(regions)) or (levels and report.level not in levels) or (years and report.year not in years):
            continue
        of_unit = table[report.unit.id]
        of_unit.setdefault(report.year, 0)
        of_unit[report.year] += sum(text in passage.text and (not sections or passage.part in sections) for passage in report.passages)
    return table


FILTERS = [
    {},
    {"regions": ["210900"]},
    {"levels": ["县", "市"]},
    {"years": [2019, 2022]},
    {"sections": ["复议应诉"]},
    {"types": ["report", "plan"]},
    {"levels": ["部门"], "regions": ["210921"], "years": [2018, 2020]},
]


@pytest.mark.parametrize("wanted", FILTERS)
def test_cells_are_what_a_reading_counts(make_index, wanted):
    held = list(reports(random.Random(5)))
    index = make_index(held)
    for text in ("一网通办", "行政复议", "没有"):
        found = index.matrix(text, **wanted)
        expected = read(held, text, **wanted)
        years = found.matrix.years
        assert {
            row.unit.id: {year: count for year, count in zip(years, row.cells, strict=True) if count is not None} for row in found.rows
        } == expected
        assert found.matrix.units == len(expected)
        assert found.matrix.mentioning == sum(any(counts.values()) for counts in expected.values())
        for row in found.rows:
            assert row.first == min((year for year, count in expected[row.unit.id].items() if count), default=None)
        for one in found.matrix.sums:
            assert one.held == sum(one.year in counts for counts in expected.values())
            assert one.mentioning == sum(bool(counts.get(one.year)) for counts in expected.values())


def test_years_are_those_between_the_first_and_the_last_that_the_filters_pass(make_index):
    index = make_index(reports(random.Random(5)))
    assert index.matrix("法治").matrix.years == (2018, 2019, 2020, 2021, 2022)
    assert index.matrix("法治", years=[2018, 2022]).matrix.years == (2018, 2022)
    assert index.matrix("法治", year_from=2019, year_to=2021).matrix.years == (2019, 2020)
    assert index.matrix("法治", regions=["110000"]).matrix.years == ()


def test_units_stand_in_the_order_wanted(make_index):
    index = make_index(reports(random.Random(6)))
    by_place = index.matrix("一网通办").rows
    assert [row.unit.id for row in by_place][:3] == ["210100", "210100-司法局", "210900"]
    assert by_place[-1].unit.place is None
    first = index.matrix("一网通办 行政复议 公开", sort="first").rows
    assert [row.first or 9999 for row in first] == sorted(row.first or 9999 for row in first)
    most = [row.paragraphs for row in index.matrix("一网通办", sort="most").rows]
    assert most == sorted(most, reverse=True)


def test_pages_and_the_silent(make_index):
    index = make_index(reports(random.Random(6)))
    whole = index.matrix("一网通办 公开 行政复议")
    paged = [row for page in range(1, 9) for row in index.matrix("一网通办 公开 行政复议", page=page, per_page=3).rows]
    assert paged == list(whole.rows)
    silent = index.matrix("一网通办 公开 行政复议", mention=False)
    assert [row for row in whole.rows if row.first is None] == list(silent.rows)
    assert (silent.matrix.silent, silent.matrix.units) == (len(silent.rows), len(whole.rows))


def test_what_cannot_be_answered_is_refused(make_index):
    index = make_index(reports(random.Random(6), 3))
    with pytest.raises(InvalidRequest):
        index.matrix("")
    with pytest.raises(InvalidQuery):
        index.matrix("(法治")
    with pytest.raises(InvalidRequest, match="years"):
        index.matrix("法治", sort="years")
