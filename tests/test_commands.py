"""What holds for all commands."""

import ast
import subprocess
import sys

import pytest

from tests.support import ROOT

SOURCES = [path for folder in ("indexer", "webui", "bundle", "benchmarks") for path in sorted((ROOT / folder).rglob("*.py"))]


def parsers():
    for path in SOURCES:
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and ast.unparse(node.func).endswith("ArgumentParser"):
                yield pytest.param(node, id=str(path.relative_to(ROOT)))


@pytest.mark.parametrize("call", list(parsers()))
def test_no_command_guesses_what_a_flag_was_to_be(call):
    """`--ful` is not `--full`: argparse takes it for that unless it is told not to."""
    said = {keyword.arg: ast.unparse(keyword.value) for keyword in call.keywords}
    assert said.get("allow_abbrev") == "False"


@pytest.mark.parametrize(("command", "flag"), [("indexer.cli", "--ful"), ("webui.cli", "--por=1"), ("webui.mcp.cli", "--htt=127.0.0.1:1")])
def test_an_abbreviated_flag_is_a_usage_error(command, flag):
    run = [sys.executable, "-c", f"from {command} import main; raise SystemExit(main())", flag]
    done = subprocess.run(run, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 2
    assert f"unrecognized arguments: {flag}" in done.stderr


@pytest.mark.parametrize("folder", ["file/index", "file"])
def test_an_index_that_cannot_be_made_is_a_bad_path(tmp_path, folder):
    (tmp_path / "file").write_text("no folder", encoding="utf-8")
    (tmp_path / "corpus").mkdir()
    (tmp_path / "corpus" / "甲县2022年法治政府建设工作报告.txt").write_text("甲县2022年法治政府建设工作报告\n\n一、好\n", encoding="utf-8")
    run = [sys.executable, "-c", "from indexer.cli import main; raise SystemExit(main())", str(tmp_path / "corpus"), "--index"]
    done = subprocess.run([*run, str(tmp_path / folder)], cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 5
    assert str(tmp_path / folder) in done.stderr
    assert "Traceback" not in done.stderr
