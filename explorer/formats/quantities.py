"""Numbers as people read them: one format per kind of quantity, the same everywhere."""

from __future__ import annotations

TEN, HUNDRED = 10, 100
SECOND = 1000.0
"""Milliseconds."""

ROUNDS_UP = 0.9995
"""From this share of a prefix on, three digits round up to it."""

RAISED = str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹")
PREFIXES = ((1e12, "T"), (1e9, "G"), (1e6, "M"), (1e3, "k"))


def engineering(value: float) -> str:
    """Three significant digits or more and a prefix: 385,814,752 is "386 M", 5,288,548 is "5.29 M"."""
    for size, prefix in PREFIXES:
        if value >= size * ROUNDS_UP:
            return f"{_three_digits(value / size)} {prefix}"
    return _three_digits(value)


def exact(value: int) -> str:
    """Every digit, grouped by thousands."""
    return f"{value:,}"


def counted(count: int, singular: str, plural: str = "") -> str:
    """A number of things: "1 seed", "2 seeds", "1,200 blocks"; `plural` where it is not the singular with an s."""
    return f"{exact(count)} {singular if count == 1 else plural or f'{singular}s'}"


def times(ratio: float) -> str:
    """A ratio: "2.57×", "0.61×", "97.8×"."""
    return f"{_three_digits(ratio)}×"


def decimal(value: float) -> str:
    """A setting with at most four decimals and no trailing zeros: 1.2, −0.5, 1.1547."""
    text = f"{value:.4f}".rstrip("0").rstrip(".").replace("-", "−")
    return "0" if text == "−0" else text


def digits(value: float) -> str:
    """The format in which a slider shows a setting whole: two decimals, or four where two would cut it."""
    return "%.2f" if round(value, 2) == value else "%.4f"


def fixed(value: float, decimals: int = 2) -> str:
    """A number with so many decimals: "0.60", "−0.11", never "−0.00"."""
    return f"{round(value, decimals) + 0.0:.{decimals}f}".replace("-", "−")


def signed(value: float, decimals: int = 1) -> str:
    """A difference with its sign: "+0.2", "−0.8", "0.0"."""
    text = f"{value:+.{decimals}f}".replace("-", "−")
    return text[1:] if float(f"{value:.{decimals}f}") == 0 else text


def percent(share: float, decimals: int = 1) -> str:
    """A share of 1 in percent."""
    return f"{share * 100:.{decimals}f} %"


def tiny(value: float) -> str:
    """A small error, as a power of ten with one digit: "5 × 10⁻⁸"; nothing at all is "0"."""
    if value == 0:
        return "0"
    digit, exponent = f"{value:.0e}".split("e")
    return f"{digit} × 10{str(int(exponent)).translate(RAISED)}"


def duration(milliseconds: float) -> str:
    """A time: "31 ms", "4.2 s"."""
    return f"{milliseconds:.0f} ms" if round(milliseconds) < SECOND else f"{milliseconds / SECOND:.1f} s"


def minutes(seconds: float) -> str:
    """A long time as people plan with it: "less than a minute", "about 12 min", "about 1 h 05 min"."""
    whole = round(seconds / 60)
    if whole < 1:
        return "less than a minute"
    hours, rest = divmod(whole, 60)
    return f"about {hours} h {rest:02d} min" if hours else f"about {rest} min"


def _three_digits(value: float) -> str:
    """At least three significant digits; 9.996 and 99.96 already round up to the next form."""
    decimals = 2 if round(value, 2) < TEN else 1 if round(value, 1) < HUNDRED else 0
    return f"{value:,.{decimals}f}"
