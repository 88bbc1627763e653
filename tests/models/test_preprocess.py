"""What a network gets to see, against timm's own evaluation transform (torchvision on Pillow images)."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from explorer.models.checkpoints import bundled
from explorer.models.preprocess import Preprocessing
from tests.support import oracles
from tests.support.samples import LOOKS, NETWORKS, photograph

pytestmark = pytest.mark.real_weights

# Width and height where resizing or cropping could round the other way.
SIZES = (
    (1, 1),
    (1, 50),
    (50, 1),
    (7, 13),
    (224, 224),
    (256, 256),
    (255, 257),
    (257, 256),
    (256, 259),
    (292, 293),
    (301, 199),
    (640, 427),
    (427, 640),
    (900, 18),
)

# Pixel value per channel, mean and std, and what the network gets.
NORMALISED = (
    ((0, 0, 0), (0.5, 0.5, 0.5), (0.5, 0.5, 0.5), (-1.0, -1.0, -1.0)),
    ((255, 255, 255), (0.5, 0.5, 0.5), (0.5, 0.5, 0.5), (1.0, 1.0, 1.0)),
    ((255, 0, 51), (0.5, 0.25, 0.1), (0.25, 0.5, 0.2), (2.0, -0.5, 0.5)),
)

MODES = ("L", "1", "P", "RGBA", "CMYK")

sizes = st.one_of(
    st.tuples(st.integers(1, 400), st.integers(1, 400)),
    st.tuples(st.integers(1, 20), st.integers(1, 50)).map(lambda pair: (pair[0], pair[0] * pair[1])),
    st.tuples(st.integers(1, 20), st.integers(1, 50)).map(lambda pair: (pair[0] * pair[1], pair[0])),
)


def noise(width: int, height: int) -> Image.Image:
    """A picture in which every pixel matters, the same for the same size."""
    values = np.random.default_rng((width, height)).integers(0, 256, (height, width, 3), dtype=np.uint8)
    return Image.fromarray(values)


def assert_sees_as_timm(network: str, image: Image.Image) -> None:
    """Every pixel equal, every value equal to the last few bits."""
    preprocessing = bundled()[network].preprocessing
    seen = preprocessing.seen(image)
    assert seen.mode == "RGB"
    assert np.array_equal(np.asarray(seen), np.asarray(oracles.timm_crop(network)(image)))
    values = preprocessing.normalise(seen)
    assert values.dtype == np.float32
    assert values.shape == (1, 3, preprocessing.input_resolution, preprocessing.input_resolution)
    expected = oracles.timm_transform(network)(image).numpy()
    np.testing.assert_allclose(values[0], expected, atol=1e-6, rtol=0)


@pytest.mark.parametrize(("network", "name"), LOOKS)
def test_photographs_are_seen_as_timm_sees_them(network: str, name: str) -> None:
    assert_sees_as_timm(network, photograph(name))


@pytest.mark.parametrize("network", NETWORKS)
@pytest.mark.parametrize(("width", "height"), SIZES)
def test_awkward_sizes_are_seen_as_timm_sees_them(network: str, width: int, height: int) -> None:
    assert_sees_as_timm(network, noise(width, height))


@settings(max_examples=60)
@given(st.sampled_from(NETWORKS), sizes)
def test_any_size_is_seen_as_timm_sees_it(network: str, size: tuple[int, int]) -> None:
    assert_sees_as_timm(network, noise(*size))


@pytest.mark.parametrize(("colour", "mean", "std", "expected"), NORMALISED)
def test_each_channel_is_normalised_by_its_own_mean_and_std(
    colour: tuple[int, int, int],
    mean: tuple[float, float, float],
    std: tuple[float, float, float],
    expected: tuple[float, float, float],
) -> None:
    values = Preprocessing(2, 1.0, "bicubic", mean, std).normalise(Image.new("RGB", (2, 2), colour))
    assert values[0].reshape(3, 4) == pytest.approx(np.repeat([expected], 4, axis=0).T, abs=1e-6)


@pytest.mark.parametrize("mode", MODES)
def test_other_kinds_of_pictures_become_rgb_first(mode: str) -> None:
    image = photograph("cat").convert(mode)
    preprocessing = bundled()["lite0"].preprocessing
    seen = preprocessing.seen(image)
    assert seen.mode == "RGB"
    assert seen.tobytes() == preprocessing.seen(image.convert("RGB")).tobytes()


def test_the_interpolation_is_that_of_the_weights() -> None:
    image = photograph("coffee")
    seen = [Preprocessing(224, 0.875, kind, (0, 0, 0), (1, 1, 1)).seen(image) for kind in ("bicubic", "bilinear")]
    assert seen[0].tobytes() != seen[1].tobytes()
