"""Who may be on a schedule: classes of customer and a range of demand, as the availability clause has it."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal


@dataclass(frozen=True, slots=True)
class Availability:
    """Classes of customer (none: any), and the highest demand of twelve months in kW: from `kw_from` (who reaches
    `kw_optional_from` may ask for it), below `kw_below`."""

    to: tuple[str, ...] = ()
    kw_from: Decimal | None = None
    kw_below: Decimal | None = None
    kw_optional_from: Decimal | None = None


ANYBODY = Availability()


def why_not(available: Availability, *, customer_class: str, kw_peak: Decimal | None) -> str:
    """Why a customer of that class and that highest demand (None: no meter tells it) may not be on it, in a sentence;
    "" where they may."""
    if available.to and customer_class not in available.to:
        return f"It is for {_listed(available.to)} customers; this one is {customer_class}."
    if kw_peak is None:
        return "It goes by demand, and no meter tells this customer's." if by_demand(available) else ""
    least = available.kw_from if available.kw_optional_from is None else available.kw_optional_from
    if least is not None and kw_peak < least:
        return f"It asks for {least:f} kW at least; the highest of twelve months was {_kw(kw_peak)} kW."
    if available.kw_below is not None and kw_peak >= available.kw_below:
        return f"It is for less than {available.kw_below:f} kW; the highest of twelve months was {_kw(kw_peak)} kW."
    return ""


def by_demand(available: Availability) -> bool:
    """Whether the clause asks for a highest demand."""
    return any(one is not None for one in (available.kw_from, available.kw_below, available.kw_optional_from))


def _listed(words: tuple[str, ...]) -> str:
    return " and ".join((", ".join(words[:-1]), words[-1])) if len(words) > 1 else words[0]


def _kw(value: Decimal) -> str:
    return f"{value.quantize(Decimal('0.1')):f}"
