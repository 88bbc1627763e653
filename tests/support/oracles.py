"""What torch and timm themselves say of a module: the measure that descriptions are held against."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import timm
import torch
from PIL import Image
from timm.data.config import resolve_data_config
from timm.data.transforms_factory import create_transform
from torch import Tensor, nn
from torch.utils.flop_counter import FlopCounterMode
from torchvision.transforms import CenterCrop, Compose, Resize

from explorer.models.checkpoints import bundled

FLOPS_PER_MAC = 2


@dataclass(frozen=True)
class LayerShape:
    """What a module knows of one of its convolutions or linear layers without an image."""

    name: str
    in_channels: int
    out_channels: int
    kernel: int
    stride: int
    groups: int
    bias: bool


@dataclass(frozen=True)
class Pass:
    """What one image does to a layer; a pooled vector is an image of one pixel."""

    name: str
    input_resolution: int
    output_resolution: int
    macs: int
    activations: int


def layer_shapes(module: nn.Module) -> list[LayerShape]:
    """Every convolution and linear layer of `module`, in its own order."""
    return [_shape(name, layer) for name, layer in _layers(module).items()]


def passes(module: nn.Module, pixels: int) -> list[Pass]:
    """The same layers in the order in which an image really passes through them."""
    found: list[Pass] = []

    def hook(name: str) -> Callable[[nn.Module, tuple[Tensor, ...], Tensor], None]:
        return lambda layer, given, result: found.append(_pass(name, layer, given[0], result))

    with hooks({layer: hook(name) for name, layer in _layers(module).items()}):
        forward(module, pixels)
    return found


def output_shapes(modules: list[nn.Module], module: nn.Module, pixels: int) -> list[tuple[int, ...]]:
    """The shape of what each of `modules` (parts of `module`) puts out."""
    shapes: dict[nn.Module, tuple[int, ...]] = {}
    with hooks({part: lambda part, _, result: shapes.update({part: tuple(result.shape)}) for part in modules}):
        forward(module, pixels)
    return [shapes[part] for part in modules]


def flops(module: nn.Module, pixels: int) -> int:
    """What torch's own counter says of a forward pass: two per multiply-add, none for biases."""
    with FlopCounterMode(display=False) as counter:
        forward(module, pixels)
    return int(counter.get_total_flops())


def forward(module: nn.Module, pixels: int) -> Tensor:
    """A seeded image of noise through `module`, on its own device."""
    device = next(module.parameters()).device
    generator = torch.Generator().manual_seed(pixels)
    image = torch.rand(1, 3, pixels, pixels, generator=generator, device="cpu")
    with torch.inference_mode():
        result: Tensor = module(image.to(device))
    return result


@contextmanager
def hooks(of: dict[nn.Module, Callable[..., None]]) -> Iterator[None]:
    """Forward hooks that are gone afterwards."""
    handles = [module.register_forward_hook(hook) for module, hook in of.items()]
    try:
        yield
    finally:
        for handle in handles:
            handle.remove()


def timm_trained(name: str) -> nn.Module:
    """timm's own network carrying the weights of checkpoint `name`, put in place by their names."""
    module: nn.Module = timm.create_model(f"tf_efficientnet_{name}").eval()
    state = torch.load(bundled()[name].path(), map_location="cpu", weights_only=True)
    places = [(stage, index) for stage, blocks in enumerate(children(module, "blocks")) for index in range(len(blocks))]
    module.load_state_dict({_timm_name(key, places): value for key, value in state.items()}, strict=True)
    return module


def timm_transform(name: str) -> Callable[[Image.Image], Tensor]:
    """timm's evaluation transform for checkpoint `name`, from timm's own configuration of it."""
    transform: Callable[[Image.Image], Tensor] = Compose(_timm_steps(name))
    return transform


def timm_crop(name: str) -> Callable[[Image.Image], Image.Image]:
    """The same up to the crop that the network sees, still a picture."""
    steps = [step for step in _timm_steps(name) if isinstance(step, Resize | CenterCrop)]
    crop: Callable[[Image.Image], Image.Image] = Compose(steps)
    return crop


def children(module: nn.Module, path: str) -> list[nn.Sequential]:
    """The parts of the sequence at `path`, which are sequences themselves."""
    return [part for part in module.get_submodule(path).children() if isinstance(part, nn.Sequential)]


def same_state(one: dict[str, Tensor], other: dict[str, Tensor]) -> bool:
    """Whether two state dicts have the same names in the same order and the same bits."""
    return list(one) == list(other) and all(torch.equal(one[name], other[name]) for name in one)


def frozen_state(module: nn.Module) -> dict[str, Tensor]:
    """A copy of the state of `module` that nothing can change behind the test's back."""
    return {name: value.clone() for name, value in module.state_dict().items()}


def _timm_steps(name: str) -> list[Callable[..., Any]]:
    config = timm.get_pretrained_cfg(f"tf_efficientnet_{name}.in1k")
    assert config is not None
    steps: list[Callable[..., Any]] = create_transform(
        **resolve_data_config({}, pretrained_cfg=config.to_dict())
    ).transforms
    return steps


def _layers(module: nn.Module) -> dict[str, nn.Conv2d | nn.Linear]:
    return {name: layer for name, layer in module.named_modules() if isinstance(layer, nn.Conv2d | nn.Linear)}


def _shape(name: str, layer: nn.Conv2d | nn.Linear) -> LayerShape:
    if isinstance(layer, nn.Linear):
        return LayerShape(name, layer.in_features, layer.out_features, 1, 1, 1, layer.bias is not None)
    (kernel, other_kernel), (stride, other_stride) = layer.kernel_size, layer.stride
    assert kernel == other_kernel
    assert stride == other_stride
    return LayerShape(name, layer.in_channels, layer.out_channels, kernel, stride, layer.groups, layer.bias is not None)


def _pass(name: str, layer: nn.Module, given: Tensor, result: Tensor) -> Pass:
    if isinstance(layer, nn.Linear):
        return Pass(name, 1, 1, layer.weight.numel(), result.numel())
    assert isinstance(layer, nn.Conv2d)
    assert given.shape[-1] == given.shape[-2]
    assert result.shape[-1] == result.shape[-2]
    macs = layer.weight[0].numel() * result.numel()
    return Pass(name, given.shape[-1], result.shape[-1], macs, result.numel())


OUTER = {"_conv_stem": "conv_stem", "_bn0": "bn1", "_conv_head": "conv_head", "_bn1": "bn2", "_fc": "classifier"}
EXPANDING = {
    "_expand_conv": "conv_pw",
    "_bn0": "bn1",
    "_depthwise_conv": "conv_dw",
    "_bn1": "bn2",
    "_project_conv": "conv_pwl",
    "_bn2": "bn3",
}
NOT_EXPANDING = {"_depthwise_conv": "conv_dw", "_bn1": "bn1", "_project_conv": "conv_pw", "_bn2": "bn2"}


def _timm_name(key: str, places: list[tuple[int, int]]) -> str:
    """A tensor's name in the checkpoint's file, as timm calls it: only the first stage does not expand."""
    first, *rest = key.split(".")
    if first != "_blocks":
        return ".".join((OUTER[first], *rest))
    stage, index = places[int(rest[0])]
    names = EXPANDING if stage else NOT_EXPANDING
    return ".".join(("blocks", str(stage), str(index), names[rest[1]], *rest[2:]))
