"""Whatever is asked of queries, arguments and tools is answered, or refused with a stated reason; what is answered is right.

Each case comes of its number alone, so one that fails is tried again by it (`FUZZ_FROM=number`). An ordinary run tries the same few
hundred, with FUZZ_TIMES so many times as many; with FUZZ_SECONDS new ones are tried for so long.
"""

import json
import os
import random
import time
from urllib.parse import urlencode

import pytest

from indexer import FILTERS, Index, Mode, Report, SearchRequest, UserError, build_index, open_index
from tests.scan import ScanEngine
from webui import create_app
from webui.mcp import protocol
from webui.mcp.cli import server_of
from webui.params import PARAMS

pytestmark = pytest.mark.unmeasured

SECONDS = float(os.environ.get("FUZZ_SECONDS", "0"))
"""For each of what is tried; 0 tries so many as are named there."""
TIMES = int(os.environ.get("FUZZ_TIMES", "1"))
FROM = int(os.environ.get("FUZZ_FROM") or (time.time_ns() >> 20 if SECONDS else 0))
"""The number of the first case."""

WORDS = [
    "法治",
    "政府",
    "行政复议",
    "复议",
    "执法",
    "一网通办",
    "41件",
    "99.3%",
    "法",
    "的",
    "A",
    "Ａ",
    "ﬁ",
    "é",
    "𠀀",
    "\u200b",
    "·",
    "〔2022〕12号",
]
MARKS = [
    *(
        '"',
        "“",
        "”",
        "(",
        ")",
        "（",
        "）",
        "-",
        "−",
        "+",
        ":",
        "：",
        "/",
        "~",
        "*",
        "?",
        "\\",
        "'",
        "|",
        "&",
        ",",
        "，",
        ".",
        ";",
        "#",
        "%",
        "[",
        "]",
    ),
    *(
        "OR",
        "AND",
        "NOT",
        "NEAR",
        "NEAR/",
        "NEAR/3",
        "NEAR/999999999999",
        "或",
        "且",
        "year:",
        "year:2022",
        "year:2023-2021",
        "title:",
        "issuer:",
    ),
    *(
        "region:210921",
        "section:",
        "part:",
        "year:unknown",
        " ",
        "  ",
        "\t",
        "\n",
        "\r",
        "\x00",
        "\ud800",
        "\u202e",
        "\ufffe",
        "\x1f",
        "　",
    ),
]


def cases(count):
    """The numbers of the cases to try."""
    end = time.monotonic() + SECONDS
    number = FROM
    while time.monotonic() < end if SECONDS else number < FROM + count * TIMES:
        yield number
        number += 1


def typed(chance):
    """Something that may be a query, and seldom is a good one."""
    pieces = chance.choices([*WORDS, *MARKS], k=chance.choice([0, 1, 2, 3, 5, 8, 13, 40]))
    text = chance.choice(["", " "]).join(pieces)
    if chance.random() < 0.05:
        text = chance.choice(["(" * 500, "-" * 300, "“" * 200, "法 OR " * 300, "法" * 5_000, '"法" NEAR/2 ' * 100]) + text
    return text


def value(chance, depth=3):
    """A value of JSON."""
    kinds = ["text", "number", "word", "constant", *(["list", "object"] if depth else [])]
    match chance.choice(kinds):
        case "text":
            return typed(chance).encode("utf-8", "replace").decode()
        case "number":
            return chance.choice([0, 1, -1, 2, 2022, 1 << 31, 1 << 53, 1 << 63, 10**30, -0.0, 1.5, 1e308])
        case "word":
            return chance.choice(["2022", "unknown", "210921", "exact", "r1", "r1~1", "0", "-1", "１", *WORDS])
        case "constant":
            return chance.choice([None, True, False, "", [], {}])
        case "list":
            return [value(chance, depth - 1) for _ in range(chance.randint(0, 4))]
        case _:
            return {chance.choice(["query", "id", "text", "_meta", "name", typed(chance)]): value(chance, depth - 1) for _ in range(3)}


@pytest.fixture(scope="module")
def reports():
    chance = random.Random(23)
    return [
        Report.from_blocks(
            id=f"r{number}",
            title=f"某{number % 3}县{2019 + number % 5}年法治政府建设工作报告",
            year=chance.choice([None, *range(2019, 2024)]),
            issuer=f"某{number % 3}县人民政府",
            region=chance.choice([None, "210921", "110105"]),
            blocks=[((f"{'一二'[at % 2]}、情况",), "".join(chance.choices(WORDS, k=12)).strip()) for at in range(4)],
        )
        for number in range(25)
    ]


@pytest.fixture(scope="module")
def folder(reports, tmp_path_factory):
    place = tmp_path_factory.mktemp("fuzz") / "index"
    build_index(place, reports)
    return str(place)


def outcome(index, wanted):
    """What an engine answers: totals and ids in order, or the codes of what is wrong."""
    try:
        page = index.run(wanted())
    except UserError as error:
        return [(problem.code, problem.param, problem.position, problem.detail != "") for problem in error.problems]
    for hit in page.hits:
        assert all(0 <= start < end <= len(hit.text) for start, end in hit.matches)
    return page.total, [hit.id for hit in page.hits]


