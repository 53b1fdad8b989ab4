"""What a search gives, on every engine."""

import random
from dataclasses import replace

import pytest

from indexer import InvalidQuery, InvalidRequest, Kind, NotFound, Report, SearchRequest, Sort, fold, parse_file
from tests.support import FIRST_REPORT, one_report

TYPED = [
    "6+1类",
    "99.6%",
    "〔2022〕7号",
    "“放管服”",
    "12·4",
    "村(居)民",
    "帮(代)办",
    "保畅通 保复产",
    "阜新蒙古族自治县2022年",
    "，",
    "９９．６％",
    "行政復議",
]


@pytest.fixture
def first(make_index):
    return make_index([parse_file(FIRST_REPORT)])


@pytest.mark.parametrize("typed", TYPED)
@pytest.mark.parametrize("way", ["quoted", "literal"])
def test_everything_typed_is_found(first, typed, way):
    page = first.search(f'"{typed}"') if way == "quoted" else first.search(typed, mode="literal")
    report = parse_file(FIRST_REPORT)
    right = {passage.anchor for passage in report.passages if fold(typed) in fold(passage.text)}
    assert right
    assert {hit.anchor for hit in page.hits} == right
    for hit in page.hits:
        assert [fold(hit.text[start:end]) for start, end in hit.matches] == [fold(typed)] * len(hit.matches)


@pytest.mark.unmeasured
def test_random_substrings_are_found_exactly(first):
    report = parse_file(FIRST_REPORT)
    texts = {passage.anchor: passage.text for passage in report.passages}
    chance = random.Random(3)
    for _ in range(200):
        text = chance.choice(list(texts.values()))
        start = chance.randrange(len(text))
        typed = text[start : start + chance.randint(1, 12)].strip()
        if not fold(typed):
            continue
        page = first.search(typed, mode="literal", per_page=100)
        right = {place: fold(t).count(fold(typed)) for place, t in texts.items() if fold(typed) in fold(t)}
        assert {hit.anchor: len(hit.matches) for hit in page.hits} == right, typed
        assert page.total.occurrences == sum(right.values())


def test_headings_and_the_title_are_found(first):
    kinds = [hit.kind for hit in first.search("2022年法治政府建设").hits]
    assert {Kind.HEADING, Kind.TITLE} < set(kinds)


def test_all_words_must_occur(first):
    assert [hit.anchor for hit in first.search("行政复议 张彪").hits] == ["1.6.p1"]


def test_a_hit_names_its_section_and_item(first):
    hit = first.search("行政复议体制").hits[0]
    assert [section.number for section in hit.section] == ["一、", "(六)"]
    assert hit.item == 4
    # The snippet says 四是 itself.
    assert hit.snippet.text.startswith("四是")
    assert hit.snippet.item is None
    assert hit.report.year == 2022


def test_overlapping_occurrences_are_united_and_touching_ones_are_two(make_index):
    index = make_index([one_report("行政复议行政复议"), one_report("哈哈哈")])
    assert index.search("行政复 政复议").hits[0].matches == [(0, 4), (4, 8)]
    page = index.search("哈哈")
    assert (page.hits[0].matches, page.total.occurrences) == ([(0, 2)], 1)


def test_where_texts_overlap_only_some_passages_have_them_the_others_are_counted_as_they_are(make_index):
    index = make_index([one_report("审判员，判员。", "审判，判员。", "审判。", "判员，判员。")])
    page = index.search('"审判" OR "判员"')
    assert {hit.text: len(hit.matches) for hit in page.hits} == {"审判员，判员。": 2, "审判，判员。": 2, "审判。": 1, "判员，判员。": 2}
    assert page.total.occurrences == 7


def test_of_near_only_qualifying_occurrences_are_marked(make_index):
    index = make_index([one_report("决策甲听证" + "空" * 30 + "决策")])
    page = index.search("决策 NEAR/3 听证")
    assert page.hits[0].matches == [(0, 2), (3, 5)]
    assert page.total.occurrences == 2


def test_marks_reach_across_what_the_fold_drops(make_index):
    index = make_index([one_report("推进行\u200b政 复議工作")])
    hit = index.search("行政复议").hits[0]
    assert hit.text[slice(*hit.matches[0])] == "行\u200b政 复議"


