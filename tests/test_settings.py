"""The page of settings names every flag and variable there is, and no other."""

import re

from indexer import cli as indexer_cli
from indexer import collect, draftcheck
from tests.support import ROOT
from webui import cli as webui_cli

PAGE = (ROOT / "docs" / "settings.md").read_text(encoding="utf-8")


def flags(parser):
    return {flag for action in parser._actions for flag in action.option_strings} - {"-h", "--help"}


def test_every_flag_is_on_the_page():
    _, reindex, webui, draft, collecting = PAGE.split("\n## ")[:5]
    commands = (indexer_cli, reindex), (webui_cli, webui), (draftcheck, draft), (collect, collecting)
    for parser, part in ((command.parser(), part) for command, part in commands):
        rows = "\n".join(line for line in part.splitlines() if line.startswith("| `-"))
        assert set(re.findall(r"`(--?[a-z][a-z-]*)`", rows)) == flags(parser)


def test_every_variable_is_on_the_page():
    sources = [path.read_text(encoding="utf-8") for folder in ("indexer", "webui") for path in (ROOT / folder).rglob("*.py")]
    used = {name for source in sources for name in re.findall(r'"(FAZHI_[A-Z_]+)"', source)}
    assert used == set(re.findall(r"FAZHI_[A-Z_]+", PAGE))
