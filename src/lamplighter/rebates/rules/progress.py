"""How far a goal is, beside how far it should be by today."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum

from lamplighter.rebates.rules.savings import Sums


class Kpi(StrEnum):
    """What a goal counts, of savings as they are evaluated and net."""

    PROJECTS = "projects"
    NET_MWH = "net-mwh"
    NET_KW = "net-kw"
    TONNES = "tonnes"

    @property
    def label(self) -> str:
        return _KPIS[self]

    def of(self, sums: Sums) -> Decimal:
        match self:
            case Kpi.PROJECTS:
                return Decimal(sums.projects)
            case Kpi.NET_MWH:
                return sums.net_kwh / 1000
            case Kpi.NET_KW:
                return sums.net_kw
            case Kpi.TONNES:
                return sums.tonnes


_KPIS = {
    Kpi.PROJECTS: "Projects paid",
    Kpi.NET_MWH: "Net savings (MWh a year)",
    Kpi.NET_KW: "Net demand (kW at the peak)",
    Kpi.TONNES: "Net CO₂ (t a year)",
}


class Standing(StrEnum):
    REACHED = "Reached"
    AHEAD = "On the way"
    BEHIND = "Behind"
    MISSED = "Missed"


@dataclass(frozen=True, slots=True)
class Progress:
    """`reached` of `target`; `due` is the part that a steady pace would have by the day."""

    reached: Decimal
    target: Decimal
    due: Decimal
    standing: Standing

    @property
    def share(self) -> Decimal:
        return self.reached / self.target


def progress(reached: Decimal, target: Decimal, *, starts_on: date, due_on: date, on: date) -> Progress:
    """Day by day at a steady pace; the day on which it is due counts as the last."""
    passed = min(max((on - starts_on).days, 0), (due_on - starts_on).days)
    due = target * passed / (due_on - starts_on).days
    if reached >= target:
        standing = Standing.REACHED
    elif on > due_on:
        standing = Standing.MISSED
    else:
        standing = Standing.AHEAD if reached >= due else Standing.BEHIND
    return Progress(reached, target, due, standing)
