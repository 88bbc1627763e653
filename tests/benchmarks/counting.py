"""Describing and counting a network, against fvcore on the built module."""

from __future__ import annotations

from collections.abc import Iterator

import torch
from fvcore.nn import FlopCountAnalysis

from explorer.cost import counting
from explorer.models.build import build
from explorer.published import Preset, presets
from tests.benchmarks.timing import Comparison, compare

NETWORKS = (("b0", 7), ("b4", 3), ("b7", 1))
"""A published network, and how many rounds its peer's time allows."""


def comparisons() -> Iterator[Comparison]:
    """Ours from the coefficients to the total; the peer's from the finished module."""
    for key, rounds in NETWORKS:
        yield _against_fvcore(presets()[key], rounds)


def _against_fvcore(preset: Preset, rounds: int) -> Comparison:
    module = build(preset.network())
    image = torch.zeros(1, 3, preset.input_resolution, preset.input_resolution)

    def theirs() -> object:
        analysis = FlopCountAnalysis(module, image).unsupported_ops_warnings(False).uncalled_modules_warnings(False)
        return analysis.total()

    return compare(
        f"count {preset.title}", lambda: counting.of(preset.network()), "fvcore, module built", theirs, rounds=rounds
    )
