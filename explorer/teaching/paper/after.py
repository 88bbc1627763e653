"""What came after: networks trained on ImageNet-1k alone, as timm measured them, and TinyNet built again."""

from __future__ import annotations

from dataclasses import dataclass

from explorer.cost import counting
from explorer.formats.measures import GPU, MACS
from explorer.formats.quantities import times
from explorer.published.measured import IMAGENET, TimmResult, timm_results
from explorer.published.small import tinynets

SHOWN = {
    "EfficientNet": ("tf_efficientnet_b", ".aa_in1k"),
    "EfficientNetV2": ("tf_efficientnetv2_", ".in1k"),
    "ResNet-RS": ("resnetrs", ".tf_in1k"),
    "TinyNet": ("tinynet_", ".in1k"),
}
"""Beginning and end of the names of the weights: of each family one recipe of its authors, ImageNet-1k only."""
AXES = {
    "macs": f"{MACS.scaled}<br>(timm, fvcore's convention)",
    "gpu": f"{GPU.label}<br>(timm, RTX 3090, mixed precision)",
}


@dataclass(frozen=True)
class RecountedTinyNet:
    """A TinyNet that we built again, beside timm's measurement of it."""

    timm: TimmResult
    params: int
    macs: int
    activations: int


def family(name: str) -> tuple[TimmResult, ...]:
    """The weights of a family at the largest size that timm measured, in the order of their cost."""
    start, end = SHOWN[name]
    found = [row for row in timm_results() if row.model.startswith(start) and row.model.endswith(end)]
    largest: dict[str, TimmResult] = {}
    for row in sorted(found, key=lambda row: row.input_resolution):
        largest[row.model] = row
    return tuple(sorted((row for row in largest.values() if row.data == IMAGENET), key=lambda row: row.macs_billions))


def value(row: TimmResult, axis: str) -> float:
    """What a network is drawn at: billions of multiply-adds ("macs") or images a second ("gpu")."""
    return row.macs_billions if axis == "macs" else row.gpu_images_per_second


def speed_sentence() -> str:
    """For EfficientNet's largest network: the fastest network of each later family that is at least as accurate."""
    last = family("EfficientNet")[-1]
    parts = []
    for name in ("EfficientNetV2", "ResNet-RS"):
        better = [row for row in family(name) if row.top1 >= last.top1]
        if better:
            fast = max(better, key=lambda row: row.gpu_images_per_second)
            speed = times(fast.gpu_images_per_second / last.gpu_images_per_second)
            parts.append(
                f"{fast.architecture} ({fast.top1:.1f} %) answers {speed} as fast with "
                f"{times(fast.macs_billions / last.macs_billions)} the multiply-adds"
            )
        else:
            best = max(family(name), key=lambda row: row.top1)
            parts.append(f"{name} stays below with {best.top1:.1f} % ({best.architecture})")
    return f"B7 reaches {last.top1:.1f} %. On an RTX 3090 {' and '.join(parts)}."


def tinynet() -> tuple[RecountedTinyNet, ...]:
    """TinyNet A to E."""
    measured = {row.architecture: row for row in family("TinyNet")}
    found = []
    for each in tinynets():
        spent = counting.of(each.network())
        found.append(
            RecountedTinyNet(measured[each.model.replace("-", "_")], spent.params, spent.macs, spent.activations)
        )
    return tuple(found)


def rows() -> list[dict[str, object]]:
    """The data of the chart."""
    return [
        {
            "family": name,
            "weights": row.model,
            "input, pixels": row.input_resolution,
            AXES["macs"]: row.macs_billions,
            AXES["gpu"]: row.gpu_images_per_second,
            "top-1, %": row.top1,
            "source": row.source,
        }
        for name in SHOWN
        for row in family(name)
    ]
