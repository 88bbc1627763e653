"""What torch, fvcore and timm say of the real module: the measurements that the descriptions are held against.

What needs only shapes runs on torch's meta device: the same module and the same autograd, no arithmetic, no memory.
"""

from __future__ import annotations

import math
import warnings
from collections.abc import Callable, Iterable, Mapping, Sequence
from time import perf_counter
from weakref import WeakKeyDictionary

import torch
from timm.models.efficientnet import EfficientNet
from timm.models.resnet import ResNet
from torch import Tensor, UntypedStorage, nn
from torch.autograd.graph import saved_tensors_hooks
from torch.utils._python_dispatch import TorchDispatchMode
from torch.utils._pytree import tree_leaves
from torch.utils.flop_counter import FlopCounterMode

from explorer.cost.latency import Latency, of_runs
from explorer.cost.memory import FLOAT32, Precision, fewest_images
from explorer.formats.quantities import counted
from explorer.models import task_memory
from explorer.models.build import build
from explorer.models.errors import MeasureError
from explorer.models.kept import claim
from explorer.models.threads import torch_threads
from explorer.network.description import Network

TYPES: Mapping[str, torch.dtype] = {"float32": torch.float32, "float16": torch.float16, "bfloat16": torch.bfloat16}

FEWEST_RUNS = 3
"""So many are timed for quartiles, however long they take."""

WARM_UP_SHARE = 0.5
"""The share of its time after which a measurement stops warming up."""


def count_parameters(network: Network) -> int:
    """Trainable parameters of the module."""
    return sum(value.numel() for value in _module(network, "meta").parameters())


def count_torch(network: Network) -> int:
    """What torch's `FlopCounterMode` totals for one image."""
    module, image = _module(network, "meta"), _images(network, 1, "meta")
    with torch.no_grad(), FlopCounterMode(display=False) as counter:
        module(image)
    return int(counter.get_total_flops())


def count_fvcore(network: Network) -> int:
    """What fvcore's `FlopCountAnalysis` totals for one image.

    Its tracing does not work on the meta device: one image really goes through the module, about 4 s for B7.

    Raises:
        TooLargeError: it needs more memory than there may be.
    """
    claim(task_memory.forward(network))
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", FutureWarning)  # importing fvcore compiles a function the old way
        from fvcore.nn import FlopCountAnalysis
    with torch.no_grad():
        analysis = FlopCountAnalysis(_module(network, "cpu"), _images(network, 1, "cpu"))
        total: int = analysis.unsupported_ops_warnings(False).uncalled_modules_warnings(False).total()
    return total


def saved_activations(network: Network, batch: int, precision: Precision = FLOAT32, device: str = "meta") -> int:
    """Bytes that autograd keeps for the backward pass of `batch` images through the module in training mode.

    Every storage counts once: the images, and the 16-bit copies of weights that autocast makes, but neither
    parameters nor buffers. `device` is "meta" or "cpu".

    Raises:
        MeasureError: autocast knows no meta device; or torch does not train on a single value per channel, which is
            all that the last maps of a single image of 32 pixels have (see `fewest_images`).
    """
    if batch < fewest_images(network):
        raise MeasureError(
            f"At {network.input_resolution} px a map of one image is a single pixel, and torch trains no batch "
            f"normalisation on a single value: measure {counted(fewest_images(network), 'image')}, or more pixels."
        )
    lower = precision != FLOAT32
    if lower and device == "meta":
        raise MeasureError(f"{precision.key} must be measured on the CPU: autocast knows no meta device.")
    module, images = _module(network, device).train(), _images(network, batch, device)
    saved: set[UntypedStorage] = set()

    def pack(tensor: Tensor) -> Tensor:
        saved.add(tensor.untyped_storage())
        return tensor

    kept = saved_tensors_hooks(pack, lambda tensor: tensor)
    with torch.enable_grad(), kept, torch.autocast("cpu", TYPES[precision.key], enabled=lower):
        module(images)
    return sum(int(storage.nbytes()) for storage in saved - _own(module))


