"""Corrections beside the reports: read, checked line by line, applied on the next run."""

import json
from dataclasses import replace

import pytest

from indexer import BadPath, Remark, SearchRequest, open_index, parse_file
from indexer.cli import main
from indexer.corrections import corrected, read_corrections, read_units
from tests.support import one_report

pytestmark = pytest.mark.usefixtures("lasting_reader")
TEXT = "甲县法治政府建设情况报告\n\n坚持依法行政。\n"


@pytest.fixture
def corpus(tmp_path):
    folder = tmp_path / "corpus"
    (folder / "甲").mkdir(parents=True)
    (folder / "甲" / "一.txt").write_text(TEXT, encoding="utf-8")
    (folder / "二.txt").write_text(TEXT.replace("甲", "乙"), encoding="utf-8")
    return folder


def correct(folder, *lines, encoding="utf-8"):
    (folder / "corrections.csv").write_text("\n".join(["path,field,value", *lines]), encoding=encoding)


def check(folder, *lines, encoding="utf-8"):
    (folder / "checked.csv").write_text("\n".join(["path,code", *lines]), encoding=encoding)


def open_doubts(report):
    return [remark["code"] for remark in report["remarks"] if remark["look"]]


def run(capsys, corpus, *options):
    code = main([str(corpus), "--index", str(corpus.parent / "index"), "--json", *options])
    out = capsys.readouterr()
    return code, json.loads(out.out) if out.out else None, out.err


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
def test_a_correction_is_applied_and_shown_though_the_file_is_the_same(capsys, corpus, encoding):
    assert run(capsys, corpus)[0] == 0
    correct(corpus, "甲/一.txt,year,2021", "甲/一.txt,region,210921", "甲/一.txt,title,更正的标题", encoding=encoding)
    _, said, _ = run(capsys, corpus)
    (report,) = said["reports"]
    assert (said["changed"], said["unchanged"], said["ignored"]) == (1, 1, 0)
    assert (report["year"], report["region"]["code"], report["corrected"]) == (2021, "210921", ["region", "title", "year"])
    with open_index(corpus.parent / "index") as index:
        assert index.search("更正的标题", years=[2021]).total.paragraphs == 1
    assert run(capsys, corpus)[1]["unchanged"] == 2


def test_without_the_correction_the_report_is_as_it_was_read(capsys, corpus):
    correct(corpus, "二.txt,year,2021")
    assert [report["year"] for report in run(capsys, corpus)[1]["reports"]] == [2021, None]
    (corpus / "corrections.csv").unlink()
    (report,) = run(capsys, corpus)[1]["reports"]
    assert (report["path"], report["year"], report["corrected"]) == ("corpus/二.txt", None, [])


def test_the_file_nearest_to_the_report_decides(capsys, corpus):
    correct(corpus, "甲/一.txt,year,2020", "甲/一.txt,issuer,")
    correct(corpus / "甲", "一.txt,year,2021")
    report = next(report for report in run(capsys, corpus)[1]["reports"] if "甲" in report["path"])
    assert (report["year"], report["issuer"]) == (2021, None)


def test_a_correction_of_nothing_is_a_warning(capsys, corpus):
    correct(corpus, "三.txt,year,2020")
    code, _, err = run(capsys, corpus)
    assert code == 0
    assert "corpus/三.txt: corrected, but there is no such report" in err


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ("一.txt,jahr,2020", "field 'jahr'; expected one of title, year"),
        ("一.txt,year,20x2", "year '20x2': expected a year like 2022"),
        ("一.txt,published,2023.1.1", "expected a date like 2023-03-01"),
        ("一.txt,region,无此地", "expected a code or name of one place"),
        ("一.txt,type,年报", "expected one of report, plan"),
        ("一.txt,source_url,www.fuxin.gov.cn", "expected an address like https://"),
        ("一.txt,title,", "title cannot be unknown"),
        ("一.txt,year", "2 columns; expected path, field, value"),
        ("二.txt,year,2020", "corrected in line 2 already"),
        ("/etc/一.txt,year,2020", "path '/etc/一.txt'; expected a file beside this one or below"),
        ("C:\\甲\\一.txt,year,2020", "path 'C:/甲/一.txt'; expected a file beside"),
        ("甲/../../一.txt,year,2020", "expected a file beside"),
        (",year,2020", "path ''; expected a file beside"),
    ],
)
def test_a_wrong_line_stops_the_run_by_its_number(capsys, corpus, line, reason):
    assert run(capsys, corpus)[0] == 0
    correct(corpus, "二.txt,year,2021", line)
    code, _, err = run(capsys, corpus)
    assert code == 5
    assert "corrections.csv, line 3: " in err
    assert reason in err
    with open_index(corpus.parent / "index") as index:
        assert index.stats.reports == 2


