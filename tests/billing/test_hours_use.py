"""Hours' use in order of time on a real bill: the meter is asked twice, and what reads the bill knows both."""

from datetime import date
from decimal import Decimal

from lamplighter.billing.models import Segment
from lamplighter.billing.queries.explaining import explain
from lamplighter.billing.queries.recompute import recompute_all
from lamplighter.billing.queries.whatif import exactly, tried
from lamplighter.billing.queries.whatif_rates import Trial
from lamplighter.billing.queries.whatif_years import billed
from lamplighter.kernel.money import Money
from lamplighter.kernel.periods import Period
from tests.billing.test_true_up import HEAD

RATE = (
    HEAD.format(code="T-HU", rider="false")
    + """
[[calendar.clock]]
[[calendar.clock.period]]
name = "peak"
windows = [{ from = "12:00", to = "24:00" }]
[[calendar.clock.period]]
name = "off"
[[line]]
code = "energy"
label = "Energy"
quantity = "kWh"
unit = "$/kWh"
gl = "revenue.energy"
tiers_with_hours = "chronological"
tiers_per = "kW"
tiers_per_kw_of = { quantity = "kW", window_minutes = 60 }
[[line.tier]]
up_to = 12
price = { by = "period", peak = 0.3, off = 0.1 }
[[line.tier]]
price = { by = "period", peak = 0.6, off = 0.2 }
"""
)
MONTHS = [date(2025, month, 1) for month in (1, 2, 3)]
DAY = [5] * 18 + [10] + [5] * 5  # kWh by the hour: 120 of 125 within 12 hours' use of 10 kW, which end at eleven
AMOUNT = Money.nearest(Decimal(60) * Decimal("0.1") + 60 * Decimal("0.3") + 5 * Decimal("0.6"))


def billed_month(readers):
    rate = readers.adopts(RATE)
    home = readers.settles("Ada Hours", rate, on=MONTHS[0])
    readers.uses("Ada Hours", Period(MONTHS[0], MONTHS[2]), 0)
    readers.uses("Ada Hours", Period(date(2025, 1, 10), date(2025, 1, 11)), [kwh * 1000 for kwh in DAY])
    readers.bills_now("Ada Hours", MONTHS[1])
    return rate, home, Segment.objects.get(agreement=home.agreement)


def test_a_bill_by_hours_use_in_order_of_time_is_agreed_kept_and_made_again(readers):
    _, _, segment = billed_month(readers)
    assert segment.total == AMOUNT == Money(2700)
    asked = {row["determinant"] for row in segment.statement["determinants"]}
    assert {key.rpartition("/")[2] for key in asked} >= {"0..120", "120.."}
    assert [one.difference for one in recompute_all()] == [""]


def test_its_lines_say_within_which_hours_use_they_lie(readers):
    _, _, segment = billed_month(readers)
    [above] = [one for one in explain(segment=segment, line="energy") if one.line.quantity == 5]
    [measure] = above.measures
    assert measure.words.endswith("while the running total was from 120 on")
    assert "steps are for each kW of billing demand" in [step.words for step in above.line.steps]


def test_a_study_prices_it_as_the_bill_was(readers):
    rate, home, segment = billed_month(readers)
    trial = Trial(until=MONTHS[1])
    years = billed([home.agreement.pk], until=MONTHS[1], months=12)
    present = trial.present({rate.pk}, on=MONTHS[1])[rate.pk]
    [year] = tried(trial, years, [(home.agreement.pk, present)])
    assert (year.refused, year.total) == (None, segment.total)
    assert [bill.total for bill in exactly(trial, years[home.agreement.pk], present)] == [segment.total]
