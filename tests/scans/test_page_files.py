"""Reports whose pages are a picture file each: which files belong together, one after the other, and what becomes of them when one changes."""

import csv
import hashlib
import io
import json

import pytest
from PIL import Image

from indexer import RejectedFile, reindex
from indexer.cli import main
from indexer.loaders import Limits, NotYetRead, ScannedPage, engine_name, name_of, page_files, pages_beside
from indexer.loaders.scanned import ScannedLine
from indexer.workers import worker
from indexer.workers.remembered import PageMemory
from webui import create_app


def sets(*names):
    return [pages.names for pages in page_files(names)]


@pytest.mark.parametrize(
    ("names", "pages"),
    [
        pytest.param(["scan-2.png", "scan-1.png", "scan-10.png"], ("scan-1.png", "scan-2.png", "scan-10.png"), id="by_number"),
        pytest.param(["第2页.jpg", "第1页.jpg"], ("第1页.jpg", "第2页.jpg"), id="第1页"),
        pytest.param(["第十页.jpg", "第一页.jpg", "第二页.jpg"], ("第一页.jpg", "第二页.jpg", "第十页.jpg"), id="第一页"),
        pytest.param(["报告 (1).jpg", "报告 (2).jpg"], ("报告 (1).jpg", "报告 (2).jpg"), id="in_brackets"),
        pytest.param(["0.tif", "1.tiff"], ("0.tif", "1.tiff"), id="from_0"),
        pytest.param(["a_2023_01.png", "a_2023_02.png"], ("a_2023_01.png", "a_2023_02.png"), id="behind_a_year"),
        pytest.param(["IMG_4312.JPG", "IMG_4313.JPG"], ("IMG_4312.JPG", "IMG_4313.JPG"), id="of_a_camera_in_a_folder_of_its_own"),
        pytest.param(["Scan-1.PNG", "scan-2.png"], ("Scan-1.PNG", "scan-2.png"), id="case"),
    ],
)
def test_pictures_that_are_numbered_are_pages_of_one_report(names, pages):
    assert sets(*names) == [pages]


@pytest.mark.parametrize(
    "names",
    [
        pytest.param(["2021.jpg", "2022.jpg"], id="years"),
        pytest.param(["报告2021.jpg", "报告2022.jpg"], id="years_behind_words"),
        pytest.param(["20230301.jpg", "20230302.jpg"], id="days"),
        pytest.param(["2023-03-01.jpg", "2023-03-02.jpg"], id="days_with_marks"),
        pytest.param(["附件1.jpg", "附件2.jpg"], id="annexes"),
        pytest.param(["IMG_4312.JPG", "IMG_4313.JPG", "别的报告.docx"], id="of_a_camera_beside_others"),
        pytest.param(["scan-1.png"], id="one"),
        pytest.param(["甲县.png", "乙县.png"], id="no_numbers"),
        pytest.param(["报告1.pdf", "报告2.pdf"], id="no_pictures"),
        pytest.param(["1号公报.png", "2号公报.png"], id="numbers_of_something_else"),
    ],
)
def test_other_pictures_are_reports_by_themselves(names):
    assert sets(*names) == []


def remarks(*names):
    (pages,) = page_files(names)
    return [(remark.code, remark.look) for remark in pages.remarks()]


def test_what_speaks_against_it_is_remarked():
    assert remarks("1.png", "2.png") == [("page-files", False)]
    assert remarks("1.png", "3.png") == [("page-files", False), ("page-files-missing", True)]
    assert remarks("7.png", "8.png") == [("page-files", False), ("page-files-missing", True)]
    assert remarks("1.png", "2.png", "2.jpg", "01.png") == [
        ("page-files", False),
        ("page-files-repeated", True),
        ("page-files-repeated", True),
    ]


@pytest.mark.parametrize(
    ("names", "name"),
    [(["1.jpg", "2.jpg"], "某县报告.jpg"), (["第1页.jpg", "第2页.jpg"], "某县报告.jpg"), (["乙县-1.png", "乙县-2.png"], "乙县.png")],
)
def test_it_is_called_by_what_the_names_share_or_by_the_folder(names, name):
    (pages,) = page_files(names)
    assert name_of(pages, "某县报告") == name


# Through `reindex`; what OCR reads is remembered beforehand.


TEXTS = [
    ["石岭县人民政府2022年法治政府建设情况报告", "一、主要举措和成效", "坚持依法行政，全年办理行政复议案件十二件。"],
    ["二、存在的不足", "基层执法力量还不够，培训还要加强。"],
    ["三、下一步安排", "继续推进法治政府建设，加强行政执法监督。", "石岭县人民政府", "2023年2月8日"],
]


