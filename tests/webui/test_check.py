"""文稿检查: a draft is uploaded, shown beside what was found, and leaves no trace."""

import io
import tempfile
from pathlib import Path

import pytest

from indexer import Report, build_index
from tests.indexer.drafts.test_command import CLEAN
from webui import create_app, drafts

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
    return create_app(location).test_client()


def send(client, text, name="草稿.txt", **more):
    content = text if isinstance(text, bytes) else text.encode()
    fields = {"file": (io.BytesIO(content), name), **more.pop("fields", {})}
    return client.post("/check", data=fields, content_type="multipart/form-data", **more)


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


def test_a_clean_draft_has_no_finding(client, temporary):
    assert "没有发现需要核对的地方" in send(client, CLEAN).text


def test_kinds_unit_and_year_can_be_chosen(client, temporary):
    assert "没有发现需要核对的地方" in send(client, SPOILT, fields={"kind": ["items-gap"]}).text
    assert "法库县" in send(client, CLEAN, fields={"unit": "法库县人民政府"}).text
    assert "本报告是2024年的" in send(client, CLEAN, fields={"year": "2024"}).text


@pytest.mark.parametrize("fields", [{"year": "abc"}, {"unit": "999999"}, {"unit": "谁"}])
def test_an_impossible_unit_or_year_is_a_problem(client, temporary, fields):
    assert send(client, CLEAN, fields=fields).status_code == 400


@pytest.mark.parametrize("text", [SPOILT, "", b"PK\x03\x04"], ids=["read", "empty", "damaged"])
def test_nothing_is_left_on_the_disk(client, temporary, text):
    send(client, text, "a.txt" if text != b"PK\x03\x04" else "a.docx")
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
    assert "这个文件读不出报告" in reply.text
    assert str(temporary) not in reply.text
    assert client.post("/check", data={}, content_type="multipart/form-data").status_code == 400


def test_a_file_that_is_too_long_is_refused(client, temporary, monkeypatch):
    monkeypatch.setattr(drafts, "MOST_BYTES", 2_000)
    assert send(client, CLEAN + "长" * 1_000).status_code == 413
    assert send(client, "长" * 10_000).status_code == 413
    assert list(temporary.iterdir()) == []


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
    client = create_app(location, uploads=uploads).test_client()
    asked = {"environ_base": {"REMOTE_ADDR": address}, "headers": headers}
    assert send(client, CLEAN, **asked).status_code == (200 if allowed else 403)
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
    client = create_app(location, uploads=uploads).test_client()
    assert send(client, CLEAN, headers=headers).status_code == (200 if allowed else 403)


def test_it_works_without_an_index(tmp_path, temporary):
    client = create_app(str(tmp_path / "none")).test_client()
    assert "安排的年份已过" in send(client, SPOILT).text
