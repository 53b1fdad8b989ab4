"""Reads the issuer, the reported year and the type of a text from its title. Pure."""

from __future__ import annotations

import re

from indexer.model import ReportType
from indexer.outline import plain
from indexer.parsing.dates import HAN_YEAR, find_years, without_days
from indexer.public_bodies import is_body, leading_body

_SUBJECT = re.compile("法治|依法行政|依法治|法制建设|普法|述法|政府信息公开")
_KINDS = (
    "报告|总结|情况|要点|安排|计划|方案|解读|通知|公示|公告|综述|自查|汇报|材料|意见|规划|图解|思路|打算|年报|决定|函|通报|批复|办法|规定"
)
_TITLE_END = re.compile(rf"(?:{_KINDS})(?:的?(?:通知|函))?(?:\s*[(〔][^()〔〕]{{0,60}}[)〕])?[\s|]*$")
_ANY_TITLE_END = re.compile(
    rf"(?:{_KINDS}|预算|决算|公开|推进会|座谈会|培训会|会议|讲话|发言|致辞|清单|目录|指南|细则|条例|制度|名单|纪要|通告|启事|建议|答复|问答|活动|条例)"
    r"(?:的?(?:通知|函))?(?:\s*[(〔][^()〔〕]{0,60}[)〕])?[\s|]*$"
)
_MAX_TITLE = 90
_YEAR = rf"(?:(?:19|20)\d\d|{HAN_YEAR})\s*年?\s*度?(?:\s*[-—–~至]+\s*(?:19|20)\d\d\s*)?年?度?"
_BEFORE_ISSUER = re.compile(
    rf"^(?:[\s“\"《—-]|【[^】]*】|\[[^\]]*\]|(?:关于)?(?:转发|印发|报送)?(?=\s*[《“])|关于(?:印发|报送|转发)?|{_YEAR}(?:[上下]半年)?的?)*\s*"
)
# 法治办, 法制局, 依法治县委员会 and 社会工作部 are parts of names.
_AFTER_ISSUER = re.compile(
    rf"关于|{_YEAR}|[::《]|(?:深入|全面|扎实|大力|持续|积极)?(?:推进|加强|落实|开展|贯彻|深化|做好|抓好)|印发|发布|公布|报送|转发|批转"
    r"|召开|举行|举办|听取|审议|常务会议|(?<!依)法[治制](?!办|局|股|科|委)|依法行政|依法治(?!.{1,5}(?:委员会|领导小组)|[省市县区旗州]办)|普法"
    r"|年度|上半年|下半年|(?:近|过去)?[一二三四五六七八九十]年(?:来|以来)?|工作(?![部委站办局组]|中心|委员会)|年终|党政主要"
)
_NO_NAME = re.compile(r"^[我\d]|^(?:的|年度)|[,，。；《》]")
_SELF = re.compile(r"(?<![的\s——-])[的\s——-]++$")
_QUOTED = re.compile("《([^《》]*)(?:》|$)")
_AUTHOR = re.compile(r"[(（〔]([^()（）〔〕]{3,30})[)）〕]\s*$")
# A note that a meeting adopted the report does not make the text news: (2024年3月18日县政府常务会议审议通过).
_BRACKETED = r"[(〔](?=[^()〔〕]*(?:\d月|会议|通过))[^()〔〕]*+[)〕]"
_NOTE = re.compile(_BRACKETED + "|[—-]{2}(?P<behind_dash>.*)")
_MEETING = re.compile(r"会议|\d月")


def _then(first: str, later: str) -> str:
    """An expression for texts with one of `first` and behind it one of `later`; only the first of `first` is tried, which decides."""
    return f"^(?:(?!{first}).)*+(?:{first}).*(?:{later})"


