"""The public names; `indexer` provides them and imports this module when one is first used."""

from indexer import adding, texts
from indexer.analysis.fold import fold
from indexer.analysis.words import prepare as prepare_words
from indexer.around import Around
from indexer.backends import build_index, check_location, damaged_files, open_index, original_file, read_history
from indexer.batch import MOST_TERMS, Batch, BatchBy, BatchCell, BatchRow
from indexer.boilerplate import Copies
from indexer.catalogue import Original
from indexer.commented import commented as commented_draft
from indexer.comparison import LONGEST as LONGEST_REPORT
from indexer.comparison import Comparison, is_too_long
from indexer.comparison import Relation as ComparisonRelation
from indexer.comparison import Row as ComparisonRow
from indexer.comparison import Side as ComparisonSide
from indexer.comparison.differences import Figure as ComparisonFigure
from indexer.contents import REQUIRED, SOURCES, Content, Source, sources_of
from indexer.corrections import held_text, lines_for
from indexer.declared import Field
from indexer.directory import ListedUnit, UnitPage, UnitRecord, UnitSort, UnitYear
from indexer.doctor import Check, Condition, examine, is_well, print_checks
from indexer.drafts import KINDS as FINDING_KINDS
from indexer.drafts import Background, Finding, Severity
from indexer.drafts import check as check_draft
from indexer.errors import (
    BadPath,
    ClusterAway,
    ClusterRefused,
    IndexBusy,
    IndexCorrupt,
    IndexerError,
    IndexMissing,
    IndexOutdated,
    InvalidQuery,
    InvalidReport,
    InvalidRequest,
    NotFound,
    RejectedFile,
    UserError,
)
from indexer.facts import INDICATORS, INSTRUMENT_KINDS, Indicator, Naming, Statistic, indicators_named, measures, prepare_figures
from indexer.fields import FIELDS, FILTERS, as_json
from indexer.holdings import Holdings, State, UnitHoldings, is_due
from indexer.lastrun import last_run
from indexer.levels import Level
from indexer.logs import add_log_format, configure_logging
from indexer.matrix import Matrix, MatrixRow, MatrixSort
from indexer.model import Kind, LeftOut, Ocr, OcrPage, Passage, Report, ReportType, Section, passage_id
from indexer.outline import STANDARD_PARTS, item_label
from indexer.places import Region, find_region, latin_name, region_of_code
from indexer.pool import cores
from indexer.prepared import PreparedQuery
from indexer.problems import Problem
from indexer.promises import Promise, Promises
from indexer.query import MAX_DISTANCE, QueryForm, filled_form, words_of
from indexer.query import MAX_LENGTH as MAX_QUERY_LENGTH
from indexer.quotations import FoundAt, Verdict, Verification
from indexer.quotations import Op as DifferenceOp
from indexer.quotations import Piece as QuotedPiece
from indexer.reasons import shown as shown_reason
from indexer.remarks import KINDS as REMARK_KINDS
from indexer.remarks import Remark
from indexer.renewing import Renewal, renewal_of, start_renewing
from indexer.request import FACETS, Context, Mode, Novelty, SearchRequest, Sort
from indexer.results import (
    Concordance,
    ConcordanceLine,
    Counts,
    Doubt,
    DoubtPage,
    FacetCount,
    Hit,
    IndexStats,
    ListedReport,
    OtherWriting,
    Ranking,
    ReportPage,
    ResultPage,
    Snippet,
    Totals,
    Understood,
    YearShare,
)
from indexer.search import LONGEST_VERIFIED, Index
from indexer.search.copies import CommonSentence, CommonSentencePage, ReportNovelty
from indexer.settings import corpus_location, index_location
from indexer.similar import LONGEST as LONGEST_COMPARED
from indexer.similar import SimilarPassage
from indexer.stated import (
    IndicatorCount,
    Instrument,
    InstrumentPage,
    Overview,
    Series,
    StatedFigure,
    StatisticPage,
    series_of,
    series_pages,
)
from indexer.texts import N_, gettext
from indexer.texts.names import name_of
from indexer.units import Unit, read_unit, unit_of_id
from indexer.versions import History, ReportVersion, content_of, hash_of
from indexer.wordlists import CharacteristicWord, Neighbour, WordPage, WordSide, WordsOf, WordSort
from indexer.workers import parse_file, prepare_reader

