"""What a roof sends back is shared among accounts by dated percentages; the shares add up to it exactly.

Figures by hand. Each flat is delivered 100 kWh a month at 20 cents; what is sent back is credited at 10 cents.
"""

from datetime import date
from decimal import Decimal

import pytest
from django.db import IntegrityError, transaction

from lamplighter.accounts import operations as accounts
from lamplighter.accounts.models import Share, SharePlan
from lamplighter.accounts.operations import CannotServe
from lamplighter.billing.lines_kept import lines_told
from lamplighter.billing.models import RebillRequest, Segment
from lamplighter.billing.queries.explaining import explain
from lamplighter.billing.queries.recompute import recompute_all
from lamplighter.billing.reasons import Why
from lamplighter.journeys import rebilling
from lamplighter.journeys.sharing import share_out
from lamplighter.kernel.money import Money
from lamplighter.kernel.periods import Period
from lamplighter.usage.queries.points import points_of
from tests.billing.conftest import hourly
from tests.billing.test_true_up import BASE, MONTHS, NEM, days
from tests.town import DANA

RECEIVED = "kWh/received"


class House:
    """A house with a roof on the meter of its stairs, and two flats, from January 2025."""

    def __init__(self, readers):
        self.town = readers
        base, rider = readers.adopts(BASE), readers.adopts(NEM.format(year="month = 6", price="0.5"))
        self.stairs = readers.settles("Otis House", base, hourly(), hourly("sent", flow="received"), on=MONTHS[0])
        self.flats = [readers.settles(f"Flat {name}", base, on=MONTHS[0]) for name in ("A", "B")]
        for one in self.flats:
            accounts.add_rider(agreement=one.agreement, schedule=rider, on=MONTHS[0], by=DANA, at=readers.at)
        self.roof = self.stairs.channel.meter.channels.get(flow="received")
        for who in self.homes:
            self.counts(who, 0)
        self.counts("Otis House", 0, self.roof)

    homes = ("Otis House", "Flat A", "Flat B")

    def counts(self, who, kwh, channel=None, day=None):
        """So many kWh at noon of a day; of none, nothing in all of two years."""
        home = self.town.homes[who]
        usual, home.channel = home.channel, channel or home.channel
        if day is None:
            self.town.uses(who, Period(MONTHS[0], MONTHS[24]), 0)
        else:
            self.town.uses(who, Period(day, date(day.year, day.month, day.day + 1)), [0] * 12 + [kwh] + [0] * 11)
        home.channel = usual

    def month(self, month, sent_wh):
        """Each flat uses 100 kWh, the roof sends back so many Wh; all are billed."""
        tenth = date(MONTHS[month].year, MONTHS[month].month, 10)
        for flat in ("Flat A", "Flat B"):
            self.counts(flat, 100_000, day=tenth)
        self.counts("Otis House", sent_wh, self.roof, day=tenth)
        for who in self.homes:
            self.town.bills_now(who, days(month).closed_end)
        return [self.newest(who) for who in self.homes]

    def newest(self, who):
        segments = Segment.objects.filter(agreement=self.town.homes[who].agreement, cancelled_at=None)
        return segments.order_by("-period").first()

    def shares(self, since, *percents):
        mine = zip(self.flats, percents, strict=False)
        parts = {home.agreement: Decimal(percent) for home, percent in mine}
        return share_out(point=self.stairs.point, since=since, percents=parts, by=DANA, at=self.town.at)


def credited(segment):
    return sum((line["quantity"] and Decimal(line["quantity"]) for line in lines_told(segment.statement)
                if line["code"] == "export"), Decimal(0))  # fmt: skip


@pytest.fixture
def house(readers):
    return House(readers)


def test_shares_of_one_watt_hour_add_up_to_it(house):
    """A third cannot be had in whole watt-hours: 33.3333 and 66.6667 percent of 100,001 Wh are what they are."""
    house.shares(MONTHS[0], "33.3333", "66.6667")
    _, one, other = house.month(0, 100_001)
    assert (credited(one), credited(other)) == (Decimal("33.333633333"), Decimal("66.667366667"))
    assert credited(one) + credited(other) == Decimal("100.001")
    assert one.total == Money(2000) - Money(333)
    assert [found.difference for found in recompute_all()] == ["", "", ""]


