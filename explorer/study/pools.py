"""Where runs are trained: worker processes on this machine, or the tasks of a Ray cluster. Both give futures."""

from __future__ import annotations

import logging
import os
import select
import signal
import socket
import threading
from concurrent.futures import BrokenExecutor, CancelledError, Future
from pathlib import Path
from typing import Protocol

from loky import ProcessPoolExecutor

from explorer.jobs.resident import give_way
from explorer.network.description import Network
from explorer.study.errors import StudyError
from explorer.study.protocol import Protocol as TrainingProtocol
from explorer.study.results import TrainingResult

LISTENER_SECONDS = 5.0
NICENESS = 10
RAY_RETRIES = 5
"""How often Ray repeats a task whose node or process has died."""

PACKAGE = Path(__file__).resolve().parents[1]
"""What a cluster's nodes get from this driver; they bring what requirements.txt installs, and the images."""


class Pool(Protocol):
    """Trains networks, `slots` at a time."""

    @property
    def slots(self) -> int:
        """How many networks can be trained at once, now."""
        ...

    def submit(self, network: Network, seed: int, protocol: TrainingProtocol) -> Future[TrainingResult]:
        """Begin to train."""
        ...

    def close(self) -> None:
        """End everything at once."""
        ...


def trained(network: Network, seed: int, protocol: TrainingProtocol) -> TrainingResult:
    """See `explorer.study.training.train`; torch is imported where it runs."""
    from explorer.study import training

    return training.train(network, seed, protocol)


class LocalPool:
    """Worker processes of loky's; they end with this process, and a broken pool is replaced."""

    def __init__(self, jobs_at_once: int) -> None:
        self.slots = jobs_at_once
        self._executor = self._new()

    def submit(self, network: Network, seed: int, protocol: TrainingProtocol) -> Future[TrainingResult]:
        """Begin to train in one of the processes."""
        try:
            future: Future[TrainingResult] = self._executor.submit(trained, network, seed, protocol)
        except BrokenExecutor:
            self._executor.shutdown(wait=False, kill_workers=True)
            self._executor = self._new()
            future = self._executor.submit(trained, network, seed, protocol)
        return future

    def _new(self) -> ProcessPoolExecutor:
        return ProcessPoolExecutor(max_workers=self.slots, timeout=None, initializer=_begin, initargs=(os.getpid(),))

    def close(self) -> None:
        """End the processes, whatever they do."""
        self._executor.shutdown(wait=True, kill_workers=True)


class RayPool:
    """Tasks on an existing Ray cluster: as many at once as it has processors for, now."""

    def __init__(self, address: str, threads: int) -> None:
        try:
            import ray
        except ImportError as error:
            raise StudyError("Ray is not installed: pip install -r requirements-cluster.txt.") from error
        _require_listener(address)
        try:
            ray.init(
                address=address,
                log_to_driver=False,
                logging_level=logging.ERROR,
                runtime_env={"py_modules": [str(PACKAGE)]},
            )
        except (ConnectionError, ValueError, RuntimeError, TimeoutError) as error:
            raise StudyError(f"No Ray cluster answers at {address}: {' '.join(str(error).split())[:200]}") from error
        self._ray, self._threads = ray, threads
        self._remote = ray.remote(num_cpus=threads, max_retries=RAY_RETRIES)(trained)

    @property
    def slots(self) -> int:
        """The processors of the nodes that are alive, by the threads of one training."""
        return max(1, int(self._resources().get("CPU", 1)) // self._threads)

    def _resources(self) -> dict[str, float]:
        found: dict[str, float] = self._ray.cluster_resources()  # type: ignore[no-untyped-call]  # of Ray's
        return found

    def submit(self, network: Network, seed: int, protocol: TrainingProtocol) -> Future[TrainingResult]:
        """Begin to train somewhere on the cluster."""
        future: Future[TrainingResult] = self._remote.remote(network, seed, protocol).future()
        return future

    def close(self) -> None:
        """Leave the cluster; what this driver had begun there ends."""
        self._ray.shutdown()


def _require_listener(address: str) -> None:
    """Refuse an address HOST:PORT at which nobody listens: Ray itself would try for minutes."""
    host, _, port = address.removeprefix("ray://").rpartition(":")
    if not host or not port.isdecimal():
        return  # "auto" and names are Ray's to find
    try:
        socket.create_connection((host, int(port)), timeout=LISTENER_SECONDS).close()
    except (OSError, OverflowError) as error:
        raise StudyError(f"No Ray cluster answers at {address}: start one with “ray start --head”.") from error


def died(error: BaseException) -> bool:
    """Whether a run ended because its process or node died, and not by its own fault."""
    names = {each.__name__ for each in type(error).__mro__}
    return isinstance(error, BrokenExecutor | CancelledError) or bool(names & {"RaySystemError", "WorkerCrashedError"})


def _begin(parent: int) -> None:
    """Prepare a worker: others go first, the driver alone answers Ctrl-C, and the worker ends with the driver."""
    give_way(NICENESS)
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    if hasattr(os, "pidfd_open"):
        threading.Thread(target=_end_with, args=(os.pidfd_open(parent),), daemon=True).start()


def _end_with(parent: int) -> None:
    """Wait for the end of the process behind a file descriptor; a killed driver must not leave a worker behind."""
    select.select([parent], [], [])
    os._exit(1)


def open_pool(jobs_at_once: int, ray_address: str | None, threads: int) -> Pool:
    """The pool that the command asks for.

    Raises:
        StudyError: there is no such cluster.
    """
    return LocalPool(jobs_at_once) if ray_address is None else RayPool(ray_address, threads)
