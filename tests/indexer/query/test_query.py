import pytest
from hypothesis import given
from hypothesis import strategies as st

from indexer import InvalidQuery, Mode
from indexer.query import Query, parse_query, print_query
from indexer.query.tree import And, IssuerHolds, Near, Not, Or, PartIs, RegionIs, Term, TitleHolds, YearIs, holding_one_of


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
        pytest.param("(甲 f(x))", And((A, Term("f(x)"))), id="balanced_bracket_before_that_of_the_group"),
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
        pytest.param('甲 OR "乙"OR', Or((A, And((B, Term("or"))))), id="operator_word_right_after_a_phrase_is_text"),
        pytest.param('"甲"|"乙"', And((A, Term('|"乙"'))), id="bar_without_spaces_is_text"),
        pytest.param('"甲"乙', And((A, B)), id="a_phrase_ends_at_its_quote"),
        pytest.param('甲"乙"', Term('甲"乙"'), id="quote_inside_a_term_is_text"),
        pytest.param("(甲 -)", And((A, Term("-"))), id="lone_dash_before_a_closing_bracket_is_text"),
        pytest.param("甲 -OR", And((A, Not(Term("or")))), id="a_dash_excludes_an_operator_word"),
        pytest.param("NEAR 甲 NEAR/", And((Term("near"), A, Term("near/"))), id="near_without_a_distance_is_text"),
        pytest.param("甲 NEAR/0 乙 NEAR/x", And((Near(A, B, 0), Term("near/x"))), id="near_of_neighbours"),
        pytest.param("甲 NEAR/200 乙", Near(A, B, 200), id="near_at_its_limit"),
        pytest.param("甲 NEAR/0003 乙", Near(A, B, 3), id="near_of_four_digits"),
        pytest.param("(甲) NEAR/3 乙", Near(A, B, 3), id="near_takes_a_term_in_brackets"),
        pytest.param("〔2022〕7号 * ? \\ ^", And(tuple(map(Term, ["〔2022〕7号", "*", "?", "\\", "^"]))), id="signs_are_text"),
        pytest.param("[一 TO 龥]", And((Term("[一"), Term("to"), Term("龥]"))), id="ranges_are_text"),
        pytest.param("甲 year:0001-0002", And((A, YearIs(1, 2))), id="years_of_four_digits"),
        pytest.param("甲 甲", And((A, A)), id="twice_is_kept"),
        pytest.param(" ".join("甲" * 20) + " title:乙", And((A,) * 20 + (TitleHolds("乙"),)), id="as_many_terms_as_allowed"),
        pytest.param("(甲 title:(测试)) 乙", And((A, TitleHolds("(测试)"), B)), id="brackets_in_the_value_of_a_field"),
        pytest.param("(((((甲)))))", A, id="as_deep_as_allowed"),
        pytest.param("  ", None, id="nothing"),
    ],
)
def test_a_typed_query_reads_as_this_tree(text, wanted):
    assert tree(text) == wanted


