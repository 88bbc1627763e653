"""The eight lessons on the class's own family, α, β, γ and rounding; every answer is computed when it is asked for."""

from __future__ import annotations

from dataclasses import replace
from math import log

import numpy as np

from explorer.accuracy.predict import Prediction, Refusal, predict
from explorer.accuracy.words import outside_mark
from explorer.cost import counting
from explorer.formats.quantities import counted, decimal, engineering, percent, times
from explorer.network.description import Network
from explorer.network.scaling import Compound, ScalingError
from explorer.planning.budget import BudgetLimits
from explorer.planning.rounding_gap import gap
from explorer.planning.solver import Solution, solve
from explorer.planning.sweep import along_dimension, along_phi
from explorer.published import preset_networks, presets
from explorer.settings.built import Built, build
from explorer.settings.declarations import Architecture
from explorer.teaching.lessons.lesson import FACTOR, PHI, POINTS, Lesson, LessonAnswer

TWICE = 2.0
BUDGET = 3.0
"""Of the phone's lesson, in multiply-adds of the baseline."""
SAME_COST = 4.0
"""Of the lesson on single dimensions, in multiply-adds of B0."""
FIFTH = 4
"""Of a family's published networks, the one to find: B4, Lite4."""
FAMILY_FACTOR = 8.0
"""In its place for a family without published networks."""


def name_of(settings: Architecture) -> str:
    """The baseline that the class scales."""
    return _start(settings).baseline.baseline.name


def _start(settings: Architecture) -> Built:
    """The class's baseline itself."""
    return build(_direct(settings))


def _direct(settings: Architecture, depth: float = 1.0, width: float = 1.0, larger: float = 1.0) -> Architecture:
    now = replace(settings, by="direct", depth=depth, width=width, pixels=settings.pixels)
    pixels = build(replace(now, by="formula", phi=0.0)).baseline.input_resolution
    return replace(now, pixels=round(pixels * larger))


def _formula(settings: Architecture, phi: float) -> Architecture:
    return replace(settings, by="formula", phi=phi)


def _depthwise(network: Network) -> str:
    """What depthwise layers do to the square, in words."""
    layers = [layer for stage in network.stages for block in stage.blocks for layer in block.layers]
    spent = sum(counting.of_layer(layer).macs for layer in layers if layer.groups > 1)
    if not spent:
        return ""
    share = percent(spent / counting.of(network).macs)
    return f"{share} of the baseline's multiply-adds are in depthwise layers, whose cost only doubles, and "


def _promised_phi(factor: float, compound: Compound) -> float | None:
    """The φ at which the rule reaches a factor of cost; None where no φ above 0 costs more."""
    return log(factor) / log(compound.product) if compound.product > 1 else None


def _deeper(settings: Architecture) -> LessonAnswer:
    trial = _direct(settings, depth=TWICE)
    built = build(trial)
    pairs = zip(built.network.stages, built.baseline.stages, strict=True)
    kept = sum(counting.of_stage(before).macs for after, before in pairs if after.depth == before.depth)
    why = (
        f"{counted(built.baseline.block_count, 'block')} became {built.network.block_count}. "
        f"Each added block costs what its neighbours cost, but {percent(kept / built.baseline_cost.macs)} of the "
        "baseline's multiply-adds are in stages that are never repeated, the first convolution and the head; and "
        "the first block of a stage, which "
        "takes in other channels or a larger picture than the others, is there only once."
    )
    return LessonAnswer(built.built_factor, TWICE, why, trial)


def _wider(settings: Architecture) -> LessonAnswer:
    trial = _direct(settings, width=TWICE)
    built = build(trial)
    why = (
        "A convolution from all channels to all costs its input channels times its output channels: twice as many of "
        f"both is four times the cost. But {_depthwise(built.baseline)}the photograph's three channels and the classes "
        "stay as many."
    )
    return LessonAnswer(built.built_factor, TWICE**2, why, trial)


def _sharper(settings: Architecture) -> LessonAnswer:
    trial = _direct(settings, larger=TWICE)
    built = build(trial)
    why = (
        f"A picture of {built.network.input_resolution} pixels a side has four times as many places as one of "
        f"{built.baseline.input_resolution}, and a convolution is computed at each. Not one parameter is added: "
        f"{engineering(built.baseline_cost.params)} before, {engineering(built.cost.params)} after. Only what is "
        "computed once for a picture (the classifier, squeeze-and-excitation) does not grow."
    )
    return LessonAnswer(built.built_factor, TWICE**2, why, trial)


