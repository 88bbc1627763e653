"""The drawing block by block, against the networks."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import settings as examples
from hypothesis import strategies as st

from explorer.charts.blocks import LEGEND, ROWS, block_at, block_by_block, slots
from explorer.cost import counting
from explorer.formats.colours import BASELINE, DEPTH, RESOLUTION, WIDTH, YOURS
from explorer.network.baselines import EFFICIENTNET, LITE, MOBILENET_V1
from explorer.network.description import Block, Network, of_baseline, scale
from explorer.published import presets

B0 = of_baseline(EFFICIENTNET)

# A network, and which of (resolution, channels) it adds to B0, and whether it adds or takes away blocks.
GROWN = (
    (B0, False, False, 0),
    (B0.at(448), True, False, 0),
    (scale(EFFICIENTNET, 1.0, 1.5, 224), False, True, 0),
    (scale(EFFICIENTNET, 2.0, 1.0, 224), False, False, 16),
    (presets()["b4"].network(), True, True, 16),
    (scale(EFFICIENTNET, 0.5, 0.8, 150), False, False, -6),
)

networks = st.builds(
    scale,
    st.sampled_from((EFFICIENTNET, LITE, MOBILENET_V1)),
    st.floats(0.2, 4),
    st.floats(0.2, 4),
    st.integers(32, 600),
)


def blocks(network: Network) -> list[Block]:
    return [block for stage in network.stages for block in stage.blocks]


def rows(network: Network) -> list[tuple[Any, Any]]:
    """For each row its baseline's bars and the network's."""
    data = block_by_block(network, of_baseline(network.baseline)).data
    return [(data[2 * place], data[2 * place + 1]) for place in range(len(ROWS))]


def heights(bars: Any) -> dict[int, float]:  # noqa: ANN401 - plotly has no types
    """How high the pieces at each place reach."""
    reached: dict[int, float] = {}
    for x, base, height in zip(bars.x, bars.base, bars.y, strict=True):
        reached[x] = max(reached.get(x, 0.0), base + height)
    return reached


@examples(max_examples=30)
@given(networks)
def test_every_block_has_its_bar_in_each_row_as_high_as_it_is(network: Network) -> None:
    baseline = of_baseline(network.baseline)
    places = [slot.x for slot in slots(network, baseline) if slot.block is not None]
    assert len(places) == len(blocks(network))
    (_, pixels), (_, channels), (_, macs) = rows(network)
    assert [heights(pixels)[x] ** 2 for x in places] == pytest.approx(
        [block.shape.output_resolution for block in blocks(network)], rel=0.01
    )
    assert [heights(channels)[x] ** 2 for x in places] == pytest.approx(
        [block.shape.out_channels for block in blocks(network)], rel=0.01
    )
    assert [heights(macs)[x] for x in places] == pytest.approx(
        [counting.of_block(block).macs / 1e6 for block in blocks(network)], abs=0.002
    )


@examples(max_examples=30)
@given(networks)
def test_the_baseline_stands_behind_whole(network: Network) -> None:
    baseline = of_baseline(network.baseline)
    for row, (ghost, _) in zip(ROWS, rows(network), strict=True):
        assert list(ghost.y) == pytest.approx([row.value(block) for block in blocks(baseline)], abs=0.001)


@pytest.mark.parametrize(("network", "sharper", "wider", "deeper"), GROWN)
def test_what_each_dimension_adds_has_its_colour(network: Network, sharper: bool, wider: bool, deeper: int) -> None:
    (_, pixels), (_, channels), (_, macs) = rows(network)
    assert (RESOLUTION in pixels.marker.color) == sharper
    assert (WIDTH in channels.marker.color) == wider
    for bars in (pixels, channels, macs):
        assert list(bars.marker.color).count(DEPTH) == max(deeper, 0)
        assert (BASELINE in bars.marker.color) == (len(blocks(network)) > max(deeper, 0))
    missing = [slot for slot in slots(network, B0) if slot.block is None]
    assert len(missing) == max(-deeper, 0)


def test_no_colour_stands_alone() -> None:
    looks = [look for _, look in LEGEND]
    assert len({pattern for _, pattern in looks if pattern}) == 3
    assert {colour for colour, pattern in looks if not pattern} == {BASELINE, YOURS}
    data = block_by_block(presets()["b4"].network(), B0).data
    assert [trace.name for trace in data if trace.showlegend is not False] == [name for name, _ in LEGEND]


@examples(max_examples=30)
@given(networks)
def test_a_place_leads_to_its_block(network: Network) -> None:
    baseline = of_baseline(network.baseline)
    found = [block_at(network, baseline, slot.x) for slot in slots(network, baseline)]
    assert [number for number in found if number] == list(range(1, len(blocks(network)) + 1))
    assert block_at(network, baseline, -5) == 0


def test_pointing_at_a_bar_tells_its_shape_and_the_baselines() -> None:
    (_, bars), *_ = rows(scale(EFFICIENTNET, 1.2, 1.1, 258))
    last = bars.customdata[-1]
    for part in ("Stage 9, block 25: 1 × 1", "352 → 1,408 channels", "9 → 9 px", "1.91 M parameters", "1,280 channels"):
        assert part in last
    assert any("added by depth" in text for text in bars.customdata)
