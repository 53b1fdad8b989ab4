"""Pages in English: who gets them, and that nothing of them is left in Chinese but what reports say."""

import re
from urllib.parse import unquote

import pytest
from babel.messages.pofile import read_po

from indexer import STANDARD_PARTS, Level, Report, build_index, texts
from indexer.texts.update import written
from tests.webui.test_texts import PAGES
from webui import create_app
from webui.texts import LANG

ENGLISH = {"Accept-Language": "en-GB,en;q=0.9"}


@pytest.fixture(scope="module")
def app(tmp_path_factory):
    folder = tmp_path_factory.mktemp("language") / "index"
    blocks = [(("Measures",), f"The report {number}.") for number in range(3)]
    made = [Report.from_blocks(id=f"r{year}", title="Report", year=year, issuer="Office", blocks=blocks) for year in (2020, 2022)]
    placed = Report.from_blocks(
        id="placed", title="阜新市2021年法治政府建设情况报告", year=2021, issuer="阜新市人民政府", region="210900", blocks=blocks
    )
    county = Report.from_blocks(
        id="county", title="长泰县2019年法治政府建设情况报告", year=2019, issuer="长泰县人民政府", region="350605", blocks=blocks
    )
    build_index(folder, [*made, placed, county])
    return create_app(str(folder))


@pytest.fixture
def client(app):
    # What a request leaves behind in this thread, its language, ends with the test.
    with texts.speaking(texts.CHINESE):
        yield app.test_client()


def language_of(reply):
    return re.search('<html lang="([^"]*)"', reply.text)[1]


@pytest.mark.parametrize(
    ("header", "tag"),
    [
        (None, "zh-Hans"),
        ("en", "en"),
        ("en-US,en;q=0.9,zh;q=0.8", "en"),
        ("zh-CN,zh;q=0.9,en;q=0.8", "zh-Hans"),
        ("zh-TW,en;q=0.5", "zh-Hans"),
        ("fr,en;q=0.5", "en"),
        ("fr", "zh-Hans"),
        ("*", "zh-Hans"),
        (";;=,", "zh-Hans"),
    ],
)
def test_a_browser_gets_the_language_it_prefers(client, header, tag):
    reply = client.get("/help", headers={"Accept-Language": header} if header else {})
    assert language_of(reply) == tag
    assert {"Accept-Language", "Cookie"} <= set(reply.vary)


def test_only_a_static_file_itself_is_the_same_in_every_language(client):
    missing = client.get("/static/none.css", headers=ENGLISH)
    assert (missing.status_code, language_of(missing)) == (404, "en")
    assert {"Accept-Language", "Cookie"} <= set(missing.vary)
    assert "Accept-Language" not in client.get("/static/favicon.ico").vary


def test_a_language_that_was_chosen_is_remembered(client):
    assert language_of(client.get("/help?lang=en")) == "en"
    assert language_of(client.get("/help")) == "en"
    assert language_of(client.get("/help?lang=zh", headers=ENGLISH)) == "zh-Hans"
    assert language_of(client.get("/help", headers=ENGLISH)) == "zh-Hans"


def test_a_cookie_of_another_making_is_not_a_language(client):
    client.set_cookie(LANG, "../x")
    assert language_of(client.get("/help")) == "zh-Hans"


def test_each_page_leads_to_itself_in_the_other_language(client):
    link = re.search('<a href="([^"]*)" hreflang="en"', client.get("/?q=report&year=2020&year=2022").text)[1]
    assert link == "/?q=report&amp;year=2020&amp;year=2022&amp;lang=en"
    other = client.get(link.replace("&amp;", "&"))
    assert language_of(other) == "en"
    assert '<a href="/?q=report&amp;year=2020&amp;year=2022&amp;lang=zh-Hans" hreflang="zh-Hans"' in other.text


def test_the_language_is_no_argument_of_a_view(client):
    chinese, english = client.get("/api/v1/search?q=report"), client.get("/api/v1/search?q=report&lang=en")
    assert chinese.json["total"] == english.json["total"]
    assert chinese.headers["ETag"] != english.headers["ETag"]


@pytest.mark.parametrize(("address", "code"), [("lang=xx", "no-choice"), ("lang=en&lang=zh", "only-once")])
def test_a_language_that_is_none_is_an_error(client, address, code):
    reply = client.get(f"/api/v1/search?q=report&{address}")
    assert (reply.status_code, [(one["param"], one["code"]) for one in reply.json["errors"]]) == (400, [("lang", code)])


