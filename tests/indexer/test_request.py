import tracemalloc

import pytest

from indexer import InvalidRequest, Report, SearchRequest, find_region
from indexer.facets import conditions


@pytest.mark.parametrize(
    ("wanted", "filters"),
    [
        pytest.param({"regions": "210921"}, (("region", ("210921",)),), id="a_text_is_one_value"),
        pytest.param({"years": 2022}, (("year", (2022,)),), id="a_number_is_one_value"),
        pytest.param({"years": None}, (("year", (None,)),), id="none_is_the_unknown_value"),
        pytest.param({"issuers": ["甲", "乙"]}, (("issuer", ("甲", "乙")),), id="several"),
        pytest.param({"issuers": (name for name in ["甲"])}, (("issuer", ("甲",)),), id="any_iterable"),
    ],
)
def test_one_value_or_several(wanted, filters):
    assert SearchRequest.of("法治", **wanted).filters == filters


def test_one_facet_may_be_given_as_a_string():
    assert SearchRequest.of("法治", facets="year").facets == ("year",)


@pytest.mark.parametrize(
    ("bounds", "found"),
    [
        ({"year_to": 0}, 0),
        ({"year_from": 0}, 3),
        ({"year_to": 2019}, 1),
        ({"year_from": 2020}, 2),
        ({"year_from": 2020, "year_to": 2020}, 1),
    ],
)
def test_years_within_bounds(make_index, bounds, found):
    index = make_index(
        Report.from_blocks(title="报告", id=str(year), year=year, blocks=[((), "法治")]) for year in (2019, 2020, 2021, None)
    )
    assert index.search("法治", **bounds).total.paragraphs == found


def test_texts_given_as_values_are_not_held_in_memory():
    def ask(text):
        with pytest.raises(InvalidRequest):
            find_region(text)
        conditions(SearchRequest.of("法治", issuers=[text]))

    ask("甲")
    tracemalloc.start()
    for number in range(200):
        ask(f"{number}" + "甲" * 50_000)
    held = tracemalloc.get_traced_memory()[0]
    tracemalloc.stop()
    assert held < 1_000_000


@pytest.mark.parametrize(
    ("wanted", "param", "code"),
    [
        ({"regions": 210921}, "region", "no-string"),
        ({"issuers": ["甲", 1.5]}, "issuer", "no-string"),
        ({"years": "2022"}, "year", "no-number"),
        ({"years": [2022, True]}, "year", "no-number"),
        ({"year_from": 2022.5}, "year_from", "no-year"),
        ({"year_to": "2022"}, "year_to", "no-year"),
        ({"page": "1"}, "page", "no-number"),
        ({"per_page": 2.5}, "per_page", "no-number"),
    ],
)
def test_a_value_of_another_type_is_refused(wanted, param, code):
    with pytest.raises(InvalidRequest) as caught:
        SearchRequest.of("法治", **wanted)
    assert [(problem.param, problem.code) for problem in caught.value.problems] == [(param, code)]