def test_queries_are_answered_as_a_plain_reading_does_or_refused_with_a_reason(folder, reports):
    plain = Index(ScanEngine(reports))
    tried = {"answered": 0, "refused": 0}
    with open_index(folder) as index:
        for number in cases(400):
            chance = random.Random(number)
            text, mode = typed(chance), chance.choice([*Mode, Mode.EXACT])
            narrowed = chance.choice([{}, {}, {"years": [2022]}, {"regions": ["210921", None]}, {"sort": "-year"}])

            def wanted(text=text, mode=mode, narrowed=narrowed):
                return SearchRequest.of(text, mode=mode, **narrowed)

            found = outcome(index, wanted)
            assert found == outcome(plain, wanted), (number, text)
            assert isinstance(found, tuple) or (found and all(said for *_, said in found)), (number, text)
            tried["answered" if isinstance(found, tuple) else "refused"] += 1
    assert SECONDS or min(tried.values()) > 50


def arguments(chance):
    """Arguments of an address, some of them good."""
    names = [*(param.name for param in PARAMS), *FILTERS, "left", "right", "text", "terms", "report", "label", "by", "lang", "find", "hit"]
    some = []
    for _ in range(chance.choice([0, 1, 1, 2, 3, 5, 9])):
        one = value(chance, 0)
        some.append((chance.choice([*names, "q", "q", typed(chance)[:20]]), one if isinstance(one, str) else json.dumps(one)))
    return [(name.encode("utf-8", "replace"), one.encode("utf-8", "replace")) for name, one in some]


def test_addresses_with_any_arguments_are_answered_or_refused_with_a_reason(folder):
    client = create_app(folder).test_client(use_cookies=False)
    rules = sorted((rule.rule, sorted(rule.methods - {"HEAD", "OPTIONS"})) for rule in client.application.url_map.iter_rules())
    tried = {}
    for number in cases(400):
        chance = random.Random(number)
        rule, methods = rules[number % len(rules)] if chance.random() < 0.7 else chance.choice(rules)
        path = rule
        for name in ("<any(csv, xlsx, ndjson):form>", "<path:filename>", "<id>", "<name>"):
            path = path.replace(name, chance.choice(["csv", "ndjson", "r1", "r1~1", "210921", "%00", "%F0%9F", "..", "法"]))
        query = urlencode(arguments(chance))
        if chance.random() < 0.1:
            query += chance.choice(["&q=%FF", "&=", "&&&", "&q", "&q=%", "&" * 1_200, "&q=%ED%A0%80"])
        sent = {"data": json.dumps(value(chance)).encode(), "content_type": chance.choice(["application/json", "text/plain", "x", ""])}
        reply = client.open(f"{path}?{query}", method=chance.choice(methods), **(sent if methods == ["POST"] else {}))
        tried[reply.status_code] = tried.get(reply.status_code, 0) + 1
        assert reply.status_code in (200, 302, 303, 308, 400, 403, 404, 405, 413, 415), (number, path, query, reply.text)
        if reply.status_code >= 400 and path.startswith("/api/v1/"):
            said = reply.json
            assert said["status"] == reply.status_code
            assert said["detail"]
            assert all(one["code"] and one["detail"] for one in said.get("errors", ())), (number, said)
        elif reply.mimetype == "application/json":
            json.loads(reply.data)
        reply.close()
    assert SECONDS or min(tried.get(200, 0), tried.get(400, 0)) > 30, tried


def message(chance, tools):
    """A message to the server for assistants, right or wrong in some way."""
    tool = chance.choice(tools)
    names = [*tool.properties, "nothing"]
    given = {chance.choice(names): value(chance, 2) for _ in range(chance.randint(0, 4))}
    given |= {name: typed(chance) if chance.random() < 0.5 else chance.choice(["r1", "r1~1", "行政复议"]) for name in tool.required}
    made = {"jsonrpc": "2.0", "id": chance.choice([1, "a", 0]), "method": "tools/call", "params": {"name": tool.name, "arguments": given}}
    for _ in range(chance.choice([0, 0, 0, 1, 2])):
        at = chance.choice([made, made["params"]]) if isinstance(made.get("params"), dict) else made
        at[chance.choice([*at, "_meta", "method"])] = chance.choice([value(chance), "ping", "initialize", "tools/list", "server/discover"])
    text = json.dumps(made).encode()
    if chance.random() < 0.1:
        at = chance.randrange(len(text))
        text = text[:at] + chance.choice([b"", b"\xff", b"{", b"[" * 3_000, b'"', b"\\u0000"]) + text[at + chance.choice([0, 1, 9]) :]
    return text


def test_messages_to_the_tools_are_answered_or_refused_with_a_reason(folder):
    app = create_app(folder)
    server = server_of(app)
    tools = list(server._tools.values())
    tried = {"result": 0, "told": 0, "error": 0}
    for number in cases(250):
        sent = message(random.Random(number), tools)
        reply = server.answer(sent)
        if reply is None:
            continue
        whole = json.loads(json.dumps(reply))
        assert whole["jsonrpc"] == "2.0"
        assert ("result" in whole) is not ("error" in whole)
        if "error" in whole:
            assert whole["error"]["code"] != protocol.INTERNAL, (number, sent)
            assert whole["error"]["message"]
            tried["error"] += 1
        else:
            tried["told" if whole["result"].get("isError") else "result"] += 1
            assert len(json.dumps(reply, ensure_ascii=False)) < 200_000, (number, sent)
    assert SECONDS or min(tried.values()) > 10, tried
