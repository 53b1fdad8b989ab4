"""The catalogues of an index on a cluster, one per machine that writes to it, and a check of what the index holds."""

from __future__ import annotations

import os
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace

from indexer.catalogue import Catalogue, Original, history_of
from indexer.engines.opensearch.address import Address
from indexer.engines.opensearch.cluster import Cluster, Json
from indexer.engines.opensearch.fetching import described, published, walk_through
from indexer.versions import History

PART = 5_000
"""Files per document that holds a part of a catalogue: two megabytes."""


def last_catalogue(address: Address) -> tuple[str | None, Catalogue | None]:
    """The live generation's name and this machine's catalogue; None for what does not exist."""
    with _opened(address) as cluster:
        found = described(cluster)
        return (found[1]["generation"], read_catalogue(cluster, found[0], this_machine())) if found else (None, None)


def past(address: Address) -> History:
    """The index's earlier generations, from the catalogues of all machines."""
    with _opened(address) as cluster:
        found = described(cluster)
        if found is None:
            return History()
        origins = {hit["_source"]["origin"] for hit in catalogue_hits(cluster, found[0], with_text=False)}
        catalogues = (read_catalogue(cluster, found[0], origin) for origin in sorted(origins))
        return history_of(found[1]["generation"], filter(None, catalogues))


def damage(address: Address) -> tuple[str, list[str]]:
    """The live generation's name, and a list of what is damaged in it.

    Raises:
        IndexMissing: Nothing was ever published there.
        IndexOutdated: The index was written by another version.
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
    """How many reports and passages an index holds."""

    reports: int
    passages: int
    expected: int
    """How many passages its reports should have."""


def held_by(cluster: Cluster, index: str) -> Held:
    """Count the reports and passages that an index holds."""
    body = {
        "size": 0,
        "aggs": {
            "reports": {"filter": {"term": {"join": "report"}}, "aggs": {"passages": {"sum": {"field": "passages"}}}},
            "passages": {"filter": {"term": {"join": "passage"}}},
        },
    }
    with cluster.asking() as client:
        totals = client.search(index=index, body=body, allow_partial_search_results=False)["aggregations"]
    return Held(totals["reports"]["doc_count"], totals["passages"]["doc_count"], round(totals["reports"]["passages"]["value"]))


def this_machine() -> str:
    """This machine's name, under which its folders and its catalogue are stored."""
    return os.environ.get("FAZHI_MACHINE") or socket.gethostname()


def find_original(address: Address, report: str) -> Original | None:
    """Where the file of a report is, None where it is not one of this machine; fetches only the part of the catalogue that may list it."""
    with _opened(address) as cluster:
        found = described(cluster)
        parts = _parts(cluster, found[0], this_machine(), with_text=False) if found else []
        holding = [hit for hit in parts if hit["_source"]["catalogue"]["first"] <= report]
        if not found or not holding:
            return None
        id = holding[-1]["_id"]
        with cluster.asking() as client:
            part = client.get(index=found[0], id=id, params={"routing": id})["_source"]["catalogue"]
        return Catalogue.from_json(part["text"]).originals().get(report)


def read_catalogue(cluster: Cluster, index: str, origin: str) -> Catalogue | None:
    """A machine's catalogue, None where it has none."""
    parts = [Catalogue.from_json(hit["_source"]["catalogue"]["text"]) for hit in _parts(cluster, index, origin)]
    for part in parts[1:]:
        parts[0].sources.update(part.sources)
    return parts[0] if parts else None


def _parts(cluster: Cluster, index: str, origin: str, with_text: bool = True) -> list[Json]:
    """The documents of a machine's newest complete catalogue, in order; empty where there is none."""
    found: dict[str, list[Json]] = {}
    for hit in catalogue_hits(cluster, index, with_text):
        if hit["_source"]["origin"] == origin:
            found.setdefault(hit["_source"]["catalogue"]["generation"], []).append(hit)
    for generation in sorted(found, reverse=True):
        if len(found[generation]) == found[generation][0]["_source"]["catalogue"]["parts"]:
            return sorted(found[generation], key=lambda hit: hit["_source"]["catalogue"]["part"])
    return []


def catalogue_hits(cluster: Cluster, index: str, with_text: bool = True) -> Iterator[Json]:
    """The documents that hold parts of catalogues."""
    wanted = {"includes": ["origin", "catalogue"], "excludes": [] if with_text else ["catalogue.text"]}
    body = {"query": {"bool": {"filter": [{"exists": {"field": "origin"}}]}}, "sort": ["_doc"], "_source": wanted}
    return walk_through(cluster, index, body, batch=10)


def catalogue_documents(catalogue: Catalogue, origin: str, generation: str) -> Iterator[tuple[str, Json]]:
    """A machine's catalogue as documents with their ids, each with a range of report ids. The first also has all that is not a file."""
    sources = sorted(catalogue.sources.items(), key=lambda entry: entry[1].report)
    parts = [sources[start : start + PART] for start in range(0, len(sources), PART)] or [[]]
    for number, part in enumerate(parts):
        own = replace(catalogue, sources=dict(part))
        if number > 0:
            own = replace(own, refused={}, generations={}, removed={})
        record = {"generation": generation, "part": number, "parts": len(parts), "text": own.to_json()}
        yield f"~c~{origin}~{generation}~{number}", {"origin": origin, "catalogue": record | {"first": part[0][1].report if part else ""}}
