"""A printed report: pages with running heads, numbers, a watermark and a ruled table, as office programs print them."""

import shutil
import subprocess

import pytest

from indexer import parse_file

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


@pytest.mark.skipif(CHROMIUM is None, reason="chromium is not installed")
@pytest.mark.parametrize("turn", ["", "transform: rotate(-35deg)"], ids=["level", "turned"])
def test_what_is_printed_around_the_text_is_left_out(tmp_path, turn):
    first = '<h1 style="text-align:center;font-size:18pt">某县2022年法治政府建设情况报告</h1><p>一、严格执法</p>'
    texts = ["".join(f"<p>{text}</p>" for text in PARAGRAPHS[start : start + 3]) for start in range(0, 12, 3)]
    texts[0] = first + texts[0]
    texts[1] += TABLE
    sheets = "".join(SHEET.format(text=text, number=number) for number, text in enumerate(texts, 1))
    (tmp_path / "a.html").write_text(PAGE.format(turn=turn, sheets=sheets), encoding="utf-8")
    command = [CHROMIUM, "--headless", "--no-sandbox", "--disable-gpu", f"--print-to-pdf={tmp_path}/a.pdf", "--no-pdf-header-footer"]
    subprocess.run([*command, f"file://{tmp_path}/a.html"], check=True, capture_output=True, timeout=60)
    report = parse_file(tmp_path / "a.pdf")
    assert (report.title, report.year) == ("某县2022年法治政府建设情况报告", 2022)
    assert [section.heading for section in report.sections] == ["严格执法"]
    assert [paragraph.text for paragraph in report.paragraphs] == [*PARAGRAPHS[:6], "类别 | 件数", "行政处罚 | 128", *PARAGRAPHS[6:]]