@pytest.mark.parametrize(
    ("text", "position", "code"),
    [
        pytest.param("(甲", 0, "unclosed-bracket", id="group_not_closed"),
        pytest.param("甲)", 1, "unopened-bracket", id="group_not_opened"),
        pytest.param(") 甲", 0, "unopened-bracket", id="closing_bracket_at_the_start"),
        pytest.param("甲 ) 乙", 2, "unopened-bracket", id="lone_closing_bracket"),
        pytest.param("(一)推进", 0, "unclosed-bracket", id="bracket_at_the_start_of_a_term"),
        pytest.param("(甲 f(x)", 0, "unclosed-bracket", id="closing_bracket_belongs_to_the_term"),
        pytest.param("()", 0, "empty-group", id="empty_group"),
        pytest.param("甲 -()", 3, "empty-group", id="empty_group_excluded"),
        pytest.param('甲 "乙', 2, "unclosed-quote", id="quote_not_closed"),
        pytest.param('"甲\\"', 0, "unclosed-quote", id="closing_quote_escaped"),
        pytest.param('""', 0, "nothing-to-find", id="empty_phrase"),
        pytest.param("\u200b", 0, "nothing-to-find", id="ignorable_characters_alone"),
        pytest.param("甲 OR", 2, "operator-alone", id="or_at_the_end"),
        pytest.param("OR 甲", 0, "operator-alone", id="or_at_the_start"),
        pytest.param("(甲 |)", 3, "operator-alone", id="bar_before_a_bracket"),
        pytest.param("( OR 甲)", 2, "operator-alone", id="or_at_the_start_of_a_group"),
        pytest.param("(OR 甲)", 1, "operator-alone", id="or_right_behind_a_bracket"),
        pytest.param("甲 OR AND 乙", 5, "and-alone", id="and_after_or"),
        pytest.param("甲 AND", 2, "and-alone", id="and_at_the_end"),
        pytest.param("甲 AND AND 乙", 2, "and-alone", id="and_twice"),
        pytest.param("甲 NOT", 2, "nothing-excluded", id="not_at_the_end"),
        pytest.param("甲 --乙", 2, "nothing-excluded", id="exclusion_of_an_exclusion"),
        pytest.param("-甲", 0, "only-excluded", id="exclusion_alone"),
        pytest.param("甲 OR -乙", 5, "only-excluded", id="exclusion_alone_in_an_alternative"),
        pytest.param("甲 (-乙)", 3, "only-excluded", id="exclusion_alone_in_a_group"),
        pytest.param("NEAR/3 甲", 0, "operator-first", id="near_without_a_left_side"),
        pytest.param("甲 NEAR/3", 2, "near-without-terms", id="near_without_a_right_side"),
        pytest.param("甲 NEAR/3 (乙 丙)", 2, "near-without-terms", id="near_a_group"),
        pytest.param("甲 NEAR/3 year:2022", 2, "near-without-terms", id="near_a_field"),
        pytest.param("甲 -乙 NEAR/3 丙", 5, "near-excluded", id="near_an_exclusion"),
        pytest.param("甲 NEAR/3 乙 NEAR/3 丙", 11, "near-chained", id="chain_of_near"),
        pytest.param("甲 NEAR/201 乙", 2, "near-too-far", id="near_over_its_limit"),
        pytest.param("甲 NEAR/00003 乙", 2, "near-too-far", id="near_of_five_digits"),
        pytest.param("甲 NEAR/" + "9" * 150 + " 乙", 2, "near-too-far", id="near_with_many_digits"),
        pytest.param("year:", 5, "field-without-value", id="year_missing"),
        pytest.param("year: 2022", 5, "field-without-value", id="year_apart_from_its_field"),
        pytest.param("year:abc", 5, "no-years", id="year_in_letters"),
        pytest.param("year:2022-2020", 5, "years-reversed", id="years_backwards"),
        pytest.param("region:东泽旗", 7, "no-region", id="region_unknown"),
        pytest.param("region:朝阳区", 7, "several-regions", id="region_ambiguous"),
        pytest.param("section:执法", 8, "no-part", id="section_unknown"),
        pytest.param('title:""', 6, "nothing-to-find", id="title_empty"),
        pytest.param('issuer:"甲', 7, "unclosed-quote", id="issuer_not_closed"),
        pytest.param("甲" * 201, 200, "too-long", id="too_long"),
        pytest.param(" ".join("甲" * 21), 40, "too-many-terms", id="too_many_terms"),
        pytest.param("((((((甲))))))", 5, "too-deep", id="too_deep"),
    ],
)
def test_malformed_queries_say_where_and_what(text, position, code):
    with pytest.raises(InvalidQuery) as caught:
        tree(text)
    assert caught.value.position == position
    assert [(problem.param, problem.code) for problem in caught.value.problems] == [("q", code)]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        pytest.param("甲 (乙", "第 3 个字符“(”没有对应的“)”", id="bracket"),
        pytest.param("year:22", "2019-2022", id="year"),
        pytest.param("section:执法", "行政执法", id="section_lists_the_names"),
        pytest.param("region:朝阳区", "220104", id="region_lists_the_codes"),
        pytest.param("甲 NEAR/201 乙", "NEAR/200", id="near"),
        pytest.param("(甲 OR )", "OR", id="operator_before_a_closing_bracket"),
    ],
)
def test_the_reason_names_the_remedy(text, words):
    with pytest.raises(InvalidQuery) as caught:
        tree(text)
    assert words in caught.value.reason


def test_a_filter_beside_the_query_allows_exclusions_alone():
    assert tree("-甲", has_filter=True) == Not(A)
    assert tree("-甲 -乙", has_filter=True) == And((Not(A), Not(B)))


