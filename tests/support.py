"""What tests share beside fixtures."""

from __future__ import annotations

import hashlib
import os
import re
from pathlib import Path

import pytest

from indexer import Report, open_index
from indexer.workers.files import _lasting_reader

ROOT = Path(__file__).parent.parent
FIRST_REPORT = ROOT / "corpus" / "阜新蒙古族自治县2022年法治政府建设工作报告.txt"


def one_report(*texts: str, **fields: object) -> Report:
    """A report of these paragraphs without headings."""
    return Report.from_blocks(**{"title": "标题", "blocks": [((), text) for text in texts]} | fields)


def read_in_one_process(patch: pytest.MonkeyPatch) -> None:
    """Let each `reindex` in this process read with the process that `parse_file` has: to start two for each takes two seconds of the processor."""
    reader = _lasting_reader(os.getpid())
    patch.setattr("indexer.reindex.parse_files", lambda paths, *others, pages, **more: reader.read(paths, pages))


def texts_of_law(place: str) -> list[str]:
    """The texts with 法 that readers of an index find, sorted."""
    with open_index(place) as index:
        return sorted(hit.text for hit in index.search("法", per_page=100).hits)


def written_by_another_version(place: Path) -> None:
    """Make every generation of an index one with another schema, sealed as it should be."""
    current = (place / "CURRENT").read_text("ascii")
    for folder in list((place / "generations").iterdir()):
        manifest = re.sub(r'"schema": \d+', '"schema": 0', (folder / "manifest.json").read_text("utf-8")).encode()
        for name in ("manifest.json", "manifest.json.copy"):
            (folder / name).write_bytes(manifest)
        name = f"{folder.name.partition('-')[0]}-{hashlib.sha256(manifest).hexdigest()[:8]}"
        folder.rename(folder.with_name(name))
        if folder.name == current:
            (place / "CURRENT").write_text(name, "ascii")
