"""OFD files (GB/T 33190), made by a small generator: text, tables, templates and watermarks by their positions; what is broken or made to do harm."""

import io
import random
import re
import zipfile

import pytest

from indexer import RejectedFile, parse_file
from indexer.loaders.ofd import load_ofd
from indexer.workers import parse_files
from tests.indexer.loaders.ofd_files import NAMESPACE, OFD, SHAPE, content, down, make_ofd, paragraph, rule, table, text
from tests.indexer.parsing.conserved import lost

TITLE = "青石县2023年法治政府建设工作报告"
SENTENCES = "全县扎实推进依法行政，健全重大行政决策程序，清理规范性文件四十六件，废止七件，公平竞争审查全面落实，行政执法三项制度执行到位。"
MORE = "持续深化放管服改革，推行一网通办，政务服务事项网上可办率达到百分之九十八，企业开办时间压缩至半个工作日，群众满意度明显提升。"
OTHERS = "存在的不足主要是基层执法力量薄弱，合法性审核质量有待提高，个别部门对法治建设重视不够，普法宣传针对性不强，需要认真加以解决。"


def first_page(*more, **options):
    return content(text(TITLE, 40, 40, 7), text("一、主要举措和成效", 40, 60), paragraph(SENTENCES, 30, 70, 30)[0], *more, **options)


def texts(document):
    return [line.text for line in document.lines]


def left_out(document):
    return [(piece.text, piece.reason) for _, piece in document.left_out]


def report():
    """Three pages: running head and page numbers from a template and the pages, two columns, a table, a watermark."""
    head = content(text("某县司法局编", 150, 12, 4))
    columns = content(
        *(part for words, x in ((MORE, 25), (OTHERS, 115)) for part in (paragraph(words, x, 60, 15)[0],)),
        text("— 2 —", 100, 285, 4),
        template=70,
    )
    rows = [("类别", "件数"), ("行政处罚", "128"), ("行政许可", "36")]
    annex = content(text("附表", 30, 40), table(rows, 30, 60, (60, 40)), text("— 3 —", 140, 200, 4), template=70, size=(297, 210))
    pages = [first_page(text("— 1 —", 100, 285, 4), template=70), columns, annex]
    return make_ofd(pages, title=TITLE, template=head, notes=[(1, "Watermark", text("内部资料", 60, 150, 20))])


def test_a_report_of_several_pages_is_read(tmp_path):
    (tmp_path / "a.ofd").write_bytes(report())
    found = parse_file(tmp_path / "a.ofd")
    assert (found.title, found.year, found.issuer, found.format) == (TITLE, 2023, "青石县", "ofd")
    assert [section.heading for section in found.sections] == ["主要举措和成效"]
    rows = ["类别 | 件数", "行政处罚 | 128", "行政许可 | 36"]
    assert [paragraph.text for paragraph in found.paragraphs] == [SENTENCES, MORE, OTHERS, "附表", *rows]
    heads, numbers = [("某县司法局编", "running-head")] * 3, [(f"— {number} —", "page-number") for number in (1, 2, 3)]
    assert sorted((piece.text, piece.reason) for piece in found.left_out) == sorted([*heads, *numbers, ("内部资料", "watermark")])


def test_every_character_is_accounted_for(tmp_path):
    (tmp_path / "a.ofd").write_bytes(report())
    with zipfile.ZipFile(tmp_path / "a.ofd") as package:
        drawn = [code for name in package.namelist() for code in re.findall("<ofd:TextCode[^>]*>([^<]*)<", package.read(name).decode())]
    # The template stands on each of the three pages.
    assert not lost([*drawn, "某县司法局编", "某县司法局编"], parse_file(tmp_path / "a.ofd"))


def test_lines_know_their_page():
    assert next((line.page, line.text) for line in load_ofd(report()).lines if line.page == 3) == (3, "附表")


def test_passages_know_their_page(tmp_path):
    (tmp_path / "a.ofd").write_bytes(report())
    pages = {passage.text[:4]: passage.page for passage in parse_file(tmp_path / "a.ofd").passages}
    assert pages == {
        TITLE[:4]: 1,
        "一、主要": 1,
        SENTENCES[:4]: 1,
        MORE[:4]: 2,
        OTHERS[:4]: 2,
        "附表": 3,
        "类别 |": 3,
        "行政处罚": 3,
        "行政许可": 3,
    }


