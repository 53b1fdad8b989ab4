import pytest

from indexer import RejectedFile, parse_file
from indexer.loaders.rtf import load_rtf

FONTS = r"{\fonttbl{\f0\fcharset0 Times;}{\f1\fcharset134 SimSun;}{\f2\fcharset2 Symbol;}}"


def rtf(body):
    """A file as Chinese Windows writes it: what is not ASCII is two bytes of GBK in hexadecimal."""
    coded = "".join(char if char < "\x80" else "".join(f"\\'{byte:02x}" for byte in char.encode("gbk")) for char in body)
    return (r"{\rtf1\ansi\ansicpg936\deff1" + FONTS + r"\f1 " + coded + "}").encode()


def texts(body):
    return [line.text for line in load_rtf(rtf(body)).lines]


def left_out(body):
    return [(piece.text, piece.reason) for _, piece in load_rtf(rtf(body)).left_out]


@pytest.mark.parametrize(
    ("body", "shown"),
    [
        pytest.param(r"一、总体情况\par 受理41件\line 其中\par", ["一、总体情况", "受理41件", "其中"], id="paragraphs"),
        pytest.param(r"\u27861?\u27835?\uc2\u22269ab{\uc0\u23478}", ["法治国家"], id="unicode_with_what_stands_for_it"),
        pytest.param(r"\u-10179?\u-8704?", ["\U0001f600"], id="two_halves_of_a_character"),
        pytest.param(r"{\listtext\pard 二、\tab}下一步\par{\pntext 3\tab}5件", ["二、下一步", "3 5件"], id="numbers_as_printed"),
        pytest.param(r"办结率{\f2\'b3}95%{\f2\u61619?}9", ["办结率≥95%≥9"], id="symbols"),
        pytest.param(r"见{\field{\*\fldinst HYPERLINK x}{\fldrslt 网站}}", ["见网站"], id="a_field_shows_its_result"),
        pytest.param(r"{\field{\*\fldinst EQ \\o\\ad(\\s\\up 9(q),亓)}{\fldrslt }}家庄", ["亓家庄"], id="ruby_by_its_base"),
        pytest.param(r"正文{\footnote 注文}续\par 后", ["正文续", "注文", "后"], id="a_note_behind_its_paragraph"),
        pytest.param(r"甲{\shp{\*\shpinst{\sp{\sn x}{\sv 1}}{\shptxt 框内\par}}{\shprslt 框内}}乙\par", ["甲乙", "框内"], id="a_text_box_once"),
        pytest.param(r"甲{\shp{\*\shpinst{\sp{\sn gtextUNICODE}{\sv 艺术字}}}}\par", ["甲", "艺术字"], id="word_art"),
        pytest.param(r"\trowd\intbl 单位\cell 件数\cell\row\intbl 司法\par 所\cell 2\cell\row\pard 后\par", ["单位 | 件数", "司法 所 | 2", "后"], id="rows"),
        pytest.param(r"\trowd\intbl 框甲\par 框乙\cell\row\pard 后", ["框甲", "框乙", "后"], id="a_frame_of_one_cell"),
        pytest.param(r"{\pict\bin3 }}}}正文", ["正文"], id="binary_data"),
    ],
)  # fmt: skip
def test_text_is_read_as_printed(body, shown):
    assert texts(body) == shown


def test_a_byte_written_as_a_letter_belongs_to_the_character_before_it():
    assert [line.text for line in load_rtf(rtf("").replace(rb"\f1 ", rb"\f1 \'d2R")).lines] == [b"\xd2R".decode("gbk")]


def test_hidden_text_and_the_edges_of_pages_are_left_out():
    body = r"{\header 页眉\par}可见{\v 隐藏}{\annotation 批注}{\deleted 旧}\par"
    assert texts(body) == ["可见"]
    assert left_out(body) == [("隐藏旧", "hidden"), ("页眉", "running-head"), ("批注", "note")]


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"text", "no RTF"),
        (b"{\\rtf1" + b"{" * 1000, "nested deeper"),
        (b"{\\rtf1 text", "middle"),
        (b"{\\rtf1\\ansicpg936 \\'ff\\'ff\\'ff}", "characters"),
        (b"{\\rtf1\\ansicpg99999 \\'ff}", "characters"),
    ],
)
def test_what_cannot_be_read_says_why(content, reason):
    with pytest.raises(ValueError, match=reason):
        load_rtf(content)


def test_an_rtf_file_named_doc_is_told_its_name(tmp_path):
    (tmp_path / "a.doc").write_bytes(rtf("甲"))
    with pytest.raises(RejectedFile, match=r"name it \.rtf"):
        parse_file(tmp_path / "a.doc")


def test_objects_of_other_programs_are_said_to_be_unread():
    content = rtf(r"办结率{\object\objemb{\*\objclass Equation.3}{\*\objdata 0105}{\result 图}}。\par")
    assert [remark.params for remark in load_rtf(content).remarks] == [{"count": 1, "kinds": "Equation.3"}]
