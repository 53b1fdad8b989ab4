"""When reports came in, when they changed, and what a copy is checked by."""

import hashlib
import json
import random
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from indexer import History, Index, SearchRequest, build_index, content_of, hash_of, open_index, read_history
from indexer.cli import main
from indexer.versions import read_time, time_after
from tests.scan import ScanEngine
from tests.support import one_report, written_by_another_version


def write(folder, name, text):
    path = folder / f"{name}.txt"
    path.write_text(f"某县{name}年法治政府建设情况报告\n\n{text}\n", encoding="utf-8")
    return path


def reindex(folder, *options):
    assert main([str(folder), "--index", str(folder.parent / "index"), *options]) in (0, 3)
    place = folder.parent / "index"
    with open_index(place) as index:
        return index.stats.generation, {report.year: report for report in index.reports(SearchRequest())}, read_history(place)


@pytest.fixture
def corpus(tmp_path):
    folder = tmp_path / "corpus"
    folder.mkdir()
    for year in (2020, 2021, 2022):
        write(folder, year, "坚持依法行政。")
    return folder


def test_a_run_dates_what_it_adds_changes_and_removes_and_nothing_else(corpus):
    first, old, history = reindex(corpus)
    [time] = {report.added for report in old.values()} | {report.changed for report in old.values()}
    assert (history.generation, history.published, history.removed) == (first, time, {})
    write(corpus, 2021, "坚持依法行政，改了。")
    write(corpus, 2023, "坚持依法行政。")
    (corpus / "2020.txt").unlink()
    second, new, history = reindex(corpus)
    assert [new[year].added for year in (2021, 2022)] == [time, time]
    assert new[2022].changed == time < new[2021].changed == new[2023].changed == new[2023].added == history.published
    assert history.removed == {old[2020].id: history.published}
    assert history.before == {first: time}
    assert (history.since(first), history.since(second), history.since("000009-00000000")) == (
        (time, False),
        (history.published, False),
        None,
    )
    assert new[2021].sha256 != old[2021].sha256
    assert new[2022].sha256 == old[2022].sha256


@pytest.mark.parametrize("outdated", [False, True])
def test_what_is_built_anew_is_not_new(corpus, outdated):
    first, old, _ = reindex(corpus)
    if outdated:
        written_by_another_version(corpus.parent / "index")
    second, new, history = reindex(corpus, "--full")
    assert second != first
    assert {year: (one.added, one.changed, one.sha256) for year, one in new.items()} == {
        year: (one.added, one.changed, one.sha256) for year, one in old.items()
    }
    assert len(history.before) == 1
    assert history.removed == {}


def test_a_report_whose_file_can_no_longer_be_read_is_changed(corpus):
    _, old, _ = reindex(corpus)
    (corpus / "2021.txt").write_bytes(b"%PDF-1.7 broken")
    _, new, history = reindex(corpus)
    assert new[2021].stale
    assert (new[2021].added, new[2021].changed) == (old[2021].added, history.published)
    assert new[2020].changed == old[2020].changed


def test_an_index_of_reports_keeps_their_times_on_both_engines(places, tmp_path):
    for place in (str(tmp_path / "index"), places()):
        first = [one_report("甲。", id="a"), one_report("乙。", id="b"), one_report("丙。", id="c")]
        generation = build_index(place, first)
        with open_index(place) as index:
            times = {report.id: (report.added, report.changed) for report in index.reports(SearchRequest())}
        build_index(place, [first[0], one_report("改。", id="b"), one_report("丁。", id="d")])
        history = read_history(place)
        with open_index(place) as index:
            new = {report.id: report for report in index.reports(SearchRequest())}
            assert history.generation == index.stats.generation
            since, itself = history.since(generation)
            assert {report.id for report in index.changed(SearchRequest(), since.__lt__)} == {"b", "d"}
            assert [report.id for report in index.latest(SearchRequest(), 2)] == ["b", "d"]
            assert [hit.id for hit in index.newest(SearchRequest.of("标题"), 2)] == ["d~t", "a~t"]
            assert [hit.id for hit in index.newest(SearchRequest.of("标题"), 1)] == ["d~t"]
            assert len(index.newest(SearchRequest.of("标题"))) == 3
        assert not itself
        assert (new["a"].added, new["a"].changed) == times["a"]
        assert new["b"].added == times["b"][0] < new["b"].changed
        assert history.removed == {"c": history.published}


@pytest.mark.parametrize("seed", range(3))
def test_what_is_new_is_what_came_in_last(seed):
    chance = random.Random(seed)
    times = [None, "2026-01-01T00:00:00.000000Z", "2026-02-01T00:00:00.000000Z", "2026-03-01T00:00:00.000000Z"]
    reports = [
        replace(
            one_report(*["普法"] * chance.randint(1, 3), id=f"r{number}", year=chance.choice([None, 2020, 2021])),
            added=chance.choice(times),
            changed=chance.choice(times),
        )
        for number in range(12)
    ]
    index = Index(ScanEngine(reports))
    request = SearchRequest.of("普法", years=[2020, None], sort="-year")
    hits = sorted(index.hits(request), key=lambda hit: hit.report.added or "", reverse=True)
    newest = sorted(index.reports(request), key=lambda report: report.changed or "", reverse=True)
    for most in (0, 1, 2, 5, len(newest), len(hits), 100):
        assert [hit.id for hit in index.newest(request, most)] == [hit.id for hit in hits[:most]]
        assert [report.id for report in index.latest(request, most)] == [report.id for report in newest[:most]]
    for counts in (lambda time: time > times[1], lambda time: False):
        changed = sorted(report.changed for report in newest if report.changed and counts(report.changed))
        assert [report.changed for report in index.changed(request, counts)] == changed


def test_no_more_than_a_hundred_are_new():
    index = Index(ScanEngine([one_report("普法", id=f"r{number}") for number in range(101)]))
    assert len(index.newest(SearchRequest("普法"))) == len(index.latest(SearchRequest("普法"))) == 100


def test_the_hash_is_that_of_the_content_as_any_program_writes_it():
    report = one_report("“甲”\\ / \t\x7f\u2028😀", id="a", year=2022)
    content = content_of(report)
    plain = json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()
    assert hash_of(content) == hashlib.sha256(plain).hexdigest()
    assert hash_of(content_of(replace(report, added="1", changed="2", sha256="3"))) == hash_of(content)
    assert hash_of(content_of(replace(report, issuer="某局"))) != hash_of(content)


def test_times_rise_and_are_read_as_they_are_written():
    later = (datetime.now(UTC) + timedelta(days=1)).strftime("%Y-%m-%dT%H:%M:%S.999999Z")
    assert time_after(None) < later < time_after(later)
    assert read_time("2026-11-26") == "2026-11-26T00:00:00.000000Z"
    assert read_time("2026-11-26T08:30:00+08:00") == "2026-11-26T00:30:00.000000Z"
    assert read_time(later) == later
    for text in ("2026", "2026-13-01", "2026-11-26T08:30:00", "昨天", "", "0001-01-01T00:00:00+14:00"):
        assert read_time(text) is None
    past = History("b", "2026-02-02T00:00:00.000000Z", {"a": "2026-01-01T00:00:00.000000Z"}, {"x": "2026-02-01T00:00:00.000000Z"})
    assert past.as_of("a").removed == {}
    assert past.as_of("b").removed == past.removed
