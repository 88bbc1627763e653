"""Figures 3, 4 and 8, Tables 3 and 7, Equation 3 and the two steps, against counts and sums made another way."""

from __future__ import annotations

import math
from itertools import product

import numpy as np
import pytest

from explorer.accuracy.predict import Prediction, predict, report
from explorer.cost import counting
from explorer.network.baselines import BASELINES, EFFICIENTNET
from explorer.network.description import scale
from explorer.network.scaling import PAPER_ALPHA, PAPER_BETA, PAPER_GAMMA, Compound
from explorer.published.figures import figure4
from explorer.settings.built import build
from explorer.settings.declarations import Architecture
from explorer.teaching.paper import balance, baseline, others, problem, rule, single, steps

BILLION = 1e9

# Coefficients of Table 7 and multiply-adds of conv and linear layers of the rebuilt B0, biases included: an
# independent count of the same networks (with_biases leaves the difference below 0.005 %).
TABLE7 = {"depth": 1575176640, "width": 1449978528, "resolution": 1537547748, "compound": 1827162472}

# Family and method of Table 3, and an independent recount in billions.
TABLE3 = {
    ("mobilenetv1", "baseline"): 0.569,
    ("mobilenetv1", "width"): 2.216,
    ("mobilenetv1", "resolution"): 2.272,
    ("mobilenetv1", "compound"): 2.47,
    ("mobilenetv2", "baseline"): 0.301,
    ("mobilenetv2", "depth"): 1.22,
    ("mobilenetv2", "width"): 1.137,
    ("mobilenetv2", "resolution"): 1.199,
    ("resnet50", "baseline"): 4.089,
    ("resnet50", "depth"): 14.571,
    ("resnet50", "width"): 16.117,
    ("resnet50", "resolution"): 16.351,
}

# What a doubling of the cost brings first and last in Figure 3: differences of printed dots by hand.
GAINS = (
    ("depth", (78.51 - 76.1) / math.log2(0.95 / 0.5), 0.0),
    ("width", (77.49 - 76.1) / math.log2(0.783 / 0.5), (80.3 - 79.99) / math.log2(8.251 / 4.881)),
    ("resolution", (77.68 - 76.1) / math.log2(0.935 / 0.5), (79.68 - 79.54) / math.log2(3.115 / 2.551)),
)

# α, β, γ, and the φ of each dimension of a published network: promise.effective_phi's documented figures.
PUBLISHED_PHI = (("B1", 0.52, 0.0, 0.49), ("B7", 6.21, 7.27, 7.05))

# φ of the growth curve that are built one by one.
PHIS = (0.0, 1.0, 2.5, 6.0)


@pytest.mark.parametrize(("dimension", "first", "last"), GAINS)
def test_gains_fall(dimension: str, first: float, last: float) -> None:
    line = single.of_dimension(dimension)
    assert single.gain_per_doubling(line[0], line[1]) == pytest.approx(first)
    assert single.gain_per_doubling(line[-2], line[-1]) == pytest.approx(last, abs=1e-9)
    assert f"ends with {last:.1f}" in single.sentence()


def test_every_dot_is_counted_again() -> None:
    assert len(single.recounted()) == 19
    (deep,) = (each for each in single.recounted() if each.label == "d=4")
    assert deep.macs == pytest.approx(TABLE7["depth"], rel=5e-5)
    assert {each.network.input_resolution for each in single.of_dimension("resolution")} == {
        224, 291, 336, 381, 426, 493, 560,
    }  # fmt: skip


def test_the_four_lines_hold_every_dot_of_figure_4() -> None:
    assert sorted(dot.macs_billions for line in balance.lines() for dot in line.dots) == sorted(
        dot.macs_billions for dot in figure4()
    )
    first = balance.lines()[0]
    assert first.top1_at(8.25) == pytest.approx(80.30)
    assert first.top1_at(math.sqrt(8.25 * 11.93)) == pytest.approx((80.30 + 80.39) / 2)


def test_balance_is_worth_a_point_at_equal_cost() -> None:
    reached = [line.top1_at(balance.COMPARED_AT) for line in balance.lines()]
    assert reached[3] == max(reached)
    assert reached[0] == min(reached)
    assert f"{max(reached) - min(reached):.1f} points" in balance.figure4_sentence()


@pytest.mark.parametrize("method", TABLE7)
def test_table_7_counted_again(method: str) -> None:
    (again,) = (each for each in balance.recounted() if each.row.method == method)
    assert again.macs == pytest.approx(TABLE7[method], rel=5e-5)


@pytest.mark.parametrize(("family", "method"), TABLE3)
def test_table_3_counted_again(family: str, method: str) -> None:
    (again,) = (each for each in others.counted(family) if each.row.method == method)
    assert round(again.macs / BILLION, 3) == TABLE3[family, method]


def test_table_3_points_at_the_swapped_rows() -> None:
    assert sum(len(others.counted(family)) for family in others.FAMILIES) == len(TABLE3)
    sentence = others.recount_sentence()
    assert "ResNet-50 by depth 16.2 printed and 14.57 counted" in sentence
    assert "ResNet-50 by width 14.7 printed and 16.12 counted" in sentence
    assert "+1.4 points" in others.sentence("mobilenetv1")


