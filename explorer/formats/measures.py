"""The quantities that networks are compared by: one table from key to label, unit and convention.

Every axis, column, metric and limit of such a quantity takes its words from here.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

MILLION, BILLION, GIB = 1e6, 1e9, 2**30

BATCH = 32
"""Images of the training step whose memory is an axis."""


@dataclass(frozen=True)
class Measure:
    """A quantity in words.

    `label` stands in a sentence ("multiply-adds"), `scale` is what charts draw it in ("billions", a `divisor` of 10⁹),
    `unit` follows such an amount ("billion multiply-adds"). `convention` says what is counted, or on what it was
    measured; `meaning` says it in a sentence.
    """

    key: str
    label: str
    scale: str
    unit: str
    convention: str = ""
    divisor: float = 1.0
    more_is_better: bool = False
    meaning: str = ""

    @property
    def column(self) -> str:
        """The head of a column of whole numbers: "Multiply-adds"."""
        return self.label[:1].upper() + self.label[1:]

    @property
    def scaled(self) -> str:
        """The head of a column, or an axis, in the scale: "multiply-adds, billions"."""
        return f"{self.label}, {self.scale}" if self.scale else self.label

    @property
    def title(self) -> str:
        """An axis with its scale and its convention: "multiply-adds, billions (the paper's FLOPS)"."""
        return f"{self.scaled} ({self.convention})" if self.convention else self.scaled


PARAMS = Measure(
    "params",
    "parameters",
    "millions",
    "million parameters",
    divisor=MILLION,
    meaning="Trainable weights and biases, with the scale and shift of batch normalisation.",
)
MACS = Measure(
    "macs",
    "multiply-adds",
    "billions",
    "billion multiply-adds",
    "the paper's FLOPS",
    divisor=BILLION,
    meaning="Of convolutions and linear layers, without biases, for one image: what the paper calls FLOPS.",
)
ACTIVATIONS = Measure(
    "activations",
    "activations",
    "millions",
    "million activations",
    "outputs of layers",
    divisor=MILLION,
    meaning="Outputs of convolutions and linear layers for one image: what memory traffic grows with.",
)
MEMORY = Measure(
    "memory",
    "training memory",
    "GB",
    "GB of training memory",
    f"float32, SGD, batch of {BATCH}",
    divisor=BILLION,
)
TIME = Measure("milliseconds", "time for an image", "ms", "ms for an image")
GPU = Measure("gpu", "images a second", "", "images a second", "RTX 3090, measured by timm", more_is_better=True)
CPU = Measure("cpu", TIME.unit, "", "ms on timm's processor", "i9-10940X, measured by timm")
HERE = Measure("here", TIME.unit, "", "ms here", "measured on this server")

COUNTED: Mapping[str, Measure] = {measure.key: measure for measure in (MACS, PARAMS, ACTIVATIONS)}
"""What is counted exactly, by the fields of `counting.Cost`."""

AXES: Mapping[str, Measure] = {**COUNTED, **{measure.key: measure for measure in (MEMORY, GPU, CPU, HERE)}}
"""What a frontier can be drawn over."""
