"""Step 1 and step 2: how the paper used its rule."""

from __future__ import annotations

import streamlit as st

from explorer.accuracy.predict import report
from explorer.charts.paper import rule as charts
from explorer.teaching.paper import steps
from explorer.ui.paper.parts import counts, predicts, says
from explorer.ui.paper.try_it import direct, formula
from explorer.ui.shared import figure


def render() -> None:
    """The grid search at φ = 1, and the published networks that should lie on the formula."""
    says(
        "**Step 1.** Fix φ = 1, assume twice the resources, and search a small grid of α, β, γ under the constraint. "
        "The paper finds α = 1.2, β = 1.1, γ = 1.15."
    )
    found = steps.candidates()
    first = steps.step1_sentence(found)
    figure.show(charts.candidates(found), "paper_step1", first, steps.step1_rows(found))
    counts(first)
    likely = steps.predicted_sentence(found, report())
    figure.show(charts.candidates_top1(found), "paper_step1_top1", likely, steps.step1_rows(found))
    predicts(likely)
    st.subheader("Step 2")
    says("**Step 2.** Keep α, β, γ and raise φ: that gives EfficientNet-B1 to B7.")
    second = steps.step2_sentence()
    published = steps.published_phis()
    figure.show(charts.published_phi(published), "paper_step2", second, steps.step2_rows())
    counts(second)
    left, right = st.columns(2)
    with left:
        formula("the formula at φ = 6", 6.0)
    with right:
        direct("B7 as published", 3.1, 2.0, 600)
