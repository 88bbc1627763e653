"""How every network of a study is trained: the same for all, so that only the networks differ."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any

from explorer.formats.quantities import counted
from explorer.network.scaling import Range, ScalingError
from explorer.study.data import FASHION_MNIST

IMAGES = Range(16, 10_000_000)
HELD_OUT = Range(1, 10_000_000)
EPOCHS = Range(1, 1000)
BATCH = Range(2, 4096)
THREADS = Range(1, 256)
FEWEST_STEPS = 8
RATE = Range(1e-6, 1.0)


@dataclass(frozen=True)
class Protocol:
    """The training of one network.

    `images` of the training part are used (its first), `held_out` of the other part. `data` is "fashion-mnist" or a
    folder of images by class. The optimiser is AdamW, the schedule one cycle that peaks at `learning_rate` after a
    quarter of the steps. `threads` are torch's: results are bit-identical for the same number of them on the same
    machine.
    """

    data: str = FASHION_MNIST
    images: int = 5000
    held_out: int = 5000
    epochs: int = 4
    batch: int = 128
    learning_rate: float = 5e-3
    weight_decay: float = 0.05
    label_smoothing: float = 0.1
    threads: int = 1

    def __post_init__(self) -> None:
        IMAGES.require(self.images, "The number of training images")
        HELD_OUT.require(self.held_out, "The number of held-out images")
        EPOCHS.require(self.epochs, "The number of epochs")
        BATCH.require(self.batch, "The batch size")
        THREADS.require(self.threads, "The number of threads")
        RATE.require(self.learning_rate, "The learning rate")
        Range(0.0, 1.0).require(self.weight_decay, "The weight decay")
        Range(0.0, 0.9).require(self.label_smoothing, "The label smoothing")
        if self.batch > self.images:
            raise ScalingError(
                f"The batch of {self.batch} is larger than the {counted(self.images, 'training image')}."
            )
        if self.steps < FEWEST_STEPS:
            raise ScalingError(
                f"{counted(self.images, 'image')} in batches of {self.batch} give {counted(self.steps, 'step')} in "
                f"{counted(self.epochs, 'epoch')}; "
                f"the learning rate's cycle needs {FEWEST_STEPS}: give more images, more epochs or smaller batches."
            )

    @property
    def steps(self) -> int:
        """Steps of the optimiser; the last images of an epoch that do not fill a batch wait for the next shuffle."""
        return self.epochs * (self.images // self.batch)

    @property
    def passes(self) -> float:
        """What one training costs, in forward passes of one image: a training step counts as three."""
        return 3.0 * self.steps * self.batch + self.held_out

    def as_json(self) -> dict[str, Any]:
        """The protocol as it is stored."""
        return asdict(self)
