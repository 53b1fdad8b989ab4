"""Every view of an index on a cluster beside the same view of an index in a folder: equal replies, but for what docs/scaling.md names."""

import csv
import io
import json
import re
import shutil
from urllib.parse import urlsplit

import pytest
from openpyxl import load_workbook

from indexer import open_index
from indexer.reindex import Options, reindex
from indexer.renewing import renew
from tests.support import FIRST_REPORT, read_in_one_process
from webui import create_app
from webui.mcp.tools import tools

pytestmark = pytest.mark.unmeasured

UNITS = ["彰武县", "阜新市", "沈阳市", "康平县", "法库县", "朝阳市"]
TEXT = """{unit}{year}年法治政府建设工作报告

{unit}人民政府

{year}年，{unit}坚持以习近平法治思想为指导，深入贯彻落实党的二十大精神，扎实推进法治政府建设。

一、主要举措和成效

（一）依法化解矛盾纠纷

全年受理行政复议案件{cases}件，审结{done}件。依据《中华人民共和国行政复议法》《法治政府建设实施纲要（2021—2025年）》推进“一网通办”，网上可办率{share}.3%。

（二）规范执法

严格规范公正文明执法，开展执法监督{done}次{own}。

二、存在的不足

执法力量不足，行政复议能力有待提高。

三、{next}年工作安排

{next}年将推进行政复议体制改革，力争受理行政复议案件{cases}件以上，开展执法培训{done}场。
"""


def report(unit, year, own=""):
    number = UNITS.index(unit) + 1
    figures = {"cases": 30 * number + year % 10, "done": 20 * number + year % 7, "share": 80 + number}
    return TEXT.format(unit=unit, year=year, next=year + 1, own=own, **figures)


def fill(corpus):
    """The first run's files."""
    shutil.copy(FIRST_REPORT, corpus)
    for unit in UNITS:
        for year in (2020, 2021, 2022):
            (corpus / f"{unit}{year}.txt").write_text(report(unit, year, "，提高执法质量" if unit == "彰武县" else ""), encoding="utf-8")


def correct(corpus):
    """What changes until the second: one is corrected, one goes, one comes."""
    (corpus / "彰武县2021.txt").write_text(report("彰武县", 2021, "，执法质量明显提高"), encoding="utf-8")
    (corpus / "朝阳市2020.txt").unlink()
    (corpus / "朝阳市2023.txt").write_text(report("朝阳市", 2023), encoding="utf-8")


@pytest.fixture(scope="module")
def apps(places, tmp_path_factory):
    """The pages of an index in a folder and of one on a cluster, each filled by two runs from the same files."""
    folder = tmp_path_factory.mktemp("both")
    corpus = folder / "corpus"
    corpus.mkdir()
    locations = [str(folder / "index"), places()]
    with pytest.MonkeyPatch.context() as patch:
        read_in_one_process(patch)
        for change, day in ((fill, "21"), (correct, "22")):
            change(corpus)
            patch.setattr("indexer.reindex.time_after", lambda _, day=day: f"2026-11-{day}T08:00:00.000000Z")
            for location in locations:
                assert not reindex([corpus], location, Options(), lambda outcomes, total: outcomes).rejected
    return [create_app(location, metrics=True, uploads=True) for location in locations]


