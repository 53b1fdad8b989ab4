"""Every file of an index damaged in every way: never a wrong answer, never an error of another kind, and the next run mends it."""

import random
import shutil
from pathlib import Path

import pytest

from indexer import damaged_files
from indexer.engines.whoosh import catalogues
from tests.torture.known import CORRUPT, LONG, NEW, OLD, SEEDS, answers, catalogued, is_right, publish, rounds, some

pytestmark = pytest.mark.unmeasured

MENDED_EVERY = 1 if LONG else 40
PAGE = 256
"""Bytes of what is swapped or lost together: the files are small."""


def flipped_bit(chance: random.Random, content: bytes, other: bytes) -> bytes:
    at = chance.randrange(len(content))
    return content[:at] + bytes([content[at] ^ 1 << chance.randrange(8)]) + content[at + 1 :]


def other_bytes(chance: random.Random, content: bytes, other: bytes) -> bytes:
    at, size = chance.randrange(len(content)), chance.choice([1, 2, 4, 8])
    return (content[:at] + chance.randbytes(size) + content[at + size :])[: len(content)]


def cut(chance: random.Random, content: bytes, other: bytes) -> bytes:
    return content[: chance.randrange(len(content))]


def longer(chance: random.Random, content: bytes, other: bytes) -> bytes:
    return content + chance.randbytes(chance.choice([1, 8, PAGE]))


def zero_page(chance: random.Random, content: bytes, other: bytes) -> bytes:
    at = chance.randrange(0, len(content), PAGE)
    return content[:at] + bytes(len(content[at : at + PAGE])) + content[at + PAGE :]


def swapped_pages(chance: random.Random, content: bytes, other: bytes) -> bytes:
    pages = [content[at : at + PAGE] for at in range(0, len(content), PAGE)]
    one, two = chance.randrange(len(pages)), chance.randrange(len(pages))
    pages[one], pages[two] = pages[two], pages[one]
    return b"".join(pages)


def another_file(chance: random.Random, content: bytes, other: bytes) -> bytes:
    return other


def page_of_another_file(chance: random.Random, content: bytes, other: bytes) -> bytes:
    at = chance.randrange(0, len(content), PAGE)
    return content[:at] + other[at : at + PAGE] + content[at + PAGE :]


MUTATIONS = [flipped_bit, other_bytes, cut, longer, zero_page, swapped_pages, another_file, page_of_another_file]


@pytest.mark.parametrize("seed", SEEDS)
def test_damage_is_refused_or_passed_over_and_mended(tmp_path, monkeypatch, seed):
    chance, place = random.Random(seed), tmp_path / "index"
    # Every other index has its catalogue as large ones have it.
    monkeypatch.setattr(catalogues, "CHANGED", 3 if seed % 2 else catalogues.CHANGED)
    publish(place, OLD)
    old = answers(place)
    publish(place, NEW)
    new = answers(place)
    assert CORRUPT not in [*old.values(), *new.values()]
    assert old != new
    files = sorted(path for path in place.rglob("*") if path.is_file() and path.name != "LOCK")
    contents = {path: path.read_bytes() for path in files}
    # What readers notice is mostly damage to these; by chance they were so seldom hit among all files that all was harmless.
    segments = [path for path in files if path.suffix == ".arrays"]
    harmless = 0
    for round in rounds(100_000):
        victim, mutate = chance.choice(chance.choice([files, segments])), chance.choice(MUTATIONS)
        alike = [path for path in files if path != victim and path.suffix == victim.suffix] or files
        content = mutate(chance, contents[victim], contents[chance.choice(alike)])
        victim.write_bytes(content)
        rebuild = chance.random() < 0.5
        what = f"{mutate.__name__} of {victim.relative_to(place)}, round {round}"
        seen = answers(place, some(chance))
        assert is_right(seen, old, new), what
        harmless += CORRUPT not in seen.values()
        if round % MENDED_EVERY == 0:
            publish(place, NEW, rebuild=rebuild)
            seen = answers(place, some(chance, facts=1, searches=1))
            assert CORRUPT not in seen.values(), what
            assert is_right(seen, new), what
            assert damaged_files(place)[1] == [], what
            assert catalogued(place) == NEW.keys(), what
            restore(place, contents)
        else:
            victim.write_bytes(contents[victim])
    assert answers(place) == new
    # What has a copy, or is of the generation before, is nothing that a reader needs.
    assert 0 < harmless < len(rounds(100_000))


def restore(place: Path, contents: dict[Path, bytes]) -> None:
    """Make these files all that there is: they may be links to those of a run that is to be forgotten."""
    shutil.rmtree(place)
    for folder in {path.parent for path in contents}:
        folder.mkdir(parents=True, exist_ok=True)
    for path, content in contents.items():
        path.write_bytes(content)
