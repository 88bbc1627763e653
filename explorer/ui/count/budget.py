"""The largest network within a budget."""

from __future__ import annotations

from dataclasses import replace

import streamlit as st

from explorer.cost import memory
from explorer.cost.latency import alike, basis_sentence, estimator
from explorer.formats.measures import ACTIVATIONS, GIB, MACS, MEMORY, MILLION, PARAMS, TIME
from explorer.formats.quantities import decimal, engineering, percent
from explorer.network.description import Network
from explorer.network.scaling import Compound, ScalingError
from explorer.planning.budget import LIMITS, OBJECTIVES, BudgetLimits
from explorer.planning.solver import NothingFits, Solution, solve
from explorer.settings.built import Built
from explorer.settings.declarations import options
from explorer.ui.count.speed import timings
from explorer.ui.shared import state
from explorer.ui.shared.escape_markdown import escape_markdown
from explorer.ui.shared.number_field import number_field
from explorer.ui.shared.state import bound
from explorer.ui.streamlit_internals import DeltaGenerator

ANY = "0 is no limit."
ESTIMATED = "Estimated between the networks of this kind that have been timed on this server: see Speed."


def render(built: Built, compound: Compound) -> None:
    """Limits in, the largest feasible φ out, with what binds and what is left."""
    limits, batch = _limits()
    basis = alike(timings(), built.network)
    free, objective = _freedom()

    def training_memory(network: Network) -> float:
        return memory.training(network, batch).total

    try:
        answer = solve(
            built.network.baseline,
            limits,
            compound,
            built.rounding,
            free=free,
            objective=objective,
            training_memory=training_memory,
            latency=estimator(basis) if basis else None,
        )
    except ScalingError as error:
        st.info(escape_markdown(str(error)), icon=":material/tune:")
        return
    if limits.milliseconds is not None:
        st.caption(escape_markdown(basis_sentence(basis)))
    _show(answer)


def _freedom() -> tuple[bool, str]:
    """Whether α, β and γ are chosen too, and what is best then."""
    free = st.segmented_control(
        "Choose α, β, γ too",
        options("free"),
        **bound("free"),
        required=True,
        help="Searches all triples ≥ 1 in steps of 0.05 with α·β²·γ² within 0.1 of 2.",
    )
    if free == "off":
        return False, options("objective")[0]
    best = st.selectbox(
        "Best is",
        options("objective"),
        format_func=lambda key: f"the network with {OBJECTIVES[key].words}",
        **bound("objective"),
    )
    return True, best


def _limits() -> tuple[BudgetLimits, int]:
    """The limits that the visitor gives, and the batch that training memory is for."""
    st.caption("What may it cost? Leave 0 where there is no limit.")
    first, second, third = st.columns(3)
    macs = limit(first, "limit_macs", f"At most, million {MACS.label}", 100.0)
    params = limit(second, "limit_params", f"At most, million {PARAMS.label}", 1.0)
    activations = limit(third, "limit_activations", f"At most, million {ACTIVATIONS.label}", 1.0)
    fourth, fifth, sixth = st.columns(3)
    gpu = limit(fourth, "limit_memory", f"{MEMORY.column}, GiB", 1.0)
    batch = number_field(fifth, "batch", "… with a batch of", step=1)
    time = limit(sixth, "limit_ms", f"{TIME.column} here, {TIME.scale}", 5.0, f"{ANY} {ESTIMATED}")
    limits = BudgetLimits(
        params=params and params * MILLION,
        macs=macs and macs * MILLION,
        activations=activations and activations * MILLION,
        training_memory=gpu and gpu * GIB,
        milliseconds=time,
    )
    return limits, int(batch)


def limit(place: DeltaGenerator, name: str, label: str, step: float, meaning: str = ANY) -> float | None:
    """The field of one limit of a budget; None is no limit."""
    return number_field(place, name, label, step=step, meaning=meaning) or None


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
    now = replace(state.current().architecture, by="formula", hold="off", phi=compound.phi)
    state.take_network(replace(now, alpha=alpha, beta=beta, gamma=gamma))
