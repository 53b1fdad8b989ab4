import re
from dataclasses import replace
from html import unescape
from html.parser import HTMLParser
from urllib.parse import parse_qsl, urlsplit

import pytest

from indexer import LeftOut, Remark, Report, build_index
from tests.support import one_report
from webui import create_app
from webui.markup import marked, passage_html


class Page(HTMLParser):
    """A page's links, ids, marked texts and visible text."""

    def __init__(self, html):
        super().__init__()
        self.links, self.ids, self.marks, self.text, self.inside = [], [], [], "", []
        self.feed(html)

    def handle_starttag(self, tag, attrs):
        attrs = dict(attrs)
        self.inside.append(tag)
        if tag == "a":
            self.links.append(attrs["href"])
        if "id" in attrs:
            self.ids.append(attrs["id"])

    def handle_endtag(self, tag):
        while self.inside and self.inside.pop() != tag:
            pass

    def handle_data(self, data):
        self.text += data
        if "mark" in self.inside:
            self.marks.append(data)


def page(client, url, status=200):
    reply = client.get(url)
    assert reply.status_code == status, reply.text
    return Page(reply.text)


def test_home_says_what_is_held(client):
    assert "收录 31 份" in page(client, "/").text


def test_results_say_the_numbers_whole(client):
    text = re.sub(r"\s+", "", page(client, "/?q=行政复议").text)
    assert "第1–20条，共31段，来自31份报告" in text


def test_every_facet_link_gives_the_count_it_shows(client):
    html = client.get("/?q=行政复议").text
    entries = re.findall(r'<li[^>]*><a href="([^"]+)">[^<]*</a><span>(\d+)</span></li>', html)
    assert len(entries) > 8
    for url, count in entries:
        shown = re.sub(r"\s+", "", page(client, url.replace("&amp;", "&")).text)
        assert f"共{count}段" in shown, url


def test_reports_are_listed_with_those_that_do_not_mention_it(client):
    shown = page(client, "/reports?q=执法力量")
    assert "30 份报告提及 执法力量" in " ".join(shown.text.split())
    assert "/reports/r4?q=%E6%89%A7%E6%B3%95%E5%8A%9B%E9%87%8F" in shown.links
    assert "1 段，1 处" in shown.text
    silent = page(client, next(link for link in shown.links if "mention=no" in link))
    assert "1 份报告未提及 执法力量" in " ".join(silent.text.split())
    assert [link for link in silent.links if link.startswith("/reports/")] == ["/reports/odd?q=%E6%89%A7%E6%B3%95%E5%8A%9B%E9%87%8F"]
    assert "提及 30" in silent.text
    assert "没有第 9 页" in page(client, "/reports?q=执法力量&page=9").text
    assert "共 31 份报告" in page(client, "/reports").text


def test_a_range_of_years_keeps_the_rest_of_the_request(client):
    form = re.search(r'<form class="range".*?</form>', client.get("/?q=行政复议&year=2020&issuer=某0县").text, re.S)[0]
    names = re.findall(r'name="(\w+)"', form)
    assert names == ["q", "issuer", "year_from", "year_to"]


@pytest.mark.parametrize(
    ("years", "chip"), [("year_from=2020", "2020 年起"), ("year_to=2020", "2020 年止"), ("year_from=2019&year_to=2020", "2019–2020 年")]
)
def test_a_range_of_years_is_one_chip(client, years, chip):
    assert chip in page(client, f"/?q=行政复议&{years}").text


def test_a_chip_removes_its_filter(client):
    html = client.get("/?q=行政复议&year=2022&section=行政执法").text
    chips = re.findall(r'<li><a href="([^"]+)">(报告年度|部分)：', html)
    assert [("year" in url, "section" in url) for url, _ in chips] == [(False, True), (True, False)]


def test_equal_passages_are_one_hit_with_a_way_to_all(client):
    html = client.get("/?q=执法力量").text
    assert "另有 29 段表述相同" in html
    url = re.search(r'<a href="([^"]+)">全部列出', html)[1].replace("&amp;", "&")
    assert "第 1–20 条" in page(client, url).text
    url = re.search(r'<a href="([^"]+)">另有', html)[1].replace("&amp;", "&")
    assert "共 30 段" in page(client, url).text


