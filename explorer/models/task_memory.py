"""What the tasks that build networks need in memory, and what they may take: refused before anything is built.

A need is an upper bound in bytes, from the description alone, beside what a worker holds with torch and ONNX Runtime
loaded; for one image in float32. `tests/benchmarks/limits.py` measures each of them on the real task.
"""

from __future__ import annotations

import os
from collections.abc import Mapping

from explorer.cost import counting, memory
from explorer.cost.conventions import layers
from explorer.formats.quantities import engineering
from explorer.models.errors import JobError
from explorer.network.description import Network

SETTING = "EXPLORER_WORKER_MEGABYTES"
DEFAULT_MEGABYTES = 2048.0
MEGABYTE = 2**20

LOADED = 950_000_000
"""Bytes of a worker with torch, timm and ONNX Runtime loaded."""

SMALLEST_ROOM = 300_000_000
"""Where the limit is below what is loaded a small network is run all the same: B0's needs are within it."""

BESIDE = 64 * MEGABYTE
"""Bytes for the image, for the workspaces of convolutions, and for what allocators round up."""


class TooLargeError(JobError):
    """A network that needs more memory than the process that would build it may hold."""


def forward(network: Network) -> int:
    """Bytes for the module in torch and a pass through it: of one map beside the fullest moment, the workspace."""
    needed = memory.inference(network)
    return needed.weights + 2 * needed.activations + BESIDE


def engine(network: Network) -> int:
    """Bytes for an engine: the tensors, what the session reads, what it makes of that; a layer folded in 64 bits."""
    needed = memory.inference(network)
    return 3 * needed.weights + 2 * _largest_layer(network) + needed.activations + BESIDE


def module(network: Network) -> int:
    """Bytes for the module with its weights: tensors and their copies, and the largest layer while it is grown."""
    return 3 * memory.inference(network).weights + BESIDE


def package(network: Network) -> int:
    """Bytes for the package: tensors, module and engine, then both files and the archive of them."""
    needed = memory.inference(network)
    return 6 * needed.weights + 2 * needed.activations + BESIDE


def trust(network: Network) -> int:
    """Bytes for the checks of a map: engine, tensors, module, and the copies that are randomised."""
    needed = memory.inference(network)
    return 6 * needed.weights + 2 * needed.activations + BESIDE


def gradient(network: Network, stage: int) -> int:
    """Bytes for a gradient that goes down to `stage`: the module, and all that autograd keeps above that stage."""
    needed = memory.inference(network)
    above = memory.kept_by_stage(network)[stage:]
    kept = sum(part.of(1) for part in above)
    return 3 * needed.weights + max(kept, needed.activations) + needed.activations + BESIDE


def _largest_layer(network: Network) -> int:
    """Bytes of the largest weight."""
    return memory.SINGLE * max(counting.of_layer(layer).params for layer in layers(network))


def room(environment: Mapping[str, str] | None = None) -> int:
    """Bytes that a task may need: what is left of a worker's limit when torch is loaded.

    The limit is `EXPLORER_WORKER_MEGABYTES` of `environment` (by default this process's), which workers inherit.
    """
    given = (os.environ if environment is None else environment).get(SETTING, "")
    try:
        megabytes = float(given)
    except ValueError:
        megabytes = DEFAULT_MEGABYTES
    if not megabytes > 0:
        megabytes = DEFAULT_MEGABYTES
    return int(max(megabytes * MEGABYTE - LOADED, SMALLEST_ROOM))


def refusal(need: int) -> str:
    """Why what needs so many bytes is not done here, as a sentence; "" where it is."""
    most = room()
    if need <= most:
        return ""
    return (
        f"It would need {engineering(need)}B of memory, and {engineering(most)}B are left of a worker's limit: take a "
        f"smaller network, or start the explorer with a larger {SETTING}."
    )


def require(need: int) -> None:
    """Refuse what needs more bytes than there may be.

    Raises:
        TooLargeError: it does.
    """
    sentence = refusal(need)
    if sentence:
        raise TooLargeError(f"This network is too large to be built here. {sentence}")
