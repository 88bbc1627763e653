"""What came after: fast compound scaling, ResNet-RS, EfficientNetV2, TinyNet."""

from __future__ import annotations

import streamlit as st

from explorer.charts.paper import results as charts
from explorer.formats.measures import ACTIVATIONS, MACS, PARAMS
from explorer.formats.quantities import decimal, engineering, times
from explorer.planning.equal_cost import equal_cost_networks
from explorer.teaching.paper import after
from explorer.ui.paper.parts import counts, plain_table, sheet
from explorer.ui.paper.try_it import direct
from explorer.ui.shared import figure
from explorer.ui.shared.page_input import PageInput


def render(shown: PageInput) -> None:
    """Cost and speed part, and four answers to that."""
    st.markdown(
        "The paper counts multiply-adds. On a GPU, time goes with activations; the next papers scale otherwise: "
        "**fast compound scaling** (arXiv:2103.06877) mainly widens, **ResNet-RS** (arXiv:2103.07579) grows depth and "
        "holds resolution back, **EfficientNetV2** (arXiv:2104.00298) fuses early blocks and limits the resolution, "
        "**TinyNet** (arXiv:2010.14819) scales B0 down and gives up resolution last."
    )
    for axis, name in (("macs", "paper_after_macs"), ("gpu", "paper_after_gpu")):
        figure.show(charts.later(axis), name, after.speed_sentence(), after.rows())
    st.caption("timm's measurements, each family's own weights trained on ImageNet-1k alone, at their largest size.")
    counts(after.speed_sentence())
    st.subheader("TinyNet, built again")
    sheet(_tinynet(), "paper_tinynet_sheet")
    st.subheader("Fast compound scaling, at your sliders")
    _fast(shown)
    direct("TinyNet A's multipliers on B0", 1.2, 1.0, 192)


def _tinynet() -> list[dict[str, str]]:
    return [
        {
            "Network": each.timm.architecture,
            "Input": f"{each.timm.input_resolution} px",
            "Top-1": f"{each.timm.top1:.1f} %",
            f"{PARAMS.column}, counted": f"{each.params / 1e6:.3f} M (timm {each.timm.params_millions:g})",
            f"{MACS.column}, counted": f"{each.macs / 1e9:.3f} G (timm {each.timm.macs_billions:g})",
            f"{ACTIVATIONS.column}, counted": f"{each.activations / 1e6:.3f} M "
            f"(timm {each.timm.activations_millions:g})",
        }
        for each in after.tinynet()
    ]


def _fast(shown: PageInput) -> None:
    built = shown.built_or_said()
    if built is None:
        return
    found = equal_cost_networks(built.network, shown.settings.architecture.compound, built.rounding)
    plain_table(
        [
            {
                "Method": twin.words,
                "d · w · pixels": f"{decimal(twin.depth)} · {decimal(twin.width)} · {twin.input_resolution}",
                MACS.column: engineering(twin.cost.macs),
                ACTIVATIONS.column: f"{engineering(twin.cost.activations)} "
                f"({times(twin.cost.activations / built.cost.activations)} yours)",
            }
            for twin in found
        ],
        "Method",
    )
