"""What a number counts: the noun with its verb that a table would have, read off the clause around the number.

The grammar is that of these reports: a count stands behind its noun ("办理法律援助案件1073件") or before it ("29个部门"); a rate, a sum of
money or a change behind its name ("网上可办率99.3%"). What a clause leaves out, the clause before it said: "受理81件，审结80件".
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from functools import lru_cache
from itertools import pairwise, takewhile

from indexer.facts.quantities import Quantity
from indexer.facts.topics import TOPIC, one_of

LONGEST = 40
"""A label has at most so many code points."""
_REACH = 80
"""How far before a number its clause is read, in code points."""
_REMEMBERED = 4096
"""Clauses that are read once, since these reports repeat one another's words."""
_BACK = 400
"""How far back a topic is looked for, in code points."""

_VERBS = """
划转 收到 新收 受理 办理 办结 审理 审结 审查 审核 审议 审批 处理 处置 化解 调解 调处 排查 查处 查办 立案查处 立案 侦破 抓获 破获 打掉 移送
移交 开展 召开 举办 组织 举行 组织开展 开设 播放 播出 刊发 刊登 发放 发送 印发 印制 制作 赠送 派发 张贴 悬挂 发布 公布 公开 主动公开
公示 推送 制定 制发 出台 修订 修改 废止 清理 保留 备案 报备 起草 审议通过 通过 提请 提出 出具 听取 采纳 收集 征集 征求 搜集 梳理 编制
编印 汇编 调整 建成 建立 设立 成立 组建 打造 创建 新建 改建 改造 设置 配备 配齐 聘请 聘用 选聘 招聘 招录 培育 培养 选派 派驻 指派 组成
整合 下沉 划分 培训 轮训 参训 考核 评查 抽查 抽取 检查 巡查 督查 督察 督导 督办 督促 走访 调研 回访 约谈 通报 问责 曝光 发现 整改
责令整改 责令改正 责令 接待 接听 解答 提供 服务 惠及 受益 挽回 追回 追缴 兑现 清偿 减免 减少 取消 下放 承接 赋权 压减 压缩 精简 新增
增设 新登记 登记 注册 换发 颁发 申领 新申领 注销 吊销 收缴 罚没 处罚 实施 作出 下达 制止 拆除 录入 归集 汇聚 上传 上报 报送 推广 推出
推行 推动 推进 实行 落实 完成 参加 参与 指导 协助 协调 牵头 解决 答复 回复 回应 反馈 交办 转办 接收 解除 安置 帮教 帮扶 投入 安排 拨付
列支 争取 筹集 发出 收回 认领 认定 评选 表彰 命名 获评 荣获 入选 选树 涌现 送达 执行 执结 诉前 约见 宣讲 宣传 普及 覆盖 出动 派出 涉及
发生 引发 侦办 起诉 批捕 提起 进驻 入驻 接到 承办 督结 盘活 恢复 修复 迁移 归档 查阅 查询 核查 核发 发证 受案 结案 收案 撤案 结清 网签
签订 签署 签约 登载 转发 转载 开通 邀请 联合 会同 拥有 取得 获得 追索 追讨 代写 讨薪 促成 达成 抽调 选任 聘任 招募 接办 主持召开 主持
赔付 取缔 自查 新接收
"""
_VERB = one_of(_VERBS.split())

