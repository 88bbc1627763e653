"""`python -m explorer study run | resume | status | export`: the paper's grid search, run for real."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

from explorer.cli.driving import drive, line, place_of
from explorer.cli.scale import TABLE_HELP, read_table
from explorer.cli.terminal import CommandError, literal, print_json, write_whole
from explorer.formats.quantities import counted
from explorer.network.baselines import BASELINES
from explorer.network.scaling import ROUNDINGS
from explorer.settings import stage_table
from explorer.study import data, findings, observations, paths, results
from explorer.study import plan as planning
from explorer.study.candidates import SMALL, STEP, TOLERANCE
from explorer.study.estimate import progress
from explorer.study.findings import unreadable_words
from explorer.study.plan import Plan
from explorer.study.protocol import Protocol
from explorer.study.store import NAME, create, open_existing

DESCRIPTION = """\
Repeat the paper's grid search: train every triple α, β, γ that doubles the cost, choose the best, and compare
compound scaling with depth, width and resolution alone at equal cost. Nothing is lost when it is stopped.

  study run                                   a small network on Fashion-MNIST; about an hour on a laptop
  study run --jobs 4 --max-minutes 30         four networks at a time, for half an hour
  study resume                                go on where it stopped
  study status                                how far it is, and what it says so far
  study export --csv runs.csv --json study.json
  study run --data photos/ --family efficientnet --triples 20
  study run --store postgresql+psycopg://user@host/base --ray auto     on a Ray cluster"""


