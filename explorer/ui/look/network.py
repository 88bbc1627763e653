"""Which network looks: the one at the sliders or, where that has no weights, the one that answers for it."""

from __future__ import annotations

from dataclasses import replace

import streamlit as st

from explorer.models.checkpoints import at_hand, bundled, catalogue
from explorer.models.lineage import Classifier, Grown, Trained, Untrained, choices, of_checkpoint
from explorer.models.suggestions import Answering, answering, missing
from explorer.settings.declarations import Architecture, LookView, options
from explorer.ui.look.downloads import offer
from explorer.ui.shared import state
from explorer.ui.shared.escape_markdown import escape_markdown
from explorer.ui.shared.state import bound

SLIDERS = "sliders"
BEST = ""


def choose(view: LookView, architecture: Architecture) -> Classifier | None:
    """Draw the picker and give the network that looks; None only where no weights are on this machine."""
    st.segmented_control("Network", options("network"), format_func=_name, **bound("network"), required=True)
    if view.network != SLIDERS:
        return of_checkpoint(bundled()[view.network])
    checkpoints = at_hand()
    found = answering(architecture, checkpoints)
    if found is None:
        st.warning("No trained weights are on this machine, so there are no answers.", icon=":material/school:")
        return None
    if found.untrained is None:
        return replace(found.classifier, weights=_chosen(choices(found.classifier.network, checkpoints), view.weights))
    _substitute(found, found.untrained, architecture)
    return found.classifier


def _name(key: str) -> str:
    return "At your sliders" if key == SLIDERS else bundled()[key].title.removeprefix("EfficientNet-")


def _chosen(fitting: tuple[Trained | Grown, ...], asked: str) -> Trained | Grown:
    """The weights that the visitor chooses where several fit; else those that do."""
    by_name = {BEST: fitting[0], **{weights.checkpoint.name: weights for weights in fitting}}
    if asked not in by_name:
        st.warning(
            f"The weights “{escape_markdown(asked)}” do not fit this network or are not on this "
            "machine: the best that do are taken.",
            icon=":material/link_off:",
        )
        st.session_state["weights"] = BEST
    if len(fitting) == 1:
        return fitting[0]
    name = st.selectbox(
        "Weights",
        list(by_name),
        format_func=lambda name: _title(by_name[name], best=name == BEST),
        **bound("weights"),
        help="All weights on this machine that this network can carry: its own, or those of a smaller network in it.",
    )
    return by_name[name]


def _title(weights: Trained | Grown, best: bool) -> str:
    checkpoint = weights.checkpoint
    how = f"those of {checkpoint.title}" if isinstance(weights, Trained) else f"grown from {checkpoint.title}"
    recipe = f" ({checkpoint.recipe})" if checkpoint.recipe else ""
    return f"{'the best that fit: ' if best else ''}{how}{recipe}"


def _substitute(found: Answering, untrained: Untrained, architecture: Architecture) -> None:
    """Which network answers instead and why, a click that fetches what is missing, and one that sets the sliders."""
    st.info(
        f"**{escape_markdown(found.words)} answers for your network.** {escape_markdown(untrained.reason)}",
        icon=":material/swap_horiz:",
    )
    with st.container(horizontal=True, gap="small"):
        offer(missing(architecture, catalogue().values()), untrained.advice)
        st.button("Set the sliders to it", icon=":material/tune:", on_click=state.take_network, args=(found.settings,))
