"""Every kind of fact that turns out to have been otherwise cancels the bills that stood on another, and bills anew.

On FLAT a kWh costs 15 cents. Ada uses 1 kWh an hour: August is 744 kWh, $111.60.
"""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest

from lamplighter.accounts import operations as accounts
from lamplighter.billing.models import Bill, CycleWindow, RebillRequest, Segment
from lamplighter.billing.reasons import Why
from lamplighter.customers import operations as customers
from lamplighter.jobs.billing import after_adoption
from lamplighter.journeys import changing, moving, reading
from lamplighter.journeys.billing import bill_cycle
from lamplighter.journeys.rebilling import settle
from lamplighter.kernel.instants import midnight
from lamplighter.kernel.money import Money
from lamplighter.kernel.periods import Period
from lamplighter.ledger.queries import balances, differences
from lamplighter.metering.models import Installation
from lamplighter.metering.operations import CannotInstall, remove
from lamplighter.notices.models import Notice
from lamplighter.notices.operations import load_starter_templates, set_sender
from lamplighter.platform.models import Event
from lamplighter.tariffs.models import Version
from tests.town import ANALYST, DANA, FLAT, NIGHTLY, ZONE

AUGUST = Period(date(2026, 8, 1), date(2026, 9, 1))
SUMMER = Period(date(2026, 7, 1), date(2026, 11, 1))
PROGRAMS = (
    FLAT.replace('"FLAT"', '"HELP"')
    + """
tags = ["energy"]

[attribute.assistance]
label = "Power assistance"
type = "yes or no"
default = false
[attribute.exempt]
label = "Exempt"
type = "yes or no"
default = false
[attribute.medical]
label = "Medical"
type = "yes or no"
default = false

[[line]]
code = "assistance"
label = "Power assistance"
of = ["energy"]
percent = 25
credit = true
kind = "discount"
when = { assistance = true }
fund = "assistance"

[[line]]
code = "medical"
label = "Medical allowance"
of = ["energy"]
percent = 10
credit = true
kind = "discount"
when = { medical = true }
fund = "assistance"

[[line]]
code = "tax"
label = "Users tax"
of = ["energy"]
percent = 7.5
kind = "tax"
when = { exempt = false }
gl = "payable.users_tax"
"""
)


@pytest.fixture
def flat(town):
    return town.adopts(FLAT)


@pytest.fixture
def ada(town, flat):
    """Billed for July and August, in September."""
    return billed(town, "Ada", flat)


def billed(town, who, rate, **kwargs):
    home = town.on("2026-07-01").moves_in(who, rate, **kwargs)
    town.uses(who, SUMMER, 1000)
    bill(town, "2026-07-01", "2026-08-01")
    bill(town, "2026-08-01", "2026-09-01")
    town.on("2026-09-05")
    return home


def bill(town, month, reads_on):
    town.on(reads_on)
    window = CycleWindow.objects.filter(month=month).first() or town.window(month, reads_on)
    return bill_cycle(window=window, on=town.today, by=NIGHTLY, at=town.at)


def settled(town):
    """Carry out what was asked for; what it came to, by reason."""
    found = {}
    for request in RebillRequest.objects.filter(state="waiting").order_by("pk"):
        settle(request=request, on=town.today, by=ANALYST, at=town.at)
        request.refresh_from_db()
        found[request.reason] = (request.state, request.difference)
    assert differences() == []
    return found


def live(home):
    rows = Segment.objects.filter(agreement=home.agreement, cancelled_at=None).order_by("period")
    return [(row.period.start, row.total) for row in rows]


def owes(home):
    return balances([home.agreement.subledger_id])[home.agreement.subledger_id].payoff


JULY_1, AUGUST_1 = date(2026, 7, 1), date(2026, 8, 1)


def test_a_multiplier_that_was_wrong_from_a_day_on(town, ada):
    asked = changing.correct_multiplier(
        channel=ada.channel, factor=Decimal(2), period=Period(AUGUST_1), by=ANALYST, at=town.at, remark="The CTs."
    )
    assert [request.reason for request in asked] == [Why.MULTIPLIER]
    assert settled(town) == {Why.MULTIPLIER: ("done", Money(11160))}
    assert live(ada) == [(JULY_1, Money(11160)), (AUGUST_1, Money(22320))], "July stays"
    assert owes(ada) == Money(33480)


