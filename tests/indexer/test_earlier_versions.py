"""A report that is published anew: what was held before stays readable, and is compared with what took its place."""

import pytest

from indexer import NotFound, SearchRequest, open_index, passage_id
from indexer.reindex import Options, reindex
from tests.support import written_by_another_version
from webui import create_app

FIRST = "一、成效\n\n受理行政复议案件38件。\n\n开展普法活动。\n"
SECOND = "一、成效\n\n受理行政复议案件41件。\n"


@pytest.fixture(params=["whoosh", "opensearch"])
def place(request, tmp_path):
    return str(tmp_path / "index") if request.param == "whoosh" else request.getfixturevalue("places")()


@pytest.fixture
def corpus(tmp_path):
    folder = tmp_path / "corpus"
    folder.mkdir()
    write(folder, FIRST)
    (folder / "other.txt").write_text("彰武县2022年法治政府建设情况报告\n\n严格执法。\n", encoding="utf-8")
    return folder


def write(folder, text, title="某县2022年法治政府建设情况报告", name="one"):
    (folder / f"{name}.txt").write_text(f"{title}\n\n{text}", encoding="utf-8")


def run(folder, place, **options):
    return reindex([folder], place, Options(**options), lambda outcomes, total: outcomes)


def id_of(index, year=2022):
    (found,) = [one.id for one in index.reports(SearchRequest()) if one.path == "corpus/one.txt"]
    return found


def texts(report):
    return [passage.text for passage in report.passages]


def test_what_was_held_stays_readable_and_only_the_newest_is_found(corpus, place):
    run(corpus, place)
    with open_index(place) as index:
        old = index.report(id_of(index))
        assert [version.report.id for version in index.versions(old.id)] == [old.id]
    write(corpus, SECOND)
    run(corpus, place)
    with open_index(place) as index:
        assert id_of(index) == old.id
        newest, earlier = index.versions(old.id)
        assert (newest.report.id, newest.held_until) == (old.id, None)
        assert (earlier.held_from, earlier.held_until) == (old.changed, newest.held_from)
        assert earlier.report.id == f"{old.id}@{old.sha256[:12]}"
        assert texts(earlier.report) == texts(old) != texts(newest.report)
        assert index.report(earlier.report.id) == earlier.report
        # By its own hash the newest is found too, and will be when it is no longer that.
        assert texts(index.report(f"{old.id}@{newest.report.sha256[:12]}")) == texts(newest.report)
        assert index.versions(earlier.report.id) == index.versions(earlier.report) == (newest, earlier)
        assert [hit.text for hit in index.search("行政复议案件").hits] == ["受理行政复议案件41件。"]
        assert index.stats.reports == 2
        changed = [row for row in index.compare(earlier.report.id, old.id).rows if row.numbers]
        assert [(pair.left.text, pair.right.text) for row in changed for pair in row.numbers] == [("38件", "41件")]
        # A passage that the newest lacks is found under the id that it was cited by.
        gone = next(passage for passage in old.passages if passage.text == "开展普法活动。")
        found, passage = index.passage(passage_id(old.id, gone.anchor))
        assert (found.id, passage.text) == (earlier.report.id, "开展普法活动。")
        for id in (f"{old.id}@", f"{old.id}@000000000000", "nobody@000000000000", "..@000000000000", f"{old.id}@{'0' * 12}~1.p9"):
            with pytest.raises(NotFound):
                index.report(id)


def test_runs_and_full_builds_lose_no_version(corpus, place):
    run(corpus, place)
    for text in (SECOND, SECOND + "\n新增一段。\n"):
        write(corpus, text)
        run(corpus, place)
    run(corpus, place)
    run(corpus, place, full=True)
    with open_index(place) as index:
        found = index.versions(id_of(index))
        assert [texts(version.report)[-1] for version in found] == ["新增一段。", "受理行政复议案件41件。", "开展普法活动。"]
        assert [version.held_until for version in found[1:]] == [version.held_from for version in found[:-1]]


def test_a_version_that_comes_back_is_no_earlier_one(corpus, place):
    for text in (FIRST, SECOND, FIRST):
        write(corpus, text)
        run(corpus, place)
    with open_index(place) as index:
        newest, earlier = index.versions(id_of(index))
        assert texts(newest.report)[-1] == "开展普法活动。"
        assert texts(earlier.report)[-1] == "受理行政复议案件41件。"


def test_what_is_only_read_otherwise_or_published_nowhere_is_no_version(corpus, tmp_path):
    place = str(tmp_path / "index")
    run(corpus, place)
    # A correction, a longer file with the same text, a run that publishes nothing.
    (corpus / "corrections.csv").write_text("path,field,value\none.txt,year,2021\n", encoding="utf-8")
    run(corpus, place)
    write(corpus, FIRST + "\n\n")
    run(corpus, place)
    write(corpus, SECOND)
    (corpus / "bad.pdf").write_bytes(b"%PDF-1.7 broken")
    run(corpus, place, dry_run=True)
    run(corpus, place, strict=True)
    with open_index(place) as index:
        assert len(index.versions(id_of(index))) == 1


def test_an_index_that_another_version_wrote_keeps_earlier_versions(corpus, tmp_path):
    place = tmp_path / "index"
    run(corpus, place)
    write(corpus, SECOND)
    run(corpus, place)
    written_by_another_version(place)
    run(corpus, place, full=True)
    with open_index(place) as index:
        assert len(index.versions(id_of(index))) == 2


def test_a_damaged_version_is_left_out_and_told(corpus, tmp_path, caplog):
    place = tmp_path / "index"
    run(corpus, place)
    write(corpus, SECOND)
    run(corpus, place)
    (path,) = (file for file in (place / "versions").rglob("*") if file.is_file())
    path.write_bytes(path.read_bytes()[:-9])
    with open_index(place) as index:
        assert len(index.versions(id_of(index))) == 1
    assert "cannot be read" in caplog.text


def test_page_and_api_say_so(corpus, tmp_path):
    place = str(tmp_path / "index")
    run(corpus, place)
    client = create_app(place).test_client(use_cookies=False)
    with open_index(place) as index:
        id = id_of(index)
    assert "重新发布" not in client.get(f"/reports/{id}").text
    write(corpus, SECOND)
    write(corpus, "另一种文字。", name="beside")
    run(corpus, place)
    reply = client.get(f"/api/v1/reports/{id}").json
    (earlier,) = reply["earlier"]
    assert reply["newest"] is None
    page = client.get(f"/reports/{id}").text
    assert "本报告重新发布过" in page
    assert f"/compare?left={earlier['id']}&amp;right={id}" in page.replace("%40", "@")
    assert "另有一份同名报告" in page
    old = client.get(earlier["url"]).text
    assert "开展普法活动。" in old
    assert "这是较早的版本" in old
    assert "下载原文件" not in old
    said = client.get(f"/api/v1/reports/{earlier['id']}").json
    assert (said["newest"], said["earlier"]) == (id, [])
    assert "较早的版本" in client.get(f"/compare?left={earlier['id']}&right={id}").text
    assert client.get(f"/api/v1/paragraphs/{earlier['id']}~1.p1").json["text"] == "受理行政复议案件38件。"
    assert client.get(f"/reports/{id}@000000000000").status_code == 404
