"""Reads issuer, year and title of a report from its first sentences, for reports without a title. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from indexer.model import ReportType
from indexer.outline import plain
from indexer.parsing.dates import find_years, without_days
from indexer.public_bodies import is_superior, leading_body, short_name

_LENGTH = 2000
"""Code points of a text that are read as its opening."""
_SUBJECT = re.compile("法治政府|依法行政|法治建设|法制建设|依法治[省市县区旗州理]|法治")
_REPORTED = "报告|汇报|通报|总结|公布|公告|公示|公开|说明"
# 现将2022年度法治政府建设情况报告如下, 现就…作如下汇报, 对…进行了总结
_DECLARED = re.compile(
    rf"[就将对把](?P<what>[^。]{{0,100}}?)(?:情况|工作)?(?:(?<!工)作|做|予以|进行|向[^。,]{{1,20}}?)?(?:了|如下)?(?:{_REPORTED})(?P<more>[^。,;:]{{0,6}})"
)
_WITH_SUBJECT = re.compile(rf"[就将对把](?P<what>[^。]{{0,80}}?(?:法治|依法行政)[^。]{{0,60}}?(?:{_REPORTED}))")
_WITHOUT_WHAT = re.compile(
    rf"(?:现|特)?(?:{_REPORTED})如下|形成(?:本|如下|以下|此)?(?:年度)?(?:工作)?(?:报告|总结)|(?:编制|撰写|制作)(?:了)?本(?:年度)?报告|(?:情况|做法|成效)如下"
)
_COMMISSIONED = re.compile(r"(?:向[^。]{1,30}?)?(?:报告|汇报)(?P<what>[^。,]{0,40}(?:法治|依法行政)[^。,]{0,30}?情况)")
_CALLED = re.compile(
    rf"[就将对把](?P<what>[^。,;:]{{0,50}}?(?:法治|依法行政)[^。,;:]{{0,30}}?)(?:(?<!工)作|做|予以|进行|向[^。,;:]{{1,20}}?)?(?:了|如下)?(?P<form>{_REPORTED})"
)
_PLANNED = re.compile(r"(?:制定|制订|提出|拟定|拟订)(?:了)?(?:本|如下|以下)(?:工作)?(?:要点|计划|方案|意见|安排)")
# Words by which a body refers to itself: 我局, 本镇, 全县. The last character is its kind.
_OWN = re.compile(r"(?:[我本]|(?<![完安齐健])全)(?P<kind>街道|中心|[省市县区旗州盟镇乡局委办院厅部处会队馆])(?![级部下年])")
_OWN_WORDS = re.compile(
    r"^(?:[我本全](?:省|市|县|区|旗|州|盟|镇|乡|街道|街|局|委|办|院|厅|中心|单位|机关|部门)(?:机关)?)|今年(?:以来)?|有关|相关|(?<=度)的|一年来"
)
_LEAD = re.compile(
    r"(?:(?:(?:19|20)\d\d年?(?:[-—–~至]+(?:19|20)\d\d)?年?度?|二[〇○Oo0零][〇○Oo0零一二三四五六七八九]{2}年度?|今年|去年|本年度|一年|近年|过去[^,。]{0,4}?年)(?:以来|来|中|期间|里|间)?的?"
    r"|现[就将对把]?|[就将]|为此|期间|全年|特|根据(?:上级)?(?:有关)?要求|按要求)"
)
_APART = re.compile(r"[,。;:!?\s()]+|(?:领导|指导|支持|帮助|关心|关怀|监督|努力|推动|部署|要求)下")
_QUOTED = re.compile("《[^《》]*》?|“[^“”]*”")
_CLAUSES = 30


@dataclass(frozen=True, slots=True)
class Opening:
    """What the first sentences say; None for whatever they do not."""

    issuer: str | None = None
    short: str | None = None
    """The issuer's name without a place, if no full name is given: 县水利局."""
    called: str | None = None
    """What the report is called: 2018年度法治政府建设情况报告."""
    years: tuple[int, int] | None = None
    """First and last reported year."""
    type: ReportType | None = None
    """Report or plan, if the text calls itself one."""

    @property
    def title(self) -> str | None:
        """A title made from these values; None unless the text calls itself a report and has a name, an issuer or a year."""
        if self.type is not ReportType.REPORT or not (self.called or self.issuer or self.years):
            return None
        called = self.called or "法治政府建设情况报告"
        year = "" if next(find_years(called), None) or not self.years else f"{self.years[1]}年"
        if self.issuer and not called.startswith(self.issuer):
            own = leading_body(called) or short_name(called) or ""
            return self.issuer + year + (called[len(own) :] if self.issuer.endswith(own) else called)
        return called if self.issuer else year + called


