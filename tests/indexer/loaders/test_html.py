"""Which part of a page is the report's, what of it is read although it is hidden, and what is no report."""

import json

import pytest

from indexer import RejectedFile, parse_file

TITLE = "青石县2023年法治政府建设工作报告"
FIRST = "2023年，青石县坚持依法行政，扎实推进各项工作，现将有关情况报告如下。"
LONG = "全县坚持依法行政，扎实推进法治政府建设，行政复议案件办结率达到百分之百。" * 12
SHORT = "一是执法力量不足，二是普法形式单一。"
NEWS = "<ul><li><a href=1>我县召开法治建设工作推进会，部署下一步重点任务，要求抓好落实</a></li></ul>"
FOOT = "<div class=foot>版权所有：青石县人民政府</div>"


def p(*texts):
    return "".join(f"<p>{text}</p>" for text in texts)


@pytest.fixture
def read(tmp_path):
    def read(inner, head=f"<title>{TITLE}_青石县人民政府</title>"):
        path = tmp_path / "a.html"
        path.write_text(f"<html><head><meta charset=utf-8>{head}</head><body>{inner}</body></html>", encoding="utf-8")
        return parse_file(path)

    return read


def body(report):
    return [passage.text for passage in report.passages[1:]]


WIDENED = {
    "one_paragraph_holds_nearly_all": (f"<div>{p('一、成效', LONG, '二、存在的不足', SHORT)}</div>", ["一、成效", LONG, "二、存在的不足", SHORT]),
    "siblings_before_and_behind": (
        f"<div id=x><div>{p(FIRST)}</div><div>{p(LONG, LONG + '又')}</div><div>{p('四、说明', SHORT)}</div></div>",
        [FIRST, LONG, LONG + "又", "四、说明", SHORT],
    ),
    "siblings_two_levels_up": (
        f"<main><section>{p(FIRST)}</section><section><div><div>{p(LONG)}</div></div></section><section>{p(SHORT)}</section></main>",
        [FIRST, LONG, SHORT],
    ),
    "a_heading_above": (f"<h3>存在的不足</h3><div>{p(LONG, SHORT)}</div>", ["存在的不足", LONG, SHORT]),
    "links_between": (f"<div>{p(LONG)}</div>{NEWS}<div>{p(SHORT)}</div>", [LONG, SHORT]),
    "a_sidebar_with_a_summary": (
        f"<div class=main>{p(LONG)}</div><div class=right-sidebar>{p('县政府办公室负责协调，联系电话见公告。')}</div>",
        [LONG],
    ),
    "a_sidebar_without_a_name": (
        f"<div><div>{p(LONG, SHORT)}</div><div><h3>推荐</h3>{NEWS}<p>示范创建活动正在进行，欢迎社会各界监督，电话见公告。</p></div></div>",
        [LONG, SHORT],
    ),
    "a_short_report_beside_a_sidebar": (
        f"<div><div>{p(FIRST, SHORT)}</div><div>上一篇：<a href=1>关于公布决定的公告</a></div>"
        f"<div><h3>推荐</h3>{NEWS}<p>示范创建活动正在进行，欢迎社会各界监督，电话见公告。</p></div></div>",
        [FIRST, SHORT],
    ),
    "a_report_in_what_is_called_a_footer": (
        f"<div class=intro>{p('县政府办公室负责协调有关工作，联系电话见公告。')}</div><div class=bottom>{p(LONG, SHORT)}</div>",
        ["县政府办公室负责协调有关工作，联系电话见公告。", LONG, SHORT],
    ),
    "cells_of_a_layout": (f"<table><tr><td>{p(FIRST)}</td></tr><tr><td>{p(LONG)}</td></tr><tr><td>{SHORT}</td></tr></table>", [FIRST, LONG, SHORT]),
    "an_unclosed_link": (f"<a href=x><div>{p(LONG, '又' + LONG)}</div>", [LONG, "又" + LONG]),
}  # fmt: skip


