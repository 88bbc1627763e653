"""The driver, with real processes: it finishes, it survives its workers, and whoever stops it loses nothing."""

from __future__ import annotations

import signal
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import Future
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import psutil
import pytest

from explorer.network.description import Network
from explorer.study import plan as planning
from explorer.study.errors import StudyError
from explorer.study.estimate import StudyProgress
from explorer.study.plan import Plan
from explorer.study.pools import LocalPool
from explorer.study.protocol import Protocol
from explorer.study.results import TrainingResult
from explorer.study.run import MOST_DEATHS, Driver, Watch
from explorer.study.store import create, open_existing
from explorer.study.training import train
from explorer.study.trials import MOST_TRIES
from tests.study.samples import QUICK, QUICK_ARGUMENTS, outcome

ROOT = Path(__file__).resolve().parents[2]
PLAN = Plan(most=2, seeds=2, step_2=False, protocol=QUICK)
RUNS = planning.runs(PLAN, ())
ARGUMENTS = ("--triples", "2", "--seeds", "2", "--step-1-only", *QUICK_ARGUMENTS)


class Here:
    """A pool that answers at once, or fails as it is told."""

    slots = 1

    def __init__(self, *errors: BaseException) -> None:
        self.errors = list(errors)
        self.asked = 0

    def submit(self, network: Network, seed: int, protocol: Protocol) -> Future[TrainingResult]:
        """A future that is done."""
        assert seed in {0, 1}
        assert protocol == QUICK
        self.asked += 1
        future: Future[TrainingResult] = Future()
        if self.errors:
            future.set_exception(self.errors.pop(0))
        else:
            run = next(run for run in RUNS if planning.network(PLAN, run) == network)
            future.set_result(outcome(PLAN, run, 50.0).result)
        return future

    def close(self) -> None:
        """Nothing to end."""


@contextmanager
def begin(place: Path | str, *arguments: str) -> Iterator[subprocess.Popen[str]]:
    """`study` in a process of its own, which ends with the block at the latest."""
    command = [sys.executable, "-m", "explorer", "study", *arguments, "--store", str(place)]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process:
        try:
            yield process
        finally:
            process.kill()


def until(process: subprocess.Popen[str], words: str) -> None:
    """Read what the process reports until it says `words`."""
    assert process.stderr is not None
    assert any(words in line for line in process.stderr), f"it never said “{words}”"


def drive(place: Path, pool: object, reports: list[StudyProgress] | None = None) -> bool:
    store = create(str(place), PLAN)
    told = [] if reports is None else reports
    return Driver(store, pool, told.append, exclusive=True).run(lambda: False)  # type: ignore[arg-type]


def test_local_processes_do_every_run_once_and_get_what_this_process_gets(tmp_path: Path) -> None:
    reports: list[StudyProgress] = []
    assert drive(tmp_path / "study.db", LocalPool(2), reports)
    done = open_existing(str(tmp_path / "study.db")).outcomes()
    assert Counter(each.run for each in done) == Counter(RUNS)
    last = next(each for each in done if each.run == RUNS[-1])
    again = train(planning.network(PLAN, last.run), last.run.seed, QUICK)
    assert (last.result.accuracy, last.result.curve) == (again.accuracy, again.curve)
    assert (reports[0].done, reports[0].seconds_left) == (0, None)
    assert (reports[-1].done, reports[-1].share, reports[-1].seconds_left) == (len(RUNS), 1.0, 0.0)
    assert [each.done for each in reports] == sorted(each.done for each in reports)


def workers_of(process: subprocess.Popen[str]) -> list[psutil.Process]:
    """The processes that train for a driver."""
    children = psutil.Process(process.pid).children(recursive=True)
    return [child for child in children if "popen_loky" in " ".join(child.cmdline())]


def test_a_killed_driver_and_a_killed_worker_leave_a_study_that_goes_on(tmp_path: Path) -> None:
    place = tmp_path / "study.db"
    with begin(place, "run", *ARGUMENTS) as process:
        until(process, "1 of 8 runs are done")
        workers = workers_of(process)
        process.kill()
        process.communicate()
    assert workers
    assert psutil.wait_procs(workers, timeout=120)[1] == []
    before = {each.run.key: each.result.curve for each in open_existing(str(place)).outcomes()}
    assert before

    with begin(place, "resume") as again:
        until(again, f"{len(before) + 1} of 8 runs are done")
        for worker in workers_of(again):
            worker.kill()
        out, _ = again.communicate(timeout=180)
        assert again.returncode == 0
    assert "has the highest mean accuracy" in out
    done = open_existing(str(place)).outcomes()
    assert Counter(each.run for each in done) == Counter(RUNS)
    assert {each.run.key: each.result.curve for each in done}.items() >= before.items()


