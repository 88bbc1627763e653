"""What others measured on many networks: timm's results with speed, and pycls' zoo under one plain recipe."""

from __future__ import annotations

from dataclasses import dataclass

from explorer.published.rows import rows

ELSEWHERE = {"jft": "JFT-300M, unlabelled", "in21k": "ImageNet-21k", "in22k": "ImageNet-22k", "in12k": "ImageNet-12k"}
IMAGENET = "ImageNet-1k only"


@dataclass(frozen=True)
class Family:
    """Names that begin with `prefix` belong to `family`; the year is that of its paper, not of the weights."""

    prefix: str
    family: str
    year: int
    source: str


@dataclass(frozen=True)
class TimmResult:
    """Trained weights measured by timm at one input size; accuracies in percent.

    Multiply-adds in billions and activations in millions as timm prints them (fvcore's convention). Images a second on
    an RTX 3090 in mixed precision; milliseconds for one image on an i9-10940X in float32, compiled. `real_top1` is
    on ImageNet-ReaL, `v2_top1` on ImageNetV2 matched frequency.
    """

    model: str
    kind: str
    input_resolution: int
    top1: float
    top5: float
    params_millions: float
    crop: float
    interpolation: str
    macs_billions: float
    activations_millions: float
    gpu_images_per_second: float
    cpu_milliseconds: float
    real_top1: float
    v2_top1: float
    source: str

    @property
    def architecture(self) -> str:
        """The network without its weights: "tf_efficientnet_b0"."""
        return self.model.partition(".")[0]

    @property
    def recipe(self) -> str:
        """The tag of the weights, which names how they were trained: "ns_jft_in1k"."""
        return self.model.partition(".")[2]

    @property
    def data(self) -> str:
        """What the weights were trained on."""
        return next((words for tag, words in ELSEWHERE.items() if tag in self.recipe), IMAGENET)

    @property
    def family(self) -> Family:
        """The family of the architecture: the longest prefix that fits."""
        fitting = [family for family in families() if self.architecture.startswith(family.prefix)]
        return max(fitting, key=lambda family: len(family.prefix))


@dataclass(frozen=True)
class ZooResult:
    """A network of pycls' zoo: multiply-adds in billions, activations in millions, top-1 in percent.

    `milliseconds_per_batch` is inference of `batch` images on one GPU, training took `training_hours` on eight.
    """

    model: str
    macs_billions: float
    params_millions: float
    activations_millions: float
    batch: int
    milliseconds_per_batch: float
    training_hours: float
    top1: float
    source: str


def timm_results() -> tuple[TimmResult, ...]:
    """Trained weights by input size: EfficientNets, V2, ResNet-RS, TinyNet and what they compete with."""
    return rows(TimmResult, "timm_results.csv")


def families() -> tuple[Family, ...]:
    """Families by the prefix of their architectures' names."""
    return rows(Family, "families.csv")


def pycls_zoo() -> tuple[ZooResult, ...]:
    """Networks that were all trained alike, for 100 epochs."""
    return rows(ZooResult, "pycls_zoo.csv")
