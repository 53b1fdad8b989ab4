r"""The query language: a typed text to a query tree, or an error that points at the character.

    or   = and (("OR" | "|") and)*
    and  = item ("AND"? item)*
    item = ("-" | "NOT ") atom | atom ("NEAR/" n atom)?
    atom = "(" or ")" | "…" | field ":" value | term

Text that only looks like an operator stays text. Details:

- A `)` that closes a `(` inside the same term belongs to the term: in (村(居) OR 甲) the last one closes the group.
- A `(` at the start of a term always opens a group, so (一)推进 must be quoted, and the error says so.
- A phrase ends at its closing quote; what follows without a space is another term, never an operator word. A quote
  inside a term is text.
- Operator words are delimited by spaces, brackets and the ends; NEAR without /n is text, and so is a `-` with nothing after it.
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
"""Longest query, in code points, as received."""
MAX_DEPTH = 5
"""Deepest nesting of brackets."""
MAX_DISTANCE = 200
"""The most code points that NEAR may leave in between; further apart, two words are merely in the same passage."""

_OPERATOR = re.compile(r"(OR|\||AND|NOT)|NEAR/(\d+)")
_WORDS = {"OR": Kind.OR, "|": Kind.OR, "AND": Kind.AND, "NOT": Kind.NOT}
_PLAIN = re.compile(r'[^\x1c-\x1f()|":\-（）｜：－]*')
"""No character that may have a meaning; nor the first five, which `str.split` takes for white space although they are not."""
_BEGINS_ATOM = (Kind.OPEN, Kind.LEAF)
_ENDS_AND = (Kind.OR, Kind.CLOSE, Kind.END)


def parse_query(
    text: str, mode: Mode, segment: Callable[[str], Iterable[str]], *, has_filter: bool = False, max_length: int = MAX_LENGTH
) -> Query:
    """The parsed query; its tree is None if nothing was typed.

    Args:
        text: The query as received.
        mode: How to read it.
        segment: Segments a folded text into words; called only in modes all and any.
        has_filter: Whether there is a filter beside the query, so that it may consist of exclusions.
        max_length: Its greatest length in code points.

    Raises:
        InvalidQuery: It is malformed or over a limit; the message says where and what to do.
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
    """The tree for words separated by white space or OR, as in most queries; None if there may be anything else.

    Gives the same result as the whole grammar in a fifth of the time.
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
    """The tokens of a query in exact mode, and an end token."""
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
    # Python refuses to convert thousands of digits.
    if len(digits) > 4 or int(digits) > MAX_DISTANCE:
        raise scanner.wrong(start, "near-too-far", most=MAX_DISTANCE)
    return int(digits)


def _term_end(scanner: Scanner) -> int:
    """Where the term that begins here ends: at white space, or at a `)` that closes a group."""
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
    """Whether a `)` closes a group: it precedes white space, another such `)`, or the end."""
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
        # Where nothing follows, the token before is at fault.
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
