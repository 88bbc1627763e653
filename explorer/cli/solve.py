"""`python -m explorer solve` and `twins`: the largest network within a budget, and networks of equal cost."""

from __future__ import annotations

import argparse
import math
from contextlib import suppress
from dataclasses import asdict, replace
from typing import Any

from explorer.cli import scale
from explorer.cli.terminal import literal, print_json, print_table
from explorer.cost import memory
from explorer.cost.latency import Timing, basis_sentence, estimator
from explorer.formats.measures import ACTIVATIONS, MACS, PARAMS
from explorer.formats.quantities import decimal, exact
from explorer.network.scaling import ROUNDINGS, Compound, ScalingError
from explorer.planning.budget import OBJECTIVES, BudgetLimits
from explorer.planning.equal_cost import equal_cost_networks
from explorer.planning.narrative import title_of
from explorer.planning.solver import NothingFits, Solution, solve
from explorer.settings.built import Built, baseline_of, build
from explorer.settings.declarations import Architecture

TIMED_PHI = (-2.0, 0.0, 2.0)
TIMED_STEP = 0.25

SOLVE = """\
Find the largest network within a budget.

  solve --max-macs 1e9
  solve --max-macs 2e9 --max-params 1e7 --free --objective lean
  solve --max-training-memory 16e9 --batch 64 --json
  solve --max-ms 40          times up to three networks on this machine first, and estimates between them"""

TWINS = """\
Show what each way of scaling builds for the multiply-adds of one network.

  twins --phi 2
  twins --preset b3 --json"""


def add_parsers(commands: argparse._SubParsersAction[Any]) -> None:
    """Add both commands to the parser."""
    raw = argparse.RawDescriptionHelpFormatter
    solver = commands.add_parser(
        "solve", help="find the largest network within a budget", description=SOLVE, formatter_class=raw
    )
    scale.add_baseline_arguments(solver)
    solver.add_argument("--max-macs", type=float, metavar="N", help="multiply-adds for one image")
    solver.add_argument("--max-params", type=float, metavar="N", help=PARAMS.label)
    solver.add_argument("--max-activations", type=float, metavar="N", help="activations for one image")
    solver.add_argument("--max-training-memory", type=float, metavar="BYTES", help="a step of training, float32")
    solver.add_argument("--batch", type=int, default=1, metavar="N", help="images of that step (default: 1)")
    solver.add_argument("--max-ms", type=float, metavar="MS", help="time for an image on this machine")
    for name, value in (("alpha", 1.2), ("beta", 1.1), ("gamma", 1.15)):
        solver.add_argument(f"--{name}", type=float, default=value, help=f"default: {value}")
    bests = OBJECTIVES.items()
    solver.add_argument("--free", action="store_true", help="choose α, β and γ too")
    solver.add_argument(
        "--objective",
        choices=tuple(OBJECTIVES),
        default="macs",
        help=literal("with --free, the best has: " + "; ".join(f"{key}: {each.words}" for key, each in bests)),
    )
    solver.add_argument("--json", action="store_true", help="print one JSON document")
    solver.set_defaults(run=run_solve)
    equals = commands.add_parser("twins", help="networks of equal cost", description=TWINS, formatter_class=raw)
    scale.add_network_arguments(equals)
    equals.add_argument("--json", action="store_true", help="print one JSON document")
    equals.set_defaults(run=run_twins)


def run_solve(arguments: argparse.Namespace) -> None:
    """Print the largest network that keeps the limits, or why none does.

    Raises:
        CommandError, ScalingError: the arguments make no sense.
    """
    if arguments.batch < 1:
        raise ScalingError(f"The batch is {arguments.batch}; give at least 1 image.")
    rounding = ROUNDINGS[arguments.rounding]
    baseline = baseline_of(scale.baseline_settings(arguments))
    limits = BudgetLimits(
        arguments.max_params,
        arguments.max_macs,
        arguments.max_activations,
        arguments.max_training_memory,
        arguments.max_ms,
    )
    timed = _times(scale.baseline_settings(arguments)) if arguments.max_ms is not None else []
    answer = solve(
        baseline,
        limits,
        Compound(0.0, arguments.alpha, arguments.beta, arguments.gamma),
        rounding,
        free=arguments.free,
        objective=arguments.objective,
        training_memory=lambda network: memory.training(network, arguments.batch).total,
        latency=estimator(timed) if timed else None,
    )
    if arguments.json:
        print_json({**_as_json(answer), "timed": [_timed_as_json(each) for each in timed]})
    else:
        print(answer.sentence, *([basis_sentence(timed)] if timed else []), sep="\n")


def _times(settings: Architecture) -> list[Timing]:
    """Up to three networks of the family, timed on this machine now: the baseline, one smaller and one larger."""
    from explorer.jobs import tasks

    networks = [built for phi in TIMED_PHI if (built := _nearest(settings, phi)) is not None]
    return [Timing(title_of(each), each.network, tasks.latency(each.network)) for each in networks]


def _nearest(settings: Architecture, phi: float) -> Built | None:
    """What `phi` builds, or what is built nearest to it on the way to the baseline; None where only that is."""
    steps = range(round(abs(phi) / TIMED_STEP), 0, -1)
    for at in (math.copysign(step * TIMED_STEP, phi) for step in steps) if phi else (0.0,):
        with suppress(ScalingError):
            return build(replace(settings, phi=at))
    return None


def _as_json(answer: Solution | NothingFits) -> dict[str, Any]:
    common = {
        "fits": isinstance(answer, Solution),
        "settings": asdict(answer.compound),
        "input_resolution": answer.network.input_resolution,
        "totals": asdict(answer.cost),
        "sentence": answer.sentence,
    }
    if isinstance(answer, Solution):
        return {**common, "binding": answer.binding, "slack": dict(answer.slack)}
    return {**common, "binding": answer.limit, "factor": answer.factor}


def _timed_as_json(timing: Timing) -> dict[str, Any]:
    return {"network": timing.title, **asdict(timing.latency)}


def run_twins(arguments: argparse.Namespace) -> None:
    """Print the twins of a network.

    Raises:
        CommandError, ScalingError: the arguments contradict each other or are out of range.
    """
    built = build(scale.settings(arguments))
    found = equal_cost_networks(built.network, built.compound or Compound(0.0), built.rounding)
    if arguments.json:
        document = [{**asdict(twin), "within_tolerance": twin.within_tolerance} for twin in found]
        print_json({"network": title_of(built), "totals": asdict(built.cost), "twins": document})
        return
    print(f"{title_of(built)}: {exact(built.cost.macs)} multiply-adds")
    header = ("Method", "Depth", "Width", "Pixels", MACS.column, "Gap", PARAMS.column, ACTIVATIONS.column)
    rows = [
        (
            twin.words,
            decimal(twin.depth),
            decimal(twin.width),
            str(twin.input_resolution),
            exact(twin.cost.macs),
            f"{twin.gap:+.2%}",
            exact(twin.cost.params),
            exact(twin.cost.activations),
        )
        for twin in found
    ]
    print_table(header, rows)
