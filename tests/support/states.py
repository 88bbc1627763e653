"""Every state of the explorer, for properties that hold of all."""

from __future__ import annotations

from hypothesis import strategies as st

from explorer.settings.declarations import FIELDS, of_values
from explorer.settings.fields import Choice, Number


def values(field: object) -> st.SearchStrategy[float | str]:
    """What a setting can be: any option, a text, or any number of as many decimals as a link keeps."""
    if isinstance(field, Choice):
        return st.sampled_from(field.options)
    if not isinstance(field, Number):
        return st.text(max_size=50)
    lowest, highest = field.range.lowest, field.range.highest
    if not field.decimals:
        return st.integers(int(lowest), int(highest))
    return st.floats(lowest, highest).map(lambda value: round(value, field.decimals))


states = st.fixed_dictionaries({name: values(field) for name, field in FIELDS.items()}).map(of_values)
