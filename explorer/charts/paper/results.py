"""Tables 2 and the figures of results: accuracy against size and cost, the search's reward, and what came after."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import plotly.graph_objects as go

from explorer.charts.dots import MACS, MARGIN, PARAMS, TOP1, Series, dots
from explorer.formats.colours import COMPARED, PUBLISHED
from explorer.published.figures import CostDot, SizeDot
from explorer.published.table2 import VERSIONS, PublishedResult, table2
from explorer.published.transfer import TransferDot
from explorer.teaching.paper import after, sizes
from explorer.teaching.paper.objective import SearchReward, ranked

REWARD_COSTS = (0.2, 0.4, 1.0, 2.0, 5.0, 10.0, 20.0, 45.0)
FAMILIES = {
    "EfficientNet": (PUBLISHED, "circle", "solid"),
    "EfficientNetV2": (COMPARED, "triangle-up", "solid"),
    "ResNet-RS": (COMPARED, "diamond", "dashdot"),
    "TinyNet": (COMPARED, "square-open", "dot"),
}
PANEL_HEIGHT = 250


def versions(version: str) -> go.Figure:
    """Table 2: the chosen version's B0 to B7 (full), the other versions' (dotted), and what they are compared with."""
    others = [row for row in table2() if not row.is_efficientnet and row.macs_billions is not None]
    series = [_results("compared with", others, COMPARED, "diamond-open", "")]
    series.extend(
        _results(f"B0 to B7 in {other}", _family(other), COMPARED, "circle-open", "dot")
        for other in VERSIONS
        if other != version
    )
    chosen = _results(f"B0 to B7 in {version}", _family(version), PUBLISHED, "circle", "solid")
    series.append(_labelled(chosen))
    return dots(series, MACS, TOP1, logarithmic=True)


def size(given: Sequence[SizeDot | CostDot]) -> go.Figure:
    """Figure 1 or 5: dots as drawn, and hollow where our count puts the EfficientNets."""
    own = [dot for dot in given if sizes.is_efficientnet(dot)]
    others = [dot for dot in given if not sizes.is_efficientnet(dot)]
    title = PARAMS if isinstance(given[0], SizeDot) else MACS
    names = tuple(dot.model.removeprefix(sizes.PREFIX) for dot in own)
    top1 = tuple(dot.top1 for dot in own)
    series = [
        Series(
            "compared with",
            COMPARED,
            tuple(dot.model for dot in others),
            tuple(sizes.cost(dot) for dot in others),
            tuple(dot.top1 for dot in others),
            (),
            "diamond-open",
        ),
        Series(
            "EfficientNet, as drawn",
            PUBLISHED,
            names,
            tuple(map(sizes.cost, own)),
            top1,
            names,
            "circle",
            "solid",
            "top left",
        ),
        Series("our count", PUBLISHED, names, tuple(map(sizes.counted, own)), top1, (), "circle-open"),
    ]
    return dots(series, title, TOP1, logarithmic=True)


def rewards(objective: SearchReward) -> go.Figure:
    """Table 2 with the line of equal reward through B0: what is above it the search would prefer to B0."""
    rows = [row for _, row in ranked(objective)]
    own = sorted((row for row in rows if row.is_efficientnet), key=lambda row: row.model)
    reward = objective.reward(own[0].top1, own[0].macs_billions or objective.target)
    line = tuple(objective.top1_for(reward, macs) for macs in REWARD_COSTS)
    names = tuple(f"reward {reward:.1f}, as B0" for _ in line)
    others = [row for row in rows if not row.is_efficientnet]
    series = [
        _results("compared with", others, COMPARED, "diamond-open", ""),
        Series("equal reward to B0", COMPARED, names, REWARD_COSTS, line, (), "", "dash"),
        _labelled(_results("B0 to B7", own, PUBLISHED, "circle", "solid"), "bottom right"),
    ]
    figure = dots(series, MACS, TOP1, logarithmic=True)
    figure.update_yaxes(range=[74, 90])
    return figure


def later(axis: str) -> go.Figure:
    """EfficientNet and what came after, at multiply-adds ("macs") or images a second on a GPU ("gpu")."""
    series = []
    for name, (colour, symbol, dash) in FAMILIES.items():
        rows = after.family(name)
        names = tuple(f"{row.model} at {row.input_resolution} px" for row in rows)
        values = tuple(after.value(row, axis) for row in rows)
        series.append(Series(name, colour, names, values, tuple(row.top1 for row in rows), (), symbol, dash))
    figure = dots(series, after.AXES[axis], TOP1, logarithmic=True)
    if axis == "gpu":
        figure.update_xaxes(tickvals=[20, 50, 100, 200, 500, 1000, 2000, 5000, 10_000, 20_000, 50_000])
    return figure


def transfer(given: Sequence[TransferDot]) -> go.Figure:
    """One panel of Figure 6: transfer accuracy against parameters."""
    series = []
    for efficientnet, name, colour, symbol, dash in (
        (False, "compared with", COMPARED, "diamond-open", ""),
        (True, "EfficientNet-B0 to B7", PUBLISHED, "circle", "solid"),
    ):
        rows = [dot for dot in given if dot.is_efficientnet is efficientnet]
        series.append(
            Series(
                name,
                colour,
                tuple(dot.model for dot in rows),
                tuple(dot.params_millions for dot in rows),
                tuple(dot.accuracy for dot in rows),
                (),
                symbol,
                dash,
            )
        )
    figure = dots(series, PARAMS, "accuracy, %", logarithmic=True, height=PANEL_HEIGHT, legend=False)
    figure.update_xaxes(tickvals=[5, 20, 100, 500], title="parameters, M")
    figure.update_layout(margin={**MARGIN, "t": 26})
    return figure


def _family(version: str) -> list[PublishedResult]:
    return [row for row in table2(version) if row.is_efficientnet]


def _results(name: str, rows: Sequence[PublishedResult], colour: str, symbol: str, dash: str) -> Series:
    return Series(
        name,
        colour,
        tuple(row.model for row in rows),
        tuple(row.macs_billions or 0.0 for row in rows),
        tuple(row.top1 for row in rows),
        (),
        symbol,
        dash,
    )


def _labelled(series: Series, place: str = "top left") -> Series:
    """The same series with short names beside its dots."""
    texts = tuple(name.removeprefix(sizes.PREFIX) for name in series.names)
    return replace(series, texts=texts, place=place)
