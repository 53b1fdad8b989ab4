"""Earlier versions of reports, in an index of their own that rebuilding does not touch."""

from __future__ import annotations

import opensearchpy

from indexer.engines.opensearch.cluster import Cluster, Json
from indexer.engines.opensearch.documents import as_json
from indexer.engines.opensearch.fetching import hits_of, record_of
from indexer.model import Report
from indexer.records import read_whole, whole_record
from indexer.versions import version_id

_MOST = 1_000
"""At most so many versions of one report are read."""


def _index_of(cluster: Cluster) -> str:
    return f"{cluster.address.name}.earlier"


def keep(cluster: Cluster, report: Report) -> None:
    """Store a version at once; storing the same version again changes nothing."""
    body: Json = {
        "settings": {"number_of_shards": 1, "auto_expand_replicas": "0-1", "codec": "best_compression"},
        "mappings": {"dynamic": "strict", "properties": {"report": {"type": "keyword"}, "record": {"type": "object", "enabled": False}}},
    }
    with cluster.asking() as client:
        if not client.indices.exists(index=_index_of(cluster)):
            try:
                client.indices.create(index=_index_of(cluster), body=body)
            except opensearchpy.exceptions.RequestError as error:
                # Another machine has just created it.
                if error.error != "resource_already_exists_exception":
                    raise
        document = {"report": report.id, "record": as_json(whole_record(report))}
        client.index(index=_index_of(cluster), id=version_id(report), body=document, refresh=True)


def kept(cluster: Cluster, id: str) -> list[Report]:
    """All stored versions of a report, whole, under the report's own id, in any order."""
    body = {"query": {"term": {"report": id}}, "size": _MOST}
    with cluster.asking() as client:
        reply = client.search(index=_index_of(cluster), body=body, ignore_unavailable=True, allow_partial_search_results=False)
    return [read_whole(record_of(hit)) for hit in hits_of(reply)]
