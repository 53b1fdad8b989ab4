from urllib.parse import parse_qsl

import pytest
from hypothesis import given
from hypothesis import strategies as st
from werkzeug.datastructures import MultiDict

from indexer import FACETS, STANDARD_PARTS, InvalidRequest, Kind, Mode, ReportType, SearchRequest, Sort
from webui.params import read_request, write_args


def some(values):
    return st.lists(st.sampled_from(list(values)), max_size=3, unique=True).map(tuple)


requests = st.builds(
    SearchRequest.of,
    query=st.text(st.characters(exclude_categories=["Cs"]), max_size=20),
    mode=st.sampled_from(Mode),
    years=some([None, 2019, 2022]),
    year_from=st.sampled_from([None, 2018, 2019]),
    year_to=st.sampled_from([None, 2020]),
    regions=some([None, "210921", "阜新市"]),
    issuers=some([None, "某县 司法局", "a&b=c"]),
    sections=some([None, *STANDARD_PARTS]),
    types=some(ReportType),
    kinds=some(Kind),
    same=st.sampled_from([None, "r1~1.1.p1"]),
    sort=st.sampled_from(Sort),
    page=st.integers(1, 10**6),
    per_page=st.integers(1, 100),
    facets=some(FACETS),
    collapse=st.booleans(),
)


@given(requests, st.sampled_from([{}, {"collapse": True}]))
def test_a_written_request_reads_as_the_same_request(request, defaults):
    args = MultiDict(parse_qsl(write_args(request, defaults=defaults), keep_blank_values=True))
    assert read_request(args, defaults=defaults) == request


def test_a_change_leads_to_the_first_page():
    request = SearchRequest("法治", page=7)
    assert "page" not in write_args(request, years=(2022,))
    assert "page=8" in write_args(request, page=8)


@pytest.mark.parametrize(
    "args",
    [
        [("bogus", "1")],
        [("page", "0")],
        [("page", "x")],
        [("page", "1"), ("page", "2")],
        [("per_page", "101")],
        [("year", "abc")],
        [("year", "²")],
        [("year", "10000")],
        [("year_from", "2023"), ("year_to", "2020")],
        [("mode", "fuzzy")],
        [("sort", "?")],
        [("section", "执法")],
        [("facets", "secret")],
        [("collapse", "yes")],
        [("kind", "unknown")],
    ],
    ids=lambda args: args[0][0] + "=" + args[0][1],
)
def test_impossible_arguments_are_refused_by_name(args):
    with pytest.raises(InvalidRequest) as caught:
        read_request(MultiDict(args))
    assert caught.value.problems[0].param == args[0][0]


def test_empty_arguments_count_as_not_given():
    assert read_request(MultiDict([("q", "法治"), ("year_from", ""), ("region", "")])) == SearchRequest("法治")


def test_facets_may_be_written_several_times():
    assert read_request(MultiDict([("q", "法治"), ("facets", "year,type"), ("facets", ""), ("facets", "region")])).facets == (
        "year",
        "type",
        "region",
    )
