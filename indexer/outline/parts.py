"""The standard parts that headings stand for, so that reports can be compared: one reviewed table."""

from __future__ import annotations

import re

from indexer.outline.plain import plain

OTHER_PART = "其他"
PROBLEMS = "存在的不足"
PLANS = "下一步安排"
PROBLEMS_AND_PLANS = "问题与安排"
FIRST_RESPONSIBLE = "第一责任人履职"

# A heading stands for the first part, in this order, whose regular expression matches.
# Special terms come before general ones: 行政执法监督 is supervision, 普法责任制 publicity.
_NOT_DONE_YET = "^(?!.*(?:情况|成效|举措|做法|完成|落实|总结|回顾))"
# 对照2022年度工作计划抓好落实: plans that were already carried out.
_NOT_CARRIED_OUT = (
    "^(?!.{0,4}(?:对照|按照|根据|依照|完成|落实).{0,16}(?:计划|安排)|.*(?:计划|安排|打算).{0,4}(?:落实|完成|执行)情况|.*计划.{0,2}编制)"
)
_LACKS = "(?:问题|不足|困难|短板|差距|薄弱|欠缺|弱项|难点|堵点|痛点|软肋|缺点)"
# 上年度存在问题整改情况, 针对督察反馈的不足 and 打通堵点、难点 tell what was done about problems.
_NOT_DEALT_WITH = (
    rf"^(?!.*(?:上一?年度?|去年|反馈|指出|督[察查]|针对).{{0,16}}{_LACKS}.{{0,8}}(?:整改|销号|解决)|.*{_LACKS}的?整改(?:落实|完成|推进)?情况"
    rf"|(?:.{{0,4}}|.*,)(?:解决|破解|化解|整治|消除|纠正|查处|打通|疏通|攻克|补齐).{{0,16}}{_LACKS})"
)
_TABLE: tuple[tuple[str, str], ...] = (
    (
        FIRST_RESPONSIBLE,
        "(?<!安全)(?<!生产)(?<!防火)第一责任人|(?<!企业)主要(?:负责人|负责同志|领导).{0,8}(?:履|法治|情况$)|党政主要(?:负责人|负责同志|领导)"
        "|履行法治建设职责|述法|关键少数",
    ),
    (
        PROBLEMS,
        rf"{_NOT_DEALT_WITH}.*(?:存在.{{0,6}}{_LACKS}|{_LACKS}(?:[和及与、(]|[一二三四五]?$|原因|成因|方面|之处)|主要问题|薄弱环节|短板弱项|原因分析"
        "|有待.{0,4}(?:改进|提升|提高|加强|完善|解决)|找.{0,2}(?:差距|不足|短板)|面临.{0,4}(?:困难|挑战)|制约(?:因素|瓶颈)|(?<!评)[扣失]分|反思|需.{0,2}改进"
        "|^(?:第.部分)?:?问题(?:清单|台账|概述))",
    ),
    (
        PLANS,
        rf"{_NOT_CARRIED_OUT}.*(?:下一?步|下一?阶段|下一?年|下年|接下来|明年|来年|打算|今后|展望|新的?一年"
        "|(?:工作|重点|主要|任务|总体)(?:安排|计划|谋划|思路|展望)|改进措施|整改措施|意见[和与及、]?建议|工作建议|对策|之策|[和与及]安排$"
        "|谋划.{0,2}(?:未来|长远)|^(?:第.部分)?:?(?:(?:主要|重点|工作|目标)任务|任务清单)$|任务书$|目标[与和]举措"
        "|(?:工作|改进|努力|整改|攻坚|主攻|前进)(?:目标|方向))"
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
    PROBLEMS,
    PLANS,
    PROBLEMS_AND_PLANS,
    FIRST_RESPONSIBLE,
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
    """The standard part that a heading stands for; None if nothing in the table matches."""
    words = "".join(plain(heading).split())
    held = [part for part, pattern in _WORDS if pattern.search(words)]
    if PROBLEMS in held and PLANS in held:
        return PROBLEMS_AND_PLANS
    return held[0] if held else None
