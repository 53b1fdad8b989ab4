"""Reports of a known structure in every format and habit: every field right in every file."""

import base64
import io
import quopri
import shutil
import subprocess

import docx
import pytest
from opencc import OpenCC

from indexer import Kind, parse_file
from tests.indexer.parsing.generated import body, make, meta_lines, printed

METAS = list(meta_lines(make(0)))


def check(path, truth, *, published=True, issuer=True, title=True):
    report = parse_file(path)
    text = "".join(passage.text for passage in report.passages)
    assert (report.title == truth.title) or not title, report.title
    assert report.year == truth.year
    assert [(s.level, s.number, s.heading) for s in report.sections] == truth.outline
    assert len(report.paragraphs) == len(truth.paragraphs), [p.text[:30] for p in report.paragraphs]
    assert len(report.items) == truth.items
    if published:
        assert report.published == truth.published
    if issuer:
        assert report.issuer == truth.who
    for chrome in ("浏览量", "打印", "责任编辑", "上一篇", "ICP备", "当前位置", "扫一扫"):
        assert chrome not in text
    assert [p.part for p in report.paragraphs].count("其他") == 0
    return report


def save(folder, name, content, encoding="utf-8"):
    path = folder / name
    path.write_bytes(content if isinstance(content, bytes) else content.encode(encoding))
    return path


def text_file(truth, meta="one_line", lines=None, between="\n\n"):
    return between.join([truth.title, "\n".join(meta_lines(truth)[meta]), *(lines or body(truth)), "打印\n分享\n返回列表"])


@pytest.mark.parametrize("meta", METAS)
@pytest.mark.parametrize("run_in", [True, False], ids=["run_in", "own_line"])
def test_text_with_metadata_in_any_form(tmp_path, meta, run_in):
    truth = make(METAS.index(meta), run_in=run_in)
    check(save(tmp_path, "a.txt", text_file(truth, meta)), truth)


@pytest.mark.parametrize("encoding", ["utf-8-sig", "gb18030", "utf-16", "utf-16-le", "utf-16-be"])
def test_text_in_any_encoding(tmp_path, encoding):
    truth = make(20)
    assert check(save(tmp_path, "a.txt", text_file(truth), encoding), truth).encoding.startswith(encoding[:5])


def wrapped(line, width, indent="　　"):
    line = indent + line
    return "\n".join(line[start : start + width] for start in range(0, len(line), width))


