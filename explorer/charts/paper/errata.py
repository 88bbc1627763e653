"""How far printed numbers are from an exact recount."""

from __future__ import annotations

from collections.abc import Sequence

import plotly.graph_objects as go

from explorer.charts.dots import LEGEND, MARGIN
from explorer.formats.colours import COMPARED, PUBLISHED
from explorer.published.discrepancies import STATUSES, Discrepancy

ROW_HEIGHT = 26
ROOM = 110
FILLS = {"exact": (PUBLISHED, ""), "inferred": (COMPARED, ""), "unexplained": (COMPARED, "/")}


def deviations(given: Sequence[tuple[Discrepancy, float]]) -> go.Figure:
    """One bar for each printed number that we counted again: its distance from our count in percent, by status."""
    figure = go.Figure()
    for status in STATUSES:
        found = [(each, value) for each, value in given if each.status == status]
        if found:
            colour, pattern = FILLS[status]
            figure.add_trace(
                go.Bar(
                    y=[each.subject for each, _ in found],
                    x=[value for _, value in found],
                    name=status,
                    orientation="h",
                    marker={"color": colour, "pattern": {"shape": pattern}},
                    customdata=[each.first_place for each, _ in found],
                    hovertemplate="%{y}<br>%{customdata}: %{x:+.1f} % from our count<extra></extra>",
                )
            )
    figure.update_layout(height=ROOM + ROW_HEIGHT * len(given), margin=MARGIN, legend=LEGEND, bargap=0.35)
    figure.update_xaxes(title="from our recount, %", zeroline=True)
    figure.update_yaxes(categoryorder="array", categoryarray=[each.subject for each, _ in given], automargin=True)
    return figure
