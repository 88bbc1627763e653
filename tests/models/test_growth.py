"""Grown networks compute their ancestor's function: real weights, seeded ones, and controls that must fail."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

import numpy as np
import pytest
import torch
from timm.models.efficientnet import EfficientNet
from torch import Tensor, nn

from explorer.models import growth, tensors
from explorer.models.build import efficientnet
from explorer.models.checkpoints import bundled
from explorer.models.growth import GrowthError, grow
from explorer.models.lineage import obstacle
from explorer.models.tensors import BATCH_COUNTER
from explorer.network.baselines import EDGETPU, EFFICIENTNET, EFFICIENTNET_V2, LITE, MNASNET_B1, Baseline
from explorer.network.description import Network, of_baseline, scale
from explorer.published import presets
from tests.support.samples import PHOTOGRAPHS, photograph

pytestmark = pytest.mark.real_weights

TARGETS = 40
LIMITS = {torch.float32: 1e-5, torch.float64: 1e-12}
"""Rounding alone: the seeded B0 itself differs by 4e-6 between the precisions, on another processor by more or less."""

# Widest and deepest multipliers of random targets: a little beyond B4's.
WIDEST, DEEPEST = 1.5, 2.0
PIXELS = 64
CROPS = 12
"""Of each photograph, to calibrate the normalisation of seeded weights on."""


@dataclass(frozen=True)
class Ancestor:
    """A network with its tensors, how its module is built, and images that it tells apart."""

    network: Network
    state: Mapping[str, Tensor]
    padding: str
    norm_epsilon: float
    images: Tensor

    def module(self, network: Network) -> EfficientNet:
        """The module of `network`, without weights yet."""
        with torch.device("meta"):
            return efficientnet(network, self.padding, self.norm_epsilon).eval()

    def logits(self, module: EfficientNet, state: Mapping[str, Tensor]) -> Tensor:
        """(images, classes) what `module` with `state` says, in its precision."""
        counters = {key: torch.tensor(0) for key in module.state_dict() if key.endswith(BATCH_COUNTER)}
        module.load_state_dict({**counters, **state}, assign=True)
        with torch.inference_mode():
            values: Tensor = module(self.images.to(state["conv_stem.weight"].dtype))
        return values

    def seeing(self, images: int) -> Ancestor:
        """The same with the first images only."""
        return replace(self, images=self.images[:images])

    def at(self, dtype: torch.dtype) -> Mapping[str, Tensor]:
        """The tensors in another precision."""
        return {key: value.to(dtype) for key, value in self.state.items()}


def crops(pixels: int) -> Tensor:
    """(60, 3, pixels, pixels) seeded crops of the sample photographs between −1 and 1."""
    random, found = np.random.default_rng(5), []
    for name in PHOTOGRAPHS:
        picture = photograph(name)
        for _ in range(CROPS):
            side = int(random.integers(pixels, min(picture.size)))
            left, top = (int(random.integers(0, length - side + 1)) for length in picture.size)
            crop = picture.crop((left, top, left + side, top + side)).resize((pixels, pixels))
            found.append(np.asarray(crop, np.float32))
    return torch.from_numpy(np.stack(found).transpose(0, 3, 1, 2)) / 127.5 - 1


def photographs(pixels: int) -> Tensor:
    """(5, 3, pixels, pixels) the sample photographs between −1 and 1."""
    pictures = [np.asarray(photograph(name).resize((pixels, pixels)), np.float32) for name in PHOTOGRAPHS]
    return torch.from_numpy(np.stack(pictures).transpose(0, 3, 1, 2)) / 127.5 - 1


def randomised(network: Network) -> Ancestor:
    """A seeded network whose normalisation is calibrated on the photographs, so that its answers depend on them."""
    torch.manual_seed(8)
    module = efficientnet(network)
    for part in module.modules():
        if isinstance(part, nn.BatchNorm2d):
            nn.init.uniform_(part.weight, 0.3, 0.7)
            nn.init.normal_(part.bias, 0, 0.1)
            part.momentum = None  # the average over all batches
        if isinstance(part, nn.Conv2d) and part.bias is not None:
            nn.init.normal_(part.bias, 0, 0.5)
    with torch.no_grad():
        module.train()(crops(PIXELS))
    state = {key: value for key, value in module.state_dict().items() if not key.endswith(BATCH_COUNTER)}
    return Ancestor(network, state, "", 1e-5, photographs(PIXELS))


@pytest.fixture(scope="module")
def ancestors(trained: Mapping[str, EfficientNet]) -> Mapping[str, Ancestor]:
    """The three Lite networks with their real weights, and the baselines of other families with seeded ones."""
    real = {
        name: Ancestor(
            bundled()[name].network,
            {key: value for key, value in module.state_dict().items() if not key.endswith(BATCH_COUNTER)},
            bundled()[name].padding,
            bundled()[name].norm_epsilon,
            photographs(PIXELS),
        )
        for name, module in trained.items()
    }
    seeded = {"b0": EFFICIENTNET, "v2-b0": EFFICIENTNET_V2, "edgetpu-s": EDGETPU, "mnasnet": MNASNET_B1}
    return {**real, **{name: randomised(of_baseline(baseline)) for name, baseline in seeded.items()}}


def target(ancestor: Network, baseline: Baseline, seed: int) -> Network:
    """A random network that contains `ancestor`."""
    random, deepest = np.random.default_rng(seed), DEEPEST if all(part.skips for part in baseline.stages) else 1.0
    while True:
        depth, width = random.uniform(1, deepest), random.uniform(1, WIDEST)
        network = scale(baseline, depth, width, PIXELS)
        if obstacle(ancestor, network) is None:
            return network


def errors(before: Tensor, after: Tensor) -> tuple[float, float]:
    """The largest difference relative to the largest logit, and to the spread of the logits between images."""
    worst = (after - before).abs().max()
    return float(worst / before.abs().max()), float(worst / before.std(dim=0).max())


# An ancestor and the family of its targets.
CASES = (
    ("lite0", LITE),
    ("lite1", LITE),
    ("lite2", LITE),
    ("b0", EFFICIENTNET),
    ("v2-b0", EFFICIENTNET_V2),
    ("edgetpu-s", EDGETPU),
    ("mnasnet", MNASNET_B1),
)


@pytest.mark.parametrize(("name", "baseline"), CASES, ids=lambda case: case if isinstance(case, str) else "")
def test_the_function_is_kept(name: str, baseline: Baseline, ancestors: Mapping[str, Ancestor]) -> None:
    ancestor, worst = ancestors[name].seeing(2), dict.fromkeys(LIMITS, (0.0, 0.0))
    states = {dtype: ancestor.at(dtype) for dtype in LIMITS}
    before = {dtype: ancestor.logits(ancestor.module(ancestor.network), states[dtype]) for dtype in LIMITS}
    spread = before[torch.float64].std(dim=0).max() / before[torch.float64].abs().max()
    assert float(spread) > 0.1, "images that all look alike prove nothing"
    for seed in range(TARGETS):
        network = target(ancestor.network, baseline, seed)
        module = ancestor.module(network)
        for dtype, state in states.items():
            grown = grow(ancestor.network, state, network, seed)
            found = errors(before[dtype], ancestor.logits(module, grown))
            worst[dtype] = max(worst[dtype][0], found[0]), max(worst[dtype][1], found[1])
    # What rounding alone does to the ancestor itself: seeded weights may be less even-tempered than trained ones.
    rounding = errors(before[torch.float64], before[torch.float32].double())[0]
    limits = {**LIMITS, torch.float32: max(LIMITS[torch.float32], 3 * rounding)}
    for dtype, (relative, to_spread) in worst.items():
        print(f"{name}, {dtype}: worst error {relative:.1e} of the largest logit, {to_spread:.1e} of the spread")
        assert relative <= limits[dtype]
        assert to_spread <= 10 * limits[dtype]


# Ancestor and preset: growing across the published sizes.
PRESETS = (("b0", "b4"), ("b0", "b2"), ("lite0", "lite4"), ("lite2", "lite3"), ("v2-b0", "v2-b3"))


@pytest.mark.parametrize(("name", "preset"), PRESETS)
def test_a_published_size_grows_from_a_smaller_one(name: str, preset: str, ancestors: Mapping[str, Ancestor]) -> None:
    ancestor, network = ancestors[name], presets()[preset].network()
    grown = grow(ancestor.network, ancestor.state, network)
    before = ancestor.logits(ancestor.module(ancestor.network), ancestor.state)
    after = ancestor.logits(ancestor.module(network), grown)
    assert errors(before, after)[0] <= LIMITS[torch.float32]
    assert before.topk(5).indices.tolist() == after.topk(5).indices.tolist()


def test_nothing_grows_into_itself_changed(ancestors: Mapping[str, Ancestor]) -> None:
    ancestor = ancestors["lite0"]
    grown = grow(ancestor.network, ancestor.state, ancestor.network)
    assert all(torch.equal(grown[key], value) for key, value in ancestor.state.items())


def test_the_same_seed_gives_the_same_bits_and_another_one_others(ancestors: Mapping[str, Ancestor]) -> None:
    ancestor, network = ancestors["lite0"], target(ancestors["lite0"].network, LITE, 1)
    one, same, other = (grow(ancestor.network, ancestor.state, network, seed) for seed in (3, 3, 4))
    assert all(torch.equal(one[key], same[key]) for key in one)
    assert any(not torch.equal(one[key], other[key]) for key in one)


def test_growing_leaves_the_ancestor_as_it_was(ancestors: Mapping[str, Ancestor]) -> None:
    ancestor = ancestors["lite0"]
    before = {key: value.clone() for key, value in ancestor.state.items()}
    grown = grow(ancestor.network, ancestor.state, target(ancestor.network, LITE, 2))
    for value in grown.values():
        value.add_(1)
    assert all(torch.equal(before[key], value) for key, value in ancestor.state.items())


def test_the_tensors_are_those_of_the_network(ancestors: Mapping[str, Ancestor]) -> None:
    network = presets()["b4"].network()
    grown = grow(ancestors["b0"].network, ancestors["b0"].state, network)
    assert {key: tuple(value.shape) for key, value in grown.items()} == tensors.shapes(network)


def test_training_parts_the_copies(ancestors: Mapping[str, Ancestor]) -> None:
    """With equal shares the copies would stay equal for ever; here they begin equal and end different."""
    ancestor, network = ancestors["lite0"], scale(LITE, 1.0, 1.35, PIXELS)
    grown = grow(ancestor.network, ancestor.state, network)
    copies = copied_rows(grown["blocks.1.0.conv_dw.weight"])
    assert copies
    module = efficientnet(network, ancestor.padding, ancestor.norm_epsilon)
    module.load_state_dict(grown, strict=False)
    optimiser = torch.optim.SGD(module.parameters(), lr=0.01)
    for _ in range(4):
        optimiser.zero_grad()
        loss = nn.functional.cross_entropy(module.train()(ancestor.images), torch.arange(len(ancestor.images)))
        torch.autograd.backward(loss)
        optimiser.step()
    weight = module.get_parameter("blocks.1.0.conv_dw.weight")
    assert all(not torch.equal(weight[one], weight[other]) for one, other in copies)


def copied_rows(weight: Tensor) -> list[tuple[int, int]]:
    """Pairs of rows that are equal."""
    return [
        (one, other)
        for one in range(len(weight))
        for other in range(one + 1, len(weight))
        if torch.equal(weight[one], weight[other])
    ]


# Mutations


def unsilenced(grown: dict[str, Tensor]) -> None:
    """An added block that adds something."""
    grown["blocks.1.3.bn3.weight"].fill_(1.0)


def biased(grown: dict[str, Tensor]) -> None:
    """An added block whose last normalisation shifts."""
    grown["blocks.1.3.bn3.bias"].fill_(0.1)


def unshared(grown: dict[str, Tensor]) -> None:
    """A layer that reads every copy with the whole weight."""
    weight = grown["blocks.2.0.conv_pw.weight"]
    weight[:, -1] = weight[:, 0]


def mapped_again(grown: dict[str, Tensor]) -> None:
    """A block of a stage that writes its channels in an order of its own."""
    for name in ("conv_pwl.weight", *(f"bn3.{value}" for value in tensors.NORM_VALUES)):
        grown[f"blocks.1.1.{name}"] = grown[f"blocks.1.1.{name}"].flip(0)


CONTROLS: tuple[Callable[[dict[str, Tensor]], None], ...] = (unsilenced, biased, unshared, mapped_again)


@pytest.mark.parametrize("spoil", CONTROLS, ids=lambda control: control.__name__)
@pytest.mark.parametrize("name", ["lite0", "b0"])
def test_every_part_of_the_recipe_is_needed(
    name: str, spoil: Callable[[dict[str, Tensor]], None], ancestors: Mapping[str, Ancestor]
) -> None:
    ancestor = ancestors[name]
    network = scale(LITE if name == "lite0" else EFFICIENTNET, 2.0, 1.5, PIXELS)
    before = ancestor.logits(ancestor.module(ancestor.network), ancestor.state)
    grown, module = grow(ancestor.network, ancestor.state, network), ancestor.module(network)
    assert errors(before, ancestor.logits(module, grown))[0] <= LIMITS[torch.float32]
    spoil(grown)
    assert errors(before, ancestor.logits(module, grown))[0] > 100 * LIMITS[torch.float32]


# Depth and width of a target, and the stage and the reason of the refusal.
REFUSED = (
    (0.5, 1.0, "Stage 3 is shallower: 1 layer instead of 2."),
    (1.0, 0.5, "Stage 2 is narrower: 8 channels instead of 16."),
    (1.2, 1.7, "Stage 2 has 32 channels before and after its first block, so a skip appears that the ancestor lacks."),
)


@pytest.mark.parametrize(("depth", "width", "reason"), REFUSED)
def test_what_cannot_be_kept_is_refused_with_its_stage(
    depth: float, width: float, reason: str, ancestors: Mapping[str, Ancestor]
) -> None:
    ancestor = ancestors["lite0"]
    with pytest.raises(GrowthError) as refusal:
        grow(ancestor.network, ancestor.state, scale(LITE, depth, width, PIXELS))
    assert str(refusal.value) == reason


def test_shares_sum_to_one_for_every_output() -> None:
    source = growth._Seed({}, torch.Generator().manual_seed(0))
    columns = source.channel_map(5, 13)
    assert columns[:5].tolist() == [0, 1, 2, 3, 4]
    shares = source.shares(columns, 7)
    sums = torch.zeros(7, 5, dtype=torch.float64).index_add_(1, columns, shares)
    torch.testing.assert_close(sums, torch.ones(7, 5, dtype=torch.float64), rtol=0, atol=1e-15)
    assert bool((shares > 0).all())
    assert len({tuple(row) for row in shares.tolist()}) == 7
