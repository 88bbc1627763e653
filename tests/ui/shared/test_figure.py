"""A chart with its words, its picture and its data."""

from __future__ import annotations

import csv
import io

from streamlit.testing.v1 import AppTest

from explorer.formats.csv import as_csv

ROWS: list[dict[str, object]] = [
    {"model": "B0", "top-1, %": 77.1},
    {"model": "a, b", "top-1, %": None, "note": "“quoted”"},
]


def test_csv_can_be_read_back() -> None:
    read = list(csv.DictReader(io.StringIO(as_csv(ROWS))))
    assert read == [
        {"model": "B0", "top-1, %": "77.1", "note": ""},
        {"model": "a, b", "top-1, %": "", "note": "“quoted”"},
    ]


def _page() -> None:
    import plotly.graph_objects as go

    from explorer.ui.shared import figure

    figure.show(go.Figure(go.Scatter(x=[1], y=[2])), "dots", "One dot.", [{"x": 1, "y": 2}])


def test_a_chart_has_its_words_its_data_and_a_picture_in_two_formats() -> None:
    app = AppTest.from_function(_page).run()
    assert not app.exception
    chart = app.get("plotly_chart")[0].proto
    assert chart.alt == "One dot."
    assert '"format": "png"' in chart.config
    assert not app.get("download_button"), "what is in a closed popover is not sent"
    app.session_state["_save_dots"] = True
    app.run()
    assert app.get("download_button")[0].proto.label == "Data as CSV"
    app.segmented_control(key="_picture_dots").set_value("svg").run()
    assert '"format": "svg"' in app.get("plotly_chart")[0].proto.config
    app.session_state["_save_dots"] = False
    app.run()
    assert '"format": "svg"' in app.get("plotly_chart")[0].proto.config, "the choice outlives the popover"
