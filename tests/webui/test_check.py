"""文稿检查: a draft is uploaded, shown beside what was found, and leaves no trace."""

import io
import json
import re
import tempfile
from base64 import b64decode
from pathlib import Path

import pytest
from docx import Document

from indexer import Report, build_index, comparison, parse_file
from indexer.draftcheck import main as draftcheck
from tests.indexer.drafts.test_command import CLEAN
from tests.webui.conftest import serving
from tests.webui.test_openapi import faults
from webui import create_app, drafts
from webui.costly import TooBusy

SPOILT = CLEAN.replace("2024年工作安排", "2023年工作安排").replace("规范性文件78件", "“规范性<b>文件78件")


@pytest.fixture(scope="module")
def location(tmp_path_factory):
    place = tmp_path_factory.mktemp("check") / "index"
    blocks = [(("一、主要举措和成效",), "全年审查文件78件，培训15期。")]
    build_index(place, [Report.from_blocks(id="last", title="彰武县2022年法治政府建设情况报告", year=2022, issuer="彰武县", blocks=blocks)])
    return str(place)


@pytest.fixture
def temporary(tmp_path, monkeypatch):
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    return tmp_path


@pytest.fixture
def client(location):
    return create_app(location).test_client(use_cookies=False)


def send(client, text, name="草稿.txt", path="/check", **more):
    content = text if isinstance(text, bytes) else text.encode()
    fields = {"file": (io.BytesIO(content), name), **more.pop("fields", {})}
    return client.post(path, data=fields, content_type="multipart/form-data", **more)


API = "/api/v1/check"


def word_file():
    made = Document()
    for line in filter(None, SPOILT.split("\n")):
        made.add_paragraph(line)
    content = io.BytesIO()
    made.save(content)
    return content.getvalue()


def test_the_draft_stands_beside_its_findings(client, temporary):
    reply = send(client, SPOILT)
    page = reply.text
    assert reply.status_code == 200
    assert "安排的年份已过" in page
    assert "不成对" in page
    assert "已与上年报告对照" in page
    assert '<a href="#4">' in page
    assert 'href="#f1"' in page
    assert 'id="f1"' in page
    assert "<mark>2023年</mark>" in page
    assert "&lt;b&gt;" in page
    assert "<b>文件" not in page
    assert reply.headers["Cache-Control"] == "no-store"
    assert "ETag" not in reply.headers
    # Without the script each finding leads to the next one.
    assert '<a href="#f2">下一处</a>' in page


def test_a_clean_draft_has_no_finding(client, temporary):
    assert "没有发现需要核对的地方" in send(client, CLEAN).text


def test_kinds_unit_and_year_can_be_chosen(client, temporary):
    assert "没有发现需要核对的地方" in send(client, SPOILT, fields={"kind": ["items-gap"]}).text
    assert "法库县" in send(client, CLEAN, fields={"unit": "法库县人民政府"}).text
    assert "本报告是2024年的" in send(client, CLEAN, fields={"year": "2024"}).text


@pytest.mark.parametrize("path", ["/check", API])
@pytest.mark.parametrize("fields", [{"year": "abc"}, {"unit": "999999"}, {"unit": "谁"}])
def test_an_impossible_unit_or_year_is_a_problem(client, temporary, path, fields):
    reply = send(client, CLEAN, path=path, fields=fields)
    assert reply.status_code == 400
    if path == API:
        assert [one["param"] for one in reply.json["errors"]] == list(fields)


def test_programs_receive_what_draftcheck_prints(client, temporary, tmp_path_factory, location, capsys):
    reply = send(client, SPOILT, path=API, fields={"without": ["unpaired"]})
    assert (reply.status_code, reply.headers["Cache-Control"], "ETag" in reply.headers) == (200, "no-store", False)
    path = tmp_path_factory.mktemp("draft") / "草稿.txt"
    path.write_text(SPOILT, "utf-8")
    assert draftcheck([str(path), "--index", location, "--json", "--without", "unpaired"]) == 3
    printed = json.loads(capsys.readouterr().out)

    def plain(found):
        # The ids of passages are made of the path of the file.
        return [{**one, "passage": one["passage"].partition("~")[2]} for one in found["findings"]]

    assert plain(reply.json) == plain(printed)
    assert {**reply.json, "findings": []} == {**printed, "file": "草稿.txt", "findings": []}
    assert reply.json["findings"]
    assert send(client, SPOILT, path=API, fields={"without": ["nonsense"]}).json["errors"][0]["param"] == "without"
    assert send(client, SPOILT, fields={"kind": ["nonsense"]}).status_code == 400


