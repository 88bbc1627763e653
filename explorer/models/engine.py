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
        logits: (n, classes).
        features: (n, channels, rows, columns), the last feature map.
        stages: feature maps of the stages that were asked for, by number.
    """

    logits: NDArray[np.float32]
    features: NDArray[np.float32]
    stages: Mapping[int, NDArray[np.float32]]


class Engine:
    """A whole network, ready to run.

    Safe to share between threads; the weights are copied, so that the module may change or go.

    Attributes:
        weight: (classes, channels) of the linear classifier on the pooled last feature map.
        bias: (classes,) of the same.
    """

    def __init__(
        self,
        network: Network,
        state: Mapping[str, Any],
        padding: str = "",
        norm_epsilon: float = 1e-5,
        stages: tuple[int, ...] = (),
        threads: int = 0,
    ) -> None:
        """Write the graph and prepare it.

        Args:
            network: the description.
            state: weights by the names of the timm module, for example `module.state_dict()`.
            padding: as in `explorer.models.build.build`.
            norm_epsilon: as there.
            stages: stages whose feature maps each run gives too.
            threads: processor threads of a run (0: one for each core).

        Raises:
            KeyError: a weight is missing.
            StageError: the network has no such stage.
        """
        self._runner = _Runner(
            network,
            lambda weights: onnx_graph.write(network, state, padding, norm_epsilon, stages, outside=weights),
            threads,
        )
        last = classifier_name(network.stages[-1].blocks[-1].layers[-1], state)
        self.weight, self.bias = (np.asarray(state[f"{last}.{part}"], np.float32).copy() for part in ("weight", "bias"))
        self._stages = {number: onnx_graph.stage_map(network, number) for number in stages}
        self._threads = threads or os.cpu_count() or 1
        self._seconds: dict[tuple[int, ...], tuple[float, ...]] = {}

    @property
    def bytes(self) -> int:
        """Memory that it holds: its weights, and what it keeps for the next image of its own resolution."""
        return self._runner.bytes

    def run(self, values: NDArray[np.float32]) -> EngineOutput:
        """The answer to (n, 3, height, width) normalised values, of any size and number."""
        found = self._runner.run(values)
        logits, features, *_ = found.values()
        stages = {number: found[name] for number, name in self._stages.items()}
        return EngineOutput(logits, features, stages)

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


class Trunk:
    """A network up to one of its stages: what a gradient that stops there need not follow."""

    def __init__(
        self,
        network: Network,
        state: Mapping[str, Any],
        stage: int,
        padding: str = "",
        norm_epsilon: float = 1e-5,
        threads: int = 0,
    ) -> None:
        """As an `Engine`, up to `stage` and with it.

        Raises:
            KeyError: a weight is missing.
            StageError: the network has no such stage.
        """
        self.stage = stage
        self._runner = _Runner(
            network,
            lambda weights: onnx_graph.write(network, state, padding, norm_epsilon, until=stage, outside=weights),
            threads,
        )

    @property
    def bytes(self) -> int:
        """Memory that it holds, as an `Engine`."""
        return self._runner.bytes

    def run(self, values: NDArray[np.float32]) -> NDArray[np.float32]:
        """(n, channels, rows, columns): the stage's feature map of (n, 3, height, width) normalised values."""
        (found,) = self._runner.run(values).values()
        return found


class _Runner:
    """A session of ONNX Runtime on the processor, and what it holds."""

    def __init__(self, network: Network, write: Write, threads: int) -> None:
        """Graph and weights go through files: a session that is given bytes keeps them, and needs them twice."""
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = threads
        options.add_session_config_entry(*STOP_SPINNING)
        with TemporaryDirectory(prefix="explorer-") as folder:
            path = Path(folder, "network.onnx")
            weights = _save(write, path)
            self._session = onnxruntime.InferenceSession(path, options, providers=["CPUExecutionProvider"])
        self._outputs = [output.name for output in self._session.get_outputs()]
        self.bytes: int = weights + FLOAT32_BYTES * fullest_moment(network).elements

    def run(self, values: NDArray[np.float32]) -> dict[str, NDArray[np.float32]]:
        """Every output by name. One image leaves its memory for the next, which is then faster; several do not."""
        options = onnxruntime.RunOptions()
        if len(values) > 1:
            options.add_run_config_entry(*GIVE_BACK)
        found = self._session.run(self._outputs, {onnx_graph.INPUT: values}, options)
        return dict(zip(self._outputs, found, strict=True))


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
