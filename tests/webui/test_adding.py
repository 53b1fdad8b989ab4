"""添加报告: who may add reports, what is shown before they are kept, where they go, and how the index follows."""

import io
import json
import os
import re
import stat
import time
from contextlib import nullcontext

import pytest

from indexer import Report, adding, build_index, renewal_of, renewing
from indexer.adding import LASTS, MOST_FILES, MOST_WAITING
from indexer.corrections import read_corrections
from indexer.errors import BadPath, IndexBusy
from indexer.reindex import Summary
from indexer.renewing import renew
from tests.support import FIRST_REPORT
from tests.webui.conftest import serving
from webui import adding as pages
from webui import create_app

TOKEN = "0123456789abcdef0123"
TEXT = """彰武县{year}年法治政府建设情况报告

一、主要举措和成效

全年审查文件78件，培训15期。

二、存在的不足

执法力量不足。
"""


@pytest.fixture
def corpus(tmp_path):
    folder = tmp_path / "corpus"
    folder.mkdir()
    return folder


@pytest.fixture
def renewed(monkeypatch):
    """What would be brought up to date; no process is started."""
    asked = []
    monkeypatch.setattr(pages, "start_renewing", lambda corpus, location: asked.append((corpus, location)))
    return asked


@pytest.fixture(scope="module")
def held(tmp_path_factory):
    """An index that holds a report on 2022 of the unit of TEXT."""
    place = tmp_path_factory.mktemp("adding") / "index"
    blocks = [(("一、主要举措和成效",), "全年审查文件80件。")]
    build_index(
        place, [Report.from_blocks(id="old", title="彰武县2022年法治政府建设情况报告", year=2022, issuer="彰武县人民政府", blocks=blocks)]
    )
    return str(place)


@pytest.fixture
def client(corpus, renewed, held):
    return create_app(held, corpus_folder=corpus).test_client(use_cookies=False)


def send(client, *files, **more):
    fields = {"files": [(io.BytesIO(content if isinstance(content, bytes) else content.encode()), name) for name, content in files]}
    return client.post("/add", data=fields, content_type="multipart/form-data", **more)


def waiting(client, *files):
    """The address of the page of what was understood."""
    reply = send(client, *files)
    assert reply.status_code == 303, reply.text
    return reply.headers["Location"]


def kept(corpus):
    """What stands in the corpus, but what waits."""
    return sorted(path.relative_to(corpus).as_posix() for path in corpus.rglob("*") if path.is_file() and ".adding" not in path.parts)


def values(page):
    return dict(re.findall(r'name="(\w+-\d+)" value="([^"]*)"', page))


def test_off_by_default(held):
    client = create_app(held).test_client()
    assert "不接受在网页上添加报告" in client.get("/add").text
    assert "添加报告" not in client.get("/").text
    assert send(client, ("a.txt", TEXT)).status_code == 403
    assert client.post("/add/enter", data={"token": ""}).status_code == 403
    assert client.get("/add/" + "0" * 32).status_code == 403


@pytest.mark.parametrize(
    "more",
    [
        {"environ_base": {"REMOTE_ADDR": "192.0.2.7"}},
        {"headers": {"X-Forwarded-For": "127.0.0.1"}},
        {"headers": {"Host": "fazhi.example.cn"}},
        {"headers": {"Origin": "https://elsewhere.example"}},
        {"headers": {"Origin": "http://evil.example", "Host": "evil.example"}},
        {"headers": {"Origin": "null"}},
        {"headers": {"Sec-Fetch-Site": "cross-site"}},
    ],
    ids=[
        "another-machine",
        "through-a-proxy",
        "through-a-silent-proxy",
        "another-site",
        "another-name",
        "no-origin-to-name",
        "another-site-without-origin",
    ],
)
def test_without_a_token_only_this_machine_adds(client, corpus, more):
    address = waiting(client, ("a.txt", TEXT.format(year=2023)))
    assert send(client, ("b.txt", TEXT), **more).status_code == 403
    assert client.post(address, data={"do": "keep", "keep-0": "on"}, **more).status_code == 403
    assert not kept(corpus)
    if "Origin" not in more.get("headers", {}) and "Sec-Fetch-Site" not in more.get("headers", {}):
        assert client.get(address, **more).status_code == 403
        assert client.get(f"{address}/progress", **more).status_code == 403
        assert 'type="file"' not in client.get("/add", **more).text


