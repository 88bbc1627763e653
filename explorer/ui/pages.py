"""The pages and the way from one to another: the script that runs for every visitor."""

from __future__ import annotations

from collections.abc import Callable

import streamlit as st

from explorer.assets import ASSETS
from explorer.ui.count import count_page
from explorer.ui.frontier import frontier_page
from explorer.ui.look import look_page
from explorer.ui.paper import paper_page
from explorer.ui.scale import scale_page
from explorer.ui.search import search_page
from explorer.ui.shared import frame
from explorer.ui.shared.page_input import PageInput

st.set_page_config(
    page_title="EfficientNet Explorer",
    page_icon=ASSETS / "icon.png",
    layout="wide",
    menu_items={"About": "See what compound scaling (EfficientNet, arXiv:1905.11946) really builds."},
)

Draw = Callable[[PageInput], None]


def _inside(draw: Draw) -> Callable[[], None]:
    """A page as Streamlit calls it, without arguments: what it shows is made below, when its frame is open."""
    return lambda: draw(shown)


scale = st.Page(_inside(scale_page.render), title="Scale", url_path="scale", icon=":material/straighten:", default=True)
page = st.navigation(
    [
        scale,
        st.Page(_inside(count_page.render), title="Count", url_path="count", icon=":material/calculate:"),
        st.Page(_inside(frontier_page.render), title="Frontier", url_path="frontier", icon=":material/show_chart:"),
        st.Page(_inside(look_page.render), title="Look", url_path="look", icon=":material/visibility:"),
        st.Page(_inside(paper_page.render), title="Paper", url_path="paper", icon=":material/menu_book:"),
        st.Page(_inside(search_page.render), title="Search", url_path="search", icon=":material/travel_explore:"),
    ],
    position="top",
)
with frame.around(page.title, draws_extent=page.title == scale.title) as shown:
    page.run()
