"""What is given away to train on from: files that rebuild the network elsewhere, in a process without the explorer."""

from __future__ import annotations

import json
import subprocess
import sys
import zipfile
from collections.abc import Mapping
from dataclasses import replace
from io import BytesIO
from pathlib import Path

import numpy as np
import onnx
import onnxruntime
import pytest
import torch
from safetensors.torch import load

from explorer.cost import counting
from explorer.models import package, snippet
from explorer.models.checkpoints import at_hand, catalogue
from explorer.models.lineage import Classifier, Grown, of_checkpoint, weights_for
from explorer.models.weight_sources import FOLDER_VARIABLE
from explorer.models.weights import engine, module
from explorer.network.baselines import MOBILENET_V1, RESNET_50
from explorer.network.description import Network, as_baseline, of_baseline, scale
from explorer.published import presets
from explorer.settings.built import build
from explorer.settings.declarations import Architecture
from explorer.vision.classify import look
from tests.support.samples import photograph

pytestmark = pytest.mark.real_weights

# B0 to B7, and five settings between and beside them.
REBUILT: Mapping[str, Network] = {
    **{f"b{size}": presets()[f"b{size}"].network() for size in range(8)},
    "phi 0.5": build(Architecture(phi=0.5)).network,
    "phi 2.5": build(Architecture(phi=2.5, alpha=1.3)).network,
    "phi -1": build(Architecture(phi=-1.0)).network,
    "lite phi 3": build(Architecture(family="lite", phi=3.0)).network,
    "mobilenetv1": of_baseline(MOBILENET_V1),
}

# Runs the programs in the folders of its arguments, and prints what each of them found.
RUN = """
import runpy, sys
for path in sys.argv[1:]:
    model = runpy.run_path(path)["model"]
    assert "explorer" not in sys.modules
    print(path, sum(value.numel() for value in model.parameters()))
"""


@pytest.fixture(scope="module")
def grown() -> Classifier:
    network = build(Architecture(family="lite", phi=1.35)).network
    weights = weights_for(network, at_hand())
    assert isinstance(weights, Grown)
    return Classifier(network, weights)


@pytest.fixture(scope="module")
def files(grown: Classifier) -> Mapping[str, bytes]:
    return package.files(grown)


def test_the_programs_rebuild_the_networks_in_a_process_of_their_own(tmp_path: Path) -> None:
    paths = []
    for place, (name, network) in enumerate(REBUILT.items()):
        paths.append(tmp_path / f"{place}.py")
        paths[-1].write_text(snippet.rebuild(network, name, "", 1e-5), encoding="utf-8")
    ran = subprocess.run(
        [sys.executable, "-P", "-c", RUN, *map(str, paths)], cwd=tmp_path, capture_output=True, text=True, check=False
    )
    assert (ran.returncode, ran.stderr) == (0, "")
    counted = [int(line.split()[-1]) for line in ran.stdout.splitlines() if line.startswith(str(tmp_path))]
    assert counted == [counting.of(network).params for network in REBUILT.values()]


def test_a_program_that_builds_something_else_says_so(tmp_path: Path) -> None:
    network = presets()["b0"].network()
    text = snippet.rebuild(network, "B0", "", 1e-5).replace("_c320_", "_c328_")
    (tmp_path / "rebuild.py").write_text(text, encoding="utf-8")
    ran = subprocess.run(
        [sys.executable, tmp_path / "rebuild.py"], capture_output=True, text=True, check=False, cwd=tmp_path
    )
    assert ran.returncode == 1
    assert "parameters instead of 5_288_548" in ran.stderr


def test_what_timms_efficientnet_cannot_be_is_refused() -> None:
    with pytest.raises(ValueError, match=r"Stage 2 \(Bottleneck, k3x3\) cannot stand between stem and head\."):
        snippet.rebuild(of_baseline(RESNET_50), "ResNet-50", "", 1e-5)


def test_a_title_is_never_code() -> None:
    text = snippet.rebuild(presets()["b0"].network(), 'x"""\nimport os {params} \\', "", 1e-5)
    assert text.startswith('"""ximport os params : 5_288_548 parameters')
    compile(text, "rebuild.py", "exec")


