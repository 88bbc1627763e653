"""The fast engine: a network's ONNX graph in ONNX Runtime. Torch stays the reference, and the way to gradients."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from time import perf_counter
from typing import Any, BinaryIO

import numpy as np
import onnxruntime
from numpy.typing import NDArray
from onnx import ModelProto

from explorer.cost.inference_memory import fullest_moment
from explorer.cost.latency import Latency, of_runs
from explorer.models import onnx_graph
from explorer.models.errors import JobError
from explorer.models.onnx_nodes import classifier_name
from explorer.network.description import Network

Write = Callable[[BinaryIO], ModelProto]
"""Gives a graph and writes its weights to a file."""

FLOAT32_BYTES = 4
FEWEST_TIMED, MOST_TIMED = 3, 30
"""Runs that a time is the median of: so many are waited for, so many are remembered."""
STOP_SPINNING = ("session.force_spinning_stop", "1")
"""Threads wait actively for each other during a run, and not between runs, when others want the processor."""
GIVE_BACK = ("memory.enable_memory_arena_shrinkage", "cpu:0")
"""What a run needed goes back to the system after it."""


@dataclass(frozen=True, eq=False)
class EngineOutput:
    """What one run gave.

    Attributes:
        logits: (n, classes); of a network without a classifier the pooled features, (n, channels).
        features: (n, channels, rows, columns), the last feature map.
    """

    logits: NDArray[np.float32]
    features: NDArray[np.float32]


class Engine:
    """A whole network, ready to run.

    Safe to share between threads; the weights are copied, so that the module may change or go.

    Attributes:
        weight: (classes, channels) of the linear classifier on the pooled last feature map; no classes without one.
        bias: (classes,) of the same.
        bytes: memory that it holds: its weights, and what it keeps for the next image of its own resolution.
    """

    def __init__(
        self,
        network: Network,
        state: Mapping[str, Any],
        padding: str = "",
        norm_epsilon: float = 1e-5,
        threads: int = 0,
    ) -> None:
        """Write the graph and prepare it.

        Graph and weights go through files: a session that is given bytes keeps them, and needs them twice.

        Args:
            network: the description.
            state: weights by the names of the timm module, for example `module.state_dict()`.
            padding: as in `explorer.models.build.build`.
            norm_epsilon: as there.
            threads: processor threads of a run (0: one for each core).

        Raises:
            KeyError: a weight is missing.
        """
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = threads
        options.add_session_config_entry(*STOP_SPINNING)
        maps = tuple(stage.number for stage in network.stages)
        with TemporaryDirectory(prefix="explorer-") as folder:
            path = Path(folder, "network.onnx")
            weights = _save(
                lambda outside: onnx_graph.write(network, state, padding, norm_epsilon, maps, outside=outside), path
            )
            self._session = onnxruntime.InferenceSession(path, options, providers=["CPUExecutionProvider"])
        self.bytes: int = weights + FLOAT32_BYTES * fullest_moment(network).elements
        self.weight, self.bias = _classifier(network, state)
        self._network = network
        self._threads = threads or os.cpu_count() or 1
        self._seconds: dict[tuple[int, ...], tuple[float, ...]] = {}

    def run(self, values: NDArray[np.float32]) -> EngineOutput:
        """The answer to (n, 3, height, width) normalised values, of any size and number."""
        return EngineOutput(*self._outputs(values, onnx_graph.LOGITS, self._map_of(len(self._network.stages))))

    def stage_map(self, values: NDArray[np.float32], number: int) -> NDArray[np.float32]:
        """(n, channels, rows, columns): the feature map of stage `number` for values as in `run`.

        Raises:
            StageError: the network has no such stage.
        """
        (found,) = self._outputs(values, self._map_of(number))
        return found

    def timed(self, values: NDArray[np.float32]) -> tuple[EngineOutput, Latency]:
        """As `run`, with the latency of the latest runs on values of this shape.

        The first on a shape warms up and is not counted; it is repeated until there are `FEWEST_TIMED`.
        """
        shape = values.shape
        if shape not in self._seconds:
            self.run(values)
        while True:
            started = perf_counter()
            answer = self.run(values)
            seconds = (*self._seconds.get(shape, ()), perf_counter() - started)[-MOST_TIMED:]
            self._seconds[shape] = seconds
            if len(seconds) >= FEWEST_TIMED:
                return answer, of_runs(seconds, self._threads)

    def _map_of(self, number: int) -> str:
        return onnx_graph.stage_map(self._network, number)

    def _outputs(self, values: NDArray[np.float32], *names: str) -> list[NDArray[np.float32]]:
        """Outputs by name. One image leaves its memory for the next, which is then faster; several do not."""
        options = onnxruntime.RunOptions()
        if len(values) > 1:
            options.add_run_config_entry(*GIVE_BACK)
        found: list[NDArray[np.float32]] = self._session.run(list(names), {onnx_graph.INPUT: values}, options)
        return found


def _classifier(network: Network, state: Mapping[str, Any]) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """Weight and bias of the linear classifier, empty where there is none."""
    if not network.baseline.classifier:
        return np.empty((0, network.stages[-1].channels), np.float32), np.empty(0, np.float32)
    name = classifier_name(network.stages[-1].blocks[-1].layers[-1], state)
    weight, bias = (np.asarray(state[f"{name}.{part}"], np.float32).copy() for part in ("weight", "bias"))
    return weight, bias


def _save(write: Write, path: Path) -> int:
    """Write the graph to `path` and the weights beside it; the bytes of both.

    Raises:
        JobError: the files cannot be written.
    """
    try:
        with path.with_suffix(".weights").open("wb") as outside:
            return path.write_bytes(write(outside).SerializeToString()) + outside.tell()
    except OSError as error:
        raise JobError(
            f"The network's weights cannot be written to the temporary folder {path.parent.parent} "
            f"({error.strerror or error}): make room there."
        ) from error
