"""An evidence map over the photograph, in logits, on a scale that is symmetric about zero."""

from __future__ import annotations

import base64
from io import BytesIO

import numpy as np
import plotly.graph_objects as go
from numpy.typing import NDArray
from PIL import Image

from explorer.colours import EVIDENCE_AGAINST, EVIDENCE_FOR, YOURS, css
from explorer.vision.region import WHOLE, Region

HEIGHT = 430
LOGITS = "logits"
MOST_GRID_CELLS = 32
"""A finer grid is drawn without lines and dots, which would hide it."""
JPEG_QUALITY = 90


def evidence_map(
    seen: NDArray[np.uint8],
    evidence: NDArray[np.float32],
    opacity: float,
    *,
    unit: str = LOGITS,
    cells: bool = False,
) -> go.Figure:
    """`evidence` (rows, columns) over `seen` (height, width, 3; RGB bytes); `opacity` from 0 to 1.

    The picture is grey, so that every colour is evidence: zero is clear, the strongest cell has the full `opacity`.
    `unit` is that of the evidence, "" where it has none. With `cells` the map's true cells are drawn, with a dot at
    the centre of each; without, it is interpolated between the centres.
    """
    height, width = seen.shape[:2]
    rows, columns = evidence.shape
    strongest = float(np.abs(evidence).max())
    figure = go.Figure(
        go.Heatmap(
            z=evidence,
            x0=width / columns / 2,
            dx=width / columns,
            y0=height / rows / 2,
            dy=height / rows,
            zmin=-strongest,
            zmax=strongest,
            zsmooth=False if cells else "best",
            opacity=opacity,
            colorscale=_scale(),
            colorbar={"title": {"text": unit, "side": "top"}, "thickness": 14, "len": 0.95},
            hovertemplate=f"%{{z:{'+.2f' if unit == LOGITS else '+.3g'}}} {unit}<extra></extra>",
        )
    )
    figure.add_layout_image(
        source=_data_uri(seen), x=0, y=0, sizex=width, sizey=height, xref="x", yref="y", sizing="stretch", layer="below"
    )
    figure.update_xaxes(visible=False, range=[0, width], constrain="domain", fixedrange=True)
    figure.update_yaxes(visible=False, range=[height, 0], scaleanchor="x", constrain="domain", fixedrange=True)
    figure.update_layout(height=HEIGHT, margin={"l": 0, "r": 0, "t": 4, "b": 4}, plot_bgcolor="rgba(0,0,0,0)")
    if cells:
        _grid(figure, evidence.shape, height, width)
    return figure


def with_region(figure: go.Figure, region: Region, *, drawable: bool = True) -> go.Figure:
    """An evidence map with the outline of `region`; where `drawable`, a drag over it draws another one."""
    (_, width), (height, _) = figure.layout.xaxis.range, figure.layout.yaxis.range
    across, down = width / WHOLE, height / WHOLE
    if not region.whole:
        place = {"x0": region.left * across, "x1": region.right * across}
        figure.add_shape(
            type="rect", y0=region.top * down, y1=region.bottom * down, line={"color": YOURS, "width": 3}, **place
        )
    # A box is only reported where there is a point to choose: one that nobody sees.
    figure.add_scatter(x=[width / 2], y=[height / 2], mode="markers", marker={"opacity": 0}, hoverinfo="skip")
    figure.update_layout(
        dragmode="select" if drawable else False, showlegend=False, newselection={"line": {"color": YOURS, "width": 3}}
    )
    return figure


def _grid(figure: go.Figure, shape: tuple[int, ...], height: int, width: int) -> None:
    """Lines between the cells and a dot at the centre of each, where there is room for them."""
    rows, columns = shape
    if max(rows, columns) > MOST_GRID_CELLS:
        return
    across, down = ((np.arange(count) + 0.5) * side / count for count, side in ((columns, width), (rows, height)))
    x, y = np.meshgrid(across, down)
    figure.update_traces(xgap=1, ygap=1)
    dots = {"size": 4, "color": "white", "line": {"color": "black", "width": 1}}
    figure.add_scatter(
        x=x.ravel(), y=y.ravel(), mode="markers", marker=dots, hoverinfo="skip", showlegend=False, name="centres"
    )


def _scale() -> list[tuple[float, str]]:
    """From against (opaque) over nothing (clear) to for (opaque); clear has each side's own hue, so none is grey."""
    return [
        (0.0, css(EVIDENCE_AGAINST)),
        (0.4999, css(EVIDENCE_AGAINST, 0)),
        (0.5001, css(EVIDENCE_FOR, 0)),
        (1.0, css(EVIDENCE_FOR)),
    ]


def _data_uri(picture: NDArray[np.uint8]) -> str:
    buffer = BytesIO()
    Image.fromarray(picture).convert("L").save(buffer, "JPEG", quality=JPEG_QUALITY)
    return f"data:image/jpeg;base64,{base64.b64encode(buffer.getvalue()).decode('ascii')}"
