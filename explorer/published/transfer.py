"""The paper's Tables 5 and 6 and Figure 6: networks trained on ImageNet and fine-tuned on eight other data sets."""

from __future__ import annotations

from dataclasses import dataclass

from explorer.published.rows import rows


@dataclass(frozen=True)
class DataSet:
    """A row of Table 6: numbers of training images, test images and classes."""

    dataset: str
    train: int
    test: int
    classes: int
    source: str


@dataclass(frozen=True)
class Comparison:
    """A row of Table 5: accuracies in percent, parameters in millions; `comparison` is "public" or "best"."""

    dataset: str
    comparison: str
    other: str
    other_accuracy: float
    other_params_millions: float | None
    ours: str
    ours_accuracy: float
    ours_params_millions: float | None
    params_ratio_printed: float | None
    source: str


@dataclass(frozen=True)
class TransferDot:
    """A dot of Figure 6: parameters in millions without the classifier of ImageNet, accuracy in percent."""

    dataset: str
    model: str
    params_millions: float
    accuracy: float
    source: str

    @property
    def is_efficientnet(self) -> bool:
        """Whether this is one of B0 to B7."""
        return self.model.startswith("EfficientNet-")


def table5() -> tuple[Comparison, ...]:
    """Transfer against publicly available networks and against the best reported ones."""
    return rows(Comparison, "table5.csv")


def table6() -> tuple[DataSet, ...]:
    """The eight data sets."""
    return rows(DataSet, "table6.csv")


def figure6() -> tuple[TransferDot, ...]:
    """Parameters against transfer accuracy, eight panels."""
    return rows(TransferDot, "figure6.csv")
