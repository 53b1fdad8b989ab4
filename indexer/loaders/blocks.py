"""Divides a web page into blocks of text, in order, with the containers around them. Change this to support another element."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence, Set
from dataclasses import dataclass, field

from selectolax.lexbor import LexborHTMLParser, LexborNode

from indexer.loaders.document import Line
from indexer.loaders.list_markers import list_markers
from indexer.loaders.text import paragraphs
from indexer.outline import words

_NO_TEXT = frozenset(
    words(
        """
        script style template head
        """
    )
)
_ASIDE = dict.fromkeys(words("select button textarea nav datalist"), "control") | dict.fromkeys(
    words("noscript noframes object video audio canvas svg"), "hidden"
)
"""Elements whose text is not part of the page's text: controls, and fallback content for browsers that lack a feature."""
_FRAMES = frozenset(("iframe", "frame"))
_BLOCKS = frozenset(
    words(
        """
        address article aside blockquote body caption center dd details dir div dl dt fieldset figcaption figure footer form frame
        frameset h1 h2 h3 h4 h5 h6 header hr html iframe li main menu nav ol optgroup option p pre section summary table tbody td tfoot th
        thead tr ul
        """
    )
)
_FURNITURE_TAGS = frozenset(("footer", "aside"))
# Names that sites give to parts around the text: class="footer", id=rightSidebar.
_FURNITURE = re.compile(
    r"(?:^|[-_\s\d]|(?<=[a-z])(?=[A-Z]))"
    r"(?:foot(?:er)?|bottom|copyright|side(?:bar)?|nav|menu|crumbs?|breadcrumb|dialog|pop(?:up)?|modal|layer|mask|share|qrcode|related?|recommend"
    r"|friendlinks?|comments?)(?:$|[-_\s\d]|(?<=[a-z])(?=[A-Z]))",
    re.IGNORECASE,
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
# White space in the source shows as one space, but a line end between Chinese characters is only an editor's wrapping.
_SOURCE_LINE_END = re.compile(r"(?<=[\u3000-\u9fff\uff00-\uffef])[ \t]*[\r\n][ \t\r\n]*(?=[\u3000-\u9fff\uff00-\uffef])")
_SPACE = re.compile(r"[ \t\r\n\x0c]+")
_MAX_DEPTH = 400
"""Browsers stop at 512; real pages stay below 40."""
_MAX_CELL = 300
"""Code points; a longer cell is part of the page's layout, not of a data table."""


@dataclass(slots=True)
class Block:
    """The text between two block boundaries; several lines if it contains <br> or the line ends of a <pre>."""

    container: int
    lines: list[Line]
    linked: int = 0
    """How many code points of it are links."""
    marker: str = ""
    """The list number that a browser prints before it."""
    aside: int | None = None
    """The index in `Page.asides` if it belongs to an aside."""

    @property
    def size(self) -> int:
        """Code points of text."""
        return sum(len(line.text) for line in self.lines)

    @property
    def is_linked(self) -> bool:
        """Whether more than half of the text is links."""
        return self.linked * 2 > self.size


@dataclass(slots=True)
class Page:
    """A page's blocks and the containers around them. Containers are numbered in document order, so an inner one has the higher number."""

    blocks: list[Block] = field(default_factory=list)
    around: list[int] = field(default_factory=list)
    """By container: its parent container, -1 for none."""
    last: list[int] = field(default_factory=list)
    """By container: the last container inside it, or itself if there is none."""
    furniture: list[bool] = field(default_factory=list)
    """By container: whether the page calls it a footer, a menu or the like."""
    asides: list[str] = field(default_factory=list)
    """By aside: why its text is not part of the page's text."""

    def above(self, container: int) -> Iterator[int]:
        """A container and all its ancestors, innermost first."""
        while container >= 0:
            yield container
            container = self.around[container]

    def holds(self, container: int, block: Block) -> bool:
        """Whether a block is inside a container."""
        return container <= block.container <= self.last[container]

    def is_furniture(self, block: Block, within: int) -> bool:
        """Whether a block is in furniture that is itself inside the container `within` (-1: anywhere)."""
        for container in self.above(block.container):
            if container == within:
                return False
            if self.furniture[container]:
                return True
        return False

    def open(self, around: int, node: LexborNode) -> int:
        """Add a container for an element and return its number."""
        attributes = node.attributes
        named = " ".join(filter(None, (attributes.get("id"), attributes.get("class"))))
        self.around.append(around)
        self.last.append(len(self.around) - 1)
        self.furniture.append(node.tag in _FURNITURE_TAGS or bool(_FURNITURE.search(named)))
        return len(self.around) - 1


@dataclass(slots=True)
class _Text:
    """Text that is collected until the next block boundary."""

    aside: int | None = None
    rows: list[list[tuple[str, bool]]] = field(default_factory=lambda: [[]])
    """The text divided at each <br>, in pieces with whether they are bold."""
    linked: int = 0
    marker: str = ""

    def add(self, text: str, bold: bool, linked: bool) -> None:
        self.rows[-1].append((text, bold))
        self.linked += len(text.strip()) if linked else 0

    def break_line(self) -> None:
        self.rows.append([])

    def close(self, page: Page, container: int) -> None:
        """Add the collected text, if any, to the page as a block."""
        if lines := self._take():
            page.blocks.append(Block(container, lines, self.linked, self.marker, self.aside))
            self.marker = ""
        self.linked = 0

    def _take(self) -> list[Line]:
        rows, self.rows = self.rows, [[]]
        shown = [_row_text(row) for row in rows]
        texts = [text for text, _ in shown]
        if len(texts) > 3:
            wrapped = paragraphs(texts)
            if len(wrapped) < sum(bool(text.strip()) for text in texts):
                return wrapped
        return [_line(text, bold) for text, bold in shown if text.strip()]


@dataclass(frozen=True, slots=True)
class _Step:
    """An entry of the stack of nodes still to be read."""

    node: LexborNode | None
    """None at the end of a container."""
    container: int
    text: _Text
    depth: int = 0
    bold: bool = False
    linked: bool = False
    marker: str = ""


def _row_text(pieces: list[tuple[str, bool]]) -> tuple[str, int]:
    """A row's text with white space as displayed, and how many code points at its start are bold."""
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


class Frames:
    """The pages of a web archive that are shown in frames of another page; each is read once."""

    def __init__(self, pages: Sequence[tuple[Set[str], str]] = ()) -> None:
        """`pages` has each page's source with the addresses by which a frame may refer to it."""
        self._pages = list(pages)

    def take(self, source: str) -> str | None:
        """Remove and return the page with this address, None if there is none."""
        found = next((number for number, (names, _) in enumerate(self._pages) if source in names), None)
        return None if found is None else self._pages.pop(found)[1]

    def rest(self) -> Iterator[str]:
        """Remove and yield the remaining pages, which no frame shows."""
        while self._pages:
            yield self._pages.pop(0)[1]


def read_blocks(trees: Sequence[LexborHTMLParser], frames: Frames) -> Page:
    """The blocks of several pages, one after the other. Read without recursion, so that deep nesting cannot exhaust the stack.

    Raises:
        ValueError: A page is nested deeper than any real page.
    """
    page = Page([], [-1], [0], [False])
    text = _Text()
    for tree in trees:
        _read(tree.root, page, text, frames)
    for content in frames.rest():
        tree = LexborHTMLParser(content)
        _read(tree.root, page, text, frames)
    text.close(page, 0)
    page.last[0] = len(page.around) - 1
    return page


def _read(root: LexborNode | None, page: Page, text: _Text, frames: Frames) -> None:
    todo = [_Step(root, 0, text)] if root is not None else []
    trees: list[LexborHTMLParser] = []  # a node does not keep its tree alive
    while todo:
        step = todo.pop()
        if step.node is None:
            step.text.close(page, step.container)
            step.text.marker = ""
            page.last[step.container] = len(page.around) - 1
            continue
        tag = step.node.tag or ""
        if tag == "-text":
            step.text.add(step.node.text(deep=False), step.bold, step.linked)
        elif tag == "br":
            step.text.break_line()
        elif tag not in _NO_TEXT and tag[:1] not in "-!":
            todo.extend(_enter(step.node, tag, step, page, frames, trees))


def _enter(node: LexborNode, tag: str, step: _Step, page: Page, frames: Frames, trees: list[LexborHTMLParser]) -> list[_Step]:
    """The steps that an element leads to, last one first: its children, or the page that it shows, and its end.

    Empty if the element is a block that is read as a whole. Trees parsed for it are added to `trees`.
    """
    if step.depth > _MAX_DEPTH:
        raise ValueError(f"its elements are nested more than {_MAX_DEPTH} deep; no page of text is")
    inner, text = step.container, step.text
    steps: list[_Step] = []
    reason = _ASIDE.get(tag) or ("hidden" if _is_hidden(node) else None)
    if reason and text.aside is None:
        page.asides.append(reason)
        text = _Text(len(page.asides) - 1)
        inner = page.open(inner, node)
        steps.append(_Step(None, inner, text))
    elif tag in _BLOCKS:
        text.close(page, inner)
        if tag == "pre":
            page.blocks.append(Block(inner, paragraphs(node.text(deep=True).split("\n")), aside=text.aside))
            return []
        if tag == "tr" and (row := _data_row(node)):
            page.blocks.append(Block(inner, [Line(row)], _linked_in(node), aside=text.aside))
            return []
        inner = page.open(inner, node)
        text.marker = step.marker or text.marker
        steps.append(_Step(None, inner, text))
    if tag == "textarea" or tag in _FRAMES:
        content = node.text(deep=True) if tag == "textarea" else frames.take(node.attributes.get("src") or "")
        if tag == "textarea" and content is not None and "</" not in content:
            page.blocks.append(Block(inner, paragraphs(content.split("\n")), aside=text.aside))
        elif content is not None:
            trees.append(LexborHTMLParser(content))
            if (shown := trees[-1].root) is not None:
                steps.append(_Step(shown, inner, text, step.depth + 1))
        return steps
    bold = step.bold or tag in _BOLD or bool(_BOLD_STYLE.search(node.attributes.get("style") or ""))
    linked = step.linked or (tag == "a" and bool(node.attributes.get("href")))
    children = list(node.iter(include_text=True))
    markers = list_markers(node, children) if tag == "ol" else {}
    steps.extend(
        _Step(child, inner, text, step.depth + 1, bold, linked, markers.get(index, ""))
        for index, child in reversed(list(enumerate(children)))
    )
    return steps


def _is_hidden(node: LexborNode) -> bool:
    attributes = node.attributes
    return "hidden" in attributes or bool(_HIDDEN_STYLE.search(attributes.get("style") or ""))


def _data_row(row: LexborNode) -> str | None:
    """The text of a table row with its cells joined by " | ", None if it is empty or the table is only for layout."""
    cells = [cell for cell in row.iter() if cell.tag in ("td", "th")]
    if len(cells) < 2 or row.css_first("table, h1, h2, script") is not None:
        return None
    texts = [" ".join(_collapse(cell.text(deep=True, separator=" " if cell.css_first("p, div, br") else "")).split()) for cell in cells]
    if max(map(len, texts)) > _MAX_CELL:
        return None
    return " | ".join(texts) if any(texts) else None


def _linked_in(row: LexborNode) -> int:
    return sum(len(link.text(deep=True).strip()) for link in row.css("a[href]"))
