"""What is made of a page that OCR read, whichever engine did it; what is remembered; and pictures that are damaged or made to do harm."""

import io
import os
import random
import struct
import zlib

import numpy as np
import pypdfium2
import pytest
from PIL import Image, ImageDraw
from pypdfium2 import raw

from indexer import RejectedFile, parse_file
from indexer.catalogue import Catalogue
from indexer.corpus import list_files
from indexer.loaders import Limits, NotYetRead, ScannedPage, image, pdf, read_document
from indexer.loaders.image import load_image
from indexer.loaders.ocr import Recognized
from indexer.loaders.pdf import load_pdf
from indexer.loaders.pictures import Picture, count_pictures, picture_of
from indexer.loaders.printed import read_sheets
from indexer.loaders.scanned import ScannedLine
from indexer.loaders.scanned_sheet import sheet_of
from indexer.loaders.scans import read_picture
from indexer.parsing import parse_report
from indexer.workers import parse_files
from indexer.workers.remembered import PageMemory
from tests.scans.test_reading import mixed_pdf
from tests.support import ROOT


def encoded(picture, format="PNG", **options):
    content = io.BytesIO()
    picture.save(content, format, **options)
    return content.getvalue()


PNG = encoded(Image.new("L", (400, 300), 230))


class Engine:
    """Sees the same lines in every picture, and keeps what it was shown."""

    name = "test"

    def __init__(self, *lines):
        self.lines, self.shown = lines, []

    def read(self, picture):
        self.shown.append(Image.open(io.BytesIO(picture)).convert("RGB"))
        return self.lines


def page_of(*texts, top=100.0, confidence=0.99, **more):
    """A page with a line of 12 points for each text, 24 points apart."""
    lines = tuple(ScannedLine(text, 70.0, top + 24 * n, 70.0 + 12 * len(text), top + 24 * n + 14) for n, text in enumerate(texts))
    return ScannedPage(595.0, 842.0, lines, confidence=confidence, **more)


# Without an engine.


@pytest.fixture
def no_engine(monkeypatch):
    for module in (image, pdf):
        monkeypatch.setattr(module, "engine_name", lambda: None)


@pytest.mark.parametrize("name", ["scan.png", "scan.jpg", "scan.tif", "scan.pdf"])
def test_without_the_extra_a_scan_is_rejected_with_the_command_that_installs_it(tmp_path, no_engine, name):
    Image.new("RGB", (600, 800), "white").save(tmp_path / name)
    with pytest.raises(RejectedFile, match=r"pip install 'fazhi-search\[ocr\]'"):
        read_document(tmp_path / name, Limits())


def test_without_the_extra_the_printed_pages_are_read_and_the_others_named(tmp_path, no_engine):
    mixed_pdf(tmp_path / "mixed.pdf")
    document = read_document(tmp_path / "mixed.pdf", Limits())
    assert [(remark.code, remark.params["page"]) for remark in document.remarks] == [("page-without-text", 2), ("page-without-text", 3)]
    assert document.ocr is None
    assert not any(line.ocr for line in document.lines)


# Pages to documents.


def test_what_is_garbled_in_print_is_not_recognized_instead():
    """Its characters may be drawn as wrong as they are written."""
    with pytest.raises(RejectedFile, match="garbled"):
        read_document(ROOT / "tests" / "data" / "faults" / "F14a-gbk-bytes.pdf", Limits())


def test_pages_that_are_pictures_are_named(tmp_path):
    mixed_pdf(tmp_path / "mixed.pdf")
    with pytest.raises(NotYetRead) as scan:
        read_document(tmp_path / "mixed.pdf", Limits())
    assert scan.value.pages == (2,)
    with pytest.raises(NotYetRead) as scan:
        load_image(PNG, {})
    assert scan.value.pages == (1,)


def test_printed_pages_stay_print(tmp_path):
    mixed_pdf(tmp_path / "mixed.pdf")
    content = (tmp_path / "mixed.pdf").read_bytes()
    whole = load_pdf(content, {2: page_of("法治政府建设情况。")})
    assert [line.ocr for line in whole.lines if line.page == 2] == [True]
    assert {line.ocr for line in whole.lines if line.page == 1} == {False}