_YEAR = r"(?:19|20)\d\d"
_LEAD = re.compile(
    rf"(?:[、和与并且的\s)）】”]|及(?!时))+|以及|首批|其中|同时|此外|另外|中(?![国心小介级央队])|含(?!量)|包括|其次为?|再次为?|首先为?|结果分别为|结果为|辖区(?:现有|共有|内)|"
    rf"(?:自|从)?{_YEAR}(?:[-—－至到]+{_YEAR})?年(?:初|底|末|度|全年|上半年|下半年|第[一二三四]季度)?(?:至今|以来|来|期间)?|"
    r"截至|截止|\d{1,2}月(?:\d{1,2}日)?份?|\d{1,2}日|(?:今|去|本|当|上|全)年度?(?:以来)?|一年来|年初(?:以来|至今)?|年内|上半年|下半年|至今|"
    r"近年来|近[一二两三四五\d]年来?|以来|目前|现已|现有|现(?![场状代行任役金])|第[一二三四]季度|“\d{1,2}·\d{1,2}”期间|已经|已|累计|累积|总计|共计|合计|共有|总共|一共|共(?!同|享|治|建|服|青|产)|先后|陆续|分别|均|"
    r"我[省市县区州旗镇乡局委厅部]|全[省市县区州旗镇乡局国](?!.{0,2}法)|本[省市县区州旗镇乡局]|各地各部门|各级各部门|各地区?|"
    r"依法依规|依法(?!治|行政)|积极|主动(?!公开)|及时(?!率)|扎实|大力|认真|切实|进一步|率先|有效(?=化|处|解)|组织完成|其(?!他)|有(?!关|效)|是"
)
"""What may stand before what is counted and says nothing of it: when, where, altogether."""
_TRAIL = re.compile(
    r"(?:达到|高达|多达|已达|(?<!发)达|(?<![行作])为|是|共计|共有|(?<!公)共|累计|累积|合计|总计|大约|(?<![节制公签预违民])约|将近|接近|(?<![附邻])近|超过|超额|超|逾|突破|"
    r"控制在|保持在?|维持在|稳定在|首次|(?<!急)需|须|分别|数量最多|数量|不少于|不低于|不超过|不足|不到|至少|最多|最少|(?<=[\u4e00-\u9fff])(?<![网线以础])上|"
    r"(?<![平人年日])均|各|(?<![首成])都|已|了|(?<![所国拥占公私享具])有|(?<![现存潜所])在|仅|只|(?<![发作提推移支输退派选转付评])出|(?<![自理事])由|从|(?<!目)的|之|[:：\s\-—（(]|"
    r"连续[一二两三四五六七八九十\d]+年|全[省市县区州旗镇乡国])$"
)
_CHANGE = re.compile(
    r"(?:(?:大幅|显著|明显|平均|净)?(?:增长|上升|提高|提升|增加|上涨|扩大|延长|提速|攀升|下降|减少|降低|压缩|压减|缩短|缩减|精简|削减|下跌|回落|下滑|(?<!新)增|升|降|"
    r"(?<!核)减)(?:了|幅度)?(?:至|到|为)?|[增降减涨升]幅(?:达到?|为)?|(?:调整|整合|优化|拓展|发展|扩大|扩容|提)(?:至|到|为))$"
)
# An expression of many words is tried word by word, and one that ends with the text at each of its characters. So the first or the last
# character is looked at before.
_LONGEST_TAIL = 16
_LEAD_FIRST = frozenset(
    "至与且并的和及以首其同此另中含包次再结辖自从截今去本当上全一年下近目现第已累总合共先陆分均我各依积主扎大认切进率有组是12"
    "03456789０１２３４５６７８９"
)
_OPENS_LAST = frozenset("的到为出了着成入定命录范整减次续面")
_NOUN_NEXT_LAST = frozenset("对将向为给把从由会同在针以确现到照按盖入有及惠余自")
_BETWEEN_FIRST = frozenset("以左余多的")
_NO_NOUN_FIRST = frozenset("|，。；：、！？,;:!?（()）】”\n0123456789")
_TRAIL_LAST = frozenset(
    "到达为是计有共积约近超过额逾破在持首次需须别多量于低足少上均各都已了仅只出由从的之年省市县区州旗镇乡国：:（( \t\u3000—-"
)
_CHANGE_LAST = frozenset("幅达长升高加大速少低缩减短简落滑增降了度例至到为")
_OTHER_YEAR_LAST = frozenset("年度期初底末的")
_HOW_LAST = frozenset("比年度期月初同全量数，,")
_TOLD_LAST = _TRAIL_LAST | _CHANGE_LAST | _OTHER_YEAR_LAST | _HOW_LAST
"""What a clause can end with that says more than what is counted, or nothing of it."""
_NUMBERED_FIRST = frozenset("一二三四五六七八九十（(0123456789 \u3000\xa0")
_HOW = re.compile(
    r"(?P<how>同比|环比|(?:相?较|比|与)(?:上一?年|去年|前年|往年|上月|年初|同期|(?:19|20)\d\d年)度?(?:同期|同比|全年|相比)?)(?:数量|案件数)?[，,]?$"
)
_WITH_ANOTHER = re.compile(r"与(?:上一?年|去年|同期|(?:19|20)\d\d年)度?(?:同期)?相比")
_DONE = (
    "纠正|现场|受理|审结|办结|结案|收案|受案|立案|撤案|审理|维持|撤销|变更|驳回|终止|调解|和解|调处|化解|成功|败诉|胜诉|备案|报备|清理|废止|失效|宣布|修改|修订|拟|保留|"
    "整改|完成|到位|移送|移交|公安机关|司法机关|检察机关|确认违法|责令|限期|履行|履职|重作|重做|审查|审核|解除|在册|采纳|取消|下放|承接|办复|答复|公开|不予|纠错|直接|通过|合格|"
    "优秀|处理|转办|完结|执行|执结|采信|申请|收到|作出|判决|裁定|决定|撤回|撤诉|准予|许可|按时|按期|及时|依法|综合|正在|全部|尚未|结转|新收|新增|总数|被|有效|继续|出庭|应诉|[和并或及、已均续]"
)
_BARE = re.compile(rf"(?:{_DONE})+")
_DONE_LAST = tuple(_DONE.partition("|[")[0].split("|")) + tuple("和并或及、已均续")
"""Only what was done, not with what: the clause before says that."""
_RATE = re.compile(
    rf"(?:满意|直接|综合|实际|总体|一次性?|初次|平均|整体|规范|调解|优良|良好|回访|参考|参训|公示|检查|挽回|{_DONE})*(?:率|满意度)(?:[、和及][\u4e00-\u9fff]{{2,5}}率)*|占比|比例|占|涉及金额|标的额|及时率"
)
_OF_TOPIC = re.compile(rf"({TOPIC.pattern})(?:案件|申请|事项|业务|服务|工作)?$")
_AGENT = re.compile(
    r"(?:“[^”]{1,20}”|[\u4e00-\u9fff（）()“”、]{0,22}?(?:政府|办公室|机关|部门|机构|委员会|中心|法院|检察院|组织|专班|大队|支队|司法所|服务所|"
    rf"(?<![公当结布])局|委办|单位|说事点|街道|乡镇|镇街|律师|顾问|(?:执法|巡查|督查|工作)队|工作站|平台|大厅|公证处|仲裁委|领域|[县市区州镇乡旗]长|书记))(?:全年|共|累计|已|先后|依法|均|共计|协同|联合|主动|积极|通过)*(?:[共现]有|(?=(?:{_VERB})(?!率)))"
)
"""Who did it, before the verb."""
_FILLING = re.compile(
    rf"^向[\u4e00-\u9fff、]{{2,16}}(?=(?:报备|备案|报送备案)$)|各级各类|各类|各项|各种|(?<=[一-龥”])(?<!公)(?:全年|累计|共计|先后|共)(?=(?:{_VERB}))|(?<=[理查办解处占取开])全[省市县区州旗镇](?!法)|(?<=[一-龥])了(?=[一-龥“])(?!率)"
)
_MAY_FILL = re.compile("[向各全累共先了]")
_STOP = re.compile(
    r"的|(?:减少|增加|压减|压缩|缩短|下降|上升|提高|精简|扩大|增至|降至)(?=[到至为了\d])|(?<![绝针])对(?!象|接|账)|将(?!军)|被(?!告|申|执|征|调|救|援)|(?<![存潜现])在(?!册|校|职|编|建|逃|线|押|刑|岗)|(?<![方导])向(?!导)|均(?!衡)|已(?!婚)|"
    r"都(?!市)|(?<![自理])由|未(?!成年|来)|(?<!公)共(?!同|享|治|建|服|青|产|和)|(?<!行|认|作|成)为(?!主)|于|从(?!业)|实现|开展|进行|完成|参加|参与|取得|荣?获|通过|成立|"
    r"组建|设立|设置|配备|配齐|建立|建成|落实|聘用|聘请|提供|接受|讲授|达到|达标|具有|拥有|入选|入驻|进驻|纳入|统一|正在|得到|受到|予以|给予|结对|听取|审议|办结|参训|推进|推动|"
    r"上线|挂牌|存在|先行|全部|全面(?!依法)|全覆盖|联合|同步|先后|累计|分别|率先|顺利|依法(?!治|行政)|按时|按期|及时|如期|逐[项一]|全年|担任|做到|集中(?!地)|签订|签约|履行|使用|运用|下沉|划入|移交|移送|"
    r"出具|发放|涉及|用于|包含|包括|发现|形成|印发|出台|制定|进入|转入|不断|持续|主动|深入|整改|以及|(?:和|与|及)(?=[0-9０-９])|同比|环比|较上|比上|占|并|等(?!级)|给|到|"
    r"有序|成功|列入|投入|转为|同时|充实|免费|代写|打捆|确定|可(?!信)(?<!许可)"
)
"""Where a noun behind its number ends; characters that stand inside nouns too (对象, 单位, 许可) are left alone there."""
_BEHIND_NUMBER = re.compile(r"\s*(?:以上|以下|以内|左右|余|多)?\s*(?:的)?")
_NO_NOUN = re.compile(
    rf"[\s]*(?:[，。；：、！？,;:!?（()）】”\n0-9０-９]|$|到|于|给|并|且|和|与|及|其中|同比|环比|较|比|占|均|已|用于|是|为|涉及|(?:{_STOP.pattern}))"
)
_MODIFIED = re.compile(rf"拟(?:{_VERB}){{1,2}}的(?=[\u4e00-\u9fff])")
"""12件拟出台的规范性文件: what is counted stands behind what is to become of it."""
_ASIDE = re.compile(r"[“《]|[（(](?![\u4e00-\u9fff、]{1,8}[）)](?:[\u4e00-\u9fff]|$))")
_TOGETHER = re.compile(r"(?:[和与及暨近约超逾\s]|以及|(?<![初高集])中)+$")
_ACTION = re.compile(rf"(?:广泛|集中|专题|现场|实地|带头|参观)?(?:{_VERB}|研究|参观|(?<=广泛)\S)")
_ACTS = re.compile(rf"(?:正在|已|均|全部)?(?:{_VERB}|实现)")
_VERB_SET = frozenset(_VERBS.split())
_VERB_FIRSTS = frozenset(verb[0] for verb in _VERB_SET)
_VERB_LAST = frozenset(verb[-1] for verb in _VERB_SET)
_VERB_START = re.compile(_VERB)
_BEFORE_NOUN = re.compile(r"(?:^|[对将向为给把从由会同在会同针以])$|(?:明确|实现|做到|按照?|覆盖|深入|共有|现有|会同|涉及|惠及|其余|来自)$")
_OPENS = re.compile(r"(?:[的到为出了着成入定]|任命|考录|规范|调整|删减|首次|连续|方面)$")
"""What right before a number with a noun behind it shows that the noun is what is counted, whatever stands before."""
_ASIDES = re.compile(r"[（(](?:包括|含|其中|不含|不包括|[^（）()]{7})[^（）()]*[）)]$")
_MANNER = re.compile(r"(?:以|通过|经)(?P<how>.{1,24}?)(?:等)?(?:方式)?(?P<did>结案|终止|审结|办结|化解)$")
_VERB_FIRST = re.compile(rf"(?:{_VERB})(?:(?:[、和并及与]|以及)?(?:{_VERB}|规范(?!性)))*出?(?=[\u4e00-\u9fff“《（0-9A-Z])")
_LEVEL = re.compile(r"(?:国家|[省市县区州部乡镇])级|全[国省市县]")
_PERSONS = {"名": "人", "位": "人"}
_GENERAL = re.compile(rf"(?P<did>(?:{_VERB}){{1,2}})(?P<what>案件|申请)")
"""受理案件: of what kind, only the text before says."""
_ACROSS = re.compile(rf"[\u4e00-\u9fff0-9“”]{{1,16}}?(?:热线|平台|窗口|系统|大厅)(?:{_VERB})(?=[\u4e00-\u9fff])")
_ITEM = re.compile(r"[。；：！？;:!?\n](?:\s*[一二三四五六七八九]?十?[一二三四五六七八九十]是|(?<=\n))")
_NUMBERED = re.compile(
    r"\s*(?:[一二三四五六七八九]?十?[一二三四五六七八九十]是|[（(][一二三四五六七八九十\d]{1,3}[）)]|[一二三四五六七八九十]{1,3}、|\d{1,2}[.．、])"
)
_CAUSES = ("组织", "推动", "完成", "推进")
"""Verbs whose object goes on behind the noun: 组织79个部门开展案卷评查."""
_ONE_BY_ONE = re.compile(
    r"(?P<how>同比|环比|[较比]上年)?分别(?P<what>同比|环比|[较比]上年)?(?:(?P<changed>增长|上升|提高|提升|增加|下降|减少|降低)了?|达到?|为|是|有|占)?$"
)
_MARKS = re.compile(r"[，。；：！？,;:!?\n\r\t…（()）]")
_CHUNK = re.compile(r"(?:[（(][^（）()\n]{1,10}[）)]|[^，。；：、！？,;:!?\n])*")
_OF_HOTLINE = ("诉求", "工单", "群众诉求")
_BEYOND = re.compile(r"(?:高于|低于|超过|高出|好于|优于)[全本]?[国省市县区]")
_YEARS = re.compile(r"(?P<years>(?:(?:19|20)\d\d年[、和]){1,6}(?:19|20)\d\d年)分别")
_BETWEEN = ("、", "和", "及", "与", "，")
_BODIES = re.compile(r"部门|单位|乡镇|街道|镇街|县区|企业|机关|机构|行业")
_OTHER_YEAR = re.compile(r"(?P<since>[由从])?(?P<year>(?:19|20)\d\d年|去年|上年|[一二三四]季度|上半年|年初)(?:度|同期|底|末)?的?$")
_END = re.compile(r"[，。；：、！？,;:!?\n]")
_SHARES = ("%", "‰", "个百分点", "百分点", "倍", "比", "分", "元")
"""Units that stand behind a name, never before a noun with a verb before them."""
_OCCASIONS = ("次", "场", "场次", "轮", "人次", "批次", "期", "件次")


