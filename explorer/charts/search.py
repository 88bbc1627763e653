"""A study drawn: promise against built cost, the triples' accuracies, the methods of scaling, the losses."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import plotly.graph_objects as go

from explorer.formats.colours import BASELINE, COMPARED, COMPOUND, DEPTH, RESOLUTION, WIDTH, YOURS
from explorer.formats.measures import MACS
from explorer.study.candidates import PAPER, Candidate
from explorer.study.findings import NAMES, MeasuredTriple, accuracy_words, triple_words
from explorer.study.observations import SINGLE

SURFACE_HEIGHT, METHODS_HEIGHT, LOSS_HEIGHT = 440, 440, 320
ROW_HEIGHT, FRAME_HEIGHT = 22, 110
LARGEST_LEGEND = 8
SCALE = "Cividis"
"""Dark is worse, light is better; the same to every eye."""

COLOURS: Mapping[str, str] = {
    "depth": DEPTH,
    "width": WIDTH,
    "resolution": RESOLUTION,
    "compound": COMPOUND,
    "baseline": BASELINE,
}
SYMBOLS = {"depth": "square", "width": "diamond", "resolution": "triangle-up", "compound": "circle"}
DASHES = {"depth": "dot", "width": "dash", "resolution": "dashdot", "compound": "solid"}


def surface(grid: Sequence[Candidate], measured: Sequence[MeasuredTriple], tolerance: float) -> go.Figure:
    """Promised cost against built cost, both relative to the baseline's: a dot for each triple.

    Args:
        grid: every triple of the grid that comes near twice the cost.
        measured: those that were trained; the colour is their accuracy.
        tolerance: how near to 2 counts as twice.
    """
    trained = {each.triple: each for each in measured}
    figure = go.Figure(_untrained([each for each in grid if each.triple not in trained]))
    placed = [(each, trained[each.triple]) for each in grid if each.triple in trained]
    figure.add_trace(
        go.Scatter(
            x=[each.promised for each, _ in placed],
            y=[each.built for each, _ in placed],
            mode="markers",
            name="trained: colour is accuracy",
            marker={
                "color": [found.accuracy.mean for _, found in placed],
                "colorscale": SCALE,
                "size": 13,
                "line": {"width": 1, "color": COMPARED},
                "colorbar": {"title": "%", "thickness": 12},
            },
            text=[_hover(each, accuracy_words(found.accuracy)) for each, found in placed],
            hovertemplate="%{text}<extra></extra>",
        )
    )
    paper = next((each for each in grid if each.triple == PAPER), None)
    if paper is not None:
        figure.add_trace(_paper(paper))
    figure.add_hrect(2 - tolerance, 2 + tolerance, fillcolor=COMPARED, opacity=0.15, line_width=0)
    figure.add_vline(2.0, line={"color": COMPARED, "dash": "dash", "width": 1})
    figure.update_xaxes(title="promised: α·β²·γ²")
    figure.update_yaxes(title="built: multiply-adds, × the baseline's")
    return _framed(figure, SURFACE_HEIGHT)


def accuracies(measured: Sequence[MeasuredTriple], chosen: tuple[float, float, float] | None) -> go.Figure:
    """The triples' accuracies with 95 % intervals, the best on top; the paper's and the chosen one marked."""
    ordered = sorted(measured, key=lambda each: each.accuracy.mean)
    names = [_row(each, chosen) for each in ordered]
    figure = go.Figure(
        go.Scatter(
            x=[each.accuracy.mean for each in ordered],
            y=names,
            mode="markers",
            error_x={"array": [_half(each) for each in ordered], "color": COMPARED, "thickness": 1.5},
            marker={
                "color": [each.accuracy.mean for each in ordered],
                "colorscale": SCALE,
                "size": 12,
                "line": {"width": 1, "color": COMPARED},
            },
            text=[accuracy_words(each.accuracy) for each in ordered],
            hovertemplate="%{y}: %{text}<extra></extra>",
            showlegend=False,
        )
    )
    figure.update_xaxes(title="held-out accuracy, %")
    figure.update_yaxes(
        type="category", tickmode="array", tickvals=names, ticktext=names, automargin=True, title="α · β · γ"
    )
    return _framed(figure, FRAME_HEIGHT + ROW_HEIGHT * len(ordered))


def methods(measured: Sequence[MeasuredTriple]) -> go.Figure:
    """Accuracy against built cost for depth, width and resolution alone and for all three together."""
    base = [each for each in measured if each.method == "baseline"]
    figure = go.Figure()
    for method in (*SINGLE, "compound"):
        line = [*base, *(each for each in measured if each.method == method)]
        figure.add_trace(
            go.Scatter(
                x=[each.factor for each in line],
                y=[each.accuracy.mean for each in line],
                error_y={"array": [_half(each) for each in line], "thickness": 1.5},
                mode="lines+markers",
                name=NAMES[method],
                line={"color": COLOURS[method], "dash": DASHES[method]},
                marker={"color": COLOURS[method], "symbol": SYMBOLS[method], "size": 10},
                text=[accuracy_words(each.accuracy) for each in line],
                hovertemplate=f"{NAMES[method]}, ×%{{x:.3g}}: %{{text}}<extra></extra>",
            )
        )
    figure.update_xaxes(title=f"{MACS.label}, × the baseline's (log scale)", type="log", tickvals=[1, 2, 4, 8, 16])
    figure.update_yaxes(title="held-out accuracy, %")
    return _framed(figure, METHODS_HEIGHT)


def losses(measured: MeasuredTriple) -> go.Figure:
    """The training loss of one network, a line for each seed."""
    figure = go.Figure()
    for index, outcome in enumerate(measured.outcomes):
        curve = outcome.result.curve
        figure.add_trace(
            go.Scatter(
                x=[100 * (place + 0.5) / len(curve) for place in range(len(curve))],
                y=list(curve),
                mode="lines",
                name=f"seed {outcome.run.seed}: {outcome.result.accuracy:.1f} %",
                line={"color": YOURS, "dash": ("solid", "dash", "dot", "dashdot")[index % 4]},
                showlegend=index < LARGEST_LEGEND,
            )
        )
    figure.update_xaxes(title="training done, %", range=[0, 100])
    figure.update_yaxes(title="mean loss (cross-entropy)")
    return _framed(figure, LOSS_HEIGHT)


def _untrained(grid: Sequence[Candidate]) -> go.Scatter:
    return go.Scatter(
        x=[each.promised for each in grid],
        y=[each.built for each in grid],
        mode="markers",
        name="on the grid, not trained",
        marker={"color": COMPARED, "size": 6, "symbol": "circle-open"},
        text=[_hover(each, "not trained") for each in grid],
        hovertemplate="%{text}<extra></extra>",
    )


def _paper(paper: Candidate) -> go.Scatter:
    return go.Scatter(
        x=[paper.promised],
        y=[paper.built],
        mode="markers",
        name="the paper's triple",
        marker={"color": COMPOUND, "size": 20, "symbol": "circle-open", "line": {"width": 3}},
        hoverinfo="skip",
    )


def _hover(one: Candidate, words: str) -> str:
    promise = f"promised ×{one.promised:.2f}, built ×{one.built:.2f}"
    return f"{triple_words(one.triple)}<br>{promise}<br>{words}"


def _row(one: MeasuredTriple, chosen: tuple[float, float, float] | None) -> str:
    marks = [word for word, triple in (("paper", PAPER), ("chosen", chosen)) if one.triple == triple]
    name = " · ".join(f"{value:g}" for value in one.triple)
    return f"{name} ({', '.join(marks)})" if marks else name


def _half(one: MeasuredTriple) -> float:
    """Half of the interval; none for a single seed."""
    return one.accuracy.half if one.accuracy.count > 1 else 0.0


def _framed(figure: go.Figure, height: int) -> go.Figure:
    figure.update_layout(
        height=height,
        margin={"l": 8, "r": 8, "t": 8, "b": 8},
        legend={"orientation": "h", "y": 1.02, "yanchor": "bottom"},
        hovermode="closest",
    )
    return figure
