import pytest
from hypothesis import given
from hypothesis import strategies as st

from indexer import InvalidQuery, Mode
from indexer.query import parse_query, print_query
from indexer.query.tree import And, IssuerHolds, Near, Not, Or, PartIs, RegionIs, Term, TitleHolds, YearIs


def tree(text, mode=Mode.EXACT, **options):
    return parse_query(text, mode, lambda piece: piece.split("的") if "的" in piece else [piece], **options).tree


A, B, C = Term("甲"), Term("乙"), Term("丙")


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        pytest.param("甲", A, id="term"),
        pytest.param("甲 乙", And((A, B)), id="and_by_space"),
        pytest.param("甲\u3000AND\u2003乙", And((A, B)), id="and_by_word_any_white_space"),
        pytest.param("甲 OR 乙 丙", Or((A, And((B, C)))), id="and_binds_closer_than_or"),
        pytest.param("甲 ｜ 乙", Or((A, B)), id="full_width_bar"),
        pytest.param("(甲 OR 乙) －丙", And((Or((A, B)), Not(C))), id="group_and_exclusion"),
        pytest.param("（甲 | 乙） NOT 丙", And((Or((A, B)), Not(C))), id="full_width_group_and_not"),
        pytest.param("((甲 乙) 丙)", And((A, B, C)), id="nested_ands_are_one"),
        pytest.param("甲 NEAR/10 乙", Near(A, B, 10), id="near"),
        pytest.param('甲 -(乙 NEAR/2 "丙")', And((A, Not(Near(B, C, 2)))), id="excluded_near"),
        pytest.param('"甲 OR 乙"', Term("甲or乙"), id="quotes_keep_operators_as_text"),
        pytest.param(r'"a\"b\\"', Term('a"b\\'), id="escapes"),
        pytest.param("“放管服”", Term("“放管服”"), id="curly_quotes_are_text"),
        pytest.param("村(居)民 帮（代）办", And((Term("村(居)民"), Term("帮(代)办"))), id="brackets_in_words"),
        pytest.param("(村(居) OR 甲)", Or((Term("村(居)"), A)), id="balanced_bracket_at_the_end_of_a_term"),
        pytest.param("甲|乙", Term("甲|乙"), id="bar_in_a_word"),
        pytest.param("12·4 99.6% 6+1类", And((Term("12·4"), Term("99.6%"), Term("6+1类"))), id="numbers_and_signs"),
        pytest.param("甲 - 乙", And((A, Term("-"), B)), id="lone_dash_is_text"),
        pytest.param("甲-乙", Term("甲-乙"), id="dash_in_a_word"),
        pytest.param("or near", And((Term("or"), Term("near"))), id="lower_case_words_are_text"),
        pytest.param("note:甲", Term("note:甲"), id="colon_after_another_name"),
        pytest.param("year:2022", YearIs(2022, 2022), id="year"),
        pytest.param("year：2019－2022 甲", And((YearIs(2019, 2022), A)), id="years_full_width"),
        pytest.param("year:unknown", YearIs(None, None), id="year_unknown"),
        pytest.param("region:阜新市", RegionIs("210900"), id="region"),
        pytest.param("section:行政执法", PartIs("行政执法"), id="section"),
        pytest.param('title:"工作 报告" issuer:司法局', And((TitleHolds("工作报告"), IssuerHolds("司法局"))), id="title_and_issuer"),
        pytest.param("  ", None, id="nothing"),
    ],
)
def test_meaning(text, wanted):
    assert tree(text) == wanted


