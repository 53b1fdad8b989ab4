"""A tiny index with two states whose answers are known, and what a reader of it may see."""

from __future__ import annotations

import os
import random
from collections.abc import Callable, Iterable
from pathlib import Path

from indexer import Index, IndexCorrupt, NotFound, Report, open_index
from indexer.backends import open_writer, read_catalogue
from indexer.catalogue import Catalogue, Source
from indexer.model import short_hash
from tests.support import one_report

LONG = "TORTURE" in os.environ
PARTS = 200 if LONG else 10
"""Every torture is parted into so many tests, each with a seed of its own."""
SEEDS = range(int(os.environ.get("TORTURE", 0)), PARTS)
"""Those of this run: a long one that was ended goes on from a part with `make torture FROM=…`."""


def rounds(long: int) -> range:
    """How often one test tries something: so often in all by `make torture`, 2,000 times in all in an ordinary run."""
    return range((long if LONG else 2_000) // PARTS)


def _report(number: int, text: str) -> Report:
    return one_report(
        f"{text}有力推进。受理行政复议案件{number}件，依据《{text}条例》（国发〔2021〕{number}号）办结。",
        f"第{number}件事，依法行政。",
        issuer="阜新市人民政府",
        id=f"r{number}",
        year=2020 + number % 4,
        title=f"甲县第{number}号",
    )


OLD = {f"r{number}": _report(number, "行政复议") for number in range(6)}
NEW = {**{id: report for id, report in OLD.items() if id != "r3"}, "r1": _report(1, "法治政府"), "r9": _report(9, "行政复议公开")}
QUERIES = ["第 OR 政", "行政复议", "法治 -公开"] + ["依法行政", "复议有 -公开", "甲县", "year:2021", "第 NEAR/5 事"] * LONG
FACETED = ("year", "kind", "unit", "instrument", "indicator", "lacking")
Question = Callable[[Index], object]
"""Something asked of an index; `NotFound` is an answer, too."""


def _search(query: str, **wanted: object) -> Question:
    def search(index: Index) -> object:
        page = index.search(query, **wanted)  # type: ignore[arg-type]
        return page.total, page.facets, [(hit.id, hit.text, hit.matches, hit.report.title) for hit in page.hits]

    return search


def _texts(id: str) -> Question:
    return lambda index: [passage.text for passage in index.report(id).passages]


# Every passage and column once; what other queries touch shows in their totals.
SEARCHES = [_search(QUERIES[0], facets=FACETED), *(_search(query, per_page=2) for query in QUERIES[1:])]
FACTS: list[Question] = [
    lambda index: index.matrix("推进").matrix,
    lambda index: index.instruments(years=[2020, 2021]).instruments,
    lambda index: index.words("行政复议", of="neighbours").words,
    lambda index: [(one.statistic, one.passage.text) for one in index.statistics("行政复议受理").statistics],
    lambda index: [
        (one.unit, one.listed.issuers, [(year.year, year.state, len(year.reports)) for year in one.years]) for one in index.units().units
    ],
]
"""What reads the columns of units, figures and names of rules, and where words begin."""
REPORTS = [_texts(id) for id in sorted(OLD.keys() | NEW.keys())]
QUESTIONS = [*SEARCHES, *FACTS, *REPORTS]


def some(chance: random.Random, facts: int = len(FACTS), searches: int = 3) -> list[Question]:
    """So many of the searches and of the facts, by chance, and all else: over many rounds each is asked often."""
    return [SEARCHES[0], *chance.sample(SEARCHES[1:], searches - 1), *chance.sample(FACTS, facts), *REPORTS]


CORRUPT = "corrupt"


def publish(place: Path, held: dict[str, Report], *, rebuild: bool = False) -> None:
    """Bring an index to this state."""
    writer = open_writer(place, rebuild=rebuild)
    try:
        catalogue = writer.catalogue.copy() if writer.catalogue else Catalogue({"corpus": "/corpus"})
        for id in OLD.keys() | NEW.keys():
            was, key = writer.report(id), f"corpus/{id}.txt"
            if id not in held:
                writer.drop(id)
                catalogue.sources.pop(key, None)
            elif was is None or was.passages != held[id].passages or key not in catalogue.sources:
                writer.put(held[id])
                catalogue.sources[key] = Source(id, 1, (1, 1), short_hash(id.encode()))
    except BaseException:
        writer.abort()
        raise
    writer.commit(catalogue)


def catalogued(place: Path) -> set[str]:
    """The ids of the reports whose files the catalogue has."""
    _, catalogue = read_catalogue(place)
    return {source.report for source in catalogue.sources.values()} if catalogue else set()


def answers(place: Path, questions: Iterable[Question] = QUESTIONS) -> dict[Question, object]:
    """What an index answers to each of these questions; `CORRUPT` in place of what it refuses for damage, also all of them.

    Any other error is a fault of ours, and comes through.
    """
    try:
        index = open_index(place)
    except IndexCorrupt:
        return dict.fromkeys(questions, CORRUPT)
    with index:
        return {question: _answer(index, question) for question in questions}


def _answer(index: Index, question: Question) -> object:
    try:
        return question(index)
    except NotFound:
        return None
    except IndexCorrupt:
        return CORRUPT


def is_right(seen: dict[Question, object], *states: dict[Question, object]) -> bool:
    """Whether every answer is that of one of the states, or was refused."""
    return any(all(answer in (CORRUPT, state[question]) for question, answer in seen.items()) for state in states)