TEXT_HABITS = {
    "wrapped_with_blank_lines": lambda t: text_file(t, lines=[wrapped(line, 38) for line in body(t)]),
    "wrapped_with_indents_only": lambda t: text_file(t, lines=["\n".join(wrapped(line, 32) for line in body(t))]),
    "no_blank_lines": lambda t: text_file(t, between="\n"),
    "indents_and_no_break_spaces": lambda t: text_file(t, lines=["\xa0\xa0\xa0\xa0" + line for line in body(t)]),
    "zero_width_characters": lambda t: text_file(t, lines=[line[:1] + "\u200b" + line[1:9] + "\ufeff" + line[9:] for line in body(t)]),
    "spaces_in_numbers": lambda t: text_file(t, lines=[line.replace("、", "、 ", 1).replace("（", "（ ", 1).replace("）", " ） ", 1) if line[0] in "一二三四（" else line for line in body(t)]),
    "ascii_brackets": lambda t: text_file(t, lines=body(t, lambda s: printed(s, "()"))),
    "mixed_brackets": lambda t: text_file(t, lines=body(t, lambda s: printed(s, "(）"))),
    "opening_bracket_lost": lambda t: text_file(t, lines=body(t, lambda s: printed(s, "（）" if s.ordinal != 2 else ("", "）")))),
    "closing_bracket_lost": lambda t: text_file(t, lines=body(t, lambda s: printed(s, "（）" if s.ordinal != 2 else ("（", "")))),
    "all_in_one_block": lambda t: text_file(t, lines=["".join(body(t))]),
    "one_block_with_indents": lambda t: text_file(t, lines=["　　".join(body(t))]),
    "no_mark_behind_headings": lambda t: text_file(t, lines=body(t, lambda s: printed(s, between=""))),
    "space_behind_headings": lambda t: text_file(t, lines=body(t, lambda s: printed(s, between=" "))),
    "colon_behind_headings": lambda t: text_file(t, lines=body(t, lambda s: printed(s, between="："))),
    "a_line_repeated": lambda t: text_file(t, lines=[line for line in body(t) for _ in range(2 if line.startswith("（二）") else 1)]),
    "heading_on_its_own_and_again": lambda t: text_file(t, lines=[part for line in body(t) for part in ([line.split("。")[0], line] if line.startswith("（二）") else [line])]),
    "title_broken": lambda t: t.title[:9] + "\n" + t.title[9:] + text_file(t).removeprefix(t.title),
    "title_repeated": lambda t: t.title + "\n" + text_file(t),
    "signature_at_the_end": lambda t: t.title + "\n\n" + "\n".join(body(t)) + "\n\n" + "\n".join(meta_lines(t)["byline"]),
    "footers": lambda t: text_file(t) + "\n上一篇：没有了\n下一篇：关于开展检查的通知\n扫一扫在手机打开当前页\n主办单位：某县人民政府办公室\n某ICP备12000000号",
    "document_number": lambda t: text_file(t, lines=["石政发〔2023〕5号", *body(t)]),
    "breadcrumb": lambda t: "当前位置：首页 > 政务公开 > 法治政府建设年度报告\n" + text_file(t),
    "windows_line_ends": lambda t: text_file(t).replace("\n", "\r\n"),
}  # fmt: skip


@pytest.mark.parametrize("habit", TEXT_HABITS)
@pytest.mark.parametrize("seed", [31, 32])
def test_a_text_in_any_habit_is_read_as_it_was_made(tmp_path, habit, seed):
    truth = make(seed, brief=habit == "all_in_one_block")
    check(save(tmp_path, "a.txt", TEXT_HABITS[habit](truth)), truth)


def test_three_levels_of_headings_are_read_as_they_were_made(tmp_path):
    truth = make(40, third_level=True)
    check(save(tmp_path, "a.txt", text_file(truth)), truth)


def test_an_addressee_is_a_paragraph_of_the_text(tmp_path):
    truth = make(41)
    report = parse_file(save(tmp_path, "a.txt", text_file(truth, lines=["县人民政府：", *body(truth)])))
    assert [p.text for p in report.paragraphs[:2]] == ["县人民政府：", truth.opening]


def test_traditional_characters(tmp_path):
    truth = make(42)
    report = parse_file(save(tmp_path, "a.txt", OpenCC("s2t").convert(text_file(truth))))
    assert [(s.level, s.number) for s in report.sections] == [(level, number) for level, number, _ in truth.outline]
    assert (report.year, report.published, len(report.items)) == (truth.year, truth.published, truth.items)
    assert "其他" not in [p.part for p in report.paragraphs]


MENU = '<ul class="nav"><li><a href="/">首页</a></li><li>政务公开</li></ul><div class="crumb">当前位置:首页 &gt; 政务公开 &gt; 法治政府建设年度报告</div>'
FOOT = (
    '<div class="foot">打印 | 分享 | 返回列表</div><div>上一篇:关于开展专项检查的通知</div><ul><li><a href="1">关于2019年法治政府建设情况的报告，请点击查看全文内容</a></li></ul>'
    "<div>主办单位:某县人民政府办公室 某ICP备12000000号 网站标识码:1234567890</div>"
)


def page(truth, inner, *, title="<h1>{}</h1>", meta="with_time", head="", charset="utf-8"):
    info = "<br>".join(meta_lines(truth)[meta])
    return (
        f'<!DOCTYPE html><html><head><meta charset="{charset}"><title>{truth.title}_某县人民政府</title>{head}<style>p{{color:red}}</style></head><body>{MENU}'
        f'<div class="con">{title.format(truth.title)}<div class="info">{info}</div><div class="text">{inner}</div></div>{FOOT}<script>var a="今天是:2019年12月3日"</script></body></html>'
    )


