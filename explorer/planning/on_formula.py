"""Which φ builds a network that was given by depth, width and pixels: there may be one, and mostly there is none."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from explorer.cost import counting, design_space
from explorer.network.description import Network, scale
from explorer.network.elementwise import Floats
from explorer.network.scaling import PHI, Compound, Rounding, multipliers
from explorer.planning.equal_cost import METHODS

SLIDER_STEP = 0.05
"""Of the slider of φ: where several φ build a network, one on which the slider can stand is the rounder number."""


def phi_of(network: Network, compound: Compound, rounding: Rounding) -> float | None:
    """The φ that builds `network` with the α, β and γ of `compound`; None where none with a link's decimals does.

    Of several, that of `compound` itself; else the nearest to it on which the slider stands; else the nearest.

    Raises:
        ScalingError: α, β or γ is outside its range.
    """
    same = (phi for phi in _as_dear(network, compound, rounding) if _builds(phi, network, compound, rounding))
    return next(same, None)


def _as_dear(network: Network, compound: Compound, rounding: Rounding) -> list[float]:
    """The φ whose networks have the costs and the pixels of `network`, in the order in which they are taken."""
    steps = np.round(np.arange(PHI.lowest, PHI.highest + SLIDER_STEP / 2, SLIDER_STEP), 2)
    tried = np.concatenate([[compound.phi], steps, _every(network, compound, rounding)])
    coefficients = (compound.alpha, compound.beta, compound.gamma)
    designs = design_space.of_compound(network.baseline, tried, *coefficients, rounding)
    cost = counting.of(network)
    same = designs.allowed & (designs.input_resolution == network.input_resolution)
    same &= (designs.costs.macs == cost.macs) & (designs.costs.params == cost.params)
    rank = np.repeat([0, 1, 2], [1, len(steps), len(tried) - len(steps) - 1])
    order = np.lexsort((np.abs(tried - compound.phi), rank))
    return [float(tried[place]) + 0.0 for place in order if same[place]]  # φ is 0, not −0


def _every(network: Network, compound: Compound, rounding: Rounding) -> Floats:
    """One φ at least for every network on the formula."""
    phi = METHODS["compound"].path(network.baseline, compound, rounding).phi
    assert phi is not None, "the path of compound scaling is one of φ"  # noqa: S101
    return phi


def _builds(phi: float, network: Network, compound: Compound, rounding: Rounding) -> bool:
    scaled = multipliers(replace(compound, phi=phi))
    found = scale(network.baseline, scaled.depth, scaled.width, network.input_resolution, rounding)
    return found.shape == network.shape
