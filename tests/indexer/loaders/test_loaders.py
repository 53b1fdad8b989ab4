import pytest

from indexer import RejectedFile, parse_file

BODY = "某县坚持依法行政,现将2022年度法治政府建设情况报告如下。"
TITLE = "某县2022年法治政府建设情况报告"


def write(folder, name, content):
    path = folder / name
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return path


@pytest.mark.parametrize("mark", [b"", b"\xef\xbb\xbf"], ids=["plain", "with_bom"])
def test_utf_8_is_read(tmp_path, mark):
    report = parse_file(write(tmp_path, "a.txt", mark + f"{TITLE}\n\n{BODY}\n".encode()))
    assert [passage.text for passage in report.passages] == [TITLE, BODY]


@pytest.mark.parametrize(
    ("name", "content", "reason"),
    [
        pytest.param("a.txt", b"", "empty", id="empty"),
        pytest.param("a.txt", b" \n\n", "empty", id="white_space_only"),
        pytest.param("a.txt", b"abc\x00def", "U+0000", id="nul_byte"),
        pytest.param("a.exe", b"MZ", "expected one of", id="another_kind_of_file"),
        pytest.param("a.html", b"<html><script>1</script></html>", "no text", id="no_text_from_a_non_empty_file"),
    ],
)
def test_what_cannot_be_read_is_rejected_with_its_reason(tmp_path, name, content, reason):
    with pytest.raises(RejectedFile, match=reason.replace("+", r"\+")):
        parse_file(write(tmp_path, name, content))


def test_a_missing_file_is_rejected(tmp_path):
    with pytest.raises(RejectedFile):
        parse_file(tmp_path / "gone.txt")


PAGE = f"""<!DOCTYPE html><html><head><meta charset="utf-8"><title>{TITLE}_某县人民政府</title><style>.a{{}}</style></head><body>
<ul class="nav"><li>首页</li><li>政务公开</li></ul><div>当前位置:首页 &gt; 法治政府建设年度报告</div>
<div class="con"><h1>{TITLE}</h1><div class="info">来源:某县司法局 发布时间:2023-01-09 09:18</div>
<div class="text"><p>&nbsp;&nbsp;{BODY}</p><p>一、主要举措</p>
<p>（一）严格<b>规范</b>执法。一是<span>查处案件</span>1129件，罚没金额43.8万元，移送司法机关8件，没有一件被撤销或者变更。</p>
<table><tr><td>复议</td><td>12件</td></tr></table></div></div>
<div>上一篇:关于开展专项检查的通知</div><div>主办单位:某县人民政府办公室</div><script>alert(1)</script></body></html>"""


def test_a_web_page_gives_its_text_and_nothing_of_its_frame(tmp_path):
    report = parse_file(write(tmp_path, "page.html", PAGE))
    assert report.title == TITLE
    assert (report.year, report.published, report.source) == (2022, "2023-01-09", "某县司法局")
    assert [passage.text for passage in report.passages] == [
        TITLE,
        BODY,
        "一、主要举措",
        "（一）严格规范执法。一是查处案件1129件，罚没金额43.8万元，移送司法机关8件，没有一件被撤销或者变更。",
        "复议 | 12件",
    ]
