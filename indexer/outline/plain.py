"""The form of a text on which the reading rules are tried, so that they need to know one way of writing only."""

from __future__ import annotations

# Pairs: the traditional forms (those of Big5) of the characters that the rules of `outline` and `parsing` are written with,
# each followed by the simplified one. A test keeps this complete.
_TRADITIONAL = (
    "佈布來来侷局係系俬私們们備备傢家傳传億亿內内冊册別别則则創创劃划動动務务匯汇區区協协厤历參参員员問问啟启單单噹当嚮向囌苏國国圍围圓圆圖图團团執执堅坚報报場场學学實实審审將将對对導导屬属師师廢废廳厅強强彆别彔录彙汇後后復复徹彻態态憲宪應应懞蒙"
    "戶户掃扫擊击據据數数於于旂旗時时曆历曏向會会朮术條条楓枫業业榮荣構构標标橋桥機机檢检檯台欄栏權权歷历決决沒没況况滿满潔洁濛蒙濟济瀏浏為为無无營营爐炉獲获現现環环產产當当發发監监眾众睏困矇蒙碼码礙碍種种稱称穩稳穫获節节範范簡简籌筹糰团糾纠約约"
    "級级紛纷紮扎終终組组結结統统經经綜综維维綱纲網网編编縣县縮缩總总績绩織织繞绕繫系續续罰罚習习聞闻聯联聲声職职聽听腦脑臺台與与舉举萬万蒐搜蔘参蘇苏處处號号術术衕同製制複复覈核見见規规視视覽览計计訊讯訟讼訪访設设許许訴诉註注証证評评詞词話话該该"
    "誌志認认語语誠诚說说調调談谈諾诺謀谋證证識识議议護护讀读負负貫贯責责質质踐践載载輯辑辦办農农迴回週周進进運运過过適适遶绕郵邮鄉乡醫医銀银錄录錯错錶表鍵键鎮镇鏈链鑑鉴鑒鉴長长門门閉闭開开間间閤合閱阅闆板關关陽阳隊队階阶隱隐雖虽離离難难電电頁页"
    "頂顶項项領领題题類类顧顾颱台養养餘余館馆騰腾驗验體体髮发麵面點点黨党齣出"
)
_TABLE = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)}
_TABLE |= {ord(old): ord(new) for old, new in zip(_TRADITIONAL[::2], _TRADITIONAL[1::2], strict=True)}
_TABLE |= {ord(space): ord(" ") for space in "\u3000\xa0\u2002\u2003\u2009\t"}


def plain(text: str) -> str:
    """The same text, code point for code point: ASCII for full-width forms and spaces, simplified for traditional characters."""
    return text.translate(_TABLE)
