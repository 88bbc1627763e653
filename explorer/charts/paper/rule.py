"""Equations 2 and 3 and the two steps: budgets, the constraint, promised growth, candidates, published φ, Table 1."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import plotly.graph_objects as go

from explorer.charts.dots import HEIGHT, LEGEND, MARGIN, STYLES, Series, dots
from explorer.formats.colours import COMPARED, COMPOUND, PUBLISHED, RESOLUTION, STAGES, YOURS
from explorer.formats.measures import MACS, PARAMS
from explorer.network.scaling import Compound
from explorer.teaching.paper.problem import DEPTHS, Edge
from explorer.teaching.paper.rule import DOUBLED, Growth, Surface
from explorer.teaching.paper.steps import Candidates, PublishedPhi

DASHES = ("solid", "dash", "dashdot", "dot")
SURFACE_HEIGHT = 400


def budget(found: Sequence[Edge], depth: float, width: float) -> go.Figure:
    """The widest networks within a budget over depth, one line for each resolution, and the network at the sliders."""
    series = []
    for edge, dash in zip(found, DASHES, strict=True):
        fitting = np.isfinite(edge.widths)
        depths, widths = tuple(map(float, DEPTHS[fitting])), tuple(map(float, edge.widths[fitting]))
        name = f"r = {edge.resolution:g} ({edge.pixels} px)"
        series.append(Series(name, RESOLUTION, (name,) * len(depths), depths, widths, (), "", dash))
    here = ("your network",)
    series.append(Series("your network", YOURS, here, (depth,), (width,), (), "diamond"))
    return dots(series, "depth multiplier d", "width multiplier w")


def shares(rows: Sequence[Mapping[str, object]]) -> go.Figure:
    """Each stage's share of the multiply-adds (in the stage's colour) and of the parameters (grey), in percent."""
    stages = [row["Stage"] for row in rows]
    bars = [
        go.Bar(
            name=name,
            x=stages,
            y=[row[f"Share of {name}, %"] for row in rows],
            marker={"color": colours},
            customdata=[row["Operator"] for row in rows],
            hovertemplate=f"stage %{{x}}, %{{customdata}}<br>%{{y}} % of the {name}<extra></extra>",
        )
        for name, colours in ((MACS.label, STAGES), (PARAMS.label, COMPARED))
    ]
    figure = go.Figure(bars)
    figure.update_layout(height=340, margin=MARGIN, barmode="group", legend=LEGEND)
    figure.update_xaxes(title="stage", dtick=1)
    figure.update_yaxes(title="share of B0, %")
    return figure


def constraint(found: Surface, compound: Compound) -> go.Figure:
    """The surface α·β²·γ² = 2 with the paper's choice and the one at the sliders."""
    own = Compound(1.0)
    figure = go.Figure(
        [
            go.Surface(
                x=found.alphas,
                y=found.betas,
                z=found.gammas,
                colorscale="Cividis",
                opacity=0.7,
                showscale=False,
                contours={axis: {"show": True, "color": COMPARED, "width": 1} for axis in "xy"},
                hovertemplate="α %{x:.3f} · β %{y:.3f} · γ %{z:.3f}<extra></extra>",
            ),
            _point("the paper's α, β, γ", own, PUBLISHED, "circle"),
            _point("yours", compound, YOURS, "diamond"),
        ]
    )
    scene = {
        "xaxis": {"title": "α: depth"},
        "yaxis": {"title": "β: width"},
        "zaxis": {"title": "γ: resolution"},
        "camera": {"eye": {"x": 1.5, "y": 1.9, "z": 0.8}, "center": {"x": 0, "y": 0, "z": -0.1}},
    }
    figure.update_layout(height=SURFACE_HEIGHT, margin={"l": 0, "r": 0, "t": 30, "b": 0}, scene=scene, legend=LEGEND)
    return figure


