"""What work on a site saved, by its own meter: a year before beside the days since, weather and all."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from lamplighter.accounts.models import Agreement
from lamplighter.intervals.curves.curve import Floats, LoadCurve
from lamplighter.intervals.curves.verifying import CannotVerify, Days, Sides, Verified, days_of, verify
from lamplighter.kernel.periods import Period
from lamplighter.rating.refusals import CannotMeasure
from lamplighter.usage.queries.curves import load_curve
from lamplighter.usage.queries.points import points_of
from lamplighter.usage.queries.weather import mean_temperatures

YEAR = timedelta(days=365)


@dataclass(frozen=True, slots=True, eq=False)
class ByMeter:
    """A saving with the days it stands on: those before, at most a year, and those `since`, whose use (D, kWh) is
    `used` where `verified.would` was to be expected."""

    verified: Verified
    before: Period
    since: Period
    used: Floats


def saving_by_meter(agreement: Agreement, *, began: date, done: date, until: date) -> ByMeter:
    """Days of the work itself, from `began` to `done`, count on neither side; the last is the one before `until`.

    Raises CannotVerify.
    """
    sides = sides_of(agreement, began=began, done=done, until=until)
    return ByMeter(verify(sides.before, sides.after), *sides.periods, sides.after.kwh)


def sides_of(agreement: Agreement, *, began: date, done: date, until: date) -> Sides:
    """As the meter and the station tell them. Raises CannotVerify."""
    if done + timedelta(days=1) >= until:
        raise CannotVerify("No day has passed since the work was done.")
    if agreement.period.start >= began:
        raise CannotVerify("Service began with the work: there is no year before to compare with.")
    uses = points_of([agreement.pk])[agreement.pk]
    before = Period(max(began - YEAR, agreement.period.start), began)
    since = Period(done + timedelta(days=1), until)
    try:
        curve = load_curve(uses, period=Period(before.start, until))
    except CannotMeasure as fault:
        raise CannotVerify(str(fault)) from fault
    return Sides(_days(curve, before), _days(curve, since), (before, since))


def _days(curve: LoadCurve, period: Period) -> Days:
    return days_of(curve.within(period), mean_temperatures(period))
