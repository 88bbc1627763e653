"""The fitted accuracy model as assets/accuracy.json carries it, with what is known of its quality. NumPy only."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from functools import cache
from typing import Any

import numpy as np

from explorer.accuracy.model import Floats, Parameters
from explorer.assets import ASSETS

FILE = ASSETS / "accuracy.json"
DIGITS = 10


@dataclass(frozen=True)
class Report:
    """How well the model fits and predicts, in points of top-1; coverages are shares of 1, of the 90 % intervals.

    `loo`: each training run left out by itself; `curve`: each line of a figure and each version of Table 2 left out
    whole, `left_out_curves` with the error (RMSE) on each. `data_version` is a digest of the points.
    """

    points: int
    rmse: float
    loo_rmse: float
    loo_coverage: float
    curve_rmse: float
    curve_coverage: float
    left_out_curves: Mapping[str, float]
    data_version: str


@dataclass(frozen=True, eq=False)
class Model:
    """All that a prediction needs, and its report.

    `covariance` (12, 12) already contains the clustering of the points; `deviation` is that of a single trained
    network around the model, in points; `quantile` is Student's for 90 %; `hull` (facets, 4) encloses the logarithms
    of the multipliers of the data, `lowest` (3,) are the least of them; `widening` is in points for each e-fold outside
    the hull, `shrinking` for each below the lowest.
    """

    parameters: Parameters
    covariance: Floats
    deviation: float
    quantile: float
    clustering: float
    widening: float
    shrinking: float
    hull: Floats
    lowest: Floats
    report: Report

    def as_json(self) -> str:
        """The text of the file."""
        document = {name: _plain(value) for name, value in vars(self).items()}
        return json.dumps(_rounded(document), ensure_ascii=False, indent=1) + "\n"


def from_json(text: str) -> Model:
    """What `Model.as_json` wrote."""
    document: dict[str, Any] = json.loads(text)
    document["parameters"] = Parameters(**document["parameters"])
    document["report"] = Report(**document["report"])
    for name in ("covariance", "hull", "lowest"):
        document[name] = np.array(document[name])
    return Model(**document)


@cache
def stored() -> Model:
    """The model of assets/accuracy.json."""
    return from_json(FILE.read_text(encoding="utf-8"))


def _plain(value: object) -> object:
    if isinstance(value, Parameters | Report):
        return asdict(value)
    return value.tolist() if isinstance(value, np.ndarray) else value


def _rounded(value: object) -> object:
    """Enough digits for every use, and few enough that two machines write the same."""
    if isinstance(value, float):
        return float(f"{value:.{DIGITS}g}")
    if isinstance(value, dict):
        return {name: _rounded(part) for name, part in value.items()}
    return [_rounded(part) for part in value] if isinstance(value, list) else value