@dataclass(slots=True)
class _Said:
    """What the text before a number said, for the clauses that leave it out."""

    text: str
    heading: str
    """What the text stands under."""
    item: int
    """Where the item or paragraph begins."""
    at: int = 0
    """Where the number begins."""
    end: int = 0
    """Where what the number before counts ends."""
    label: str = ""
    """Of the number before."""
    nouns: dict[str, str] = field(default_factory=dict)
    """What was counted last by each unit, without its verb."""
    noun: str = ""
    """What was counted last."""
    how: str = ""
    """With what the last number was compared."""
    recent: list[str] = field(default_factory=list)
    """The labels of the sentence so far."""
    joined: int = 1
    """How many numbers stand side by side behind 分别."""
    years: list[str] = field(default_factory=list)
    """Of the numbers that follow one by one."""
    is_part: bool = False
    """Whether the number is one of those behind 其中."""
    names: list[str] = field(default_factory=list)
    """For the numbers that follow one by one: 受理、审结分别为81件、80件."""

    def counts(self, noun: str, unit: str) -> None:
        """Note what was counted; what is only a part of it ("其中企业5户、个体7户") does not take its place."""
        if not self.is_part or not self.noun:
            self.noun = self.nouns[_PERSONS.get(unit, unit)] = noun

    def counted(self, unit: str) -> str:
        """What was counted last by a unit."""
        return self.nouns.get(_PERSONS.get(unit, unit), "")

    def about(self, noun: str) -> str:
        """What a bare verb or rate is about: the noun before it, shortened to its topic where it is one; else the topic of the text."""
        if noun:
            found = _OF_TOPIC.search(noun)
            return found[1] if found else noun
        topics = TOPIC.findall(self.text, max(self.item, self.at - _BACK), self.at) or TOPIC.findall(self.heading)
        return topics[-1] if topics else ""


