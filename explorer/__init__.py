"""EfficientNet Explorer: what compound scaling (arXiv:1905.11946) really builds.

A network is data (`explorer.network.description.Network`); its cost, its table, its drawing and its torch module are
readings of that data. For a notebook this module has two verbs: `scale` builds and counts a network, which can then be
asked for its table, its torch module, an answer or the evidence for one; `frontier` gives what is published.
Importing it imports neither torch nor timm: they come with the first module or answer.
"""

from __future__ import annotations

import os
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np
    import pandas as pd
    from numpy.typing import NDArray
    from torch import nn

    from explorer.cost.counting import Cost
    from explorer.models.engine import Engine
    from explorer.models.lineage import Classifier, Weights
    from explorer.network.description import Network, Stage
    from explorer.settings.built import Built
    from explorer.vision.classification import Classification

# Set before ONNX Runtime is first imported: left to itself it keeps a name for this device on disk and reports to its
# maker.
os.environ.setdefault("ORT_DISABLE_TELEMETRY", "1")

__version__ = "0.1.0"
__all__ = ["Explanation", "ScaledNetwork", "frontier", "scale"]


@dataclass(frozen=True, eq=False)
class Explanation:
    """The evidence of a network for one class: the sum of `map` plus `bias` is `logit`.

    Attributes:
        label: the class's name.
        map: (rows, columns) class activation map in logits, signed.
        bias: of the classifier for this class.
        logit: the class's score.
    """

    label: str
    map: NDArray[np.float32]
    bias: float
    logit: float


@dataclass(frozen=True, eq=False)
class ScaledNetwork:
    """A network that has been scaled and counted; in a notebook it is shown as its table."""

    built: Built

    @property
    def network(self) -> Network:
        """The description that everything here is read from."""
        return self.built.network

    @property
    def cost(self) -> Cost:
        """Exact parameters, multiply-adds (what the paper calls FLOPS) and activations for one image."""
        return self.built.cost

    @property
    def stages(self) -> tuple[Stage, ...]:
        """The rows of the paper's Table 1 after scaling."""
        return self.network.stages

    def table(self) -> pd.DataFrame:
        """One row for each stage: operator, pixels in, channels, layers, and its three costs."""
        import pandas as pd

        from explorer.cost import counting

        rows = [
            {"stage": stage.number, "operator": stage.operator, "pixels_in": stage.input_resolution}
            | {"channels": stage.channels, "layers": stage.depth}
            | {"params": spent.params, "macs": spent.macs, "activations": spent.activations}
            for stage, spent in ((stage, counting.of_stage(stage)) for stage in self.stages)
        ]
        return pd.DataFrame(rows).set_index("stage")

    def module(self) -> nn.Module:
        """The torch module in evaluation mode: with trained weights where some fit, else as initialised by timm.

        Raises:
            WeightsError: a file of weights cannot be read.
        """
        from explorer.models.build import build
        from explorer.models.lineage import Untrained
        from explorer.models.weights import module

        return build(self.network).eval() if isinstance(self.weights, Untrained) else module(self._classifier)

    @cached_property
    def weights(self) -> Weights:
        """Which weights of this machine fit: its own, an ancestor's, or none, and then why."""
        from explorer.models.checkpoints import catalogue
        from explorer.models.lineage import weights_for

        return weights_for(self.network, [each for each in catalogue().values() if each.at_hand])

    def classify(self, photograph: str | Path) -> Classification:
        """What the network sees in the file `photograph`: `.top(5)` are its likeliest classes.

        Raises:
            WeightsError: it is untrained, or its weights cannot be read.
            ImageRejected: the file is no photograph.
            OSError: the file cannot be read.
        """
        from explorer.vision import classify, images

        path = Path(photograph)
        return classify.look(self._engine, self._classifier, images.read(path.read_bytes(), path.name).image)

    def explain(self, photograph: str | Path, label: str | None = None) -> Explanation:
        """Where in the file `photograph` the evidence for the class `label` lies; for its first answer without one.

        Raises:
            ValueError: no class has that name.
            WeightsError, ImageRejected, OSError: as `classify`.
        """
        from explorer.vision.imagenet import labels

        names = labels()
        if label is not None and label not in names:
            raise ValueError(f"No class of ImageNet is called “{label}”: see explorer.vision.imagenet.labels().")
        answer = self.classify(photograph)
        index = answer.top(1)[0].class_index if label is None else names.index(label)
        return Explanation(names[index], answer.maps[index], float(answer.biases[index]), float(answer.logits[index]))

    def _repr_html_(self) -> str:
        """The drawing and the table, as a notebook shows them."""
        from html import escape

        from explorer.planning.narrative import comparison, headline

        told = escape(f"{headline(self.built)} {comparison(self.built)}")
        return f"<p>{told}</p>{_tower(self.network)}{self.table().to_html()}"

    @property
    def _classifier(self) -> Classifier:
        from explorer.models.checkpoints import WeightsError
        from explorer.models.lineage import Classifier, Untrained

        if isinstance(self.weights, Untrained):
            raise WeightsError(f"This network is untrained, so it has no answers. {self.weights.words}")
        return Classifier(self.network, self.weights)

    @cached_property
    def _engine(self) -> Engine:
        from explorer.models.weights import engine

        return engine(self._classifier)


