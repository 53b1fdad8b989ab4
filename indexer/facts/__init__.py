"""Facts that texts state: figures with what they count, and the rules and documents that are named. Pure: text in, facts out."""

from indexer.facts.model import Indicator, Naming, Statistic
from indexer.facts.statistics import find_statistics

__all__ = ["Indicator", "Naming", "Statistic", "find_statistics"]
