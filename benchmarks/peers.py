"""Adapters for the other engines, each given the same words of the same texts: tantivy, SQLite's FTS5, stock Whoosh."""

from __future__ import annotations

import sqlite3
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

import tantivy
from whoosh.analysis import SpaceSeparatedTokenizer
from whoosh.fields import NUMERIC, STORED, TEXT, Schema
from whoosh.index import create_in
from whoosh.query import And, NumericRange, Or, Phrase, Term


@dataclass(frozen=True)
class Question:
    """A query: words of which a paragraph must contain all or, with `any`, one."""

    words: tuple[str, ...]
    any: bool = False
    phrase: bool = False
    """Whether the words must be adjacent, in this order."""
    year: int | None = None
    by_year: bool = False
    """Newest first instead of best first."""

    @property
    def typed(self) -> str:
        """The query in our own language, where a phrase is a quoted text."""
        if self.phrase:
            return '"' + "".join(self.words) + '"'
        text = (" OR " if self.any else " ").join(self.words)
        return f"year:{self.year} ({text})" if self.year is not None else text


class Peer(Protocol):
    """An engine with the paragraphs, each with its words, year and text."""

    name: str

    def ask(self, question: Question) -> int:
        """Fetch the best ten hits and return the total."""
        ...


class Tantivy:
    """tantivy, one thread."""

    name = "tantivy"

    def __init__(self, folder: Path, words: list[list[str]], years: list[int], texts: list[str]) -> None:
        builder = tantivy.SchemaBuilder()
        builder.add_text_field("body", stored=False, tokenizer_name="whitespace")
        builder.add_text_field("text", stored=True, tokenizer_name="raw", index_option="basic")
        builder.add_integer_field("year", stored=False, indexed=True, fast=True)
        self._schema = builder.build()
        index = tantivy.Index(self._schema, str(folder))
        writer = index.writer(128_000_000, num_threads=1)
        for own, year, text in zip(words, years, texts, strict=True):
            writer.add_document(tantivy.Document(body=" ".join(own), year=year, text=text[:8000]))
        writer.commit()
        writer.wait_merging_threads()
        self._folder = folder
        self.open()

    def open(self) -> None:
        """Reopen the index."""
        index = tantivy.Index.open(str(self._folder))
        index.reload()
        self._searcher = index.searcher()

    def ask(self, question: Question) -> int:
        """See `Peer.ask`."""
        query = tantivy.Query
        if question.phrase:
            asked = query.phrase_query(self._schema, "body", list(question.words))
        else:
            occur = tantivy.Occur.Should if question.any else tantivy.Occur.Must
            asked = query.boolean_query([(occur, query.term_query(self._schema, "body", word)) for word in question.words])
        if question.year is not None:
            of_year = query.term_query(self._schema, "year", question.year)
            asked = query.boolean_query([(tantivy.Occur.Must, asked), (tantivy.Occur.Must, of_year)])
        order = {"order_by_field": "year"} if question.by_year else {}
        found = self._searcher.search(asked, 10, count=True, **order)
        for _, address in found.hits:
            self._searcher.doc(address)
        return int(found.count)


class Fts5:
    """SQLite's FTS5."""

    name = "FTS5"

    def __init__(self, folder: Path, words: list[list[str]], years: list[int], texts: list[str]) -> None:
        self._db = sqlite3.connect(folder / "fts5.db")
        # The words are separated by spaces; letters of all kinds are token characters.
        self._db.execute("CREATE VIRTUAL TABLE body USING fts5(words, content='', tokenize=\"unicode61 remove_diacritics 0\")")
        self._db.execute("CREATE TABLE kept (id INTEGER PRIMARY KEY, year INTEGER, text TEXT)")
        self._db.executemany("INSERT INTO body(rowid, words) VALUES (?, ?)", ((n, " ".join(own)) for n, own in enumerate(words)))
        self._db.executemany("INSERT INTO kept VALUES (?, ?, ?)", zip(range(len(words)), years, texts, strict=True))
        self._db.execute("INSERT INTO body(body) VALUES ('optimize')")
        self._db.commit()

    def ask(self, question: Question) -> int:
        """See `Peer.ask`."""
        joiner = " + " if question.phrase else " OR " if question.any else " AND "
        asked = joiner.join(f'"{word}"' for word in question.words)
        year = "" if question.year is None else f" AND kept.year = {question.year}"
        order = "kept.year DESC" if question.by_year else "bm25(body)"
        tables = "FROM body JOIN kept ON kept.id = body.rowid WHERE body MATCH ?" + year
        self._db.execute(f"SELECT kept.text {tables} ORDER BY {order} LIMIT 10", (asked,)).fetchall()
        return int(self._db.execute(f"SELECT count(*) {tables}", (asked,)).fetchone()[0])


class StockWhoosh:
    """Stock Whoosh."""

    name = "Whoosh"

    def __init__(self, folder: Path, words: list[list[str]], years: list[int], texts: list[str]) -> None:
        body = TEXT(analyzer=SpaceSeparatedTokenizer(), phrase=True)
        index = create_in(str(folder), Schema(body=body, year=NUMERIC(int, sortable=True), text=STORED))
        writer = index.writer(limitmb=512)
        for own, year, text in zip(words, years, texts, strict=True):
            writer.add_document(body=" ".join(own), year=year, text=text)
        writer.commit()
        self._searcher = index.searcher()

    def ask(self, question: Question) -> int:
        """See `Peer.ask`."""
        terms: Any = [Term("body", word) for word in question.words]
        asked: Any = Phrase("body", list(question.words)) if question.phrase else Or(terms) if question.any else And(terms)
        if question.year is not None:
            asked = And([asked, NumericRange("year", question.year, question.year)])
        found = self._searcher.search(asked, limit=10, **({"sortedby": "year", "reverse": True} if question.by_year else {}))
        for hit in found:
            hit["text"]
        return len(found)
