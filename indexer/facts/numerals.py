"""Printed numbers in Arabic or Chinese digits, and their values."""

from __future__ import annotations

from decimal import Decimal

SCALES = {"十": 10, "百": 100, "千": 1000, "万": 10**4, "亿": 10**8}
HAN_DIGITS = {char: value for value, char in enumerate("零一二三四五六七八九")} | {"〇": 0, "两": 2}
_MARKS_IN_NUMBERS = str.maketrans({",": None, "，": None, "．": "."})
HAN = "零〇一二两三四五六七八九十百千万亿"
NUMBER = r"(?:[0-9０-９]{1,3}(?:[,，][0-9０-９]{3}){1,4}(?![0-9０-９])|[0-9０-９]{1,15})(?:[.．][0-9０-９]{1,6})?"


def minus(value: str) -> str:
    """The value with a minus sign; 0 stays without one."""
    return value if not value.strip("0.") or value.startswith("-") else "-" + value


def scale_of(printed: str | None) -> int:
    """The factor that 万 or 百万 after a number stands for; 1 if there is none."""
    scale = 1
    for char in (printed or "").strip():
        scale *= SCALES[char]
    return scale


def decimal_of(printed: str) -> Decimal | None:
    """The value of a number in Arabic or Chinese digits; None if it is malformed."""
    if printed.isascii() and "," not in printed:
        return Decimal(printed)
    if printed[0] in HAN or "点" in printed:
        whole, _, part = printed.partition("点")
        value = _han_number(whole)
        if value is None or any(char not in HAN_DIGITS for char in part):
            return None
        return Decimal(str(value) + ("." + "".join(str(HAN_DIGITS[char]) for char in part) if part else ""))
    return Decimal(printed.translate(_MARKS_IN_NUMBERS))


def _han_number(printed: str) -> int | None:
    """The value of Chinese numerals such as 三千二百; None for anything else, such as 三五 or 十四五."""
    total = section = 0
    digit: int | None = None
    low = 10**12
    previous_zero = False
    for index, char in enumerate(printed):
        if char in HAN_DIGITS:
            if digit is not None and not previous_zero:
                return None
            digit, previous_zero = HAN_DIGITS[char], char in "零〇"
            if previous_zero:
                digit = None
            continue
        scale = SCALES[char]
        if scale >= 10**4:
            section += digit or 0
            if not section and index:
                return None
            total += (section or 1) * scale
            section, low = 0, 10**12
        else:
            if scale >= low or (digit is None and index and not (scale == 10 and previous_zero)):
                return None
            section += (1 if digit is None else digit) * scale
            low = scale
        digit, previous_zero = None, False
    return total + section + (digit or 0)


def times(value: Decimal, scale: int) -> Decimal:
    """The product without decimals that were not printed: 1.2 by 万 is 12000."""
    if scale == 1:
        return value
    product = value * scale
    return product.quantize(Decimal(1)) if product == product.to_integral_value() else product.normalize()


def plain(value: Decimal) -> str:
    """The number in ASCII digits without an exponent, with the decimals as printed."""
    return format(value, "f")
