"""A guess beside the formula's promise and what is really built."""

from __future__ import annotations

import plotly.graph_objects as go

from explorer.formats.colours import COMPARED, PUBLISHED, YOURS
from explorer.teaching.lessons.lesson import LessonAnswer, Unit

HEIGHT = 170
ROOM = 1.25
"""How far the axis reaches beyond the longest bar, for its number."""


def guessed(guess: float, answer: LessonAnswer, unit: Unit) -> go.Figure:
    """One bar each, the guess on top."""
    promised = [] if answer.promised is None else [("the formula's promise", answer.promised, COMPARED)]
    bars = [("the answer", answer.value, PUBLISHED), *promised, ("your guess", guess, YOURS)]
    values = [value for _, value, _ in bars]
    return go.Figure(
        {
            "type": "bar",
            "orientation": "h",
            "x": values,
            "y": [name for name, _, _ in bars],
            "marker": {"color": [colour for _, _, colour in bars]},
            "text": [unit.write(value) for value in values],
            "textposition": "outside",
            "hoverinfo": "skip",
            "cliponaxis": False,
        },
        {
            "height": HEIGHT,
            "margin": {"l": 150, "r": 8, "t": 24, "b": 8, "autoexpand": False},
            "xaxis": {"visible": False, "range": [min(0.0, *values) * ROOM, max(0.0, *values) * ROOM or 1.0]},
            "bargap": 0.35,
        },
    )
