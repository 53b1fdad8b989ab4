"""Departments by name: one spelling for each, and which departments followed which when reforms renamed or merged them. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache

# The purpose of a department as in its full name, followed by other spellings.
_STEMS = """
发展和改革 发展改革 发展与改革 发改
工业和信息化 工业信息化 工业与信息化 工信
教育和体育 教育体育 教体
教育和科技 教育科技 教科
科学技术 科技
民族事务 民族工作 民委
民族和宗教事务 民族宗教事务 民族宗教 民宗
人力资源和社会保障 人力资源社会保障 人力资源与社会保障 人社
自然资源和规划 自然资源与规划 自然资源规划 自规 资规
规划和自然资源 规划自然资源 规自 规资
住房和城乡建设 住房城乡建设 住房与城乡建设 住建
住房和城市建设 住房城市建设
住房和城乡规划建设 住房城乡规划建设
城乡建设和住房 城乡建设住房
交通运输 交运
农业农村 农业和农村 农业农村工作
农业农村和水利 农业农村水利
农业和农村工作 农工
林业和草原 林业草原 林草
自然资源和林业 自然资源林业
水利和湖泊 水利湖泊
文化和旅游 文化旅游 文化与旅游 文旅
文化广电和旅游 文化广电旅游 文广旅
文化旅游和广播电视 文化旅游广播电视 文化旅游广电 文旅广电
文化和旅游体育 文化旅游体育 文化旅游和体育 文旅体
文化广电和旅游体育 文化广电旅游体育 文化广电旅游和体育 文广旅体
文化旅游和广播电视体育 文化旅游广播电视体育 文化旅游广电体育
文化旅游和体育广电 文化旅游体育广电
文化广电新闻出版 文广新 文化广播电视新闻出版
卫生健康 卫健 卫生和健康
卫生健康和体育 卫生健康体育
卫生和计划生育 卫生计划生育 卫生计生 卫计
人口和计划生育 人口计划生育 人口计生 计划生育 计生
退役军人事务 退役军人
应急管理 应急
国有资产监督管理 国有资产监管 国资监管 国资
市场监督管理 市场监管 市监
医疗保障 医保
城市管理和综合执法 城市管理综合执法 城管和综合执法 城管执法
城市管理行政执法 城市管理和行政执法
城市管理综合行政执法 城市管理和综合行政执法
城市管理 城管
综合行政执法 综合执法
统计
信访 
机关事务管理 机关事务
政务服务和数据管理 政务服务数据管理 政务服务与数据管理
政务服务和大数据管理 政务服务大数据管理
行政审批服务 行政审批
营商环境建设 营商环境
大数据发展管理 大数据发展 
大数据管理 大数据
数据 
金融工作 金融
地方金融监督管理 地方金融监管
国防动员 
人民防空 人防
粮食和物资储备 粮食物资储备 粮食与物资储备 粮储
药品监督管理 药品监管 药监
食品药品监督管理 食品药品监管 食药监
工商行政管理 工商
质量技术监督 质监 技术监督
安全生产监督管理 安全生产监管 安监
国土资源 国土
国土资源和规划 国土资源规划
环境保护 环保
广播电视 广电
新闻出版和广播电视 新闻出版广电
烟草专卖 烟草
外事工作 
投资促进 
乡村振兴
"""

# Names that are not a purpose with a suffix, each followed by other spellings.
_WHOLE = """
人民政府办公厅 政府办公厅
人民政府办公室 政府办公室 政府办 人民政府办
党委办公室 党委办 委办公室 委办 委员会办公室
党政办公室 党政办 党政综合办公室 党政综合办
人民代表大会常务委员会 人大常委会 人大
人民法院 法院
人民检察院 检察院
人民政府法制办公室 政府法制办公室 政府法制办 法制办公室 法制办 法制局 人民政府法制局
委政法委员会 政法委员会 政法委 委政法委 党委政法委员会 党委政法委
委机构编制委员会办公室 编办 机构编制委员会办公室 编委办 委编办
委网络安全和信息化委员会办公室 网信办 委网信办
委组织部 组织部
委宣传部 宣传部
委统一战线工作部 统战部 委统战部
纪委监委 纪委 监委 纪委监察委 纪律检查委员会
残疾人联合会 残联
妇女联合会 妇联
工商业联合会 工商联
文学艺术界联合会 文联
科学技术协会 科协
供销合作社联合社 供销合作社 供销社 供销联社 供销合作联社 供销社联合社
人民武装部 武装部
"""

# Departments by purpose, each with the last year it can have reported on, and the purposes of its successors, grouped by reform.
# Local reforms were done by the next spring: what ended in the reform of 2018 can have reported on 2018. Reviewed by hand.
#
# 2008: 国务院机构改革方案 of 15 March 2008, local governments by 2009 and 2010
# 2013: 国务院机构改革和职能转变方案 of 14 March 2013, local governments by 2014
# 2018: 深化党和国家机构改革方案 and 国务院机构改革方案 of 17 March 2018, local governments by March 2019
# 2021: 国家乡村振兴局 of 25 February 2021, local ones in the same year
# 2023: 党和国家机构改革方案 of 16 March 2023, local governments by 2024
_REFORMS = """
信息产业 2009 工业和信息化
劳动和社会保障 2009 人力资源和社会保障
人事 2009 人力资源和社会保障
人事劳动和社会保障 2009 人力资源和社会保障
建设 2009 住房和城乡建设
交通 2009 交通运输
卫生 2014 卫生和计划生育
人口和计划生育 2014 卫生和计划生育
文化 2018 文化和旅游 文化广电和旅游 文化旅游和广播电视 文化和旅游体育
旅游 2018 文化和旅游 文化广电和旅游 文化旅游和广播电视
旅游发展 2018 文化和旅游 文化广电和旅游 文化旅游和广播电视
文化广电新闻出版 2018 文化和旅游 文化广电和旅游 文化旅游和广播电视
工商行政管理 2018 市场监督管理
质量技术监督 2018 市场监督管理
食品药品监督管理 2018 市场监督管理 药品监督管理
市场和质量监督管理 2018 市场监督管理
国土资源 2018 自然资源 自然资源和规划 规划和自然资源
国土资源和规划 2018 自然资源和规划 规划和自然资源 自然资源
规划 2018 自然资源 自然资源和规划 规划和自然资源
城乡规划 2018 自然资源 自然资源和规划 规划和自然资源
环境保护 2018 生态环境
卫生和计划生育 2018 卫生健康
安全生产监督管理 2018 应急管理
农业 2018 农业农村
农牧 2018 农业农村 农牧业
农村经济 2018 农业农村
林业 2018 林业和草原 自然资源 自然资源和林业
粮食 2018 粮食和物资储备 发展和改革
国家税务 2018 税务
地方税务 2018 税务
扶贫开发 2020 乡村振兴
扶贫 2020 乡村振兴
乡村振兴 2023 农业农村
大数据管理 2023 数据 政务服务和数据管理
大数据发展管理 2023 数据 政务服务和数据管理
政务服务数据管理 2023 数据 政务服务和数据管理
"""

# The same for names that are not a purpose with a suffix.
_REFORMED = {"人民政府法制办公室": (2018, ("司法局", "司法厅"))}

_SUFFIX = re.compile("(?P<stem>.+?)(?P<suffix>局|厅|委员会|委|办公室|办)$")
_FULL = {"委": "委员会", "办": "办公室"}
_BRACKET = re.compile(r"[(〔\[][^()〔〕\[\]]*[)〕\]]$")


def _lines(table: str) -> list[list[str]]:
    return [words for line in table.splitlines() if (words := line.split())]


_STEM = {writing: line[0] for line in _lines(_STEMS) for writing in line}
_NAME = {writing: line[0] for line in _lines(_WHOLE) for writing in line}
_FOLLOWED = {stem: (int(last), tuple(after)) for stem, last, *after in _lines(_REFORMS)}


@lru_cache(maxsize=4096)
def organ_name(written: str) -> str:
    """The standard spelling of a department's name, given without its place: 卫生健康委员会 for 卫健委.

    A name that no table has is returned as written, without a note in brackets at its end.
    """
    name = _BRACKET.sub("", written) or written
    if name in _NAME:
        return _NAME[name]
    if name.endswith("管委会"):
        return f"{name[:-3]}管理委员会"
    match = _SUFFIX.fullmatch(name)
    if match is None:
        return name
    # 委 and 办 are abbreviations only after a purpose, not in 县委.
    stem = _STEM.get(match["stem"], match["stem"])
    return stem + (_FULL.get(match["suffix"], match["suffix"]) if len(match["stem"]) > 1 else match["suffix"])


def organ_short(organ: str) -> str:
    """The usual short form of a department's name: 卫健委 for 卫生健康委员会; the name itself if there is none."""
    match = _SUFFIX.fullmatch(organ)
    if match is None:
        return organ
    own = [writing for writing, stem in _STEM.items() if stem == match["stem"]]
    suffix = {"委员会": "委", "办公室": "办"}.get(match["suffix"], match["suffix"])
    return min(own, key=len) + suffix if own else organ