def test_more_occurrences_rank_higher_and_equals_by_year_id_place(make_index):
    index = make_index(
        [
            one_report("法治很好", id="b", year=2020),
            one_report("法治很好", id="a", year=2020),
            one_report("法治很好", id="n"),
            one_report("法治很好", "法治法治", id="c", year=2023),
        ]
    )
    assert [hit.id for hit in index.search("法治").hits] == ["c~0.p2", "c~0.p1", "a~0.p1", "b~0.p1", "n~0.p1"]


@pytest.mark.parametrize(
    ("sort", "years"),
    [("-year", [2023, 2020, 2018, None]), ("year", [2018, 2020, 2023, None])],
)
def test_unknown_years_come_last_in_both_directions(make_index, sort, years):
    index = make_index([one_report("法治", id=f"r{year}", year=year) for year in (2020, None, 2023, 2018)])
    assert [hit.report.year for hit in index.search("法治", sort=sort).hits] == years


def test_collapse_keeps_the_first_and_counts_the_others(make_index):
    index = make_index([one_report("法治", id=f"r{year}", year=year) for year in (2020, 2021)] + [one_report("法治 好", id="x")])
    page = index.search("法治", collapse=True, kinds=["paragraph"])
    assert {hit.id: hit.same for hit in page.hits} == {"r2021~0.p1": 1, "x~0.p1": 0}
    assert (page.total.paragraphs, page.total.hits) == (3, 2)


def test_the_others_of_a_collapsed_hit_are_found_by_its_id(make_index):
    index = make_index([one_report("法治", id=f"r{year}", year=year) for year in (2020, 2021)] + [one_report("法治 好", "法 治", id="x")])
    (hit,) = [hit for hit in index.search("法治", collapse=True, kinds=["paragraph"]).hits if hit.same]
    page = index.search("法治", same=hit.id, facets=("year",))
    assert page.total.paragraphs == hit.same + 1
    assert {other.id for other in page.hits} == {"r2021~0.p1", "r2020~0.p1", "x~0.p2"}
    assert index.search(same=hit.id, years=[2020]).total.paragraphs == 1
    with pytest.raises(NotFound):
        index.search("法治", same="r2021~9")


def test_a_facet_ignores_its_own_filter(make_index):
    index = make_index([one_report("法治", id=f"r{year}", year=year) for year in (2020, 2021)])
    page = index.search("法治", years=[2020], facets=("year",), kinds=["paragraph"])
    assert page.total.paragraphs == 1
    assert [(entry.value, entry.count) for entry in page.facets["year"]] == [(2020, 1), (2021, 1)]


def test_a_region_holds_what_is_below_it(make_index):
    index = make_index([one_report("法治", id="x", region="210921"), one_report("法治", id="y", region="110105")])
    page = index.search("法治", regions=["辽宁省"], facets=("region",), kinds=["paragraph"])
    assert [hit.report.id for hit in page.hits] == ["x"]
    assert ("210900", "阜新市", 1) in [(entry.value, entry.label, entry.count) for entry in page.facets["region"]]


def test_a_place_of_any_level_and_any_year_is_filtered_by_and_counted(make_index):
    index = make_index(
        [
            one_report("法治", id="town", region="210922115"),
            one_report("法治", id="county", region="210922"),
            one_report("法治", id="before", region="522222", year=2010),
            one_report("法治", id="after", region="520621", year=2022),
            one_report("法治", id="merged", region="110103", year=2008),
        ]
    )

    def found(*regions):
        return sorted(hit.report.id for hit in index.search("法治", regions=regions, kinds=["paragraph"]).hits)

    assert found("大冷镇") == found("210922115") == ["town"]
    assert found("彰武县") == found("２１０９２２") == ["county", "town"]
    assert found("辽宁") == ["county", "town"]
    assert found("江口县") == found("522222") == found("铜仁地区") == ["after", "before"]
    assert found("崇文区") == found("北京") == ["merged"]
    assert found("大冷镇", "江口县") == ["after", "before", "town"]
    page = index.search("法治", facets=("region",), kinds=["paragraph"], sort="region")
    counts = {entry.value: (entry.label, entry.count) for entry in page.facets["region"]}
    assert counts["210922115"] == ("大冷镇", 1)
    assert counts["210922"] == ("彰武县", 2)
    assert counts["210000"] == ("辽宁省", 2)
    assert counts["520600"] == ("铜仁市", 2)
    assert counts["110103"] == ("崇文区", 1)
    assert {hit.report.id: hit.report.region.path for hit in page.hits} == {
        "merged": ("北京市", "崇文区"),
        "county": ("辽宁省", "阜新市", "彰武县"),
        "town": ("辽宁省", "阜新市", "彰武县", "大冷镇"),
        "before": ("贵州省", "铜仁地区", "江口县"),
        "after": ("贵州省", "铜仁市", "江口县"),
    }
    assert [hit.report.id for hit in page.hits] == ["merged", "county", "town", "after", "before"]


