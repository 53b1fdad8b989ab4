"""Common sentences on every engine, against a plain reading of the texts; and after runs that changed and removed reports."""

import random
import re
from functools import cache
from itertools import pairwise

import pytest

from indexer import InvalidRequest, Report, SearchRequest, fold, open_index
from indexer.backends import open_writer
from indexer.boilerplate import keys_of, sentence_at, sentences
from indexer.catalogue import Catalogue
from indexer.search import Index
from tests.scan import ScanEngine
from tests.support import one_report

WORDS = [
    "依法行政",
    "行政复议",
    "法治政府",
    "建设工作",
    "执法监督",
    "持续推进",
    "办理案件",
    "普法宣传",
    "共3件",
    "12.5%",
    "（试行）",
    "A级",
]
UNITS = [f"{name}县人民政府" for name in ("彰武", "康平", "法库", "建平", "喀左", "义", "黑山", "台安")] + [None]
HAN = re.compile("[㐀-鿿]")


def random_sentence(chance):
    return "".join(chance.choices(WORDS, k=chance.randint(1, 7))) + chance.choice("。；！？。。")


def other_figures(chance, text):
    return re.sub(r"\d+", lambda _: str(chance.randint(0, 9999)), text)


def random_paragraph(chance, pool):
    parts = []
    for number in range(chance.randint(1, 5)):
        sentence = other_figures(chance, chance.choice(pool)) if chance.random() < 0.6 else random_sentence(chance)
        parts.append((chance.choice(["", "一二三四五"[number] + "是", "主要做法："]) if chance.random() < 0.3 else "") + sentence)
    text = "".join(parts)
    return text.rstrip("。") if chance.random() < 0.2 else text


def random_report(chance, pool, id):
    return Report.from_blocks(
        id=id,
        title=f"{chance.choice(['', '关于'])}2022年法治政府建设情况的报告",
        year=chance.choice([None, 2020, 2021, 2022]),
        issuer=chance.choice(UNITS),
        blocks=[(chance.choice([(), ("一、主要举措和成效",)]), random_paragraph(chance, pool)) for _ in range(chance.randint(1, 6))],
    )


def random_reports(chance, count=45):
    pool = [random_sentence(chance) for _ in range(14)]
    return pool, {f"r{number}": random_report(chance, pool, f"r{number}") for number in range(count)}


@cache
def plain_sentences(folded):
    """Spans and what is compared of each, None where it is too short; written once more, and otherwise."""
    ends = [m.end() for m in re.finditer(r"[。!?;]+[”’」』)》]*", folded)]
    ends += [
        m.start(1)
        for m in re.finditer(r"(?:^|[。;:!?])[”’」』)》]*([一二三四五六七八九]?十[一二三四五六七八九]?是|[一二三四五六七八九]是)", folded)
    ]
    bounds = sorted({0, len(folded), *ends})
    found = []
    for start, end in pairwise(bounds):
        bare = re.sub(r"[。!?;]+[”’」』)》]*$", "", folded[start:end])
        bare = re.sub("[0-9]", "", bare).strip()
        found.append((start, end, bare if len(HAN.findall(bare)) >= 12 else None))
    return found


class PlainReading:
    def __init__(self, reports):
        self.passages = [(report, passage, fold(passage.text)) for report in reports for passage in report.passages]
        self.reports, self.units, self.years = {}, {}, {}
        for report, _, folded in self.passages:
            for *_, sentence in plain_sentences(folded):
                if sentence is not None:
                    self.reports.setdefault(sentence, set()).add(report.id)
                    self.years.setdefault(sentence, set()).add(report.year)
                    self.units.setdefault(sentence, set()).update([report.unit.id] if report.unit else [])

    def is_common(self, sentence):
        return sentence is not None and len(self.units[sentence]) >= 5

    def share(self, folded):
        return sum(end - start for start, end, sentence in plain_sentences(folded) if self.is_common(sentence)) / len(folded)

    def hits(self, needles):
        """Id, share, and what is said of others of each passage that holds one of these; whether its sentence is common; its sentence."""
        found = {}
        for report, passage, folded in self.passages:
            starts = [at for needle in needles if (at := folded.find(needle)) >= 0]
            if starts:
                (sentence,) = (bare for start, end, bare in plain_sentences(folded) if start <= min(starts) < end)
                also = None
                if sentence is not None:
                    own = {report.unit.id} if report.unit else set()
                    also = (len(self.units[sentence] - own), len(self.reports[sentence] - {report.id}))
                found[f"{report.id}~{passage.anchor}"] = (self.share(folded), also, self.is_common(sentence), sentence)
        return found


