"""What every chapter is made of: what the paper says, what our count says of it, and what a model expects."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import pandas as pd
import streamlit as st
from pandas.api.types import is_integer_dtype


def says(text: str) -> None:
    """What the paper says."""
    st.markdown(f":material/menu_book: **The paper.** {text}")


def counts(text: str) -> None:
    """What the numbers say when they are counted again."""
    st.markdown(f":material/calculate: **Counted again.** {text}")


def predicts(text: str) -> None:
    """What the accuracy model expects where nobody has measured."""
    st.markdown(f":material/query_stats: **Predicted.** {text}")


def sheet(rows: Sequence[Mapping[str, object]], key: str) -> None:
    """Rows of many columns as a table that scrolls, also by keyboard, and can be sorted and searched."""
    table = pd.DataFrame(rows)
    columns = {table.columns[0]: st.column_config.Column(pinned=True)}
    for name in table.columns[1:]:
        if "%" in name:
            columns[name] = st.column_config.NumberColumn(format="%.1f")
        elif is_integer_dtype(table[name]):
            columns[name] = st.column_config.NumberColumn(format="localized")
    st.dataframe(table, hide_index=True, key=key, height="content", column_config=columns, placeholder="–")


def plain_table(rows: Sequence[Mapping[str, object]], index: str) -> None:
    """Rows of so few columns that a phone shows them all; `index` names the rows."""
    st.table(pd.DataFrame(rows).astype({index: str}).set_index(index))
