"""The sentences, against the numbers that they are made of."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from explorer.cost.counting import Cost
from explorer.network.scaling import Compound
from explorer.planning import narrative
from explorer.planning.sweep import along_phi
from explorer.published import PublishedResult, preset_costs, table2
from explorer.settings.built import Built, build
from explorer.settings.declarations import Architecture


def direct(depth: float, width: float, pixels: int, family: str = "efficientnet") -> Architecture:
    return Architecture(family=family, by="direct", depth=depth, width=width, pixels=pixels)


# Settings, and what the headline must say.
HEADLINES = (
    (Architecture(), ("φ = 1 ", "23 blocks at 258 px", "2.57× the multiply-adds of EfficientNet-B0", "1.92×", "1.34")),
    (Architecture(phi=0.0), ("φ = 0 is EfficientNet-B0 itself: 16 blocks at 224 px.",)),
    (Architecture(family="lite", phi=0.0), ("φ = 0 is EfficientNet-Lite0 itself: 16 blocks at 224 px.",)),
    (Architecture(phi=-2.5), ("φ = −2.5 ", "13 blocks at 158 px", "0.30×", "0.20×", "1.55")),
    (Architecture(phi=2.0, hold="gamma"), ("φ = 2 ", "26 blocks at 309 px", "5.00×", "4.00×", "1.25")),
    (direct(1.8, 1.4, 380), ("×1.8", "×1.4", "32 blocks at 380 px", "11.4×", "10.2×", "1.12")),
    (direct(1.0, 1.0, 448), ("16 blocks at 448 px", "3.99×", "promised just that")),
    (Architecture(family="lite", phi=2.0), ("24 blocks at 296 px", "4.13× the multiply-adds of EfficientNet-Lite0")),
)

# Settings that are a baseline, whichever way they were given: there is nothing to promise.
BASELINES = (
    Architecture(phi=0.0),
    Architecture(phi=0.0, alpha=2.0),
    direct(1.0, 1.0, 224),
    direct(1.0, 1.0, 224, "lite"),
)

# Settings, and what is said of the published networks.
COMPARISONS = (
    (Architecture(phi=0.0), "This is EfficientNet-B0 as published."),
    (direct(1.8, 1.4, 380), "This is EfficientNet-B4 as published."),
    (direct(1.2, 1.1, 260, "lite"), "This is EfficientNet-Lite2 as published."),
    (
        direct(1.8, 1.4, 300),
        "These are the stages of EfficientNet-B4, which was published at 380 px, not 300.",
    ),
    (Architecture(), "These are the stages of EfficientNet-B2, which was published at 260 px, not 258."),
    (
        direct(2.0, 1.0, 224),
        "The nearest published network is EfficientNet-B1, with 687 M multiply-adds (0.88× the built network's).",
    ),
    (
        Architecture(phi=-2.5),
        "The nearest published network is EfficientNet-B0, with 386 M multiply-adds (3.30× the built network's).",
    ),
)

built_networks = st.builds(
    lambda depth, width, pixels, family: build(direct(depth, width, pixels, family)),
    st.floats(0.1, 4),
    st.floats(0.1, 4),
    st.integers(32, 1024),
    st.sampled_from(("efficientnet", "lite")),
)


@pytest.mark.parametrize(("settings", "parts"), HEADLINES)
def test_the_headline_says_what_is_built_and_what_was_promised(settings: Architecture, parts: tuple[str, ...]) -> None:
    text = narrative.headline(build(settings))
    assert [part for part in parts if part not in text] == []
    assert text.endswith(".")


@pytest.mark.parametrize("settings", BASELINES)
def test_a_baseline_is_called_by_its_name(settings: Architecture) -> None:
    text = narrative.headline(build(settings))
    assert "itself" in text
    assert "promised" not in text


@given(built_networks)
def test_the_headline_is_about_the_network_that_was_built(built: Built) -> None:
    text = narrative.headline(built)
    assert f"{built.network.block_count} blocks at {built.network.input_resolution} px" in text
    assert ("just that" in text) == (abs(built.built_factor / built.promised_factor - 1) < 0.005)


@pytest.mark.parametrize(("settings", "sentence"), COMPARISONS)
def test_the_comparison_names_a_published_network(settings: Architecture, sentence: str) -> None:
    assert narrative.comparison(build(settings)) == sentence


def test_the_drawing_is_told_stage_by_stage() -> None:
    built = build(Architecture())
    text = narrative.drawing_sentence(built)
    assert "EfficientNet-B0 and your network" in text
    for stage in built.network.stages:
        assert (
            f"stage {stage.number} has {stage.depth} × {stage.channels:,} channels at {stage.input_resolution} px"
            in text
        )


def test_the_frontier_is_told_in_numbers_of_the_table() -> None:
    text = narrative.frontier_sentence(table2(), preset_costs("efficientnet")["b1"])
    assert "EfficientNet-B0 reaches 77.1 % with 0.39 billion multiply-adds" in text
    assert "EfficientNet-B7 84.3 % with 37" in text
    assert "15 of the 15 networks" in text
    assert text.endswith("Your network costs 687 M.")


def test_the_frontier_counts_what_is_matched_and_skips_what_has_no_cost() -> None:
    def row(model: str, top1: float, macs_billions: float | None) -> PublishedResult:
        return PublishedResult(model, "B0", top1, 1.0, macs_billions, "a test")

    rows = (
        row("EfficientNet-B0", 77.0, 1.0),
        row("EfficientNet-B1", 79.0, 2.0),
        row("worse", 78.0, 3.0),
        row("cheaper", 78.0, 1.5),
        row("more accurate", 80.0, 3.0),
        row("unknown", 70.0, None),
    )
    assert "1 of the 3 networks" in narrative.frontier_sentence(rows, Cost(1, 10**9, 1))


@pytest.mark.parametrize("phi", [0.004, 0.0042, 1.007, -0.333])
def test_the_unchanged_interval_is_the_networks_own_where_a_link_puts_it_between_two_steps(phi: float) -> None:
    built = build(Architecture(phi=phi))
    first, last = along_phi(built, built.compound or Compound(phi)).unchanged
    assert first <= phi <= last
    for edge in (first, last):
        assert build(Architecture(phi=edge)).network == built.network