def test_a_filter_alone_browses_and_nothing_at_all_is_refused(make_index):
    index = make_index([one_report("甲", "乙", year=2020)])
    assert index.search(years=[2020]).total.paragraphs == 3
    with pytest.raises(InvalidRequest):
        index.search()
    with pytest.raises(InvalidRequest):
        index.search(kinds=["paragraph"])


def test_pages_go_on_where_the_one_before_ended_and_past_the_end_are_empty(make_index):
    index = make_index([one_report(*(f"法治{n}" for n in range(25)))])
    whole = [hit.id for hit in index.search("法治", per_page=100).hits]
    assert [hit.id for page in (1, 2, 3) for hit in index.search("法治", page=page, per_page=10).hits] == whole
    assert index.search("法治", page=99).hits == []


def test_all_reports_are_those_of_the_pages_in_their_order(make_index):
    texts = [["法治"] * (1 + number % 4) + ["政府"] for number in range(30)]
    index = make_index(
        [one_report(*held, id=f"r{number}", year=2000 + number % 7 if number % 5 else None) for number, held in enumerate(texts)]
        + [one_report("没有", id="none", region="210921")]
    )
    one = next(iter(index.reports(SearchRequest()))).id
    for wanted in (
        SearchRequest(),
        SearchRequest(per_page=3, page=2),
        SearchRequest("法治 政府 OR 没有"),
        SearchRequest("法治"),
        SearchRequest.of("法治", years=(2003, None)),
        SearchRequest.of(kinds=(Kind.PARAGRAPH,), sort=Sort.OLDEST),
        SearchRequest.of(sections=(None,)),
        SearchRequest(same=f"{one}~t", sort=Sort.REGION),
        SearchRequest("哪里都没有"),
    ):
        listed = index.list_reports(replace(wanted, page=1, per_page=100))
        assert list(index.reports(wanted)) == [each.report for each in listed.reports], wanted
    with pytest.raises(InvalidQuery):
        index.reports(SearchRequest("("))


def test_rank_gives_what_search_gives(make_index):
    index = make_index([one_report(*(f"法治{n}{'法治' * (n % 3)}" for n in range(25)))])
    ranking, page = index.rank("法治 OR 1", top=10), index.search("法治 OR 1", per_page=10)
    assert (ranking.total, ranking.ids) == (page.total.paragraphs, [hit.id for hit in page.hits])
    assert ranking.scores == [hit.score for hit in page.hits]
    found = index._engine.candidates([["法治", "1"], ["哪里都没有"]], 10)
    best, none = found.groups
    assert none == []
    assert [found.texts.joined.text(number) for number in best] == [fold(hit.text) for hit in page.hits]
    assert [(each.report.id, each.passage) for each in found.texts.passages(best)] == [(hit.report.id, hit.passage) for hit in page.hits]


def test_what_holds_all_texts_of_groups_comes_newest_first(make_index):
    """Each passage once, whichever groups it belongs to."""
    texts = ["甲法治，政府", "政府丙", "法治甲。政府", "乙丙"]
    reports = [
        Report.from_blocks(id=f"r{n}", title="法治政府甲", year=year, blocks=[((), t) for t in texts])
        for n, year in enumerate([2001, 2005, None])
    ]
    texts, looked_up = make_index(reports)._engine.holding_all([["政府", "法治"], ["丙", "政府"], ["甲", "政府"], ["哪里都没有"]])
    found = texts.passages(range(texts.joined.count))
    assert looked_up == [True] * 4
    assert [texts.joined.text(number) for number in range(len(found))] == [fold(one.passage.text) for one in found]
    every = [(report.id, passage.text) for report in (reports[1], reports[0], reports[2]) for passage in report.passages]
    assert [(one.report.id, one.passage.text) for one in found] == [one for one in every if "政府" in one[1]]
    assert len(set(texts.reports.tolist())) == 3


