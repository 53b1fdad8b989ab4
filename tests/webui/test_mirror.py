"""A copy of the corpus that is kept up to date by `changed_since`."""

import hashlib
import json

import pytest

from indexer import build_index
from tests.support import one_report
from webui import create_app

PATH = "/api/v1/reports.ndjson"


def lines(client, since, **args):
    reply = client.get(PATH, query_string={"changed_since": since, **args})
    assert (reply.status_code, reply.mimetype) == (200, "application/x-ndjson")
    return [json.loads(line) for line in reply.data.decode().splitlines()]


def apply(copy, found):
    for line in found:
        if line["removed"]:
            copy.pop(line["id"], None)
            continue
        plain = json.dumps(line["content"], ensure_ascii=False, sort_keys=True, separators=(",", ":"))
        assert hashlib.sha256(plain.encode()).hexdigest() == line["sha256"]
        copy[line["id"]] = line["content"]
    return copy


@pytest.fixture
def place(tmp_path):
    return str(tmp_path / "index")


def test_a_copy_follows_from_generation_to_generation(place):
    held = {id: one_report(f"{id}“一”。", id=id, year=2020 + number) for number, id in enumerate("abc")}
    first = build_index(place, held.values())
    copy = apply({}, lines(create_app(place).test_client(use_cookies=False), "1970-01-01"))
    assert copy.keys() == {"a", "b", "c"}
    held["b"] = one_report("改了。", id="b", year=2020)
    del held["c"]
    held["d"] = one_report("新。", id="d", year=2020)
    second = build_index(place, held.values())
    client = create_app(place).test_client(use_cookies=False)
    found = lines(client, first)
    assert [(line["id"], line["removed"]) for line in found] == [("b", False), ("d", False), ("c", True)]
    assert {line["generation"] for line in found} == {second}
    assert apply(copy, found) == apply({}, lines(client, "1970-01-01"))
    for id, content in copy.items():
        shown = client.get(f"/api/v1/reports/{id}").json
        assert [(one["id"], one["text"], one["kind"]) for one in content["passages"]] == [
            (one["id"], one["text"], one["kind"]) for one in shown["passages"]
        ]
        assert [one["place"] for one in content["sections"]] == [one["place"] for one in shown["sections"]]
        assert {name: shown[name] for name in content if name not in ("sections", "passages")} == {
            name: value for name, value in content.items() if name not in ("sections", "passages")
        }
        assert next(line for line in lines(client, "1970-01-01") if line["id"] == id)["sha256"] == shown["sha256"]
    assert lines(client, second) == []
    assert [line["id"] for line in lines(client, first, year=2020)] == ["b", "d", "c"]
    assert [line["id"] for line in lines(client, first, q="新")] == ["d", "c"]
    # A time counts itself, so that a copy that was interrupted goes on from the last line that it has.
    assert lines(client, found[0]["changed"]) == found
    assert lines(client, "2999-01-01") == []


@pytest.mark.parametrize("since", ["000009-00000000", "2026-13-01", "yesterday", "2026-11-26T08:00:00"])
def test_what_is_no_moment_is_a_problem(place, since):
    build_index(place, [one_report("法。")])
    client = create_app(place).test_client(use_cookies=False)
    reply = client.get(PATH, query_string={"changed_since": since})
    assert (reply.status_code, reply.mimetype) == (400, "application/problem+json")
    assert [one["param"] for one in reply.json["errors"]] == ["changed_since"]
    assert client.get("/api/v1/reports.csv?changed_since=2026-01-01").status_code == 400
    assert client.get(f"{PATH}?changed_since=2026-01-01&mention=no").status_code == 400
    assert "query" in json.loads(client.get(PATH).data.splitlines()[0])
