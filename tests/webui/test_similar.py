"""相近段落: the page, the API and the tables."""

import csv
import io
import re

import pytest

from indexer import Report, build_index
from webui import create_app

TEXT = "推进行政复议体制改革，成立行政复议中心，全年受理行政复议案件81件。"
CHANGED = "推进行政复议体制改革，设立<b>行政复议中心</b>，全年受理行政复议案件35件。"


@pytest.fixture(scope="module")
def client(tmp_path_factory):
    folder = tmp_path_factory.mktemp("similar") / "index"
    texts = {"210921": TEXT, "210922": CHANGED, "210905": TEXT + "另外。"}
    reports = [
        Report.from_blocks(id=f"r{code}", title=f"{code}报告", year=2020 + at, region=code, issuer=f"{code}政府", blocks=[((), text)])
        for at, (code, text) in enumerate(texts.items())
    ]
    build_index(folder, reports)
    return create_app(str(folder)).test_client(use_cookies=False)


def test_the_page_shows_what_is_like_a_paragraph(client):
    page = client.get("/similar?passage=r210921~0.p1").text
    assert "最相近的 2 段" in page
    first, second = map(int, re.findall(r"<b>相似度 (\d+)%</b>", page))
    assert first == 100
    assert 70 < second < 100
    assert "<mark>推进行政复议体制改革" in page
    assert "&lt;b&gt;" in page
    assert "<b>行政复议中心" not in page
    assert f'<blockquote class="compared"><p>{TEXT}</p>' in page


def test_a_pasted_text_is_compared_and_stays_in_its_box(client):
    page = client.post("/similar", data={"text": TEXT})
    assert page.status_code == 200
    assert f"\n{TEXT}</textarea>" in page.text
    assert "最相近的 3 段" in page.text
    assert client.get("/similar").text.count("<textarea") == 1
    wrong = client.post("/similar", data={"text": "，"})
    assert (wrong.status_code, 'role="status"' in wrong.text) == (400, True)


def test_reports_and_hits_lead_there(client):
    link = 'href="/similar?passage=r210921~0.p1"'
    assert link in client.get("/reports/r210921").text
    assert link in client.get("/?q=行政复议").text


def test_the_api_gives_text_share_and_runs(client):
    reply = client.get("/api/v1/similar?passage=r210921~0.p1").json
    assert (reply["passage"], reply["text"], reply["total"]) == ("r210921~0.p1", TEXT, 2)
    whole, changed = reply["similar"]
    assert (whole["passage"], whole["similarity"]) == ("r210905~0.p1", 1.0)
    assert changed["report"]["id"] == "r210922"
    assert 0.7 < changed["similarity"] < 1
    assert changed["text"][slice(*changed["shared"][0])].startswith("推进行政复议体制改革")
    sent = client.post("/api/v1/similar", json={"text": TEXT}).json
    assert sent == client.post("/api/v1/similar", data=TEXT.encode(), content_type="text/plain").json
    assert sent == client.get("/api/v1/similar", query_string={"text": TEXT}).json
    assert (sent["passage"], sent["total"]) == (None, 3)
    assert client.get("/api/v1/similar", query_string={"text": TEXT, "year": 2021}).json["total"] == 1


@pytest.mark.parametrize(
    ("arguments", "status"),
    [("", 400), ("text=" + "a" * 2001, 400), ("passage=r210921~9", 404), ("text=法&sort=year", 400), ("text=法&passage=r210921~t", 400)],
)
def test_what_cannot_be_compared_is_a_problem(client, arguments, status):
    assert client.get(f"/api/v1/similar?{arguments}").status_code == status


def test_the_table_has_a_row_for_each(client):
    for sent in ({"passage": "r210921~0.p1"}, {"text": TEXT, "year_from": "2021"}):
        listed = client.get("/api/v1/similar", query_string=sent).json["similar"]
        rows = list(csv.DictReader(io.StringIO(client.post("/api/v1/similar.csv", data=sent).data.decode("utf-8-sig"))))
        assert [row["编号"] for row in rows] == [one["passage"] for one in listed]
        assert [int(row["相似度（百分比）"]) for row in rows] == [int(100 * one["similarity"]) for one in listed]
        assert len(client.post("/api/v1/similar.ndjson", data=sent).data.splitlines()) == len(listed)
        assert client.post("/api/v1/similar.xlsx", data=sent).status_code == 200
