"""Corrections: cancelled and billed again in the order of days, at their own age, within the limits."""

from datetime import date
from decimal import Decimal
from itertools import pairwise

import pytest

from lamplighter.billing.models import Bill, RebillRequest, Segment
from lamplighter.billing.operations import correcting
from lamplighter.billing.queries.asking import Asked, asked_for
from lamplighter.billing.rules import BackBilling, CannotBill
from lamplighter.credit.models import Process
from lamplighter.journeys import rebilling
from lamplighter.journeys.collecting import look_at
from lamplighter.journeys.serving import stop_at_desk
from lamplighter.journeys.starting import draft_stop
from lamplighter.kernel.energy import Quality
from lamplighter.kernel.money import ZERO, Money
from lamplighter.kernel.periods import Period
from lamplighter.ledger import operations as ledger
from lamplighter.ledger.models import Entry
from lamplighter.ledger.queries import ageing, balances, differences
from lamplighter.metering import operations as metering
from lamplighter.payments.queries import owed_by
from lamplighter.platform.models import Event
from lamplighter.usage.operations.registers import correct_read
from lamplighter.worklist.queries import open_items
from tests.town import DANA, FLAT, NIGHTLY

POLICY = BackBilling()


@pytest.fixture
def flat(town):
    return town.adopts(FLAT)


@pytest.fixture
def february(town, flat):
    """The trade's example: February estimated at 900 kWh = $135.00, frozen and paid; it was 700 = $105.00."""
    town.on("2026-02-01").moves_in("Ada", flat, interval=None)
    town.reads("Ada", ("2026-02-01", 0), ("2026-03-01", 900), ("2026-04-01", 1400))
    town.on("2026-03-01").bills("2026-02-01", "2026-03-01")
    town.on("2026-03-20").pays("Ada", 13500)
    return town.homes["Ada"]


def correct(town, home, period, reason="corrected-read"):
    return rebilling.correct(
        agreement=home.agreement, period=period, reason=reason, policy=POLICY, on=town.today, by=DANA, at=town.at
    )


def balance(home):
    return balances([home.agreement.subledger_id])[home.agreement.subledger_id].payoff


def test_the_example_leaves_thirty_dollars_of_credit(town, february):
    wrong = february.channel.reads.get(count=900)
    correct_read(read=wrong, count=700, quality=Quality.EDITED, by=DANA, at=town.at, remark="actual")
    town.on("2026-04-02")
    correction, bill = correct(town, february, Period(date(2026, 2, 1), date(2026, 3, 1)))
    assert correction.difference == Money(-3000)
    assert (bill.kind, bill.charges, bill.corrected, bill.due) == (
        "correction",
        Money(10500),
        Money(-13500),
        Money(-3000),
    )
    assert balance(february) == Money(-3000)
    old, new = Segment.objects.order_by("id")
    assert (old.total, old.cancel_reason, new.total, new.rebills) == (Money(13500), "corrected-read", Money(10500), old)
    assert Entry.objects.get(pk=new.entry_id).accounting_on == date(2026, 3, 1), "the accounting month stays"
    assert ageing([february.agreement.subledger_id], on=town.today, due_days=21).credit == Money(3000)
    town.bills("2026-03-01", "2026-04-01")
    assert town.bill_of("Ada").due == Money(10500 - 3000)
    assert differences() == []


def test_a_closed_month_is_accounted_now(town, february):
    wrong = february.channel.reads.get(count=900)
    correct_read(read=wrong, count=700, quality=Quality.EDITED, by=DANA, at=town.at, remark="actual")
    ledger.close_month(month=date(2026, 3, 1), by=DANA, at=town.at)
    town.on("2026-04-02")
    _, bill = correct(town, february, Period(date(2026, 2, 1), date(2026, 3, 1)))
    entry = bill.segments.get().entry
    assert (entry.accounting_on, entry.effective_on) == (date(2026, 4, 2), date(2026, 4, 2))


