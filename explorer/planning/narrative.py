"""What the numbers say, in sentences computed from them."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from explorer.cost.counting import Cost
from explorer.formats.quantities import counted, decimal, engineering, times
from explorer.planning.sweep import Sweep
from explorer.published import Preset, PublishedResult, as_published, nearest, preset_costs, same_stages
from explorer.settings.built import Built

SAME = 0.005
"""Two ratios that differ by less than this share are called equal."""


def headline(built: Built) -> str:
    """What the setting builds, and how far that is from what the formula promises."""
    size = f"{counted(built.network.block_count, 'block')} at {built.network.input_resolution} px"
    name = built.baseline.baseline.name
    if built.network == built.baseline:
        verb = "is" if built.compound is not None else "are"
        return f"{_setting(built)} {verb} {name} itself: {size}."
    cost = f"{times(built.built_factor)} the multiply-adds of {name}"
    verb = "builds" if built.compound is not None else "build"
    return f"{_setting(built)} {verb} {size}: {cost}. {_promise(built)}"


def comparison(built: Built) -> str:
    """The published network nearest in multiply-adds, and whether the built one is published itself."""
    family = built.baseline.baseline.key
    same = same_stages(built.network)
    if same is not None:
        return _same_stages(same, built)
    near = nearest(built.cost, family)
    if near is None:
        return ""
    macs = preset_costs(family)[near.key].macs
    relative = f"{engineering(macs)} multiply-adds ({times(macs / built.cost.macs)} the built network's)"
    return f"The nearest published network is {near.title}, with {relative}."


def title_of(built: Built) -> str:
    """A short name of the built network: a published one's own, else its family with d, w and pixels."""
    preset = as_published(built.network)
    if preset is not None:
        return preset.title
    scaled = built.multipliers
    size = f"d {decimal(scaled.depth)} · w {decimal(scaled.width)} · {built.network.input_resolution} px"
    return f"{built.baseline.baseline.name} at {size}"


def drawing_sentence(built: Built) -> str:
    """What the drawing of the two networks shows, for those who cannot see it."""
    stages = ", ".join(
        f"stage {stage.number} has {stage.depth} × {counted(stage.channels, 'channel')} at {stage.input_resolution} px"
        for stage in built.network.stages
    )
    return f"Two towers of boxes, {built.baseline.baseline.name} and your network. In your network {stages}."


def blocks_sentence(built: Built) -> str:
    """What the block-by-block drawing shows, for those who cannot see it."""
    pairs = zip(built.network.stages, built.baseline.stages, strict=True)
    stages = "; ".join(
        f"stage {stage.number}: {_grown(before.depth, stage.depth)} blocks, "
        f"{_grown(before.channels, stage.channels)} channels, "
        f"{_grown(before.output_resolution, stage.output_resolution)} px"
        for stage, before in pairs
    )
    return (
        f"Three rows of bars, one bar for each block: output resolution, output channels and multiply-adds of your "
        f"network over those of {built.baseline.baseline.name}. {stages}."
    )


def frontier_sentence(results: Sequence[PublishedResult], built: Cost) -> str:
    """What the frontier shows, for those who cannot see it."""
    published = [result for result in results if result.is_efficientnet]
    compared = [result for result in results if not result.is_efficientnet and result.macs_billions is not None]
    matched = sum(any(other.at_least_as_good(result) for other in published) for result in compared)
    first, last = published[0], published[-1]
    return (
        f"{first.model} reaches {first.top1} % with {first.macs_billions:g} billion multiply-adds, {last.model} "
        f"{last.top1} % with {last.macs_billions:g}. {matched} of the {len(compared)} networks compared with them "
        f"are matched in accuracy by an EfficientNet of lower cost. Your network costs {engineering(built.macs)}."
    )


def steps_sentence(along: str, sweep: Sweep) -> str:
    """How many different networks a slider passes, and where its largest step is."""
    ratios = sweep.macs[1:] / sweep.macs[:-1]
    largest = int(np.argmax(np.maximum(ratios, 1 / ratios)))
    first, last = decimal(float(sweep.values[0])), decimal(float(sweep.values[-1]))
    before, after = decimal(float(sweep.values[largest])), decimal(float(sweep.values[largest + 1]))
    networks = counted(1 + int(sweep.changes.sum()), "different network")
    return (
        f"From {first} to {last} in {len(sweep.values):,} positions, {along} builds {networks}; the "
        f"other positions change nothing. The largest step is from {before} to {after}: "
        f"×{ratios[largest]:.2f} the multiply-adds."
    )


def unchanged_sentence(symbol: str, sweep: Sweep) -> str:
    """How far a slider can be moved before the network changes."""
    first, last = sweep.unchanged
    if first == last:
        return f"Every step of {symbol} here builds another network."
    return f"Nothing changes from {symbol} = {decimal(first)} to {decimal(last)}."


def _grown(before: int, after: int) -> str:
    return str(after) if before == after else f"{before} → {after}"


def _setting(built: Built) -> str:
    if built.compound is not None:
        return f"φ = {decimal(built.compound.phi)}"
    scaled = built.multipliers
    return f"Depth ×{decimal(scaled.depth)} and width ×{decimal(scaled.width)}"


def _promise(built: Built) -> str:
    promised = built.promised_factor
    rule = "(α·β²·γ²)^φ" if built.compound is not None else "d·w²·r²"
    gap = built.built_factor / promised
    if abs(gap - 1) < SAME:
        return f"The rule {rule} promised just that."
    cause = "rounding layers, channels and pixels makes the difference"
    return f"The rule {rule} promised {times(promised)}; {cause}, a factor of {gap:.2f}."


def _same_stages(preset: Preset, built: Built) -> str:
    pixels = built.network.input_resolution
    if preset.input_resolution == pixels:
        return f"This is {preset.title} as published."
    return f"These are the stages of {preset.title}, which was published at {preset.input_resolution} px, not {pixels}."
