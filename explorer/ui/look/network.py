"""Which network looks: the one at the sliders with the weights that fit it, or a published one."""

from __future__ import annotations

from dataclasses import replace

import streamlit as st

from explorer.models.checkpoints import at_hand, bundled
from explorer.models.lineage import Classifier, Grown, Trained, Untrained, choices, of_checkpoint, weights_for
from explorer.models.suggestions import remedies
from explorer.settings.built import Built
from explorer.settings.declarations import Settings, options
from explorer.ui.shared import state
from explorer.ui.shared.building import built_here
from explorer.ui.shared.escape_markdown import escape_markdown

SLIDERS = "sliders"
BEST = ""


def choose() -> Classifier | None:
    """Draw the picker and give the network that looks; None where it has no weights, which is then said."""
    st.segmented_control("Network", options("network"), format_func=_name, key="network", required=True)
    if st.session_state["network"] != SLIDERS:
        return of_checkpoint(bundled()[st.session_state["network"]])
    built = built_here()
    return None if built is None else _at_sliders(built)


def _name(key: str) -> str:
    return "At your sliders" if key == SLIDERS else bundled()[key].title.removeprefix("EfficientNet-")


def _at_sliders(built: Built) -> Classifier | None:
    checkpoints = at_hand()
    fitting = choices(built.network, checkpoints)
    if not fitting:
        weights = weights_for(built.network, checkpoints)
        _untrained(weights.reason if isinstance(weights, Untrained) else "")
        return None
    return Classifier(built.network, _chosen(fitting))


def _chosen(fitting: tuple[Trained | Grown, ...]) -> Trained | Grown:
    """The weights that the visitor chose, where several fit; else the best."""
    by_name = {BEST: fitting[0], **{weights.checkpoint.name: weights for weights in fitting}}
    asked = st.session_state["weights"]
    if asked not in by_name:
        st.warning(
            f"The weights “{escape_markdown(asked)}” do not fit this network or are not on this "
            "machine: the best that do are taken.",
            icon=":material/link_off:",
        )
        st.session_state["weights"] = BEST
    st.selectbox(
        "Weights",
        list(by_name),
        format_func=lambda name: _title(by_name[name], best=name == BEST),
        key="weights",
        help="All weights on this machine that this network can carry: its own, or those of a smaller network in it.",
    )
    return by_name[st.session_state["weights"]]


def _title(weights: Trained | Grown, best: bool) -> str:
    checkpoint = weights.checkpoint
    how = f"those of {checkpoint.title}" if isinstance(weights, Trained) else f"grown from {checkpoint.title}"
    recipe = f" ({checkpoint.recipe})" if checkpoint.recipe else ""
    return f"{'the best that fit: ' if best else ''}{how}{recipe}"


def _untrained(reason: str) -> None:
    """Why there is no answer, and what to change, one click each."""
    st.warning(
        f"**The network at your sliders is untrained, so it has no answers.** {escape_markdown(reason)} "
        "Its costs, its drawing and its speed are real all the same: they are on the other pages.",
        icon=":material/school:",
    )
    row = st.container(horizontal=True, gap="small")
    for number, remedy in enumerate(remedies(state.current(), at_hand())):
        row.button(remedy.words, key=f"_remedy_{number}", on_click=_take, args=(remedy.settings,))


def _take(settings: Settings) -> None:
    state.take(replace(settings, network=SLIDERS))
