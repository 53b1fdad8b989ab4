"""The tools for assistants, asked by the official client in both generations of the protocol, over stdio and HTTP."""

import asyncio
import json
import os
import re
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import replace
from types import SimpleNamespace

import pytest
from mcp import StdioServerParameters
from mcp.client import Client
from mcp.client.stdio import stdio_client

from indexer import BadPath, Report, build_index, open_index
from tests.webui.serving import PATIENCE
from webui import create_app
from webui.cli import BAD_CONFIGURATION
from webui.mcp import cli, http, tools
from webui.mcp import stdio as stdio_of_the_command
from webui.mcp.cli import server_of
from webui.mcp.protocol import CAPABILITIES_KEY, HANDSHAKE, MODERN, VERSION_KEY
from webui.mcp.stdio import MOST_BYTES

PING = b'{"jsonrpc": "2.0", "id": 7, "method": "ping"}'
TEXT = "全年受理行政复议案件41件，审结38件。推进“一网通办”，网上可办率99.3%。"
MODES = ["legacy", "auto", MODERN[-1]]


@pytest.fixture(scope="module")
def location(tmp_path_factory):
    reports = [
        Report.from_blocks(
            id=f"r{code}-{year}",
            title=f"{name}{year}年法治政府建设情况报告",
            year=year,
            issuer=f"{name}人民政府",
            region=code,
            published=f"{year + 1}-03-01",
            blocks=[
                (("一、依法化解矛盾纠纷", "（一）行政复议"), TEXT if code == "210921" else "严格规范公正文明执法。"),
                (("二、存在的不足",), f"{year}年执法力量不足。"),
            ],
        )
        for code, name in (("210921", "阜新蒙古族自治县"), ("210922", "彰武县"))
        for year in (2021, 2022, 2023)
        if (code, year) != ("210922", 2022)
    ]
    long = Report.from_blocks(id="long", title="阜新市2023年报告", year=2023, region="210900", blocks=[((), "长文" * 3_000)] * 6)
    folder = tmp_path_factory.mktemp("mcp") / "index"
    build_index(folder, [*reports, long])
    return str(folder)


@pytest.fixture(scope="module")
def server(location):
    return server_of(create_app(location))


def stdio(location):
    command = [sys.executable, "-P", "-c", "from webui.mcp.cli import main; main()", "--index", location]
    environment = {**os.environ, "FAZHI_PUBLIC_URL": "https://fazhi.example.cn"}
    return stdio_client(StdioServerParameters(command=command[0], args=command[1:], env=environment))


