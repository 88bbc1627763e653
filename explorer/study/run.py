"""Drive a study: claim, train, record, until nothing is left or somebody stops it."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import FIRST_COMPLETED, Future, wait
from dataclasses import dataclass, field
from time import monotonic

from explorer.study import estimate, plan
from explorer.study.errors import StudyError
from explorer.study.estimate import StudyProgress
from explorer.study.pools import Pool, died
from explorer.study.results import Run, TrainingResult, result_from
from explorer.study.store import Store

BEAT_SECONDS = 5.0
GRACE_SECONDS = 60.0
"""A driver that has not said so long that it lives is taken for dead."""

PATIENCE_SECONDS = 1.0
MOST_DEATHS = 3
"""So often in a row may the process of one run die before that counts as the run's own fault."""


@dataclass
class Watch:
    """Which of the other drivers live: those whose beats still change, by this driver's own clock."""

    grace: float = GRACE_SECONDS
    clock: Callable[[], float] = monotonic
    seen: dict[str, tuple[int, float]] = field(default_factory=dict)

    def lives(self, beats: dict[str, int], driver: str) -> bool:
        """Whether `driver` has said within the grace period that it lives."""
        now, counted = self.clock(), beats.get(driver, 0)
        known = self.seen.get(driver)
        if known is None or known[0] != counted:
            self.seen[driver] = known = (counted, now)
        return now - known[1] < self.grace


class Driver:
    """One driver of a study; `run` returns when nothing is left that this driver could do."""

    def __init__(
        self,
        store: Store,
        pool: Pool,
        report: Callable[[StudyProgress], None],
        exclusive: bool,
        watch: Watch | None = None,
    ) -> None:
        self._store, self._pool, self._report, self._exclusive = store, pool, report, exclusive
        self._watch = watch or Watch()
        self._training: dict[Future[TrainingResult], Run] = {}
        self._deaths: dict[str, int] = {}
        self._beaten = -BEAT_SECONDS

    def run(self, stop: Callable[[], bool]) -> bool:
        """Work until the study is done (True) or `stop` says so (False). Claimed runs are always given back.

        Raises:
            StudyError: the record cannot be used any more, or a run's data are missing.
        """
        try:
            if self._exclusive:
                self._store.recover(lambda driver: driver == self._store.driver)
            while not stop():
                if self._finished():
                    return True
                self._fill()
                self._harvest()
            return False
        finally:
            self._pool.close()
            self._store.release_all()

    def _finished(self) -> bool:
        """Free what the dead have left, enqueue what is known to be needed; whether nothing of it is left."""
        if self._watch.clock() - self._beaten >= BEAT_SECONDS:
            self._store.beat()
            self._beaten = self._watch.clock()
            if not self._exclusive:
                beats = self._store.beats()
                self._store.recover(lambda driver: driver == self._store.driver or self._watch.lives(beats, driver))
        state = self._store.look()
        outcomes, given_up = state.outcomes, state.given_up
        needed = plan.runs(self._store.plan, outcomes, frozenset(given_up))
        if any(run.key not in state.known for run in needed):
            self._store.enqueue(needed)
        self._report(estimate.progress(self._store.plan, outcomes, given_up, self._pool.slots))
        done = {outcome.run.key for outcome in outcomes} | set(given_up)
        return all(run.key in done for run in needed)

    def _fill(self) -> None:
        while len(self._training) < self._pool.slots:
            run = self._store.claim()
            if run is None:
                return
            self._submit(run)

    def _submit(self, run: Run) -> None:
        network = plan.network(self._store.plan, run)
        self._training[self._pool.submit(network, run.seed, self._store.plan.protocol)] = run

    def _harvest(self) -> None:
        """Record what has ended; where nothing is training, wait for what other drivers do."""
        if not self._training:
            wait([Future()], timeout=PATIENCE_SECONDS)
            return
        ended, _ = wait(self._training, timeout=PATIENCE_SECONDS, return_when=FIRST_COMPLETED)
        for future in ended:
            run = self._training.pop(future)
            error = future.exception()
            if error is None:
                self._record(run, future.result())
            else:
                self._failed(run, error)

    def _record(self, run: Run, result: TrainingResult) -> None:
        """Write a result; one that cannot be read back would be trained for anew for ever, so it is the run's fault."""
        try:
            result_from(result.as_json())
        except StudyError as error:
            self._store.release(run, str(error), own_fault=True)
        else:
            self._store.complete(run, result)

    def _failed(self, run: Run, error: BaseException) -> None:
        if isinstance(error, StudyError) or isinstance(getattr(error, "cause", None), StudyError):
            self._store.release(run)
            raise StudyError(str(getattr(error, "cause", None) or error)) from error
        self._deaths[run.key] = self._deaths.get(run.key, 0) + 1
        if died(error) and self._deaths[run.key] < MOST_DEATHS:
            self._submit(run)
        else:
            self._store.release(run, " ".join(str(error).split())[:300] or type(error).__name__, own_fault=True)
