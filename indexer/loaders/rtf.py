"""Reads RTF files: paragraphs with their stored list numbers, table rows, and notes and text boxes after their paragraphs."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace

from indexer.loaders.document import Document, Line
from indexer.loaders.equations import equation_text
from indexer.loaders.objects import unread_objects
from indexer.loaders.paragraph_text import ParagraphText, table_pieces, whole
from indexer.loaders.symbols import symbol
from indexer.model import LeftOut
from indexer.remarks import Remark

_TOKEN = re.compile(rb"\\([a-zA-Z]{1,32})(-?\d{1,10})? ?|\\'([0-9a-fA-F]{2})|\\(.)|([{}])|([^\\{}\r\n]+)|[\r\n]+", re.DOTALL)
_OBJECT = re.compile(rb"\\objclass ([^\\{}]{1,80})\}")
_SIGNS = {
    "tab": " ", "line": "\n", "emdash": "—", "endash": "–", "emspace": " ", "enspace": " ", "qmspace": " ", "bullet": "•",
    "lquote": "‘", "rquote": "’", "ldblquote": "“", "rdblquote": "”", "nestcell": " ", "nestrow": " ",
    "~": " ", "_": "-", "{": "{", "}": "}", "\\": "\\",
}  # fmt: skip
# By \fcharset, RTF 1.9.1's table of character sets.
_CHARSETS = {
    0: "cp1252", 2: "latin-1", 77: "mac_roman", 78: "shift_jis", 79: "big5", 80: "euc_kr", 128: "cp932", 129: "cp949",
    130: "johab", 134: "gb18030", 136: "cp950", 161: "cp1253", 162: "cp1254", 163: "cp1258", 177: "cp1255", 178: "cp1256",
    186: "cp1257", 204: "cp1251", 222: "cp874", 238: "cp1250", 254: "cp437", 255: "cp850",
}  # fmt: skip
_SYMBOLS = 2
"""The character set of symbol fonts."""
_APART = {
    "footnote": "", "shptxt": "", "dptxbxtext": "", "annotation": "note", "header": "running-head", "headerl": "running-head",
    "headerr": "running-head", "headerf": "running-head", "footer": "running-head", "footerl": "running-head", "footerr": "running-head",
    "footerf": "running-head",
}  # fmt: skip
"""Groups whose text is separate from the surrounding paragraph: "" if it follows the paragraph, else why it is left out."""
_SKIPPED = frozenset(
    "colortbl stylesheet pict objdata objclass objname shprslt nonesttables filetbl revtbl listtable listoverridetable rsidtbl xe tc rxe"
    " txe bkmkstart bkmkend atnid atnauthor atntime atnref ftnsep ftnsepc ftncn aftnsep aftnsepc aftncn author operator creatim"
    " revtim printim subject company keywords comment doccomm category manager hlinkbase generator fldtype template sp".split()
)
_READ_THOUGH_OPTIONAL = frozenset(("shpinst", "moMath", "moMathPara", "fldinst"))
"""Destinations marked as optional whose text is stored nowhere else, so they are read."""
_MAX_DEPTH = 400


def load_rtf(content: bytes) -> Document:
    """An RTF file's paragraphs and table rows.

    Raises:
        ValueError: It is not an RTF file, is cut short, or has characters of an unknown set.
    """
    if not content.lstrip().startswith(b"{\\rtf"):
        raise ValueError("it is no RTF file; name it by what it is, or save it as .docx")
    reader = _Reader(content)
    reader.read()
    lines: list[Line] = []
    left_out = []
    for piece in reader.story.pieces:
        if isinstance(piece, Line):
            lines.append(piece)
        else:
            left_out.append((len(lines), piece))
    objects = [name.decode("latin-1") for name in _OBJECT.findall(content)]
    remarks = [*unread_objects(objects), *([Remark("file-damaged")] if reader.damaged else [])]
    titles = [title for title in [reader.title.strip()] if title]
    return Document(lines, "rtf", titles=titles, left_out=left_out, remarks=remarks)


@dataclass(slots=True)
class _Story:
    """A text that is being read: the file's, or that of a note or text box."""

    reason: str = ""
    pieces: list[Line | LeftOut] = field(default_factory=list)
    text: ParagraphText = field(default_factory=ParagraphText)
    hidden: str = ""
    behind: list[Line | LeftOut] = field(default_factory=list)
    cell: list[Line | LeftOut] = field(default_factory=list)
    cells: list[list[Line | LeftOut]] = field(default_factory=list)
    in_table: bool = False

    def add(self, text: str, state: _State) -> None:
        if state.hidden:
            self.hidden += text
        else:
            self.text.add(text, bold=state.bold)

    def end_paragraph(self) -> None:
        (self.cell if self.in_table else self.pieces).extend(self._paragraph())

    def end_cell(self) -> None:
        self.cell += self._paragraph()
        self.cells.append(self.cell)
        self.cell = []

    def end_row(self) -> None:
        """Join the row's cells into a line; a row of one cell is a frame around paragraphs."""
        self.pieces += table_pieces([self.cells])
        self.cells = []

    def end(self) -> list[Line | LeftOut]:
        """Finish the text and return all its pieces."""
        self.cell += self._paragraph()
        self.pieces += [piece for cell in self.cells for piece in cell]
        self.pieces += self.cell
        self.cell, self.cells = [], []
        if self.reason:
            return [LeftOut(piece.text, self.reason) for piece in self.pieces]
        return self.pieces

    def _paragraph(self) -> Iterator[Line | LeftOut]:
        text, hidden, behind = self.text, self.hidden, self.behind
        self.text, self.hidden, self.behind = ParagraphText(), "", []
        if shown := " ".join(whole(hidden).split()):
            yield LeftOut(shown, "hidden")
        yield from text.lines()
        yield from behind


