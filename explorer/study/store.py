"""The record of a study: an Optuna study in SQLite (a file) or PostgreSQL (a URL), one trial for each run.

Only drivers touch it, never the processes that train. What makes it safe:

- a trial is claimed by one atomic change of state, so that no two drivers take the same one;
- a run may be in the record twice (two drivers enqueued it at once), but only its first trial that has not failed
  counts; whoever claims a later one drops it;
- a result and its state are written one after the other, and a trial that has a result but no state is completed
  when it is found;
- a driver says every few seconds that it lives; the trials of one that has stopped saying so are freed.

SQLite and not Optuna's journal file, because a writer that is killed in the middle of a line leaves a journal that
cannot be read any more.
"""

from __future__ import annotations

import uuid
from collections.abc import Callable, Iterable
from dataclasses import replace
from typing import TYPE_CHECKING

from explorer.study.database import claiming, connect, exists, guarded, undamaged
from explorer.study.errors import NoStudyError, StudyError
from explorer.study.plan import Plan, from_json
from explorer.study.results import Outcome, Run, TrainingResult
from explorer.study.trials import (
    KEY,
    OWN_FAULT,
    REASON,
    RESULT,
    TrialState,
    counting,
    is_whole,
    run_of,
    state_of,
    template,
)

if TYPE_CHECKING:
    from optuna.storages import RDBStorage
    from optuna.trial import FrozenTrial

NAME = "study"
PLAN, DRIVER = "plan", "driver"
ALIVE = "alive "


class Store:
    """The record of one study. Every method may be called by several drivers at once.

    Raises:
        StudyError: in any method, where the record cannot be read or written.
    """

    def __init__(self, storage: RDBStorage, study_id: int, plan: Plan) -> None:
        from optuna.storages import _CachedStorage

        self.plan = plan
        self.driver = uuid.uuid4().hex
        self._id, self._engine = study_id, storage.engine
        self._storage = _CachedStorage(storage)  # what is finished is read once; Optuna's own studies do the same
        self._beats = 0

    def look(self) -> TrialState:
        """Everything that is in the record now, read once."""
        return state_of(self._read_trials())

    def outcomes(self) -> tuple[Outcome, ...]:
        """What is done."""
        return self.look().outcomes

    def given_up(self) -> dict[str, str]:
        """The keys of the runs that failed too often, each with its last reason."""
        return self.look().given_up

    def running(self) -> tuple[Run, ...]:
        """What is being trained now."""
        return self.look().running

    def enqueue(self, runs: Iterable[Run]) -> None:
        """Put every run into the record that is not there yet and has not been given up."""
        known = self.look().known
        for run in runs:
            if run.key not in known:
                with guarded():
                    self._storage.create_new_trial(self._id, template(run))

    def claim(self) -> Run | None:
        """Take the first run that waits; None where none does."""
        for trial in self._trials():
            if trial.state.name == "WAITING" and self._take(trial.number):
                if any(first.number == trial.number for first in counting(self._trials())):
                    return run_of(trial)
                self._end(trial.number, "PRUNED", "twice in the record")
        return None

    def complete(self, run: Run, result: TrainingResult) -> bool:
        """Write a result; False where the run was taken from this driver meanwhile."""
        number = self._mine(run)
        if number is None:
            return False
        self._attribute(number, RESULT, result.as_json())
        return self._end(number, "COMPLETE", values=[result.accuracy])

    def release_all(self) -> None:
        """Give back, unfinished, whatever this driver has claimed."""
        for trial in self._trials():
            if trial.state.name == "RUNNING" and trial.user_attrs.get(DRIVER) == self.driver:
                self._end(trial.number, "FAIL", "interrupted")

    def release(self, run: Run, reason: str = "interrupted", own_fault: bool = False) -> None:
        """Give a claimed run back unfinished; `own_fault` counts towards giving it up."""
        number = self._mine(run)
        if number is not None:
            self._end(number, "FAIL", f"{OWN_FAULT}{reason}" if own_fault else reason)

    def beat(self) -> None:
        """Say that this driver lives."""
        self._beats += 1
        with guarded():
            self._storage.set_study_user_attr(self._id, f"{ALIVE}{self.driver}", self._beats)

    def beats(self) -> dict[str, int]:
        """How often each driver has said that it lives."""
        with guarded(), undamaged():
            attributes = self._storage.get_study_user_attrs(self._id)
        return {
            name.removeprefix(ALIVE): beats
            for name, beats in attributes.items()
            if name.startswith(ALIVE) and isinstance(beats, int)
        }

    def recover(self, lives: Callable[[str], bool]) -> int:
        """Free the runs of drivers that no longer live (`lives` gets a driver's name); how many there were."""
        lost = [
            trial
            for trial in self._trials()
            if trial.state.name == "RUNNING" and not lives(trial.user_attrs.get(DRIVER, ""))
        ]
        for trial in lost:
            if RESULT in trial.user_attrs:
                self._end(trial.number, "COMPLETE", values=[trial.user_attrs[RESULT]["accuracy"]])
            else:
                self._end(trial.number, "FAIL", "its driver ended")
        return len(lost)

    def close(self) -> None:
        """Let go of the database."""
        self._storage.remove_session()
        self._engine.dispose()

    def _trials(self) -> list[FrozenTrial]:
        """What is in the record, without what cannot be read: such a run is enqueued and done again."""
        return [trial for trial in self._read_trials() if is_whole(trial)]

    def _read_trials(self) -> list[FrozenTrial]:
        with guarded(), undamaged():
            return self._storage.get_all_trials(self._id, deepcopy=False)

    def _mine(self, run: Run) -> int | None:
        """The number of the trial that this driver runs for `run`."""
        for trial in self._trials():
            attributes = trial.user_attrs
            if (trial.state.name, attributes[KEY], attributes.get(DRIVER)) == ("RUNNING", run.key, self.driver):
                return trial.number
        return None

    def _take(self, number: int) -> bool:
        from optuna.trial import TrialState

        with claiming(self._engine.url):
            taken = self._change(
                number, lambda trial_id: self._storage.set_trial_state_values(trial_id, TrialState.RUNNING)
            )
        if taken:
            self._attribute(number, DRIVER, self.driver)
        return taken

    def _end(self, number: int, state: str, reason: str = "", values: list[float] | None = None) -> bool:
        from optuna.trial import TrialState

        if reason:
            self._attribute(number, REASON, reason)
        return self._change(
            number, lambda trial_id: self._storage.set_trial_state_values(trial_id, TrialState[state], values)
        )

    def _attribute(self, number: int, name: str, value: object) -> bool:
        def change(trial_id: int) -> bool:
            self._storage.set_trial_user_attr(trial_id, name, value)
            return True

        return self._change(number, change)

    def _change(self, number: int, change: Callable[[int], bool]) -> bool:
        """Change one trial; False where another driver has ended or taken it before."""
        from optuna.exceptions import UpdateFinishedTrialError

        try:
            with guarded():
                return change(self._storage.get_trial_id_from_study_id_trial_number(self._id, number))
        except UpdateFinishedTrialError:
            return False


