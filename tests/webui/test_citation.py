"""How reports and passages are cited: GB/T 7714-2025, BibTeX and RIS."""

from dataclasses import replace
from datetime import date

import bibtexparser
import pytest
import rispy
from bibtexparser.middlewares import LatexDecodingMiddleware
from hypothesis import given, settings
from hypothesis import strategies as st

from indexer import Report, ReportType, build_index
from tests.support import one_report
from webui import create_app
from webui.citation import bibtex, cite, quote, ris

TODAY = date(2026, 11, 26)
SOURCE = "https://www.fuxin.gov.cn/a_b/1.html?x=1&y=%20{2}#p~3"
ODD = r"甲、100%的 {事项} & $x_1$ #2 ~ ^ \ 完"


def report(**fields):
    made = one_report(
        "他说“坚持‘依法’行政”。", id="r", title="甲县2022年法治政府建设工作报告", issuer="甲县人民政府", published="2023-03-01"
    )
    return replace(made, **{"type": ReportType.REPORT, **fields})


def test_a_report_on_the_network_has_day_of_access_and_address():
    title = "甲县人民政府. 甲县2022年法治政府建设工作报告"
    assert cite(report(source_url="https://a.cn/1"), TODAY, "") == f"{title}[R/OL]. （2023-03-01）[2026-11-26]. https://a.cn/1."
    assert cite(report(), TODAY, "https://here.cn/r#1", "第3页") == f"{title}[R/OL]. 第3页（2023-03-01）[2026-11-26]. https://here.cn/r#1."
    assert cite(report(source_url="https://a.cn/1"), TODAY, "https://here.cn/r") == cite(report(source_url="https://a.cn/1"), TODAY, "")


def test_without_an_address_there_is_no_day_of_access():
    assert cite(report(), TODAY, "") == "甲县人民政府. 甲县2022年法治政府建设工作报告[R]. （2023-03-01）."
    assert cite(report(published=None, issuer=None), TODAY, "") == "甲县2022年法治政府建设工作报告[R]."


def test_what_is_no_report_is_an_electronic_bulletin():
    assert "[EB/OL]. " in cite(report(type=ReportType.NEWS), TODAY, "https://a.cn")


@pytest.mark.parametrize(
    ("text", "quotation"),
    [
        ("坚持“放管服”改革", "“坚持‘放管服’改革”"),
        ("他说“坚持‘依法’行政”。", "“他说‘坚持“依法”行政’。”"),
        (" don’t “a” ", "“don’t ‘a’”"),
        ("没有引号", "“没有引号”"),
    ],
)
def test_marks_inside_a_quotation_are_of_the_other_kind(text, quotation):
    assert quote(text) == quotation


def read_bibtex(text):
    library = bibtexparser.parse_string(text, append_middleware=[LatexDecodingMiddleware()])
    assert not library.failed_blocks
    [entry] = library.entries
    return entry


def test_bibtex_is_read_back():
    made = report(source_url=SOURCE)
    entry = read_bibtex(bibtex(made, made.paragraphs[0], TODAY, ""))
    assert (entry.entry_type, entry.key) == ("techreport", "fazhi-r-0-p1")
    fields = {field.key: field.value for field in entry.fields}
    assert fields["title"] == "甲县2022年法治政府建设工作报告"
    assert fields["author"].strip("{}") == fields["institution"] == "甲县人民政府"
    assert (fields["year"], fields["date"], fields["urldate"]) == ("2023", "2023-03-01", "2026-11-26")
    assert fields["annote"] == "“他说‘坚持“依法”行政’。”"
    assert "url = {https://www.fuxin.gov.cn/a_b/1.html?x=1&y=%20%7B2%7D#p~3}" in bibtex(made, None, TODAY, "")


def test_signs_of_bibtex_are_escaped():
    made = report(title=ODD, issuer=ODD)
    fields = {field.key: field.value for field in read_bibtex(bibtex(made, None, TODAY, "")).fields}
    # The library that decodes has the circumflex accent for the sign.
    assert fields["title"].replace("ˆ", "^") == fields["institution"].replace("ˆ", "^") == ODD


def test_ris_is_read_back():
    made = report(source_url=SOURCE, issuer="甲县人民政府, 乙局", title="题\n名")
    [read] = rispy.loads(ris(made, made.paragraphs[0], TODAY, ""))
    assert read["type_of_reference"] == "RPRT"
    assert read["authors"] == ["甲县人民政府， 乙局"]
    assert (read["title"], read["year"], read["date"]) == ("题 名", "2023", "2023/03/01")
    assert read["urls"] == [SOURCE]
    assert read["notes"] == ["“他说‘坚持“依法”行政’。”"]
    assert read["access_date"] == "2026/11/26"


@settings(max_examples=30)
@given(st.text(min_size=1).filter(str.strip))
def test_no_text_breaks_a_record(text):
    made = report(title=text, issuer=text)
    entry = bibtex(made, None, TODAY, "")
    library = bibtexparser.parse_string(entry)
    assert len(library.entries) == 1
    assert not library.failed_blocks
    assert len(rispy.loads(ris(made, None, TODAY, ""))) == 1


@pytest.fixture
def place(tmp_path):
    own = Report.from_blocks(id="own", title="甲县2021年报告", year=2021, issuer="甲县", blocks=[((), "推进“放管服”改革。")])
    build_index(tmp_path / "index", [own, replace(report(source_url=SOURCE), id="net")])
    return str(tmp_path / "index")


def test_the_page_offers_citation_and_files(place):
    client = create_app(place).test_client(use_cookies=False)
    page = client.get("/cite/own~0.p1").text
    assert "“推进‘放管服’改革。”" in page
    assert 'href="/cite/own~0.p1.bib"' in page
    assert 'href="/cite/own~0.p1.ris"' in page
    assert "[R/OL]" in client.get("/cite/net").text
    for form, media in (("bib", "application/x-bibtex"), ("ris", "application/x-research-info-systems")):
        reply = client.get(f"/cite/own~0.p1.{form}")
        assert (reply.status_code, reply.mimetype) == (200, media)
        assert "attachment" in reply.headers["Content-Disposition"]
    assert client.get("/cite/none").status_code == client.get("/cite/none~1.bib").status_code == 404
    assert client.get("/cite/own?x=1").status_code == 400
    assert 'href="/cite/own~0.p1"' in client.get("/reports/own").text
    assert 'href="/cite/own~0.p1"' in client.get("/?q=放管服").text


PAGES = ["/?q=放管服", "/reports/own", "/cite/own", "/cite/own.bib", "/cite/own.ris", "/api/v1/similar?text=推进放管服改革"]


@pytest.mark.parametrize("path", PAGES)
def test_this_machine_is_named_in_no_citation(place, monkeypatch, path):
    for host in ("127.0.0.1:8000", "localhost"):
        client = create_app(place).test_client(use_cookies=False)
        cited = [line for line in client.get(path, base_url=f"http://{host}").text.splitlines() if "甲县2021年报告" in line]
        assert cited
        assert not any("127.0.0.1" in line or "localhost" in line for line in cited)
    monkeypatch.setenv("FAZHI_PUBLIC_URL", "https://fazhi.example.cn")
    assert "https://fazhi.example.cn/reports/own" in create_app(place).test_client(use_cookies=False).get(path).text
