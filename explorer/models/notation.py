"""A network in timm's own notation, for example "ir_r4_k5_s2_e6_c192_se0.25" for a stage."""

from __future__ import annotations

from explorer.models.errors import StageError
from explorer.network.baselines import Operator, StageTemplate
from explorer.network.description import Network, Stage

CONVOLUTION = "cn"
BLOCKS = {
    Operator.SEPARABLE: ("dsa", "dsa"),
    Operator.MBCONV: ("ir", "ds"),
    Operator.FUSED_MBCONV: ("er", CONVOLUTION),
}
"""timm's names: of a block that expands, and of one that does not."""


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
    squeeze = f"_se{template.squeeze_ratio}" if template.squeeze_ratio else ""
    hidden = f"_fc{stage.channels}" if template.expands_output else ""
    shape = f"k{template.kernel}_s{template.stride}_e{template.expansion}_c{stage.channels}"
    return f"{_block(template)}_r{stage.depth}_{shape}{squeeze}{hidden}{_skip(template)}"


def _block(template: StageTemplate) -> str:
    expanding, plain = BLOCKS[template.operator]
    return expanding if template.expansion > 1 else plain


def _skip(template: StageTemplate) -> str:
    """What timm must be told: its "cn" has a skip where that is said, all others where nothing is said."""
    if _block(template) == CONVOLUTION:
        return "_skip" if template.skips else ""
    return "" if template.skips else "_noskip"
