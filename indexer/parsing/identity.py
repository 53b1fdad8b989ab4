"""Whose report it is, about which year, and what kind of text: read from titles and first sentences. Pure."""

from __future__ import annotations

import re

from indexer.model import ReportType
from indexer.outline import plain
from indexer.parsing.dates import find_years

_SUBJECT = re.compile("法治|依法行政|依法治|法制建设|普法|述法|政府信息公开")
_TITLE_END = re.compile(
    r"(?:报告|总结|情况|要点|安排|计划|方案|解读|通知|公示|公告|综述|自查|汇报|材料|意见|规划|图解)(?:的?通知)?(?:\s*[(〔].{0,20}[)〕])?$"
)
_MAX_TITLE = 90
_YEAR = r"(?:(?:19|20)\d\d|二[〇○零][〇○零一二三四五六七八九]{2})\s*年?度?(?:\s*[-—–~至]+\s*(?:19|20)\d\d\s*)?年?度?"
_BEFORE_ISSUER = re.compile(rf"^[\s“\"]*(?:【[^】]*】|\[[^\]]*\])?\s*《?(?:关于)?\s*(?:{_YEAR}(?:[上下]半年)?的?)?\s*")
# 法治办, 法制局, 依法治县委员会 and 社会工作部 are parts of names.
_AFTER_ISSUER = re.compile(
    rf"关于|{_YEAR}|[::]|(?:深入|全面|扎实|大力|持续)?(?:推进|加强|落实|开展|贯彻|深化|做好|抓好)|印发|发布|公布|报送"
    r"|召开|举行|举办|听取|审议|常务会议|(?<!依)法[治制](?!办|局|股|科|委)|依法行政|依法治(?!.{1,3}委员会)|普法"
    r"|年度|上半年|下半年|工作(?![部委站办局组]|中心)|年终|党政主要"
)
_NO_NAME = re.compile(r"^[我本全该\d]|^(?:的|年度)|[,，。；]")
_SELF = re.compile(r"[的\s——-]+$")
_QUOTED = re.compile("《([^《》]*)》")
_REPORT = re.compile("(?:法治|依法行政|依法治|法制).*(?:报告|总结|情况|汇报|自查|综述|材料)")
_TYPES: tuple[tuple[ReportType, re.Pattern[str]], ...] = (
    (ReportType.INTERPRETATION, re.compile("解读|一图读懂|图解|一图看懂|问答")),
    (ReportType.OTHER, re.compile("信息公开(?:工作)?(?:年度)?(?:工作)?(?:报告|年报)|政府网站(?:工作)?年度|述职|述法")),
    (
        ReportType.NEWS,
        re.compile(
            "召开|举行|举办|听取|审议|调研|获评|荣获|推进会|座谈会"
            "|(?:发布|公布|公开|出炉|出台|通过|公示)$|(?:发布|公布|出炉).*(?:报告|情况)$"
        ),
    ),
    (
        ReportType.PLAN,
        re.compile(
            "工作要点|工作安排|工作计划|实施方案|工作方案|行动方案|实施意见|规划|实施纲要|(?:要点|安排|计划|方案)(?:的?通知)?(?:[(〔].*)?$"
        ),
    ),
    (ReportType.REPORT, _REPORT),
)

_OPENING = 2000
_DAY = re.compile(r"\d{4}年\d{1,2}月(?:\d{1,2}日)?")
_TOLD = "报告|汇报|通报|总结|公布|公告|公示|公开|说明"
_DECLARED = re.compile(rf"[就将对把](?P<what>[^。]{{0,80}}?(?:法治|依法行政)[^。]{{0,60}}?(?:{_TOLD}))")
_CALLED = re.compile(rf"现?将(?P<what>[^。，,]{{0,30}}(?:法治|依法行政)[^。，,]{{0,20}}?情况)(?:{_TOLD})")
_OURS = re.compile("^[我本全][省市县区旗州镇乡局街道委办]{1,2}")


def is_title(line: str) -> bool:
    """Whether a line can be the title of an annual report or of one of its neighbours."""
    if len(line) > _MAX_TITLE:
        return False
    text = plain(line).strip()
    return "。" not in text and bool(_SUBJECT.search(text)) and bool(_TITLE_END.search(text))


def issuer_in(title: str) -> str | None:
    """Whom a title names: what stands before the year, 关于 or the subject; None where that is nobody's name."""
    quoted = _QUOTED.search(title)
    return _name_before_subject(title) or (_name_before_subject(quoted[1]) if quoted else None)


def _name_before_subject(title: str) -> str | None:
    text = plain(title)
    start = _BEFORE_ISSUER.match(text)
    begin = start.end() if start else 0
    end = _AFTER_ISSUER.search(text, begin)
    name = _SELF.sub("", title[begin : end.start()]).strip() if end else ""
    return name if len(name) >= 2 and not _NO_NAME.search(plain(name)) else None


def type_of(title: str) -> ReportType:
    """What kind of text a title stands over."""
    text = "".join(plain(title).split())
    # What 关于印发《…工作要点》的通知 is about it quotes; a report on how a plan is carried out names the plan in passing.
    own = _QUOTED.sub("", text)
    found = _first_type(own)
    if found is None and _REPORT.search(text) and _TITLE_END.search(own):
        return ReportType.PLAN if own.endswith("通知") and _first_type(text) is ReportType.PLAN else ReportType.REPORT
    return found or _first_type(text) or ReportType.OTHER


def _first_type(text: str) -> ReportType | None:
    return next((type for type, pattern in _TYPES if pattern.search(text)), None)


def year_in_title(title: str) -> tuple[int, int] | None:
    """The year a title names, or the first and last of several; that of a quoted report or yearly plan where it names none."""
    own = next(find_years(title), None)
    quoted = _QUOTED.search(title)
    if own is None and quoted and not re.search("纲要|规划|实施方案", plain(quoted[1])):
        return next(find_years(quoted[1]), None)
    return own


def year_in_opening(text: str) -> tuple[int, int] | None:
    """The year that the first sentences say the report is about: 现将2022年度法治政府建设情况报告如下."""
    text = _DAY.sub("", plain(text[:_OPENING]))
    declared = _DECLARED.search(text)
    for part in (declared["what"] if declared else "", text.partition("。")[0]):
        if (years := next(find_years(part), None)) is not None:
            return years
    return None


def title_in_opening(text: str) -> str | None:
    """What the first sentences call the report: 2018年度法治政府建设情况报告."""
    called = _CALLED.search(plain(text[:_OPENING]))
    return _OURS.sub("", called["what"]) + "报告" if called else None
