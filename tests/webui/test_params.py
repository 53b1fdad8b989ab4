import re
from urllib.parse import parse_qsl

import pytest
from hypothesis import given
from hypothesis import strategies as st
from werkzeug.datastructures import MultiDict

from indexer import FACETS, STANDARD_PARTS, Context, InvalidRequest, Kind, Mode, ReportType, SearchRequest, Sort
from webui import params
from webui.params import Param, read_context, read_mention, read_one, read_request, refuse_arguments, write_args


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


def test_addresses_stay_what_they_are():
    request = SearchRequest.of(
        "法 治", mode="all", years=[2020, None], year_from=2019, year_to=2022, regions=["210900", None], levels=["县"], issuers=["某&县"],
        units=["210922"], sections=["行政执法"], types=["report"], kinds=["paragraph"], instruments=["行政处罚法"],
        indicators=["行政复议受理"], same="r1~1.p1", sentence="0" * 12, novelty="own", sort="-year", page=3, per_page=50,
        facets=("year", "type"), collapse=True,
    )  # fmt: skip
    assert parse_qsl(write_args(request)) == [
        ("q", "法 治"), ("mode", "all"), ("year", "2020"), ("year", "unknown"), ("year_from", "2019"), ("year_to", "2022"),
        ("region", "210900"), ("region", "unknown"), ("issuer", "某&县"), ("unit", "210922"), ("level", "县"), ("type", "report"),
        ("kind", "paragraph"), ("section", "行政执法"), ("indicator", "行政复议受理"), ("instrument", "行政处罚法"), ("same", "r1~1.p1"),
        ("sentence", "0" * 12), ("novelty", "own"), ("sort", "-year"), ("page", "3"), ("per_page", "50"), ("facets", "year,type"),
        ("collapse", "1"),
    ]  # fmt: skip
    assert write_args(SearchRequest()) == ""
    assert write_args(SearchRequest("法"), defaults={"collapse": True}) == "q=%E6%B3%95&collapse=0"
    assert write_args(SearchRequest("法", page=2), years=[None], facets=("type",)) == "q=%E6%B3%95&year=unknown&facets=type"


def problem_with(*args, **options):
    with pytest.raises(InvalidRequest) as caught:
        read_request(MultiDict(args), **options)
    return [(one.param, one.code, dict(one.params)) for one in caught.value.problems]


@pytest.mark.parametrize("name", ["page", "per_page", "year", "year_from", "year_to"])
def test_numbers_have_bounds_that_are_said(name):
    least, most = {"page": (1, 999_999_999), "per_page": (1, 100)}.get(name, (0, 9999))
    for number in (least, most):
        args = [(name, str(number))]
        assert parse_qsl(write_args(read_request(MultiDict(args)))) == ([] if args == [("page", "1")] else args)
    beyond = [most + 1] if least == 0 else [least - 1, most + 1]
    for number in beyond:
        if number > 999_999_999:
            assert problem_with((name, str(number))) == [(name, "no-number", {"value": str(number)})]
        else:
            right = {"name": name, "value": number, "least": least, "most": most}
            assert problem_with((name, str(number))) == [(name, "out-of-range", right)]
    assert problem_with((name, "１x")) == [(name, "no-year" if name == "year" else "no-number", {"value": "1x"})]


def test_every_problem_is_said_at_once_and_what_may_stand_there():
    right = [("colour", "no-parameter", {"name": "colour"}), ("mode", "no-choice", {"value": "x", "known": tuple(Mode)})]
    assert problem_with(("mode", "x"), ("colour", "1")) == right
    assert problem_with(("collapse", "2")) == [("collapse", "no-choice", {"value": "2", "known": ("0", "1")})]
    assert problem_with(("q", "法"), ("q", "治")) == [("q", "only-once", {"name": "q"})]
    assert problem_with(("q", "法"), ("page", "2"), only=("q", "mode")) == [("page", "no-parameter", {"name": "page"})]
    assert read_request(MultiDict([("q", "法"), ("by", "year")]), only=("q",), also=("by",)) == SearchRequest("法")
    assert read_request(MultiDict([("q", "法"), ("q", "")])) == SearchRequest("法")


def test_a_filter_has_fifty_values_and_no_more():
    values = [("year", str(year)) for year in range(2000, 2050)]
    assert len(read_request(MultiDict(values)).values("year")) == 50
    assert problem_with(*values, ("year", "2050")) == [("year", "too-many-values", {"name": "year", "count": 51, "most": 50})]


@pytest.mark.parametrize(
    ("param", "text", "value"),
    [
        (params.MENTION, "no", "no"),
        (params.MATRIX_SORT, "first", "first"),
        (params.WORDS_OF, "subset", "subset"),
        (params.WORD_SORT, "ratio", "ratio"),
        (params.WORD_SIDE, "less", "less"),
        (params.UNIT_SORT, "-reports", "-reports"),
        (params.EXPECTED, "table", "table"),
        (params.STATE, "missing", "missing"),
        (params.BY_YEAR, "year", "year"),
        (params.BATCH_BY, "region", "region"),
        (params.COMMON, "full", "full"),
        (params.DIFFERING, "1", True),
        (params.DIFFERING, "0", False),
        (params.HIT, "1", 1),
        (params.PASSAGE, "r~1.p1", "r~1.p1"),
    ],
    ids=lambda value: value.name if isinstance(value, Param) else str(value),
)
def test_an_argument_of_one_view_is_read_alone(param, text, value):
    assert read_one(param, MultiDict([(param.name, text)])) == value
    assert read_one(param, MultiDict([(param.name, "")])) is read_one(param, MultiDict()) is None
    if param is not params.PASSAGE:
        with pytest.raises(InvalidRequest):
            read_one(param, MultiDict([(param.name, "?")]))


def test_a_text_that_is_no_query_has_a_limit():
    longest = "x" * params.LONGEST_VALUE
    assert read_one(params.PASSAGE, MultiDict([("passage", longest)])) == longest
    for name in ("unit", "issuer", "instrument", "indicator", "region", "same", "sentence"):
        with pytest.raises(InvalidRequest) as caught:
            read_request(MultiDict([("q", "法治"), (name, longest + "x")]))
        assert [(one.param, one.code) for one in caught.value.problems] == [(name, "too-long")]


def test_which_reports_and_which_order_of_lines_are_wanted():
    assert (read_mention(MultiDict([("mention", "no")])), read_mention(MultiDict())) == (False, None)
    assert [read_context(MultiDict([("context", name)])) for name in ("left", "right", "none", "")] == [
        Context.LEFT,
        Context.RIGHT,
        Context.NONE,
        Context.NONE,
    ]
    refuse_arguments(MultiDict())
    with pytest.raises(InvalidRequest) as caught:
        refuse_arguments(MultiDict([("year", "2020"), ("x", "")]))
    assert [one.param for one in caught.value.problems] == ["year", "x"]


def test_every_argument_says_in_sentences_what_it_means():
    every = [*params.PARAMS, *(one for one in vars(params).values() if isinstance(one, Param)), *params.UNITS_OF_SIDES]
    assert [one.name for one in every if not re.fullmatch(r"[A-Za-z0-9].*[.)]", one.meaning, re.DOTALL)] == []
    assert [param.name for param in params.UNITS_OF_SIDES] == ["left_unit", "right_unit"]