FILES = ("csv", "xlsx", "ndjson")
LEFT, RIGHT = "{left}", "{right}"
"""Ids of two reports of one unit, of which the first was corrected."""
PASSAGE = f"{LEFT}~1.1.p1"
SEARCHED = "q=行政复议&sort=-year"
OF_TABLES = {
    "search": [
        SEARCHED,
        "q=执法&novelty=own&sort=year",
        "q=执法 NEAR/10 监督&region=210000&year_from=2021&sort=region",
        "q=提高&mode=all&sort=year",
    ],
    "reports": ["", SEARCHED, "q=执法质量&mention=no&sort=-year", "region=210900&sort=year"],
    "concordance": [SEARCHED, "q=监督&context=right&sort=year"],
    "years": ["q=一网通办"],
    "matrix": ["q=执法质量", "q=执法质量&mention=no", "q=一网通办&sort=most&region=210000"],
    "words": ["year=2020", "q=行政复议&of=neighbours", "region=210900&side=less&sort=ratio"],
    "units": ["", "region=210000&sort=-reports"],
    "corpus": ["", "region=210100", "state=missing", "expected=table&region=210900"],
    "statistics": ["year=2022", "label=受理行政复议案件", "q=行政复议&year=2021"],
    "instruments": ["", "q=复议法"],
    "remarks": [""],
    "required": ["", "region=210900"],
    "common": [""],
    "batch": ["terms=行政复议%0A一网通办%0A执法质量", "terms=行政复议&by=region&year=2021"],
    "compare": [f"left={LEFT}&right={RIGHT}"],
    "promises": [f"report={LEFT}"],
    "similar": [f"passage={PASSAGE}&year=2023", "text=全年受理行政复议案件35件，审结22件。&year=2023"],
}
"""What is asked of each view that there is as JSON and as files."""
PAGES = [
    "/",
    *(f"/?{asked}" for asked in (*OF_TABLES["search"], f"{SEARCHED}&per_page=5&page=2", "q=执法&collapse=1&sort=year", "q=行政复仪")),
    *(f"/{view}?{asked}" for view, queries in OF_TABLES.items() if view != "search" for asked in queries),
    f"/advanced?{SEARCHED}",
    "/statistics?indicator=行政复议受理案件&region=210900",
    "/statistics.svg?indicator=行政复议受理案件",
    *(f"/reports/{id}?{asked}" for id in (LEFT, RIGHT) for asked in ("", "q=执法")),
    f"/reports/{LEFT}/original",
    "/units/210922",
    "/units/210922?beside=210100",
    *(f"/cite/{PASSAGE}{end}" for end in ("", ".bib", ".ris")),
    "/check",
    "/verify",
    "/sitemap.xml",
    "/sitemap.xml?page=1",
    "/feed.atom",
    "/feed.atom?q=执法质量",
    "/readyz",
]
API = [
    *(f"{view}?{asked}" for view, queries in OF_TABLES.items() for asked in queries),
    f"search?{SEARCHED}&facets=year,region,section,issuer,unit,level,type,kind,instrument,remark",
    "search?q=行政复仪",
    "search?sentence={sentence}&sort=year",
    "search?same={same}&sort=year",
    f"reports/{LEFT}",
    f"reports/{RIGHT}",
    f"paragraphs/{PASSAGE}",
    "statistics?by=year&label=受理行政复议案件",
    "indicators",
    "indicators?region=210900",
    "suggest?q=行政",
    "units/210922",
]
DRAFT = report("彰武县", 2023).encode()
QUOTED = "报告说“全年受理行政复议案件31件”，还说“执法力量不足，行政复议能力有待提升”。"
SENT = [
    ("/api/v1/verify", lambda: {"json": {"text": QUOTED}}),
    ("/verify", lambda: {"data": {"text": QUOTED}}),
    ("/api/v1/check", lambda: {"data": {"file": (io.BytesIO(DRAFT), "彰武县2023.txt")}}),
    ("/check", lambda: {"data": {"file": (io.BytesIO(DRAFT), "彰武县2023.txt")}}),
    ("/api/v1/similar?year=2023", lambda: {"json": {"text": "执法力量不足，行政复议能力有待提高。"}}),
    ("/batch", lambda: {"data": {"terms": "行政复议\n监督"}}),
]
ASSISTANTS = [
    ("search", {"query": "行政复议", "region": "阜新市", "sort": "-year"}),
    ("read", {"id": LEFT}),
    ("read", {"id": PASSAGE}),
    ("verify", {"text": QUOTED}),
    ("years", {"query": "一网通办"}),
    ("matrix", {"query": "执法质量", "mention": "no"}),
    ("words", {"year": [2020]}),
    ("statistics", {"indicator": "行政复议受理案件", "year": [2022]}),
    ("units", {"query": "彰武"}),
    ("compare", {"left": LEFT, "right": RIGHT}),
]
OF_NO_INDEX = (
    "static",
    "adding.",
    "reference.",
    "machines.healthz",
    "machines.favicon",
    "machines.opensearch",
    "pages.help",
    "api.openapi",
    "metrics",
)
"""How the endpoints begin that say nothing of an index, or have a test of their own here."""


def in_both(apps, ask):
    """The replies of both to what asks a client: status, kind, content. The generation has another name, and what may differ is left out."""
    replies = []
    for app in apps:
        client = app.test_client(use_cookies=False)
        generation = client.get("/api/v1/search?q=法").json["index"]["generation"]
        reply = ask(client)
        content = reply.get_data() if reply.mimetype.endswith("sheet") else reply.text.replace(generation, "GENERATION")
        replies.append((reply.status_code, reply.mimetype, readable(reply.mimetype, content)))
    return replies


def readable(mimetype, content):
    """Content as what can be compared, without numbers of occurrences of a report: a cluster counts those of one page alone."""
    if mimetype.endswith("sheet"):
        return [without_occurrences([list(row) for row in sheet.values]) for sheet in load_workbook(io.BytesIO(content))]
    if mimetype == "text/csv":
        return without_occurrences(list(csv.reader(io.StringIO(content))))
    if mimetype.endswith("json"):
        return comparable([json.loads(line) for line in content.splitlines()])
    return re.sub(r"，\d+ 处", "", content).splitlines()


def without_occurrences(rows):
    """A table of reports without that column."""
    left_out = [at for at, name in enumerate(rows[0]) if name == "处数" and "位置" not in rows[0]]
    return [[value for at, value in enumerate(row) if at not in left_out] for row in rows]