def test_the_reply_to_programs_is_what_the_description_says(client, temporary):
    described = client.get("/api/v1/openapi.json").json
    operation = described["paths"][API]["post"]
    schemas = described["components"]["schemas"]
    for text, name in ((SPOILT, "a.txt"), (b"PK\x03\x04", "a.docx")):
        reply = send(client, text, name, path=API)
        promised = operation["responses"][str(reply.status_code)]["content"][reply.mimetype]["schema"]
        assert faults(reply.json, promised, schemas) == []
    assert operation["requestBody"]["content"]["multipart/form-data"]["schema"]["$ref"].endswith("/DraftToCheck")
    assert "/api/v1/check" in client.get("/api/").text


def test_comments_are_written_in_turn(client, temporary, monkeypatch):
    monkeypatch.setattr("webui.costly.PATIENCE", 0.01)
    turns = client.application.extensions["costly"]

    def written(*_):
        # One turn of two is taken already.
        with turns.turn(), pytest.raises(TooBusy), turns.turn():
            pass
        return b""

    monkeypatch.setattr("webui.drafts.commented_draft", written)
    assert send(client, SPOILT).status_code == 200


def test_the_draft_comes_back_with_comments(client, temporary):
    draft = word_file()
    reply = send(client, draft, "草稿.docx", fields={"as": "docx"})
    assert reply.headers["Cache-Control"] == "no-store"
    assert "attachment" in reply.headers["Content-Disposition"]
    found = [one["text"] for one in send(client, draft, "草稿.docx", path=API).json["findings"]]
    assert [one.text.partition("\n")[0] for one in Document(io.BytesIO(reply.data)).comments] == found
    # The page carries the same file, for nothing is stored that an address could lead to.
    page = send(client, draft, "草稿.docx").text
    carried = b64decode(re.search(r'href="data:[^;]+;base64,([^"]+)" download="草稿（批注）.docx"', page)[1])
    assert carried == reply.data
    assert len(Document(io.BytesIO(send(client, SPOILT, fields={"as": "docx"}).data)).comments) == len(found)
    assert list(temporary.iterdir()) == []


@pytest.mark.parametrize("path", ["/check", API])
@pytest.mark.parametrize("text", [SPOILT, "", b"PK\x03\x04"], ids=["read", "empty", "damaged"])
def test_nothing_is_left_on_the_disk(client, temporary, path, text):
    send(client, text, "a.txt" if text != b"PK\x03\x04" else "a.docx", path)
    assert list(temporary.iterdir()) == []


def test_nothing_is_left_where_reading_fails(client, temporary, monkeypatch):
    seen = []

    def fail(path):
        seen.append(Path(path).parent.stat().st_mode & 0o077)
        raise RuntimeError

    monkeypatch.setattr(drafts, "parse_file", fail)
    assert send(client, CLEAN).status_code == 500
    assert seen == [0]
    assert list(temporary.iterdir()) == []


def test_what_cannot_be_read_is_said(client, temporary):
    reply = send(client, b"PK\x03\x04", "a.docx")
    assert reply.status_code == 400
    assert "这个文件读不出报告：不是 Word 文件，或者已损坏（" in reply.text
    assert str(temporary) not in reply.text
    assert client.post("/check", data={}, content_type="multipart/form-data").status_code == 400


@pytest.mark.parametrize("path", ["/check", API])
def test_a_file_that_is_too_long_is_refused(client, temporary, monkeypatch, path):
    monkeypatch.setattr(drafts, "MOST_BYTES", 2_000)
    assert send(client, CLEAN + "长" * 1_000, path=path).status_code == 413
    assert send(client, "长" * 10_000, path=path).status_code == 413
    assert list(temporary.iterdir()) == []


@pytest.mark.parametrize("path", ["/check", API])
def test_a_draft_of_more_characters_than_a_report_is_compared_of_is_refused(client, temporary, monkeypatch, tmp_path, capsys, path):
    assert f"{comparison.LONGEST:,} characters" in client.get("/api/v1/openapi.json").text
    assert f"{comparison.LONGEST} 字" in client.get("/check").text
    file = tmp_path / "drafts" / "草稿.txt"
    file.parent.mkdir()
    file.write_text(CLEAN, "utf-8")
    read = sum(len(passage.text) for passage in parse_file(file).passages)
    monkeypatch.setattr(comparison, "LONGEST", read)
    monkeypatch.setattr(drafts, "LONGEST_REPORT", read)
    assert send(client, CLEAN, path=path).status_code == 200
    longer = CLEAN.replace("规范性文件78件", "规范性文件780件")
    reply = send(client, longer, path=path)
    assert reply.status_code == 400
    assert str(read) in reply.text
    if path == API:
        assert [(one["param"], one["code"]) for one in reply.json["errors"]] == [("file", "draft-too-long")]
    file.write_text(longer, "utf-8")
    assert draftcheck([str(file)]) in (0, 3)


