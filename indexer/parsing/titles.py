"""Where the title stands among a document's first lines: in one of them, or broken over several. Pure."""

from __future__ import annotations

import re
from collections.abc import Sequence

from indexer.loaders.document import Line
from indexer.outline import plain, read_number
from indexer.parsing.chrome import is_chrome
from indexer.parsing.dates import is_date
from indexer.parsing.identity import is_title, issuer_in
from indexer.parsing.labels import is_metadata

_PARTS_OF_TITLE = 4
ORGANISATION = re.compile(
    r"[\u4e00-\u9fff·（）() ]{1,30}?"
    r"(?:人民政府|政府|办事处|街道|委员会|党委|[县市区旗]委|党组|办公室|[局厅部委院处]|中心|大队|支队|[镇乡县市区旗州盟省]|公司|集团)"
)
"""A line that is the name of a body."""
NUMBER = re.compile(r"[\u4e00-\u9fffA-Za-z]{1,16}\s*[〔\[(［【]\s*(?:19|20)\d\d\s*[〕\]))］】]\s*第?\s*\d{1,4}\s*号")
"""A document number."""
_SUBTITLE = re.compile(r"[(（][^()（）。]{1,30}[)）]|[—-]{1,2}.{2,40}")


def squeezed(text: str) -> str:
    """A text as titles are compared: no spaces, one width."""
    return "".join(plain(text).split())


def find_title(lines: Sequence[Line], known: Sequence[str]) -> tuple[int, int, str] | None:
    """The numbers of the title's first and last line, and the title."""
    wanted = {squeezed(title) for title in known}
    for last in range(len(lines)):
        for first in range(last, max(-1, last - _PARTS_OF_TITLE), -1):
            text = "".join(line.text for line in lines[first : last + 1])
            if (squeezed(text) in wanted) or (lines[first].heading == 0 and first == last and len(text) > 5):
                return first, last, text
    if wanted:
        return None
    for last in range(len(lines)):
        for first in range(last, max(-1, last - _PARTS_OF_TITLE), -1):
            part = lines[first].text
            if not _is_part_of_title(part):
                break
            text = "".join(line.text for line in lines[first : last + 1])
            if is_title(text) and read_number(text) is None:
                return _with_neighbours(lines, first, last)
    return None


def _is_part_of_title(text: str) -> bool:
    return len(text) <= 60 and not (
        is_metadata(text) or is_chrome(text) or is_date(text) or NUMBER.fullmatch(text) or re.search(r"[。；：;:>|]", text)
    )


def _with_neighbours(lines: Sequence[Line], first: int, last: int) -> tuple[int, int, str]:
    """The title with the line above that says whose it is, and the bracketed one below, where it was broken there."""
    text = "".join(line.text for line in lines[first : last + 1])
    while first > 0 and last - first < _PARTS_OF_TITLE and _lacks_its_beginning(text):
        above = lines[first - 1].text
        names = ORGANISATION.fullmatch(above) or re.search(r"(?:\d{4}年?|年度?|关于|的|和)$", above)
        if not (names or first == 1) or not _is_part_of_title(above):
            break
        first -= 1
        text = above + text
    if (
        last + 1 < len(lines)
        and _SUBTITLE.fullmatch(lines[last + 1].text)
        and not is_date(lines[last + 1].text)
        and not is_metadata(lines[last + 1].text)
    ):
        last += 1
        text += lines[last].text
    return first, last, text


def _lacks_its_beginning(title: str) -> bool:
    """Whether a title names nobody, or only the last word of a name."""
    issuer = issuer_in(title)
    return issuer is None or re.fullmatch("(?:人民)?政府|.?委员会|.?办公室|.?办事处|街道.*|.{0,3}局|自治[县旗州区]", issuer) is not None
