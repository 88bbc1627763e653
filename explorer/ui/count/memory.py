"""What the network needs in memory: for an answer, for training, and the largest batch that fits."""

from __future__ import annotations

from functools import partial

import pandas as pd
import streamlit as st

from explorer.cost import memory
from explorer.cost.memory import OPTIMISERS, PRECISIONS, Optimiser, Precision
from explorer.formats.measures import GIB
from explorer.formats.quantities import counted, engineering, exact, percent
from explorer.jobs import tasks
from explorer.network.description import Network
from explorer.settings.built import Built
from explorer.settings.declarations import options
from explorer.ui.shared.measurement import measured
from explorer.ui.shared.number_field import number_field
from explorer.ui.shared.state import bound

LABEL = "Measure the real module"
EXPECTED = "The real module runs on shapes alone: some seconds."


def render(built: Built) -> None:
    """Choose precision, optimiser, batch and the memory there is; see the estimate, and measure it."""
    first, second, third, fourth = st.columns(4)
    precision = first.selectbox(
        "Precision", options("precision"), format_func=lambda key: PRECISIONS[key].words, **bound("precision")
    )
    optimiser = second.selectbox(
        "Optimiser", options("optimiser"), format_func=lambda key: OPTIMISERS[key].words, **bound("optimiser")
    )
    batch = number_field(third, "batch", "Images in a batch", step=1)
    gpu = number_field(fourth, "gpu", "Memory of the GPU, GiB", step=1.0)
    _needs(built.network, PRECISIONS[precision], OPTIMISERS[optimiser], int(batch), gpu)
    _measure(built)


def _needs(network: Network, precision: Precision, optimiser: Optimiser, batch: int, gpu: float) -> None:
    fits = int(gpu * GIB)
    training = memory.training(network, batch, optimiser, precision)
    inference = memory.inference(network, batch, precision)
    largest = memory.largest_batch(network, fits, optimiser, precision)
    totals = (
        ("An answer", f"{engineering(inference.total)}B", "Weights, and the fullest moment of the pass."),
        ("A training step", f"{engineering(training.total)}B", "At the end of the forward pass, when it needs most."),
        ("Largest training batch", exact(largest), f"Images that fit into {gpu:g} GiB."),
    )
    row = st.container(horizontal=True, gap="small")
    for label, value, meaning in totals:
        row.metric(label, value, help=meaning, width=220)
    if largest == 0:
        st.warning(memory.shortage(network, fits, optimiser, precision), icon=":material/memory:")
    parts = {
        "Weights and buffers": training.weights,
        "Gradients": training.gradients,
        "Optimiser's state": training.optimiser,
        "Stored activations": training.activations,
    }
    rows = [
        {"Training": name, "Bytes": exact(part), "Share": percent(part / training.total)}
        for name, part in parts.items()
    ]
    st.table(pd.DataFrame(rows).set_index("Training"))
    st.caption(
        "Not counted, because it depends on the machine: workspaces of convolutions, the rounding of allocators, the "
        "context of CUDA (about 0.5 GB), and the few gradients of activations that live at a time."
    )


def _measure(built: Built) -> None:
    st.subheader("Estimate and measurement")
    images = memory.fewest_images(built.network)
    estimates = {
        f"Stored activations, {counted(images, 'image')}, training": memory.training(built.network, images).activations,
        "Fullest moment, 1 image, answering": memory.inference(built.network, 1).activations,
    }
    found = measured("memory", built.network, partial(tasks.memory, built.network), LABEL, EXPECTED)
    measurements = found or (None, None)
    rows = [
        _row(name, estimate, value) for (name, estimate), value in zip(estimates.items(), measurements, strict=True)
    ]
    st.table(pd.DataFrame(rows).set_index("Bytes in float32"))
    if images > 1:
        st.caption("One image leaves maps of a single pixel here, on which PyTorch trains no batch normalisation.")


def _row(name: str, estimate: int, value: int | None) -> dict[str, str]:
    if value is None:
        shown, ratio = "not measured yet", "–"
    else:
        shown, ratio = exact(value), "1 (equal)" if estimate == value else f"{estimate / value:.4f}"
    return {"Bytes in float32": name, "Estimate": exact(estimate), "Measured": shown, "Ratio": ratio}
