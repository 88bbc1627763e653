"""The charts of the checks of a map: every value that was found is in them."""

from __future__ import annotations

import numpy as np

from explorer.charts.trust import cascade_chart, curves_chart
from explorer.vision.trust import PerturbationCurve, Randomised, Trust
from explorer.vision.trust_narrative import curves_sentence

SHARES = np.array([0.0, 0.5, 1.0])
RISING = PerturbationCurve(SHARES, SHARES, np.stack([SHARES**2, SHARES**3]))
FALLING = PerturbationCurve(SHARES, SHARES[::-1], np.stack([SHARES[::-1] ** 2, SHARES[::-1] ** 3]))
TRUST = Trust(
    967, (Randomised("classifier", 0.304), Randomised("stage 9", -0.1), Randomised("stage 8", -0.001)), FALLING, RISING
)


def test_every_step_has_its_bar_and_its_value() -> None:
    figure = cascade_chart(TRUST.cascade)
    assert figure.data[0].x == (0.304, -0.1, -0.001)
    assert figure.data[0].y == ("classifier", "down to stage 9", "down to stage 8")
    assert [note.text for note in figure.layout.annotations] == ["0.30", "−0.10", "0.00"]


def test_every_order_has_its_curve() -> None:
    figure = curves_chart(TRUST, "espresso")
    assert len(figure.data) == 2 * (1 + 2)
    assert [line.y.tolist() for line in figure.data if line.name == "strongest evidence first"] == [
        [100.0, 50.0, 0.0],
        [0.0, 50.0, 100.0],
    ]
    assert [line.name for line in figure.data if line.showlegend] == ["random orders", "strongest evidence first"]


def test_the_sentence_has_both_areas() -> None:
    # By the trapezoidal rule the values 0, x, 1 have the area x/2 + 1/4: 0.5 for 1/2, 0.375 for 1/4, 0.3125 for 1/8.
    assert curves_sentence(TRUST) == (
        "Probability of “espresso” as cells are deleted: area 0.50 (at random 0.34). "
        "As cells are inserted: area 0.50 (at random 0.34)."
    )
