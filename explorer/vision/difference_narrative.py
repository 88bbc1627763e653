"""What a rectangle holds, what a map's numbers mean, and why one class and not another, in computed sentences."""

from __future__ import annotations

import math
from collections.abc import Mapping

import numpy as np

from explorer.formats.quantities import counted, fixed, percent, signed, times, tiny
from explorer.vision.activation_maps import CamMethod
from explorer.vision.classification import Classification
from explorer.vision.difference import Difference
from explorer.vision.imagenet import labels
from explorer.vision.region import Array, Region, share_within

LARGEST_RATIO = 1e6
"""A ratio of probabilities beyond this says no more than that."""

_MEANINGS: Mapping[CamMethod, str] = {
    CamMethod.GRAD_CAM: "each channel weighed by its mean gradient: the numbers have no meaning in logits",
    CamMethod.HIRES_CAM: "activation times gradient: its sum is their inner product, which is the logit's change to "
    "first order and not the logit",
    CamMethod.LAYER_CAM: "activations weighed by the positive gradients only: the numbers have no meaning in logits",
    CamMethod.GRAD_CAM_PLUS_PLUS: "each channel weighed by its positive gradients, the steady ones more: the numbers "
    "have no meaning in logits",
}


def region_sentence(evidence: Array, class_index: int, region: Region) -> str:
    """How much of the evidence for a class lies in a rectangle, and how that is counted."""
    name = labels()[class_index]
    if not bool((evidence > 0).any()):
        return f"No cell speaks for “{name}”, so no part of its evidence can lie in the rectangle."
    inside = region.cells(evidence.shape)
    return (
        f"**{percent(share_within(evidence, region))} of the evidence for “{name}” lies in the rectangle you drew** "
        f"({int(inside.sum())} of {counted(evidence.size, 'cell')}, {percent(float(inside.mean()))} of the picture): "
        "of all that speaks for it, the part in cells whose centre is in the rectangle."
    )


def method_sentence(method: CamMethod, stage: int, class_index: int, evidence: Array, *, last: bool) -> str:
    """What the numbers of a map of `method` at `stage` mean; `last` where the pooling and the classifier follow it."""
    rows, columns = evidence.shape
    name, total = labels()[class_index], float(evidence.sum(dtype=np.float64))
    meaning = _MEANINGS[method]
    if last and method in (CamMethod.GRAD_CAM, CamMethod.HIRES_CAM):
        meaning = "at the last stage it is the exact map: its sum is the logit without the bias"
    return (
        f"**{method.value} at stage {stage}, {rows} × {columns} cells: orange speaks for “{name}”, blue against it.** "
        f"This is {meaning}. The cells add up to {_number(total)}; the map is signed, before any ReLU, and its colours "
        "are symmetric about 0."
    )


def difference_sentence(difference: Difference) -> str:
    """How far one class is ahead of the other, and how the map adds up to that."""
    sight, (one, other) = difference.sight, _names(difference)
    rows, columns = difference.map.shape
    total = float(difference.map.sum(dtype=np.float64))
    return (
        f"**Orange cells speak for “{one}” rather than “{other}”, blue cells for “{other}”**, in logits. "
        f"“{one}” has {fixed(float(sight.logits[difference.one]))}, “{other}” "
        f"{fixed(float(sight.logits[difference.other]))}: a difference of {signed(difference.lead, 2)}, so “{one}” is "
        f"{_ratio(difference.lead)}. The {rows} × {columns} cells add up to {signed(total, 2)}; with the difference "
        f"{signed(difference.bias, 2)} of the biases that is exact to {tiny(difference.residual)}."
    )


def covered_sentence(before: Difference, after: Difference, region: Region) -> str:
    """What happened to two classes when a rectangle was covered, beside what the map had said of it."""
    one, other = _names(before)
    said = float(before.map[region.cells(before.map.shape)].sum(dtype=np.float64))
    first = after.sight.top(1)[0]
    now = "still" if first.class_index == before.sight.top(1)[0].class_index else "now"
    return (
        f"**With the rectangle covered, “{one}” {_moved(before.sight, after.sight, before.one)} and “{other}” "
        f"{_moved(before.sight, after.sight, before.other)}.** The difference goes from {signed(before.lead, 2)} to "
        f"{signed(after.lead, 2)}: {_outcome(before, after)} The first answer is {now} “{first.label}” "
        f"({percent(first.probability)}). The cells in the rectangle held {signed(said, 2)} of the difference: "
        f"without just them it would move by {signed(-said, 2)}, and it moved by "
        f"{signed(after.lead - before.lead, 2)}. The two need not agree, because every cell also sees what is around "
        "it, and a cover is a picture of its own."
    )


def _outcome(before: Difference, after: Difference) -> str:
    one, other = _names(after)
    ahead = one if after.lead > 0 else other
    changed = (before.lead > 0) != (after.lead > 0)
    return f"“{ahead}” is {'now' if changed else 'still'} the likelier of the two."


def _moved(before: Classification, after: Classification, class_index: int) -> str:
    start, end = float(before.logits[class_index]), float(after.logits[class_index])
    change, verb = signed(end - start, 2), "falls" if end < start else "rises"
    path = f"stays at {fixed(end)}" if change == "0.00" else f"{verb} from {fixed(start)} to {fixed(end)}"
    chances = (float(sight.probabilities[class_index]) for sight in (before, after))
    return f"{path} logits (probability {' to '.join(map(percent, chances))})"


def _ratio(lead: float) -> str:
    factor = math.exp(min(abs(lead), math.log(LARGEST_RATIO)))
    amount = f"more than {LARGEST_RATIO:,.0f}×" if factor >= LARGEST_RATIO * (1 - 1e-9) else times(factor)
    return f"{amount} as probable" if lead >= 0 else f"less probable, by a factor of {amount.removesuffix('×')}"


def _names(difference: Difference) -> tuple[str, str]:
    return labels()[difference.one], labels()[difference.other]


def _number(value: float) -> str:
    return f"{value:.3g}".replace("-", "−")