def read_opening(text: str, heading: str = "") -> Opening:
    """Read the first paragraphs; `heading`, the first heading, is used if they do not mention the subject."""
    shown = plain(text[:_LENGTH])
    subject = _SUBJECT.search(shown) or _SUBJECT.search(plain(heading))
    called = title_in_opening(shown)
    reports = called is not None or (subject and (_DECLARED.search(shown) or _WITHOUT_WHAT.search(shown)))
    type = ReportType.REPORT if reports else ReportType.PLAN if subject and _PLANNED.search(shown) else None
    issuer, short = _who(shown)
    return Opening(issuer, short, called, year_in_opening(shown), type)


def year_in_opening(text: str) -> tuple[int, int] | None:
    """The first and last reported year according to the first sentences: 现将2022年度法治政府建设情况报告如下."""
    text = without_days(plain(text[:_LENGTH]))
    declared = [found["what"] for pattern in (_WITH_SUBJECT, _COMMISSIONED, _DECLARED) if (found := pattern.search(text))]
    begun = [clause for clause in re.split("[。,;:]", text) if re.match(r"\s*(?:19|20)\d\d年度?(?:以来|来)?", clause)]
    for part in (*declared, text.partition("。")[0], *begun[:1]):
        if (years := next(find_years(part), None)) is not None:
            return years
    return None


def title_in_opening(text: str) -> str | None:
    """What the first sentences call the report: 2018年度法治政府建设情况报告; None if nothing."""
    shown = plain(text[:_LENGTH])
    called = _CALLED.search(_QUOTED.sub("", shown)) or _COMMISSIONED.search(shown)
    if called is None:
        return None
    what = _OWN_WORDS.sub("", called["what"])
    form = called.groupdict().get("form")
    if not re.search("(?:情况|工作|建设|年度|依法行政)$", what):
        return None
    return what + ("总结" if form == "总结" else "报告")


def _who(text: str) -> tuple[str | None, str | None]:
    """The issuer by its full name, or else by a short name; the other is None."""
    text = _QUOTED.sub("", text)
    declared = next((found["what"] for pattern in (_WITH_SUBJECT, _DECLARED) if (found := pattern.search(text))), "")
    own = _kinds(declared) or _kinds(text)
    clauses = [clause for part in (declared, text) for clause in _clauses(part)]
    named = [name for name in map(_subject, clauses) if name and _agrees(name, own)]
    if named:
        # 石岭县大石镇 in the first sentence is more specific than 大石镇 in the last.
        return max((name for name in named if name.endswith(named[0])), key=len), None
    short = (short_name(clause) for clause in clauses)
    return None, next((name for name in short if name and _agrees(name, own)), None)


def _kinds(text: str) -> set[str]:
    return {found["kind"] for found in _OWN.finditer(text)}


def _clauses(text: str) -> Iterator[str]:
    """The clauses of a text without leading expressions of time."""
    for clause in _APART.split(text)[:_CLAUSES]:
        rest = clause
        while lead := _LEAD.match(rest):
            rest = rest[lead.end() :]
        yield rest


def _subject(clause: str) -> str | None:
    """The body that a clause begins with, None if it begins with another word or with a superior body."""
    name = leading_body(clause)
    return name if name and not is_superior(clause[len(name) :]) else None


def _agrees(name: str, own: set[str]) -> bool:
    """Whether a body can refer to itself by these kinds: 水利局 says 我局, a county's government 我县."""
    if not own:
        return True
    for kind in own:
        if kind in ("省", "市", "县", "区", "旗", "州", "盟", "镇", "乡", "街道"):
            if re.search(rf"{kind}(?:[委]?$|.{{0,3}}政府$|党?[工]?委|办事处$|.{{0,6}}委员会|.{{0,12}}领导小组)", name):
                return True
        elif re.search(rf"{kind}(?:员会|公室|机关|党组)?$", name):
            return True
    return False