def test_whoever_presses_ctrl_c_can_resume_at_once(tmp_path: Path) -> None:
    place = tmp_path / "study.db"
    with begin(place, "run", *ARGUMENTS) as process:
        until(process, "0 of 8 runs are done")
        process.send_signal(signal.SIGINT)
        _, err = process.communicate(timeout=180)
        assert process.returncode == 130
    assert "Go on with “study resume”" in err
    assert "Traceback" not in err
    store = open_existing(str(place))
    assert store.running() == ()
    assert drive(place, Here())


def test_a_time_limit_stops_it(tmp_path: Path) -> None:
    with begin(tmp_path / "study.db", "run", *ARGUMENTS, "--max-minutes", "0") as process:
        out, _ = process.communicate(timeout=180)
        assert process.returncode == 0
    assert out.startswith("Stopped after 0 min.")


def test_a_run_whose_process_dies_is_tried_again(tmp_path: Path) -> None:
    pool = Here(*(BrokenProcessPool() for _ in range(MOST_DEATHS - 1)))
    assert drive(tmp_path / "study.db", pool)
    assert pool.asked == len(RUNS) + MOST_DEATHS - 1


def test_a_run_that_fails_again_and_again_does_not_stop_the_others(tmp_path: Path) -> None:
    reports: list[StudyProgress] = []
    assert drive(
        tmp_path / "study.db", Here(*(MemoryError("no memory") for _ in range(MOST_TRIES * len(RUNS)))), reports
    )
    store = open_existing(str(tmp_path / "study.db"))
    assert set(store.given_up().values()) == {"no memory"}
    assert len(store.given_up()) == reports[-1].failed == len(RUNS)


@pytest.mark.parametrize("accuracy", [100.5, -1.0, float("nan")])
def test_a_result_that_cannot_be_read_back_is_a_failure_of_its_run(tmp_path: Path, accuracy: float) -> None:
    class Wrong(Here):
        def submit(self, network: Network, seed: int, protocol: Protocol) -> Future[TrainingResult]:
            assert self.asked < MOST_TRIES * len(RUNS), "it is trained for ever"
            future: Future[TrainingResult] = Future()
            future.set_result(replace(super().submit(network, seed, protocol).result(), accuracy=accuracy))
            return future

    pool = Wrong()
    assert drive(tmp_path / "study.db", pool)
    store = open_existing(str(tmp_path / "study.db"))
    assert (pool.asked, len(store.given_up()), store.outcomes()) == (MOST_TRIES * len(RUNS), len(RUNS), ())


def test_missing_data_stop_it_with_their_sentence(tmp_path: Path) -> None:
    with pytest.raises(StudyError, match="no images here"):
        drive(tmp_path / "study.db", Here(StudyError("There are no images here.")))
    assert open_existing(str(tmp_path / "study.db")).running() == ()
    assert drive(tmp_path / "study.db", Here())


def test_step_2_follows_by_itself(tmp_path: Path) -> None:
    plan = Plan(most=2, seeds=2, protocol=QUICK)
    store = create(str(tmp_path / "study.db"), plan)

    class Guess(Here):
        def submit(self, network: Network, seed: int, protocol: Protocol) -> Future[TrainingResult]:
            assert (seed, protocol) in {(each, QUICK) for each in (0, 1, 100, 101)}
            future: Future[TrainingResult] = Future()
            future.set_result(outcome(plan, planning.runs(plan, ())[0], 50.0 + network.block_count / 10).result)
            return future

    assert Driver(store, Guess(), lambda _progress: None, exclusive=True).run(lambda: False)
    assert len(store.outcomes()) == planning.total(plan) == 2 * (1 + 3) + 2 * 13


def test_the_living_are_known_by_their_pulse() -> None:
    now = [0.0]
    watch = Watch(grace=10, clock=lambda: now[0])
    assert watch.lives({"a": 1}, "a")
    now[0] = 9.0
    assert watch.lives({"a": 1}, "a")
    now[0] = 11.0
    assert not watch.lives({"a": 1}, "a")
    assert watch.lives({"a": 2}, "a")
    assert watch.lives({}, "")  # it may just have taken its first run
    now[0] = 22.0
    assert not watch.lives({}, "")