def test_with_a_token_nobody_adds_without_it(corpus, renewed, held):
    client = create_app(held, corpus_folder=corpus, adding_token=TOKEN).test_client()
    assert 'type="file"' not in client.get("/add").text
    assert send(client, ("a.txt", TEXT)).status_code == 403
    refused = client.post("/add/enter", data={"token": TOKEN[:-1]})
    assert (refused.status_code, "口令不对" in refused.text, refused.headers.get("Set-Cookie")) == (403, True, None)
    assert client.post("/add/enter", data={"token": TOKEN}, headers={"Origin": "https://elsewhere.example"}).status_code == 403
    entered = client.post("/add/enter", data={"token": TOKEN})
    assert entered.status_code == 303
    cookie = entered.headers["Set-Cookie"]
    assert TOKEN not in cookie
    assert {"HttpOnly", "SameSite=Strict", "Path=/add"} <= set(cookie.split("; "))
    assert 'type="file"' in client.get("/add").text
    assert send(client, ("a.txt", TEXT.format(year=2023)), environ_base={"REMOTE_ADDR": "192.0.2.7"}).status_code == 303
    # A page of another site has the browser send the cookie along where it does not keep to SameSite.
    assert send(client, ("a.txt", TEXT), headers={"Origin": "https://elsewhere.example"}).status_code == 403


def test_a_program_shows_its_token_with_each_request(corpus, renewed, held):
    client = create_app(held, corpus_folder=corpus, adding_token=TOKEN).test_client(use_cookies=False)
    assert send(client, ("a.txt", TEXT.format(year=2023)), headers={"Authorization": f"Bearer {TOKEN}"}).status_code == 303
    assert send(client, ("a.txt", TEXT), headers={"Authorization": "Bearer wrong"}).status_code == 403


@pytest.mark.parametrize("forged", ["", "x", "99999999999", "99999999999.", "99999999999." + "0" * 64, "1." + "0" * 64, "²."], ids=repr)
def test_a_pass_cannot_be_made_up(corpus, held, forged):
    client = create_app(held, corpus_folder=corpus, adding_token=TOKEN).test_client()
    client.set_cookie(pages.COOKIE, forged, path="/add")
    assert send(client, ("a.txt", TEXT)).status_code == 403


def test_a_pass_ends(corpus, held):
    app = create_app(held, corpus_folder=corpus, adding_token=TOKEN)
    client = app.test_client()
    client.set_cookie(pages.COOKIE, app.extensions["gate"].pass_for(int(time.time()) - 1), path="/add")
    assert send(client, ("a.txt", TEXT)).status_code == 403


def test_who_guesses_has_to_wait(corpus, held):
    client = create_app(held, corpus_folder=corpus, adding_token=TOKEN).test_client()
    codes = [client.post("/add/enter", data={"token": f"guess-{number}"}).status_code for number in range(pages.MOST_TRIES + 1)]
    assert codes == [403] * pages.MOST_TRIES + [429]
    late = client.post("/add/enter", data={"token": TOKEN})
    assert (late.status_code, late.headers["Retry-After"]) == (429, "60")


def test_a_folder_or_token_that_cannot_be_used_is_refused_at_the_start(corpus, held, tmp_path, monkeypatch):
    with pytest.raises(BadPath, match="no such folder"):
        create_app(held, corpus_folder=tmp_path / "nowhere")
    monkeypatch.setenv("FAZHI_PUBLIC_URL", "https://fazhi.example.cn")
    with pytest.raises(BadPath, match="token"):
        create_app(held, corpus_folder=corpus)
    with pytest.raises(BadPath, match="16 or more"):
        create_app(held, corpus_folder=corpus, adding_token="short")


def test_nothing_is_in_the_corpus_before_it_is_kept(client, corpus, renewed):
    address = waiting(client, ("彰武县.txt", TEXT.format(year=2022)))
    page = client.get(address).text
    assert values(page) == {"title-0": "彰武县2022年法治政府建设情况报告", "unit-0": "彰武县人民政府", "year-0": "2022"}
    assert "同一单位同一年度" in page
    assert "/reports/old" in page
    assert "没有收录" not in page
    assert (kept(corpus), renewed) == ([], [])
    assert client.get(address).headers["Cache-Control"] == "no-store"
    folder = corpus / ".adding" / address.rpartition("/")[2]
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    assert stat.S_IMODE(folder.parent.stat().st_mode) == 0o700


