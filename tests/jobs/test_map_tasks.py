"""What the worker computes to read a map, against the network called directly."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pytest
from PIL import Image
from timm.models.efficientnet import EfficientNet

from explorer.jobs import map_tasks
from explorer.models.weights import engine
from explorer.vision.activation_maps import CamMethod
from explorer.vision.classification import Classification
from explorer.vision.evidence import at_stage, stage_maps
from explorer.vision.region import EVERYTHING, Region

pytestmark = pytest.mark.real_weights

ESPRESSO = 967
LAST = 9


def test_every_method_comes_from_one_gradient(
    sights: Mapping[tuple[str, str], Classification], trained: Mapping[str, EfficientNet]
) -> None:
    sight, module = sights["lite0", "coffee"], trained["lite0"]
    found = map_tasks.stage_maps(sight.classifier, sight.seen, 5, ESPRESSO)
    values = sight.classifier.preprocessing.normalise(Image.fromarray(sight.seen))
    expected = at_stage(module, 5, ESPRESSO, engine(sight.classifier).stage_map(values, 5))
    in_torch = at_stage(module, 5, ESPRESSO, stage_maps(module, values)[4])
    assert set(found) == set(CamMethod)
    for method, evidence in found.items():
        strongest = float(np.abs(evidence).max())
        assert strongest > 0
        np.testing.assert_allclose(evidence, expected.map(method), rtol=1e-5, atol=1e-5 * strongest)
        # The last bits of a map decide on which side of ReLU6's kinks a gradient passes.
        np.testing.assert_allclose(evidence, in_torch.map(method), atol=5e-3 * strongest)


def test_at_the_last_stage_two_methods_are_the_exact_map(sights: Mapping[tuple[str, str], Classification]) -> None:
    sight = sights["lite0", "coffee"]
    found = map_tasks.stage_maps(sight.classifier, sight.seen, LAST, ESPRESSO)
    for method in (CamMethod.GRAD_CAM, CamMethod.HIRES_CAM):
        np.testing.assert_allclose(found[method], sight.maps[ESPRESSO], atol=1e-4)


def test_a_covered_rectangle_is_what_the_network_sees(sights: Mapping[tuple[str, str], Classification]) -> None:
    sight = sights["lite0", "coffee"]
    untouched = map_tasks.without(sight.classifier, sight.seen, Region(50, 0, 50, 100))
    np.testing.assert_array_equal(untouched.logits, sight.logits)
    blank = map_tasks.without(sight.classifier, sight.seen, EVERYTHING)
    assert len(np.unique(blank.seen.reshape(-1, 3), axis=0)) == 1
    assert blank.probabilities[ESPRESSO] < sight.probabilities[ESPRESSO] / 2


def test_a_stage_that_is_not_there_is_refused(sights: Mapping[tuple[str, str], Classification]) -> None:
    sight = sights["lite0", "coffee"]
    with pytest.raises(ValueError, match="there is no stage 10"):
        map_tasks.stage_maps(sight.classifier, sight.seen, 10, ESPRESSO)
