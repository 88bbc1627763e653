"""An evidence map over the photograph, in logits, on a scale that is symmetric about zero."""

from __future__ import annotations

import base64
from io import BytesIO

import numpy as np
import plotly.graph_objects as go
from numpy.typing import NDArray
from PIL import Image

from explorer.colours import EVIDENCE_AGAINST, EVIDENCE_FOR, css

HEIGHT = 430
JPEG_QUALITY = 90


def evidence_map(seen: NDArray[np.uint8], evidence: NDArray[np.float32], opacity: float) -> go.Figure:
    """`evidence` (rows, columns; logits) over `seen` (height, width, 3; RGB bytes); `opacity` from 0 to 1.

    The picture is grey, so that every colour is evidence: zero is clear, the strongest cell has the full `opacity`.
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
            zsmooth="best",
            opacity=opacity,
            colorscale=_scale(),
            colorbar={"title": {"text": "logits", "side": "top"}, "thickness": 14, "len": 0.95},
            hovertemplate="%{z:+.2f} logits<extra></extra>",
        )
    )
    figure.add_layout_image(
        source=_data_uri(seen), x=0, y=0, sizex=width, sizey=height, xref="x", yref="y", sizing="stretch", layer="below"
    )
    figure.update_xaxes(visible=False, range=[0, width], constrain="domain", fixedrange=True)
    figure.update_yaxes(visible=False, range=[height, 0], scaleanchor="x", constrain="domain", fixedrange=True)
    figure.update_layout(height=HEIGHT, margin={"l": 0, "r": 0, "t": 4, "b": 4}, plot_bgcolor="rgba(0,0,0,0)")
    return figure


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
