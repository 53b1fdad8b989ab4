"""Recognises page furniture: menus, buttons and footers, which are never part of a report. Pure."""

from __future__ import annotations

import re

from indexer.outline import plain, read_number, words

_WORDS = frozenset(
    words(
        """
        打印 打印本页 打印此页 打印文章 分享 分享到 微信 微博 新浪微博 腾讯微博 QQ空间 QQ好友 复制链接 返回 返回列表 返回首页
        返回顶部 返回上一页 回到顶部 关闭 关闭窗口 关闭本页 关闭页面 收藏 收藏本页 加入收藏 设为首页 首页 大 中 小 默认 放大
        缩小 字号 字体 文字大小 我要纠错 纠错 下载 保存 朗读 语音播报 无障碍 无障碍浏览 长者模式 适老化 繁体 简体 简体中文
        繁體 繁體中文 登录 注册 搜索 站内搜索 检索 网站地图 站点地图 关于我们 联系我们 隐私声明 隐私保护 版权声明 免责声明
        网站声明 政务公开 政府信息公开 互动交流 政务服务 办事服务 政民互动 走进 新闻中心 要闻动态 通知公告 法定主动公开内容
        政策文件 解读回应 公众参与 手机版 电脑版 微信公众号 客户端 RSS 更多 more 上一篇 下一篇 上一页 下一页 上一条 下一条
        没有了 相关链接 相关文章 相关信息 相关附件 相关稿件 友情链接 扫一扫 【 】 正文 微信扫一扫 A A+ A-
        """
    )
)
_BETWEEN = re.compile(r"[\s|/·>»›《》<【】\[\]()（）,，、:：;；—–・•-]+")
# Whole lines that only a page has: its registration number, its operator, its buttons.
_LINES = re.compile(
    r"(?:上一[篇条页]|下一[篇条页])\s*[:：].*"
    r"|(?:您?(?:当前|现在|所在)的?(?:位置|所在)|所在位置|您?现在的位置|当前所在)\s*+(?:[:：是].*|.*>.*)"
    r"|[^,]*(?:ICP备|公网安备|网站标识码|网站支持IPv6|技术支持\s*[:：]|版权所有|copyright|©).*|.{0,10}IPv6.{0,10}"
    r"|(?:主办(?:单位)?|承办(?:单位)?|协办(?:单位)?|建设维护|维护单位|运行维护|地址|联系地址|联系电话|电话|邮编|邮箱|电子邮箱|网址|网站电话|值班电话)\s*[:：].*"
    r"|.{0,12}扫一扫.{0,24}|.{0,8}(?:二维码).{0,16}|分享到?\s*[:：].*|[【\[(].{0,6}(?:打印|关闭|返回|收藏).{0,6}[】\])]"
    r"|.{0,4}(?:今天是|现在是)\s*[:：]?.*|(?:浏览|点击|访问|阅读)(?:量|次数|数|率)?\s*+(?:[:：]\s*+)?(?:\d++\s*+)?次?"
    r"|附件\s*+(?:\d++\s*+)?[:：]?|[(（](?:此件|联系人).{0,30}[)）]"
    r"|(?:编辑|审核|责编|责任编辑|供稿|来源|作者|校对|初审|终审)\s*[:：].{0,30}"
    r"|(?:附件下载|相关附件|附件列表|文件下载|相关链接|相关阅读|延伸阅读|相关新闻|相关解读|解读链接)\s*[:：]?.*",
    re.IGNORECASE,
)
_OF_THE_SITE = re.compile(r"您是第\s*+(?:\d++\s*+)?位访问者.*|您访问的链接即将离开.*|(?:版权所有|本站|本网站?|未经授权|建议使用).*")
"""Sentences that only a page has."""
_TURN = re.compile(r"(?:上一[篇条页]|下一[篇条页])\s*[:：].*")
_DOWNLOAD = re.compile(
    r"(?:附件\s*+(?:\d++\s*+)?(?:[:：.、]\s*+)?)?(?:\d{1,2}[.、]\s*+)?"
    r"[^。，]{0,80}\.(?:docx?|pdf|xlsx?|wps|ofd|zip|rar|jpe?g|png)\s*+(?:[(（].{0,20}[)）])?",
    re.IGNORECASE,
)
_MAX = 300


def is_chrome(line: str) -> bool:
    """Whether a line before or after a text is page furniture; inside a text the same words prove nothing."""
    if len(line) > _MAX:
        return False
    text = plain(line).strip()
    if _DOWNLOAD.fullmatch(text) or _OF_THE_SITE.fullmatch(text) or is_button(line):
        return True
    if read_number(text) is not None or text.endswith(("。", ";")):
        return False
    return _LINES.fullmatch(text) is not None


def is_button(line: str) -> bool:
    """Whether a line consists of buttons, a link to the next page, or punctuation only."""
    if len(line) > _MAX:
        return False
    text = plain(line).strip()
    return _TURN.fullmatch(text) is not None or all(word in _WORDS for word in _BETWEEN.split(text) if word)
