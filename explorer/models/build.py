"""From a description to the real torch module: timm's `EfficientNet` with the described stages."""

from __future__ import annotations

from functools import partial

from timm.layers.create_act import get_act_layer
from timm.models._efficientnet_builder import decode_arch_def
from timm.models.efficientnet import EfficientNet
from torch import nn

from explorer.baselines import Operator
from explorer.network import IMAGE_CHANNELS, Network, Stage

TORCH_NORM_EPSILON = 1e-5


def build(network: Network, padding: str = "", norm_epsilon: float = TORCH_NORM_EPSILON) -> EfficientNet:
    """An untrained timm module with exactly the stages of `network`, in evaluation mode.

    Args:
        network: the description; every channel and layer is taken as it stands, nothing is rounded again.
        padding: "" for PyTorch's symmetric padding, "same" for TensorFlow's.
        norm_epsilon: epsilon of batch normalisation; it belongs to the weights that are to be loaded.
    """
    stem, *trunk, head = network.stages
    module = EfficientNet(
        block_args=decode_arch_def([[_block_string(stage)] for stage in trunk]),
        in_chans=IMAGE_CHANNELS,
        num_classes=network.baseline.classes,
        stem_size=stem.channels,
        stem_kernel_size=stem.template.kernel,
        fix_stem=True,
        num_features=head.channels,
        pad_type=padding,
        act_layer=get_act_layer(network.baseline.activation),
        norm_layer=partial(nn.BatchNorm2d, eps=norm_epsilon),
        round_chs_fn=_as_described,
    )
    return module.eval()


def _as_described(channels: int) -> int:
    return channels


def _block_string(stage: Stage) -> str:
    """A stage in timm's notation, for example "ir_r4_k5_s2_e6_c192_se0.25"."""
    template = stage.template
    if template.operator is not Operator.MBCONV:
        raise ValueError(f"Stage {stage.number} ({stage.operator}) cannot stand between stem and head.")
    block = "ir" if template.expansion > 1 else "ds"
    squeeze = f"_se{template.squeeze_ratio}" if template.squeeze_ratio else ""
    shape = f"k{template.kernel}_s{template.stride}_e{template.expansion}_c{stage.channels}"
    return f"{block}_r{stage.depth}_{shape}{squeeze}"
