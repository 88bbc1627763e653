"""An evidence map over the photograph, in logits, on a scale that is symmetric about zero."""

from __future__ import annotations

import base64
from io import BytesIO

import numpy as np
import plotly.graph_objects as go
from numpy.typing import NDArray
from PIL import Image

from explorer.formats.colours import EVIDENCE_AGAINST, EVIDENCE_FOR, YOURS, css
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
    heat = {
        "type": "heatmap",
        "z": evidence,
        "x0": width / columns / 2,
        "dx": width / columns,
        "y0": height / rows / 2,
        "dy": height / rows,
        "zmin": -strongest,
        "zmax": strongest,
        "zsmooth": False if cells else "best",
        "opacity": opacity,
        "colorscale": _scale(),
        "colorbar": {"title": {"text": unit, "side": "top"}, "thickness": 14, "len": 0.95},
        "hovertemplate": f"%{{z:{'+.2f' if unit == LOGITS else '+.3g'}}} {unit}<extra></extra>",
    }
    photograph = {"source": _data_uri(seen), "x": 0, "y": 0, "sizex": width, "sizey": height, "xref": "x", "yref": "y"}
    axis = {"visible": False, "constrain": "domain", "fixedrange": True}
    layout = {
        "images": [{**photograph, "sizing": "stretch", "layer": "below"}],
        "xaxis": {**axis, "range": [0, width]},
        "yaxis": {**axis, "range": [height, 0], "scaleanchor": "x"},
        "height": HEIGHT,
        "margin": {"l": 0, "r": 0, "t": 4, "b": 4},
        "plot_bgcolor": "rgba(0,0,0,0)",
    }
    if cells and max(rows, columns) <= MOST_GRID_CELLS:
        return go.Figure([{**heat, "xgap": 1, "ygap": 1}, _centres(evidence.shape, height, width)], layout)
    return go.Figure([heat], layout)


def with_region(figure: go.Figure, region: Region, *, drawable: bool = True) -> go.Figure:
    """An evidence map with the outline of `region`; where `drawable`, a drag over it draws another one."""
    layout = figure.layout  # set one by one: `update_layout` takes ten times as long
    (_, width), (height, _) = layout.xaxis.range, layout.yaxis.range
    across, down = width / WHOLE, height / WHOLE
    if not region.whole:
        outline = {
            "type": "rect",
            "x0": region.left * across,
            "x1": region.right * across,
            "y0": region.top * down,
            "y1": region.bottom * down,
            "line": {"color": YOURS, "width": 3},
        }
        layout.shapes = [outline]
    layout.dragmode = "select" if drawable else False
    layout.showlegend = False
    layout.newselection = {"line": {"color": YOURS, "width": 3}}
    # A box is only reported where there is a point to choose: one that nobody sees.
    point = {"x": [width / 2], "y": [height / 2], "mode": "markers", "marker": {"opacity": 0}, "hoverinfo": "skip"}
    figure.add_trace({"type": "scatter", **point})
    return figure


def _centres(shape: tuple[int, ...], height: int, width: int) -> dict[str, object]:
    """A dot at the centre of each cell."""
    rows, columns = shape
    across, down = ((np.arange(count) + 0.5) * side / count for count, side in ((columns, width), (rows, height)))
    x, y = np.meshgrid(across, down)
    dots = {"size": 4, "color": "white", "line": {"color": "black", "width": 1}}
    return {
        "type": "scatter",
        "x": x.ravel(),
        "y": y.ravel(),
        "mode": "markers",
        "marker": dots,
        "hoverinfo": "skip",
        "showlegend": False,
        "name": "centres",
    }


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
