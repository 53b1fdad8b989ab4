"""Every error the package raises on purpose; open it to see who may be shown which message.

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
        """What is wrong, in the language that is spoken."""
        return self.problem.reason


class NotFound(UserError):
    """No report or passage has this id."""

    def __init__(self, wanted: str) -> None:
        super().__init__(Problem("id", "not-found", id=wanted))
        self.wanted = wanted


class RejectedFile(IndexerError):
    """One corpus file cannot be taken in; `reason` says why and what would help, without the path.

    `passing` tells that the same file may be read another time.
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
    """Files of a generation are missing, of the wrong size, or have another checksum than the manifest says.

    The next `reindex` mends it; `full` where that finds nothing to build on, and only `reindex --full` does.
    """

    def __init__(self, location: object, detail: str, *, full: bool = False) -> None:
        super().__init__(f"{location}: {detail}; run `reindex{' --full' if full else ''}`")
        self.location, self.detail = location, detail


class IndexBusy(IndexerError):
    """Another writer holds the index (exit code 4)."""

    def __init__(self, location: object) -> None:
        super().__init__(f"{location}: another reindex is writing; wait for it to end, then try again")
        self.location = location


class ClusterAway(IndexerError):
    """A cluster does not answer, or not fully; it may later."""

    def __init__(self, address: object, reason: str) -> None:
        super().__init__(f"{address}: the cluster does not answer: {reason}")
        self.address, self.reason = address, reason


class ClusterRefused(IndexerError):
    """A cluster answers, but refuses the request."""

    def __init__(self, address: object, reason: str) -> None:
        super().__init__(f"{address}: the cluster refused: {reason}")
        self.address, self.reason = address, reason