def paragraphs(lines, tag="p", attributes="", indent="&nbsp;&nbsp;"):
    return "\n".join(f"<{tag}{attributes}>{indent}{line}</{tag}>" for line in lines)


def spans(line):
    return f"<p class=MsoNormal><span style='font-family:仿宋'>{line[:7]}</span><span lang=EN-US>{line[7:12]}</span><span>{line[12:]}</span><o:p></o:p></p>"


def source_wrapped(line):
    return "<p>" + "\n".join(line[start : start + 30] for start in range(0, len(line), 30)) + "</p>"


def bold_headings(truth):
    return "".join(
        f"<p><strong>{s.number('（）')}{s.heading}</strong>{'' if s.run_in else '</p><p>'}{'</p><p>'.join(s.paragraphs)}</p>"
        for s in truth.sections
    )


HTML_HABITS = {
    "paragraphs": lambda t: page(t, paragraphs(body(t))),
    "divs": lambda t: page(t, paragraphs(body(t), "div")),
    "line_breaks": lambda t: page(t, "<br>\n&emsp;&emsp;".join(body(t))),
    "double_line_breaks": lambda t: page(t, "<br/><br/>　　".join(body(t))),
    "word_spans": lambda t: page(t, "\n".join(map(spans, body(t)))),
    "source_wrapped": lambda t: page(t, "\n".join(map(source_wrapped, body(t)))),
    "layout_table": lambda t: page(t, f"<table><tr><td width=10></td><td><table><tr><td>{paragraphs(body(t))}</td></tr></table></td></tr></table>"),
    "bold_run_in_headings_without_a_mark": lambda t: page(t, f"<p>{t.opening}</p>" + bold_headings(t)),
    "title_in_a_div": lambda t: page(t, paragraphs(body(t)), title='<div class="title">{}</div>'),
    "title_broken": lambda t: page(t, paragraphs(body(t)), title=f"<h1>{t.title[:8]}<br>{t.title[8:]}</h1><!--{{}}-->"),
    "title_repeated_in_the_text": lambda t: page(t, f"<p align=center><b>{t.title}</b></p>" + paragraphs(body(t))),
    "meta_elements": lambda t: page(t, paragraphs(body(t)), head=f'<meta name="ArticleTitle" content="{t.title}"><meta name="PubDate" content="{t.published} 10:00">'),
    "no_title_element": lambda t: page(t, paragraphs(body(t))).replace("<title>", "<title>某县人民政府</title><!--").replace("</title><style", "--><style"),
    "hidden_text": lambda t: page(t, '<div style="display: none">打印 责任编辑</div>' + paragraphs(body(t))),
    "nested_containers": lambda t: page(t, "<div>" * 20 + "".join(f"<section><div><p>{line}</p></div></section>" for line in body(t)) + "</div>" * 20),
    "one_paragraph": lambda t: page(t, "<p>" + "&nbsp;&nbsp;&nbsp;&nbsp;".join(body(t)) + "</p>"),
    "attachments": lambda t: page(t, paragraphs(body(t)) + "<p>附件：<a href=1.docx>2022年报告.docx</a></p><p>扫一扫在手机打开当前页</p><p>【打印】【关闭】</p>"),
    "preformatted": lambda t: page(t, "<pre>" + "\n".join(body(t)) + "</pre>"),
}  # fmt: skip


@pytest.mark.parametrize("habit", HTML_HABITS)
@pytest.mark.parametrize("seed", [51, 52])
def test_web_page_in_any_habit(tmp_path, habit, seed):
    truth = make(seed, run_in=seed == 51 or "bold" in habit)
    check(save(tmp_path, "a.html", HTML_HABITS[habit](truth)), truth)


