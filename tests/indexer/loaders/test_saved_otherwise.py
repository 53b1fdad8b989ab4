"""The same report gives the same text whatever it was saved as: tests/data/saved holds what LibreOffice made of Word files of the tests."""

import shutil
import subprocess

import pytest

from indexer import parse_file
from tests.support import ROOT

DATA = ROOT / "tests" / "data"
SAVED = sorted((DATA / "saved").iterdir())


def texts(path):
    # A program that saves a file anew may set what stands in one group in another order.
    return sorted(passage.text for passage in parse_file(path).passages)


def source(path):
    return next(DATA.glob(f"*/{path.stem}.docx"))


@pytest.mark.parametrize("path", SAVED, ids=lambda path: path.name)
def test_a_file_saved_otherwise_gives_the_same_passages(path):
    assert texts(path) == texts(source(path))


@pytest.mark.skipif(shutil.which("soffice") is None, reason="LibreOffice is not installed")
@pytest.mark.slow
@pytest.mark.parametrize("extension", ["doc", "rtf"])
@pytest.mark.parametrize("name", ["06-styled", "07-unstyled-table", "F07-equal-rows", "F10-framed-text", "F16-contents-list"])
def test_a_file_saved_now_gives_the_same_passages(tmp_path, name, extension):
    original = next(DATA.glob(f"*/{name}.docx"))
    profile = f"-env:UserInstallation={tmp_path.as_uri()}/profile"
    command = ["soffice", profile, "--headless", "--convert-to", extension, "--outdir", tmp_path, original]
    subprocess.run(command, check=True, capture_output=True)
    assert texts(tmp_path / f"{name}.{extension}") == texts(original)
