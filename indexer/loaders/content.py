"""Chooses the blocks of a page that belong to the report. Change this when text of a page is lost or text around it is included. Pure."""

from __future__ import annotations

import re
from dataclasses import dataclass

from indexer.loaders.blocks import Block, Page
from indexer.outline import part_of, plain, read_number

_SHARE = 0.8
"""A part of the page with this share of its prose contains the report."""
_PROSE = 25
"""A line of at least so many code points with punctuation inside is prose; menus and lists of links are not."""
_LINKS = 0.25
"""A part of the page with more than this share of its characters in links is a list of links, whatever else it contains."""
_SENTENCE = 8
_LINKED_SENTENCE = 60
"""A link of at least so many code points that ends like a sentence is prose: a whole text may be in an unclosed link."""
_MAX_HEADING = 24
_SIGNATURE = 4
"""Signature and date are within so many blocks below a text."""
_DATE = re.compile(r"(?:19|20|二[〇○Ｏ零O0])\S{2}\s*年\s*\S{1,3}\s*月\s*\S{1,3}\s*日")
# Notices that the text is in another file, or is displayed by a script that did not run.
_ELSEWHERE = re.compile(r"浏览器|脚本|javascript|插件|加载|下载|附件|点击|请稍", re.IGNORECASE)
_NOTICE = 60
"""Code points; such a notice is shorter than this."""


@dataclass(frozen=True, slots=True)
class Content:
    """The numbers of a page's blocks that belong to the report, and of the blocks before it; both in order."""

    before: list[int]
    chosen: list[int]


def prose_of(block: Block) -> int:
    """How many code points of a block are prose."""
    lines = [line.text for line in block.lines if len(line.text) >= _PROSE and re.search("[，。；、,;]", line.text)]
    if block.is_linked:
        lines = [text for text in lines if len(text) >= _LINKED_SENTENCE and text.endswith("。")]
    return sum(map(len, lines))


def is_text(block: Block) -> bool:
    """Whether a block is certainly text: prose, or a sentence or numbered heading that is not a link."""
    if prose_of(block):
        return True
    return not block.is_linked and any(
        (line.text.endswith(("。", "；")) and len(line.text) >= _SENTENCE) or block.marker or read_number(line.text) is not None
        for line in block.lines
    )


def trust_text_over_names(page: Page) -> None:
    """Clear the furniture mark of containers with half of the page's prose, whatever the page calls them."""
    proses = [(block, prose) for block in page.blocks if block.aside is None and (prose := prose_of(block))]
    held = _held(page, proses)
    for container, prose in held.items():
        if 2 * prose >= held[0]:
            page.furniture[container] = False


def holds_report(page: Page) -> bool:
    """Whether the page has any text that may belong to a report, and not only a notice that it is elsewhere."""
    shown = [block for block in page.blocks if block.aside is None and is_text(block)]
    own = [block for block in shown if not page.is_furniture(block, -1)] or shown
    lines = [line.text for block in own for line in block.lines]
    return any(len(text) >= _NOTICE or not _ELSEWHERE.search(text) for text in lines if len(text) >= _SENTENCE)


def find_content(page: Page) -> Content:
    """The blocks of the part of the page with the report, extended by text blocks around it."""
    shown = [number for number, block in enumerate(page.blocks) if block.aside is None]
    texts = [number for number in shown if is_text(page.blocks[number])]
    if not texts:
        return Content([], shown)
    inside = _innermost(page)
    held = [number for number in texts if page.holds(inside, page.blocks[number])] or texts
    first, last = held[0], held[-1]
    original = inside
    rest = [number for number in texts if not first <= number <= last]
    links = _lists_of_links(page)
    for container in list(page.above(inside))[1:]:
        beside = [number for number in rest if page.holds(container, page.blocks[number])]
        # A footer inside this container is also one inside all its ancestors, so it is not considered again.
        found = [
            number
            for number in beside
            if not page.is_furniture(page.blocks[number], container) and not _is_among(page, page.blocks[number], links, container)
        ]
        if found:
            first, last, inside = min(first, *found), max(last, *found), container
        rest = [number for number in rest if not page.holds(container, page.blocks[number])]
    first, last = _ends(page, shown, inside, first, last)
    chosen = [number for number in shown if first <= number <= last]
    # Lists of links between the parts of a text belong to the page, not the report.
    chosen = [number for number in chosen if page.holds(original, page.blocks[number]) or _may_be_text(page, page.blocks[number], inside)]
    return Content([number for number in shown if number < first], chosen)


