"""Figures over a whole index, on every engine; against a plain reading of what each passage gives."""

import random
from collections import Counter
from itertools import product

import pytest

from indexer import INDICATORS, InvalidRequest, Report, SearchRequest, fold
from indexer.model import passage_id
from indexer.stated import series_of

PIECES = [
    "受理行政复议案件{}件",
    "审结行政复议案件{}件",
    "办理法律援助案件{}件",
    "行政机关负责人出庭应诉率{}%",
    "召开座谈会{}场",
    "受案{}件",
    "全面推进依法行政",
]


def reports(seed=11, count=40):
    chance = random.Random(seed)
    for number in range(count):
        blocks = []
        for _ in range(chance.randint(1, 4)):
            pieces = [piece.format(chance.randint(1, 99)) for piece in chance.choices(PIECES, k=chance.randint(1, 3))]
            blocks.append((chance.choice([("一、成效",), ("二、问题",), ("三、行政复议与应诉",)]), "，".join(pieces) + "。"))
        yield Report.from_blocks(
            id=f"r{number:02}",
            title=f"报告{number}",
            year=chance.choice([None, 2019, 2020, 2021]),
            issuer=chance.choice([None, "彰武县人民政府", "阜新市司法局"]),
            region=chance.choice([None, "210922", "210900"]),
            blocks=blocks,
        )


@pytest.fixture(scope="module")
def held():
    return list(reports())


def plainly(held, passes):
    """The figures that pass, newest year first, then by report and place."""
    ordered = sorted(held, key=lambda report: (-(report.year or 0), report.id))
    return [(report.id, figure) for report in ordered for figure in report.statistics if passes(report, figure)]


def listed(found):
    return [(one.report.id, one.statistic) for one in found]


INDICATOR = "行政复议受理"


def test_these_texts_have_figures_of_indicators_and_others(held):
    counts = Counter(figure.indicator for report in held for figure in report.statistics)
    assert counts[INDICATOR] > 9
    assert counts[None] > 9
    assert "行政复议受案" in {figure.label for report in held for figure in report.statistics}


def test_figures_of_an_indicator_are_those_of_a_plain_reading(make_index, held):
    index = make_index(held)
    expected = plainly(held, lambda report, figure: figure.indicator == INDICATOR)
    page = index.statistics(INDICATOR, per_page=100)
    assert listed(page.statistics) == expected
    assert page.total == len(expected)
    assert all(one.sentence in one.passage.text for one in page.statistics)
    assert all(one.statistic.passage == passage_id(one.report.id, one.passage.anchor) for one in page.statistics)


@pytest.mark.parametrize("filters", [{"years": [2020]}, {"years": [None, 2021], "sections": ["主要举措和成效"]}, {"regions": ["210900"]}])
def test_figures_of_a_label_are_those_in_passages_that_filters_pass(make_index, held, filters):
    index = make_index(held)
    passing = {hit.id for hit in index.hits(SearchRequest.of(**filters))}

    def passes(figure):
        return figure.passage in passing

    for indicator, label in [
        (INDICATOR, None),
        (None, "召开座谈会"),
        (None, "召开 座谈会"),
        (None, "行政复议受案"),
        (None, "受案"),
        (INDICATOR, "受理行政复议案件"),
        (None, None),
    ]:
        found = index.statistics(indicator, label, per_page=100, **filters)
        expected = plainly(
            held,
            lambda report, figure, indicator=indicator, label=label: (
                passes(figure) and indicator in (None, figure.indicator) and (label is None or fold(label) == fold(figure.label))
            ),
        )
        assert listed(found.statistics) == expected[:100]
        assert found.total == len(expected)


