"""Small studies for the tests: a tiny protocol, folders of images, and outcomes without training."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
from PIL import Image

from explorer.cost import counting
from explorer.study import plan as planning
from explorer.study.plan import Plan
from explorer.study.protocol import Protocol
from explorer.study.results import Outcome, Run, TrainingResult

QUICK = Protocol(images=128, held_out=100, epochs=1, batch=16)
"""Eight steps: enough to come through every line of training."""

QUICK_ARGUMENTS = ("--images", "128", "--held-out", "100", "--epochs", "1", "--batch", "16")


def folder_of_images(folder: Path, each: int = 6, classes: tuple[str, ...] = ("dark", "light")) -> Path:
    """A folder of images by class: grey ones whose brightness tells the class."""
    for label, name in enumerate(classes):
        (folder / name).mkdir(parents=True)
        for index in range(each):
            level = np.full((20 + index, 24, 3), 60 + 120 * label + index, np.uint8)
            Image.fromarray(level).save(folder / name / f"{index}.png")
    return folder


def outcome(plan: Plan, run: Run, accuracy: float) -> Outcome:
    """A run that is said to have reached `accuracy`; its costs are the real ones."""
    spent = counting.of(planning.network(plan, run))
    return Outcome(
        run,
        TrainingResult(
            accuracy, spent.params, spent.macs, spent.activations, 2.0, 500.0, (2.0, 1.0), "a machine", "torch 0"
        ),
    )


def finished(plan: Plan, accuracy: Callable[[Run], float]) -> tuple[Outcome, ...]:
    """A whole study whose runs reach what `accuracy` says."""
    first = tuple(outcome(plan, run, accuracy(run)) for run in planning.runs(plan, ()))
    done = {each.run.key for each in first}
    rest = (run for run in planning.runs(plan, first) if run.key not in done)
    return (*first, *(outcome(plan, run, accuracy(run)) for run in rest))
