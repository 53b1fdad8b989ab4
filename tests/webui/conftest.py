"""An application on a small real index, and the real server on the first report."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from flask.testing import FlaskClient

from indexer import Report, build_index
from tests.support import FIRST_REPORT
from tests.webui.serving import PATIENCE
from webui import create_app


@pytest.fixture(scope="session")
def place(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An index of 30 reports of three issuers, 2019 to 2023, one with markup in its text."""
    reports = [
        Report.from_blocks(
            id=f"r{number}",
            title=f"某{number % 3}县{2019 + number % 5}年法治政府建设工作报告",
            year=2019 + number % 5,
            issuer=f"某{number % 3}县",
            region="210921" if number % 3 == 0 else None,
            published="2023-03-01",
            blocks=[
                (("一、情况", "(一)严格执法"), f"总述。一是推进行政复议{number}件。二是公开。"),
                (("二、存在的问题",), "执法力量不足。"),
            ],
        )
        for number in range(30)
    ]
    odd = Report.from_blocks(id="odd", title="<b>题</b>", blocks=[((), '<script>alert(1)</script> & "引号" 行政复议')])
    folder = tmp_path_factory.mktemp("web") / "index"
    build_index(folder, [*reports, odd])
    return folder


@pytest.fixture(scope="session")
def client(place: Path) -> FlaskClient:
    """A client of the application."""
    return create_app(str(place)).test_client(use_cookies=False)


@pytest.fixture(scope="session")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a real `webui` on the index that a real `reindex` made of the first report's folder."""
    index = tmp_path_factory.mktemp("served") / "index"
    run = [sys.executable, "-c", "from indexer.cli import main; raise SystemExit(main())"]
    subprocess.run([*run, str(FIRST_REPORT.parent), "--index", str(index)], check=True)
    with serving(index) as address:
        yield address


@pytest.fixture(scope="session")
def many(place: Path) -> Iterator[str]:
    """The address of a real `webui` on the index of 31 reports."""
    with serving(place) as address:
        yield address


@contextmanager
def serving(index: Path, *flags: str) -> Iterator[str]:
    """The address of a real `webui` on this index, stopped at the end."""
    command = [sys.executable, "-c", "from webui.cli import main; main()", "--index", str(index), "--port", "0", *flags]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=os.environ | {"PYTHONUNBUFFERED": "1"}) as process:
        assert process.stdout is not None
        address = re.search(r"http://\S+", process.stdout.readline())
        assert address is not None
        try:
            yield address[0]
        finally:
            # A test that failed must not leave one waiting for the server.
            process.terminate()
        assert process.wait(PATIENCE) == 0


@pytest.fixture(scope="session")
def browser() -> Iterator[Any]:
    """A real browser that prefers Chinese; skipped where there is none."""
    playwright = pytest.importorskip("playwright.sync_api")
    # A busy machine takes more than the five seconds that an expectation waits of itself, and than the thirty of an action.
    playwright.expect.set_options(timeout=PATIENCE * 1000)
    chromium = shutil.which("chromium") or shutil.which("chromium-browser")
    if chromium is None:
        pytest.skip("chromium is not installed: apt-get install chromium")
    with playwright.sync_playwright() as started:
        opened = started.chromium.launch(
            executable_path=chromium, args=["--no-sandbox", "--disable-gpu", "--disable-background-networking"]
        )
        new_context = opened.new_context

        def patient(**options: Any) -> Any:
            # Of itself it prefers English, and gets it.
            context = new_context(**{"locale": "zh-CN"} | options)
            context.set_default_timeout(PATIENCE * 1000)
            return context

        opened.new_context = patient
        yield opened
        opened.close()
