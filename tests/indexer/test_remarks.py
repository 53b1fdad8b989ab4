"""Remarks have codes that the table knows, with the parameters of their texts."""

import ast
import json
from dataclasses import replace

import pytest

from indexer import REMARK_KINDS, Remark, SearchRequest
from indexer.records import read_report, report_record
from indexer.remarks import doubts
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
    assert read.warnings == ("year: 2020 is only from the first heading", "year: it covers half a year")
    assert [remark.look for remark in read.remarks] == [True, False]


def test_a_closed_remark_is_stored_and_stands_for_no_doubt():
    closed = Remark("year-missing").close()
    report = replace(one_report("文"), remarks=(closed, Remark("published-missing"), Remark("year-half")))
    read = read_report(json.loads(json.dumps(report_record(report))))
    assert read.remarks == report.remarks
    assert (read.remarks[0].look, read.remarks[0].as_json()["closed"]) == (False, True)
    assert read.remarks[0] != Remark("year-missing")
    assert doubts(read.remarks) == ("published-missing",)
    assert doubts(read.remarks[:1]) == (None,)


def test_reports_are_filtered_by_what_is_to_be_looked_at(make_index):
    kinds = [(), ("year-missing",), ("year-missing", "published-missing"), ("title-repeated",)]
    made = [replace(one_report("法治", id=f"r{n}"), remarks=tuple(map(Remark, codes))) for n, codes in enumerate(kinds)]
    made.append(replace(one_report("法治", id="r4"), remarks=(Remark("year-missing").close(),)))
    index = make_index(made)

    def found(*codes):
        return sorted(listed.report.id for listed in index.list_reports(SearchRequest.of(remarks=codes)).reports)

    assert found("year-missing") == ["r1", "r2"]
    assert found("published-missing", None) == ["r0", "r2", "r3", "r4"]
    counts = index.search("法治", kinds=["title"], facets=("remark",)).facets["remark"]
    assert counts == []
    counts = index.search("法治", kinds=["paragraph"], facets=("remark",)).facets["remark"]
    assert {count.value: count.count for count in counts} == {None: 3, "year-missing": 2, "published-missing": 1}