def test_what_is_kept_stands_by_year_and_unit(client, corpus, renewed, held):
    content = TEXT.format(year=2023)
    address = waiting(client, ("报告.txt", content), ("别的.txt", TEXT.format(year=2021)))
    assert client.post(address, data={"do": "keep", "keep-0": "on"}).headers["Location"] == address
    assert kept(corpus) == ["2023/彰武县人民政府/报告.txt"]
    saved = corpus / "2023" / "彰武县人民政府" / "报告.txt"
    assert saved.read_text("utf-8") == content
    assert stat.S_IMODE(saved.stat().st_mode) == stat.S_IMODE(saved.parent.stat().st_mode) & 0o666
    assert renewed == [(corpus, held)]
    # Pressed twice it is kept once.
    assert client.post(address, data={"do": "keep", "keep-1": "on"}).status_code == 303
    assert kept(corpus) == ["2023/彰武县人民政府/报告.txt"]


def test_a_name_that_is_taken_and_a_file_that_is_there_are_said(client, corpus):
    for text in (TEXT.format(year=2023), TEXT.format(year=2023) + "完。\n", TEXT.format(year=2023)):
        address = waiting(client, ("报告.txt", text))
        client.post(address, data={"do": "keep", "keep-0": "on"})
        page = client.get(address).text
        assert ("改了名字" in page, "没有再存一份" in page) == (
            text.endswith("完。\n"),
            text == TEXT.format(year=2023) and len(kept(corpus)) == 2,
        )
    assert kept(corpus) == ["2023/彰武县人民政府/报告 (2).txt", "2023/彰武县人民政府/报告.txt"]


def test_what_is_set_right_goes_into_corrections(client, corpus):
    address = waiting(client, ("报告.txt", TEXT.format(year=2023)))
    sent = {"do": "keep", "keep-0": "on", "title-0": "彰武县司法局报告", "unit-0": "彰武县司法局", "year-0": "2024"}
    assert client.post(address, data=sent).status_code == 303
    folder = corpus / "2024" / "彰武县司法局"
    assert [(one.path, one.field, one.value) for one in read_corrections(folder / "corrections.csv")] == [
        ("报告.txt", "title", "彰武县司法局报告"),
        ("报告.txt", "year", "2024"),
        ("报告.txt", "unit", "彰武县司法局"),
    ]
    assert "corrections.csv：报告标题、报告年度、报告单位" in client.get(address).text


@pytest.mark.parametrize(("field", "value"), [("year", "明年"), ("unit", "999999"), ("title", "")])
def test_what_cannot_be_right_is_refused_and_nothing_is_kept(client, corpus, renewed, field, value):
    address = waiting(client, ("报告.txt", TEXT.format(year=2023)))
    reply = client.post(address, data={"do": "keep", "keep-0": "on", f"{field}-0": value})
    assert reply.status_code == 400
    assert values(reply.text)[f"{field}-0"] == value
    assert (kept(corpus), renewed) == ([], [])


def test_what_cannot_be_read_says_why_and_is_not_kept(client, corpus):
    good = TEXT.format(year=2023)
    address = waiting(
        client,
        ("好.txt", good),
        ("表.xlsx", b"PK"),
        ("空.txt", b""),
        ("坏.pdf", b"%PDF-1.7 nothing"),
        ("又.txt", good),
        ("名.docx", b"%PDF-1.4"),
    )
    page = re.sub(r"\s+", " ", client.get(address).text)
    for said in (
        "不能读这种文件",
        "文件是空的",
        "读不出报告：文件已损坏（",
        "读不出报告：文件其实是“PDF 文件”，",
        "与前面的“好.txt”是同一个文件",
    ):
        assert said in page
    assert page.count('type="checkbox"') == 1
    assert client.post(address, data={"do": "keep", "keep-1": "on"}).status_code == 400
    assert client.post(address, data={"do": "keep"}).status_code == 400
    assert not kept(corpus)


def test_a_file_that_the_index_holds_is_said_to_be_held(client, monkeypatch):
    address = waiting(client, ("报告.txt", TEXT.format(year=2023)))
    digest = adding.open_delivery(client.application.extensions["gate"].folder, address.rpartition("/")[2]).items[0].sha256
    monkeypatch.setattr(adding, "held_by_content", lambda location, digests: {digest: "old"})
    page = client.get(address).text
    assert "已收录" in page
    assert 'name="keep-0" checked' not in page


