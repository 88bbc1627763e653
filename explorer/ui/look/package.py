"""Training on from here: the whole network as files."""

from __future__ import annotations

from functools import partial

import streamlit as st

from explorer.cost import counting
from explorer.formats.quantities import engineering
from explorer.jobs import tasks
from explorer.models import snippet
from explorer.models.lineage import Classifier
from explorer.ui.shared.measurement import measured
from explorer.vision.narrative import package_sentence

COPIES = 2
"""The weights are in two of the files."""


def render(classifier: Classifier) -> None:
    """What the package holds, and its download; the program that rebuilds the network is shown at once."""
    st.subheader("Train on from here")
    size = engineering(COPIES * 4 * counting.of(classifier.network).params)
    st.markdown(package_sentence(classifier))
    st.table(
        {
            "File": ["weights.safetensors", "network.onnx", "weights.json", "rebuild.py"],
            "What it is": [
                "every tensor by its name in timm's module, in float32",
                "the graph with batch normalisation folded, for any image size; checked against torch",
                "the stages, how images are prepared, and where the weights come from",
                "builds the network with timm, asserts its number of parameters, loads the weights",
            ],
        }
    )
    archive = measured(
        "package",
        classifier,
        partial(tasks.package, classifier),
        f"Make the package (about {size}B)",
        "The network is built, its graph written and held against torch: a few seconds.",
    )
    if archive is not None:
        st.download_button(
            f"Download the package ({engineering(len(archive))}B)",
            archive,
            "network.zip",
            "application/zip",
            icon=":material/download:",
            on_click="ignore",
        )
    checkpoint = classifier.checkpoint
    with st.expander("rebuild.py"):
        padding, epsilon, folded = checkpoint.padding, checkpoint.norm_epsilon, checkpoint.folded_norms
        st.code(snippet.rebuild(classifier.network, classifier.name, padding, epsilon, folded))
