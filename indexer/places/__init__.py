"""Places of China: the place that a code or a name means, in a given year or today, and which places contain it.

Provinces, cities and counties are known as they were at the end of each year since 1980, towns and streets as they are today. A place
that was renamed or got another code (某县 that became 某区) is one place with today's code; one that was merged or abolished keeps its
own code and names its successors.
"""

from indexer.places.latin import latin_name
from indexer.places.names import bare_name, find_region, is_place_name, place_in, places_in, places_named, short_names, town_names
from indexer.places.table import (
    Region,
    as_of,
    exists,
    governments,
    name_of_code,
    names_of,
    pinyin_of,
    predecessors,
    region_of_code,
    successors,
    towns_called,
)

__all__ = [
    "Region",
    "as_of",
    "bare_name",
    "exists",
    "find_region",
    "governments",
    "is_place_name",
    "latin_name",
    "name_of_code",
    "names_of",
    "pinyin_of",
    "place_in",
    "places_in",
    "places_named",
    "predecessors",
    "region_of_code",
    "short_names",
    "successors",
    "town_names",
    "towns_called",
]
