"""The standard parts that headings stand for, so that counties can be compared: one readable table."""

from __future__ import annotations

import re

from indexer.outline.plain import plain

OTHER_PART = "其他"
_PROBLEMS, _BOTH = "存在的不足", "问题与安排"
PLANS = "下一步安排"

# In the order in which they are tried: a heading stands for the first part of which it holds a word; it is a regular
# expression, "|" is or. What is special comes before what is general: 行政执法监督 is supervision, 普法责任制 publicity.
_NOT_DONE_YET = "^(?!.*(?:情况|成效|举措|做法|完成|落实|总结|回顾))"
_TABLE: tuple[tuple[str, str], ...] = (
    (
        "第一责任人履职",
        "第一责任人|(?<!企业)主要(?:负责人|负责同志|领导).{0,8}(?:履|法治|情况$)|党政主要(?:负责人|负责同志|领导)"
        "|履行法治建设职责|述法|关键少数",
    ),
    (
        _PROBLEMS,
        "存在.{0,6}(?:问题|不足|困难|短板|差距|薄弱)|(?:问题|不足|短板|差距|困难)(?:[和及与、]|$)"
        "|主要问题|不足之处|薄弱环节|短板弱项|原因分析|难点$|有待.{0,4}(?:改进|提升|提高|加强|完善|解决)|找.{0,2}(?:差距|不足|短板)",
    ),
    (
        PLANS,
        "下一?步|下一?阶段|下一?年|明年|来年|打算|(?:工作|重点|主要|任务|总体)(?:安排|计划|谋划|思路|展望)|努力方向|改进措施|整改措施"
        "|意见[和与及、]?建议|工作建议|对策|今后|展望|新的?一年|[和与及]安排$|谋划.{0,2}(?:未来|长远)|^(?:主要|重点|工作|目标)任务$|(?:工作|改进|努力|整改|攻坚|主攻)(?:目标|方向)"
        rf"|{_NOT_DONE_YET}.*(?:重点任务|工作重点|工作要点|\d{{4}}年.*(?:安排|计划|思路|重点|任务|目标))",
    ),
    ("矛盾纠纷化解", "矛盾|纠纷|调解|信访|枫桥|社会治理|社会稳定|平安建设"),
    ("复议应诉", "复议|应诉|行政诉讼"),
    ("公共法律服务", "法律服务|法律援助|公证|律师|司法鉴定|法律顾问"),
    ("普法宣传", "普法|宣传教育|法治宣传|法制宣传|法治文化|法治教育|尊法|学法|守法|法治意识|法治素养|法律素质|法治社会|宪法|法治氛围"),
    ("数字法治", "数字|科技|信息化|智慧|智能|互联网.?监管|大数据"),
    ("营商环境", "营商环境|市场环境|市场主体|经营主体|民营经济|民营企业|涉企|惠企"),
    ("依法行政制度", "制度体系|规范性文件|立法|建章立制|规章|法规制度|依法行政制度|制度建设"),
    (
        "权力监督",
        "监督|制约|督察|督查|政务公开|信息公开|审计|政府诚信|政务诚信|诚信政府|守信践诺|问责|廉政|廉洁|权力运行|权力规范|阳光政府",
    ),
    ("行政决策", "决策|合法性审[查核]|议事规则"),
    ("行政执法", "执法|处罚|裁量|三项制度"),
    (
        "政府职能",
        "职能|放管服|[权责]力?清单|负面清单|行政审批|政务服务|简政放权|一网通办|审批制度|行政许可|服务型政府|机构改革|监管|证明事项"
        "|突发事件|应急",
    ),
    (
        "组织保障",
        "保障|领导|统筹|队伍|习近平法治思想|考核|示范创建|能力建设|组织推动|工作机制|推进机制|责任|政治引领|学习贯彻|政治建设|职责",
    ),
    (
        "主要举措和成效",
        "举措|成效|做法|成果|措施|亮点|特色|进展|完成情况|开展情况|落实情况|推进情况|经验|回顾|总体情况|基本情况|工作情况|工作总结"
        "|成绩|主要工作|重点工作|工作开展|法治政府|法治建设|依法行政|依法治",
    ),
)
_WORDS = tuple((part, re.compile(words)) for part, words in _TABLE)

STANDARD_PARTS: tuple[str, ...] = (
    "主要举措和成效",
    _PROBLEMS,
    PLANS,
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
    if _PROBLEMS in held and PLANS in held:
        return _BOTH
    return held[0] if held else None
