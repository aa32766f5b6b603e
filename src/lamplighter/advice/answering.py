"""Answer a scenario: change the load, run the battery by each rate, price every bill with the one engine."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

import numpy as np

from lamplighter.advice.answers import (
    BILLS_OF_YEAR,
    Answer,
    Option,
    Payback,
    Peaks,
    RateAnswer,
    Tonnes,
    after_rebates,
)
from lamplighter.advice.assumptions import CannotAdvise
from lamplighter.advice.changing import Changed, changed
from lamplighter.advice.effects import Battery
from lamplighter.advice.scenario import Scenario
from lamplighter.advice.surroundings import Surroundings
from lamplighter.intervals.curves.curve import LoadCurve
from lamplighter.intervals.curves.pricing import PricedYear
from lamplighter.kernel.money import Money
from lamplighter.kernel.periods import Period
from lamplighter.rating.refusals import CannotMeasure, CannotPrice


@dataclass(frozen=True, slots=True, eq=False)
class Question:
    """A load and the rates to price it on; the last `bills` bills of each count, earlier ones lead up to them.

    `rebates` come off the cost.
    """

    curve: LoadCurve
    options: Sequence[Option]
    scenario: Scenario
    around: Surroundings
    bills: int
    capacity_kw: Decimal | None = None
    rebates: Money = Money(0)


def answer(question: Question) -> Answer:
    """Raises CannotAdvise where the scenario is impossible, readings are missing, or no rate can price it."""
    curve, options = question.curve, question.options
    period = _counted(question)
    after, measures = changed(curve, question.scenario.loads, question.around)
    now = [_priced(option, curve, question.bills) for option in options]
    rates = tuple(_rate(question, option, before, after, period) for option, before in zip(options, now, strict=True))
    on = _chosen(rates)
    counted, then = curve.within(period), on.curve.within(period)
    return Answer(
        period, question.bills, measures, rates, on, _kwh(counted), _kwh(then), _sent(then),
        _peaks(counted, then, question.capacity_kw), _tonnes(counted, then, measures, question.around),
        _payback(question, measures, rates, on) if question.bills >= BILLS_OF_YEAR else None,
    )  # fmt: skip


def run_battery(option: Option, curve: LoadCurve, battery: Battery) -> tuple[LoadCurve, float]:
    """The curve with the battery run by a rate, and the kWh that it charges; as it was where no run is cheaper."""
    from lamplighter.advice.battery import dispatch, prices_of

    prices = prices_of(option.pricer, curve)
    run = dispatch(curve.kw_net(), curve.hours, prices, battery)
    made = curve.with_kw(curve.kw_net() + run.kw)
    before, after = option.pricer.price(curve), option.pricer.price(made)
    return (made, run.charged) if after.total < before.total else (curve, 0.0)


def _rate(question: Question, option: Option, now: PricedYear | str, after: LoadCurve, period: Period) -> RateAnswer:
    charged, made, battery = 0.0, after, question.scenario.battery
    closed = option.why_not(_highest(question.curve.within(period)))
    never = "" if option.current or battery or not closed else option.why_not(_highest(after.within(period)))
    if never:
        return RateAnswer(option.code, option.name, option.current, None, None, closed, never, after, refused=never)
    try:
        if battery is not None:
            made, charged = run_battery(option, after, battery)
        then: PricedYear | str = option.pricer.price(made).last(question.bills)
    except (CannotPrice, CannotMeasure) as fault:
        then = str(fault)
    refused = next((one for one in (now, then) if isinstance(one, str)), "")
    return RateAnswer(
        option.code, option.name, option.current, None if isinstance(now, str) else now,
        None if isinstance(then, str) else then, closed, option.why_not(_highest(made.within(period))), made, charged,
        refused,
    )  # fmt: skip


def _priced(option: Option, curve: LoadCurve, bills: int) -> PricedYear | str:
    try:
        return option.pricer.price(curve).last(bills)
    except (CannotPrice, CannotMeasure) as fault:
        return str(fault)


def _chosen(rates: Sequence[RateAnswer]) -> RateAnswer:
    """The present rate while the load may stay on it, else the cheapest that it may be on; where it may be on none of
    those given, the present one."""
    here = next((rate for rate in rates if rate.current), None)
    if here is None or here.now is None:
        why = here.refused if here is not None else "No present rate is given."
        raise CannotAdvise("advice.rate", f"The bills as they are can't be priced: {why}")
    told = [rate for rate in rates if rate.then is not None]
    if not told:
        raise CannotAdvise("advice.rate", f"No rate given can price the load as it would be: {here.refused}")
    may = [rate for rate in told if not rate.closed_then] or ([here] if here in told else told)
    return here if here in may else min(may, key=_then)


def _then(rate: RateAnswer) -> Money:
    assert rate.then is not None
    return rate.then.total


def _counted(question: Question) -> Period:
    days = question.options[0].pricer.bills[-question.bills :]
    return Period(days[0].period.start, days[-1].period.closed_end)


def _highest(curve: LoadCurve) -> Decimal:
    return Decimal(float(np.nanmax(curve.kw()))).quantize(Decimal("0.001"))


def _kwh(curve: LoadCurve) -> Decimal:
    return int(curve.delivered.sum()) * curve.unit


def _sent(curve: LoadCurve) -> Decimal:
    return int(curve.received.sum()) * curve.unit


def _peaks(now: LoadCurve, then: LoadCurve, capacity_kw: Decimal | None) -> Peaks:
    return Peaks(_highest(now), _when(now), _highest(then), _when(then), capacity_kw)


def _when(curve: LoadCurve) -> datetime:
    slot = int(np.nanargmax(curve.kw()))
    return datetime.fromtimestamp(int(curve.calendar.edges[slot]), curve.calendar.zone)


def _tonnes(now: LoadCurve, then: LoadCurve, measures: Sequence[Changed], around: Surroundings) -> Tonnes:
    """What is sent back counts for the grid at the carbon of its hour."""
    kg = around.kg_per_kwh(now.calendar) * now.hours / 1000
    fuel = sum(fuel.kg for one in measures for fuel in one.effect.fuel) / 1000
    return Tonnes(float((now.kw_net() * kg).sum()), float((then.kw_net() * kg).sum()), fuel, around.carbon)


def _payback(question: Question, measures: Sequence[Changed], rates: Sequence[RateAnswer], on: RateAnswer) -> Payback:
    battery = question.scenario.battery
    once = sum(one.effect.cost for one in measures) + (battery.cost if battery else 0.0)
    now = next(rate.now for rate in rates if rate.current)
    assert now is not None and on.then is not None
    made = Payback(
        _dollars(once), Money(0), now.total - on.then.total,
        _dollars(sum(fuel.dollars for one in measures for fuel in one.effect.fuel)),
        _dollars(sum(one.effect.earned for one in measures)), None, None, None,
    )  # fmt: skip
    return after_rebates(made, question.rebates)


def _dollars(value: float) -> Money:
    return Money.nearest(Decimal(value))
