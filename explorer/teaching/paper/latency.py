"""Table 4: seconds as printed, beside milliseconds that timm measured elsewhere and that are measured here."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache

from explorer.cost import counting
from explorer.cost.latency import Latency
from explorer.formats.measures import BILLION, MACS
from explorer.formats.quantities import counted, duration, times
from explorer.network.baselines import RESNET_50, Operator
from explorer.network.description import Network, of_baseline
from explorer.published import presets
from explorer.published.latency import PrintedLatency, table4
from explorer.published.measured import TimmResult, timm_results

RESNET_152_LAYERS = (3, 8, 36, 3)
"""Table 1 of arXiv:1512.03385, 152 layers."""
ELSEWHERE = {"ResNet-152": "resnet152.a1_in1k", "EfficientNet-B1": "tf_efficientnet_b1.aa_in1k"}
PAIR = tuple(ELSEWHERE)
SECOND = 1000.0
PAPER_MACHINE = "paper: one core of a Xeon E5-2690"
TIMM_MACHINE = "timm: i9-10940X, compiled"
THIS_MACHINE = "this machine, one core"


@dataclass(frozen=True)
class Timed:
    """A row of Table 4 with what it can be compared with; None where there is nothing."""

    row: PrintedLatency
    network: Network | None
    elsewhere: TimmResult | None


@cache
def resnet_152() -> Network:
    """ResNet-152: ResNet-50's stages with more layers."""
    layers = iter(RESNET_152_LAYERS)
    stages = tuple(
        replace(stage, layers=next(layers)) if stage.operator is Operator.BOTTLENECK else stage
        for stage in RESNET_50.stages
    )
    return of_baseline(replace(RESNET_50, key="resnet152", name="ResNet-152", stages=stages))


@cache
def timed() -> tuple[Timed, ...]:
    """Every row of Table 4; GPipe cannot be built from what is published here."""
    networks = {
        "ResNet-152": resnet_152(),
        "EfficientNet-B1": presets()["b1"].network(),
        "EfficientNet-B7": presets()["b7"].network(),
    }
    return tuple(Timed(row, networks.get(row.model), _elsewhere(row.model)) for row in table4())


def to_measure() -> tuple[Network, ...]:
    """The pair of Table 4 that is timed here, ResNet-152 and B1; B7 is not, for want of a GPipe to compare it with."""
    return tuple(each.network for each in timed() if each.network is not None and each.row.model in PAIR)


def sentence() -> str:
    """The printed speed-ups beside the ratios of multiply-adds."""
    parts = []
    seconds = {row.model: row.seconds for row in table4()}
    for each in timed():
        if each.row.against is not None:
            ratio = seconds[each.row.against] / each.row.seconds
            parts.append(f"{each.row.model} takes {times(1 / ratio)} the time of {each.row.against}")
    first, second = (counting.of(network).macs for network in (resnet_152(), presets()["b1"].network()))
    return f"{'; '.join(parts)}. In multiply-adds ResNet-152 is {times(first / second)} B1, by our count."


def here_sentence(measured: Sequence[Latency]) -> str:
    """The ratio of ResNet-152 to B1 on this machine beside the paper's."""
    median = _by_model(measured)
    printed = {row.model: row.seconds for row in table4()}
    ratio = median["ResNet-152"] / median["EfficientNet-B1"]
    runs = " and ".join(counted(latency.runs, "run") for latency in measured)
    return (
        f"Here ResNet-152 takes {times(ratio)} as long as B1 on one core, by medians of {runs} after a warm-up; "
        "the paper measured "
        f"{times(printed['ResNet-152'] / printed['EfficientNet-B1'])}."
    )


def rows(measured: Sequence[Latency] | None) -> list[dict[str, str]]:
    """Table 4 with both other measurements, for a table."""
    median = _by_model(measured)
    return [
        {
            "Network": each.row.model,
            "Paper: one Xeon core": f"{duration(each.row.seconds * SECOND)} at {each.row.top1:g} %",
            "timm: i9-10940X, compiled": "–" if each.elsewhere is None else _milliseconds(each.elsewhere),
            "This machine, one core": _here(each, median),
            f"{MACS.column}, counted": "–" if each.network is None else f"{_billions(each.network):.2f} G",
        }
        for each in timed()
    ]


def _milliseconds(result: TimmResult) -> str:
    return f"{duration(result.cpu_milliseconds)} at {result.input_resolution} px"


def _elsewhere(model: str) -> TimmResult | None:
    sized = [result for result in timm_results() if result.model == ELSEWHERE.get(model)]
    return min(sized, key=lambda result: result.input_resolution, default=None)


def milliseconds(measured: Sequence[Latency] | None) -> dict[str, list[tuple[str, float, float]]]:
    """By machine: network, billions of multiply-adds (our count) and milliseconds for one image."""
    median = _by_model(measured)
    found: dict[str, list[tuple[str, float, float]]] = {PAPER_MACHINE: [], TIMM_MACHINE: [], THIS_MACHINE: []}
    for each in sorted((each for each in timed() if each.network), key=lambda each: _billions(each.network)):
        name, macs = each.row.model, _billions(each.network)
        found[PAPER_MACHINE].append((name, macs, each.row.seconds * SECOND))
        if each.elsewhere is not None:
            found[TIMM_MACHINE].append((name, macs, each.elsewhere.cpu_milliseconds))
        if name in median:
            found[THIS_MACHINE].append((name, macs, median[name]))
    return {machine: points for machine, points in found.items() if points}


def _billions(network: Network | None) -> float:
    return 0.0 if network is None else counting.of(network).macs / BILLION


def _by_model(measured: Sequence[Latency] | None) -> dict[str, float]:
    """Median milliseconds by network; empty before the measurement."""
    if measured is None:
        return {}
    names = [each.row.model for each in timed() if each.row.model in PAIR]
    return {name: latency.median_ms for name, latency in zip(names, measured, strict=True)}


def _here(each: Timed, median: Mapping[str, float]) -> str:
    if each.network is None:
        return "cannot be built here"
    if each.row.model not in PAIR:
        return "not timed"
    return duration(median[each.row.model]) if median else "not measured yet"