__all__ = [
    "FACETS",
    "FIELDS",
    "FILTERS",
    "FINDING_KINDS",
    "INDICATORS",
    "INSTRUMENT_KINDS",
    "LONGEST_COMPARED",
    "LONGEST_REPORT",
    "LONGEST_VERIFIED",
    "MAX_DISTANCE",
    "MAX_QUERY_LENGTH",
    "MOST_TERMS",
    "N_",
    "REMARK_KINDS",
    "REQUIRED",
    "SOURCES",
    "STANDARD_PARTS",
    "Around",
    "Background",
    "BadPath",
    "Batch",
    "BatchBy",
    "BatchCell",
    "BatchRow",
    "CharacteristicWord",
    "Check",
    "ClusterAway",
    "ClusterRefused",
    "CommonSentence",
    "CommonSentencePage",
    "Comparison",
    "ComparisonFigure",
    "ComparisonRelation",
    "ComparisonRow",
    "ComparisonSide",
    "Concordance",
    "ConcordanceLine",
    "Condition",
    "Content",
    "Context",
    "Copies",
    "Counts",
    "DifferenceOp",
    "Doubt",
    "DoubtPage",
    "FacetCount",
    "Field",
    "Finding",
    "FoundAt",
    "History",
    "Hit",
    "Holdings",
    "Index",
    "IndexBusy",
    "IndexCorrupt",
    "IndexMissing",
    "IndexOutdated",
    "IndexStats",
    "IndexerError",
    "Indicator",
    "IndicatorCount",
    "Instrument",
    "InstrumentPage",
    "InvalidQuery",
    "InvalidReport",
    "InvalidRequest",
    "Kind",
    "LeftOut",
    "Level",
    "ListedReport",
    "ListedUnit",
    "Matrix",
    "MatrixRow",
    "MatrixSort",
    "Mode",
    "Naming",
    "Neighbour",
    "NotFound",
    "Novelty",
    "Ocr",
    "OcrPage",
    "Original",
    "OtherWriting",
    "Overview",
    "Passage",
    "PreparedQuery",
    "Problem",
    "Promise",
    "Promises",
    "QueryForm",
    "QuotedPiece",
    "Ranking",
    "Region",
    "RejectedFile",
    "Remark",
    "Renewal",
    "Report",
    "ReportNovelty",
    "ReportPage",
    "ReportType",
    "ReportVersion",
    "ResultPage",
    "SearchRequest",
    "Section",
    "Series",
    "Severity",
    "SimilarPassage",
    "Snippet",
    "Sort",
    "Source",
    "State",
    "StatedFigure",
    "Statistic",
    "StatisticPage",
    "Totals",
    "Understood",
    "Unit",
    "UnitHoldings",
    "UnitPage",
    "UnitRecord",
    "UnitSort",
    "UnitYear",
    "UserError",
    "Verdict",
    "Verification",
    "WordPage",
    "WordSide",
    "WordSort",
    "WordsOf",
    "YearShare",
    "add_log_format",
    "adding",
    "as_json",
    "build_index",
    "check_draft",
    "check_location",
    "commented_draft",
    "configure_logging",
    "content_of",
    "cores",
    "corpus_location",
    "damaged_files",
    "examine",
    "filled_form",
    "find_region",
    "fold",
    "gettext",
    "hash_of",
    "held_text",
    "index_location",
    "indicators_named",
    "is_due",
    "is_too_long",
    "is_well",
    "item_label",
    "last_run",
    "latin_name",
    "lines_for",
    "measures",
    "name_of",
    "open_index",
    "original_file",
    "parse_file",
    "passage_id",
    "prepare_figures",
    "prepare_reader",
    "prepare_words",
    "print_checks",
    "read_history",
    "read_unit",
    "region_of_code",
    "renewal_of",
    "series_of",
    "series_pages",
    "shown_reason",
    "sources_of",
    "start_renewing",
    "texts",
    "unit_of_id",
    "words_of",
]