def test_a_report_s_anchors_are_its_places(client):
    shown = page(client, "/reports/r0?q=行政复议")
    assert {"t", "1", "1.1", "1.1.p1", "1.1.p1.1", "1.1.p1.2", "2", "2.p1", "hit-1"} <= set(shown.ids)
    assert len(shown.ids) == len(set(shown.ids))
    assert shown.marks == ["行政复议"]


def test_steps_between_hits_are_links_that_go_round(client):
    def steps(url):
        return re.findall(r'<a href="([^"]+)" data-step', client.get(url).text.replace("&amp;", "&"))

    q = "q=%E6%89%A7%E6%B3%95"
    assert steps(f"/reports/r0?{q}") == [f"/reports/r0?{q}&hit=2#hit-2", f"/reports/r0?{q}&hit=1#hit-1"]
    assert steps(f"/reports/r0?{q}&hit=2") == [f"/reports/r0?{q}&hit=1#hit-1", f"/reports/r0?{q}&hit=1#hit-1"]
    text = client.get(f"/reports/r0?{q}&hit=2").text
    assert "第 2 处，共 2 处" in text
    assert '<mark id="hit-2" class="now">' in text
    assert "</span> 共 2 处" in client.get(f"/reports/r0?{q}&hit=9").text
    assert client.get(f"/reports/r0?{q}&hit=x").status_code == 400


def test_what_was_left_out_of_a_report_stands_behind_one_line(tmp_path):
    pieces = (LeftOut("打印", "furniture"), LeftOut("本报告的数据截至十二月底，不含垂直管理的部门和单位。", "outside"))
    reports = [
        replace(one_report("文", id="a"), left_out=pieces),
        replace(one_report("文", id="b"), left_out=pieces[:1]),
        one_report("文", id="c"),
    ]
    build_index(tmp_path / "index", reports)
    client = create_app(str(tmp_path / "index")).test_client(use_cookies=False)
    assert (
        "<summary>未收入正文 2 行，其中有成段文字</summary><ul><li>打印 <small>菜单、按钮或页脚</small></li>"
        in client.get("/reports/a").text
    )
    assert "<summary>未收入正文 1 行</summary>" in client.get("/reports/b").text
    assert "未收入正文" not in client.get("/reports/c").text


def test_a_text_set_right_by_hand_is_shown_as_such(tmp_path):
    build_index(
        tmp_path / "index", [replace(one_report("文"), remarks=(Remark("text-replaced", file="x.fixed.txt"),), corrected=("text",))]
    )
    client = create_app(str(tmp_path / "index")).test_client(use_cookies=False)
    found = client.get("/api/v1/reports").json["reports"][0]["url"]
    shown = page(client, found).text
    assert "人工更正：正文" in shown
    assert shown.count("正文由人工订正文件 x.fixed.txt 提供") == 1


def test_what_should_be_looked_at_is_said_on_the_report(tmp_path):
    remarks = (Remark("year-half"), Remark("year-from-heading", year=2020), Remark("published-missing"))
    build_index(tmp_path / "index", [replace(one_report("文"), remarks=remarks)])
    client = create_app(str(tmp_path / "index")).test_client(use_cookies=False)
    found = client.get("/api/v1/reports").json["reports"][0]["url"]
    shown = client.get(found).text
    assert "待核对：报告年度、发布日期</summary><ul><li>年度 2020 只见于第一个小标题</li><li>没有找到发布日期</li></ul>" in shown
    assert "读取说明</summary><ul><li>报告的是半年</li></ul>" in shown
    assert [(remark["code"], remark["look"]) for remark in client.get("/api/v1" + found).json["remarks"]] == [
        ("year-half", False),
        ("year-from-heading", True),
        ("published-missing", True),
    ]


def test_other_years_of_the_issuer_are_linked(client):
    assert "/reports/r3" in page(client, "/reports/r0").links


