"""Report files of every format damaged in every way: each is read or rejected with a reason, in its time, and nothing is empty without a word."""

import os

import pytest

from indexer import RejectedFile
from indexer.workers.files import Readers
from tests.torture.damage import damaged

pytestmark = pytest.mark.unmeasured

FORMATS = "docx doc wps pdf ofd rtf mht html xhtml md txt".split()
FILES = int(os.environ.get("FUZZ", "8"))
"""Damaged files of each format; an ordinary run tries a few."""


@pytest.fixture(scope="module")
def readers():
    with Readers(1) as readers:
        yield readers


@pytest.mark.parametrize("format", FORMATS)
def test_a_damaged_file_is_read_or_rejected_with_a_reason(readers, tmp_path, caplog, format):
    paths = []
    for number in range(FILES):
        paths.append(tmp_path / f"{number}.{format}")
        paths[-1].write_bytes(damaged(format, number))
    for path, outcome in readers.read(paths):
        if isinstance(outcome, RejectedFile):
            # Neither its time nor its memory ran out, and the reader is alive.
            assert "no report does" not in outcome.reason or "unpacks" in outcome.reason, (path.name, outcome.reason)
            assert not outcome.passing, (path.name, outcome.reason)
            assert len(outcome.reason) > 10
        else:
            assert outcome.passages[1:] or any(remark.code == "text-missing" for remark in outcome.remarks), path.name
    assert not caplog.records, caplog.records[0].getMessage()
