"""Numbers as people read them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from explorer.formats import quantities

ENGINEERING = (
    (0, "0.00"),
    (7, "7.00"),
    (999, "999"),
    (1000, "1.00 k"),
    (1_234, "1.23 k"),
    (9_996, "10.0 k"),
    (99_960, "100 k"),
    (5_288_548, "5.29 M"),
    (385_814_752, "386 M"),
    (37_700_000_000, "37.7 G"),
    (1.5e12, "1.50 T"),
    (2e15, "2,000 T"),
)
EXACT = ((0, "0"), (999, "999"), (385_814_752, "385,814,752"))
TIMES = (
    (2.5728, "2.57×"),
    (0.6111, "0.61×"),
    (97.83, "97.8×"),
    (9.996, "10.0×"),
    (99.96, "100×"),
    (1, "1.00×"),
    (1232.8, "1,233×"),
)
DECIMAL = (
    (1.2, "1.2"),
    (-0.5, "−0.5"),
    (1.15470054, "1.1547"),
    (1.0, "1"),
    (0.0, "0"),
    (100.0, "100"),
    (-3.0, "−3"),
    (0.12345678, "0.1235"),
)
FIXED = ((0.6, 2, "0.60"), (-0.114, 2, "−0.11"), (-0.001, 2, "0.00"), (-1.25, 1, "−1.2"), (3.0, 0, "3"))
TINY = ((0.0, "0"), (5.2e-8, "5 × 10⁻⁸"), (9.7e-7, "1 × 10⁻⁶"), (2.0, "2 × 10⁰"), (3e12, "3 × 10¹²"))
PERCENT = ((0.0, "0.0 %"), (0.123456, "12.3 %"), (1.0, "100.0 %"), (0.0004, "0.0 %"))
DURATION = ((31.4, "31 ms"), (0.2, "0 ms"), (999.0, "999 ms"), (1000.0, "1.0 s"), (4231.0, "4.2 s"), (61_000, "61.0 s"))

UNITS = {"": 1.0, "k": 1e3, "M": 1e6, "G": 1e9, "T": 1e12}


@pytest.mark.parametrize(("value", "text"), ENGINEERING)
def test_engineering(value: float, text: str) -> None:
    assert quantities.engineering(value) == text


@given(st.floats(1, 1e15))
def test_engineering_tells_three_digits(value: float) -> None:
    number, _, unit = quantities.engineering(value).partition(" ")
    read = float(number.replace(",", "")) * UNITS[unit]
    assert read == pytest.approx(value, rel=0.00501)
    assert len(number.replace(",", "").replace(".", "")) >= 3


@pytest.mark.parametrize(("value", "text"), EXACT)
def test_exact(value: int, text: str) -> None:
    assert quantities.exact(value) == text


@given(st.integers(0, 10**18))
def test_exact_keeps_every_digit(value: int) -> None:
    assert int(quantities.exact(value).replace(",", "")) == value


@pytest.mark.parametrize(("ratio", "text"), TIMES)
def test_times(ratio: float, text: str) -> None:
    assert quantities.times(ratio) == text


@pytest.mark.parametrize(("value", "text"), DECIMAL)
def test_decimal(value: float, text: str) -> None:
    assert quantities.decimal(value) == text


@given(st.integers(-(10**8), 10**8))
def test_decimal_keeps_four_decimals_and_no_idle_zero(tenthousandths: int) -> None:
    text = quantities.decimal(tenthousandths / 10_000)
    assert round(float(text.replace("−", "-")) * 10_000) == tenthousandths
    assert "." not in text or text[-1] not in ".0"


@pytest.mark.parametrize(("value", "decimals", "text"), FIXED)
def test_fixed(value: float, decimals: int, text: str) -> None:
    assert quantities.fixed(value, decimals) == text


@pytest.mark.parametrize(("value", "text"), TINY)
def test_tiny(value: float, text: str) -> None:
    assert quantities.tiny(value) == text


@pytest.mark.parametrize(("share", "text"), PERCENT)
def test_percent(share: float, text: str) -> None:
    assert quantities.percent(share) == text


@pytest.mark.parametrize(("milliseconds", "text"), DURATION)
def test_duration(milliseconds: float, text: str) -> None:
    assert quantities.duration(milliseconds) == text
