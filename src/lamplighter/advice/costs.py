"""What a load costs the utility at the margin: energy by the hour, capacity at the hours of the peak, the account.

A costs file is TOML (docs/algorithms/contracts.md): one `[[marginal]]` for each day from which other costs hold. These
figures judge offers; nothing is billed by them.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

import numpy as np

from lamplighter.advice.assumptions import CannotAdvise
from lamplighter.advice.given import Given, Hourly, read, tables
from lamplighter.intervals.curves.curve import Floats, LoadCurve
from lamplighter.intervals.slots import SlotCalendar
from lamplighter.kernel.money import Money

FILE = "costs"
YEAR = 365


@dataclass(frozen=True, slots=True)
class MarginalCosts:
    """From a day on: what one more MWh costs by month and hour at the source, the share of it that is lost on the way,
    what one more kW costs a year at the hours that set the system's peak, and one more account a month."""

    since: date
    dollars_per_mwh: Hourly
    losses: float
    dollars_per_kw_year: float
    peak_months: tuple[int, ...]
    peak_hours: tuple[int, ...]
    dollars_per_month: float
    source: str


@dataclass(frozen=True, slots=True)
class LoadCost:
    """What a run of days cost. `peak_kw` is the mean at the hours of the peak, which capacity is reckoned on."""

    energy: Money
    capacity: Money
    account: Money
    peak_kw: Decimal

    @property
    def total(self) -> Money:
        return self.energy + self.capacity + self.account


def costs_of(text: str) -> MarginalCosts:
    """Read a costs file of one `[[marginal]]`. Raises CannotAdvise, naming the field."""
    found = tables(read(text, FILE), "marginal", FILE)
    if len(found) > 1:
        raise CannotAdvise("costs.several", "Adopt one [[marginal]] at a time: each holds from its day.", field="since")
    return _costs(found[0])


def _costs(said: Given) -> MarginalCosts:
    return MarginalCosts(
        since=said.day("since"),
        dollars_per_mwh=said.by_hour("dollars_per_mwh", -1000, 10_000),
        losses=said.number("losses", 0, 0.5),
        dollars_per_kw_year=said.number("dollars_per_kw_year", 0, 5000),
        peak_months=said.whole("peak_months", 1, 12),
        peak_hours=said.whole("peak_hours", 0, 23),
        dollars_per_month=said.number("dollars_per_month", 0, 1_000_000),
        source=said.words("source"),
    )


def cost_of(curve: LoadCurve, costs: MarginalCosts) -> LoadCost:
    """Of every slot of the curve. What is sent back spares energy and capacity as what is taken costs it.

    Raises CannotAdvise where the curve has no hour of the peak: capacity can't be told from a part of a year.
    """
    calendar, net = curve.calendar, np.nan_to_num(curve.kw_net())
    at_source = net / (1 - costs.losses)
    energy = float((at_source * curve.hours * _per_kwh(calendar, costs)).sum())
    at_peak = _at_peak(calendar, costs)
    if not at_peak.any():
        raise CannotAdvise("costs.no-peak", "These days have none of the hours that set the system's peak.")
    peak = float(at_source[at_peak].mean())
    years = calendar.period.days / YEAR
    return LoadCost(
        energy=_money(energy),
        capacity=_money(peak * costs.dollars_per_kw_year * years),
        account=_money(costs.dollars_per_month * 12 * years),
        peak_kw=Decimal(peak).quantize(Decimal("0.1")),
    )


def _per_kwh(calendar: SlotCalendar, costs: MarginalCosts) -> Floats:
    """$/kWh in each slot (S)."""
    found: Floats = np.array(costs.dollars_per_mwh)[_months(calendar) - 1, calendar.minutes // 60] / 1000
    return found


def _at_peak(calendar: SlotCalendar, costs: MarginalCosts) -> np.ndarray[tuple[int], np.dtype[np.bool_]]:
    """Which slots are hours of the peak: of its months, on working days."""
    hours = np.isin(calendar.minutes // 60, costs.peak_hours) & np.isin(_months(calendar), costs.peak_months)
    found: np.ndarray[tuple[int], np.dtype[np.bool_]] = hours & (calendar.weekdays < 5)
    return found


def _months(calendar: SlotCalendar) -> np.ndarray[tuple[int], np.dtype[np.int64]]:
    found: np.ndarray[tuple[int], np.dtype[np.int64]] = np.array([day.month for day in calendar.period])[
        calendar.day_of
    ]
    return found


def _money(dollars: float) -> Money:
    return Money.nearest(Decimal(dollars))
