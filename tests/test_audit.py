"""What .ci/audit says: nothing known, something known, or that nobody could be asked."""

import importlib.util
import json
import subprocess
from importlib.machinery import SourceFileLoader

import pytest

from tests.support import ROOT

CLEAN = {"name": "a", "version": "1", "vulns": []}
SKIPPED = {"name": "b", "skip_reason": "not found on PyPI and could not be audited"}
KNOWN = {"name": "c", "version": "2", "vulns": [{"id": "PYSEC-1", "fix_versions": ["3"]}]}


@pytest.fixture
def audit():
    loader = SourceFileLoader("audit", str(ROOT / ".ci" / "audit"))
    module = importlib.util.module_from_spec(importlib.util.spec_from_loader("audit", loader))
    loader.exec_module(module)
    return module


@pytest.mark.parametrize(
    ("answers", "code", "said"),
    [
        ([[CLEAN, CLEAN]], 0, "no known vulnerability of 2"),
        ([[CLEAN, KNOWN]], 1, "c 2: PYSEC-1, mended in 3"),
        # pip-audit itself ends with 0 here.
        ([[SKIPPED, SKIPPED], None], 3, "COULD NOT BE REACHED"),
        ([[CLEAN, SKIPPED], [CLEAN, CLEAN]], 0, "(osv)"),
        ([[SKIPPED, SKIPPED], [CLEAN, KNOWN]], 1, "PYSEC-1"),
        ([None, None], 3, "no address"),
    ],
)
def test_it_says_what_is_known(audit, monkeypatch, capsys, answers, code, said):
    coming = iter(answers)

    def run(command, **options):
        found = next(coming)
        printed = "" if found is None else json.dumps({"dependencies": found})
        return subprocess.CompletedProcess(command, 0, printed, "no address" if found is None else "")

    monkeypatch.setattr(audit.subprocess, "run", run)
    assert audit.main() == code
    assert said in capsys.readouterr().out
