"""What the cluster is told of a report: the mapping, and the documents that a report becomes.

A report is one document, each of its passages another that names it as its parent; all lie on one shard (routing by the
report's id). Of the folded text every character is a token (`chars`), every two neighbours are one (`chars.bigrams`), both cut
on the cluster, and every word is one (`words`), cut here. So a phrase of characters is a substring exactly, and no dictionary
need be kept on the cluster.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator, Sequence
from itertools import pairwise

from indexer.analysis.fold import FOLD_VERSION, fold
from indexer.analysis.words import is_wordlike, segmenter, word_list
from indexer.engines.opensearch.cluster import Json
from indexer.model import Passage, Report
from indexer.ranking import K1, B
from indexer.records import passage_record, report_record

SCHEMA_VERSION = 5

LONGEST_SUGGESTED = 40
"""Code points of a word or heading that may be suggested."""

as_json = json.JSONEncoder(ensure_ascii=False, check_circular=False, separators=(",", ":")).encode
"""Writes plain values as JSON; made once, for `json.dumps` with options makes an encoder each time."""

BIGRAMS = "chars.bigrams"
"""The field of pairs of neighbours."""

_ANALYSIS = {
    "tokenizer": {name: {"type": "ngram", "min_gram": size, "max_gram": size} for name, size in (("chars", 1), ("bigrams", 2))},
    "analyzer": {name: {"type": "custom", "tokenizer": name} for name in ("chars", "bigrams")},
}

_KEYWORD = {"type": "keyword"}
_STORED = {"type": "object", "enabled": False}


def fingerprint() -> Json:
    """What an index depends on; an index with another one must be built anew."""
    return {"schema": SCHEMA_VERSION, "fold": FOLD_VERSION, "words": word_list()}


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
                "level": {"type": "join", "relations": {"report": "passage"}},
                "report": _KEYWORD,
                "record": _STORED,
                # Of a passage.
                "at": {"type": "integer"},
                "kind": _KEYWORD,
                "section": _KEYWORD,
                "same": {"type": "long"},
                "chars": chars | {"fields": {"bigrams": {"type": "text", "analyzer": "bigrams", "index_options": "freqs"}}},
                "words": {"type": "text", "analyzer": "whitespace", "index_options": "freqs"},
                # Of a report, and repeated in its passages.
                "year": {"type": "short"},
                "region": _KEYWORD,
                "regions": _KEYWORD,
                "issuer": _KEYWORD,
                "issuer_folded": _KEYWORD | {"doc_values": False},
                "type": _KEYWORD,
                # Of a report alone.
                "passages": {"type": "integer"},
                "title_chars": chars | {"norms": False},
                "issuer_chars": chars | {"norms": False},
                # A word that may be suggested, and in how many reports it was met.
                "word": _KEYWORD,
                "reports": {"type": "integer"},
                # A piece of the catalogue of one machine.
                "origin": _KEYWORD,
                "catalogue": _STORED,
            },
        },
    }


def meta(generation: str) -> Json:
    """What an index says of itself; the segmenter is that of the last run."""
    return {"fingerprint": fingerprint(), "generation": generation, "segmenter": segmenter()}


def token(word: str) -> str:
    """The token of a word: itself, but white space would end a token and is written in ASCII."""
    return "".join(f"u{ord(char):x}" if char.isspace() else char for char in word)


def tokens(words: Sequence[str]) -> str:
    """The tokens of words as the analyzer wants them."""
    joined = " ".join(words)
    # White space within a word is rare, and looking at every character of every word takes long.
    return joined if joined.split() == list(words) else " ".join(map(token, words))


def neighbours(folded: str) -> list[str]:
    """The distinct bigrams that every text with `folded` in it has."""
    return list(dict.fromkeys(one + other for one, other in pairwise(folded)))


def same_number(passage: Passage, folded: str) -> int:
    """A number that two passages share when kind and folded text are the same.

    64 bits of SHA-256: among 13 million different texts two share one with odds of 1 in 200,000.
    """
    digest = hashlib.sha256(f"{passage.kind.value}\0{folded}".encode()).digest()
    return int.from_bytes(digest[:8], "big", signed=True)


def passage_id(report: str, anchor: str) -> str:
    """The id of a passage's document, which is also that of the hit."""
    return f"{report}~{anchor}"


def report_documents(report: Report, folded: Sequence[str], words: Iterable[Sequence[str]]) -> Iterator[tuple[str, Json]]:
    """The documents of a report with their ids: its own, then one a passage."""
    shared = _shared(report)
    yield (
        report.id,
        shared
        | {
            "level": "report",
            "passages": len(report.passages),
            "title_chars": fold(report.title),
            "issuer_chars": fold(report.issuer or ""),
            # As text, for the cluster leaves empty lists out of objects where a reply is filtered.
            "record": as_json(report_record(report)),
        },
    )
    for at, (passage, text, of_text) in enumerate(zip(report.passages, folded, words, strict=True)):
        document = {
            "level": {"name": "passage", "parent": report.id},
            "at": at,
            "kind": passage.kind.value,
            "same": same_number(passage, text),
            "chars": text,
            "words": tokens(of_text),
            "record": as_json(passage_record(passage)),
        }
        if passage.part is not None:
            document["section"] = passage.part
        yield passage_id(report.id, passage.anchor), shared | document


def _shared(report: Report) -> Json:
    """What filters and facets ask of a report; what is unknown is left out."""
    known = {
        "report": report.id,
        "type": report.type.value,
        "year": report.year,
        "issuer": report.issuer,
        "issuer_folded": fold(report.issuer) if report.issuer is not None else None,
        "region": report.region.code if report.region else None,
        "regions": list(report.region.codes) if report.region else None,
    }
    return {name: value for name, value in known.items() if value is not None}


def suggestible(report: Report, words: Iterable[str]) -> set[str]:
    """The words of a report, and its headings, that a reader may be offered."""
    headings = filter(is_wordlike, (fold(section.heading) for section in report.sections))
    return {text for text in (*words, *headings) if 1 < len(text) <= LONGEST_SUGGESTED}


def word_document(word: str, reports: int) -> tuple[str, Json]:
    """A suggestible word's document with its id."""
    return f"~w~{word}", {"word": word, "reports": reports}