def test_a_bad_query_is_met_where_it_was_typed(client):
    reply = client.get("/?q=(行政复议 OR 信访")
    assert reply.status_code == 400
    assert 'value="(行政复议 OR 信访"' in reply.text
    assert "<u>(</u>行政复议" in reply.text
    assert "没有对应的" in reply.text


def test_a_bad_filter_can_be_dropped_and_the_rest_kept(client):
    shown = page(client, "/?q=行政复议&year=abc&year=2022&issuer=某0县&bogus=1", 400)
    mended = next(link for link in shown.links if link.startswith("/?") and "lang=" not in link)
    assert "bogus" not in mended
    assert "year" not in mended
    assert "共 10 段" in page(client, mended).text


def test_a_query_that_is_set_right_keeps_view_and_filters(client):
    html = client.get("/reports?q=(行政&year=2022&mention=no&per_page=0").text
    form = re.search(r'<form class="search".*?</form>', html, re.S)[0]
    assert 'action="/reports"' in form
    assert re.findall(r'type="hidden" name="(\w+)" value="(\w+)"', form) == [("year", "2022"), ("mention", "no")]
    assert 'type="hidden"' not in client.get("/reports/r0?q=(").text


def test_a_new_query_stays_in_the_view_it_is_asked_in(client):
    for path in ("/reports", "/years", "/concordance"):
        assert f'role="search" action="{path}"' in client.get(f"{path}?q=公开").text
    assert '<input type="hidden" name="mention" value="no">' in client.get("/reports?q=公开&mention=no").text


def test_scripts_styles_and_icons_may_be_kept_until_they_change(client):
    addresses = re.findall(r'(?:src|href)="(/static/[^"]+)"', client.get("/").text)
    assert len(addresses) == 5
    for address in addresses:
        assert "immutable" in client.get(address).headers["Cache-Control"]
    assert client.get("/static/page.js").headers["Cache-Control"] == "no-cache"


def test_a_result_that_is_empty_says_what_each_word_gives(client):
    text = page(client, "/?q=行政复议 服议&year=2022").text
    assert "没有同时包含这些词的段落" in text
    assert "去掉报告年度筛选" in text


def test_past_the_end_leads_back(client):
    assert "没有第 99 页" in page(client, "/?q=行政复议&page=99").text


def test_texts_are_escaped_everywhere(client):
    for url in ("/?q=alert", "/reports/odd", "/?q=<script>alert(1)</script>", "/?q=题", "/corpus"):
        assert "<script>alert" not in client.get(url).text
        assert "<b>题" not in client.get(url).text


@pytest.mark.parametrize("q", ["\x00", "'", "%", "\u202e法治", "😀", "*", "a" * 200, "　", "🇨🇳" * 150])
def test_odd_input_is_answered(client, q):
    assert client.get("/", query_string={"q": q}).status_code in (200, 302, 400)


@pytest.mark.parametrize("path", ["/reports/nope", "/reports/..%2f..%2fetc%2fpasswd", "/nope", "/reports/a/b"])
def test_unknown_pages_are_404(client, path):
    assert "没有" in page(client, path, 404).text


@pytest.mark.parametrize("path", ["/", "/?q=法治", "/reports/r0", "/nope", "/?q=("])
def test_every_reply_forbids_what_is_not_ours(client, path):
    headers = client.get(path).headers
    policy = headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Referrer-Policy"]


@pytest.mark.parametrize("path", ["/", "/?q=行政复议", "/reports/r0?q=行政复议", "/corpus", "/help", "/api/"])
def test_pages_are_small_and_ask_nothing_of_others(client, path):
    reply = client.get(path)
    assert reply.status_code == 200
    html = reply.text
    # The reference has every operation and every shape.
    assert len(html.encode()) < (150_000 if path == "/api/" else 60_000)
    assert not re.search(r'(?:src|href|action)="(?:https?:)?//', html)
    assert "style=" not in html