def scale(
    *,
    phi: float | None = None,
    alpha: float | None = None,
    beta: float | None = None,
    gamma: float | None = None,
    depth: float | None = None,
    width: float | None = None,
    input_resolution: int | None = None,
    preset: str | None = None,
    family: str | None = None,
    baseline: str | Path | None = None,
    rounding: str = "reference",
) -> ScaledNetwork:
    """A network by φ (and α, β, γ), or by depth, width and pixels, or by its published name such as "b4".

    Args:
        phi: compound coefficient φ; 0, the baseline itself, where nothing is given.
        alpha: depth grows by it for each step of φ.
        beta: width grows by it.
        gamma: resolution grows by it.
        depth: depth multiplier d.
        width: width multiplier w.
        input_resolution: input in pixels a side.
        preset: a published network's key.
        family: what is scaled, for example "lite".
        baseline: a file with a stage table of one's own (docs/stage-tables.md).
        rounding: how products become whole layers and channels: "reference", or a key of `network.scaling.ROUNDINGS`.

    Raises:
        ScalingError: the arguments contradict each other, or ask for a network outside the limits.
        OSError: the stage table cannot be read.
    """
    from explorer.formats.strict_json import decode
    from explorer.settings.built import build
    from explorer.settings.request import settings_of

    asked = {"phi": phi, "alpha": alpha, "beta": beta, "gamma": gamma}
    asked |= {"depth": depth, "width": width, "input_resolution": input_resolution}
    numbers = {name: value for name, value in asked.items() if value is not None}
    table = None if baseline is None else decode(Path(baseline).read_bytes())
    settings = settings_of(numbers, preset=preset, family=family, table=table, rounding=rounding)
    return ScaledNetwork(build(settings))


def frontier() -> pd.DataFrame:
    """Every published network under its recipe: accuracies in percent, costs, source; what is unknown is missing."""
    import pandas as pd

    from explorer.published import pareto

    rows = [
        {"network": point.network, "family": point.family, "year": point.year, "recipe": point.recipe}
        | {"data": point.data, "input_resolution": point.input_resolution}
        | {**point.accuracies, **point.costs, "source": point.source}
        for point in pareto.published()
    ]
    return pd.DataFrame(rows)


def _tower(network: Network) -> str:
    """The network from left to right as SVG: a bar per block, as high as its resolution, as wide as its channels."""
    from explorer.formats.colours import STAGES
    from explorer.formats.quantities import counted

    bars, left = [], 0.0
    for stage in network.stages:
        colour = STAGES[(stage.number - 1) % len(STAGES)]
        for block in stage.blocks:
            wide = block.shape.out_channels**0.5 / 2
            high = 100 * (block.shape.output_resolution / network.input_resolution) ** 0.5
            place = f'x="{left:.1f}" y="{100 - high:.1f}" width="{wide:.1f}" height="{high:.1f}"'
            bars.append(f'<rect {place} fill="{colour}"/>')
            left += wide + 2
    blocks = counted(network.block_count, "block")
    words = f"{blocks}, bars as high as the root of the resolution, as wide as that of the channels"
    return f'<svg viewBox="0 0 {left:.0f} 100" width="640" role="img" aria-label="{words}">{"".join(bars)}</svg>'