def growth(found: Growth) -> go.Figure:
    """Multiply-adds relative to the baseline's over φ: 2^φ, promised, built."""
    phis = tuple(map(float, found.phi))
    names = tuple(f"φ = {phi:g}" for phi in phis)
    lines = (
        ("2^φ", COMPARED, DOUBLED**found.phi, "dot"),
        ("promised: (α·β²·γ²)^φ", COMPARED, found.promised, "dash"),
        ("built", COMPOUND, found.built, "solid"),
    )
    series = [
        Series(name, colour, names, phis, tuple(map(float, values)), (), "", dash)
        for name, colour, values, dash in lines
    ]
    figure = dots(series, "φ", f"{MACS.label}, × baseline (log)")
    figure.update_yaxes(type="log", tickvals=[1, 2, 5, 10, 20, 50, 100, 200, 500, 1000])
    return figure


def candidates(found: Candidates) -> go.Figure:
    """What each candidate of step 1 promises and what it builds, the paper's choice marked."""
    names = _names(found)
    promised, built = tuple(map(float, found.product)), tuple(map(float, found.built))
    at = found.paper
    ends = (min(promised), max(promised))
    series = [
        Series("candidates", COMPARED, names, promised, built, (), "circle-open"),
        Series("promised = built", COMPARED, ("as promised",) * 2, ends, ends, (), "", "dash"),
        Series("the paper's choice", PUBLISHED, (names[at],), (promised[at],), (built[at],), (), "star"),
    ]
    return dots(series, "promised: α·β²·γ², × B0's", "built at φ = 1, × B0's")


def candidates_top1(found: Candidates) -> go.Figure:
    """The accuracy that is predicted of each candidate over what it builds, with the interval of the paper's choice."""
    names, built, top1 = _names(found), tuple(map(float, found.built)), tuple(map(float, found.predicted.top1))
    at, likely = found.paper, found.predicted
    ends = (float(likely.lower[at]), float(likely.upper[at]))
    interval = ("the paper's choice, 90 % interval",) * 2
    series = [
        Series("candidates", COMPARED, names, built, top1, (), "circle-open"),
        Series("90 % interval of the paper's choice", PUBLISHED, interval, (built[at],) * 2, ends, (), "", "solid"),
        Series("the paper's choice", PUBLISHED, (names[at],), (built[at],), (top1[at],), (), "star"),
    ]
    return dots(series, "built at φ = 1, × B0's multiply-adds", "predicted ImageNet top-1, %")


def _names(found: Candidates) -> tuple[str, ...]:
    settings = zip(found.alpha, found.beta, found.gamma, strict=True)
    return tuple(f"α {alpha:g} · β {beta:g} · γ {gamma:g}" for alpha, beta, gamma in settings)


def published_phi(found: Sequence[PublishedPhi]) -> go.Figure:
    """The φ that each dimension of B1 to B7 would need by itself."""
    titles = [each.title for each in found]
    figure = go.Figure()
    for dimension in ("depth", "width", "resolution"):
        colour, symbol = STYLES[dimension]
        figure.add_trace(
            go.Scatter(
                x=titles,
                y=[each.phi[dimension] for each in found],
                name=f"φ by {dimension}",
                mode="markers",
                marker={"color": colour, "symbol": symbol, "size": 11},
                hovertemplate=f"%{{x}} by {dimension}: φ = %{{y:.2f}}<extra></extra>",
            )
        )
    figure.update_layout(height=HEIGHT, margin=MARGIN, legend=LEGEND)
    figure.update_xaxes(title="published network")
    figure.update_yaxes(title="φ with α = 1.2, β = 1.1, γ = 1.15")
    return figure


def _point(name: str, compound: Compound, colour: str, symbol: str) -> go.Scatter3d:
    return go.Scatter3d(
        x=[compound.alpha],
        y=[compound.beta],
        z=[compound.gamma],
        mode="markers",
        name=name,
        marker={"color": colour, "size": 7, "symbol": symbol, "line": {"color": "white", "width": 2}},
        hovertemplate=f"{name}<br>α %{{x:.3f}} · β %{{y:.3f}} · γ %{{z:.3f}}<extra></extra>",
    )
