"""Names of public bodies (governments, party committees, departments, towns): whether a text is one, and which one it begins with. Pure."""

from __future__ import annotations

import re

from indexer.outline import plain
from indexer.places import is_place_name, place_in

_HAN = r"[\u4e00-\u9fff·]"
_PEOPLES = rf"{_HAN}{{1,16}}?自治[县州旗区]"
_CITIES = "丰兴凤双塔增宜宣应晋枝桐永海潞白盐禹聊肥藁诸运邹鄂阿韩项麻"
"""Characters before 城市 in names of cities since 1980 (and 共青城市); after any other word, as in 沿海城市, 城市 is no place name."""
_NAMED = rf"(?<=[{_CITIES}]城)(?<!(?![省区共于]){_HAN}[{_CITIES}]城)|(?<=共青城)"
# The kinds of places. 城市, 社区, 辖区, 大局 and the like are not places, nor are 县城, 市场, 区域 and 镇村.
_KIND = (
    r"(?:(?:新|开发|高新|示范|合作|保税|度假|风景名胜|园|景|林|管理|实验|功能|产业集聚)区|产业园|地区|街道|苏木|省|兵团|林场|农场|盟"
    rf"|(?:(?<!城)|{_NAMED})市(?!场|直|政(?![府协务法])|级|民(?![政族宗])|容)|县(?!城(?![市乡镇管])|级|域|乡(?!村)|直(?!属))"
    r"|(?<![地社辖市片校厂灾])区(?![域级间块直])|旗(?![区县镇街乡])|州(?![市县区])|镇(?![村街域])|乡(?![镇村]))"
)
_PLACE = rf"(?:{_PEOPLES}|{_HAN}{{1,10}}?{_KIND})"
COMMITTEE_PARTS = (
    r"(?:全面)?依法治.{1,3}?(?:工作)?(?:委员会|领导小组)(?:办公室)?|依法治[省市县区旗州]办(?:公室)?"
    r"|(?:推进|建设)?(?:依法行政|法治政府建设|法治建设|普法|依法治理)(?:工作)?(?:领导小组|委员会)(?:办公室)?"
)
# The last word of a body's name; followed by certain characters it was not one: 中心组, 局长, 部分, 处罚.
_ORGAN = (
    rf"(?:{COMMITTEE_PARTS}"
    r"|人民政府(?:办公[室厅]|机关)?|(?<=[省市县区旗州盟镇乡])政府(?:办公[室厅]|办)?|管理委员会|委员会(?:办公[室厅])?|管委会|党[工]?委(?![书副常中理班])(?:办公室|办)?|党组(?![书成中理])|办事处|领导小组(?:办公室)?|办公[室厅]"
    r"|党政(?:综合)?办公?室?|[省市县区旗州盟]委(?![员书常副托])(?:办公[室厅]|办|[组宣统政]\S{1,2}部|党校|政法委(?:员会)?|网信办|编办)?"
    r"|联合会|协会|常委会|红十字会|总工会|工会|妇联|残联|工商联|供销合作社联合社|供销(?:合作)?(?:联)?社|联社|监察委(?:员会)?|纪委监委|纪委"
    r"|(?:政法委|发改委|卫生?健委|国资委|住建委|健康委|改革委|民宗委|编委)(?!员会)"
    r"|分局|税务局|(?<![全大格布结开当时])局(?![长势面限部])|厅(?![级局长])|(?<!出)署(?![名])"
    r"|(?<!城市)中心(?![组城工任内点区思化学小镇])|[总支大中]队(?![长员])|消防站|服务站|管理站|检察院|法院|医院|学院|卫生院|研究院|派出所|司法所|财政所|管理所|研究所"
    r"|(?:组织|宣传|统战|武装|工作|作战)部(?![分门长署])|管理处|博物馆|图书馆|档案馆|电视台|气象台|大学|学校|中学|集团(?:有限)?(?:公司)?|公司|银行|街道(?:办事处|办)?)"
)
# Words that occur in sentences but not in names.
_SPEAKS = re.compile(
    r"[的在为将把对使让是无共已被由从]|(?<!国)有|以来|以人|坚持|认真|深入|贯彻|落实(?!办)|高度|重视|积极|严格|按照|根据|围绕|紧紧|始终|切实|不断|持续|扎实|加强|推进(?!法治)|结合|充分|大力|着力"
    r"|通过|召开|印发|学习|开展|聚焦|立足|牢[固牢]|进一步|完成|成立|领导(?!小组)|要求|部署|全体|各[级部乡镇单]|关于|报送|转发|法治(?!办|局|科|股|委|部)|依法行政|信息公开"
)
_PRONOUN = re.compile("[我该各其每]|(?!全国人)[本全][省市县区旗州盟镇乡街局委办国面]")
# Words before a place's kind that show it is not part of a name: 我县, 全市, 在县委, 根据市里.
_NOT_FIRST = re.compile(
    rf"{_PRONOUN.pattern}|[在与及并以为由按将把受对向就同和从]|一[年是]|根据|依[据照]|随着|通过|当前|今[年后]|近|过去|上[级一年]|下[级一]|现[将就]"
    r"|所属|有关|相关|主要|部分|[省市县区旗州盟镇乡](?:[委局级直政司]|人民)"
)
_ABOVE = re.compile(r"中共|中国共产党|国家税务总局|国家统计局")
_PLACES = re.compile(_PLACE)
_BEHIND_PLACE = re.compile(rf"(?P<stem>{_HAN}{{0,18}}?){_ORGAN}")
# The branches of a department: 公安局交警支队, 生态环境局青岚分局.
_BRANCH = re.compile(rf"(?P<stem>{_HAN}{{0,8}}?)(?:分局|[总支大中]队(?![长员])|派出所|司法所|监狱|戒毒所)")
# 石岭县委、县政府; 中共石岭县委 石岭县人民政府
_SECOND = re.compile(rf"[、\s和]?\s*(?:{_PLACE}|[省市县区旗州镇乡])?(?:人民政府|政府|[省市县区旗州镇乡]?委(?![员书常副托]))")
_SHORT = re.compile(rf"[省市县区旗州镇乡](?P<stem>{_HAN}{{2,14}}?)(?:(?<![全大格布结开当时])局(?![长势面限部])|委员会|办公室)")
_ENDS = re.compile(rf"(?:{_ORGAN}|政府|{_KIND}|[办委部会院处站所社馆台室署队]|兵团|师|机关|系统)(?:[(〔][^()]{{1,20}}[)〕])?$")
# Words that end like names but are none.
_NOBODY = re.compile(
    r".*(?:网|网站|平台|日报|晚报|报社|新华社|融媒体(?:中心)?|电视台|公众号|客户端|编辑部)$|(?:政府)?(?:本|网|原|门户)?(?:站|网|创)"
    r"|.*(?:会议|推进会|座谈会|大会|常务会|工作会|社会|干部|全部|内部|外部|到处|场所|大局|全局|格局|布局|社区|辖区|牵头单位|(?:法治|数字|服务型?|诚信)政府)$|地区"
    r"|(?:各级?|本|我|全|该|其|有关|相关)?(?:[省市县区旗州盟镇乡村社街道、]+(?:级|直)?)?(?:部门|单位|机关|办公室|委员会|街道|管理处|[省市县区旗州盟镇乡办委部会院处站所社局室])"
    rf"|(?!(?:.*[省区共])?[{_CITIES}青]城市$).*城市$"
    r"|(?:人民)?政府|.*[年月日来]|(?:中心|党委|党组|领导小组|系统|公司|集团)"
)


