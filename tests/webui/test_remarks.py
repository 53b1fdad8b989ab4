"""Whatever the indexer remarks on a report, the page says in Chinese."""

from dataclasses import replace

import pytest

from indexer import REMARK_KINDS, Remark
from tests.support import one_report
from webui.remarks import corrected_fields, doubtful_fields, in_chinese, period


@pytest.mark.parametrize("code", REMARK_KINDS)
def test_every_kind_has_its_chinese(code):
    remark = Remark(code, **{name: f"<{name}>" for name in REMARK_KINDS[code].names})
    shown = in_chinese(remark)
    assert all(str(value) in shown for value in remark.params.values())
    assert doubtful_fields(replace(one_report("文"), remarks=(remark,))) or not remark.look


@pytest.mark.parametrize(("held", "shown"), [(None, None), ("2023-H1", "上半年"), ("2021/2025", "2021—2025 年")])
def test_periods(held, shown):
    assert period(replace(one_report("文"), period=held)) == shown


def test_corrected_fields_are_named():
    assert corrected_fields(replace(one_report("文"), corrected=("level", "year"))) == ["级别", "年度"]
