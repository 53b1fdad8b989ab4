"""Facts in texts: figures with what they count, and the rules and documents that are named. Pure: text in, facts out."""

from indexer.facts import measures
from indexer.facts.arithmetic import Check, check_figures, remarks_on_figures
from indexer.facts.indicators import indicator_of, indicators_named
from indexer.facts.instruments import KINDS as INSTRUMENT_KINDS
from indexer.facts.instruments import is_number, kind_of, kind_of_number, name_instruments, normal_key
from indexer.facts.model import FigureValue, Indicator, Naming, Statistic
from indexer.facts.statistics import INDICATORS, find_statistics, prepare_figures
from indexer.facts.topics import without_topics

__all__ = [
    "INDICATORS",
    "INSTRUMENT_KINDS",
    "Check",
    "FigureValue",
    "Indicator",
    "Naming",
    "Statistic",
    "check_figures",
    "find_statistics",
    "indicator_of",
    "indicators_named",
    "is_number",
    "kind_of",
    "kind_of_number",
    "measures",
    "name_instruments",
    "normal_key",
    "prepare_figures",
    "remarks_on_figures",
    "without_topics",
]
