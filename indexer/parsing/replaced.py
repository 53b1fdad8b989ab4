"""Combines a report with a text that was corrected by hand. Pure."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from indexer.fields import FIELDS
from indexer.model import Report
from indexer.remarks import Remark

_STAND_IN = {"title-from-name", "title-from-sentence"}
_FIELDS_OF = {"title": ("title", "type", "issuer", "level"), "issuer": ("issuer", "level"), "year": ("year", "period")}
"""Fields that are taken together: a title brings the type, the issuer and the level, an issuer its level."""


def with_text(read: Report | None, text: Report, name: str) -> Report:
    """The report of the corrected text, with the values that only the original file has.

    Args:
        read: The report of the original file, None if none can be read from it.
        text: The report of the corrected text.
        name: The corrected text's file, for a remark.
    """
    replaced = Remark("text-replaced", file=name)
    if read is None:
        return replace(text, remarks=(replaced, *text.remarks), corrected=("text",))
    brought = {other for group in _FIELDS_OF.values() for other in group} - _FIELDS_OF.keys()
    readable = [name for name, field in FIELDS.items() if field.corrected and name not in brought]
    unknown = [name for name in readable if getattr(text, name) is None]
    if _stands_in(text) and not _stands_in(read):
        unknown.append("title")
    values: dict[str, Any] = {
        field: getattr(read, field) for first in unknown if getattr(read, first) is not None for field in _FIELDS_OF.get(first, (first,))
    }
    if values.get("issuer", "") is None:
        values |= {"issuer": text.issuer, "level": text.level}
    filled = {name for name in values if values[name] is not None}
    remarks = tuple(remark for remark in text.remarks if remark.about not in filled)
    passages = (replace(text.passages[0], text=values.get("title", text.title)), *text.passages[1:])
    return replace(
        text, **values, passages=passages, format=read.format, encoding=read.encoding, remarks=(replaced, *remarks), corrected=("text",)
    )


def _stands_in(report: Report) -> bool:
    return not _STAND_IN.isdisjoint(remark.code for remark in report.remarks)
