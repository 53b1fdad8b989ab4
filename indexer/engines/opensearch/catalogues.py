"""What an index on a cluster holds, and from which files: the catalogue of each machine that fills it."""

from __future__ import annotations

import os
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from indexer.catalogue import Catalogue
from indexer.engines.opensearch.address import Address
from indexer.engines.opensearch.cluster import Cluster, Json
from indexer.engines.opensearch.fetching import described, published, walk_through

PART = 2_000_000
"""Characters of a document that holds a piece of the catalogue."""


def last_catalogue(address: Address) -> tuple[str | None, Catalogue | None]:
    """The live generation's name and this machine's catalogue, None where there is none."""
    with _opened(address) as cluster:
        found = described(cluster)
        return (found[1]["generation"], read_catalogue(cluster, found[0], this_machine())) if found else (None, None)


def damage(address: Address) -> tuple[str, list[str]]:
    """The live generation's name, and what is wrong with what it holds.

    Raises:
        IndexMissing: Nothing was ever published there.
        IndexOutdated: It was written by another version.
    """
    with _opened(address) as cluster:
        _, generation = published(cluster)
        held = held_by(cluster, address.name)
    missing = held.expected - held.passages
    return generation, [f"{missing} of the {held.expected} passages of its {held.reports} reports are not there"] if missing else []


@contextmanager
def _opened(address: Address) -> Iterator[Cluster]:
    cluster = Cluster(address)
    try:
        yield cluster
    finally:
        cluster.close()


@dataclass(frozen=True, slots=True)
class Held:
    """What an index holds."""

    reports: int
    passages: int
    expected: int
    """Passages that its reports should have."""


def held_by(cluster: Cluster, index: str) -> Held:
    """What an index holds."""
    body = {
        "size": 0,
        "aggs": {
            "reports": {"filter": {"term": {"join": "report"}}, "aggs": {"passages": {"sum": {"field": "passages"}}}},
            "passages": {"filter": {"term": {"join": "passage"}}},
        },
    }
    with cluster.asking() as client:
        told = client.search(index=index, body=body, allow_partial_search_results=False)["aggregations"]
    return Held(told["reports"]["doc_count"], told["passages"]["doc_count"], round(told["reports"]["passages"]["value"]))


def this_machine() -> str:
    """What this machine is called: whose folders are whose."""
    return os.environ.get("FAZHI_MACHINE") or socket.gethostname()


def read_catalogue(cluster: Cluster, index: str, origin: str) -> Catalogue | None:
    """A machine's catalogue, None where it has none."""
    found: dict[str, dict[int, Json]] = {}
    for hit in catalogue_hits(cluster, index):
        if hit["_source"]["origin"] == origin:
            told = hit["_source"]["catalogue"]
            found.setdefault(told["generation"], {})[told["part"]] = told
    for generation in sorted(found, reverse=True):
        parts = found[generation]
        if len(parts) == next(iter(parts.values()))["parts"]:
            return Catalogue.from_json("".join(parts[number]["text"] for number in sorted(parts)))
    return None


def catalogue_hits(cluster: Cluster, index: str) -> Iterator[Json]:
    """The documents that hold pieces of catalogues."""
    body = {"query": {"bool": {"filter": [{"exists": {"field": "origin"}}]}}, "sort": ["_doc"], "_source": ["origin", "catalogue"]}
    return walk_through(cluster, index, body, lot=10)


def catalogue_documents(catalogue: Catalogue, origin: str, generation: str) -> Iterator[tuple[str, Json]]:
    """A machine's catalogue in pieces: documents with their ids."""
    text = catalogue.to_json()
    parts = [text[start : start + PART] for start in range(0, len(text), PART)]
    for number, part in enumerate(parts):
        told = {"generation": generation, "part": number, "parts": len(parts), "text": part}
        yield f"~c~{origin}~{generation}~{number}", {"origin": origin, "catalogue": told}