def test_another_header_is_refused(tmp_path):
    (tmp_path / "corrections.csv").write_text("文件,字段,值\n")
    with pytest.raises(BadPath, match="line 1: expected the header path,field,value"):
        read_corrections(tmp_path / "corrections.csv")


def test_nearly_the_same_text_is_told(capsys, corpus):
    body = "。\n".join(f"第{n}项工作由司法局牵头并按期完成" for n in range(40))
    (corpus / "三.txt").write_text(f"丙县2022年法治政府建设情况报告\n\n{body}。\n", encoding="utf-8")
    run(capsys, corpus)
    (corpus / "四.html").write_text(
        f"<title>x</title><h1>丙县2022年法治政府建设情况报告</h1><p>{body.replace(chr(10), '')}。</p>", encoding="utf-8"
    )
    (corpus / "五.txt").write_text(f"丁县2022年法治政府建设情况报告\n\n{body.replace('司法局', '公安局')}。\n", encoding="utf-8")
    _, _, err = run(capsys, corpus)
    assert "corpus/四.html: nearly the same text as corpus/三.txt (16 of 16 sampled sentences); both are kept" in err
    assert "五.txt" not in err


def test_a_file_that_is_no_report_is_passed_over_and_its_report_dropped(capsys, corpus):
    run(capsys, corpus)
    correct(corpus, "二.txt,type,ignore")
    code, said, _ = run(capsys, corpus)
    assert (code, said["removed"], said["ignored"], said["unchanged"]) == (0, 1, 1, 1)
    assert main([str(corpus), "--index", str(corpus.parent / "index"), "-v"]) == 0
    assert "ignored: " in (shown := capsys.readouterr().out)
    assert "二.txt" in shown
    (corpus / "corrections.csv").unlink()
    assert run(capsys, corpus)[1]["added"] == 1


def test_a_file_passed_over_may_be_the_only_one(capsys, corpus):
    run(capsys, corpus)
    correct(corpus, "二.txt,type,ignore", "甲/一.txt,type,ignore")
    assert run(capsys, corpus)[1]["removed"] == 2


FIXED = "乙县法治政府建设情况报告\n\n一、主要举措\n\n坚持依法行政，订正后的正文。\n"
ADDRESS = "https://www.fuxin.gov.cn/1.html"
PAGE = f"<html><head><link rel='canonical' href='{ADDRESS}'><meta name='PubDate' content='2023-03-01'></head><body><h1>乙县2022年法治政府建设情况报告</h1><p>错误的正文，读得不对。</p></body></html>"


@pytest.fixture
def fixed(corpus):
    (corpus / "二.txt").unlink()
    (corpus / "二.html").write_text(PAGE, encoding="utf-8")
    (corpus / "二.fixed.txt").write_text(FIXED, encoding="utf-8")
    return corpus


def test_a_text_set_right_stands_for_the_file_s_own(capsys, fixed):
    code, said, _ = run(capsys, fixed)
    report = next(report for report in said["reports"] if report["path"] == "corpus/二.html")
    assert (code, said["added"], said["ignored"], report["corrected"]) == (0, 2, 0, ["text"])
    assert (report["published"], report["format"], [s["heading"] for s in report["sections"]]) == ("2023-03-01", "html", ["主要举措"])
    assert report["source_url"] == ADDRESS
    assert report["remarks"][0]["code"] == "text-replaced"
    assert "二.fixed.txt" in report["warnings"][0]
    with open_index(fixed.parent / "index") as index:
        assert index.search("订正后的正文").total.paragraphs == 1
        assert index.search("读得不对").total.paragraphs == 0


def test_a_change_of_either_file_is_noticed(capsys, fixed):
    run(capsys, fixed)
    assert run(capsys, fixed)[1]["unchanged"] == 2
    (fixed / "二.fixed.txt").write_text(FIXED.replace("订正后", "再次订正"), encoding="utf-8")
    assert run(capsys, fixed)[1]["changed"] == 1
    (fixed / "二.html").write_text(PAGE.replace("2023-03-01", "2023-04-01"), encoding="utf-8")
    assert run(capsys, fixed)[1]["reports"][0]["published"] == "2023-04-01"
    (fixed / "二.fixed.txt").unlink()
    (report,) = run(capsys, fixed)[1]["reports"]
    assert (report["corrected"], report["title"]) == ([], "乙县2022年法治政府建设情况报告")


