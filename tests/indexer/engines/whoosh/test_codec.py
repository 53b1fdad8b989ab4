"""The stock Searcher reads the segments that the array codec wrote: the oracle for postings and scores."""

import math
import random

import pytest
from whoosh.index import open_dir
from whoosh.query import And, Or
from whoosh.query import Term as StockTerm
from whoosh.scoring import BM25F

from indexer import Report, build_index
from indexer.engines.whoosh.segment.schema import TEXT_FIELDS
from indexer.ranking import K1, B, text_tokens

WORDS = ["法治", "政府", "行政", "复议", "处罚", "许可", "公开", "监督"]


@pytest.fixture
def built(tmp_path):
    chance = random.Random(2)
    texts = ["".join(chance.choices(WORDS, k=chance.randint(1, 12))) for _ in range(300)]
    build_index(tmp_path / "index", [Report.from_blocks(title="甲", id=f"r{n}", year=2020, blocks=[((), t)]) for n, t in enumerate(texts)])
    generation = (tmp_path / "index" / "CURRENT").read_text()
    return open_dir(tmp_path / "index" / "generations" / generation), texts


def test_stock_postings_are_what_the_texts_hold(built):
    index, texts = built
    with index.searcher() as searcher:
        reader = searcher.reader()
        for field in TEXT_FIELDS:
            tokens = [text_tokens(text)[field] for text in texts]
            for token in {token for row in tokens for token in row}:
                assert reader.doc_frequency(field, token) == sum(token in row for row in tokens)
                assert reader.frequency(field, token) == sum(row.count(token) for row in tokens)


def test_stock_search_finds_the_same_passages(built):
    index, texts = built
    with index.searcher() as searcher:
        found = searcher.search(And([StockTerm("bigrams", "行政"), StockTerm("bigrams", "复议")]), limit=None)
        right = sorted(t for t in texts if "行政" in t and "复议" in t)
        assert sorted(hit["passage"]["text"] for hit in found) == right


def test_stock_scores_follow_from_the_texts(built):
    index, texts = built
    terms = ["处罚", "许可"]
    passages = 2 * len(texts)
    average = sum(len(text) - 1 for text in texts) / passages

    def score(text):
        total = 0.0
        for term in terms:
            idf = math.log(passages / (sum(term in other for other in texts) + 1)) + 1
            count = text.count(term)
            length = len(text) - 1
            total += idf * count * (K1 + 1) / (count + K1 * (1 - B + B * length / average))
        return total

    with index.searcher(weighting=BM25F(B=B, K1=K1)) as searcher:
        found = searcher.search(Or([StockTerm("bigrams", term) for term in terms]), limit=None)
        assert [hit.score for hit in found] == pytest.approx([score(hit["passage"]["text"]) for hit in found], rel=1e-5)
        assert len(found) == sum(any(term in text for term in terms) for text in texts)


def test_stock_filters_by_values(built):
    index, _ = built
    with index.searcher() as searcher:
        assert len(searcher.search(StockTerm("kind", "title"), limit=None)) == 300
        assert len(searcher.search(StockTerm("report", "r7"), limit=None)) == 2


def test_stock_query_parser_cuts_as_we_do(built):
    from whoosh.qparser import QueryParser

    index, _ = built
    parsed = QueryParser("words", index.schema).parse("行政复议")
    assert {term.text for term in parsed.leaves()} == set(text_tokens("行政复议")["words"])
