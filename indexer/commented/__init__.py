"""A draft as a Word file in which each finding is a comment, to hand back to whoever wrote it."""

from __future__ import annotations

from collections.abc import Sequence

from indexer.commented.anchors import anchors
from indexer.commented.insertion import Comment, with_comments
from indexer.commented.written import written
from indexer.drafts import Finding
from indexer.model import Report

__all__ = ["commented"]


def commented(report: Report, findings: Sequence[Finding], original: bytes | None = None) -> bytes:
    """A .docx with a comment for each finding, in the language that is spoken.

    Args:
        report: The draft, whole.
        findings: What was found in it.
        original: The draft's own file where it is a .docx: the comments are put into it and nothing else of it changes. Without it,
            and where the file cannot take comments, the passages as they were read make a new one.
    """
    if original is not None and findings:
        try:
            return _annotated(original, report, findings)
        except ValueError:
            # Read it was; what is written must be in UTF-8, call Word's elements w: and have paragraphs.
            pass
    return original if original is not None and not findings else _annotated(written(report), report, findings)


def _annotated(content: bytes, report: Report, findings: Sequence[Finding]) -> bytes:
    return with_comments(
        content,
        lambda text: [
            Comment(*span, f"{one.text}\n{one.advice}") for one, span in zip(findings, anchors(report, findings, text), strict=True)
        ],
    )