def label_all(text: str, quantities: list[Quantity], heading: str = "") -> list[str]:
    """What each of the quantities of a text counts, in their order; empty where nothing says it.

    Args:
        text: As printed.
        quantities: Of the text, in order.
        heading: What the text stands under; a topic is taken from it where the text names none.
    """
    labels: list[str] = []
    said = _Said(text, heading, 0)
    behind = looked = 0
    backwards = text[::-1]
    limits = [quantity.start for quantity in quantities[1:]] + [len(text)]
    for place, (quantity, limit) in enumerate(zip(quantities, limits, strict=False)):
        at = quantity.start
        item = said.item
        if text.find("是", looked, at) >= 0 or text.find("\n", looked, at) >= 0:
            for mark in _ITEM.finditer(text, looked, at):
                item = mark.end()
        looked = at
        if item > said.item or text.find("。", behind, at) >= 0:
            said = _Said(text, heading, item)
        said.at, said.end = at, behind
        start = _clause_start(text, backwards, at, behind)
        if text.find("分别", start, at) >= 0:
            said.joined = _joined(text, quantities, place)
        label, behind = _label(text, quantity, start, limit, said)
        labels.append(label[:LONGEST])
    return labels


def _joined(text: str, quantities: list[Quantity], place: int) -> int:
    """How many numbers stand side by side from one on: 8.7%和12.5%."""
    pairs = pairwise(quantities[place : place + LONGEST])
    return 1 + sum(1 for _ in takewhile(lambda pair: text[pair[0].end : pair[1].start] in _BETWEEN, pairs))