def add_parser(commands: argparse._SubParsersAction[Any]) -> None:
    """Add this command and its own to the parser."""
    parser = commands.add_parser(
        "study",
        help="run the paper's grid search for α, β, γ on real data",
        description=DESCRIPTION,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    actions = parser.add_subparsers(title="actions", required=True, metavar="ACTION", parser_class=type(parser))
    begin = actions.add_parser("run", help="begin a study, or go on with one of the same settings")
    _add_study(begin)
    _add_protocol(begin)
    _add_record(begin)
    _add_driving(begin)
    begin.set_defaults(run=run)
    again = actions.add_parser("resume", help="go on with the study of the record, whatever its settings")
    _add_record(again)
    _add_driving(again)
    again.set_defaults(run=resume)
    state = actions.add_parser("status", help="how far a study is, and what it says so far")
    _add_record(state)
    state.add_argument("--json", action="store_true", help="print one JSON document")
    state.set_defaults(run=status)
    export = actions.add_parser("export", help="write every run that is done to files")
    _add_record(export)
    export.add_argument("--csv", type=Path, metavar="FILE", help="a row for each run; - prints it")
    export.add_argument("--json", type=Path, metavar="FILE", help="the plan, machines, versions and loss curves")
    export.set_defaults(run=write)


def _add_study(parser: argparse.ArgumentParser) -> None:
    group = parser.add_argument_group("what is searched")
    group.add_argument("--family", choices=(SMALL.key, *BASELINES), help="what is scaled (default: small)")
    group.add_argument("--baseline", type=Path, metavar="FILE", help=TABLE_HELP)
    group.add_argument(
        "--rounding", choices=tuple(ROUNDINGS), default="", help="(default: none for small, else reference)"
    )
    group.add_argument("--grid-step", type=float, default=STEP, help=f"of the grid (default: {STEP})")
    group.add_argument("--tolerance", type=float, default=TOLERANCE, help=f"about 2× the cost (default: {TOLERANCE})")
    group.add_argument(
        "--match", choices=planning.MATCHES, default="built", help="which cost must be 2× (default: built)"
    )
    group.add_argument("--triples", type=int, default=0, help="at most so many, spread out (default: all that differ)")
    group.add_argument("--seeds", type=int, default=3, help="for each network (default: 3)")
    group.add_argument("--step-1-only", action="store_true", help="do not compare the methods of scaling afterwards")


def _add_protocol(parser: argparse.ArgumentParser) -> None:
    usual = Protocol()
    group = parser.add_argument_group("how each network is trained")
    group.add_argument("--data", default=usual.data, help="fashion-mnist (default), or a folder of images by class")
    group.add_argument(
        "--download", action="store_true", help="let torchvision download Fashion-MNIST if it is missing"
    )
    for name in ("images", "held_out", "epochs", "batch", "threads"):
        value = getattr(usual, name)
        group.add_argument(f"--{name.replace('_', '-')}", type=int, default=value, help=f"(default: {value})")
    group.add_argument("--learning-rate", type=float, default=usual.learning_rate, help="(default: 0.005)")


def _add_record(parser: argparse.ArgumentParser) -> None:
    group = parser.add_argument_group("where it is recorded")
    group.add_argument(
        "--store", metavar="PLACE", help=literal(f"a file, or a database URL (default: {paths.record()})")
    )
    group.add_argument("--name", type=_text, default=NAME, help="of the study in its record (default: study)")


def _add_driving(parser: argparse.ArgumentParser) -> None:
    group = parser.add_argument_group("where it runs")
    group.add_argument("--jobs", type=int, default=1, help="processes on this machine (default: 1)")
    group.add_argument(
        "--ray", metavar="ADDRESS", help="run on this Ray cluster instead (“auto”: the one of this machine)"
    )
    group.add_argument("--max-minutes", type=float, help="stop then, to be resumed")


def _text(argument: str) -> str:
    """An argument that is stored in a database, which takes nothing but text."""
    if not argument.isprintable():
        raise argparse.ArgumentTypeError(f"{argument!r} is not printable text")
    return argument


def run(arguments: argparse.Namespace) -> int:
    """Begin a study, or go on with the same one.

    Raises:
        CommandError, ScalingError, StudyError: the arguments contradict each other, or the study cannot go on.
    """
    if arguments.download:
        data.download(paths.images())
    plan = _plan(arguments)
    planning.require_buildable(plan)  # refused before a record is begun
    return drive(arguments, lambda place: create(place, plan, arguments.name))


def resume(arguments: argparse.Namespace) -> int:
    """Go on with the study of the record.

    Raises:
        CommandError, StudyError: there is none, or it cannot go on.
    """
    return drive(arguments, lambda place: open_existing(place, arguments.name))


def status(arguments: argparse.Namespace) -> None:
    """Print how far the study is and what it says.

    Raises:
        StudyError: there is none.
    """
    store = open_existing(place_of(arguments), arguments.name)
    found = store.look()
    outcomes, given_up = found.outcomes, found.given_up
    state = progress(store.plan, outcomes, given_up, 1)
    sentences = (*findings.step_1(store.plan, outcomes), *observations.step_2(store.plan, outcomes))
    running = [run.key for run in found.running]
    if arguments.json:
        print_json(
            {
                "done": state.done,
                "total": state.total,
                "seconds_left": state.seconds_left,
                "running": running,
                "given_up": given_up,
                "unreadable": found.unreadable,
                "findings": sentences,
                "plan": store.plan.as_json(),
            }
        )
        return
    print(line(state))
    if found.unreadable:
        print(unreadable_words(found.unreadable))
    if running:
        print(f"Being trained: {'; '.join(running)}.")
    for key, reason in given_up.items():
        print(f"Given up: {key} ({reason}).")
    print(*sentences, sep="\n")


def write(arguments: argparse.Namespace) -> None:
    """Write the runs that are done.

    Raises:
        CommandError, StudyError: there is no study, or a file cannot be written.
    """
    if arguments.csv is None and arguments.json is None:
        raise CommandError("Say what to write: --csv FILE, --json FILE, or both.")
    store = open_existing(place_of(arguments), arguments.name)
    outcomes = store.outcomes()
    table = results.to_csv(outcomes)
    if arguments.csv == Path("-"):
        print(table, end="")
    elif arguments.csv is not None:
        write_whole(arguments.csv, lambda file: _write(file.write, table))
    if arguments.json is not None:
        document = results.to_json(store.plan.as_json(), outcomes)
        write_whole(arguments.json, lambda file: _write(file.write, document))
    print(f"{counted(len(outcomes), 'run')} written.", file=sys.stderr)


def _write(write_bytes: Callable[[bytes], int], text: str) -> None:
    write_bytes(text.encode())


def _plan(arguments: argparse.Namespace) -> Plan:
    if arguments.baseline is not None and arguments.family is not None:
        raise CommandError("A table of your own (--baseline) has no --family: leave one of them out.")
    own = "" if arguments.baseline is None else read_table(arguments.baseline)
    plan = Plan(
        family=stage_table.KEY if arguments.baseline is not None else arguments.family or SMALL.key,
        own=own,
        rounding=arguments.rounding,
        grid_step=arguments.grid_step,
        tolerance=arguments.tolerance,
        match=arguments.match,
        most=arguments.triples,
        seeds=arguments.seeds,
        step_2=not arguments.step_1_only,
        protocol=Protocol(
            data=arguments.data if arguments.data == data.FASHION_MNIST else str(Path(arguments.data).resolve()),
            images=arguments.images,
            held_out=arguments.held_out,
            epochs=arguments.epochs,
            batch=arguments.batch,
            learning_rate=arguments.learning_rate,
            threads=arguments.threads,
        ),
    )
    return replace(plan, classes=data.class_count(plan.protocol.data, paths.images()))
