"""Completion, other writings, the word list."""

import re
from collections import Counter
from importlib.resources import files

import pytest

from indexer import IndexOutdated, OtherWriting, Report, SearchRequest, build_index, open_index
from indexer.analysis import lexicon
from indexer.analysis.fold import fold
from indexer.analysis.words import search_words
from tests.support import one_report


@pytest.fixture
def index(make_index):
    blocks = [(("(一)行政执法规范化",), "行政复议和行政执法，深化放管服改革"), (("(一)行政执法规范化",), "行政复议"), ((), "简政放权")]
    return make_index([Report.from_blocks(title="报告", blocks=blocks), one_report("公开 行政复议")])


def test_completion_comes_from_words_and_headings_most_frequent_first(index):
    found = index.suggest("行政")
    assert found[0] == ("行政复议", 3)
    assert ("行政执法", 2) in found
    assert ("行政执法规范化", 1) in found


def test_completion_keeps_what_stands_before_the_last_word(index):
    assert ("公开 行政复议", 3) in index.suggest("公开 行政复")


@pytest.mark.parametrize("typed", ["", "公开 ", "没有的", "政" * 201])
def test_nothing_to_complete(index, typed):
    assert index.suggest(typed) == []


def test_a_text_is_completed_as_long_as_it_may_be_a_query(index):
    assert ("甲" * 195 + " 行政复议", 3) in index.suggest("甲" * 195 + " 行政复")
    assert index.suggest("甲" * 196 + " 行政")
    assert index.suggest("甲" * 197 + " 行政")
    assert index.suggest("甲" * 198 + " 行政") == []


def test_a_sentence_that_stands_nowhere_may_be_asked_for_by_its_words(index):
    assert index.explain(SearchRequest("怎么申请行政复议")).words == index.search("怎么申请行政复议", mode="any").total.paragraphs == 3
    assert index.explain(SearchRequest("怎么申请行政复议", mode="all")).words == 0
    assert index.explain(SearchRequest("？！")).words == 0


def test_other_writings_are_offered_and_never_applied(index):
    request = SearchRequest("放管服")
    ((typed, writings),) = index.synonyms(request)
    assert typed == "放管服"
    assert OtherWriting("简政放权", 1) in writings
    assert index.run(request).total.paragraphs == 1


def test_chosen_writings_are_looked_for_as_well(index):
    widened = index.widened(SearchRequest("放管服 -公开"), ["简政放权", "没有在表里"])
    assert widened == '("放管服" OR "简政放权") -"公开"'
    assert index.search(widened).total.paragraphs == 2
    assert index.synonyms(SearchRequest(widened)) == []


def test_what_is_excluded_is_not_widened(index):
    assert index.synonyms(SearchRequest("行政 -放管服")) == []


def test_of_a_sentence_and_of_nothing_no_other_writings_are_offered(index):
    assert index.synonyms(SearchRequest("放管服", mode="all")) == []
    assert index.synonyms(SearchRequest.of(years=[2022])) == []


def test_a_writing_that_adds_no_passage_is_not_offered(make_index):
    index = make_index([one_report("优化法治化营商环境", "放管服和简政放权"), one_report("营商环境", "简政放权、放管结合、优化服务")])
    assert index.synonyms(SearchRequest("营商环境")) == []
    # Each is counted by what it adds to the query, filters and all.
    offered = index.synonyms(SearchRequest("放管服"))
    assert offered == [("放管服", [OtherWriting("简政放权、放管结合、优化服务", 1), OtherWriting("简政放权", 1)])]
    assert index.synonyms(SearchRequest("放管服 营商环境")) == []
    assert index.synonyms(SearchRequest.of("放管服", kinds=["title"])) == []


