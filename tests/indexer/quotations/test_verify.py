"""Quotations looked for in reports whose every sentence is known."""

import random
import re
from dataclasses import replace
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rapidfuzz.distance import Levenshtein
from rapidfuzz.fuzz import partial_ratio_alignment, ratio

from indexer import InvalidRequest, Report, build_index, fold, open_index, parse_file
from indexer.analysis.fold import fold_with_offsets
from indexer.engines.boundary import Plan
from indexer.joined import JoinedTexts
from indexer.query.tree import Or, Query, Term, joined
from indexer.quotations import CANDIDATES, MOST_PIECES, MOST_PLACES, NEAR, SHORTEST, Verdict, _seeds, exact, pieces, verify
from indexer.quotations.bare import Bare, BareTexts, Finder, runs
from indexer.quotations.everywhere import holding_each
from indexer.quotations.likeness import Alike, alike_each, differences, may_be_alike
from indexer.request import Mode
from tests import scan
from tests.scan import ScanEngine
from tests.support import ROOT


@pytest.fixture(scope="module")
def sentences():
    report = parse_file(next((ROOT / "corpus").glob("*.txt")))
    return [piece + "。" for passage in report.paragraphs for piece in passage.text.split("。") if 20 <= len(piece) <= 200]


@pytest.fixture(scope="module")
def index(sentences, tmp_path_factory):
    """Reports of three sentences a paragraph; some sentences stand in several."""
    randoms = random.Random(1)
    reports = [
        Report.from_blocks(
            id=f"r{number}",
            title=f"甲县{2010 + number}年报告",
            year=2010 + number,
            blocks=[((), "".join(randoms.sample(sentences, 3))) for _ in range(20)],
        )
        for number in range(10)
    ]
    folder = tmp_path_factory.mktemp("quoted") / "index"
    build_index(folder, reports)
    with open_index(folder) as opened:
        opened.plain = [(report.id, plain(passage.text)) for report in reports for passage in report.passages]
        yield opened


def plain(text):
    return "".join(char for char in fold(text) if char.isalnum() or char == "%")


def holding(index, text):
    """Reports with a passage that holds the text, marks aside."""
    wanted = plain(text)
    return {report for report, text in index.plain if wanted in text}


@pytest.mark.parametrize("seed", range(40))
def test_what_is_quoted_as_it_stands_is_exact(index, sentences, seed):
    randoms = random.Random(seed)
    sentence = randoms.choice(sentences)
    start = randoms.randrange(len(sentence) - 10)
    quoted = sentence[start : start + randoms.randint(10, 80)].replace("“", "").replace("”", "")
    [piece] = index.verify(f"报告说：“{quoted}”。").pieces
    held = holding(index, quoted)
    assert piece.verdict == ("exact" if held else "absent")
    assert piece.reports == len(held)
    for place in piece.places:
        assert plain(place.found.passage.text[place.start : place.end]) == plain(quoted)
        assert place.report in held


@pytest.mark.parametrize("seed", range(40))
def test_what_was_changed_is_near_and_the_changes_are_named(index, sentences, seed):
    randoms = random.Random(seed)
    sentence = randoms.choice([one for one in sentences if holding(index, one)]).rstrip("。")
    # A mark more or less is no change.
    at = randoms.choice([at for at in range(3, len(sentence) - 3) if sentence[at : at + 2].isalpha()])
    changed = {
        0: sentence[:at] + "龘" + sentence[at + 1 :],
        1: sentence[:at] + "龘" + sentence[at:],
        2: sentence[:at] + sentence[at + 2 :],
    }[seed % 3]
    [piece] = index.verify(f"“{changed}”").pieces
    assert piece.verdict == "near"
    place = piece.places[0]
    assert place.report in holding(index, sentence)
    # What the differences say makes the one of the other.
    made = []
    last = 1
    for one in place.differences:
        made += [f"“{changed}”"[last : one.typed[0]], place.found.passage.text[slice(*one.held)]]
        last = one.typed[1]
    made.append(f"“{changed}”"[last : len(changed) + 1])
    held = place.found.passage.text[place.start : place.end]
    assert plain("".join(made)) == plain(held)


