"""What the page says about how a report was read: which fields, and each remark in Chinese."""

from __future__ import annotations

from indexer import Level, Remark, Report

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
_TEXTS = {
    "title-from-name": "没有找到标题，用文件名代替",
    "title-from-sentence": "没有找到标题，按正文第一句拟定",
    "title-joined": "标题分成 %(lines)s 行，已连成一行",
    "title-repeated": "标题重复，保留一次",
    "title-repeated-broken": "标题分两行重复，略去",
    "year-missing": "标题和正文开头都没有写明年度",
    "year-from-heading": "年度 %(year)s 只见于第一个小标题",
    "year-far-from-published": "报告年度 %(year)s，发布日期却是 %(published)s",
    "years-several": "报告 %(first)s 年至 %(last)s 年，按 %(last)s 年收录",
    "year-half": "报告的是半年",
    "issuer-missing": "标题和页面都没有写明单位",
    "published-missing": "没有找到发布日期",
    "region-unknown": "地区代码 %(code)s 不在国家标准中",
    "number-repaired": "“%(heading)s”的序号不完整，已补全",
    "number-unexpected": "“%(heading)s”处应为第 %(expected)s 个，可能缺号、错号，或者不是标题",
    "heading-repeated": "标题“%(heading)s”重复，按一个计",
    "line-repeated": "“%(line)s…”一行重复，保留一次",
    "invisible-removed": "去掉了 %(count)s 个不可见字符",
    "page-without-text": "第 %(page)s 页没有文字，可能是扫描页",
}
_HALVES = {"H1": "上半年", "H2": "下半年"}


def doubtful_fields(report: Report) -> list[str]:
    """What somebody should look at, in the words of the page."""
    return list(dict.fromkeys(_FIELDS[remark.about] for remark in report.remarks if remark.look))


def corrected_fields(report: Report) -> list[str]:
    """What somebody set right, in the words of the page."""
    return [_FIELDS[name] for name in report.corrected]


def in_chinese(remark: Remark) -> str:
    """What the page says for a remark."""
    return _TEXTS[remark.code] % remark.params


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
