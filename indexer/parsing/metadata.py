"""What stands around a report's text: title, dates, source, editor, and what the title says of issuer and year. Pure."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date

_DATE = re.compile(r"(?<!\d)((?:19|20)\d\d)\s*[-/.年]\s*(\d{1,2})\s*[-/.月]\s*(\d{1,2})(?!\d)\s*日?")
_DATE_LABEL = r"(?:发布日期|发布时间|发文日期|成文日期|公开日期|生成日期|日期|时间)"
_LABELLED_DATE = re.compile(_DATE_LABEL + r"\s*[:：|]?\s*" + _DATE.pattern)
_SOURCE = re.compile(r"(?:信息来源|文章来源|来源)\s*[:：|]\s*([^\s|\]】]+)")
_PUBLISHER = re.compile(r"(?:发布机构|发文机关|公开主体)\s*[:：|]?\s*([^\s|\]】]+)")
_EDITOR = re.compile(r"(?:责任编辑|责编|编辑)\s*[:：|]\s*([^\s|\]】]+)")
_DOC_NUMBER = re.compile(r"[\u4e00-\u9fff]{2,12}〔(?:19|20)\d\d〕\d{1,4}号")
_METADATA = re.compile(
    _DATE_LABEL
    + r"|来源|责任编辑|责编|浏览量|浏览次数|点击量|点击数|阅读次数|访问量|文字大小|字号|字体"
    + r"|发布机构|发文机关|索\s*引\s*号|主题分类|文\s*号|有效性|打印|关闭"
)
_CHROME = re.compile(
    r"[【\[(（]?(?:打印|分享|返回列表|返回顶部|关闭|关闭窗口|打印本页|返回|收藏|字号.*|.*扫一扫.*|分享到.*)[】\])）]?"
    r"|(?:上一[篇条]|下一[篇条])\s*[:：].*|当前位置\s*[:：].*|.*ICP备.*|主办单位\s*[:：].*"
)
_TITLE = re.compile(r"法治政府|依法行政|法治建设")
_TITLE_END = re.compile(r"(?:报告|总结|情况|要点|安排|计划|方案|解读)(?:\s*[(（][^)）]*[)）])?$")
_DIGITS = str.maketrans("〇○零一二三四五六七八九", "000123456789")
_YEAR = r"((?:19|20)\d\d|二[〇○零][〇○零一二三四五六七八九]{2})\s*年"
_QUOTED = re.compile(r"《[^》]*》")
_ISSUER_END = re.compile(rf"关于|{_YEAR}|(?:推进|加强)?法治(?:政府|建设)|依法行政|贯彻")


@dataclass(frozen=True, slots=True)
class Metadata:
    """What the lines around a text say; unknown values are None."""

    published: str | None = None
    source: str | None = None
    publisher: str | None = None
    editor: str | None = None


def is_title(line: str) -> bool:
    """Whether a line can be the title of an annual report or of one of its neighbours."""
    return len(line) <= 80 and bool(_TITLE.search(line)) and bool(_TITLE_END.search(line))


def is_metadata(line: str) -> bool:
    """Whether a line tells of the page and not of the report: dates, source, counters."""
    return len(line) <= 200 and bool(_METADATA.search(line)) and "。" not in line


def is_chrome(line: str) -> bool:
    """Whether a line is the page's furniture."""
    return bool(_CHROME.fullmatch(line))


def read_metadata(lines: list[str]) -> Metadata:
    """The metadata in the lines around a text; the first of each wins."""
    text = "\n".join(lines)
    day = _LABELLED_DATE.search(text) or _DATE.search(text)
    return Metadata(
        published=_iso(day) if day else None,
        source=_first(_SOURCE, text),
        publisher=_first(_PUBLISHER, text),
        editor=_first(_EDITOR, text),
    )


def doc_number(text: str) -> str | None:
    """The first document number like 阜蒙法办发〔2022〕7号."""
    found = _DOC_NUMBER.search(text)
    return found[0] if found else None


def title_year(title: str) -> int | None:
    """The year a title names, years inside 《…》 left aside."""
    return _year_in(title, _YEAR)


def text_year(text: str) -> int | None:
    """The year that the first sentences say the report is about: 现将2022年度法治政府建设情况报告如下."""
    return _year_in(text, rf"现将[^。]{{0,20}}?{_YEAR}") or _year_in(text, rf"{_YEAR}度?[^。，,]{{0,10}}(?:法治政府|依法行政)")


def title_issuer(title: str) -> str | None:
    """Whom a title names: what stands before the year, 关于 or the subject."""
    rest = re.sub(rf"^\s*{_YEAR}度?", "", title)
    end = _ISSUER_END.search(rest)
    return (rest[: end.start()].strip() or None) if end else None


def _year_in(text: str, pattern: str) -> int | None:
    found = re.search(pattern, _QUOTED.sub("", text))
    return int(found[1].translate(_DIGITS).replace("二", "2")) if found else None


def _first(pattern: re.Pattern[str], text: str) -> str | None:
    found = pattern.search(text)
    return found[1] if found else None


def _iso(match: re.Match[str]) -> str | None:
    try:
        return date(int(match[1]), int(match[2]), int(match[3])).isoformat()
    except ValueError:
        return None