def page_of(*texts):
    lines = tuple(ScannedLine(text, 70.0, 100.0 + 40 * n, 70.0 + 12 * len(text), 114.0 + 40 * n) for n, text in enumerate(texts))
    return ScannedPage(595.0, 842.0, lines, confidence=0.99)


class Corpus:
    """A folder of pictures of which is known what stands in them."""

    def __init__(self, folder):
        self.folder, self.index = folder / "corpus", folder / "index"
        self.memory = PageMemory(self.index / "ocr", engine_name())
        self.shade = 0

    def put(self, name, *texts):
        """Save a picture of these lines; another one each time."""
        self.shade += 1
        content = io.BytesIO()
        Image.new("L", (400, 560), 255 - self.shade).save(content, "PNG" if name.endswith("png") else "JPEG")
        path = self.folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content.getvalue())
        self.memory.put(hashlib.sha256(content.getvalue()).hexdigest(), 1, page_of(*texts))
        return content.getvalue()

    def reindex(self, capsys, *paths, code=0):
        assert main([*map(str, paths or [self.folder]), "--index", str(self.index), "--json"]) == code
        return json.loads(capsys.readouterr().out)


@pytest.fixture
def corpus(tmp_path, monkeypatch):
    """One whose files are read in this process, which starts no workers; the first test below has them."""
    made = Corpus(tmp_path)

    def parse_here(paths, jobs, scans, *, pages, **more):
        for path in paths:
            try:
                yield path, report_of(path, pages.get(path))
            except RejectedFile as error:
                yield path, error

    def report_of(path, pages):
        try:
            return worker._report(path, Limits(), {}, "", pages)
        except NotYetRead as unread:
            known = {of.page: made.memory.get(of.digest, of.inside) for of in unread.pictures}
            return worker._report(path, Limits(), known, unread.digest, pages)

    monkeypatch.setattr(reindex, "parse_files", parse_here)
    return made


def texts_of(corpus, id):
    client = create_app(str(corpus.index)).test_client(use_cookies=False)
    return [(passage["text"], passage["page"]) for passage in client.get(f"/api/v1/reports/{id}").get_json()["passages"]]


def test_pages_in_files_are_one_report_in_their_order(tmp_path, capsys):
    corpus = Corpus(tmp_path)
    for number in (10, 2, 1):
        corpus.put(f"scan-{number}.png", *TEXTS[{1: 0, 2: 1, 10: 2}[number]])
    corpus.put("别的/第1页.jpg", "丙县2021年法治政府建设情况报告", "丙县依法行政，成效明显。")
    corpus.put("别的/第2页.jpg", "丙县的行政执法更加规范。")
    found = corpus.reindex(capsys)
    assert (found["added"], found["rejected"]) == (2, []) or len(found["reports"]) == 2
    report = next(report for report in found["reports"] if report["path"] == "corpus/scan-1.png")
    assert (report["title"], report["year"], report["published"]) == (TEXTS[0][0], 2022, "2023-02-08")
    assert report["ocr"]["pages"] == 3
    assert {remark["code"]: remark["look"] for remark in report["remarks"]}.items() >= {
        "page-files": False,
        "page-files-missing": True,
    }.items()
    headings = [(text, page) for text, page in texts_of(corpus, report["id"]) if "、" in text[:2]]
    assert headings == [("一、主要举措和成效", 1), ("二、存在的不足", 2), ("三、下一步安排", 3)]


def test_the_original_of_a_page_is_its_file(corpus, capsys):
    contents = [corpus.put(f"{number}.{kind}", *TEXTS[number - 1]) for number, kind in ((1, "png"), (2, "jpg"), (3, "png"))]
    (report,) = corpus.reindex(capsys)["reports"]
    client = create_app(str(corpus.index)).test_client(use_cookies=False)
    address = f"/reports/{report['id']}/original"
    for number, kind in ((1, "image/png"), (2, "image/jpeg"), (3, "image/png")):
        reply = client.get(f"{address}?page={number}")
        assert (reply.status_code, reply.mimetype, reply.data) == (200, kind, contents[number - 1])
        assert reply.headers["Content-Disposition"].startswith("inline")
        assert "default-src 'none'" in reply.headers["Content-Security-Policy"]
    assert client.get(address).data == contents[0]
    shown = client.get("/?q=执法力量").get_data(as_text=True)
    assert f"{address}?page=2" in shown
    assert f"{address}?page=3" in client.get(f"/reports/{report['id']}").get_data(as_text=True)
    corpus.put("2.jpg", "别的")
    assert client.get(f"{address}?page=2").status_code == 404
    assert client.get(f"{address}?page=3").status_code == 200


