"""A full or failing disk, or an interruption, at every call that changes something: old or new, and nothing half made stays."""

import errno
import random
import sys

import pytest

from tests.torture import disk
from tests.torture.known import NEW, OLD, SEEDS, answers, publish, rounds

pytestmark = [
    pytest.mark.skipif(sys.platform != "linux", reason="which file is flushed is read from /proc"),
    pytest.mark.unmeasured,
]
REMOVALS = ("unlink", "rmdir")


class Fault:
    """Refuses one call, or all from one on but removals."""

    def __init__(self, at: int, error: BaseException, lasting: bool) -> None:
        self.at, self.error, self.lasting = at, error, lasting
        self.calls = 0
        self.refused: str | None = None

    def __call__(self, what, paths) -> None:
        self.calls += 1
        if self.calls == self.at or (self.lasting and self.refused and what not in REMOVALS):
            self.refused = self.refused or what
            raise self.error


def fault(chance: random.Random, points: int) -> Fault:
    error = chance.choice([OSError(errno.ENOSPC, "No space left on device"), OSError(errno.EIO, "Input/output error"), KeyboardInterrupt()])
    return Fault(chance.randint(1, points), error, lasting=isinstance(error, OSError) and chance.random() < 0.3)


@pytest.mark.parametrize("seed", SEEDS)
def test_a_fault_leaves_the_old_index_or_the_new_one(tmp_path, monkeypatch, seed):
    chance, place = random.Random(seed), tmp_path / "index"
    publish(place, NEW)
    known = {"new": answers(place)}
    publish(place, OLD)
    known["old"] = answers(place)
    state, points, failed = "old", 40, 0
    for round in rounds(10_000):
        other = "new" if state == "old" else "old"
        refusing = fault(chance, points)
        with monkeypatch.context() as patched:
            disk.watch(patched, place, before=refusing)
            try:
                publish(place, NEW if other == "new" else OLD)
                done = True
            except (OSError, KeyboardInterrupt):
                done = False
        what = (
            f"{refusing.error!r} at call {refusing.at} of {refusing.calls} ({refusing.refused}), lasting: {refusing.lasting}, round {round}"
        )
        seen = answers(place)
        assert seen in ([known[other]] if done else [known[state], known[other]]), what
        if refusing.refused not in REMOVALS:
            assert not [*place.rglob("unfinished-*"), *place.glob("CURRENT.new")], what
        points = max(points, refusing.calls)
        failed += not done
        state = other if seen == known[other] else state
    assert failed > len(rounds(10_000)) // 4
    publish(place, NEW)
    assert answers(place) == known["new"]
