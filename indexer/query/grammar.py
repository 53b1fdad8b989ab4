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

from indexer.analysis.fold import is_white
from indexer.errors import InvalidQuery
from indexer.query.scanner import Kind, Scanner, Token
from indexer.query.sentence import read_sentence
from indexer.query.tree import And, Near, Node, Not, Or, Query, Term
from indexer.request import Mode

MAX_LENGTH = 200
"""Code points of a query as received."""
MAX_DEPTH = 5
"""Brackets inside each other."""
MAX_DISTANCE = 200
"""The most characters that NEAR may leave between: further apart, two words are only in the same passage."""

_NEAR = re.compile(r"NEAR/(\d+)")
_WORDS = {"OR": Kind.OR, "|": Kind.OR, "AND": Kind.AND, "NOT": Kind.NOT}


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
        raise InvalidQuery(text, max_length, f"太长：{len(text)} 个字符，最多 {max_length} 个")
    scanner = Scanner(text)
    if not scanner.skip_white():
        return Query(None, mode)
    if mode is Mode.LITERAL:
        return Query(scanner.term(text, 0), mode)
    if mode in (Mode.ALL, Mode.ANY):
        return read_sentence(scanner, mode, segment, has_filter=has_filter)
    return Query(_Parser(scanner, has_filter).whole(), mode)


def _tokens(scanner: Scanner) -> Iterator[Token]:
    """The pieces of a query in exact mode."""
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


def _word(scanner: Scanner, start: int) -> Token:
    end = _term_end(scanner)
    text = scanner.signs[start:end]
    if start == 0 or is_white(scanner.query[start - 1]) or scanner.signs[start - 1] == "(":
        if text in _WORDS:
            scanner.at = end
            return Token(_WORDS[text], start, text)
        if near := _NEAR.fullmatch(text):
            scanner.at = end
            return Token(Kind.NEAR, start, text, distance=_distance(scanner, start, near[1]))
    leaf = scanner.field(end)
    if leaf is None:
        leaf = scanner.term(scanner.query[start:end], start)
        scanner.at = end
    return Token(Kind.LEAF, start, scanner.query[start : scanner.at], leaf)


def _distance(scanner: Scanner, start: int, digits: str) -> int:
    # Python refuses to read thousands of digits.
    if len(digits) > 4 or int(digits) > MAX_DISTANCE:
        raise scanner.wrong(start, f"第 {start + 1} 个字符处的 NEAR 太远，最多 NEAR/{MAX_DISTANCE}")
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

    def whole(self) -> Node:
        node = self._or(0)
        if (token := self._peek()) is not None:
            raise self._unopened(token)
        return node

    def _peek(self, *kinds: Kind) -> Token | None:
        """The next token, None at the end or where it is of none of these kinds."""
        token = self._tokens[self._at] if self._at < len(self._tokens) else None
        return token if token and (not kinds or token.kind in kinds) else None

    def _wrong(self, token: Token, reason: str) -> InvalidQuery:
        return self._scanner.wrong(token.start, reason)

    def _unopened(self, token: Token) -> InvalidQuery:
        return self._wrong(token, f"第 {token.start + 1} 个字符“)”没有对应的“(”；要查括号本身，请给整个词加引号")

    def _or(self, depth: int) -> Node:
        children = [self._and(depth)]
        while self._peek(Kind.OR):
            self._at += 1
            children.append(self._and(depth))
        return joined(Or, children)

    def _and(self, depth: int) -> Node:
        start = self._at
        children: list[Node] = []
        while (token := self._peek()) and token.kind not in (Kind.OR, Kind.CLOSE):
            if token.kind is Kind.AND:
                self._at += 1
                if not children or not self._peek(Kind.OPEN, Kind.NOT, Kind.LEAF):
                    raise self._wrong(token, f"第 {token.start + 1} 个字符处的 AND 两边都要有检索词")
            children.append(self._item(depth))
        if not children:
            raise self._nothing(start)
        if all(isinstance(child, Not) for child in children) and not (self._has_filter and self._is_whole(start)):
            token = self._tokens[start]
            raise self._wrong(token, f"第 {token.start + 1} 个字符处只有排除，请再写一个要出现的词或条件")
        return joined(And, children)

    def _is_whole(self, start: int) -> bool:
        return start == 0 and self._at == len(self._tokens)

    def _nothing(self, at: int) -> InvalidQuery:
        """The error for an operator or a bracket with nothing beside it."""
        token = self._tokens[min(at, len(self._tokens) - 1)]
        before = self._tokens[at - 1] if at else token
        if before.kind is Kind.OPEN and token.kind is Kind.CLOSE:
            return self._wrong(before, f"第 {before.start + 1} 个字符的括号里没有内容")
        if token.kind is Kind.CLOSE and before.kind is not Kind.OR:
            return self._unopened(token)
        operator = token if token.kind is Kind.OR else before
        return self._wrong(operator, f"第 {operator.start + 1} 个字符处的“{operator.text}”两边都要有检索词")

    def _item(self, depth: int) -> Node:
        token = self._tokens[self._at]
        if token.kind is Kind.NOT:
            self._at += 1
            if not self._peek(Kind.OPEN, Kind.LEAF):
                raise self._wrong(token, f"第 {token.start + 1} 个字符处的“{token.text}”后面要有被排除的词")
            excluded = Not(self._atom(depth))
            if near := self._peek(Kind.NEAR):
                raise self._wrong(near, f"第 {near.start + 1} 个字符处：要排除相近的两个词，请写成 -(甲 {near.text} 乙)")
            return excluded
        left = self._atom(depth)
        near = self._peek(Kind.NEAR)
        if near is None:
            return left
        self._at += 1
        right = self._atom(depth) if self._peek(Kind.OPEN, Kind.LEAF) else None
        if not isinstance(left, Term) or not isinstance(right, Term):
            raise self._wrong(near, f"第 {near.start + 1} 个字符处的 {near.text} 两边都要是词或引号里的短语")
        if chain := self._peek(Kind.NEAR):
            raise self._wrong(chain, f"第 {chain.start + 1} 个字符处的 {chain.text} 不能接着前一个 NEAR 写")
        return Near(left, right, near.distance)

    def _atom(self, depth: int) -> Node:
        token = self._tokens[self._at]
        self._at += 1
        if token.kind is Kind.OPEN:
            return self._group(token, depth + 1)
        if token.leaf is None:
            raise self._wrong(token, f"第 {token.start + 1} 个字符处的“{token.text}”前面要有检索词")
        return token.leaf

    def _group(self, token: Token, depth: int) -> Node:
        if depth > MAX_DEPTH:
            raise self._wrong(token, f"第 {token.start + 1} 个字符处括号套得太深，最多 {MAX_DEPTH} 层")
        unclosed = self._wrong(token, f"第 {token.start + 1} 个字符“(”没有对应的“)”；要查括号本身，请给整个词加引号")
        if not self._peek():
            raise unclosed
        node = self._or(depth)
        if not self._peek(Kind.CLOSE):
            raise unclosed
        self._at += 1
        return node


def joined(kind: type[And] | type[Or], children: list[Node]) -> Node:
    """One node over all children: a single child stands for itself, children of the same kind are taken apart."""
    flat = [part for child in children for part in (child.children if isinstance(child, kind) else (child,))]
    return flat[0] if len(flat) == 1 else kind(tuple(flat))
