"""A reviewed table of national rules that another rule ended: each line was checked in the text of the rule that ended them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Ending:
    """How a rule ended."""

    by: str
    """The rule that says so and replaces it."""
    article: str
    """The article that says so."""
    since: str
    """The day from which the old rule no longer applied (ISO 8601)."""


_ENDED: tuple[tuple[str, str, str, str], ...] = (
    ("民法典", "第一千二百六十条", "2021-01-01", "婚姻法 继承法 民法通则 收养法 担保法 合同法 物权法 侵权责任法 民法总则"),
    ("监察法", "第七十八条", "2018-03-20", "行政监察法"),
    ("外商投资法", "第四十二条", "2020-01-01", "中外合资经营企业法 外资企业法 中外合作经营企业法"),
    ("外商投资法实施条例", "第四十九条", "2020-01-01", "中外合资经营企业法实施条例 外资企业法实施细则 中外合作经营企业法实施细则"),
    ("城乡规划法", "第七十条", "2008-01-01", "城市规划法"),
    ("车辆购置税法", "第十九条", "2019-07-01", "车辆购置税暂行条例"),
    ("耕地占用税法", "第十六条", "2019-09-01", "耕地占用税暂行条例"),
    ("资源税法", "第十七条", "2020-09-01", "资源税暂行条例"),
    ("契税法", "第十六条", "2021-09-01", "契税暂行条例"),
    ("城市维护建设税法", "第十一条", "2021-09-01", "城市维护建设税暂行条例"),
    ("印花税法", "第二十条", "2022-07-01", "印花税暂行条例"),
    ("增值税法", "第三十八条", "2026-01-01", "增值税暂行条例"),
    ("环境保护税法实施条例", "第二十六条", "2018-01-01", "排污费征收使用管理条例"),
    (
        "市场主体登记管理条例",
        "第五十五条",
        "2022-03-01",
        "公司登记管理条例 企业法人登记管理条例 合伙企业登记管理办法 农民专业合作社登记管理条例 企业法人法定代表人登记管理规定",
    ),
    ("促进个体工商户发展条例", "第三十九条", "2022-11-01", "个体工商户条例"),
    ("无证无照经营查处办法", "第十九条", "2017-10-01", "无照经营查处取缔办法"),
    ("国有土地上房屋征收与补偿条例", "第三十五条", "2011-01-21", "城市房屋拆迁管理条例"),
    ("煤矿安全生产条例", "第七十六条", "2024-05-01", "煤矿安全监察条例 国务院关于预防煤矿生产安全事故的特别规定"),
    ("化妆品监督管理条例", "第八十条", "2021-01-01", "化妆品卫生监督条例"),
    ("人体器官捐献和移植条例", "第五十条", "2024-05-01", "人体器官移植条例"),
    ("退役军人安置条例", "第九十三条", "2024-09-01", "退役士兵安置条例"),
    ("法规规章备案审查条例", "第二十六条", "2024-11-01", "法规规章备案条例"),
    ("档案法实施条例", "第五十二条", "2024-03-01", "档案法实施办法"),
    ("统计法实施条例", "第五十五条", "2017-08-01", "统计法实施细则"),
    ("行政区划管理条例", "第二十七条", "2019-01-01", "国务院关于行政区划管理的规定"),
    ("防范和处置非法集资条例", "第四十条", "2021-05-01", "非法金融机构和非法金融业务活动取缔办法"),
    ("报废机动车回收管理办法", "第二十八条", "2019-06-01", "报废汽车回收管理办法"),
    ("机关团体建设楼堂馆所管理条例", "第三十一条", "2017-12-01", "楼堂馆所建设管理暂行条例"),
    ("市场监督管理行政处罚信息公示规定", "第十九条", "2021-09-01", "工商行政管理行政处罚信息公示暂行规定"),
    (
        "市场监督管理投诉举报处理暂行办法",
        "第四十条",
        "2020-01-01",
        "产品质量申诉处理办法 工商行政管理部门处理消费者投诉办法 食品药品投诉举报管理办法",
    ),
    ("食品生产经营监督检查管理办法", "第五十五条", "2022-03-15", "食品生产经营日常监督检查管理办法"),
)
"""By, article, since, and the names of the rules that ended, without 中华人民共和国."""
ENDED: Mapping[str, Ending] = {name: Ending(by, article, since) for by, article, since, names in _ENDED for name in names.split()}
"""The ending by the name of the rule that ended."""
STATE = "中华人民共和国"


def ending_of(name: str, year: int) -> Ending | None:
    """How a rule ended before a year began; None if it was still in force in that year, or nothing is known."""
    ending = ENDED.get(name.removeprefix(STATE))
    return ending if ending is not None and ending.since <= f"{year}-01-01" else None
