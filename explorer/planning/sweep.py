"""The networks that one slider passes while the others stay: where it jumps, and where nothing changes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from explorer.cost import design_space
from explorer.network.scaling import MULTIPLIER, PHI, PIXELS, Compound
from explorer.settings.built import Built

STEP = 0.01
WIDEST = 4.0


@dataclass(frozen=True, eq=False)
class Sweep:
    """The costs along a slider's `values`; `promised` is relative to the baseline, `here` is where the slider is.

    `input_resolution` in pixels is given where the slider changes it: some neighbouring sizes cost the same.
    """

    values: NDArray[np.float64]
    params: NDArray[np.int64]
    macs: NDArray[np.int64]
    promised: NDArray[np.float64]
    here: float
    input_resolution: NDArray[np.int64] | None = None

    @property
    def changes(self) -> NDArray[np.bool_]:
        """Between which neighbouring values the network is another one."""
        shown = [self.params, self.macs, *([] if self.input_resolution is None else [self.input_resolution])]
        return np.asarray(np.logical_or.reduce([np.diff(values) != 0 for values in shown]))

    @property
    def unchanged(self) -> tuple[float, float]:
        """From where to where the slider could be moved without any change, as far as its steps of 0.01 tell."""
        at = int(np.argmin(np.abs(self.values - self.here)))
        edges = np.flatnonzero(self.changes)
        lower = edges[edges < at]
        upper = edges[edges >= at]
        first = int(lower[-1]) + 1 if lower.size else 0
        last = int(upper[0]) if upper.size else len(self.values) - 1
        return float(self.values[first]), float(self.values[last])


def along_phi(built: Built, compound: Compound) -> Sweep:
    """All φ in steps of 0.01 with the α, β and γ of `compound`, as far as the limits allow."""
    values = _with(np.round(np.arange(PHI.lowest, PHI.highest + STEP / 2, STEP), 2), compound.phi)
    alpha, beta, gamma = compound.alpha, compound.beta, compound.gamma
    designs = design_space.of_compound(built.network.baseline, values, alpha, beta, gamma, built.rounding)
    allowed, costs = designs.allowed, designs.costs
    values = values[allowed]
    promised, pixels = compound.product**values, designs.input_resolution[allowed]
    return Sweep(values, costs.params[allowed], costs.macs[allowed], promised, compound.phi, pixels)


def along_dimension(built: Built, dimension: str) -> Sweep:
    """All values of "depth" or "width" in steps of 0.01, or of "resolution" in pixels."""
    baseline, scaled, pixels = built.network.baseline, built.multipliers, built.network.input_resolution
    here: dict[str, float] = {"depth": scaled.depth, "width": scaled.width, "resolution": pixels}
    values: NDArray[Any]
    if dimension == "resolution":
        values = np.arange(int(PIXELS.lowest), int(PIXELS.highest) + 1)
    else:
        last = max(WIDEST, here[dimension])
        values = _with(np.round(np.arange(MULTIPLIER.lowest, last + STEP / 2, STEP), 2), here[dimension])
    now: dict[str, Any] = {**here, dimension: values}
    costs = design_space.costs(baseline, now["depth"], now["width"], now["resolution"], built.rounding)
    promised = now["depth"] * now["width"] ** 2 * (now["resolution"] / baseline.input_resolution) ** 2
    return Sweep(values.astype(np.float64), costs.params, costs.macs, promised, here[dimension])


def _with(steps: NDArray[np.float64], here: float) -> NDArray[np.float64]:
    """The steps of a slider and the value where it is, which a link may have put between two of them."""
    return np.union1d(steps, [here])
