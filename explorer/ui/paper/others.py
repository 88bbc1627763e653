"""Table 3: other networks scaled by the same rule."""

from __future__ import annotations

import streamlit as st

from explorer.charts.paper import scaling as charts
from explorer.network.baselines import BASELINES
from explorer.teaching.paper import balance, others
from explorer.ui.paper.parts import counts, says, sheet
from explorer.ui.paper.try_it import direct
from explorer.ui.shared import figure


def render() -> None:
    """MobileNetV1, MobileNetV2 and ResNet-50, as printed and as counted."""
    says("Compound scaling is not only for EfficientNet: it also scales MobileNets and ResNet-50 better (Table 3).")
    sentences = [others.sentence(family) for family in others.FAMILIES]
    figure.show(charts.table3(), "paper_table3", " ".join(sentences), others.rows())
    st.caption("Full: as printed. Hollow, in the same colour and form: at the cost that we count.")
    st.markdown("\n".join(f"- {sentence}" for sentence in sentences))
    counts(others.recount_sentence())
    for family in others.FAMILIES:
        with st.expander(f"{BASELINES[family].name} in numbers"):
            sheet(balance.recount_rows(others.counted(family)), f"paper_table3_{family}")
    left, right = st.columns(2)
    with left:
        direct("MobileNetV1, compound", 1.4, 1.2, 291, "mobilenetv1")
    with right:
        direct("ResNet-50 with depth 4", 4.0, 1.0, 224, "resnet50")
