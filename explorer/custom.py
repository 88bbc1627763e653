"""A baseline of the user's own: a stage table as JSON, checked field by field."""

from __future__ import annotations

import json
import math
import re
from collections.abc import Mapping
from dataclasses import asdict, replace
from typing import Any

from explorer.baselines import ENDS, STEMS, Baseline, Operator, StageTemplate
from explorer.scaling import PIXELS, Range, ScalingError

KEY = "own"
FAMILY = "Your own"
ACTIVATIONS = ("silu", "relu6", "relu")

CHANNELS = Range(1, 8192)
LAYERS = Range(1, 100)
KERNEL = Range(1, 11)
EXPANSION = Range(1, 12)
SQUEEZE = Range(0.0, 1.0)
CLASSES = Range(1, 25_000)
STRIDES = (1, 2, 4)
FEWEST_STAGES, MOST_STAGES = 3, 20
MOST_LAYERS = 200
MOST_CHARACTERS = 20_000
TOO_LARGE = 1e300
"""JSON's integers may be too large for a float."""

LONGEST_NAME = 40
UNWANTED = re.compile(r"[^\w ,.-]")
"""A name is shown on pages: nothing in it may be read as markup."""

STAGE_FIELDS = tuple(StageTemplate.__dataclass_fields__)


def to_json(baseline: Baseline, indent: int | None = 2) -> str:
    """The table of `baseline` as the JSON that `from_json` reads; on one line with `indent` None."""
    stages = [{**asdict(stage), "operator": stage.operator.value} for stage in baseline.stages]
    document = {
        "name": baseline.name,
        "input_resolution": baseline.input_resolution,
        "activation": baseline.activation,
        "classes": baseline.classes,
        "stages": stages,
    }
    return json.dumps(document, ensure_ascii=False, indent=indent)


def from_json(text: str) -> Baseline:
    """The baseline that a JSON document describes.

    Raises:
        ScalingError: it is no such document, or a field is missing, unknown or out of range; the sentence names it.
    """
    if len(text) > MOST_CHARACTERS:
        raise ScalingError(f"The stage table has {len(text):,} characters; give at most {MOST_CHARACTERS:,}.")
    try:
        document = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise ScalingError("The stage table is not JSON: give an object with a list of stages.") from error
    if not isinstance(document, dict) or not isinstance(document.get("stages"), list):
        raise ScalingError("The stage table must be a JSON object with a list called “stages”.")
    rows = document["stages"]
    if not all(isinstance(row, dict) for row in rows):
        raise ScalingError("Each stage must be a JSON object with an operator and its channels.")
    name = UNWANTED.sub("", str(document.get("name", "")))[:LONGEST_NAME].strip()
    return from_rows(rows, document, name or "Own network")


def from_rows(rows: list[dict[str, Any]], document: Mapping[str, Any], name: str) -> Baseline:
    """The baseline of stage rows as dictionaries, with the other fields of `document`.

    Raises:
        ScalingError: as `from_json`.
    """
    if not FEWEST_STAGES <= len(rows) <= MOST_STAGES:
        allowed = f"from {FEWEST_STAGES} to {MOST_STAGES}"
        raise ScalingError(f"The table has {len(rows)} stages; give {allowed}, a stem first and an end last.")
    stages = tuple(_stage(number, row) for number, row in enumerate(rows, start=1))
    _check_order(stages)
    layers = sum(stage.layers for stage in stages)
    if layers > MOST_LAYERS:
        raise ScalingError(f"The table has {layers} layers in all; give at most {MOST_LAYERS}.")
    activation = document.get("activation", "silu")
    if activation not in ACTIVATIONS:
        raise ScalingError(f"The activation is “{str(activation)[:20]}”; give one of {', '.join(ACTIVATIONS)}.")
    return Baseline(
        KEY,
        FAMILY,
        name,
        stages,
        _whole(document.get("input_resolution", 224), PIXELS, "The input resolution"),
        activation,
        _whole(document.get("classes", 1000), CLASSES, "The number of classes"),
    )


def own(baseline: Baseline) -> Baseline:
    """A copy of `baseline` as a table of one's own, to start from."""
    return replace(baseline, key=KEY, family=FAMILY, name=f"Edited {baseline.name}")


