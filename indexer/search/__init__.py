"""The open index: a request in, a page of marked hits out. The only place where query, engine and highlight meet.

`Index` is the entry point. Its methods are in `methods`, grouped by subject; whatever takes more than a call or two is in the modules
here, each working on one engine: `offers`, `units`, `across`, `facts`, `occurrences` and so on.
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
    """One published generation of an index; safe to share between threads. Use it as a context manager or call `close`."""