def test_a_page_set_sideways_is_read():
    # Turned by a quarter: x runs up the page, lines follow from left to right.
    lines = [SENTENCES[at : at + 40] for at in range(0, len(SENTENCES), 40)]
    turned = [text(line, 40 + 9 * at, 280, attributes='CTM="0 -1 1 0 0 0"') for at, line in enumerate(lines)]
    assert "".join(texts(load_ofd(make_ofd([first_page(), content(*turned)])))[3:]) == SENTENCES


def test_vertical_lines_are_read_from_right_to_left_with_a_remark():
    lines = [down(SENTENCES[at : at + 30], 180 - 10 * at // 30, 40) for at in range(0, len(SENTENCES), 30)]
    document = load_ofd(make_ofd([content(*lines)]))
    assert "".join(texts(document)) == SENTENCES
    assert [remark.code for remark in document.remarks] == ["text-vertical"]


def test_a_pale_repeated_text_and_one_at_an_angle_are_watermarks_and_a_pale_heading_is_none():
    pale = text("二、存在的不足", 40, 120, color="230 200 200")
    slanted = text("仅供查阅", 60, 200, 15, attributes='CTM="0.7 -0.7 0.7 0.7 0 0"')
    document = load_ofd(make_ofd([first_page(pale, slanted), content(paragraph(OTHERS, 30, 40, 30)[0], slanted)]))
    assert "二、存在的不足" in texts(document)
    assert left_out(document) == [("仅供查阅", "watermark")] * 2


def test_composite_objects_are_read_and_unseen_ones_listed():
    unit = (
        f'<ofd:Res {NAMESPACE}><ofd:CompositeGraphicUnits><ofd:CompositeGraphicUnit ID="44" Width="9" Height="9"><ofd:Content>'
        f"{text('组合里的文字', 10, 5)}</ofd:Content></ofd:CompositeGraphicUnit></ofd:CompositeGraphicUnits></ofd:Res>"
    )
    page = first_page(
        '<ofd:CompositeObject ID="8" Boundary="30 130 90 20" ResourceID="44"/>', text("看不见", 30, 200, attributes='Visible="false"')
    )
    page = page.replace("<ofd:Content>", "<ofd:PageRes>Res.xml</ofd:PageRes><ofd:Content>", 1)
    document = load_ofd(make_ofd([page], more={"Doc_0/Pages/Page_0/Res.xml": unit}))
    assert texts(document)[-1] == "组合里的文字"
    assert left_out(document) == [("看不见", "hidden")]


def test_what_is_drawn_as_shapes_is_missed_and_said():
    document = load_ofd(make_ofd([first_page(SHAPE * 30), content(SHAPE)]))
    assert [(remark.code, remark.params) for remark in document.remarks] == [
        ("text-drawn", {"page": 1}),
        ("page-without-text", {"page": 2}),
    ]
    with pytest.raises(ValueError, match=r"pictures or drawn shapes.*OCR"):
        load_ofd(make_ofd([content(SHAPE * 30)]))


def test_a_page_whose_template_is_missing_is_remarked_on():
    document = load_ofd(make_ofd([first_page(template=70)]))
    assert [(remark.code, remark.params) for remark in document.remarks] == [("page-incomplete", {"page": 1})]


def test_what_is_laid_on_a_page_and_missing_in_the_file_is_remarked_on():
    whole = make_ofd([first_page(), first_page()], notes=[(2, "Stamp", text("批注", 30, 200))])
    assert not load_ofd(whole).remarks
    assert [(remark.code, remark.params) for remark in load_ofd(without(whole, "Doc_0/Annots/Annot_0.xml")).remarks] == [
        ("page-incomplete", {"page": 2})
    ]
    assert [remark.params["page"] for remark in load_ofd(without(whole, "Doc_0/Annots/Annotations.xml")).remarks] == [1, 2]
    composite = first_page('<ofd:CompositeObject ID="8" Boundary="30 130 90 20" ResourceID="44"/>')
    assert [remark.code for remark in load_ofd(make_ofd([composite])).remarks] == ["page-incomplete"]


def without(content, *names):
    """The file without some of its parts."""
    made = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as package, zipfile.ZipFile(made, "w") as other:
        for name in package.namelist():
            if name not in names:
                other.writestr(name, package.read(name))
    return made.getvalue()


def test_a_prefix_that_is_never_declared_is_no_obstacle():
    made = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(report())) as package, zipfile.ZipFile(made, "w") as other:
        for name in package.namelist():
            other.writestr(
                name, package.read(name).decode().replace(f" {NAMESPACE}", "").replace(" ID=", " ofd:ID=").replace(" BaseLoc", " x:BaseLoc")
            )
    assert texts(load_ofd(made.getvalue())) == texts(load_ofd(report()))
    page = first_page(text("公式 x:y=1", 30, 200)).replace(f" {NAMESPACE}", "")
    assert texts(load_ofd(make_ofd([page])))[-1] == "公式 x:y=1"


def test_parts_are_found_however_they_are_named():
    page = first_page()
    renamed = make_ofd([page], more={"OFD.xml": OFD.format(title="").replace("Doc_0/Document.xml", "/doc_0\\document.xml")})
    assert texts(load_ofd(renamed))[0] == TITLE


HAN = [chr(code) for code in range(0x4E00, 0x9FA6)]
HARMFUL = {
    "bomb": ({"Doc_0/Pages/Page_0/Content.xml": "<a>" + " " * 60_000_000}, "unpacks"),
    "entities": ({"Doc_0/Document.xml": '<!DOCTYPE d [<!ENTITY l0 "lol"><!ENTITY l1 "&l0;&l0;">]><d>&l1;</d>'}, "entities"),
    "external": ({"OFD.xml": '<!DOCTYPE d [<!ENTITY x SYSTEM "file:///etc/passwd">]><d>&x;</d>'}, "entities"),
    "outside": ({"OFD.xml": OFD.format(title="").replace("Doc_0/Document.xml", "../../../../etc/passwd")}, "missing"),
    "nested": ({"Doc_0/Pages/Page_0/Content.xml": f"<ofd:Page {NAMESPACE}><ofd:Content>" + "<ofd:Layer>" * 50_000}, "damaged"),
    "no_ofd": ({"OFD.xml": "<x/>"}, "no page"),
    "endless": ({"Doc_0/Pages/Page_0/Content.xml": content(text("".join(random.Random(1).choices(HAN, k=11_000)), 0, 0), SHAPE)}, "more is drawn"),
}  # fmt: skip


@pytest.mark.parametrize("name", HARMFUL)
def test_a_harmful_file_is_refused(monkeypatch, name):
    # Drawn in full a page of a million characters takes seconds.
    monkeypatch.setattr("indexer.loaders.ofd._MAX_CHARACTERS", 10_000)
    more, reason = HARMFUL[name]
    with pytest.raises(ValueError, match=reason):
        load_ofd(make_ofd([first_page()], more=more))


def test_units_that_hold_each_other_end():
    unit = '<ofd:CompositeObject ID="8" Boundary="0 0 9 9" ResourceID="44"/>' * 20
    resources = (
        f'<ofd:Res {NAMESPACE}><ofd:CompositeGraphicUnits><ofd:CompositeGraphicUnit ID="44"><ofd:Content>{unit}</ofd:Content>'
        "</ofd:CompositeGraphicUnit></ofd:CompositeGraphicUnits></ofd:Res>"
    )
    page = first_page(unit).replace("<ofd:Content>", "<ofd:PageRes>Res.xml</ofd:PageRes><ofd:Content>", 1)
    with pytest.raises(ValueError, match="more is drawn"):
        load_ofd(make_ofd([page], more={"Doc_0/Pages/Page_0/Res.xml": resources}))


def test_damaged_files_are_read_or_rejected_with_a_reason(tmp_path):
    whole = report()
    paths = []
    for number in range(120):
        rng = random.Random(number)
        broken = bytearray(whole)
        if number % 3 == 0:
            broken = broken[: rng.randrange(len(broken))]
        else:
            for _ in range(rng.choice([1, 5, 50])):
                broken[rng.randrange(len(broken))] = rng.randrange(256)
        paths.append(tmp_path / f"{number}.ofd")
        paths[-1].write_bytes(broken)
    for _, outcome in parse_files(paths, jobs=2):
        if isinstance(outcome, RejectedFile):
            assert outcome.reason
            assert "internal error" not in outcome.reason
        else:
            assert outcome.passages[1:]


def test_a_drawing_of_many_lines_is_no_table():
    lines = [rule(10, 20 + 0.01 * at, 200, 20 + 0.01 * at) for at in range(4_000)]
    assert texts(load_ofd(make_ofd([first_page(*lines)])))[0] == TITLE
