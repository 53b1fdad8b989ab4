import io
import zipfile

import pytest

from indexer import RejectedFile, parse_file
from indexer.loaders.docx import load_docx
from tests.support import ROOT

W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
SPACES = f'xmlns:w="{W}" xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships" xmlns:m="http://schemas.openxmlformats.org/officeDocument/2006/math" xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006" xmlns:v="urn:schemas-microsoft-com:vml"'
KINDS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/"


def packed(body, **parts):
    """A Word file; parts by kind, their content in the element that such a part has, or bytes with their file's name."""
    roots = {
        "numbering": "numbering",
        "styles": "styles",
        "footnotes": "footnotes",
        "endnotes": "endnotes",
        "header": "hdr",
        "comments": "comments",
    }
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w") as package:
        package.writestr("word/document.xml", f"<w:document {SPACES}><w:body>{body}</w:body></w:document>")
        relations = ""
        for kind, part in parts.items():
            name, data = part if isinstance(part, tuple) else (f"{kind}.xml", f"<w:{roots[kind]} {SPACES}>{part}</w:{roots[kind]}>")
            package.writestr(f"word/{name}", data)
            relations += f'<Relationship Id="{kind}" Type="{KINDS}{kind}" Target="{name}"/>'
        package.writestr(
            "word/_rels/document.xml.rels",
            f'<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">{relations}</Relationships>',
        )
    return content.getvalue()


def run(text, properties=""):
    return f'<w:r><w:rPr>{properties}</w:rPr><w:t xml:space="preserve">{text}</w:t></w:r>'


def paragraph(text, properties=""):
    return f"<w:p><w:pPr>{properties}</w:pPr>{text if text.startswith('<') else run(text)}</w:p>"


def numbered(text, number=1, level=0):
    return paragraph(text, f'<w:numPr><w:ilvl w:val="{level}"/><w:numId w:val="{number}"/></w:numPr>')


def level(depth, number_format, text, more=""):
    return f'<w:lvl w:ilvl="{depth}"><w:start w:val="1"/><w:numFmt w:val="{number_format}"/>{more}<w:lvlText w:val="{text}"/></w:lvl>'


def texts(content):
    return [line.text for line in load_docx(content).lines]


def left_out(content):
    return [(piece.text, piece.reason) for _, piece in load_docx(content).left_out]


LISTS = (
    f'<w:abstractNum w:abstractNumId="7">{level(0, "chineseCounting", "%1、")}{level(1, "decimal", "%2.")}'
    f'{level(2, "decimal", "%3)", """<w:lvlRestart w:val="1"/>""")}{level(3, "decimal", "%1.%4", "<w:isLgl/>")}</w:abstractNum>'
    '<w:num w:numId="1"><w:abstractNumId w:val="7"/></w:num><w:num w:numId="2"><w:abstractNumId w:val="7"/></w:num>'
    '<w:num w:numId="3"><w:abstractNumId w:val="7"/><w:lvlOverride w:ilvl="0"><w:startOverride w:val="5"/></w:lvlOverride></w:num>'
)


@pytest.mark.parametrize(
    ("paragraphs", "shown"),
    [
        pytest.param([("甲", 1, 0), ("乙", 1, 1), ("丙", 1, 0), ("丁", 1, 1)], ["一、甲", "1.乙", "二、丙", "1.丁"], id="a_level_above_restarts"),
        pytest.param([("甲", 1, 0), ("乙", 2, 0)], ["一、甲", "二、乙"], id="uses_of_a_list_continue_one_another"),
        pytest.param([("甲", 1, 0), ("乙", 3, 0), ("丙", 3, 0)], ["一、甲", "五、乙", "六、丙"], id="an_override_restarts_once"),
        pytest.param([("甲", 1, 1), ("乙", 1, 2), ("丙", 1, 1), ("丁", 1, 2)], ["1.甲", "1)乙", "2.丙", "2)丁"], id="restarted_by_the_first_level_only"),
        pytest.param([("甲", 1, 0), ("3件", 1, 3)], ["一、甲", "1.1 3件"], id="digits_do_not_run_into_a_figure"),
        pytest.param([("甲", 9, 0), ("乙", 0, 0)], ["甲", "乙"], id="no_such_list"),
    ],
)  # fmt: skip
def test_numbers_are_those_that_word_prints(paragraphs, shown):
    assert texts(packed("".join(numbered(*each) for each in paragraphs), numbering=LISTS)) == shown