_REPORT = re.compile(_then("法治|依法行政|依法治|法制", "报告|总结|情况|汇报|自查|综述|材料"))
_REPORT_AND_PLAN = re.compile(_then("法治|依法行政|依法治|法制|普法", "(?:报告|总结|情况)[及和暨与、]"))
_TYPES: tuple[tuple[ReportType, re.Pattern[str]], ...] = (
    (ReportType.INTERPRETATION, re.compile("解读|一图读懂|图解|一图看懂|问答")),
    (ReportType.OTHER, re.compile("信息公开(?:工作)?(?:年度)?(?:工作)?(?:报告|年报)|政府网站(?:工作)?年度|述职|述法|预算|决算")),
    (ReportType.REPORT, _REPORT_AND_PLAN),
    (
        ReportType.NEWS,
        re.compile(
            "召开|举行|举办|听取|审议|调研|获评|荣获|推进会|座谈会"
            f"|(?:发布|公布|公开|出炉|出台|通过|公示)$|{_then('发布|公布|出炉', '(?:报告|情况)$')}"
        ),
    ),
    (
        ReportType.PLAN,
        re.compile(
            "工作要点|工作安排|工作计划|实施方案|工作方案|行动方案|实施意见|规划(?!和|局|与)|实施纲要|(?:要点|安排|计划|方案)(?:的?通知)?(?:[(〔].*)?$"
        ),
    ),
    (ReportType.REPORT, _REPORT),
)


def is_title(line: str) -> bool:
    """Whether a line can be the title of an annual report or of a related text."""
    if len(line) > _MAX_TITLE:
        return False
    text = plain(line).strip()
    return "。" not in text and bool(_SUBJECT.search(text)) and bool(_TITLE_END.search(text))


def ends_as_title(line: str) -> bool:
    """Whether a line ends like a title, on whatever subject."""
    return _ANY_TITLE_END.search(plain(line)) is not None


def issuer_in(title: str) -> str | None:
    """The issuer named in a title: the words before the year, 关于 or the subject; None if they are not a body's name.

    For 某办公室转发某局关于…的通知 it is the body that forwards. If a title names nobody, a quoted title or a bracket at its end may.
    """
    quoted, author = _QUOTED.search(title), _AUTHOR.search(title)
    named = _name_before_subject(title) or (_name_before_subject(quoted[1]) if quoted else None)
    return named or (author[1] if author and is_body(author[1]) else None)


def _name_before_subject(title: str) -> str | None:
    text = plain(title)
    start = _BEFORE_ISSUER.match(text)
    begin = start.end() if start else 0
    leading = leading_body(title[begin:]) or ""
    end = _AFTER_ISSUER.search(text, begin + len(leading))
    name = _SELF.sub("", title[begin : end.start()]).strip() if end else ""
    if len(name) >= 2 and not _NO_NAME.search(plain(name)) and is_body(name):
        return name
    return leading or None


def type_of(title: str) -> ReportType:
    """The type of the text with this title."""
    text = _NOTE.sub(_left_of, "".join(plain(title).split()))
    # 关于印发《…工作要点》的通知 quotes its subject, whereas a report on carrying out a plan names the plan in passing.
    own = _QUOTED.sub("", text)
    found = _first_type(own)
    if found is None and _REPORT.search(text) and _TITLE_END.search(own):
        return ReportType.PLAN if own.endswith("通知") and _first_type(text) is ReportType.PLAN else ReportType.REPORT
    return found or _first_type(text) or ReportType.OTHER


def _left_of(note: re.Match[str]) -> str:
    """What remains of a note: nothing, or text behind a dash that names no meeting, without its notes in brackets."""
    behind = note["behind_dash"]
    return "" if behind is None or _MEETING.search(behind) else note[0][:2] + re.sub(_BRACKETED, "", behind)


def _first_type(text: str) -> ReportType | None:
    return next((type for type, pattern in _TYPES if pattern.search(text)), None)


def year_in_title(title: str) -> tuple[int, int] | None:
    """The first and last reported year in a title (equal for one year); if it has none, those of a quoted report or yearly plan."""
    title = without_days(title)
    own = next(find_years(title), None)
    quoted = _QUOTED.search(title)
    if own is None and quoted and not re.search("纲要|规划|实施方案", plain(quoted[1])):
        return next(find_years(quoted[1]), None)
    return own
