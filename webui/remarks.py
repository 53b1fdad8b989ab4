"""What the page says about how a report was read: which fields are in doubt, or set right."""

from __future__ import annotations

from indexer import Level, Report

_FIELDS = {
    "title": "标题",
    "year": "年度",
    "published": "发布日期",
    "issuer": "单位",
    "source": "来源",
    "editor": "编辑",
    "doc_number": "文号",
    "region": "地区",
    "type": "类型",
    "level": "级别",
    "heading": "序号",
    "page": "扫描页",
    "text": "正文",
}
_HALVES = {"H1": "上半年", "H2": "下半年"}


def doubtful_fields(report: Report) -> list[str]:
    """What somebody should look at, in the words of the page."""
    return list(dict.fromkeys(_FIELDS[remark.about] for remark in report.remarks if remark.look))


def corrected_fields(report: Report) -> list[str]:
    """What somebody set right, in the words of the page."""
    return [_FIELDS[name] for name in report.corrected]


def period(report: Report) -> str | None:
    """What a report covers where that is not one whole year: 上半年, 2021—2025 年."""
    if report.period is None:
        return None
    half = _HALVES.get(report.period[-2:])
    return half or report.period.replace("/", "—") + " 年"


def level_name(report: Report) -> str | None:
    """Of which level its issuer is: 县级, 部门."""
    if report.level is None:
        return None
    return report.level + "级" if report.level in (Level.PROVINCE, Level.CITY, Level.COUNTY) else str(report.level)
