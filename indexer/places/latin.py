"""Names of provinces and cities in Latin letters, for readers of English.

They are the Hanyu Pinyin of the table, or what stands here: the forms of Mongolian, Tibetan, Uygur and Kazak names, those that English
has of its own, and characters that are read in another way in a name (长治 is Changzhi). Counties have none: many of their forms are
not to be had from the characters.
"""

from __future__ import annotations

from functools import cache

from indexer.places.table import pinyin_of

_OWN = {
    "140400": "Changzhi", "141100": "Lüliang", "150000": "Inner Mongolia", "150100": "Hohhot", "150600": "Ordos",
    "150700": "Hulunbuir", "150800": "Bayannur", "150900": "Ulanqab", "152200": "Hinggan", "152500": "Xilingol",
    "152900": "Alxa", "211300": "Chaoyang", "230100": "Harbin", "230200": "Qiqihar", "232700": "Da Hinggan Ling",
    "411100": "Luohe", "513300": "Garzê", "533400": "Dêqên", "540000": "Xizang", "540100": "Lhasa",
    "540200": "Xigazê", "540300": "Qamdo", "540400": "Nyingchi", "540600": "Nagqu", "542500": "Ngari",
    "610000": "Shaanxi", "632600": "Golog", "650100": "Ürümqi", "650200": "Karamay", "650400": "Turpan",
    "650500": "Hami", "652700": "Bortala", "652800": "Bayingolin", "652900": "Aksu", "653000": "Kizilsu",
    "653100": "Kashi", "653200": "Hotan", "654000": "Ili", "654300": "Altay", "710000": "Taiwan",
    "810000": "Hong Kong", "820000": "Macao",
}  # fmt: skip


@cache
def latin_name(code: str) -> str | None:
    """The name of a province or city of today: "Fuxin"; None of any other place."""
    if len(code) != 6 or not code.endswith("00"):
        return None
    spelled = "".join(f"'{part}" if at and part[0] in "aeo" else part for at, part in enumerate(pinyin_of(code)))
    return _OWN.get(code) or spelled.replace("v", "ü").capitalize() or None
