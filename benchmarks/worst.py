"""Searches for the most expensive requests within the limits, by chance and by hill climbing.

`python -m benchmarks.worst --texts TEXTS.jsonl.gz [--passages 20000] [--seconds 120] [--limit 200]`, or `--index FOLDER` instead of
texts. Half of the time is spent on random requests, half on small changes of the worst ones found. Prints the ten worst, each measured
again as the best of three, and exits with 1 if one takes more processor time than the limit.
"""

from __future__ import annotations

import argparse
import random
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import cache
from itertools import pairwise
from pathlib import Path
from typing import Any

from benchmarks.texts import reports_of_governments, rows
from indexer import FACETS, STANDARD_PARTS, Context, Index, InvalidQuery, InvalidRequest, SearchRequest, WordsOf, build_index, open_index
from indexer.stated import ListedSeries, Series

SHOWN = 10
BEST = 40
"""How many of the worst requests are kept and changed further."""


@cache
def passages_of(index: Index) -> dict[str, int]:
    """The number of passages of each report by id, in the order of units and years."""
    held = sorted(index.reports(SearchRequest()), key=lambda report: (report.unit.id if report.unit else "", report.year or 0))
    return {report.id: len(index.report(report.id).passages) for report in held}


def longest(index: Index) -> tuple[str, str]:
    """The ids of the two consecutive reports of one unit with the most passages, the earlier one first."""
    sizes = passages_of(index)
    pairs = [(one, other) for one, other in pairwise(sizes) if index.report(one).unit == index.report(other).unit]
    return max(pairs, key=lambda pair: sizes[pair[0]] + sizes[pair[1]])


def _sixes(query: str) -> list[str]:
    """Pieces of a query of the least length of a quotation, as many as may be verified at once."""
    text = (query or "\u6cd5\u6cbb") * 120
    return [text[at : at + 6] for at in range(0, min(len(text), 15_000) - 6, 6)]


def page_of(series: ListedSeries, request: SearchRequest) -> list[Series]:
    """The series on a request's page."""
    return [one for page in series.pages(request.per_page)[request.page - 1 : request.page] for one in series[page]]


VIEWS: dict[str, Callable[[Index, SearchRequest], object]] = {
    "search": lambda index, request: index.run(request),
    "explain": lambda index, request: index.explain(request),
    "synonyms": lambda index, request: index.synonyms(request),
    "reports": lambda index, request: index.list_reports(request),
    "silent": lambda index, request: index.list_reports(request, mention=False),
    "years": lambda index, request: index.years(request),
    "lines": lambda index, request: index.concordance(request),
    "lines by left": lambda index, request: index.concordance(request, Context.LEFT),
    "lines by right": lambda index, request: index.concordance(request, Context.RIGHT),
    "suggest": lambda index, request: index.suggest(request.query),
    "understood": lambda index, request: index.understood(request),
    "matrix": lambda index, request: index.matrix_page(request),
    "instruments": lambda index, request: index.list_instruments(request),
    "statistics": lambda index, request: index.list_statistics(request),
    "series": lambda index, request: page_of(index.all_series(request), request),
    "neighbours": lambda index, request: index.word_page(request, WordsOf.NEIGHBOURS),
    "words of subset": lambda index, request: index.word_page(request, WordsOf.SUBSET),
    "label": lambda index, request: index.list_statistics(request.changed(query=""), request.query),
    "indicators": lambda index, request: index.list_indicators(request),
    "doubts": lambda index, request: index.doubts(request),
    "units": lambda index, request: index.units(request.query, per_page=100, expected=True),
    "verify": lambda index, request: index.verify((request.query or "\u6cd5") * 200),
    "quotations": lambda index, request: index.verify("".join(f"\u201c{piece}\u201d" for piece in _sixes(request.query))),
}
OF_LONGEST: dict[str, Callable[[Index, str, str], object]] = {
    "compare": lambda index, one, other: index.compare(one, other),
    "promises": lambda index, one, other: index.promises(one),
}
"""Views that depend on reports alone, measured once with the longest ones."""
JOINTS = (" ", " ", " OR ", " OR ", " -", " (", ") ", " OR (", " NEAR/200 ", " NEAR/3 ", "", "。")
PREFIXES = ("", "", "", "", "title:", "issuer:", "year:", "section:", "region:", '"')


