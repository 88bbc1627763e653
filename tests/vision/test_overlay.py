"""The evidence over the photograph, against the blending written out cell by cell."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays
from numpy.typing import NDArray
from PIL import Image

from explorer.formats.colours import EVIDENCE_AGAINST, EVIDENCE_FOR
from explorer.vision.overlay import overlay

GREY = 100

# Evidence of one row, opacity, and the share of each pixel's colour: evidence for (+), against (−) or none.
BLENDED = (
    ([0.0, 0.0], 1.0, [0.0, 0.0]),  # an empty map shows nothing
    ([5.0, -5.0], 0.0, [0.0, 0.0]),
    ([5.0, -5.0], 1.0, [1.0, -1.0]),
    ([1.0, -4.0], 0.8, [0.2, -0.8]),
    ([1.0, 5.0], 1.0, [0.2, 1.0]),  # not stretched: the weakest cell is not clear
    ([-1e-30, 5e-30], 1.0, [-0.2, 1.0]),  # a fifth of the strongest, however small
    ([3e38, -3e38], 1.0, [1.0, -1.0]),
)

pictures = arrays.arrays(np.uint8, (5, 4, 3))
maps = arrays.arrays(np.float32, (5, 4), elements=st.floats(-1000, 1000, width=32))


def grey(height: int, width: int) -> NDArray[np.uint8]:
    return np.full((height, width, 3), GREY, np.uint8)


def blend(evidence: list[float], opacity: float) -> list[tuple[int, ...]]:
    values = np.array([evidence], np.float32)
    picture = np.asarray(overlay(grey(1, len(evidence)), values, opacity))
    return [tuple(int(channel) for channel in pixel) for pixel in picture[0]]


@pytest.mark.parametrize(("evidence", "opacity", "expected"), BLENDED)
def test_known_cells(evidence: list[float], opacity: float, expected: list[float]) -> None:
    assert blend(evidence, opacity) == [mixed(share) for share in expected]


def mixed(share: float) -> tuple[int, ...]:
    """Grey with a share of the colour of evidence for (positive) or against (negative)."""
    colour = EVIDENCE_FOR if share > 0 else EVIDENCE_AGAINST
    return tuple(round(GREY * (1 - abs(share)) + channel * abs(share)) for channel in colour)


@given(pictures, maps, st.floats(0, 1))
def test_every_pixel_is_grey_and_colour_in_proportion(
    seen: NDArray[np.uint8], evidence: NDArray[np.float32], opacity: float
) -> None:
    result = np.asarray(overlay(seen, evidence, opacity))
    strongest = float(np.abs(evidence).max())
    luminance = np.asarray(Image.fromarray(seen).convert("L"))
    for row, column in np.ndindex(evidence.shape):
        value = float(evidence[row, column])
        share = opacity * abs(value) / strongest if strongest else 0.0
        colour = EVIDENCE_FOR if value > 0 else EVIDENCE_AGAINST
        expected = [int(luminance[row, column]) * (1 - share) + channel * share for channel in colour]
        assert result[row, column].tolist() == pytest.approx(expected, abs=0.5 + 1e-6)


@given(maps)
def test_the_scale_is_relative_and_symmetric(evidence: NDArray[np.float32]) -> None:
    picture = overlay(grey(5, 4), evidence, 0.8).tobytes()
    assert overlay(grey(5, 4), evidence * np.float32(4), 0.8).tobytes() == picture


@pytest.mark.parametrize(("height", "width"), [(224, 224), (240, 240), (31, 57)])
def test_the_map_is_drawn_at_the_size_of_what_was_seen(height: int, width: int) -> None:
    evidence = np.random.default_rng(1905).normal(size=(7, 8)).astype(np.float32)
    picture = overlay(grey(height, width), evidence, 0.5)
    assert (picture.width, picture.height, picture.mode) == (width, height, "RGB")


def test_a_cell_is_drawn_where_it_lies() -> None:
    evidence = np.zeros((7, 7), np.float32)
    evidence[1, 5] = 3.0
    evidence[6, 0] = -3.0
    picture = np.asarray(overlay(grey(70, 70), evidence, 1.0)).astype(int)
    assert tuple(picture[15, 55]) == pytest.approx(EVIDENCE_FOR, abs=16)
    assert tuple(picture[69, 0]) == pytest.approx(EVIDENCE_AGAINST, abs=1)
    assert (picture[30:45, 20:40] == GREY).all()


def test_every_colour_is_evidence() -> None:
    colourful = np.random.default_rng(1905).integers(0, 256, (9, 9, 3), dtype=np.uint8)
    clear = np.asarray(overlay(colourful, np.zeros((3, 3), np.float32), 1.0))
    assert (clear == clear[..., :1]).all()
    assert np.array_equal(clear[..., 0], np.asarray(Image.fromarray(colourful).convert("L")))


def test_what_was_seen_is_left_alone() -> None:
    seen, evidence = grey(4, 4), np.ones((2, 2), np.float32)
    overlay(seen, evidence, 1.0)
    assert (seen == GREY).all()
    assert (evidence == 1).all()
