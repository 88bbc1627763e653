"""What the papers and their code publish, read from assets/published/; every row names its source."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

from explorer import cost
from explorer.assets import table
from explorer.baselines import BASELINES, Baseline
from explorer.cost import Cost
from explorer.network import Network, scale


@dataclass(frozen=True)
class Preset:
    """The published coefficients of one network; the resolution is a table's, not the formula's."""

    key: str
    title: str
    family: str
    depth: float
    width: float
    input_resolution: int
    source: str

    @property
    def baseline(self) -> Baseline:
        """The table that this preset scales."""
        return BASELINES[self.family]

    def network(self) -> Network:
        """The network that the coefficients build."""
        return scale(self.baseline, self.depth, self.width, self.input_resolution)


@dataclass(frozen=True)
class Result:
    """A row of the paper's Table 2: ImageNet top-1 in percent, parameters in millions, multiply-adds in billions.

    `macs_billions` is what the paper prints as FLOPS; None where it prints nothing.
    """

    model: str
    group: str
    top1: float
    params_millions: float
    macs_billions: float | None
    source: str

    @property
    def is_efficientnet(self) -> bool:
        """Whether this is one of B0 to B7 rather than a network that the paper compares them with."""
        return self.model.startswith("EfficientNet-")

    def at_least_as_good(self, other: Result) -> bool:
        """Whether this is no less accurate than `other` at fewer multiply-adds; false where a cost is unknown."""
        if self.macs_billions is None or other.macs_billions is None:
            return False
        return self.top1 >= other.top1 and self.macs_billions < other.macs_billions


@cache
def presets() -> dict[str, Preset]:
    """The published networks by key ("b0" … "l2", "lite0" … "lite4"), in the order of their size."""
    rows = table("published/coefficients.csv")
    found = [_preset(row) for row in rows]
    return {preset.key: preset for preset in found}


@cache
def table2() -> tuple[Result, ...]:
    """The paper's Table 2, accuracies of its version 5."""
    return tuple(
        Result(
            row["model"],
            row["group"],
            float(row["top1_v5"]),
            float(row["params_M"]),
            float(row["flops_B"]) if row["flops_B"] else None,
            row["source"],
        )
        for row in table("published/table2.csv")
    )


@cache
def _keras_params() -> dict[str, int]:
    rows = table("published/printed_counts.csv")
    column = "keras_total_params_documented"
    return {row["model"]: int(row[column]) for row in rows if row[column]}


def printed_keras_params(preset: Preset) -> int | None:
    """The total parameters that Keras documents for a published network; None where it documents none."""
    return _keras_params().get(preset.title.lower())


@cache
def preset_networks(family: str) -> dict[str, Network]:
    """The published networks of a family, by key."""
    return {key: preset.network() for key, preset in presets().items() if preset.family == family}


@cache
def preset_costs(family: str) -> dict[str, Cost]:
    """Our exact count of each published network of a family, by key."""
    return {key: cost.of(network) for key, network in preset_networks(family).items()}


def nearest(built: Cost, family: str) -> Preset | None:
    """The published network of `family` whose multiply-adds are nearest to `built`'s, by ratio; None if it has none."""

    def distance(key: str) -> float:
        ratio = preset_costs(family)[key].macs / built.macs
        return max(ratio, 1 / ratio)

    keys = preset_costs(family)
    return presets()[min(keys, key=distance)] if keys else None


def same_stages(built: Network) -> Preset | None:
    """The published network with the same stages as `built`, whatever the resolution; None if there is none."""
    published = preset_networks(built.baseline.key).items()
    return next((presets()[key] for key, network in published if network.shape == built.shape), None)


def as_published(built: Network) -> Preset | None:
    """The published network that `built` is, resolution included; None if it is none."""
    return next(
        (presets()[key] for key, network in preset_networks(built.baseline.key).items() if network == built), None
    )


def _preset(row: dict[str, str]) -> Preset:
    key = row["model"].removeprefix("efficientnet-")
    return Preset(
        key,
        f"EfficientNet-{key[:1].upper()}{key[1:]}",
        "lite" if key.startswith("lite") else "efficientnet",
        float(row["depth"]),
        float(row["width"]),
        int(row["resolution"]),
        row["source"],
    )
