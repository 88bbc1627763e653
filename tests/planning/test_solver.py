"""The budget solver, against every φ of its grid built and counted one by one."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import replace
from fractions import Fraction
from functools import cache
from itertools import pairwise, product

import numpy as np
import pytest

from explorer.cost import counting, design_space
from explorer.cost.counting import Cost
from explorer.network import scaling
from explorer.network.baselines import EFFICIENTNET, MOBILENET_V2, Baseline
from explorer.network.description import Network, scale
from explorer.network.scaling import NEAREST, REFERENCE, Compound, Rounding, ScalingError
from explorer.planning import solver
from explorer.planning.budget import OBJECTIVES, BudgetLimits
from explorer.planning.solver import OBJECTIVE, PHIS, RANGE, NothingFits, Solution, solve

PAPER = Compound(0.0)
SHALLOWER = Compound(0.0, 0.75, 1.2, 1.1)
"""Layers go as channels and pixels come: no cost is monotone in φ."""

FLAT = Compound(0.0, 0.8, 1.05, 1.0)

Case = tuple[Baseline, Rounding, Compound]

# What is scaled and how, and limits.
CASES: tuple[tuple[Case, BudgetLimits], ...] = (
    ((EFFICIENTNET, REFERENCE, PAPER), BudgetLimits(macs=1e9)),
    ((EFFICIENTNET, REFERENCE, PAPER), BudgetLimits(macs=385_814_752)),
    ((EFFICIENTNET, REFERENCE, PAPER), BudgetLimits(macs=385_814_751)),
    ((EFFICIENTNET, REFERENCE, PAPER), BudgetLimits(params=12_000_000)),
    ((EFFICIENTNET, REFERENCE, PAPER), BudgetLimits(activations=9e6, macs=1e9, params=2e7)),
    ((EFFICIENTNET, REFERENCE, PAPER), BudgetLimits(macs=1e9, params=8e6, activations=2e7)),
    ((EFFICIENTNET, REFERENCE, PAPER), BudgetLimits(macs=106_847_952)),
    ((MOBILENET_V2, NEAREST, SHALLOWER), BudgetLimits(activations=7e6)),
    ((MOBILENET_V2, NEAREST, SHALLOWER), BudgetLimits(params=5e6)),
    ((MOBILENET_V2, NEAREST, SHALLOWER), BudgetLimits(macs=4e8, activations=8e6)),
    ((MOBILENET_V2, NEAREST, FLAT), BudgetLimits(macs=3e8)),
)

# Limits, and the refusal.
REFUSED: tuple[tuple[BudgetLimits, str], ...] = (
    (
        BudgetLimits(),
        "Give at least one limit: on parameters, multiply-adds, activations, training memory, time for an image.",
    ),
    (BudgetLimits(params=-1), "The limit on parameters is -1; give a number from 1 upwards."),
    (BudgetLimits(macs=math.nan), "The limit on multiply-adds is nan; give a number from 1 upwards."),
    (BudgetLimits(macs=1e9, activations=0), "The limit on activations is 0; give a number from 1 upwards."),
    (BudgetLimits(macs=math.inf), "The limit on multiply-adds is inf; give a number from 1 upwards."),
    (BudgetLimits(training_memory=-5), "The limit on training memory is -5; give a number from 1 upwards."),
    (BudgetLimits(params=1e-320), "The limit on parameters is 9.99989e-321; give a number from 1 upwards."),
    (BudgetLimits(macs=0.5), "The limit on multiply-adds is 0.5; give a number from 1 upwards."),
    (
        BudgetLimits(milliseconds=5e-324),
        "The limit on time for an image is 4.94066e-324; give a number from 0.001 upwards.",
    ),
    (BudgetLimits(training_memory=1e9), "The limit on training memory cannot be checked: nothing here estimates it."),
    (BudgetLimits(milliseconds=20), "The limit on time for an image cannot be checked: nothing here estimates it."),
)


def memory(network: Network) -> int:
    """Not the real thing: something that grows with parameters and activations."""
    counted = counting.of(network)
    return 16 * counted.params + 4 * 32 * counted.activations


def latency(network: Network) -> float:
    return counting.of(network).macs / 4e7 + 0.05 * network.block_count


def multiply_adds(network: Network) -> int:
    return counting.of(network).macs


@cache
def built(case: Case) -> tuple[tuple[float, Network, Cost], ...]:
    """Every φ of the grid that the explorer builds, from the smallest, one by one."""
    baseline, rounding, compound = case
    found = []
    for phi in (hundredths / 100 for hundredths in range(-300, 801)):
        try:
            rule = scaling.multipliers(replace(compound, phi=phi))
            pixels = scaling.input_resolution(baseline.input_resolution, rule.resolution)
        except ScalingError:
            continue
        network = scale(baseline, rule.depth, rule.width, pixels, rounding)
        found.append((phi, network, counting.of(network)))
    return tuple(found)


def keeps(counted: Cost, limits: BudgetLimits) -> bool:
    return all(
        limit is None or amount <= limit
        for amount, limit in (
            (counted.params, limits.params),
            (counted.macs, limits.macs),
            (counted.activations, limits.activations),
        )
    )


def solution(answer: Solution | NothingFits) -> Solution:
    assert isinstance(answer, Solution)
    return answer


def nothing(answer: Solution | NothingFits) -> NothingFits:
    assert isinstance(answer, NothingFits)
    return answer


def following(case: Case, phi: float) -> Network | None:
    """What the next φ builds."""
    return next((network for other, network, _ in built(case) if other == pytest.approx(phi + 0.01, abs=1e-9)), None)


@pytest.mark.parametrize(("case", "limits"), CASES)
def test_the_answer_is_the_largest_phi_that_keeps_every_limit(case: Case, limits: BudgetLimits) -> None:
    baseline, rounding, compound = case
    answer = solution(solve(baseline, limits, compound, rounding))
    fitting = [(phi, network) for phi, network, counted in built(case) if keeps(counted, limits)]
    assert (answer.compound, answer.network) == (replace(compound, phi=fitting[-1][0]), fitting[-1][1])
    assert answer.cost == counting.of(answer.network)


@pytest.mark.parametrize(("case", "limits"), CASES)
def test_the_binding_limit_is_what_the_next_phi_breaks_most(case: Case, limits: BudgetLimits) -> None:
    baseline, rounding, compound = case
    answer = solution(solve(baseline, limits, compound, rounding))
    given = {key: value for key in ("params", "macs", "activations") if (value := getattr(limits, key)) is not None}
    larger = following(case, answer.compound.phi)
    assert larger is not None
    factors = {key: getattr(counting.of(larger), key) / limit for key, limit in given.items()}
    assert factors[answer.binding] == max(factors.values()) > 1
    assert answer.slack == {key: 1 - getattr(answer.cost, key) / limit for key, limit in given.items()}
    assert min(answer.slack.values()) >= 0


def test_what_fits_need_not_be_an_interval() -> None:
    limits = BudgetLimits(macs=3e8)
    fits = [keeps(counted, limits) for _, _, counted in built((MOBILENET_V2, NEAREST, FLAT))]
    changes = sum(one != other for one, other in pairwise(fits))
    assert changes > 2
    assert (MOBILENET_V2, NEAREST, FLAT) in [case for case, given in CASES if given == limits]


def test_a_cliff_is_respected() -> None:
    """φ 0.00 → 0.01 costs 1.48 times as much: no limit between the two reaches 0.01."""
    b0, cliff = (counted.macs for phi, _, counted in built((EFFICIENTNET, REFERENCE, PAPER)) if phi in {0.0, 0.01})
    assert cliff > 1.4 * b0
    for macs in (b0, (b0 + cliff) // 2, cliff - 1):
        answer = solution(solve(EFFICIENTNET, BudgetLimits(macs=macs), PAPER))
        assert (answer.compound.phi, answer.binding) == (0.0, "macs")
    assert solution(solve(EFFICIENTNET, BudgetLimits(macs=cliff), PAPER)).compound.phi >= 0.01


@pytest.mark.parametrize("case", [(EFFICIENTNET, REFERENCE, PAPER), (MOBILENET_V2, NEAREST, SHALLOWER)])
@pytest.mark.parametrize(
    "limits",
    [
        BudgetLimits(training_memory=1.5e9),
        BudgetLimits(milliseconds=20),
        BudgetLimits(training_memory=1.1e9, milliseconds=16, macs=2e9),
        BudgetLimits(macs=3.3e8, milliseconds=1e3),
    ],
)
def test_estimates_are_limits_like_counts(case: Case, limits: BudgetLimits) -> None:
    baseline, rounding, compound = case

    def fits(network: Network, counted: Cost) -> bool:
        return (
            keeps(counted, limits)
            and memory(network) <= (limits.training_memory or math.inf)
            and latency(network) <= (limits.milliseconds or math.inf)
        )

    answer = solution(solve(baseline, limits, compound, rounding, training_memory=memory, latency=latency))
    expected = [(phi, network) for phi, network, counted in built(case) if fits(network, counted)][-1]
    assert (answer.compound.phi, answer.network) == expected
    larger = following(case, answer.compound.phi)
    assert larger is not None
    assert not fits(larger, counting.of(larger))
    amounts: dict[str, Callable[[Network], float]] = {
        "training_memory": memory,
        "milliseconds": latency,
        "macs": multiply_adds,
    }
    for key, left in answer.slack.items():
        assert left == 1 - amounts[key](answer.network) / getattr(limits, key)
    assert amounts[answer.binding](larger) > getattr(limits, answer.binding)


def test_an_estimate_without_a_limit_is_not_asked() -> None:
    def never(_: Network) -> float:
        raise AssertionError

    answer = solve(EFFICIENTNET, BudgetLimits(macs=1e9), PAPER, training_memory=never, latency=never)
    assert answer == solve(EFFICIENTNET, BudgetLimits(macs=1e9), PAPER)


def test_an_estimate_is_asked_a_few_times_only() -> None:
    asked: list[Network] = []

    def noted(network: Network) -> float:
        asked.append(network)
        return latency(network)

    solution(solve(EFFICIENTNET, BudgetLimits(milliseconds=20), PAPER, latency=noted))
    assert 1 < len(asked) < 20


def test_no_limit_in_reach_is_said() -> None:
    answer = solution(solve(EFFICIENTNET, BudgetLimits(macs=1e15), PAPER))
    assert (answer.compound.phi, answer.binding) == (8.0, RANGE)
    assert answer.sentence == (
        "φ = 8, α = 1.2, β = 1.1, γ = 1.15 is the largest that fits: beyond it the explorer does not scale."
    )
    sharp = solution(solve(EFFICIENTNET, BudgetLimits(params=1e15), Compound(0.0, 1.0, 1.0, 1.4)))
    assert sharp.binding == RANGE
    assert (sharp.compound.phi, sharp.network.input_resolution) == (4.51, 1022)  # 224·1.4^4.51 = 1021.6; 4.52: 1025.1


def test_the_sentence_names_what_stands_against_more() -> None:
    answer = solution(solve(EFFICIENTNET, BudgetLimits(macs=1e9, params=2e7), PAPER))
    larger = following((EFFICIENTNET, REFERENCE, PAPER), answer.compound.phi)
    assert larger is not None
    assert answer.compound.phi == 1.03
    assert answer.sentence == (
        "φ = 1.03, α = 1.2, β = 1.1, γ = 1.15 is the largest that fits: φ = 1.04 would take "
        f"{counting.of(larger).macs:,} multiply-adds, the limit is 1,000,000,000 multiply-adds."
    )


@pytest.mark.parametrize(
    ("limits", "amount", "allowed"),
    [
        (BudgetLimits(training_memory=1.5e9), "bytes of training memory", "1,500,000,000 bytes of training memory"),
        (BudgetLimits(milliseconds=20.5), " ms for an image", "20.5 ms for an image"),
        (BudgetLimits(params=8e6), " parameters", "8,000,000 parameters"),
        (BudgetLimits(activations=8e6), " activations", "8,000,000 activations"),
    ],
)
def test_every_limit_has_its_unit(limits: BudgetLimits, amount: str, allowed: str) -> None:
    answer = solution(solve(EFFICIENTNET, limits, PAPER, training_memory=memory, latency=latency))
    assert answer.sentence.count(amount) == 2
    assert answer.sentence.endswith(f", the limit is {allowed}.")


def test_nothing_fits_and_why() -> None:
    smallest = built((EFFICIENTNET, REFERENCE, PAPER))[0]
    answer = nothing(solve(EFFICIENTNET, BudgetLimits(macs=1e7, params=2_000_000, activations=1e9), PAPER))
    assert (answer.compound, answer.network, answer.cost) == (replace(PAPER, phi=-3.0), smallest[1], smallest[2])
    assert (answer.limit, answer.factor) == ("macs", smallest[2].macs / 1e7)
    assert answer.sentence == (
        "Nothing fits: the smallest network (φ = −3, α = 1.2, β = 1.1, γ = 1.15) already takes "
        "106,847,952 multiply-adds, 10.7× the limit of 10,000,000 multiply-adds."
    )


def test_nothing_fits_for_an_estimate() -> None:
    answer = nothing(solve(EFFICIENTNET, BudgetLimits(training_memory=1e6), PAPER, training_memory=memory))
    assert (answer.limit, answer.compound.phi) == ("training_memory", -3.0)
    assert answer.factor == memory(answer.network) / 1e6
    assert f"{memory(answer.network):,} bytes" in answer.sentence


def test_the_smallest_network_need_not_be_that_of_the_smallest_phi() -> None:
    answer = nothing(solve(MOBILENET_V2, BudgetLimits(macs=1e6), SHALLOWER, NEAREST))
    fewest = min(built((MOBILENET_V2, NEAREST, SHALLOWER)), key=lambda one: one[2].macs)
    assert answer.cost.macs == fewest[2].macs
    steep = nothing(solve(EFFICIENTNET, BudgetLimits(macs=1e6), Compound(0.0, 1.2, 1.1, 2.0)))
    assert (steep.compound.phi, steep.network.input_resolution) == (-2.83, 32)  # 224·2^−2.83 = 31.5; −2.84: 31.3


def test_an_estimate_that_is_no_number_fits_nothing() -> None:
    answer = nothing(solve(EFFICIENTNET, BudgetLimits(milliseconds=10), PAPER, latency=lambda _: math.nan))
    assert answer.limit == "milliseconds"


@pytest.mark.parametrize("free", [False, True])
@pytest.mark.parametrize(("limits", "text"), REFUSED)
def test_limits_that_make_no_sense_are_refused(limits: BudgetLimits, text: str, free: bool) -> None:
    with pytest.raises(ScalingError) as refusal:
        solve(EFFICIENTNET, limits, PAPER, free=free)
    assert str(refusal.value) == text


@pytest.mark.parametrize(
    ("ask", "text"),
    [
        (
            lambda: solve(EFFICIENTNET, BudgetLimits(macs=1e9), PAPER, free=True, objective="speed"),
            "There is no objective “speed”; choose one of macs, params, lean.",
        ),
        (
            lambda: solve(EFFICIENTNET, BudgetLimits(macs=1e9), Compound(0.0, beta=2.6)),
            "beta is 2.6; give a number from 0.5 to 2.5.",
        ),
        (
            lambda: solve(EFFICIENTNET, BudgetLimits(macs=1e9), Compound(0.0, gamma=math.nan)),
            "gamma is nan; give a number from 0.5 to 2.5.",
        ),
    ],
)
def test_other_nonsense_is_refused(ask: Callable[[], object], text: str) -> None:
    with pytest.raises(ScalingError) as refusal:
        ask()
    assert str(refusal.value) == text


def test_phi_is_not_read_and_free_coefficients_are_not_either() -> None:
    limits = BudgetLimits(macs=1e9)
    assert solve(EFFICIENTNET, limits, Compound(math.nan)) == solve(EFFICIENTNET, limits, PAPER)
    nonsense = Compound(math.nan, 99.0, math.nan, -1.0)
    assert solve(EFFICIENTNET, limits, nonsense, free=True) == solve(EFFICIENTNET, limits, PAPER, free=True)


def test_free_coefficients_are_the_whole_grid() -> None:
    twentieths = [Fraction(count, 20) for count in range(20, 61)]
    expected = {
        (float(a), float(b), float(c))
        for a, b, c in product(twentieths, repeat=3)
        if abs(a * b**2 * c**2 - 2) <= Fraction(1, 10)
    }
    assert set(solver.free_coefficients()) == expected
    assert len(solver.free_coefficients()) == len(expected) > 100
    assert {(1.9, 1.0, 1.0), (2.1, 1.0, 1.0), (1.2, 1.1, 1.15), (1.0, 1.4, 1.0)} <= expected


@cache
def everything_free(limits: BudgetLimits) -> tuple[list[design_space.Costs], list[list[int]]]:
    """The costs of each triple at every φ, and which columns keep the limits."""
    costs, kept = [], []
    for alpha, beta, gamma in solver.free_coefficients():
        designs = design_space.of_compound(EFFICIENTNET, PHIS, alpha, beta, gamma)
        arrays = designs.costs.params.tolist(), designs.costs.macs.tolist(), designs.costs.activations.tolist()
        fits = [keeps(Cost(*three), limits) for three in zip(*arrays, strict=True)]
        costs.append(designs.costs)
        kept.append(np.flatnonzero(designs.allowed & np.array(fits)).tolist())
    return costs, kept


@pytest.mark.parametrize(
    "limits", [BudgetLimits(macs=1e9), BudgetLimits(macs=2e9, params=9e6), BudgetLimits(activations=8e6, macs=5e9)]
)
@pytest.mark.parametrize("objective", OBJECTIVES)
def test_free_coefficients_are_the_best_of_all(limits: BudgetLimits, objective: str) -> None:
    answer = solution(solve(EFFICIENTNET, limits, PAPER, free=True, objective=objective))
    costs, kept = everything_free(limits)
    rule = scaling.multipliers(answer.compound)
    pixels = scaling.input_resolution(224, rule.resolution)
    assert answer.network == scale(EFFICIENTNET, rule.depth, rule.width, pixels)
    assert keeps(answer.cost, limits)
    most = max(one.macs[column] for one, columns in zip(costs, kept, strict=True) for column in columns)
    if objective == "lean":
        near = [
            one.activations[column]
            for one, columns in zip(costs, kept, strict=True)
            for column in columns
            if one.macs[column] >= 0.97 * most
        ]
        assert len(near) > 1
        assert answer.cost.activations == min(near)
        assert answer.cost.macs >= 0.97 * most
    else:
        amounts = [
            getattr(one, objective)[column] for one, columns in zip(costs, kept, strict=True) for column in columns
        ]
        assert getattr(answer.cost, objective) == max(amounts)
    assert answer.sentence.startswith(f"φ = {answer.compound.phi:g}, α = ")
    assert f" has {OBJECTIVES[objective].words} that fit: " in answer.sentence


def test_the_fewest_activations_are_often_not_at_a_largest_phi() -> None:
    """Every budget of 25, against all settings that keep it; where a larger φ fits, it has more activations."""
    costs, allowed = everything_free(BudgetLimits(macs=1e15))
    macs, activations = (
        np.concatenate([getattr(one, key)[columns] for one, columns in zip(costs, allowed, strict=True)])
        for key in ("macs", "activations")
    )
    bindings = []
    for budget in np.geomspace(1.5e8, 2e10, 25):
        limits = BudgetLimits(macs=float(budget))
        answer = solution(solve(EFFICIENTNET, limits, PAPER, free=True, objective="lean"))
        fits = macs <= budget
        near = fits & (macs >= 0.97 * macs[fits].max())
        assert answer.cost.activations == activations[near].min()
        if answer.binding == OBJECTIVE:
            assert "fits too, with more activations" in answer.sentence
            compound = replace(answer.compound, phi=round(answer.compound.phi + 0.01, 2))
            larger = network_of(compound)
            assert counting.of(larger).activations > answer.cost.activations
            assert counting.of(larger).macs <= budget
        bindings.append(answer.binding)
    assert bindings.count(OBJECTIVE) >= 5


def network_of(compound: Compound) -> Network:
    rule = scaling.multipliers(compound)
    return scale(EFFICIENTNET, rule.depth, rule.width, scaling.input_resolution(224, rule.resolution))


def test_objectives_disagree() -> None:
    answers = [
        solution(solve(EFFICIENTNET, BudgetLimits(macs=1e9), PAPER, free=True, objective=key)).compound
        for key in OBJECTIVES
    ]
    assert len(set(answers)) == len(OBJECTIVES) == 3


def test_free_is_never_worse_than_the_papers_coefficients() -> None:
    for macs in (2e8, 1e9, 4e9):
        free = solution(solve(EFFICIENTNET, BudgetLimits(macs=macs), PAPER, free=True))
        assert free.cost.macs >= solution(solve(EFFICIENTNET, BudgetLimits(macs=macs), PAPER)).cost.macs


def test_nothing_free_fits_either() -> None:
    answer = nothing(solve(EFFICIENTNET, BudgetLimits(macs=1e6), PAPER, free=True))
    costs, kept = everything_free(BudgetLimits(macs=1e15))
    fewest = min(one.macs[column] for one, columns in zip(costs, kept, strict=True) for column in columns)
    assert (answer.cost.macs, answer.factor) == (fewest, fewest / 1e6)


def test_free_coefficients_keep_estimates(monkeypatch: pytest.MonkeyPatch) -> None:
    triples = ((1.2, 1.1, 1.15), (1.0, 1.4, 1.0), (1.2, 1.1, 1.2))
    monkeypatch.setattr(solver, "free_coefficients", lambda: triples)
    answer = solution(solve(EFFICIENTNET, BudgetLimits(milliseconds=20), PAPER, free=True, latency=latency))
    fitting = [
        counted.macs
        for triple in triples
        for _, network, counted in built((EFFICIENTNET, REFERENCE, Compound(0.0, *triple)))
        if latency(network) <= 20
    ]
    assert answer.cost.macs == max(fitting)
    assert latency(answer.network) <= 20
    assert answer.binding == "milliseconds"


def test_a_larger_budget_never_gives_a_smaller_network() -> None:
    answers = [solution(solve(EFFICIENTNET, BudgetLimits(macs=1.2e8 * 1.5**step), PAPER)) for step in range(16)]
    phis = [answer.compound.phi for answer in answers]
    assert phis == sorted(phis)
    assert phis[0] < 0
    assert phis[-1] > 5
