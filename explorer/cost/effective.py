"""How much deeper, wider and higher in resolution than its baseline a network really is, once it has been built.

What is asked and what is built differ: φ = 1 asks for a depth of 1.2 and builds 23 blocks where B0 has 16, 1.44 times
as many. Only what is built is ever trained.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from explorer.network.baselines import ENDS, STEMS, Baseline
from explorer.network.description import Network, family_rounding, scaled_channels, scaled_layers
from explorer.network.elementwise import Floats, Whole
from explorer.network.scaling import REFERENCE, Multipliers, Rounding


@dataclass(frozen=True, eq=False)
class Effective:
    """Arrays of effective multipliers, all of one shape: see `of_settings`."""

    depth: Floats
    width: Floats
    resolution: Floats


def of_settings(
    baseline: Baseline,
    depth: ArrayLike,
    width: ArrayLike,
    input_resolution: ArrayLike,
    rounding: Rounding = REFERENCE,
) -> Effective:
    """The effective multipliers of arrays of settings, which are broadcast as NumPy does.

    Depth is the ratio of the numbers of blocks; width the mean ratio of the output channels of stem and stages, each
    stage once; resolution the ratio of the pixels a side.
    """
    depths, widths = np.asarray(depth, np.float64), np.asarray(width, np.float64)
    ratios = (
        _blocks(baseline, depths, rounding) / _blocks(baseline, np.asarray(1.0), rounding),
        np.mean(_channel_ratios(baseline, widths, rounding), axis=0),
        np.asarray(input_resolution) / baseline.input_resolution,
    )
    return Effective(*(np.array(ratio, np.float64) for ratio in np.broadcast_arrays(*ratios)))


def of_network(network: Network) -> Multipliers:
    """The effective multipliers of one built network."""
    baseline = network.baseline
    stages = [stage for stage in network.stages if stage.template.operator not in ENDS]
    blocks = sum(stage.template.layers for stage in stages if stage.template.operator not in STEMS)
    ratios = [stage.channels / stage.template.channels for stage in stages]
    return Multipliers(
        network.block_count / blocks,
        float(np.mean(ratios)),
        network.input_resolution / baseline.input_resolution,
    )


def _blocks(baseline: Baseline, depth: Floats, rounding: Rounding) -> Floats:
    stages = [stage for stage in baseline.stages if stage.operator not in STEMS | ENDS]
    return np.asarray(sum(scaled_layers(stage, depth, rounding) for stage in stages), np.float64)


def _channel_ratios(baseline: Baseline, width: Floats, rounding: Rounding) -> list[Floats]:
    ratios: list[Floats] = []
    given: Whole = baseline.in_channels
    rounding = family_rounding(baseline, rounding)
    for stage in baseline.stages:
        if stage.operator not in ENDS:
            given = scaled_channels(stage, given, width, rounding)
            ratios.append(np.asarray(given / stage.channels))
    return ratios
