"""One state, three places: the link, the widgets and the session, held equal by `explorer.settings.declarations`.

A widget's key is the name of its setting. The link is read when it is new to the session (first run,
history, an edited address), and written after every run.
"""

from __future__ import annotations

from dataclasses import asdict, replace

import streamlit as st

from explorer.settings import links
from explorer.settings.declarations import FIELDS, Settings, to_query
from explorer.ui.shared.escape_markdown import escape_markdown

_SETTINGS, _QUERY, _NOTICES = "_settings", "_query", "_notices"
_OPENED, _DRAWN = "_opened", "_drawn"
_BEFORE = "_before"


def open_link(page: str) -> None:
    """Give every widget its value before it is drawn: from the link where that is new, else as it was."""
    query = st.query_params.to_dict()
    # A click can cut a run short, so the page last opened need not be the one last drawn to its end.
    switched = any(st.session_state.get(name, page) != page for name in (_OPENED, _DRAWN))
    st.session_state[_OPENED] = page
    # The browser drops the query when a visitor changes the page; the state stays.
    known = query == st.session_state.get(_QUERY) or (switched and not query)
    if _SETTINGS in st.session_state and known:
        for name, value in asdict(st.session_state[_SETTINGS]).items():
            if switched or name not in st.session_state:  # set anew, or a widget of another page's run is lost
                st.session_state[name] = st.session_state.get(name, value)
    else:
        settings, notices = links.read({name: st.query_params.get_all(name) for name in query})
        put(settings)
        st.session_state[_NOTICES] = (settings, notices)


def put(settings: Settings) -> None:
    """Set every widget, before the widgets of this run are drawn or in a callback."""
    st.session_state[_SETTINGS] = settings
    for name, value in asdict(settings).items():
        st.session_state[name] = value


def take(settings: Settings) -> None:
    """Set every widget in a callback, so that `undo` leads back to what is set now."""
    st.session_state[_BEFORE] = current()
    put(settings)


def can_undo() -> bool:
    """Whether something was taken that can be undone."""
    return _BEFORE in st.session_state


def undo() -> None:
    """Back to the settings before the last `take`, in a callback; the page and its view stay."""
    put(st.session_state.pop(_BEFORE))


def presenting() -> bool:
    """Whether the page is projected: only its essentials, in large type."""
    return bool(st.session_state.get("mode") == "presenter")


def current() -> Settings:
    """The settings as the widgets have them now."""
    stored: Settings = st.session_state[_SETTINGS]
    given = st.session_state
    return replace(stored, **{name: given.get(name, getattr(stored, name)) for name in FIELDS})


def show_notices() -> None:
    """Say what the link asked for that could not be shown, until something else is set."""
    settings, notices = st.session_state[_NOTICES]
    if notices and settings == current():
        st.warning("\n\n".join(map(escape_markdown, notices)), icon=":material/link_off:")


def write_link(page: str) -> None:
    """Put the settings into the address of the page; defaults are left out."""
    st.session_state[_DRAWN] = page
    settings = current()
    query = to_query(settings)
    st.session_state[_SETTINGS], st.session_state[_QUERY] = settings, query
    if query != st.query_params.to_dict():
        st.query_params.from_dict(query)
