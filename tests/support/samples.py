"""The photographs and networks that many tests go through."""

from __future__ import annotations

from io import BytesIO
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from explorer.models.checkpoints import bundled
from explorer.models.lineage import Classifier, of_checkpoint
from explorer.vision.photograph import PhotographFile

SAMPLES = Path(__file__).resolve().parents[2] / "assets" / "samples"
PHOTOGRAPHS = ("cat", "coffee", "cat_and_coffee", "camera", "rocket")
NETWORKS = ("lite0", "lite1", "lite2")
LOOKS = tuple((network, photograph) for network in NETWORKS for photograph in PHOTOGRAPHS)


def classifier(name: str) -> Classifier:
    """The published network called `name` with its weights, which are installed with the explorer."""
    return of_checkpoint(bundled()[name])


def sample(name: str) -> Path:
    """Where the sample photograph called `name` lies."""
    return SAMPLES / f"{name}.jpg"


def photograph(name: str) -> Image.Image:
    """The sample photograph called `name`, in RGB."""
    with Image.open(sample(name)) as image:
        return image.convert("RGB")


def photograph_file(name: str) -> PhotographFile:
    """The same as a visitor would give it."""
    return PhotographFile(f"{name}.jpg", sample(name).read_bytes())


def as_png(pixels: NDArray[np.uint8]) -> PhotographFile:
    """A picture of (height, width, 3) RGB bytes as a file from which they come out again."""
    out = BytesIO()
    Image.fromarray(pixels).save(out, "PNG")
    return PhotographFile("made.png", out.getvalue())
