"""Web pages: blocks of text, and where among them the report begins and ends."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from selectolax.lexbor import LexborHTMLParser, LexborNode

from indexer.loaders.document import Document, Line
from indexer.loaders.encoding import decode
from indexer.loaders.text import paragraphs
from indexer.outline import words

_SKIPPED = frozenset(
    words(
        """
        script style noscript template head iframe object select button svg textarea nav video audio canvas math
        """
    )
)
_BLOCKS = frozenset(
    words(
        """
        address article aside blockquote body caption center dd details dir div dl dt fieldset figcaption figure footer form
        h1 h2 h3 h4 h5 h6 header hr html li main menu ol p pre section summary table tbody td tfoot th thead tr ul
        """
    )
)
_BOLD = frozenset(
    words(
        """
        b strong h1 h2 h3 h4 h5 h6
        """
    )
)
_BOLD_STYLE = re.compile(r"font-weight\s*:\s*(?:bold|[6-9]00)", re.IGNORECASE)
_HIDDEN_STYLE = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden", re.IGNORECASE)
# White space of the source shows as one space, but a line end between Chinese characters is only where an editor wrapped.
_SOURCE_LINE_END = re.compile(r"(?<=[\u3000-\u9fff\uff00-\uffef])[ \t]*[\r\n][ \t\r\n]*(?=[\u3000-\u9fff\uff00-\uffef])")
_SPACE = re.compile(r"[ \t\r\n\x0c]+")
# What stands between a page's title and the site's name; 2021-2022年 is none.
_BESIDE = re.compile(r"[_|]|(?<!\d)[-–—]+|[-–—]+(?!\d)")
_CONTENT_SHARE = 0.8
"""A part of the page that holds this much of its prose holds the report."""
_PROSE = 25
"""A block of at least so many code points and with a mark inside is prose; menus and lists of links are not."""
_MAX_DEPTH = 400
"""Browsers stop at 512; real pages stay below 40."""
_MAX_CELL = 300
"""A longer cell is part of a page's layout and not of a table."""
_LABELS = {
    "pubdate": "published",
    "publishdate": "published",
    "contentsource": "source",
    "author": "editor",
    "editor": "editor",
    "sitename": "site",
}


def load_html(content: bytes) -> Document:
    """A page's blocks up to the end of the part that holds the prose.

    Raises:
        ValueError: It cannot be decoded, is no web page, or is nested too deep.
    """
    text, encoding = decode(content)
    if not re.search(r"<[a-z!][^<>]*>", text[:100_000], re.IGNORECASE):
        raise ValueError("it is no web page: there is no tag in it; name it .txt if it is a text")
    if re.match(r"\s*(?:MIME-Version|From|Subject|Date):", text):
        raise ValueError("it is a web archive; name it .mhtml")
    tree = LexborHTMLParser(text)
    body = tree.body
    if body is None:
        return Document([], "html", encoding)
    page = _read(body)
    inside = _content(page)
    chosen = [number for number, block in enumerate(page.blocks) if page.holds(inside, block)]
    before = page.blocks[: chosen[0]] if chosen else []
    within = [page.blocks[number] for number in range(chosen[0], chosen[-1] + 1)] if chosen else page.blocks
    lines = [line for block in before for line in block.lines]
    return Document(
        lines + [line for block in within for line in block.lines],
        "html",
        encoding,
        _titles(tree),
        _labels(tree),
        len(lines),
    )


@dataclass(slots=True)
class _Block:
    """The text between two boundaries; more than one line where <br> or line ends of a <pre> stand inside."""

    container: int
    lines: list[Line]

    @property
    def prose(self) -> int:
        """How many of its characters are prose."""
        return sum(len(line.text) for line in self.lines if len(line.text) >= _PROSE and re.search("[，。；、,;]", line.text))


@dataclass(slots=True)
class _Page:
    """A page's blocks, and the containers they stand in: each with the number of the one around it, -1 for none."""

    blocks: list[_Block] = field(default_factory=list)
    around: list[int] = field(default_factory=list)

    def above(self, container: int) -> Iterator[int]:
        """A container and all around it, innermost first."""
        while container >= 0:
            yield container
            container = self.around[container]

    def holds(self, container: int, block: _Block) -> bool:
        """Whether a block stands in a container."""
        return container in self.above(block.container)


@dataclass(slots=True)
class _Text:
    """Text that is being gathered until the next boundary."""

    rows: list[list[tuple[str, bool]]] = field(default_factory=lambda: [[]])
    """A row up to each <br>, in pieces that are bold or not."""

    def add(self, text: str, bold: bool) -> None:
        self.rows[-1].append((text, bold))

    def break_line(self) -> None:
        self.rows.append([])

    def take(self) -> list[Line]:
        """What was gathered, as shown; nothing is left behind."""
        rows, self.rows = self.rows, [[]]
        shown = [_shown(row) for row in rows]
        texts = [text for text, _ in shown]
        if len(texts) > 3:
            wrapped = paragraphs(texts)
            if len(wrapped) < sum(bool(text.strip()) for text in texts):
                return wrapped
        return [_line(text, bold) for text, bold in shown if text.strip()]


