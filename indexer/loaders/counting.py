"""Formats the numbers that word processors and browsers print before list items."""

from __future__ import annotations

_DIGITS = "〇一二三四五六七八九"
_LEGAL = str.maketrans("一二三四五六七八九十", "壹贰叁肆伍陆柒捌玖拾")
_STEMS = "甲乙丙丁戊己庚辛壬癸"
_BRANCHES = "子丑寅卯辰巳午未申酉戌亥"
_ROMAN = ((100, "C"), (90, "XC"), (50, "L"), (40, "XL"), (10, "X"), (9, "IX"), (5, "V"), (4, "IV"), (1, "I"))


def chinese(number: int) -> str:
    """一, 十, 十一, 二十; digits from 100 on."""
    if not 0 <= number < 100:
        return str(number)
    tens, ones = divmod(number, 10)
    return (("" if tens < 2 else _DIGITS[tens]) + "十" if tens else "") + (_DIGITS[ones] if ones or not tens else "")


def chinese_legal(number: int) -> str:
    """壹, 贰, 拾壹."""
    return chinese(number).translate(_LEGAL)


def stems(number: int) -> str:
    """甲, 乙; digits after 癸."""
    return _STEMS[number - 1] if 1 <= number <= len(_STEMS) else str(number)


def branches(number: int) -> str:
    """子, 丑; digits after 亥."""
    return _BRANCHES[number - 1] if 1 <= number <= len(_BRANCHES) else str(number)


def circled(number: int) -> str:
    """① to ⑳; digits beyond."""
    return chr(0x245F + number) if 1 <= number <= 20 else str(number)


def letters(number: int) -> str:
    """A, B, … Z, AA."""
    found = ""
    while number > 0:
        number, letter = divmod(number - 1, 26)
        found = chr(ord("A") + letter) + found
    return found or "0"


def roman(number: int) -> str:
    """I, II, III, IV; digits from 400 on."""
    if not 0 < number < 400:
        return str(number)
    found = ""
    for value, sign in _ROMAN:
        found += sign * (number // value)
        number %= value
    return found
