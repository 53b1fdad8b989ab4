"""Converts formulas of the old equation editor and of MathType to text on one line: (a+b)/c, x^2. Pure.

Their binary format, MTEF (described by Design Science for versions 1 to 5), is a list of records, some of which contain lists.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from indexer.loaders.formulas import in_brackets

_HEAD = 28
"""Bytes of the header before the formula."""
_MAX_DEPTH = 40
_MAX_RECORDS = 20_000
_END, _LINE, _CHAR, _TEMPLATE, _PILE, _MATRIX, _EMBELLISHMENT, _RULER, _FONT, _SIZE = range(10)
_COLOR, _COLOR_DEFINED, _FONT_DEFINED, _PREFERENCES, _ENCODING_DEFINED = range(15, 20)
_MOVED = 8
_FENCES = ["⟨⟩", "()", "{}", "[]", "||", "‖‖", "⌊⌋", "⌈⌉"]
_OLD_FENCES = [*_FENCES, "[[", "]]", "][", "[)", "(]"]
_OLD = {13: "root", 14: "fraction", 15: "scripts", 41: "fraction", 44: "scripts"}
_OLD |= dict.fromkeys([*range(21, 27), *range(29, 40), 42, 43], "large")
_NEW = {9: "fence", 10: "root", 11: "fraction", 27: "sub", 28: "super", 29: "scripts"} | dict.fromkeys(range(15, 24), "large")
"""Meanings of templates by number, up to version 3 (`_OLD`) and in version 5 (`_NEW`); the parts of others are concatenated."""
_SIGNS = {21: "∫", 22: "∬", 23: "∭", 24: "∮", 25: "∯", 26: "∰", 29: "∑", 31: "∏", 33: "∐", 35: "∪", 37: "∩"}
"""Signs of old templates by number; the next number of each is the same sign with its limits placed differently."""
_UNKNOWN = re.compile("[\x00-\x1f\uac00-\ud7ff\ue000-\uf8ff\ufffd]")
_SPACES = re.compile("[\ueb00-\uebff\uef00-\uefff]")
"""Spaces of fixed widths, in MathType's private use characters."""


def equation_native(stream: bytes) -> str | None:
    """The text of a formula from an embedded object's stream "Equation Native"; None if it cannot be read."""
    try:
        text = _Reader(stream[_HEAD:]).formula()
    except (IndexError, ValueError):
        return None
    text = " ".join(_SPACES.sub(" ", text).split())
    return None if not text or _UNKNOWN.search(text) else text


