"""The catalogue of many files: what is stored of it and what changed since are together what a plain one is."""

import random

import pytest

from indexer.catalogue import Catalogue, Refusal, Source
from indexer.engines.whoosh import catalogues
from indexer.engines.whoosh.arrays.files import ArrayFile, write_arrays
from indexer.engines.whoosh.arrays.stored import piece_arrays
from indexer.engines.whoosh.backend import WhooshBackend
from indexer.engines.whoosh.catalogues import CHANGES, SOURCES, WHOLE, check_catalogue, read_catalogue, read_original, write_catalogue
from indexer.engines.whoosh.generations import Generation, copy_of, damage, new_folder, publish, writing
from indexer.errors import IndexCorrupt, IndexOutdated
from indexer.model import short_hash
from indexer.near_duplicates import NearDuplicates
from indexer.sources import OPEN, Sources, content_mark, marks_of, report_mark, unit_mark

PLACES = ("110000", "210902", "320706", None)


def source(chance, key):
    place = chance.choice(PLACES)
    sample = "".join(f"{number:08x}" for number in chance.sample(range(40), chance.choice([0, 3, 16])))
    return Source(
        short_hash(key.encode()),
        chance.randrange(9),
        (chance.randrange(9), 1),
        chance.choice("abc") * 64,
        sample,
        corrected={"year": "2020"} if chance.random() < 0.2 else {},
        place=place,
        open=() if place else ("210902", "320706"),
        unit=chance.choice(["110000", "110000-司法局", None]),
        year=chance.choice([2020, 2021, None]),
        compares=chance.random() < 0.5,
        pages={"1.png": "d" * 64} if chance.random() < 0.2 else {},
    )


def publish_catalogue(index, catalogue, before=None, damaged=()):
    """A generation with nothing but this catalogue."""
    with writing(index):
        folder = new_folder(index)
        linked = write_catalogue(folder, catalogue, before, damaged)
        return Generation.named(index, publish(index, folder, {}, {}, before and before.name, linked, ""))


def stored_in(generation):
    """The manifest's entry of the file of sources by its name."""
    return {name: entry for name, entry in generation.manifest.files.items() if name.endswith(SOURCES)}


def assert_alike(catalogue, plain):
    """Whether a catalogue says what a plain one does, however it is asked."""
    sources = catalogue.sources
    sources = sources if isinstance(sources, Sources) else Sources(changed=sources.items())
    expected = Sources(changed=plain.sources.items())
    assert dict(sources.items()) == dict(plain.sources)
    assert len(sources) == len(plain.sources)
    assert catalogue == plain
    for mark in {OPEN, content_mark("x"), *(mark for own in plain.sources.values() for mark in marks_of(own))}:
        assert sorted(sources.marked(mark)) == sorted(expected.marked(mark)), mark
        assert len(set(sources.marked(mark))) == len(sources.marked(mark))
    assert +sources.places() == +expected.places()
    near_duplicates = NearDuplicates({key: one.sample for key, one in sources.unstored().items()}, sources.sampling)
    of_plain = NearDuplicates({key: one.sample for key, one in plain.sources.items()})
    for sentence in range(40):
        assert sorted(near_duplicates._having(f"{sentence:08x}")) == sorted(of_plain._having(f"{sentence:08x}"))
    for key in ("one/none.txt", ""):
        assert key not in sources
        with pytest.raises(KeyError):
            del sources[key]


@pytest.mark.parametrize("seed", range(3))
def test_what_is_stored_and_what_changed_are_what_a_plain_catalogue_is(tmp_path, monkeypatch, seed):
    monkeypatch.setattr(catalogues, "CHANGED", 5)
    monkeypatch.setattr(catalogues, "SHARE", 0.5)
    chance = random.Random(seed)
    plain = Catalogue(
        {"one": "/one", "第二": "/two"}, refused={"one/bad.pdf": Refusal(1, (2, 3), "e", "empty", "1")}, removed={"x": "then"}
    )
    keys = [f"{folder}/{number}.txt" for folder in ("one", "one/below", "第二/下") for number in range(10)]
    generation = None
    forms = set()
    for step in range(10):
        catalogue = read_catalogue(generation).copy() if generation else plain.copy()
        untouched = catalogue.copy()
        touched = set()
        for key in chance.sample(keys, chance.choice([0, 1, 3, 9] if step else [3])):
            if chance.random() < 0.3:
                assert (catalogue.sources.pop(key, None) is None) == (plain.sources.pop(key, None) is None)
            else:
                catalogue.sources[key] = plain.sources[key] = source(chance, key)
            touched.add(key)
        if isinstance(catalogue.sources, Sources):
            differing = set(catalogue.sources.differing(untouched.sources))
            assert differing <= touched
            assert {key for key in touched if catalogue.sources.get(key) != untouched.sources.get(key)} <= differing
        catalogue.published = plain.published = str(step)
        before, generation = generation, publish_catalogue(tmp_path, catalogue, generation)
        stored = stored_in(generation)
        forms.add((WHOLE in generation.manifest.files, bool(before and stored and stored == stored_in(before))))
        assert_alike(read_catalogue(generation), plain)
        originals = plain.originals()
        for key in keys:
            id = short_hash(key.encode())
            assert read_original(generation.folder, id) == originals.get(id)
        assert read_original(generation.folder, "nothing") is None
        assert damage(tmp_path, generation.name) == []
    # Whole, stored, and stored before.
    assert forms == {(True, False), (False, False), (False, True)}