def test_pictures_of_pages_are_one_report_and_have_a_folder_of_their_own(corpus, monkeypatch):
    read = Report.from_blocks(title="某县2022年报告", year=2022, issuer="彰武县人民政府", blocks=[((), "正文。")])
    monkeypatch.setattr(adding, "parse_file", lambda path: read)
    files = [(f"{number}.png", io.BytesIO(b"\x89PNG" + bytes([number]))) for number in (1, 2)]
    delivery = adding.receive(corpus, files, nullcontext)
    assert [item.names for item in delivery.items] == [("1.png", "2.png")]
    adding.keep(delivery, [adding.Choice(0)])
    assert kept(corpus) == ["2022/彰武县人民政府/某县2022年报告/1.png", "2022/彰武县人民政府/某县2022年报告/2.png"]


def test_limits_are_said(client, corpus, monkeypatch):
    many = send(client, *[(f"{number}.txt", "x") for number in range(MOST_FILES + 1)])
    assert (many.status_code, f"最多 {MOST_FILES} 个" in many.text) == (400, True)
    assert send(client).status_code == 400
    assert client.post("/add", data={"files": "a" * 200_000}).status_code == 413
    monkeypatch.setattr(adding, "MOST_BYTES", -90_000)
    large = send(client, ("a.txt", "x" * 20_000))
    assert (large.status_code, "合计超过" in large.text) == (413, True)
    monkeypatch.undo()
    monkeypatch.setattr(adding, "LEAST_FREE", 1 << 60)
    full = send(client, ("a.txt", TEXT))
    assert (full.status_code, "快满了" in full.text) == (400, True)
    assert not [path for path in (corpus / ".adding").iterdir() if path.is_dir()]


def test_as_many_files_as_are_allowed_are_taken(client, monkeypatch):
    monkeypatch.setattr(adding, "MOST_FILES", 2)
    files = [(f"{number}.xlsx", b"PK") for number in range(3)]
    assert [send(client, *files[:count]).status_code for count in (2, 3)] == [303, 400]


def test_what_waits_is_bounded_and_ends(client, corpus):
    addresses = [waiting(client, ("表.xlsx", b"PK")) for _ in range(MOST_WAITING)]
    refused = send(client, ("表.xlsx", b"PK"))
    assert (refused.status_code, "还没有保存或放弃" in refused.text) == (400, True)
    assert client.post(addresses[0], data={"do": "discard"}).headers["Location"] == "/add"
    assert client.get(addresses[0]).status_code == 404
    os.utime(corpus / ".adding" / addresses[1].rpartition("/")[2], (0, time.time() - LASTS - 1))
    waiting(client, ("表.xlsx", b"PK"))
    assert client.get(addresses[1]).status_code == 404


@pytest.mark.parametrize("name", ["..", "0" * 32, "LOCK", "progress.json", "0" * 31 + "G"])
def test_nothing_else_is_a_delivery(client, name):
    assert client.get(f"/add/{name}").status_code == 404


