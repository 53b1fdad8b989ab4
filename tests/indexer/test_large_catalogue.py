"""What `reindex` does with a catalogue of many files is what it does with the whole catalogue of few."""

import os
import random
import unicodedata
from dataclasses import replace
from itertools import count

import pytest

from indexer import IndexCorrupt, SearchRequest, damaged_files, open_index
from indexer import reindex as runs
from indexer.backends import original_file, read_catalogue
from indexer.engines.whoosh import catalogues
from indexer.engines.whoosh.catalogues import CHANGES, SOURCES
from indexer.reindex import Options, reindex
from indexer.sources import Sources
from indexer.workers.files import _lasting_reader

TITLES = ("阜新市", "彰武县", "海州区", "大冷镇", "赣榆区", "连云港市")
"""海州区 and 大冷镇 are of the places that the files beside them are of."""
SENTENCES = [f"第{number + 10}项坚持依法行政。" for number in range(30)]
NEVER = 10**9
SEEDS = (1, 3)


@pytest.fixture
def both(tmp_path, monkeypatch):
    return Both(tmp_path, monkeypatch)


class Both:
    """Two indexes of the same files: of one no catalogue is ever stored in parts, of the other it is from a few files on."""

    def __init__(self, folder, monkeypatch):
        self.folder, self.patch = folder, monkeypatch
        self.few, self.many = folder / "few", folder / "many"
        self.clock = count()
        monkeypatch.setattr(catalogues, "SHARE", 0.5)
        monkeypatch.setattr(runs, "time_after", lambda _: f"2026-01-01T00:00:{self.now:02}Z")
        monkeypatch.setattr(runs, "parse_files", self.read)
        monkeypatch.setattr(runs, "reader_version", lambda: "1")
        self.outcomes = {}

    def read(self, paths, *others, pages, **more):
        for path in paths:
            held = path, path.read_bytes()
            if held not in self.outcomes:
                ((_, self.outcomes[held]),) = _lasting_reader(os.getpid()).read([path], pages)
            yield path, self.outcomes[held]

    def run(self, *paths, **options):
        """Bring both up to date, and look whether they are the same."""
        self.now = next(self.clock)
        summaries = []
        for index, changed in (self.few, NEVER), (self.many, 4):
            self.patch.setattr(catalogues, "CHANGED", changed)
            summaries.append(reindex(list(paths), index, Options(**options), lambda read, total: read))
        one, other = map(told, summaries)
        assert one == other
        assert state(self.few) == state(self.many)
        return summaries[1]


def told(summary):
    """What a run says of files, without the name of the generation."""
    return replace(
        summary,
        generation=None,
        seconds=0.0,
        removed=sorted(summary.removed),
        warnings=sorted(summary.warnings),
        added=sorted(summary.added, key=lambda each: each.report.id),
        changed=sorted(summary.changed, key=lambda each: each.report.id),
    )


def state(location):
    """All that an index holds, and what is known of its files."""
    _, catalogue = read_catalogue(location)
    known = catalogue.folders, dict(catalogue.sources), catalogue.refused, catalogue.removed, catalogue.originals()
    with open_index(location) as index:
        ids = [report.id for report in index.reports(SearchRequest.of("", types=["report", "other"]))]
        reports = {id: index.report(id) for id in ids}
    assert {source.report for source in catalogue.sources.values()} == reports.keys()
    return known, reports, {id: original_file(location, id) for id in reports}


class Folders:
    """Files that are changed by chance."""

    def __init__(self, chance, *folders):
        self.chance, self.folders = chance, folders
        for folder in folders:
            (folder / "below").mkdir(parents=True)
        for _ in range(6):
            self.write(self.free())

    def files(self):
        return sorted(path for folder in self.folders for path in folder.rglob("*.txt"))

    def free(self):
        name = f"{self.chance.choice(['é', '报告', 'a'])}{self.chance.randrange(40)}.txt"
        form = self.chance.choice(["NFC", "NFD"])
        folder = self.chance.choice(self.folders) / self.chance.choice(["", "below"])
        return folder / unicodedata.normalize(form, name)

    def write(self, path):
        year = self.chance.choice([2021, 2022, 2023])
        first = self.chance.randrange(3)
        body = [
            f"{self.chance.choice(TITLES)}人民政府{year}年法治政府建设情况报告",
            "一、主要举措",
            "".join(SENTENCES[first : first + 13]),
            f"受理行政复议案件{self.chance.choice([100, 112, 130])}件，同比上升12%。",
        ]
        path.write_text("\n\n".join(body) + "\n", encoding="utf-8")

    def corrections(self):
        folder = self.chance.choice(self.folders)
        paths = [path.relative_to(folder).as_posix() for path in self.files() if path.is_relative_to(folder)]
        lines = {
            (path, *self.chance.choice([("year", "2020"), ("region", "320706"), ("type", "ignore"), ("unit", "210922")]))
            for path in self.chance.sample(paths, min(2, len(paths)))
        }
        (folder / "corrections.csv").write_text("\n".join(["path,field,value", *map(",".join, sorted(lines))]), encoding="utf-8")
        (folder / "units.csv").write_text(f"alias,unit\n{self.chance.choice(TITLES)}人民政府,210922\n", encoding="utf-8")
        codes = ["region-from-folder", "last-year-disagrees", "year-missing"]
        (folder / "checked.csv").write_text(
            "\n".join(["path,code", *(f"{path},{self.chance.choice(codes)}" for path in paths[:2])]), encoding="utf-8"
        )

    def change(self):
        """One thing that people do to files."""
        chance, files = self.chance, self.files()
        kind = chance.choice(["add"] * 4 + ["copy", "rename", "replace", "touch", "remove", "damage", "right", "exchange"])
        if kind == "add" or not files:
            self.write(self.free())
        elif kind == "right":
            self.corrections()
        else:
            path = chance.choice(files)
            if kind == "copy":
                self.free().write_bytes(path.read_bytes())
            elif kind == "rename":
                path.rename(self.free())
            elif kind == "replace":
                self.write(path)
            elif kind == "touch":
                os.utime(path, ns=(chance.randrange(10**9), chance.randrange(10**9)))
            elif kind == "damage":
                path.write_bytes(b"\x00")
            elif kind == "remove":
                path.unlink()
            else:
                other = chance.choice(files)
                one, two = path.read_bytes(), other.read_bytes()
                path.write_bytes(two)
                other.write_bytes(one)