def _clause_start(text: str, backwards: str, at: int, behind: int) -> int:
    """Where the clause before `at` begins: behind a mark, an open bracket or the number before. `backwards` is the text from its end."""
    closed = 0
    first = max(behind, at - _REACH)
    found = _MARKS.search(backwards, len(text) - at, len(text) - first)
    while found:
        mark = len(text) - found.end()
        char = text[mark]
        if char in "）)":
            closed += 1
        elif char in "（(":
            if not closed and mark + 1 < at:
                return mark + 1
            closed -= 1
        elif char == "," and text[mark + 1 : mark + 2].isdigit() and text[mark - 1 : mark].isdigit():
            pass
        # "案件：81件" has its noun before the mark.
        elif char not in "：:" or mark + 1 != at:
            return mark + 1
        found = _MARKS.search(backwards, found.end(), len(text) - first)
    return first


def _label(text: str, quantity: Quantity, start: int, limit: int, said: _Said) -> tuple[str, int]:
    """The label, and where what it was read from ends."""
    before = text[start : quantity.start]
    if "|" in before:
        # The cells of a row.
        before = before.strip(" |")
    if before.endswith(("、", "和", "及", "与")):
        before = ""
    if before[:1] in _NUMBERED_FIRST and (numbered := _NUMBERED.match(before)):
        before = before[numbered.end() :]
    said.is_part = "其中" in text[start : start + 3] or (said.is_part and text[said.end : start].strip() in ("", "、"))
    one_by_one = years = None
    if "分别" in before:
        one_by_one = _ONE_BY_ONE.search(before)
    if one_by_one:
        names = _names_one_by_one(before[: one_by_one.start()])
        if one_by_one["changed"] and not before[: one_by_one.start()]:
            names = said.recent[-said.joined :]
        said.names = [name + (one_by_one["how"] or one_by_one["what"] or "") for name in names]
        if one_by_one["changed"]:
            before = ""
    if "分别" in before and (years := _YEARS.match(before)):
        said.years = re.split("[、和]", years["years"])
        said.names = [before[years.end() :]] * len(said.years)
    name, how, changed, then = _take_apart(before)
    if said.names and (one_by_one or years or not name):
        name = said.names.pop(0)
        if said.years:
            # The last year is the report's own.
            then = said.years.pop(0) if len(said.years) > 1 else ""
        elif quantity.is_share:
            said.label = _clean(name)
            return said.label, quantity.end
    used = quantity.end
    if how and not name and not changed:
        # "较2022年558件增加了555件": what it was in the other year, then by how much it changed since.
        said.how = how
        return re.sub("^相?[较比与]", "", how) + said.label, used
    if changed and not name:
        return said.label + (how or said.how), used
    if quantity.unit in _SHARES and name and not _BEFORE_NOUN.fullmatch(name):
        label = _share(name, said)
        if name.startswith("占") or _BEYOND.match(name):
            return label, used
        said.label = label
    else:
        label, used = _count(text, quantity, name, limit, said)
        said.label = label[:LONGEST]
    said.how = ""
    said.recent.append(said.label)
    return then + said.label + how, used


