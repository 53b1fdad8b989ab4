"""Finds the title among a document's first lines: in one of them, or broken over several. Pure."""

from __future__ import annotations

import re
from collections.abc import Sequence

from indexer.loaders.document import Line
from indexer.outline import plain, read_number
from indexer.parsing.chrome import is_chrome
from indexer.parsing.dates import HAN_YEAR, find_date, is_date, without_days
from indexer.parsing.identity import ends_as_title, is_title, issuer_in, year_in_title
from indexer.parsing.labels import is_metadata
from indexer.public_bodies import is_body

_PARTS_OF_TITLE = 4
ORGANISATION = re.compile(
    r"[\u4e00-\u9fff·（）() ]{1,30}?"
    r"(?:人民政府|政府|办事处|街道|委员会|党委|[县市区旗]委|党组|办公室|[局厅部委院处]|中心|大队|支队|[镇乡县市区旗州盟省]|公司|集团)"
)
"""Matches a line that is the name of a body."""
NUMBER = re.compile(r"[\u4e00-\u9fffA-Za-z]{1,16}\s*+[〔\[(［【]\s*+(?:19|20)\d\d\s*+[〕\]))］】]\s*+(?:第\s*+)?\d{1,4}\s*+号")
"""Matches a document number."""
# (2022年度), (公开版); 二〇二二年度
_ENDING = re.compile(rf"[(（][^()（）。]{{1,30}}[)）]|(?:(?:19|20)\d\d|{HAN_YEAR})\s*年度?")
# A title broken before its last word: …关于法治政府建设情况 / 的报告.
_LAST_WORD = re.compile(r"(?:工作)?(?:情况)?的?(?:工作)?报告")
_BAR = re.compile(r"(?:^[|｜•·●■◆▪\s]+|(?<![|｜\s])[|｜\s]++$)")
_SITE = re.compile(r"(?:网|网站|门户|平台|首页|主页|详情|正文)$")
_MIN_TITLE, _MAX_TITLE = 6, 90


def squeezed(text: str) -> str:
    """A text normalised for comparing titles: without spaces and in one width."""
    return "".join(plain(text).split())


def find_title(lines: Sequence[Line], titles: Sequence[str]) -> tuple[int, int, str] | None:
    """The numbers of the title's first and last line, and the title; None if there is none.

    Args:
        lines: The document's lines before the report's own text.
        titles: Titles stated by the file itself, likeliest first.
    """
    known = _known(titles)
    by_name = _equal(lines, known) or _styled(lines)
    if by_name:
        return by_name
    found = _by_subject(lines)
    if found or known:
        return found
    named = [title for title in titles if len(title) >= _MIN_TITLE and not _SITE.search(title) and not is_body(title)]
    return _equal(lines, named) or (None if named else _headline(lines))


def title_of_page(titles: Sequence[str]) -> str | None:
    """The likeliest of the titles stated by a file, None if they can only be the site's name."""
    known = _known(titles)
    if known:
        return known[0]
    long = [title for title in titles if len(title) >= 8]
    return next((title for title in long if ends_as_title(title)), long[0] if long else None)


def _known(titles: Sequence[str]) -> list[str]:
    """The titles that an annual report or a related text can have; the name of a site's section (法治政府建设年度报告) comes last."""
    found = [title for title in titles if is_title(title) and read_number(title) is None]
    return sorted(found, key=lambda title: issuer_in(title) is None and year_in_title(title) is None)


def _equal(lines: Sequence[Line], titles: Sequence[str]) -> tuple[int, int, str] | None:
    """The lines that equal one of these titles, preferring the likeliest title."""
    for title in titles:
        wanted = squeezed(title)
        for last in range(len(lines)):
            for first in range(last, max(-1, last - _PARTS_OF_TITLE), -1):
                text = "".join(_trimmed(line) for line in lines[first : last + 1])
                if squeezed(text) == wanted:
                    return first, last, text
    return None


def _styled(lines: Sequence[Line]) -> tuple[int, int, str] | None:
    """The line that has the style of a title in the file."""
    return next(
        ((number, number, line.text) for number, line in enumerate(lines) if line.heading == 0 and len(line.text) >= _MIN_TITLE), None
    )


def _by_subject(lines: Sequence[Line]) -> tuple[int, int, str] | None:
    """The first lines that together can be the title of an annual report or of a related text."""
    for last in range(len(lines)):
        for first in range(last, max(-1, last - _PARTS_OF_TITLE), -1):
            if not _is_part_of_title(_trimmed(lines[first])):
                break
            text = "".join(_trimmed(line) for line in lines[first : last + 1])
            if is_title(text) and read_number(text) is None:
                return _with_neighbours(lines, first, last)
    return None


def _headline(lines: Sequence[Line]) -> tuple[int, int, str] | None:
    """The first line that looks like a title: it ends like one, or a date or a label is right below it."""
    for number, line in enumerate(lines):
        text = _trimmed(line)
        below = next((line.text for line in lines[number + 1 :] if not is_chrome(line.text)), "")
        if (
            _MIN_TITLE <= len(squeezed(text)) <= _MAX_TITLE
            and _is_part_of_title(text)
            and not ORGANISATION.fullmatch(text)
            and not re.search("[，,、]$", text)
            and read_number(text) is None
            and (ends_as_title(text) or is_metadata(below) or is_date(below) or (len(below) <= 45 and find_date(below) is not None))
        ):
            return _with_neighbours(lines, number, number)
    return None


def _trimmed(line: Line) -> str:
    """A line without surrounding bars and bullets, which are left over from a table or a list."""
    return _BAR.sub("", line.text)


def _is_part_of_title(text: str) -> bool:
    return len(text) <= _MAX_TITLE and not (
        is_metadata(text) or is_chrome(text) or is_date(text) or NUMBER.fullmatch(text) or re.search(r"[。；：;:>›»|]", text)
    )


def _with_neighbours(lines: Sequence[Line], first: int, last: int) -> tuple[int, int, str]:
    """The title extended by lines above that name its issuer, and by one below with its last word, a bracket or a year.

    A line below about a meeting or a day does not belong to it: ——2025年1月15日在…会议上, (2024年3月18日常务会议通过).
    """
    text = "".join(_trimmed(line) for line in lines[first : last + 1])
    while first > 0 and last - first < _PARTS_OF_TITLE and _lacks_its_beginning(text):
        above = _trimmed(lines[first - 1])
        names = ORGANISATION.fullmatch(above) or re.search(r"(?:\d{4}年?|年度?|关于|的|和)$", above)
        if not (names or (first == 1 and issuer_in(text) is None)) or not _is_part_of_title(above):
            break
        first -= 1
        text = above + text
    below = lines[last + 1].text if last + 1 < len(lines) else ""
    if not text.endswith("报告") and _LAST_WORD.fullmatch(below):
        return first, last + 1, text + below
    if (
        _ENDING.fullmatch(below)
        and not is_date(below)
        and not is_metadata(below)
        and without_days(plain(below)) == plain(below)
        and not find_date(below)
    ):
        last += 1
        text += below
    return first, last, text


def _lacks_its_beginning(title: str) -> bool:
    """Whether a title names no issuer, or only the last word of a name, or begins with its subject."""
    issuer = issuer_in(title)
    return (
        issuer is None
        or title.startswith("关于")
        or re.fullmatch("(?:人民)?政府|.?委员会|.?办公室|.?办事处|街道.*|.{0,3}局|自治[县旗州区]", issuer) is not None
    )
