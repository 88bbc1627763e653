"""The torch module in pieces: one for each stage of its description, sharing all its layers with it."""

from __future__ import annotations

from timm.models.efficientnet import EfficientNet
from timm.models.resnet import ResNet
from torch import nn

RESNET_LAYERS = (1, 2, 3, 4)


def stages(module: EfficientNet | ResNet) -> tuple[nn.Sequential, ...]:
    """The parts that turn an image into the last feature map, in order; a stage that only classifies is empty.

    Applied one after the other they are `module.forward_features`; nothing is copied and `module` is not changed.
    """
    if isinstance(module, ResNet):
        stem = nn.Sequential(module.conv1, module.bn1, module.act1, module.maxpool)
        layers = (nn.Sequential(module.get_submodule(f"layer{number}")) for number in RESNET_LAYERS)
        return (stem, *layers, nn.Sequential())
    stem, head = nn.Sequential(module.conv_stem, module.bn1), nn.Sequential(module.conv_head, module.bn2)
    return (stem, *(nn.Sequential(part) for part in module.blocks.children()), head)


def classifier(module: EfficientNet | ResNet) -> nn.Linear:
    """The linear layer on the pooled features."""
    found = module.fc if isinstance(module, ResNet) else module.classifier
    if not isinstance(found, nn.Linear):
        raise TypeError("The network does not end in a linear classifier.")
    return found
