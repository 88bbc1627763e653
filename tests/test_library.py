"""The package as a notebook uses it: from the checkout, and from a wheel in an environment outside it."""

from __future__ import annotations

import subprocess
import sys
import sysconfig
import venv
from pathlib import Path

import numpy as np
import pytest
from torch import nn

import explorer
from explorer.cost import counting
from explorer.models.checkpoints import WeightsError
from explorer.network.scaling import ScalingError
from explorer.published import presets

pytestmark = pytest.mark.real_weights

ROOT = Path(__file__).resolve().parents[1]
CAT = ROOT / "assets" / "samples" / "cat.jpg"

# What is asked for, and its exact parameters and multiply-adds (timm, fvcore's convention without normalisation).
PUBLISHED: tuple[tuple[dict[str, str], int, int | None], ...] = (
    ({"preset": "b0"}, 5_288_548, 385_814_752),
    ({"preset": "b7"}, 66_347_960, None),
    ({}, 5_288_548, 385_814_752),
)

CONTRADICTIONS = (
    ({"phi": 1, "preset": "b1"}, "in one way only, not by preset and phi"),
    ({"phi": 1, "depth": 2}, "in one way only, not by phi and depth"),
    ({"preset": "b99"}, "no published network “b99”"),
    ({"preset": "lite1", "family": "resnet50"}, "leave family resnet50 out"),
    ({"phi": 99}, "99"),
    ({"input_resolution": 224.5}, "224.5 pixels"),
)

# Run by the installed package: nothing of the checkout but the photograph.
OUTSIDE = """
import sys
import explorer
assert explorer.__file__.startswith(sys.prefix), explorer.__file__
net = explorer.scale(phi=1)
assert net.cost.macs == 992_629_472 and len(net.stages) == 9 and len(net.table()) == 9
assert "torch" not in sys.modules
assert len(explorer.frontier()) > 250
assert explorer.scale(family="lite").classify(sys.argv[1]).top(1)[0].label in {"tabby", "tiger cat", "Egyptian cat"}
"""


@pytest.fixture(scope="module")
def lite() -> explorer.ScaledNetwork:
    return explorer.scale(family="lite")


@pytest.mark.parametrize(("asked", "params", "macs"), PUBLISHED)
def test_a_network_is_scaled_and_counted(asked: dict[str, str], params: int, macs: int | None) -> None:
    net = explorer.scale(preset=asked.get("preset"))
    assert net.cost.params == params
    assert macs in {None, net.cost.macs}
    table = net.table()
    assert list(table.index) == [stage.number for stage in net.stages]
    assert (table["params"].sum(), table["macs"].sum()) == (net.cost.params, net.cost.macs)


@pytest.mark.parametrize(("asked", "words"), CONTRADICTIONS)
def test_what_contradicts_itself_is_refused_in_words(asked: dict[str, object], words: str) -> None:
    with pytest.raises(ScalingError, match=words):
        explorer.scale(**asked)  # type: ignore[arg-type]


def test_a_whole_number_is_a_multiplier_too() -> None:
    compound, direct = explorer.scale(phi=1).built, explorer.scale(depth=2, input_resolution=224).built
    assert compound.compound is not None
    assert [type(value) for value in (compound.compound.phi, direct.multipliers.depth)] == [float, float]


def test_a_table_of_ones_own_is_scaled() -> None:
    net = explorer.scale(baseline=ROOT / "docs" / "stage-tables" / "lite.json", phi=1)
    assert net.cost == explorer.scale(family="lite", phi=1).cost


def test_the_module_is_the_network(lite: explorer.ScaledNetwork) -> None:
    for net in (lite, explorer.scale(preset="b0")):
        module = net.module()
        assert isinstance(module, nn.Module)
        assert not module.training
        assert sum(each.numel() for each in module.parameters()) == net.cost.params


def test_evidence_sums_to_the_score(lite: explorer.ScaledNetwork) -> None:
    assert lite.classify(CAT).top(1)[0].label in {"tabby", "tiger cat", "Egyptian cat"}
    found = lite.explain(CAT, "tabby")
    assert found.label == "tabby"
    assert found.map.shape == (7, 7)
    assert found.map.sum() + found.bias == pytest.approx(found.logit, abs=1e-4)
    assert np.array_equal(lite.explain(CAT).map, lite.explain(CAT, lite.classify(CAT).top(1)[0].label).map)


def test_no_class_is_named_by_an_untrained_network() -> None:
    with pytest.raises(WeightsError, match="untrained"):
        explorer.scale(family="mobilenetv2").classify(CAT)


def test_no_class_of_that_name(lite: explorer.ScaledNetwork) -> None:
    with pytest.raises(ValueError, match="“unicorn”"):
        lite.explain(CAT, "unicorn")


def test_a_notebook_shows_a_bar_for_each_block() -> None:
    for name in ("b0", "b7"):
        net = explorer.scale(preset=name)
        shown = net._repr_html_()
        assert shown.count("<rect") == sum(stage.depth for stage in net.stages)
        assert presets()[name].title in shown


def test_everything_published_has_its_source() -> None:
    table = explorer.frontier()
    assert not table["source"].isna().any()
    row = table[(table["network"] == "EfficientNet-B0 at 224 px") & (table["recipe"] == "paper v5")].iloc[0]
    assert row["macs"] == counting.of(explorer.scale(preset="b0").network).macs


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The Python of a new environment that has the wheel, and this environment's packages for what it depends on."""
    folder = tmp_path_factory.mktemp("outside")
    build = [sys.executable, "-m", "pip", "wheel", "--quiet", "--no-deps", "--no-build-isolation", "-w", str(folder)]
    subprocess.run([*build, str(ROOT)], check=True, cwd=folder)
    venv.create(folder / "env", with_pip=False)
    [packages] = (folder / "env" / "lib").glob("python*/site-packages")
    (packages / "dependencies.pth").write_text(sysconfig.get_path("purelib"), encoding="utf-8")
    [wheel] = folder.glob("*.whl")
    python = folder / "env" / "bin" / "python"
    install = [sys.executable, "-m", "pip", "--python", str(python), "install", "--quiet", "--no-deps", "--no-index"]
    subprocess.run([*install, str(wheel)], check=True, cwd=folder)
    return python


def test_the_wheel_works_outside_the_checkout(installed: Path) -> None:
    subprocess.run([installed, "-c", OUTSIDE, CAT], check=True, cwd=installed.parent)


def test_the_console_script_is_the_command_line(installed: Path) -> None:
    script = installed.parent / "efficientnet-explorer"
    run = subprocess.run([script, "scale", "--phi", "1"], check=True, capture_output=True, text=True, cwd=script.parent)
    assert "992,629,472" in run.stdout
