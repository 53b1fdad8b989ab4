"""The README's commands and its JSON are run, so that the first page cannot go stale."""

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from tests.support import ROOT
from webui import create_app

README = (ROOT / "README.md").read_text(encoding="utf-8")
BIN = Path(sys.executable).parent


@pytest.fixture(scope="module")
def index(tmp_path_factory):
    place = tmp_path_factory.mktemp("readme") / "index"
    command = [BIN / "reindex"]
    done = subprocess.run(command, cwd=ROOT, env=os.environ | {"FAZHI_INDEX": str(place)}, capture_output=True, text=True, check=True)
    return place, done.stdout


def test_reindex_prints_what_the_readme_shows(index):
    shown = re.search(r"\$ reindex\n(.*?)\ngeneration", README, re.DOTALL)[1]
    assert index[1].partition("\ngeneration")[0] == shown


def test_the_json_request_gives_the_reply_shown(index):
    url = re.search(r"curl 'http://127.0.0.1:8000(.*)'", README)[1]
    shown = json.loads(re.search(r"```json\n(.*?)```", README, re.DOTALL)[1])
    reply = json.loads(create_app(str(index[0])).test_client(use_cookies=False).get(url).data)
    assert {key: reply[key] for key in shown} == shown


def test_the_python_example_runs(index):
    code = re.search(r"```python\n(.*?)```", README, re.DOTALL)[1].replace("var/index", str(index[0]))
    printed = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout
    assert printed.startswith("2 ")
    assert "行政复议" in printed


@pytest.mark.parametrize("command", ["reindex", "webui"])
def test_every_option_is_said_by_help(command):
    said = subprocess.run([BIN / command, "--help"], capture_output=True, text=True, check=True).stdout
    assert "--index" in said
    assert "FAZHI_INDEX" in said


def test_the_commands_of_the_readme_are_those_of_the_makefile():
    targets = re.findall(r"^([\w-]+):", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE)
    assert set(re.findall(r"make ([\w-]+)  ", README)) <= set(targets)
    assert "make test" in (ROOT / ".ci" / "run").read_text(encoding="utf-8")
