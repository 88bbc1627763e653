"""How B0 was found: the search's objective."""

from __future__ import annotations

import streamlit as st

from explorer.charts.paper import results as charts
from explorer.settings.declarations import EXPONENT
from explorer.teaching.paper import objective
from explorer.ui.paper.parts import counts, says
from explorer.ui.paper.try_it import formula
from explorer.ui.shared import figure
from explorer.ui.shared.state import bound


def render(exponent: float) -> None:
    """The reward, its exponent as a slider, and what it prefers among the networks of Table 2."""
    own = objective.of_paper()
    says(
        "B0 comes from a multi-objective architecture search that maximises a reward of accuracy and multiply-adds, "
        f"with the target T = {own.target * 1000:.0f} million and w = −{abs(own.exponent):.2f}:"
    )
    st.latex(r"\mathrm{ACC}(m) \times \left[\frac{\mathrm{FLOPS}(m)}{T}\right]^{w}")
    st.slider(
        "w: how much a multiply-add weighs",
        EXPONENT.lowest,
        EXPONENT.highest,
        step=0.01,
        **bound("exponent"),
        help="At 0 only accuracy counts; the more negative, the dearer every doubling of the multiply-adds.",
    )
    chosen = objective.SearchReward(own.target, exponent)
    sentence = objective.sentence(chosen)
    figure.show(charts.rewards(chosen), "paper_reward", sentence, objective.rows(chosen))
    st.caption("Above the dashed line a network earns more than B0, below it less.")
    counts(sentence)
    formula("B0, the network that the search found", 0.0)
