r"""The query language: a typed text to a query tree, or an error that points at the character.

    or   = and (("OR" | "|") and)*
    and  = item ("AND"? item)*
    item = ("-" | "NOT ") atom | atom ("NEAR/" n atom)?
    atom = "(" or ")" | "…" | field ":" value | term

Text that only looks like an operator stays text. Where the contract leaves room:

- A `)` that closes a `(` inside the same term belongs to the term: in (村(居) OR 甲) the group's is the last one.
- A `(` at the start of a term always opens a group, so (一)推进 wants quotes, and the error says so.
- A phrase ends at its closing quote; what follows without a space is another term, never an operator word. A quote
  inside a term is text.
- Operator words stand between spaces, the ends and brackets; NEAR without /n is text. A `-` with nothing behind it too.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator

from indexer.analysis.fold import fold, is_white
from indexer.errors import InvalidQuery
from indexer.problems import QueryProblem
from indexer.query.scanner import MAX_TERMS, Kind, Scanner, Token
from indexer.query.sentence import read_sentence
from indexer.query.tree import And, Near, Node, Not, Or, Query, Term, joined
from indexer.request import Mode

MAX_LENGTH = 200
"""Code points of a query as received."""
MAX_DEPTH = 5
"""Brackets inside each other."""
MAX_DISTANCE = 200
"""The most characters that NEAR may leave between: further apart, two words are only in the same passage."""

_OPERATOR = re.compile(r"(OR|\||AND|NOT)|NEAR/(\d+)")
_WORDS = {"OR": Kind.OR, "|": Kind.OR, "AND": Kind.AND, "NOT": Kind.NOT}
_PLAIN = re.compile(r'[^\x1c-\x1f()|":\-（）｜：－]*')
"""No sign that may have a meaning; and `str.split` takes the first five for white space, which they are not."""
_BEGINS_ATOM = (Kind.OPEN, Kind.LEAF)
_ENDS_AND = (Kind.OR, Kind.CLOSE, Kind.END)


def parse_query(
    text: str, mode: Mode, segment: Callable[[str], Iterable[str]], *, has_filter: bool = False, max_length: int = MAX_LENGTH
) -> Query:
    """A query as understood; its tree is None where nothing was typed.

    Args:
        text: As received.
        mode: How to read it.
        segment: Cuts a folded text into words; called in modes all and any alone.
        has_filter: Whether a filter stands beside the query, so that it may consist of exclusions.
        max_length: The most code points it may have.

    Raises:
        InvalidQuery: It is malformed or over a limit; says where and what to do.
    """
    if len(text) > max_length:
        raise InvalidQuery(text, QueryProblem("q", "too-long", position=max_length, length=len(text), most=max_length))
    if mode is Mode.EXACT and (tree := _plain(text)):
        return Query(tree, mode)
    scanner = Scanner(text)
    if not scanner.skip_white():
        return Query(None, mode)
    if mode is Mode.LITERAL:
        return Query(scanner.term(text, 0), mode)
    if mode in (Mode.ALL, Mode.ANY):
        return read_sentence(scanner, mode, segment, has_filter=has_filter)
    return Query(_Parser(scanner, has_filter).whole(), mode)


def _plain(text: str) -> Node | None:
    """The tree of words apart by white space, or with OR between, as most queries are; None where there may be anything else.

    It gives what the whole grammar does in a fifth of the time.
    """
    if not _PLAIN.fullmatch(text) or "NEAR/" in text:
        return None
    pieces = text.split()
    if "AND" in pieces or "NOT" in pieces or len(pieces) > MAX_TERMS:
        return None
    alternatives: list[Node] = []
    words: list[Node] = []
    for piece in [*pieces, "OR"]:
        if piece != "OR":
            if not (folded := fold(piece)):
                return None
            words.append(Term(folded))
        elif words:
            alternatives.append(joined(And, words))
            words = []
        else:
            return None
    return joined(Or, alternatives)


def _tokens(scanner: Scanner) -> Iterator[Token]:
    """The pieces of a query in exact mode, and its end."""
    while scanner.skip_white():
        start = scanner.at
        sign = scanner.signs[start]
        if sign == "(" or (sign == ")" and _closes(scanner, start)):
            scanner.at += 1
            yield Token(Kind(sign), start, sign)
        elif sign == "-" and _term_end(scanner) > start + 1:
            scanner.at += 1
            yield Token(Kind.NOT, start, "-")
        elif sign == '"':
            phrase = scanner.term(scanner.quoted(), start)
            yield Token(Kind.LEAF, start, scanner.query[start : scanner.at], phrase)
        else:
            yield _word(scanner, start)
    yield Token(Kind.END, scanner.at, "")


def _word(scanner: Scanner, start: int) -> Token:
    end = _term_end(scanner)
    text = scanner.signs[start:end]
    operator = _OPERATOR.fullmatch(text)
    if operator and (start == 0 or is_white(scanner.query[start - 1]) or scanner.signs[start - 1] == "("):
        scanner.at = end
        if operator[1]:
            return Token(_WORDS[text], start, text)
        return Token(Kind.NEAR, start, text, distance=_distance(scanner, start, operator[2]))
    leaf = scanner.field(end)
    if leaf is None:
        leaf = scanner.term(scanner.query[start:end], start)
        scanner.at = end
    return Token(Kind.LEAF, start, scanner.query[start : scanner.at], leaf)


def _distance(scanner: Scanner, start: int, digits: str) -> int:
    # Python refuses to read thousands of digits.
    if len(digits) > 4 or int(digits) > MAX_DISTANCE:
        raise scanner.wrong(start, "near-too-far", most=MAX_DISTANCE)
    return int(digits)


def _term_end(scanner: Scanner) -> int:
    """Where the term that begins here ends: before white space, or before a `)` that closes a group."""
    opened = 0
    end = scanner.word_end()
    if ")" not in scanner.signs[scanner.at : end]:
        return end
    for position in range(scanner.at, end):
        sign = scanner.signs[position]
        if sign == "(":
            opened += 1
        elif sign == ")" and opened:
            opened -= 1
        elif sign == ")" and position > scanner.at and _closes(scanner, position):
            return position
    return end


def _closes(scanner: Scanner, position: int) -> bool:
    """Whether a `)` closes a group: before white space, another such `)`, or the end."""
    following = position + 1
    while scanner.signs[following : following + 1] == ")":
        following += 1
    return scanner.ends_at(following)


class _Parser:
    """Recursive descent over the tokens."""

    def __init__(self, scanner: Scanner, has_filter: bool) -> None:
        self._scanner, self._has_filter = scanner, has_filter
        self._tokens = list(_tokens(scanner))
        self._at = 0
        self._next = self._tokens[0]

    def whole(self) -> Node:
        node = self._or(0)
        if self._next.kind is not Kind.END:
            raise self._unopened(self._next)
        return node

    def _step(self) -> None:
        self._at += 1
        self._next = self._tokens[self._at]

    def _wrong(self, token: Token, code: str, **params: str | int) -> InvalidQuery:
        return self._scanner.wrong(token.start, code, **params)

    def _unopened(self, token: Token) -> InvalidQuery:
        return self._wrong(token, "unopened-bracket")

    def _or(self, depth: int) -> Node:
        children = [self._and(depth)]
        while self._next.kind is Kind.OR:
            self._step()
            children.append(self._and(depth))
        return joined(Or, children)

    def _and(self, depth: int) -> Node:
        start = self._at
        children: list[Node] = []
        while (token := self._next).kind not in _ENDS_AND:
            if token.kind is Kind.AND:
                self._step()
                if not children or self._next.kind not in (Kind.OPEN, Kind.NOT, Kind.LEAF):
                    raise self._wrong(token, "and-alone")
            children.append(self._item(depth))
        if not children:
            raise self._nothing(start)
        if (
            isinstance(children[0], Not)
            and all(isinstance(child, Not) for child in children)
            and not (self._has_filter and self._is_whole(start))
        ):
            token = self._tokens[start]
            raise self._wrong(token, "only-excluded")
        return joined(And, children)

    def _is_whole(self, start: int) -> bool:
        return start == 0 and self._next.kind is Kind.END

    def _nothing(self, at: int) -> InvalidQuery:
        """The error for an operator or a bracket with nothing beside it."""
        # Where nothing follows, what stands before is at fault.
        token = self._tokens[min(at, len(self._tokens) - 2)]
        before = self._tokens[at - 1] if at else token
        if before.kind is Kind.OPEN and token.kind is Kind.CLOSE:
            return self._wrong(before, "empty-group")
        if token.kind is Kind.CLOSE and before.kind is not Kind.OR:
            return self._unopened(token)
        operator = token if token.kind is Kind.OR else before
        return self._wrong(operator, "operator-alone", operator=operator.text)

    def _item(self, depth: int) -> Node:
        token = self._next
        if token.kind is Kind.NOT:
            self._step()
            if self._next.kind not in _BEGINS_ATOM:
                raise self._wrong(token, "nothing-excluded", operator=token.text)
            excluded = Not(self._atom(depth))
            if (near := self._next).kind is Kind.NEAR:
                raise self._wrong(near, "near-excluded", near=near.text)
            return excluded
        left = self._atom(depth)
        near = self._next
        if near.kind is not Kind.NEAR:
            return left
        self._step()
        right = self._atom(depth) if self._next.kind in _BEGINS_ATOM else None
        if not isinstance(left, Term) or not isinstance(right, Term):
            raise self._wrong(near, "near-without-terms", near=near.text)
        if (chain := self._next).kind is Kind.NEAR:
            raise self._wrong(chain, "near-chained", near=chain.text)
        return Near(left, right, near.distance)

    def _atom(self, depth: int) -> Node:
        token = self._next
        self._step()
        if token.kind is Kind.OPEN:
            return self._group(token, depth + 1)
        if token.leaf is None:
            raise self._wrong(token, "operator-first", operator=token.text)
        return token.leaf

    def _group(self, token: Token, depth: int) -> Node:
        if depth > MAX_DEPTH:
            raise self._wrong(token, "too-deep", most=MAX_DEPTH)
        unclosed = self._wrong(token, "unclosed-bracket")
        if self._next.kind is Kind.END:
            raise unclosed
        node = self._or(depth)
        if self._next.kind is not Kind.CLOSE:
            raise unclosed
        self._step()
        return node