@pytest.mark.parametrize("path", ["/check", API])
def test_a_form_without_files_is_not_taken_apart_at_any_length(client, path):
    assert client.post(path, data={"unit": "a" * 5_000}).status_code == 400
    assert client.post(path, data={"unit": "a" * 20_000}).status_code == 413


@pytest.mark.parametrize(
    ("uploads", "address", "headers", "allowed"),
    [
        (None, "127.0.0.1", {}, True),
        (None, "::1", {}, True),
        (None, "192.0.2.7", {}, False),
        (None, "127.0.0.1", {"X-Forwarded-For": "192.0.2.7"}, False),
        (True, "192.0.2.7", {}, True),
        (False, "127.0.0.1", {}, False),
    ],
)
def test_who_may_upload_is_the_operators_word(location, temporary, uploads, address, headers, allowed):
    client = create_app(location, uploads=uploads).test_client(use_cookies=False)
    asked = {"environ_base": {"REMOTE_ADDR": address}, "headers": headers}
    assert send(client, CLEAN, **asked).status_code == (200 if allowed else 403)
    assert send(client, CLEAN, path=API, **asked).status_code == (200 if allowed else 403)
    assert ('type="file"' in client.get("/check", **asked).text) == allowed


@pytest.mark.parametrize(
    ("uploads", "headers", "allowed"),
    [
        (None, {"Host": "localhost:8000", "Origin": "http://localhost:8000"}, True),
        (None, {"Host": "127.0.0.1:8000", "Sec-Fetch-Site": "same-origin"}, True),
        (None, {"Host": "127.0.0.1:8000", "Origin": "https://evil.example"}, False),
        (None, {"Host": "127.0.0.1:8000", "Origin": "null"}, False),
        (None, {"Host": "127.0.0.1:8000", "Sec-Fetch-Site": "cross-site"}, False),
        (None, {"Host": "evil.example:8000", "Origin": "http://evil.example:8000"}, False),
        (True, {"Host": "fazhi:8000", "Origin": "http://fazhi:8000"}, True),
        (True, {"Host": "fazhi:8000", "Origin": "https://evil.example"}, False),
    ],
)
def test_no_page_of_another_site_sends_a_draft_in_its_readers_name(location, temporary, uploads, headers, allowed):
    client = create_app(location, uploads=uploads).test_client(use_cookies=False)
    assert send(client, CLEAN, headers=headers).status_code == (200 if allowed else 403)


def test_it_works_without_an_index(tmp_path, temporary):
    client = create_app(str(tmp_path / "none")).test_client(use_cookies=False)
    assert "安排的年份已过" in send(client, SPOILT).text
    assert send(client, SPOILT, path=API).json["unit"]["id"] == "210922"


def test_findings_are_stepped_through_by_keyboard(browser, location, tmp_path):
    expect = pytest.importorskip("playwright.sync_api").expect
    draft = tmp_path / "草稿.txt"
    draft.write_text(SPOILT, "utf-8")
    with serving(location) as address:
        context = browser.new_context(base_url=address, locale="zh-CN")
        page = context.new_page()
        page.goto("/check")
        page.get_by_label("文稿（").set_input_files(draft)
        page.get_by_role("button", name="检查", exact=True).click()
        said = page.locator(".steps [aria-live]")
        # It is the script that shows them.
        expect(page.locator(".steps")).to_be_visible()
        for key, number in (("n", 1), ("j", 2), ("p", 1), ("k", 2)):
            page.keyboard.press(key)
            expect(said).to_have_text(f"第 {number} 处，共 2 处")
            expect(page.locator(f"#f{number}")).to_be_focused()
            assert page.locator("article .now").get_attribute("id") == page.locator(f"#f{number}").get_attribute("data-at")
        page.get_by_role("button", name="下一处").click()
        expect(page.locator("#f1")).to_be_focused()
        with page.expect_download() as download:
            page.get_by_role("link", name="下载带批注的 Word 文件").click()
        assert download.value.suggested_filename == "草稿（批注）.docx"
        context.close()


@pytest.mark.parametrize(("scheme", "locale"), [("light", "zh-CN"), ("dark", "en-GB")])
def test_no_accessibility_violations_beside_findings(browser, location, scheme, locale):
    axe = pytest.importorskip("axe_playwright_python.sync_playwright").Axe()
    with serving(location) as address:
        # axe is put into the page past its policy.
        context = browser.new_context(color_scheme=scheme, locale=locale, base_url=address, bypass_csp=True)
        page = context.new_page()
        page.goto("/check")
        page.set_input_files("#file", {"name": "草稿.txt", "mimeType": "text/plain", "buffer": SPOILT.encode()})
        page.locator("form.paste button").first.click()
        page.locator("section.findings li").first.wait_for()
        found = axe.run(page)
        assert found.violations_count == 0, found.generate_report()
        context.close()
