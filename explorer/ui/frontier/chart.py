"""The frontier: published networks, the design space, and the visitor's networks."""

from __future__ import annotations

from dataclasses import replace

import pandas as pd
import plotly.graph_objects as go
import streamlit as st

from explorer.accuracy.predict import Prediction, predict, report
from explorer.accuracy.words import basis_sentence, prediction_sentence
from explorer.charts.published_frontier import Yours, published_frontier
from explorer.cost.latency import medians
from explorer.formats.measures import AXES, COUNTED, Measure
from explorer.formats.quantities import percent
from explorer.network.description import Network
from explorer.planning import sampled_designs
from explorer.published import wording
from explorer.published.filters import YEARS, chosen
from explorer.published.pareto import KINDS, FrontierPoint, comparable, costs_of, published
from explorer.settings import pins
from explorer.settings.built import Built
from explorer.settings.declarations import FrontierView, options
from explorer.ui.count.speed import timings
from explorer.ui.frontier import card
from explorer.ui.shared import figure, state
from explorer.ui.shared.escape_markdown import escape_markdown
from explorer.ui.shared.state import bound

NAME = "published-frontier"
NOTHING = "No published network fits these filters on this axis. Widen a filter or choose another axis."
INTRODUCTION = (
    "Each dot is a published network under one training recipe. A vertical line joins the accuracies of one network "
    "under several recipes: training alone moves it that far. Click a dot for its card."
)


def render(built: Built, now: FrontierView) -> None:
    """Controls, chart, pins, card and table."""
    st.caption(INTRODUCTION)
    _axes()
    if not state.presenting():
        _filters()
    axis = AXES[now.axis]
    everything = _timed(published())
    shown = comparable(chosen(everything, now.only_family, now.only_recipe, now.only_data, now.since), axis, now.kind)
    if not shown:
        st.info(NOTHING, icon=":material/filter_alt_off:")
    rows = wording.rows(shown, axis, now.kind)
    drawn = _draw(shown, _yours(built, now, axis), now)
    alt = f"{wording.alt(shown, axis, now.kind)} {_prediction(built)}"
    figure.show(drawn, NAME, alt, rows, on_select=_open)
    if state.presenting():
        return
    st.caption(escape_markdown(_prediction(built)))
    if now.cloud == "on":
        st.caption(_cloud_words(axis, now.kind))
    _pins(built, now.pins)
    card.render(shown, axis, now)
    st.subheader("Everything that is shown")
    st.dataframe(pd.DataFrame(rows), hide_index=True)


def _axes() -> None:
    first, second, third, fourth = st.columns([9, 4, 5, 4])
    first.selectbox("Cost", options("axis"), format_func=lambda key: AXES[key].title, **bound("axis"))
    second.segmented_control("Cost axis", options("spacing"), **bound("spacing"), required=True)
    third.selectbox("Accuracy", options("kind"), format_func=KINDS.__getitem__, **bound("kind"))
    fourth.segmented_control("Design space", options("cloud"), **bound("cloud"), required=True)


def _filters() -> None:
    with st.expander("Filters", icon=":material/filter_alt:"):
        first, second = st.columns(2)
        first.selectbox("Family", options("only_family"), **bound("only_family"))
        second.selectbox("Recipe", options("only_recipe"), **bound("only_recipe"))
        third, fourth = st.columns(2)
        third.selectbox("Trained on", options("only_data"), **bound("only_data"))
        fourth.number_input("Paper of this year or later", *YEARS, **bound("since"))


def _timed(points: tuple[FrontierPoint, ...]) -> list[FrontierPoint]:
    """The points, with the time on this server of those networks that were timed."""
    here = medians(timings())
    built = [(point, point.built) for point in points]
    return [
        replace(point, costs={**point.costs, "here": here[network.identity]})
        if network is not None and network.identity in here
        else point
        for point, network in built
    ]


def _draw(shown: list[FrontierPoint], yours: list[Yours], now: FrontierView) -> go.Figure:
    axis = AXES[now.axis]
    behind = sampled_designs.cloud() if now.cloud == "on" and axis.key in COUNTED and now.kind == "top1" else None
    return published_frontier(shown, axis, now.kind, yours, behind, logarithmic=now.spacing == "log")


def _yours(built: Built, now: FrontierView, axis: Measure) -> list[Yours]:
    kept, _ = pins.read(now.pins)
    networks = [("Your network", built.network, False), *((pin.title, pin.network(), True) for pin in kept)]
    found = [(title, network, _spent(network, axis), pinned) for title, network, pinned in networks]
    return [
        Yours(title, spent, _likely(network) if now.kind == "top1" else None, pinned)
        for title, network, spent, pinned in found
        if spent is not None
    ]


def _likely(network: Network) -> Prediction | None:
    """What is predicted of a network; None if that is refused."""
    found = predict(network)
    return found if isinstance(found, Prediction) else None


def _spent(network: Network, axis: Measure) -> float | None:
    """What a network costs on an axis; None where that can only be measured and was not."""
    return medians(timings()).get(network.identity) if axis.key == "here" else costs_of(network).get(axis.key)


def _prediction(built: Built) -> str:
    return prediction_sentence(predict(built.network), subject="Your network")


def _cloud_words(axis: Measure, kind: str) -> str:
    if axis.key not in COUNTED or kind != "top1":
        return "The design space is shown for multiply-adds, parameters and activations, with ImageNet top-1 accuracy."
    networks = f"{sampled_designs.NETWORKS:,} networks that nobody has trained"
    outside = f"{percent(float(sampled_designs.cloud().outside.mean()), 0)} of them lie outside the data"
    return f"Behind the dots: {networks}, predicted; {outside}. {basis_sentence(report())}"


def _pins(built: Built, written: str) -> None:
    kept, broken = pins.read(written)
    if broken:
        those = "A kept network of the link" if broken == 1 else f"{broken} kept networks of the link"
        shown = "; the others are shown" if kept else ""
        st.warning(f"{those} cannot be read{shown}.", icon=":material/link_off:")
    row = st.container(horizontal=True)
    pin = pins.of_built(built)
    full = len(kept) >= pins.MOST
    row.button(
        "Keep your network on the chart",
        icon=":material/keep:",
        disabled=pin is None or pin in kept or full,
        on_click=_keep,
        args=((*kept, pin),),
        help=f"Up to {pins.MOST} networks stay in the link, of every family but a stage table of your own.",
    )
    for each in kept:
        rest = tuple(other for other in kept if other != each)
        row.button(f"Remove {each.title}", key=f"_unpin_{each.text()}", on_click=_keep, args=(rest,), type="tertiary")


def _keep(kept: tuple[pins.Pin, ...]) -> None:
    _set(replace(state.current().frontier, pins=pins.write(kept)))


def _open() -> None:
    """Open the card of the dot that was clicked."""
    points = st.session_state[NAME]["selection"]["points"]
    name = points[0].get("customdata") if points else None
    name = name[0] if isinstance(name, list) and name else name
    if isinstance(name, str):
        _set(replace(state.current().frontier, card=name))


def _set(view: FrontierView) -> None:
    state.set_to(replace(state.current(), frontier=view))