@pytest.mark.parametrize("seed", SEEDS)
def test_any_row_of_runs_ends_alike(tmp_path, both, seed):
    chance = random.Random(seed)
    folders = Folders(chance, tmp_path / "one", tmp_path / "two")
    forms = set()
    for _ in range(7):
        for _ in range(chance.choice([0, 1, 2, 5])):
            folders.change()
        options = {
            "full": chance.random() < 0.1,
            "prune": chance.random() < 0.9,
            "strict": chance.random() < 0.1,
            "dry_run": chance.random() < 0.05,
        }
        paths = folders.folders if chance.random() < 0.6 else [chance.choice([*folders.folders, *folders.files()])]
        if not both.many.exists():
            paths, options = folders.folders, {}
        both.run(*paths, **options)
        if chance.random() < 0.3 and not damaged_files(both.many)[1]:
            harm(chance, both.many)
        forms.add(type(read_catalogue(both.many)[1].sources))
    assert Sources in forms


def harm(chance, location):
    """Damage one file of what the live catalogue consists of; all but one has a copy."""
    names = ("catalogue.", "originals", SOURCES)
    victim = chance.choice(sorted(path for path in live(location).iterdir() if any(name in path.name for name in names)))
    content = victim.read_bytes()
    at = chance.randrange(len(content))
    replace_file(
        victim, content[:at] + (bytes([content[at] ^ 1 << chance.randrange(8)]) + content[at + 1 :] if chance.random() < 0.7 else b"")
    )


def live(location):
    return location / "generations" / (location / "CURRENT").read_text()


def replace_file(path, content):
    """Let a file have another content, but not those that it is a link to."""
    path.unlink()
    path.write_bytes(content)


def test_a_report_is_like_others_of_which_something_was_noted_or_that_stay_beside_one_that_is_gone(tmp_path, both):
    folders = Folders(random.Random(5), tmp_path / "one")
    one, two, three, *_ = folders.files()
    (tmp_path / "one" / "corrections.csv").unlink(missing_ok=True)
    for path, figure in ((one, 100), (two, 200), (three, 300)):
        path.write_text(f"彰武县人民政府2022年法治政府建设情况报告\n\n{''.join(SENTENCES[:13])}\n\n{figure}件。\n", encoding="utf-8")
    both.run(tmp_path / "one")
    assert read_catalogue(both.many)[1].sources.stored
    name = "one/" + one.relative_to(tmp_path / "one").as_posix()
    os.utime(one, (1, 1))
    two.unlink()
    three.rename(three.with_name("new.txt"))
    (warning,) = both.run(tmp_path / "one").warnings
    assert f"nearly the same text as {unicodedata.normalize('NFC', name)}" in warning


def test_where_both_copies_are_lost_the_generation_before_is_built_on_or_all_is_read_again(tmp_path, both, caplog):
    folders = Folders(random.Random(6), tmp_path / "one")
    both.run(tmp_path / "one")
    folders.write(folders.free())
    both.run(tmp_path / "one")
    for path in live(both.many).glob(f"{CHANGES}*"):
        replace_file(path, b"{}")
    # Of the file that the generation before has not the report is read once more.
    assert len(reindex([tmp_path / "one"], both.many, Options(), lambda read, total: read).added) == 1
    assert damaged_files(both.many)[1] == []
    assert state(both.many)[1] == state(both.few)[1]
    for path in live(both.many).glob(f"*{SOURCES}*"):
        path.write_bytes(b"")
    with pytest.raises(IndexCorrupt, match="--full"):
        reindex([tmp_path / "one"], both.many, Options(), lambda read, total: read)
    reindex([tmp_path / "one"], both.many, Options(full=True), lambda read, total: read)
    assert damaged_files(both.many)[1] == []
    assert state(both.many)[1].keys() == state(both.few)[1].keys()
