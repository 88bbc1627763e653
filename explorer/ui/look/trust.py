"""Whether the map of a class can be trusted: two checks that it could fail."""

from __future__ import annotations

from functools import partial

import streamlit as st

from explorer.charts.trust import cascade_chart, curves_chart
from explorer.cost import counting
from explorer.formats.quantities import engineering, fixed
from explorer.jobs import tasks
from explorer.ui.look.evidence import choose_class
from explorer.ui.shared.figure import show
from explorer.ui.shared.measurement import measured
from explorer.vision.classification import Classification
from explorer.vision.imagenet import labels
from explorer.vision.photograph import PhotographFile
from explorer.vision.trust import RESEMBLES, PerturbationCurve, Trust
from explorer.vision.trust_narrative import cascade_sentence, curves_sentence, trust_sentence

LARGEST_MACS = 2_000_000_000
"""Above so many multiply-adds the checks would take minutes on two cores."""

PASSES = 200
"""About what the checks take, counted in answers of the fast engine."""

LOADING_SECONDS = 5


def render(photograph: PhotographFile, sight: Classification) -> None:
    """The verdict in words, then the two checks behind it; one click starts them."""
    st.subheader("Can this map be trusted?")
    st.markdown(
        "A map may look convincing and prove nothing. Two checks that it could fail: the network forgets what it "
        "learned, part by part, and the map should go with it; the cells of the photograph go and come, and the answer "
        f"should follow the strongest. {_estimate(sight)}"
    )
    class_index = choose_class(sight)
    macs = counting.of(sight.classifier.network).macs
    if macs > LARGEST_MACS:
        st.info(_refusal(macs), icon=":material/hourglass_disabled:")
        return
    classifier = sight.classifier
    found = measured(
        "trust",
        (classifier, photograph.sha256, class_index),
        partial(tasks.trust, classifier, photograph, class_index),
        "Check this map",
        "First the network is loaded.",
    )
    if found is not None:
        _verdict(found)


def _refusal(macs: int) -> str:
    return (
        f"This network needs {engineering(macs)} multiply-adds for one answer, and the checks take about {PASSES} "
        f"answers: minutes on this machine. They are made up to {engineering(LARGEST_MACS)}: take a smaller network, "
        "or a lower resolution."
    )


def _estimate(sight: Classification) -> str:
    seconds = LOADING_SECONDS + PASSES * sight.latency.median_ms / 1000
    return f"That takes about {PASSES} looks: some {seconds:.0f} s here, more while others compute."


def _verdict(trust: Trust) -> None:
    st.markdown(trust_sentence(trust))
    st.subheader("Does it come from what was learned?")
    st.markdown(
        "The classifier's weights are put in random order, then those of the stages below, one after the other. "
        f"Beyond the dotted lines (±{RESEMBLES:g}) a map still shows much the same places. At the last bar nothing "
        "learned is left: it should stay between them."
    )
    alt = cascade_sentence(trust)
    rows = [{"randomised down to": step.part, "rank correlation": step.correlation} for step in trust.cascade]
    show(cascade_chart(trust.cascade), "randomised", alt, rows)
    st.subheader("Do its strongest cells carry the answer?")
    st.markdown(_meaning(trust))
    figure = curves_chart(trust, labels()[trust.class_index])
    show(figure, "deletion_and_insertion", curves_sentence(trust), _points(trust))


def _meaning(trust: Trust) -> str:
    deletion, insertion = trust.deletion, trust.insertion
    return (
        f"The strongest cells are deleted first: area under the curve **{_area(deletion)}**; the smaller, the more the "
        "answer hangs on them. Or they are inserted first into a blurred photograph: area "
        f"**{_area(insertion)}**; the larger, the more they are enough for it."
    )


def _area(curve: PerturbationCurve) -> str:
    return f"{fixed(curve.area)} (at random {fixed(float(curve.random_areas.mean()))})"


def _points(trust: Trust) -> list[dict[str, object]]:
    return [
        {"change": name, "order": order, "share of the cells": share, "probability": probability}
        for name, curve in (("deletion", trust.deletion), ("insertion", trust.insertion))
        for order, line in (("map", curve.ordered), *((f"random {n}", line) for n, line in enumerate(curve.random, 1)))
        for share, probability in zip(curve.shares.tolist(), line.tolist(), strict=True)
    ]
