"""What one setting builds: the network, its cost, and the baseline that it is compared with."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import lru_cache

from explorer.cost import counting
from explorer.cost.counting import Cost
from explorer.network import description
from explorer.network.baselines import BASELINES, EFFICIENTNET, Baseline
from explorer.network.description import Network
from explorer.network.scaling import ROUNDINGS, SLIDERS, Compound, Multipliers, Rounding, input_resolution, multipliers
from explorer.settings import stage_table
from explorer.settings.declarations import Architecture

DECIMALS = 4
LAST_DECIMAL = 10**-DECIMALS

KEPT = 64
"""Networks that are kept in memory once they are built, about 50 kB each."""


@dataclass(frozen=True)
class Built:
    """A built network beside its baseline. `compound` is None where d, w and pixels were given directly."""

    compound: Compound | None
    multipliers: Multipliers
    rounding: Rounding
    network: Network
    cost: Cost
    baseline: Network
    baseline_cost: Cost

    @property
    def built_factor(self) -> float:
        """Multiply-adds relative to the baseline's, as built."""
        return self.cost.macs / self.baseline_cost.macs

    @property
    def promised_factor(self) -> float:
        """d·w²·r², what the rule promises: (α·β²·γ²)^φ where φ gave the multipliers."""
        return self.multipliers.promised_cost


def baseline_of(settings: Architecture) -> Baseline:
    """The table that `settings` scale; the user's own starts as B0's.

    Raises:
        ScalingError: the user's own table cannot be built.
    """
    if settings.family != stage_table.KEY:
        return BASELINES[settings.family]
    return stage_table.from_json(settings.own) if settings.own else stage_table.own(EFFICIENTNET)


def build(settings: Architecture) -> Built:
    """What `settings` builds.

    Raises:
        ScalingError: the settings together ask for a network outside the explorer's limits.
    """
    return _build(settings)


def in_direct(settings: Architecture) -> Architecture:
    """The same network by depth, width and pixels, with as many decimals of d and w as a link keeps.

    Where the rounded d and w are on the other side of a step, their neighbours are tried; one of them builds it.

    Raises:
        ScalingError: as `build`.
    """
    built = build(settings)
    nudges = (0, LAST_DECIMAL, -LAST_DECIMAL)
    near = [
        replace(
            settings,
            by="direct",
            depth=round(built.multipliers.depth + deeper, DECIMALS),
            width=round(built.multipliers.width + wider, DECIMALS),
            pixels=built.network.input_resolution,
        )
        for deeper in nudges
        for wider in nudges
    ]
    same = (each for each in near if _is_allowed(each) and build(each).network.shape == built.network.shape)
    return next(same, near[0])


def _is_allowed(settings: Architecture) -> bool:
    limits = SLIDERS.multiplier
    return all(limits.lowest <= value <= limits.highest for value in (settings.depth, settings.width))


@lru_cache(maxsize=KEPT)
def _build(settings: Architecture) -> Built:
    """What an architecture builds; a page asks several times for the same."""
    baseline = baseline_of(settings)
    if settings.by == "formula":
        compound = settings.compound
        scaled = multipliers(compound)
        pixels = input_resolution(baseline.input_resolution, scaled.resolution)
    else:
        compound, pixels = None, settings.pixels
        scaled = Multipliers(settings.depth, settings.width, pixels / baseline.input_resolution)
    rounding = ROUNDINGS[settings.rounding]
    built = description.scale(baseline, scaled.depth, scaled.width, pixels, rounding)
    original = description.of_baseline(baseline)
    return Built(compound, scaled, rounding, built, counting.of(built), original, counting.of(original))