@pytest.mark.parametrize("meta", METAS)
def test_web_page_with_metadata_in_any_form(tmp_path, meta):
    truth = make(60 + METAS.index(meta))
    check(save(tmp_path, "a.htm", page(truth, paragraphs(body(truth)), meta=meta)), truth)


def test_a_page_s_claim_about_its_encoding_counts_for_nothing(tmp_path):
    truth = make(53)
    content = page(truth, paragraphs(body(truth)), charset="gb2312")
    check(save(tmp_path, "a.html", content, "utf-8"), truth)
    check(save(tmp_path, "b.html", content.replace("gb2312", "utf-8"), "gb18030"), truth)


def test_a_data_table_is_rows(tmp_path):
    truth = make(54)
    table = "<table><tr><th><p>指标</p></th><th>本年</th></tr><tr><td><p>行政复议收案</p></td><td>81件</td></tr></table>"
    report = parse_file(save(tmp_path, "a.html", page(truth, paragraphs(body(truth)) + table)))
    assert [p.text for p in report.paragraphs[-2:]] == ["指标 | 本年", "行政复议收案 | 81件"]


@pytest.mark.parametrize("transfer", ["quoted-printable", "base64"])
def test_a_report_in_a_web_archive_is_read_as_it_was_made(tmp_path, transfer):
    truth = make(70)
    content = page(truth, paragraphs(body(truth))).encode()
    encoded = quopri.encodestring(content) if transfer == "quoted-printable" else base64.encodebytes(content)
    head = 'From: <Saved by Blink>\r\nMIME-Version: 1.0\r\nContent-Type: multipart/related; type="text/html"; boundary="--x"\r\n\r\n'
    part = f"----x\r\nContent-Type: text/html\r\nContent-Transfer-Encoding: {transfer}\r\n\r\n"
    style = "\r\n----x\r\nContent-Type: text/css\r\n\r\np {}\r\n----x--\r\n"
    report = check(save(tmp_path, "a.mhtml", head.encode() + part.encode() + encoded + style.encode()), truth)
    assert report.format == "mhtml"


MARKDOWN = {
    "hashes": lambda t: "\n\n".join([f"# {t.title}", meta_lines(t)["with_time"][0], t.opening, *("\n\n".join([("#" * (s.level + 1) + " " if not s.run_in else "") + line if i == 0 else line for i, line in enumerate(printed(s))]) for s in t.sections)]),
    "bold": lambda t: "\n\n".join([f"**{t.title}**", meta_lines(t)["with_time"][0], t.opening, *("\n\n".join([f"**{s.number()}{s.heading}{'。' if s.run_in else ''}**" + (s.paragraphs[0] if s.run_in else ""), *s.paragraphs[s.run_in :]]) for s in t.sections)]),
    "front_matter": lambda t: f"---\ntitle: {t.title}\ndate: {t.published}\nsource: {t.who}\n---\n\n" + "\n\n".join(body(t)),
    "escaped_numbers": lambda t: text_file(t).replace("1.", "1\\."),
}  # fmt: skip


@pytest.mark.parametrize("habit", MARKDOWN)
@pytest.mark.parametrize("run_in", [True, False], ids=["run_in", "own_line"])
def test_a_report_in_markdown_is_read_as_it_was_made(tmp_path, habit, run_in):
    truth = make(80, run_in=run_in)
    check(save(tmp_path, "a.md", MARKDOWN[habit](truth)), truth)


def word(truth, fill):
    document = docx.Document()
    fill(document, truth)
    content = io.BytesIO()
    document.save(content)
    return content.getvalue()


def styled(document, truth):
    document.add_paragraph(truth.title, style="Title")
    for line in meta_lines(truth)["byline"]:
        document.add_paragraph(line)
    document.add_paragraph(truth.opening)
    for section in truth.sections:
        first, *rest = printed(section)
        document.add_paragraph(first, style=None if section.run_in else f"Heading {section.level}")
        for line in rest:
            document.add_paragraph(line)


def plain_word(document, truth):
    for line in [truth.title, *meta_lines(truth)["byline"], *body(truth)]:
        document.add_paragraph(line)