def test_a_debt_that_was_corrected_is_due_when_the_correction_says(town, february):
    """It keeps its age, but nobody was told of what it is now before the correction was issued."""
    wrong = february.channel.reads.get(count=900)
    first = Bill.objects.latest("id")
    correct_read(read=wrong, count=700, quality=Quality.EDITED, by=DANA, at=town.at, remark="actual")
    town.on("2026-04-02")
    _, bill = correct(town, february, Period(date(2026, 2, 1), date(2026, 3, 1)))
    key = (bill.account_id, Segment.objects.get(rebilled_by__bill=bill).bill.issued_on)
    assert asked_for({key[0]: [key[1]]})[key] == Asked(bill.due_on, bill.issued_on, bill.number)
    assert bill.due_on > first.due_on > key[1]


def test_a_second_correction_keeps_the_age_of_the_first_bill_and_is_due_when_it_says_itself(town, flat):
    town.on("2026-02-01").moves_in("Ada", flat, interval=None)
    town.reads("Ada", ("2026-02-01", 0), ("2026-03-01", 900), ("2026-04-01", 1400))
    town.on("2026-03-01").bills("2026-02-01", "2026-03-01")
    home, bills = town.homes["Ada"], []
    for day, count in (("2026-04-02", 700), ("2026-05-20", 800)):
        wrong = home.channel.reads.get(count=900 if count == 700 else 700)
        correct_read(read=wrong, count=count, quality=Quality.EDITED, by=DANA, at=town.at, remark="again")
        _, bill = correct(town.on(day), home, Period(date(2026, 2, 1), date(2026, 3, 1)))
        bills.append(bill)
    (debt,) = owed_by(home.account)
    assert (debt.owed_on, debt.amount) == (date(2026, 3, 1), Money(12000))
    key = (home.account.pk, debt.owed_on)
    told = Asked(bills[1].due_on, date(2026, 5, 20), bills[1].number)
    assert asked_for({key[0]: [key[1]]})[key] == told, "not late before it is told"


def test_days_that_were_billed_beyond_a_stop_are_collected_no_more(town, flat):
    """In the transaction of the stop, not the next morning: the correction is due when it says."""
    town.on("2026-02-01").moves_in("Ada", flat)
    home = town.homes["Ada"]
    town.uses("Ada", Period(date(2026, 2, 1), date(2026, 3, 1)), 1000)
    town.on("2026-03-01").bills("2026-02-01", "2026-03-01")
    town.on("2026-04-10")
    look_at(accounts=[home.account.pk], on=town.today, by=NIGHTLY, at=town.at)
    process = Process.objects.get(account=home.account, ended_on__isnull=True)
    draft = draft_stop(agreement=home.agreement, on=date(2026, 2, 20), at=town.at)
    stop_at_desk(draft=draft, forward="9 Elm St\nHilo HI 96720", by=DANA, at=town.at)
    process.refresh_from_db()
    assert (process.ended_on, process.outcome) == (town.today, "paid")
    assert [one.owed_on for one in owed_by(home.account)] == [date(2026, 3, 1)], "at its own age"


def test_each_month_of_a_correction_keeps_its_own_age(town, flat):
    town.on("2026-02-01").moves_in("Ada", flat)
    home = town.homes["Ada"]
    town.uses("Ada", Period(date(2026, 2, 1), date(2026, 4, 1)), 1000)
    for start, end in (("2026-02-01", "2026-03-01"), ("2026-03-01", "2026-04-01")):
        town.on(end).bills(start, end)
    metering.correct_multiplier(
        channel=home.channel, factor=Decimal(2), period=Period(date(2026, 2, 1)), by=DANA, at=town.at, remark="CT"
    )
    correct(town.on("2026-04-20"), home, Period(date(2026, 2, 1), date(2026, 4, 1)))
    assert [one.owed_on for one in owed_by(home.account)] == [date(2026, 3, 1), date(2026, 4, 1)]


