"""The rules of the service, one by one, and held together under any sequence of events."""

from __future__ import annotations

import math

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from explorer.jobs.limits import Allowances, WorkerLimits
from explorer.jobs.queue import START_SECONDS, JobQueue
from explorer.jobs.record import Ending
from explorer.jobs.ticket import RefusedError

SECONDS, GRACE = 10.0, 2.0
ROOMY = WorkerLimits(workers=2, waiting=64, per_minute=10**9, grace_seconds=GRACE)


def schedule(limits: WorkerLimits = ROOMY, *visitors: str) -> JobQueue:
    """A schedule in which each of `visitors` has asked once, in this order: their jobs are 1, 2, 3…"""
    made = JobQueue(limits)
    for visitor in visitors:
        made.submit(visitor, "look", SECONDS, 0.0)
    return made


def at_work(*visitors: str) -> JobQueue:
    """The same, with the first job begun by worker 0 at time 0."""
    made = schedule(ROOMY, *visitors)
    made.take(0, 0.0)
    made.start(0, 1, 0.0)
    return made


def places(made: JobQueue, *numbers: int) -> list[int | None]:
    return [made.place(number) for number in numbers]


def test_places_count_up_in_the_order_of_asking() -> None:
    made = schedule(ROOMY, "ada", "bob", "cyd")
    assert places(made, 1, 2, 3) == [1, 2, 3]
    taken = made.take(0, 0.0)
    assert taken is not None
    assert (taken.number, taken.visitor) == (1, "ada")
    assert places(made, 1, 2, 3, 4) == [0, 1, 2, None]
    assert made.take(0, 0.0) is None, "a busy worker gets no second job"


def test_a_newer_job_takes_the_place_of_the_older_that_waits() -> None:
    made = schedule(ROOMY, "ada", "bob")
    accepted = made.submit("ada", "look", SECONDS, 1.0)
    assert (accepted.job.number, accepted.replaced) == (3, 1)
    assert places(made, 1, 3, 2) == [None, 1, 2]
    assert made.counters().cancelled == 1


def test_a_newer_job_stops_the_older_that_runs() -> None:
    made = at_work("ada", "bob")
    assert made.submit("ada", "look", SECONDS, 1.0).replaced == 1
    assert made.inspect(1.0).stopping == {0: 1}
    assert places(made, 1, 2, 3) == [None, 1, 2]
    assert made.finish(0, 1, Ending.ANSWERED, 1.5) is False, "its answer comes too late"
    assert made.counters().answered == 0


def test_jobs_of_other_lanes_and_other_visitors_stay() -> None:
    made = schedule(ROOMY, "ada")
    assert made.submit("ada", "count", SECONDS, 0.0).replaced is None
    assert made.submit("bob", "look", SECONDS, 0.0).replaced is None
    assert made.of("ada") == (1, 2)


def test_nobody_keeps_two_workers_busy() -> None:
    made = schedule(ROOMY, "ada")
    made.submit("ada", "count", SECONDS, 0.0)
    made.submit("bob", "look", SECONDS, 0.0)
    taken = [made.take(worker, 0.0) for worker in (0, 1)]
    assert [job.number for job in taken if job is not None] == [1, 3]


def test_the_queue_is_bounded_but_a_replacement_fits() -> None:
    made = schedule(WorkerLimits(waiting=2, per_minute=10**9), "ada", "bob")
    with pytest.raises(RefusedError, match="2 questions are waiting for the networks already: try again"):
        made.submit("cyd", "look", SECONDS, 0.0)
    assert made.submit("bob", "look", SECONDS, 0.0).replaced == 2
    assert made.counters().refused == 1


def test_time_counts_from_the_start_of_the_work() -> None:
    made = schedule(ROOMY, "ada")
    assert made.deadline() is None
    made.take(0, 1000.0)
    assert made.deadline() == 1000.0 + START_SECONDS
    made.start(0, 1, 1005.0)
    assert made.deadline() == 1005.0 + SECONDS
    assert made.inspect(1014.9).timed_out == ()
    late = made.inspect(1015.0)
    assert [job.number for job in late.timed_out] == [1]
    assert (late.stopping, late.dead) == ({0: 1}, ())
    assert made.deadline() == 1015.0 + GRACE
    assert made.inspect(1016.9).dead == ()
    assert made.inspect(1017.0).dead == (0,)
    assert made.inspect(1018.0).dead == (), "said once"
    assert made.lose(0, 1017.1) is None, "its visitor has been told"
    assert (made.counters().timed_out, made.counters().crashed) == (1, 0)


def test_a_job_that_had_begun_crashes_with_its_worker() -> None:
    made = at_work("ada", "bob")
    assert made.lose(0, 1.0) == 1
    assert places(made, 1, 2) == [None, 1]
    assert made.counters().crashed == 1


def test_a_job_that_had_not_begun_is_tried_once_more() -> None:
    made = schedule(ROOMY, "ada", "bob")
    made.take(0, 0.0)
    assert made.lose(0, 1.0) is None
    assert places(made, 1, 2) == [1, 2], "in front, where it was"
    made.take(0, 1.0)
    assert made.lose(0, 2.0) == 1