def test_pages_go_on_from_each_other(make_index, held):
    index = make_index(held)
    whole = index.statistics(INDICATOR, per_page=100)
    pages = -(-whole.total // 3)
    paged = [one for number in range(1, pages + 1) for one in index.statistics(INDICATOR, page=number, per_page=3).statistics]
    assert listed(paged) == listed(whole.statistics)
    assert index.statistics(INDICATOR, page=pages + 1, per_page=3).statistics == []


def test_series_hold_every_figure_once(make_index, held):
    index = make_index(held)
    series = index.series(INDICATOR)
    found = [(one.report.id, one.statistic) for each in series for figures in each.years.values() for one in figures]
    assert sorted(found, key=repr) == sorted(plainly(held, lambda report, figure: figure.indicator == INDICATOR), key=repr)
    for each in series:
        for year, figures in each.years.items():
            assert {one.report.year for one in figures} == {year}
            assert {one.report.unit for one in figures} == {each.unit}
        known = [year for year in each.years if year is not None]
        assert known == sorted(known)
    assert len({(each.unit and each.unit.id, each.name) for each in series}) == len(series)


@pytest.mark.parametrize(
    "filters",
    [
        {"indicators": [INDICATOR]},
        {"indicators": [INDICATOR, "行政机关负责人出庭应诉率", "法律援助案件"], "query": "行政"},
        {"indicators": ["法律援助案件"], "years": [None, 2021], "sections": ["主要举措和成效"]},
        {"indicators": ["行政复议审结"], "units": [None]},
        {"indicators": ["公证"]},
        {"indicators": [INDICATOR], "query": "-审结"},
    ],
)
def test_the_overview_has_the_values_of_the_series(make_index, held, filters):
    index = make_index(held)
    wanted = SearchRequest.of(**filters)
    series = index.series(**filters)
    found = index.overview(wanted)
    assert found.figures == sum(len(figures) for each in series for figures in each.years.values())
    assert found.units == {
        (each.unit.id if each.unit else "", "" if each.unit else each.name): {
            year: {(one.statistic.value, one.statistic.to or "", one.statistic.unit) for one in figures}
            for year, figures in each.years.items()
        }
        for each in series
    }
    assert list(found.units) == [(each.unit.id if each.unit else "", "" if each.unit else each.name) for each in series]
    for year in (2019, 2020, 2021):
        assert sorted(found.values(year)) == sorted(value for each in series if (value := each.value(year)) is not None)


AGREEING = [
    "办结5.0件。",
    "办结5件，又办结5.00件。",
    "办结5件，办结5.0件。",
    "办结5件。",
    "办结5件，办结6件。",
    "办结率5至8%，男女比例3:1。",
    "男女比例3:2，办结5万件。",
]


OF_LABELS = [
    ("受理行政复议案件", {}),
    ("召开座谈会", {"years": [None, 2021]}),
    ("召开座谈会", {"query": "行政", "sort": "region"}),
    ("受理行政复议案件", {"indicators": [INDICATOR, "法律援助案件"]}),
    ("受理行政复议案件", {"units": [None, "210922"]}),
    *((label, {"query": "办结"}) for label in ("办结", "办结率", "男女比例")),
]


def test_the_overview_of_a_label_has_the_values_of_its_series(make_index, held):
    agreeing = [
        Report.from_blocks(id=f"a{number}", title="报告", year=2019 + number // 9, issuer=f"{number % 9}局", blocks=[((), text)])
        for number, text in enumerate(AGREEING * 5)
    ]
    index = make_index([*held, *agreeing])
    assert index.overview(SearchRequest.of(), "没有这样的").units == {}
    for label, filters in OF_LABELS:
        series = index.series(label=label, **filters)
        assert series
        found = index.overview(SearchRequest.of(**filters), label)
        assert found.figures == sum(len(figures) for each in series for figures in each.years.values())
        assert list(found.units) == [(each.unit.id if each.unit else "", each.name) for each in series]
        assert list(found.units.values()) == [
            {
                year: {(one.statistic.value, one.statistic.to or "", one.statistic.unit) for one in of_year}
                for year, of_year in each.years.items()
            }
            for each in series
        ]
        for year in (2019, 2020, 2021, 2022):
            assert found.values(year) == [value for each in series if (value := each.value(year)) is not None]


def test_indicators_say_how_many_reports_give_each(make_index, held):
    counted = {one.indicator.name: one for one in make_index(held).indicators(years=[2020, 2021])}
    assert list(counted) == [one.name for one in INDICATORS]
    for name, one in counted.items():
        giving = [r for r in held if r.year in (2020, 2021) and name in {figure.indicator for figure in r.statistics}]
        assert one.reports == len(giving)
        assert one.years == dict(Counter(report.year for report in giving))


def test_search_filters_by_indicator_and_counts_it(make_index, held):
    passages = [(r, p) for r in held for p in r.passages]
    giving = [(r, p) for r, p in passages if INDICATOR in {one.indicator for one in p.statistics}]
    page = make_index(held).search(indicators=[INDICATOR], facets=("indicator", "year"), per_page=1)
    assert page.total.paragraphs == len(giving)
    assert {one.value: one.count for one in page.facets["year"]} == dict(Counter(r.year for r, _ in giving))
    counts = Counter(name for _, p in passages for name in {one.indicator for one in p.statistics if one.indicator})
    assert {one.value: one.count for one in page.facets["indicator"] if one.value} == dict(counts)


def test_without_anything_wanted_it_is_an_error(make_index, held):
    with pytest.raises(InvalidRequest):
        make_index(held).statistics()


def test_too_many_passages_are_an_error(make_index, held, monkeypatch):
    monkeypatch.setattr("indexer.stated.figures.OCCURRENCES_LIMIT", 3)
    with pytest.raises(InvalidRequest, match="3"):
        make_index(held).statistics(INDICATOR)


def test_a_value_far_from_the_other_years_is_odd_and_several_are_no_value(held):
    from indexer import series_of
    from indexer.stated import StatedFigure

    def figures(year, *numbers):
        text = "".join(f"受理行政复议案件{number}件。" for number in numbers)
        report = Report.from_blocks(id=f"y{year}", title="题", year=year, issuer="彰武县人民政府", region="210922", blocks=[((), text)])
        return [StatedFigure(figure, report, report.passages[-1]) for figure in report.statistics]

    rows = [*figures(2018, 80), *figures(2019, 90), *figures(2020, 910), *figures(2021, 85), *figures(2022, 80, 90), *figures(2023, 70, 70)]
    (series,) = series_of(rows)
    assert [series.value(year) for year in range(2018, 2024)] == [80, 90, 910, 85, None, 70]
    assert series.odd == {2020}
    assert [len(series.years[year]) for year in (2022, 2023)] == [2, 2]


@pytest.mark.parametrize("cached", [True, False])
def test_figures_are_those_of_all_whichever_are_looked_at(make_index, held, cached, monkeypatch):
    if not cached:
        monkeypatch.setattr("indexer.search.facts.FIGURES_CACHED", 0)
    monkeypatch.setattr("indexer.stated.figures.READ_TOGETHER", 3)
    index = make_index(held)
    for wanted, label in [
        (SearchRequest.of(years=[2020, 2021, None]), None),
        (SearchRequest.of(indicators=[INDICATOR]), None),
        (SearchRequest.of(sort="region"), "召开座谈会"),
        (SearchRequest.of(years=[1990]), None),
    ]:
        found = index.all_statistics(wanted, label)
        at = [slice(0, 5), slice(3, None), slice(-4, None), slice(7, 3)]
        some = [listed(found[one]) for one in at]
        whole = listed(found)
        assert some == [whole[one] for one in at] == [listed(found[one]) for one in at]
        assert [listed([found[number]]) for number in range(len(found))] == [[one] for one in whole]
        series = index.all_series(wanted, label)
        expected = series_of(found)
        assert list(series[1:3]) == expected[1:3]
        assert [series[number] for number in range(len(series))] == list(series) == expected


def test_figures_are_as_many_as_are_read(make_index, held):
    index = make_index(held)
    names = sorted({one.indicator for report in held for one in report.statistics if one.indicator})
    assert len(names) > 2
    for years, wanted in product([(2019, 2020, None), (2021,)], [(), names[:1], names[1:3], ["行政复议没有这一项"]]):
        found = index.all_statistics(SearchRequest.of(years=years, indicators=wanted))
        expected = plainly(
            held, lambda report, one, years=years, wanted=wanted: report.year in years and (not wanted or one.indicator in wanted)
        )
        assert listed(found) == expected
        assert len(found) == len(expected)


def test_pages_of_series_hold_all_in_order_and_no_more_figures_than_are_shown(make_index, held, monkeypatch):
    index = make_index(held)
    series = index.all_series(SearchRequest.of(years=[2019, 2020, 2021, None]))
    every = list(series)
    sizes = [sum(map(len, one.years.values())) for one in every]
    for most, shown in product([1, 2, 3, 100], [1, 7, 12, 1_000]):
        monkeypatch.setattr("indexer.stated.series.FIGURES_SHOWN", shown)
        pages = series.pages(most)
        assert [one for page in pages for one in series[page]] == every
        for page in pages:
            assert 1 <= page.stop - page.start <= most
            assert page.stop - page.start == 1 or sum(sizes[page]) <= shown
            # The next one had no room.
            assert page.stop == len(every) or page.stop - page.start == most or sum(sizes[page.start : page.stop + 1]) > shown
    assert index.all_series(SearchRequest.of(years=[1990])).pages(most) == []


def test_figures_of_one_request_are_not_those_of_another_that_differs_in_sentence_or_novelty(make_index, monkeypatch):
    regions = ["210922", "210900", "210921", "210100", "210200"]
    common, own = "全面推进依法行政工作，受理行政复议案件38件。", "其中{}行政复议案件{}件办结。"
    held = [
        Report.from_blocks(
            id=f"r{number}",
            title="报告",
            year=2020,
            issuer="某府",
            region=region,
            blocks=[(("一、成效",), common), (("二、问题",), own.format("甲乙丙丁戊"[number], number + 1))],
        )
        for number, region in enumerate(regions)
    ]
    index = make_index(held)
    key = index.search("依法行政工作").hits[0].sentence
    requests = [SearchRequest.of(query="行政", **more) for more in ({}, {"novelty": "own"}, {"sentence": key})]
    found = [{one.passage.text for one in index.all_statistics(request)} for request in requests]
    without = {own.format(name, number) for number, name in enumerate("甲乙丙丁戊", 1)}
    assert found == [{common, *without}, without, {common}]
    # What is left out is not read either.
    monkeypatch.setattr("indexer.stated.figures.OCCURRENCES_LIMIT", len(held))
    assert len(index.all_statistics(SearchRequest.of(sentence=key))) == len(held)
