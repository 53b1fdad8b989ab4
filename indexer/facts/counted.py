"""The units in which reports count, and whether a number before one of them is a count."""

from __future__ import annotations

import re
from decimal import Decimal

from indexer.facts.numerals import HAN

UNITS = """
人次 人(次) 人（次） 人/次 件次 件(次) 件（次） 件/次 项次 户次 家次 车次 辆次 场次 节次 批次 台次 期次 篇次 个次 组次 班次 点次 宗次 起次
轮次 份次 期（次） 起（件） 件（起） 人（名） 场（次） 场(次) 件（宗） 宗（件） 户（次）
个工作日 工作日 个百分点 百分点 个小时 小时 分钟 学时 课时 学分 微克/立方米 平方公里 平方千米 平方米 立方米 公里 千米 平米 公顷 千瓦时 公斤
千克 美元 欧元 港元 元 件 起 宗 项 份 册 本 部 篇 条 名 位 个 家 户 所 处 座 场 次 批 期 卷 例 类 种 支 辆 台 套 块 幅 张 封 笔 只 头 亩
吨 米 天 人 分 票 轮 组 间 片 栋 桩 单 通 趟 面 根 株 棵 艘 瓶 箱 斤 堂 集 遍 页 门 款 包 枚 粒 尾 栏 倍 % ％ ‰ TB GB PB
"""
NOT_BEHIND = {
    # The unit's character may begin another word: 5条例, 12部门, 3处理 are no counts; 12项目标 is 12项, 3个月 is a duration.
    "条": "例款件",
    "部": "门委队分署长",
    "处": "理罚置室长于分",
    "项": "目",
    "场": "所",
    "本": "级市县区省地辖身人年月报",
    "台": "账",
    "期": "间限",
    "家": "庭长乡园",
    "位": "数于列",
    "起": "来草诉步",
    "次": "年月日",
    "类": "型别似",
    "门": "户",
    "人": "大均才口民",
    "单": "位元",
    "分": "别类批级局所中院为期段工解析享管部之布公发区两三四五六七八钟",
    "面": "积向对临",
    "包": "括含",
    "通": "过办知用告",
    "集": "中团体约成",
    "节": "点约能目日假",
    "块": "钱状",
    "组": "织成建",
    "间": "接隔",
    "片": "区",
    "把": "手关",
    "只": "能有要跑",
    "字": "第号",
    "架": "构",
    "座": "谈",
    "米": "级",
    "页": "面",
    "款": "项",
    "栏": "目",
    "名": "单称录次",
    "个": "月季年星周体人工商世性",
    "件": "套",
    "所": "有属在长",
    "批": "评准复示",
    "头": "戏",
    "票": "据",
    "天": "然气津",
    "元": "旦",
    "堂": "食",
    "种": "植类子养",
    "支": "持付出撑部",
    "轮": "流岗换",
    "笔": "录试",
}
_COUNTED_BY_PIECE = re.compile("工作(?:站|室|点|组|专班)|人民(?:调解|团体|法庭)|商会")
"""Things counted by 个 whose first character may also begin another word after 个."""
DURATIONS = ("个小时", "小时", "分钟", "天", "个工作日", "工作日")
_TIME_TAKEN = re.compile(
    r"(?:缩短|压缩|减少|压减|提速|延长|增加|提前|平均|时长|时间|周期|时限|天数|时数|累计|共计|总计|仅需|仅用|降|由|从|控制|耗时|用时)"
    r"(?:[了至到为在达约近超共]|超过|以内){0,3}$"
)
POINTS = re.compile(r"方面|层面|维度|到位|全覆盖|转变|结合|坚持|强化|一[””]?|百分")
"""In 从5个方面 and 4个到位 the number only structures a speech."""
ARTICLES = re.compile(r"第[^，。；]{1,8}[条款项][、和及至]$")
_SPENT = re.compile(r"(?:时|天数|周期|培训|学习|服务)[^，。；]{0,6}$")
_CLAUSE_END = re.compile(r"[ ]?(?:以上|以下|以内|左右|余|多)?[ ]?(?:[，。；：、！？,;:!?.）)】\n]|和|及|$)|[ ]?[0-9０-９]")
_HAN_BEFORE = re.compile(r"[\u4e00-\u9fff”》）)]$")
_ROUTINE = re.compile(r"每|至少|最多|做到|坚持|落实|补齐|聚焦|只|仅|不|未|没|同|任|另|其")
DISCRETE = frozenset("人次 件 起 宗 份 册 部 篇 条 项 卷 例 场次 批次 家 户".split())


def goes_on(text: str, end: int, unit: str) -> bool:
    """Whether the unit's last character is the beginning of another word."""
    behind = text[end : end + 2]
    if unit == "项" and behind[:1] == "目":
        return behind != "目标"
    if unit == "个" and _COUNTED_BY_PIECE.match(text, end):
        return False
    return bool(behind) and behind[0] in NOT_BEHIND.get(unit, "")


def is_count(text: str, match: re.Match[str], before: str, approximate: str | None, unit: str, end: int, inner: bool) -> bool:
    """Whether Chinese numerals before a unit are a count: 三千余件 and 讲座十二场 are, 三项制度 and 两个责任 are not."""
    printed = match["first"]
    if before and (before[-1] in HAN or before[-1] in "第每逐某几数其唯统单同"):
        return False
    if printed[0] in "百千万亿":
        return inner or approximate in ("近", "上", "超", "约", "逾")
    if len(printed) > 1:
        return True
    if match["scale"] or inner or approximate or match["last"]:
        return printed not in ("一",) or unit == "元" or bool(match["scale"] or inner)
    if not _CLAUSE_END.match(text, end) or not _HAN_BEFORE.search(before):
        return False
    clause = re.split(r"[，。；：,;:]", before)[-1]
    if _ROUTINE.search(clause) or unit in ("%", "元", "人", "分", "倍"):
        return False
    return printed != "一" or (unit != "个" and bool(re.search(r"召开|举办|开展|举行|作出|出台|制定|办理|查处|发生|案件", clause)))


def is_taken(text: str, before: str, unit: str, end: int, value: Decimal) -> bool:
    """Whether a duration was measured: 压缩至3个工作日 was; 24小时自助服务 and 5个工作日内答复 were not."""
    if _TIME_TAKEN.search(before):
        return True
    around_the_clock = unit.endswith("小时") and value in (12, 24, 48, 72)
    return _CLAUSE_END.match(text, end) is not None and not around_the_clock and _SPENT.search(before) is not None
