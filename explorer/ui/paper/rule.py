"""Equation 3: the compound rule and its constraint."""

from __future__ import annotations

import streamlit as st

from explorer.charts.paper import rule as charts
from explorer.teaching.paper import rule
from explorer.ui.paper.parts import counts, says
from explorer.ui.paper.try_it import formula
from explorer.ui.shared import figure
from explorer.ui.shared.page_input import PageInput

EQUATION_3 = (
    r"d = \alpha^{\phi} \qquad w = \beta^{\phi} \qquad r = \gamma^{\phi}",
    r"\alpha \cdot \beta^2 \cdot \gamma^2 \approx 2, \qquad \alpha, \beta, \gamma \ge 1",
)


def render(shown: PageInput) -> None:
    """The equation, the surface on which α, β and γ may lie, and the growth with φ."""
    says("One number φ scales depth d, width w and resolution r with constants α, β, γ (Equation 3):")
    for line in EQUATION_3:
        st.latex(line)
    st.markdown(
        "Twice the depth costs twice the multiply-adds; twice the width or the resolution costs four times as many: "
        "hence the squares. The constraint makes each step of φ cost a factor of about 2."
    )
    built = shown.built_or_said()
    if built is None:
        return
    compound = shown.settings.architecture.compound
    surface = rule.surface()
    told = rule.surface_sentence(compound)
    figure.show(charts.constraint(surface, compound), "paper_constraint", told, rule.surface_rows(surface))
    st.caption(f"{told} Drag to turn it.")
    growth = rule.growth(built.network.baseline, compound, built.rounding)
    sentence = rule.growth_sentence(growth, compound)
    figure.show(charts.growth(growth), "paper_growth", sentence, rule.growth_rows(growth))
    counts(sentence)
    left, right = st.columns(2)
    with left:
        formula("the paper's constants at φ = 3", 3.0)
    with right:
        formula("depth alone: α = 2, β = γ = 1", 1.0, alpha=2.0)
