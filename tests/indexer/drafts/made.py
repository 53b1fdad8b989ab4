"""Drafts made in several habits, clean ones and such with a slip that is known."""

import re
from dataclasses import dataclass

from indexer.loaders.document import Document, Line
from indexer.parsing import parse_report

COUNTIES = ["彰武县", "法库县", "昌图县", "阜新蒙古族自治县", "铁岭县", "兴城市", "北镇市", "清河门区", "建平县", "康平县"]
NEIGHBOURS = ["黑山县", "义县", "台安县", "绥中县", "西丰县"]
RULES = [
    "重大行政决策程序暂行条例", "优化营商环境条例", "法治政府建设实施纲要（2021—2025年）", "信访工作条例", "辽宁省行政执法条例", "政府信息公开条例",
    "关于进一步规范行政裁量权基准制定和管理工作的意见", "提升行政执法质量三年行动计划（2023—2025年）", "行政复议法", "民法典",
]  # fmt: skip
DONE = [
    ("政府职能", ["动态调整权责清单，{a}个部门的行政职权全部公布", "推行证明事项告知承诺制，涉及事项{a}项", "取消证明材料{a}项，减少办理环节{b}个", "持续深化“放管服”改革，网上可办率达到{p}%"]),
    ("依法行政制度", ["严格执行《{rule}》，组织学习{b}次", "审查规范性文件{a}件，提出意见{b}条", "清理规范性文件{a}件（其中废止{b}件）", "聘请法律顾问{b}名，参与论证{a}次"]),
    ("行政决策", ["认真落实《{rule}》，重大决策听取公众意见{a}条", "组织专家论证{b}次，风险评估{a}次", "县政府常务会议审议议题{a}个"]),
    ("行政执法", ["全年办理行政处罚案件{a}件，同比增长{p}%", "组织执法人员培训{b}期，培训{c}人次", "开展案卷评查{b}次，评查案卷{a}卷", "排查纠纷{whole}件，调解成功{part}件，成功率{rate}%"]),
    ("矛盾纠纷化解", ["受理行政复议案件共{sum}件，其中维持{x}件、撤销{y}件", "“一村一法律顾问”实现全覆盖，解答咨询{c}人次", "办理法律援助案件{a}件，接待群众{c}人次"]),
    ("普法宣传", ["开展“宪法宣传周”活动{b}场，发放资料{c}份", "举办法治讲座{b}场，听众{c}人次", "学习《{rule}》和《{rule2}》，覆盖干部{c}人"]),
]  # fmt: skip
GENERIC = [
    "健全工作机制，压实部门责任", "各单位协同配合，工作合力进一步形成", "窗口服务更加规范，群众办事更加便利", "基层执法力量得到充实",
    "把法治建设成效纳入年度考核", "坚持问题导向，整改任务全部完成", "与周边地区开展执法协作（含联合检查）", "信息公示及时准确",
]  # fmt: skip
SHORT = [
    "执法人员业务能力有待提高",
    "基层法治力量还比较薄弱",
    "个别单位对依法行政重视不够",
    "普法宣传的针对性还不强",
    "行政争议化解的办法还不多",
]
LED = [
    "县委书记、县长认真履行推进法治建设第一责任人职责，主持召开会议研究法治工作{b}次",
    "党政主要负责人切实履行推进法治建设第一责任人职责，带头述法{b}次",
]
PLANS = [
    ("加强行政执法人员培训", "行政执法人员培训{b}期，参训{c}人次，考试合格后上岗"), ("建设法治文化公园", "建成法治文化公园{b}处，法治文化阵地更加丰富"),
    ("推行证明事项告知承诺制", "证明事项告知承诺制覆盖{a}项事项"), ("开展涉企检查专项整治", "涉企检查专项整治取消检查{a}项"),
    ("完善行政复议听证制度", "行政复议听证{b}次，听证制度更加完善"), ("推进乡镇综合执法队伍建设", "乡镇综合执法队伍配备执法人员{a}人"),
    ("开展规范性文件清理", "规范性文件清理涉及文件{a}件"), ("健全法律顾问制度", "法律顾问制度覆盖全部乡镇，出具意见{a}份"),
]  # fmt: skip
HABITS = {
    "title": ["{place}{year}年法治政府建设情况报告", "{place}人民政府{year}年度法治政府建设工作报告", "{place}人民政府关于{year}年法治政府建设情况的报告"],
    "opening": [
        "{year}年，{place}深入学习贯彻习近平法治思想，全面落实上级部署，现将{year}年法治政府建设情况报告如下：",
        "{year}年度，在上级的正确领导下，我县扎实推进依法行政，现将有关情况报告如下。",
        "现将{place}{year}年度法治政府建设情况报告如下：",
    ],
    "done": ["{year}年法治政府建设主要举措和成效", "主要举措和成效", "{year}年工作开展情况"],
    "short": ["存在的不足和原因", "存在的主要问题", "{year}年法治政府建设存在的不足"],
    "led": ["党政主要负责人履行推进法治建设第一责任人职责情况", "主要负责人履行法治建设第一责任人职责的有关情况"],
    "plans": ["{next}年工作安排", "下一步工作打算", "下一年度推进法治政府建设的主要安排", "{next}年法治政府建设工作思路"],
}  # fmt: skip
HAN = "一二三四五六七八九十"


