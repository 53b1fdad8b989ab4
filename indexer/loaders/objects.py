"""The remark on objects of other programs in Word files, such as spreadsheets, which are not read. Pure."""

from __future__ import annotations

from collections.abc import Sequence

from indexer.remarks import Remark

_NAMED = 3


def unread_objects(programs: Sequence[str]) -> list[Remark]:
    """The remark on embedded objects, given their programs' identifiers such as Equation.3; empty without objects."""
    if not programs:
        return []
    kinds = list(dict.fromkeys(programs))
    return [Remark("objects-unread", count=len(programs), kinds=", ".join(kinds[:_NAMED]) + (", …" if len(kinds) > _NAMED else ""))]
