"""Characters of symbol fonts, whose codes mean other characters in every other font."""

from __future__ import annotations

# Adobe's encoding of the font Symbol, as far as reports may use it: signs of arithmetic and Greek letters.
_SYMBOL = {
    0x22: "∀", 0x24: "∃", 0x27: "∍", 0x2A: "∗", 0x2D: "−", 0x40: "≅", 0x5C: "∴", 0x5E: "⊥", 0x7E: "∼",
    0xA2: "′", 0xA3: "≤", 0xA5: "∞", 0xAB: "↔", 0xAC: "←", 0xAD: "↑", 0xAE: "→", 0xAF: "↓", 0xB0: "°", 0xB1: "±", 0xB2: "″",
    0xB3: "≥", 0xB4: "×", 0xB5: "∝", 0xB6: "∂", 0xB7: "•", 0xB8: "÷", 0xB9: "≠", 0xBA: "≡", 0xBB: "≈", 0xBC: "…", 0xC5: "⊕",
    0xC6: "∅", 0xC7: "∩", 0xC8: "∪", 0xCE: "∈", 0xD0: "∠", 0xD5: "∏", 0xD6: "√", 0xD7: "⋅", 0xDB: "⇔", 0xDE: "⇒", 0xE5: "∑",
    0xF2: "∫",
} | dict(zip(range(0x61, 0x7B), "αβχδεφγηιϕκλμνοπθρστυϖωξψζ", strict=True)) | dict(
    zip(range(0x41, 0x5B), "ΑΒΧΔΕΦΓΗΙϑΚΛΜΝΟΠΘΡΣΤΥςΩΞΨΖ", strict=True)
)  # fmt: skip
_WINGDINGS = (
    {0x9F: "•", 0x6C: "●", 0x6E: "■", 0x6F: "□", 0x71: "❑", 0x74: "⧫", 0x75: "◆", 0x76: "❖", 0xA1: "○", 0xA8: "◻", 0xD8: "➢", 0xE0: "→"}
    | {0xFB: "✗", 0xFC: "✓", 0xFD: "☒", 0xFE: "☑"}
    | {0x80 + number: chr(0x2460 + number - 1) for number in range(1, 11)}
    | {0x8B + number: chr(0x2776 + number - 1) for number in range(1, 11)}
)


def symbol(font: str, code: int) -> str:
    """The character for a code in a font; the code itself as a character if the font is unknown; "" if there is none."""
    code = code & 0xFF if 0xF000 <= code <= 0xF0FF else code
    name = font.strip().lower()
    if name.startswith("symbol"):
        return _SYMBOL.get(code, chr(code) if 0x20 <= code < 0x7F else "")
    if name.startswith("wingdings"):
        return _WINGDINGS.get(code, "") if name == "wingdings" else ""
    return chr(code) if 0x20 <= code < 0xD800 else ""


def is_symbol_font(name: str) -> bool:
    """Whether a font is a symbol font."""
    return name.strip().lower().startswith(("symbol", "wingdings"))


def in_font(font: str, text: str) -> str:
    """A text as a symbol font displays it, as far as known; its codes are private use characters from U+F020 on."""
    return "".join((symbol(font, ord(char)) or char) if is_symbol_font(font) and "\uf020" <= char <= "\uf0ff" else char for char in text)