def soft_breaks(document, truth):
    document.add_paragraph(truth.title)
    document.add_paragraph("\n".join([*meta_lines(truth)["byline"], *body(truth)]))


def bold_runs(document, truth):
    document.add_paragraph().add_run(truth.title).bold = True
    for line in [*meta_lines(truth)["byline"], truth.opening]:
        document.add_paragraph(line)
    for section in truth.sections:
        paragraph = document.add_paragraph()
        paragraph.add_run(section.number() + section.heading).bold = True
        if section.run_in:
            paragraph.add_run(section.paragraphs[0])
        for line in section.paragraphs[section.run_in :]:
            document.add_paragraph(line)


@pytest.mark.parametrize("fill", [styled, plain_word, soft_breaks, bold_runs], ids=lambda fill: fill.__name__)
@pytest.mark.parametrize("run_in", [True, False], ids=["run_in", "own_line"])
def test_a_report_typed_in_word_is_read_as_it_was_made(tmp_path, fill, run_in):
    truth = make(90, run_in=run_in)
    check(save(tmp_path, "a.docx", word(truth, fill)), truth)


LISTS = """<w:numbering xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"><w:abstractNum w:abstractNumId="0">
<w:lvl w:ilvl="0"><w:start w:val="1"/><w:numFmt w:val="chineseCounting"/><w:lvlText w:val="%1、"/></w:lvl>
<w:lvl w:ilvl="1"><w:start w:val="1"/><w:numFmt w:val="chineseCounting"/><w:lvlText w:val="（%2）"/></w:lvl></w:abstractNum>
<w:num w:numId="1"><w:abstractNumId w:val="0"/></w:num></w:numbering>"""


def test_word_s_automatic_numbers_are_printed(tmp_path):
    truth = make(91)

    def numbered(document, truth):
        part = document.part.numbering_part
        part._element = docx.oxml.parse_xml(LISTS)
        for line in [truth.title, *meta_lines(truth)["byline"], truth.opening]:
            document.add_paragraph(line)
        for section in truth.sections:
            first, *rest = printed(section)
            paragraph = document.add_paragraph(first.removeprefix(section.number()))
            properties = paragraph._p.get_or_add_pPr().get_or_add_numPr()
            properties.get_or_add_ilvl().val, properties.get_or_add_numId().val = section.level - 1, 1
            for line in rest:
                document.add_paragraph(line)

    check(save(tmp_path, "a.docx", word(truth, numbered)), truth)


CHROMIUM = shutil.which("chromium")
PRINT = """@page {{ size: A4; margin: 25mm 24mm; @bottom-center {{ content: "- " counter(page) " -"; font-size: 9pt }} }}
body {{ font: 16pt/1.6 "Noto Serif CJK SC", serif }} h1 {{ font-size: 22pt; text-align: center; font-weight: normal }} p {{ margin: 0; {indent} }}"""


@pytest.mark.skipif(CHROMIUM is None, reason="chromium is not installed")
@pytest.mark.parametrize("indent", ["text-indent: 2em", "margin-bottom: 12pt"], ids=["indents", "gaps"])
def test_a_report_printed_to_pdf_is_read_as_it_was_made(tmp_path, indent):
    truth = make(100)
    inner = paragraphs([*meta_lines(truth)["byline"], *body(truth)], indent="")
    save(tmp_path, "a.html", f"<meta charset=utf-8><style>{PRINT.format(indent=indent)}</style><h1>{truth.title}</h1>{inner}")
    subprocess.run(
        [
            CHROMIUM,
            "--headless",
            "--no-sandbox",
            "--disable-gpu",
            f"--print-to-pdf={tmp_path}/a.pdf",
            "--no-pdf-header-footer",
            tmp_path / "a.html",
        ],
        check=True,
        capture_output=True,
        timeout=60,
    )
    report = check(tmp_path / "a.pdf", truth)
    assert not [p for p in report.passages if p.kind is Kind.PARAGRAPH and p.text.strip("- ").isdigit()]
