"""One state, three places: the link, the widgets and the session, held equal by `explorer.settings.declarations`.

A widget's key is the name of its setting. The link is read when it is new to the session (first run,
history, an edited address), and written after every run. Streamlit's own `bind="query-params"` cannot do that: it drops
a value out of range without a word, and knows neither short links nor settings whose widget is on another page.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import streamlit as st

from explorer.settings import links
from explorer.settings.declarations import FIELDS, Architecture, Settings, of_values
from explorer.settings.fields import Number
from explorer.settings.links import to_query
from explorer.ui.shared.escape_markdown import escape_markdown

_SETTINGS, _QUERY, _NOTICES = "_settings", "_query", "_notices"
_OPENED, _DRAWN = "_opened", "_drawn"
_BEFORE = "_before"
_TAKEN = "_taken"


def open_link(page: str) -> None:
    """Give every widget its value before it is drawn: from the link where that is new, else as it was."""
    query = st.query_params.to_dict()
    # A click can cut a run short, so the page last opened need not be the one last drawn to its end.
    switched = any(st.session_state.get(name, page) != page for name in (_OPENED, _DRAWN))
    st.session_state[_OPENED] = page
    if _SETTINGS in st.session_state and _is_known(query, switched):
        # On another page a widget of the same key is a new one, which must be told its value. On the same page none is
        # set anew: what a visitor has done meanwhile would be taken back.
        if switched:
            for name, value in st.session_state[_SETTINGS].values.items():
                st.session_state[name] = st.session_state.get(name, value)
    else:
        settings, notices = links.read({name: st.query_params.get_all(name) for name in query})
        put(settings)
        st.session_state[_NOTICES] = (settings, notices)


def _is_known(query: dict[str, str], switched: bool) -> bool:
    """Whether the address says nothing new: it is as last written, or older than what the visitor has just done.

    The browser learns of a new address after the run that writes it; whoever moves on before has sent the old one. And
    it drops the query when a visitor changes the page; the state stays.
    """
    moved = st.session_state.pop(_TAKEN, False) or current() != st.session_state[_SETTINGS]
    return moved or query == st.session_state.get(_QUERY) or (switched and not query)


def bound(name: str) -> dict[str, Any]:
    """The arguments that bind a widget to the setting called `name`, whose value then stays while it is not drawn."""
    return {"key": name, "persist_state": "session"}


def put(settings: Settings) -> None:
    """Set every widget, before the widgets of this run are drawn."""
    st.session_state[_SETTINGS] = settings
    for name, value in settings.values.items():
        st.session_state[name] = value


def take(settings: Settings) -> None:
    """Set every widget in a callback, so that `undo` leads back to what is set now."""
    st.session_state[_BEFORE] = current()
    set_to(settings)


def set_to(settings: Settings) -> None:
    """Set every widget in a callback; what was set before is forgotten."""
    st.session_state[_TAKEN] = True
    put(settings)


def take_network(architecture: Architecture) -> None:
    """Set the widgets that decide what is built in a callback, so that `undo` leads back."""
    take(replace(current(), architecture=architecture))


def can_undo() -> bool:
    """Whether something was taken that can be undone."""
    return _BEFORE in st.session_state


def undo() -> None:
    """Back to the settings before the last `take`, in a callback; the page and its view stay."""
    set_to(st.session_state.pop(_BEFORE))


def presenting() -> bool:
    """Whether the page is projected: only its essentials, in large type."""
    return bool(st.session_state.get("mode") == "presenter")


def current() -> Settings:
    """The settings as the widgets have them now."""
    stored: dict[str, Any] = st.session_state[_SETTINGS].values
    values = {name: st.session_state.get(name, stored[name]) for name in FIELDS}
    fields = {name: field for name, field in FIELDS.items() if isinstance(field, Number)}
    numbers = {name: _kept(field, values[name], stored[name]) for name, field in fields.items()}
    return of_values(values | numbers)


def last_drawn() -> Settings:
    """The settings that a page was last drawn with, to its end: in a callback, those before what it answers."""
    settings: Settings = st.session_state[_SETTINGS]
    return settings


def _kept(field: Number, value: object, stored: float) -> float:
    """A widget's number; what is stored while it has none.

    A field may be empty, and a list whose entries have changed gives the words of the entry that was chosen, until it
    is drawn again: another photograph has another first answer.
    """
    return field.kept(value) if isinstance(value, int | float) else stored


def show_notices() -> None:
    """Say what the link asked for that could not be shown, until something else is set."""
    settings, notices = st.session_state[_NOTICES]
    if notices and settings == current():
        st.warning("\n\n".join(map(escape_markdown, notices)), icon=":material/link_off:")


def write_link(page: str) -> None:
    """Put the settings into the address of the page; defaults are left out."""
    st.session_state[_DRAWN] = page
    settings = current()
    query, before = to_query(settings), st.session_state.get(_QUERY)
    st.session_state[_SETTINGS], st.session_state[_QUERY] = settings, query
    # The address that the browser reports may be older than the one that it was last told.
    if query != st.query_params.to_dict() or before not in (None, query):
        st.query_params.from_dict(query)