def test_errors_of_the_api_follow_the_language(client):
    chinese, english = (client.get("/api/v1/search?q=(", headers=headers).json for headers in ({}, ENGLISH))
    assert chinese.keys() == english.keys()
    assert re.search("[\u4e00-\u9fff]", chinese["detail"])
    assert not re.search("[\u4e00-\u9fff]", english["detail"] + english["title"])


def test_heads_of_tables_follow_the_language(client):
    head = client.get("/api/v1/search.csv?q=report", headers=ENGLISH).text.splitlines()[0]
    assert not re.search("[\u4e00-\u9fff]", head)
    assert [name for name in re.findall('"([^"]+)"', head) if not name[0].isupper()] == []
    assert '"corrections.csv"' in client.get("/api/v1/remarks.csv", headers=ENGLISH).text


def test_the_help_names_parts_as_queries_do(client):
    assert "<code>存在的不足</code> (shortcomings)" in client.get("/help", headers=ENGLISH).text
    assert "<code>存在的不足</code>" not in client.get("/help").text


def test_places_have_their_latin_names(client):
    assert "Liaoning 辽宁省" in client.get("/?q=report", headers=ENGLISH).text
    assert "Liaoning" not in client.get("/?q=report").text


@pytest.mark.parametrize("page", ["/units/350605", "/matrix?q=report", "/corpus", "/required", "/?q=report", "/reports/county"])
def test_units_stand_behind_the_latin_names_of_their_places(client, page):
    assert "Changtai District 长泰区人民政府" in client.get(page, headers=ENGLISH).text
    assert "Changtai" not in client.get(page).text


@pytest.mark.parametrize("page", ["/reports", "/concordance?q=report", "/reports/county"])
def test_a_place_goes_by_the_name_of_its_year(client, page):
    assert "Changtai County 长泰县" in client.get(page, headers=ENGLISH).text


def test_columns_of_places_have_their_latin_names(client):
    for address in ("/batch?terms=report&by=region&region=350600", "/api/v1/batch.csv?terms=report&by=region&region=350600"):
        assert "Changtai District 长泰区" in client.get(address, headers=ENGLISH).text


def is_chinese_text(message):
    """Whether more of a text is Chinese than is English: names are quoted in English ones too."""
    plain = re.sub(r"%\(\w+\)s|<[^>]*>", "", message)
    return len(re.findall("[\u4e00-\u9fff]", plain)) > len(re.findall("[A-Za-z]", plain))


def english():
    with (texts.LOCALES / "en" / "LC_MESSAGES" / "fazhi.po").open("rb") as file:
        return {message.id: message.string for message in read_po(file, locale="en") if message.id}


def test_every_text_is_there_in_english():
    known = english()
    wanted = [message.id for message in written() if message.id and (not isinstance(message.id, str) or is_chinese_text(message.id))]
    assert len(wanted) > 500
    assert [message for message in wanted if not all(known.get(message) or [""])] == []
    left = [
        text for message in wanted for text in ([known[message]] if isinstance(message, str) else known[message]) if is_chinese_text(text)
    ]
    assert left == []


def test_no_translation_is_two_run_together():
    texts = [text for string in english().values() for text in ([string] if isinstance(string, str) else string)]
    assert [text for text in texts if re.search(r"[a-z”)]\.[A-Z“]", text)] == []


def test_a_translation_has_the_parameters_of_its_text():
    def named(text):
        return sorted(re.findall(r"%\((\w+)\)s|%%|<(\w+)", text))

    for message, string in english().items():
        for text in [string] if isinstance(string, str) else string:
            source = message if isinstance(message, str) else message[0]
            if text:
                assert set(named(text)) <= set(named(source)) or "%(count)s" in source, message
                assert set(named(source)) - set(named(text)) <= ({("count", "")} if not isinstance(message, str) else set()), message


@pytest.mark.parametrize("url", PAGES)
def test_pages_say_nothing_in_chinese(client, url):
    shown = unquote(client.get(url, headers=ENGLISH).text)
    # What reports and examples of queries say, and addresses.
    shown = re.sub(
        r'<code>.*?</code>|<a [^>]*\?(?:q|terms)=[^<]*</a>|href="[^"]*"|<(\w+) lang="zh-Hans"[^>]*>.*?</\1>|hreflang="zh-Hans" lang="zh-Hans"[^<]*',
        "",
        shown,
        flags=re.S,
    )
    shown = re.sub("<title>.*?</title>|阜新市[^<]*", "", shown)
    # The values of parts and levels are Chinese in addresses and JSON.
    texts_shown = re.findall(">([^<]+)<", re.sub("|".join([*STANDARD_PARTS, *Level]), "", shown))
    assert [text for text in texts_shown if is_chinese_text(text)] == []