@pytest.mark.parametrize("text", ["-甲 OR 乙", "(-甲)", "乙 (-甲)"])
def test_a_filter_does_not_stand_beside_an_inner_exclusion(text):
    with pytest.raises(InvalidQuery):
        tree(text, has_filter=True)


@pytest.mark.parametrize(
    ("mode", "text", "wanted"),
    [
        pytest.param(Mode.LITERAL, '甲 OR "乙', Term('甲or "乙'), id="literal_takes_all"),
        pytest.param(Mode.ALL, "甲的乙 (丙", And((A, B, Term("(丙"))), id="all_words"),
        pytest.param(Mode.ANY, "甲的乙", Or((A, B)), id="any_word"),
        pytest.param(
            Mode.ANY, '甲的乙 "丙" -丁 year:2022', And((Or((A, B)), C, YearIs(2022, 2022), Not(Term("丁")))), id="any_with_the_rest"
        ),
        pytest.param(Mode.ALL, "甲的乙 行政 了", Term("行政"), id="no_single_characters_beside_longer_words_and_no_stop_words"),
        pytest.param(Mode.ALL, "了 甲", A, id="single_characters_where_there_are_no_longer_words"),
        pytest.param(Mode.ANY, "怎么", Term("怎么"), id="stop_words_where_there_is_nothing_else"),
        pytest.param(Mode.ANY, '怎么 "甲"', A, id="no_stop_words_beside_a_phrase"),
        pytest.param(Mode.ALL, "甲，的。", A, id="words_without_a_letter_do_not_count"),
    ],
)
def test_a_query_in_another_mode_reads_as_this_tree(mode, text, wanted):
    if mode is Mode.ALL and "，" in text:
        assert parse_query(text, mode, lambda piece: ["甲", ",", "。"]).tree == wanted
    else:
        assert tree(text, mode) == wanted


@pytest.mark.parametrize("mode", [Mode.ALL, Mode.ANY])
@pytest.mark.parametrize(
    "text",
    [
        pytest.param("。", id="marks"),
        pytest.param('"，"', id="quoted_marks"),
        pytest.param("。 year:2022", id="marks_beside_a_field"),
        pytest.param("\u200b", id="ignorable"),
        pytest.param("-甲", id="exclusion_alone"),
        pytest.param('甲 "乙', id="quote_not_closed"),
        pytest.param(" ".join(['"甲"'] * 21), id="too_many_phrases"),
        pytest.param("乙" + " -甲" * 20 + ' "丙"', id="too_many_phrases_and_exclusions"),
    ],
)
def test_sentences_that_are_refused(mode, text):
    with pytest.raises(InvalidQuery):
        tree(text, mode)


def test_a_sentence_without_words_is_wrong_from_its_beginning():
    with pytest.raises(InvalidQuery) as caught:
        tree("，。", Mode.ALL)
    assert caught.value.position == 0


@pytest.mark.parametrize("mode", [Mode.ALL, Mode.ANY])
def test_words_of_a_sentence_are_not_limited(mode):
    words = [chr(code) for code in range(ord("一"), ord("一") + 100)]
    assert len(parse_query("".join(words), mode, list).tree.children) > 20


def test_a_sentence_keeps_its_pieces_and_phrases_in_order():
    assert parse_query('Ａ甲 “乙” "丙 丁" -戊 year:2022 。', Mode.ANY, list).sentence == ("a甲", "“乙”", "丙丁")


@pytest.mark.parametrize("mode", [Mode.EXACT, Mode.LITERAL])
def test_the_segmenter_has_no_say_in_exact_and_literal(mode):
    def never(text):
        raise AssertionError(text)

    assert parse_query("甲乙丙", mode, never).tree == Term("甲乙丙")


FIELDS = ["year:", "2022", "2019-", "0001", "region:", "阜新市", "朝阳区", "section:", "行政执法", "title:", "issuer："]
WORDS = [" OR ", " AND ", " NOT ", " NEAR/3 ", " NEAR/", "OR", "NOT", "-", "(", ") ", '"']
PIECES = [*'甲乙a1１\u0663 \u3000\u2028\x00\ud800()（）"\\-－|｜:：·*?“”\u200b', *FIELDS, *WORDS]
NASTY = st.lists(st.sampled_from(PIECES), max_size=70).map(lambda pieces: "".join(pieces)[:220]) | st.text(max_size=220)


