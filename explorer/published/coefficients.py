"""The published coefficients of the families that were scaled, and the networks that they build."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

from explorer.assets import table
from explorer.cost import counting
from explorer.cost.counting import Cost
from explorer.network.baselines import BASELINES, Baseline, short_name
from explorer.network.description import Network, scale


@dataclass(frozen=True)
class Preset:
    """The published coefficients of one network; the resolution is a table's, not the formula's.

    `names` are what timm and others call it.
    """

    key: str
    title: str
    family: str
    names: tuple[str, ...]
    depth: float
    width: float
    input_resolution: int
    source: str

    @property
    def baseline(self) -> Baseline:
        """The table that this preset scales."""
        return BASELINES[self.family]

    @property
    def short(self) -> str:
        """Its title where there is little room."""
        return short_name(self.title)

    def network(self) -> Network:
        """The network that the coefficients build."""
        return scale(self.baseline, self.depth, self.width, self.input_resolution)


@cache
def presets() -> dict[str, Preset]:
    """The published networks by key ("b0" … "l2", "lite0" … "lite4", "v2-b0" …), those of a family by their size."""
    rows = table("published/coefficients.csv")
    found = [_preset(row) for row in rows]
    return {preset.key: preset for preset in found}


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
    return {key: counting.of(network) for key, network in preset_networks(family).items()}


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


def named(text: str) -> Preset | None:
    """The published network that `text` names, as people write it: "B0", "efficientnet-b0", "tf_efficientnet_b0"."""
    return _by_name().get(_plain(text))


@cache
def _by_name() -> dict[str, Preset]:
    return {_plain(name): preset for preset in presets().values() for name in (preset.key, preset.title, *preset.names)}


def _plain(name: str) -> str:
    return name.strip().lower().replace("_", "-")


def _preset(row: dict[str, str]) -> Preset:
    return Preset(
        row["key"],
        row["title"],
        row["family"],
        tuple(row["names"].split()),
        float(row["depth"]),
        float(row["width"]),
        int(row["resolution"]),
        row["source"],
    )