def _innermost(page: Page) -> int:
    """The innermost container with nearly all of the page's prose, furniture excluded."""
    proses = [(block, prose) for block in page.blocks if block.aside is None and (prose := prose_of(block))]
    proses = [(block, prose) for block, prose in proses if not page.is_furniture(block, -1)] or proses
    held = _held(page, proses)
    # Prose beside a list of links is ignored, unless half of the page's prose is there.
    lists = {container for container in _lists_of_links(page) if held.get(container, 0) < held.get(0, 0) / 2}
    held = _held(page, [(block, prose) for block, prose in proses if not _is_among(page, block, lists, -1)]) or held
    return max((container for container, prose in held.items() if prose >= _SHARE * held[0]), default=0)


def _held(page: Page, proses: list[tuple[Block, int]]) -> dict[int, int]:
    """How much prose each container has, in code points."""
    held: dict[int, int] = {}
    for block, prose in proses:
        for container in page.above(block.container):
            held[container] = held.get(container, 0) + prose
    return held


def _lists_of_links(page: Page) -> set[int]:
    """The containers whose text consists of links to more than the share `_LINKS`."""
    size, linked = [0] * len(page.around), [0] * len(page.around)
    for block in page.blocks:
        if block.aside is None:
            size[block.container] += block.size
            linked[block.container] += 0 if prose_of(block) else block.linked
    for container in range(len(page.around) - 1, 0, -1):
        size[page.around[container]] += size[container]
        linked[page.around[container]] += linked[container]
    return {container for container, share in enumerate(linked) if share > _LINKS * size[container]}


def _is_among(page: Page, block: Block, containers: set[int], within: int) -> bool:
    """Whether a block is in one of these containers that is itself inside `within` (-1: anywhere)."""
    for container in page.above(block.container):
        if container == within:
            return False
        if container in containers:
            return True
    return False


def _ends(page: Page, shown: list[int], inside: int, first: int, last: int) -> tuple[int, int]:
    """The first and last block of a text, extended by the short blocks that belong to it.

    These are all blocks of its container, if that is not the whole page, or else a signature below it; and headings right above it.
    """
    before = [number for number in shown if number < first and page.holds(inside, page.blocks[number])]
    behind = [number for number in shown if number > last and page.holds(inside, page.blocks[number])]
    if not all(page.holds(inside, block) for block in page.blocks):
        first = min((number for number in before if _may_be_text(page, page.blocks[number], inside)), default=first)
        last = max((number for number in behind if _may_be_text(page, page.blocks[number], inside)), default=last)
    else:
        signed = (number for number in behind[:_SIGNATURE] if any(_DATE.fullmatch(line.text) for line in page.blocks[number].lines))
        last = max(signed, default=last)
    for number in reversed([number for number in shown if number < first]):
        if not _leads(page.blocks[number]):
            break
        first = number
    return first, last


def _may_be_text(page: Page, block: Block, inside: int) -> bool:
    return not (block.is_linked or page.is_furniture(block, inside))


def _leads(block: Block) -> bool:
    """Whether a block right above a text belongs to it: the name of a standard part, or a salutation."""
    return not block.is_linked and all(
        len(line.text) <= _MAX_HEADING and (plain(line.text).endswith(":") or part_of(line.text) is not None) for line in block.lines
    )