def test_a_text_set_right_stands_for_a_file_that_cannot_be_read(capsys, fixed):
    (fixed / "二.fixed.txt").unlink()
    (fixed / "二.html").write_text(" ", encoding="utf-8")
    assert run(capsys, fixed)[0] == 3
    (fixed / "二.fixed.txt").write_text(FIXED, encoding="utf-8")
    code, said, _ = run(capsys, fixed)
    assert (code, [report["title"] for report in said["reports"]]) == (0, ["乙县法治政府建设情况报告"])


def test_fields_are_corrected_beside_the_text(capsys, fixed):
    correct(fixed, "二.html,year,2021")
    (report,) = [report for report in run(capsys, fixed)[1]["reports"] if report["path"] == "corpus/二.html"]
    assert (report["year"], report["corrected"]) == (2021, ["text", "year"])


def test_a_text_set_right_that_stands_alone_is_rejected(capsys, fixed):
    (fixed / "二.html").unlink()
    code, said, _ = run(capsys, fixed)
    assert (code, said["rejected"][0]["path"]) == (3, "corpus/二.fixed.txt")
    assert "no file beside it" in said["rejected"][0]["reason"]


def test_a_text_set_right_may_be_given_alone(capsys, fixed):
    run(capsys, fixed)
    (fixed / "二.fixed.txt").write_text(FIXED.replace("订正后", "再次订正"), encoding="utf-8")
    code = main([str(fixed / "二.fixed.txt"), "--index", str(fixed.parent / "index"), "--json"])
    assert (code, json.loads(capsys.readouterr().out)["changed"]) == (0, 1)


@pytest.mark.parametrize("link", [False, True], ids=["file", "link"])
def test_a_link_is_no_text_set_right(tmp_path, link):
    (tmp_path / "x.txt").write_text(TEXT, encoding="utf-8")
    (tmp_path / "y.txt").write_text(FIXED, encoding="utf-8")
    (tmp_path / "x.fixed.txt").symlink_to("y.txt") if link else (tmp_path / "x.fixed.txt").write_text(FIXED, encoding="utf-8")
    assert parse_file(tmp_path / "x.txt").corrected == (() if link else ("text",))


def test_a_corrected_field_is_no_longer_in_doubt(capsys, corpus):
    before = {report["path"]: open_doubts(report) for report in run(capsys, corpus)[1]["reports"]}
    assert "year-missing" in before["corpus/二.txt"]
    correct(corpus, "二.txt,year,2021")
    (report,) = run(capsys, corpus)[1]["reports"]
    assert open_doubts(report) == [code for code in before["corpus/二.txt"] if code != "year-missing"]
    assert next(remark for remark in report["remarks"] if remark["code"] == "year-missing")["closed"]


def test_a_correction_closes_a_remark_that_compares_it_with_another_field():
    report = replace(one_report("文"), remarks=(Remark("year-far-from-published", year=2020, published="2024-01-01"),))
    for field, value in (("year", "2023"), ("published", "2021-01-01")):
        assert not corrected(report, {field: value}).remarks[0].look
    assert corrected(report, {"issuer": "甲县"}).remarks[0].look


@pytest.mark.parametrize(
    ("corrections", "expected"),
    [
        pytest.param({"issuer": ""}, (None, None), id="no_issuer_left_to_name_one"),
        pytest.param({"issuer": "彰武县人民政府"}, ("210922", "县"), id="another_issuer"),
        pytest.param({"issuer": "彰武县人民政府", "level": "市"}, ("210922", "市"), id="level_set_right_too"),
        pytest.param({"editor": "李四"}, ("210922-司法局", "部门"), id="nothing_that_they_follow_from"),
    ],
)
def test_unit_and_level_follow_what_is_set_right(corrections, expected):
    report = corrected(one_report("文", title="情况报告", issuer="彰武县司法局"), corrections)
    assert (report.unit and report.unit.id, report.level) == expected


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
def test_a_remark_that_was_checked_is_closed_though_the_file_is_the_same(capsys, corpus, encoding):
    reports = run(capsys, corpus)[1]["reports"]
    before = next(open_doubts(report) for report in reports if report["path"] == "corpus/甲/一.txt")
    check(corpus, "甲/一.txt,year-missing", "甲/一.txt,year-missing", encoding=encoding)
    code, said, err = run(capsys, corpus)
    (report,) = said["reports"]
    assert (code, said["changed"], said["ignored"], err) == (0, 1, 0, "")
    assert (report["path"], report["year"], report["corrected"]) == ("corpus/甲/一.txt", None, [])
    assert open_doubts(report) == [doubt for doubt in before if doubt != "year-missing"]
    assert run(capsys, corpus)[1]["unchanged"] == 2
    (corpus / "checked.csv").unlink()
    (report,) = run(capsys, corpus)[1]["reports"]
    assert open_doubts(report) == before


