"""The sentence on a move, against the networks before and after it."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import settings as examples
from hypothesis import strategies as st

from explorer.formats.quantities import times
from explorer.network.baselines import BASELINES
from explorer.network.scaling import ROUNDINGS, ScalingError
from explorer.planning.change import change_sentence
from explorer.settings import stage_table
from explorer.settings.built import build
from explorer.settings.declarations import Architecture

NOTHING = "the same network as before; rounding takes up the whole step"
B4 = Architecture(by="direct", depth=1.8, width=1.4, pixels=380)

# What was set, what is set now, and the sentence; the counts are those of page Scale at both.
MOVES = (
    (
        Architecture(),
        Architecture(phi=2.0),
        "φ 1 → 2: 23 → 26 blocks, 258 → 296 px, 8 stages wider, 1.82× the multiply-adds; the formula promised 1.92×.",
    ),
    (Architecture(), Architecture(phi=1.02), f"φ 1 → 1.02: {NOTHING}."),
    (
        Architecture(),
        Architecture(alpha=1.3, gamma=1.15),
        "α 1.2 → 1.3: 23 → 24 blocks, 1.05× the multiply-adds; the formula promised 1.08×.",
    ),
    (
        Architecture(),
        Architecture(family="lite"),
        "EfficientNet → EfficientNet-Lite: 23 → 21 blocks, 1 stage narrower, 0.87× the multiply-adds.",
    ),
    (
        Architecture(),
        B4,
        "EfficientNet-B4: 23 → 32 blocks, 258 → 380 px, 9 stages wider, 4.43× the multiply-adds; "
        "the formula promised 5.29×.",
    ),
    (
        Architecture(rounding="none"),
        Architecture(),
        "Rounding none → reference: 19 → 23 blocks, 1 stage wider, 5 stages narrower, 1.21× the multiply-adds; "
        "the formula promised 1.00×.",
    ),
    (
        Architecture(by="direct", depth=1.0, width=1.0, pixels=224),
        Architecture(by="direct", depth=1.0, width=1.0, pixels=448),
        "pixels 224 → 448: 3.99× the multiply-adds, as the formula promised.",
    ),
)

networks = st.builds(
    Architecture,
    family=st.sampled_from((*BASELINES, stage_table.KEY)),
    by=st.sampled_from(("formula", "direct")),
    phi=st.floats(-2, 4).map(lambda value: round(value, 2)),
    alpha=st.floats(1, 1.4).map(lambda value: round(value, 2)),
    rounding=st.sampled_from(tuple(ROUNDINGS)),
    hold=st.sampled_from(("off", "beta")),
    depth=st.floats(0.5, 3).map(lambda value: round(value, 2)),
    pixels=st.integers(32, 600),
)


@pytest.mark.parametrize(("before", "after", "expected"), MOVES)
def test_a_move_is_said_with_its_sizes_and_its_cost(before: Architecture, after: Architecture, expected: str) -> None:
    assert change_sentence(before, after) == expected


@examples(max_examples=60)
@given(networks, networks)
def test_every_move_is_said_truly(before: Architecture, after: Architecture) -> None:
    try:
        was, now = build(before), build(after)
    except ScalingError:
        return
    said = change_sentence(before, after)
    assert said.endswith(".")
    assert "→ " in said or ":" in said
    if was.network == now.network:
        assert said.endswith(f"{NOTHING}.")
    else:
        assert f"{times(now.cost.macs / was.cost.macs)} the multiply-adds" in said
        blocks = f"{was.network.block_count} → {now.network.block_count} blocks"
        assert (blocks in said) == (was.network.block_count != now.network.block_count)
        assert ("promised" in said) == (was.baseline == now.baseline)


def test_a_setting_that_builds_nothing_is_refused() -> None:
    with pytest.raises(ScalingError):
        change_sentence(Architecture(), Architecture(phi=8.0, alpha=2.5))