def test_all_can_be_forgotten_and_taken_up_again(tmp_path, monkeypatch):
    monkeypatch.setattr(catalogues, "CHANGED", 1)
    chance = random.Random(1)
    plain = Catalogue({"one": "/one"}, {f"one/{number}.txt": source(chance, f"one/{number}.txt") for number in range(5)})
    generation = publish_catalogue(tmp_path, plain)
    catalogue = read_catalogue(generation)
    assert catalogue.sources.stored is not None
    again = catalogue.copy()
    again.sources.clear()
    assert (len(again.sources), len(catalogue.sources), list(again.sources.marked(OPEN))) == (0, 5, [])
    assert set(again.sources.differing(catalogue.sources)) == set(plain.sources)
    again.sources["one/1.txt"] = plain.sources["one/1.txt"]
    assert_alike(read_catalogue(publish_catalogue(tmp_path, again, generation)), Catalogue(plain.folders, dict(again.sources)))


@pytest.mark.parametrize("harmed", [f"*{SOURCES}", f"*{SOURCES}.copy", CHANGES, f"{CHANGES}.copy"])
@pytest.mark.parametrize("harm", ["another byte", "gone", "cut"])
def test_one_of_two_copies_is_enough_and_both_are_whole_again(tmp_path, monkeypatch, harmed, harm):
    monkeypatch.setattr(catalogues, "CHANGED", 3)
    chance = random.Random(2)
    plain = Catalogue({"one": "/one"}, {f"one/{number}.txt": source(chance, f"one/{number}.txt") for number in range(9)})
    first = publish_catalogue(tmp_path, plain)
    changed = read_catalogue(first).copy()
    changed.sources["one/1.txt"] = plain.sources["one/1.txt"] = source(chance, "one/1.txt")
    second = publish_catalogue(tmp_path, changed, first)
    assert stored_in(second) == stored_in(first) != {}
    (path,) = second.folder.glob(harmed)
    content = path.read_bytes()
    path.unlink()
    if harm != "gone":
        path.write_bytes(content[:-9] if harm == "cut" else content[:-9] + bytes([content[-9] ^ 1]) + content[-8:])
    damaged = damage(tmp_path, second.name, catalogues.is_whole)
    assert damaged == [path.name]
    check_catalogue(second)
    second.check_sizes()
    assert_alike(read_catalogue(second), plain)
    third = publish_catalogue(tmp_path, read_catalogue(second), second, damaged)
    assert damage(tmp_path, third.name) == damage(tmp_path, third.name, catalogues.is_whole) == []
    assert_alike(read_catalogue(third), plain)


def test_what_both_copies_have_lost_is_refused(tmp_path, monkeypatch):
    monkeypatch.setattr(catalogues, "CHANGED", 0)
    generation = publish_catalogue(tmp_path, Catalogue({"one": "/one"}, {"one/a.txt": source(random.Random(3), "one/a.txt")}))
    for path in generation.folder.glob(f"*{SOURCES}*"):
        content = path.read_bytes()
        path.write_bytes(content[:-9] + bytes([content[-9] ^ 1]) + content[-8:])
    for read in (check_catalogue, read_catalogue):
        with pytest.raises(IndexCorrupt, match=SOURCES):
            read(generation)


def test_the_sources_of_another_generation_are_told_from_its_own(tmp_path, monkeypatch):
    monkeypatch.setattr(catalogues, "CHANGED", 3)
    chance = random.Random(4)
    first, second = (
        Catalogue({"one": "/one"}, {f"one/{number}.txt": source(chance, f"one/{number}.txt") for number in range(9)}) for _ in "12"
    )
    (other,) = (path.read_bytes() for path in publish_catalogue(tmp_path, first).folder.glob(f"*{SOURCES}"))
    generation = publish_catalogue(tmp_path, second)
    (path,) = generation.folder.glob(f"*{SOURCES}")
    path.write_bytes(other)
    assert damage(tmp_path, generation.name, catalogues.is_whole) == [path.name]
    assert_alike(read_catalogue(generation), second)
    with pytest.raises(IndexCorrupt):
        read_original(generation.folder, second.sources["one/1.txt"].report)
    copy_of(path).write_bytes(other)
    with pytest.raises(IndexCorrupt):
        check_catalogue(generation)


@pytest.mark.parametrize("content", [b"[]", b"{}", b'{"catalogue": {"sources": 1}, "gone": []}', b'{"catalogue": {}, "gone": [1]}'])
def test_the_changes_of_another_version_are_told_from_damage(tmp_path, monkeypatch, content):
    monkeypatch.setattr(catalogues, "CHANGED", 0)
    monkeypatch.setattr(catalogues, "write_twice", lambda path, _: path.write_bytes(content))
    generation = publish_catalogue(tmp_path, Catalogue({"one": "/one"}, {"one/a.txt": source(random.Random(3), "one/a.txt")}))
    with pytest.raises(IndexOutdated, match=rf"written with another {CHANGES} \(.+\), this version needs its own; run `reindex --full`$"):
        read_catalogue(generation)


