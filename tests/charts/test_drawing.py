"""The drawing of networks, against the networks."""

from __future__ import annotations

import math
from collections.abc import Sequence
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given
from hypothesis import settings as examples
from hypothesis import strategies as st

from explorer.charts.drawing import towers
from explorer.formats.colours import STAGES
from explorer.network.baselines import EFFICIENTNET, LITE
from explorer.network.description import Block, Network, of_baseline, scale
from explorer.published import presets

# Networks side by side.
SHOWN: tuple[tuple[Network, ...], ...] = (
    (of_baseline(EFFICIENTNET),),
    (of_baseline(EFFICIENTNET), scale(EFFICIENTNET, 1.2, 1.1, 258)),
    (of_baseline(LITE), scale(LITE, 0.1, 0.1, 32)),
    (of_baseline(EFFICIENTNET), presets()["l2"].network()),
    (of_baseline(EFFICIENTNET), presets()["b4"].network(), presets()["b7"].network()),
)

networks = st.builds(
    scale, st.sampled_from((EFFICIENTNET, LITE)), st.floats(0.1, 8), st.floats(0.1, 8), st.integers(32, 1024)
)


def drawn(shown: Sequence[Network]) -> Any:  # noqa: ANN401 - plotly has no types
    return towers([(f"network {place}", network) for place, network in enumerate(shown)])


def columns(figure: Any) -> list[Any]:  # noqa: ANN401
    """The bars of each network: as many traces as there are networks."""
    return [trace for trace in figure.data if trace.type == "bar"]


def blocks(network: Network) -> list[Block]:
    return [block for stage in network.stages for block in stage.blocks]


@pytest.mark.parametrize("shown", SHOWN, ids=len)
def test_a_box_for_every_layer_that_the_paper_prints(shown: tuple[Network, ...]) -> None:
    for network, bars in zip(shown, columns(drawn(shown)), strict=True):
        assert len(bars.x) == len(blocks(network)) == network.block_count + 2
        assert {len(bars.y), len(bars.width), len(bars.base), len(bars.customdata)} == {len(bars.x)}


@pytest.mark.parametrize("shown", SHOWN, ids=len)
def test_widths_are_roots_of_channels_and_heights_roots_of_pixels(shown: tuple[Network, ...]) -> None:
    for network, bars in zip(shown, columns(drawn(shown)), strict=True):
        assert [width**2 for width in bars.x] == pytest.approx([block.shape.out_channels for block in blocks(network)])
        assert [height**2 for height in bars.width] == pytest.approx(
            [block.shape.output_resolution for block in blocks(network)]
        )
        assert [-2 * base for base in bars.base] == pytest.approx(list(bars.x))
        assert bars.orientation == "h"


@examples(max_examples=30)
@given(st.lists(networks, min_size=1, max_size=3))
def test_boxes_stand_on_each_other_from_the_input_up(shown: list[Network]) -> None:
    for network, bars in zip(shown, columns(drawn(shown)), strict=True):
        ends = [(centre - height / 2, centre + height / 2) for centre, height in zip(bars.y, bars.width, strict=True)]
        gaps = [after[0] - before[1] for before, after in pairwise(ends)]
        stages = [stage.number for stage in network.stages for _ in stage.blocks]
        inside = {round(gap, 6) for gap, (one, other) in zip(gaps, pairwise(stages), strict=True) if one == other}
        between = {round(gap, 6) for gap, (one, other) in zip(gaps, pairwise(stages), strict=True) if one != other}
        assert ends[0][0] == pytest.approx(0)
        assert len(between) == 1
        assert min(gaps) > 0
        assert all(gap < min(between) for gap in inside)


@examples(max_examples=30)
@given(st.lists(networks, min_size=1, max_size=3))
def test_all_networks_are_drawn_on_one_scale_with_room_for_the_widest(shown: list[Network]) -> None:
    figure = drawn(shown)
    axes = [figure.layout["xaxis" if place == 0 else f"xaxis{place + 1}"] for place in range(len(shown))]
    assert len({tuple(axis.range) for axis in axes}) == 1
    low, high = axes[0].range
    widest = max(math.sqrt(block.shape.out_channels) for network in shown for block in blocks(network))
    assert low < -widest / 2
    assert widest / 2 < high
    assert {bars.yaxis for bars in columns(figure)} <= {None, "y"}
    ends = [tuple(axis.domain) for axis in axes]
    assert all(before[1] < after[0] for before, after in pairwise(ends))


def test_a_colour_is_a_stage() -> None:
    assert len(set(STAGES)) == len(EFFICIENTNET.stages) == len(LITE.stages)
    network = scale(EFFICIENTNET, 2.0, 1.0, 224)
    (bars,) = columns(drawn((network,)))
    assert list(bars.marker.color) == [STAGES[stage.number - 1] for stage in network.stages for _ in stage.blocks]


def test_every_stage_of_the_baseline_is_numbered_in_order() -> None:
    figure = drawn((of_baseline(EFFICIENTNET),))
    (numbers,) = figure.data[1:]
    assert list(numbers.text) == [str(number) for number in range(1, 10)]
    assert list(numbers.y) == sorted(numbers.y)


def test_each_tower_has_its_title() -> None:
    figure = towers([("yesterday", of_baseline(EFFICIENTNET)), ("today", of_baseline(LITE))])
    texts = [note.text for note in figure.layout.annotations]
    assert texts.count("yesterday") == texts.count("today") == 1


def test_pointing_at_a_box_tells_its_shape() -> None:
    (bars,) = columns(drawn((of_baseline(EFFICIENTNET),)))
    first, last = bars.customdata[0], bars.customdata[-1]
    for part in ("Stage 1, layer 1 of 1: Conv3x3", "3 → 32 channels", "224 → 112 px", "928 parameters", "10.8 M"):
        assert part in first
    for part in ("Stage 9, layer 1 of 1: Conv1x1 & Pooling & FC", "320 → 1,280 channels", "7 → 7 px"):
        assert part in last
