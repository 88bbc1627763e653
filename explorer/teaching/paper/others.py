"""Table 3: compound scaling on MobileNets and ResNet-50, each network built again and counted."""

from __future__ import annotations

from explorer.formats.measures import BILLION, MACS
from explorer.formats.quantities import percent, signed
from explorer.network.baselines import BASELINES
from explorer.published.scaled import PublishedScaling, table3
from explorer.teaching.paper.balance import RecountedScaling, recounted

FAR = 0.05
"""A count further from the printed cost than this share is pointed out; printed baselines have one digit only."""

FAMILIES = ("mobilenetv1", "mobilenetv2", "resnet50")


def of_family(family: str) -> tuple[PublishedScaling, ...]:
    """The rows of one baseline."""
    return tuple(row for row in table3() if row.family == family)


def counted(family: str) -> tuple[RecountedScaling, ...]:
    """Those of one baseline that can be built again."""
    return recounted(of_family(family))


def sentence(family: str) -> str:
    """What compound scaling gains over the best single dimension, at which costs."""
    by_method = {row.method: row for row in of_family(family)}
    compound = by_method.pop("compound")
    by_method.pop("baseline")
    best = max(by_method.values(), key=lambda row: row.top1)
    return (
        f"{BASELINES[family].name}: compound {compound.top1:g} % with {compound.macs_billions:g} billion, best single "
        f"dimension ({best.method}) {best.top1:g} % with {best.macs_billions:g}: {signed(compound.top1 - best.top1)} "
        "points."
    )


def recount_sentence() -> str:
    """Where our count and the printed cost part."""
    found = [each for family in FAMILIES for each in counted(family)]
    far = [each for each in found if abs(each.ratio - 1) > FAR and each.row.method != "baseline"]
    listed = ", ".join(
        f"{BASELINES[each.row.family].name} by {each.row.method} {each.row.macs_billions:g} printed and "
        f"{each.macs / BILLION:.2f} counted"
        for each in far
    )
    return (
        f"{len(found)} of the {len(table3())} networks can be built again; the others' coefficients are not printed. "
        f"More than {percent(FAR, 0)} apart are, in billions: {listed}. The two of ResNet-50 fit if they are swapped."
    )


def rows() -> list[dict[str, object]]:
    """The data of the charts."""
    macs = {(each.row.family, each.row.method): each.macs for family in FAMILIES for each in counted(family)}
    return [
        {
            "baseline": BASELINES[row.family].name,
            "method": row.method,
            f"{MACS.label} printed, billions": row.macs_billions,
            f"{MACS.label} counted": macs.get((row.family, row.method)),
            "top-1, %": row.top1,
            "source": row.source,
        }
        for row in table3()
    ]
