"""Every file of an index damaged in every way: never a wrong answer, never an error of another kind, and the next run mends it."""

import random
import shutil
from pathlib import Path

import pytest

from indexer import damaged_files
from tests.torture.known import CORRUPT, LONG, NEW, OLD, QUERIES, SEEDS, answers, is_right, publish, rounds

pytestmark = pytest.mark.usefixtures("unmeasured")

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
def test_damage_is_refused_or_passed_over_and_mended(tmp_path, seed):
    chance, place = random.Random(seed), tmp_path / "index"
    publish(place, OLD)
    old = answers(place)
    publish(place, NEW)
    new, mended = answers(place), answers(place, QUERIES[:2])
    assert CORRUPT not in old + new
    assert old != new
    files = sorted(path for path in place.rglob("*") if path.is_file() and path.name != "LOCK")
    contents = {path: path.read_bytes() for path in files}
    harmless = 0
    for round in rounds(100_000):
        victim, mutate = chance.choice(files), chance.choice(MUTATIONS)
        alike = [path for path in files if path != victim and path.suffix == victim.suffix] or files
        content = mutate(chance, contents[victim], contents[chance.choice(alike)])
        victim.write_bytes(content)
        rebuild = chance.random() < 0.5
        what = f"{mutate.__name__} of {victim.relative_to(place)}, round {round}"
        seen = answers(place)
        assert is_right(seen, old, new), what
        harmless += seen in (old, new)
        if round % MENDED_EVERY == 0:
            mend(place, tmp_path / "copy", mended, rebuild=rebuild, what=what)
        victim.write_bytes(contents[victim])
    assert answers(place) == new
    # What has a copy, or is of the generation before, is nothing that a reader needs.
    assert 0 < harmless < len(rounds(100_000))


def mend(place: Path, copy: Path, new: list[object], *, rebuild: bool, what: str) -> None:
    """One run on a copy of the damaged index, with or without `--full`."""
    shutil.rmtree(copy, ignore_errors=True)
    shutil.copytree(place, copy)
    publish(copy, NEW, rebuild=rebuild)
    assert answers(copy, QUERIES[:2]) == new, what
    assert damaged_files(copy)[1] == [], what
