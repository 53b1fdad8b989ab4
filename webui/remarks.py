"""What the page says about how a report was read: which fields, and each remark of the indexer in Chinese."""

from __future__ import annotations

import re

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
}
_REMARKS = [
    (r"text: (\d+) invisible characters removed", r"去掉了 \1 个不可见字符"),
    (r"issuer: neither .*", "标题和页面都没有写明单位"),
    (r"published: no date found", "没有找到发布日期"),
    (r"title: none found, the file's name stands for it", "没有找到标题，用文件名代替"),
    (r"title: none found, put together .*", "没有找到标题，按正文第一句拟定"),
    (r"title: broken over (\d+) lines, joined", r"标题分成 \1 行，已连成一行"),
    (r"title: repeated over two lines, left out", "标题分两行重复，略去"),
    (r"title: repeated, kept once", "标题重复，保留一次"),
    (r"year: neither .*", "标题和正文开头都没有写明年度"),
    (r"year: (\d+) is from the first heading alone", r"年度 \1 只见于第一个小标题"),
    (r"year: it covers (\d+) to (\d+); .*", r"报告 \1 年至 \2 年，按 \2 年收录"),
    (r"year: it covers half a year", "报告的是半年"),
    (r"year: it is about (\d+) but was published (\S+)", r"报告年度 \1，发布日期却是 \2"),
    (r"heading (.+): number (\d+) was expected here; .*", r"“\1”处应为第 \2 个，可能缺号、错号，或者不是标题"),
    (r"heading (.+): printed twice, taken as one", r"标题“\1”重复，按一个计"),
    (r"heading (.+): .*, repaired", r"“\1”的序号不完整，已补全"),
    (r"line (“.*”): printed twice, kept once", r"\1一行重复，保留一次"),
    (r"page (\d+): no text on it, perhaps a scan", r"第 \1 页没有文字，可能是扫描页"),
    (r"region (\d+) is in no table of GB/T 2260", r"地区代码 \1 不在国家标准中"),
]
_HALVES = {"H1": "上半年", "H2": "下半年"}


def doubtful_fields(report: Report) -> list[str]:
    """What somebody should look at, in the words of the page; a remark begins with the name of what it is about."""
    return list(dict.fromkeys(_FIELDS.get(warning.partition(" ")[0].rstrip(":"), "正文") for warning in report.warnings))


def corrected_fields(report: Report) -> list[str]:
    """What somebody set right, in the words of the page."""
    return [_FIELDS[name] for name in report.corrected]


def remarks(report: Report) -> list[str]:
    """Each remark in Chinese; one that has no Chinese stays as it is."""
    return [in_chinese(warning) or warning for warning in report.warnings]


def in_chinese(remark: str) -> str | None:
    """A remark of the indexer in Chinese, None where there is none for it."""
    return next((match.expand(said) for pattern, said in _REMARKS if (match := re.fullmatch(pattern, remark))), None)


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