def _names_one_by_one(names: str) -> list[str]:
    """调解、排查和预防纠纷量: 调解纠纷量, 排查纠纷量, 预防纠纷量."""
    parts = re.split("[、和及与]", _without_lead(names))
    tail = parts[-1][len(parts[0]) :] if parts[0][-1:] != parts[-1][-1:] else ""
    return [part if place == len(parts) - 1 else part + tail for place, part in enumerate(parts)] if len(parts) > 1 else []


def _without_lead(text: str) -> str:
    while text and (text[0] in _LEAD_FIRST or not text[0].isalnum()) and (lead := _LEAD.match(text)):
        text = text[lead.end() :]
    return text


@lru_cache(maxsize=_REMEMBERED)
def _take_apart(before: str) -> tuple[str, str, bool, str]:
    """The name in the clause before a number, with what it was compared, whether it says a change, and of which other year it is."""
    if before and before[0] not in _LEAD_FIRST and before[0].isalnum() and before[-1] not in _TOLD_LAST:
        return before, "", False, ""
    # 与 may join to what was before, but not in 与去年相比.
    name, then = before if before.startswith("与") and _WITH_ANOTHER.match(before) else _without_lead(before), ""
    if name[-1:] in _OTHER_YEAR_LAST and (another := _tail(_OTHER_YEAR, name)) and not _tail(_HOW, name):
        # "纠错率由2021年的15.3%降至2023年的8.6%"
        name, then = name[: another.start()], another["year"] if another["since"] else ""
    name, how, changed = _without_change(name)
    return _without_lead(name), how, changed, then


