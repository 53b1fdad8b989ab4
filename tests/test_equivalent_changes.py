"""The list of changes that make no difference names code that exists."""

import ast

import pytest

from benchmarks.changes import ROOT, code_of, described, equivalent_changes

LISTED = equivalent_changes()


@pytest.mark.parametrize("file", sorted({file for file, _, _ in LISTED}))
def test_each_listed_change_can_be_made(file):
    source = (ROOT / file).read_text("utf-8")
    lines = [line.strip() for line in source.splitlines()]
    listed = {(line, change) for where, line, change in LISTED if where == file}
    wanted = {line for line, _ in listed}
    nodes = [node for node, _ in code_of(ast.parse(source)) if lines[getattr(node, "lineno", 1) - 1] in wanted]
    gone = listed - {(lines[getattr(node, "lineno", 1) - 1], described(node)) for node in nodes}
    assert not gone, "mend or delete these entries of benchmarks/equivalent_changes.toml"