def comparable(value):
    """JSON without scores and numbers of occurrences."""
    if isinstance(value, dict):
        return {key: comparable(one) for key, one in value.items() if key not in ("score", "occurrences")}
    return [comparable(one) for one in value] if isinstance(value, list) else value


@pytest.fixture(scope="module")
def named(apps):
    """What stands for the ids of two reports, of a sentence and of a passage."""
    client = apps[0].test_client()
    ids = {one["title"][:7]: one["id"] for one in client.get("/api/v1/reports?per_page=100").json["reports"]}
    hit = client.get("/api/v1/search?q=执法力量不足&sort=-year").json["hits"][0]
    known = {"left": ids["彰武县2021"], "right": ids["彰武县2022"], "sentence": hit["sentence"], "same": hit["id"]}
    return lambda text: text.format_map(known)


def check(apps, addresses):
    for address in addresses:
        one, other = in_both(apps, lambda client, address=address: client.get(address))
        assert one[0] == 200, (address, one)
        assert one == other, address


def test_pages_are_equal(apps, named):
    check(apps, map(named, PAGES))


def test_the_api_is_equal(apps, named):
    check(apps, (f"/api/v1/{named(address)}" for address in API))


def test_files_are_equal(apps, named):
    check(apps, (f"/api/v1/{view}.{form}?{named(asked[0])}" for view, asked in OF_TABLES.items() for form in FILES))
    check(apps, ["/api/v1/reports.ndjson?changed_since=2026-11-22T00:00:00Z"])


def test_what_is_sent_is_answered_equally(apps):
    for address, sent in SENT:
        one, other = in_both(apps, lambda client, address=address, sent=sent: client.post(address, **sent()))
        assert one[0] == 200, (address, one)
        assert one == other, address


def test_assistants_are_answered_equally(apps, named):
    assert {name for name, _ in ASSISTANTS} == {tool.name for tool in tools(apps[0], None)}
    for name, asked in ASSISTANTS:
        arguments = {key: named(value) if isinstance(value, str) else value for key, value in asked.items()}
        one, other = (next(tool for tool in tools(app, None) if tool.name == name).call(arguments) for app in apps)
        if name == "verify":
            assert one.pop("index")["reports"] == other.pop("index")["reports"]
        assert comparable(one) == comparable(other), name


def test_errors_are_equal(apps):
    for address in ("search?q=(", "search?q=法&page=x", "reports/nobody", "paragraphs/nobody~1", "units/999999", "compare?left=a&right=b"):
        one, other = in_both(apps, lambda client, address=address: client.get(f"/api/v1/{address}"))
        assert one[0] in (400, 404), address
        assert one == other, address


def test_metrics_say_the_same_of_the_index(apps):
    wanted = re.compile(r"^fazhi_(?:index_up|reports|passages|reports_to_check) .*$", re.MULTILINE)
    one, other = (wanted.findall(app.test_client().get("/metrics").text) for app in apps)
    assert one == other
    assert len(one) == 4


def test_no_view_is_left_out(apps, named):
    routes = apps[0].url_map.bind("localhost")
    asked = [*map(named, PAGES), *(f"/api/v1/{named(address)}" for address in API), *(f"/api/v1/{view}.csv" for view in OF_TABLES)]
    compared = {routes.match(urlsplit(address).path)[0] for address in asked}
    compared |= {routes.match(urlsplit(address).path, "POST")[0] for address, _ in SENT}
    assert {rule.endpoint for rule in apps[0].url_map.iter_rules() if not rule.endpoint.startswith(OF_NO_INDEX)} == compared


def test_a_report_is_added_to_an_index_on_a_cluster(places, tmp_path, monkeypatch, lasting_reader):
    corpus, location = tmp_path / "corpus", places()
    corpus.mkdir()
    asked = []
    monkeypatch.setattr("webui.adding.start_renewing", lambda *renewed: asked.append(renewed))
    client = create_app(location, corpus_folder=corpus).test_client(use_cookies=False)
    for unit in ("彰武县", "康平县"):
        files = {"files": [(io.BytesIO(report(unit, 2021).encode()), f"{unit}.txt")]}
        delivery = client.post("/add", data=files, content_type="multipart/form-data").headers["Location"]
        assert f"{unit}2021年法治政府建设工作报告" in client.get(delivery).text
        assert client.post(delivery, data={"keep-0": "1"}).status_code == 303
        assert client.get(f"{delivery}/progress").json["state"] == "waiting"
        assert renew(*asked.pop()) == 0
        assert client.get(f"{delivery}/progress").json["state"] == "done"
        id = re.search(r'href="/reports/(\w+)"', client.get(delivery).text)[1]
        with open_index(location) as index:
            assert index.report(id).unit.name == f"{unit}人民政府"
    again = client.post(
        "/add", data={"files": [(io.BytesIO(report("彰武县", 2021).encode()), "b.txt")]}, content_type="multipart/form-data"
    )
    assert "已收录" in client.get(again.headers["Location"]).text
