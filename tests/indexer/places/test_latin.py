import re

import pytest

from indexer.places import find_region, latin_name
from indexer.places.latin import UNSETTLED
from indexer.places.table import all_versions

TODAY = [version for version in all_versions() if version.until is None]
COUNTIES = [version for version in TODAY if not version.place.endswith("00")]

FORMS = """
阜新市 Fuxin
西安市 Xi'an
鄂尔多斯市 Ordos
陕西省 Shaanxi
乐亭县 Laoting County
长治市 Changzhi
长子县 Zhangzi County
漯河市 Luohe
南京市六合区 Luhe District
广州市番禺区 Panyu District
成都市郫都区 Pidu District
洪洞县 Hongtong County
繁峙县 Fanshi County
浚县 Xunxian County
长垣市 Changyuan City
中牟县 Zhongmu County
柘城县 Zhecheng County
单县 Shanxian County
东阿县 Dong'e County
茌平区 Chiping District
隰县 Xixian County
蔚县 Yuxian County
井陉县 Jingxing County
井陉矿区 Jingxing Mining District
铅山县 Yanshan County
监利市 Jianli City
枞阳县 Zongyang County
句容市 Jurong City
盱眙县 Xuyi County
乐清市 Yueqing City
乐陵市 Laoling City
大埔县 Dabu County
六枝特区 Liuzhi Special District
北京市朝阳区 Chaoyang District
辽宁省朝阳县 Chaoyang County
涡阳县 Guoyang County
蚌山区 Bengshan District
马尾区 Mawei District
闵行区 Minhang District
珲春市 Hunchun City
穆棱市 Muling City
泊头市 Botou City
大城县 Daicheng County
召陵区 Shaoling District
曾都区 Zengdu District
覃塘区 Qintang District
什邡市 Shifang City
筠连县 Junlian County
荥经县 Yingjing County
荥阳市 Xingyang City
崆峒区 Kongtong District
民乐县 Minle County
佛冈县 Fogang County
子长市 Zichang City
吴堡县 Wubu County
辉县市 Huixian City
津市市 Jinshi City
芒市 Mangshi City
梅州市梅县区 Meixian District
攀枝花市东区 Dongqu District
旅顺口区 Lüshunkou District
略阳县 Lüeyang County
台儿庄区 Tai'erzhuang District
万柏林区 Wanbolin District
清新区 Qingxin District
浦东新区 Pudong New Area
神农架林区 Shennongjia Forestry District
管城回族区 Guancheng Hui District
梅里斯达斡尔族区 Meilisi Daur District
阜新蒙古族自治县 Fuxin Mongolian Autonomous County
威宁彝族回族苗族自治县 Weining Yi, Hui and Miao Autonomous County
东乡族自治县 Dongxiang Autonomous County
龙胜各族自治县 Longsheng Various Nationalities Autonomous County
土默特左旗 Tumd Left Banner
科尔沁左翼中旗 Horqin Left Wing Middle Banner
杭锦后旗 Hanggin Rear Banner
达尔罕茂明安联合旗 Darhan Muminggan United Banner
正镶白旗 Zhengxiangbai Banner
莫力达瓦达斡尔族自治旗 Morin Dawa Daur Autonomous Banner
鄂伦春自治旗 Oroqen Autonomous Banner
喀喇沁左翼蒙古族自治县 Harqin Left Wing Mongolian Autonomous County
香格里拉市 Shangri-La City
若尔盖县 Zoigê County
萨迦县 Sa'gya County
索县 Sog County
莎车县 Shache County
塔什库尔干塔吉克自治县 Taxkorgan Tajik Autonomous County
阿拉尔市 Aral City
"""


@pytest.mark.parametrize(("place", "form"), [line.split(" ", 1) for line in FORMS.strip().splitlines()])
def test_a_place_is_read_in_its_own_way(place, form):
    assert latin_name(find_region(place).code) == form


def test_every_form_is_well_formed():
    word = r"(?:[A-ZÜ][a-zêü]*(?:'[a-zê]+)*(?:-La)?)"
    kind = r"(?:County|City|District|Banner|New Area)"
    for version in COUNTIES:
        if form := latin_name(version.place):
            assert re.fullmatch(rf"{word}(?:,? {word}| and {word})* {kind}", form), (version.name, form)
    for version in TODAY:
        if version.place.endswith("00"):
            assert re.fullmatch(rf"{word}(?: {word})*", latin_name(version.place) or ""), version.name


def test_the_counties_without_a_form_are_known():
    assert {version.name for version in COUNTIES if latin_name(version.place) is None} == UNSETTLED


def test_no_two_kinds_of_a_place_are_mixed_up():
    ends = {"自治县": "Autonomous County", "自治旗": "Autonomous Banner", "县": "County", "旗": "Banner", "市": "City"}
    for version in COUNTIES:
        end = next((ends[kind] for kind in ends if version.name.endswith(kind)), "")
        assert (latin_name(version.place) or end).endswith(end), version.name


@pytest.mark.parametrize(
    ("code", "name", "form"),
    [("350605", "长泰县", "Changtai County"), ("420600", "襄樊市", None), ("110112", "通县", None), ("520500", "毕节地区", "Bijie")],
)
def test_a_place_under_a_former_name(code, name, form):
    assert latin_name(code, name) == form


def test_towns_and_places_that_are_no_more_have_none():
    assert latin_name(find_region("华侨路街道").code) is None
    assert latin_name("110103") is None
