"""`python -m explorer scale`: what a setting builds and what it costs."""

from __future__ import annotations

import argparse
from dataclasses import asdict
from pathlib import Path
from typing import Any, BinaryIO

from explorer.cli.terminal import CommandError, literal, print_json, print_table, reason, write_whole
from explorer.cost import conventions, counting, memory
from explorer.formats.measures import ACTIVATIONS, MACS, PARAMS
from explorer.formats.quantities import decimal, exact
from explorer.formats.strict_json import decode
from explorer.network.baselines import BASELINES
from explorer.network.description import Stage
from explorer.network.scaling import ROUNDINGS
from explorer.planning.narrative import comparison, headline, title_of
from explorer.published import presets
from explorer.settings import request, stage_table
from explorer.settings.built import Built, build
from explorer.settings.declarations import Architecture

TABLE_HELP = "a stage table of your own to scale, as JSON (docs/stage-tables.md; scale --write-table makes one)"

DESCRIPTION = """\
Build a network by compound scaling and count it exactly.

Give φ (and α, β, γ if they are not to be the paper's), or depth, width and pixels, or a published network:
  scale --phi 1                              what φ = 1 builds from B0: 2.57 times the multiply-adds, not 1.92
  scale --phi 2 --alpha 1.3 --gamma 1.1      with other constants
  scale --depth 1.8 --width 1.4 --input-resolution 380
  scale --preset b4                          as published
  scale --preset lite2 --json                for other programs
  scale --family mobilenetv2 --write-table mine.json     a stage table to change, and to scale:
  scale --baseline mine.json --phi 1                     docs/stage-tables.md explains its fields"""


