"""Decodes bytes exactly or not at all: UTF-8, GB18030 or UTF-16, whichever gives plausible text.

The encoding that a page or file declares is ignored: pages say gb2312 and are UTF-8, or the other way round.
"""

from __future__ import annotations

import codecs
import re
from collections import Counter
from functools import cache

_MARKS = ((b"\xef\xbb\xbf", "utf-8-sig", "utf-8"), (b"\xff\xfe", "utf-16-le", "utf-16-le"), (b"\xfe\xff", "utf-16-be", "utf-16-be"))
_CODECS = ("utf-8", "gb18030", "utf-16-le", "utf-16-be")
# Characters that no text contains: control characters other than tabs and line ends, noncharacters.
_IMPOSSIBLE = re.compile("[\x00-\x08\x0e-\x1f\x7f\ufdd0-\ufdef\ufffe\uffff]")
# Eight three-byte characters, exactly as UTF-8 encodes Chinese, do not occur by accident.
_SURELY_UTF8 = re.compile(rb"(?:[\xe3-\xe9\xef][\x80-\xbf]{2}[\x00-\x7f]*){8}")
_NOT_ASCII = re.compile(rb"[\x80-\xff]")
_ASCII_TEXT = re.compile("[\x00-\x7f]+")
# Chinese characters inside a Latin word are usually accented letters decoded wrongly.
_BORDERS = re.compile("[a-z](?=[\u3400-\u9fff])|[\u3400-\u9fff](?=[a-z])")
_BORDER = 6.0
_LATIN = re.compile("[\x80-\xff€‚ƒ„…†‡ˆ‰Š‹ŒŽ‘’“”•–—˜™š›œžŸ]")
"""Matches what single bytes from 128 on become when decoded as Latin letters."""
_GARBLED_SHARE = 0.9
_MIN_GARBLED = 16
_EURO = 0x80
_MARGIN = 12.0
"""The best decoding must take so many bits less than the next one."""
_MAX_BITS = 13.0
"""A text with more bits per non-ASCII character on average is gibberish."""
_SAMPLE = 20_000
"""Bytes from which the encoding is determined; then everything is decoded."""


def decode(content: bytes) -> tuple[str, str]:
    """The text, without a byte order mark, and the name of its encoding.

    Raises:
        ValueError: No encoding fits, more than one does, or the content is not text.
    """
    for mark, name, codec in _MARKS:
        if content.startswith(mark):
            return _checked(content[len(mark) :], codec), name
    if _SURELY_UTF8.search(content[:_SAMPLE]):
        return _checked(content, "utf-8"), "utf-8"
    sample = _sample(content[:_SAMPLE], "utf-8", whole=len(content) <= _SAMPLE)
    refuse_garbled(sample or "", "get it anew from where it was published, or undo that in an editor")
    codec = _likeliest(content)
    return _checked(content, codec), codec


def refuse_garbled(text: str, remedy: str) -> None:
    """Refuse Chinese text that was decoded as Latin letters.

    Args:
        text: The text to check.
        remedy: What to do about it, for the error message.

    Raises:
        ValueError: It is such a text; some of its bytes are usually lost.
    """
    others = _ASCII_TEXT.sub("", text)
    if len(_LATIN.findall(others)) < max(_MIN_GARBLED, _GARBLED_SHARE * len(others)):
        return
    read = b"".join(_byte_of(char) for char in text)
    for codec in ("utf-8", "gb18030"):
        meant = _ASCII_TEXT.sub("", read.decode(codec, "ignore"))
        if len(meant) * 4 >= len(others) and not _is_gibberish(meant):
            raise ValueError(
                f"it is garbled: {codec.upper()} text was read as Latin letters and saved again (“{others[:6]}” for “{meant[:2]}”);"
                f" {remedy}"
            )


def _byte_of(char: str) -> bytes:
    """The byte from which a character was wrongly decoded as a Latin letter."""
    for codec in ("latin-1", "cp1252"):
        try:
            return char.encode(codec)
        except UnicodeEncodeError:
            continue
    return b"?"