@dataclass(frozen=True, slots=True)
class Tried:
    """A request to one view, with the pieces of its query."""

    view: str
    pieces: tuple[str, ...]
    wanted: tuple[tuple[str, Any], ...]

    @property
    def query(self) -> str:
        """The query as typed, at most 200 characters."""
        return "".join(self.pieces)[:200]

    def request(self) -> SearchRequest:
        """The search request.

        Raises:
            InvalidRequest: The query or an argument is not valid.
        """
        return SearchRequest.of(self.query, **dict(self.wanted))


class Requests:
    """Generates random requests, for texts in the index and for others."""

    def __init__(self, texts: list[str], seed: int) -> None:
        self.chance = chance = random.Random(seed)
        held = Counter(char for text in texts for char in text)
        pairs = Counter(text[at : at + 2] for text in texts for at in range(len(text) - 1))
        cuts = [text[at : at + chance.randint(3, 12)] for text in chance.choices(texts, k=200) for at in [chance.randrange(len(text))]]
        self._terms = [
            [char for char, _ in held.most_common(30)],
            [pair for pair, _ in pairs.most_common(100)],
            [cut for cut in cuts if cut.strip()],
            [char for char, _ in held.most_common()[-300:]],
        ]

    def _term(self) -> str:
        chance = self.chance
        if chance.random() < 0.1:
            return "".join(chr(chance.randrange(0x3400, 0x9FFF)) for _ in range(chance.randint(1, 12)))
        term = chance.choice(chance.choice(self._terms))
        if chance.random() < 0.1:  # misspelt
            at = chance.randrange(len(term))
            term = term[:at] + chr(chance.randrange(0x4E00, 0x9FFF)) + term[at + 1 :]
        return chance.choice(PREFIXES) + term if chance.random() < 0.2 else term

    def _piece(self) -> str:
        """A term, or two terms joined by NEAR."""
        if self.chance.random() < 0.3:
            return f"{self._term()} NEAR/{self.chance.choice([0, 10, 200])} {self._term()}"
        return self._term()

    def _filters(self) -> dict[str, Any]:
        chance = self.chance
        any_of: dict[str, Callable[[], Any]] = {
            "years": lambda: [chance.choice([None, *range(1990, 2026)]) for _ in range(chance.randint(1, 50))],
            "year_from": lambda: chance.choice([0, 2000, 2020]),
            "year_to": lambda: chance.choice([0, 2000, 2020]),
            "regions": lambda: chance.choices(["210900", "820000", "110000", "阜新市"], k=chance.randint(1, 3)),
            "issuers": lambda: [self._term() for _ in range(chance.randint(1, 50))],
            "sections": lambda: chance.choices(STANDARD_PARTS, k=2),
            "types": lambda: [chance.choice(["report", "plan"])],
            "kinds": lambda: [chance.choice(["paragraph", "heading", "title"])],
        }
        return {name: any_of[name]() for name in chance.sample(list(any_of), chance.choice([0, 0, 1, 2, 6]))}

    def new(self) -> Tried:
        """A random request."""
        chance = self.chance
        joints = [chance.choice(JOINTS)] if chance.random() < 0.6 else list(JOINTS)
        pieces: list[str] = []
        for _ in range(chance.choice([1, 2, 5, 10, 20, 40])):
            pieces += [self._piece(), chance.choice(joints)]
        wanted = self._filters() | {
            "mode": chance.choice(["exact", "exact", "exact", "literal", "all", "any"]),
            "sort": chance.choice(["relevance", "-year", "year", "region"]),
            "page": chance.choice([1, 1, 2, 200, 10**6]),
            "per_page": chance.choice([20, 100]),
            "facets": FACETS if chance.random() < 0.5 else (),
            "collapse": chance.random() < 0.5,
        }
        return Tried(chance.choice(list(VIEWS)), tuple(pieces[:-1]), tuple(wanted.items()))

    def changed(self, tried: Tried) -> Tried:
        """The request with a small random change."""
        chance, pieces = self.chance, list(tried.pieces)
        at = chance.randrange(len(pieces))
        match chance.randrange(6):
            case 0:
                return replace(tried, view=chance.choice(list(VIEWS)))
            case 1:
                return replace(tried, wanted=self.new().wanted)
            case 2:
                pieces[at : at + 1] = [self._piece(), chance.choice(JOINTS), pieces[at]]
            case 3 if len(pieces) > 2:
                del pieces[at : at + 2]
            case 4:
                pieces += [chance.choice(JOINTS), *pieces[at:]]
            case _:
                pieces[at] = chance.choice(JOINTS) if at % 2 else self._piece()
        return replace(tried, pieces=tuple(pieces[:80]))