def add_parser(commands: argparse._SubParsersAction[Any]) -> None:
    """Add this command to the parser."""
    parser = commands.add_parser(
        "scale",
        help="build a network by φ, by d, w and pixels, or by name, and count it",
        description=DESCRIPTION,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    add_network_arguments(parser)
    parser.add_argument("--json", action="store_true", help="print one JSON document instead of tables")
    parser.add_argument("--write-table", type=Path, metavar="FILE", help="write what is built as a stage table")
    parser.set_defaults(run=run)


def add_baseline_arguments(parser: argparse.ArgumentParser) -> None:
    """Add what is scaled and how it is rounded, which `baseline_settings` reads."""
    parser.add_argument("--family", choices=tuple(BASELINES), help="what is scaled (default: efficientnet)")
    parser.add_argument("--baseline", type=Path, metavar="FILE", help=TABLE_HELP)
    parser.add_argument(
        "--rounding",
        choices=tuple(ROUNDINGS),
        default="reference",
        help=literal("; ".join(rounding.words for rounding in ROUNDINGS.values())),
    )


def add_network_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the three ways of giving a network, which `settings` reads."""
    add_baseline_arguments(parser)
    compound = parser.add_argument_group("compound scaling")
    compound.add_argument("--phi", type=float, help="compound coefficient φ (default: 0, the baseline itself)")
    compound.add_argument("--alpha", type=float, help="depth grows by α for each step of φ (default: 1.2)")
    compound.add_argument("--beta", type=float, help="width grows by β for each step of φ (default: 1.1)")
    compound.add_argument("--gamma", type=float, help="resolution grows by γ for each step of φ (default: 1.15)")
    direct = parser.add_argument_group("or directly")
    direct.add_argument("--depth", type=float, help="depth multiplier d (default: 1)")
    direct.add_argument("--width", type=float, help="width multiplier w (default: 1)")
    direct.add_argument("--input-resolution", type=int, metavar="PIXELS", help="input, pixels a side (default: 224)")
    published = parser.add_argument_group("or as published")
    published.add_argument(
        "--preset", metavar="NAME", help=literal(f"{', '.join(presets())}; timm's names are understood too")
    )


def run(arguments: argparse.Namespace) -> None:
    """Print what the arguments build, and write it as a stage table where one is asked for.

    Raises:
        CommandError, ScalingError: the arguments contradict each other or are out of range, or the file cannot be
            written.
    """
    built = build(settings(arguments))
    if arguments.write_table is not None:
        table = f"{stage_table.table_of(built.network, title_of(built))}\n".encode()
        write_whole(arguments.write_table, lambda file: _write(file, table))
    if arguments.json:
        print_json(as_json(built))
    else:
        _print(built)


def _write(file: BinaryIO, data: bytes) -> None:
    file.write(data)


def given(arguments: argparse.Namespace) -> bool:
    """Whether any argument of `add_network_arguments` was given."""
    names = (*request.COMPOUND, *request.DIRECT, "preset", "family", "baseline")
    return any(getattr(arguments, name) is not None for name in names)


def settings(arguments: argparse.Namespace) -> Architecture:
    """The settings that the command's arguments ask for.

    Raises:
        CommandError: the stage table cannot be read.
        ScalingError: two ways of giving a network are mixed.
    """
    return request.settings_of(
        _given(arguments, (*request.COMPOUND, *request.DIRECT)),
        preset=arguments.preset,
        family=arguments.family,
        table=_table(arguments),
        rounding=arguments.rounding,
        spelled=_option,
    )


def baseline_settings(arguments: argparse.Namespace) -> Architecture:
    """The baseline that the arguments ask for, unscaled.

    Raises:
        CommandError: the stage table cannot be read.
        ScalingError: a family is given beside a table of one's own.
    """
    return request.of_baseline(arguments.family, _table(arguments), arguments.rounding, _option)


def _table(arguments: argparse.Namespace) -> str | None:
    return None if arguments.baseline is None else read_table(arguments.baseline)


def _option(name: str) -> str:
    return f"--{name.replace('_', '-')}"


def read_table(path: Path) -> str:
    """The text of a stage table.

    Raises:
        CommandError: the file cannot be read, or is empty.
    """
    try:
        text = decode(path.read_bytes())
    except UnicodeDecodeError as error:
        raise CommandError(f"{path} is not text: give a stage table as JSON.") from error
    except (OSError, ValueError) as error:  # ValueError: a null character in the name
        raise CommandError(f"{path} cannot be read: {reason(error)}.") from error
    if not text.strip():
        raise CommandError(f"{path} is empty: give a stage table as JSON (docs/stage-tables.md).")
    return text


def _given(arguments: argparse.Namespace, names: tuple[str, ...]) -> dict[str, Any]:
    return {name: getattr(arguments, name) for name in names if getattr(arguments, name) is not None}


def as_json(built: Built) -> dict[str, Any]:
    """What the command prints with --json. `settings` are null where φ did not give the network."""
    return {
        "family": built.network.baseline.key,
        "rounding": built.rounding.key,
        "settings": asdict(built.compound) if built.compound else dict.fromkeys(request.COMPOUND),
        "multipliers": asdict(built.multipliers),
        "input_resolution": built.network.input_resolution,
        "stages": [
            {
                "stage": stage.number,
                "operator": stage.operator,
                "resolution": stage.input_resolution,
                "channels": stage.channels,
                "layers": stage.depth,
                **asdict(counting.of_stage(stage)),
            }
            for stage in built.network.stages
        ],
        "totals": {**asdict(built.cost), "flops": conventions.flops(built.network), "memory": _memory(built)},
    }


def _memory(built: Built) -> dict[str, dict[str, int]]:
    """Bytes in float32 for one image: an answer, and a step of training with momentum."""
    answer, step = memory.inference(built.network), memory.training(built.network, 1)
    return {
        "inference": {**asdict(answer), "total": answer.total},
        "training": {**asdict(step), "total": step.total},
    }


def _print(built: Built) -> None:
    scaled = built.multipliers
    print(headline(built), comparison(built), sep="\n")
    print(
        f"Depth ×{decimal(scaled.depth)}, width ×{decimal(scaled.width)}, resolution ×{decimal(scaled.resolution)}.\n"
    )
    rows = [
        (str(stage.number), stage.operator, *_shape(stage), *_counts(counting.of_stage(stage)))
        for stage in built.network.stages
    ]
    total = ("", "Total", "", "", "", *_counts(built.cost))
    header = ("Stage", "Operator", "Pixels in", "Channels", "Layers", PARAMS.column, MACS.column, ACTIVATIONS.column)
    print_table(header, [*rows, total], left=2)
    print("\nMultiply-adds are those of convolutions and linear layers, without biases, for one image.")


def _shape(stage: Stage) -> tuple[str, str, str]:
    return str(stage.input_resolution), str(stage.channels), str(stage.depth)


def _counts(spent: counting.Cost) -> tuple[str, str, str]:
    return exact(spent.params), exact(spent.macs), exact(spent.activations)
