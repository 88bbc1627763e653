"""Top-1 accuracy as a function of depth, width and resolution: three power laws that limit one another.

    error(d, w, r) = E + ((k_d·d^−a)^s + (k_w·w^−b)^s + (k_r·r^−c)^s)^(1/s)
    top-1          = 100 − error + offset(recipe) + growth(recipe)·log2(d·w²·r²)

E is the error that no scaling removes. With s = 1 the dimensions would be independent; a smaller s lets each help the
others, the second observation of the paper (arXiv:1905.11946, Section 3.2). The recipe of Table 2 regularises larger
networks more ("we linearly increase dropout from 0.2 for EfficientNet-B0 to 0.5 for B7", Section 5.2), Figures 3 and
4 do not: its gain therefore grows with each doubling of the promised cost.

d, w and r are those of the built network (`explorer.effective`): with them the model predicts published networks that
it has not seen better than with the multipliers that were asked for (0.26 points against 0.32, leave-one-out).
"""

from __future__ import annotations

from dataclasses import asdict, dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

COST_POWERS = np.array([1.0, 2.0, 2.0])
"""Multiply-adds grow with d, w² and r²."""

HIGHEST = 100.0
"""Percent."""


@dataclass(frozen=True)
class Parameters:
    """The model's parameters in the order of a fit; positive ones as natural logarithms, accuracies in points."""

    floor: float
    log_strength_depth: float
    log_strength_width: float
    log_strength_resolution: float
    log_exponent_depth: float
    log_exponent_width: float
    log_exponent_resolution: float
    log_sharpness: float
    offset_v1: float
    offset_v5: float
    growth: float

    @property
    def vector(self) -> Floats:
        """All of them, of shape (11,)."""
        return np.array(list(asdict(self).values()))


def top1(parameters: Floats, logs: Floats, recipes: NDArray[np.str_]) -> Floats:
    """Top-1 in percent, of shape (n,).

    Args:
        parameters: as `Parameters.vector`.
        logs: natural logarithms of depth, width and resolution, of shape (n, 3).
        recipes: "v5", "v1" or "figures" (the only one without an offset), of shape (n,) or ().
    """
    _, joined, _ = _joined(parameters, logs)
    return np.asarray(HIGHEST - parameters[0] - joined + _offset(parameters, logs, recipes))


def gradient(parameters: Floats, logs: Floats, recipes: NDArray[np.str_]) -> Floats:
    """How `top1` changes with each parameter, of shape (n, 11)."""
    terms, joined, shares = _joined(parameters, logs)
    exponents = np.exp(parameters[4:7])
    by_strength = -joined * shares
    by_sharpness = joined * (np.log(joined) - (shares * terms).sum(axis=0))
    v1, v5 = (_is(recipes, key, like=joined) for key in ("v1", "v5"))
    rows = (
        -np.ones((1, len(joined))),
        by_strength,
        -by_strength * exponents[:, None] * logs.T,
        np.stack((by_sharpness, v1, v5, (v1 + v5) * _doublings(logs))),
    )
    return np.concatenate(rows).T


def _joined(parameters: Floats, logs: Floats) -> tuple[Floats, Floats, Floats]:
    """The logarithms of the three power laws (3, n), their joint error (n,), and each one's share of it (3, n)."""
    terms = parameters[1:4, None] - np.exp(parameters[4:7, None]) * logs.T
    sharpness = np.exp(parameters[7])
    raised = sharpness * terms
    highest = raised.max(axis=0)
    powers = np.exp(raised - highest)
    total = powers.sum(axis=0)
    return terms, np.exp((np.log(total) + highest) / sharpness), powers / total


def _offset(parameters: Floats, logs: Floats, recipes: NDArray[np.str_]) -> Floats:
    doublings = _doublings(logs)
    v1, v5 = (_is(recipes, key, like=doublings) for key in ("v1", "v5"))
    return np.asarray(v1 * parameters[8] + v5 * parameters[9] + (v1 + v5) * parameters[10] * doublings)


def _doublings(logs: Floats) -> Floats:
    """How often the promised cost d·w²·r² has doubled, of shape (n,)."""
    return np.asarray(COST_POWERS @ logs.T / np.log(2))


def _is(recipes: NDArray[np.str_], key: str, like: Floats) -> Floats:
    return np.broadcast_to((recipes == key).astype(np.float64), like.shape)
