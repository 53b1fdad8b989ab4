"""The open index: a request in, a page of marked hits out. Query, engine and highlight meet here and nowhere else.

`Index` is the door. Its methods stand in `methods`, by what they are about; what is more than a call or two behind them in the modules
beside: `offers`, `units`, `across`, `facts` and `occurrences`, each over one engine.
"""

from __future__ import annotations

from indexer.search.methods.facts import FactMethods
from indexer.search.methods.offers import OfferMethods
from indexer.search.methods.passages import PassageMethods
from indexer.search.methods.reports import ReportMethods
from indexer.search.methods.terms import TermMethods
from indexer.search.methods.texts import LONGEST_VERIFIED, TextMethods
from indexer.search.methods.units import UnitMethods

__all__ = ["LONGEST_VERIFIED", "Index"]


class Index(PassageMethods, TextMethods, UnitMethods, ReportMethods, TermMethods, FactMethods, OfferMethods):
    """One published state of an index; safe to share between threads. Use it as a context manager or call `close`."""