def check(index, reports, chance, rounds):
    plain = PlainReading(reports)
    for _ in range(rounds):
        words = chance.sample(["行政", "法治政府", "执法", "持续推进", "件", "普法宣传", "报告"], chance.choice([1, 1, 2]))
        right = plain.hits([fold(word) for word in words])
        typed = " OR ".join(words)
        everything = list(index.hits(SearchRequest(typed)))
        said = {hit.id: (pytest.approx(hit.common), hit.also and (hit.also.units, hit.also.reports), hit.is_common) for hit in everything}
        assert said == {id: values[:3] for id, values in right.items()}, typed
        own = {id for id, (_, _, common, _) in right.items() if not common}
        kept = index.search(typed, novelty="own", per_page=100, facets=("year", "section"))
        assert kept.total.paragraphs == len(own)
        assert {hit.id for hit in index.hits(SearchRequest.of(typed, novelty="own"))} == own
        of = {f"{report.id}~{passage.anchor}": report for report, passage, _ in plain.passages}
        assert kept.total.reports == len({of[id].id for id in own})
        assert sum(one.count for one in kept.facets["year"]) == len(own)
        reports_listed = index.listed(SearchRequest.of(typed, novelty="own"))
        assert {one.report.id: one.paragraphs for one in reports_listed} == {
            id: sum(each.split("~")[0] == id for each in own) for id in {each.split("~")[0] for each in own}
        }
        assert sum(share.mentioning for share in index.years(SearchRequest.of(typed, novelty="own"))) == kept.total.reports
        if everything and (hit := chance.choice(everything)).sentence:
            copies = index.search(sentence=hit.sentence, per_page=100)
            holding = {
                f"{report.id}~{passage.anchor}"
                for report, passage, folded in plain.passages
                if right[hit.id][3] in [sentence for *_, sentence in plain_sentences(folded)]
            }
            assert copies.total.paragraphs == len(holding)
            assert {copy.id for copy in copies.hits} == holding or len(holding) > 100
    common = sorted((sentence for sentence in plain.units if plain.is_common(sentence)), key=lambda one: -len(plain.units[one]))
    listed = list(index.all_common_sentences())
    assert [one.units for one in listed] == [len(plain.units[sentence]) for sentence in common]
    for one in listed:
        ((*_, sentence),) = plain_sentences(fold(one.text))
        assert (one.units, one.reports) == (len(plain.units[sentence]), len(plain.reports[sentence]))
        assert one.first == min((year for year in plain.years[sentence] if year), default=None)
        assert sum(count for _, count in one.years) == one.reports
        assert sum(count for *_, count in one.provinces) == one.units
    report = chance.choice(reports)
    novelty = index.novelty(index.report(report.id))
    folded = [fold(passage.text) for passage in report.passages]
    shared = sum(plain.share(text) * len(text) for text in folded)
    assert novelty.own == pytest.approx(1 - shared / sum(map(len, folded)))
    spans = {
        passage.anchor: [passage.text[span.start : span.end] for span in novelty.common.get(passage.anchor, [])]
        for passage in report.passages
    }
    for passage in report.passages:
        text = fold(passage.text)
        assert list(map(fold, spans[passage.anchor])) == [
            text[s:e].strip() for s, e, bare in plain_sentences(text) if plain.is_common(bare)
        ]


@pytest.mark.parametrize("seed", [1])
def test_figures_are_those_of_a_plain_reading(make_index, seed):
    chance = random.Random(seed)
    _, reports = random_reports(chance)
    check(make_index(reports.values()), list(reports.values()), chance, 6)


@pytest.fixture(params=["whoosh", "opensearch"])
def location(request, tmp_path):
    return request.getfixturevalue("places")() if request.param == "opensearch" else tmp_path / "index"


def test_counts_follow_reports_that_are_changed_and_removed(location):
    chance = random.Random(5)
    pool, held = random_reports(chance, 30)
    todo = dict(held)
    for run in range(4):
        writer = open_writer(location)
        for report in todo.values():
            writer.put(report)
        gone = chance.sample(sorted(held), 5) if run else []
        for id in gone:
            del held[id]
            writer.drop(id)
        writer.commit(Catalogue())
        with open_index(location) as index:
            check(index, list(held.values()), chance, 2)
        changed = [*chance.sample(sorted(held), 5), *(f"new{run}-{number}" for number in range(4))]
        todo = {id: random_report(chance, pool, id) for id in changed}
        held |= todo