def test_a_mark_is_compared_itself_and_not_its_hash_alone(tmp_path, monkeypatch):
    monkeypatch.setattr(catalogues, "CHANGED", 0)
    monkeypatch.setattr(catalogues, "_hash", lambda mark: 7)
    sources = {key: source(random.Random(number), key) for number, key in enumerate(("one/a.txt", "one/b.txt"))}
    generation = publish_catalogue(tmp_path, Catalogue({"one": "/one"}, sources))
    for key, one in sources.items():
        assert read_catalogue(generation).sources.marked(report_mark(one.report)) == [key]
        assert read_original(generation.folder, one.report).below == key.partition("/")[2]
    assert read_catalogue(generation).sources.marked(unit_mark("none", 1900)) == []


@pytest.mark.parametrize(("name", "changed"), [(CHANGES, 0), (WHOLE, 1)])
def test_a_catalogue_that_both_copies_have_lost_is_refused(tmp_path, monkeypatch, name, changed):
    monkeypatch.setattr(catalogues, "CHANGED", changed)
    generation = publish_catalogue(tmp_path, Catalogue({"one": "/one"}, {"one/a.txt": source(random.Random(3), "one/a.txt")}))
    (generation.folder / name).write_bytes(b"")
    check_catalogue(generation)
    (generation.folder / f"{name}.copy").write_bytes(b"")
    for read in (check_catalogue, read_catalogue):
        with pytest.raises(IndexCorrupt, match=rf"{name} is missing or does not match the published checksum; run `reindex`$"):
            read(generation)


@pytest.mark.parametrize(("changed", "is_stored"), [(4, True), (5, False)])
def test_no_more_than_so_many_files_are_written_whole(tmp_path, monkeypatch, changed, is_stored):
    monkeypatch.setattr(catalogues, "CHANGED", changed)
    chance = random.Random(6)
    plain = Catalogue({"one": "/one"}, {f"one/{number}.txt": source(chance, f"one/{number}.txt") for number in range(5)})
    assert bool(stored_in(publish_catalogue(tmp_path, plain))) == is_stored


def test_what_changed_is_stored_with_the_others_once_it_is_a_share_of_them(tmp_path, monkeypatch):
    monkeypatch.setattr(catalogues, "CHANGED", 1)
    chance = random.Random(7)
    plain = Catalogue({"one": "/one"}, {f"one/{number}.txt": source(chance, f"one/{number}.txt") for number in range(64)})
    generations = [publish_catalogue(tmp_path, plain)]
    for number in range(100, 103):
        catalogue = read_catalogue(generations[-1]).copy()
        catalogue.sources[f"one/{number}.txt"] = plain.sources[f"one/{number}.txt"] = source(chance, f"one/{number}.txt")
        generations.append(publish_catalogue(tmp_path, catalogue, generations[-1]))
        assert_alike(read_catalogue(generations[-1]), plain)
    first, *later = map(stored_in, generations)
    assert [own == first for own in later] == [True, True, False]


def test_sources_of_another_version_are_told_from_damage(tmp_path):
    write_arrays(tmp_path / "x.sources", piece_arrays("keys", [b"a"]) | piece_arrays("records", [b"[]"]))
    stored = catalogues.StoredSources(ArrayFile(tmp_path / "x.sources"))
    assert stored.find("b") is None
    with pytest.raises(
        IndexOutdated, match=r"^the catalogue: written with other sources \(.*\), this version needs its own; run `reindex --full`$"
    ):
        stored.find("a")


def test_a_file_is_found_by_its_key_however_many_were_looked_for(tmp_path):
    keys = sorted(f"one/{number}".encode() for number in range(200))
    write_arrays(tmp_path / "x.sources", piece_arrays("keys", keys) | piece_arrays("records", []))
    stored = catalogues.StoredSources(ArrayFile(tmp_path / "x.sources"))
    for _ in range(2):
        assert [stored.number(key.decode()) for key in keys] == list(range(200))
        assert [stored.number(key) for key in ("", "one/0a", "two")] == [None] * 3
    assert "_listed" in vars(stored)


def test_where_the_file_of_a_report_stands_is_found_although_that_list_is_damaged(tmp_path, monkeypatch):
    own = source(random.Random(3), "one/a.txt")
    generation = publish_catalogue(tmp_path, Catalogue({"one": "/one"}, {"one/a.txt": own}))
    for harmed in (False, True):
        if harmed:
            (generation.folder / catalogues.ORIGINALS).write_bytes(b"")
        found = WhooshBackend(tmp_path).original(own.report)
        assert found is not None
        assert (found.folder, found.below, found.sha256) == ("/one", "a.txt", own.sha256)
        assert WhooshBackend(tmp_path).original("nothing") is None
    assert WhooshBackend(tmp_path / "no index").original(own.report) is None
