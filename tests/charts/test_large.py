"""A chart for the last row."""

from __future__ import annotations

import plotly.graph_objects as go

from explorer.charts.large import FACTOR, enlarge

INK = "#0B0D10"


def test_all_type_and_dots_grow_and_what_sizes_say_stays() -> None:
    figure = go.Figure(
        [
            go.Scatter(x=[1], y=[1], text="a", textfont={"size": 10, "color": "red"}, marker={"size": 10}),
            go.Scatter(x=[1, 2], y=[1, 2], marker={"size": [4, 9]}),
            go.Bar(x=[1], y=[1]),
            go.Heatmap(z=[[1]]),
        ],
        {
            "height": 400,
            "margin": {"l": 50, "r": 10},
            "annotations": [{"text": "a", "font": {"size": 15}}, {"text": "b"}],
            "xaxis": {"title": "x"},
        },
    )
    enlarge(figure, INK)
    layout, (first, second, *_) = figure.layout, figure.data
    assert layout.height == 400 * FACTOR
    assert (layout.margin.l, layout.margin.r, layout.margin.t) == (70, 14, None)
    assert [each.font.size for each in layout.annotations] == [21, None]
    assert (first.textfont.size, first.textfont.color, first.marker.size) == (14, "red", 14)
    assert second.marker.size == (4, 9)
    for font in (layout.font, layout.legend.font, layout.xaxis.tickfont, layout.xaxis.title.font):
        assert (font.size, font.color) == (17, INK)


def test_what_a_chart_does_not_say_grows_from_what_plotly_takes() -> None:
    figure = go.Figure(go.Scatter(x=[1], y=[1]))
    enlarge(figure, INK)
    assert figure.layout.height == 630
    assert figure.layout.yaxis.tickfont.size == 17
