"""A run as an Optuna trial, and back."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING

from explorer.study.results import Outcome, Run, result_from, run_from

if TYPE_CHECKING:
    from optuna.trial import FrozenTrial

KEY, RUN, RESULT = "key", "run", "result"
"""The attributes of a trial that hold the run's name, the run, and what came of it."""


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
