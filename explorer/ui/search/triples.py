"""Step 1 of a study: promise against built cost, accuracies with intervals, the table, one triple's losses."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import pandas as pd
import streamlit as st

from explorer.charts import search
from explorer.formats.measures import PARAMS
from explorer.formats.quantities import counted, engineering, times
from explorer.network.scaling import TARGET_PRODUCT
from explorer.study import findings
from explorer.study import plan as planning
from explorer.study.candidates import PAPER, Candidate
from explorer.study.findings import MeasuredTriple, accuracy_words, points, triple_words
from explorer.ui.search import studies
from explorer.ui.search.studies import Study
from explorer.ui.shared import figure, state
from explorer.ui.shared.state import bound

Triple = tuple[float, float, float]


def render(study: Study, asked: str) -> None:
    """Everything about the triples of `study`."""
    measured = findings.measured(study.plan, study.outcomes, 1)
    if not measured:
        st.info("No triple of this study is trained yet.", icon=":material/hourglass_empty:")
        return
    grid = studies.grid(study.plan)
    best = planning.best(study.plan, study.outcomes) or measured[0].triple
    left, right = st.columns(2)
    with left:
        st.subheader("Which triples double the cost?")
        st.markdown(_surface_words(study, grid))
        drawn = search.surface(grid, measured, study.plan.tolerance)
        figure.show(drawn, "search-cost", _surface_words(study, grid), [_grid_row(each, measured) for each in grid])
    with right:
        st.subheader("Which is the most accurate?")
        words = _accuracy_words(measured)
        st.markdown(words)
        chosen = _asked(measured, asked)
        rows = [_row(each, measured, best) for each in measured]
        figure.show(search.accuracies(measured, chosen), "search-accuracy", words, rows)
    _table(study, measured, best)
    _one(measured, best, asked)


def _surface_words(study: Study, grid: Sequence[Candidate]) -> str:
    paper = study.plan.paper
    return (
        f"{_promise_words(study.plan.tolerance, grid)} The paper's promises {times(paper.promised)} and builds "
        f"{times(paper.built)} here. The band is what the search takes as twice."
    )


def _promise_words(tolerance: float, grid: Sequence[Candidate]) -> str:
    """What the triples build that promise twice the cost; on a coarse grid there may be none."""
    built = [each.built for each in grid if abs(each.promised - TARGET_PRODUCT) < tolerance]
    if not built:
        return "No triple of this grid promises about twice the cost: those here build it all the same."
    return (
        f"{counted(len(built), 'triple')} of the grid {'promises' if len(built) == 1 else 'promise'} about twice the "
        f"cost and {'builds' if len(built) == 1 else 'build'} {times(min(built))} to {times(max(built))}."
    )


def _accuracy_words(measured: Sequence[MeasuredTriple]) -> str:
    best, worst = (pick(measured, key=lambda each: each.accuracy.mean) for pick in (max, min))
    return (
        f"From {triple_words(worst.triple)} with {accuracy_words(worst.accuracy)} to {triple_words(best.triple)} with "
        f"{accuracy_words(best.accuracy)}. The bars are 95 % intervals over seeds: where they overlap widely, the "
        "order may be chance."
    )


def _table(study: Study, measured: Sequence[MeasuredTriple], best: Triple) -> None:
    st.subheader("Every triple")
    promised = {each.triple: each.promised for each in studies.grid(study.plan)}
    rows = [{**_row(each, measured, best), "promised ×": promised.get(each.triple)} for each in measured]
    numbers = st.column_config.NumberColumn
    st.dataframe(
        pd.DataFrame(rows).sort_values("accuracy, %", ascending=False),
        hide_index=True,
        column_order=[
            "α",
            "β",
            "γ",
            "accuracy, %",
            "± 95 %",
            "to the best",
            "promised ×",
            "built ×",
            PARAMS.label,
            "seeds",
        ],
        column_config={
            "accuracy, %": numbers(format="%.2f"),
            "± 95 %": numbers(format="%.2f"),
            "promised ×": numbers(format="%.2f"),
            "built ×": numbers(format="%.2f"),
            PARAMS.label: numbers(format="localized"),
        },
    )


def _one(measured: Sequence[MeasuredTriple], best: Triple, asked: str) -> None:
    """One triple: its losses, and the way to the sliders."""
    st.subheader("One triple")
    ordered = sorted(measured, key=lambda each: -each.accuracy.mean)
    written = [_written(each.triple) for each in ordered]
    if asked not in written:
        st.session_state["triple"] = written[0]
    chosen = st.selectbox("Triple", written, format_func=lambda text: _titled(text, best), **bound("triple"))
    one = ordered[written.index(chosen)]
    st.button(
        "Use this triple",
        on_click=_use,
        args=(one.triple,),
        icon=":material/tune:",
        help="Sets the sliders α, β and γ on every page.",
    )
    words = (
        f"{triple_words(one.triple)} builds {times(one.factor)} the baseline's multiply-adds "
        f"({engineering(one.outcomes[0].result.macs)}) and reaches {accuracy_words(one.accuracy)}. Its loss falls from "
        f"{one.outcomes[0].result.curve[0]:.2f} to {one.outcomes[0].result.curve[-1]:.2f} with the first seed."
    )
    st.markdown(words)
    rows = [
        {"seed": outcome.run.seed, "training done, %": 100 * (place + 0.5) / len(outcome.result.curve), "loss": loss}
        for outcome in one.outcomes
        for place, loss in enumerate(outcome.result.curve)
    ]
    figure.show(search.losses(one), "search-loss", words, rows)


def _use(triple: Triple) -> None:
    alpha, beta, gamma = triple
    now = replace(state.current().architecture, by="formula", hold="off")
    state.take_network(replace(now, alpha=alpha, beta=beta, gamma=gamma))


def _asked(measured: Sequence[MeasuredTriple], asked: str) -> Triple | None:
    """The triple that the link asks for, where this study has it."""
    return next((each.triple for each in measured if _written(each.triple) == asked), None)


def _written(triple: Triple) -> str:
    return ",".join(f"{value:g}" for value in triple)


def _titled(text: str, best: Triple) -> str:
    alpha, beta, gamma = map(float, text.split(","))
    marks = {_written(best): " (best)", _written(PAPER): " (the paper's)"}
    return triple_words((alpha, beta, gamma)) + marks.get(text, "")


def _grid_row(one: Candidate, measured: Sequence[MeasuredTriple]) -> dict[str, object]:
    found = next((each.accuracy.mean for each in measured if each.triple == one.triple), None)
    return {**_letters(one.triple), "promised ×": one.promised, "built ×": one.built, "accuracy, %": found}


def _row(one: MeasuredTriple, measured: Sequence[MeasuredTriple], best: Triple) -> dict[str, object]:
    leader = next(each for each in measured if each.triple == best)
    gap = findings.difference(one, leader)
    return {
        **_letters(one.triple),
        "accuracy, %": one.accuracy.mean,
        "± 95 %": one.accuracy.half if one.accuracy.count > 1 else None,
        "to the best": "–" if gap is None else points(gap),
        "built ×": one.factor,
        PARAMS.label: one.outcomes[0].result.params,
        "seeds": one.accuracy.count,
    }


def _letters(triple: Triple) -> dict[str, object]:
    return dict(zip("αβγ", triple, strict=True))
