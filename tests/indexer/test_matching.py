"""Occurrences in one text, each function beside a plain reading of what it is for."""

from itertools import pairwise, product

from hypothesis import given
from hypothesis import strategies as st

from indexer.matching import first_start, leftmost, near_starts, occurrences_of, overlapping, starts_of, unite
from indexer.query.tree import Near, Or, Query, Term
from indexer.request import Mode

needles = st.text("甲乙", min_size=1, max_size=4)
folded = st.text("甲乙丙", max_size=30)


def share_a_character(one: str, other: str) -> bool:
    """Whether occurrences of both can stand on the same character of some text."""
    shifts = range(1 - len(other), len(one))
    return any(all(one[at] == other[at - by] for at in range(max(0, by), min(len(one), by + len(other)))) for by in shifts)


@given(st.lists(needles, unique=True, max_size=6))
def test_terms_that_can_overlap_are_in_one_group_also_by_way_of_others(texts):
    groups = [sorted(term.text for term in group) for group in overlapping([Term(text) for text in texts])]
    linked = {text: {text} for text in texts}
    for one, other in product(texts, texts):
        if share_a_character(one, other):
            both = linked[one] | linked[other]
            linked |= dict.fromkeys(both, both)
    assert sorted(groups) == sorted(map(list, {tuple(sorted(group)) for group in linked.values()}))


@given(needles, folded)
def test_starts_are_all_and_leftmost_ones_do_not_overlap(needle, text):
    starts = starts_of(needle, text)
    assert starts == [at for at in range(len(text)) if text[at:].startswith(needle)]
    spans, end = [], 0
    for start in starts:
        if start >= end:
            end = start + len(needle)
            spans.append((start, end))
    assert leftmost(starts, len(needle)) == spans == occurrences_of([Term(needle)], [], text)


@given(needles, needles, st.integers(0, 5), folded)
def test_near_is_a_pair_on_either_side_that_shares_no_character_and_is_close_enough(left, right, distance, text):
    lefts, rights = starts_of(left, text), starts_of(right, text)
    pairs = [(a, b) for a in lefts for b in rights if 0 <= b - a - len(left) <= distance or 0 <= a - b - len(right) <= distance]
    near = Near(Term(left), Term(right), distance)
    assert near_starts(near, text) == (sorted({a for a, _ in pairs}), sorted({b for _, b in pairs}))
    marked = {at for start, _ in leftmost(sorted({a for a, _ in pairs}), len(left)) for at in range(start, start + len(left))}
    marked |= {at for start, _ in leftmost(sorted({b for _, b in pairs}), len(right)) for at in range(start, start + len(right))}
    assert {at for span in occurrences_of([], [near], text) for at in range(*span)} == marked


@given(
    st.lists(needles.map(Term), max_size=3),
    st.lists(st.builds(Near, needles.map(Term), needles.map(Term), st.integers(0, 5)), max_size=1),
    folded,
)
def test_the_first_start_is_that_of_the_first_occurrence(terms, nears, text):
    found = occurrences_of(terms, nears, text)
    assert first_start(Query(Or((*terms, *nears)), Mode.EXACT), text) == (found[0][0] if found else None)


@given(st.lists(st.tuples(st.integers(0, 20), st.integers(1, 5)).map(lambda span: (span[0], sum(span)))))
def test_united_spans_cover_the_same_and_share_nothing(spans):
    united = unite(spans)
    assert {at for span in united for at in range(*span)} == {at for span in spans for at in range(*span)}
    assert all(end <= start for (_, end), (start, _) in pairwise(united))


def test_spans_that_touch_are_left_apart():
    assert unite([(2, 4), (0, 2), (4, 6)]) == [(0, 2), (2, 4), (4, 6)]
    assert unite([(0, 3), (2, 4), (2, 3)]) == [(0, 4)]
