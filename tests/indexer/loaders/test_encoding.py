import random

import pytest

from indexer.loaders.encoding import decode
from tests.support import FIRST_REPORT

CHINESE = FIRST_REPORT.read_text(encoding="utf-8")
LATIN = "The quick brown fox jumps over the lazy dog. Regulation (EU) 2016/679 shall apply; façade, naïve, Straße, café, über 99.6%. " * 4
TRADITIONAL = "資訊公開，依法行政，這個國家的法治政府建設情況報告，嚴格規範公正文明執法。" * 4
LENGTHS = [1, 2, 3, 4, 5, 6, 8, 10, 15, 20, 30, 50, 100, 140]
WRITTEN = {
    "utf-8": lambda text: text.encode(),
    "utf-8-sig": lambda text: text.encode("utf-8-sig"),
    "gb18030": lambda text: text.encode("gb18030"),
    "utf-16-le": lambda text: text.encode("utf-16-le"),
    "utf-16-be": lambda text: text.encode("utf-16-be"),
    "utf-16-le-bom": lambda text: b"\xff\xfe" + text.encode("utf-16-le"),
    "utf-16-be-bom": lambda text: b"\xfe\xff" + text.encode("utf-16-be"),
}


def piece(rng, source, length):
    start = rng.randrange(len(source) - length)
    return source[start : start + length]


@pytest.mark.parametrize("encoding", WRITTEN)
def test_random_pieces_are_read_exactly_or_refused(encoding):
    rng = random.Random(encoding)
    refused = 0
    for number in range(1000):
        length = rng.choice(LENGTHS)
        kinds = [CHINESE, LATIN, TRADITIONAL]
        text = piece(rng, kinds[number % 3], length) if number % 4 else piece(rng, CHINESE, length) + piece(rng, LATIN, length)
        try:
            assert decode(WRITTEN[encoding](text))[0] == text
        except ValueError:
            refused += 1
    assert refused < 350


@pytest.mark.parametrize("encoding", WRITTEN)
def test_a_whole_report_is_read(encoding):
    assert decode(WRITTEN[encoding](CHINESE))[0] == CHINESE


def test_much_ascii_before_the_first_chinese_character_hides_nothing():
    text = "<script>var a = 1;</script>\n" * 5000 + CHINESE
    assert decode(text.encode("gb18030")) == (text, "gb18030")


@pytest.mark.parametrize(
    "content",
    [
        pytest.param(TRADITIONAL.encode("big5"), id="big5"),
        pytest.param("résumé naïve café".encode("latin-1"), id="latin_1"),
        pytest.param("これは日本語の文章です。平仮名と片仮名".encode("shift-jis"), id="shift_jis"),
        pytest.param(CHINESE.encode()[:-1], id="cut_inside_a_character"),
        pytest.param(CHINESE.encode("gb18030") + b"\xff", id="one_wrong_byte"),
        pytest.param(b"\xff\xfe\x00", id="half_a_unit"),
        pytest.param(CHINESE[:50].encode("utf-32"), id="utf_32"),
        pytest.param(random.Random(1).randbytes(5000), id="noise"),
    ],
)
def test_what_is_none_of_them_is_refused(content):
    with pytest.raises(ValueError, match=r"UTF-8|control character|no utf"):
        decode(content)


@pytest.mark.parametrize("written", ["utf-8", "gb18030"])
@pytest.mark.parametrize("read", ["latin-1", "cp1252"])
def test_text_that_was_read_as_latin_letters_and_saved_is_refused_as_garbled(written, read):
    garbled = CHINESE.encode(written).decode(read, "ignore").encode()
    with pytest.raises(ValueError, match="garbled"):
        decode(garbled)


def test_accented_letters_are_not_taken_for_garbled_text():
    text = "résumé, naïve, café, élève, où, être, à, ç. " * 20
    assert decode(text.encode()) == (text, "utf-8")


def test_the_euro_of_windows_is_read_in_gbk():
    assert decode(CHINESE.encode("gb18030") + "项目金额300万".encode("gb18030") + b"\x80")[0] == CHINESE + "项目金额300万€"
