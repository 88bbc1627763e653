"""A photograph through the worker, against timm's eager forward and pytorch-grad-cam in this process."""

from __future__ import annotations

from collections.abc import Iterator

import torch
from PIL import Image
from pytorch_grad_cam import GradCAM
from pytorch_grad_cam.utils.model_targets import ClassifierOutputTarget

from explorer.assets import ASSETS
from explorer.jobs import tasks
from explorer.jobs.pool import WorkerPool
from explorer.models.checkpoints import Checkpoint, bundled
from explorer.models.lineage import of_checkpoint
from explorer.models.weights import engine, load
from explorer.vision.classify import look
from tests.benchmarks.timing import Comparison, compare
from tests.support.samples import photograph_file

ESPRESSO = 967


def comparisons() -> Iterator[Comparison]:
    """For each trained network: the answer with all its maps, alone and through the worker process."""
    with Image.open(ASSETS / "samples" / "coffee.jpg") as file:
        image = file.convert("RGB")
    service = WorkerPool()
    try:
        for checkpoint in bundled().values():
            yield from _network(checkpoint, image, service)
    finally:
        service.stop()


def _network(checkpoint: Checkpoint, image: Image.Image, service: WorkerPool) -> Iterator[Comparison]:
    module, ours_ready, file = load(checkpoint), engine(of_checkpoint(checkpoint)), photograph_file("coffee")
    values = torch.from_numpy(checkpoint.preprocessing.normalise(checkpoint.preprocessing.seen(image)))

    @torch.inference_mode()
    def forward() -> object:
        return module(values)

    def library() -> object:
        with GradCAM(model=module, target_layers=[module.bn2]) as cam:
            return cam(input_tensor=values, targets=[ClassifierOutputTarget(ESPRESSO)])

    def ours() -> object:
        return look(ours_ready, of_checkpoint(checkpoint), image)

    def through_the_worker() -> object:
        return service.submit("visitor", tasks.look, of_checkpoint(checkpoint), file).result()

    name, eager = checkpoint.title, "timm eager, forward alone"
    yield compare(f"{name}: answer and 1000 maps", ours, eager, forward)
    yield compare(f"{name}: answer and 1000 maps", ours, "pytorch-grad-cam, one map", library)
    yield compare(f"{name}: the same through the worker", through_the_worker, eager, forward)
