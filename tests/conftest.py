"""What several tests share. Torch is imported where a fixture needs it: many tests run without it."""

from __future__ import annotations

import atexit
import os
import shutil
import signal
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import hypothesis
import pytest

from explorer.assets import DATA_VARIABLE, data_folder
from explorer.models.checkpoints import Checkpoint, published
from explorer.models.weight_sources import FOLDER_VARIABLE
from explorer.study import paths
from tests.support import b0_weights
from tests.support.samples import LOOKS, NETWORKS, classifier, photograph

if TYPE_CHECKING:
    from timm.models.efficientnet import EfficientNet
    from torch import nn

    from explorer.models.engine import Engine
    from explorer.vision.classification import Classification

ROOT = Path(__file__).parent

# One thread for torch, here and in every process that is started from here: the same bits everywhere, and no
# threads that wait for each other on a machine that others share. Read when torch is first imported.
os.environ["OMP_NUM_THREADS"] = "1"

# A data folder and a cache of the Hub's of the tests' own, without weights: what lies on this machine, and whether B0
# has been fetched, decides nothing here. Downloaded images stay where they are. A worker of pytest's is started with
# the folder of its tests in its environment already, so the user's is handed on beside it.
_USERS = Path(os.environ.setdefault(b0_weights.USERS_FOLDER, str(data_folder())))
_OWN = Path(tempfile.mkdtemp(prefix="explorer-tests-"))
atexit.register(shutil.rmtree, _OWN, ignore_errors=True)
if (_USERS / paths.images().name).is_dir():
    (_OWN / paths.images().name).symlink_to(_USERS / paths.images().name)
os.environ[DATA_VARIABLE] = str(_OWN)
os.environ["HF_HUB_CACHE"] = str(_OWN / "hub")
os.environ.pop(FOLDER_VARIABLE, None)

# Workers are the last to be given a processor, and other tests run beside them: time enough to load torch even so.
os.environ["EXPLORER_JOB_SECONDS"] = "300"

# What is started in the background ignores Ctrl-C, and so would every program that a test starts and interrupts.
if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
    signal.signal(signal.SIGINT, signal.default_int_handler)

# The same examples in every run, and no deadline on a machine that others share.
hypothesis.settings.register_profile("explorer", deadline=None, derandomize=True)
hypothesis.settings.load_profile("explorer")

# What a test needs beside the core is its mark (pyproject.toml lists them): that of its folder, of the fixtures that it
# takes, and what its module says in `pytestmark`. tests/test_marks.py holds modules to what they import.
MARKS_OF_FOLDERS = {"browser": ("browser", "server"), "study": ("study",)}
MARKS_OF_FIXTURES = dict.fromkeys(("trained", "timm_trained", "engines", "sights", "b0_folder"), "real_weights")


def pytest_collection_modifyitems(items: Sequence[pytest.Item]) -> None:
    """Mark the tests, and refuse to try one again (`flaky`) without a `reason` that lies outside this project."""
    for item in items:
        for mark in marks(item.path.relative_to(ROOT).parts, getattr(item, "fixturenames", ())):
            item.add_marker(mark)
        if unexplained(item.get_closest_marker("flaky")):
            raise pytest.UsageError(f"{item.nodeid} is tried again without a reason: say it in the mark, reason=…")


def marks(path: Sequence[str], fixtures: Sequence[str]) -> set[str]:
    """The marks of a test, by the parts of its file's path below tests/ and the fixtures that it takes."""
    of_fixtures = {MARKS_OF_FIXTURES[each] for each in fixtures if each in MARKS_OF_FIXTURES}
    return of_fixtures.union(MARKS_OF_FOLDERS.get(path[0], ()))


def unexplained(retried: pytest.Mark | None) -> bool:
    """Whether a test is tried again (`flaky`) and the mark does not say why."""
    return retried is not None and not str(retried.kwargs.get("reason", "")).strip()


@pytest.fixture(scope="session")
def trained() -> Mapping[str, EfficientNet]:
    """The trained networks by name, as the explorer loads them."""
    from explorer.models.checkpoints import bundled
    from explorer.models.weights import load

    return {name: load(checkpoint) for name, checkpoint in bundled().items()}


@pytest.fixture(scope="session")
def b0_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data folder with B0's weights: those that `make test` fetched, else fetched now, by npm."""
    return b0_weights.data_folder_with_b0(tmp_path_factory.mktemp("with-b0"))


@pytest.fixture
def b0(b0_folder: Path, monkeypatch: pytest.MonkeyPatch) -> Checkpoint:
    """B0's weights, which are at hand while the test runs."""
    monkeypatch.setenv(DATA_VARIABLE, str(b0_folder))
    return published()["b0"]


@pytest.fixture(scope="session")
def timm_trained() -> Mapping[str, nn.Module]:
    """timm's own networks with the same weights, put in place by name."""
    from tests.support import oracles

    return {name: oracles.timm_trained(name) for name in NETWORKS}


@pytest.fixture(scope="session")
def engines() -> Mapping[str, Engine]:
    """The same networks on the fast engine."""
    from explorer.models.weights import engine

    return {name: engine(classifier(name)) for name in NETWORKS}


@pytest.fixture(scope="session")
def sights(engines: Mapping[str, Engine]) -> Mapping[tuple[str, str], Classification]:
    """What each network says of each sample photograph."""
    from explorer.vision.classify import look

    return {(network, name): look(engines[network], classifier(network), photograph(name)) for network, name in LOOKS}
