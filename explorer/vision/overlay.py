"""An evidence map drawn over what the network saw: clear where a cell says nothing, coloured where it speaks."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from explorer.formats.colours import EVIDENCE_AGAINST, EVIDENCE_FOR


def overlay(
    seen: NDArray[np.uint8], evidence: NDArray[np.float32], opacity: float, strongest: float | None = None
) -> Image.Image:
    """`seen` in grey with `evidence` in colour over it, so that every colour is evidence.

    Args:
        seen: (height, width, 3) RGB bytes.
        evidence: (rows, columns) in logits; interpolated to the picture's size.
        opacity: of the strongest cell, from 0 to 1. The scale is symmetric about 0 and never stretched, so an
            empty map adds no colour.
        strongest: the value that has the full opacity, for maps that share a scale; the map's own where it is None.
    """
    height, width = seen.shape[:2]
    smooth = Image.fromarray(evidence.astype(np.float32)).resize((width, height), Image.Resampling.BILINEAR)
    values = np.asarray(smooth, dtype=np.float64)[..., np.newaxis]
    full = float(np.abs(evidence).max()) if strongest is None else strongest
    strength = opacity * np.minimum(np.abs(values) / max(full, np.finfo(np.float64).tiny), 1)
    colour = np.where(values > 0, np.array(EVIDENCE_FOR, float), np.array(EVIDENCE_AGAINST, float))
    grey = np.asarray(Image.fromarray(seen).convert("L"), dtype=np.float64)[..., np.newaxis]
    blended = grey * (1 - strength) + colour * strength
    return Image.fromarray(np.clip(np.rint(blended), 0, 255).astype(np.uint8))