def is_body(name: str) -> bool:
    """Whether a text can be the name of a body: 石岭县, 县司法局 and 北渡镇 can; 街道, 加大 and 乡镇镇长 cannot."""
    text = "".join(plain(name).split())
    if _PRONOUN.match(text) and place_in(text) is None:
        return False
    return 2 <= len(text) <= 45 and _ENDS.search(text) is not None and _NOBODY.fullmatch(text) is None and not re.search(r"[,。;:!?]", text)


def leading_body(text: str) -> str | None:
    """The body whose name a clause begins with, including its place: 青石县水利局 for 青石县水利局深入推进…; None if there is none."""
    shown = plain(text)
    above = _ABOVE.match(shown)
    start = above.end() if above else 0
    end = behind_places(shown, start)
    if end == start:
        return None
    organ = _BEHIND_PLACE.match(shown, end)
    if organ and not _SPEAKS.search(organ["stem"]):
        end = organ.end()
        if (branch := _BRANCH.match(shown, end)) and not _SPEAKS.search(branch["stem"]):
            end = branch.end()
    while (second := _SECOND.match(shown, end)) and not _SPEAKS.search(second[0]):
        end = second.end()
    return text[:end] if is_body(text[:end]) else None


def without_party(name: str) -> str:
    """A name without the party's name before its place: 阜阳市颍泉区委 for 中共阜阳市颍泉区委."""
    return _ABOVE.sub("", name, count=1) if _ABOVE.match(name) else name


def short_name(text: str) -> str | None:
    """The name without a place that a clause begins with, such as 县水利局; None if there is none."""
    found = _SHORT.match(plain(text))
    return text[: found.end()] if found and not _SPEAKS.search(found["stem"]) else None


def behind_places(text: str, start: int = 0) -> int:
    """Where a sequence of place names that begins at `start` ends: 石岭市青岚区."""
    end = start
    while place := _PLACES.match(text, end):
        # 在全县 and 为全市 only look like names; 同江市 and 无锡市 are names.
        if (_NOT_FIRST.match(text, end) or _SPEAKS.search(place[0])) and not is_place_name(place[0]):
            break
        end = place.end()
    return end


def is_superior(behind: str) -> bool:
    """Whether the text after a name shows that it is another body's: 的领导, 关于印发, 要求."""
    return (
        re.match(r"\s*(?:的|关于|印发|下发|(?:坚强|正确|统一|有力|精心)*(?:领导|指导|部署|要求|安排|关心|支持))", plain(behind)) is not None
    )
