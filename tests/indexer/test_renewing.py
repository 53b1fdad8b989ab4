"""The run that brings an index up to date beside the server."""

from indexer import renewing
from indexer.filing import ASIDE


def test_what_runs_say_takes_a_bounded_room(tmp_path, monkeypatch):
    runs = []

    class Run:
        """A run that says a line of 20 bytes."""

        def __init__(self, arguments, *, stderr, **others):
            runs.append(arguments)
            stderr.write(f"run {len(runs):4} went wrong\n"[:19].encode() + b"\n")

        def wait(self):
            return 0

    monkeypatch.setattr(renewing, "MOST_LOGGED", 100)
    monkeypatch.setattr(renewing.subprocess, "Popen", Run)
    folder = tmp_path / ASIDE
    folder.mkdir()
    for _ in range(23):
        renewing.start_renewing(tmp_path, "index")
    logs = {path.name: path.read_text().splitlines() for path in folder.iterdir()}
    assert {name: len(lines) for name, lines in logs.items()} == {"renewing.log": 3, "renewing.log.1": 5}
    assert logs["renewing.log"][-1].startswith("run   23")