def test_a_corpus_that_cannot_be_written_to_is_said(client, corpus, monkeypatch):
    address = waiting(client, ("报告.txt", TEXT.format(year=2023)))

    def full(*_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("indexer.adding.put", full)
    reply = client.post(address, data={"do": "keep", "keep-0": "on"})
    assert (reply.status_code, "No space left on device" in reply.text) == (500, True)
    monkeypatch.undo()


def test_corrections_that_cannot_be_read_leave_no_second_copy(client, corpus):
    address = waiting(client, ("报告.txt", TEXT.format(year=2023)))
    table = corpus / "2023" / "彰武县人民政府" / "corrections.csv"
    table.parent.mkdir(parents=True)
    table.write_text("nothing\n", "utf-8")
    sent = {"do": "keep", "keep-0": "on", "title-0": "彰武县报告"}
    assert client.post(address, data=sent).status_code == 500
    assert kept(corpus) == ["2023/彰武县人民政府/corrections.csv"]
    table.unlink()
    assert client.post(address, data=sent).status_code == 303
    assert kept(corpus) == ["2023/彰武县人民政府/corrections.csv", "2023/彰武县人民政府/报告.txt"]


def test_progress_says_what_the_run_does(client, corpus):
    address = waiting(client, ("报告.txt", TEXT.format(year=2023)))
    client.post(address, data={"do": "keep", "keep-0": "on"})

    def state(**run):
        record = {"started": 0.0, "read": 0, "total": None, "exit": None, "rejected": [], "beat": time.time()}
        (corpus / ".adding" / "progress.json").write_text(json.dumps(record | run), "utf-8")
        reply = client.get(f"{address}/progress").json
        assert set(reply) == {"state", "text", "read", "total"}
        # The page says the same without a script.
        assert reply["text"] in client.get(address).text
        return reply["state"], reply["read"], reply["total"]

    later = time.time() + 1
    assert client.get(f"{address}/progress").json["state"] == "waiting"
    # A run that began before the file was kept has not seen it.
    assert state(started=1.0, exit=0) == ("waiting", 0, None)
    assert state(started=later, read=2, total=5) == ("reading", 2, 5)
    assert '<meta http-equiv="refresh"' in client.get(address).text
    assert state(started=later, exit=0) == ("done", 0, None)
    assert '<meta http-equiv="refresh"' not in client.get(address).text
    assert state(started=later, exit=3, rejected=[["corpus/2023/彰武县人民政府/报告.txt", "the file is empty"]])[0] == "done"
    assert "没有读出来：文件是空的" in client.get(address).text
    assert state(started=later, exit=1)[0] == "failed"
    assert state(started=later, beat=0.0)[0] == "failed"


def test_a_run_says_how_far_it_is_and_how_it_ended(corpus, tmp_path, monkeypatch):
    """That it brings the index up to date the test in the browser shows."""
    location = str(tmp_path / "index")
    asked = []

    def busy_once(paths, index, options, progress):
        asked.append((paths, index))
        if len(asked) == 1:
            raise IndexBusy(location)
        assert list(progress([("a", None), ("b", None)], 2)) == [("a", None), ("b", None)]
        return Summary(rejected=[("corpus/2023/空.txt", "the file is empty")])

    monkeypatch.setattr(renewing, "reindex", busy_once)
    monkeypatch.setattr(renewing, "BEAT", 0.05)
    before = time.time()
    assert renew(corpus, location) == 3
    assert asked == [([corpus], location)] * 2
    run = renewal_of(corpus)
    assert (run.exit, run.total, run.read, run.failed) == (3, 2, 2, False)
    assert run.rejected == (("corpus/2023/空.txt", "the file is empty"),)
    assert before <= run.started <= run.beat
    monkeypatch.setattr(renewing, "reindex", lambda *_: 1 / 0)
    assert renew(corpus, location) == 1
    assert renewal_of(corpus).failed


def test_a_clerk_adds_a_report_in_the_browser(corpus, tmp_path, browser):
    """Dropped on the form, set right, kept, followed until it is found; without a fault that axe knows of."""
    axe = pytest.importorskip("axe_playwright_python.sync_playwright").Axe()
    with serving(tmp_path / "index", "--workers", "1", "--allow-adding", str(corpus)) as address:
        context = browser.new_context(base_url=address, bypass_csp=True)
        page = context.new_page()

        def is_clean():
            found = axe.run(page).response["violations"]
            assert not found, [(one["id"], [node["html"] for node in one["nodes"]]) for one in found]

        page.goto("/add?lang=en")
        assert page.inner_text("h1") == "Add reports"
        is_clean()
        page.goto("/add?lang=zh-Hans")
        dropped = page.evaluate_handle(
            """(text) => { const all = new DataTransfer(); all.items.add(new File([text], "报告.txt")); return all; }""",
            FIRST_REPORT.read_text("utf-8"),
        )
        page.dispatch_event(".drop", "drop", {"dataTransfer": dropped})
        assert page.inner_text("#chosen") == "报告.txt"
        is_clean()
        page.click("main form button")
        page.wait_for_url("**/add/*")
        assert page.input_value("#unit-0") == "阜新蒙古族自治县人民政府"
        page.fill("#title-0", "改过的标题")
        is_clean()
        page.click("button[value=keep]")
        page.wait_for_selector("#renewal")
        is_clean()
        page.wait_for_selector("#renewal:not([data-progress])", timeout=120_000)
        is_clean()
        page.click(".arrived a")
        page.wait_for_url("**/reports/*")
        assert "改过的标题" in page.inner_text("h1")
        context.close()
    assert kept(corpus) == ["2022/阜新蒙古族自治县人民政府/corrections.csv", "2022/阜新蒙古族自治县人民政府/报告.txt"]
