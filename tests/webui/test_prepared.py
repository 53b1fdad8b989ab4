"""What is ready before the first request."""

import pytest

from indexer import IndexMissing, Report, build_index
from indexer.facts import statistics
from webui import create_app
from webui.live import LiveIndex
from webui.prepared import begin_to_prepare


def test_the_index_is_open_and_templates_are_compiled_before_the_first_request(tmp_path, monkeypatch):
    build_index(tmp_path / "index", [Report.from_blocks(title="彰武县2022年法治政府建设情况报告", blocks=[((), "法治")])])
    site = create_app(str(tmp_path / "index"))
    opened = []
    right = LiveIndex._open
    monkeypatch.setattr(LiveIndex, "_open", lambda live, now: opened.append(right(live, now)) or opened[-1])
    statistics._readers.cache_clear()
    begin_to_prepare(site).join()
    assert statistics._readers.cache_info().currsize == 1
    assert [index.stats.reports for index in opened] == [1]
    compiled = []
    monkeypatch.setattr(site.jinja_env, "compile", lambda *arguments: compiled.append(arguments))
    assert site.test_client().get("/?q=法治").status_code == 200
    assert (len(opened), compiled) == (1, [])


def test_a_server_without_an_index_starts(tmp_path):
    site = create_app(str(tmp_path / "index"))
    begin_to_prepare(site).join()
    with pytest.raises(IndexMissing):
        site.extensions["index"].get()
    assert site.test_client().get("/").status_code == 503
