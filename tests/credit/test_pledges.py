"""An agency's word counts at once and is no money; its check pays pledge by pledge, and what differs is work."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lamplighter.accounts.operations import start_agreement
from lamplighter.accounts.types import AgreementKind
from lamplighter.credit.kinds import ASSISTANCE_CHECK
from lamplighter.credit.models import AssistanceCheckLine, Pledge, Process
from lamplighter.credit.operations import pledging
from lamplighter.credit.operations.pledging import LineIn, PledgeIn
from lamplighter.credit.queries.debts import owed_for_service, past_due_total
from lamplighter.credit.queries.pledges import agency_balances
from lamplighter.credit.rules.pledging import CannotPledge, left_after, spread
from lamplighter.fieldwork.models import Order
from lamplighter.journeys.control import controls
from lamplighter.journeys.pledging import pledge, put_to_account, take_check, withdraw
from lamplighter.journeys.reviewing import pass_a_day
from lamplighter.kernel.money import ZERO, Money, total
from lamplighter.payments.queries import owed_by
from lamplighter.worklist.models import Item
from tests.credit.conftest import DANA, make_ready
from tests.credit.test_cut_and_back import cuts, send

pytestmark = pytest.mark.django_db


@pytest.fixture
def ready(debtor):
    return make_ready(debtor)


@pytest.fixture
def ruth(ready):
    """Speaks for Harbor Help, whose pledges count for 45 days."""
    now = {"on": ready.today, "by": DANA, "at": ready.at}
    agency = pledging.add_assistance_agency(key="harbor-help", name="Harbor Help", runs_days=45, **now)
    return pledging.add_worker(agency=agency, name="Ruth Amaya", phone="(510) 555-0171", **now)


@pytest.fixture
def pledges(ready, ruth):
    def made(cents: int, reference: str = "HH-1", **more) -> Pledge:
        said = PledgeIn(ruth, Money(cents), reference, **more)
        return pledge(account=ready.account, said=said, **ready.now)

    return made


@pytest.fixture
def remits(ready, ruth):
    def came(*lines: tuple[str, str, int], reference: str = "check 20417"):
        given = [LineIn(number, account, Money(cents)) for number, account, cents in lines]
        return take_check(
            agency=ruth.agency, reference=reference, amount=total(one.amount for one in given), lines=given, **ready.now
        )

    return came


def work() -> list[str]:
    return [item.summary for item in Item.objects.waiting().filter(kind=ASSISTANCE_CHECK.key).order_by("pk")]


def wrong() -> list[str]:
    return [each for control in controls() for each in control.differences]


def test_it_counts_at_once_and_the_customer_owes_as_before(ready, pledges):
    (order,) = send(ready).orders
    pledges(18642)
    order.refresh_from_db()
    assert (order.state, order.steps.last().reason) == ("discarded", "paid")
    assert not Process.objects.filter(account=ready.account, ended_on__isnull=True).exists()
    assert past_due_total(ready.account, on=ready.today) == ZERO
    assert total(debt.amount for debt in owed_by(ready.account)) == Money(18642), "a word is no money"
    assert not send(ready).orders


def test_enough_brings_power_back_and_too_little_does_not(ready, pledges):
    cuts(ready)
    pledges(10000)
    assert not Order.objects.filter(kind="reconnect").exists()
    pledges(8642, "HH-2")
    assert Order.objects.get(kind="reconnect").state == "waiting"


def test_who_owes_enough_beside_a_pledge_is_still_collected(ready, pledges):
    (order,) = send(ready).orders
    pledges(2000)
    order.refresh_from_db()
    assert order.state == "waiting"
    assert past_due_total(ready.account, on=ready.today) == Money(16642)


@pytest.mark.parametrize("how", ["its day is over", "the agency takes it back"])
def test_a_pledge_that_is_not_paid_is_collected_again_the_next_morning(ready, pledges, how):
    made = pledges(18642, until=date(2026, 12, 20))
    if how == "its day is over":
        ready.on("2026-12-20")
        pass_a_day(**ready.now)
        made.refresh_from_db()
        assert made.outcome == "", "its last day counts"
        ready.on("2026-12-21")
    else:
        withdraw(pledge=made, remark="Not eligible.", **ready.now)
        ready.on("2027-01-12")
    pass_a_day(**ready.now)
    made.refresh_from_db()
    assert made.outcome == ("expired" if how == "its day is over" else "withdrawn")
    assert past_due_total(ready.account, on=ready.today) == Money(18642)
    with pytest.raises(CannotPledge, match="This pledge ended"):
        withdraw(pledge=made, remark="Again.", **ready.now)


def test_a_check_pays_the_pledge_and_the_oldest_debt_first(ready, pledges, remits):
    ready.owes(5000, "2026-10-20").on("2026-12-07")
    made = pledges(20000)
    settled = remits(("HH-1", ready.account.number, 20000))
    made.refresh_from_db()
    assert (settled.paid, settled.waiting, settled.differing, made.outcome) == (1, 0, 0, "settled")
    assert [(one.owed_on, one.amount) for one in owed_for_service(ready.account)] == [
        (date(2026, 10, 20), Money(3642)),
    ]
    assert not work()
    assert not wrong()


@pytest.mark.parametrize(("paid", "left"), [(15000, 3642), (20000, -1358)])
def test_another_amount_than_pledged_settles_it_and_is_work(ready, pledges, remits, paid, left):
    made = pledges(18642)
    assert remits(("HH-1", "", paid)).differing == 1
    made.refresh_from_db()
    assert made.outcome == "settled"
    assert ready.balance().payoff == Money(max(left, 0))
    assert work() == [f"Harbor Help pledged $186.42 under HH-1 and paid {Money(paid)}"]
    assert not wrong()


def test_a_line_that_names_no_pledge_waits_until_somebody_finds_whose_it_is(ready, ruth, pledges, remits):
    made = pledges(18642)
    settled = remits(("HH-1", "999-9", 18642), ("HH-7", "", 1000))
    assert (settled.paid, settled.waiting) == (0, 2), "the account that they name is another"
    assert work()[1] == "Harbor Help paid $10.00 under HH-7: no such pledge waits for money"
    assert [one.unapplied for one in agency_balances()] == [Money(19642)]
    assert past_due_total(ready.account, on=ready.today) == ZERO, "it still counts"
    first, other = AssistanceCheckLine.objects.order_by("place")
    put_to_account(line=first, account=ready.account, pledge=made, **ready.now)
    with pytest.raises(CannotPledge, match="put to an account before"):
        put_to_account(line=first, account=ready.account, pledge=None, **ready.now)
    stranger = ready.place.account(ready.place.hannah)
    start_agreement(account=stranger, kind=AgreementKind.INVOICE, on=ready.today, by=DANA, at=ready.at)
    with pytest.raises(CannotPledge, match="of another account or agency"):
        put_to_account(line=other, account=stranger, pledge=made, **ready.now)
    put_to_account(line=other, account=stranger, pledge=None, **ready.now)
    made.refresh_from_db()
    assert (made.outcome, made.line) == ("settled", first)
    assert not work()
    assert [one.unapplied for one in agency_balances()] == [ZERO]
    assert not wrong()


def test_money_that_comes_late_still_pays_what_had_run_out(ready, pledges, remits):
    made = pledges(18642, until=date(2026, 12, 20))
    ready.on("2026-12-22")
    pass_a_day(**ready.now)
    remits(("HH-1", ready.account.number, 18642))
    made.refresh_from_db()
    assert (made.outcome, made.ended_on) == ("settled", ready.today)
    assert not owed_for_service(ready.account)
    assert not wrong()


def test_what_can_not_be_is_refused(ready, ruth, pledges, remits):
    pledges(5000)
    with pytest.raises(CannotPledge, match="pledged under HH-1 before"):
        pledges(7000)
    with pytest.raises(CannotPledge, match="120 days at most"):
        pledges(7000, "HH-2", until=ready.today + timedelta(days=121))
    with pytest.raises(CannotPledge, match="Enter how much"):
        pledges(0, "HH-2")
    remits(("HH-1", "", 5000))
    with pytest.raises(CannotPledge, match="was taken in before"):
        remits(("HH-1", "", 5000))
    assert remits(("HH-1", "", 5000), reference="check 20418").waiting == 1, "a pledge is paid once"
    with pytest.raises(CannotPledge, match="add up to"):
        take_check(
            agency=ruth.agency, reference="check 3", amount=Money(2), lines=[LineIn("HH-1", "", Money(1))], **ready.now
        )
    pledging.end_worker(worker=ruth, on=ready.today, by=DANA, at=ready.at)
    with pytest.raises(CannotPledge, match="Ruth Amaya does not speak for Harbor Help"):
        pledges(7000, "HH-3")


@given(st.lists(st.integers(1, 10**6), max_size=6), st.integers(0, 10**7))
def test_no_cent_counts_twice_and_the_oldest_debts_are_covered_first(debts, pledged):
    owed = [Money(cents) for cents in debts]
    left = left_after(owed, Money(pledged))
    assert total(owed) - total(left) == Money(min(pledged, sum(debts)))
    open_ = [place for place, rest in enumerate(left) if rest]
    assert not open_ or left[open_[0] + 1 :] == owed[open_[0] + 1 :]
    paid = spread(list(enumerate(owed)), Money(pledged))
    assert [money - paid.get(place, ZERO) for place, money in enumerate(owed)] == left
