"""Published networks as points of accuracy and cost: which dominates which, and by how much.

A network that this explorer builds counts as it is counted here, so that all its published accuracies stand at one
cost; any other as its source prints it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache

import numpy as np
from numpy.typing import ArrayLike, NDArray

from explorer.cost import counting, memory
from explorer.formats.measures import BATCH, BILLION, MILLION, Measure
from explorer.network.description import Network
from explorer.published import named, presets, table2
from explorer.published.measured import IMAGENET, TimmResult, families, pycls_zoo, timm_results

KINDS: Mapping[str, str] = {"top1": "ImageNet top-1", "real": "ImageNet-ReaL top-1", "v2": "ImageNetV2 top-1"}


@dataclass(frozen=True)
class FrontierPoint:
    """A published network under one recipe: accuracies in percent by `KINDS`, costs by `AXES`, whatever is known.

    `preset` is the key of the published network that this explorer builds, "" where it builds none.
    """

    network: str
    family: str
    year: int
    recipe: str
    data: str
    input_resolution: int | None
    accuracies: Mapping[str, float]
    costs: Mapping[str, float]
    source: str
    preset: str = ""

    @property
    def built(self) -> Network | None:
        """The network itself, if this explorer builds it."""
        return _network(self.preset, self.input_resolution) if self.preset and self.input_resolution else None

    @property
    def name(self) -> str:
        """Network and recipe: no two points share it."""
        return f"{self.network}, {self.recipe}"


@dataclass(frozen=True)
class Dominance:
    """A point that is no worse than another in accuracy and cost and better in one: by `points` and a cost ratio."""

    point: FrontierPoint
    points: float
    ratio: float


@cache
def published() -> tuple[FrontierPoint, ...]:
    """Everything that is published: the paper's Table 2, timm's results, pycls' zoo."""
    return (*_paper(), *map(_timm, timm_results()), *_zoo())


def front(costs: ArrayLike, accuracies: ArrayLike, *, more_is_better: bool = False) -> NDArray[np.bool_]:
    """Which networks no other one dominates, for two arrays of one length; equal networks stand or fall together."""
    spent = -np.asarray(costs, np.float64) if more_is_better else np.asarray(costs, np.float64)
    reached = np.asarray(accuracies, np.float64)
    levels, place = np.unique(spent, return_inverse=True)
    best = np.full(levels.shape, -np.inf)
    np.maximum.at(best, place, reached)
    cheaper = np.concatenate(([-np.inf], np.maximum.accumulate(best)[:-1])) if best.size else best
    return np.asarray((reached == best[place]) & (reached > cheaper[place]))


def comparable(points: Sequence[FrontierPoint], axis: Measure, kind: str) -> list[FrontierPoint]:
    """The points whose cost and accuracy of this kind are known."""
    return [point for point in points if axis.key in point.costs and kind in point.accuracies]


def front_of(points: Sequence[FrontierPoint], axis: Measure, kind: str) -> list[FrontierPoint]:
    """The comparable points that no other one dominates, the cheapest first."""
    known = comparable(points, axis, kind)
    mask = front(
        [point.costs[axis.key] for point in known],
        [point.accuracies[kind] for point in known],
        more_is_better=axis.more_is_better,
    )
    kept = [point for point, stays in zip(known, mask, strict=True) if stays]
    return sorted(kept, key=lambda point: point.costs[axis.key])


def dominating(point: FrontierPoint, points: Sequence[FrontierPoint], axis: Measure, kind: str) -> list[Dominance]:
    """What dominates `point` among `points`, the most accurate first; `ratio` is how much cheaper (or faster)."""
    found = []
    for other in comparable(points, axis, kind):
        ratio = other.costs[axis.key] / point.costs[axis.key]
        ratio = ratio if axis.more_is_better else 1 / ratio
        gain = other.accuracies[kind] - point.accuracies[kind]
        if ratio >= 1 and gain >= 0 and (ratio > 1 or gain > 0):
            found.append(Dominance(other, gain, ratio))
    return sorted(found, key=lambda each: (each.points, each.ratio), reverse=True)


def nearest(points: Sequence[FrontierPoint], axis: Measure, kind: str, amount: float) -> FrontierPoint | None:
    """The comparable point whose cost is nearest to `amount` by ratio; None where there is none."""
    known = comparable(points, axis, kind)
    return min(known, key=lambda point: abs(np.log(point.costs[axis.key] / amount)), default=None)


def costs_of(network: Network) -> dict[str, float]:
    """What a network that is built here costs, by `AXES`: everything that is counted or estimated."""
    counted = counting.of(network)
    return {
        "macs": counted.macs,
        "params": counted.params,
        "activations": counted.activations,
        "memory": memory.training(network, BATCH).total,
    }


def family_of(model: str) -> tuple[str, int]:
    """Family and year of a network by its name in any spelling: the longest prefix that fits."""
    plain = model.lower().replace("-", "_")
    squeezed = plain.replace("_", "")
    fitting = [each for each in families() if plain.startswith(each.prefix) or squeezed.startswith(each.prefix)]
    found = max(fitting, key=lambda each: len(each.prefix))
    return found.family, found.year


@cache
def _built(preset: str, pixels: int) -> dict[str, float]:
    return costs_of(_network(preset, pixels))


@cache
def _network(preset: str, pixels: int) -> Network:
    return presets()[preset].network().at(pixels)


def _named(preset: str, pixels: int) -> str:
    return f"{presets()[preset].title} at {pixels} px"


def _preset(model: str) -> str:
    found = named(model)
    return found.key if found else ""


def _timm(result: TimmResult) -> FrontierPoint:
    preset, pixels = _preset(result.architecture), result.input_resolution
    printed = {
        "macs": result.macs_billions * BILLION,
        "params": result.params_millions * MILLION,
        "activations": result.activations_millions * MILLION,
    }
    speed = {"gpu": result.gpu_images_per_second, "cpu": result.cpu_milliseconds}
    return FrontierPoint(
        _named(preset, pixels) if preset else f"{result.architecture} at {pixels} px",
        result.family.family,
        result.family.year,
        f"timm {result.recipe or 'weights'}",
        result.data,
        pixels,
        {"top1": result.top1, "real": result.real_top1, "v2": result.v2_top1},
        {key: amount for key, amount in {**(_built(preset, pixels) if preset else printed), **speed}.items() if amount},
        result.source,
        preset,
    )


def _paper() -> list[FrontierPoint]:
    return [
        _printed(row.model, "paper v5", row.top1, row.params_millions, row.macs_billions, None, row.source)
        for row in table2()
    ]


def _zoo() -> list[FrontierPoint]:
    return [
        _printed(
            row.model, "pycls 100 epochs", row.top1, row.params_millions, row.macs_billions,
            row.activations_millions, row.source,
        )
        for row in pycls_zoo()
    ]  # fmt: skip


def _printed(
    model: str, recipe: str, top1: float, params: float, macs: float | None, activations: float | None, source: str
) -> FrontierPoint:
    preset = _preset(model)
    pixels = presets()[preset].input_resolution if preset else None
    amounts = {
        "macs": macs and macs * BILLION,
        "params": params * MILLION,
        "activations": activations and activations * MILLION,
    }
    known: dict[str, float] = {key: amount for key, amount in amounts.items() if amount}
    family, year = family_of(model)
    name = model if pixels is None else _named(preset, pixels)
    costs = known if pixels is None else _built(preset, pixels)
    return FrontierPoint(name, family, year, recipe, IMAGENET, pixels, {"top1": top1}, costs, source, preset)