def test_checks_of_all_folders_above_a_report_count(capsys, corpus):
    check(corpus, "甲/一.txt,year-missing")
    check(corpus / "甲", "一.txt,published-missing")
    report = next(report for report in run(capsys, corpus)[1]["reports"] if "甲" in report["path"])
    assert {"year-missing", "published-missing"} <= {remark["code"] for remark in report["remarks"] if remark["closed"]}


def test_a_check_of_nothing_is_a_warning(capsys, corpus):
    check(corpus, "三.txt,year-missing", "二.txt,page-without-text", "二.txt,title-joined")
    code, _, err = run(capsys, corpus)
    assert code == 0
    assert "corpus/三.txt: checked, but there is no such report" in err
    assert "corpus/二.txt: page-without-text is checked, but there is nothing of that to look at" in err
    assert "corpus/二.txt: title-joined is checked, but there is nothing of that to look at" in err


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ("一.txt,year-odd", "code 'year-odd'; expected one of title-from-name, "),
        ("一.txt", "1 columns; expected path, code"),
        ("../一.txt,year-missing", "path '../一.txt'; expected a file beside this one or below"),
    ],
)
def test_a_wrong_line_of_checks_stops_the_run_by_its_number(capsys, corpus, line, reason):
    check(corpus, "二.txt,year-missing", line)
    code, _, err = run(capsys, corpus)
    assert code == 5
    assert f"checked.csv, line 3: {reason}" in err


def test_a_file_that_can_no_longer_be_read_is_to_be_looked_at_until_it_can(capsys, corpus):
    run(capsys, corpus)
    (corpus / "二.txt").write_bytes(b"\xff\xfe\x00")
    run(capsys, corpus)
    with open_index(corpus.parent / "index") as index:
        (listed,) = index.list_reports(SearchRequest.of(remarks=["file-unreadable"])).reports
        assert listed.report.path == "corpus/二.txt"
    (corpus / "二.txt").write_text(TEXT.replace("甲", "乙"), encoding="utf-8")
    run(capsys, corpus)
    with open_index(corpus.parent / "index") as index:
        assert index.list_reports(SearchRequest.of(remarks=["file-unreadable"])).total == 0


def name_units(folder, header, *lines, encoding="utf-8"):
    (folder / "units.csv").write_text("\n".join([f"{header},unit", *lines]), encoding=encoding)


def units_of(capsys, corpus):
    """The units of all reports by their paths, after a run."""
    code, _, err = run(capsys, corpus)
    assert code == 0
    with open_index(corpus.parent / "index") as index:
        return {report.path.partition("/")[2]: report.unit for report in index.reports(SearchRequest())}, err


def test_an_alias_sets_the_unit_of_all_its_reports_though_no_file_changed(capsys, corpus):
    (corpus / "三.txt").write_text(TEXT.replace("甲县", "甲县人民政府"), encoding="utf-8")
    before, _ = units_of(capsys, corpus)
    assert before["甲/一.txt"] == before["三.txt"]
    # The name of the unit stands for all spellings of it, an issuer's for that one; an id and a name are the same.
    name_units(corpus, "alias", "甲县人民政府,210921", "乙 县,彰武县人民政府", encoding="gb18030")
    _, said, _ = run(capsys, corpus)
    assert (said["changed"], said["unchanged"], said["ignored"]) == (3, 0, 0)
    assert {(report["unit"]["id"], report["level"], *report["corrected"]) for report in said["reports"]} == {
        ("210921", "县", "unit"),
        ("210922", "县", "unit"),
    }
    with open_index(corpus.parent / "index") as index:
        assert index.units().total == 2
        assert index.search("依法行政", units=["210921"]).total.reports == 2
    name_units(corpus, "alias", "乙县,彰武县人民政府")
    _, said, _ = run(capsys, corpus)
    assert said["unchanged"] == 1
    assert {report["path"]: report["unit"]["name"] for report in said["reports"]} == {
        "corpus/三.txt": "甲县人民政府",
        "corpus/甲/一.txt": "甲县人民政府",
    }


