"""From a photograph to what a network sees: resize the shorter side, crop the centre, normalise.

The same arithmetic as timm's evaluation transform (torchvision's `Resize` and `CenterCrop` on a Pillow
image), without importing torch, so that a page can show the crop.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from PIL import Image

RESAMPLING = {"bicubic": Image.Resampling.BICUBIC, "bilinear": Image.Resampling.BILINEAR}


@dataclass(frozen=True)
class Preprocessing:
    """How weights want their images: from the weights' own configuration, never from the network's name.

    `crop` is the share of the resized shorter side that the centre crop keeps; `mean` and `std` are per RGB
    channel, on a scale where white is 1.
    """

    input_resolution: int
    crop: float
    interpolation: str
    mean: tuple[float, float, float]
    std: tuple[float, float, float]

    def seen(self, image: Image.Image) -> Image.Image:
        """The square of `input_resolution` pixels that the network looks at, in RGB."""
        side = math.floor(self.input_resolution / self.crop)
        return _centre(_resize(image.convert("RGB"), side, RESAMPLING[self.interpolation]), self.input_resolution)

    def normalise(self, seen: Image.Image) -> NDArray[np.float32]:
        """(1, 3, height, width) values as the network takes them."""
        scaled = np.asarray(seen, dtype=np.float32) / np.float32(255)
        values = (scaled - np.asarray(self.mean, np.float32)) / np.asarray(self.std, np.float32)
        return np.ascontiguousarray(values.transpose(2, 0, 1)[np.newaxis])


def _resize(image: Image.Image, shorter: int, resampling: Image.Resampling) -> Image.Image:
    """`image` with its shorter side at `shorter` pixels; the longer one is rounded down, as torchvision does."""
    width, height = image.size
    longer = int(shorter * max(width, height) / min(width, height))
    size = (shorter, longer) if width <= height else (longer, shorter)
    return image if size == image.size else image.resize(size, resampling)


def _centre(image: Image.Image, side: int) -> Image.Image:
    """The central square of `side` pixels; an odd remainder is rounded as torchvision does (half to even)."""
    left, top = round((image.width - side) / 2), round((image.height - side) / 2)
    return image.crop((left, top, left + side, top + side))
