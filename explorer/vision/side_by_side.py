"""The paper's Figure 7 on the visitor's own photograph: networks scaled in different ways, side by side."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from urllib.parse import parse_qsl, urlsplit

from explorer.formats.quantities import decimal
from explorer.models.checkpoints import Checkpoint, bundled
from explorer.models.lineage import Classifier, Grown, Untrained, of_checkpoint, weights_for
from explorer.models.suggestions import WIDEST_LITE
from explorer.network.baselines import LITE, Baseline
from explorer.network.description import Network, of_baseline, scale
from explorer.network.scaling import ScalingError
from explorer.planning.narrative import title_of
from explorer.progress import report
from explorer.published.scaled import PublishedScaling, table7
from explorer.settings import links
from explorer.settings.built import build
from explorer.settings.declarations import FIELDS, Architecture
from explorer.settings.short_link import PARAMETER, BrokenLinkError, expand
from explorer.vision.classification import Classification
from explorer.vision.filmstrip import Frame, frame

MOST = 6
"""Networks side by side."""

AT_SLIDERS = "sliders"
MOST_FIELDS = 80

WAYS = {
    "baseline": "Baseline",
    "depth": "Deeper",
    "width": "Wider",
    "resolution": "Higher resolution",
    "compound": "Compound",
}


@dataclass(frozen=True)
class ComparedNetwork:
    """A network of the comparison: the `classifier` that looks, or a `refusal`, the sentence why there is none.

    `scaled` gives its multipliers, and `note` says what was changed so that it can look; empty where there is nothing.
    """

    title: str
    classifier: Classifier | None
    refusal: str = ""
    scaled: str = ""
    note: str = ""


def figure7(yours: Classifier, checkpoints: Iterable[Checkpoint]) -> tuple[ComparedNetwork, ...]:
    """The baseline of `yours`, the same deeper, wider, at a higher resolution and compound (Table 7), and `yours`.

    The five have the same weights, those of the baseline, so that they differ in nothing else; `yours` is left out
    where it is one of them.
    """
    baseline = yours.network.baseline
    weights = weights_for(of_baseline(baseline), checkpoints)
    known = () if isinstance(weights, Untrained) else (weights.checkpoint,)
    five = tuple(_scaled(baseline, row, known) for row in table7())
    if any(each.classifier is not None and each.classifier.network == yours.network for each in five):
        return five
    return (*five, ComparedNetwork("The one above", yours))


def linked(text: str, checkpoints: Iterable[Checkpoint]) -> tuple[ComparedNetwork, ...]:
    """The networks of the links in `text`, one a line, whole or only what follows the question mark; at most `MOST`."""
    known = tuple(checkpoints)
    return tuple(_linked(line, known) for line in lines(text)[:MOST])


def lines(text: str) -> tuple[str, ...]:
    """The lines of `text` that hold something."""
    return tuple(stripped for line in text.splitlines() if (stripped := line.strip()))


def growth_note(classifiers: Iterable[Classifier]) -> str:
    """What the comparison cannot show, where some of the networks are grown; empty where none is."""
    grown = [classifier for classifier in classifiers if isinstance(classifier.weights, Grown)]
    if not grown:
        return ""
    subject = "1 of these networks is" if len(grown) == 1 else f"{len(grown)} of these networks are"
    return (
        f"{subject} grown: each answers as its ancestor does at the same resolution, so nothing but the resolution "
        "can change the map. What more depth and width are worth shows after training: the paper's Figure 7 shows "
        "trained networks."
    )


def compared(
    look: Callable[[Classifier], Classification], classifiers: tuple[Classifier, ...], class_index: int
) -> Iterator[Frame]:
    """What `look` says of one photograph through each network, for one class."""
    for done, classifier in enumerate(classifiers):
        report(done / len(classifiers), f"network {done + 1} of {len(classifiers)}")
        yield frame(look(classifier), class_index)


def _scaled(baseline: Baseline, row: PublishedScaling, known: tuple[Checkpoint, ...]) -> ComparedNetwork:
    depth, width, pixels = row.depth or 1.0, row.width or 1.0, row.pixels or baseline.input_resolution
    note = ""
    if baseline.key == LITE.key and width > WIDEST_LITE:
        note = f"The paper's w = {decimal(width)} is too wide to carry the trained weights of Lite."
        width = WIDEST_LITE
    built = replace(row, width=width)
    try:
        contender = _contender(WAYS[row.method], scale(baseline, depth, width, pixels), known)
    except ScalingError as error:
        contender = ComparedNetwork(WAYS[row.method], None, str(error))
    return replace(contender, scaled=_multipliers(built), note=note)


def _multipliers(row: PublishedScaling) -> str:
    """Those that are not 1."""
    factors = (("d", row.depth), ("w", row.width), ("r", row.resolution))
    return ", ".join(f"{name} = {decimal(value)}" for name, value in factors if value is not None and value != 1)


def _linked(link: str, known: tuple[Checkpoint, ...]) -> ComparedNetwork:
    asked = _query(link)
    if asked is None:
        return ComparedNetwork(
            _shortened(link), None, "This is no link of the explorer: copy the address of a page of it."
        )
    try:  # a page opens without its short part, a network has nothing else to be
        if PARAMETER in asked:
            expand(asked[PARAMETER])
    except BrokenLinkError as error:
        return ComparedNetwork(_shortened(link), None, str(error))
    settings, notices = links.read({name: [value] for name, value in asked.items()})
    if settings.look.network != AT_SLIDERS:
        checkpoint = bundled()[settings.look.network]
        contender = ComparedNetwork(checkpoint.title, of_checkpoint(checkpoint))
    else:
        contender = _built(settings.architecture, known, _shortened(link))
    return replace(contender, note=" ".join(notices))


def _built(architecture: Architecture, known: tuple[Checkpoint, ...], link: str) -> ComparedNetwork:
    try:
        built = build(architecture)
    except ScalingError as error:
        return ComparedNetwork(link, None, str(error))
    return _contender(title_of(built), built.network, known)


def _contender(title: str, network: Network, known: tuple[Checkpoint, ...]) -> ComparedNetwork:
    weights = weights_for(network, known)
    if isinstance(weights, Untrained):
        return ComparedNetwork(title, None, f"Untrained, so it has no answers. {weights.words}")
    return ComparedNetwork(title, Classifier(network, weights))


def _query(link: str) -> dict[str, str] | None:
    """What a link asks for; None where the text is no link."""
    try:
        address = urlsplit(link if "://" in link or "?" in link else f"?{link}")
        asked = dict(parse_qsl(address.query, max_num_fields=MOST_FIELDS))
    except ValueError:
        return None
    return asked if address.netloc or asked.keys() & {*FIELDS, PARAMETER} else None


def _shortened(link: str) -> str:
    longest = 40
    return link if len(link) <= longest else f"{link[:longest]}…"