def test_a_rate_that_changed_inside_a_bill(town, ada):
    """Half price from 17 August: 16 days at 15 cents are $57.60, 15 days at 7.5 cents $27.00."""
    half = town.adopts(FLAT.replace("0.15", "0.075").replace('"FLAT"', '"HALF"'))
    changing.change_rate(agreement=ada.agreement, schedule=half, on=date(2026, 8, 17), by=DANA, at=town.at)
    assert settled(town) == {Why.RATE: ("done", Money(8460) - Money(11160))}
    assert live(ada) == [
        (JULY_1, Money(11160)), (AUGUST_1, Money(5760)), (date(2026, 8, 17), Money(2700)),
    ]  # fmt: skip
    first = Segment.objects.get(period=Period(AUGUST_1, date(2026, 8, 17)))
    assert first.rebills == Segment.objects.get(period=AUGUST), "the first part names what both replace"
    bill(town, "2026-09-01", "2026-10-01")
    assert live(ada)[-1] == (date(2026, 9, 1), Money(5400)), "September goes on from there"


@pytest.mark.parametrize(
    ("fact", "value", "difference"),
    [("assistance", "yes", -2790), ("medical", "yes", -1116), ("exempt", "yes", -837)],
    ids=["discount", "medical", "exemption"],
)
def test_a_fact_that_was_not_known(town, fact, value, difference):
    """$111.60: a quarter of it is 27.90, a tenth 11.16, 7.5 % tax 8.37."""
    ada = billed(town, "Ada", town.adopts(PROGRAMS))
    assert live(ada)[-1] == (AUGUST_1, Money(11997))
    changing.state_fact(
        agreement=ada.agreement, name=fact, value=value, period=Period(AUGUST_1), by=DANA, at=town.at,
        evidence="application",
    )  # fmt: skip
    assert settled(town) == {Why.FACT: ("done", Money(difference))}
    assert live(ada)[-1] == (AUGUST_1, Money(11997 + difference))
    assert live(ada)[0] == (JULY_1, Money(11997)), "days before it stay"


def test_meters_that_were_crossed(town, flat):
    """Ada's meter stood at Ben's: he paid for her 1 kWh an hour, she for his half."""
    ada = town.on("2026-07-01").moves_in("Ada", flat)
    ben = town.moves_in("Ben", flat)
    town.uses("Ada", SUMMER, 1000)
    town.uses("Ben", SUMMER, 500)
    bill(town, "2026-07-01", "2026-08-01")
    bill(town, "2026-08-01", "2026-09-01")
    town.on("2026-09-05")
    since = midnight(AUGUST_1, ZONE)
    asked = changing.uncross(
        one=ada.channel.meter, other=ben.channel.meter, since=since, by=ANALYST, at=town.at, remark="Seen on site."
    )
    assert {request.agreement for request in asked} == {ada.agreement, ben.agreement}
    for request in asked:
        settle(request=request, on=town.today, by=ANALYST, at=town.at)
    assert [live(home)[1][1] for home in (ada, ben)] == [Money(5580), Money(11160)]
    assert [live(home)[0][1] for home in (ada, ben)] == [Money(11160), Money(5580)], "July was right"
    assert Event.objects.filter(name="metering.meter.uncrossed").count() == 2
    assert differences() == []


def test_a_meter_that_was_moved_since_is_not_uncrossed(town, flat):
    ada, ben = town.on("2026-07-01").moves_in("Ada", flat), town.moves_in("Ben", flat)
    remove(meter=ben.channel.meter, at=midnight(date(2026, 8, 20), ZONE), by=DANA, recorded_at=town.at)
    with pytest.raises(CannotInstall, match="was moved since"):
        changing.uncross(
            one=ada.channel.meter, other=ben.channel.meter, since=midnight(AUGUST_1, ZONE), by=DANA, at=town.at,
            remark="?",
        )  # fmt: skip
    assert Installation.objects.filter(span__endswith__isnull=True).count() == 1, "only the removal stands"


def test_a_move_out_that_was_earlier(town, ada):
    """Out on 11 August: ten days are $36.00, and the rest was never theirs."""
    moving.stop_service(agreement=ada.agreement, on=date(2026, 8, 11), by=DANA, at=town.at)
    assert settled(town) == {Why.MOVE: ("done", Money(3600) - Money(11160))}
    assert live(ada) == [(JULY_1, Money(11160)), (AUGUST_1, Money(3600))]
    last = Segment.objects.get(period=Period(AUGUST_1, date(2026, 8, 11)))
    assert last.kind == Segment.Kind.CLOSING


def test_a_move_out_before_a_whole_bill_takes_it_back(town, ada):
    moving.stop_service(agreement=ada.agreement, on=AUGUST_1, by=DANA, at=town.at)
    bills = Bill.objects.count()
    assert settled(town) == {Why.MOVE: ("done", Money(-11160))}
    assert live(ada) == [(JULY_1, Money(11160))]
    assert (Bill.objects.count(), owes(ada)) == (bills, Money(11160)), "no bill of nothing"