def test_a_worker_that_never_begins_is_dead() -> None:
    made = schedule(ROOMY, "ada")
    made.take(0, 0.0)
    found = made.inspect(START_SECONDS)
    assert (found.timed_out, found.dead) == ((), (0,))


def test_what_is_closed_takes_nothing_in_and_ends_what_waits() -> None:
    made = at_work("ada", "bob")
    assert made.close() == (2,)
    with pytest.raises(RefusedError, match="being stopped"):
        made.submit("cyd", "look", SECONDS, 1.0)
    assert made.finish(0, 1, Ending.ANSWERED, 2.0)
    assert made.counters().seconds == 2.0


def test_what_is_cleared_is_empty_and_goes_on() -> None:
    made = at_work("ada", "bob")
    assert set(made.clear(1.0)) == {1, 2}
    made.submit("bob", "look", SECONDS, 1.0)
    assert made.take(0, 1.0) is not None


@pytest.mark.parametrize(("burst", "per_second"), [(1, 1.0), (5, 0.5), (60, 2.0)])
@given(pauses=st.lists(st.floats(0, 3, allow_nan=False), min_size=1, max_size=120))
@settings(max_examples=30)
def test_an_allowance_is_kept_in_every_window(burst: int, per_second: float, pauses: list[float]) -> None:
    allowances, now, allowed = Allowances(burst, per_second), 0.0, []
    for pause in pauses:
        now += pause
        if allowances.take("ada", now):
            allowed.append(now)
    for first, begin in enumerate(allowed):
        for last, end in enumerate(allowed[first:], start=first):
            assert last - first + 1 <= burst + (end - begin) * per_second + 1e-6


def test_an_allowance_grows_back_is_each_visitors_own_and_is_forgotten() -> None:
    allowances = Allowances(2, 1.0)
    assert [allowances.take("ada", 0.0) for _ in range(3)] == [True, True, False]
    assert allowances.take("bob", 0.0)
    assert allowances.take("ada", 1.0)
    assert not allowances.take("ada", 1.0)
    assert not allowances.take("ada", 0.5), "a clock that steps back gives nothing"
    for visitor in range(1000):
        allowances.take(str(visitor), 10.0 + visitor)
    assert len(allowances) <= 3


WORKERS = range(ROOMY.workers)
VISITORS, LANES = ("ada", "bob", "cyd"), ("look", "count")
CROWDED = WorkerLimits(workers=ROOMY.workers, waiting=4, per_minute=10**9, grace_seconds=GRACE)