@pytest.mark.parametrize("kind", WIDENED)
def test_the_part_with_the_report_is_widened_to_what_is_text_beside_it(read, kind):
    inner, wanted = WIDENED[kind]
    report = read(f"<div class=nav><a href=/>首页</a></div><h1>{TITLE}</h1>{inner}{FOOT}")
    assert report.title == TITLE
    assert body(report) == wanted
    assert {piece.text for piece in report.left_out} >= {"首页", "版权所有：青石县人民政府"}


def test_what_is_pressed_or_hidden_is_left_out_with_its_reason(read):
    inner = f"<nav><a href=1>栏目</a></nav>{p(LONG)}<p>共<button>展开</button>办结41件。</p><select><option>省政府<option>市政府</select>{p(SHORT)}"
    report = read(f'<div>{inner}<div style="display:none">旧版本。</div></div>{NEWS}')
    assert body(report) == [LONG, "共办结41件。", SHORT]
    assert [(piece.text, piece.reason) for piece in report.left_out] == [
        ("栏目", "control"),
        ("展开", "control"),
        ("省政府", "control"),
        ("市政府", "control"),
        ("旧版本。", "hidden"),
        ("我县召开法治建设工作推进会，部署下一步重点任务，要求抓好落实", "outside"),
    ]


HIDDEN = {
    "wechat": f'<div id=js_content style="visibility: hidden; opacity: 0">{p(FIRST, LONG)}</div>',
    "display_none": f"<p>{SHORT}</p><div style='display:none'>{p(FIRST, LONG)}</div>",
    "attribute": f"<section hidden>{p(FIRST, LONG)}</section>",
    "textarea": f"<textarea>{FIRST}\n{LONG}</textarea>",
    "textarea_with_markup": f"<textarea>&lt;p&gt;{FIRST}&lt;/p&gt;&lt;p&gt;{LONG}&lt;/p&gt;</textarea>",
    "template": f"<div id=app></div><template>{p(FIRST, LONG)}</template>",
    "script_template": f"<div id=app></div><script type=text/html>{p(FIRST, LONG)}</script>",
    "json_in_a_script": "<div id=app></div><script>window.data=" + json.dumps({"title": "x", "html": p(FIRST, LONG)}) + "</script>",
    "json_with_lines": "<div id=app></div><script>var d=" + json.dumps({"t": f"{FIRST}\n{LONG}"}, ensure_ascii=False) + "</script>",
    "inside_nav": f"<nav>{p(FIRST, LONG)}</nav>",
}  # fmt: skip


@pytest.mark.parametrize("kind", HIDDEN)
def test_a_text_that_the_page_hides_is_read_where_it_shows_none(read, kind):
    report = read(f"<h1>{TITLE}</h1>{HIDDEN[kind]}{FOOT}")
    assert body(report)[-2:] == [FIRST, LONG]
    assert {remark.code for remark in report.remarks} & {"text-hidden", "text-scripted"}


NO_REPORT = {
    "pictures": (f"<h1>{TITLE}</h1><p><img src=1.jpg></p><p><img src=2.jpg></p>{NEWS}{FOOT}", "2 pictures"),
    "an_embedded_file": (f"<h1>{TITLE}</h1><object data=a.pdf>您的浏览器不支持，请下载附件查看。</object>", "another file"),
    "a_viewer_with_a_notice": (f"<h1>{TITLE}</h1><p>如无法显示，请点击下载附件查看。</p><iframe src=a.pdf></iframe>", "another file"),
    "frames": ("<frameset><frame src=a.htm></frameset>", "frames"),
    "a_shell": ("<div id=app>正在加载，请稍候。</div><script src=app.js></script>", "program"),
    "links_only": (f"<h1>{TITLE}</h1>{NEWS * 5}", "titles, links"),
}


@pytest.mark.parametrize("kind", NO_REPORT)
def test_a_page_without_a_text_is_no_empty_report(read, kind):
    inner, reason = NO_REPORT[kind]
    with pytest.raises(RejectedFile, match="no text of a report in it") as caught:
        read(inner)
    assert reason in caught.value.reason


