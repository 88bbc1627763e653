"""Budgets in, a recommendation out."""

from __future__ import annotations

from dataclasses import replace

import streamlit as st

from explorer import cost, memory
from explorer.budget import Limits
from explorer.built import Built
from explorer.chooser import choose
from explorer.frontier import BATCH
from explorer.latency import estimator
from explorer.network import Network
from explorer.scaling import PAPER_ALPHA, PAPER_BETA, PAPER_GAMMA, ScalingError
from explorer.solver import Solution
from explorer.ui import state
from explorer.ui.panels.speed import timings
from explorer.ui.plain import plain

MILLION, GIB = 1e6, 2**30


def render(_built: Built) -> None:
    """The best published network with weights, the best predicted one, and what separates them."""
    limits, kept = _limits(), timings().all()

    def latency(network: Network) -> float:
        return estimator(kept)(cost.of(network).macs)

    try:
        answer = choose(
            limits,
            training_memory=lambda network: memory.training(network, BATCH).total,
            latency=latency if kept else None,
        )
    except ScalingError as error:
        st.info(plain(str(error)), icon=":material/tune:")
        return
    for sentence in answer.sentences:
        st.markdown(plain(sentence))
    if isinstance(answer.compound, Solution):
        phi = answer.compound.compound.phi
        st.button("Take the compound network into the sliders", on_click=_take, args=(phi,), icon=":material/tune:")


def _limits() -> Limits:
    """What the visitor can spend."""
    first, second = st.columns(2)
    macs = first.number_input("At most, million multiply-adds", 1.0, 1e7, 1000.0, step=100.0)
    params = second.number_input("At most, million parameters", 0.01, 1e5, None, step=1.0, placeholder="any")
    third, fourth = st.columns(2)
    gpu = third.number_input(
        f"Training memory for a batch of {BATCH}, GiB", 0.1, 1000.0, None, step=1.0, placeholder="any"
    )
    time = fourth.number_input(
        "Time for an image here, ms",
        0.1,
        1e5,
        None,
        step=5.0,
        placeholder="any",
        help="Estimated between the networks that have been timed on this server: see Speed on page Count.",
    )
    return Limits(
        params=None if params is None else params * MILLION,
        macs=None if macs is None else macs * MILLION,
        training_memory=None if gpu is None else gpu * GIB,
        milliseconds=time,
    )


def _take(phi: float) -> None:
    now = replace(state.current(), phi=phi, alpha=PAPER_ALPHA, beta=PAPER_BETA, gamma=PAPER_GAMMA)
    state.put(replace(now, family="efficientnet", by="formula", hold="off", rounding="reference"))
