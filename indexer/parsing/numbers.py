"""Finds document numbers such as 阜蒙法办发〔2022〕7号. Pure."""

from __future__ import annotations

import re

_DOC_NUMBER = re.compile(r"[\u4e00-\u9fff]{1,12}\s*+[〔\[(（［【]\s*+(?:19|20)\d\d\s*+[〕\])）］】]\s*+(?:第\s*+)?\d{1,4}\s*+号")


def doc_number(text: str) -> str | None:
    """The first document number in a text, as printed; None if there is none."""
    found = _DOC_NUMBER.search(text)
    return found[0] if found else None
