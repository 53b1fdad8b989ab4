"""Reports made up from a known structure and written in the habits of many sites: what a correct reader must get from each."""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import dataclass, field

HAN = "零一二三四五六七八九十"
PLACES = (
    "石岭县",
    "云溪自治县",
    "东泽旗",
    "白石口区",
    "北渡镇",
    "长滩街道办事处",
    "青岚县人民政府",
    "松河市卫生健康委员会",
    "赤岭州司法局",
)
TITLES = (
    "{who}{year}年法治政府建设工作报告",
    "{who}{year}年度法治政府建设情况报告",
    "{who}关于{year}年度法治政府建设情况的报告",
    "{year}年{who}法治政府建设年度报告",
    "{who}{year}年度推进依法行政工作总结",
)
PARTS = (
    "依法全面履行政府职能",
    "健全依法行政制度体系",
    "提高行政决策科学化水平",
    "严格规范公正文明执法",
    "强化行政权力制约和监督",
    "依法有效化解社会矛盾纠纷",
    "深入开展普法宣传教育",
    "加强行政复议和行政应诉工作",
    "加快推进数字法治政府建设",
    "夯实法治政府建设保障",
)
LEVEL_1 = ("{year}年法治政府建设主要举措和成效", "存在的不足和原因", "党政主要负责人履行推进法治建设第一责任人职责情况", "{next}年工作安排")
DEEDS = (
    "加强公共法律服务体系建设。办理法律援助案件{n}件，公证{m}件，接听12348热线{n}人次。",
    "规范重大行政决策程序。召开常务会议{m}次，对{m}项重大事项进行合法性审查。",
    "落实“谁执法谁普法”责任制。举办宪法宣传周、民法典宣讲活动{m}场，发放资料{n}余份。",
    "推进行政执法“三项制度”。组织{m}个部门开展案卷评查，合格率{m}.6%。",
    "完善村（居）民评理说事点。化解纠纷{n}件，成功率99.{m}%，网上可办率达到100%。",
)
REMARKS = (
    "当前仍存在部分单位法治意识不强、执法力量不足等问题，需要在今后工作中切实加以解决，形成推进法治政府建设的整体合力。",
    "下一步将围绕中心工作，持续提升依法行政能力，推动各项任务落到实处，为全县经济社会高质量发展提供有力的法治保障。",
    "县政府党组理论学习中心组专题学习法治内容{m}次，主要负责同志带头讲授法治课{m}场，研究解决重点问题{n}个。",
)


@dataclass
class Section:
    """A heading with its paragraphs; `run_in` when it opens the first of them."""

    level: int
    ordinal: int
    heading: str
    paragraphs: list[str]
    run_in: bool

    def number(self, brackets: str = "（）") -> str:
        han = HAN[self.ordinal] if self.ordinal <= 10 else "十" + HAN[self.ordinal - 10]
        return {1: f"{han}、", 2: f"{brackets[0]}{han}{brackets[1]}", 3: f"{self.ordinal}."}[self.level]


@dataclass
class Truth:
    """A report as it is meant."""

    title: str
    who: str
    year: int
    published: str
    opening: str
    sections: list[Section] = field(default_factory=list)

    @property
    def paragraphs(self) -> list[str]:
        """Body paragraphs as printed with ordinary brackets."""
        return [self.opening, *(text for section in self.sections for text in printed(section)[not section.run_in :])]

    @property
    def items(self) -> int:
        return sum(text.count(f"{HAN[n]}是") for text in self.paragraphs for n in range(1, 7))

    @property
    def outline(self) -> list[tuple[int, str, str]]:
        return [(s.level, s.number("()"), s.heading) for s in self.sections]

    @property
    def date(self) -> tuple[int, int, int]:
        year, month, day = self.published.split("-")
        return int(year), int(month), int(day)


def make(seed: int, *, run_in: bool = True, third_level: bool = False, brief: bool = False) -> Truth:
    """A report with two levels, or three; a brief one has no two paragraphs in a row without a mark between them."""
    rng = random.Random(seed)
    year = rng.randint(2016, 2024)
    who = rng.choice(PLACES)
    truth = Truth(
        title=rng.choice(TITLES).format(who=who, year=year),
        who=who,
        year=year,
        published=f"{year + 1}-{rng.randint(1, 4):02d}-{rng.randint(1, 28):02d}",
        opening=f"{who}坚持以习近平新时代中国特色社会主义思想为指导，认真落实《法治政府建设实施纲要（2021—2025年）》，现将{year}年度法治政府建设情况报告如下。",
    )

    def fill(text: str) -> str:
        return text.format(n=rng.randint(200, 5000), m=rng.randint(2, 9), year=year, next=year + 1)

    for ordinal, heading in enumerate(LEVEL_1, 1):
        truth.sections.append(Section(1, ordinal, fill(heading), [], False))
        if ordinal > 1:
            truth.sections[-1].paragraphs = [fill(text) for text in rng.sample(REMARKS, 1 if brief else rng.randint(1, 2))]
            continue
        for second, part in enumerate(rng.sample(PARTS, rng.randint(3, 8)), 1):
            deeds = [fill(deed) for deed in rng.sample(DEEDS, rng.randint(2, 4))]
            if third_level:
                truth.sections.append(Section(2, second, part, [], False))
                for third, deed in enumerate(deeds, 1):
                    name, _, text = deed.partition("。")
                    truth.sections.append(Section(3, third, name, [text], True))
            else:
                text = "".join(f"{HAN[number]}是{deed}" for number, deed in enumerate(deeds, 1))
                truth.sections.append(Section(2, second, part, [text], run_in))
    return truth


def printed(section: Section, brackets: str = "（）", between: str = "。") -> list[str]:
    """A section's lines: its heading on its own, or before its first paragraph."""
    heading = section.number(brackets) + section.heading
    if section.run_in:
        return [heading + between + section.paragraphs[0], *section.paragraphs[1:]]
    return [heading, *section.paragraphs]


def body(truth: Truth, show: Callable[[Section], list[str]] = printed) -> list[str]:
    return [truth.opening, *(line for section in truth.sections for line in show(section))]


def meta_lines(truth: Truth) -> dict[str, list[str]]:
    """The ways in which pages say when and by whom a report was published."""
    y, m, d = truth.date
    who = truth.who
    return {
        "one_line": [f"日期: {truth.published} 浏览量:154 来源:{who} 责任编辑:李某 文字大小:"],
        "with_time": [f"来源：{who}　发布时间：{truth.published} 09:18"],
        "brackets": [f"[发布时间:{y}年{m:02d}月{d:02d}日] [来源:{who}] [点击量:] [关闭]"],
        "table": [f"索 引 号 | 0123-2023-00045 | 主题分类 | 法治政府 | 发布机构 | {who} | 成文日期 | {y}年{m}月{d}日 | 文 号 | 无"],
        "no_colons": [f"发布机构 {who}", f"发布日期{truth.published}", "字号 大 中 小"],
        "day_first": [f"• 发布时间 {d:02d}.{m:02d}.{y}", f"• 信息来源 {who}", "• 阅读次数 12"],
        "slashes": [f"发布日期：{y}/{m}/{d}　|　作者：　|　来源：{who}　|　字体：大 中 小"],
        "dots": [f"时间：{y}.{m}.{d}    来源：{who}    【打印】 【关闭】"],
        "byline": [who, f"{y}年{m}月{d}日"],
        "bracketed_date": [f"（{y}年{m}月{d}日）"],
        "value_below": ["发布日期：", truth.published, "来源：", who],
        "spaced": [f"发布时间：{y} 年 {m} 月 {d} 日　来源：{who}"],
    }
