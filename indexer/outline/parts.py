"""The standard parts that headings stand for, so that counties can be compared: one readable table."""

from __future__ import annotations

import re

from indexer.outline.plain import plain

OTHER_PART = "其他"
_PROBLEMS, _PLANS, _BOTH = "存在的不足", "下一步安排", "问题与安排"

# In the order in which they are tried: a heading stands for the first part of which it holds a word ("." is any
# character, "|" is or). What is special comes before what is general: 行政执法监督 is supervision, 普法责任制 is publicity.
_TABLE: tuple[tuple[str, str], ...] = (
    ("第一责任人履职", "第一责任人|主要负责人履行|主要负责同志履行|履职情况|履行法治建设职责|述法|关键少数"),
    (_PROBLEMS, "存在.{0,6}(?:问题|不足|困难|短板|差距|薄弱)|(?:问题|不足|短板|差距|困难)(?:和|及|与|、|$)|主要问题|不足之处|薄弱环节|短板弱项|原因分析"),
    (_PLANS, r"下一?步|下一?阶段|明年|来年|打算|(?:工作|重点|主要|任务)(?:安排|计划|谋划|思路|举措安排|展望)|努力方向|改进措施|整改措施"
             r"|意见建议|工作建议|\d{4}年.{0,8}(?:安排|计划|思路|重点|任务|打算|展望|目标)|今后|展望|重点任务|工作重点"),
    ("矛盾纠纷化解", "矛盾|纠纷|调解|信访|枫桥|社会治理|社会稳定|平安建设"),
    ("复议应诉", "复议|应诉|诉讼"),
    ("公共法律服务", "法律服务|法律援助|公证|律师|司法鉴定|法律顾问"),
    ("普法宣传", "普法|宣传|法治文化|法治教育|尊法|学法|守法|法治意识|法治素养|法律素质|法治社会|宪法"),
    ("数字法治", "数字|科技|信息化|智慧|智能|互联网.?监管|大数据"),
    ("营商环境", "营商环境|市场环境|市场主体|经营主体|民营经济|民营企业|优化环境|涉企"),
    ("权力监督", "监督|制约|督察|督查|政务公开|信息公开|审计|政府诚信|政务诚信|问责|廉政|权力运行|权力规范|阳光"),
    ("行政决策", "决策|合法性审查|议事规则"),
    ("行政执法", "执法|处罚|裁量|三项制度|重点领域|突发事件|应急"),
    ("依法行政制度", "制度体系|制度建设|规范性文件|立法|建章立制|规章|制度保障|行政制度|法规制度|制度机制|依法行政制度|合法性审核"),
    ("政府职能", "职能|放管服|权责清单|权力清单|行政审批|政务服务|简政放权|一网通办|审批制度|行政许可|服务型政府|机构改革|监管|证明事项"),
    ("组织保障", "保障|组织领导|党的领导|党对|领导|统筹|队伍|习近平法治思想|考核|示范创建|能力建设|组织推动|工作机制|责任落实|压实责任"
                 "|政治引领|学习贯彻|政治建设|推进机制|职责"),
    ("主要举措和成效", r"举措|成效|做法|成果|措施|亮点|特色|进展|完成情况|开展情况|落实情况|推进情况|经验|回顾|总体情况|基本情况"
                       r"|(?:法治政府|法治|依法行政|依法治[省市县区旗镇乡])(?:建设)?(?:的)?(?:主要|重点|各项|相关)?(?:工作|情况|任务)"
                       r"|(?:法治政府|法治)建设|依法行政|工作情况|工作总结|主要工作|重点工作|工作开展"),
)
_WORDS = tuple((part, re.compile(words)) for part, words in _TABLE)

STANDARD_PARTS: tuple[str, ...] = (
    "主要举措和成效",
    _PROBLEMS,
    _PLANS,
    _BOTH,
    "第一责任人履职",
    "政府职能",
    "依法行政制度",
    "行政决策",
    "行政执法",
    "权力监督",
    "矛盾纠纷化解",
    "公共法律服务",
    "普法宣传",
    "复议应诉",
    "数字法治",
    "营商环境",
    "组织保障",
    OTHER_PART,
)


def part_of(heading: str) -> str | None:
    """The standard part a heading stands for, None where no word of the table occurs in it."""
    words = "".join(plain(heading).split())
    held = [part for part, pattern in _WORDS if pattern.search(words)]
    if _PROBLEMS in held and _PLANS in held:
        return _BOTH
    return held[0] if held else None
