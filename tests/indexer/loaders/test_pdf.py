"""A printed report: pages with running heads, numbers, a watermark and a ruled table, as office programs print them."""

import shutil
import subprocess

import pytest

from indexer import parse_file
from indexer.loaders.pdf import _char

CHROMIUM = shutil.which("chromium")
SENTENCE = "全县各级行政机关严格执行行政处罚裁量基准，第{n}次执法检查共办理案件{n}件，纠正不规范执法行为{n}起，当事人满意度持续提高。"
TOPICS = "行政处罚 行政许可 行政强制 行政复议 行政应诉 行政调解 政务公开 普法宣传 公证仲裁 法律援助 人民调解 合法性审查".split()
PARAGRAPHS = [f"在{topic}方面，" + "".join(SENTENCE.format(n=10 * at + part) for part in range(1, 5)) for at, topic in enumerate(TOPICS)]
PAGE = """<!doctype html><meta charset="utf-8"><style>
@page {{ size: A4; margin: 0 }}
body {{ margin: 0; font: 12pt/1.7 "Noto Sans CJK SC" }}
.sheet {{ height: 297mm; position: relative; page-break-after: always; overflow: hidden; padding: 0 25mm; box-sizing: border-box }}
.head {{ position: absolute; top: 10mm }} .foot {{ position: absolute; bottom: 10mm; left: 100mm }}
.mark {{ position: absolute; top: 120mm; left: 40mm; font-size: 60pt; color: #d8d8d8; {turn} }}
.text {{ padding-top: 30mm }} p {{ text-indent: 2em; margin: 0 }} table {{ border-collapse: collapse }} td {{ border: 1px solid black; padding: 2mm 8mm }}
</style>{sheets}"""
SHEET = (
    '<div class="sheet"><div class="head">某县2022年法治政府建设情况报告（内部资料）</div><div class="mark">仅供查阅</div>'
    '<div class="text">{text}</div><div class="foot">- {number} -</div></div>'
)
TABLE = "<table><tr><td>类别</td><td>件数</td></tr><tr><td>行政处罚</td><td>128</td></tr></table>"


def print_to_pdf(folder, page):
    (folder / "a.html").write_text(page, encoding="utf-8")
    command = [CHROMIUM, "--headless", "--no-sandbox", "--disable-gpu", f"--print-to-pdf={folder}/a.pdf", "--no-pdf-header-footer"]
    subprocess.run([*command, f"file://{folder}/a.html"], check=True, capture_output=True, timeout=60)
    return parse_file(folder / "a.pdf")


@pytest.mark.skipif(CHROMIUM is None, reason="chromium is not installed")
@pytest.mark.parametrize("turn", ["", "transform: rotate(-35deg)"], ids=["level", "turned"])
def test_what_is_printed_around_the_text_is_left_out(tmp_path, turn):
    first = '<h1 style="text-align:center;font-size:18pt">某县2022年法治政府建设情况报告</h1><p>一、严格执法</p>'
    texts = ["".join(f"<p>{text}</p>" for text in PARAGRAPHS[start : start + 3]) for start in range(0, 12, 3)]
    texts[0] = first + texts[0]
    texts[1] += TABLE
    sheets = "".join(SHEET.format(text=text, number=number) for number, text in enumerate(texts, 1))
    report = print_to_pdf(tmp_path, PAGE.format(turn=turn, sheets=sheets))
    assert (report.title, report.year) == ("某县2022年法治政府建设情况报告", 2022)
    assert [section.heading for section in report.sections] == ["严格执法"]
    assert [paragraph.text for paragraph in report.paragraphs] == [*PARAGRAPHS[:6], "类别 | 件数", "行政处罚 | 128", *PARAGRAPHS[6:]]


BOOKLET = """<!doctype html><meta charset="utf-8"><style>
@page {{ size: A4; margin: 25mm }} @page wide {{ size: A4 landscape }}
body {{ font: 12pt/1.7 "Noto Sans CJK SC" }} p {{ text-indent: 2em; margin: 0 }} h1 {{ text-align: center; font-size: 18pt }}
.entry {{ display: flex }} .entry i {{ flex: 1; overflow: hidden; white-space: nowrap; font-style: normal }}
.text {{ page-break-before: always }} .columns {{ columns: 2; column-gap: 12mm }} .annex {{ page: wide }}
.mark {{ position: fixed; top: 100mm; left: 20mm; font-size: 50pt; transform: rotate(-35deg) }}
table {{ border-collapse: collapse }} td, th {{ border: 1px solid black; padding: 1mm 6mm }}
</style><div class="mark">内部资料</div><h1>某县2022年法治政府建设情况报告</h1>{contents}<div class="text"></div>
<p>一、严格执法</p><div class="columns">{columns}</div><p>二、下一步安排</p>{prose}
<div class="annex"><p>附件：执法数据统计表</p><table><thead><tr><th>单位</th><th>件数</th></tr></thead>{rows}</table></div>"""


@pytest.mark.skipif(CHROMIUM is None, reason="chromium is not installed")
def test_a_booklet_with_contents_columns_and_a_landscape_annex(tmp_path):
    headings = [("一、严格执法", 2), ("二、下一步安排", 4)]
    contents = "".join(f'<div class="entry"><span>{text}</span><i>{"." * 400}</i><span>{page}</span></div>' for text, page in headings)
    columns, prose = ("".join(f"<p>{text}</p>" for text in part) for part in (PARAGRAPHS[:8], PARAGRAPHS[8:]))
    rows = "".join(f"<tr><td>某局第{number}所</td><td>{number}</td></tr>" for number in range(1, 60))
    report = print_to_pdf(tmp_path, BOOKLET.format(contents=contents, columns=columns, prose=prose, rows=rows))
    assert [section.heading for section in report.sections] == ["严格执法", "下一步安排"]
    texts = [paragraph.text for paragraph in report.paragraphs]
    assert [text for text in texts if "裁量基准" in text] == PARAGRAPHS
    assert [text for text in texts if " | " in text] == ["单位 | 件数", *(f"某局第{number}所 | {number}" for number in range(1, 60))]
    assert {(piece.text, piece.reason) for piece in report.left_out} == {("内部资料", "watermark"), ("单位 | 件数", "repeated")}


@pytest.mark.parametrize(
    ("font", "text", "shown"),
    [("BAAAAA+OpenSymbol", "\uf0b3", "≥"), ("Wingdings", "\uf0fe", "☑"), ("ABCDEF+SimSun", "\uf0b3", "\uf0b3"), ("Symbol", "a", "a")],
)
def test_a_sign_of_a_font_of_symbols_is_itself(font, text, shown):
    assert _char({"text": text, "fontname": font, "x0": 0, "x1": 9, "top": 0, "bottom": 9, "size": 9}).text == shown
