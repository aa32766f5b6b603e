"""A peak's cost is the difference of two years of bills, each computed the plain way, to the cent."""

from decimal import Decimal

import numpy as np

from lamplighter.billing.models import Segment
from lamplighter.billing.queries.history import BILLS
from lamplighter.billing.queries.peak_costs import own_pricer, peak_costs
from lamplighter.billing.queries.service_years import service_year
from lamplighter.intervals.curves.measuring import CurveMeter, load_of_curve
from lamplighter.intervals.curves.shapes import capped
from lamplighter.kernel.money import Money
from lamplighter.rating.measure import measure
from tests.keyaccounts.conftest import SPIKE, TODAY, billed, brew


class Plain:
    """Measures the bill of the spike interval by interval, and the others by columns."""

    def __init__(self, curve):
        self.columns, self.load = CurveMeter(curve), load_of_curve(curve)

    def __call__(self, ask):
        return measure(self.load, ask).value if SPIKE in ask.period else self.columns(ask)

    def all(self, asks):
        return {ask: self(ask) for ask in asks}


def plainly(service, curve):
    return own_pricer(service).price(curve, meter=Plain(curve)).last(BILLS).total


def test_the_worst_peak_costs_what_two_years_of_bills_differ(town):
    home = brew(town)
    billed(town)
    service = service_year(home.agreement, on=TODAY)
    found = peak_costs(service)
    worst = found.peaks[0]
    assert (worst.peak.day, worst.peak.kw, worst.kw_without) == (SPIKE, 412, 300)
    slots = service.curve.calendar.slots_of(SPIKE)
    without = capped(service.curve, 300, np.arange(slots.start, slots.stop))
    billed_here = list(Segment.objects.filter(agreement=home.agreement).order_by("period"))[-BILLS:]
    assert sum((segment.total for segment in billed_here), Money(0)) == found.actual == plainly(service, service.curve)
    assert plainly(service, service.curve) - plainly(service, without) == worst.cost
    by_hand = (Decimal(412) - 300) * Decimal("11.60")
    assert worst.cost > Money.nearest(by_hand), "the ratchet holds later bills too"
    assert found.ratcheted is not None
    assert found.ratcheted.kw == Decimal("329.6")
    assert found.habit is not None
    assert found.habit.cost > worst.cost
