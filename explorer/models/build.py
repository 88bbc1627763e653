"""From a description to the real torch module: timm's `EfficientNet` or `ResNet` with the described stages."""

from __future__ import annotations

from functools import partial
from typing import Any, cast

from timm.layers.create_act import get_act_layer
from timm.models._efficientnet_blocks import SqueezeExcite
from timm.models._efficientnet_builder import decode_arch_def
from timm.models.efficientnet import EfficientNet
from timm.models.resnet import Bottleneck, ResNet
from torch import nn

from explorer.models.notation import block_strings
from explorer.network.baselines import Operator
from explorer.network.description import Block, Network
from explorer.network.layers import ROUNDING_ERROR, Layer

TORCH_NORM_EPSILON = 1e-5


def build(network: Network, padding: str = "", norm_epsilon: float = TORCH_NORM_EPSILON) -> EfficientNet | ResNet:
    """An untrained timm module with exactly the stages of `network`, in evaluation mode.

    Args:
        network: the description; every channel and layer is taken as it stands, nothing is rounded again.
        padding: "" for PyTorch's symmetric padding, "same" for TensorFlow's; a ResNet pads symmetrically.
        norm_epsilon: epsilon of batch normalisation; it belongs to the weights that are to be loaded.

    Raises:
        StageError: timm has no module with such stages in such an order.
    """
    norm = partial(nn.BatchNorm2d, eps=norm_epsilon)
    if any(stage.template.operator is Operator.BOTTLENECK for stage in network.stages):
        return _resnet(network, norm).eval()
    return _efficientnet(network, padding, norm).eval()


def efficientnet(network: Network, padding: str = "", norm_epsilon: float = TORCH_NORM_EPSILON) -> EfficientNet:
    """As `build`, for a network of MBConv stages.

    Raises:
        ValueError: the network has bottlenecks.
    """
    module = build(network, padding, norm_epsilon)
    if not isinstance(module, EfficientNet):
        raise ValueError(f"{network.baseline.name} is not built of MBConv stages.")  # noqa: TRY004 - a value is wrong
    return module


def _efficientnet(network: Network, padding: str, norm: partial[nn.BatchNorm2d]) -> EfficientNet:
    stem, *_, end = network.stages
    return EfficientNet(
        block_args=decode_arch_def(block_strings(network)),
        in_chans=network.baseline.in_channels,
        num_classes=network.baseline.logits,
        stem_size=stem.channels,
        stem_kernel_size=stem.template.kernel,
        fix_stem=True,
        output_stride=network.stride,  # beyond it timm would dilate instead of striding
        num_features=end.channels if end.template.operator is Operator.HEAD else 0,
        pad_type=padding,
        act_layer=get_act_layer(network.baseline.activation),
        norm_layer=norm,
        se_layer=partial(SqueezeExcite, rd_round_fn=_whole),
        round_chs_fn=_as_described,
    )


def _resnet(network: Network, norm: partial[nn.BatchNorm2d]) -> ResNet:
    """Timm's ResNet, with the described convolutions where its own differ: its stem is always 7 × 7 to 64 channels."""
    stem, *trunk, _ = network.stages
    module = ResNet(
        cast("Any", Bottleneck),  # timm annotates the class as if it were an instance
        layers=tuple(stage.depth for stage in trunk),
        num_classes=network.baseline.logits,
        in_chans=network.baseline.in_channels,
        channels=tuple(stage.channels // stage.template.expansion for stage in trunk),
        act_layer=get_act_layer(network.baseline.activation),
        norm_layer=norm,
    )
    for stage in trunk:
        for block in stage.blocks:
            _give_shortcut(module, block)
    layers = [layer for stage in (stem, *trunk) for block in stage.blocks for layer in block.layers]
    different = [layer for layer in layers if not _is_built(module, layer)]
    for layer in different:
        module.set_submodule(layer.name, _convolution(layer))
        module.set_submodule(layer.norm, norm(layer.out_channels))
    if different:
        module.init_weights()
    return module


def _give_shortcut(module: ResNet, block: Block) -> None:
    """Make room for a projected shortcut that the block is described with, and take away one that it is not."""
    built: Any = module.get_submodule(block.shape.path)
    if block.shape.skip:
        built.downsample = None
    elif built.downsample is None:
        built.downsample = nn.Sequential(nn.Identity(), nn.Identity())


def _is_built(module: ResNet, layer: Layer) -> bool:
    found = module.get_submodule(layer.name)
    return (
        isinstance(found, nn.Conv2d)
        and (found.in_channels, found.out_channels) == (layer.in_channels, layer.out_channels)
        and (found.kernel_size, found.stride) == ((layer.kernel,) * 2, (layer.stride,) * 2)
    )


def _convolution(layer: Layer) -> nn.Conv2d:
    half = layer.kernel // 2
    return nn.Conv2d(layer.in_channels, layer.out_channels, layer.kernel, layer.stride, padding=half, bias=False)


def _as_described(channels: int) -> int:
    return channels


def _whole(channels: float) -> int:
    """Squeezed channels are rounded down, as the reference does; timm hands over a product that may fall just short."""
    return max(1, int(channels + ROUNDING_ERROR))
