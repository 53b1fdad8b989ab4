"""Screenshots of every page and state in several widths, dark mode, print, forced colours and zoom; also prints the size of each page.

`python -m benchmarks.shots FOLDER` generates 442 reports, serves them and fills the folder with pictures.
"""

from __future__ import annotations

import argparse
import gzip
import re
import shutil
import subprocess
import sys
import tempfile
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import quote

from playwright.sync_api import Browser, sync_playwright

from benchmarks.made import made_reports
from indexer import SearchRequest, build_index, open_index

PAGES = {
    "home": "/",
    "results": "/?q=行政复议",
    "results-filtered": "/?q=行政复议&year=2022&level=县&region=210000",
    "results-heading": "/?q=数字法治政府",
    "results-table": "/?q=行政复议 |&mode=literal",
    "results-any": "/?q=怎么申请行政复议&mode=any",
    "results-past": "/?q=行政复议&page=999",
    "none": "/?q=服议 行政&year=2022",
    "problem": "/?q=(行政",
    "missing": "/nope",
    "advanced": "/advanced?all=行政复议&year_from=2020&region=210000",
    "reports": "/reports?q=行政复议",
    "reports-silent": "/reports?q=行政复议&mention=no",
    "concordance": "/concordance?q=行政复议",
    "years": "/years?q=行政复议",
    "matrix": "/matrix?q=行政复议",
    "batch": "/batch?terms=行政复议%0A一网通办%0A没有的词",
    "corpus": "/corpus",
    "corpus-table": "/corpus?expected=table&region=210000",
    "units": "/units",
    "unit": "/units/{unit}",
    "report": "/reports/{first}?q=行政复议",
    "compare": "/compare?left={first}&right={second}&q=行政",
    "promises": "/promises?report={first}",
    "required": "/required",
    "remarks": "/remarks",
    "statistics": "/statistics",
    "statistics-indicator": "/statistics?indicator=行政复议受理",
    "instruments": "/instruments",
    "verify": "/verify?text=坚持以习近平新时代中国特色社会主义思想为指导",
    "check": "/check",
    "common": "/common",
    "words": "/words?q=行政复议",
    "similar": "/similar?text=加强行政复议能力建设，健全行政复议案件审理机制",
    "cite": "/cite/{first}~1.1",
    "help": "/help",
    "help-english": "/help?lang=en",
    "api": "/api/",
    "data": "/api/data",
    "data-shape": "/api/data/Hit",
}
"""Every kind of page in its states."""

LOOKS: dict[str, tuple[dict[str, Any], str | None]] = {
    "1280": ({"viewport": {"width": 1280, "height": 900}}, None),
    "768": ({"viewport": {"width": 768, "height": 900}}, None),
    "390": ({"viewport": {"width": 390, "height": 844}}, None),
    "320": ({"viewport": {"width": 320, "height": 700}}, None),
    "dark": ({"viewport": {"width": 1280, "height": 900}, "color_scheme": "dark"}, None),
    "print": ({"viewport": {"width": 1000, "height": 1400}}, "print"),
    "forced": ({"viewport": {"width": 1280, "height": 900}, "forced_colors": "active"}, None),
    # The viewport of a window 1280 pixels wide at 200 % zoom.
    "zoom": ({"viewport": {"width": 640, "height": 450}, "device_scale_factor": 2}, None),
}
TALLEST = 2200
"""Greatest height of a screenshot in pixels."""


def main() -> None:
    parser = argparse.ArgumentParser(allow_abbrev=False, description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--index", type=Path, help="an index to show instead of made reports")
    parser.add_argument("--only", default="", help="pages whose name holds this")
    parser.add_argument("--looks", nargs="*", default=[*LOOKS], choices=[*LOOKS])
    args = parser.parse_args()
    args.folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as scratch:
        index = args.index or Path(scratch, "index")
        if args.index is None:
            build_index(str(index), made_reports(442))
        wanted = {name: path for name, path in addressed(index).items() if args.only in name}
        with served(index) as address, sync_playwright() as started:
            for name, path in wanted.items():
                plain = content(address + quote(path, safe="/?=&%:|"))
                print(f"{name:22}{len(plain) / 1000:8.1f} kB{len(gzip.compress(plain, 6)) / 1000:8.1f} kB compressed")
            if args.looks:
                browser = started.chromium.launch(executable_path=shutil.which("chromium"), args=["--no-sandbox", "--disable-gpu"])
                for look in args.looks:
                    take(browser, address, wanted, look, args.folder)
                browser.close()


def addressed(index: Path) -> dict[str, str]:
    """The pages with ids of this index filled in: a unit with two reports, and these."""
    with open_index(str(index)) as opened:
        reports = list(opened.reports(SearchRequest(query="行政复议")))
        ids: dict[str, list[str]] = {}
        for report in reports:
            if report.unit:
                ids.setdefault(report.unit.id, []).append(report.id)
        unit, several = max(ids.items(), key=lambda item: len(item[1]))
        known = {"unit": unit, "first": several[0], "second": several[-1]}
        return {name: path.format(**known) for name, path in PAGES.items()}


def content(address: str) -> bytes:
    """A page's HTML, whatever its status."""
    try:
        with urllib.request.urlopen(address) as reply:
            return bytes(reply.read())
    except urllib.error.HTTPError as error:
        return error.read()


def take(browser: Browser, address: str, pages: dict[str, str], look: str, folder: Path) -> None:
    """Take a screenshot of each page in one look, and report pages that are wider than the screen."""
    options, media = LOOKS[look]
    context = browser.new_context(base_url=address, **options)
    page = context.new_page()
    for name, path in pages.items():
        page.goto(path)
        if media:
            page.emulate_media(media=media)
        if page.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth"):
            print(f"{name} is wider than the screen at {look}")
        width = options["viewport"]["width"]
        height = min(TALLEST, page.evaluate("document.documentElement.scrollHeight"))
        page.screenshot(path=folder / f"{name}-{look}.png", full_page=True, clip={"x": 0, "y": 0, "width": width, "height": height})
    context.close()


@contextmanager
def served(index: Path) -> Iterator[str]:
    """The address of a `webui` on this index."""
    command = [sys.executable, "-u", "-c", "from webui.cli import main; main()", "--index", str(index), "--port", "0"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True) as process:
        assert process.stdout is not None
        found = re.search(r"http://\S+", process.stdout.readline())
        assert found is not None
        yield found[0]
        process.terminate()


if __name__ == "__main__":
    main()
