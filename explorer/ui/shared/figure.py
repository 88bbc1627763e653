"""A chart with what it shows in words, its picture as PNG or SVG, and its data as CSV."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

import plotly.graph_objects as go
import streamlit as st

from explorer.charts.large import enlarge
from explorer.formats.colours import BACKGROUNDS, COMPARED, INKS, YOURS
from explorer.formats.csv import as_csv
from explorer.ui.shared import state

FORMATS = ("png", "svg")
FONT = "Arial, Helvetica, sans-serif"
"""A font of every machine: a saved picture cannot take the page's own along, and another one's letters are wider."""

PICTURE_SCALE = 2
"""Pixels of a PNG for each pixel on the page."""


def show(
    figure: go.Figure,
    name: str,
    alt: str,
    rows: Sequence[Mapping[str, object]],
    on_select: Callable[[], None] | None = None,
) -> None:
    """Draw `figure`, described by `alt`, and under it the way to take it away.

    Args:
        figure: the chart; its background becomes the page's, so that a saved picture can be read.
        name: a short name in lower case, the same in every run: the widgets' keys and the files' names.
        alt: what the chart shows, for those who cannot see it.
        rows: the data of the chart, one mapping from column title (with its unit) to value for each row.
        on_select: called when a dot is clicked; what was clicked is in the session under `name`.
    """
    layout = figure.layout  # set one by one: `update_layout` takes ten times as long
    layout.paper_bgcolor = BACKGROUNDS[st.context.theme.type or "light"]
    layout.font.family = FONT
    if state.presenting():
        enlarge(figure, INKS[st.context.theme.type or "light"])
    layout.modebar = {"color": COMPARED, "activecolor": YOURS, "bgcolor": "rgba(0,0,0,0)"}
    config = _config(name, _format(name))
    if on_select is None:
        st.plotly_chart(figure, key=name, alt=alt, config=config)
    else:
        st.plotly_chart(figure, key=name, alt=alt, config=config, on_select=on_select, selection_mode="points")
    save(name, rows, picture=True)


def save(name: str, rows: Sequence[Mapping[str, object]], *, picture: bool = False) -> None:
    """A popover with the data as CSV and, for a chart, the choice of the picture's format.

    What is in it is sent when it is opened: every move of a slider would send it again. A projected page has none.
    """
    if state.presenting():
        return
    popover = st.popover("Save", icon=":material/download:", type="tertiary", key=f"_save_{name}", on_change="rerun")
    if not popover.open:
        return
    popover.download_button(
        "Data as CSV",
        lambda: as_csv(rows),
        f"{name}.csv",
        "text/csv",
        key=f"_csv_{name}",
        icon=":material/table:",
        on_click="ignore",
    )
    if picture:
        popover.segmented_control(
            "Picture: the camera at the top right of the chart saves it as",
            FORMATS,
            default=_format(name),
            format_func=str.upper,
            key=f"_picture_{name}",
            on_change=_choose_format,
            args=(name,),
            required=True,
        )


def _format(name: str) -> str:
    """The format that was last chosen for a chart's picture; the widget's own state ends when it is closed."""
    return str(st.session_state.get(f"_format_{name}", FORMATS[0]))


def _choose_format(name: str) -> None:
    st.session_state[f"_format_{name}"] = st.session_state[f"_picture_{name}"]


def _config(name: str, kind: str) -> dict[str, object]:
    return {
        "displayModeBar": True,
        "displaylogo": False,
        "modeBarButtons": [["toImage"]],
        "toImageButtonOptions": {"format": kind, "filename": name, "scale": PICTURE_SCALE if kind == "png" else 1},
    }