@pytest.mark.parametrize(
    ("path", "kind"), [("/opensearch.xml", "application/opensearchdescription+xml"), ("/sitemap.xml", "application/xml")]
)
def test_descriptions_for_machines(client, path, kind):
    reply = client.get(path)
    assert reply.mimetype == kind
    assert reply.text.startswith("<?xml")


def test_a_sitemap_too_long_for_one_file_is_several(client, monkeypatch):
    whole = re.findall("<loc>(.+?)</loc>", client.get("/sitemap.xml").text)
    assert len(whole) == 2 + 31
    monkeypatch.setattr("webui.machines.SITEMAP_MOST", 20)
    reply = client.get("/sitemap.xml")
    assert "<sitemapindex" in reply.text
    parts = [client.get(address).text for address in re.findall("<loc>(.+?)</loc>", reply.text)]
    assert [address for part in parts for address in re.findall("<loc>(.+?)</loc>", part)] == whole
    assert client.get("/sitemap.xml?page=0").status_code == 400


def test_an_empty_result_says_nothing_twice(client):
    alone = client.get("/?q=没有这样的话").text
    assert "单独查" not in alone
    sentence = client.get("/?q=执法力量怎么样&year=2019").text
    assert (
        'href="/?q=%E6%89%A7%E6%B3%95%E5%8A%9B%E9%87%8F%E6%80%8E%E4%B9%88%E6%A0%B7&amp;mode=any&amp;year=2019">拆分为词语检索</a>'
        in sentence
    )
    filtered = client.get("/?q=没有这样的话&year=2019").text
    assert "单独查" in filtered
    assert "去掉报告年度筛选，也没有" in filtered
    assert '">去掉报告年度筛选</a>，有 ' in client.get("/?q=执法力量&year=2018").text


def test_marks_and_items_nest_where_they_overlap():

    passage = one_report("一是<甲>乙。二是丙").paragraphs[0]
    html = str(passage_html(passage, [(1, 5), (5, 6)], 1))
    assert html == (
        '<a class="it" id="0.p1.1" href="#0.p1.1">一</a><a class="it" href="#0.p1.1"><mark id="hit-1">是</mark></a>'
        '<mark>&lt;甲&gt;</mark><mark id="hit-2">乙</mark>。<a class="it" id="0.p1.2" href="#0.p1.2">二是</a>丙'
    )


def test_a_long_paragraph_of_marks_and_items_is_made_in_one_go():
    count = 20_000
    passage = one_report("一是法治；" * count).paragraphs[0]
    assert len(passage.items) == count
    # A look at every mark for every piece would take minutes.
    html = passage_html(passage, [(5 * n + 2, 5 * n + 4) for n in range(count)], 1)
    assert (html.count("<mark"), html.count("<a ")) == (count, count)


def test_marked_escapes_everything_else():
    assert str(marked("a<b>&c", [(1, 4)])) == "a<mark>&lt;b&gt;</mark>&amp;c"


def test_ticked_writings_of_a_literal_query_are_read_as_the_query_that_they_make(client):
    reply = client.get("/?q=放管服&mode=literal&also=简政放权")
    assert "OR" in reply.headers["Location"]
    assert "mode=literal" not in reply.headers["Location"]


@pytest.mark.parametrize("path", ["/", "/reports", "/years", "/concordance", "/api/v1/search"])
def test_more_values_of_a_filter_than_anybody_chooses_are_refused(client, path):
    values = "&".join(f"year={1900 + n}" for n in range(51))
    reply = client.get(f"{path}?q=法治&{values}")
    assert reply.status_code == 400
    assert "“year”有 51 个值，最多 50 个" in reply.text
    assert len(reply.data) < 100_000
    assert client.get(f"{path}?q=法治&{values.rpartition('&')[0]}").status_code == 200


