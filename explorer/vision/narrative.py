"""What an answer and its evidence say, and where the weights come from, in sentences computed from them."""

from __future__ import annotations

from collections.abc import Sequence

from explorer.cost import counting
from explorer.cost.latency import latency_words
from explorer.formats.quantities import counted, engineering, fixed, percent, signed, tiny
from explorer.models.lineage import Classifier, Trained
from explorer.vision.classification import Classification
from explorer.vision.filmstrip import Frame
from explorer.vision.imagenet import labels

FOLDED_NORMS = (
    "The statistics of its batch normalisations are folded into the weights, so training must leave them as they are: "
    "rebuild.py sees to that."
)


def answer_sentence(sight: Classification) -> str:
    """The network's first answer, how sure it is, and how long it took."""
    first = sight.top(1)[0]
    return (
        f"{sight.classifier.title} says “{first.label}”, {percent(first.probability)} sure, "
        f"after {latency_words(sight.latency)} of computing."
    )


def evidence_sentence(sight: Classification, class_index: int) -> str:
    """How a class's logit is the sum of its map and its bias, and where most of the evidence lies."""
    evidence = sight.maps[class_index]
    speaking = evidence[evidence > 0]
    total = float(evidence.sum(dtype="float64"))
    bias, logit = float(sight.biases[class_index]), float(sight.logits[class_index])
    rows, columns = evidence.shape
    return (
        f"**Orange cells speak for “{labels()[class_index]}”, blue cells against it**, in logits. "
        f"The {rows} × {columns} cells add up to {fixed(total)}; with the bias {signed(bias, 2)} "
        f"that is the logit {fixed(logit)}, exact to {tiny(sight.residual(class_index))} of it. "
        f"{speaking.size} of {counted(evidence.size, 'cell')} speak for it; "
        f"the strongest adds {fixed(float(evidence.max()))}. "
        "This is Grad-CAM at the last feature map, before its ReLU."
    )


def lineage_sentence(classifier: Classifier) -> str:
    """Whose weights these are, and what they are worth at this resolution."""
    checkpoint, pixels = classifier.checkpoint, classifier.network.input_resolution
    evaluated = checkpoint.network.input_resolution
    if not isinstance(classifier.weights, Trained):
        return (
            f"Grown from {checkpoint.title}: it answers exactly as {checkpoint.title} does at {pixels} px; training "
            f"is what would use its extra capacity. Weights: {checkpoint.source}."
        )
    measured = "" if checkpoint.top1 is None else f" {_measured(classifier)}"
    other = f" Here it looks at {pixels} px, for which no accuracy is known here." if pixels != evaluated else ""
    recipe = f", {checkpoint.recipe}" if checkpoint.recipe else ""
    return f"Trained weights: {checkpoint.source}{recipe}.{measured}{other}"


def _measured(classifier: Classifier) -> str:
    checkpoint = classifier.checkpoint
    return (
        f"ImageNet top-1 accuracy {checkpoint.top1:.1f} % at {checkpoint.network.input_resolution} px "
        f"({checkpoint.top1_source})."
    )


def resolution_sentence(frames: Sequence[Frame], class_index: int, evaluated: int) -> str:
    """Where the class is likeliest, beside what it is at the resolution that the weights were evaluated at."""
    label = labels()[class_index]
    best = max(frames, key=lambda frame: frame.probability)
    worst = min(frames, key=lambda frame: frame.probability)
    own = next(frame for frame in frames if frame.input_resolution == evaluated)
    return (
        f"“{label}” is likeliest at {best.input_resolution} px ({percent(best.probability)}) and least likely at "
        f"{worst.input_resolution} px ({percent(worst.probability)}); at {evaluated} px, where its weights were "
        f"evaluated, it has {percent(own.probability)}."
    )


def growth_sentence(classifier: Classifier) -> str:
    """How many channels were copied and how many layers added, and what that costs."""
    grown, ancestor = classifier.network, classifier.checkpoint.network.at(classifier.network.input_resolution)
    pairs = list(zip(grown.stages, ancestor.stages, strict=True))
    wider = [stage.number for stage, before in pairs if stage.channels > before.channels]
    added = sum(stage.depth - before.depth for stage, before in pairs)
    before, after = counting.of(ancestor), counting.of(grown)
    return (
        f"From {classifier.checkpoint.title}, {_widened(wider)} and {_added(added)}: "
        f"{engineering(before.params)} parameters became {engineering(after.params)}, "
        f"{engineering(before.macs)} multiply-adds {engineering(after.macs)}."
    )


def _widened(stages: Sequence[int]) -> str:
    if not stages:
        return "no stage was widened"
    if len(stages) == 1:
        return f"stage {stages[0]} was widened"
    return f"stages {', '.join(map(str, stages[:-1]))} and {stages[-1]} were widened"


def _added(layers: int) -> str:
    return f"{counted(layers, 'layer')} {'was' if layers == 1 else 'were'} added" if layers else "no layer was added"


def package_sentence(classifier: Classifier) -> str:
    """What the files of a network let one do, and what they do not claim."""
    folded = f" {FOLDED_NORMS}" if classifier.checkpoint.folded_norms else ""
    if isinstance(classifier.weights, Trained):
        return f"These files are the network with its published weights: to use elsewhere, or to fine-tune.{folded}"
    title = classifier.checkpoint.title
    return (
        f"These files are the network that looks, with the weights of {title} grown into it. It answers as {title} "
        f"does until you train it: that is what would use its extra capacity.{folded}"
    )