def _product(settings: Architecture) -> LessonAnswer:
    compound = replace(settings.compound, phi=1.0)
    trial = _formula(settings, 1.0)
    why = (
        f"α·β²·γ² = {decimal(compound.alpha)} · {decimal(compound.beta)}² · {decimal(compound.gamma)}² = "
        f"{compound.product:.3f}. Width and resolution are squared, because doubling one of them costs four times as "
        "much. The paper asks for about 2; its own constants give 1.920."
    )
    return LessonAnswer(compound.product, None, why, trial)


def _rounded(settings: Architecture) -> LessonAnswer:
    trial = _formula(settings, 1.0)
    built = build(trial)
    found = gap(built.network, built.multipliers, built.rounding)
    shares = {"depth": found.depth, "width": found.width, "resolution": found.resolution}
    largest = max(shares, key=lambda name: abs(log(shares[name])))
    parts = ", ".join(f"{name} {times(share)}" for name, share in shares.items())
    why = (
        f"Layers, channels and pixels are whole numbers. Built over promised is {times(found.total)}, and the factors "
        f"of its three causes multiply to it: {parts}. Most of it is {largest}'s."
    )
    return LessonAnswer(built.built_factor, built.promised_factor, why, trial)


def target(settings: Architecture) -> tuple[str, float]:
    """What lesson 6 looks for: the name of a published network of the family, and its multiply-adds."""
    networks = list(preset_networks(settings.family).items())
    start = _start(settings).baseline_cost.macs
    if len(networks) <= FIFTH:
        return f"{FAMILY_FACTOR:g} times the baseline's multiply-adds", FAMILY_FACTOR * start
    key, network = networks[FIFTH]
    return f"the multiply-adds of {presets()[key].title}", float(counting.of(network).macs)


def _published(settings: Architecture) -> LessonAnswer:
    words, macs = target(settings)
    compound = replace(settings.compound, phi=0.0)
    sweep = along_phi(build(_formula(settings, 0.0)), compound)
    at = int(np.argmin(np.abs(np.log(sweep.macs / macs))))
    phi = float(sweep.values[at])
    promised = _promised_phi(macs / _start(settings).baseline_cost.macs, compound)
    why = (
        f"At φ = {decimal(phi)} the network has {engineering(int(sweep.macs[at]))} multiply-adds, the nearest to "
        f"{words} ({engineering(macs)}). The published networks are not on the formula: their depth, width and pixels "
        "come from a table; and what a step of φ really costs is not what the formula promises."
    )
    return LessonAnswer(phi, promised, why, _formula(settings, phi))


def _balanced(_: Architecture) -> LessonAnswer:
    start = build(Architecture(by="direct", depth=1.0, width=1.0, pixels=224))
    budget = SAME_COST * start.baseline_cost.macs
    deep, whole = along_dimension(start, "depth"), along_phi(build(Architecture(phi=0.0)), Compound(0.0))
    depth = float(deep.values[np.argmin(np.abs(deep.macs - budget))])
    phi = float(whole.values[np.argmin(np.abs(whole.macs - budget))])
    one = build(Architecture(by="direct", depth=depth, width=1.0, pixels=224))
    all_three = build(Architecture(phi=phi))
    first, second = _predicted(one), _predicted(all_three)
    why = (
        f"Depth alone (d = {decimal(depth)}, {engineering(one.cost.macs)} multiply-adds): between {first.lower:.1f} "
        f"and {first.upper:.1f} %, most likely {first.top1:.1f} %{outside_mark(first)}. All three (φ = {decimal(phi)}, "
        f"{engineering(all_three.cost.macs)}): between {second.lower:.1f} and {second.upper:.1f} %, most likely "
        f"{second.top1:.1f} %{outside_mark(second)}. Predicted from the paper's published accuracies with 90 % "
        "intervals, not measured. A "
        "single dimension gains less and less: the paper's Observation 1."
    )
    return LessonAnswer(second.top1 - first.top1, None, why, Architecture(phi=phi))


def _predicted(built: Built) -> Prediction:
    found = predict(built.network)
    if isinstance(found, Refusal):
        raise ScalingError(found.reason)
    return found


def _phone(settings: Architecture) -> LessonAnswer:
    start = _start(settings)
    compound = replace(settings.compound, phi=0.0)
    limit = BUDGET * start.baseline_cost.macs
    found = solve(start.network.baseline, BudgetLimits(macs=limit), compound, start.rounding)
    if not isinstance(found, Solution):
        raise ScalingError(found.sentence)
    phi = found.compound.phi
    why = (
        f"At φ = {decimal(phi)} the network has {engineering(found.cost.macs)} multiply-adds, within the limit of "
        f"{engineering(limit)}; the next step of 0.01 breaks it. The formula alone does not know what rounding costs."
    )
    return LessonAnswer(phi, _promised_phi(BUDGET, compound), why, _formula(settings, phi))


