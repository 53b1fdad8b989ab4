"""What is to be looked at is listed by code, page by page, as a plain reading of the reports has it; and so are the lines that close it."""

import random
from collections import Counter
from dataclasses import replace

import pytest

from indexer import REMARK_KINDS, InvalidRequest, Level, Remark, Report, ReportType, SearchRequest, held_text, lines_for
from indexer.corrections import CORRECTED, checked, corrected, read_checked, read_corrections, read_units
from indexer.engines.common import tie_order
from tests.support import one_report

CODES = ["number-unexpected", "year-missing", "published-missing", "title-repeated"]


def remark(code, **params):
    return Remark(code, **{name: params.get(name, "一") for name in REMARK_KINDS[code].names})


def made(chance, number):
    report = Report.from_blocks(
        id=f"r{number}",
        title="报告",
        year=chance.choice([None, 2022, 2023]),
        region=chance.choice([None, "210921", "210922"]),
        blocks=[((), "文")] * chance.randint(0, 2),
    )
    remarks = [remark(code) for code in chance.choices(CODES, k=chance.randint(0, 4))]
    return replace(
        report, remarks=tuple(one.close() if chance.random() < 0.2 else one for one in remarks), level=chance.choice([None, Level.COUNTY])
    )


def test_doubts_are_those_of_a_plain_reading(make_index):
    chance = random.Random(3)
    reports = [made(chance, number) for number in range(60)]
    index = make_index(reports)
    for _ in range(12):
        codes = chance.sample([*CODES[:3], "page-incomplete"], k=chance.choice([0, 0, 1, 2]))
        years, regions = chance.sample([None, 2022, 2023], k=chance.randint(0, 2)), chance.choice([[], ["210922"], ["210900"]])
        per_page = chance.choice([7, 100])
        passing = [
            report
            for report in reports
            if (not years or report.year in years) and (not regions or (report.region and regions[0] in report.region.codes))
        ]
        right = [
            (code, report.id)
            for code in REMARK_KINDS
            if not codes or code in codes
            for report in sorted(passing, key=tie_order)
            if any(one.look and one.code == code for one in report.remarks)
        ]
        wanted = SearchRequest.of(remarks=codes, years=years, regions=regions, per_page=per_page, facets=("year",))
        found = [index.doubts(replace(wanted, page=number)) for number in range(1, index.doubts(wanted).pages + 2)]
        assert [(one.code, one.report.id) for page in found for one in page.doubts] == right
        assert all(one.remarks and {remark.code for remark in one.remarks} == {one.code} for page in found for one in page.doubts)
        assert {(page.total, page.pages, page.reports) for page in found} == {
            (len(right), -(-len(right) // per_page), len({id for _, id in right}))
        }
        assert [(one.code, one.report.id) for one in index.each_doubt(wanted)] == right
        of_codes = Counter(code for report in passing for code in {one.code for one in report.remarks if one.look} or {None})
        assert {count.value: count.count for count in found[0].facets["remark"]} == of_codes


def test_nothing_is_listed_where_only_reports_without_a_doubt_are_wanted(make_index):
    index = make_index([replace(one_report("文"), remarks=(Remark("year-missing"),)), one_report("文二")])
    page = index.doubts(SearchRequest.of(remarks=[None]))
    assert (page.total, page.reports, page.doubts, page.pages) == (0, 0, [], 0)
    with pytest.raises(InvalidRequest, match="year-odd"):
        index.doubts(SearchRequest.of(remarks=["year-odd"]))


DOUBTFUL = replace(
    one_report("文", title='带"引号"，和,逗号的标题', issuer="彰武县司法局", year=2021, region="210922", published="2022-01-31"),
    path="corpus/2023/彰武县,司法局.html",
    level=Level.DEPARTMENT,
    type=ReportType.NEWS,
)


@pytest.mark.parametrize("code", [code for code, kind in REMARK_KINDS.items() if kind.look])
@pytest.mark.parametrize("report", [DOUBTFUL, replace(DOUBTFUL, year=None, region=None, published=None, issuer=None)])
def test_the_lines_of_a_doubt_can_be_read_and_close_it(tmp_path, code, report):
    report = replace(report, remarks=(remark(code),))
    lines = lines_for(report, code)
    heads = {"corrections.csv": "path,field,value", "checked.csv": "path,code", "units.csv": "path,unit"}
    for name, line in lines.items():
        (tmp_path / name).write_text(f"{heads[name]}\n{line}\n", encoding="utf-8")
    if code == "file-unreadable":
        assert lines == {}
        return
    about = REMARK_KINDS[code].about
    assert ("corrections.csv" in lines) == (about in CORRECTED)
    if about in CORRECTED:
        (line,) = read_corrections(tmp_path / "corrections.csv")
        assert (line.path, line.field, line.value) == ("2023/彰武县,司法局.html", about, held_text(report, about))
        after = corrected(report, {line.field: line.value})
        assert getattr(after, about) == getattr(report, about)
        assert not after.remarks[0].look
    assert ("units.csv" in lines) == (about == "issuer")
    if about == "issuer" and report.unit is not None:
        _, paths = read_units(tmp_path / "units.csv")
        (unit,) = paths.values()
        assert corrected(report, {"unit": unit}).unit == report.unit
        assert not corrected(report, {"unit": unit}).remarks[0].look
    assert read_checked(tmp_path / "checked.csv") == [("2023/彰武县,司法局.html", code)]
    assert not checked(report, [code]).remarks[0].look


def test_a_report_that_came_from_no_file_has_no_lines():
    assert lines_for(replace(DOUBTFUL, path=None), "year-missing") == {}
