"""The two checks of a map: what is left of it in a randomised network, and what its cells are worth."""

from __future__ import annotations

import plotly.graph_objects as go
from plotly.subplots import make_subplots

from explorer.formats.colours import COMPARED, PUBLISHED
from explorer.formats.quantities import fixed
from explorer.vision.trust import RESEMBLES, PerturbationCurve, Randomised, Trust

ROW_HEIGHT = 30
CURVES_HEIGHT = 340
VALUES_AT = 1.4
"""Right of every bar: where the values stand, in the units of the axis."""

MARGIN = {"l": 8, "r": 8, "t": 30, "b": 8}


def cascade_chart(cascade: tuple[Randomised, ...]) -> go.Figure:
    """The rank correlation to the original map, a bar for each step of the randomisation, with its value."""
    figure = go.Figure(
        go.Bar(
            x=[step.correlation for step in cascade],
            y=[_step_name(step, first=not number) for number, step in enumerate(cascade)],
            orientation="h",
            marker={"color": PUBLISHED},
            customdata=[fixed(step.correlation) for step in cascade],
            hovertemplate="%{y}: %{customdata}<extra></extra>",
        )
    )
    for step in range(len(cascade)):
        figure.add_annotation(
            x=VALUES_AT, y=step, text=fixed(cascade[step].correlation), xanchor="right", showarrow=False
        )
    for limit in (-RESEMBLES, RESEMBLES):
        figure.add_vline(x=limit, line={"color": COMPARED, "width": 2, "dash": "dot"})
    figure.update_layout(
        height=ROW_HEIGHT * len(cascade) + 90,
        margin=MARGIN,
        xaxis={
            "title": "rank correlation to the original map",
            "range": [-1, VALUES_AT],
            "tickvals": [-1, -0.5, 0, 0.5, 1],
            "fixedrange": True,
        },
        yaxis={"autorange": "reversed", "ticksuffix": " ", "fixedrange": True},
        showlegend=False,
    )
    return figure


def curves_chart(trust: Trust, label: str) -> go.Figure:
    """Probability of `label` while cells go and come: the map's order beside the random ones."""
    figure = make_subplots(cols=2, shared_yaxes=True, horizontal_spacing=0.06)
    for column, curve in enumerate((trust.deletion, trust.insertion), start=1):
        _draw(figure, curve, column)
    figure.update_xaxes(ticksuffix=" %", fixedrange=True)
    figure.update_xaxes(title="cells deleted", col=1)
    figure.update_xaxes(title="cells inserted", col=2)
    figure.update_yaxes(range=[0, 104], fixedrange=True)
    figure.update_yaxes(title=f"probability of “{label}”, %", col=1)
    figure.update_layout(
        height=CURVES_HEIGHT, margin=MARGIN, legend={"orientation": "h", "x": 0, "y": 1.02, "yanchor": "bottom"}
    )
    return figure


def _draw(figure: go.Figure, curve: PerturbationCurve, column: int) -> None:
    shares = curve.shares * 100
    for number, line in enumerate(curve.random):
        figure.add_scatter(
            x=shares,
            y=line * 100,
            name="random orders",
            legendgroup="random",
            showlegend=column == 1 and number == 0,
            mode="lines",
            line={"color": COMPARED, "width": 1, "dash": "dot"},
            hovertemplate="random order: %{y:.1f} % at %{x:.0f} %<extra></extra>",
            row=1,
            col=column,
        )
    figure.add_scatter(
        x=shares,
        y=curve.ordered * 100,
        name="strongest evidence first",
        legendgroup="ordered",
        showlegend=column == 1,
        mode="lines+markers",
        line={"color": PUBLISHED, "width": 3},
        hovertemplate="strongest first: %{y:.1f} % at %{x:.0f} %<extra></extra>",
        row=1,
        col=column,
    )


def _step_name(step: Randomised, *, first: bool) -> str:
    return step.part if first else f"down to {step.part}"
