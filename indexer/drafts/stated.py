"""What a draft states: figures that do not follow from one another, and names of rules that are perhaps slips."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterator

from indexer.drafts.kinds import Finding, finding_at
from indexer.facts import check_figures
from indexer.facts.slips import is_slip
from indexer.model import Report

_LAST_YEAR = re.compile("(?:19|20)[0-9]{2}年?—((?:19|20)[0-9]{2})年")
_MISWRITTEN = {
    "条列": "条例",
    "条理": "条例",
    "办发": "办法",
    "规订": "规定",
    "细侧": "细则",
    "钢要": "纲要",
    "刚要": "纲要",
    "意件": "意见",
    "通之": "通知",
    "决订": "决定",
    "方按": "方案",
}
"""What stands at the end of names for what is meant: the same sound, or nearly the same strokes."""
_ENDS_WRONG = re.compile(f"({'|'.join(_MISWRITTEN)})(?:（[^（）]*）)*$")
Slip = tuple[str, int]
"""The name that another is perhaps a slip of, and how many reports name it."""


def figures_that_disagree(report: Report) -> Iterator[Finding]:
    """Rates, sums and changes that do not follow from the figures beside them."""
    for passage in report.passages:
        for check in check_figures(passage.text, passage.statistics):
            if not check.agrees:
                one = check.statistic
                yield finding_at("figures-disagree", report, passage, one.start, one.end, figures=check.reckoning, computed=check.computed)


def instruments_to_look_at(report: Report, year: int | None, slip_of: Callable[[str], Slip | None]) -> Iterator[Finding]:
    """Names that are perhaps slips, of what others name or the draft itself elsewhere; and plans whose years were over."""
    names = [(passage, one, one.name) for passage in report.passages for one in passage.instruments if one.name]
    counts = Counter(name for _, _, name in names)
    for passage, one, name in names:
        start, end = passage.text.find(one.spelling, one.start, one.end), one.end
        start, end = (start, start + len(one.spelling)) if start >= 0 else (one.start, end)
        if (other := slip_of(name)) is not None:
            yield finding_at("instrument-slip", report, passage, start, end, name=other[0], count=other[1])
        elif (more := next((key for key, count in counts.items() if count > counts[name] and is_slip(name, key)), None)) is not None:
            yield finding_at("instrument-differs", report, passage, start, end, name=more)
        elif wrong := _ENDS_WRONG.search(name):
            yield finding_at("instrument-kind", report, passage, start, end, wrong=wrong[1], right=_MISWRITTEN[wrong[1]])
        last = _LAST_YEAR.search(name)
        if last and year is not None and int(last[1]) < year:
            yield finding_at("instrument-over", report, passage, start, end, name=name, year=year)