def test_an_alias_holds_for_reports_that_come_later_and_says_where_there_are_none(capsys, corpus):
    name_units(corpus, "alias", "甲县,210921", "丙县,210922")
    name_units(corpus / "甲", "path", "四.txt,210921")
    _, _, err = run(capsys, corpus)
    assert "units.csv: no report is called 丙县" in err
    assert "corpus/甲/四.txt: corrected, but there is no such report" in err
    (corpus / "三.txt").write_text(TEXT.replace("甲", "丙"), encoding="utf-8")
    units, err = units_of(capsys, corpus)
    assert {path: unit.id for path, unit in units.items() if path != "二.txt"} == {"甲/一.txt": "210921", "三.txt": "210922"}
    assert "丙县" not in err


def test_a_line_for_a_report_comes_before_one_for_an_alias_and_the_inner_folder_before_the_outer(capsys, corpus):
    name_units(corpus, "alias", "甲县,210921", "乙县,210921")
    name_units(corpus / "甲", "path", "一.txt,210922-司法局")
    units, _ = units_of(capsys, corpus)
    assert (units["甲/一.txt"].name, units["二.txt"].id) == ("彰武县司法局", "210921")
    name_units(corpus / "甲", "alias", "甲县,210900")
    correct(corpus, "二.txt,unit,阜新市司法局")
    units, _ = units_of(capsys, corpus)
    assert (units["甲/一.txt"].id, units["二.txt"].id) == ("210900", "210900-司法局")


def test_whose_report_it_is_follows_from_a_corrected_issuer(capsys, corpus):
    corrections = {"issuer": "县司法局", "region": "210922"}
    assert corrected(one_report("法治", id="r", year=2022), corrections).unit.id == "210922-司法局"
    correct(corpus, *(f"甲/一.txt,{field},{value}" for field, value in corrections.items()))
    # An alias names it by what was set right.
    name_units(corpus, "alias", "县司法局,210921-司法局")
    assert units_of(capsys, corpus)[0]["甲/一.txt"].id == "210921-司法局"


@pytest.mark.parametrize(
    ("header", "line", "reason"),
    [
        ("alias", ",210921", "no alias"),
        ("alias", "甲县,", "no unit for 甲县"),
        ("alias", "甲县,999999", "unit '999999': expected the whole name"),
        ("alias", "甲县,x-0123456789ab", "expected the whole name"),
        ("alias", "甲县,我局", "unit '我局': expected the id"),
        ("alias", "甲县", "1 columns; expected alias, unit"),
        ("path", "../一.txt,210921", "path"),
        ("issuer", "甲县,210921", "expected the header alias,unit or path,unit"),
        ("alias", "乙县,210921\n乙 县,210922", "has its unit in line 2 already"),
    ],
)
def test_a_wrong_line_of_units_is_told_by_its_number(tmp_path, header, line, reason):
    name_units(tmp_path, header, *line.split("\n"))
    with pytest.raises(BadPath, match=rf"units\.csv, line \d: .*{reason}"):
        read_units(tmp_path / "units.csv")


def test_a_wrong_line_of_units_stops_the_run(capsys, corpus):
    name_units(corpus, "alias", "甲县,999999")
    assert run(capsys, corpus)[:2] == (5, None)


def test_verbose_names_what_is_to_be_looked_at_in_unchanged_files_too(capsys, corpus):
    check(corpus, "甲/一.txt,year-missing")
    run(capsys, corpus)
    (corpus / "三.txt").write_text("丙县2022年法治政府建设情况报告\n\n发布日期：2023-02-01\n\n坚持依法行政。\n", encoding="utf-8")

    def said(*options):
        assert main([str(corpus), "--index", str(corpus.parent / "index"), *options]) == 0
        return capsys.readouterr().out.splitlines()

    lines = said("-v")
    at = lines.index("corpus/二.txt: unchanged")
    assert "  to be checked: year: neither the title nor the first sentences name one" in lines[at : at + 3]
    at = lines.index("corpus/甲/一.txt: unchanged")
    assert "  to be checked: published: no date found" in lines[at : at + 2]
    assert "year: neither" not in lines[at + 1]
    assert not any("三.txt: unchanged" in line for line in lines)
    assert not any("unchanged" in line and "look" in line for line in said())
