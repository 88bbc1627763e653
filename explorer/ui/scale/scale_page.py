"""The page that shows what φ really builds."""

from __future__ import annotations

from dataclasses import replace

import pandas as pd
import streamlit as st

from explorer.accuracy.predict import Prediction, Refusal, predict
from explorer.accuracy.words import prediction_sentence
from explorer.charts.frontier import frontier
from explorer.cost import counting
from explorer.formats.measures import ACTIVATIONS, BILLION, MACS, PARAMS
from explorer.formats.quantities import engineering, exact, times
from explorer.network.description import Stage
from explorer.planning.narrative import comparison, frontier_sentence, headline
from explorer.published import table2
from explorer.settings import stage_table
from explorer.settings.built import Built
from explorer.ui.scale import drawing, moves
from explorer.ui.shared import own_table, scaling_controls, state
from explorer.ui.shared.escape_markdown import escape_markdown
from explorer.ui.shared.figure import show
from explorer.ui.shared.page_input import PageInput, page_input

INPUT = "Width and height of the image that the network takes."
BLOCKS = "Between the first convolution and the classifier."
METRIC_WIDTH = 108


def render(shown: PageInput) -> None:
    """Totals, drawing, frontier and stage table of the network at the sliders."""
    st.title("What does φ really build?")
    if shown.settings.architecture.family == stage_table.KEY:
        edited = own_table.render(shown.settings.architecture)
        shown = page_input(replace(shown.settings, architecture=edited))
    scaling_controls.render(shown, across=True)
    built = shown.built_or_said()
    if built is None:
        return
    st.markdown(f"## {headline(built)}" if state.presenting() else f"**{headline(built)}**")
    st.info(moves.last_move(shown.settings.architecture), icon=":material/compare_arrows:")
    _totals(built)
    left, right = st.columns(2)
    with left:
        drawing.render(built, shown.settings.scale)
    with right:
        _frontier(built)
    if not state.presenting():
        drawing.opened(built, shown.settings.scale.block)
        _stages(built)


def _totals(built: Built) -> None:
    now, before = built.cost, built.baseline_cost
    name = built.baseline.baseline.short
    pixels, blocks = built.network.input_resolution, built.network.block_count
    totals = (
        (PARAMS.column, engineering(now.params), now.params, before.params, PARAMS.meaning),
        (MACS.column, engineering(now.macs), now.macs, before.macs, MACS.meaning),
        (ACTIVATIONS.column, engineering(now.activations), now.activations, before.activations, ACTIVATIONS.meaning),
        ("Input", f"{pixels} px", pixels, built.baseline.input_resolution, INPUT),
        ("Blocks", str(blocks), blocks, built.baseline.block_count, BLOCKS),
    )
    row = st.container(horizontal=True, gap="small")
    for label, shown, value, baseline, meaning in totals:
        row.metric(
            label,
            shown,
            f"{times(value / baseline)} {name}",
            delta_color="off",
            delta_arrow="off",
            help=f"{meaning} Exactly {exact(value)}; {name} has {exact(baseline)}.",
            width=METRIC_WIDTH,
        )


def _points(built: Built, found: Prediction | None) -> list[dict[str, object]]:
    """The dots of the small frontier, as data; of your network the accuracy is predicted."""
    published: list[dict[str, object]] = [
        {
            "network": row.model,
            MACS.label: None if row.macs_billions is None else row.macs_billions * BILLION,
            "top-1, %": row.top1,
            "source": row.source,
        }
        for row in table2()
    ]
    mine: dict[str, object] = {"network": "your network", MACS.label: built.cost.macs, "source": "counted here"}
    if found is not None:
        mine |= {"predicted top-1, %": found.top1, "90 % from": found.lower, "90 % to": found.upper}
        mine |= {"outside the data": found.outside}
    return [*published, mine]


def _frontier(built: Built) -> None:
    st.container(horizontal=True).subheader("Accuracy and cost")
    found = predict(built.network)
    said = prediction_sentence(found, subject="Your network")
    likely = None if isinstance(found, Refusal) else found
    alt = f"{frontier_sentence(table2(), built.cost)} {said}"
    chart = frontier(table2(), built.cost.macs, likely, names=not state.presenting())
    show(chart, "accuracy_and_cost", alt, _points(built, likely))
    if state.presenting():
        return
    st.caption(
        f"{comparison(built)} "
        "Published: the paper's Table 2 (arXiv:1905.11946v5), costs as printed there; point at a dot for its name. "
        + (
            f"Your network is a line and not a dot. {escape_markdown(said)}"
            if likely is None
            else escape_markdown(said)
        )
    )


def _stages(built: Built) -> None:
    st.subheader("Stage by stage")
    pairs = zip(built.network.stages, built.baseline.stages, strict=True)
    count = st.column_config.NumberColumn(format="localized")
    st.dataframe(
        pd.DataFrame([_row(stage, before, built.cost.macs) for stage, before in pairs]),
        hide_index=True,
        column_config={
            "Stage": st.column_config.NumberColumn(width=50),
            PARAMS.column: count,
            MACS.column: count,
            ACTIVATIONS.column: count,
            "Share": st.column_config.ProgressColumn(
                width=110, format="%.1f %%", min_value=0, max_value=100, help="Of the network's multiply-adds."
            ),
        },
    )
    st.caption(
        "As the paper's Table 1: the resolution is that of the stage's input, in pixels. "
        "Arrows lead from the baseline to your network."
    )


def _row(stage: Stage, before: Stage, network_macs: int) -> dict[str, object]:
    spent = counting.of_stage(stage)
    return {
        "Stage": stage.number,
        "Operator": stage.operator,
        "Pixels": _change(before.input_resolution, stage.input_resolution),
        "Channels": _change(before.channels, stage.channels),
        "Layers": _change(before.depth, stage.depth),
        PARAMS.column: spent.params,
        MACS.column: spent.macs,
        "Share": spent.macs / network_macs * 100,
        ACTIVATIONS.column: spent.activations,
    }


def _change(before: int, after: int) -> str:
    return str(after) if before == after else f"{before} → {after}"