@dataclass
class Draft:
    """The lines of a draft, and what it was made of."""

    place: str
    year: int
    lines: list[str]
    plans: list[tuple[str, str]]

    def report(self):
        document = Document([Line(text) for text in self.lines], "txt")
        return parse_report(document, "draft.txt")


class Maker:
    """Makes drafts; figures of two drafts of one maker differ."""

    def __init__(self, chance):
        self.chance, self.used = chance, {100, 10}

    def draft(self, place=None, year=None, taken_up=()):
        chance = self.chance
        place, year = place or chance.choice(COUNTIES), year or chance.randrange(2021, 2025)
        known = {"place": place, "year": year, "next": year + 1}
        habit = {name: chance.choice(forms).format(**known) for name, forms in HABITS.items()}
        heads = iter(f"{digit}、" for digit in HAN)
        lines = [habit["title"], habit["opening"], next(heads) + habit["done"]]
        matters = chance.sample(DONE, chance.randrange(4, 7))
        met = [self._filled(done) for _, done in taken_up]
        run_in = chance.random() < 0.5
        for number, (part, said) in enumerate(matters):
            sentences = [self._filled(one) for one in chance.sample(said, min(3, len(said)))]
            sentences += [met.pop()] if met else []
            if chance.random() < 0.7:
                sentences.append(chance.choice(GENERIC) + f"，惠及群众{self._figure(500, 900)}人")
            if chance.random() < 0.6:
                text = "。".join(f"{HAN[at]}是{one}" for at, one in enumerate(sentences)) + "。"
            else:
                text = "".join(f"{one}。" for one in sentences)
            head = f"（{HAN[number]}）{'扎实推进' if chance.random() < 0.5 else '全面加强'}{part}工作"
            lines += [f"{head}。{text}"] if run_in else [head, text]
        lines += [f"{self._filled(done)}。" for done in met]
        short = chance.sample(SHORT, 3)
        lines += [next(heads) + habit["short"], "主要是：" + "；".join(f"{HAN[at]}是{one}" for at, one in enumerate(short)) + "。"]
        lines += [next(heads) + habit["led"], self._filled(chance.choice(LED)) + "。"]
        plans = chance.sample(PLANS, 3)
        begin = chance.choice([f"{year + 1}年，我县将重点做好以下工作。", "下一步，我县将突出抓好以下几方面。"])
        said = "。".join(f"{HAN[at]}是{plan}，于{chance.randrange(3, 12)}月底前见到成效" for at, (plan, _) in enumerate(plans)) + "。"
        lines += [next(heads) + habit["plans"], begin + said]
        if chance.random() < 0.4:
            lines += [next(heads) + "其他需要报告的情况", "无。"]
        return Draft(place, year, lines, plans)

    def pair(self):
        """Last year's report, and a draft that says something of each of its plans."""
        before = self.draft()
        return before, self.draft(before.place, before.year + 1, before.plans)

    def _figure(self, low, high):
        while (figure := self.chance.randrange(low, high)) in self.used:
            low, high = low, high + 50
        self.used.add(figure)
        return figure

    def _filled(self, text):
        whole, x, y = self._figure(200, 900), self._figure(20, 90), self._figure(20, 90)
        part = whole - self.chance.randrange(1, 30)
        rule, rule2 = self.chance.sample(RULES, 2)
        return text.format(
            a=self._figure(20, 400), b=self._figure(11, 90), c=self._figure(500, 3000), p=f"{self._figure(100, 990) / 10}",
            whole=whole, part=part, rate=f"{100 * part / whole:.1f}", x=x, y=y, sum=x + y, rule=rule, rule2=rule2,
        )  # fmt: skip


def changed(lines, pattern, new, chance, beyond=0):
    """The lines with one piece that matches a pattern changed, and what stands there now; None where none matches."""
    found = [(at, match) for at, line in enumerate(lines) if at >= beyond for match in re.finditer(pattern, line)]
    if not found:
        return None
    at, match = chance.choice(found)
    text = new(match) if callable(new) else match.expand(new)
    line = lines[at]
    return [*lines[:at], line[: match.start()] + text + line[match.end() :], *lines[at + 1 :]], text