def test_a_style_numbers_through_the_one_that_it_is_based_on():
    styles = (
        '<w:style w:styleId="A"><w:name w:val="a"/><w:pPr><w:numPr><w:numId w:val="1"/></w:numPr></w:pPr></w:style>'
        '<w:style w:styleId="B"><w:name w:val="b"/><w:basedOn w:val="A"/><w:pPr><w:numPr><w:ilvl w:val="1"/></w:numPr></w:pPr></w:style>'
    )
    body = paragraph("甲", '<w:pStyle w:val="A"/>') + paragraph("乙", '<w:pStyle w:val="B"/>')
    assert texts(packed(body, numbering=LISTS, styles=styles)) == ["一、甲", "1.乙"]


def test_hidden_text_is_left_out_and_listed_also_where_a_style_hides_it():
    styles = '<w:style w:styleId="H"><w:name w:val="h"/><w:rPr><w:vanish/></w:rPr></w:style>'
    body = paragraph(run("可见") + run("密一", "<w:vanish/>") + run("密二", '<w:rStyle w:val="H"/>') + run("可见", '<w:vanish w:val="0"/>'))
    assert texts(packed(body, styles=styles)) == ["可见可见"]
    assert left_out(packed(body, styles=styles)) == [("密一", "hidden"), ("密二", "hidden")]


def test_a_paragraph_whose_mark_is_deleted_goes_on_in_the_next():
    body = paragraph(run("前半") + "<w:del><w:r><w:delText>旧</w:delText></w:r></w:del>", "<w:rPr><w:del/></w:rPr>") + paragraph("后半")
    assert texts(packed(body)) == ["前半后半"]
    assert left_out(packed(body)) == [("旧", "hidden")]


def test_notes_come_behind_the_paragraph_that_refers_to_them():
    body = paragraph(run("正文") + '<w:r><w:footnoteReference w:id="2"/></w:r>' + run("续")) + paragraph("下一段")
    notes = f'<w:footnote w:id="2">{paragraph("注文")}</w:footnote><w:footnote w:id="3">{paragraph("无处引用")}</w:footnote>'
    assert texts(packed(body, footnotes=notes)) == ["正文续", "注文", "下一段", "无处引用"]


def test_text_boxes_are_read_once_and_behind_the_paragraph_that_anchors_them():
    box = f"<w:txbxContent>{paragraph('框内')}</w:txbxContent>"
    both = f"<w:r><mc:AlternateContent><mc:Choice>{box}</mc:Choice><mc:Fallback>{box}</mc:Fallback></mc:AlternateContent></w:r>"
    only_old = f"<w:r><mc:AlternateContent><mc:Choice/><mc:Fallback>{box}</mc:Fallback></mc:AlternateContent></w:r>"
    assert texts(packed(paragraph(run("甲") + both + run("续")) + paragraph(only_old))) == ["甲续", "框内", "框内"]


def test_text_of_drawings_and_of_smart_art_is_read():
    drawn = '<x:p xmlns:x="urn:x"><x:r><x:t>图中</x:t></x:r><x:r><x:t>文字</x:t></x:r></x:p>'
    body = f'<w:r><w:drawing><x:txBody xmlns:x="urn:x">{drawn}</x:txBody><x:relIds xmlns:x="urn:x" r:dm="diagramData"/></w:drawing></w:r>'
    content = packed(paragraph(run("甲") + body), diagramData=("data1.xml", f'<x:dataModel xmlns:x="urn:x">{drawn}</x:dataModel>'))
    assert texts(content) == ["甲", "图中文字", "图中文字"]


