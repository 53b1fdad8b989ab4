"""Three real nodes, of which one is killed: no wrong answer, no error, no lost report. Run by `make test-opensearch`."""

import random
import threading
import time

import pytest

from indexer import Report, build_index, damaged_files, fold, open_index
from tests.opensearch.nodes import Nodes

pytestmark = pytest.mark.cluster

WORDS = ["法治", "政府", "建设", "行政复议", "执法", "公开", "决策", "一网通办", "督察", "普法"]


def reports(count, seed=5):
    chance = random.Random(seed)
    for number in range(count):
        blocks = [((), "".join(chance.choices(WORDS, k=8))) for _ in range(20)]
        yield Report.from_blocks(id=f"r{number}", title=f"报告{number}", year=2015 + number % 9, blocks=blocks)


@pytest.fixture(scope="module")
def nodes(tmp_path_factory):
    with Nodes(tmp_path_factory.mktemp("three"), 3) as nodes:
        yield nodes


@pytest.fixture
def three(nodes):
    """Three nodes with all copies of everything; what a test kills comes back after it."""
    nodes.heal()
    return nodes


def questions(held):
    """Substrings and how many passages and reports hold them."""
    chance = random.Random(9)
    texts = [(report.id, fold(passage.text)) for report in held for passage in report.passages]
    asked = {}
    while len(asked) < 60:
        _, text = chance.choice(texts)
        start = chance.randrange(len(text))
        if typed := text[start : start + chance.randint(1, 6)]:
            holding = [id for id, other in texts if typed in other]
            asked[typed] = (len(holding), len(set(holding)))
    return asked


@pytest.mark.parametrize("lost", [0, 1, 2])
def test_a_node_is_lost_while_questions_are_asked(three, lost):
    held = list(reports(150))
    place = three.address(f"asked{lost}")
    build_index(place, held)
    right, over = questions(held), threading.Event()
    answered, wrong, failed = [], [], []

    def ask(index, seed):
        chance = random.Random(seed)
        while not over.is_set():
            typed = chance.choice(list(right))
            try:
                total = index.search(typed, mode="literal", facets=("year",)).total
            except Exception as error:
                failed.append((typed, error))
                continue
            answered.append(typed)
            if (total.paragraphs, total.reports) != right[typed]:
                wrong.append((typed, total))

    with open_index(place) as index:
        threads = [threading.Thread(target=ask, args=(index, seed)) for seed in range(3)]
        for thread in threads:
            thread.start()
        try:
            before = wait_for(50, answered, failed)
            three.kill(lost)
            # The time in which the others notice, choose a manager and put copies in place of those that are gone.
            time.sleep(10)
            wait_for(before + 200, answered, failed)
        finally:
            over.set()
            for thread in threads:
                thread.join()
    print(f"{before} answers before, {len(answered) - before} after")
    assert (wrong, failed) == ([], [])


def wait_for(count, answered, failed, within=120):
    """Until so many replies are in, or one too many; returns how many are."""
    ends = time.monotonic() + within
    while len(answered) < count and not failed:
        assert time.monotonic() < ends, f"{len(answered)} answers, not {count}, in {within} s"
        time.sleep(0.1)
    return len(answered)


def test_a_node_is_lost_while_reports_are_loaded(three):
    place = three.address("loaded")
    build_index(place, reports(5, seed=1))
    sent = 0

    def some():
        nonlocal sent
        for report in reports(1_500):
            sent += 1
            if sent == 700:
                three.kill(1)
            yield report

    build_index(place, some())
    held = {report.id: report for report in reports(1_500)}
    with open_index(place) as index:
        assert (index.stats.reports, index.stats.passages) == (1_500, 1_500 * 21)
        assert damaged_files(place)[1] == []
        for id in random.Random(3).sample(sorted(held), 50):
            assert index.report(id) == held[id]
        for typed, right in questions(list(held.values())).items():
            total = index.search(typed, mode="literal").total
            assert (total.paragraphs, total.reports) == right, typed
