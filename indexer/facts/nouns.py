"""Finds the noun that a number counts: after the number, or in a label beside its verb."""

from __future__ import annotations

import re
from functools import lru_cache

from indexer.facts.clauses import LONGEST, REMEMBERED
from indexer.facts.topics import TOPIC
from indexer.facts.verbs import VERB, VERB_FIRSTS, VERB_SET

_NO_NOUN_FIRST = frozenset("|，。；：、！？,;:!?（()）】”\n0123456789")
DONE = (
    "纠正|现场|受理|审结|办结|结案|收案|受案|立案|撤案|审理|维持|撤销|变更|驳回|终止|调解|和解|调处|化解|成功|败诉|胜诉|备案|报备|清理|废止|失效|宣布|修改|修订|拟|保留|"
    "整改|完成|到位|移送|移交|公安机关|司法机关|检察机关|确认违法|责令|限期|履行|履职|重作|重做|审查|审核|解除|在册|采纳|取消|下放|承接|办复|答复|公开|不予|纠错|直接|通过|合格|"
    "优秀|处理|转办|完结|执行|执结|采信|申请|收到|作出|判决|裁定|决定|撤回|撤诉|准予|许可|按时|按期|及时|依法|综合|正在|全部|尚未|结转|新收|新增|总数|被|有效|继续|出庭|应诉|[和并或及、已均续]"
)
BARE = re.compile(rf"(?:{DONE})+")
DONE_LAST = tuple(DONE.partition("|[")[0].split("|")) + tuple("和并或及、已均续")
"""Words for what was done, not for what it was done to; that is in the clause before."""
_STOP = re.compile(
    r"的|(?:减少|增加|压减|压缩|缩短|下降|上升|提高|精简|扩大|增至|降至)(?=[到至为了\d])|(?<![绝针])对(?!象|接|账)|将(?!军)|被(?!告|申|执|征|调|救|援)|(?<![存潜现])在(?!册|校|职|编|建|逃|线|押|刑|岗)|(?<![方导])向(?!导)|均(?!衡)|已(?!婚)|"
    r"都(?!市)|(?<![自理])由|未(?!成年|来)|(?<!公)共(?!同|享|治|建|服|青|产|和)|(?<!行|认|作|成)为(?!主)|于|从(?!业)|实现|开展|进行|完成|参加|参与|取得|荣?获|通过|成立|"
    r"组建|设立|设置|配备|配齐|建立|建成|落实|聘用|聘请|提供|接受|讲授|达到|达标|具有|拥有|入选|入驻|进驻|纳入|统一|正在|得到|受到|予以|给予|结对|听取|审议|办结|参训|推进|推动|"
    r"上线|挂牌|存在|先行|全部|全面(?!依法)|全覆盖|联合|同步|先后|累计|分别|率先|顺利|依法(?!治|行政)|按时|按期|及时|如期|逐[项一]|全年|担任|做到|集中(?!地)|签订|签约|履行|使用|运用|下沉|划入|移交|移送|"
    r"出具|发放|涉及|用于|包含|包括|发现|形成|印发|出台|制定|进入|转入|不断|持续|主动|深入|整改|以及|(?:和|与|及)(?=[0-9０-９])|同比|环比|较上|比上|占|并|等(?!级)|给|到|"
    r"有序|成功|列入|投入|转为|同时|充实|免费|代写|打捆|确定|可(?!信)(?<!许可)"
)
"""Where a noun after its number ends; characters that also occur inside nouns (对象, 单位, 许可) are exempted there."""
_NO_NOUN = re.compile(
    rf"[\s]*(?:[，。；：、！？,;:!?（()）】”\n0-9０-９]|$|到|于|给|并|且|和|与|及|其中|同比|环比|较|比|占|均|已|用于|是|为|涉及|(?:{_STOP.pattern}))"
)
_MODIFIED = re.compile(rf"拟(?:{VERB}){{1,2}}的(?=[\u4e00-\u9fff])")
"""12件拟出台的规范性文件: the noun is after what is planned for it."""
_ASIDE = re.compile(r"[“《]|[（(](?![\u4e00-\u9fff、]{1,8}[）)](?:[\u4e00-\u9fff]|$))")
_TOGETHER = re.compile(r"(?:[和与及暨近约超逾\s]|以及|(?<![初高集])中)+$")
_VERB_FIRST = re.compile(rf"(?:{VERB})(?:(?:[、和并及与]|以及)?(?:{VERB}|规范(?!性)))*出?(?=[\u4e00-\u9fff“《（0-9A-Z])")
_ACROSS = re.compile(rf"[\u4e00-\u9fff0-9“”]{{1,16}}?(?:热线|平台|窗口|系统|大厅)(?:{VERB})(?=[\u4e00-\u9fff])")
_CHUNK = re.compile(r"(?:[（(][^（）()\n]{1,10}[）)]|[^，。；：、！？,;:!?\n])*")
_BODIES = re.compile(r"部门|单位|乡镇|街道|镇街|县区|企业|机关|机构|行业")


@lru_cache(maxsize=REMEMBERED)
def noun_of(label: str) -> str:
    """What a label counts, without the verb: in 受理行政复议案件, 12345热线受理诉求, 行政复议受理."""
    if label in VERB_SET:
        return ""
    if first := (label[:1] in VERB_FIRSTS and _VERB_FIRST.match(label)) or _ACROSS.match(label):
        return label[first.end() :]
    if label.endswith(DONE_LAST) and not TOPIC.match(label):
        return ""
    if (topic := TOPIC.match(label)) and BARE.fullmatch(label, topic.end()):
        return topic[0]
    return label


def noun_behind(text: str, at: int, limit: int) -> tuple[str, int, bool] | None:
    """The noun after a number, where it ends, and whether it is only the owner of another noun: 15家单位的“三定”规定."""
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
        # "48个部门权责事项5632项": what is after the bodies is counted by the next number.
        chunk = chunk[: body.end()]
    if skip == 1 and (aside := _ASIDE.search(chunk, 1)):
        chunk = chunk[: aside.start()]
    chunk = _TOGETHER.sub("", chunk)
    return (chunk, at + len(chunk), owns) if chunk else None
