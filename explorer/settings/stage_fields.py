"""One stage of a table of one's own: its fields, each checked, and what no module can be built of."""

from __future__ import annotations

import math
from collections.abc import Mapping

from explorer.formats.quantities import counted
from explorer.formats.strict_json import nearest, shown, unknown_field
from explorer.network.baselines import ENDS, STEMS, Operator, StageTemplate
from explorer.network.scaling import Range, ScalingError

CHANNELS = Range(1, 16_384)
"""Eight times the widest stage of the families: whatever they can be scaled to is a table again."""

LAYERS = Range(1, 100)
KERNEL = Range(1, 11)
EXPANSION = Range(1, 12)
SQUEEZE = Range(0.0, 1.0)
STRIDES = Range(1, 4)
BOTTLENECK_EXPANSION = 4
TOO_LARGE = 1e300
"""JSON's integers may be too large for a float."""

FIELDS = tuple(StageTemplate.__dataclass_fields__)
OPERATORS = tuple(operator.value for operator in Operator)

WANTED_STRIDES = {Operator.CONVOLUTION: (2,), Operator.CONVOLUTION_POOL: (4,), **dict.fromkeys(ENDS, (1,))}
EXPANDING = frozenset({Operator.MBCONV, Operator.FUSED_MBCONV, Operator.BOTTLENECK})
SKIPPING = frozenset({Operator.MBCONV, Operator.FUSED_MBCONV})


def stage_of(number: int, row: Mapping[str, object], given: int | None) -> StageTemplate:
    """The stage that a row describes.

    Args:
        number: of the stage in its table, from 1.
        row: its fields.
        given: channels of the stage before it, which a classifier keeps; None of the first.

    Raises:
        ScalingError: a field is missing, unknown or out of range, or no module has such a stage; the sentence names it.
    """
    unknown = unknown_field(row, FIELDS)
    if unknown:
        raise ScalingError(f"Stage {number} has {unknown}.")
    operator, where = _operator(number, row), f"of stage {number}"
    single = operator in STEMS | ENDS
    if operator is Operator.CLASSIFIER and given is not None:
        row = {"channels": given, **row}
    stage = StageTemplate(
        operator,
        whole(row, "channels", CHANNELS, f"The number of channels {where}"),
        whole(row, "layers", LAYERS, f"The number of layers {where}", 1),
        whole(row, "kernel", KERNEL, f"The kernel {where}", 1 if operator in ENDS else 3),
        whole(row, "stride", STRIDES, f"The stride {where}", 1),
        whole(row, "expansion", EXPANSION, f"The expansion {where}", 1),
        _number(row.get("squeeze_ratio", 0.0), SQUEEZE, f"The squeeze ratio {where}"),
        flag(row, "scales_width", where, True),
        flag(row, "scales_depth", where, not single),
        flag(row, "shrinks", where, True),
        flag(row, "skips", where, True),
        flag(row, "expands_output", where, False),
    )
    _check(f"Stage {number} ({operator.value})", stage, given)
    return stage


def whole(row: Mapping[str, object], name: str, allowed: Range, words: str, default: int | None = None) -> int:
    """The whole number in the field `name`.

    Raises:
        ScalingError: it is missing and has no default, or is no whole number in its range.
    """
    if name not in row and default is None:
        raise ScalingError(f"{words} is missing: give “{name}”, from {allowed.lowest:g} to {allowed.highest:g}.")
    number = _number(row.get(name, default), allowed, words)
    if number != int(number):
        raise ScalingError(f"{words} is {number:g}; give a whole number.")
    return int(number)


def _number(value: object, allowed: Range, words: str) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise ScalingError(
            f"{words} is “{shown(value)}”; give a number from {allowed.lowest:g} to {allowed.highest:g}."
        )
    number = float(value) if abs(value) < TOO_LARGE else math.inf
    allowed.require(number, words)
    return number


def _operator(number: int, row: Mapping[str, object]) -> Operator:
    names = ", ".join(OPERATORS)
    if "operator" not in row:
        raise ScalingError(f"The operator of stage {number} is missing; give one of {names}.")
    found = row["operator"]
    if found not in OPERATORS:
        word = f"“{shown(found)}”{nearest(found, OPERATORS)}"
        raise ScalingError(f"Stage {number} has the operator {word}; give one of {names}.")
    return Operator(found)


def flag(row: Mapping[str, object], name: str, where: str, default: bool) -> bool:
    """The truth in the field `name`; `where` it stands, in words ("of stage 2").

    Raises:
        ScalingError: it is neither true nor false.
    """
    value = row.get(name, default)
    if not isinstance(value, bool):
        raise ScalingError(f"{name} {where} is “{shown(value)}”; give true or false.")
    return value


def _check(name: str, stage: StageTemplate, given: int | None) -> None:
    """Refuse what no module can be built of, and what would have no effect."""
    if stage.kernel % 2 == 0:
        raise ScalingError(f"{name} has kernel {stage.kernel}; kernels are odd.")
    strides = WANTED_STRIDES.get(stage.operator, (1, 2))
    if stage.stride not in strides:
        raise ScalingError(f"{name} has stride {stage.stride}; it takes {' or '.join(map(str, strides))}.")
    if stage.squeeze_ratio and stage.operator is not Operator.MBCONV:
        raise ScalingError(f"{name} has a squeeze ratio; only mbconv stages take one.")
    _check_block(name, stage)
    if stage.operator in STEMS | ENDS:
        _check_single(name, stage, given)


def _check_block(name: str, stage: StageTemplate) -> None:
    """Refuse what the blocks of an operator have no place for."""
    if stage.operator is Operator.BOTTLENECK:
        if stage.expansion != BOTTLENECK_EXPANSION or stage.channels % BOTTLENECK_EXPANSION:
            raise ScalingError(f"{name} must have expansion 4, and channels that are a multiple of 4.")
    elif stage.expansion != 1 and stage.operator not in EXPANDING:
        takers = "mbconv, fused-mbconv and bottleneck stages"
        raise ScalingError(f"{name} has expansion {stage.expansion}; only {takers} take one.")
    if not stage.skips and stage.operator not in SKIPPING:
        raise ScalingError(f"{name} says that it has no skips; only mbconv and fused-mbconv stages have any.")
    if stage.expands_output and (stage.operator is not Operator.FUSED_MBCONV or stage.expansion == 1):
        raise ScalingError(f"{name} expands its output; only fused-mbconv stages of an expansion above 1 can.")


def _check_single(name: str, stage: StageTemplate, given: int | None) -> None:
    """Refuse what there is no place for in a stem or an end."""
    if stage.layers != 1 or stage.scales_depth:
        wrong = f"{stage.layers} layers" if stage.layers != 1 else "scales_depth"
        raise ScalingError(f"{name} has {wrong}; a stem or an end has one layer, whatever the depth.")
    if stage.operator in ENDS and stage.kernel != 1:
        raise ScalingError(f"{name} has kernel {stage.kernel}; an end takes 1.")
    if stage.operator is Operator.CLASSIFIER and not (stage.scales_width and stage.shrinks):
        raise ScalingError(f"{name} keeps the channels of the stage before: scales_width and shrinks must be true.")
    if stage.operator is Operator.CLASSIFIER and given not in {None, stage.channels}:
        raise ScalingError(
            f"{name} has {counted(stage.channels, 'channel')}; it keeps the {given} of the stage before: leave them "
            "out."
        )
