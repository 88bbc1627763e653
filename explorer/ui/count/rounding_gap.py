"""What rounding does: promised against built, by dimension, and where the sliders jump or do nothing."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from explorer.charts.staircase import staircase
from explorer.formats.quantities import decimal, times
from explorer.network.scaling import Compound, Multipliers
from explorer.planning.narrative import steps_sentence
from explorer.planning.rounding_gap import effective_phi, gap
from explorer.planning.sweep import along_dimension, along_phi
from explorer.published import presets
from explorer.settings.built import Built
from explorer.ui.shared.figure import show


def render(built: Built, compound: Compound) -> None:
    """The gap by dimension, the staircase of the chosen slider, and the φ of every published network."""
    _gap(built)
    _steps(built)
    _published(built, compound)


def _gap(built: Built) -> None:
    split = gap(built.network, built.multipliers, built.rounding)
    ideal = f"2^φ = {times(2**built.compound.phi)}; " if built.compound else ""
    st.markdown(
        f"**Promised {times(split.promised)}, built {times(split.built)}: a gap of ×{split.total:.2f}.** {ideal}"
        f"depth makes ×{split.depth:.2f} of the gap, width ×{split.width:.2f}, resolution ×{split.resolution:.2f}; "
        "the three multiply to it."
    )
    st.caption(
        "Each factor is the dimension's mean share over all orders of scaling (its Shapley value). It holds the "
        "rounding, and what the rule ignores: the stem is never deeper, and depthwise convolutions grow with w, not w²."
    )


def _steps(built: Built) -> None:
    st.subheader("Cliffs and dead zones")
    names = ["φ", "depth", "width", "resolution"] if built.compound else ["depth", "width", "resolution"]
    along = st.segmented_control("Move", names, default=names[0], key="_along", required=True, persist_state="session")
    sweep = along_phi(built, built.compound) if along == "φ" and built.compound else along_dimension(built, along)
    sentence = steps_sentence(along, sweep)
    figure = staircase(
        sweep.values, sweep.macs / built.baseline_cost.macs, sweep.promised, (sweep.here, built.built_factor), along
    )
    steps = [
        {
            along: float(value),
            "built, × the baseline": float(macs / built.baseline_cost.macs),
            "promised, ×": float(rule),
        }
        for value, macs, rule in zip(sweep.values, sweep.macs, sweep.promised, strict=True)
    ]
    show(figure, "staircase", sentence, steps)
    st.caption(sentence)


def _published(built: Built, compound: Compound) -> None:
    st.subheader("Which φ is B4?")
    rows = [
        _phi_row(preset.title, Multipliers(preset.depth, preset.width, preset.input_resolution / 224), compound)
        for preset in presets().values()
        if preset.family in {built.network.baseline.key, "efficientnet"}
    ]
    rows.append(_phi_row("Your network", built.multipliers, compound))
    st.table(pd.DataFrame(rows).set_index("Network"))
    st.caption(
        f"The φ that each dimension alone would need with α = {decimal(compound.alpha)}, β = {decimal(compound.beta)}, "
        f"γ = {decimal(compound.gamma)}: ln d / ln α, ln w / ln β, ln r / ln γ. A network on the formula has three "
        "equal numbers; of the published ones only the baseline has."
    )


def _phi_row(title: str, multipliers: Multipliers, compound: Compound) -> dict[str, str]:
    values = effective_phi(multipliers, compound)
    return {
        "Network": title,
        **{f"φ by {name}": "any" if value is None else f"{value:.2f}" for name, value in values.items()},
    }
