"""Memory from the description alone: by hand, and how the parts go together. The module itself: models/test_measure."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from explorer.cost import counting, inference_memory, memory
from explorer.cost.memory import (
    ADAMW,
    BFLOAT16,
    FLOAT16,
    FLOAT32,
    OPTIMISERS,
    PRECISIONS,
    RMSPROP,
    SGD,
    InferenceMemory,
    Optimiser,
    Precision,
    TrainingMemory,
)
from explorer.network.baselines import BASELINES, EFFICIENTNET, RESNET_50, Baseline, Operator, StageTemplate
from explorer.network.description import Network, of_baseline, scale
from explorer.published import presets

# A stem, a block with squeeze-and-excitation and a skip, and a head: small enough for every map to be written down.
TINY = Baseline(
    "tiny",
    "Tiny",
    "Tiny",
    (
        StageTemplate(Operator.CONVOLUTION, 8, stride=2),
        StageTemplate(Operator.MBCONV, 8, kernel=3, expansion=2, squeeze_ratio=0.25),
        StageTemplate(Operator.HEAD, 24, kernel=1),
    ),
    input_resolution=32,
    classes=10,
)
MAP = 16 * 16
"""Pixels of all its maps; only the image has 32 × 32."""

# What each of its stages adds for an image, in elements, and what it keeps anyway, in float32 numbers of normalisation.
TINY_KEPT = (
    # the image; the convolution's output, and a copy of it normalised for SiLU
    (3 * 32 * 32 + 2 * 8 * MAP, 2 * 8),
    # expand: input, output, copy; depthwise: the same, at 16 channels; squeeze: the map, its means, 2 outputs copied;
    # excite: its input and the gate; project: input and output
    ((8 + 16 + 16) * MAP + 3 * 16 * MAP + (16 * MAP + 16 + 2) + (2 + 16) + (16 + 8) * MAP, 2 * (16 + 16 + 8)),
    # head: the sum with the skip, output, copy; classifier: the means
    ((8 + 24 + 24) * MAP + 24, 2 * 24),
)
TINY_WEIGHTS = (3 * 9 * 8, 8 * 16 + 9 * 16 + (16 * 2 + 2 * 16) + 16 * 8, 8 * 24 + 24 * 10)
"""Elements of convolutions and of the classifier in each stage, without biases."""

# While the head is normalised: the image and two maps. The block at its fullest (the product with the gate, which came
# from one vector, beside the image and the block's input) has less.
TINY_PEAK = ("conv_head", 3 * 32 * 32 + 2 * 24 * MAP)
TINY_BLOCK = 3 * 32 * 32 + 8 * MAP + 2 * 16 * MAP + 2 * 16

NETWORKS = (*BASELINES, "b4", "lite3")

networks = st.builds(
    scale, st.sampled_from(list(BASELINES.values())), st.floats(0.1, 3), st.floats(0.1, 4), st.integers(32, 640)
)
optimisers = st.sampled_from(list(OPTIMISERS.values()))
precisions = st.sampled_from(list(PRECISIONS.values()))
sizes = st.integers(10**6, 10**11)


def network(name: str) -> Network:
    return of_baseline(BASELINES[name]) if name in BASELINES else presets()[name].network()


@pytest.mark.parametrize("precision", PRECISIONS.values(), ids=PRECISIONS)
def test_each_stage_by_hand(precision: Precision) -> None:
    found = memory.kept_by_stage(of_baseline(TINY), precision)
    copied = 0 if precision == FLOAT32 else 2
    expected = [
        (elements * precision.size, 4 * statistics + copied * weights)
        for (elements, statistics), weights in zip(TINY_KEPT, TINY_WEIGHTS, strict=True)
    ]
    assert [(kept.per_image, kept.fixed) for kept in found] == expected


def test_the_fullest_moment_by_hand() -> None:
    tiny = of_baseline(TINY)
    moment = inference_memory.fullest_moment(tiny)
    assert (moment.layer, moment.elements) == TINY_PEAK
    narrow_head = replace(TINY, stages=(*TINY.stages[:2], replace(TINY.stages[2], channels=8)))
    moment = inference_memory.fullest_moment(of_baseline(narrow_head))
    assert (moment.layer, moment.elements) == ("blocks.0.0.se.conv_expand", TINY_BLOCK)


@pytest.mark.parametrize(("activation", "copies"), [("silu", 1), ("relu6", 1), ("relu", 0)], ids=str)
def test_relu_copies_nothing_but_keeps_the_last_map(activation: str, copies: int) -> None:
    *_, head = memory.kept_by_stage(of_baseline(replace(TINY, activation=activation)))
    last = 24 * MAP
    assert head.per_image == 4 * (8 * MAP + last + copies * last + (0 if copies else last) + 24)


def test_weights_gradients_and_states_of_b0() -> None:
    b0 = of_baseline(EFFICIENTNET)
    params = counting.of(b0).params
    channels, norms = 21_008, 49
    buffers = 2 * channels, 8 * norms
    assert memory.inference(b0).weights == 4 * (params + buffers[0]) + buffers[1]
    assert memory.inference(b0, precision=FLOAT16).weights == 2 * (params + buffers[0]) + buffers[1]
    for optimiser, states in ((SGD, 1), (RMSPROP, 2), (ADAMW, 2)):
        for precision in PRECISIONS.values():
            training = memory.training(b0, 1, optimiser, precision)
            assert training.weights == memory.inference(b0).weights
            assert training.gradients == 4 * params
            assert training.optimiser == states * 4 * params


def test_totals() -> None:
    assert InferenceMemory(1, 20).total == 21
    assert TrainingMemory(1, 20, 300, 4000).total == 4321


@given(networks, optimisers, precisions, st.integers(0, 512), st.integers(1, 512))
def test_more_images_need_more(
    scaled: Network, optimiser: Optimiser, precision: Precision, few: int, more: int
) -> None:
    kept = memory.kept(scaled, precision)
    less, greater = (memory.training(scaled, batch, optimiser, precision) for batch in (few, few + more))
    assert greater.total - less.total == greater.activations - less.activations == more * kept.per_image > 0
    one = memory.inference(scaled, 1, precision)
    several = memory.inference(scaled, 1 + more, precision)
    assert several.activations == (1 + more) * one.activations
    assert several.weights == one.weights


@given(networks, precisions)
def test_stages_add_up(scaled: Network, precision: Precision) -> None:
    stages = memory.kept_by_stage(scaled, precision)
    assert len(stages) == len(scaled.stages)
    assert min(stage.per_image for stage in stages) > 0
    whole = memory.kept(scaled, precision)
    assert whole.per_image == sum(stage.per_image for stage in stages)
    assert whole.fixed == sum(stage.fixed for stage in stages)
    assert memory.training(scaled, 7, SGD, precision).activations == 7 * whole.per_image + whole.fixed


@given(networks)
def test_half_the_precision_halves_all_but_indices_and_statistics(scaled: Network) -> None:
    full, half = memory.kept(scaled, FLOAT32), memory.kept(scaled, BFLOAT16)
    pooled = scaled.stages[0].channels * scaled.stages[0].output_resolution ** 2
    indices = 8 * pooled if scaled.baseline is RESNET_50 else 0
    assert 2 * (half.per_image - indices) == full.per_image - indices
    assert memory.kept(scaled, FLOAT16) == half
    assert half.fixed > full.fixed
    one = memory.inference(scaled)
    assert 2 * memory.inference(scaled, precision=BFLOAT16).activations == one.activations


@given(networks, optimisers, precisions, sizes)
def test_the_largest_batch_fits_and_one_more_does_not(
    scaled: Network, optimiser: Optimiser, precision: Precision, there: int
) -> None:
    batch = memory.largest_batch(scaled, there, optimiser, precision)
    assert memory.training(scaled, batch + 1, optimiser, precision).total > there
    if batch:
        assert memory.training(scaled, batch, optimiser, precision).total <= there
    assert bool(memory.shortage(scaled, there, optimiser, precision)) is (batch == 0)


@pytest.mark.parametrize("name", NETWORKS)
@pytest.mark.parametrize("batch", [1, 2, 37])
def test_the_largest_batch_at_its_boundary(name: str, batch: int) -> None:
    described = network(name)
    needed = memory.training(described, batch, ADAMW).total
    assert memory.largest_batch(described, needed, ADAMW) == batch
    assert memory.largest_batch(described, needed - 1, ADAMW) == batch - 1


def test_a_lighter_optimiser_and_half_precision_make_room() -> None:
    b7 = network("b7")
    there = memory.training(b7, 5, SGD).total
    batches = [
        memory.largest_batch(b7, there, optimiser, precision)
        for optimiser, precision in ((ADAMW, FLOAT32), (SGD, FLOAT32), (SGD, BFLOAT16))
    ]
    assert batches == [4, 5, 9]  # not 10: weights are kept in 16 bits beside 32


def test_a_shortage_says_what_is_short() -> None:
    b0 = of_baseline(EFFICIENTNET)
    needed = memory.training(b0, 1, ADAMW)
    alone = needed.total - needed.activations
    assert memory.shortage(b0, needed.total, ADAMW) == ""
    assert memory.shortage(b0, needed.total - 1, ADAMW) == (
        "Training with a single image needs 173 MB; there are 173 MB."
    )
    assert memory.shortage(b0, alone, ADAMW).startswith("Training with a single image needs 173 MB;")
    assert memory.shortage(b0, alone - 1, ADAMW).startswith("Weights, gradients and the optimiser alone need 84.8 MB;")
    assert memory.shortage(b0, 2 * 10**6).endswith("there are 2.00 MB.")


def test_tables_are_keyed_by_their_keys() -> None:
    for table in (PRECISIONS, OPTIMISERS):
        assert all(key == entry.key for key, entry in table.items())
    assert len(PRECISIONS) == len(OPTIMISERS) == 3