def _stage(number: int, row: Mapping[str, Any]) -> StageTemplate:
    unknown = sorted(set(row) - set(STAGE_FIELDS))
    if unknown:
        raise ScalingError(
            f"Stage {number} has an unknown field “{unknown[0][:20]}”; known: {', '.join(STAGE_FIELDS)}."
        )
    try:
        operator = Operator(row.get("operator"))
    except ValueError as error:
        names = ", ".join(each.value for each in Operator)
        raise ScalingError(
            f"Stage {number} has the operator “{str(row.get('operator'))[:20]}”; give one of {names}."
        ) from error
    where = f"of stage {number}"
    stride = _whole(row.get("stride", 1), Range(1, 4), f"The stride {where}")
    kernel = _whole(row.get("kernel", 3), KERNEL, f"The kernel {where}")
    if stride not in STRIDES or kernel % 2 == 0:
        raise ScalingError(
            f"Stage {number} has stride {stride} and kernel {kernel}; strides are 1, 2 or 4, kernels odd."
        )
    flags = {name: bool(row.get(name, True)) for name in ("scales_width", "scales_depth", "shrinks")}
    flags["scales_depth"] = flags["scales_depth"] and operator not in STEMS | ENDS  # there is only ever one of each
    stage = StageTemplate(
        operator,
        _whole(row.get("channels"), CHANNELS, f"The number of channels {where}"),
        _whole(row.get("layers", 1), LAYERS, f"The number of layers {where}"),
        kernel,
        stride,
        _whole(row.get("expansion", 1), EXPANSION, f"The expansion {where}"),
        _number(row.get("squeeze_ratio", 0.0), SQUEEZE, f"The squeeze ratio {where}"),
        **flags,
    )
    _check_stage(number, stage)
    return stage


def _check_stage(number: int, stage: StageTemplate) -> None:
    """Refuse what no module can be built of."""
    single = stage.operator in STEMS | ENDS
    if single and stage.layers != 1:
        raise ScalingError(f"Stage {number} ({stage.label}) has {stage.layers} layers; a stem or an end has one.")
    wanted = {Operator.CONVOLUTION: (2,), Operator.CONVOLUTION_POOL: (4,), **dict.fromkeys(ENDS, (1,))}
    strides = wanted.get(stage.operator, (1, 2))
    if stage.stride not in strides:
        allowed = " or ".join(map(str, strides))
        raise ScalingError(f"Stage {number} ({stage.label}) has stride {stage.stride}; it takes {allowed}.")
    if stage.squeeze_ratio and stage.operator is not Operator.MBCONV:
        raise ScalingError(f"Stage {number} ({stage.label}) has a squeeze ratio; only mbconv stages take one.")
    if stage.operator is Operator.BOTTLENECK and (stage.expansion != 4 or stage.channels % 4):  # noqa: PLR2004
        raise ScalingError(f"Stage {number} is a bottleneck: its expansion is 4, and its channels a multiple of 4.")


def _check_order(stages: tuple[StageTemplate, ...]) -> None:
    """A stem, then blocks of families that go together, then an end."""
    first, *trunk, last = (stage.operator for stage in stages)
    if first not in STEMS or last not in ENDS or any(operator in STEMS | ENDS for operator in trunk):
        raise ScalingError("The first stage must be a stem (conv), the last an end (head or classifier), none between.")
    bottlenecks = [operator is Operator.BOTTLENECK for operator in trunk]
    if not any(bottlenecks) and first is Operator.CONVOLUTION:
        return
    resnet = all(bottlenecks) and len(trunk) == 4 and (first, last) == (Operator.CONVOLUTION_POOL, Operator.CLASSIFIER)  # noqa: PLR2004
    strides = [stage.stride for stage in stages[1:-1]]
    if not resnet or strides != [1, 2, 2, 2]:
        raise ScalingError(
            "Bottlenecks need a whole ResNet: conv+pool, four bottleneck stages of strides 1, 2, 2, 2, classifier; "
            "other blocks need the stem conv."
        )


def _whole(value: object, allowed: Range, words: str) -> int:
    number = _number(value, allowed, words)
    if number != int(number):
        raise ScalingError(f"{words} is {number:g}; give a whole number.")
    return int(number)


def _number(value: object, allowed: Range, words: str) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise ScalingError(
            f"{words} is “{str(value)[:20]}”; give a number from {allowed.lowest:g} to {allowed.highest:g}."
        )
    number = float(value) if abs(value) < TOO_LARGE else math.inf
    allowed.require(number, words)
    return number
