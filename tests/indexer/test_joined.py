import re
from collections import Counter

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from indexer.joined import END, JoinedTexts
from indexer.matching import near_starts, occurrences_of, starts_of
from indexer.query.tree import Near, Term

TEXTS = st.lists(st.text(f"甲乙丙a𠀀{END}", max_size=12), max_size=8)
NEEDLES = st.text(f"甲乙a𠀀{END}", min_size=1, max_size=3).map(Term)
NEARS = st.builds(Near, NEEDLES, NEEDLES, st.integers(0, 4))


@pytest.fixture(params=["utf16", "texts"], scope="module")
def join(request):
    if request.param == "texts":
        return JoinedTexts.of
    return lambda texts: JoinedTexts.of_utf16(
        [text.encode("utf-16-le") for text in texts], np.array([len(text) for text in texts], np.uint16)
    )


def by_text(joined, positions):
    found = [[] for _ in range(joined.count)]
    for text, position in zip(joined.text_of(positions).tolist(), positions.tolist(), strict=True):
        found[text].append(position - int(joined.text_of(np.arange(len(joined.codes))).searchsorted(text)))
    return found


@given(texts=TEXTS, needle=NEEDLES)
def test_starts_are_those_in_each_text(join, texts, needle):
    joined = join(texts)
    assert by_text(joined, joined.starts(needle.text)) == [starts_of(needle.text, text) for text in texts]


@pytest.mark.parametrize("read", [1, 2, 5, 1 << 16])
@given(texts=TEXTS, terms=st.lists(NEEDLES, min_size=3, max_size=9), near=NEARS)
def test_what_is_looked_up_together_is_found_as_one_after_another(join, read, texts, terms, near):
    together, one_by_one = join(texts), join(texts)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("indexer.joined._READ", read)
        together.look_up([term.text for term in terms])
    if len({term.text[0] for term in terms} - {END, "𠀀"}) >= 3 and texts:
        assert together._starts
    for text in [*(term.text for term in terms), near.left.text, "乙"]:
        assert together.starts(text).tolist() == one_by_one.starts(text).tolist()
        assert together._owners_of(text).tolist() == one_by_one._owners_of(text).tolist()
    assert together.holding(near).tolist() == one_by_one.holding(near).tolist()
    assert together.counts(terms, [near]).tolist() == one_by_one.counts(terms, [near]).tolist()


@given(texts=TEXTS, near=NEARS)
def test_the_texts_that_hold_a_pair(join, texts, near):
    assert join(texts).holding(near).tolist() == [near_starts(near, text) != ([], []) for text in texts]


@given(texts=TEXTS, terms=st.lists(NEEDLES, max_size=3), nears=st.lists(NEARS, max_size=2), seed=st.integers(0, 255))
def test_occurrences_are_those_in_each_text(join, texts, terms, nears, seed):
    joined = join(texts)
    chosen = np.array([seed >> number & 1 for number in range(len(texts))], np.bool_)
    expected = [occurrences_of(terms, nears, text) for text in texts]
    for mask in (None, chosen):
        wanted = expected if mask is None else [spans if held else [] for spans, held in zip(expected, mask.tolist(), strict=True)]
        starts, ends = joined.occurrences(terms, nears, mask)
        assert by_text(joined, starts) == [[start for start, _ in spans] for spans in wanted]
        assert (ends - starts).tolist() == [end - start for spans in wanted for start, end in spans]
    assert joined.occurrences_in_each(terms, nears) == {number: spans for number, spans in enumerate(expected) if spans}


@given(texts=TEXTS, before=st.text("甲乙a", max_size=2), after=st.text("甲乙a", max_size=2))
def test_what_stands_between(join, texts, before, after):
    if before or after:
        pattern = re.compile(f"(?={before}(\\w){after})")
        assert join(texts).between(before, after) == Counter(char for text in texts for char in set(pattern.findall(text)))


@given(texts=TEXTS, term=NEEDLES, window=st.tuples(st.integers(0, 9), st.integers(0, 9)), leftwards=st.booleans())
def test_spans_sorted_by_what_stands_beside_them(join, texts, term, window, leftwards):
    joined = join(texts)
    spans = joined.occurrences([term])
    plain = [(text, span) for text in texts for span in occurrences_of([term], [], text)]
    beside = [text[max(0, start - 5) : start][::-1] if leftwards else text[end : end + 5] for text, (start, end) in plain]
    wanted = sorted(range(len(plain)), key=beside.__getitem__)[window[0] : window[1]]
    assert joined.sorted_by_context(spans, 5, *window, leftwards=leftwards).tolist() == wanted


@pytest.mark.parametrize("needle", ["\ud800", "甲\ud800乙", END, f"甲{END}", f"{END}乙"])
def test_what_stands_behind_a_text_is_not_part_of_it(join, needle):
    assert join(["甲", "乙"]).starts(needle).tolist() == []


def test_nothing_to_search_in(join):
    assert join([]).starts("甲").tolist() == []
    assert join(["", ""]).occurrences([Term("甲")])[0].tolist() == []