def _without_change(text: str) -> tuple[str, str, bool]:
    """The name before 同比增长 and 由 … 缩短至, with what it was compared and whether it says a change."""
    short = _without_trail(text)
    change = _tail(_CHANGE, text) if text[-1:] in _CHANGE_LAST else None
    if change is None and short[-1:] in _CHANGE_LAST:
        change = _tail(_CHANGE, short)
    text = _without_trail(change.string[: change.start()]) if change else short
    how = ""
    if text[-1:] in _HOW_LAST and (compared := _tail(_HOW, text)):
        how, text = compared["how"], _without_trail(text[: compared.start()])
    return text, how, change is not None


def _tail(expression: re.Pattern[str], text: str) -> re.Match[str] | None:
    """What a text ends with; these expressions are tried at each character, and none reaches back further."""
    return expression.search(text, max(0, len(text) - _LONGEST_TAIL))


def _without_trail(text: str) -> str:
    while text[-1:] in _TRAIL_LAST and (trail := _tail(_TRAIL, text)):
        text = text[: trail.start()]
    return text


def _share(name: str, said: _Said) -> str:
    """The label of a rate, a sum of money and what else stands behind its name."""
    name = _clean(name)
    if _BEYOND.match(name):
        return said.label + name
    if name.endswith("占") and len(name) > 1:
        return name.removesuffix("占").removesuffix("的") + "占比"
    if name.startswith("占"):
        return said.label + (name if len(name) > 1 else "占比")
    if not _RATE.fullmatch(name):
        return name
    if name in ("占比", "比例"):
        return said.label + name
    if name == "成功率" and re.search("调解|调处|化解", said.label):
        name = "调解成功率"
    noun = said.about(said.noun)
    if noun in _OF_HOTLINE and "12345" in said.text[said.item : said.at]:
        noun = "12345热线" + noun
    # 一审行政诉讼败诉案件5件，败诉率3.6%: the act is said once.
    act = noun.find(name.removesuffix("率").removeprefix("直接").removeprefix("综合"))
    # 行政调解成功率 of 行政调解 and 调解成功率.
    return (noun[:act] if act > 0 else noun.removesuffix(name[:2]) if len(name) > 3 else noun) + name


def _count(text: str, quantity: Quantity, name: str, limit: int, said: _Said) -> tuple[str, int]:
    """The label of a number of things, and where what it was read from ends."""
    verb = _last_verb(name)
    before_noun = (
        len(name) <= 2
        or verb != ""
        or (text[quantity.start - 1] in _OPENS_LAST and _OPENS.search(text, max(0, quantity.start - 2), quantity.start) is not None)
        or (name[-1] in _NOUN_NEXT_LAST and _tail(_BEFORE_NOUN, name) is not None)
    )
    at, next_to = quantity.end, text[quantity.end : quantity.end + 1]
    if (next_to in _BETWEEN_FIRST or next_to.isspace()) and (behind := _BEHIND_NUMBER.match(text, at)):
        at = behind.end()
    if before_noun and (noun := _noun(text, at, limit)):
        said.counts(noun[0], quantity.unit)
        did = verb if not noun[2] and (text[quantity.start - 1] != "的" or name == verb) else ""
        return ("" if did in _CAUSES else did) + noun[0], noun[1]
    acts = quantity.unit in _OCCASIONS and _ACTION.match(text, at) is not None
    if acts and (name[:1] in ("", "为", "向", "对") or not _VERB_START.search(name)):
        ending = _END.search(text, at, limit)
        end = ending.start() if ending else limit
        return _FILLING.sub("", text[at:end]), end
    label = _clean(name)
    if not label:
        ending = _END.search(text, at, limit)
        action = text[at : ending.start() if ending else limit].strip()
        if _ACTS.match(action):
            return action, at + len(action)
        label = _before_mark(said.text, quantity.start, said.end)
        if not label:
            return said.label, quantity.end
    if label[0] in "以通经" and (manner := _MANNER.fullmatch(label)):
        return said.about(said.counted(quantity.unit)) + manner["how"] + manner["did"], quantity.end
    if label.endswith(_DONE_LAST) and _BARE.fullmatch(label):
        return said.about(said.counted(quantity.unit)) + label, quantity.end
    if label.endswith(("案件", "申请")) and (general := _GENERAL.fullmatch(label)) and (topic := said.about("")):
        label = general["did"] + topic + general["what"]
    if len(label) <= 3 and _LEVEL.fullmatch(label):
        return label + _LEVEL.sub("", said.counted(quantity.unit), count=1), quantity.end
    noun_only = _noun_of(label)
    if len(noun_only) > 1:
        said.counts(noun_only, quantity.unit)
    return label, quantity.end


