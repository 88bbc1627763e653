"""Equation 3: the constraint α·β²·γ² ≈ 2 as a surface, and what the rule promises against what is built."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from explorer.cost import counting, design_space
from explorer.formats.quantities import decimal, percent, times
from explorer.network.baselines import Baseline
from explorer.network.description import of_baseline
from explorer.network.scaling import REFERENCE, TARGET_PRODUCT, Compound, Rounding

Floats = NDArray[np.float64]

ALPHAS = np.linspace(1.0, 2.0, 41)
SHARES = np.linspace(0.0, 1.0, 31)
"""Of what depth leaves of the doubling, the share that goes to width; the rest is resolution's."""
PHIS = np.round(np.arange(0.0, 7.01, 0.1), 1)
DOUBLED = 2.0
TOUCHING = 0.005
"""A product within this share of 2 is on the surface."""


@dataclass(frozen=True, eq=False)
class Surface:
    """Points (α, β, γ) with α·β²·γ² = 2 and none below 1: one row for each share of width, one column for each α."""

    alphas: Floats
    betas: Floats
    gammas: Floats


def surface() -> Surface:
    """All ways to share a doubling between depth, width and resolution of which none shrinks."""
    alphas, shares = np.meshgrid(ALPHAS, SHARES)
    left = TARGET_PRODUCT / alphas
    return Surface(alphas, left ** (shares / 2), left ** ((1 - shares) / 2))


@dataclass(frozen=True, eq=False)
class Growth:
    """Multiply-adds relative to the baseline's over φ: as promised by (α·β²·γ²)^φ and as built (NaN: not allowed)."""

    phi: Floats
    promised: Floats
    built: Floats


def growth(baseline: Baseline, compound: Compound, rounding: Rounding = REFERENCE) -> Growth:
    """What each φ from 0 to 7 promises and builds with the α, β and γ of `compound`."""
    designs = design_space.of_compound(baseline, PHIS, compound.alpha, compound.beta, compound.gamma, rounding)
    built = designs.costs.macs / counting.of(of_baseline(baseline)).macs
    return Growth(PHIS, compound.product**PHIS, np.where(designs.allowed, built, np.nan))


def growth_sentence(found: Growth, compound: Compound) -> str:
    """Promised and built growth at φ = 1 and at the last φ that can be built."""
    last = int(np.flatnonzero(np.isfinite(found.built))[-1])
    one = int(np.flatnonzero(found.phi == 1)[0])
    at_one = (
        f"at φ = 1 that promises {times(float(found.promised[one]))} and builds {times(float(found.built[one]))}; "
        if np.isfinite(found.built[one])
        else ""
    )
    return (
        f"With α = {decimal(compound.alpha)}, β = {decimal(compound.beta)}, γ = {decimal(compound.gamma)} the product "
        f"is {compound.product:.3f}: {at_one}at φ = {decimal(float(found.phi[last]))} it promises "
        f"{times(float(found.promised[last]))} and builds {times(float(found.built[last]))}, where 2^φ would be "
        f"{times(DOUBLED ** float(found.phi[last]))}."
    )


def surface_sentence(compound: Compound) -> str:
    """What the surface shows and where the point of `compound` lies."""
    gamma = float(np.sqrt(TARGET_PRODUCT / compound.alpha / compound.beta**2))
    distance = compound.product / TARGET_PRODUCT - 1
    side = (
        "on it" if abs(distance) < TOUCHING else f"{percent(abs(distance))} {'above' if distance > 0 else 'below'} it"
    )
    return (
        "Each point of the surface shares one doubling of the multiply-adds in another way between depth (α), width "
        f"(β) and resolution (γ). Your α and β need γ = {gamma:.3f}; yours is {decimal(compound.gamma)}, so your "
        f"product {compound.product:.3f} is {side}."
    )


def growth_rows(found: Growth) -> list[dict[str, object]]:
    """The data of the chart."""
    return [
        {"φ": float(phi), "2^φ": DOUBLED ** float(phi), "promised, ×": float(promised), "built, ×": float(built)}
        for phi, promised, built in zip(found.phi, found.promised, found.built, strict=True)
    ]


def surface_rows(found: Surface) -> list[dict[str, object]]:
    """The data of the surface."""
    points = zip(found.alphas.ravel(), found.betas.ravel(), found.gammas.ravel(), strict=True)
    return [dict(zip("αβγ", map(float, point), strict=True)) for point in points]
