"""One photograph through one trained network."""

from __future__ import annotations

from time import perf_counter

import numpy as np
import torch
from PIL import Image
from timm.models.efficientnet import EfficientNet

from explorer.models.lineage import Classifier
from explorer.vision.evidence import class_activation_maps
from explorer.vision.sight import Sight


@torch.inference_mode()
def look(module: EfficientNet, classifier: Classifier, image: Image.Image) -> Sight:
    """What `module`, the one of `classifier`, says of an RGB `image` of any size."""
    preprocessing = classifier.preprocessing
    seen = preprocessing.seen(image)
    values = torch.from_numpy(preprocessing.normalise(seen))
    started = perf_counter()
    features = module.forward_features(values)
    logits = module.forward_head(features)
    milliseconds = (perf_counter() - started) * 1000
    maps = class_activation_maps(features[0], module.classifier.weight)
    return Sight(
        classifier,
        np.asarray(seen),
        logits[0].numpy(),
        module.classifier.bias.detach().numpy(),
        maps.numpy(),
        milliseconds,
    )