def _last_verb(name: str) -> str:
    """The verb that a clause ends with, without 了; empty for none."""
    bare = name[:-1] if name.endswith(("了", "起", "过")) else name
    if bare[-1:] not in _VERB_LAST:
        return ""
    return next((bare[-size:] for size in (6, 5, 4, 3, 2) if bare[-size:] in _VERB_SET), "")


def _before_mark(text: str, at: int, behind: int) -> str:
    """The name in the clause before: "行政处罚类数量最多，共349件"."""
    before = text[max(behind, at - LONGEST) : at]
    clauses = re.split("[，,]", before)
    if len(clauses) < 2 or _END.search(clauses[-1]):
        return ""
    return _clean(_without_trail(_without_lead(re.split("[。；：;:]", clauses[-2])[-1])))


@lru_cache(maxsize=_REMEMBERED)
def _noun_of(label: str) -> str:
    """What a label counts, without its verb: 受理行政复议案件, 12345热线受理诉求, 行政复议受理."""
    if label in _VERB_SET:
        return ""
    if first := (label[:1] in _VERB_FIRSTS and _VERB_FIRST.match(label)) or _ACROSS.match(label):
        return label[first.end() :]
    if label.endswith(_DONE_LAST) and not TOPIC.match(label):
        return ""
    if (topic := TOPIC.match(label)) and _BARE.fullmatch(label, topic.end()):
        return topic[0]
    return label


@lru_cache(maxsize=_REMEMBERED)
def _clean(name: str) -> str:
    """Without who did it and what says nothing."""
    filled = _FILLING.sub("", name) if _MAY_FILL.search(name) else name
    name = (_ASIDES.sub("", filled) if filled[-1:] in ("）", ")") else filled) or name
    if (
        not name.endswith(("率", "比例", "占比", "满意度"))
        and not (name[:1] in _VERB_FIRSTS and _VERB_START.match(name))
        and (agent := _AGENT.match(name))
    ):
        name = name[agent.end() :]
    name = _without_lead(name)
    if not (name[:1].isalnum() and name[-1:].isalnum()):
        name = name.strip("、，“ " if name.count("“") != name.count("”") else "、， ")
    return name if len(name) <= LONGEST else name[-LONGEST:]


def _noun(text: str, at: int, limit: int) -> tuple[str, int, bool] | None:
    """The noun behind a number, with where it ends, and whether it only belongs to another: 15家单位的“三定”规定."""
    if text[at : at + 1] in _NO_NOUN_FIRST:
        return None
    if text.startswith("拟", at) and (modified := _MODIFIED.match(text, at)):
        at = modified.end()
    if _NO_NOUN.match(text, at):
        return None
    found = _CHUNK.match(text, at, min(limit, at + LONGEST))
    chunk = found[0] if found else ""
    skip = chunk.find("”") + 1 if chunk.startswith("“") else 1
    stop = _STOP.search(chunk, skip)
    owns = stop is not None and stop[0] == "的"
    if stop:
        chunk = chunk[: stop.start()]
    elif at + len(chunk) == limit and not _TOGETHER.search(chunk) and (body := _BODIES.search(chunk)):
        # "48个部门权责事项5632项": what is behind the bodies is counted by the next number.
        chunk = chunk[: body.end()]
    if skip == 1 and (aside := _ASIDE.search(chunk, 1)):
        chunk = chunk[: aside.start()]
    chunk = _TOGETHER.sub("", chunk)
    return (chunk, at + len(chunk), owns) if chunk else None
