"""Processor time of the most expensive requests to every URL of the web application.

`python -m benchmarks.addresses --texts TEXTS.jsonl.gz [--passages 20000] [--limit 400]`, or `--index FOLDER`. Exits with 1 if a page or
a reply takes more than the limit, or if a view accepts none of the requests below. Exports of whole results, whose cost grows with the
result, are only measured with `--files` and have no limit.
"""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Iterator
from urllib.parse import quote

from flask.testing import FlaskClient
from werkzeug.routing import Rule

from benchmarks.worst import longest, opened, passages_of
from indexer import Index, open_index
from webui import create_app

Args = dict[str, str]
QUERIES: list[Args] = [
    {},
    {"q": "的"},
    {"q": " OR ".join("法的政行机关人民规定应当由国务院部门和在")},
    {"q": " ".join("法的行人规定")},
    {"q": "行政 NEAR/10 机关 OR 人民 NEAR/10 政府"},
    {"q": "行政机关应当依法公开政府信息", "mode": "any"},
    {"q": "的", "sort": "year", "page": "900"},
    {"q": "的", "collapse": "1"},
    {"year": "2022"},
]
TERMS = "\n".join(
    f"{one}{other}" if one < other else f"{one} OR {other}"
    for one in "法的政行机关人民规"
    for other in "定应当由国务院部门和在有为不得对依"
)
MORE: dict[str, list[Args]] = {
    "reports": [{"q": "的", "mention": "no"}],
    "concordance": [{"q": "的", "context": "left"}, {"q": "的", "context": "right"}],
    "matrix": [{"q": "的", "sort": "most"}, {"q": "的", "mention": "no"}],
    "statistics": [{"label": "受理行政复议案件"}, {"indicator": "行政复议收到申请"}, {"indicator": "行政复议收到申请", "by": "year"}],
    "batch": [{"terms": TERMS}, {"terms": TERMS, "by": "region"}],
    "corpus": [{"expected": "table"}],
    "units": [{"expected": "table"}, {"q": "县", "expected": "table"}],
}
"""Further arguments of single views; requests that a view refuses are not counted."""
NEEDS_NO_TRIAL = {"static", "healthz", "readyz", "original", "check", "check_api"}
"""Views that are not measured: files sent as they are, views that read nothing, and drafts, which are read in a worker of their own."""
ADDING = "adding."
"""The views that add reports, which only those with a token may use: they are not measured either."""


def requests(rule: Rule, index: Index) -> Iterator[tuple[str, str, Args]]:
    """Method, path and arguments of the requests to a view."""
    left, right = longest(index)
    report = index.report(max(sizes := passages_of(index), key=sizes.__getitem__))
    path = str(rule.rule)
    for variable, value in {"<any(csv, xlsx, ndjson):form>": "xlsx", "<any(bib, ris):form>": "bib", "<name>": "Heading"}.items():
        path = path.replace(variable, value)
    view = path.removeprefix("/api/v1").strip("/").partition("/")[0].partition(".")[0]
    ids = {"units": report.unit.id if report.unit else "", "paragraphs": index.search("的").hits[0].id}
    path = path.replace("<id>", quote(ids.get(view, report.id), safe=""))
    sides = {"compare": {"left": left, "right": right}, "promises": {"report": left}, "similar": {"passage": ids["paragraphs"]}}
    for args in [*QUERIES, *MORE.get(view, ()), *([sides[view]] if view in sides else [])]:
        yield "GET", path, args
    if "POST" in (rule.methods or ()):
        long = "".join(passage.text for passage in report.passages)[:20_000]
        yield "POST", path, {"text": long, "terms": TERMS}
        yield "POST", path, {"text": "".join(f"“{long[at : at + 12]}？{long[at + 12 : at + 30]}”" for at in range(0, 15_000, 40))}


def took(client: FlaskClient, method: str, path: str, args: Args) -> float | None:
    """Milliseconds of processor time, the better of two; None if the request is refused."""
    best = float("inf")
    for _ in range(2):
        start = time.process_time()
        if method == "GET":
            reply = client.get(path, query_string=args)
        else:
            reply = client.post(path, json=args) if path.startswith("/api/") else client.post(path, data=args)
        reply.get_data()
        reply.close()
        best = min(best, time.process_time() - start)
        if reply.status_code >= 500:
            sys.exit(f"{method} {path} {args}: {reply.status_code}")
        if reply.status_code >= 400:
            return None
    return best * 1e3


def main() -> None:
    """Measure all views and print them, most expensive first."""
    parser = argparse.ArgumentParser(allow_abbrev=False, description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--limit", type=float, default=400, help="milliseconds of processor time")
    parser.add_argument("--files", action="store_true", help="measure whole files too")
    args, place, _ = opened(parser)
    app = create_app(place)
    client, found, untried = app.test_client(), [], []
    with open_index(place) as index:
        for rule in app.url_map.iter_rules():
            if (
                rule.endpoint.startswith(ADDING)
                or rule.endpoint.rpartition(".")[2] in NEEDS_NO_TRIAL
                or (not args.files and "<any(csv" in str(rule.rule))
            ):
                continue
            tried = [(cost, sent) for sent in requests(rule, index) if (cost := took(client, *sent)) is not None]
            found += [max(tried, key=lambda one: one[0])] if tried else []
            untried += [] if tried else [str(rule.rule)]
    for cost, (method, path, wanted) in sorted(found, key=lambda one: -one[0]):
        said = " ".join(f"{name}={value[:60]!r}" for name, value in wanted.items())
        print(f"{cost:7.0f}  {method:4} {path:32}  {said[:120]}")
    if untried:
        print("no request is right for", ", ".join(untried))
    sys.exit(bool(untried) or any(cost > args.limit and not path.endswith(".xlsx") for cost, (_, path, _) in found))


if __name__ == "__main__":
    main()
