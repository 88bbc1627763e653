"""The real server: what it answers beside the pages, what it writes, and how it ends."""

from __future__ import annotations

import json
import signal
import urllib.request
from collections.abc import Iterator
from http.client import HTTPResponse
from pathlib import Path
from typing import Any
from urllib.error import HTTPError

import psutil
import pytest

from tests.browser.serving import serving
from tests.support.conditions import wait_until

pytestmark = pytest.mark.server

Running = tuple[str, psutil.Process]

PAGE = b"<title>Streamlit</title>"


@pytest.fixture(scope="module")
def log(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("server") / "log"


@pytest.fixture(scope="module")
def server(log: Path) -> Iterator[Running]:
    settings = {"EXPLORER_METRICS": "on", "EXPLORER_LOG_FORMAT": "json", "EXPLORER_LOG_LEVEL": "debug"}
    with serving(settings=settings, log=log) as running:
        yield running


def _get(address: str, body: bytes | None = None) -> HTTPResponse:
    answer: HTTPResponse = urllib.request.urlopen(address, body, timeout=30)  # noqa: S310 - an address of this machine
    return answer


def _events(log: Path) -> list[dict[str, Any]]:
    lines = log.read_text(encoding="utf-8").splitlines()
    return [json.loads(line) for line in lines if line.startswith("{")]


@pytest.mark.usefixtures("server")
def test_workers_are_warm_before_the_first_visitor(log: Path) -> None:
    wait_until(lambda: any(event.get("job") == "warm_up" for event in _events(log)))
    (warmed,) = (event for event in _events(log) if event.get("job") == "warm_up")
    assert warmed["ending"] == "answered"
    assert not any(event["logger"] == "explorer.ui.shared.frame" for event in _events(log))


def test_health_says_that_questions_are_taken(server: Running) -> None:
    answer = _get(f"{server[0]}/health")
    assert answer.status == 200
    assert json.load(answer) == {
        "status": "ok",
        "looks": {"waiting": 0, "running": 0},
        "measurements": {"waiting": 0, "running": 0},
    }


def test_metrics_are_there_where_they_are_opened(server: Running) -> None:
    text = _get(f"{server[0]}/metrics").read().decode()
    assert "explorer_looks_submitted_total" in text
    assert "process_resident_memory_bytes" in text


def test_under_a_base_path_health_and_metrics_are_not_the_page() -> None:
    with serving(settings={"EXPLORER_METRICS": "on"}, base="/scaling") as (address, _):
        root = address.removesuffix("/scaling")
        for place in (address, root):
            assert json.load(_get(f"{place}/health"))["status"] == "ok"
            assert "explorer_looks_submitted_total" in _get(f"{place}/metrics").read().decode()
        assert PAGE in _get(f"{address}/").read()


def test_every_page_carries_the_headers(server: Running) -> None:
    for path in ("/", "/look", "/_stcore/health", "/health"):
        assert "frame-ancestors 'self'" in _get(server[0] + path).headers["Content-Security-Policy"]


def test_a_server_with_the_default_settings_opens_nothing_more_and_leaves_nothing(tmp_path: Path) -> None:
    log = tmp_path / "log"
    with serving(log=log) as (address, process):
        assert json.load(_get(f"{address}/health"))["status"] == "ok"
        assert PAGE in _get(f"{address}/metrics").read(), "an unknown address is answered with the page itself"
        with pytest.raises(HTTPError, match="403"):
            _get(f"{address}/_stcore/agent/interact", b"{}")
        wait_until(lambda: "is process" in log.read_text(encoding="utf-8"))
        family = [process, *process.children(recursive=True)]
        assert len(family) > 1
        process.send_signal(signal.SIGTERM)
        gone, alive = psutil.wait_procs(family, timeout=180)
        assert alive == []
        assert len(gone) == len(family)
    assert "The server has ended." in log.read_text(encoding="utf-8")
    assert "Traceback" not in log.read_text(encoding="utf-8")