COURSE: tuple[Lesson, ...] = (
    Lesson(
        "depth", "Deeper",
        "Depth d is how often a network's stages repeat their blocks. Channels and pictures stay as they are.",
        lambda now: f"{name_of(now)} is made twice as deep (d = 2), nothing else. How many times its multiply-adds?",
        FACTOR, _deeper,
        "Depth acts in proportion, but not on everything.",
        "“Twice as deep is twice the cost”: the stem and the head are not repeated.",
        "What would happen to the number of parameters? (Open Scale and look.)", 4,
    ),
    Lesson(
        "width", "Wider",
        "Width w multiplies the channels of every layer. A layer's output channels are the next one's input channels.",
        lambda now: f"{name_of(now)} is made twice as wide (w = 2). How many times its multiply-adds?",
        FACTOR, _wider,
        "Width acts squared, because a convolution joins all channels with all.",
        "“Twice as wide is twice the cost”: only depthwise layers behave so.",
        "Which layers would you make wider if only the parameters mattered?", 5,
    ),
    Lesson(
        "resolution", "Sharper",
        "Resolution r multiplies the width and the height of the input picture. The network's layers stay the same.",
        lambda now: f"{name_of(now)} gets pictures twice as wide and twice as high. How many times its multiply-adds?",
        FACTOR, _sharper,
        "Resolution acts squared on the computation and not at all on the parameters.",
        "“A larger picture needs a larger network”: the same weights are used at more places.",
        "What does it do to the memory that training takes? (Open Count, Memory.)", 4,
    ),
    Lesson(
        "rule", "One number for all three",
        "Compound scaling sets d = α^φ, w = β^φ and r = γ^φ, so that one number φ grows all three. "
        "By the rule, depth costs once, width and resolution squared.",
        lambda now: f"Your α is {decimal(now.compound.alpha)}, β {decimal(now.compound.beta)}, γ "
        f"{decimal(now.compound.gamma)}. By how many times does the rule let each step of φ grow the multiply-adds?",
        FACTOR, _product,
        "α·β²·γ² is the price of one step of φ.",
        "“α + β + γ” or “α·β·γ”: the squares are forgotten.",
        "Find other α, β, γ with the same product. Are they equally good? (Open Search.)", 5,
    ),
    Lesson(
        "rounding", "Promise and reality",
        "The rule's depth, width and resolution are fractions. A network has whole layers, channels in steps of 8, and "
        "whole pixels.",
        lambda now: f"φ = 1 on {name_of(now)}: how many times the baseline's multiply-adds is the network really?",
        FACTOR, _rounded,
        "A formula's promise and what is built differ, and one can say why.",
        "“The formula is exact”: rounding goes mostly up.",
        "Change Rounding in the sidebar to “none”. What is left of the difference, and why?", 6,
    ),
    Lesson(
        "published", "Find the published one",
        "The published networks were not made by turning φ: a table gives each its depth, width and resolution. "
        "The slider's step of 1 is meant to double the cost.",
        lambda now: f"With your α, β, γ: which φ gives {target(now)[0]} ({engineering(target(now)[1])})?",
        PHI, _published,
        "Read an exponential: equal steps of φ are equal factors of cost.",
        "“B4 is φ = 4”: the names are not φ.",
        "Which φ does each dimension of it alone stand for? (Open Count, Promise.)", 6,
    ),
    Lesson(
        "balance", "Why all three",
        "Every dimension alone gains accuracy, but less with each step. The paper's claim is that the three together "
        "gain more at the same cost.",
        lambda _: "EfficientNet-B0 with four times the multiply-adds, once by depth alone, once by all three: how many "
        "percentage points of ImageNet accuracy more has the second?",
        POINTS, _balanced,
        "Balance beats any single dimension, and a prediction has an error.",
        "“Deeper is always better”.",
        "Do the two intervals overlap? What may one claim then?", 6,
    ),
    Lesson(
        "budget", "A phone's budget",
        "Who deploys a network starts from a budget. The largest network within it is the one to train.",
        lambda now: f"A phone allows three times the multiply-adds of {name_of(now)}. Which φ is the largest that "
        "fits, to two decimals?",
        PHI, _phone,
        "Solve the scaling rule backwards, with what is really built.",
        "“φ = 1.5 is three times”: read off the doubling, without the rounding.",
        "And within 10 million parameters? (Open Count, Budget.)", 6,
    ),
)  # fmt: skip