def test_an_empty_index_answers(make_index):
    index = make_index([])
    assert index.search("法治", facets=("year",), collapse=True).total.paragraphs == 0
    assert index.search("法治政府建设").total.paragraphs == 0
    assert index.list_reports(index.search("法治").request).reports == []
    assert index.stats.reports == 0


def test_a_whole_report_comes_back_as_it_was_put(make_index):
    report = parse_file(FIRST_REPORT)
    assert make_index([report]).report(report.id) == report


@pytest.mark.parametrize("wanted", ["nope", "nope~t"])
def test_what_is_not_held_is_not_found(first, wanted):
    with pytest.raises(NotFound):
        first.passage(wanted) if "~" in wanted else first.report(wanted)


def test_reports_with_one_id_are_both_kept(tmp_path):
    from indexer import build_index, open_index

    build_index(tmp_path / "index", [one_report("法治"), one_report("法治")])
    with open_index(tmp_path / "index") as index:
        assert index.search("法治", kinds=["paragraph"]).total.paragraphs == 2


def test_explain_tells_what_each_text_gives_alone_and_without_each_filter(make_index):
    index = make_index([one_report("行政复议", year=2020), one_report("一网通办", year=2021)])
    request = index.search("行政复议 一网通办", year_from=2021).request
    explained = index.explain(request)
    assert [(text, totals.paragraphs) for text, totals in explained.alone] == [("行政复议", 1), ("一网通办", 1)]
    assert [(facet, totals.paragraphs) for facet, totals in explained.without] == [("year", 0)]


def test_reports_of_a_generator_are_streamed(make_index):
    index = make_index(Report.from_blocks(title=f"报告{n}", blocks=[((), "法治")]) for n in range(5))
    assert index.stats.reports == 5


@pytest.mark.slow
def test_twenty_thousand_substrings_of_the_first_report(first):
    texts = [(passage.anchor, fold(passage.text)) for passage in parse_file(FIRST_REPORT).passages]
    chance = random.Random(23)
    for _ in range(20_000):
        _, folded = chance.choice(texts)
        start = chance.randrange(len(folded))
        typed = folded[start : start + chance.randint(1, 12)].strip()
        if typed:
            page = first.search(typed, mode="literal", per_page=100)
            assert {hit.anchor for hit in page.hits} == {place for place, text in texts if fold(typed) in text}, typed


@pytest.mark.parametrize("query", ["法", "法 治", "法 OR 治"])
def test_a_ranking_of_none_still_counts(first, query):
    ranking = first.rank(query, top=0)
    assert (ranking.ids, ranking.scores) == ([], [])
    assert ranking.total == first.search(query).total.paragraphs > 0


def test_a_bare_heading_does_not_come_first_for_being_short(make_index):
    paragraph = "推进行政复议规范化，行政复议案件按期办结。"
    blocks = [(("一、行政复议",), paragraph), (("二、其他工作",), "加强普法宣传，提高全民法治意识和法治素养。")]
    index = make_index([Report.from_blocks(title="法治政府建设报告", id="r", year=2022, blocks=blocks)])
    for query, mode in (("行政复议", "exact"), ("行政复议", "literal"), ("行政 OR 复议", "exact")):
        hits = index.search(query, mode=mode).hits
        assert [hit.text for hit in hits] == [paragraph, "一、行政复议"]


def test_of_two_headings_the_one_that_says_it_in_fewer_words_comes_first(make_index):
    blocks = [(("一、行政复议和行政应诉以及行政裁决工作",), "甲" * 30), (("二、行政复议",), "乙" * 30)]
    index = make_index([Report.from_blocks(title="报告", id="r", year=2022, blocks=blocks)])
    assert [hit.text for hit in index.search("行政复议").hits] == ["二、行政复议", "一、行政复议和行政应诉以及行政裁决工作"]
