"""An answer with its evidence: the engine and our gradient, against timm's eager forward and pytorch-grad-cam.

Both of a pair run on the same number of threads, in turn, in this process. The weights are untrained: they decide what
is seen and not how long it takes.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import torch
from pytorch_grad_cam import GradCAM
from pytorch_grad_cam.utils.model_targets import ClassifierOutputTarget

from explorer.models.build import efficientnet
from explorer.models.engine import Engine
from explorer.published import presets
from explorer.vision.activation_maps import CamMethod, exact_maps
from explorer.vision.evidence import at_stage
from tests.benchmarks.timing import Comparison, compare

CLASS = 967
NETWORKS = ("lite0", "b0", "b3", "b4")
STAGES = {"b0": (5, 7), "b3": (5, 7)}
THREADS = (1, 2)


def comparisons() -> Iterator[Comparison]:
    """For each network and number of threads: the exact map, and Grad-CAM at a stage where it is asked for."""
    before = torch.get_num_threads()
    try:
        for threads in THREADS:
            torch.set_num_threads(threads)
            for key in NETWORKS:
                yield from _network(key, threads)
    finally:
        torch.set_num_threads(before)


def _network(key: str, threads: int) -> Iterator[Comparison]:
    preset = presets()[key]
    network = preset.network()
    module, pixels = efficientnet(network), network.input_resolution
    values = np.random.default_rng(0).normal(size=(1, 3, pixels, pixels)).astype(np.float32)
    image, weight = torch.from_numpy(values), module.classifier.weight.detach().numpy()
    engine = Engine(network, module.state_dict(), threads=threads)

    @torch.inference_mode()
    def forward() -> object:
        return module(image)

    def mapped(classes: list[int] | None) -> object:
        return exact_maps(engine.run(values).features[0], weight, classes)

    eager, name = "timm eager, forward alone", f"{preset.title}, {threads} thread{'s' * (threads > 1)}"
    yield compare(f"{name}: answer and map", lambda: mapped([CLASS]), eager, forward)
    yield compare(f"{name}: answer and 1000 maps", lambda: mapped(None), eager, forward)
    for stage in STAGES.get(key, ()):

        def ours(stage: int = stage) -> object:
            return at_stage(module, stage, CLASS, engine.stage_map(values, stage)).map(CamMethod.GRAD_CAM)

        def library(stage: int = stage) -> object:
            with GradCAM(model=module, target_layers=[module.blocks[stage - 2]]) as cam:
                return cam(input_tensor=image, targets=[ClassifierOutputTarget(CLASS)])

        yield compare(f"{name}: Grad-CAM at stage {stage}", ours, "pytorch-grad-cam", library)