def test_a_paragraph_that_goes_on_in_a_scan_is_marked():
    full = "法治政府建设情况报告" * 3
    printed, scanned = sheet_of(1, page_of("一年来的" + full[4:], full)), sheet_of(2, page_of("的工作安排" + full[5:], "到此为止。"))
    printed.scanned = False
    across = next(line for line in read_sheets([printed, scanned]).lines if line.turns)
    assert (across.page, across.ocr) == (1, True)


def test_doubtful_empty_and_unreadable_pages_are_remarked():
    content = encoded(Image.new("L", (400, 500), 255), "TIFF", save_all=True, append_images=[Image.new("L", (400, 500), 255)] * 3)
    read = {
        1: page_of("法治政府建设情况报告"),
        2: page_of("好", confidence=0.4),
        3: ScannedPage(595, 842),
        4: ScannedPage(0, 0, unreadable="it took more"),
    }
    document = load_image(content, read)
    assert [(remark.code, remark.look) for remark in document.remarks] == [
        ("ocr-doubtful", True),
        ("ocr-without-text", False),
        ("ocr-failed", True),
    ]
    assert (document.ocr.pages, document.ocr.confidence) == (4, 0.695)
    report = parse_report(document, "a.tif")
    assert all(passage.ocr for passage in report.passages)


def test_a_scan_without_any_text_is_rejected():
    with pytest.raises(ValueError, match="found no text"):
        load_image(PNG, {1: ScannedPage(595, 842)})
    with pytest.raises(ValueError, match="could not be read: page 1: it took"):
        load_image(PNG, {1: ScannedPage(0, 0, unreadable="it took more than 60 seconds")})


