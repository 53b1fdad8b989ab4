"""Pictures in Word files: those as large as text are read where they stand, and said to be unread where nothing reads them."""

import hashlib
import io
import json
import zipfile

import pytest
from PIL import Image

from indexer import RejectedFile, reindex
from indexer.cli import main
from indexer.loaders import Limits, NotYetRead, engine_name, inlaid, pdf, read_document
from indexer.parsing import parse_report
from indexer.workers import parse_files, worker
from indexer.workers.remembered import PageMemory
from tests.indexer.parsing.conserved import check
from tests.scans.test_pages import page_of
from tests.scans.test_reading import SCANS, mixed_pdf
from tests.support import ROOT

WORD = ROOT / "tests" / "data" / "word"
TEXT = "石岭县人民政府坚持依法行政，全年办理行政复议案件十二件，按期办结率百分之百，群众满意度继续提高，基层治理更加规范。"
NAMES = " ".join(
    f'xmlns:{prefix}="{uri}"'
    for prefix, uri in {
        "w": "http://schemas.openxmlformats.org/wordprocessingml/2006/main",
        "r": "http://schemas.openxmlformats.org/officeDocument/2006/relationships",
        "a": "http://schemas.openxmlformats.org/drawingml/2006/main",
        "v": "urn:schemas-microsoft-com:vml",
        "mc": "http://schemas.openxmlformats.org/markup-compatibility/2006",
    }.items()
)


def picture(shade, size=(300, 400)):
    content = io.BytesIO()
    Image.new("L", size, shade).save(content, "PNG")
    return content.getvalue()


def drawn(name, width, height):
    """A picture in the line, of so many points."""
    return (
        f'<w:r><w:drawing><a:inline><a:pic><a:blipFill><a:blip r:embed="{name}"/></a:blipFill><a:spPr><a:xfrm>'
        f'<a:ext cx="{width * 12700}" cy="{height * 12700}"/></a:xfrm></a:spPr></a:pic></a:inline></w:drawing></w:r>'
    )


def run(text):
    return f"<w:r><w:t>{text}</w:t></w:r>"


def docx(path, *paragraphs, **pictures):
    body = "".join(paragraph if paragraph.startswith("<w:tbl>") else f"<w:p>{paragraph}</w:p>" for paragraph in paragraphs)
    relations = "".join(f'<Relationship Id="{name}" Type="x/image" Target="media/{name}"/>' for name in pictures)
    with zipfile.ZipFile(path, "w") as package:
        package.writestr("word/document.xml", f"<w:document {NAMES}><w:body>{body}</w:body></w:document>")
        package.writestr("word/_rels/document.xml.rels", f"<Relationships>{relations}</Relationships>")
        for name, content in pictures.items():
            package.writestr(f"word/media/{name}", content)
    return path


def unread(path):
    with pytest.raises(NotYetRead) as found:
        read_document(path, Limits())
    return found.value


def digest(content):
    return hashlib.sha256(content).hexdigest()


def test_a_word_file_of_pictures_has_a_page_for_each(tmp_path):
    pages = [picture(200), picture(210)]
    path = docx(tmp_path / "a.docx", drawn("one", 500, 700), drawn("two", 500, 700), one=pages[0], two=pages[1])
    found = unread(path)
    assert [(of.page, of.inside, of.digest) for of in found.pictures] == [(1, 1, digest(pages[0])), (2, 1, digest(pages[1]))]
    known = {1: page_of("石岭县2022年法治政府建设情况报告", "一、主要举措和成效"), 2: page_of("二、存在的不足", "执法力量还不够。")}
    document = read_document(path, Limits(), known, found.digest)
    assert [(line.text, line.page, line.ocr) for line in document.lines] == [
        ("石岭县2022年法治政府建设情况报告", 1, True),
        ("一、主要举措和成效", 1, True),
        ("二、存在的不足", 2, True),
        ("执法力量还不够。", 2, True),
    ]
    assert document.ocr.pages == 2


def test_a_picture_among_text_is_read_in_its_position(tmp_path):
    path = docx(
        tmp_path / "a.docx", run(TEXT * 2), drawn("seal", 119, 119) + run("见下表："), drawn("table", 450, 300), run("继续努力。"),
        seal=picture(1), table=picture(2),
    )  # fmt: skip
    assert [of.digest for of in unread(path).pictures] == [digest(picture(2))]
    rows = "全年办理行政复议案件三十件，其中调解和解十件，直接纠错两件，维持十八件，全部按期办结，无一件被撤销。"
    document = read_document(path, Limits(), {1: page_of(rows)})
    assert [(line.text[:4], line.ocr, line.page) for line in document.lines] == [
        (TEXT[:4], False, None),
        ("见下表：", False, None),
        ("全年办理", True, None),
        ("继续努力", False, None),
    ]  # fmt: skip
    report = parse_report(document, "a.docx")
    check([line.text for line in document.lines], report, ordered=False)
    assert {passage.ocr for passage in report.passages if "维持十八件" in passage.text} == {True}


def test_the_few_words_on_a_photograph_are_no_text_of_the_report(tmp_path):
    path = docx(tmp_path / "a.docx", run(TEXT * 2), drawn("photo", 400, 300), run("继续努力。"), photo=picture(3))
    document = read_document(path, Limits(), {1: page_of("法治宣传进校园")})
    assert [line.ocr for line in document.lines] == [False, False]
    assert [(piece.text, piece.reason) for _, piece in document.left_out] == [("法治宣传进校园", "picture")]