def create(place: str, plan: Plan, name: str = NAME) -> Store:
    """The record of `plan` at `place` (a file for SQLite, or a database URL), begun or continued.

    Raises:
        StudyError: the record cannot be used, or holds another study of that name.
    """
    from optuna.exceptions import DuplicatedStudyError
    from optuna.study import StudyDirection

    storage = connect(place)
    with guarded(), undamaged():
        try:
            study_id = storage.create_new_study([StudyDirection.MAXIMIZE], name)
            storage.set_study_user_attr(study_id, PLAN, plan.as_json())
        except DuplicatedStudyError:
            study_id = storage.get_study_id_from_name(name)
            storage.set_study_user_attr(study_id, PLAN, _same(storage, study_id, plan, place).as_json())
    return Store(storage, study_id, plan)


def open_existing(place: str, name: str = NAME) -> Store:
    """The record that is at `place`.

    Raises:
        StudyError: there is none, or none that this version can read.
    """
    if not exists(place):
        raise NoStudyError(f"There is no study at {place}: begin one with “study run”.")
    storage = connect(place)
    with guarded(), undamaged():
        try:
            study_id = storage.get_study_id_from_name(name)
            document = storage.get_study_user_attrs(study_id)[PLAN]
        except KeyError as error:
            raise NoStudyError(f"There is no study called {name} at {place}: begin one with “study run”.") from error
    return Store(storage, study_id, from_json(document))


def _same(storage: RDBStorage, study_id: int, plan: Plan, place: str) -> Plan:
    """The plan, if the record was begun for it, or with fewer seeds (or was left before its plan was written)."""
    document = storage.get_study_user_attrs(study_id).get(PLAN)
    stored = plan if document is None else from_json(document)
    if stored.seeds > plan.seeds or stored != replace(plan, seeds=stored.seeds):
        raise StudyError(
            f"{place} holds a study with other settings: continue it with “study resume”, or give another --store or "
            "--name."
        )
    return plan