def test_what_a_scanner_prints_over_its_picture_is_left_out():
    """Programs that scan with a phone print their name over each page."""
    made = pypdfium2.PdfDocument.new()
    page = made.new_page(595, 842)
    picture = pypdfium2.PdfImage.new(made)
    picture.load_jpeg(io.BytesIO(encoded(Image.new("RGB", (595, 842), "white"), "JPEG")), inline=True)
    picture.set_matrix(pypdfium2.PdfMatrix().scale(595, 842))
    page.insert_obj(picture)
    label = raw.FPDFPageObj_NewTextObj(made, b"Helvetica", 10)
    characters = ("CamScanner\0").encode("utf-16-le")
    raw.FPDFText_SetText(label, (raw.c_ushort * (len(characters) // 2)).from_buffer_copy(characters))
    raw.FPDFPageObj_Transform(label, 1, 0, 0, 1, 480, 20)
    raw.FPDFPage_InsertObject(page, label)
    page.gen_content()
    content = io.BytesIO()
    made.save(content)
    with pytest.raises(NotYetRead):
        load_pdf(content.getvalue(), {})
    document = load_pdf(content.getvalue(), {1: page_of("法治政府建设情况报告")})
    assert [line.text for line in document.lines] == ["法治政府建设情况报告"]
    assert [(piece.text, piece.reason) for _, piece in document.left_out] == [("CamScanner", "laid-over")]


def test_sizes_that_boxes_do_not_tell_exactly_are_one_size():
    """A short last line has a lower box, and would begin a paragraph."""
    lines = (
        ScannedLine("下一步将围绕中心工作，持续提升依法行政能力，为高质量", 94.0, 100.0, 406.0, 116.0),
        ScannedLine("发展提供有力法治保障。", 70.0, 124.5, 196.0, 135.5),
    )
    assert len({char.size for char in sheet_of(1, ScannedPage(595.0, 842.0, lines)).chars}) == 1


# Pictures to pages.


def test_a_crooked_page_is_set_straight():
    page = Image.new("RGB", (1000, 1400), "white")
    draw = ImageDraw.Draw(page)
    for row in range(100, 1300, 40):
        draw.rectangle((100, row, 900, row + 14), fill="black")
    engine = Engine()
    read_picture(Picture(page.rotate(1.5, fillcolor="white"), 0.5), engine)
    rows = (np.asarray(engine.shown[0].convert("L"))[:, 300:700] < 100).mean(axis=1)
    assert ((rows > 0.95) | (rows < 0.05)).mean() > 0.9


def test_a_page_on_its_side_is_turned():
    class Sideways(Engine):
        def read(self, picture):
            super().read(picture)
            sure = 0.95 if self.shown[-1].width < self.shown[-1].height else 0.5
            return [Recognized("法治政府建设", 50, 50, 200, 75, sure)]

    page = read_picture(Picture(Image.new("RGB", (800, 600), "white"), 1.0), Sideways())
    assert (page.width, page.height, page.confidence) == (600, 800, 0.95)


def test_ruled_cells_are_found_and_a_seal_is_taken_out():
    page = Image.new("RGB", (1190, 1684), "white")
    draw = ImageDraw.Draw(page)
    for row in (200, 280, 360, 440):
        draw.line((200, row, 1000, row), fill="black", width=3)
    for column in (200, 400, 700, 1000):
        draw.line((column, 200, column, 440), fill="black", width=3)
    draw.ellipse((700, 1000, 940, 1240), outline=(215, 30, 30), width=10)
    draw.text((780, 1100), "text", fill=(0, 0, 0), font_size=40)
    engine = Engine(Recognized("文字", 210, 220, 260, 250, 0.9))
    found = read_picture(Picture(page, 0.5), engine)
    assert [[len(row) for row in table] for table in found.tables] == [[3, 3, 3]]
    shown = np.asarray(engine.shown[0]).astype(int)
    assert (shown[..., 0] - shown[..., 1]).max() <= 60  # nothing red is left
    assert (shown[1090:1150, 770:880].max(axis=2) < 90).any()  # what it lay on is


def test_a_red_head_is_no_seal():
    page = Image.new("RGB", (1190, 1684), "white")
    ImageDraw.Draw(page).text((250, 100), "HEADING", fill=(210, 30, 30), font_size=120)
    engine = Engine()
    read_picture(Picture(page, 0.5), engine)
    shown = np.asarray(engine.shown[0]).astype(int)
    assert (shown[..., 0] - shown[..., 1] > 100).sum() > 1000


@pytest.mark.parametrize(
    "made",
    [
        pytest.param(lambda: encoded(Image.new("1", (300, 400), 1), "TIFF", compression="group4"), id="fax"),
        pytest.param(lambda: encoded(Image.new("P", (300, 400), 7)), id="palette"),
        pytest.param(lambda: encoded(Image.new("RGBA", (300, 400), (0, 0, 0, 0))), id="transparent"),
        pytest.param(lambda: encoded(Image.fromarray(np.full((400, 300), 60_000, np.uint16))), id="sixteen_bits"),
        pytest.param(lambda: encoded(Image.new("CMYK", (300, 400), (0, 0, 0, 0)), "JPEG"), id="cmyk"),
    ],
)
def test_every_kind_of_picture_is_shown_in_colours_on_white(made):
    picture = picture_of(made(), 1).image
    assert (picture.mode, picture.size) == ("RGB", (300, 400))


def test_transparent_paper_is_white():
    assert picture_of(encoded(Image.new("RGBA", (300, 400), (0, 0, 0, 0))), 1).image.getpixel((5, 5)) == (255, 255, 255)


def test_a_photograph_is_turned_as_its_camera_was():
    exif = Image.Exif()
    exif[0x0112] = 6
    assert picture_of(encoded(Image.new("RGB", (400, 300)), "JPEG", exif=exif), 1).image.size == (300, 400)


# Hostile pictures.


def chunk(kind, data):
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def png_of(width, height, rows):
    head = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(rows)) + chunk(b"IEND", b"")


HARMFUL = {
    "bomb.png": lambda: png_of(60_000, 60_000, b"\0" * 10_000_000),
    "claims.png": lambda: png_of(4_000_000_000 % 2**31, 3, b""),
    "empty.png": lambda: png_of(500, 500, b""),
    "tiny.png": lambda: encoded(Image.new("L", (3, 3))),
    "many.tif": lambda: encoded(Image.new("1", (20, 20)), "TIFF", save_all=True, append_images=[Image.new("1", (20, 20))] * 400),
    "cut.jpg": lambda: encoded(Image.effect_noise((300, 300), 50), "JPEG")[:4_000],
    "head.jpg": lambda: b"\xff\xd8\xff\xe0" + b"\0" * 60,
    "loop.tif": lambda: b"II*\0\x08\0\0\0\0\0\x08\0\0\0",
    "picture.html": lambda: PNG,
}


def test_harmful_pictures_are_rejected(tmp_path):
    for name, content in HARMFUL.items():
        (tmp_path / name).write_bytes(content())
    for path, outcome in parse_files(sorted(tmp_path.iterdir()), jobs=2):
        assert isinstance(outcome, RejectedFile), path
        assert len(outcome.reason) > 10


def test_damaged_pictures_are_drawn_or_refused():
    whole = [
        encoded(Image.effect_noise((60, 80), 60)),
        encoded(Image.effect_noise((60, 80), 60), "JPEG"),
        encoded(Image.effect_noise((60, 80), 60), "TIFF", compression="tiff_lzw"),
        encoded(Image.effect_noise((60, 80), 60).convert("1"), "TIFF", compression="group4"),
    ]
    drawn, refused = 0, []
    for number in range(400):
        chance = random.Random(number)
        content = bytearray(whole[number % 4])
        if number % 3 == 0:
            del content[chance.randrange(8, len(content)) :]
        else:
            for _ in range(chance.choice((1, 3, 20))):
                content[chance.randrange(4, len(content))] = chance.randrange(256)
        try:
            count_pictures(bytes(content))
            assert picture_of(bytes(content), 1).image.mode == "RGB"
            drawn += 1
        except ValueError as error:
            refused.append(str(error))
    assert drawn > 20
    assert len(refused) > 100
    assert min(map(len, refused)) > 10


# What is remembered.

DIGEST = "ab" * 32


def test_a_page_is_remembered_as_it_was(tmp_path):
    page = page_of("法治", tables=(((0.0, 0.0, 1.0, 1.0), None),))
    page = ScannedPage(595.0, 842.0, page.lines, ((((0.0, 1.0, 2.0, 3.0), None), (None, (0.0, 1.0, 2.0, 3.0))),), 0.5)
    PageMemory(tmp_path, "one").put(DIGEST, 3, page)
    assert PageMemory(tmp_path, "one").get(DIGEST, 3) == page
    assert PageMemory(tmp_path, "one").get(DIGEST, 4) is None
    assert PageMemory(tmp_path, "other").get(DIGEST, 3) is None


def test_a_damaged_memory_is_no_memory(tmp_path):
    memory = PageMemory(tmp_path, "one")
    memory.put(DIGEST, 1, page_of("法治政府"))
    (path,) = tmp_path.glob("*/*")
    whole = path.read_bytes()
    for content in (whole[:-1], whole[:70], b"", whole.replace("法".encode(), "发".encode()), b"\x80\x04." * 30, whole + b" "):
        path.write_bytes(content)
        assert memory.get(DIGEST, 1) is None
    memory.put(DIGEST, 1, page_of("法治政府"))
    assert path.read_bytes() == whole
    assert [path.name for path in tmp_path.glob("*/.*")] == []


def test_the_longest_unasked_are_forgotten_first(tmp_path):
    memory = PageMemory(tmp_path, "one")
    for number in range(1, 5):
        memory.put(DIGEST, number, page_of("法"))
    for number, path in enumerate(sorted(tmp_path.glob("*/*"))):
        os.utime(path, (number, number))
    sizes = {path.stat().st_size for path in tmp_path.glob("*/*")}
    assert len(sizes) == 1
    assert memory.get(DIGEST, 1) is not None
    memory.prune(2 * sizes.pop())
    assert memory.get(DIGEST, 1) is not None
    assert sum(memory.get(DIGEST, number) is not None for number in range(1, 5)) == 2


def test_who_only_looks_writes_nothing(tmp_path):
    PageMemory(tmp_path / "new", "one", writes=False).put(DIGEST, 1, page_of("法"))
    assert not (tmp_path / "new").exists()


def test_a_file_that_is_no_picture_says_so(tmp_path):
    (tmp_path / "a.png").write_bytes(b"not a picture at all, but text of some length")
    with pytest.raises(RejectedFile, match="no picture"):
        parse_file(tmp_path / "a.png")


def test_pictures_of_a_saved_page_are_no_reports(tmp_path):
    (tmp_path / "c" / "报告_files").mkdir(parents=True)
    (tmp_path / "c" / "报告_files" / "logo.png").write_bytes(PNG)
    (tmp_path / "c" / "scan.png").write_bytes(PNG)
    listing = list_files([tmp_path / "c"], Catalogue())
    assert list(listing.files) == ["c/scan.png"]
    assert len(listing.ignored) == 1