def test_a_wrong_figure_is_near_and_named_whole(index):
    build = Report.from_blocks(id="a", title="甲县报告", blocks=[((), "全年受理行政复议案件81件，办结80件，网上可办率99.3%。")])
    typed = "受理行政复议案件18件，办结80件，网上可办率99.3%"
    [piece] = verify(typed, ScanEngine([build])).pieces
    [difference] = piece.places[0].differences
    assert (piece.verdict, difference.op) == ("near", "replace")
    assert (typed[slice(*difference.typed)], build.passages[1].text[slice(*difference.held)]) == ("18", "81")


def test_a_dropped_not_is_near():
    build = Report.from_blocks(id="a", title="甲县报告", blocks=[((), "执法人员不得从事与职务有关的经营活动。")])
    [piece] = verify("执法人员得从事与职务有关的经营活动", ScanEngine([build])).pieces
    [difference] = piece.places[0].differences
    assert (piece.verdict, difference.op, difference.typed, difference.held) == ("near", "insert", (4, 4), (4, 5))


@pytest.mark.parametrize(
    ("typed", "verdict"),
    [
        ("坚持依法行政，严格公正执法", "exact"),
        ("坚持依法行政、严格公正执法；", "exact"),
        ("坚持依法行政,嚴格公正執法", "exact"),
        ("坚持依法行政严格公正执法", "exact"),
        ("坚持，依法行政严格公正执法", "exact"),
        ("严格公正执法坚持依法行政", "absent"),
        ("完成率99.3%不变", "exact"),
        ("完成率993%不变", "near"),
        ("彻底放开外地牌照限制办法", "absent"),
        ("依法行政", "unchecked"),
    ],
)
def test_marks_and_their_width_make_no_difference_but_those_in_numbers_do(typed, verdict):
    report = Report.from_blocks(id="a", title="甲县报告", blocks=[((), "坚持依法行政，严格公正执法。完成率９９.3%不变。")])
    [piece] = verify(f"他说“{typed}”" if len(typed) >= SHORTEST else typed, ScanEngine([report])).pieces
    assert piece.verdict == verdict


def test_a_piece_that_is_too_short_stands_where_it_was_typed():
    typed = "依法行政。坚持依法行政，严格公正执法。普法。"
    report = Report.from_blocks(id="a", title="甲县报告", blocks=[((), "坚持依法行政，严格公正执法。")])
    found = [(typed[piece.start : piece.end].rstrip("。"), str(piece.verdict)) for piece in verify(typed, ScanEngine([report])).pieces]
    assert found == [("依法行政", "unchecked"), ("坚持依法行政，严格公正执法", "exact"), ("普法", "unchecked")]


@pytest.mark.parametrize("length", [6, 8, 11, 13])
def test_all_runs_of_a_short_text_are_looked_for(length):
    text = "".join(map(chr, range(0x4E00, 0x4E00 + length)))
    found = _seeds(text)
    size = len(found[0])
    assert found == [text[at : at + size] for at in range(length - size + 1)]


def test_parts_that_stand_apart_make_no_quotation():
    texts = ["坚持依法行政，全面推进各项工作。", "加强普法宣传，严格公正文明执法。"]
    report = Report.from_blocks(id="a", title="甲县报告", blocks=[((), "".join(texts)), ((), "严格公正文明执法，坚持依法行政")])
    assert [piece.verdict for piece in verify("“坚持依法行政，严格公正文明执法”", ScanEngine([report])).pieces] == ["near"]


def test_how_many_reports_hold_it_is_counted_among_all():
    """Also where many hold its parts, but some of them apart."""
    whole, apart = "坚持依法行政，推进严格公正文明执法", "推进严格公正文明执法；坚持依法行政"
    reports = [Report.from_blocks(id=f"r{n}", title="报告", year=2000 + n, blocks=[((), apart if n % 3 else whole)]) for n in range(40)]
    [piece] = verify(f"“{whole}”", ScanEngine(reports)).pieces
    assert (piece.verdict, piece.reports, len(piece.places)) == ("exact", 14, 10)
    assert piece.places[0].report == "r39"


@pytest.mark.parametrize(("held", "counted"), [(CANDIDATES - 1, CANDIDATES - 1), (CANDIDATES, None), (CANDIDATES + 6, None)])
def test_reports_that_have_other_marks_are_counted_only_if_all_were_compared(held, counted):
    blocks = [((), "推进严格规范，公正文明执法")]
    reports = [Report.from_blocks(id=f"r{n}", title="报告", blocks=blocks) for n in range(held)]
    [piece] = verify("推进严格规范公正文明，执法", ScanEngine(reports)).pieces
    assert (piece.verdict, piece.reports, len(piece.places)) == (Verdict.EXACT, counted, MOST_PLACES)


