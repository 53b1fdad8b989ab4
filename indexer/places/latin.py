"""Names of places in Latin letters, for readers of English: Fuxin, Xi'an, Zhangwu County, Horqin Left Wing Middle Banner.

A Chinese name is given in the Hanyu Pinyin of the table, as one word, with the name's own reading (乐亭 is Laoting); a name of one
character keeps 县 or 区: Shexian County. A Mongolian, Tibetan, Uygur or Kazak name has the form of GB/T 2260, the national standard of
the codes, which writes 土默特左旗 Tumd Zuoqi; the kind of place and the people are in English, as on the governments' English pages.
Six forms come from official English texts instead: Bayan Obo, Horgos, Kokdala, Shangri-La, Siziwang and Ulanhot; places younger than
the standard (Aral, Tumxuk, Samzhubzê) have the form they were founded with.

How this was checked: all names of the table of September 2026 were read one by one with their readings, and compared with GB/T 2260 as
copied in public tables of codes (all of Inner Mongolia, Heilongjiang, Chongqing, Sichuan, Guizhou, Yunnan, Tibet, Shaanxi, Gansu,
Qinghai, Ningxia and Xinjiang). Where the standard and today's official English disagree, and neither prevails, a place has no form:
`UNSETTLED`.

All provinces and cities have a form, and 2,833 of 2,847 counties. Abolished places and former names have none.
"""

from __future__ import annotations

import re
from functools import cache

from indexer.outline import words
from indexer.places.names import bare_name
from indexer.places.table import name_of_code, pinyin_of

_OF_CITIES = {
    "150000": "Inner Mongolia", "150100": "Hohhot", "150600": "Ordos", "150700": "Hulunbuir", "150800": "Bayannur",
    "150900": "Ulanqab", "152200": "Hinggan", "152500": "Xilingol", "152900": "Alxa", "230100": "Harbin", "230200": "Qiqihar",
    "232700": "Da Hinggan Ling", "513300": "Garzê", "533400": "Dêqên", "540000": "Xizang", "540100": "Lhasa",
    "540200": "Xigazê", "540300": "Qamdo", "540400": "Nyingchi", "540600": "Nagqu", "542500": "Ngari",
    "610000": "Shaanxi", "632600": "Golog", "650100": "Ürümqi", "650200": "Karamay", "650400": "Turpan",
    "650500": "Hami", "652700": "Bortala", "652800": "Bayingolin", "652900": "Aksu", "653000": "Kizilsu",
    "653100": "Kashi", "653200": "Hotan", "654000": "Ili", "654300": "Altay", "710000": "Taiwan",
    "810000": "Hong Kong", "820000": "Macao",
}  # fmt: skip
"""By code: the forms of provinces and cities that differ from the pinyin of the table."""

