"""What a peak costs on the account's own tariff: the difference of two years of bills, each computed exactly.

One year is as it was; in the other the peak's day had stayed at the level of the other days of its bill. What a ratchet
makes of it in later months is in it. A habit is all intervals at one time of day, held to the level of the other times.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

import numpy as np

from lamplighter.billing.queries.history import BILLS
from lamplighter.billing.queries.service_years import ServiceYear
from lamplighter.intervals.arrays import Int64
from lamplighter.intervals.curves.curve import LoadCurve
from lamplighter.intervals.curves.pricing import PricedYear, YearPricer
from lamplighter.intervals.curves.shapes import Peak, capped, top_peaks
from lamplighter.kernel.money import Money
from lamplighter.kernel.periods import Period
from lamplighter.rating.determinants import Ask, DemandWindow, Determinant, What
from lamplighter.rating.tariff import Kind
from lamplighter.tariffs.queries import in_force


@dataclass(frozen=True, slots=True)
class PeakCost:
    """What the twelve bills would have been less, had the peak's day stayed at `kw_without`."""

    peak: Peak
    kw_without: float
    cost: Money


@dataclass(frozen=True, slots=True)
class Ratcheted:
    """Bills whose demand was held above what they used by an earlier peak, and what that came to before taxes."""

    bills: int
    kw: Decimal
    cost: Money


@dataclass(frozen=True, slots=True)
class PeakCosts:
    """`actual` is the year as billed; `habit` all peaks at one time of day together, where they share one."""

    actual: Money
    demand: Money
    peaks: tuple[PeakCost, ...]
    habit: PeakCost | None
    ratcheted: Ratcheted | None


def own_pricer(service: ServiceYear) -> YearPricer:
    """The service's bills under its own schedule, as they were billed."""
    whole = Period(service.bills[0].period.start, service.bills[-1].period.closed_end)
    return service.pricer(service.schedule, in_force({service.schedule, *service.riders}, period=whole), {})


def peak_costs(service: ServiceYear, *, count: int = 10) -> PeakCosts:
    """Of the twelve months that are compared. Raises CannotPrice or CannotMeasure by name."""
    pricer = own_pricer(service)
    year = pricer.price(service.curve, meter=service.meter).last(BILLS)

    def saved(changed: LoadCurve) -> Money:
        return year.total - pricer.price(changed).last(BILLS).total

    found = top_peaks(service.year, count)
    costs = [_cost(service, peak, saved) for peak in found]
    kinds = year.by_kind()
    demand = kinds.get(Kind.DEMAND, Money(0)) + kinds.get(Kind.TOU_DEMAND, Money(0))
    return PeakCosts(year.total, demand, tuple(costs), _habit(service, found, saved), _ratcheted(service, year))


def _cost(service: ServiceYear, peak: Peak, saved: object) -> PeakCost:
    """Its day is held to the highest of the other days of its bill."""
    assert callable(saved)
    curve = service.curve
    bill = next(days.period for days in service.bills if peak.day in days.period)
    inside, its_day = curve.calendar.slots_within(bill), curve.calendar.slots_of(peak.day)
    kw = curve.kw()
    others = np.concatenate([kw[inside.start : its_day.start], kw[its_day.stop : inside.stop]])
    level = float(np.nanmax(others)) if len(others) else 0.0
    slots = np.arange(its_day.start, its_day.stop, dtype=np.int64)
    return PeakCost(peak, level, saved(capped(curve, level, slots)))


def _habit(service: ServiceYear, peaks: Sequence[Peak], saved: object) -> PeakCost | None:
    """All intervals at the time that most peaks share, and the one after it, held to the highest of all others."""
    assert callable(saved)
    clock = [(peak.at.hour, peak.at.minute) for peak in peaks]
    shared = max(set(clock), key=clock.count, default=None)
    if shared is None or clock.count(shared) < 0.6 * len(peaks) or len(peaks) < 5:
        return None
    slots = _at(service.curve, shared[0] * 60 + shared[1])
    others = np.ones(service.curve.calendar.slots, dtype=np.bool_)
    others[slots] = False
    level = float(np.nanmax(service.curve.kw()[others]))
    if level >= peaks[0].kw:
        return None
    return PeakCost(peaks[0], level, saved(capped(service.curve, level, slots)))


def _at(curve: LoadCurve, minute: int) -> Int64:
    length = curve.calendar.seconds // 60
    found: Int64 = np.flatnonzero(np.isin(curve.calendar.minutes, (minute, minute + length))).astype(np.int64)
    return found


def _ratcheted(service: ServiceYear, year: PricedYear) -> Ratcheted | None:
    """Demand lines whose quantity is above the highest window of their bill's own days."""
    bills, exact, highest = 0, Decimal(0), Decimal(0)
    for bill in year.bills:
        held = False
        for line in bill.lines:
            if line.kind is not Kind.DEMAND or line.unit != "kW" or not line.quantity:
                continue
            own = service.meter(Ask(Determinant(What.KW, window=DemandWindow(15)), bill.period))
            if line.quantity > own:
                exact += line.exact * (1 - own / line.quantity)
                held, highest = True, max(highest, line.quantity)
        bills += held
    return Ratcheted(bills, highest, Money.nearest(exact)) if bills else None
