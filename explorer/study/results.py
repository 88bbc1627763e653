"""One training and what came of it, and the files in which a whole study is kept: runs.csv and study.json."""

from __future__ import annotations

import csv
import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, fields
from pathlib import Path
from typing import Any, get_type_hints

from explorer.formats.csv import as_csv
from explorer.study import documents
from explorer.study.errors import StudyError
from explorer.study.methods import METHODS

RUNS, STUDY = "runs.csv", "study.json"

METHODS_OF_STEP = {0: ("baseline",), 1: ("triple",), 2: ("baseline", *METHODS)}
MOST = 100.0
"""Percent."""


@dataclass(frozen=True, order=True)
class Run:
    """One network to train with one seed.

    `step` is 0 for the baseline, 1 for the grid, 2 for the comparison of methods; `method` is "baseline", "triple",
    "compound", "depth", "width" or "resolution". `phi` is the compound coefficient whose cost a run of step 2 has.
    α, β, γ are 1 where they say nothing. `pixels` are the input's, a side.
    """

    step: int
    method: str
    phi: float
    alpha: float
    beta: float
    gamma: float
    depth: float
    width: float
    pixels: int
    seed: int

    @property
    def key(self) -> str:
        """A name that no other run of a study has."""
        return f"{self.group}/seed {self.seed}"

    @property
    def group(self) -> str:
        """The name that the runs of one network share."""
        if self.step == 1:
            return f"{self.method} {self.alpha:g} {self.beta:g} {self.gamma:g}"
        return f"{self.method} {self.phi:g}: {self.depth:.4g} {self.width:.4g} {self.pixels}"

    @property
    def triple(self) -> tuple[float, float, float]:
        """(α, β, γ)."""
        return self.alpha, self.beta, self.gamma


@dataclass(frozen=True)
class TrainingResult:
    """What a training gave.

    `accuracy` is in percent of the held-out images; `macs` and `activations` are for one image; `seconds` are those
    of training and measuring, `images_per_second` those of training; `curve` is the mean loss of equal stretches.
    """

    accuracy: float
    params: int
    macs: int
    activations: int
    seconds: float
    images_per_second: float
    curve: tuple[float, ...]
    machine: str
    versions: str

    def as_json(self) -> dict[str, Any]:
        """The result as it is stored."""
        return asdict(self)


@dataclass(frozen=True)
class Outcome:
    """A run that is done."""

    run: Run
    result: TrainingResult


def result_from(document: object) -> TrainingResult:
    """The result that was stored.

    Raises:
        StudyError: a field is missing, or says what no training can give.
    """
    found = documents.read(TrainingResult, document)
    counts = (found.params, found.macs, found.activations)
    if not (0 <= found.accuracy <= MOST and min(counts) > 0 and found.seconds >= 0 and found.curve):
        raise StudyError("A result says what no training can give.")
    return found


def run_from(document: object) -> Run:
    """The run that was stored.

    Raises:
        StudyError: a field is missing, or says what no study asks for.
    """
    found = documents.read(Run, document)
    if found.method not in METHODS_OF_STEP.get(found.step, ()) or min(found.seed, found.pixels) < 0:
        raise StudyError("A run says what no study asks for.")
    return found


def to_csv(outcomes: Sequence[Outcome]) -> str:
    """One row for each run: what was trained and what came of it; without the curve."""
    columns = [field.name for field in (*fields(Run), *fields(TrainingResult)) if field.name != "curve"]
    rows = [{**asdict(outcome.run), **asdict(outcome.result)} for outcome in sorted_by_run(outcomes)]
    return as_csv(rows, columns)


def to_json(plan: Mapping[str, Any], outcomes: Sequence[Outcome]) -> str:
    """The plan (protocol, seeds, grid), the machines, the versions, and each run's loss curve by its key."""
    ordered = sorted_by_run(outcomes)
    document = {
        "plan": plan,
        "machines": sorted({outcome.result.machine for outcome in ordered}),
        "versions": sorted({outcome.result.versions for outcome in ordered}),
        "curves": {outcome.run.key: [round(loss, 4) for loss in outcome.result.curve] for outcome in ordered},
    }
    return json.dumps(document, ensure_ascii=False) + "\n"


def read(folder: Path) -> tuple[Mapping[str, Any], tuple[Outcome, ...]]:
    """The plan and the runs of the study that was exported to `folder`.

    Raises:
        StudyError: it is not there, or broken.
    """
    try:
        document = json.loads((folder / STUDY).read_text(encoding="utf-8"))
        with (folder / RUNS).open(encoding="utf-8", newline="") as file:
            rows = list(csv.DictReader(file))
        return document["plan"], tuple(_outcome(row, document["curves"]) for row in rows)
    except (OSError, ValueError, KeyError, TypeError, RecursionError, csv.Error) as error:
        raise StudyError(f"{folder} holds no study that can be read: export it again.") from error


def sorted_by_run(outcomes: Sequence[Outcome]) -> list[Outcome]:
    """The same outcomes, in the order of their runs."""
    return sorted(outcomes, key=lambda outcome: outcome.run)


def _outcome(row: Mapping[str, str], curves: Mapping[str, Sequence[float]]) -> Outcome:
    run = run_from(_typed(Run, row))
    return Outcome(run, result_from({**_typed(TrainingResult, row), "curve": curves[run.key]}))


def _typed(kind: type[Run | TrainingResult], row: Mapping[str, str]) -> dict[str, object]:
    """A row's texts as the numbers that the fields of `kind` hold; the curve is in no row."""
    hints = get_type_hints(kind)
    return {name: hint(row[name]) for name, hint in hints.items() if hint in {int, float, str}}
