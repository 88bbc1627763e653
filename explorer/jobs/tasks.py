"""What can be asked of a worker process: every public function here is a task, and no other function is one.

A task is a plain function with typed arguments. A page hands it over with them (`WorkerPool.submit`), they travel as
they are, a photograph as the encoded bytes of its file, and the worker looks the function up by its name. Pages import
this module: what computes with networks or decodes is imported where a task runs.

Raises, whatever is asked: `JobError`, in one of its kinds, for what cannot be done with what was given (weights that
are missing or broken, a network that needs more memory than there may be, a file that is no photograph).
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from explorer.cost.latency import Latency
from explorer.cost.memory import fewest_images
from explorer.models.checkpoints import at_hand, published
from explorer.models.lineage import Classifier
from explorer.models.suggestions import answering
from explorer.network.description import Network
from explorer.planning.proof import MeasuredCounts
from explorer.progress import report
from explorer.settings.declarations import Architecture

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray
    from PIL import Image

    from explorer.models.engine import Engine
    from explorer.vision.activation_maps import CamMethod
    from explorer.vision.batch import FileAnswer
    from explorer.vision.classification import Classification
    from explorer.vision.filmstrip import Frame
    from explorer.vision.photograph import PhotographFile, Preview
    from explorer.vision.region import Region
    from explorer.vision.trust import Trust

# ---- of a photograph


def look(classifier: Classifier, file: PhotographFile) -> tuple[Classification, Preview]:
    """What `classifier` says of a photograph, and what is shown of that."""
    from explorer.vision import images, photograph

    read = images.read(file.data, file.name)
    return _look(classifier, read.image), photograph.preview(read)


def filmstrip(classifier: Classifier, file: PhotographFile, class_index: int) -> tuple[Frame, ...]:
    """What `classifier` says of a photograph at many resolutions, for one class."""
    from explorer.vision.filmstrip import frames

    image = _decoded(file)
    return tuple(frames(lambda each: _look(each, image), classifier, class_index))


def compare(classifiers: tuple[Classifier, ...], file: PhotographFile, class_index: int) -> tuple[Frame, ...]:
    """What each network says of a photograph, for one class."""
    from explorer.vision import side_by_side

    image = _decoded(file)
    return tuple(side_by_side.compared(lambda each: _look(each, image), classifiers, class_index))


def classify_files(classifier: Classifier, files: tuple[PhotographFile, ...], count: int) -> tuple[FileAnswer, ...]:
    """The `count` most probable classes of each file, or why it was refused."""
    from explorer.vision import batch, classify

    engine = _engine(classifier)
    return tuple(batch.classify(lambda image: classify.look(engine, classifier, image), files, count))


def trust(classifier: Classifier, file: PhotographFile, class_index: int) -> Trust:
    """Whether the map of a class on a photograph can be trusted."""
    from explorer.models import kept, task_memory, weights
    from explorer.models.threads import torch_threads
    from explorer.vision import sanity_checks

    report(0, "loading the network")
    kept.claim(task_memory.trust(classifier.network))
    engine, original, preprocessing = _engine(classifier), weights.module(classifier), classifier.preprocessing
    values = preprocessing.normalise(preprocessing.seen(_decoded(file)))
    with torch_threads(1):  # several wait for each other where other work has the processors
        for progress in sanity_checks.examine(original, lambda each: engine.run(each).logits, values, class_index):
            report(progress.done / progress.steps, progress.doing)
            if progress.trust is not None:
                return progress.trust
    raise AssertionError("the last progress carries the result")


def stage_maps(
    classifier: Classifier, seen: NDArray[np.uint8], stage: int, class_index: int
) -> Mapping[CamMethod, NDArray[np.float32]]:
    """The (rows, columns) map of every method for a class at a stage: all of them come from one gradient.

    Args:
        classifier: which network, with which weights.
        seen: (height, width, 3) RGB bytes, the network's own input before normalisation.
        stage: 1 to the number of its stages; there is a StageError for another.
        class_index: the class.
    """
    from explorer.models import kept, task_memory, weights
    from explorer.vision.activation_maps import CamMethod
    from explorer.vision.evidence import at_stage

    report(0.1, f"running the network up to stage {stage}")
    activations = _engine(classifier).stage_map(classifier.preprocessing.normalise(_image(seen)), stage)
    report(0.4, "loading what a gradient goes through")
    kept.claim(task_memory.gradient(classifier.network, stage))
    module = weights.module(classifier)
    report(0.8, f"following the gradient down to stage {stage}")
    found = at_stage(module, stage, class_index, activations)
    return {method: found.map(method).astype("float32") for method in CamMethod}


def without(classifier: Classifier, seen: NDArray[np.uint8], region: Region) -> Classification:
    """What `classifier` says of its input `seen` (height, width, 3; RGB bytes) with `region` in its mean colour."""
    from explorer.vision import classify
    from explorer.vision.region import covered

    return classify.look_at(_engine(classifier), classifier, _image(covered(seen, region)))


# ---- of a network


def count(network: Network) -> MeasuredCounts:
    """What timm, fvcore and torch count on the module that `network` describes."""
    from explorer.models import measure

    report(0.1, "counting the module's parameters")
    params = measure.count_parameters(network)
    report(0.2, "counting with torch")
    torch = measure.count_torch(network)
    report(0.3, "sending an image through the module for fvcore")
    return MeasuredCounts(params, measure.count_fvcore(network), torch)


def latency(network: Network) -> Latency:
    """How long the module that `network` describes takes on this machine."""
    from explorer.models import measure

    return measure.latency(network)


def latencies(networks: tuple[Network, ...]) -> tuple[Latency, ...]:
    """The latency of several networks, one after the other."""
    measured = []
    for done, network in enumerate(networks):
        report(done / len(networks), f"timing network {done + 1} of {len(networks)}")
        measured.append(latency(network))
    return tuple(measured)


def memory(network: Network) -> tuple[int, int]:
    """Bytes that the module keeps of the fewest images it can train on, and that live at one image's fullest moment."""
    from explorer.models import measure

    report(0.1, "following what the backward pass needs")
    saved = measure.saved_activations(network, fewest_images(network))
    report(0.5, "following what an answer needs")
    return saved, measure.peak_inference(network, 1)