@pytest.mark.parametrize(
    ("text", "position"),
    [
        ("(甲", 0),
        ("甲)", 1),
        ('甲 "乙', 2),
        ("甲 OR", 2),
        ("OR 甲", 0),
        ("甲 AND", 2),
        ("-甲", 0),
        ("甲 OR -乙", 5),
        ("甲 -", None),
        ("()", 0),
        ('""', 0),
        ("\u200b", 0),
        ("甲 NEAR/3 乙 NEAR/3 丙", 11),
        ("甲 NEAR/3 (乙 丙)", 2),
        ("NEAR/3 甲", 0),
        ("year:abc", 5),
        ("year:2022-2020", 5),
        ("year:", 5),
        ("region:东泽旗", 7),
        ("section:执法", 8),
        ("甲" * 201, 200),
        (" ".join("甲" * 21), 40),
        ("((((((甲))))))", 5),
    ],
)
def test_malformed_queries_say_where(text, position):
    if position is None:
        tree(text)
        return
    with pytest.raises(InvalidQuery) as caught:
        tree(text)
    assert caught.value.position == position
    assert caught.value.problems[0].param == "q"


def test_a_filter_beside_the_query_allows_exclusions_alone():
    assert tree("-甲", has_filter=True) == Not(A)


@pytest.mark.parametrize(
    ("mode", "text", "wanted"),
    [
        pytest.param(Mode.LITERAL, '甲 OR "乙', Term('甲or "乙'), id="literal_takes_all"),
        pytest.param(Mode.ALL, "甲的乙 (丙", And((A, B, Term("(丙"))), id="all_words"),
        pytest.param(Mode.ANY, "甲的乙", Or((A, B)), id="any_word"),
        pytest.param(
            Mode.ANY, '甲的乙 "丙" -丁 year:2022', And((Or((A, B)), C, YearIs(2022, 2022), Not(Term("丁")))), id="any_with_the_rest"
        ),
        pytest.param(Mode.ALL, "甲，的。", A, id="words_without_a_letter_do_not_count"),
    ],
)
def test_other_modes(mode, text, wanted):
    if mode is Mode.ALL and "，" in text:
        assert parse_query(text, mode, lambda piece: ["甲", ",", "。"]).tree == wanted
    else:
        assert tree(text, mode) == wanted


@pytest.mark.parametrize("mode", [Mode.ALL, Mode.ANY])
def test_a_sentence_of_marks_alone_is_refused(mode):
    with pytest.raises(InvalidQuery):
        tree("。", mode)


PIECES = [*'甲乙a1 \u3000()（）"\\-－|｜:：·*?“”\u200b', " OR ", " AND ", " NOT ", " NEAR/3 ", "year:2022", "title:"]
NASTY = st.lists(st.sampled_from(PIECES), max_size=40).map("".join)


@given(NASTY, st.sampled_from(list(Mode)), st.booleans())
def test_any_text_is_read_or_refused(text, mode, has_filter):
    read = read_or_refuse(text, mode, has_filter)
    if isinstance(read, InvalidQuery):
        assert 0 <= read.position <= len(text)
    else:
        printed = print_query(read)
        assert parse_query(printed, Mode.EXACT, list, has_filter=has_filter, max_length=10_000).tree == read.tree


def read_or_refuse(text, mode, has_filter):
    try:
        return parse_query(text, mode, list, has_filter=has_filter)
    except InvalidQuery as error:
        return error


terms = st.sampled_from(["甲", "乙a", 'q"\\', "or", "a b", "(c)"]).map(Term)
trees = st.recursive(
    terms | st.builds(Near, terms, terms, st.integers(0, 99)) | st.just(YearIs(2019, 2022)) | st.just(PartIs("其他")),
    lambda inner: st.builds(lambda a, b, kind: kind((a, b)), inner, inner, st.sampled_from([And, Or])),
    max_leaves=5,
)


@given(trees)
def test_a_printed_tree_reads_as_the_same_tree(wanted):
    from indexer.query import Query

    flat = _flat(wanted)
    assert tree(print_query(Query(flat, Mode.EXACT))) == flat


def _flat(node):
    if not isinstance(node, And | Or):
        return node
    children = [_flat(child) for child in node.children]
    return type(node)(tuple(part for child in children for part in (child.children if isinstance(child, type(node)) else (child,))))
