"""The largest network within a budget."""

from __future__ import annotations

from dataclasses import replace

import streamlit as st

from explorer.cost import counting, memory
from explorer.cost.latency import estimator
from explorer.formats.measures import ACTIVATIONS, GIB, MACS, MEMORY, MILLION, PARAMS, TIME
from explorer.formats.quantities import decimal, engineering, percent
from explorer.network.description import Network
from explorer.network.scaling import Compound, ScalingError
from explorer.planning.budget import LIMITS, OBJECTIVES, BudgetLimits
from explorer.planning.solver import NothingFits, Solution, solve
from explorer.settings.built import Built
from explorer.ui.count.speed import timings
from explorer.ui.shared import state
from explorer.ui.shared.escape_markdown import escape_markdown


def render(built: Built) -> None:
    """Limits in, the largest feasible φ out, with what binds and what is left."""
    limits, batch = _limits()
    kept = timings().all()
    free = st.toggle(
        "Choose α, β, γ too", help="Searches all triples ≥ 1 in steps of 0.05 with α·β²·γ² within 0.1 of 2."
    )
    objective = "macs"
    if free:
        objective = st.selectbox(
            "Best is", list(OBJECTIVES), format_func=lambda key: f"the network with {OBJECTIVES[key].words}"
        )

    def training_memory(network: Network) -> float:
        return memory.training(network, batch).total

    def latency(network: Network) -> float:
        return estimator(kept)(counting.of(network).macs)

    try:
        answer = solve(
            built.network.baseline,
            limits,
            built.compound or Compound(0.0),
            built.rounding,
            free=free,
            objective=objective,
            training_memory=training_memory,
            latency=latency if kept else None,
        )
    except ScalingError as error:
        st.info(escape_markdown(str(error)), icon=":material/tune:")
        return
    _show(answer)


def _limits() -> tuple[BudgetLimits, int]:
    """The limits that the visitor gives, and the batch that training memory is for."""
    first, second, third = st.columns(3)
    macs = first.number_input(f"At most, million {MACS.label}", 1.0, 1e7, 1000.0, step=100.0)
    params = second.number_input(f"At most, million {PARAMS.label}", 0.01, 1e5, None, step=1.0, placeholder="any")
    activations = third.number_input(
        f"At most, million {ACTIVATIONS.label}", 0.01, 1e6, None, step=1.0, placeholder="any"
    )
    fourth, fifth, sixth = st.columns(3)
    gpu = fourth.number_input(f"{MEMORY.column}, GiB", 0.1, 1000.0, None, step=1.0, placeholder="any")
    batch = fifth.number_input("… with a batch of", 1, 4096, 32)
    time = sixth.number_input(
        f"{TIME.column} here, {TIME.scale}",
        0.1,
        1e5,
        None,
        step=5.0,
        placeholder="any",
        help="Estimated between the networks that have been timed on this server: see Speed.",
    )
    limits = BudgetLimits(
        params=None if params is None else params * MILLION,
        macs=None if macs is None else macs * MILLION,
        activations=None if activations is None else activations * MILLION,
        training_memory=None if gpu is None else gpu * GIB,
        milliseconds=time,
    )
    return limits, batch


def _show(answer: Solution | NothingFits) -> None:
    if isinstance(answer, NothingFits):
        st.warning(answer.sentence, icon=":material/block:")
        return
    compound, spent = answer.compound, answer.cost
    st.markdown(f"**{answer.sentence}**")
    row = st.container(horizontal=True, gap="small")
    row.metric("φ", decimal(compound.phi), width=110)
    row.metric("α · β · γ", f"{compound.alpha:.2f} · {compound.beta:.2f} · {compound.gamma:.2f}", width=300)
    row.metric(MACS.column, engineering(spent.macs), width=160)
    row.metric(PARAMS.column, engineering(spent.params), width=160)
    left = ", ".join(f"{percent(share)} of {LIMITS[key].words}" for key, share in answer.slack.items())
    st.caption(f"Left unused: {left}.")
    st.button("Take it into the sliders", on_click=_take, args=(compound,), icon=":material/tune:")


def _take(compound: Compound) -> None:
    alpha, beta, gamma = compound.alpha, compound.beta, compound.gamma
    state.take(
        replace(state.current(), by="formula", hold="off", phi=compound.phi, alpha=alpha, beta=beta, gamma=gamma)
    )
