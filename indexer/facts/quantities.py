"""Numbers with their units: which runs of digits of a text count something. Open it where a number is found that counts nothing,
or one is missed, or its value is wrong.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from decimal import Decimal
from string import ascii_letters, digits
from typing import NamedTuple

from indexer.facts.topics import one_of


class Quantity(NamedTuple):
    """A number with its unit. Offsets are half-open, in code points of the text."""

    start: int
    end: int
    """Behind the unit: 近 before and 以上 behind it are outside, 余 in "20000余册" is inside."""
    value: str
    to: str | None
    unit: str
    approximate: str | None
    falls: bool = False
    """Whether the text says that something became less by it; the value has its minus already."""

    @property
    def is_share(self) -> bool:
        """Whether it is a part of a whole, or a change of one."""
        return self.unit in _PARTS


UNITS = """
人次 人(次) 人（次） 人/次 件次 件(次) 件（次） 件/次 项次 户次 家次 车次 辆次 场次 节次 批次 台次 期次 篇次 个次 组次 班次 点次 宗次 起次
轮次 份次 期（次） 起（件） 件（起） 人（名） 场（次） 场(次) 件（宗） 宗（件） 户（次）
个工作日 工作日 个百分点 百分点 个小时 小时 分钟 学时 课时 学分 微克/立方米 平方公里 平方千米 平方米 立方米 公里 千米 平米 公顷 千瓦时 公斤
千克 美元 欧元 港元 元 件 起 宗 项 份 册 本 部 篇 条 名 位 个 家 户 所 处 座 场 次 批 期 卷 例 类 种 支 辆 台 套 块 幅 张 封 笔 只 头 亩
吨 米 天 人 分 票 轮 组 间 片 栋 桩 单 通 趟 面 根 株 棵 艘 瓶 箱 斤 堂 集 遍 页 门 款 包 枚 粒 尾 栏 倍 % ％ ‰ TB GB PB
"""
_NOT_BEHIND = {
    # Where the unit's character begins another word: 5条例, 12部门, 3处理 count nothing; 12项目标 are 12项, 3个月 are time.
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
"""What is counted by 个 although its first character stands behind 个 in other words too."""
_DURATIONS = ("个小时", "小时", "分钟", "天", "个工作日", "工作日")
_SCALES = {"十": 10, "百": 100, "千": 1000, "万": 10**4, "亿": 10**8}
_HAN_DIGITS = {char: value for value, char in enumerate("零一二三四五六七八九")} | {"〇": 0, "两": 2}

_MARKS_IN_NUMBERS = str.maketrans({",": None, "，": None, "．": "."})
_HAN = "零〇一二两三四五六七八九十百千万亿"
_NUMBER = r"(?:[0-9０-９]{1,3}(?:[,，][0-9０-９]{3}){1,4}(?![0-9０-９])|[0-9０-９]{1,15})(?:[.．][0-9０-９]{1,6})?"
_ANY = rf"(?>{_NUMBER}|[{_HAN}]{{1,12}})"
_SCALE = r"[ \u3000\xa0]{0,2}(?:万亿|百万|千万|十万|[百千万亿])"
_UNIT = one_of(UNITS.split())
_QUANTITY = re.compile(
    rf"""
    百分之(?P<percent>{_NUMBER}|[{_HAN}]{{1,3}}(?:点[{_HAN}]{{1,4}})?)
    | 千分之(?P<permille>{_NUMBER}|[{_HAN}]{{1,3}})
    | (?P<tenths>[二三四五六七八九2-9])成(?P<half>[一二三四五六七八九半])?(?![立员果效功为本长熟都交绩就品型份人分套年])
    | (?P<left>{_NUMBER})[:：∶比](?P<right>{_NUMBER})(?![0-9０-９:：∶])
    | (?P<first>{_ANY})(?P<some>[余多])?(?P<scale>{_SCALE})?(?P<more>[余多])?[ \u3000\xa0]{{0,2}}
      (?:(?<=亿)(?P<rest>{_NUMBER})(?P<scale3>[千百]?万))?
      (?:(?P<unit1>{_UNIT})?(?:[-—–－~～〜至到]|——)
         (?P<last>{_ANY})(?P<scale2>{_SCALE})?(?P<more2>[余多])?[ \u3000\xa0]{{0,2}}(?P<unit2>{_UNIT})
       |(?P<unit>{_UNIT}))
    """,
    re.VERBOSE,
)
_BEHIND_DIGITS = "".join({unit[0] for unit in UNITS.split()}) + "余多几.．,，:：∶比成之点—–－~～〜至到 \u3000\xa0百千万亿十-"
_TO = "-—－–~～〜至到"
_RUN = re.compile(
    rf"[0-9０-９{_HAN}](?:(?<=[0-9])(?P<rest>[0-9]{{0,14}})(?P<part>\.[0-9]{{1,6}})?(?P<some>[余多])?(?P<unit>(?>{_UNIT}))(?![{_TO}])"
    rf"|(?:(?<=[0-9０-９])[0-9０-９]*+|(?<=[{_HAN}])[{_HAN}]*+)(?=[{_BEHIND_DIGITS}]))"
)
"""A number can only begin where one of these does, and only with what may stand behind its digits: what is counted by 2022年12件 is 12.
Digits with a unit right behind them, which most figures are, it reads itself."""
# A name in marks counts nothing; what is longer than a name is speech, and read.
_NAMES = re.compile(
    r"[《“‘「『\"〔\[【（(](?:(?<=《)[^《》\n]{0,120}(?:《[^《》\n]{0,80}》[^《》\n]{0,80})?》"
    r"|(?<=“)[^“”\n。；！？]{1,40}”|(?<=‘)[^‘’\n。；！？]{1,40}’|(?<=\")[^\"\n。；！？]{1,40}\"|(?<=「)[^「」\n。]{1,40}」|(?<=『)[^『』\n。]{1,40}』"
    r"|(?<=[〔\[【（(])[0-9０-９]{4}[〕\]】）)][ 第]{0,2}[0-9０-９]{1,6}号)"
)
_FULL_WIDTH = "".join(chr(ord(char) - ord("!") + ord("！")) for char in digits + ascii_letters)
_STUCK = frozenset("第〇·•．.+＋×xX*＊#№@/∕_±°$￥-前每逐某" + digits + ascii_letters + _FULL_WIDTH)
"""What right before a number says that it counts nothing: 第3条, 12·4, 6+1类, IPv6, 前3名."""
_NOT_STUCK = re.compile(r"[目之以此日年提当会]前$|[\u4e00-\u9fff]-$")
_BEFORE = re.compile(
    r"(?:(?P<word>超过了?|超额|超|将近|接近|近|大约|约为?|约|逾|突破了?|不少于|不低于|不足|不到|不超过|至少|最多|最少|上)\s?)$"
)
_CORE = {
    "超过": "超", "超过了": "超", "将近": "近", "接近": "近", "大约": "约", "约为": "约", "突破": "超", "突破了": "超", "超额": "超",
}  # fmt: skip
_BEHIND = re.compile(r"[ ]?(以上|以下|以内|左右|上下|之多|余|多(?![元种个样次数发方]))")
_FALLS = re.compile(
    r"(?:(?:下降|减少|降低|压缩|压减|缩短|缩减|精简|削减|下跌|回落|下滑|降|少|短|负增长)了?(?:近|约|超过?|逾|将近|接近|大约)?"
    r"|(?:降幅|减幅|跌幅|(?:下降|减少|降低|压缩|缩减)(?:幅度|比例)?)(?:达到?|为|约|超过?|近){0,2})$"
)
_BEFORE_LAST = frozenset("过了额超近约为逾破于足到少多上")
_FALLS_LAST = frozenset("降少低缩减短简跌落滑长了近约超过逾幅度例达到为")
# An expression that ends with the text is looked for only behind what it can end with: it is tried at each character.
_FALLS_BY = re.compile(r"(?:减少|压减|压缩|缩短|精简|降低)(?:(?![率例比到至为于])[\u4e00-\u9fff]){1,8}$")
_TIME_TAKEN = re.compile(
    r"(?:缩短|压缩|减少|压减|提速|延长|增加|提前|平均|时长|时间|周期|时限|天数|时数|累计|共计|总计|仅需|仅用|降|由|从|控制|耗时|用时)"
    r"(?:[了至到为在达约近超共]|超过|以内){0,3}$"
)
_JOINS = ("、", "和", "及", "与")
_SHARED = re.compile(
    rf"(?:分别|增长|上升|提升|提高|增加|下降|降低|减少|压缩)(?:了|为|达到?)?(?P<numbers>(?<![0-9０-９.]){_NUMBER}(?:[、和]{_NUMBER}){{0,5}})[、和及与]$"
)
_NEXT_NOUN = re.compile(r"[、和及与][\u4e00-\u9fff]{2,8}")
_POINTS = re.compile(r"方面|层面|维度|到位|全覆盖|转变|结合|坚持|强化|一[””]?|百分")
"""从5个方面 and 4个到位 divide a speech and count nothing."""
_ARTICLES = re.compile(r"第[^，。；]{1,8}[条款项][、和及至]$")
_SPENT = re.compile(r"(?:时|天数|周期|培训|学习|服务)[^，。；]{0,6}$")
_CLAUSE_END = re.compile(r"[ ]?(?:以上|以下|以内|左右|余|多)?[ ]?(?:[，。；：、！？,;:!?.）)】\n]|和|及|$)|[ ]?[0-9０-９]")
_PARTS = ("%", "‰", "个百分点", "百分点", "倍", "比")
_ENDS = re.compile(r"[ ]?(?:以上|以下|左右|余|多)?[ ]?(?:[，。；：、！？,;:!?（(）)】”\n]|到|至|和|$)")
_HAN_BEFORE = re.compile(r"[\u4e00-\u9fff”》）)]$")
_ROUTINE = re.compile(r"每|至少|最多|做到|坚持|落实|补齐|聚焦|只|仅|不|未|没|同|任|另|其")
_DISCRETE = frozenset("人次 件 起 宗 份 册 部 篇 条 项 卷 例 场次 批次 家 户".split())
_LONGEST_CLAUSE = 30
_OFTEN_NONE = frozenset(("个工作日 工作日 分 ％ 百分点 千米 千瓦时 千克 " + " ".join(_DURATIONS)).split())
"""Units before which the text has to be read before it is known whether, or what, they count."""
_READ_ON = frozenset("、和及与后数末") | _STUCK | _BEFORE_LAST | _FALLS_LAST
"""Characters before a number for which what stands before it has to be read."""
_MAY_FALL = frozenset("到为了达")
"""Those of them that stand before many numbers and change few: 达到100%, 不到100件, 下降了5%."""
_POINTS_FIRST = frozenset("方层维到全转结坚强一百")
_BEHIND_FIRST = frozenset(" 以左上之余多")


def find_quantities(text: str) -> list[Quantity]:
    """The numbers of a text that count something, in order, none overlapping another.

    Years, dates, ordinals (第713号), names in “” and 《》, telephone numbers, slogans (三项制度) and fixed expressions (24小时) are none.
    A range has both its values; 万 and 亿 are resolved; a fall has its minus; 八成 is 80 %.
    """
    run = _RUN.search(text)
    if run is None:
        return []
    names = [match.span() for match in _NAMES.finditer(text)]
    starts = [start for start, _ in names]
    found: list[Quantity] = []
    while run:
        start, at = run.start(), run.end("rest") if run["unit"] else run.end()
        name = bisect_right(starts, start) - 1
        if name >= 0 and names[name][1] > start:
            at = names[name][1]
        elif quantity := _plain_count(text, run) or _any_count(text, start):
            at = quantity.end
            if text[start - 1 : start] in _JOINS:
                found.extend(_sharing(text, quantity))
            if found and found[-1].falls and not quantity.falls and _falls_too(text, found[-1], quantity):
                quantity = quantity._replace(value=_minus(quantity.value), falls=True)
            found.append(quantity)
        run = _RUN.search(text, at)
    return found


def _plain_count(text: str, run: re.Match[str]) -> Quantity | None:
    """What `_read` would say of digits with a unit right behind them, where nothing around them may say otherwise; else None."""
    unit = run["unit"]
    if unit is None or unit in _OFTEN_NONE:
        return None
    start, end = run.span()
    before, behind = text[start - 1 : start], text[end : end + 1]
    if before in _MAY_FALL:
        if _FALLS.search(text, max(0, start - 12), start) or _BEFORE.search(text, max(0, start - 6), start):
            return None
    elif before in _READ_ON or before.isspace():
        return None
    if behind and behind in _NOT_BEHIND.get(unit, ""):
        return None
    some = run["some"]
    value = text[start : run.start("some" if some else "unit")]
    if value[0] == "0" or (run["part"] and unit in _DISCRETE) or (unit == "个" and behind in _POINTS_FIRST):
        return None
    if unit == "%" and _FALLS_BY.search(text, max(0, start - 12), start):
        return None
    if some is None and behind in _BEHIND_FIRST and (inexact := _BEHIND.match(text, end)):
        some = inexact[1]
    return Quantity(start, end, value, None, unit, some)


def _sharing(text: str, quantity: Quantity) -> list[Quantity]:
    """The numbers before that share its unit: 1.1 of 较上年提升1.1和0.9个百分点."""
    shared = _SHARED.search(text, max(0, quantity.start - _LONGEST_CLAUSE), quantity.start)
    if shared is None:
        return []
    falls = _falls(text[max(0, shared.start("numbers") - 12) : shared.start("numbers")], quantity.unit)
    numbers = re.finditer(_NUMBER, shared["numbers"])
    return [
        Quantity(
            shared.start("numbers") + number.start(),
            shared.start("numbers") + number.end(),
            _minus(str(_decimal(number[0]))) if falls else str(_decimal(number[0])),
            None,
            quantity.unit,
            None,
            falls,
        )
        for number in numbers
    ]


def _falls_too(text: str, before: Quantity, quantity: Quantity) -> bool:
    """Whether the text became less by this number as it did by the one before: 分别下降31.2%和28.6%, 压减审批环节53%、申报材料47%."""
    if before.unit != quantity.unit:
        return False
    between = text[before.end : quantity.start]
    by_noun = quantity.unit == "%" and _NEXT_NOUN.fullmatch(between) and _FALLS_BY.search(text[max(0, before.start - 12) : before.start])
    return between in _JOINS or bool(by_noun)


def _any_count(text: str, start: int) -> Quantity | None:
    """What the number that begins at `start` counts."""
    match = _QUANTITY.match(text, start)
    return _read(text, match) if match else None


def _read(text: str, match: re.Match[str]) -> Quantity | None:
    """What a match counts, None for nothing."""
    start, end = match.span()
    before = text[max(0, start - _LONGEST_CLAUSE) : start]
    if before[-1:] in _STUCK and not _NOT_STUCK.search(before):
        return None
    before = before.rstrip()
    word = _BEFORE.search(before[-6:]) if before[-1:] in _BEFORE_LAST else None
    approximate = _CORE.get(word["word"], word["word"]) if word else None
    if word and word["word"] == "上" and not match["first"]:
        approximate = None
    to: str | None = None
    value: Decimal | None
    if match["first"]:
        counted = _counted(text, match, before, approximate)
        if counted is None:
            return None
        value, last, unit, end, inner = counted
        to = _plain(last) if last is not None else None
        approximate = approximate or inner
    elif match["percent"] or match["permille"]:
        value = _decimal(match["percent"] or match["permille"])
        unit = "%" if match["percent"] else "‰"
    elif match["tenths"]:
        half = {"半": 5}.get(match["half"] or "") or _HAN_DIGITS.get(match["half"] or "", 0)
        value = Decimal((_HAN_DIGITS.get(match["tenths"]) or int(match["tenths"])) * 10 + half)
        if before and before[-1] in _HAN:
            return None
        unit = "%"
    else:
        return _ratio(text, match, approximate)
    if value is None:
        return None
    if approximate is None and (behind := _BEHIND.match(text, end)):
        approximate = behind[1]
    shown = _plain(value)
    falls = _falls(before, unit) and (unit in _PARTS or _ENDS.match(text, end) is not None)
    if before.endswith("-"):
        shown = _minus(shown)
    if falls:
        shown, to = _minus(shown), _minus(to) if to is not None else None
    return Quantity(start, end, shown, to, unit, approximate, falls)


def _minus(value: str) -> str:
    return value if not value.strip("0.") or value.startswith("-") else "-" + value


def _falls(before: str, unit: str) -> bool:
    tail = before[-12:]
    return (tail[-1:] in _FALLS_LAST and _FALLS.search(tail) is not None) or (unit == "%" and _FALLS_BY.search(tail) is not None)


def _ratio(text: str, match: re.Match[str], approximate: str | None) -> Quantity | None:
    left, right = _decimal(match["left"]), _decimal(match["right"])
    if left is None or right is None or text[match.end() : match.end() + 1] in ("年", "月", "日", "号"):
        return None
    about = text[max(0, match.start() - 12) : match.start()]
    if len(match["right"]) == 2 and left < 25 and right < 60 and not re.search(r"比例|之比|比为|比率|配比", about):
        return None  # a time of the day
    unit = re.match(rf"[ ]{{0,2}}(?:{_UNIT})", text[match.end() :])
    if unit and "比" not in about:
        return None  # "刑事：5：3件" and other slips
    return Quantity(match.start(), match.end(), f"{_plain(left)}:{_plain(right)}", None, "比", approximate)


def _counted(
    text: str, match: re.Match[str], before: str, approximate: str | None
) -> tuple[Decimal, Decimal | None, str, int, str | None] | None:
    """Value, last value of a range, unit, end, and the word inside the number that makes it inexact."""
    printed, some, more, more2, rest, unit1, unit2, unit = match.group("first", "some", "more", "more2", "rest", "unit1", "unit2", "unit")
    unit, end = unit2 or unit, match.end()
    if _goes_on(text, end, unit):
        return None
    value = _decimal(printed)
    if rest and value is not None:
        return _with_rest(match, value, unit, end)
    inner = some or more or more2
    if value is None:
        return None
    is_han = printed[0] in _HAN
    last: Decimal | None = None
    if match["last"]:
        last = _decimal(match["last"])
        if last is None:
            return None
        scale = _scale(match["scale2"])
        if unit1 and unit1 != unit and not (unit1 in ("%", "％") and unit in ("%", "％")):
            return None
        own = _scale(match["scale"])
        value = _times(value, scale if own == 1 and not unit1 else own)
        last = _times(last, scale)
        if value >= last or (unit1 and before[-1:] in ("由", "从")):
            # 由15件到7件 are two numbers, and 12至3件 is none.
            return _alone(text, match, before, approximate)
    elif match["scale"]:
        value = _times(value, _scale(match["scale"]))
    if is_han and not _is_count(text, match, before, approximate, unit, end, bool(inner)):
        return None
    if (unit == "个" and _POINTS.match(text, end)) or (unit in ("条", "款", "项") and _ARTICLES.search(before)):
        return None
    if unit in ("位", "名") and before.endswith(("名后", "位后", "倒数", "末")):
        return None
    if unit in _DURATIONS and not _is_taken(text, before, unit, end, value):
        return None
    if not is_han and unit in _DISCRETE and "." in printed and not match["scale"] and (not before or before[-1] in "。；;\n"):
        # "3.45件": the number of a point of a list, then 45.
        return None
    if unit in ("分",) and end < len(text) and "\u4e00" <= text[end] <= "\u9fff" and not _BEHIND.match(text, end):
        return None
    return value, last, {"％": "%"}.get(unit, unit), end, inner


def _with_rest(match: re.Match[str], value: Decimal, unit: str, end: int) -> tuple[Decimal, Decimal | None, str, int, str | None] | None:
    """2亿3千万元."""
    rest = _decimal(match["rest"])
    if rest is None or match["last"]:
        return None
    return _times(value, _scale(match["scale"])) + _times(rest, _scale(match["scale3"])), None, unit, end, None


def _alone(
    text: str, match: re.Match[str], before: str, approximate: str | None
) -> tuple[Decimal, Decimal | None, str, int, str | None] | None:
    """The first number of what is no range, where it has a unit of its own."""
    if not match["unit1"]:
        return None
    value = _decimal(match["first"])
    if value is None:
        return None
    unit = {"％": "%"}.get(match["unit1"], match["unit1"])
    return _times(value, _scale(match["scale"])), None, unit, match.end("unit1"), match["some"] or match["more"]


def _scale(printed: str | None) -> int:
    scale = 1
    for char in (printed or "").strip():
        scale *= _SCALES[char]
    return scale


def _goes_on(text: str, end: int, unit: str) -> bool:
    """Whether the unit's last character begins another word."""
    behind = text[end : end + 2]
    if unit == "项" and behind[:1] == "目":
        return behind != "目标"
    if unit == "个" and _COUNTED_BY_PIECE.match(text, end):
        return False
    return bool(behind) and behind[0] in _NOT_BEHIND.get(unit, "")


