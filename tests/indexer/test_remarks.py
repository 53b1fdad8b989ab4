"""Remarks have codes that the table knows, with the parameters of their texts."""

import ast
import json
from dataclasses import replace

import pytest

from indexer import REMARK_KINDS, Remark
from indexer.records import read_report, report_record
from tests.support import ROOT, one_report


def remarks_made():
    """The code and the names of the parameters of every `Remark(…)` in the source."""
    for path in sorted((ROOT / "indexer").rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "Remark" and node.args:
                yield node.args[0], {keyword.arg for keyword in node.keywords}


def test_every_remark_made_is_of_a_kind_and_every_kind_is_made():
    made = [(code.value, names) for code, names in remarks_made() if isinstance(code, ast.Constant)]
    assert [(code, names) for code, names in made if code not in REMARK_KINDS or names != REMARK_KINDS[code].names] == []
    assert {code for code, _ in made} == set(REMARK_KINDS)


@pytest.mark.parametrize(("code", "params"), [("odd", {}), ("year-half", {"year": 2020}), ("year-from-heading", {})])
def test_a_code_of_no_kind_and_parameters_of_another_are_refused(code, params):
    with pytest.raises(ValueError, match=code):
        Remark(code, **params)


def test_equal_remarks_are_one():
    assert len({Remark("years-several", first=2019, last=2020), Remark("years-several", last=2020, first=2019)}) == 1


def test_remarks_are_stored_with_their_report():
    report = replace(one_report("文"), remarks=(Remark("year-from-heading", year=2020), Remark("year-half")))
    read = read_report(json.loads(json.dumps(report_record(report))))
    assert read.remarks == report.remarks
    assert read.warnings == ("year: 2020 is from the first heading alone", "year: it covers half a year")
    assert [remark.look for remark in read.remarks] == [True, False]
