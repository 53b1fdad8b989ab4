"""Reports that are read again and again: the same page whatever was read before, never of another generation, within a bound."""

import pytest

from indexer import NotFound, Report, build_index
from webui import create_app, live
from webui.reading import Readings

QUERIES = ["", "?q=行政", "?q=行政&hit=2", "?q=公开 OR 复议&lang=en", "?q=行政&common=full"]


def report(id, text):
    return Report.from_blocks(id=id, title="某县2023年法治政府建设报告", blocks=[((), f"{text}公开。" * 5), (("一、复议",), text)])


def test_a_report_that_was_read_before_has_the_page_of_one_that_was_not(place):
    def fresh():
        return create_app(str(place)).test_client(use_cookies=False)

    client = fresh()
    for _ in range(2):
        for query in reversed(QUERIES):
            assert client.get(f"/reports/r0{query}").data == fresh().get(f"/reports/r0{query}").data


def test_nothing_of_an_older_generation_is_read(tmp_path, monkeypatch):
    monkeypatch.setattr(live, "CHECK_EVERY", -1.0)
    build_index(tmp_path / "index", [report("a", "以前"), report("b", "别的")])
    client = create_app(str(tmp_path / "index")).test_client()
    readings = client.application.extensions["readings"]
    assert [client.get(f"/reports/{id}?q=以前").text.count("<mark") for id in "ab"] == [6, 0]
    assert len(readings) == 2
    build_index(tmp_path / "index", [report("a", "现在")])
    assert "以前" not in client.get("/reports/a").text
    assert len(readings) == 1
    assert client.get("/reports/b").status_code == 404


def test_the_least_recently_read_go_when_there_are_too_many_characters(tmp_path):
    build_index(tmp_path / "index", [report(id, "推进") for id in "abc"])
    app = create_app(str(tmp_path / "index"))
    with app.test_request_context():
        size = Readings().get("a").characters
        readings = Readings(2 * size)
        first = readings.get("a")
        readings.get("b")
        assert readings.get("a") is first
        readings.get("c")
        assert len(readings) == 2
        assert readings.get("a") is first
        none = Readings(size - 1)
        assert none.get("a").report == first.report
        assert len(none) == 0
        with pytest.raises(NotFound):
            none.get("d")