@dataclass(frozen=True, slots=True)
class _State:
    """The settings inside a group, restored when it ends."""

    skipped: bool = False
    hidden: bool = False
    bold: bool = False
    font: int = -1
    fallback: int = 1
    """How many characters after a Unicode one are its replacement for old programs."""
    into: str = ""
    """What the group's text is if not part of the story: "font", "title", "instruction", "number", "name", "value"."""


class _Reader:
    def __init__(self, content: bytes) -> None:
        self.content = content
        self.story = _Story()
        self.title = ""
        self._outer: list[tuple[int, _Story]] = []
        self._state = _State()
        self.damaged = False
        """Whether there are zeros among the characters, as if a disk lost a part, or text after the end of the document."""
        self._stack: list[_State] = []
        self._bytes = b""
        self._fonts: dict[int, str] = {}
        self._names: dict[int, str] = {}
        """The names of the symbol fonts."""
        self._encoding = "cp1252"
        self._default = -1
        self._skip = 0
        self._gathered = ""
        """The text of a group that is not part of the story, see `_State.into`."""
        self._property = ""

    def read(self) -> None:
        position, optional = 0, False
        while (match := _TOKEN.match(self.content, position)) is not None:
            position = match.end()
            word, number, code, sign, brace, plain = match.groups()
            if code or plain:
                self.damaged |= b"\0" in (plain or b"") if self._stack else bool((code or plain).strip(b"\0\t "))
                self._add_bytes(bytes([int(code, 16)]) if code else plain)
                continue
            self._flush()
            if brace == b"{":
                self._open()
            elif brace == b"}":
                if self._stack:
                    self._close()
                else:
                    self.damaged = True
            elif sign == b"*":
                optional = True
                continue
            elif sign:
                self._sign(sign.decode("latin-1"))
            elif word == b"bin":
                position += max(0, int(number or 0))
            elif word:
                self._word(word.decode(), None if number is None else int(number), optional=optional)
            optional = False
        self._flush()
        if self._stack:
            raise ValueError("it ends in the middle of its text; get it again, or open it in Word and save it as .docx")
        self.story.end()

    def _open(self) -> None:
        if len(self._stack) >= _MAX_DEPTH:
            raise ValueError("its groups are nested deeper than any report's")
        self._stack.append(self._state)

    def _close(self) -> None:
        before, self._state = self._state, self._stack.pop()
        self._skip = 0
        if before.into == "font":
            if before.font in self._names:
                self._names[before.font] = self._names[before.font] or self._gathered.strip(" ;")
            self._gathered = ""
        elif before.into != self._state.into:
            self._take(before.into)
        if self._outer and self._outer[-1][0] > len(self._stack):
            self._end_story()

    def _take(self, into: str) -> None:
        """Use the text of a group that has ended."""
        text, self._gathered = self._gathered, ""
        if into == "instruction" and (formula := equation_text(text)):
            self.story.add(formula, self._state)
        elif into == "title":
            self.title = text
        elif into == "name":
            self._property = text.strip()
        elif into == "value" and self._property == "gtextUNICODE" and (art := " ".join(text.split())):
            self.story.behind.append(Line(art))
        elif into == "number":
            number = text.strip()
            self.story.add(number + " " if re.search(r"[0-9A-Za-z]$", number) else number if number not in "·•" else "", self._state)

    def _end_story(self) -> None:
        inner = self.story.end()
        _, self.story = self._outer.pop()
        self.story.behind += inner

    def _sign(self, sign: str) -> None:
        if sign in "\r\n":
            self._word("par", None, optional=False)
        elif sign in _SIGNS:
            self._add(_SIGNS[sign])

    def _word(self, word: str, number: int | None, *, optional: bool) -> None:
        self._skip = 0
        state = self._state
        if word in ("sn", "sv"):
            self._state = replace(state, into="name" if word == "sn" else "value", skipped=False)
        elif state.skipped:
            return
        elif word in _SKIPPED or word.endswith("Pr") or (optional and word not in _READ_THOUGH_OPTIONAL and word not in _APART):
            self._state = replace(state, skipped=True)
        elif word in _APART:
            self._outer.append((len(self._stack), self.story))
            self.story = _Story(_APART[word])
        elif word in ("fonttbl", "title", "fldinst", "listtext", "pntext"):
            into = {"fonttbl": "font", "title": "title", "fldinst": "instruction"}.get(word, "number")
            self._state = replace(state, into=into)
        elif word == "u" and number is not None:
            self._add(chr(number % 0x10000))
            self._skip = state.fallback
        elif word in _SIGNS:
            self._add(_SIGNS[word])
        else:
            self._set(word, number)

    def _set(self, word: str, number: int | None) -> None:
        """Apply a control word that changes the settings, or ends a paragraph, cell or row."""
        state = self._state
        if word == "f":
            self._state = replace(state, font=-1 if number is None else number)
        elif word == "fcharset" and state.into == "font":
            self._fonts[state.font] = _CHARSETS.get(number or 0, self._encoding)
            if number == _SYMBOLS:
                self._names[state.font] = ""
        elif word == "deff":
            self._default = -1 if number is None else number
        elif word == "ansicpg":
            self._encoding = "gb18030" if number == 936 else f"cp{number}"
        elif word == "uc":
            self._state = replace(state, fallback=number or 0)
        elif word == "b":
            self._state = replace(state, bold=number != 0)
        elif word in ("v", "deleted"):
            self._state = replace(state, hidden=number != 0)
        elif word == "plain":
            self._state = replace(state, bold=False, hidden=False, font=self._default)
        elif state.into:
            return
        elif word in ("par", "sect", "page"):
            self.story.end_paragraph()
        elif word == "cell":
            self.story.end_cell()
        elif word == "row":
            self.story.end_row()
        elif word == "pard":
            self.story.in_table = False
        elif word == "intbl":
            self.story.in_table = True

    def _add_bytes(self, content: bytes) -> None:
        skipped = min(self._skip, len(content))
        self._skip -= skipped
        if not self._state.skipped:
            self._bytes += content[skipped:]

    def _flush(self) -> None:
        """Decode the collected bytes; a character's bytes may be written partly plain and partly escaped."""
        content, self._bytes = self._bytes, b""
        if content:
            encoding = self._fonts.get(self._state.font, self._encoding)
            try:
                text = content.decode(encoding)
            except (UnicodeDecodeError, LookupError):
                try:
                    text = content.decode(self._encoding)
                except (UnicodeDecodeError, LookupError) as error:
                    raise ValueError(f"its characters are not in {encoding} as it says; open it in Word and save it as .docx") from error
            self._add(text)

    def _add(self, text: str) -> None:
        if self._state.skipped:
            return
        if self._state.into:
            self._gathered += text
        elif name := self._names.get(self._state.font):
            self.story.add("".join(symbol(name, ord(char)) or char for char in text), self._state)
        else:
            self.story.add(text, self._state)
