"""One meaning per colour through the whole explorer; every pair that must be told apart survives colour blindness."""

from __future__ import annotations

RGB = tuple[int, int, int]

EVIDENCE_FOR: RGB = (217, 95, 2)
"""A cell that raises the logit."""

EVIDENCE_AGAINST: RGB = (33, 102, 172)
"""A cell that lowers the logit."""

YOURS = "#D6336C"
"""The network at the sliders."""

PUBLISHED = "#1C7ED6"
"""EfficientNet-B0 to B7 as published."""

COMPARED = "#868E96"
"""The networks that the paper compares them with."""

DEPTH = "#007360"
"""What depth alone does."""

WIDTH = "#E67300"
"""What width alone does."""

RESOLUTION = "#7F40FF"
"""What resolution alone does."""

COMPOUND = PUBLISHED
"""What the three together do: B0 to B7 are such networks, and one meaning has one colour."""

BASELINE = COMPARED
"""What is scaled, before it is."""

BACKGROUNDS = {"light": "#FFFFFF", "dark": "#14171C"}
"""What the pages are drawn on (.streamlit/config.toml)."""

INKS = {"light": "#0B0D10", "dark": "#EDF0F3"}
"""What they are written in."""

STAGES = (
    "#472D7B",
    "#3B528B",
    "#2C728E",
    "#21918C",
    "#28AE80",
    "#5EC962",
    "#9BD93C",
    "#DDE318",
    "#F4A83D",
)
"""One hue per stage, dark to light (viridis, with an orange end so that the last stage stands out)."""


def css(colour: RGB, opacity: float = 1.0) -> str:
    """A colour with an opacity from 0 to 1, as CSS and plotly write it."""
    red, green, blue = colour
    return f"rgba({red},{green},{blue},{opacity:g})"
