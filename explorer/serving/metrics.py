"""The server in numbers, for a scraper: pages drawn, jobs and how long they took, queues, memory."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict

from prometheus_client import CollectorRegistry, Histogram, PlatformCollector, ProcessCollector, generate_latest
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily
from prometheus_client.metrics_core import Metric
from prometheus_client.registry import Collector

from explorer.jobs.pool import WorkerPool
from explorer.jobs.record import JobRecord
from explorer.jobs.resident import resident_bytes

CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8"
SECONDS = (0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1.0, 2.0, 5.0, 10.0, 30.0, 60.0, 300.0)

COUNTED = {
    "submitted": "Jobs that visitors have given to the service.",
    "refused": "Jobs that were not taken: too many waited, a visitor asked too often, or the server was stopping.",
    "workers_lost": "Worker processes that ended by themselves or were ended.",
    "seconds": "Seconds of work by jobs that began.",
}
MEASURED = {"waiting": "Jobs that wait for a worker.", "running": "Jobs at work."}


class Metrics:
    """What one server has done so far. Safe to share between threads."""

    def __init__(self) -> None:
        self._registry = CollectorRegistry()
        ProcessCollector(registry=self._registry)
        PlatformCollector(registry=self._registry)
        self._pages = self._histogram("page", "Time to draw a page, in its script.", "page")
        self._waited = self._histogram("job_waiting", "Time from a question to its worker.", "service", "job")
        self._worked = self._histogram("job", "Time at work on a job.", "service", "job", "ending")

    def page(self, title: str, seconds: float) -> None:
        """The page called `title` was drawn in so many seconds."""
        self._pages.labels(title).observe(seconds)

    def job(self, service: str, ended: JobRecord) -> None:
        """A job of the service called `service` has ended."""
        self._waited.labels(service, ended.kind).observe(ended.waited)
        self._worked.labels(service, ended.kind, ended.ending.value).observe(ended.worked)

    def watch(self, name: str, service: WorkerPool) -> None:
        """Include the counters of `service`, under a name that no other has, and the memory of its workers."""
        self._registry.register(_Watched(name, service))

    def text(self) -> bytes:
        """All numbers as they are now, in Prometheus' text format (`CONTENT_TYPE`)."""
        return generate_latest(self._registry)

    def _histogram(self, name: str, meaning: str, *labels: str) -> Histogram:
        return Histogram(f"explorer_{name}_seconds", meaning, labels, buckets=SECONDS, registry=self._registry)


class _Watched(Collector):
    """The counters of a service, read when they are asked for."""

    def __init__(self, name: str, service: WorkerPool) -> None:
        self._name, self._service = name, service

    def collect(self) -> Iterable[Metric]:
        prefix = f"explorer_{self._name}"
        now = asdict(self._service.counters)
        for name, meaning in COUNTED.items():
            yield CounterMetricFamily(f"{prefix}_{name}", meaning, value=now[name])
        for name, meaning in MEASURED.items():
            yield GaugeMetricFamily(f"{prefix}_{name}", meaning, value=now[name])
        memory = [resident_bytes(process) for process in self._service.processes]
        yield GaugeMetricFamily(f"{prefix}_workers", "Worker processes.", value=len(memory))
        yield GaugeMetricFamily(f"{prefix}_workers_resident_bytes", "Memory of the workers.", value=sum(memory))
