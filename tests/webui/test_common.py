"""公文常用表述: pages, JSON and tables say the same of the sentences that many units have."""

import csv
import io
import json
import re
from html import unescape

import pytest

from indexer import Report, build_index
from webui import create_app

SHARED = "坚持以习近平法治思想为指导，全年办理行政复议案件{}件。"
OWN = "在{}率先设立了跨区划的行政复议联合受理窗口。"
UNITS = ["彰武县", "康平县", "法库县", "建平县", "义县", "黑山县"]


@pytest.fixture(scope="module")
def client(tmp_path_factory):
    reports = [
        Report.from_blocks(
            id=f"r{number}",
            title=f"{unit}{2018 + number}年法治政府建设情况报告",
            year=2018 + number,
            issuer=f"{unit}人民政府",
            blocks=[((), SHARED.format(number + 1) + OWN.format(unit)), ((), OWN.format(unit))],
        )
        for number, unit in enumerate(UNITS)
    ]
    folder = tmp_path_factory.mktemp("common") / "index"
    build_index(folder, reports)
    return create_app(str(folder)).test_client(use_cookies=False)


def said(client, address):
    reply = client.get(address)
    assert reply.status_code == 200, reply.data
    return json.loads(reply.data)


def page(client, address):
    reply = client.get(address)
    assert reply.status_code == 200
    return unescape(reply.data.decode())


def test_hits_say_where_else_their_sentence_stands(client):
    hits = said(client, "/api/v1/search?q=习近平&per_page=100")["hits"]
    assert [(hit["also"], len(hit["sentence"])) for hit in hits] == [({"units": 5, "reports": 5}, 12)] * 6
    text = hits[0]["text"]
    assert hits[0]["common"] == pytest.approx((text.index("。") + 1) / len(text), abs=1e-4)
    (found,) = said(client, "/api/v1/search?q=彰武县率先&collapse=1&kind=paragraph&per_page=1")["hits"]
    assert found["also"] == {"units": 0, "reports": 0}


def test_own_leaves_out_what_is_common_in_every_view(client):
    for view, key in [("search", "paragraphs"), ("reports", "reports")]:
        every, own = (said(client, f"/api/v1/{view}?q=行政复议{more}")["total"][key] for more in ("", "&novelty=own"))
        assert (every, own) == {"paragraphs": (12, 6), "reports": (6, 6)}[key]
    lines = client.get("/api/v1/search.ndjson?q=行政复议&novelty=own").data.decode().splitlines()
    assert len(lines) == 6
    assert {json.loads(line)["query"]["filters"]["novelty"] for line in lines} == {"own"}
    assert sum(one["mentioning"] for one in said(client, "/api/v1/years?q=习近平&novelty=own")["years"]) == 0
    assert said(client, "/api/v1/matrix?q=习近平&novelty=own")["total"]["mentioning"] == 0
    cells = said(client, "/api/v1/batch?terms=习近平&by=year&novelty=own")["terms"][0]["cells"]
    assert {(cell["reports"], cell["held"]) for cell in cells} == {(0, 1)}
    assert said(client, "/api/v1/concordance?q=行政复议&novelty=own")["total"]["occurrences"] == 6
    assert client.get("/api/v1/search?q=法&novelty=mine").status_code == 400


def test_a_click_leaves_what_is_own_and_a_chip_brings_the_rest_back(client):
    html = page(client, "/?q=习近平")
    assert "公文常用表述 · 另见 5 个单位" in html
    (link,) = re.findall('<a href="([^"]*novelty=own[^"]*)">只看本单位表述', html)
    left = page(client, link)
    assert "共 0 段" in left
    assert "全部列出" in left
    assert '<a href="/?q=%E8%A1%8C' in page(client, "/?q=行政复议&novelty=own").partition('class="chips"')[2]
    assert 'name="novelty" value="own"' in page(client, "/?q=行政复议&novelty=own")


def test_every_copy_is_a_click_away(client):
    (link,) = set(re.findall(r'href="(/\?sentence=[^"]*)"', page(client, "/?q=习近平")))
    copies = page(client, link)
    assert "<strong>6</strong> 段" in copies
    assert "同一句的各处" in copies


def test_the_page_of_a_report_shows_its_own_part_and_can_show_all_alike(client):
    html = page(client, "/reports/r0?q=行政复议")
    quiet = "".join(re.findall('<span class="common">(.*?)</span>', html))
    assert re.sub("<[^>]*>", "", quiet) == SHARED.format(1)
    assert "本单位表述占" in html
    (link,) = re.findall('href="([^"]*common=full[^"#]*)"', html.partition("全部正常显示")[0])
    full = page(client, link)
    assert '<span class="common">' not in full
    assert "淡化常用表述" in full
    assert '<mark id="hit-1"' in full
    whole = said(client, "/api/v1/reports/r0")
    texts = {one["id"]: one["text"] for one in whole["passages"]}
    spans = [(texts[one["id"]][s["start"] : s["end"]], s["also"]) for one in whole["passages"] for s in one["common_sentences"]]
    assert spans == [(SHARED.format(1), {"units": 5, "reports": 5})]
    assert whole["own"] == pytest.approx(1 - len(SHARED.format(1)) / sum(map(len, texts.values())), abs=1e-4)


def test_the_commonest_are_listed_with_years_and_spread(client):
    reply = said(client, "/api/v1/common")
    assert (reply["total"], reply["pages"]) == (1, 1)
    (one,) = reply["sentences"]
    assert (one["text"], one["passage"], one["units"], one["reports"]) == (SHARED.format(1), "r0~0.p1", 6, 6)
    assert (one["first"], one["last"], [year["reports"] for year in one["years"]]) == (2018, 2023, [1] * 6)
    assert one["provinces"] == [{"code": "210000", "name": "辽宁省", "units": 6}]
    html = page(client, "/common")
    assert SHARED.format(1) in html
    assert one["url"] in html
    assert "没有第 9 页" in page(client, "/common?page=9")
    assert client.get("/common?q=法").status_code == 400


@pytest.mark.parametrize("form", ["csv", "xlsx", "ndjson"])
def test_the_list_is_a_table_too(client, form):
    content = client.get(f"/api/v1/common.{form}").data
    if form == "csv":
        head, row = csv.reader(io.StringIO(content.decode("utf-8-sig")))
        assert dict(zip(head, row, strict=True))["句子"] == SHARED.format(1)
    elif form == "ndjson":
        assert json.loads(content)["units"] == 6
    else:
        assert content[:2] == b"PK"
