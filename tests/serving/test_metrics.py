"""The server in numbers, read back by Prometheus' own parser."""

from __future__ import annotations

from collections.abc import Iterator

import psutil
import pytest
from prometheus_client.parser import text_string_to_metric_families

from explorer.jobs.limits import WorkerLimits
from explorer.jobs.pool import WorkerPool
from explorer.jobs.record import Ending, JobRecord
from explorer.serving.metrics import Metrics
from tests.jobs import work


@pytest.fixture
def service() -> Iterator[WorkerPool]:
    started = WorkerPool(WorkerLimits())
    yield started
    started.close(0.0)


def _samples(metrics: Metrics) -> dict[tuple[str, ...], float]:
    """Every sample by its name and the values of its labels."""
    families = text_string_to_metric_families(metrics.text().decode())
    return {
        (sample.name, *(value for name, value in sorted(sample.labels.items()) if name != "le")): sample.value
        for family in families
        for sample in family.samples
        if sample.labels.get("le", "+Inf") == "+Inf"
    }


def test_pages_and_jobs_are_counted_with_their_seconds() -> None:
    metrics = Metrics()
    metrics.page("Scale", 0.25)
    metrics.page("Scale", 0.5)
    metrics.job("looks", JobRecord("look", Ending.ANSWERED, 1.5, 0.25))
    metrics.job("looks", JobRecord("look", Ending.CANCELLED, 0.5, 0.0))
    samples = _samples(metrics)
    assert samples[("explorer_page_seconds_count", "Scale")] == 2
    assert samples[("explorer_page_seconds_sum", "Scale")] == 0.75
    assert samples[("explorer_job_waiting_seconds_sum", "look", "looks")] == 2.0
    assert samples[("explorer_job_seconds_count", "answered", "look", "looks")] == 1
    assert samples[("explorer_job_seconds_sum", "answered", "look", "looks")] == 0.25
    assert samples[("explorer_job_seconds_count", "cancelled", "look", "looks")] == 1


def test_a_watched_service_is_read_as_it_is_now(service: WorkerPool) -> None:
    metrics = Metrics()
    metrics.watch("looks", service)
    assert _samples(metrics)[("explorer_looks_submitted_total",)] == 0
    assert service.submit("somebody", work.steps, 2).result(300) in service.processes
    samples = _samples(metrics)
    assert samples[("explorer_looks_submitted_total",)] == 1
    assert samples[("explorer_looks_waiting",)] == 0
    assert samples[("explorer_looks_workers",)] == 1
    assert samples[("explorer_looks_workers_resident_bytes",)] > 1e6
    assert samples[("explorer_looks_seconds_total",)] == service.counters.seconds


def test_the_memory_of_the_server_itself_is_there() -> None:
    memory = psutil.Process().memory_info().rss
    assert _samples(Metrics())[("process_resident_memory_bytes",)] == pytest.approx(memory, rel=0.1)
