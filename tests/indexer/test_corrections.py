"""Corrections beside the reports: read, checked line by line, applied on the next run."""

import json

import pytest

from indexer import BadPath, open_index
from indexer.cli import main
from indexer.corrections import read_corrections

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
