"""The entry of the app: configuration, navigation, and the sidebar that every page shares."""

import streamlit as st

from explorer.assets import ASSETS
from explorer.ui import look_page, looking, scale_page, sidebar, state

st.set_page_config(
    page_title="EfficientNet Explorer",
    page_icon=ASSETS / "icon.png",
    layout="wide",
    menu_items={"About": "See what compound scaling (arXiv:1905.11946) really builds."},
)

page = st.navigation(
    [
        st.Page(scale_page.render, title="Scale", url_path="scale", icon=":material/straighten:", default=True),
        st.Page(look_page.render, title="Look", url_path="look", icon=":material/visibility:"),
    ],
    position="top",
)

looking.service()  # its worker loads torch while the first visitor reads
state.open_link(page.title)
with st.sidebar:
    sidebar.render()
state.show_notices()
page.run()
state.write_link()
