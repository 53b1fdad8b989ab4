"""Makes a Word file of a draft in which each finding is a comment, to hand back to its author."""

from __future__ import annotations

from collections.abc import Sequence

from indexer.commented.anchors import anchors
from indexer.commented.insertion import Comment, with_comments
from indexer.commented.written import written
from indexer.drafts import Finding
from indexer.model import Report

__all__ = ["commented"]


def commented(report: Report, findings: Sequence[Finding], original: bytes | None = None) -> bytes:
    """A .docx with a comment for each finding, in the current language.

    Args:
        report: The draft with its passages.
        findings: What was found in it.
        original: The draft's own file, if it is a .docx: the comments are added to it and nothing else changes. Without it,
            or if the file cannot take comments, a new file is made from the passages.
    """
    if original is not None and findings:
        try:
            return _annotated(original, report, findings)
        except ValueError:
            # It could be read, but comments need UTF-8, the prefix w: for Word's elements, and paragraphs.
            pass
    return original if original is not None and not findings else _annotated(written(report), report, findings)


def _annotated(content: bytes, report: Report, findings: Sequence[Finding]) -> bytes:
    return with_comments(
        content,
        lambda text: [
            Comment(*span, f"{one.text}\n{one.advice}") for one, span in zip(findings, anchors(report, findings, text), strict=True)
        ],
    )
