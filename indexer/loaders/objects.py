"""Objects of other programs in Word files: formulas of the old equation editor, sheets. Not read, which is said. Pure."""

from __future__ import annotations

from collections.abc import Sequence

from indexer.remarks import Remark

_NAMED = 3


def unread_objects(programs: Sequence[str]) -> list[Remark]:
    """The remark on embedded objects, by the identifiers of their programs such as Equation.3; none where there are none."""
    if not programs:
        return []
    kinds = list(dict.fromkeys(programs))
    return [Remark("objects-unread", count=len(programs), kinds=", ".join(kinds[:_NAMED]) + (", …" if len(kinds) > _NAMED else ""))]