@given(NASTY, st.sampled_from(list(Mode)), st.booleans())
def test_any_text_is_read_or_refused(text, mode, has_filter):
    read = read_or_refuse(text, mode, has_filter)
    if isinstance(read, InvalidQuery):
        assert 0 <= read.position <= len(text)
    else:
        printed = print_query(read)
        # A sentence may have more words than can be typed as terms.
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr("indexer.query.scanner.MAX_TERMS", 1000)
            assert parse_query(printed, Mode.EXACT, list, has_filter=has_filter, max_length=10_000).tree == read.tree


def read_or_refuse(text, mode, has_filter):
    try:
        return parse_query(text, mode, list, has_filter=has_filter)
    except InvalidQuery as error:
        return error


@given(NASTY | st.lists(st.sampled_from([*"甲乙aｂ", " ", "\u3000", " OR ", "OR", " NOT ", "\x1c", "\u200b", " NEAR/3 "])).map("".join))
def test_plain_words_are_read_as_the_whole_grammar_reads_them(text):
    quickly = read_or_refuse(text, Mode.EXACT, False)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("indexer.query.grammar._plain", lambda text: None)
        thoroughly = read_or_refuse(text, Mode.EXACT, False)
    assert quickly == thoroughly if isinstance(thoroughly, Query) else str(quickly) == str(thoroughly)


def flat(kind, children):
    return kind(tuple(part for child in children for part in (child.children if isinstance(child, kind) else (child,))))


terms = st.sampled_from(["甲", "乙a", 'q"\\', "or", "a b", "(c)", "-d", "year:2022"]).map(Term)
years = st.tuples(st.integers(0, 9999), st.integers(0, 9999)).map(lambda pair: YearIs(min(pair), max(pair)))
fields = years | st.sampled_from([YearIs(None, None), PartIs("其他"), RegionIs("210900"), TitleHolds('a "b'), IssuerHolds("司法局")])
trees = st.recursive(
    terms | st.builds(Near, terms, terms, st.integers(0, 200)) | fields,
    lambda inner: (
        st.builds(lambda a, b, kind: flat(kind, (a, b)), inner, inner, st.sampled_from([And, Or]))
        | st.builds(lambda a, b: flat(And, (Not(a), b)), inner, inner)
    ),
    max_leaves=5,
)


@given(trees)
def test_a_printed_tree_reads_as_the_same_tree(wanted):
    assert tree(print_query(Query(wanted, Mode.EXACT)), max_length=1000) == wanted


@pytest.mark.parametrize(
    ("text", "mode", "printed"),
    [
        pytest.param("一网通办", Mode.EXACT, '"一网通办"', id="term"),
        pytest.param("(甲 | 乙) －丙", Mode.EXACT, '("甲" OR "乙") -"丙"', id="group_and_exclusion"),
        pytest.param("甲 NOT (乙 NEAR/2 丙)", Mode.EXACT, '"甲" -("乙" NEAR/2 "丙")', id="excluded_near"),
        pytest.param("year：2022 title:Ａ region:阜新市", Mode.EXACT, 'year:2022 title:"a" region:210900', id="fields"),
        pytest.param('甲的乙 "丙"', Mode.ANY, '("甲" OR "乙") "丙"', id="any"),
        pytest.param('甲 OR "乙', Mode.LITERAL, r'"甲or \"乙"', id="literal"),
        pytest.param(" ", Mode.EXACT, "", id="nothing"),
    ],
)
def test_a_tree_is_printed_as_a_query_that_reads_as_it(text, mode, printed):
    assert print_query(parse_query(text, mode, lambda piece: piece.split("的"))) == printed


def test_marks_are_of_what_stands_outside_exclusions():
    read = parse_query("甲 (乙 NEAR/2 丙 OR 甲) -丙 title:丁", Mode.EXACT, list)
    assert (read.terms, read.nears, read.scored) == ((A,), (Near(B, C, 2),), ("甲", "乙", "丙"))


@pytest.mark.parametrize(
    ("alternatives", "wanted"),
    [
        pytest.param([["甲"]], A, id="one_piece"),
        pytest.param([["甲", "乙"]], And((A, B)), id="two_pieces"),
        pytest.param([["甲", "乙"], ["丙"]], Or((And((A, B)), C)), id="two_alternatives"),
    ],
)
def test_what_holds_all_pieces_of_one_alternative(alternatives, wanted):
    assert holding_one_of(alternatives) == wanted
