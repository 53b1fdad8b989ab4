"""Figures for Prometheus: `GET /metrics`, only if `webui --metrics` or FAZHI_METRICS=1 asks for it.

Workers are processes; each writes its counts into files of one folder, and the one that is asked adds up those of all, including workers
that have ended. The counts do not say who searched or for what.
"""

from __future__ import annotations

import os
import time
from collections.abc import Iterator

from flask import Flask, Response, g, request
from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, Counter, Histogram, generate_latest
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.metrics_core import Metric
from prometheus_client.multiprocess import MultiProcessCollector
from prometheus_client.registry import Collector

from indexer import IndexerError, SearchRequest, last_run
from webui.live import LiveIndex
from webui.server import COUNTS

BUCKETS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10)
"""Upper bounds of the histogram's buckets, in seconds."""


def register(app: Flask) -> None:
    """Count and time what this application answers, and serve the figures."""
    registry = CollectorRegistry()
    answered = Counter("fazhi_requests", "Requests answered.", ["view", "status"], registry=registry)
    seconds = Histogram("fazhi_request_seconds", "Seconds until a reply was sent.", ["view"], buckets=BUCKETS, registry=registry)
    Counter("fazhi_worker_starts", "Workers started; more than there are says that some ended by themselves.", registry=registry).inc()
    shown = registry
    if COUNTS in os.environ:
        shown = CollectorRegistry()
        MultiProcessCollector(shown)  # type: ignore[no-untyped-call]
    shown.register(_OfIndex(app.extensions["index"]))

    @app.before_request
    def begin() -> None:
        g.began = time.perf_counter()

    @app.after_request
    def count(reply: Response) -> Response:
        view, began = request.endpoint or "none", g.get("began", time.perf_counter())

        def end() -> None:
            answered.labels(view, str(reply.status_code)).inc()
            seconds.labels(view).observe(time.perf_counter() - began)

        reply.call_on_close(end)
        return reply

    @app.get("/metrics")
    def metrics() -> Response:
        return Response(generate_latest(shown), content_type=CONTENT_TYPE_LATEST, headers={"Cache-Control": "no-store"})


class _OfIndex(Collector):
    """What the index holds and how the last run of `reindex` ended, looked up when somebody asks."""

    def __init__(self, live: LiveIndex) -> None:
        self._live = live
        self._to_check: tuple[str, int] = ("", 0)

    def collect(self) -> Iterator[Metric]:
        """See prometheus_client."""
        try:
            index = self._live.get()
            index.outdated()  # raises if a cluster cannot be reached
            is_up = self._live.damage() is None
        except (IndexerError, OSError):
            index, is_up = None, False
        yield GaugeMetricFamily("fazhi_index_up", "1 where searches can be answered from a whole index.", value=is_up)
        if index is not None:
            held = index.stats
            about = GaugeMetricFamily("fazhi_index_info", "The generation that is served.", labels=["generation"])
            about.add_metric([held.generation], 1)
            yield about
            yield GaugeMetricFamily("fazhi_reports", "Reports in the index.", value=held.reports)
            yield GaugeMetricFamily("fazhi_passages", "Passages in the index.", value=held.passages)
            if self._to_check[0] != held.generation:
                self._to_check = held.generation, index.doubts(SearchRequest(per_page=1)).reports
            to_check = self._to_check[1]
            yield GaugeMetricFamily("fazhi_reports_to_check", "Reports with a remark that somebody should look at.", value=to_check)
        if run := last_run(self._live.location):
            yield GaugeMetricFamily("fazhi_last_reindex_timestamp_seconds", "When the last run of reindex ended.", value=run.timestamp)
            yield GaugeMetricFamily("fazhi_last_reindex_exit_code", "Its exit code: 0 done, 3 files were rejected.", value=run.exit)
            yield GaugeMetricFamily("fazhi_last_reindex_seconds", "Seconds that it took.", value=run.seconds)
            yield GaugeMetricFamily("fazhi_last_reindex_rejected", "Files that it rejected.", value=run.rejected)
