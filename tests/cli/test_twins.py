"""`python -m explorer twins`: whose α, β and γ compound scaling uses is said as it is."""

from __future__ import annotations

import json

import pytest

from tests.cli.running import run

PAPERS, YOURS = "Compound, the paper's α, β, γ", "Compound, your α, β, γ"

# How the network is given, and whose coefficients its compound twin has.
GIVEN = (
    (("--preset", "b3"), PAPERS),
    (("--depth", "1.8", "--width", "1.4", "--input-resolution", "380"), PAPERS),
    (("--phi", "2"), PAPERS),
    (("--phi", "2", "--alpha", "1.3"), YOURS),
)


@pytest.mark.parametrize(("arguments", "said"), GIVEN)
def test_whose_coefficients_are_used_is_said(
    arguments: tuple[str, ...], said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    printed, document = run(capsys, "twins", *arguments), run(capsys, "twins", *arguments, "--json")
    assert said in printed.out
    (compound,) = (twin for twin in json.loads(document.out)["twins"] if twin["method"] == "compound")
    assert compound["words"] == said
