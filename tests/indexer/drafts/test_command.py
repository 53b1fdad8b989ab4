"""The command `draftcheck`."""

import json

import pytest
from docx import Document

from indexer import Report, build_index, parse_file
from indexer.draftcheck import main

CLEAN = """彰武县2023年法治政府建设情况报告

2023年，彰武县扎实推进依法行政，现将2023年法治政府建设情况报告如下：

一、主要举措和成效

全年审查规范性文件78件，组织执法人员培训12期。

二、存在的不足

执法人员业务能力还有待提高。

三、党政主要负责人履行推进法治建设第一责任人职责情况

县委书记、县长认真履行推进法治建设第一责任人职责。

四、2024年工作安排

2024年，我县将继续加强执法监督。
"""


@pytest.fixture(autouse=True)
def elsewhere(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("FAZHI_INDEX", raising=False)


@pytest.fixture
def draft(tmp_path):
    def write(text):
        path = tmp_path / "草稿.txt"
        path.write_text(text, encoding="utf-8")
        return str(path)

    return write


def test_nothing_found_is_exit_code_0(draft, capsys):
    assert main([draft(CLEAN)]) == 0
    assert capsys.readouterr().out == ""


def test_what_is_found_is_printed_with_its_place(draft, capsys, tmp_path):
    path = draft(CLEAN.replace("2024年工作安排", "2023年工作安排"))
    assert main([path]) == 3
    assert "“2023年”：安排的年份已过" in capsys.readouterr().out
    assert main([path, "--json"]) == 3
    found = json.loads(capsys.readouterr().out)
    assert (found["file"], found["unit"]["id"], found["year"]) == (path, "210922", 2023)
    [one] = found["findings"]
    assert set(one) == {"code", "severity", "passage", "start", "end", "text", "because", "see"}
    assert (one["code"], one["severity"]) == ("plan-year", "high")
    assert one["passage"].endswith("~4")
    assert main([path, "--without", "plan-year"]) == 0
    assert [entry.name for entry in tmp_path.iterdir()] == ["草稿.txt"]


def test_the_draft_is_written_with_comments(draft, capsys, tmp_path):
    path = draft(CLEAN.replace("2024年工作安排", "2023年工作安排"))
    out = tmp_path / "out.docx"
    assert main([path, "--docx", str(out)]) == 3
    assert [comment.text.partition("\n")[0] for comment in Document(str(out)).comments] == ["“2023年”：安排的年份已过，本报告是2023年的"]
    assert parse_file(out).title == "彰武县2023年法治政府建设情况报告"
    assert main([path, "--docx", path]) == 5
    assert main([path, "--docx", str(tmp_path / "none" / "out.docx")]) == 5


def test_with_an_index_last_years_report_counts(draft, capsys, tmp_path):
    blocks = [(("一、主要举措和成效",), "全年审查规范性文件78件，组织执法人员培训15期。")]
    last = Report.from_blocks(id="last", title="彰武县2022年法治政府建设情况报告", year=2022, issuer="彰武县", blocks=blocks)
    build_index(tmp_path / "index", [last])
    path = draft(CLEAN)
    assert main([path, "--index", str(tmp_path / "index"), "--json"]) == 3
    assert [one["code"] for one in json.loads(capsys.readouterr().out)["findings"]] == ["figure-same"]
    assert main([path, "--index", str(tmp_path / "index"), "--unit", "999999"]) == 2
    assert main([path, "--index", str(tmp_path / "index"), "--year", "2024"]) == 3


def test_what_cannot_be_used_is_told_by_the_exit_code(draft, capsys, tmp_path):
    assert main([str(tmp_path / "none.txt")]) == 5
    assert main([draft(CLEAN), "--index", str(tmp_path / "none")]) == 5
    assert main([draft(CLEAN), "--unit", "999999"]) == 2
    damaged = tmp_path / "a.docx"
    damaged.write_bytes(b"PK\x03\x04")
    assert main([str(damaged)]) == 1
    assert "draftcheck:" in capsys.readouterr().err
    with pytest.raises(SystemExit) as stopped:
        main([draft(CLEAN), "--year", "abc"])
    assert stopped.value.code == 2
