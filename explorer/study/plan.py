"""What a study consists of: its runs, in the order in which they are best done."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass, field, replace
from functools import cache
from typing import Any

from explorer.formats.quantities import counted
from explorer.network.baselines import BASELINES, EFFICIENTNET, Baseline
from explorer.network.description import Network
from explorer.network.scaling import NONE, REFERENCE, ROUNDINGS, Range, Rounding, ScalingError
from explorer.settings import stage_table
from explorer.study import documents, methods, statistics
from explorer.study.candidates import (
    PAPER,
    SMALL,
    STEP,
    STEPS,
    TOLERANCE,
    TOLERANCES,
    Candidate,
    candidate,
    candidates,
    distinct,
    spread,
)
from explorer.study.errors import StudyError
from explorer.study.protocol import Protocol
from explorer.study.results import Outcome, Run

PHIS = (1, 2, 3)
STEP_2_SEEDS = 100
"""Step 2 trains with seeds of its own, so that the luck that made a triple win is not counted again."""

TRIPLES = Range(2, 1000)
SEEDS = Range(2, 100)
MATCHES = ("built", "promised")


@dataclass(frozen=True)
class Plan:
    """A study before it runs.

    `family` is "small", a family of the explorer, or "own" with the table in `own`; `rounding` "" is the family's
    own choice. `most` triples are trained (0: one for each network that the grid builds), each with `seeds` seeds;
    `step_2` says whether the methods of scaling are compared afterwards. `classes` are those of the data.
    """

    family: str = SMALL.key
    own: str = ""
    rounding: str = ""
    grid_step: float = STEP
    tolerance: float = TOLERANCE
    match: str = "built"
    most: int = 0
    seeds: int = 3
    step_2: bool = True
    classes: int = 10
    protocol: Protocol = field(default_factory=Protocol)

    def __post_init__(self) -> None:
        if self.most:
            TRIPLES.require(self.most, "The number of triples")
        SEEDS.require(self.seeds, "The number of seeds")
        STEPS.require(self.grid_step, "The step of the grid")
        TOLERANCES.require(self.tolerance, "The tolerance")
        stage_table.CLASSES.require(self.classes, "The number of classes")
        if self.family not in {SMALL.key, stage_table.KEY, *BASELINES}:
            raise ScalingError("The study scales a family of networks that is not known.")
        if self.family == stage_table.KEY:
            self._require_colours()
        if self.match not in MATCHES or self.rounding not in {"", *ROUNDINGS}:
            raise ScalingError("The study asks for a rounding or a way of matching costs that is not known.")

    @property
    def baseline(self) -> Baseline:
        """What is scaled, with the data's classes."""
        if self.family == stage_table.KEY:
            table = stage_table.from_json(self.own)
        else:
            table = SMALL if self.family == SMALL.key else BASELINES[self.family]
        return replace(table, classes=self.classes)

    def _require_colours(self) -> None:
        """Refuse a table of one's own that the study's images, in colour or grey in three channels, do not fit."""
        table = stage_table.from_json(self.own)
        if table.in_channels != EFFICIENTNET.in_channels or not table.classifier:
            channels = counted(EFFICIENTNET.in_channels, "channel")
            raise ScalingError(
                f"The study trains classifiers on images of {channels}: leave in_channels and "
                "classifier out of the table."
            )

    @property
    def rounding_rule(self) -> Rounding:
        """How channels and layers are rounded: a small network's multiples of 8 would leave no choice."""
        return ROUNDINGS[self.rounding] if self.rounding else NONE if self.family == SMALL.key else REFERENCE

    @property
    def triples(self) -> tuple[Candidate, ...]:
        """The triples that are compared, each another network."""
        table, rule = self.baseline, self.rounding_rule
        return _triples(table, rule, self.grid_step, self.tolerance, self.match, self.most)

    @property
    def paper(self) -> Candidate:
        """The paper's triple, which is trained too, whatever it costs here."""
        return candidate(self.baseline, self.rounding_rule, *PAPER)

    def as_json(self) -> dict[str, Any]:
        """The plan as it is stored."""
        return asdict(self)


def from_json(document: object) -> Plan:
    """The plan that was stored.

    Raises:
        StudyError: it is none that this version can make; the sentence says why.
    """
    try:
        return documents.read(Plan, document)
    except (StudyError, ScalingError) as error:
        raise StudyError(
            f"The study's plan cannot be read ({error}) Another version or program wrote it: set its record aside, or "
            "name another with --store or --name."
        ) from error