@pytest.mark.parametrize("name", ["seal", "line"])
def test_small_pictures_are_not_looked_at(tmp_path, name):
    size = {"seal": (119, 119), "line": (450, 3)}[name]
    document = read_document(docx(tmp_path / "a.docx", run(TEXT) + drawn("one", *size), one=picture(4)), Limits())
    assert (len(document.lines), document.remarks, document.ocr) == (1, [], None)


@pytest.mark.parametrize(
    "paragraph",
    [
        pytest.param('<w:r><w:pict><v:shape style="width:400pt;height:20cm"><v:imagedata r:id="one"/></v:shape></w:pict></w:r>', id="vml"),
        pytest.param(f"<w:r><mc:AlternateContent><mc:Choice>{drawn('one', 400, 500)}</mc:Choice></mc:AlternateContent></w:r>", id="choice"),
        pytest.param(f"<w:tbl><w:tr><w:tc><w:p>{drawn('one', 400, 500)}</w:p></w:tc><w:tc><w:p/></w:tc></w:tr></w:tbl>", id="in_a_table"),
    ],
)
def test_pictures_are_found_however_they_are_set(tmp_path, paragraph):
    path = docx(tmp_path / "a.docx", run(TEXT * 2), paragraph, one=picture(5))
    assert [of.digest for of in unread(path).pictures] == [digest(picture(5))]


def test_pictures_of_old_word_files_are_found_in_the_line_and_beside_it():
    found = unread(WORD / "pictures.doc")
    assert len(found.pictures) == 2
    table = "全年办理行政复议案件三十件，其中调解和解十件，直接纠错两件，维持十八件，全部按期办结，无一件被撤销。"
    document = read_document(WORD / "pictures.doc", Limits(), {1: page_of(table), 2: page_of(table[::-1])}, found.digest)
    assert [line.text[:4] for line in document.lines if line.ocr] == [table[:4], table[::-1][:4]]
    assert [line.ocr for line in document.lines] == [False, False, False, True, False, True, False]
    assert unread(WORD / "scanned.doc").pages == (1, 2)


@pytest.fixture
def no_engine(monkeypatch):
    for module in (inlaid, pdf, reindex):
        monkeypatch.setattr(module, "engine_name", lambda: None)


def test_without_the_extra_a_word_file_of_pictures_is_rejected_with_the_command(no_engine, tmp_path):
    for path in (WORD / "scanned.doc", docx(tmp_path / "a.docx", drawn("one", 500, 700), one=picture(6))):
        with pytest.raises(RejectedFile, match=r"pip install 'fazhi-search\[ocr\]'"):
            read_document(path, Limits())


def test_without_the_extra_large_pictures_among_text_are_said_to_be_unread(no_engine, tmp_path):
    document = read_document(WORD / "pictures.doc", Limits())
    assert [(remark.code, remark.look, remark.params) for remark in document.remarks] == [("pictures-unread", True, {"count": 2})]
    assert document.lines


def test_what_no_engine_reads_is_said_with_one_too(tmp_path):
    path = docx(tmp_path / "a.docx", run(TEXT), drawn("chart", 400, 300), chart=b"\x01\x00\x00\x00 a metafile")
    assert [remark.code for remark in read_document(path, Limits()).remarks] == ["pictures-unread"]


def test_files_with_pages_left_for_want_of_an_engine_are_read_when_there_is_one(tmp_path, monkeypatch, capsys):
    folder = tmp_path / "corpus"
    folder.mkdir()
    mixed_pdf(folder / "mixed.pdf")
    docx(folder / "a.docx", run("石岭县2022年法治政府建设情况报告"), run(TEXT * 2), drawn("one", 450, 500), run(TEXT), one=picture(7))
    (folder / "plain.txt").write_text("丙县2022年法治政府建设情况报告\n丙县依法行政。\n", "utf-8")
    read = []

    def parse_here(paths, *more, **options):
        for path in paths:
            read.append(path.name)
            try:
                yield path, worker._report(path, Limits(), {}, "", None)
            except NotYetRead as found:
                yield path, worker._report(path, Limits(), {page: page_of("机" * 40) for page in found.pages}, found.digest, None)

    monkeypatch.setattr(reindex, "parse_files", parse_here)

    def run_again():
        read.clear()
        assert main([str(folder), "--index", str(tmp_path / "index"), "--json"]) == 0
        return json.loads(capsys.readouterr().out)

    with monkeypatch.context() as without:
        for module in (inlaid, pdf, reindex):
            without.setattr(module, "engine_name", lambda: None)
        assert run_again()["added"] == 3
        assert run_again()["unchanged"] == 3
        assert read == []
    found = run_again()
    assert sorted(read) == ["a.docx", "mixed.pdf"]
    assert {report["path"]: report["ocr"]["pages"] for report in found["reports"]} == {"corpus/a.docx": 1, "corpus/mixed.pdf": 1}
    # The empty third page of the PDF stays without text, and is no reason to read it again and again.
    assert run_again()["unchanged"] == 3
    assert read == []


def test_the_engine_reads_a_letter_in_a_word_file_once(tmp_path):
    content = io.BytesIO()
    with Image.open(SCANS / "letter.jpg") as whole:
        whole.crop((0, 0, whole.width, whole.height // 2)).save(content, "PNG")
    letter = content.getvalue()
    path = docx(tmp_path / "a.docx", drawn("one", 500, 350), one=letter)
    ((_, report),) = parse_files([path], 1, tmp_path / "ocr")
    assert (report.title, report.ocr.pages, report.format) == ("彰武县司法局关于2022年度法治政府建设情况的报告", 1, "docx")
    assert {passage.ocr for passage in report.passages} == {True}
    assert PageMemory(tmp_path / "ocr", engine_name()).get(digest(letter), 1) is not None
