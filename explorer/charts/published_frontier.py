"""Accuracy against a chosen cost: families, recipes, the front of what is shown, the visitor's networks, the cloud."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import plotly.graph_objects as go

from explorer.accuracy.predict import Prediction
from explorer.accuracy.words import legend_mark, outside_mark
from explorer.charts.dots import MARGIN
from explorer.formats.colours import COMPARED, PUBLISHED, YOURS
from explorer.formats.measures import Measure
from explorer.planning import sampled_designs
from explorer.published.pareto import KINDS, FrontierPoint, comparable, front_of

HEIGHT = 720
TICKS = tuple(digit * 10.0**power for power in range(-3, 5) for digit in (1, 3))
ROOM = 1.5
"""Accuracy points above and below what is shown."""
FIRST, LAST = 1, 1001
"""Places in the legend, of which plotly gives 1000 to what asks for none."""

OURS = "EfficientNet"
OTHERS, FEWEST = "other families", 6
"""Families of fewer points share one place in the legend; each dot still says whose it is."""
SYMBOLS = ("circle-open", "square-open", "diamond-open", "triangle-up-open", "x", "cross", "star-open", "hexagon-open")
CLOUD = ((0.0, "rgba(134,142,150,0.14)"), (1.0, "rgba(134,142,150,0.55)"))
"""From one network in a cell to the most; each shade for so many times as many."""


@dataclass(frozen=True)
class Yours:
    """A network of the visitor's: its cost on the axis, and its predicted accuracy if there is one."""

    title: str
    cost: float
    prediction: Prediction | None
    pinned: bool = False


def published_frontier(
    points: Sequence[FrontierPoint],
    axis: Measure,
    kind: str,
    yours: Sequence[Yours],
    background: sampled_designs.Cloud | None,
    *,
    logarithmic: bool,
) -> go.Figure:
    """The chart of page Frontier; costs of `yours` are in the unit of `axis` before its divisor."""
    figure = go.Figure()
    if background is not None:
        for trace in _cloud(background, axis, logarithmic):
            figure.add_trace(trace)
    known = comparable(points, axis, kind)
    figure.add_trace(_whiskers(known, axis, kind))
    for trace in _families(known, axis, kind):
        figure.add_trace(trace)
    figure.add_trace(_front(known, axis, kind))
    for network in yours:
        _add_yours(figure, network, axis)
    _axes(figure, axis, kind, logarithmic=logarithmic)
    figure.update_yaxes(range=_heights(known, kind, yours))
    return figure


def _heights(points: Sequence[FrontierPoint], kind: str, yours: Sequence[Yours]) -> tuple[float, float]:
    """The accuracies that are shown: the published ones and the visitor's, not the depths of the cloud."""
    ends = [end for each in yours if each.prediction for end in (each.prediction.lower, each.prediction.upper)]
    reached = [*(point.accuracies[kind] for point in points), *ends] or [60.0, 90.0]
    return min(reached) - ROOM, max(reached) + ROOM


def _axes(figure: go.Figure, axis: Measure, kind: str, *, logarithmic: bool) -> None:
    figure.update_xaxes(
        title=f"{axis.title}{', log scale' if logarithmic else ''}".replace(" (", "<br>("), automargin=True
    )
    if logarithmic:
        figure.update_xaxes(type="log", tickvals=TICKS, tickangle=0)
    figure.update_yaxes(title=f"{KINDS[kind]} accuracy, %")
    figure.update_layout(
        height=HEIGHT,
        margin=MARGIN,
        hovermode="closest",
        legend={"orientation": "h", "x": 0, "y": -0.22, "yanchor": "top", "maxheight": 0.4},
    )


def _cloud(background: sampled_designs.Cloud, axis: Measure, logarithmic: bool) -> list[go.Heatmap | go.Scatter]:
    """The design space as a shade of grey, an image: dots would need a graphics card, which not every machine has."""
    costs = background.costs[axis.key]
    found = sampled_designs.density(costs, background.top1, logarithmic=logarithmic)
    best = background.front(axis.key)
    with np.errstate(divide="ignore"):
        shade = np.where(found.count > 0, np.log10(found.count), np.nan)
    cells = go.Heatmap(
        x=(found.cost / axis.divisor).astype(np.float32),
        y=found.top1.astype(np.float32),
        z=shade.astype(np.float32),
        colorscale=CLOUD,
        showscale=False,
        showlegend=True,
        name=f"{len(costs):,} networks of the design space, predicted",
        hoverinfo="skip",
    )
    line = go.Scatter(
        x=(costs[best] / axis.divisor).astype(np.float32),
        y=background.top1[best].astype(np.float32),
        mode="lines",
        name="front of the design space, predicted",
        line={"color": COMPARED, "width": 2, "dash": "dot"},
        hoverinfo="skip",
    )
    return [cells, line]


