"""Top-1 accuracy as a function of depth, width and resolution: three power laws that limit one another.

    odds(d, w, r) = E + ((k_d·d^−a)^s + (k_w·w^−b)^s + (k_r·r^−c)^s)^(1/s)      wrong answers for each right one
    top-1         = 100 / (1 + odds·exp(−offset(recipe) − growth(recipe)·log2(d·w²·r²)))

Odds keep every prediction between 0 and 100 %. E are those that no scaling removes. With s = 1 the dimensions would
be independent; a smaller s lets each help the others, the second observation of the paper (arXiv:1905.11946,
Section 3.2). The recipe of Table 2 regularises larger networks more ("we linearly increase dropout from 0.2 for
EfficientNet-B0 to 0.5 for B7", Section 5.2), that of Figures 3 and 4 is not said to: so its gain may grow with each
doubling of the promised cost.
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
    """The model's parameters in the order of a fit: positive ones as natural logarithms, offsets in those of odds."""

    log_floor: float
    log_strength_depth: float
    log_strength_width: float
    log_strength_resolution: float
    log_exponent_depth: float
    log_exponent_width: float
    log_exponent_resolution: float
    log_sharpness: float
    offset_v1: float
    offset_v5: float
    growth_v1: float
    growth_v5: float

    @property
    def vector(self) -> Floats:
        """All of them, of shape (12,)."""
        return np.array(list(asdict(self).values()))


@dataclass(frozen=True, eq=False)
class _Odds:
    """Logarithms of the three power laws (3, n), what they are joined (n,), each one's share (3, n), odds + E (n,)."""

    terms: Floats
    joined: Floats
    shares: Floats
    total: Floats


def top1(parameters: Floats, logs: Floats, recipes: NDArray[np.str_]) -> Floats:
    """Top-1 in percent, of shape (n,).

    Args:
        parameters: as `Parameters.vector`.
        logs: natural logarithms of depth, width and resolution, of shape (n, 3).
        recipes: "v5", "v1" or "figures" (the only one without an offset), of shape (n,) or ().
    """
    return _percent(_odds(parameters, logs), parameters, logs, recipes)


def gradient(parameters: Floats, logs: Floats, recipes: NDArray[np.str_]) -> Floats:
    """How `top1` changes with each parameter, of shape (n, 12)."""
    odds = _odds(parameters, logs)
    percent = _percent(odds, parameters, logs, recipes)
    by_strength = odds.joined * odds.shares / odds.total
    by_exponent = -by_strength * np.exp(parameters[4:7, None]) * logs.T
    by_sharpness = odds.joined / odds.total * ((odds.shares * odds.terms).sum(axis=0) - np.log(odds.joined))
    v1, v5 = (_is(recipes, key, like=percent) for key in ("v1", "v5"))
    doublings = _doublings(logs)
    log_odds = np.concatenate(
        (
            np.exp(parameters[:1]) / odds.total[None],
            by_strength,
            by_exponent,
            np.stack((by_sharpness, -v1, -v5, -v1 * doublings, -v5 * doublings)),
        )
    )
    return np.asarray(-percent * (1 - percent / HIGHEST) * log_odds).T


def _odds(parameters: Floats, logs: Floats) -> _Odds:
    terms = parameters[1:4, None] - np.exp(parameters[4:7, None]) * logs.T
    sharpness = np.exp(parameters[7])
    raised = sharpness * terms
    highest = raised.max(axis=0)
    powers = np.exp(raised - highest)
    summed = powers.sum(axis=0)
    joined = np.exp((np.log(summed) + highest) / sharpness)
    return _Odds(terms, joined, powers / summed, np.exp(parameters[0]) + joined)


def _percent(odds: _Odds, parameters: Floats, logs: Floats, recipes: NDArray[np.str_]) -> Floats:
    v1, v5 = (_is(recipes, key, like=odds.total) for key in ("v1", "v5"))
    doublings = _doublings(logs)
    offset = v1 * (parameters[8] + parameters[10] * doublings) + v5 * (parameters[9] + parameters[11] * doublings)
    return np.asarray(HIGHEST / (1 + odds.total * np.exp(-offset)))


def _doublings(logs: Floats) -> Floats:
    """How often the promised cost d·w²·r² has doubled, of shape (n,)."""
    return np.asarray(COST_POWERS @ logs.T / np.log(2))


def _is(recipes: NDArray[np.str_], key: str, like: Floats) -> Floats:
    return np.broadcast_to((recipes == key).astype(np.float64), like.shape)
