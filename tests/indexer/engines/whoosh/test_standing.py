"""Many texts looked up together are found where a plain reading finds each."""

import random

import pytest

from indexer import Report, open_index
from indexer.catalogue import Catalogue
from indexer.engines.whoosh.engine import WhooshEngine
from indexer.engines.whoosh.evaluation import standing as module
from indexer.engines.whoosh.evaluation.standing import standing
from indexer.engines.whoosh.writer import WhooshWriter
from indexer.results import Counts
from tests.scan import ScanEngine

WORDS = ["法治", "政府", "行政复议", "哈哈", "哈哈哈", "𠮷法", "处罚", "，", "a1", "法治政府建设实施纲要法治社会建设实施纲要法律"]

ISSUERS = ["彰武县", "法库县", None]


@pytest.fixture(scope="module")
def reports():
    chance = random.Random(5)
    texts = ["".join(chance.choices(WORDS, k=chance.randint(1, 12))) for _ in range(120)]
    texts[40:42] = ["政法" * 400 + "，" + "法治" * 300, "哈" * 700]
    return [
        Report.from_blocks(
            id=f"r{n}", title="标题", year=2000 + n % 7, issuer=ISSUERS[n % 3], blocks=[((), t) for t in texts[4 * n : 4 * n + 4]]
        )
        for n in range(30)
    ]


@pytest.fixture(scope="module")
def place(reports, tmp_path_factory):
    """Of three segments, two reports dropped."""
    place = tmp_path_factory.mktemp("standing") / "index"
    for first, last, dropped in ((0, 23, ()), (23, 29, (3,)), (29, 30, (11,))):
        writer = WhooshWriter(place)
        for report in reports[first:last]:
            writer.put(report)
        for number in dropped:
            writer.drop(f"r{number}")
        writer.commit(Catalogue())
    return place


@pytest.fixture(scope="module")
def texts(reports):
    """Parts of what is held, some with a character changed, and what stands nowhere."""
    chance = random.Random(8)
    whole = "".join(passage.text for report in reports for passage in report.passages)
    cuts = [whole[at : at + chance.choice([1, 2, 3, 4, 5, 9, 16, 17, 33, 60])] for at in chance.choices(range(len(whole) - 60), k=300)]
    changed = [cut[: len(cut) // 2] + chance.choice("法龘𠮷") + cut[len(cut) // 2 + 1 :] for cut in cuts[::3]]
    return [*cuts, *changed, "法法", "哈哈哈哈", "治", "\ud800法", "政法政法", "法政法", *WORDS]


@pytest.mark.parametrize(("together", "frequent"), [(module.TOGETHER, module.FREQUENT), (1, 9), (40, 0)])
def test_texts_stand_where_a_plain_reading_finds_them(place, texts, monkeypatch, together, frequent):
    monkeypatch.setattr(module, "TOGETHER", together)
    monkeypatch.setattr(module, "FREQUENT", frequent)
    passages = WhooshEngine(place)._passages
    assert len(passages.segments) > 1
    assert passages.deletions
    folded = {number: passages.folded(number) for number in passages.numbers.tolist() if passages.live[number]}
    found = list(standing(passages, texts).postings())
    assert len(found) == len(texts)
    for text, (numbers, counts) in zip(texts, found, strict=True):
        right = {number: held.count(text) for number, held in folded.items() if text in held}
        assert dict(zip(numbers.tolist(), counts.tolist(), strict=True)) == right, text
        assert numbers.tolist() == list(right), text


def test_nothing_stands_nowhere(place):
    assert list(standing(WhooshEngine(place)._passages, []).postings()) == []


def test_candidates_and_what_holds_a_text_are_those_of_a_plain_reading(place, reports, texts):
    scan = ScanEngine([report for number, report in enumerate(reports) if number not in (3, 11)])
    chance = random.Random(2)
    groups = [list(dict.fromkeys(chance.choices(texts, k=chance.randint(1, 6)))) for _ in range(15)]
    with open_index(place) as index:
        engine = index._engine
        same_groups(engine.candidates(groups, 7), scan.candidates(groups, 7))
        own, right = (one.holding_each([*texts[::6], texts[0]], 5) for one in (engine, scan))
        assert own.counts == right.counts
        assert [own.units(number) for number in range(len(own.counts))] == [right.units(number) for number in range(len(own.counts))]
        same_groups(own.newest, right.newest)
        for group in groups:
            (own, known), (right, right_known) = (one.holding_all([group, ["法治", "政府"]]) for one in (engine, scan))
            assert known == right_known == [True, True]
            assert passages_of(own) == passages_of(right)


def passages_of(texts):
    """What was found, each passage with its folded text and the number of its report."""
    numbers = range(texts.joined.count)
    found = texts.passages(numbers)
    of_reports = {one.report.id: number for one, number in zip(found, texts.reports.tolist(), strict=True)}
    assert [of_reports[one.report.id] for one in found] == texts.reports.tolist()
    return [(one.report.id, one.passage, texts.joined.text(number)) for number, one in zip(numbers, found, strict=True)]


def same_groups(own, right):
    """Whether two findings have the same passages in each group."""
    ours, others = passages_of(own.texts), passages_of(right.texts)
    assert [[ours[number] for number in group] for group in own.groups] == [[others[number] for number in group] for group in right.groups]


def test_an_empty_index_holds_nothing(tmp_path):
    WhooshWriter(tmp_path / "index").commit(Catalogue())
    engine = WhooshEngine(tmp_path / "index")
    assert engine.candidates([["法治"], ["哈哈"]], 3).groups == [[], []]
    held = engine.holding_each(["法治", "哈"], 3)
    assert (held.counts, held.newest.groups) == ([Counts(0, 0)] * 2, [[], []])
    texts, known = engine.holding_all([["法治", "哈"]])
    assert (texts.joined.count, known) == (0, [True])
