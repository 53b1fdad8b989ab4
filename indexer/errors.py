"""Every error the package raises on purpose, with who may be shown its message.

A `UserError` is in the language of whoever sent the request, and safe to show to them. All others are in English, for the operator.
"""

from __future__ import annotations

from pathlib import Path

from indexer.problems import Problem, QueryProblem
from indexer.texts import gettext as _


class IndexerError(Exception):
    """Base of every error this package raises on purpose."""


class UserError(IndexerError):
    """The request is wrong; the message is in the language of whoever sent it, and safe to show to them."""

    def __init__(self, *problems: Problem) -> None:
        super().__init__(*problems)
        self.problems = problems

    def __str__(self) -> str:
        return _("; ").join(problem.detail for problem in self.problems)


class InvalidRequest(UserError):
    """A parameter is unknown, has an impossible value, or contradicts another."""


class InvalidQuery(UserError):
    """The query text is malformed or over a limit.

    Attributes: `query` as received, `position` (code points from 0) and `problem`.
    """

    def __init__(self, query: str, problem: QueryProblem) -> None:
        super().__init__(problem)
        self.query, self.problem = query, problem
        self.position = problem.position

    @property
    def reason(self) -> str:
        """What is wrong, in the current language."""
        return self.problem.reason


class NotFound(UserError):
    """No report or passage has this id."""

    def __init__(self, wanted: str) -> None:
        super().__init__(Problem("id", "not-found", id=wanted))
        self.wanted = wanted


class RejectedFile(IndexerError):
    """A file of the corpus cannot be read; `reason` says why and what would help, without the path.

    `passing` says that the same file may be readable another time.
    """

    def __init__(self, path: Path | str, reason: str, *, passing: bool = False) -> None:
        super().__init__(f"{path}: {reason}")
        self.path, self.reason, self.passing = Path(path), reason, passing


class InvalidReport(IndexerError, ValueError):
    """What `Report.from_blocks` received cannot be a report."""


class BadPath(IndexerError):
    """A path or a setting of the command line cannot be used (exit code 5)."""


class IndexMissing(IndexerError):
    """There is no published index at this location."""

    def __init__(self, location: object) -> None:
        super().__init__(f"{location}: no index here; run `reindex` first")
        self.location = location


class IndexOutdated(IndexerError):
    """The index was written by another version of the schema or of the analysis."""

    def __init__(self, location: object, found: object, expected: object) -> None:
        super().__init__(f"{location}: written with {found}, this version needs {expected}; run `reindex --full`")
        self.location, self.found, self.expected = location, found, expected


class IndexCorrupt(IndexerError):
    """Files of a generation are missing, of the wrong size, or their checksum differs from the manifest.

    The next `reindex` repairs it. `full` says that only `reindex --full` can, because there is nothing to build on.
    """

    def __init__(self, location: object, detail: str, *, full: bool = False) -> None:
        super().__init__(f"{location}: {detail}; run `reindex{' --full' if full else ''}`")
        self.location, self.detail = location, detail


class IndexBusy(IndexerError):
    """Another writer holds the index (exit code 4)."""

    def __init__(self, location: object) -> None:
        super().__init__(f"{location}: another reindex is writing; wait for it to finish, then try again")
        self.location = location


class ClusterAway(IndexerError):
    """A cluster does not answer, or only in part; it may later."""

    def __init__(self, address: object, reason: str) -> None:
        super().__init__(f"{address}: the cluster does not answer: {reason}")
        self.address, self.reason = address, reason


class ClusterRefused(IndexerError):
    """A cluster answers, but refuses the request."""

    def __init__(self, address: object, reason: str) -> None:
        super().__init__(f"{address}: the cluster refused: {reason}")
        self.address, self.reason = address, reason
