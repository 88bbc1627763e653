"""Networks side by side: which stand there, with which weights, and which are refused in words."""

from __future__ import annotations

from collections.abc import Mapping
from urllib.parse import urlencode

import pytest

from explorer.cost import counting
from explorer.models.checkpoints import bundled
from explorer.models.engine import Engine
from explorer.models.lineage import Classifier, Grown, Trained, Untrained, weights_for
from explorer.models.suggestions import WIDEST_LITE
from explorer.models.weights import engine
from explorer.settings import links
from explorer.settings.built import build
from explorer.settings.declarations import Architecture, LookView, Settings
from explorer.settings.links import to_query
from explorer.vision import classify, side_by_side
from explorer.vision.classification import Classification
from explorer.vision.side_by_side import MOST, figure7, growth_note, linked
from tests.support.samples import classifier, photograph

pytestmark = pytest.mark.real_weights

KNOWN = tuple(bundled().values())
PHI_2 = Architecture(family="lite", phi=2.0)

# Multipliers of depth and width and pixels a side, as the paper's Table 7 has them (300 px are those of B3).
TABLE_7 = ((1, 1, 224), (4, 1, 224), (1, 2, 224), (1, 1, 448), (1.4, 1.2, 300))

# A line that is no link that can be shown, and a part of the sentence that says why.
REFUSED = (
    ("nonsense", "no link of the explorer"),
    ("http://[", "no link of the explorer"),
    ("colour=red", "no link of the explorer"),
    ("s=1damaged", "short link is damaged"),
    ("family=efficientnet&phi=2", "Untrained"),
    ("by=direct&family=lite&width=2&depth=1", "Untrained"),
    ("family=own&own=broken", "stage table"),
)


def at_sliders(settings: Architecture) -> Classifier:
    network = build(settings).network
    weights = weights_for(network, KNOWN)
    assert not isinstance(weights, Untrained)
    return Classifier(network, weights)


def test_the_papers_five_have_its_multipliers_and_one_ancestor() -> None:
    five = figure7(classifier("lite0"), KNOWN)
    assert [each.title for each in five] == ["Baseline", "Deeper", "Wider", "Higher resolution", "Compound"]
    for each, (depth, width, pixels) in zip(five, TABLE_7, strict=True):
        assert each.classifier is not None
        wide = min(width, WIDEST_LITE)
        built = build(Architecture(family="lite", by="direct", depth=depth, width=wide, pixels=pixels))
        assert each.classifier.network == built.network
        assert each.classifier.checkpoint == bundled()["lite0"]
        assert bool(each.note) == (wide < width)
    kinds = [type(each.classifier.weights) for each in five if each.classifier is not None]
    assert kinds == [Trained, Grown, Grown, Trained, Grown]


def test_your_network_is_the_sixth_where_it_is_none_of_the_five() -> None:
    yours = at_sliders(PHI_2)
    *_, last = figure7(yours, KNOWN)
    assert (last.title, last.classifier) == ("The one above", yours)


def test_without_weights_all_five_are_refused_in_words() -> None:
    *five, yours = figure7(classifier("lite0"), [])
    assert yours.classifier == classifier("lite0")
    assert all(each.classifier is None and "Untrained" in each.refusal for each in five)


@pytest.mark.parametrize("form", ["https://example.org/look?{}", "/count?{}", "?{}", "{}", "  {}  "])
def test_a_link_is_read_whole_or_in_part(form: str) -> None:
    (found,) = linked(form.format(urlencode(to_query(Settings(PHI_2)))), KNOWN)
    assert found.classifier == at_sliders(PHI_2)


def test_a_short_link_is_a_link() -> None:
    long = Architecture(family="lite", phi=2.0, alpha=1.21, beta=1.11, gamma=1.16, rounding="nearest")
    given = Settings(long, look=LookView(photo="coffee"))
    (found,) = linked(links.short("https://example.org/look", given), KNOWN)
    assert found.classifier is not None
    assert found.classifier.network == build(long).network


def test_a_link_to_a_published_network_and_one_that_asks_for_too_much() -> None:
    published, clamped = linked("network=lite1\n\nfamily=lite&phi=99", KNOWN)
    assert published.classifier == classifier("lite1")
    assert "phi" in clamped.note


@pytest.mark.parametrize(("line", "said"), REFUSED)
def test_what_cannot_be_shown_is_said(line: str, said: str) -> None:
    (found,) = linked(line, KNOWN)
    assert found.classifier is None
    assert said in found.refusal


def test_no_more_than_six() -> None:
    assert len(linked("family=lite&phi=2\n" * 9, KNOWN)) == MOST


def test_a_grown_network_answers_as_its_ancestor(engines: Mapping[str, Engine]) -> None:
    baseline, deeper = (each.classifier for each in figure7(classifier("lite0"), KNOWN)[:2])
    assert baseline is not None
    assert deeper is not None
    running = {baseline: engines["lite0"], deeper: engine(deeper)}
    image = photograph("coffee")

    def look(asked: Classifier) -> Classification:
        return classify.look(running[asked], asked, image)

    plain, deep = side_by_side.compared(look, (baseline, deeper), 967)
    assert deep.probability == pytest.approx(plain.probability, abs=1e-4)
    assert deep.local_logits == pytest.approx(plain.local_logits, abs=1e-2)
    assert counting.of(deeper.network).macs > 3 * counting.of(baseline.network).macs
    assert growth_note([baseline]) == ""
    assert growth_note([baseline, deeper]).startswith("1 of these networks is grown")
