"""Finds years that may be left over from last year's file, if it was the template of the draft."""

from __future__ import annotations

import re
from collections.abc import Iterator

from indexer.contents import is_plan
from indexer.drafts.kinds import Finding, finding_at
from indexer.model import Kind, Passage, Report
from indexer.outline import PLANS, PROBLEMS_AND_PLANS, plain, sentences
from indexer.parsing.identity import year_in_title
from indexer.parsing.opening import year_in_opening

_YEAR = "((?:19|20)[0-9]{2})年"
_OPENS = re.compile(rf"^[^0-9《“\"]{{0,6}}?{_YEAR}(?!以来|前|督察|考核|反馈)")
"""The year at the beginning of a heading, after its number."""
_PLANNED = re.compile(rf"{_YEAR}度?[^，。；、和及与,;]{{0,14}}(?:打算|安排|计划|思路|重点|目标|展望)")
_PLANNED_FOR = re.compile(rf"(?:做好|抓好|谋划|推进|推动)好?{_YEAR}")
_BEGINS = re.compile(rf"^(?:[一二三四五六七八九十]{{1,3}}是|[(（][一二三四五六七八九十]{{1,3}}[)）])?(?:在|到)?{_YEAR}度?[，,]?")
_QUOTED = re.compile("《[^《》]*》?|“[^“”]*”?")
_CLAUSE = re.compile(
    rf"(?:^|[。；：，！,;:!\s]|[一二三四五六七八九十]是)(?:截[至止]到?)?{_YEAR}"
    r"(?:度|以来|底|末|年底|全年|初至今|[0-9]{1,2}月(?:底|末)?)?(?=[，,、]|全[县市区镇省乡局旗]|[我本][县市区局镇省乡委院旗]|共|累计|各)"
)
_DECLARED = re.compile(rf"现[将就][^。]{{0,24}}?{_YEAR}")
_AS_OF = re.compile(rf"截[至止]到?{_YEAR}")
_MONTH = re.compile(r"年[0-9]{1,2}月")
_COMPARED = re.compile("同期|同比|[相对]比|较|比上|去年|上一?年度?|以来至|增[长加]|下降|提[高升]|减少|[0-9年][—\\-~～至]20[0-9]{2}年")


def year_of(report: Report) -> int | None:
    """The year that a draft is about: the latest in its title and first sentences, since leftover years are earlier."""
    opening = next((years for passage in _opening(report) if (years := year_in_opening(passage.text))), None)
    named = [years[1] for years in (year_in_title(report.title), opening) if years]
    return max([*named, *([report.year] if report.year else [])], default=None)


def years_left_over(report: Report, year: int) -> Iterator[Finding]:
    """Places where another year than the draft's is found where its own is expected, each once."""
    seen: set[tuple[str, int]] = set()
    for one in _left_over(report, year):
        if (one.passage, one.start) not in seen:
            seen.add((one.passage, one.start))
            yield one


def _left_over(report: Report, year: int) -> Iterator[Finding]:
    title = report.passages[0]
    named = year_in_title(title.text)
    if named and not named[0] <= year <= named[1]:
        yield finding_at("year-left-over", report, title, *_printed(title, named[1]), year=year)
    opening = _opening(report)
    for passage in opening:
        named = year_in_opening(passage.text)
        if named and not named[0] <= year <= named[1] and (str(year) not in passage.text or _DECLARED.search(plain(passage.text))):
            yield finding_at("year-left-over", report, passage, *_printed(passage, named[1]), year=year)
        if named:
            break
    planned = any({section.part for section in passage.section} & {PLANS, PROBLEMS_AND_PLANS} for passage in report.passages)
    for number, passage in enumerate(report.passages[1:], 2):
        parts = {section.part for section in passage.section}
        if passage.kind is Kind.HEADING:
            yield from _in_heading(report, passage, year)
            continue
        if parts & {PLANS, PROBLEMS_AND_PLANS} or (not planned and number == len(report.passages)):
            yield from _in_plans(report, passage, year, sure=PLANS in parts)
        yield from _in_text(report, passage, year, "year-left-over" if passage in opening else "year-in-text")


def _opening(report: Report) -> list[Passage]:
    """The paragraphs before the first heading, or else the first paragraph."""
    paragraphs = report.paragraphs
    return [passage for passage in paragraphs[:3] if not passage.section] or paragraphs[:1]


def _printed(passage: Passage, year: int) -> tuple[int, int]:
    """Where a year is printed; the whole passage where it is written in another way."""
    found = re.search(f"{year}(?:年度?)?", plain(passage.text))
    return found.span() if found else (0, len(passage.text))


def _in_heading(report: Report, passage: Passage, year: int) -> Iterator[Finding]:
    text = plain(passage.text)
    part = passage.part
    for match in _PLANNED.finditer(text) if part in (PLANS, PROBLEMS_AND_PLANS) else ():
        if int(match[1]) <= year:
            yield finding_at("plan-year", report, passage, match.start(1), match.end(1) + 1, year=year)
    opens = _OPENS.search(text)
    if opens and int(opens[1]) < year and str(year) not in text:
        code = "plan-year" if part == PLANS else "year-left-over"
        yield finding_at(code, report, passage, opens.start(1), opens.end(1) + 1, year=year)


def _in_plans(report: Report, passage: Passage, year: int, *, sure: bool) -> Iterator[Finding]:
    text = _unquoted(passage.text)
    for start, end in sentences(text, passage.items):
        sentence = text[start:end]
        begins = _BEGINS.search(sentence)
        if begins and int(begins[1]) <= year and (is_plan(sentence[begins.start(1) :]) or (sure and "将" in sentence)):
            yield finding_at("plan-year", report, passage, start + begins.start(1), start + begins.end(1) + 1, year=year)
        for match in _PLANNED_FOR.finditer(sentence) if sure else ():
            if int(match[1]) <= year:
                yield finding_at("plan-year", report, passage, start + match.start(1), start + match.end(1) + 1, year=year)


def _in_text(report: Report, passage: Passage, year: int, code: str) -> Iterator[Finding]:
    """Clauses that speak only of the year before."""
    text = _unquoted(passage.text)
    for start, end in sentences(text, passage.items):
        sentence = text[start:end]
        if str(year) in sentence or _COMPARED.search(sentence):
            continue
        for match in _CLAUSE.finditer(sentence):
            # A month of the year before is history, unless it is the day up to which something is counted.
            if int(match[1]) == year - 1 and (not _MONTH.search(match[0]) or _AS_OF.search(match[0])):
                yield finding_at(code, report, passage, start + match.start(1), start + match.end(1) + 1, year=year)


def _unquoted(text: str) -> str:
    """The text with its quotations masked, code point for code point."""
    return _QUOTED.sub(lambda quoted: "※" * len(quoted[0]), plain(text))