@contextmanager
def over_http(location):
    command = [sys.executable, "-P", "-c", "from webui.mcp.cli import main; main()", "--index", location, "--http", "127.0.0.1:0"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        try:
            yield re.search(r"http://\S+", process.stdout.readline())[0]
        finally:
            process.terminate()
            process.wait(timeout=PATIENCE)


async def twelve_questions(client):
    """What an assistant asks in a session, and what it is told."""
    asked = [
        ("search", {"query": "行政复议"}),
        ("search", {"query": "行政复议 审结", "region": "阜新市", "year": [2022]}),
        ("search", {"query": "执法力量", "unit": "210922", "sort": "-year"}),
        ("read", {"id": "r210921-2022"}),
        ("read", {"id": "r210921-2022~1.1"}),
        ("read", {"id": "r210921-2022~1.1.p1"}),
        ("verify", {"text": "报告说“审结38件。推进“一网通办””，还说“受理行政复议案件43件”。"}),
        ("years", {"query": "一网通办"}),
        ("matrix", {"query": "一网通办"}),
        ("statistics", {"label": "受理行政复议案件", "year": [2022]}),
        ("units", {"query": "彰武"}),
        ("compare", {"left": "r210921-2022", "right": "r210921-2023"}),
    ]
    return [(name, (await client.call_tool(name, arguments)).structured_content) for name, arguments in asked]


def check_answers(answers):
    search, narrowed, of_unit, report, section, passage, verified, years, matrix, statistics, units, compared = (
        found for _, found in answers
    )
    assert search["total"] == {"passages": 8, "reports": 5, "occurrences": 8}
    hit = narrowed["hits"][0]
    assert hit["text"][slice(*hit["matches"][0])] == "行政复议"
    assert hit["id"] == "r210921-2022~1.1.p1"
    assert hit["also"] == {"units": 0, "reports": 2}
    assert hit["address"].endswith("/reports/r210921-2022#1.1.p1")
    # No address of ours is one for others where FAZHI_PUBLIC_URL names none.
    is_public = hit["address"].startswith("https://fazhi.example.cn/")
    assert hit["citation"].endswith(f"]. {hit['address']}." if is_public else "[R]. （2023-03-01）.")
    assert hit["report"]["unit"] == {"id": "210921", "name": "阜新蒙古族自治县人民政府"}
    assert [one["report"]["year"] for one in of_unit["hits"]] == [2023, 2021]
    assert report["contents"] == ["1 一、依法化解矛盾纠纷", "1.1 （一）行政复议", "2 二、存在的不足"]
    assert [one["id"] for one in section["passages"]] == ["r210921-2022~1.1", "r210921-2022~1.1.p1"]
    assert len(passage["passages"]) == 5
    assert [one["verdict"] for one in verified["pieces"]] == ["exact", "near"]
    assert [(one["year"], one["mentioning"], one["held"]) for one in years["years"]] == [(2021, 1, 2), (2022, 1, 1), (2023, 1, 3)]
    cells = {row["unit"]["id"]: [cell["paragraphs"] for cell in row["cells"]] for row in matrix["units"]}
    assert cells == {"210921": [1, 1, 1], "210922": [0, None, 0], "210900": [None, None, 0]}
    assert [one["value"] for one in statistics["statistics"]] == ["41"]
    assert [one["state"] for one in units["units"][0]["years"]][:3] == ["held", "missing", "held"]
    assert [row["relation"] for row in compared["rows"]] == ["changed"]
    assert compared["equal"] == 1


def run(coroutine):
    """What the coroutine returns, run in a thread of its own: a browser test before it in the same process leaves its event loop running."""
    with ThreadPoolExecutor(1) as threads:
        return threads.submit(asyncio.run, coroutine).result()


@pytest.mark.parametrize("mode", MODES)
def test_a_session_over_stdio(location, mode):
    async def session():
        async with Client(stdio(location), mode=mode) as client:
            tools = await client.list_tools()
            return [tool.name for tool in tools.tools], await twelve_questions(client)

    names, answers = run(session())
    assert names == ["search", "read", "verify", "years", "matrix", "words", "statistics", "units", "compare"]
    check_answers(answers)
    assert answers[0][1]["hits"][0]["address"].startswith("https://fazhi.example.cn/reports/")


def test_a_session_over_http(location):
    async def session(address, mode):
        async with Client(address, mode=mode) as client:
            return await twelve_questions(client)

    with over_http(location) as address:
        for mode in MODES:
            check_answers(run(session(address, mode)))


def asked(server, method, params=None, id=1):
    return server.reply({"jsonrpc": "2.0", "id": id, "method": method, "params": params or {}})


def called(server, name, **arguments):
    result = asked(server, "tools/call", {"name": name, "arguments": arguments})["result"]
    return result["content"][0]["text"] if result["isError"] else result["structuredContent"]


def test_every_description_is_in_both_languages(server):
    for tool in asked(server, "tools/list")["result"]["tools"]:
        assert re.search("[\u4e00-\u9fff]{4}", tool["description"])
        assert re.search("[a-z]{3} [a-z]{2}", tool["description"])
        assert tool["inputSchema"]["additionalProperties"] is False


def test_what_is_cut_says_so_and_how_to_go_on(server, location):
    first = called(server, "read", id="long")
    assert first["cut"].endswith(f"from={first['next']}")
    seen = [one["id"] for one in first["passages"]]
    while "next" in first:
        first = called(server, "read", id="long", **{"from": first["next"]})
        seen += [one["id"] for one in first["passages"]]
    with open_index(location) as index:
        assert seen == [f"long~{passage.anchor}" for passage in index.report("long").passages]
    hits = called(server, "search", query="长文")
    assert len(hits["hits"][0]["text"]) == 2_000
    assert "read long~" in hits["hits"][0]["cut"]
    page = called(server, "search", query="年", page=2)
    assert page["page"] == 2
    assert called(server, "search", query="年")["cut"].startswith("page 1 of 2: ask again with page=2")
    assert "cut" not in page


def test_citations_say_where_ocr_read_the_text(tmp_path):
    report = Report.from_blocks(id="scan", title="甲县2021年报告", blocks=[((), TEXT)])
    build_index(tmp_path / "index", [replace(report, passages=tuple(replace(passage, ocr=True) for passage in report.passages))])
    server = server_of(create_app(str(tmp_path / "index")))
    [hit] = called(server, "search", query="行政复议")["hits"]
    assert "由扫描件识别" in hit["citation"]


def test_long_passages_of_quotations_are_cut_around_them(server):
    [piece] = called(server, "verify", text="“文长文长文长文长文”")["pieces"]
    place = piece["places"][0]
    assert place["cut"].startswith("characters 0 to 210 of 6000")
    assert "长文长文长文" in place["text"]
    assert len(place["text"]) == 210


def test_words_are_those_of_a_subset_or_near_a_query(server):
    subset, near = called(server, "words", year=[2021]), called(server, "words", query="复议", of="neighbours")
    for reply in (subset, near):
        assert reply["total"]["words"] == len(reply["words"])
        assert (reply["page"], "cut" in reply) == (1, False)
    assert subset["of"] != near["of"]
    assert "likelihood" in called(server, "words", year=[2021], sort="nonsense")


def test_what_differs_is_read_row_by_row_to_its_end(server, monkeypatch):
    monkeypatch.setattr(tools, "LONGEST_READ", 10)
    whole = server._tools["compare"].call
    first = called(server, "compare", left="r210921-2021", right="long")
    rows, reply = list(first["rows"]), first
    while "next" in reply:
        assert reply["cut"].endswith(f"from={reply['next']}")
        reply = called(server, "compare", left="r210921-2021", right="long", **{"from": reply["next"]})
        rows += reply["rows"]
    assert len(first["rows"]) < first["differing"] == len(rows)
    monkeypatch.setattr(tools, "LONGEST_READ", 10**9)
    assert whole({"left": "r210921-2021", "right": "long"})["rows"] == rows
    assert "99" in called(server, "compare", left="r210921-2021", right="long", **{"from": 99})


@pytest.mark.parametrize(("name", "arguments"), [("matrix", {"query": "年"}), ("units", {}), ("statistics", {"label": "受理行政复议案件"})])
def test_lists_say_which_page_they_are(server, monkeypatch, name, arguments):
    found = called(server, name, **arguments)
    assert found["page"] == 1
    assert ("cut" in found) == (found["pages"] > 1)


def test_an_indicator_without_figures_comes_with_the_indicators_that_there_are(server):
    assert "行政复议受理" in called(server, "statistics", indicator="行政诉讼败诉率")["indicators"]
    assert "indicators" not in called(server, "statistics", indicator="行政复议受理")
    assert "indicators" not in called(server, "statistics", label="没有的事项")


@pytest.mark.parametrize("name", ["search", "verify", "years", "matrix", "statistics", "units"])
def test_what_is_not_found_is_not_said_to_be_nowhere(server, name):
    described = {tool["name"]: tool["description"] for tool in asked(server, "tools/list")["result"]["tools"]}
    assert "held" in described[name]


@pytest.mark.parametrize(
    ("name", "arguments", "said"),
    [
        ("search", {"query": "(执法"}, "1"),
        ("search", {"query": "执法", "region": "没有的地方"}, "没有的地方"),
        ("search", {"query": "执法", "colour": "red"}, "there is no argument 'colour'"),
        ("search", {}, "query is missing"),
        ("read", {"id": "none"}, "none"),
        ("read", {"id": "long~9.9"}, "long~9.9"),
        ("read", {"id": "long", "from": "9.9"}, "9.9"),
        ("verify", {"text": "长" * 20_001}, "20000"),
        ("statistics", {"indicator": "没有的指标"}, "行政复议"),
        ("statistics", {"indicator": {"name": "行政复议"}}, "indicator must be a text"),
        ("years", {"query": ["执法", ["复议"]]}, "query must be a text"),
        ("units", {"query": "局" * 1_000}, "at most 8192"),
        ("compare", {"left": "none", "right": "long"}, "none"),
    ],
)
def test_what_is_wrong_with_the_arguments_is_told(server, name, arguments, said):
    assert said in str(called(server, name, **arguments))


def test_how_long_arguments_are_is_told(server):
    told = called(server, "units", query="局" * 1_000)
    assert told == "the arguments take 9016 bytes of an address, at most 8192 are read: ask for less"
    assert isinstance(called(server, "units", query="a" * 200), dict)


@pytest.mark.parametrize(
    ("message", "code"),
    [
        (b"{", -32700),
        (b"[]", -32600),
        (b'{"jsonrpc": "2.0", "id": 1}', -32600),
        (b'{"jsonrpc": "1.0", "id": 1, "method": "ping"}', -32600),
        (b'{"jsonrpc": "2.0", "id": 1, "method": "resources/list"}', -32601),
        (b'{"jsonrpc": "2.0", "id": 1, "method": "tools/call", "params": {"name": "delete"}}', -32602),
        (b'{"jsonrpc": "2.0", "id": 1, "method": "ping", "params": []}', -32602),
        (b'{"jsonrpc": "2.0", "id": 1, "method": "server/discover"}', -32602),
    ],
)
def test_messages_that_are_no_requests_are_errors(server, message, code):
    assert server.answer(message)["error"]["code"] == code


@pytest.mark.parametrize(
    ("method", "meta"), [("server/discover", {}), ("ping", {VERSION_KEY: MODERN[-1]}), ("ping", {VERSION_KEY: 1, CAPABILITIES_KEY: {}})]
)
def test_a_request_without_handshake_is_told_what_it_has_to_carry(server, method, meta):
    error = asked(server, method, {"_meta": meta})["error"]
    assert error["code"] == -32602
    assert error["message"].startswith(f"params._meta must have {VERSION_KEY}")
    assert CAPABILITIES_KEY in error["message"]


def test_without_an_index_it_says_so_and_names_no_folder(tmp_path):
    told = called(server_of(create_app(str(tmp_path / "none"))), "search", query="执法")
    assert "no index" in told
    assert "none" not in told.replace("no index", "")


def test_a_client_gets_the_protocol_version_that_it_speaks_or_the_newest(server):
    assert asked(server, "initialize", {"protocolVersion": HANDSHAKE[0]})["result"]["protocolVersion"] == HANDSHAKE[0]
    assert asked(server, "initialize", {"protocolVersion": "1999-01-01"})["result"]["protocolVersion"] == HANDSHAKE[-1]
    unknown = {"_meta": {VERSION_KEY: "2030-01-01", "io.modelcontextprotocol/clientCapabilities": {}}}
    assert asked(server, "tools/list", unknown)["error"]["data"]["supported"][-1] == MODERN[-1]
    assert server.reply({"jsonrpc": "2.0", "method": "notifications/initialized"}) is None


def test_hostile_lines_leave_it_answering(location):
    lines = [b"a" * (MOST_BYTES + 10), b"\xff\xfe", b"[" * 100_000, b'{"jsonrpc": "2.0", "id": 7, "method": "ping"}']
    command = [sys.executable, "-P", "-c", "from webui.mcp.cli import main; main()", "--index", location]
    replies = subprocess.run(
        command, input=b"\n".join(lines) + b"\n", capture_output=True, timeout=PATIENCE, check=True
    ).stdout.splitlines()
    assert [json.loads(reply).get("result") for reply in replies] == [None, None, None, {}]


def test_a_mistake_of_ours_ends_one_answer_and_leaves_its_traceback(server, monkeypatch, caplog):
    monkeypatch.setitem(server._tools, "years", replace(server._tools["years"], call=lambda arguments: {}["gone"]))
    error = asked(server, "tools/call", {"name": "years", "arguments": {"query": "执法"}})["error"]
    assert (error["code"], "internal error" in error["message"]) == (-32603, True)
    assert "KeyError: 'gone'" in caplog.text


@pytest.mark.parametrize(
    ("host", "origin", "status"),
    [
        ("127.0.0.1:8001", "http://127.0.0.1:8001", 200),
        ("[::1]:8001", "http://[::1]:8001", 200),
        ("fazhi.example.cn", "https://fazhi.example.cn", 200),
        ("evil.example:8001", None, 200),
        ("evil.example:8001", "http://evil.example:8001", 403),
        ("127.0.0.1:8001", "http://127.0.0.1:9000", 403),
        ("127.0.0.1:8001", "null", 403),
    ],
)
def test_no_page_asks_under_a_name_that_its_owner_leads_here(location, monkeypatch, host, origin, status):
    monkeypatch.setenv("FAZHI_PUBLIC_URL", "https://fazhi.example.cn")
    app = create_app(location)
    app.register_blueprint(http.blueprint(server_of(app)))
    heads = {"Host": host, **({"Origin": origin} if origin else {})}
    assert (
        app.test_client(use_cookies=False).post("/mcp", json={"jsonrpc": "2.0", "id": 1, "method": "ping"}, headers=heads).status_code
        == status
    )


def test_with_a_token_nobody_asks_without_it(location):
    app = create_app(location)
    app.register_blueprint(http.blueprint(server_of(app), "t" * 16))
    client, ping = app.test_client(use_cookies=False), {"jsonrpc": "2.0", "id": 1, "method": "ping"}
    for sent in (None, "", "Bearer", "Bearer ttt", f"Basic {'t' * 16}", f"Bearer {'t' * 17}", "Bearer é\udcff", "t" * 16):
        refused = client.post(
            "/mcp", json=ping, headers={} if sent is None else {"Authorization": sent.encode("utf-8", "surrogateescape").decode("latin-1")}
        )
        assert (refused.status_code, refused.headers["WWW-Authenticate"]) == (401, "Bearer"), sent
    for scheme in ("Bearer", "bearer"):
        assert client.post("/mcp", json=ping, headers={"Authorization": f"{scheme} {'t' * 16}"}).json["result"] == {}
    with pytest.raises(BadPath, match="FAZHI_MCP_TOKEN"):
        http.blueprint(server_of(app), "short")


def test_http_refuses_other_origins_and_other_methods(location):
    app = create_app(location)
    app.register_blueprint(http.blueprint(server_of(app)))
    client = app.test_client(use_cookies=False)
    ping = {"jsonrpc": "2.0", "id": 1, "method": "ping"}
    assert client.post("/mcp", json=ping).json["result"] == {}
    assert client.post("/mcp", json=ping, headers={"Origin": "https://evil.example"}).status_code == 403
    assert client.post("/mcp", json=ping, headers={"Origin": "http://localhost"}).status_code == 200
    assert client.get("/mcp").status_code == 405
    assert client.post("/mcp", json={"jsonrpc": "2.0", "method": "notifications/initialized"}).status_code == 202
    assert client.post("/mcp", data=b"a" * (MOST_BYTES + 1)).status_code == 413
    assert client.post("/mcp", json=ping, headers={"MCP-Protocol-Version": "1999-01-01"}).status_code == 400
    modern = {**ping, "params": {"_meta": {VERSION_KEY: MODERN[-1], "io.modelcontextprotocol/clientCapabilities": {}}}}
    assert client.post("/mcp", json=modern).json["error"]["code"] == -32020
    heads = {"MCP-Protocol-Version": MODERN[-1], "Mcp-Method": "ping"}
    assert client.post("/mcp", json=modern, headers=heads).json["result"]["resultType"] == "complete"


def test_the_command_serves_over_standard_streams_or_at_an_address(location, monkeypatch, capsys):
    served = []
    monkeypatch.setattr(stdio_of_the_command, "serve", lambda server, *streams: served.append(server.answer(PING)))
    monkeypatch.setattr(cli, "serve", lambda listening, workers, configuration, ready: served.append((listening, workers, ready())))
    monkeypatch.setattr(sys, "argv", ["fazhi-mcp", "--index", location])
    monkeypatch.setattr(sys, "stdin", SimpleNamespace(buffer=None))
    cli.main()
    [pong] = served
    assert (pong["id"], pong["result"]) == (7, {})
    monkeypatch.setattr(sys, "argv", ["fazhi-mcp", "--index", location, "--http", "127.0.0.1:0"])
    cli.main()
    listening, workers, _ = served[1]
    with listening:
        assert workers == 1
        assert capsys.readouterr().out == f"Serving on http://127.0.0.1:{listening.getsockname()[1]}/mcp\n"
        monkeypatch.setattr(sys, "argv", [*sys.argv[:-1], f"127.0.0.1:{listening.getsockname()[1]}"])
        with pytest.raises(SystemExit) as ended:
            cli.main()
    assert ended.value.code == BAD_CONFIGURATION
    assert capsys.readouterr().err.startswith("fazhi-mcp: cannot listen on 127.0.0.1:")


@pytest.mark.parametrize("address", ["8001", ":8001", "127.0.0.1:", "127.0.0.1:x", "127.0.0.1:65536", "127.0.0.1:٣"])
def test_an_address_to_listen_on_has_a_host_and_a_port(address, capsys):
    with pytest.raises(SystemExit):
        cli.parser().parse_args(["--http", address])
    assert f"{address!r} is not an address" in capsys.readouterr().err
    assert [cli.parser().parse_args(["--http", one]).http for one in ("[::1]:0", "a:65535")] == [("::1", 0), ("a", 65535)]