def test_a_wrong_multiplier_is_rebilled_over_all_months_in_order(town, flat):
    """Twelve months on a multiplier of 1 that should have been 40: the books come to what should have been."""
    town.on("2026-01-01").moves_in("Ada", flat)
    home = town.homes["Ada"]
    town.uses("Ada", Period(date(2026, 1, 1), date(2027, 1, 1)), 100)
    months = [date(2026, m, 1) for m in range(1, 13)] + [date(2027, 1, 1)]
    for start, end in pairwise(months):
        town.on(end.isoformat()).bills(start.isoformat(), end.isoformat())
    billed = balance(home)
    metering.correct_multiplier(
        channel=home.channel,
        factor=Decimal(40),
        period=Period(date(2026, 1, 1)),
        by=DANA,
        at=town.at,
        remark="CT 200:5",
    )
    (request,) = rebilling.ask_for_channel(
        channel=home.channel, period=Period(date(2026, 1, 1)), reason="wrong-multiplier", cause="multiplier:1", by=DANA,
        at=town.at,
    )  # fmt: skip
    town.on("2027-02-05")
    bill = rebilling.settle(request=request, policy=POLICY, on=town.today, by=NIGHTLY, at=town.at)
    periods = [s.period.start for s in bill.segments.order_by("id")]
    assert periods == months[1:12], "January ended more than twelve months ago: undercharges end there"
    request.refresh_from_db()
    assert request.state == "done"
    january = Segment.objects.get(period__startswith=date(2026, 1, 1))
    assert balance(home) == january.total + sum((s.total for s in bill.segments.all()), ZERO)
    assert request.difference == balance(home) - billed
    assert Segment.objects.filter(cancelled_at__isnull=True).count() == 12
    assert differences() == []


def test_overcharges_reach_further_back_than_undercharges():
    today = date(2027, 1, 5)
    assert POLICY.reaches(date(2024, 6, 30), today=today, difference=Money(-500))
    assert not POLICY.reaches(date(2024, 6, 30), today=today, difference=Money(500))
    assert not POLICY.reaches(date(2023, 12, 31), today=today, difference=Money(-500))


def test_a_small_difference_is_left(town, february):
    wrong = february.channel.reads.get(count=900)
    correct_read(read=wrong, count=901, quality=Quality.EDITED, by=DANA, at=town.at, remark="one more")
    correction, bill = correct(town, february, Period(date(2026, 2, 1), date(2026, 3, 1)))
    assert (correction.difference, bill) == (Money(15), None)
    assert Bill.objects.count() == 1


def test_nothing_is_asked_for_days_that_were_not_billed(town, february):
    asked = correcting.ask_rebill(
        agreement=february.agreement, period=Period(date(2026, 5, 1)), reason="x", cause="x:1", by=DANA, at=town.at
    )
    assert asked is None
    for _ in range(2):
        correcting.ask_rebill(
            agreement=february.agreement, period=Period(date(2026, 2, 1)), reason="x", cause="x:1", by=DANA, at=town.at
        )
    request = RebillRequest.objects.get()
    assert [item.subject for item in open_items(at=town.at)] == [february.agreement.subject]
    correcting.settle_rebill(request=request, state="dismissed", difference=None, by=DANA, at=town.at)
    assert not open_items(at=town.at).exists()


def test_an_error_in_the_chain_changes_nothing(town, february):
    town.on("2026-04-01").bills("2026-03-01", "2026-04-01")
    before = town.books()
    metering.remove(meter=february.channel.meter, at=town.on("2026-02-15").at, by=DANA, recorded_at=town.at)
    with pytest.raises(CannotBill, match="has no read on Feb 15"):
        correct(town, february, Period(date(2026, 2, 1), date(2026, 3, 1)))
    assert town.books() == before


def test_segments_that_come_out_the_same_are_kept(town, february):
    town.on("2026-04-01").bills("2026-03-01", "2026-04-01")
    correction, bill = correct(town, february, Period(date(2026, 2, 1)))
    assert (len(correction.kept), correction.was, bill) == (2, (), None)


def test_a_segment_is_cancelled_once(town, february):
    segment = Segment.objects.get()
    kwargs = {"reason": "test", "on": town.today, "accounting_on": town.today, "by": DANA, "at": town.at}
    correcting.cancel(segment=segment, **kwargs)
    with pytest.raises(CannotBill, match="were cancelled"):
        correcting.cancel(segment=segment, **kwargs)
    assert balance(february) == Money(-13500)
    assert Event.objects.filter(name="billing.segment.cancelled").count() == 1