def test_ticked_writings_lead_to_the_wider_query(client, tmp_path):
    reply = client.get("/?q=放管服&also=简政放权&year=2022")
    assert reply.status_code == 302
    assert "OR" in reply.headers["Location"]
    assert "year=2022" in reply.headers["Location"]
    # Offered where they add passages.
    texts = ["推进放管服改革。", "推进简政放权。"]
    build_index(tmp_path / "index", [Report.from_blocks(title="某县2022年报告", blocks=[((), text) for text in texts])])
    offering = create_app(str(tmp_path / "index")).test_client()
    assert 'type="checkbox" name="also" value="简政放权"' in offering.get("/?q=放管服").text
    assert 'name="also"' not in client.get("/?q=放管服").text


def test_what_a_query_names_comes_first_where_nothing_is_found_and_above_the_hits_where_something_is(client):
    shown = client.get("/?q=阜新市+2019年+行政复议").get_data(as_text=True)
    offered = '识别到：地区 阜新市、报告年度 2019 → <a href="(.+?)">在其报告中检索“行政复议”（2 段）</a>'
    link = re.search(offered, shown)
    assert link
    assert link.start() < shown.index("单独查")
    assert "共 <strong>2</strong> 段" in client.get(link[1].replace("&amp;", "&")).get_data(as_text=True)
    shown = client.get("/?q=2019年").get_data(as_text=True)
    assert "识别到：报告年度 2019 → " in shown
    assert shown.index("查看其报告（") < shown.index('class="hits"')


def test_a_name_with_markup_is_escaped_where_it_is_offered(client):
    assert "检索“&lt;b&gt;”（0 段）" in client.get("/?q=阜新市+<b>").get_data(as_text=True)


VIEWS = ["段落", "报告", "逐处", "词语", "年度趋势", "提及情况"]


def view_links(html):
    shown = re.search(r'<nav class="views"[^>]*>(.*?)</nav>', html)[1]
    return re.findall(r">([^<]+)</(?:a|b)>", shown), [unescape(url) for url in re.findall(r'href="([^"]+)"', shown)]


@pytest.mark.parametrize("path", ["/", "/reports", "/concordance", "/words", "/years", "/matrix"])
def test_every_view_leads_to_all_others_with_query_filters_and_mode(client, path):
    asked = "q=公开&year=2022&region=210921&mode=literal"
    names, urls = view_links(client.get(f"{path}?{asked}").text)
    assert names == VIEWS
    assert len(urls) == len(VIEWS)
    for url in urls:
        assert dict(parse_qsl(urlsplit(url).query)) == dict(parse_qsl(asked)) | ({"collapse": "1"} if "collapse" in url else {})
        html = client.get(url).text
        assert view_links(html)[0] == VIEWS
        assert "报告年度：2022" in html
        assert "地区：阜新蒙古族自治县" in html
        assert "类型" not in re.search(r'<ul class="chips".*?</ul>', html, re.S)[0]


def test_where_nothing_is_found_the_other_views_are_offered(client):
    assert view_links(client.get("/?q=量子").text)[0] == VIEWS


def test_a_query_that_only_filters_has_no_occurrences_to_list(client):
    assert view_links(client.get("/?q=year:2022").text)[0] == [name for name in VIEWS if name != "逐处"]


def test_the_years_say_that_a_filter_of_years_does_not_count_and_hold_it(client):
    html = client.get("/years?q=公开&year=2022").text
    assert "年度的筛选不起作用" in html
    form = re.search(r'<form class="search".*?</form>', html, re.S)[0]
    assert re.findall(r'type="hidden" name="(\w+)" value="(\w+)"', form) == [("year", "2022")]
    assert "年度的筛选不起作用" not in client.get("/years?q=公开").text


def test_the_list_of_occurrences_says_its_filters_and_holds_mode_and_order(client):
    html = client.get("/concordance?q=公开&year=2022&mode=literal&context=right").text
    assert 'href="/concordance?q=%E5%85%AC%E5%BC%80&amp;mode=literal&amp;context=right">报告年度：2022' in html
    form = re.search(r'<form class="search".*?</form>', html, re.S)[0]
    assert ("context", "right") in re.findall(r'type="hidden" name="(\w+)" value="(\w+)"', form)
    assert re.search(r'href="/reports/r\d+\?q=[^"]*&amp;mode=literal#', html)
