"""One photograph through one network that can see, on the fast engine."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from PIL import Image

from explorer.models.lineage import Classifier
from explorer.vision.activation_maps import exact_maps
from explorer.vision.classification import Classification

if TYPE_CHECKING:
    from explorer.models.engine import Engine


def look(engine: Engine, classifier: Classifier, image: Image.Image) -> Classification:
    """What `engine`, which runs `classifier`, says of an RGB `image` of any size."""
    return look_at(engine, classifier, classifier.preprocessing.seen(image))


def look_at(engine: Engine, classifier: Classifier, seen: Image.Image) -> Classification:
    """The same of `seen`, an RGB image that has the size of the network's input already."""
    answer, latency = engine.timed(classifier.preprocessing.normalise(seen))
    maps = exact_maps(answer.features[0], engine.weight)
    return Classification(classifier, np.asarray(seen), answer.logits[0], engine.bias, maps, latency)
