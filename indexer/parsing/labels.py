"""Reads metadata lines of a page: 发布时间, 来源, 浏览量 … with or without colons, brackets, bullets, table cells. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator

from indexer.outline import plain, words

PUBLISHED = words(
    """
    发布时间 发布日期 公开日期 公开时间 发表时间 发表日期 发稿时间 上传时间 录入时间 更新时间 更新日期 发文日期 发文时间
    成文日期 成文时间 印发日期 生成日期 信息日期 日期 时间
    """
)
"""Best first."""
PUBLISHER = words(
    """
    发布机构 发文机关 发文单位 发文机构 发布单位 公开主体 公开机构 公开单位 信息公开单位 制发机关 责任单位 责任部门
    信息所有者 发布部门 公开部门 编制单位 发布
    """
)
SOURCE = words(
    """
    信息来源 文章来源 稿件来源 内容来源 来源 供稿单位 供稿
    """
)
EDITOR = words(
    """
    责任编辑 责编 编辑 编辑人 录入人 发布人 作者
    """
)
DOC_NUMBER = words(
    """
    发文字号 发文文号 文件编号 文号 公文字号
    """
)
TITLE = words(
    """
    信息名称 文件名称 公文名称 标题 名称
    """
)
_OTHERS = words(
    """
    索引号 信息索引号 主题分类 组配分类 体裁分类 信息分类 公开分类 分类 主题词 关键词 关键字 有效性 时效性 时效 有效期
    浏览量 浏览次数 浏览 点击量 点击数 点击率 点击次数 点击 阅读量 阅读次数 阅读数 阅读 访问量 访问次数 文字大小 字号
    字体大小 字体 打印 分享到 分享 关闭 收藏 保护视力色 视力保护色 背景色 审核 审核人 复审 终审 初审 校对 公开方式
    公开类别 公开范围 公开形式 公开属性 公开时限 公开程序 内容概述 内容概要 信息概述 语种 服务对象 生命周期 废止日期
    失效日期 生效日期 实施日期 载体类型 信息编号 所属栏目 朗读 语音播报 扫一扫
    """
)
_ALL = sorted({*PUBLISHED, *PUBLISHER, *SOURCE, *EDITOR, *DOC_NUMBER, *TITLE, *_OTHERS}, key=len, reverse=True)
_WORDS = frozenset(words("发布"))
"""Labels that are also ordinary words: they count only before a colon."""


def _spaced(label: str) -> str:
    return r"\s{0,3}".join(label) + (r"(?=\s*:)" if label in _WORDS else "")


# A label may be spaced out (文 号), and is followed by a colon, a bar, a bracket, a space, a digit, or the end of the line.
_LABEL = re.compile("(?P<label>" + "|".join(map(_spaced, _ALL)) + r")(?=\s*[:|\]】]|\s|$|\d)\s*[:|\]】]?")
_DATED = re.compile(r"(?:19|20)\d\d\s*[-/.年]\s*\d")
_AROUND = " \t|:[]【】()（）·•●▪■◆★>-"
_MAX = 400
"""Code points; a longer line is text."""


def read_labels(line: str) -> Iterator[tuple[str, str]]:
    """Each label in a line with its value, which may be empty."""
    if len(line) > _MAX:
        return
    found = list(_LABEL.finditer(plain(line)))
    for match, end in zip(found, [match.start() for match in found[1:]] + [len(line)], strict=False):
        yield "".join(match["label"].split()), line[match.end() : end].strip(_AROUND)


def label_spans(line: str) -> Iterator[tuple[int, int]]:
    """Start and end of each label in a line, including its colon."""
    return (match.span() for match in _LABEL.finditer(plain(line)))


def is_metadata(line: str) -> bool:
    """Whether a line is about the page: it begins with a label, has several, or has one after a date."""
    if len(line) > _MAX or "。" in line:
        return False
    text = plain(line).lstrip(_AROUND)
    labels = len(_LABEL.findall(text))
    return _LABEL.match(text) is not None or labels > 1 or (labels == 1 and _DATED.match(text) is not None)


def name_in(value: str) -> str | None:
    """The name that a value begins with, None if there is none."""
    found = re.match(r"[^\s|\[\]【】()（）,，;；]+", value)
    return found[0] if found and found[0] not in ("无", "未知", "本站", "本网", "原创") and not found[0].isdigit() else None
