"""The normal form of a text (half-width, simplified) that parsing rules work on, so that each rule needs only one spelling."""

from __future__ import annotations

# Pairs of a traditional form (of Big5) and its simplified form, for the characters that the rules of `outline` and `parsing` use.
# A test keeps this complete.
_TRADITIONAL = (
    "並并乾干佈布併并來来侷局係系俬私們们備备傢家傳传億亿內内冊册別别則则創创劃划動动務务勝胜勢势匯汇區区協协厤历參参員员問问啟启單单噹当嚮向嚴严囌苏國国圍围園园圓圆圖图團团執执堅坚報报場场塊块婦妇學学實实審审寫写將将對对導导屬属嵐岚嶺岭師师幫帮幹干廠厂廢废廣广"
    "廳厅強强彆别彔录彙汇後后從从復复徹彻態态憲宪應应懞蒙懷怀戰战戶户掃扫擊击據据擬拟數数斷断於于旂旗時时昇升曆历曏向書书會会朮术條条楓枫業业極极榦干榮荣構构樓楼標标橋桥機机檔档檢检檯台欄栏權权歷历殘残氣气決决沒没況况滿满潁颍潔洁濃浓濛蒙濟济瀏浏災灾為为無无營营爐炉牽牵"
    "獄狱獲获現现環环產产當当發发監监眾众睏困矇蒙確确碼码礙碍稅税種种稱称積积穩稳穫获節节範范簡简籌筹糰团糾纠紀纪約约紅红級级紛纷紮扎細细終终組组結结統统經经綜综維维綱纲網网緊紧編编緻致縣县縮缩總总績绩織织繞绕繫系續续罰罚習习聞闻聯联聲声職职聽听腦脑臺台與与舉举"
    "華华萬万蒐搜蔘参蘇苏處处號号術术衕同衛卫裝装裡里製制複复覈核見见規规視视覽览訂订計计訊讯訓训託托訟讼訪访設设許许訴诉註注証证評评詞词話话該该詳详誌志認认語语誠诚說说調调課课談谈諾诺謀谋講讲證证識识議议護护讀读讓让負负財财貫贯責责資资質质踐践載载輯辑轄辖轉转辦办"
    "辭辞農农迴回週周進进運运過过適适遠远遶绕郵邮鄉乡醫医銀银銷销錄录錫锡錯错錶表鍵键鎮镇鏈链鑑鉴鑒鉴長长門门閉闭開开間间閤合閱阅闆板關关陽阳陞升隊队階阶隨随隱隐雖虽離离難难電电頁页頂顶項项預预領领頭头題题類类顧顾風风颱台養养餘余館馆騰腾驗验體体髮发麵面點点黨党齊齐齣出剋克臨临補补賬账軟软針针釦扣鍼针頸颈饋馈"
)
# `str.translate` reads a list twice as fast as a dict.
_TABLE = list(range(0xFF5F))
_TABLE[0xFF01:] = range(0x21, 0x7F)
for _old, _new in zip(_TRADITIONAL[::2], _TRADITIONAL[1::2], strict=True):
    _TABLE[ord(_old)] = ord(_new)
for _space in "\u3000\xa0\u2002\u2003\u2009\t":
    _TABLE[ord(_space)] = ord(" ")


def plain(text: str) -> str:
    """The same text, code point for code point: full-width forms and spaces to ASCII, traditional characters to simplified ones."""
    return text.translate(_TABLE)