@pytest.mark.parametrize(
    ("formula", "shown"),
    [
        ("<m:f><m:num><m:r><m:t>5762</m:t></m:r></m:num><m:den><m:r><m:t>5785</m:t></m:r></m:den></m:f>", "5762/5785"),
        ("<m:f><m:num><m:r><m:t>a+b</m:t></m:r></m:num><m:den><m:r><m:t>c</m:t></m:r></m:den></m:f>", "(a+b)/c"),
        ("<m:sSup><m:e><m:r><m:t>x</m:t></m:r></m:e><m:sup><m:r><m:t>2</m:t></m:r></m:sup></m:sSup>", "x^2"),
        ("<m:rad><m:deg/><m:e><m:r><m:t>16</m:t></m:r></m:e></m:rad>", "√16"),
        ('<m:d><m:dPr><m:begChr m:val="["/><m:endChr m:val="]"/></m:dPr><m:e><m:r><m:t>1</m:t></m:r></m:e></m:d>', "[1]"),
        ('<m:nary><m:naryPr><m:chr m:val="∑"/></m:naryPr><m:e><m:r><m:t>n</m:t></m:r></m:e></m:nary>', "∑n"),
    ],
)
def test_a_formula_is_text_on_one_line(formula, shown):
    assert texts(packed(paragraph(run("计") + f"<m:oMath>{formula}</m:oMath>"))) == ["计" + shown]


def table(*rows):
    cells = "".join("<w:tr>" + "".join(f"<w:tc>{cell}</w:tc>" for cell in row) + "</w:tr>" for row in rows)
    return f"<w:tbl>{cells}</w:tbl>"


def test_equal_rows_are_kept_and_a_frame_is_paragraphs():
    row = (paragraph("司法所"), numbered("件"))
    frame = table([paragraph("框内甲") + paragraph("框内乙")])
    assert texts(packed(table(row, row) + frame + table([frame, paragraph("丙")]), numbering=LISTS)) == [
        "司法所 | 一、件",
        "司法所 | 二、件",
        "框内甲",
        "框内乙",
        "框内甲 框内乙 | 丙",
    ]


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("a.txt", "插入的一段".encode()),
        ("a.html", "<html><meta charset=utf-8><body><p>插入的一段</p></body></html>".encode()),
        ("a.docx", packed(paragraph("插入的一段"))),
    ],
)
def test_an_inserted_document_stands_in_its_place(name, content):
    body = paragraph("前") + '<w:altChunk r:id="aFChunk"/>' + paragraph("后")
    assert texts(packed(body, aFChunk=(name, content))) == ["前", "插入的一段", "后"]


def test_an_inserted_document_of_an_unknown_kind_is_no_silent_loss():
    with pytest.raises(ValueError, match="inside it"):
        load_docx(packed('<w:altChunk r:id="aFChunk"/>', aFChunk=("a.bin", b"x")))


def test_a_field_without_result_shows_what_its_instruction_makes():
    parts = (
        '<w:fldChar w:fldCharType="begin"/>',
        "<w:instrText>EQ \\o\\ad(\\s\\up 9(qí),</w:instrText>",
        "<w:instrText>亓)</w:instrText>",
        '<w:fldChar w:fldCharType="end"/>',
    )
    assert texts(packed(paragraph("".join(f"<w:r>{part}</w:r>" for part in parts) + run("家庄")))) == ["亓家庄"]


def test_headers_and_comments_are_left_out():
    content = packed(paragraph("正文"), header=paragraph("页眉"), comments=f"<w:comment>{paragraph('批注')}</w:comment>")
    assert left_out(content) == [("页眉", "running-head"), ("批注", "note")]