class Events(RuleBasedStateMachine):
    """Any sequence of what can happen, beside a plain account of what each job should be."""

    def __init__(self) -> None:
        super().__init__()
        self.schedule = JobQueue(CROWDED)
        self.now = 0.0
        self.asked: dict[int, tuple[str, str]] = {}
        self.waiting: list[int] = []
        self.workers: dict[int, int] = {}
        self.begun: set[int] = set()
        self.deadlines: dict[int, float] = {}
        self.told: dict[int, Ending] = {}
        self.retried: set[int] = set()

    def tell(self, number: int, ending: Ending) -> None:
        """Every visitor is told once."""
        assert number not in self.told
        self.told[number] = ending
        for worker in [worker for worker, job in self.workers.items() if job == number]:
            self.deadlines[worker] = self.now + GRACE

    def live(self) -> list[int]:
        return [number for number in self.asked if number not in self.told]

    @rule(visitor=st.sampled_from(VISITORS), lane=st.sampled_from(LANES))
    def submit(self, visitor: str, lane: str) -> None:
        older = [number for number in self.live() if self.asked[number] == (visitor, lane)]
        in_place = bool(older) and older[0] in self.waiting
        if len(self.waiting) >= CROWDED.waiting and not in_place:
            with pytest.raises(RefusedError):
                self.schedule.submit(visitor, lane, SECONDS, self.now)
            return
        accepted = self.schedule.submit(visitor, lane, SECONDS, self.now)
        number = accepted.job.number
        assert number not in self.asked
        assert accepted.replaced == (older[0] if older else None)
        self.asked[number] = (visitor, lane)
        if older:
            self.tell(older[0], Ending.CANCELLED)
        if in_place:
            self.waiting[self.waiting.index(older[0])] = number
        else:
            self.waiting.append(number)

    @rule(worker=st.sampled_from(WORKERS))
    def take(self, worker: int) -> None:
        job = self.schedule.take(worker, self.now)
        busy = {self.asked[number][0] for number in self.workers.values()}
        free = [number for number in self.waiting if self.asked[number][0] not in busy]
        if worker in self.workers or not free:
            assert job is None
            return
        assert job is not None
        assert job.number == free[0]
        self.waiting.remove(job.number)
        self.workers[worker] = job.number
        self.deadlines[worker] = self.now + START_SECONDS

    @rule(worker=st.sampled_from(WORKERS))
    def start(self, worker: int) -> None:
        number = self.workers.get(worker, -1)
        self.schedule.start(worker, number, self.now)
        if number > 0 and number not in self.begun:
            self.begun.add(number)
            if number not in self.told:
                self.deadlines[worker] = self.now + SECONDS

    @rule(worker=st.sampled_from(WORKERS))
    def crash_at_the_start(self, worker: int) -> None:
        self.take(worker)
        self.crash(worker)

    @rule(worker=st.sampled_from(WORKERS), ending=st.sampled_from((Ending.ANSWERED, Ending.FAILED)))
    def finish(self, worker: int, ending: Ending) -> None:
        number = self.workers.pop(worker, -1)
        told = self.schedule.finish(worker, number, ending, self.now)
        assert told == (number > 0 and number not in self.told)
        if told:
            self.tell(number, ending)

    @rule(worker=st.sampled_from(WORKERS), data=st.data())
    def finish_something_else(self, worker: int, data: st.DataObject) -> None:
        number = data.draw(st.integers(0, 1 + len(self.asked)))
        if self.workers.get(worker) != number:
            assert not self.schedule.finish(worker, number, Ending.ANSWERED, self.now)

    @rule(worker=st.sampled_from(WORKERS))
    def begin(self, worker: int) -> None:
        self.take(worker)
        self.start(worker)

    @precondition(lambda self: self.live())
    @rule(data=st.data())
    def cancel(self, data: st.DataObject) -> None:
        number = data.draw(st.sampled_from(self.live()))
        self.schedule.cancel(number, self.now)
        self.tell(number, Ending.CANCELLED)
        self.waiting = [other for other in self.waiting if other != number]

    @precondition(lambda self: self.told)
    @rule(data=st.data())
    def cancel_in_vain(self, data: st.DataObject) -> None:
        self.schedule.cancel(data.draw(st.sampled_from(list(self.told))), self.now)

    @precondition(lambda self: self.workers)
    @rule(data=st.data())
    def cancel_at_work(self, data: st.DataObject) -> None:
        worker = data.draw(st.sampled_from(list(self.workers)))
        number = self.workers[worker]
        self.schedule.cancel(number, self.now)
        if number not in self.told:
            self.tell(number, Ending.CANCELLED)

    @rule(worker=st.sampled_from(WORKERS))
    def crash(self, worker: int) -> None:
        crashed = self.schedule.lose(worker, self.now)
        number = self.workers.pop(worker, None)
        if number is None or number in self.told:
            assert crashed is None
        elif number in self.begun or number in self.retried:
            assert crashed == number
            self.tell(number, Ending.CRASHED)
        else:
            assert crashed is None
            self.retried.add(number)
            self.waiting.insert(0, number)

    @rule(seconds=st.sampled_from((0.5, GRACE, SECONDS, START_SECONDS)))
    def time_passes(self, seconds: float) -> None:
        self.now += seconds
        found = self.schedule.inspect(self.now)
        late = {worker: number for worker, number in self.workers.items() if self.deadlines[worker] <= self.now}
        running = {number for number in late.values() if number in self.begun - self.told.keys()}
        assert {job.number for job in found.timed_out} == running
        assert set(found.dead) == {worker for worker, number in late.items() if number not in running}
        for number in running:
            self.tell(number, Ending.TIMED_OUT)
        for worker in found.dead:
            self.deadlines[worker] = math.inf
        assert found.stopping == {worker: number for worker, number in self.workers.items() if number in self.told}

    @rule()
    def restart(self) -> None:
        assert set(self.schedule.clear(self.now)) == set(self.live())
        for number in self.live():
            self.tell(number, Ending.CANCELLED)
        self.waiting.clear()
        self.workers.clear()

    @invariant()
    def every_job_is_in_one_place(self) -> None:
        for number in self.asked:
            if number in self.told:
                expected = None
            elif number in self.waiting:
                expected = 1 + self.waiting.index(number)
            else:
                assert number in self.workers.values()
                expected = 0
            assert self.schedule.place(number) == expected

    @invariant()
    def nobody_has_more_than_their_share(self) -> None:
        kinds = [self.asked[number] for number in self.live()]
        assert len(kinds) == len(set(kinds))
        busy = [self.asked[number][0] for number in self.workers.values()]
        assert len(busy) == len(set(busy))
        assert len(self.waiting) <= CROWDED.waiting + len(WORKERS)

    @invariant()
    def everything_is_counted_once(self) -> None:
        counters = self.schedule.counters()
        counted = {ending: list(self.told.values()).count(ending) for ending in Ending}
        assert counted == {ending: getattr(counters, ending.name.lower()) for ending in Ending}
        assert counters.waiting == len(self.waiting)
        assert counters.submitted == len(self.asked) == len(self.told) + counters.waiting + counters.running

    @invariant()
    def there_is_an_end_to_everything_at_work(self) -> None:
        deadline = self.schedule.deadline()
        assert deadline is None or deadline <= self.now + max(SECONDS, GRACE, START_SECONDS)


TestEvents = Events.TestCase
TestEvents.settings = settings(max_examples=300, stateful_step_count=40, deadline=None, derandomize=True)
