"""The problem: Equations 1 and 2."""

from __future__ import annotations

import streamlit as st

from explorer.charts.paper import rule as charts
from explorer.formats.quantities import engineering
from explorer.teaching.paper import problem
from explorer.ui.paper.parts import counts, says
from explorer.ui.paper.try_it import direct
from explorer.ui.shared import figure
from explorer.ui.shared.page_input import PageInput

EQUATION_1 = (
    r"\mathcal{N} = \bigodot_{i=1 \ldots s} \mathcal{F}_i^{L_i}\!\left(X_{\langle H_i,\, W_i,\, C_i \rangle}\right)"
)
EQUATION_2 = (
    r"\max_{d,\,w,\,r}\ \mathrm{Accuracy}\big(\mathcal{N}(d, w, r)\big)",
    r"\mathcal{N}(d, w, r) = \bigodot_{i} \hat{\mathcal{F}}_i^{\,d \hat{L}_i}"
    r"\!\left(X_{\langle r \hat{H}_i,\, r \hat{W}_i,\, w \hat{C}_i \rangle}\right)",
    r"\mathrm{Memory}(\mathcal{N}) \le \text{target memory}",
    r"\mathrm{FLOPS}(\mathcal{N}) \le \text{target flops}",
)
"""One line each: a phone shows them whole."""


def render(shown: PageInput) -> None:
    """The two equations in words, and every shape that one budget buys."""
    says(
        "A convolutional network is a chain of stages. Stage *i* repeats one operator F*ᵢ* for L*ᵢ* layers, on an "
        "input of H*ᵢ* × W*ᵢ* pixels and C*ᵢ* channels (Equation 1):"
    )
    st.latex(EQUATION_1)
    st.markdown(
        "Others search for the best operator. **Model scaling keeps the operators and asks how long (d), how wide (w) "
        "and at which resolution (r) the same network should be**, with one multiplier each for all stages. The most "
        "accurate network within a budget of memory and multiply-adds is wanted (Equation 2):"
    )
    for line in EQUATION_2:
        st.latex(line)
    built = shown.built_or_said()
    if built is None:
        return
    found = problem.edges(built.network.baseline, built.cost.macs, built.rounding)
    sentence = problem.sentence(found, built.cost.macs, "the network")
    chart = charts.budget(found, built.multipliers.depth, built.multipliers.width)
    figure.show(chart, "paper_budget", sentence, problem.rows(found))
    counts(f"{sentence} The lines have steps because layers and channels are whole numbers.")
    st.caption(f"The budget is your network's {engineering(built.cost.macs)} multiply-adds: move the sliders.")
    direct("four times as deep, and nothing else", 4.0, 1.0, 224)
