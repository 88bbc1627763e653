"""A run as an Optuna trial, and back."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING

from explorer.study.errors import StudyError
from explorer.study.results import Outcome, Run, result_from, run_from

if TYPE_CHECKING:
    from optuna.trial import FrozenTrial

KEY, RUN, RESULT, REASON = "key", "run", "result", "reason"
"""The attributes of a trial that hold the run's name, the run, what came of it, and why it failed."""

MOST_TRIES = 3
"""A run that failed so often by its own fault is given up."""

OWN_FAULT = "failed: "


@dataclass(frozen=True)
class TrialState:
    """A record at one moment.

    `given_up` tells why, by key; `known` are the keys of all runs that need not be enqueued any more; `unreadable`
    trials are left out of all this.
    """

    outcomes: tuple[Outcome, ...]
    running: tuple[Run, ...]
    given_up: dict[str, str]
    known: frozenset[str]
    unreadable: int = 0


def state_of(trials: Sequence[FrozenTrial]) -> TrialState:
    """What the trials of a record say together."""
    whole = [trial for trial in trials if is_whole(trial)]
    kept, given_up = counting(whole), _given_up(whole)
    return TrialState(
        tuple(outcome_of(trial) for trial in kept if trial.state.name == "COMPLETE"),
        tuple(run_of(trial) for trial in kept if trial.state.name == "RUNNING"),
        given_up,
        frozenset({trial.user_attrs[KEY] for trial in kept} | set(given_up)),
        len(trials) - len(whole),
    )


def is_whole(trial: FrozenTrial) -> bool:
    """Whether a trial says what it must: its run under its key, and a result where it is complete."""
    attributes = trial.user_attrs
    try:
        key = run_from(attributes.get(RUN)).key
        if RESULT in attributes or trial.state.name == "COMPLETE":
            result_from(attributes.get(RESULT))
    except StudyError:
        return False
    return attributes.get(KEY) == key and isinstance(attributes.get(REASON, ""), str)


def counting(trials: Sequence[FrozenTrial]) -> list[FrozenTrial]:
    """The one trial that counts for each run: the completed one, else the first that waits or runs."""
    kept: dict[str, FrozenTrial] = {}
    for trial in trials:
        if trial.state.name in {"FAIL", "PRUNED"}:
            continue
        first = kept.setdefault(trial.user_attrs[KEY], trial)
        if trial.state.name == "COMPLETE" and first.state.name != "COMPLETE":
            kept[trial.user_attrs[KEY]] = trial
    return list(kept.values())


def _given_up(trials: Sequence[FrozenTrial]) -> dict[str, str]:
    faults: dict[str, list[str]] = {}
    for trial in trials:
        reason = trial.user_attrs.get(REASON, "")
        if trial.state.name == "FAIL" and reason.startswith(OWN_FAULT):
            faults.setdefault(trial.user_attrs[KEY], []).append(reason.removeprefix(OWN_FAULT))
    return {key: reasons[-1] for key, reasons in faults.items() if len(reasons) >= MOST_TRIES}


def template(run: Run) -> FrozenTrial:
    """A waiting trial whose parameters are the run's, so that Optuna's own tools can draw it."""
    from optuna.distributions import FloatDistribution, IntDistribution
    from optuna.trial import TrialState, create_trial

    floats = {name: getattr(run, name) for name in ("phi", "alpha", "beta", "gamma", "depth", "width")}
    integers = {"pixels": run.pixels, "seed": run.seed, "step": run.step}
    return create_trial(
        state=TrialState.WAITING,
        params={**floats, **integers},
        distributions={
            **{name: FloatDistribution(0.0, 100.0) for name in floats},
            **{name: IntDistribution(0, 1_000_000) for name in integers},
        },
        user_attrs={KEY: run.key, RUN: asdict(run)},
    )


def run_of(trial: FrozenTrial) -> Run:
    """The run that a trial stands for."""
    return run_from(trial.user_attrs[RUN])


def outcome_of(trial: FrozenTrial) -> Outcome:
    """What came of a completed trial."""
    return Outcome(run_of(trial), result_from(trial.user_attrs[RESULT]))