def test_the_surface_shares_one_doubling() -> None:
    found = rule.surface()
    np.testing.assert_allclose(found.alphas * found.betas**2 * found.gammas**2, 2.0)
    assert min(found.alphas.min(), found.betas.min(), found.gammas.min()) >= 1.0
    assert (found.alphas.max(), found.gammas.max()) == (2.0, pytest.approx(math.sqrt(2)))
    assert len(rule.surface_rows(found)) == found.gammas.size


@pytest.mark.parametrize("phi", PHIS)
def test_growth_is_that_of_networks_built_one_by_one(phi: float) -> None:
    found = rule.growth(EFFICIENTNET, Compound(1.0))
    at = int(np.flatnonzero(found.phi == phi)[0])
    pixels = math.floor(224 * PAPER_GAMMA**phi + 0.5)
    built = counting.of(scale(EFFICIENTNET, PAPER_ALPHA**phi, PAPER_BETA**phi, pixels)).macs
    assert found.built[at] == built / 385814752
    assert found.promised[at] == pytest.approx((PAPER_ALPHA * PAPER_BETA**2 * PAPER_GAMMA**2) ** phi)


def test_growth_stops_where_nothing_can_be_built() -> None:
    compound = Compound(1.0, 2.5, 1.0, 1.0)
    found = rule.growth(EFFICIENTNET, compound)
    assert np.isnan(found.built[-1])
    assert "at φ = 2.2 it promises" in rule.growth_sentence(found, compound), "2.5^2.3 exceeds 8"


def test_the_sentence_says_where_the_product_lies() -> None:
    assert "1.920 is 4.0 % below it" in rule.surface_sentence(Compound(1.0))
    assert "is on it" in rule.surface_sentence(Compound(1.0, 2.0, 1.0, 1.0))
    assert "above it" in rule.surface_sentence(Compound(1.0, 2.0, 1.2, 1.0))


def test_the_candidates_are_all_of_the_grid() -> None:
    axis = [round(1 + 0.05 * step, 2) for step in range(21)]
    expected = [
        (alpha, beta, gamma)
        for alpha, beta, gamma in product(axis, repeat=3)
        if abs(alpha * beta**2 * gamma**2 - 2) < 0.1 - 1e-9
    ]
    assert len(expected) == 108
    found = steps.candidates()
    assert list(zip(found.alpha, found.beta, found.gamma, strict=True)) == expected
    own = found.paper
    assert (found.alpha[own], found.beta[own], found.gamma[own]) == (PAPER_ALPHA, PAPER_BETA, PAPER_GAMMA)
    assert found.built[own] == 992629472 / 385814752
    assert f"{len(expected)} candidates" in steps.step1_sentence(found)


def test_each_candidate_is_predicted_as_it_is_built() -> None:
    found = steps.candidates()
    for at in (0, found.paper, len(found.alpha) - 1):
        setting = Architecture(phi=1.0, alpha=found.alpha[at], beta=found.beta[at], gamma=found.gamma[at])
        alone = predict(build(setting).network)
        assert isinstance(alone, Prediction)
        assert found.predicted.top1[at] == pytest.approx(alone.top1, abs=1e-9)
        assert found.predicted.outside[at] == alone.outside
    words = steps.predicted_sentence(found, report())
    assert f"{found.predicted.top1.max():.1f} %" in words
    assert f"to {report().loo_rmse:.2f} points" in words


@pytest.mark.parametrize(("title", "depth", "width", "resolution"), PUBLISHED_PHI)
def test_no_published_network_is_on_the_formula(title: str, depth: float, width: float, resolution: float) -> None:
    (found,) = (each for each in steps.published_phis() if each.title == title)
    assert [round(found.phi[name], 2) for name in ("depth", "width", "resolution")] == [depth, width, resolution]
    assert "B7 by 1.07" in steps.step2_sentence()


@pytest.mark.parametrize("family", BASELINES)
def test_an_edge_is_the_widest_that_fits(family: str) -> None:
    budget = 900_000_000
    found = problem.edges(BASELINES[family], budget)
    checked = 0
    for edge in found:
        for at in range(0, len(problem.DEPTHS), 30):
            width = float(edge.widths[at])
            if math.isfinite(width):
                depth = float(problem.DEPTHS[at])
                fits = scale(BASELINES[family], depth, width, edge.pixels)
                exceeds = scale(BASELINES[family], depth, round(width + 0.02, 2), edge.pixels)
                assert counting.of(fits).macs <= budget < counting.of(exceeds).macs
                checked += 1
    assert checked


def test_a_budget_that_nothing_spends_is_said() -> None:
    found = problem.edges(EFFICIENTNET, 1)
    assert problem.sentence(found, 1, "the network").startswith("No network")
    assert problem.rows(found) == []


def test_the_baseline_is_built_as_printed() -> None:
    assert baseline.sentence().startswith("9 of 9 rows agree")
    assert "exactly 5,288,548 parameters and 385,814,752 multiply-adds" in baseline.sentence()
    shares = [row["Share of multiply-adds, %"] for row in baseline.rows()]
    assert sum(float(str(share)) for share in shares) == pytest.approx(100, abs=0.3)