def test_pieces_are_quotations_or_else_sentences():
    def cut(text):
        return [text[start:end] for start, end in pieces(text)]

    assert cut("他说“坚持依法行政。全面推进”，又说“好的”。") == ["坚持依法行政。全面推进", "好的"]
    assert cut("只有“放管服”三字。第二句；") == ["只有“放管服”三字。", "第二句；"]
    assert cut('英文引号"坚持依法行政"。') == ["坚持依法行政"]
    assert cut("他说“打造“一站式”窗口”。") == ["打造“一站式”窗口"]
    assert cut("“没有关上，又说“坚持依法行政”。") == ["坚持依法行政"]
    assert cut("「 坚持依法行政 」") == ["坚持依法行政"]
    assert cut("“没有关上的引号，一句话") == ["“没有关上的引号，一句话"]
    assert cut(" \n ") == []


@given(st.text("甲乙12,.%，。“” \nａ", max_size=60))
def test_pieces_lie_in_the_text_in_order(text):
    spans = pieces(text)
    assert all(0 <= start < end <= len(text) for start, end in spans)
    assert all(one[1] <= other[0] for one, other in pairwise(spans))
    assert all(text[start:end].strip() == text[start:end] for start, end in spans)


@given(st.text("甲乙12,.%，。 ａ", max_size=30), st.text("甲乙12,.%，。 ａ", max_size=60))
def test_the_finder_finds_what_is_equal_without_marks(typed, held):
    wanted = runs(fold(typed))
    assert "".join(wanted) == Bare.of(typed).text
    if wanted:
        assert Finder(wanted).search(fold(f"丙{typed}丁{held}"))
        if Finder(wanted).search(fold(held)):
            assert Bare.of(typed).text in Bare.of(held).text


@given(st.text("甲乙丙丁12", min_size=1, max_size=30), st.text("甲乙丙丁12", min_size=1, max_size=60))
def test_a_place_is_a_part_of_the_passage(typed, held):
    [found] = alike(typed, [held], 0.0)
    if found:
        assert 0 <= found.start < found.end <= len(held)
        assert (found.similarity == 1) == (typed == held[found.start : found.end])
        assert bool(differences(Bare.of(typed), Bare.of(held), found)) == (typed != held[found.start : found.end])


@given(st.text("甲乙丙丁12", min_size=1, max_size=30), st.text("甲乙丙丁12，。", min_size=1, max_size=60), st.floats(0.1, 1))
def test_the_quick_look_misses_nothing(typed, held, least):
    if alike(typed, [Bare.of(held).text], least) != [None]:
        assert may_be_alike(typed, ["龘", held], least) == [1]


def test_the_quick_look_passes_over_what_is_not_alike():
    assert may_be_alike("坚持依法行政严格公正执法", ["加强普法宣传，提高公民素养，推进政务公开工作。"], 0.7) == []


def alike(typed, texts, least):
    """Of one quotation alone."""
    [found] = alike_each([(typed, texts)], least)
    return found


def plain_alike(typed, held, least):
    """The part of one text, its ends moved one by one."""
    if typed in held:
        start = held.find(typed)
        return 1.0, start, start + len(typed)
    start, end = 0, len(held)
    if len(typed) < len(held):
        found = partial_ratio_alignment(typed, held, score_cutoff=100 * max(0.0, least - 0.3))
        if found is None or found.score == 0:
            return None
        end = found.dest_end
        starts = range(max(0, found.dest_start - 8), min(end, found.dest_start + 9))
        start = max(starts, key=lambda at: (ratio(typed, held[at:end]), at))
        end = max(range(max(start + 1, end - 8), min(len(held), end + 8) + 1), key=lambda at: (ratio(typed, held[start:at]), -at))
        start = max((at for at in starts if at < end), key=lambda at: (ratio(typed, held[at:end]), at))
    similarity = ratio(typed, held[start:end]) / 100
    return (similarity, start, end) if similarity >= least else None


@given(
    st.lists(
        st.tuples(st.text("甲乙丙丁12", min_size=1, max_size=20), st.lists(st.text("甲乙丙丁12", min_size=1, max_size=60), max_size=4)),
        max_size=4,
    ),
    st.floats(0, 1),
)
def test_many_texts_are_compared_as_each_alone(wanted, least):
    found = [[one and (one.similarity, one.start, one.end) for one in own] for own in alike_each(wanted, least)]
    assert found == [[plain_alike(typed, held, least) for held in texts] for typed, texts in wanted]


