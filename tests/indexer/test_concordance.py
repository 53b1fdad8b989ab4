import pytest

from indexer import Context, InvalidRequest, SearchRequest
from tests.support import one_report

TEXTS = ["畅通行政复议渠道，行政复议受理", "加强行政\u200b復議工作", "没有的"]


@pytest.fixture
def index(make_index):
    return make_index([one_report(text, id=f"r{number}", year=2020 + number) for number, text in enumerate(TEXTS)])


def lines(index, context, **wanted):
    page = index.concordance(SearchRequest.of("行政复议", **wanted), context)
    return [(line.before, line.match, line.after) for line in page.lines]


def test_each_occurrence_is_a_line_of_the_printed_text(index):
    assert set(lines(index, Context.NONE)) == {
        ("畅通", "行政复议", "渠道，行政复议受理"),
        ("畅通行政复议渠道，", "行政复议", "受理"),
        ("加强", "行政\u200b復議", "工作"),
    }


def test_left_sorts_from_the_match_outwards_and_right_onwards(index):
    assert [before[-1] for before, _, _ in lines(index, Context.LEFT)] == sorted("通，强", key=lambda char: {"，": ","}.get(char, char))
    assert [after[0] for _, _, after in lines(index, Context.RIGHT)] == sorted("渠受工")


def test_lines_are_as_many_as_occurrences_and_paged(index):
    total = index.search("行政复议").total.occurrences
    page = index.concordance(SearchRequest.of("行政复议", per_page=2, page=2))
    assert (page.total, page.pages, len(page.lines)) == (total, 2, 1)


def test_lines_are_of_passages_that_filters_pass(index):
    assert len(lines(index, Context.NONE, years=(2020,))) == 2


def test_context_is_twenty_characters(make_index):
    index = make_index([one_report("甲" * 50 + "复议" + "乙" * 50)])
    (line,) = index.concordance(SearchRequest("复议")).lines
    assert (line.before, line.after) == ("甲" * 20, "乙" * 20)


def test_it_needs_something_to_look_for(index):
    with pytest.raises(InvalidRequest):
        index.concordance(SearchRequest.of("", years=(2020,)))