def test_plain_words_lead_to_the_official_ones_and_not_back(make_index):
    index = make_index([one_report("办理行政诉讼案件", "行政诉讼应诉", "作出行政处罚", "聘请法律顾问", "公职律师")])
    assert index.synonyms(SearchRequest("民告官")) == [("民告官", [OtherWriting("行政诉讼", 2)])]
    assert index.widened(SearchRequest("民告官"), ["行政诉讼"]) == '"民告官" OR "行政诉讼"'
    assert index.synonyms(SearchRequest("打官司")) == [("打官司", [OtherWriting("诉讼", 2)])]
    assert index.synonyms(SearchRequest("罚款")) == [("罚款", [OtherWriting("行政处罚", 1)])]
    assert index.synonyms(SearchRequest("行政诉讼")) == index.synonyms(SearchRequest("法律顾问")) == []


def plain_rows():
    text = files(lexicon.__name__).joinpath("plain.tsv").read_text(encoding="utf-8")
    return [line.split("\t") for line in text.splitlines() if not line.startswith("#")]


def test_each_plain_word_stands_once_with_its_official_one_and_a_source():
    rows = plain_rows()
    assert len(rows) >= 200
    assert [row for row in rows if len(row) != 3 or any(not cell or cell != cell.strip() for cell in row)] == []
    folded = [(fold(plain), fold(official)) for plain, official, _ in rows]
    assert [plain for plain, times in Counter(plain for plain, _ in folded).items() if times > 1] == []
    # An official word that holds the plain one could add no passage.
    assert not [pair for pair in folded if pair[0] in pair[1]]
    assert all(official in lexicon.other_writings()[plain] for plain, official in folded)


def test_each_source_of_an_official_word_is_named_in_full():
    # A title, then a number or a year, then an article: a bare number such as 国办发〔2018〕118号 leads nobody to the text.
    number = "[一二三四五六七八九十百]+"
    source = re.compile(rf"(?:(?!第{number}条)[^（）；〔〕]){{3,}}(?:（[^（）；]+）)*(?:第{number}条(?:第{number}款)?)?")
    assert [row for row in plain_rows() if not all(map(source.fullmatch, row[2].split("；")))] == []


def test_every_group_of_writings_is_folded_and_mutual():
    table = lexicon.synonyms()
    for writing, others in table.items():
        assert writing == fold(writing)
        for other in others:
            assert writing in table[other]


def test_listed_words_are_cut_as_one():
    assert {"一网通办", "放管服"} <= set(search_words("推进一网通办和放管服改革"))


def test_a_changed_word_list_asks_for_a_full_reindex(tmp_path, monkeypatch):
    build_index(tmp_path / "index", [one_report("法治")])
    monkeypatch.setattr("indexer.analysis.words.words_text", lambda: "新词\n")
    with pytest.raises(IndexOutdated, match="reindex --full"):
        open_index(tmp_path / "index")


TYPED = ("三项制度", "放管服", "一府两院", "学法用法", "行政裁量权", "柔性执法")


@pytest.mark.parametrize(
    ("query", "some"),
    [
        pytest.param("三项制度 放管服 一府两院 学法用法 行政裁量权 柔性执法", True, id="more_than_fit"),
        pytest.param("放管服 OR 一府两院 -柔性执法", True, id="all_fit"),
        pytest.param(" ".join(["放管服"] * 20), False, id="no_more_terms"),
        pytest.param("放管服 " + "一" * 190, False, id="no_more_characters"),
    ],
)
def test_all_writings_offered_can_be_looked_for_together(make_index, query, some):
    typed = [term for term in TYPED if term in query]
    others = lexicon.synonyms()
    texts = ["，".join([other, *(one for one in typed if one != term)]) for term in typed for other in others[term]]
    index = make_index([one_report(*texts, *(other for term in typed for other in others[term]))])
    wanted = SearchRequest(query)
    chosen = [writing.text for _, writings in index.synonyms(wanted) for writing in writings]
    index.search(index.widened(wanted, chosen) if chosen else query)
    assert bool(chosen) == some
