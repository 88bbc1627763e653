"""A program of its own that rebuilds a network with timm and asserts its number of parameters."""

from __future__ import annotations

import re

from explorer.cost import counting
from explorer.models.notation import block_strings
from explorer.network.baselines import Operator
from explorer.network.description import Network

WEIGHTS = "weights.safetensors"
"""The file beside the program that it loads, where it is there."""

UNWANTED = re.compile(r"[^\w ,.·-]")
"""A title may be a visitor's own: nothing in it may be read as code."""

_PROGRAM = '''\
"""{title}: {params} parameters, {macs} multiply-adds at {pixels} x {pixels} pixels.

Rebuilds the network with timm, counts it, and loads {weights} where that lies beside this file:
    pip install timm safetensors
"""

from functools import partial
from pathlib import Path

from safetensors.torch import load_file
from timm.layers.create_act import get_act_layer
from timm.models._efficientnet_blocks import SqueezeExcite
from timm.models._efficientnet_builder import decode_arch_def
from timm.models.efficientnet import EfficientNet
from torch import nn

STAGES = [
{stages}
]

model = EfficientNet(
    block_args=decode_arch_def(STAGES),
    num_classes={classes},
    in_chans={channels},
    stem_size={stem},
    stem_kernel_size={stem_kernel},
    fix_stem=True,
    output_stride={stride},
    num_features={head},
    pad_type={padding!r},
    act_layer=get_act_layer({activation!r}),
    norm_layer=partial(nn.BatchNorm2d, eps={epsilon!r}),
    se_layer=partial(SqueezeExcite, rd_round_fn=lambda channels: max(1, int(channels + 1e-6))),
    round_chs_fn=lambda channels: channels,  # the stages above are whole already
)

parameters = sum(value.numel() for value in model.parameters())
assert parameters == {params}, f"{{parameters:,}} parameters instead of {params}"

weights = Path(__file__).with_name({weights!r})
if weights.is_file():
    model.load_state_dict(load_file(weights))
{norms}kind = "trained or grown" if weights.is_file() else "random"
print(f"{title}: {{parameters:,}} parameters, {{kind}} weights.")
'''

_FOLDED = """
# The statistics of the batch normalisations are folded into these weights: they stay as they are, whatever
# model.train() says, or training on would begin from another function. Scales and shifts may learn.
for norm in model.modules():
    if isinstance(norm, nn.BatchNorm2d):
        norm.eval().train = lambda mode=True, norm=norm: norm

"""


def rebuild(network: Network, title: str, padding: str, norm_epsilon: float, folded_norms: bool = False) -> str:
    """The program, for Python 3.

    Args:
        network: what to rebuild, of MBConv or separable stages.
        title: what it is called.
        padding: as in `explorer.models.build.build`; it belongs to the weights.
        norm_epsilon: as there.
        folded_norms: whether the weights' normalisations have no statistics of their own, so that training must not
            take new ones: see `explorer.models.checkpoints.Checkpoint`.

    Raises:
        ValueError: the network has other stages.
    """
    stem, *_, end = network.stages
    spent = counting.of(network)
    return _PROGRAM.format(
        title=UNWANTED.sub("", title),
        params=f"{spent.params:_}",
        macs=f"{spent.macs:_}",
        pixels=network.input_resolution,
        stages="\n".join(f'    ["{name}"],' for (name,) in block_strings(network)),
        classes=network.baseline.logits,
        channels=network.baseline.in_channels,
        stem=stem.channels,
        stem_kernel=stem.template.kernel,
        stride=network.stride,
        head=end.channels if end.template.operator is Operator.HEAD else 0,
        padding=padding,
        activation=network.baseline.activation,
        epsilon=norm_epsilon,
        weights=WEIGHTS,
        norms=_FOLDED if folded_norms else "",
    )