def _euro(error: UnicodeError) -> tuple[str, int]:
    """Decode a lone byte 80 as €, which is Windows' addition to GBK."""
    if isinstance(error, UnicodeDecodeError) and error.object[error.start] == _EURO:
        return "€", error.start + 1
    raise error


codecs.register_error("indexer.euro", _euro)


def _decoded(content: bytes, codec: str) -> str:
    return content.decode(codec, "indexer.euro" if codec == "gb18030" else "strict")


def _checked(content: bytes, codec: str) -> str:
    try:
        text = _decoded(content, codec)
    except UnicodeDecodeError as error:
        raise ValueError(
            f"byte {error.start + 1} is no {codec}, although the rest is; the file is damaged, save it anew as UTF-8"
        ) from error
    if impossible := _IMPOSSIBLE.search(text):
        raise ValueError(f"it holds the control character U+{ord(impossible[0]):04X}; expected text")
    return text


def _likeliest(content: bytes) -> str:
    """The encoding that gives the likeliest text, measured in bits (see `_bits`)."""
    # A page may begin with any amount of ASCII, so sample around the first other byte. UTF-16 needs an even offset.
    other = _NOT_ASCII.search(content)
    start = max(0, other.start() - 100) // 2 * 2 if other else 0
    sample = content[start : start + _SAMPLE]
    readings: dict[str, str] = {}
    for codec in _CODECS:
        text = _sample(sample, codec, whole=start + len(sample) == len(content))
        if text is not None and not _IMPOSSIBLE.search(text):
            readings.setdefault(text, codec)  # plain ASCII reads the same in two of them
    by_bits = sorted((_bits(text), text) for text in readings)
    if not by_bits:
        if b"\x00" in content:
            raise ValueError("it holds the control character U+0000; expected text")
        raise ValueError("it is neither UTF-8 nor GB18030 nor UTF-16 text; save it as UTF-8")
    (bits, text), *others = by_bits
    if others and others[0][0] - bits < _MARGIN:
        raise ValueError("its encoding cannot be told for sure; save it as UTF-8 with a byte order mark")
    if _is_gibberish(text):
        raise ValueError("no text in UTF-8, GB18030 or UTF-16; save it as UTF-8")
    return readings[text]


def _sample(sample: bytes, codec: str, *, whole: bool) -> str | None:
    try:
        return _decoded(sample, codec)
    except UnicodeDecodeError as error:
        # The sample may end inside a character.
        return None if whole or error.start < len(sample) - 4 else _decoded(sample[: error.start], codec)


def _bits(text: str) -> float:
    """The information content of a text in bits; less is likelier."""
    return sum(_cost(char) * count for char, count in Counter(text).items()) + _BORDER * len(_BORDERS.findall(text))


def _is_gibberish(text: str) -> bool:
    foreign = _ASCII_TEXT.sub("", text)
    return _bits(foreign) > _MAX_BITS * len(foreign)


@cache
def _cost(char: str) -> float:
    """Bits for one character, by how common its kind is in Chinese text. No frequency list is needed: GB 2312 is ordered by use."""
    code = ord(char)
    if code < 0x80:
        return 5.5 if char.islower() or char in " \n0123456789" else 7.5
    row = _gb2312_row(char)
    if 16 <= row <= 55 or char in "，。、；：？！“”‘’（）《》〔〕【】—…·　％":
        return 10.0  # the 3,755 characters of everyday use, and punctuation
    if 56 <= row <= 87 or ("\u3400" <= char <= "\u9fff" and 16 <= _gb2312_row(_simplified(char)) <= 87):
        return 12.5  # rarer characters, and traditional ones
    if 1 <= row <= 9 or "\u00a0" <= char <= "\u024f" or "\uff01" <= char <= "\uff5e":
        return 12.5  # symbols, accented letters, full-width forms
    return 22.0 if "\ue000" <= char <= "\uf8ff" else 18.0


def _simplified(char: str) -> str:
    from indexer.analysis.fold import fold

    return fold(char) or char


def _gb2312_row(char: str) -> int:
    """The row of a character in GB 2312, 0 for none; rows 16 to 55 are everyday characters, 56 to 87 rarer ones."""
    try:
        return char.encode("gb2312")[0] - 0xA0
    except UnicodeEncodeError:
        return 0