def _is_count(text: str, match: re.Match[str], before: str, approximate: str | None, unit: str, end: int, inner: bool) -> bool:
    """Whether Chinese numerals before a unit count something: 三千余件 and 讲座十二场 do, 三项制度 and 两个责任 do not."""
    printed = match["first"]
    if before and (before[-1] in _HAN or before[-1] in "第每逐某几数其唯统单同"):
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


def _is_taken(text: str, before: str, unit: str, end: int, value: Decimal) -> bool:
    """Whether a length of time was measured: 压缩至3个工作日 was, 24小时自助服务 and 5个工作日内答复 were not."""
    if _TIME_TAKEN.search(before):
        return True
    around_the_clock = unit.endswith("小时") and value in (12, 24, 48, 72)
    return _CLAUSE_END.match(text, end) is not None and not around_the_clock and _SPENT.search(before) is not None


def _decimal(printed: str) -> Decimal | None:
    """A number in Arabic or Chinese digits; None where it is malformed."""
    if printed.isascii() and "," not in printed:
        return Decimal(printed)
    if printed[0] in _HAN or "点" in printed:
        whole, _, part = printed.partition("点")
        value = _han_number(whole)
        if value is None or any(char not in _HAN_DIGITS for char in part):
            return None
        return Decimal(str(value) + ("." + "".join(str(_HAN_DIGITS[char]) for char in part) if part else ""))
    return Decimal(printed.translate(_MARKS_IN_NUMBERS))


