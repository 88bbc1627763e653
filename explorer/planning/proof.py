"""Each total beside its measurement on the real module and what others print: analytic ‖ measured ‖ published."""

from __future__ import annotations

from dataclasses import dataclass

from explorer.cost import conventions, counting
from explorer.formats.measures import BILLION, MACS, PARAMS
from explorer.formats.quantities import exact
from explorer.network.description import Network
from explorer.published import Preset, PublishedResult, printed_keras_params, table2


@dataclass(frozen=True)
class MeasuredCounts:
    """What independent tools count on the module that timm builds."""

    params: int
    fvcore: int
    torch: int


@dataclass(frozen=True)
class ProofRow:
    """One quantity: counted here, measured on the real module (None: not yet, or nothing measures it), as printed."""

    quantity: str
    analytic: int
    tool: str
    measured: int | None
    published: str

    @property
    def agrees(self) -> bool | None:
        """Whether the measurement is equal, as an integer; None without a measurement."""
        return None if self.measured is None else self.measured == self.analytic


def rows(network: Network, preset: Preset | None, measured: MeasuredCounts | None) -> tuple[ProofRow, ...]:
    """The proof of a network; `preset` is the published network that it is, if it is one."""
    flops = conventions.flops(network)
    printed = _printed(preset)
    keras = None if preset is None else printed_keras_params(preset)
    macs = f"{printed.macs_billions:g} billion (paper, Table 2)" if printed and printed.macs_billions else ""
    return (
        ProofRow(
            PARAMS.column,
            counting.of(network).params,
            "timm module",
            measured.params if measured else None,
            f"{printed.params_millions:g} million (paper, Table 2)" if printed else "",
        ),
        ProofRow(
            MACS.column, flops["paper_macs"], "FlopCounterMode ÷ 2", measured.torch // 2 if measured else None, macs
        ),
        ProofRow("fvcore's count", flops["fvcore"], "fvcore", measured.fvcore if measured else None, ""),
        ProofRow("torch's count", flops["torch"], "FlopCounterMode", measured.torch if measured else None, ""),
        *_keras(network, keras),
    )


def printed_macs(preset: Preset | None) -> float | None:
    """Multiply-adds that the paper's Table 2 prints for a published network; None where it prints none."""
    result = _printed(preset)
    return None if result is None or result.macs_billions is None else result.macs_billions * BILLION


def _printed(preset: Preset | None) -> PublishedResult | None:
    return next((row for row in table2() if preset is not None and row.model == preset.title), None)


def _keras(network: Network, documented: int | None) -> tuple[ProofRow, ...]:
    """Keras' total, where Keras documents one: its EfficientNets only."""
    if documented is None:
        return ()
    counted = conventions.keras_params(network)
    return (ProofRow("Keras' total parameters", counted, "", None, f"{exact(documented)} (Keras documentation)"),)
