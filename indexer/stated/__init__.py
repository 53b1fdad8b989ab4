"""Lists what the reports of an index state: the instruments they name and the figures they give, each with its source.

`instruments` and `indicators` count by an engine's columns; `figures` reads passages when they are shown, `series` groups figures by
unit.
"""

from indexer.stated.figures import Figures, StatedFigure, StatisticPage, stated_figures
from indexer.stated.indicators import IndicatorCount, Overview, indicator_counts, overview, overview_of
from indexer.stated.instruments import Instrument, InstrumentPage, Instruments
from indexer.stated.series import ListedSeries, Series, series_of, series_pages

__all__ = [
    "Figures",
    "IndicatorCount",
    "Instrument",
    "InstrumentPage",
    "Instruments",
    "ListedSeries",
    "Overview",
    "Series",
    "StatedFigure",
    "StatisticPage",
    "indicator_counts",
    "overview",
    "overview_of",
    "series_of",
    "series_pages",
    "stated_figures",
]