def test_a_page_that_changes_comes_or_goes_changes_the_report(corpus, capsys):
    for number in (1, 2):
        corpus.put(f"scan-{number}.png", *TEXTS[number - 1])
    (first,) = corpus.reindex(capsys)["reports"]
    again = corpus.reindex(capsys)
    assert (again["unchanged"], again["reports"]) == (1, [])
    corpus.put("scan-2.png", "二、存在的不足", "数字政府建设滞后，系统之间没有联通。")
    changed = corpus.reindex(capsys)
    assert (changed["changed"], changed["reports"][0]["id"]) == (1, first["id"])
    assert any("数字政府" in text for text, _ in texts_of(corpus, first["id"]))
    corpus.put("scan-3.png", *TEXTS[2])
    longer = corpus.reindex(capsys)
    assert (longer["changed"], longer["added"], longer["reports"][0]["ocr"]["pages"]) == (1, 0, 3)
    (corpus.folder / "scan-2.png").unlink()
    (shorter,) = corpus.reindex(capsys)["reports"]
    assert (shorter["id"], shorter["ocr"]["pages"]) == (first["id"], 2)
    assert "page-files-missing" in {remark["code"] for remark in shorter["remarks"]}


def test_a_report_by_itself_becomes_a_page_when_the_first_page_comes(corpus, capsys):
    corpus.put("scan-2.png", *TEXTS[1])
    corpus.put("报告.png", *TEXTS[0])
    alone = corpus.reindex(capsys)
    assert alone["added"] == 2
    corpus.put("scan-1.png", *TEXTS[0])
    for paths in ((corpus.folder / "scan-2.png",), ()):
        both = corpus.reindex(capsys, *paths)
        assert (both["added"], both["removed"]) == ((1, 1) if paths else (0, 0))


def test_one_page_given_alone_stands_for_all(corpus, capsys):
    for number in (1, 2):
        corpus.put(f"scan-{number}.png", *TEXTS[number - 1])
    (report,) = corpus.reindex(capsys, corpus.folder / "scan-2.png")["reports"]
    assert (report["path"], report["ocr"]["pages"]) == ("corpus/scan-1.png", 2)
    (again,) = corpus.reindex(capsys, corpus.folder, "--full")["reports"]
    assert again["id"] == report["id"]


def test_what_is_written_of_any_page_is_of_the_report(corpus, capsys):
    for number in (1, 3):
        corpus.put(f"scan-{number}.png", *TEXTS[number - 1])
    rows = {
        "corrections.csv": [["path", "field", "value"], ["scan-3.png", "year", "2021"]],
        "checked.csv": [["path", "code"], ["scan-1.png", "page-files-missing"]],
    }
    for name, lines in rows.items():
        with (corpus.folder / name).open("w", encoding="utf-8", newline="") as file:
            csv.writer(file).writerows(lines)
    found = corpus.reindex(capsys)
    (report,) = found["reports"]
    assert report["year"] == 2021
    assert not any(remark["look"] for remark in report["remarks"] if remark["code"] == "page-files-missing")
    (corpus.folder / "corrections.csv").write_text("path,field,value\nscan-3.png,type,ignore\n", "utf-8")
    (report,) = corpus.reindex(capsys)["reports"]
    assert (report["path"], report["ocr"]["pages"]) == ("corpus/scan-1.png", 1)


def test_a_text_set_right_stands_for_the_whole_report(corpus, capsys):
    for number in (1, 2):
        corpus.put(f"scan-{number}.png", *TEXTS[number - 1])
    (corpus.folder / "scan-1.fixed.txt").write_text("石岭县2022年法治政府建设情况报告\n石岭县建设法治政府。\n", "utf-8")
    (report,) = corpus.reindex(capsys)["reports"]
    assert report["paragraphs"] == 1
    (corpus.folder / "scan-1.fixed.txt").rename(corpus.folder / "scan-2.fixed.txt")
    found = corpus.reindex(capsys, code=3)
    assert "name it as the first of them, scan-1.png" in found["rejected"][0]["reason"]
    assert found["reports"][0]["ocr"]["pages"] == 2


def test_a_file_parsed_alone_is_read_with_its_other_pages(tmp_path):
    for name in ("1.png", "2.png", "3.fixed.txt", "README.md", "~$x.docx"):
        (tmp_path / name).write_bytes(b"x")
    assert pages_beside(tmp_path / "2.png").names == ("1.png", "2.png")
    assert pages_beside(tmp_path / "gone" / "2.png") is None
    assert pages_beside(tmp_path / "README.md") is None


def test_a_damaged_page_rejects_the_report_by_name(corpus, capsys):
    corpus.put("scan-1.png", *TEXTS[0])
    (corpus.folder / "scan-2.png").write_bytes(b"\x89PNG nothing")
    (rejected,) = corpus.reindex(capsys, code=3)["rejected"]
    assert rejected["path"] == "corpus/scan-1.png"
    assert rejected["reason"].startswith("scan-2.png: ")