@pytest.mark.parametrize("extension", [".docm", ".dotx"])
def test_macros_and_templates_are_read_as_documents(tmp_path, extension):
    path = tmp_path / f"a{extension}"
    path.write_bytes((ROOT / "tests/data/samples/06-styled.docx").read_bytes())
    assert parse_file(path).year == 2021


def test_an_encrypted_file_is_said_to_be_one(tmp_path):
    content = bytearray(packed(paragraph("甲")))
    content[6] |= 1
    content[content.rindex(b"PK\x01\x02") + 8] |= 1
    (tmp_path / "a.docx").write_bytes(content)
    with pytest.raises(RejectedFile, match="encrypted"):
        parse_file(tmp_path / "a.docx")


CHART = (
    '<c:chartSpace xmlns:c="urn:c" xmlns:a="urn:a"><c:chart><c:title><c:tx><c:rich><a:p><a:r><a:t>历年</a:t></a:r><a:r><a:t>案件</a:t></a:r></a:p>'
    "</c:rich></c:tx></c:title><c:plotArea><c:barChart><c:ser><c:tx><c:strRef><c:strCache><c:pt><c:v>行政复议</c:v></c:pt></c:strCache></c:strRef>"
    "</c:tx><c:dLbls><c:dLbl><c:tx><c:rich><a:p><a:r><a:t>最多</a:t></a:r></a:p></c:rich></c:tx></c:dLbl></c:dLbls><c:cat><c:strRef><c:strCache>"
    "<c:pt><c:v>2022年</c:v></c:pt><c:pt><c:v>2023年</c:v></c:pt></c:strCache></c:strRef></c:cat><c:val><c:numRef><c:numCache><c:pt><c:v>41</c:v>"
    "</c:pt><c:pt><c:v>56</c:v></c:pt></c:numCache></c:numRef></c:val></c:ser></c:barChart></c:plotArea></c:chart></c:chartSpace>"
)
CHARTEX = (
    '<cx:chartSpace xmlns:cx="urn:cx"><cx:chartData><cx:data><cx:strDim><cx:lvl><cx:pt>甲</cx:pt><cx:pt>乙</cx:pt></cx:lvl></cx:strDim><cx:numDim>'
    "<cx:lvl><cx:pt>3</cx:pt><cx:pt>4</cx:pt></cx:lvl></cx:numDim></cx:data></cx:chartData><cx:chart><cx:title><cx:tx><cx:txData><cx:v>构成</cx:v>"
    "</cx:txData></cx:tx></cx:title></cx:chart></cx:chartSpace>"
)


@pytest.mark.parametrize(
    ("part", "words"),
    [(CHART, ["历年案件", "最多", "行政复议 | 2022年 41 | 2023年 56"]), (CHARTEX, ["构成", "甲 | 乙", "3 | 4"])],
    ids=["chart", "chartex"],
)
def test_what_a_chart_says_is_left_out_and_listed(part, words):
    drawing = '<w:drawing><x:graphicData xmlns:x="urn:x"><x:chart r:id="chart"/></x:graphicData></w:drawing>'
    both = f"<w:r><mc:AlternateContent><mc:Choice>{drawing}</mc:Choice><mc:Fallback><w:pict/></mc:Fallback></mc:AlternateContent></w:r>"
    for body in (f"<w:r>{drawing}</w:r>", both):
        content = packed(paragraph(run("如图") + body), chart=("charts/chart1.xml", part))
        assert texts(content) == ["如图"]
        assert left_out(content) == [(text, "chart") for text in words]


def test_objects_of_other_programs_are_said_to_be_unread():
    formula = '<w:r><w:object><o:OLEObject xmlns:o="urn:o" Type="Embed" ProgID="Equation.3" r:id="x"/></w:object></w:r>'
    document = load_docx(packed(paragraph(run("办结率") + formula + formula)))
    assert [(remark.code, remark.params) for remark in document.remarks] == [("objects-unread", {"count": 2, "kinds": "Equation.3"})]
    assert load_docx(packed(paragraph("甲"))).remarks == []