LISTS = {
    "": ["1.推进改革", "2.推进执法"],
    "start=5": ["5.推进改革", "6.推进执法"],
    "type=A": ["A.推进改革", "B.推进执法"],
    "type=i": ["i.推进改革", "ii.推进执法"],
    "style='list-style-type: cjk-ideographic'": ["一、推进改革", "二、推进执法"],
    "style='list-style: none'": ["推进改革", "推进执法"],
}


@pytest.mark.parametrize("attributes", LISTS)
def test_the_entries_of_a_list_have_the_numbers_that_a_browser_prints(read, attributes):
    report = read(f"<h1>{TITLE}</h1><div>{p(LONG)}<ol {attributes}><li>推进改革<li>推进执法</ol>{p(SHORT)}</div>")
    assert body(report) == [LONG, *LISTS[attributes], SHORT]


def test_an_entry_that_has_its_number_gets_no_other(read):
    assert body(read(f"<div>{p(LONG)}<ol><li>（一）推进改革</li></ol>{p(SHORT)}</div>")) == [LONG, "（一）推进改革", SHORT]


ARCHIVE = "MIME-Version: 1.0\nContent-Type: multipart/related; boundary=x\n\n"


def part(content, kind="text/html", **headers):
    lines = "".join(f"{name.replace('_', '-')}: {value}\n" for name, value in headers.items())
    return f"--x\nContent-Type: {kind}; charset=utf-8\nContent-Transfer-Encoding: 8bit\n{lines}\n<html><body>{content}</body></html>\n"


@pytest.mark.parametrize(
    "parts",
    [
        pytest.param([part(f"<h1>{TITLE}</h1><iframe src='cid:f@x'></iframe>{NEWS}"), part(p(FIRST, LONG), Content_ID="<f@x>")], id="by_cid"),
        pytest.param([part(f"<h1>{TITLE}</h1><iframe src='http://x/f'></iframe>"), part(p(FIRST, LONG), Content_Location="http://x/f")], id="by_location"),
        pytest.param([part(f"<h1>{TITLE}</h1>{NEWS * 50}"), part(p(FIRST, LONG))], id="unnamed"),
        pytest.param([part(f"<h1>{TITLE}</h1>{p(FIRST, LONG)}"), part("<p>广告</p>" + "<!-- x -->" * 5000)], id="a_longer_frame"),
        pytest.param([part(f"<h1>{TITLE}</h1>{p(FIRST, LONG)}", "application/xhtml+xml")], id="xhtml"),
        pytest.param([part("<frameset><frame src='http://x/f'></frameset>"), part(f"<h1>{TITLE}</h1>{p(FIRST, LONG)}", Content_Location="http://x/f")], id="frameset"),
    ],
)  # fmt: skip
def test_a_web_archive_is_read_with_its_frames(tmp_path, parts):
    (tmp_path / "a.mhtml").write_text(ARCHIVE + "".join(parts) + "--x--\n", encoding="utf-8")
    report = parse_file(tmp_path / "a.mhtml")
    assert (report.title, body(report)) == (TITLE, [FIRST, LONG])


def test_frames_that_show_each_other_end(tmp_path):
    parts = [part(f"<iframe src=http://x/b></iframe>{p(LONG)}", Content_Location="http://x/a")]
    parts += [part(f"<iframe src=http://x/a></iframe>{p(SHORT)}", Content_Location="http://x/b")] * 3
    (tmp_path / "a.mhtml").write_text(ARCHIVE + "".join(parts) + "--x--\n", encoding="utf-8")
    assert LONG in body(parse_file(tmp_path / "a.mhtml"))


def test_a_script_with_a_string_of_escaped_quotation_marks_without_an_end_is_read(read):
    script = '"' + '\\"' * 50_000 + f"\nshow({json.dumps(p(FIRST, LONG))})"
    assert body(read(f"<h1>{TITLE}</h1><div id=app></div><script>{script}</script>{FOOT}"))[-2:] == [FIRST, LONG]