@pytest.mark.parametrize("seed", range(30))
def test_near_places_are_the_best_of_all_candidates(index, sentences, seed):
    """As if each were compared."""
    randoms = random.Random(seed)
    sentence = list(randoms.choice(sentences).rstrip("。").replace("“", "").replace("”", ""))
    for _ in range(randoms.randint(1, len(sentence) // 8)):
        sentence[randoms.randrange(len(sentence))] = randoms.choice("龘政法，")
    typed = Bare.of("".join(sentence))
    [piece] = index.verify(f"“{''.join(sentence)}”").pieces
    assert piece.verdict in ("near", "absent")
    seeds = joined(Or, [Term(seed) for seed in _seeds(typed.text)])
    compared = []
    for found in index._engine.search(Plan(Query(seeds, Mode.LITERAL), [], take=CANDIDATES)).passages:
        held = Bare.of(found.passage.text)
        [place] = alike(typed.text, [held.text], NEAR)
        if place:
            passage = f"{found.report.id}~{found.passage.anchor}"
            compared.append((passage, *held.span(place.start, place.end), place.similarity, differences(typed, held, place)))
    best = sorted(compared, key=lambda one: -one[3])[:MOST_PLACES]

    def shifted(difference):
        return replace(difference, typed=(difference.typed[0] + 1, difference.typed[1] + 1))

    assert [(one.passage, one.start, one.end, one.similarity, one.differences) for one in piece.places] == [
        (passage, start, end, similarity, tuple(map(shifted, differing))) for passage, start, end, similarity, differing in best
    ]


@given(st.text("甲乙12ab，。 ａ", max_size=20), st.text("甲乙12ab，。 ａ", max_size=20), st.integers(0, 3))
def test_differences_are_those_of_numbers_words_and_characters(typed, held, start):
    left, right = Bare.of(typed), Bare.of(held)
    tokens = [re.findall(r"\d+(?:\D\d+)*[%‰]?|[a-z]+|.", bare.text, re.S) for bare in (left, right)]
    at = [[sum(map(len, own[:number])) for number in range(len(own) + 1)] for own in tokens]
    wanted = []
    for code in Levenshtein.opcodes(*tokens):
        if code.tag != "equal":
            own = left.span(at[0][code.src_start], at[0][code.src_end])
            wanted.append((code.tag, (start + own[0], start + own[1]), right.span(at[1][code.dest_start], at[1][code.dest_end])))
    found = differences(left, right, Alike(0.5, 0, len(right.text)), start)
    assert [(one.op, one.typed, one.held) for one in found] == wanted


def test_too_much_is_refused(index):
    with pytest.raises(InvalidRequest, match="20000"):
        index.verify("长" * 20_001)
    with pytest.raises(InvalidRequest):
        index.verify(" ")


def test_a_piece_that_comes_again_is_looked_for_once_and_its_differences_stand_where_it_does(index, sentences, monkeypatch):
    sentence = next(one for one in sentences if len(one) > 40 and "“" not in one).rstrip("。")
    changed = sentence[:10] + "某某" + sentence[12:]
    looked_for = []
    candidates = index._engine.candidates
    monkeypatch.setattr(index._engine, "candidates", lambda groups, top: looked_for.append(len(groups)) or candidates(groups, top))
    alone = index.verify(f"“{changed}”").pieces[0]
    one, again = index.verify(f"“{changed}”，又说“{changed}”。").pieces
    assert looked_for == [1, 1]
    assert alone == one
    assert alone.verdict == "near"
    assert alone.places[0].differences
    by = again.start - one.start
    for place, later in zip(one.places, again.places, strict=True):
        assert (place.start, place.end, place.similarity) == (later.start, later.end, later.similarity)
        assert [(d.op, (d.typed[0] + by, d.typed[1] + by), d.held) for d in place.differences] == [
            (d.op, d.typed, d.held) for d in later.differences
        ]


def test_more_pieces_than_can_be_looked_for_are_refused(index):
    assert len(index.verify("“某某某某某某”" * MOST_PIECES).pieces) == MOST_PIECES
    with pytest.raises(InvalidRequest) as refused:
        index.verify("“某某某某某某”" * (MOST_PIECES + 1))
    assert [(one.param, one.code) for one in refused.value.problems] == [("text", "too-many-pieces")]


@given(st.lists(st.text("甲1,，。 ％ａ𠮷\ud800\U0001d7d8\U0001f600", max_size=20), max_size=5))
def test_many_texts_lose_the_marks_that_each_alone_does(texts):
    folded = JoinedTexts.of([fold(text) for text in texts])
    bare = BareTexts(folded)
    assert bare.texts == [Bare.of(text).text for text in texts]
    assert [bare.read(number, text) for number, text in enumerate(texts)] == [Bare.of(text) for text in texts]


@given(
    st.lists(st.text("甲乙1，。 ", max_size=40), max_size=6),
    st.lists(st.text("甲乙1，", min_size=4, max_size=9).filter(lambda text: len("".join(runs(text))) >= 4), min_size=1, max_size=6),
)
def test_what_holds_each_of_many_quotations_is_what_the_finder_finds(texts, quotations):
    wanted = [runs(text) for text in quotations]
    bare = BareTexts(JoinedTexts.of(texts))
    right = [[number for number, text in enumerate(texts) if Finder(own).search(text)] for own in wanted]
    assert [found.tolist() for found in holding_each(bare, wanted)] == right


def shown(piece):
    """What is said of a piece."""
    return piece.verdict, piece.reports, [(one.passage, one.start, one.end, one.similarity, one.differences) for one in piece.places]


def test_quotations_of_several_runs_that_much_holds_are_those_that_a_plain_reading_finds(monkeypatch):
    """In one reading of all texts that may hold one of them, and in several."""
    randoms = random.Random(4)
    words = ["国务院", "人民政府", "法治", "行政机关", "，", "。", "、"]
    texts = ["".join(randoms.choices(words, k=12)) for _ in range(300)]
    reports = [
        Report.from_blocks(id=f"r{n}", title="报告", year=2000 + n % 9, blocks=[((), t) for t in texts[6 * n : 6 * n + 6]])
        for n in range(50)
    ]
    engine = ScanEngine(reports)
    typed = "".join(f"“{one}，{other}”" for one in words[:4] for other in words[:4]) + "“国务院，法治。人民政府”"
    found = verify(typed, engine)
    passages = [(report.id, passage) for report in reports for passage in report.passages]
    for piece in found.pieces:
        if piece.verdict is Verdict.UNCHECKED:
            continue
        wanted = runs(fold(typed[piece.start : piece.end]))
        held = {id for id, passage in passages if Finder(wanted).search(fold(passage.text))}
        assert piece.reports == len(held)
        assert len(piece.places) == min(MOST_PLACES, sum(Finder(wanted).search(fold(passage.text)) is not None for _, passage in passages))
        years = [place.found.report.year for place in piece.places]
        assert years == sorted(years, reverse=True)
    monkeypatch.setattr(exact, "TOGETHER", 1)
    assert [shown(piece) for piece in verify(typed, engine).pieces] == [shown(piece) for piece in found.pieces]
    monkeypatch.setattr(exact, "OCCURRENCES_LIMIT", 0)
    monkeypatch.setattr(scan, "OCCURRENCES_LIMIT", 0)
    assert None in {piece.reports for piece in verify(typed, engine).pieces if piece.verdict is Verdict.EXACT}


@given(st.text("甲1,，。 ％ａ", max_size=20))
def test_without_its_marks_each_character_comes_from_where_it_stood(text):
    bare = Bare.of(text)
    folded, offsets = fold_with_offsets(text)
    marks = re.compile(r"(?<!\d)(?<![,。 ])[,。 ]++|(?<![,。 ])[,。 ]++(?!\d)")
    left = [at for at in range(len(folded)) if not any(start <= at < end for start, end in map(re.Match.span, marks.finditer(folded)))]
    assert bare.text == "".join(folded[at] for at in left)
    assert [bare.span(at, at + 1)[0] for at in range(len(left))] == [offsets[at] for at in left]


@given(st.lists(st.text("甲乙1", min_size=1, max_size=3), min_size=1, max_size=4), st.text("甲乙1，。 ", max_size=40))
def test_the_finder_finds_what_a_pattern_finds(wanted, held):
    pattern = re.compile(r"[，。 ]*".join(wanted))
    found = [match.span() for at in range(len(held)) if (match := pattern.match(held, at))]
    assert list(Finder(wanted).spans(held)) == found
