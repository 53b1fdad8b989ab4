"""Whatever the indexer remarks on a report, the page says in Chinese."""

import re
from dataclasses import replace

import pytest

from tests.support import ROOT, one_report
from webui.remarks import corrected_fields, in_chinese, period, remarks


def test_every_remark_of_the_parser_has_its_chinese():
    sources = [*(ROOT / "indexer" / "parsing").glob("*.py"), *(ROOT / "indexer" / "loaders").glob("*.py"), ROOT / "indexer" / "model.py"]
    text = "\n".join(path.read_text(encoding="utf-8") for path in sources)
    said = re.findall(r'f?"((?:text|issuer|published|title|year|heading|line|page|region)\b(?:[^"\\]|\\.)*)"', text)
    said = [remark for remark in said if re.match(r"\w+:|(?:heading|line|page|region) [{“]", remark) and "expected a GB" not in remark]
    filled = [re.sub(r"{[^{}]*(?:\[[^]]*\])?[^{}]*}", "7", remark) for remark in said]
    assert len(filled) >= 15
    assert [remark for remark in filled if in_chinese(remark) is None] == []


def test_what_has_no_chinese_stays():
    report = replace(one_report("文"), warnings=("page 3: no text on it, perhaps a scan", "something else"))
    assert remarks(report) == ["第 3 页没有文字，可能是扫描页", "something else"]


@pytest.mark.parametrize(("held", "shown"), [(None, None), ("2023-H1", "上半年"), ("2021/2025", "2021—2025 年")])
def test_periods(held, shown):
    assert period(replace(one_report("文"), period=held)) == shown


def test_corrected_fields_are_named():
    assert corrected_fields(replace(one_report("文"), corrected=("level", "year"))) == ["级别", "年度"]