_OF_COUNTIES = {
    # Inner Mongolia, and Mongolian names of the north-east
    "土默特": "Tumd", "托克托": "Togtoh", "和林格尔": "Horinger", "达尔罕茂明安": "Darhan Muminggan", "白云鄂博": "Bayan Obo",
    "阿鲁科尔沁": "Ar Horqin", "巴林": "Bairin", "克什克腾": "Hexigten", "翁牛特": "Ongniud", "喀喇沁": "Harqin", "科尔沁": "Horqin",
    "库伦": "Hure", "扎鲁特": "Jarud", "霍林郭勒": "Holingol", "达拉特": "Dalad", "准格尔": "Jungar", "鄂托克": "Otog",
    "杭锦": "Hanggin", "乌审": "Uxin", "伊金霍洛": "Ejin Horo", "海拉尔": "Hailar", "扎赉诺尔": "Jalainur", "阿荣": "Arun",
    "莫力达瓦": "Morin Dawa", "鄂伦春自治": "Oroqen Autonomous", "鄂温克族自治": "Ewenki Autonomous", "陈巴尔虎": "Chen Barag",
    "新巴尔虎": "Xin Barag", "额尔古纳": "Ergun", "乌拉特": "Urad", "察哈尔": "Qahar", "乌兰浩特": "Ulanhot", "阿尔山": "Arxan",
    "扎赉特": "Jalaid", "二连浩特": "Erenhot", "锡林浩特": "Xilinhot", "阿巴嘎": "Abag", "苏尼特": "Sonid",
    "东乌珠穆沁": "East Ujimqin", "西乌珠穆沁": "West Ujimqin", "太仆寺": "Taibus", "阿拉善": "Alxa", "额济纳": "Ejin",
    "喀喇沁左翼": "Harqin Left Wing", "前郭尔罗斯": "Qian Gorlos", "杜尔伯特": "Dorbod",
    # The Tibetan prefectures of Sichuan and Yunnan
    "马尔康": "Barkam", "壤塘": "Zamtang", "若尔盖": "Zoigê", "道孚": "Dawu", "甘孜": "Garzê", "德格": "Dêgê", "石渠": "Sêrxü",
    "色达": "Sêrtar", "得荣": "Dêrong", "香格里拉": "Shangri-La", "德钦": "Dêqên",
    # Tibet
    "堆龙德庆": "Doilungdêqên", "达孜": "Dagzê", "林周": "Lhünzhub", "当雄": "Damxung", "尼木": "Nyêmo", "曲水": "Qüxü",
    "墨竹工卡": "Maizhokunggar", "桑珠孜": "Samzhubzê", "南木林": "Namling", "江孜": "Gyangzê", "定日": "Tingri", "萨迦": "Sa'gya",
    "拉孜": "Lhazê", "昂仁": "Ngamring", "谢通门": "Xaitongmoin", "白朗": "Bainang", "仁布": "Rinbung", "康马": "Kangmar",
    "定结": "Dinggyê", "吉隆": "Gyirong", "聂拉木": "Nyalam", "岗巴": "Gamba", "江达": "Jomda", "类乌齐": "Riwoqê", "丁青": "Dêngqên",
    "八宿": "Baxoi", "左贡": "Zogang", "洛隆": "Lhorong", "边坝": "Banbar", "工布江达": "Gongbo'gyamda", "察隅": "Zayü",
    "朗县": "Nang", "米林": "Mainling", "乃东": "Nêdong", "贡嘎": "Gonggar", "琼结": "Qonggyai", "曲松": "Qusum", "措美": "Comai",
    "洛扎": "Lhozhag", "加查": "Gyaca", "隆子": "Lhünzê", "浪卡子": "Nagarzê", "错那": "Cona", "嘉黎": "Lhari", "聂荣": "Nyainrong",
    "安多": "Amdo", "申扎": "Xainza", "索县": "Sog", "班戈": "Bangoin", "巴青": "Baqên", "尼玛": "Nyima", "普兰": "Burang",
    "札达": "Zanda", "噶尔": "Gar", "日土": "Rutog", "革吉": "Gê'gyai", "改则": "Gêrzê", "措勤": "Coqên",
    # Gansu and Qinghai
    "阿克塞": "Aksay", "东乡族自治": "Dongxiang Autonomous", "卓尼": "Jonê", "迭部": "Têwo", "刚察": "Gangca", "尖扎": "Jainca",
    "泽库": "Zêkog", "玛沁": "Maqên", "班玛": "Baima", "甘德": "Gadê", "久治": "Jigzhi", "玛多": "Madoi", "杂多": "Zadoi",
    "称多": "Chindu", "治多": "Zhidoi", "囊谦": "Nangqên", "曲麻莱": "Qumarlêb", "格尔木": "Golmud", "乌兰": "Ulan",
    # Xinjiang
    "沙依巴克": "Saybag", "乌鲁木齐": "Ürümqi", "克拉玛依": "Karamay", "托克逊": "Toksun", "巴里坤": "Barkol", "玛纳斯": "Manas",
    "吉木萨尔": "Jimsar", "木垒": "Mori", "库尔勒": "Korla", "和硕": "Hoxud", "阿克苏": "Aksu", "库车": "Kuqa", "沙雅": "Xayar",
    "阿瓦提": "Awat", "柯坪": "Kalpin", "阿图什": "Artux", "阿克陶": "Akto", "阿合奇": "Akqi", "英吉沙": "Yengisar",
    "麦盖提": "Markit", "岳普湖": "Yopurga", "塔什库尔干": "Taxkorgan", "和田": "Hotan", "洛浦": "Lop", "策勒": "Qira",
    "奎屯": "Kuytun", "霍尔果斯": "Horgos", "察布查尔": "Qapqal", "特克斯": "Tekes", "尼勒克": "Nilka", "乌苏": "Usu",
    "托里": "Toli", "和布克赛尔": "Hoboksar", "阿勒泰": "Altay", "布尔津": "Burqin", "吉木乃": "Jeminay", "阿拉尔": "Aral",
    "图木舒克": "Tumxuk", "可克达拉": "Kokdala",
}  # fmt: skip
"""By bare name, without 左, 前 and the like: the forms of counties that differ from the pinyin of the table."""