def test_who_moves_in_back_to_back_bills_the_other_again(town, ada, flat):
    """Ben says in September that he has been there since 11 August."""
    ben = customers.add_human(given="Ben", family="Town", by=DANA, at=town.at)
    account = accounts.open_account(
        customer=ben, customer_class="residential", cycle=town.cycle, on=date(2026, 8, 11), by=DANA, at=town.at
    )
    moving.start_service(
        account=account, points=(ada.point,), schedule=flat, on=date(2026, 8, 11), by=DANA, at=town.at,
        back_to_back=True,
    )  # fmt: skip
    assert settled(town)[Why.MOVE][0] == "done"
    assert live(ada)[-1] == (AUGUST_1, Money(3600))
    bill(town, "2026-09-01", "2026-10-01")
    theirs = Segment.objects.get(agreement__account=account)
    assert theirs.period == Period(date(2026, 8, 11), date(2026, 10, 1))


def test_a_rate_adopted_for_days_gone_by(town, ada, flat):
    """The board lowers the price from 1 August on, when August is billed already."""
    text = FLAT.replace("0.15", "0.12").replace("2025-01-01", "2026-08-01")
    town.adopts(text)
    Version.objects.filter(period__startswith=AUGUST_1).update(adopted_at=datetime.now(UTC))
    assert after_adoption() == 1
    assert after_adoption() == 0, "asked for once"
    assert settled(town) == {Why.TARIFF: ("done", Money(8928) - Money(11160))}
    assert after_adoption() == 0, "and not again when it was billed"


def test_a_read_that_was_wrong(town, flat):
    ada = town.on("2026-07-01").moves_in("Ada", flat, interval=None)
    town.reads("Ada", ("2026-07-01", 0), ("2026-08-01", 700), ("2026-09-01", 1500))
    bill(town, "2026-07-01", "2026-08-01")
    bill(town, "2026-08-01", "2026-09-01")
    town.on("2026-09-05")
    wrong = ada.channel.reads.get(count=1500)
    reading.correct_read(read=wrong, count=1600, by=ANALYST, at=town.at, remark="Read again.")
    assert settled(town) == {Why.READ: ("done", Money(1500))}
    assert [amount for _, amount in live(ada)] == [Money(10500), Money(13500)]


def test_what_lies_beyond_the_limit_is_left_as_it_was(town, ada):
    """Two years on nobody is asked for more; the request says so."""
    town.on("2028-09-05")
    changing.correct_multiplier(
        channel=ada.channel, factor=Decimal(2), period=AUGUST, by=ANALYST, at=town.at, remark="The CTs."
    )
    assert settled(town) == {Why.MULTIPLIER: ("too-old", Money(0))}
    assert live(ada)[1] == (AUGUST_1, Money(11160))
    changing.correct_multiplier(
        channel=ada.channel, factor=Decimal("0.5"), period=AUGUST, by=ANALYST, at=town.at, remark="The CTs."
    )
    assert settled(town) == {Why.MULTIPLIER: ("done", Money(-5580))}, "what was too much is refunded for three years"


def test_a_fact_of_days_that_nobody_billed_asks_for_nothing(town, ada):
    fact, asked = changing.state_fact(
        agreement=ada.agreement, name="medical", value="yes", period=Period(date(2026, 9, 3)), by=DANA, at=town.at
    )
    assert (fact.value, asked) == ("yes", [])


@pytest.mark.parametrize(
    ("fact", "said"), [("assistance", "did not have a discount"), ("", "The days of your service were recorded wrong")]
)
def test_the_letter_says_what_was_wrong(town, fact, said):
    set_sender(utility="Test Town Power", phone="(510) 555-0100", website="x.example", office="1 A St",
               email="help@x.example", by=DANA, at=town.at)  # fmt: skip
    load_starter_templates(by=NIGHTLY, at=town.at, demo_town=True)
    ada = billed(town, "Ada", town.adopts(PROGRAMS))
    if fact:
        changing.state_fact(
            agreement=ada.agreement, name=fact, value="yes", period=Period(AUGUST_1), by=DANA, at=town.at
        )
    else:
        moving.stop_service(agreement=ada.agreement, on=date(2026, 8, 11), by=DANA, at=town.at)
    settled(town)
    letter = Notice.objects.get(template__code="bill-corrected")
    assert said in letter.words.read[-1].body