def test_from_a_new_plans_day_its_percentages_count_and_the_roofs_own_account_has_none(house):
    house.shares(MONTHS[0], "50", "50")
    house.shares(MONTHS[1], "80", "20")
    assert [credited(one) for one in house.month(0, 40_000)] == [0, 20, 20]
    assert [credited(one) for one in house.month(1, 40_000)] == [0, 32, 8]
    own, *flats = (points_of([home.agreement.pk])[home.agreement.pk] for home in (house.stairs, *house.flats))
    assert [use.sent for use in own] == [0, 0]
    assert [(use.sent, use.only_sent) for use in flats[0]] == [
        (1, False), (Decimal("0.5"), True), (Decimal("0.8"), True),
    ]  # fmt: skip


def test_a_line_of_credit_leads_to_the_roof_elsewhere(house):
    house.shares(MONTHS[0], "25", "75")
    _, one, _ = house.month(0, 40_000)
    [line] = explain(segment=one, line="export")
    [measure] = line.measures
    assert measure.value == 10
    assert sum(day.energy for day in measure.days) == 10


def test_a_plan_for_days_that_are_billed_has_them_billed_again(house):
    house.shares(MONTHS[0], "50", "50")
    house.month(0, 40_000)
    _, asked = house.shares(MONTHS[0], "100")
    assert {request.reason for request in asked} == {Why.SHARES}
    for request in asked:
        rebilling.settle(request=request, on=house.town.today, by=DANA, at=house.town.at)
    assert [credited(house.newest(who)) for who in house.homes] == [0, 40, 0]
    assert house.newest("Flat B").total == Money(2000)
    assert RebillRequest.objects.filter(state=RebillRequest.State.WAITING).count() == 0


def test_a_late_reading_of_the_roof_is_billed_to_who_shares_it(house):
    house.shares(MONTHS[0], "50", "50")
    house.month(0, 40_000)
    asked = rebilling.ask_for_channel(
        channel=house.roof, period=days(0), reason=Why.READ, cause="test", by=DANA, at=house.town.at
    )
    served = {home.agreement.pk for home in (house.stairs, *house.flats)}
    assert {request.agreement_id for request in asked} == served
    delivered = rebilling.ask_for_channel(
        channel=house.stairs.channel, period=days(0), reason=Why.READ, cause="other", by=DANA, at=house.town.at
    )
    assert {request.agreement_id for request in delivered} == {house.stairs.agreement.pk}


def test_parts_that_are_no_whole_are_refused_by_the_program_and_by_the_database(house):
    with pytest.raises(CannotServe, match=r"The shares add up to 99\.9%, not to 100%"):
        house.shares(MONTHS[0], "50", "49.9")
    with pytest.raises(CannotServe, match="to four decimals at most"):
        house.shares(MONTHS[0], "50.00001", "49.99999")
    with pytest.raises(CannotServe, match="no electric service there on Jan 1, 2024"):
        house.shares(date(2024, 1, 1), "50", "50")
    with pytest.raises(CannotServe, match="No meter there counts what is sent back"):
        share_out(point=house.flats[0].point, since=MONTHS[0], percents={}, by=DANA, at=house.town.at)
    plan = SharePlan.objects.create(point=house.stairs.point, since=MONTHS[0], recorded_at=house.town.at,
                                    recorded_by=DANA)  # fmt: skip
    with pytest.raises(IntegrityError, match="do not add up to 100 percent"), transaction.atomic():
        Share.objects.create(plan=plan, agreement=house.flats[0].agreement, percent=60)


def test_a_plan_without_shares_ends_the_sharing(house):
    house.shares(MONTHS[0], "50", "50")
    house.shares(MONTHS[1])
    house.month(0, 40_000)
    assert [credited(one) for one in house.month(1, 40_000)][1:] == [0, 0]
    own = points_of([house.stairs.agreement.pk])[house.stairs.agreement.pk]
    assert [use.sent for use in own] == [0, 1]
