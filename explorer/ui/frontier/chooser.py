"""Budgets in, a recommendation out."""

from __future__ import annotations

from dataclasses import replace

import streamlit as st

from explorer.cost import memory
from explorer.cost.latency import alike, basis_sentence, estimator
from explorer.formats.measures import BATCH, GIB, MACS, MEMORY, MILLION, PARAMS, TIME
from explorer.network.baselines import EFFICIENTNET
from explorer.network.description import of_baseline
from explorer.network.scaling import PAPER_ALPHA, PAPER_BETA, PAPER_GAMMA, ScalingError
from explorer.planning.budget import BudgetLimits
from explorer.planning.recommend import choose
from explorer.planning.solver import Solution
from explorer.ui.count.budget import ANY, limit
from explorer.ui.count.speed import timings
from explorer.ui.shared import state
from explorer.ui.shared.escape_markdown import escape_markdown

ESTIMATED = "Estimated between the EfficientNets that have been timed on this server: see Speed on page Count."
PASSED_OVER = "Networks of another kind are passed over where none of their kind was timed here."


def render() -> None:
    """The best published network with weights, the best predicted one, and what separates them."""
    limits, kept = _limits(), timings()
    basis = alike(kept, of_baseline(EFFICIENTNET))
    try:
        answer = choose(
            limits,
            training_memory=lambda network: memory.training(network, BATCH).total,
            latency=estimator(kept) if basis else None,
        )
    except ScalingError as error:
        st.info(escape_markdown(str(error)), icon=":material/tune:")
        return
    if limits.milliseconds is not None:
        st.caption(escape_markdown(f"{basis_sentence(basis)} {PASSED_OVER}"))
    for sentence in answer.sentences:
        subject, colon, rest = sentence.partition(":")
        st.markdown(f"**{escape_markdown(subject + colon)}**{escape_markdown(rest)}")
    if isinstance(answer.compound, Solution):
        phi = answer.compound.compound.phi
        st.button("Take the compound network into the sliders", on_click=_take, args=(phi,), icon=":material/tune:")


def _limits() -> BudgetLimits:
    """What the visitor can spend; 0 is no limit."""
    st.caption("What may it cost? Leave 0 where there is no limit.")
    first, second = st.columns(2)
    macs = limit(first, "limit_macs", f"At most, million {MACS.label}", 100.0)
    gpu = limit(first, "limit_memory", f"{MEMORY.column} for a batch of {BATCH}, GiB", 1.0)
    params = limit(second, "limit_params", f"At most, million {PARAMS.label}", 1.0)
    time = limit(second, "limit_ms", f"{TIME.column} here, {TIME.scale}", 5.0, f"{ANY} {ESTIMATED}")
    return BudgetLimits(
        params=params and params * MILLION,
        macs=macs and macs * MILLION,
        training_memory=gpu and gpu * GIB,
        milliseconds=time,
    )


def _take(phi: float) -> None:
    now = state.current().architecture
    now = replace(now, phi=phi, alpha=PAPER_ALPHA, beta=PAPER_BETA, gamma=PAPER_GAMMA)
    state.take_network(replace(now, family="efficientnet", by="formula", hold="off", rounding="reference"))
