"""What the page says of how a report was read."""

from dataclasses import replace

import pytest

from indexer import REMARK_KINDS, Remark
from tests.support import one_report
from webui.facts import period
from webui.remarks import corrected_fields, doubtful_fields


@pytest.mark.parametrize("code", REMARK_KINDS)
def test_what_every_kind_is_about_has_a_name(code):
    remark = Remark(code, **dict.fromkeys(REMARK_KINDS[code].names, 1))
    assert bool(doubtful_fields(replace(one_report("文"), remarks=(remark,)))) == remark.look


@pytest.mark.parametrize(("held", "shown"), [(None, None), ("2023-H1", "上半年"), ("2021/2025", "2021—2025 年")])
def test_a_period_is_shown_as_half_a_year_or_several_years(held, shown):
    assert period(replace(one_report("文"), period=held)) == shown


def test_corrected_fields_are_named():
    assert corrected_fields(replace(one_report("文"), corrected=("level", "year"))) == ("单位级别", "报告年度")
