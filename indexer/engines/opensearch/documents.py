"""The mapping of an index on a cluster, and the documents that a report becomes.

A report is one document and each of its passages a child document; all are on one shard (routed by the report's id).
The folded text is indexed as single characters (`chars`) and bigrams (`chars.bigrams`), both tokenized on the cluster,
and as words (`words`), segmented here. So a phrase query on characters finds exact substrings, and the cluster needs no
dictionary.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import pairwise
from typing import Any

import msgspec

from indexer.analysis.fold import fold
from indexer.analysis.words import is_wordlike, segmenter
from indexer.boilerplate import keys_of
from indexer.engines.common import fingerprint, same_text
from indexer.engines.opensearch.cluster import Json
from indexer.facets import comparable
from indexer.fields import FILTERS
from indexer.model import Passage, Report, passage_id
from indexer.ranking import K1, B
from indexer.records import passage_record, report_record

SCHEMA_VERSION = 8

LONGEST_SUGGESTED = 40
"""Most code points of a word or heading that may be suggested."""

BIGRAMS = "chars.bigrams"
"""The field of bigrams."""

FOLDED = "_folded"
"""Suffix of the field that holds the comparable form of a free-text field."""

EXACT = "_exact"
"""Suffix of the field that holds the most specific of nested values, such as the county rather than its province."""

_ANALYSIS = {
    "tokenizer": {name: {"type": "ngram", "min_gram": size, "max_gram": size} for name, size in (("chars", 1), ("bigrams", 2))},
    "analyzer": {name: {"type": "custom", "tokenizer": name} for name in ("chars", "bigrams")},
}

_KEYWORD = {"type": "keyword"}
_STORED = {"type": "object", "enabled": False}


_encode = msgspec.json.Encoder().encode


def as_json(value: Any) -> str:
    """A plain value as JSON."""
    return _encode(value).decode()


def this_fingerprint() -> Json:
    """The fingerprint of an index that this version can read."""
    return fingerprint(SCHEMA_VERSION)


def index_body(generation: str, shards: int, settings: Json) -> Json:
    """The settings and the mapping of a new index; nothing written shows before it is refreshed."""
    chars = {"type": "text", "analyzer": "chars"}
    return {
        "settings": {
            "number_of_shards": shards,
            "refresh_interval": "-1",
            "codec": "best_compression",
            "analysis": _ANALYSIS,
            "similarity": {"default": {"type": "BM25", "k1": K1, "b": B}},
            **settings,
        },
        "mappings": {
            "dynamic": "strict",
            "_meta": meta(generation),
            "_routing": {"required": True},
            "_source": {"excludes": ["chars", "words", "title_chars", "issuer_chars"]},
            "properties": {
                "join": {"type": "join", "relations": {"report": "passage"}},
                "report": _KEYWORD,
                "record": _STORED,
                # Fields of passages.
                "at": {"type": "integer"},
                "same": {"type": "long"},
                # The keys of the sentences in a passage; in a report document, of all its passages.
                "sentences": {"type": "long"},
                "chars": chars | {"fields": {"bigrams": {"type": "text", "analyzer": "bigrams", "index_options": "freqs"}}},
                # `fielddata` because words are aggregated; the cluster keeps it in memory after first use.
                "words": {"type": "text", "analyzer": "whitespace", "index_options": "freqs", "fielddata": True},
                # A report's values are repeated in its passages.
                **{name: {"type": "short"} if field.of_numbers else _KEYWORD for name, field in FILTERS.items()},
                **{f"{name}{FOLDED}": _KEYWORD | {"doc_values": False} for name, field in FILTERS.items() if not field.closed},
                **{f"{name}{EXACT}": _KEYWORD for name, field in FILTERS.items() if field.nested},
                # Fields of reports alone.
                "passages": {"type": "integer"},
                "title_chars": chars | {"norms": False},
                "issuer_chars": chars | {"norms": False},
                # A word that may be suggested, and in how many reports it was found.
                "word": _KEYWORD,
                "reports": {"type": "integer"},
                # A part of the catalogue of one machine.
                "origin": _KEYWORD,
                "catalogue": _STORED,
            },
        },
    }


def meta(generation: str) -> Json:
    """The metadata of an index; the segmenter is the one of the last run."""
    return {"fingerprint": this_fingerprint(), "generation": generation, "segmenter": segmenter()}


def token(word: str) -> str:
    """The token of a word: the word itself, with white space, which would end a token, written as its code point."""
    return "".join(f"u{ord(char):x}" if char.isspace() else char for char in word)


def tokens(words: Sequence[str]) -> str:
    """The tokens of words as text for the whitespace analyzer."""
    joined = " ".join(words)
    # White space within a word is rare, and checking every character of every word is slow.
    return joined if joined.split() == list(words) else " ".join(map(token, words))


def neighbours(folded: str) -> list[str]:
    """The distinct bigrams of `folded`."""
    return list(dict.fromkeys(one + other for one, other in pairwise(folded)))


def report_documents(report: Report, folded: Sequence[str], words: Iterable[Sequence[str]]) -> Iterator[tuple[str, Json]]:
    """The documents of a report with their ids: its own, then one per passage."""
    sentences = [keys_of(text) for text in folded]
    shared = {"report": report.id, **field_values(report, of_passages=False)}
    yield (
        report.id,
        shared
        | {
            "join": "report",
            "passages": len(report.passages),
            "sentences": sorted(set().union(*sentences)),
            "title_chars": fold(report.title),
            "issuer_chars": fold(report.issuer or ""),
            # As text, because a filtered reply leaves empty lists out of objects.
            "record": as_json(report_record(report)),
        },
    )
    for at, (passage, text, of_text, keys) in enumerate(zip(report.passages, folded, words, sentences, strict=True)):
        document = {
            **field_values(passage, of_passages=True),
            "join": {"name": "passage", "parent": report.id},
            "at": at,
            "same": int.from_bytes(same_text(passage.kind, text.encode()), "little", signed=True),
            "sentences": sorted(keys),
            "chars": text,
            "words": tokens(of_text),
            "record": as_json(passage_record(passage)),
        }
        yield passage_id(report.id, passage.anchor), shared | document


def field_values(holder: Report | Passage, *, of_passages: bool) -> Json:
    """The values that filters and facets of a report or a passage use; unknown values are left out."""
    values: Json = {}
    for name, field in FILTERS.items():
        if field.of_passages == of_passages and (known := [value for value in field.stored_of(holder) if value is not None]):
            values[name] = known
            if not field.closed:
                values[f"{name}{FOLDED}"] = [comparable(field, value) for value in known]
            if field.nested:
                values[f"{name}{EXACT}"] = known[-1]
    return values


def counted_field(name: str) -> str:
    """The field that holds a single value of a filter, the most specific one."""
    return f"{name}{EXACT}" if FILTERS[name].nested else name


def suggestible(report: Report, words: Iterable[str]) -> set[str]:
    """The words and headings of a report that may be suggested as completions."""
    headings = filter(is_wordlike, (fold(section.heading) for section in report.sections))
    return {text for text in (*words, *headings) if 1 < len(text) <= LONGEST_SUGGESTED}


def word_document(word: str, reports: int) -> tuple[str, Json]:
    """The document of a word that may be suggested, with its id."""
    return f"~w~{word}", {"word": word, "reports": reports}
