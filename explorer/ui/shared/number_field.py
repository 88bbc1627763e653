"""The field of a number that is a setting: its range is the declaration's."""

from __future__ import annotations

from explorer.settings.declarations import FIELDS
from explorer.settings.fields import Number
from explorer.ui.shared.state import bound
from explorer.ui.streamlit_internals import DeltaGenerator


def number_field(place: DeltaGenerator, name: str, label: str, *, step: float, meaning: str | None = None) -> float:
    """Draw the field of the setting called `name` and give its number; whole numbers have a whole `step`.

    Raises:
        TypeError: the setting is no number.
    """
    field = FIELDS[name]
    if not isinstance(field, Number):
        raise TypeError(f"{name} is no number")
    kind = type(step)
    lowest, highest = kind(field.range.lowest), kind(field.range.highest)
    return float(place.number_input(label, lowest, highest, step=step, **bound(name), help=meaning))