def _shown(pieces: list[tuple[str, bool]]) -> tuple[str, int]:
    """A row's text with white space as it is shown, and how much of its start is bold."""
    leading = 0
    for text, bold in pieces:
        if text.strip() and not bold:
            break
        leading += len(text)
    raw = "".join(text for text, _ in pieces)
    return _collapse(raw), len(_collapse(raw[:leading]).rstrip()) if any(bold for _, bold in pieces) else 0


def _collapse(text: str) -> str:
    return _SPACE.sub(" ", _SOURCE_LINE_END.sub("", text)).strip(" ")


def _line(text: str, bold: int) -> Line:
    stripped = text.lstrip()
    return Line(stripped.rstrip(), max(0, bold - (len(text) - len(stripped))))


def _read(body: LexborNode) -> _Page:
    """The page's blocks, read without recursion: pages may be nested as deep as they like.

    Raises:
        ValueError: It is nested deeper than any real page.
    """
    page = _Page([], [-1])
    text = _Text()
    # What is still to be read, last first: a node with its container, depth and boldness, or None with the container left.
    todo: list[tuple[LexborNode | None, int, int, bool]] = [(body, 0, 0, False)]
    while todo:
        node, container, depth, bold = todo.pop()
        if node is None:
            _close(page, text, container)
            continue
        tag = node.tag or ""
        if tag == "-text":
            text.add(node.text(deep=False), bold)
        elif tag == "br":
            text.break_line()
        elif tag not in _SKIPPED and tag[:1] not in "-!" and not _is_hidden(node):
            if depth > _MAX_DEPTH:
                raise ValueError(f"its elements are nested more than {_MAX_DEPTH} deep; no page of text is")
            if tag == "pre":
                _close(page, text, container)
                page.blocks.append(_Block(container, paragraphs(node.text(deep=True).split("\n"))))
                continue
            if tag == "tr" and (row := _data_row(node)):
                _close(page, text, container)
                page.blocks.append(_Block(container, [Line(row)]))
                continue
            inner = container
            if tag in _BLOCKS:
                _close(page, text, container)
                page.around.append(container)
                inner = len(page.around) - 1
                todo.append((None, inner, depth, False))
            heavy = bold or tag in _BOLD or bool(_BOLD_STYLE.search(node.attributes.get("style") or ""))
            todo.extend((child, inner, depth + 1, heavy) for child in reversed(list(node.iter(include_text=True))))
    _close(page, text, 0)
    return page


def _close(page: _Page, text: _Text, container: int) -> None:
    if lines := text.take():
        page.blocks.append(_Block(container, lines))


def _is_hidden(node: LexborNode) -> bool:
    attributes = node.attributes
    return "hidden" in attributes or bool(_HIDDEN_STYLE.search(attributes.get("style") or ""))


def _data_row(row: LexborNode) -> str | None:
    """The cells of a table's row, None where the table only lays out the page."""
    cells = [cell for cell in row.iter() if cell.tag in ("td", "th")]
    if len(cells) < 2 or row.css_first("table, h1, h2, script") is not None:
        return None
    texts = [" ".join(_collapse(cell.text(deep=True, separator=" " if cell.css_first("p, div, br") else "")).split()) for cell in cells]
    if max(map(len, texts)) > _MAX_CELL:
        return None
    return " | ".join(texts) if any(texts) else None


def _content(page: _Page) -> int:
    """The innermost container that holds nearly all prose of the page."""
    held: dict[int, int] = {}
    for block in page.blocks:
        if prose := block.prose:
            for container in page.above(block.container):
                held[container] = held.get(container, 0) + prose
    total = held.get(0, 0)
    # Containers are numbered in the order of the page, so an inner one has the higher number.
    return max((container for container, prose in held.items() if prose >= _CONTENT_SHARE * total), default=0)


def _titles(tree: LexborHTMLParser) -> list[str]:
    """What the page says its title is: for programs, in its headlines, in the window's title beside the site's name."""
    found = [content for name, content in _meta(tree) if name in ("articletitle", "og:title")]
    found += [node.text(deep=True) for node in tree.css("h1, h2")]
    found += [part for node in tree.css("title") for part in _BESIDE.split(node.text(deep=True))]
    return [title for title in (" ".join(text.split()) for text in found) if title]


def _labels(tree: LexborHTMLParser) -> dict[str, str]:
    """What the page's <meta> elements say of it; the first of each wins."""
    found: dict[str, str] = {}
    for name, content in _meta(tree):
        if name in _LABELS:
            found.setdefault(_LABELS[name], content)
    return found


def _meta(tree: LexborHTMLParser) -> Iterator[tuple[str, str]]:
    for node in tree.css("meta"):
        name = node.attributes.get("name") or node.attributes.get("property") or ""
        content = " ".join((node.attributes.get("content") or "").split())
        if content:
            yield name.strip().lower(), content