def organs_after(organ: str) -> list[str]:
    """The possible successors, in the same place, of a department that a reform ended, likeliest first; empty if it was not ended."""
    if organ in _REFORMED:
        return list(_REFORMED[organ][1])
    match = _SUFFIX.fullmatch(organ)
    if match is None or match["stem"] not in _FOLLOWED:
        return []
    # A committee was often followed by a bureau: 卫生和计划生育委员会, 卫生健康局.
    suffixes = dict.fromkeys([match["suffix"], "局", "委员会"] if match["suffix"] != "厅" else ["厅"])
    return [stem + suffix for suffix in suffixes for stem in _FOLLOWED[match["stem"]][1]]


def organs_before(organ: str) -> list[str]:
    """The departments in the same place that this one may have followed in a reform."""
    match = _SUFFIX.fullmatch(organ)
    if match is None:
        return []
    found: Iterator[str] = (stem for stem, (_, after) in _FOLLOWED.items() if match["stem"] in after)
    suffixes = dict.fromkeys([match["suffix"], "局", "委员会", "办公室"] if match["suffix"] != "厅" else ["厅"])
    before = [stem + suffix for stem in found for suffix in suffixes]
    return before + [name for name, (_, after) in _REFORMED.items() if organ in after]


def last_year_of(organ: str) -> int | None:
    """The last year that a department can have reported on before a reform ended it; None if it was not ended."""
    if organ in _REFORMED:
        return _REFORMED[organ][0]
    match = _SUFFIX.fullmatch(organ)
    known = _FOLLOWED.get(match["stem"]) if match else None
    return known[0] if known else None
