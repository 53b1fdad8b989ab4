"""The files that a page offers beside its text: which links are some, and which of two copies counts."""

from indexer.collect.attachments import attachments_of
from indexer.collect.collecting import State
from indexer.collect.records import Wanted
from tests.indexer.collect.site import PARAGRAPHS, TITLE, collect, corrections, page, word

LINKS = """
<nav><a href="/guide.pdf">指南.pdf</a></nav>
<a href="b.html">下一篇</a> <a href="javascript:void(0)">打印.doc</a> <a href="mailto:x@a.cn">信箱</a>
<p>附件：<a href="./P0201.docx">1.报告</a> <a href="/download?file=%E8%A1%A8.xls">表</a> <a href="/down?id=7">2.附表.pdf</a>
<a href="/get?name=a.OFD&amp;x=1">下载</a> <a href="./P0201.docx">又</a> <a href="/x.png">图</a> <a href="http://[bad/x.pdf">坏</a></p>
"""


def test_which_links_are_attachments():
    found = attachments_of(page(more=LINKS), "http://a.cn/zw/t1.html")
    assert found == ["http://a.cn/zw/P0201.docx", "http://a.cn/down?id=7", "http://a.cn/get?name=a.OFD&x=1"]


def test_attachments_come_with_their_page_and_one_of_two_copies_counts(site, clock, corpus):
    announced = page(paragraphs=[*PARAGRAPHS[:2]], more='<p>附件：<a href="P1.docx">全文.docx</a></p>')
    site.replies |= {
        "/a/t.html": (200, {}, announced),
        "/a/P1.docx": (200, {"Content-Type": "application/octet-stream", "ETag": '"w"'}, word()),
    }
    wanted = Wanted(f"{site.address}/a/t.html")
    of_page, attached = collect(corpus, clock, wanted)
    assert (attached.state, attached.page, attached.title) == (State.NEW, wanted.url, TITLE)
    assert (corpus / attached.path).read_bytes() == site.replies["/a/P1.docx"][2]
    right = corrections(corpus, "2022/彰武县人民政府")
    # The longer one is the report; the other stays as it was received and is passed over.
    assert (of_page.passed_over, attached.passed_over) == (True, False)
    assert right[f"{TITLE}.html", "type"] == "ignore"
    assert right[f"{TITLE}.docx", "source_url"] == f"{site.address}/a/P1.docx"
    assert (f"{TITLE}.docx", "type") not in right
    # On the next run both are asked for with their conditions.
    again = collect(corpus, clock, wanted)
    assert [one.state for one in again] == [State.UNCHANGED, State.UNCHANGED]
    assert site.asked[-1][1]["If-None-Match"] == '"w"'
    assert collect(corpus, clock, wanted, attachments=False) == again[:1]


def test_one_of_two_copies_counts_still_when_either_is_published_anew(site, clock, corpus):
    """Pages that count their visitors are others each time, while their attachments stay."""
    links = '<p>附件：<a href="P1.docx">全文.docx</a></p>'
    site.replies |= {"/t.html": (200, {}, page(paragraphs=PARAGRAPHS[:2], more=links)), "/P1.docx": (200, {"ETag": '"w"'}, word())}
    wanted = Wanted(f"{site.address}/t.html")

    def passed_over():
        right = corrections(corpus, "2022/彰武县人民政府")
        return [name for name in (f"{TITLE}.html", f"{TITLE}.docx") if (name, "type") in right]

    collect(corpus, clock, wanted)
    assert passed_over() == [f"{TITLE}.html"]
    site.replies["/t.html"] = (200, {"ETag": '"p"'}, page(paragraphs=PARAGRAPHS[:2], more=f"{links}<p>浏览2次</p>"))
    assert [one.state for one in collect(corpus, clock, wanted)] == [State.CHANGED, State.UNCHANGED]
    assert passed_over() == [f"{TITLE}.html"]
    site.replies["/P1.docx"] = (200, {"ETag": '"v"'}, word(paragraphs=PARAGRAPHS[:1]))
    assert [one.state for one in collect(corpus, clock, wanted)] == [State.UNCHANGED, State.CHANGED]
    assert passed_over() == [f"{TITLE}.docx"]
    site.replies["/P1.docx"] = (200, {"ETag": '"u"'}, word())
    assert [one.state for one in collect(corpus, clock, wanted)] == [State.UNCHANGED, State.CHANGED]
    assert passed_over() == [f"{TITLE}.html"]


def test_a_page_without_a_report_is_passed_over_for_its_attachment(site, clock, corpus):
    site.replies |= {
        "/t.html": (200, {}, b"<html><body><a href='/P1.docx'>x</a></body></html>"),
        "/P1.docx": (200, {"Content-Disposition": "attachment; filename*=UTF-8''%E6%8A%A5%E5%91%8A.docx"}, word()),
    }
    of_page, attached = collect(corpus, clock, Wanted(f"{site.address}/t.html"))
    assert of_page.reason
    assert attached.path == "2022/彰武县人民政府/报告.docx"
    assert of_page.passed_over
    assert (corpus / of_page.path).is_file()
