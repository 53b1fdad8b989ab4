from dataclasses import replace

from indexer import Remark, Report, ReportType
from webui.holdings import holdings, regions_below, stands_in


def report(issuer, year, region=None, **fields):
    made = Report.from_blocks(title="题", year=year, issuer=issuer, region=region, blocks=[((), "文")])
    return replace(made, **fields)


def test_every_cell_without_an_annual_report_is_missing():
    table = holdings([report("甲县", 2019), report("甲县", 2021), report("乙县", 2020, type=ReportType.PLAN), report(None, 2020)])
    assert list(table.years) == [2019, 2020, 2021]
    assert table.missing == 1 + 3
    assert [row.issuer for row in table.rows] == ["乙县", "甲县", None]


def test_reports_of_unknown_year_and_doubtful_ones_are_counted():
    guessed, mentioned = Remark("year-from-heading", year=2020), Remark("title-repeated")
    table = holdings(
        [report("甲县", None, remarks=(mentioned,)), report("甲县", 2020, remarks=(guessed,)), report("甲县", 2020, stale="读不出")]
    )
    assert (table.reports, table.undated, table.missing, table.doubtful) == (3, 1, 0, 2)


def test_issuers_stand_in_the_order_of_places():
    table = holdings([report("无处", 2020), report("阿县", 2020, "450102"), report("阜新", 2020, "210921")])
    assert [row.issuer for row in table.rows] == ["阜新", "阿县", "无处"]


def test_places_are_counted_level_by_level():
    reports = [report("甲", 2020, "210921"), report("乙", 2020, "210922"), report("丙", 2020, "450102"), report("丁", 2020)]
    assert [(code, count) for code, _, count in regions_below(reports, None)] == [("210000", 2), ("450000", 1)]
    assert regions_below(reports, "210000") == [("210900", "阜新市", 2)]
    assert regions_below(reports, "210921") == []
    assert [stands_in(one, "210900") for one in reports] == [True, True, False, False]
    assert [stands_in(one, None) for one in reports] == [False, False, False, True]


def test_an_empty_index_is_an_empty_table():
    assert holdings([]).rows == []