# ---- of weights


def fetch(name: str) -> bool:
    """Download the weights called `name`: True when they are here."""
    from explorer.models import fetching

    fetching.fetch(published()[name], lambda share: report(share, "downloading"))
    return True


def package(classifier: Classifier) -> bytes:
    """The network with its weights as a zip archive to train on with."""
    from explorer.models.package import zipped

    return zipped(classifier)


def warm_up() -> None:
    """Have ready what a first visitor sees before a slider is touched; nothing where there are no weights."""
    from PIL import Image

    found = answering(Architecture(), at_hand())
    if found is not None:
        _look(found.classifier, Image.new("RGB", (64, 64)))


# ---- what they share


def _look(classifier: Classifier, image: Image.Image) -> Classification:
    from explorer.vision import classify

    return classify.look(_engine(classifier), classifier, image)


def _engine(classifier: Classifier) -> Engine:
    """The engine of `classifier`, loaded or grown once in this process; one serves all resolutions."""
    from explorer.models import kept, task_memory, weights
    from explorer.models.engine import Engine

    task_memory.require(task_memory.engine(classifier.network))
    anywhere = classifier.at(classifier.checkpoint.network.input_resolution)
    return kept.KEPT.get(anywhere, Engine, lambda: weights.engine(anywhere))


def _decoded(file: PhotographFile) -> Image.Image:
    from explorer.vision import images

    return images.read(file.data, file.name).image


def _image(pixels: NDArray[np.uint8]) -> Image.Image:
    from PIL import Image

    return Image.fromarray(pixels)
