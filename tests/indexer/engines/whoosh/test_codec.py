"""The stock Searcher reads the segments that the array codec wrote: the oracle for postings and scores."""

import math
import random

import pytest
from whoosh.index import open_dir
from whoosh.query import And, Or, Phrase, QueryError
from whoosh.query import Term as StockTerm
from whoosh.reading import TermNotFound
from whoosh.scoring import BM25F

from indexer import Report, build_index
from indexer.catalogue import Catalogue
from indexer.engines.whoosh.segment.schema import TEXT_FIELDS, ReportTokenizer
from indexer.engines.whoosh.writer import WhooshWriter
from indexer.ranking import K1, B, text_tokens
from tests.support import one_report

WORDS = ["法治", "政府", "行政", "复议", "处罚", "许可", "公开", "监督"]


def opened(place):
    return open_dir(place / "generations" / (place / "CURRENT").read_text())


@pytest.fixture
def built(tmp_path):
    chance = random.Random(2)
    texts = ["".join(chance.choices(WORDS, k=chance.randint(1, 12))) for _ in range(300)]
    build_index(tmp_path / "index", [Report.from_blocks(title="甲", id=f"r{n}", year=2020, blocks=[((), t)]) for n, t in enumerate(texts)])
    return opened(tmp_path / "index"), texts


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


def test_stock_phrases_are_refused_for_no_positions_are_stored(built):
    index, _ = built
    with index.searcher() as searcher, pytest.raises(QueryError, match="has no positions"):
        searcher.search(Phrase("chars", ["行", "政"]))


def test_stock_reader_knows_lengths_and_deletions(tmp_path):
    build_index(
        tmp_path / "index",
        [one_report("法治政府", "法", id="r0", title="甲乙"), one_report("行政", id="r1", title="丙"), one_report("普法", id="r2")],
    )
    writer = WhooshWriter(tmp_path / "index")
    writer.drop("r1")
    writer.commit(Catalogue())
    with opened(tmp_path / "index").reader() as reader:
        assert (reader.doc_count_all(), reader.doc_count(), reader.has_deletions()) == (7, 5, True)
        held = [reader.stored_fields(number)["passage"]["text"] for number in range(7)]
        assert [held[number] for number in range(7) if reader.is_deleted(number)] == ["丙", "行政"]
        lengths = [reader.doc_field_length(number, "chars") for number in range(7)]
        assert dict(zip(held, lengths, strict=True)) == {text: len(text) for text in held}
        assert (reader.field_length("chars"), reader.min_field_length("chars"), reader.max_field_length("chars")) == (14, 1, 4)
        assert [reader.doc_field_length(0, "kind", default) for default in (0, 7)] == [0, 7]
        assert (reader.field_length("kind"), reader.min_field_length("kind"), reader.max_field_length("kind")) == (0, 0, 0)
        assert ["described" in reader.stored_fields(number) for number in range(7)] == [text in ("甲乙", "丙", "标题") for text in held]


def test_stock_reader_lists_terms_in_order(tmp_path):
    build_index(tmp_path / "index", [one_report("法治法", id="r0", year=2020), one_report("治", id="r1", year=2021)])
    with opened(tmp_path / "index").reader() as reader:
        assert list(reader.lexicon("year")) == [b"2020", b"2021"]
        assert list(reader.lexicon("report")) == [b"r0", b"r1"]
        chars = list(reader.lexicon("chars"))
        assert chars == sorted("法治标题".encode()[at : at + 3] for at in range(0, 12, 3))
        assert [term for _, term in reader.terms_from("chars", chars[1])] == chars[1:]
        assert list(reader.lexicon("bigrams")) == sorted(pair.encode() for pair in ("标题", "法治", "治法"))
        info = reader.term_info("chars", "法".encode())
        assert (info.weight(), info.doc_frequency(), info.max_weight()) == (2, 1, 2)
        assert (info.min_length(), info.max_length()) == (1, 1)
        info = reader.term_info("chars", "治".encode())
        assert [text for text in range(4) if "治" in reader.stored_fields(text)["passage"]["text"]] == [info.min_id(), info.max_id()]
        assert [("chars", term) in reader for term in ("法".encode(), "无".encode())] == [True, False]
        assert [(field, b"2020") in reader for field in ("year", "kind")] == [True, False]
        assert ("chars", "\ud800".encode("utf-8", "surrogatepass")) not in reader
        with pytest.raises(TermNotFound, match=r"^chars:b'\\xe6\\x97\\xa0'$"):
            reader.term_info("chars", "无".encode())


def test_tokens_stand_one_behind_the_other():
    cut = ReportTokenizer("chars")
    assert [(token.text, token.pos, token.stopped, token.boost) for token in cut("法治", positions=True)] == [
        ("法", 0, False, 1.0),
        ("治", 1, False, 1.0),
    ]
    assert [token.pos for token in cut("法治", positions=True, start_pos=7)] == [7, 8]
