"""Forms and the queries that they write: against a plain reading of what the fields mean, and back."""

import random

import pytest

from indexer import QueryForm, build_index, filled_form, fold, open_index, words_of
from indexer.matching import near_starts
from indexer.query import parse_query
from indexer.query.tree import And, Near, Or, Term
from indexer.request import Mode
from tests.support import one_report

ALPHABET = '法治政府6A村(居)-:|"\\'
WORDS = ["OR", "NOT", "NEAR/3", "-法", "(治", "居)", "村(居)", "year:2020", "|", '"法"', "法\\治", "Ａ6"]


def words(chance, most):
    return tuple(chance.choice([*WORDS, "".join(chance.choices(ALPHABET, k=chance.randint(1, 2)))]) for _ in range(chance.randint(0, most)))


def random_form(chance):
    near = words(chance, 2)
    return QueryForm(
        all=words(chance, 2),
        any=words(chance, 3),
        none=words(chance, 2),
        phrase=" ".join(words(chance, 2)),
        near=near,
        distance=chance.randint(0, 5),
    )


def holds(form, text):
    """What the fields mean, read plainly."""
    if any(fold(word) not in text for word in form.all):
        return False
    if form.any and not any(fold(word) in text for word in form.any):
        return False
    if any(fold(word) in text for word in form.none) or fold(form.phrase) not in text:
        return False
    if len(form.near) == 2:
        left, right = (Term(fold(word)) for word in form.near)
        return near_starts(Near(left, right, form.distance), text) != ([], [])
    return all(fold(word) in text for word in form.near)


def test_what_a_form_writes_finds_what_its_fields_mean(tmp_path):
    chance = random.Random(19)
    texts = ["".join(chance.choices(ALPHABET + " 法治", k=chance.randint(3, 30))) for _ in range(150)]
    build_index(tmp_path / "index", [one_report(*texts, title="题", id="r")])
    tried = 0
    with open_index(tmp_path / "index") as index:
        passages = [(passage.anchor, fold(passage.text)) for passage in index.report("r").passages]
        while tried < 400:
            form = random_form(chance)
            if not (form.all or form.any or form.phrase.strip() or form.near):
                continue
            tried += 1
            right = {anchor for anchor, text in passages if holds(form, text)}
            found = index.rank(form.text, top=1000)
            assert {id.partition("~")[2] for id in found.ids} == right, form.text


def conditions(query):
    """What a query requires, in no order."""
    tree = parse_query(query, Mode.EXACT, str.split).tree
    return {frozenset(child.children) if isinstance(child, Or) else child for child in (tree.children if isinstance(tree, And) else [tree])}


def test_a_form_is_read_back_from_the_query_that_it_writes():
    chance = random.Random(20)
    for _ in range(1_000):
        form = random_form(chance)
        if not (form.all or form.any or form.phrase.strip() or form.near):
            continue
        read = filled_form(parse_query(form.text, Mode.EXACT, str.split))
        assert conditions(read.form.text) == conditions(form.text)


@pytest.mark.parametrize(
    ("query", "form", "filters"),
    [
        ("行政复议 听证", QueryForm(all=("行政复议", "听证")), {}),
        ("调解 OR 仲裁", QueryForm(any=("调解", "仲裁")), {}),
        ("(调解 OR 仲裁) 人民 -上访", QueryForm(all=("人民",), any=("调解", "仲裁"), none=("上访",)), {}),
        ("人民 -(上访 OR 信访) -举报", QueryForm(all=("人民",), none=("上访", "信访", "举报")), {}),
        ('"a b" 信访', QueryForm(all=("信访",), phrase="a b"), {}),
        ("决策 NEAR/9 听证", QueryForm(near=("决策", "听证"), distance=9), {}),
        ("信访 year:2019-2022", QueryForm(all=("信访",)), {"year_from": 2019, "year_to": 2022}),
        ("信访 year:unknown", QueryForm(all=("信访",)), {"years": [None]}),
        ("信访 region:210900", QueryForm(all=("信访",)), {"regions": ["210900"]}),
        ("信访 section:行政执法", QueryForm(all=("信访",)), {"sections": ["行政执法"]}),
        ("", QueryForm(), {}),
    ],
)
def test_a_query_is_read_into_the_form(query, form, filters):
    found = filled_form(parse_query(query, Mode.EXACT, str.split))
    assert (found.form, found.filters) == (form, filters)
    if not filters:
        rewritten = {"(调解 OR 仲裁) 人民": "人民 (调解 OR 仲裁)", '"a b" 信访': '信访 "a b"', "-(上访 OR 信访)": "-上访 -信访"}
        for typed, written in rewritten.items():
            query = query.replace(typed, written)
        assert found.form.text == query


@pytest.mark.parametrize(
    "query",
    [
        "(甲 乙) OR 丙",
        "(甲 OR 乙) (丙 OR 丁)",
        "甲 -(乙 丙)",
        "title:工作 甲",
        "甲 NEAR/1 乙 丙 NEAR/1 丁",
        '甲 -"a b"',
        "year:2020 year:2021",
    ],
)
def test_what_the_form_has_no_field_for_is_not_read(query):
    assert filled_form(parse_query(query, Mode.EXACT, str.split)) is None


def test_words_are_apart_by_any_white_space():
    assert words_of("甲　乙\u00a0丙 ") == ("甲", "乙", "丙")