def took(index: Index, tried: Tried, times: int = 1) -> float | None:
    """Milliseconds of processor time, the best of `times` attempts; None if the request is refused."""
    try:
        request = tried.request()
        best = float("inf")
        for _ in range(times):
            start = time.process_time()
            VIEWS[tried.view](index, request)
            best = min(best, time.process_time() - start)
    except (InvalidQuery, InvalidRequest):
        return None
    return best * 1e3


def search(index: Index, made: Requests, seconds: float) -> tuple[list[tuple[float, Tried]], int]:
    """The worst requests found, worst first, and how many were tried."""
    worst: list[tuple[float, Tried]] = []
    start, tries = time.monotonic(), 0
    while (gone := time.monotonic() - start) < seconds:
        climbing = bool(worst) and gone > seconds / 2
        tried = made.changed(made.chance.choice(worst)[1]) if climbing else made.new()
        tries += 1
        cost = took(index, tried)
        if cost is None or (len(worst) == BEST and cost <= worst[-1][0]):
            continue
        # Measure again, since the first time may be slow for other reasons.
        cost = took(index, tried) or 0.0
        worst = sorted([*worst, (cost, tried)], key=lambda found: -found[0])[:BEST]
    return worst, tries


def opened(parser: argparse.ArgumentParser) -> tuple[argparse.Namespace, str, list[str]]:
    """The parsed arguments, the index they name or one built from their texts, and texts from which to make requests."""
    parser.add_argument("--texts")
    parser.add_argument("--passages", type=int, default=20_000)
    parser.add_argument("--index")
    parser.add_argument("--seed", type=int, default=1)
    args = parser.parse_args()
    if args.index:
        with open_index(args.index) as index:
            texts = [hit.text for hit in index.search(year_from=0, per_page=100).hits]
        return args, args.index, texts
    if not args.texts:
        parser.error("--texts or --index")
    held = list(rows(Path(args.texts), args.passages))
    place = str(Path(tempfile.mkdtemp()) / "index")
    build_index(place, reports_of_governments(held))
    return args, place, [row["text"] for row in held if row["text"]]


def main() -> None:
    """Search for the worst requests and print them."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter, allow_abbrev=False)
    parser.add_argument("--seconds", type=float, default=120)
    parser.add_argument("--limit", type=float, default=200, help="milliseconds of processor time")
    args, place, texts = opened(parser)
    with open_index(place) as index:
        worst, tries = search(index, Requests(texts, args.seed), args.seconds)
        measured = sorted(((took(index, tried, 3) or 0.0, tried) for _, tried in worst[: 2 * SHOWN]), key=lambda found: -found[0])
        print(f"{tries} requests, {index.stats.passages} passages; the worst, ms of processor time:")
        for name, view in OF_LONGEST.items():
            ids = longest(index)
            start = time.process_time()
            view(index, *ids)
            print(f"{(time.process_time() - start) * 1e3:7.0f}  {name:14}  of the two longest reports")
    for cost, tried in measured[:SHOWN]:
        said = " ".join(f"{name}={value}" for name, value in tried.wanted if value and name != "facets")
        print(f"{cost:7.0f}  {tried.view:14}  {tried.query!r}  {said[:200]}")
    sys.exit(bool(measured) and measured[0][0] > args.limit)


if __name__ == "__main__":
    main()