def _whiskers(points: Sequence[FrontierPoint], axis: Measure, kind: str) -> go.Scatter:
    """One line for each network with several recipes, from its least to its most accurate."""
    reached: defaultdict[tuple[str, float], list[float]] = defaultdict(list)
    for point in points:
        reached[point.network, point.costs[axis.key]].append(point.accuracies[kind])
    several = {key: values for key, values in reached.items() if len(values) > 1}
    x: list[float | None] = []
    y: list[float | None] = []
    for (_, spent), values in several.items():
        x += [spent / axis.divisor, spent / axis.divisor, None]
        y += [min(values), max(values), None]
    return go.Scatter(
        x=x,
        y=y,
        mode="lines",
        name="one network, several recipes",
        line={"color": COMPARED, "width": 1},
        hoverinfo="skip",
    )


def _families(points: Sequence[FrontierPoint], axis: Measure, kind: str) -> list[go.Scatter]:
    """A trace for each family of some size, so that the legend can hide it; EfficientNet last, on top."""
    sizes = Counter(point.family for point in points)
    grouped: defaultdict[str, list[FrontierPoint]] = defaultdict(list)
    for point in points:
        named = point.family == OURS or sizes[point.family] >= FEWEST
        grouped[point.family if named else OTHERS].append(point)
    names = sorted(grouped, key=lambda name: (name == OURS, name != OTHERS, name))
    return [_family(name, grouped[name], axis, kind, SYMBOLS[place % len(SYMBOLS)]) for place, name in enumerate(names)]


def _family(name: str, points: Sequence[FrontierPoint], axis: Measure, kind: str, symbol: str) -> go.Scatter:
    ours = name == OURS
    colour = PUBLISHED if ours else COMPARED
    return go.Scatter(
        x=[point.costs[axis.key] / axis.divisor for point in points],
        y=[point.accuracies[kind] for point in points],
        mode="markers",
        name=name,
        legendgroup=name,
        legendrank=FIRST if ours else LAST,
        marker={"color": colour, "size": 9 if ours else 7, "symbol": "circle" if ours else symbol},
        customdata=[point.name for point in points],
        text=[point.family for point in points],
        hovertemplate=f"%{{customdata}}<br>%{{y:.1f}} % {KINDS[kind]}<br>%{{x:.4g}} {axis.unit}"
        "<extra>%{text}</extra>",
    )


def _front(points: Sequence[FrontierPoint], axis: Measure, kind: str) -> go.Scatter:
    best = front_of(points, axis, kind)
    return go.Scatter(
        x=[point.costs[axis.key] / axis.divisor for point in best],
        y=[point.accuracies[kind] for point in best],
        mode="lines",
        name="Pareto front of what is shown",
        legendrank=FIRST,
        line={"color": PUBLISHED, "width": 2, "shape": "hv" if not axis.more_is_better else "vh"},
        hoverinfo="skip",
    )


def _add_yours(figure: go.Figure, network: Yours, axis: Measure) -> None:
    """A dot with its interval, or a vertical line where no accuracy can be predicted."""
    spent = network.cost / axis.divisor
    if network.prediction is None:
        figure.add_vline(x=spent, line={"color": YOURS, "width": 2, "dash": "dot" if network.pinned else "solid"})
        figure.add_trace(
            go.Scatter(x=[None], y=[None], mode="lines", name=f"{network.title} (cost only)", line={"color": YOURS})
        )
        return
    found = network.prediction
    figure.add_trace(
        go.Scatter(
            x=[spent],
            y=[found.top1],
            mode="markers",
            name=f"{network.title} (predicted, {legend_mark(found)})",
            marker={"color": YOURS, "size": 12, "symbol": "diamond-open" if network.pinned else "diamond"},
            error_y={"array": [found.upper - found.top1], "arrayminus": [found.top1 - found.lower], "color": YOURS},
            customdata=[[network.title, found.lower, found.upper]],
            hovertemplate="%{customdata[0]}<br>predicted %{y:.1f} % (%{customdata[1]:.1f} to %{customdata[2]:.1f} with "
            f"90 % confidence){outside_mark(found)}<br>%{{x:.4g}} {axis.unit}<extra></extra>",
        )
    )