def test_a_sentence_is_common_from_five_units_on_and_no_more_when_one_is_gone(location):
    text = "我县坚持以习近平法治思想为指导，办理案件{}件。"
    reports = [one_report(text.format(n), id=f"r{n}", issuer=f"{name}县人民政府", year=2020) for n, name in enumerate("甲乙丙丁戊")]
    reports.append(one_report(text.format(77), id="again", issuer="甲县人民政府", year=2021))
    for dropped, also, common in [((), (4, 5), True), (("r1",), (3, 4), False), (("again",), (3, 3), False)]:
        writer = open_writer(location)
        for report in reports if not dropped else ():
            writer.put(report)
        for id in dropped:
            writer.drop(id)
        writer.commit(Catalogue())
        with open_index(location) as index:
            (hit,) = (hit for hit in index.search("办理案件").hits if hit.report.id == "r0")
            assert ((hit.also.units, hit.also.reports), hit.is_common, hit.common) == (also, common, float(common))
            assert index.search("办理案件", novelty="own").total.paragraphs == (0 if common else index.search("办理案件").total.paragraphs)


def test_without_a_match_nothing_is_common(make_index):
    index = make_index(
        [one_report("我县坚持以习近平法治思想为指导开展工作。", id=f"r{n}", issuer=f"{n}县人民政府", year=2020) for n in "甲乙丙丁戊"]
    )
    found = index.search(years=[2020], novelty="own")
    assert found.total.paragraphs == 10
    assert {(hit.also, hit.sentence) for hit in found.hits} == {(None, None)}
    assert [hit.common for hit in found.hits if hit.kind == "paragraph"] == [1.0] * 5
    # Matched by their year alone.
    assert index.search("普法 OR year:2020", novelty="own").total.paragraphs == 10


def test_a_wrong_key_of_a_sentence_is_refused(make_index):
    index = make_index([one_report("法治")])
    for wrong in ["法", "00", "0" * 13, "G" * 12]:
        with pytest.raises(InvalidRequest):
            index.search(sentence=wrong)
    assert index.search(sentence="0" * 12).total.paragraphs == 0


@pytest.mark.parametrize(
    ("text", "pieces"),
    [
        ("一二三。四五！六七？", ["一二三。", "四五！", "六七？"]),
        ("主要做法:一是健全制度,二是公开;三是监督", ["主要做法:", "一是健全制度,二是公开;", "三是监督"]),
        ("他说“好。”然后离开", ["他说“好。”", "然后离开"]),
        ("没有句号", ["没有句号"]),
        ("", []),
    ],
)
def test_sentences_end_at_marks_and_items(text, pieces):
    text = fold(text)
    spans = sentences(text)
    assert [text[span.start : span.end] for span in spans] == list(map(fold, pieces))
    assert all(sentence_at(text, at) == span for span in spans for at in range(span.start, span.end))


def test_the_sentence_at_an_offset_is_that_of_all_sentences():
    chance = random.Random(3)
    for _ in range(2_000):
        text = fold("".join(chance.choices("法治一二是十。；:：！”） a9\n", k=chance.randint(1, 30))))
        assert [sentence_at(text, at) for at in range(len(text))] == [one for one in sentences(text) for _ in range(one.start, one.end)], (
            text
        )


def test_figures_and_the_mark_at_the_end_are_left_aside():
    one, other = "全年办理行政复议案件38件,同比增长1.5%。", "全年办理行政复议案件1204件,同比增长11.0%;"
    assert keys_of(fold(one)) == keys_of(fold(other)) != set()
    assert keys_of(fold(one)) != keys_of(fold(one.replace("办理", "审理")))
    assert keys_of(fold("全年办理行政复议案件。")) == set()


@pytest.mark.slow
def test_five_hundred_random_requests_on_a_cluster(build_on_cluster):
    chance = random.Random(9)
    _, reports = random_reports(chance, 200)
    with open_index(build_on_cluster(reports.values())) as index:
        check(index, list(reports.values()), chance, 500)


def test_the_oracle_is_the_engine_that_reads_everything():
    chance = random.Random(11)
    _, reports = random_reports(chance, 80)
    check(Index(ScanEngine(reports.values())), list(reports.values()), chance, 10)