def require_buildable(plan: Plan, outcomes: Sequence[Outcome] = ()) -> None:
    """Build every network that `plan` asks for, as far as is known.

    Raises:
        ScalingError: one cannot be built, or the grid has no triple of twice the cost.
    """
    _first_steps(plan)
    if plan.step_2:
        for each in plan.triples:
            methods.compound(plan.baseline, each.triple, float(max(PHIS)))
        compared(plan, outcomes)


@cache
def _triples(
    baseline: Baseline, rounding: Rounding, step: float, tolerance: float, match: str, most: int
) -> tuple[Candidate, ...]:
    found = distinct(candidates(baseline, rounding, step, tolerance, match))
    if not found:
        raise ScalingError("No triple of the grid builds a network of twice the cost: widen the tolerance.")
    return spread(found, most) if most else found


def runs(plan: Plan, outcomes: Sequence[Outcome], given_up: frozenset[str] = frozenset()) -> tuple[Run, ...]:
    """Every run that the study needs as far as is known: step 2 once step 1 has told the best triple.

    Args:
        plan: the study.
        outcomes: what is done.
        given_up: keys of runs that will never be done.

    Raises:
        ScalingError: a network cannot be built.
    """
    first = _first_steps(plan)
    done = {outcome.run.key for outcome in outcomes} | given_up
    winner = best(plan, outcomes)
    if not plan.step_2 or winner is None or any(run.key not in done for run in first):
        return first
    return (*first, *_second_step(plan, winner))


def total(plan: Plan) -> int:
    """How many runs the whole study has."""
    return len(_first_steps(plan)) + plan.step_2 * (1 + len(methods.METHODS) * len(PHIS)) * plan.seeds


def compared(plan: Plan, outcomes: Sequence[Outcome]) -> tuple[Outcome, ...]:
    """What is done of step 2 for the triple that is the best now; more seeds may have named another."""
    winner = best(plan, outcomes)
    wanted = set() if winner is None else {run.key for run in _second_step(plan, winner)}
    return tuple(outcome for outcome in outcomes if outcome.run.key in wanted)


def tried(plan: Plan, outcomes: Sequence[Outcome]) -> tuple[Outcome, ...]:
    """What is done of step 1 for the plan's triples and the paper's; an edited record may hold others."""
    wanted = {run.key for run in _first_steps(plan)}
    return tuple(outcome for outcome in outcomes if outcome.run.step == 1 and outcome.run.key in wanted)


def network(plan: Plan, run: Run) -> Network:
    """What a run trains."""
    return methods.build(
        plan.baseline, plan.rounding_rule, methods.MethodNetwork(run.method, run.depth, run.width, run.pixels)
    )


def best(plan: Plan, outcomes: Sequence[Outcome]) -> tuple[float, float, float] | None:
    """The triple of step 1 with the highest mean accuracy among those of the grid; None where nothing is done."""
    allowed = {each.triple for each in plan.triples}
    groups = statistics.by_group(outcome for outcome in outcomes if outcome.run.step == 1)
    most = max((len(group) for group in groups.values()), default=0)
    means = {
        group[0].run.triple: statistics.mean([outcome.result.accuracy for outcome in group])
        for group in groups.values()
        if group[0].run.triple in allowed and len(group) == most
    }
    return max(means, key=lambda triple: (means[triple], triple), default=None)


@cache
def _first_steps(plan: Plan) -> tuple[Run, ...]:
    """The baseline and the triples: all with one seed before any with the next, so that a map appears early."""
    extra = () if PAPER in {each.triple for each in plan.triples} else (plan.paper,)
    triples = [
        Run(1, "triple", 1.0, one.alpha, one.beta, one.gamma, one.alpha, one.beta, one.network.input_resolution, 0)
        for one in (*extra, *plan.triples)
    ]
    return tuple(replace(run, seed=seed) for seed in range(plan.seeds) for run in (_unscaled(plan, 0), *triples))


@cache
def _second_step(plan: Plan, triple: tuple[float, float, float]) -> tuple[Run, ...]:
    """The baseline again, with the seeds of this step, and every method at every cost."""
    alike = (1.0, 1.0, 1.0)
    scaled = []
    for phi in PHIS:
        for each in methods.equal_cost(plan.baseline, plan.rounding_rule, triple, phi):
            alpha, beta, gamma = triple if each.method == "compound" else alike
            run = Run(2, each.method, float(phi), alpha, beta, gamma, each.depth, each.width, each.pixels, seed=0)
            scaled.append(run)
    return tuple(
        replace(run, seed=STEP_2_SEEDS + seed) for seed in range(plan.seeds) for run in (_unscaled(plan, 2), *scaled)
    )


def _unscaled(plan: Plan, step: int) -> Run:
    return Run(step, "baseline", 0.0, 1.0, 1.0, 1.0, 1.0, 1.0, plan.baseline.input_resolution, 0)