class _Reader:
    """Reads records in sequence.

    Raises:
        IndexError, ValueError: The records are damaged or in another format.
    """

    def __init__(self, content: bytes) -> None:
        self._content, self._at, self._records = content, 0, 0
        self._new = self._byte() == 5
        if not self._new and content[0] not in (2, 3):
            raise ValueError(f"version {content[0]}")
        self._wide = content[0] > 2
        self._skip(4)
        if self._new:
            self._name()
            self._skip(1)

    def formula(self) -> str:
        """The text of the whole formula."""
        return "".join(text for _, text in self._objects(0))

    def _byte(self) -> int:
        self._at += 1
        return self._content[self._at - 1]

    def _word(self) -> int:
        return self._byte() | self._byte() << 8

    def _number(self) -> int:
        value = self._byte()
        return self._word() if value == 255 else value

    def _skip(self, count: int) -> None:
        self._at += count

    def _name(self) -> None:
        while self._byte():
            pass

    def _objects(self, depth: int) -> list[tuple[int, str]]:
        """The kinds and texts of the visible objects up to the end of a list, or of the formula."""
        if depth > _MAX_DEPTH:
            raise ValueError("nested too deep")
        found: list[tuple[int, str]] = []
        while self._at < len(self._content):
            self._records += 1
            if self._records > _MAX_RECORDS:
                raise ValueError("too many records")
            tag = self._byte()
            kind, options = (tag, 0) if self._new else (tag & 15, tag >> 4)
            if self._new and _END < kind <= _EMBELLISHMENT:
                options = self._byte()
            if kind == _END:
                return found
            if kind <= _EMBELLISHMENT and options & _MOVED and (self._byte(), self._byte()) == (128, 128):
                self._skip(4)
            if kind in (_LINE, _PILE, _MATRIX, _TEMPLATE):
                found.append((kind, self._nested(kind, options, depth)))
            elif kind == _CHAR:
                found.append((kind, self._char(options, depth)))
            elif kind == _EMBELLISHMENT:
                self._skip(1)
            else:
                self._skip_setting(kind)
        return found

    def _nested(self, kind: int, options: int, depth: int) -> str:
        if kind == _TEMPLATE:
            selector, variation = self._byte(), self._byte()
            if self._new and variation & 128:
                variation = variation & 127 | self._byte() << 7
            self._skip(1)
            parts = self._objects(depth + 1)
            signs = "".join(text for kind, text in parts if kind == _CHAR)
            return self._template(selector, variation, [text for kind, text in parts if kind != _CHAR], signs)
        if kind == _LINE:
            if options & 4:
                self._skip(2)
        else:
            self._skip(2 if kind == _PILE else 3)
        if kind != _MATRIX and options & 2:
            if self._byte() != _RULER:
                raise ValueError("no ruler")
            self._skip(3 * self._byte())
        if kind == _LINE and options & 1:
            return ""
        if kind == _MATRIX:
            rows, columns = self._byte(), self._byte()
            self._skip((2 * (rows + 1) + 7) // 8 + (2 * (columns + 1) + 7) // 8)
        between = "" if kind == _LINE else " "
        return between.join(text for _, text in self._objects(depth + 1))

    def _char(self, options: int, depth: int) -> str:
        self._skip(1)
        code = 0
        if not self._new:
            code = self._word() if self._wide else self._byte()
        else:
            if not options & 0x20:
                code = self._word()
            self._skip((1 if options & 4 else 0) + (2 if options & 0x10 else 0))
        if options & (1 if self._new else 2):
            self._objects(depth + 1)
        return chr(code)

    def _skip_setting(self, kind: int) -> None:
        """Skip a record that sets fonts, sizes, colours or the like."""
        if kind == _RULER:
            self._skip(3 * self._byte())
        elif kind == _FONT:
            self._skip(2)
            if not self._new:
                self._name()
        elif kind == _SIZE:
            size = self._byte()
            self._skip(2 if size == 101 else 3 if size == 100 else 1)
        elif kind == _COLOR:
            self._number()
        elif kind == _COLOR_DEFINED:
            options = self._byte()
            self._skip(8 if options & 1 else 6)
            if options & 4:
                self._name()
        elif kind in (_FONT_DEFINED, _ENCODING_DEFINED):
            if kind == _FONT_DEFINED:
                self._number()
            self._name()
        elif kind == _PREFERENCES:
            self._skip(1)
            for _ in range(2):
                self._skip_dimensions()
            for _ in range(self._byte()):
                if self._byte():
                    self._skip(1)
        elif kind >= 100:
            self._skip(self._number())
        elif not 10 <= kind <= 14:
            raise ValueError(f"record {kind}")

    def _skip_dimensions(self) -> None:
        """Skip numbers written in half bytes, each with an end mark."""
        left, half = self._byte(), False
        while left:
            value = self._content[self._at]
            left -= (value & 15 if half else value >> 4) == 15
            self._at += half
            half = not half
        self._at += half

    def _template(self, selector: int, variation: int, parts: Sequence[str], signs: str) -> str:
        """The text of a template with these parts."""
        fences, meaning = (_FENCES, _NEW.get(selector)) if self._new else (_OLD_FENCES, _OLD.get(selector))
        first, second, third = (*parts, "", "", "")[:3]
        if selector < len(fences) or meaning == "fence":
            left, right = (variation & 1, variation & 2) if self._new else (variation != 2, variation != 1)
            if len(signs) == 1:
                signs = signs + " " if left else " " + signs
            both = signs if len(signs) == 2 else fences[selector] if selector < len(fences) else "  "
            return (both[0] if left else "") + first + (both[1] if right else "")
        if meaning == "fraction":
            return f"{in_brackets(first)}/{in_brackets(second)}"
        if meaning == "root":
            return f"{second}√{in_brackets(first)}"
        if meaning in ("scripts", "sub", "super"):
            if not self._new and variation < 2:
                first, second = ("", first or second) if variation == 0 else (first or second, "")
            return ("_" + in_brackets(first) if first else "") + ("^" + in_brackets(second) if second else "")
        if meaning == "large":
            return (signs or _SIGNS.get(selector, _SIGNS.get(selector - 1, ""))) + second + third + first
        return first + signs + second + third