def test_the_program_loads_the_weights_beside_it(files: Mapping[str, bytes], grown: Classifier, tmp_path: Path) -> None:
    for name, data in files.items():
        (tmp_path / name).write_bytes(data)
    script = f"""
import runpy, torch
model = runpy.run_path({str(tmp_path / "rebuild.py")!r})["model"].eval()
torch.save(model(torch.linspace(-1, 1, 3 * 64 * 64).reshape(1, 3, 64, 64)), {str(tmp_path / "logits.pt")!r})
"""
    subprocess.run([sys.executable, "-P", "-c", script], check=True, cwd=tmp_path, capture_output=True)
    with torch.inference_mode():
        expected = module(grown)(torch.linspace(-1, 1, 3 * 64 * 64).reshape(1, 3, 64, 64))
    found = torch.load(tmp_path / "logits.pt", weights_only=True)
    torch.testing.assert_close(found, expected, rtol=1e-5, atol=1e-5)


def test_the_graph_answers_as_the_module(files: Mapping[str, bytes], grown: Classifier) -> None:
    onnx.checker.check_model(onnx.load_from_string(files[package.GRAPH]), full_check=True)
    session = onnxruntime.InferenceSession(files[package.GRAPH], providers=["CPUExecutionProvider"])
    values = np.random.default_rng(2).standard_normal((1, 3, 96, 96), np.float32)
    (logits, *_) = session.run(None, {session.get_inputs()[0].name: values})
    with torch.inference_mode():
        expected = module(grown)(torch.from_numpy(values)).numpy()
    assert np.abs(logits - expected).max() <= 1e-5 * np.abs(expected).max()


def test_the_tensors_are_the_modules(files: Mapping[str, bytes], grown: Classifier) -> None:
    state, expected = load(files[snippet.WEIGHTS]), module(grown).state_dict()
    assert set(state) == set(expected)
    assert all(torch.equal(state[key], value) for key, value in expected.items())


def test_a_package_in_a_folder_of_ones_own_joins_the_catalogue(
    files: Mapping[str, bytes], grown: Classifier, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "mine.safetensors").write_bytes(files[snippet.WEIGHTS])
    (tmp_path / "mine.json").write_bytes(files[package.DESCRIPTION])
    monkeypatch.setenv(FOLDER_VARIABLE, str(tmp_path))
    mine = of_checkpoint(catalogue()["mine"])
    assert mine.network.shape == grown.network.shape
    cat = photograph("cat")
    again, before = look(engine(mine), mine, cat), look(engine(grown), grown, cat)
    np.testing.assert_allclose(again.logits, before.logits, atol=1e-5)


def test_the_description_claims_no_accuracy_for_what_nobody_measured(files: Mapping[str, bytes]) -> None:
    document = json.loads(files[package.DESCRIPTION])
    assert document["top1"] is None
    assert document["recipe"] == "grown from lite2, not trained on"


def test_weights_that_are_grown_again_come_from_the_same_network(grown: Classifier) -> None:
    title = grown.checkpoint.title
    once = package.described(grown)
    assert once.title == f"{title} (grown)"
    mine = replace(grown.checkpoint, title=once.title, network=grown.network)
    again = Classifier(scale(as_baseline(grown.network), 1.0, 1.0, 96), Grown(mine))
    assert again.name == f"Network grown from {title} (grown)"
    assert again.title == f"The network grown from {title} (grown)"
    assert package.described(again).title == once.title


def test_published_weights_keep_their_accuracy_at_their_own_resolution_only() -> None:
    lite0 = of_checkpoint(catalogue()["lite0"])
    assert package.described(lite0).top1 == 74.846
    assert package.described(lite0.at(300)).top1 is None


def test_the_archive_holds_the_files(files: Mapping[str, bytes], grown: Classifier) -> None:
    with zipfile.ZipFile(BytesIO(package.zipped(grown))) as archive:
        assert {name: archive.read(name) for name in archive.namelist()} == dict(files)
        assert archive.testzip() is None


def test_a_package_that_could_not_be_read_again_is_not_given_out(grown: Classifier) -> None:
    deep = scale(as_baseline(scale(presets()["lite0"].baseline, 8.0, 1.0, 64)), 4.0, 1.0, 64)
    with pytest.raises(package.PackageError, match=r"cannot be described so that it can be read again: .* layers"):
        package.files(replace(grown, network=deep))