def _han_number(printed: str) -> int | None:
    """三千二百余 without 余 as a number; None for 三五, 十四五 and what else is none."""
    total = section = 0
    digit: int | None = None
    low = 10**12
    previous_zero = False
    for place, char in enumerate(printed):
        if char in _HAN_DIGITS:
            if digit is not None and not previous_zero:
                return None
            digit, previous_zero = _HAN_DIGITS[char], char in "零〇"
            if previous_zero:
                digit = None
            continue
        scale = _SCALES[char]
        if scale >= 10**4:
            section += digit or 0
            if not section and place:
                return None
            total += (section or 1) * scale
            section, low = 0, 10**12
        else:
            if scale >= low or (digit is None and place and not (scale == 10 and previous_zero)):
                return None
            section += (1 if digit is None else digit) * scale
            low = scale
        digit, previous_zero = None, False
    return total + section + (digit or 0)


def _times(value: Decimal, scale: int) -> Decimal:
    """1.2 by 万 is 12000, without the zeros behind the point that no one printed."""
    if scale == 1:
        return value
    product = value * scale
    return product.quantize(Decimal(1)) if product == product.to_integral_value() else product.normalize()


def _plain(value: Decimal) -> str:
    """In ASCII digits without an exponent; the digits behind the point as printed."""
    return format(value, "f")
