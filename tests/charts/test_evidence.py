"""The evidence over the photograph, against the map and the pixels that it is made of."""

from __future__ import annotations

import base64
from collections.abc import Mapping
from io import BytesIO
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image

from explorer.charts.evidence import MOST_GRID_CELLS, evidence_map, with_region
from explorer.formats.colours import EVIDENCE_AGAINST, EVIDENCE_FOR
from explorer.vision.classification import Classification
from explorer.vision.region import EVERYTHING, Region

# Maps, and the strongest value that the symmetric scale must reach.
MAPS = (
    ([[1.0, -2.0, 0.5]], 2.0),
    ([[3.0, 1.0], [1.0, 2.0]], 3.0),
    ([[-4.0], [-1.0]], 4.0),
    ([[0.0, 0.0]], 0.0),
)

# Photograph's height and width, map's rows and columns.
SIZES = ((224, 224, 7, 7), (260, 260, 9, 9), (60, 80, 3, 4), (33, 50, 2, 5))


def noise(height: int, width: int) -> NDArray[np.uint8]:
    return np.random.default_rng((height, width)).integers(0, 256, (height, width, 3), dtype=np.uint8)


def heat(figure: Any) -> Any:  # noqa: ANN401 - plotly has no types
    (trace,) = figure.data
    return trace


@pytest.mark.parametrize(("values", "strongest"), MAPS)
def test_the_map_is_shown_in_logits_on_a_scale_symmetric_about_zero(
    values: list[list[float]], strongest: float
) -> None:
    evidence = np.array(values, np.float32)
    trace = heat(evidence_map(noise(64, 64), evidence, 0.6))
    assert np.array_equal(np.asarray(trace.z), evidence)
    assert (trace.zmin, trace.zmax) == (-strongest, strongest)
    assert trace.colorbar.title.text == "logits"


def test_zero_is_clear_and_each_side_has_its_own_colour() -> None:
    colours = [colour.removeprefix("rgba(").removesuffix(")").split(",") for _, colour in scale()]
    numbers = [[float(part) for part in colour] for colour in colours]
    places = [place for place, _ in scale()]
    assert places == sorted(places)
    assert (places[0], places[-1]) == (0, 1)
    assert [1 - place for place in reversed(places)] == pytest.approx(places)
    assert (tuple(numbers[0][:3]), tuple(numbers[-1][:3])) == (EVIDENCE_AGAINST, EVIDENCE_FOR)
    assert [number[3] for number in numbers] == [1, 0, 0, 1]


def scale() -> list[tuple[float, str]]:
    return list(heat(evidence_map(noise(8, 8), np.ones((2, 2), np.float32), 1.0)).colorscale)


@pytest.mark.parametrize("opacity", [0.0, 0.35, 1.0])
def test_the_opacity_is_what_was_asked_for(opacity: float) -> None:
    assert heat(evidence_map(noise(8, 8), np.ones((2, 2), np.float32), opacity)).opacity == opacity


@pytest.mark.parametrize(("height", "width", "rows", "columns"), SIZES)
def test_the_cells_tile_the_photograph_exactly(height: int, width: int, rows: int, columns: int) -> None:
    figure = evidence_map(noise(height, width), np.ones((rows, columns), np.float32), 0.5)
    trace, (picture,) = heat(figure), figure.layout.images
    assert trace.x0 - trace.dx / 2 == pytest.approx(0)
    assert trace.y0 - trace.dy / 2 == pytest.approx(0)
    assert trace.dx * columns == pytest.approx(width)
    assert trace.dy * rows == pytest.approx(height)
    assert (picture.x, picture.y, picture.sizex, picture.sizey) == (0, 0, width, height)
    assert (picture.sizing, picture.layer) == ("stretch", "below")
    assert list(figure.layout.xaxis.range) == [0, width]
    assert list(figure.layout.yaxis.range) == [height, 0]  # the first row is at the top
    assert figure.layout.yaxis.scaleanchor == "x"


def test_the_photograph_under_the_map_is_what_the_network_saw(sights: Mapping[tuple[str, str], Classification]) -> None:
    sight = sights["lite0", "cat"]
    figure = evidence_map(sight.seen, sight.maps[281], 0.6)
    head, _, data = figure.layout.images[0].source.partition(",")
    assert head == "data:image/jpeg;base64"
    with Image.open(BytesIO(base64.b64decode(data))) as image:
        shown = np.asarray(image.convert("L")).astype(int)
    seen = np.asarray(Image.fromarray(sight.seen).convert("L")).astype(int)
    assert shown.shape == seen.shape
    assert np.abs(shown - seen).mean() < 3
    assert np.array_equal(np.asarray(heat(figure).z), sight.maps[281])


@pytest.mark.parametrize(("height", "width", "rows", "columns"), SIZES)
def test_true_cells_are_drawn_without_interpolation_and_with_their_centres(
    height: int, width: int, rows: int, columns: int
) -> None:
    trace, dots = evidence_map(noise(height, width), np.ones((rows, columns), np.float32), 0.5, cells=True).data
    assert (trace.zsmooth, trace.xgap > 0, trace.ygap > 0) == (False, True, True)
    places = [(row + 0.5, column + 0.5) for row in range(rows) for column in range(columns)]
    assert list(dots.x) == pytest.approx([column * width / columns for _, column in places])
    assert list(dots.y) == pytest.approx([row * height / rows for row, _ in places])
    assert dots.hoverinfo == "skip", "the values under the dots can still be read"


def test_a_fine_grid_is_not_hidden_under_dots() -> None:
    fine = np.ones((MOST_GRID_CELLS + 1, 2), np.float32)
    trace = heat(evidence_map(noise(99, 99), fine, 0.5, cells=True))
    assert (trace.zsmooth, trace.xgap) == (False, None)


def test_a_map_without_a_unit_claims_none() -> None:
    trace = heat(evidence_map(noise(8, 8), np.full((1, 1), 0.001, np.float32), 1.0, unit=""))
    assert trace.colorbar.title.text == ""
    assert "logits" not in trace.hovertemplate


def test_a_rectangle_is_outlined_in_pixels_and_the_whole_picture_is_not() -> None:
    def drawn(region: Region, drawable: bool = True) -> Any:  # noqa: ANN401 - plotly has no types
        figure = evidence_map(noise(50, 200), np.ones((2, 2), np.float32), 0.5)
        return with_region(figure, region, drawable=drawable).layout

    (shape,) = drawn(Region(10, 20, 30, 100)).shapes
    assert (shape.x0, shape.y0, shape.x1, shape.y1) == pytest.approx((20, 10, 60, 50))
    assert drawn(EVERYTHING).shapes == ()
    assert (drawn(EVERYTHING).dragmode, drawn(EVERYTHING, drawable=False).dragmode) == ("select", False)