def peak_inference(network: Network, batch: int, precision: Precision = FLOAT32, device: str = "meta") -> int:
    """The most bytes that tensors hold at a time while `batch` images pass through the module without gradients.

    The images count; parameters, buffers and what an operation needs within itself do not. `device` is "meta" or "cpu".
    """
    kind = TYPES[precision.key]
    module, images = _module(network, device).to(kind), _images(network, batch, device).to(kind)
    live = _Live(images, _own(module))
    with torch.inference_mode(), live:
        module(images)
    return live.peak


def latency(
    network: Network,
    threads: int = 1,
    warm_up: int = 3,
    runs: int = 30,
    seconds: float = 5.0,
    clock: Callable[[], float] = perf_counter,
) -> Latency:
    """Median and quartiles of one float32 image through the untrained module.

    One thread is how the paper timed its Table 4. Where time runs short there are fewer runs: warming up ends after
    half of the `seconds` but not before one run, timing after all of them but not before three.

    Args:
        network: what to time.
        threads: torch's threads; those that were set before are set again.
        warm_up: runs that are not counted.
        runs: runs that are.
        seconds: the time that all of it should take.
        clock: gives the time in seconds.

    Raises:
        TooLargeError: it needs more memory than there may be.
    """
    claim(task_memory.forward(network))
    module, image = _module(network, "cpu"), _images(network, 1, "cpu")
    with torch_threads(threads), torch.inference_mode():
        started = clock()
        timed(lambda: module(image), warm_up, 1, started + WARM_UP_SHARE * seconds, clock)
        times = timed(lambda: module(image), runs, FEWEST_RUNS, started + seconds, clock)
    return of_runs(times, threads)


class _Live(TorchDispatchMode):  # type: ignore[no-untyped-call]  # torch does not annotate how it is inherited from
    """Follows the storages of what operations put out until nothing refers to them any more.

    `peak` is reached at the end of an operation, when what it reads is still there and what it writes already.
    """

    def __init__(self, images: Tensor, own: set[UntypedStorage]) -> None:
        super().__init__()  # type: ignore[no-untyped-call]
        self.peak = 0
        self._own = own
        self._sizes: WeakKeyDictionary[UntypedStorage, int] = WeakKeyDictionary()
        self._note([images])

    def __torch_dispatch__(
        self,
        func: Callable[..., object],
        types: object,
        args: Sequence[object] = (),
        kwargs: Mapping[str, object] | None = None,
    ) -> object:
        result = func(*args, **(kwargs or {}))
        self._note(tree_leaves(result))
        return result

    def _note(self, values: Iterable[object]) -> None:
        for value in values:
            if isinstance(value, Tensor) and (storage := value.untyped_storage()) not in self._own:
                self._sizes[storage] = storage.nbytes()
        self.peak = max(self.peak, sum(self._sizes.values()))


def _module(network: Network, device: str) -> EfficientNet | ResNet:
    with torch.device(device):
        return build(network)


def _images(network: Network, batch: int, device: str) -> Tensor:
    pixels = network.input_resolution
    return torch.rand(batch, network.baseline.in_channels, pixels, pixels, device=device)


def _own(module: nn.Module) -> set[UntypedStorage]:
    """Which storages are parameters and buffers."""
    return {tensor.untyped_storage() for tensor in (*module.parameters(), *module.buffers())}


def timed(
    run: Callable[[], object],
    most: int,
    fewest: int,
    deadline: float = math.inf,
    clock: Callable[[], float] = perf_counter,
) -> list[float]:
    """Seconds of each run: at most `most`, and only `fewest` after the deadline."""
    times: list[float] = []
    before = clock()
    while len(times) < fewest or (len(times) < most and before < deadline):
        run()
        after = clock()
        times.append(after - before)
        before = after
    return times
