"""Modes all and any: a sentence of which all words, or any, must occur. Only quotes, a leading `-` and fields are special.

All of its text is used for ranking; only the words that say what it is about must occur and are marked.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable

from indexer.analysis.fold import fold
from indexer.analysis.words import distinct, is_wordlike
from indexer.query.scanner import Scanner
from indexer.query.stopwords import STOP_WORDS
from indexer.query.tree import And, Leaf, Node, Not, Or, Query, Term
from indexer.request import Mode


def read_sentence(scanner: Scanner, mode: Mode, segment: Callable[[str], Iterable[str]], *, has_filter: bool) -> Query:
    """The query of a sentence: its words as the mode says, and every phrase and field, and no exclusion.

    Raises:
        InvalidQuery: A quote or a field is malformed, or nothing is left to search for.
    """
    pieces: list[str] = []
    words: list[str] = []
    required: list[Node] = []
    excluded: list[Node] = []
    while scanner.skip_white():
        start = scanner.at
        if scanner.signs[start] == "-" and not scanner.ends_at(start + 1):
            scanner.at += 1
            excluded.append(Not(_leaf(scanner) or _rest(scanner)))
        elif (leaf := _leaf(scanner)) is not None:
            required.append(leaf)
            pieces += [leaf.text] if isinstance(leaf, Term) else []
        else:
            end = scanner.word_end()
            piece = fold(scanner.query[start:end])
            scanner.at = end
            pieces.append(piece)
            words += [word for word in segment(piece) if is_wordlike(word)]
    children: list[Node] = [Term(word) for word in _needed(distinct(words), beside=bool(required))]
    if mode is Mode.ANY and len(children) > 1:
        children = [Or(tuple(children))]
    children += required
    sentence = tuple(piece for piece in pieces if is_wordlike(piece))
    if pieces and not sentence:
        raise scanner.wrong(0, "sentence-without-words")
    if not children and not (excluded and has_filter):
        raise scanner.wrong(0, "sentence-only-excluded")
    children += excluded
    tree = children[0] if len(children) == 1 else And(tuple(children))
    return Query(tree, mode, sentence)


def _needed(words: list[str], *, beside: bool) -> list[str]:
    """The words that say what a sentence is about: no stop words, and no single characters beside longer words.

    A single character also occurs inside unrelated words, such as 输 in 运输. Where a sentence has no longer words,
    and no phrase or field `beside` them, its single characters are needed, or failing those its stop words.
    """
    telling = [word for word in words if word not in STOP_WORDS]
    longer = [word for word in telling if sum(char.isalnum() for char in word) > 1]
    return longer or telling or ([] if beside else words)


def _leaf(scanner: Scanner) -> Leaf | None:
    """The phrase or field at the current position; None if there is none."""
    start = scanner.at
    if scanner.query[start] == '"':
        return scanner.term(scanner.quoted(), start)
    return scanner.field(scanner.word_end())


def _rest(scanner: Scanner) -> Term:
    """The word at the current position, as one term."""
    start, end = scanner.at, scanner.word_end()
    scanner.at = end
    return scanner.term(scanner.query[start:end], start)
