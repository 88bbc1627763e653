"""A network in timm's own notation, for example "ir_r4_k5_s2_e6_c192_se0.25" for a stage."""

from __future__ import annotations

from explorer.models.errors import StageError
from explorer.network.baselines import Operator
from explorer.network.description import Network, Stage

BLOCKS = {Operator.SEPARABLE: "dsa", Operator.MBCONV: "ir"}
"""timm's names; an MBConv that does not expand is its "ds"."""


def block_strings(network: Network) -> list[list[str]]:
    """The stages between stem and end, one list for each, as timm's `decode_arch_def` reads them.

    Raises:
        StageError: timm has no such stage between stem and end.
    """
    return [[_block_string(stage)] for stage in network.stages[1:-1]]


def _block_string(stage: Stage) -> str:
    template = stage.template
    if template.operator not in BLOCKS:
        raise StageError(f"Stage {stage.number} ({stage.operator}) cannot stand between stem and head.")
    expands = template.operator is Operator.MBCONV and template.expansion > 1
    block = BLOCKS[template.operator] if expands or template.operator is Operator.SEPARABLE else "ds"
    squeeze = f"_se{template.squeeze_ratio}" if template.squeeze_ratio else ""
    shape = f"k{template.kernel}_s{template.stride}_e{template.expansion}_c{stage.channels}"
    return f"{block}_r{stage.depth}_{shape}{squeeze}"