UNSETTLED = frozenset(
    words(
        """
        乌达区 富拉尔基区 萨尔图区 卡若区 贡觉县 察雅县 芒康县 墨脱县 扎囊县 舟曲县 达日县 德令哈市 茫崖市 乌尔禾区
        """
    )
)
"""Counties without a form: GB/T 2260 has Ud, Hulan Ergi, Delhi, Zhugqu, but today's official English Wuda, Fularji, Delingha, Zhouqu."""

_PEOPLES = {
    "蒙古": "Mongolian", "回": "Hui", "藏": "Tibetan", "苗": "Miao", "彝": "Yi", "壮": "Zhuang", "布依": "Bouyei", "朝鲜": "Korean",
    "满": "Manchu", "侗": "Dong", "瑶": "Yao", "白": "Bai", "土家": "Tujia", "哈尼": "Hani", "哈萨克": "Kazak", "傣": "Dai",
    "黎": "Li", "傈僳": "Lisu", "佤": "Va", "畲": "She", "拉祜": "Lahu", "水": "Sui", "东乡": "Dongxiang", "纳西": "Naxi",
    "土": "Tu", "达斡尔": "Daur", "仫佬": "Mulao", "羌": "Qiang", "布朗": "Blang", "撒拉": "Salar", "毛南": "Maonan",
    "仡佬": "Gelao", "锡伯": "Xibe", "普米": "Pumi", "塔吉克": "Tajik", "怒": "Nu", "保安": "Bonan", "裕固": "Yugur",
    "独龙": "Derung", "各": "Various Nationalities",
}  # fmt: skip
"""The peoples in names of counties, as on the English pages of the State Council, or else as in GB/T 3304."""

_KINDS = {
    "县": "County", "市": "City", "区": "District", "旗": "Banner", "自治县": "Autonomous County", "自治旗": "Autonomous Banner",
    "新区": "New Area", "矿区": "Mining District", "林区": "Forestry District", "特区": "Special District",
}  # fmt: skip
_SIDES = {
    "左翼": "Left Wing", "右翼": "Right Wing", "左": "Left", "右": "Right", "前": "Front", "中": "Middle", "后": "Rear", "联合": "United",
}  # fmt: skip
_BANNER = re.compile("(?P<stem>.+?)(?P<wing>[左右]翼)?(?P<side>[左右前中后]|联合)?")
_KIND = re.compile("(?P<peoples>(?:.+族|.+(?=自治))?)(?P<kind>自治[县旗]|[新矿林特]?区|[县市旗])")


@cache
def latin_name(code: str, name: str | None = None) -> str | None:
    """The name of a present province, city or county in Latin letters: "Fuxin", "Zhangwu County"; None for any other place.

    Args:
        code: Six digits.
        name: The name to convert, which may be from an earlier year; None for today's name. 长泰县, now 长泰区, was Changtai County.
            The result is None if the bare name was another one: 襄樊市 was not Xiangyang.
    """
    today = name_of_code(code)
    shown = name or today
    if len(code) != 6 or today is None or shown is None or bare_name(shown) != bare_name(today) or not pinyin_of(code):
        return None
    if code.endswith("00"):
        return _OF_CITIES.get(code) or _spelled(code)
    return None if today in UNSETTLED else _of_county(code, shown)


def _spelled(code: str) -> str:
    """The pinyin of a name as one word: Xi'an, Lüliang."""
    joined = "".join(f"'{part}" if at and part[0] in "aeo" else part for at, part in enumerate(pinyin_of(code)))
    return joined.replace("v", "ü").capitalize()


def _of_county(code: str, name: str) -> str | None:
    bare = bare_name(name)
    kind = _KIND.fullmatch(name.removeprefix(bare) or name[-1])
    sides = _BANNER.fullmatch(bare) if name.endswith("旗") else None
    if kind is None:
        return None
    # 达尔罕茂明安联合旗 has four words; 正镶白旗 has no sides.
    own = _OF_COUNTIES.get(bare) or (_OF_COUNTIES.get(sides["stem"]) if sides else None) or _spelled(code)
    around = [_SIDES[side] for side in sides.group("wing", "side") if side] if sides else []
    peoples = [_PEOPLES[people] for people in kind["peoples"].split("族") if people]
    return " ".join((own, *around, *([_listed(peoples)] if peoples else []), _KINDS[kind["kind"]]))


def _listed(peoples: list[str]) -> str:
    """The peoples joined as in English: Yi, Hui and Miao."""
    return " and ".join((", ".join(peoples[:-1]), peoples[-1])) if len(peoples) > 1 else peoples[0]
