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
from explorer.ui.count.speed import timings
from explorer.ui.shared import state
from explorer.ui.shared.escape_markdown import escape_markdown
from explorer.ui.streamlit_internals import DeltaGenerator

ESTIMATED = "Estimated between the networks of this kind that have been timed on this server: see Speed."


def render(built: Built) -> None:
    """Limits in, the largest feasible φ out, with what binds and what is left."""
    limits, batch = _limits()
    basis = alike(timings(), built.network)
    free = st.toggle(
        "Choose α, β, γ too",
        help="Searches all triples ≥ 1 in steps of 0.05 with α·β²·γ² within 0.1 of 2.",
        key="_free",
        persist_state="session",
    )
    objective = "macs"
    if free:
        objective = st.selectbox(
            "Best is",
            list(OBJECTIVES),
            format_func=lambda key: f"the network with {OBJECTIVES[key].words}",
            key="_objective",
            persist_state="session",
        )

    def training_memory(network: Network) -> float:
        return memory.training(network, batch).total

    try:
        answer = solve(
            built.network.baseline,
            limits,
            state.current().compound,
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


def _limit(
    column: DeltaGenerator,
    name: str,
    label: str,
    allowed: tuple[float, float],
    start: float | None = None,
    step: float = 1.0,
    meaning: str | None = None,
) -> float | None:
    """The field of one limit, which keeps what was typed while other panels and pages are open; None is no limit."""
    return column.number_input(
        label,
        *allowed,
        start,
        step=step,
        placeholder="any",
        help=meaning,
        key=f"_budget_{name}",
        persist_state="session",
    )


def _limits() -> tuple[BudgetLimits, int]:
    """The limits that the visitor gives, and the batch that training memory is for."""
    first, second, third = st.columns(3)
    macs = _limit(first, "macs", f"At most, million {MACS.label}", (1.0, 1e7), 1000.0, step=100.0)
    params = _limit(second, "params", f"At most, million {PARAMS.label}", (0.01, 1e5))
    activations = _limit(third, "activations", f"At most, million {ACTIVATIONS.label}", (0.01, 1e6))
    fourth, fifth, sixth = st.columns(3)
    gpu = _limit(fourth, "gpu", f"{MEMORY.column}, GiB", (0.1, 1000.0))
    batch = fifth.number_input("… with a batch of", 1, 4096, 32, key="_budget_batch", persist_state="session")
    time = _limit(sixth, "time", f"{TIME.column} here, {TIME.scale}", (0.1, 1e5), step=5.0, meaning=ESTIMATED)
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
