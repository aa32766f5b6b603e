"""Large accounts are aged bill by bill: what pays what, what is overdue by itself, and what is undone in its turn."""

from __future__ import annotations

from contextlib import suppress
from datetime import date, timedelta

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from lamplighter.accounts.operations import start_agreement
from lamplighter.accounts.types import AgreementKind
from lamplighter.billing.models import Bill
from lamplighter.credit.models import Match, Process
from lamplighter.credit.operations.matching import match_by_hand, set_ageing, set_style, settle_items, unmatch
from lamplighter.credit.queries.debts import past_due_total
from lamplighter.credit.queries.openitems import Ageing, items_astray, stand_of, style_of
from lamplighter.credit.rules.matching import CannotMatch, Style
from lamplighter.journeys.control import open_items_hold
from lamplighter.journeys.paying import take_back, take_payment
from lamplighter.journeys.reviewing import pass_a_day
from lamplighter.kernel.money import ZERO, Money
from lamplighter.ledger import operations as ledger
from lamplighter.ledger.models import Entry
from lamplighter.ledger.operations import Draft, Leg
from lamplighter.ledger.queries import ageing, balances
from lamplighter.payments.rules import TenderIn
from lamplighter.platform.transactions import unit_of_work
from tests.credit.conftest import DANA

pytestmark = pytest.mark.django_db
JUNE, JULY = "2026-06-01", "2026-07-01"


class Large:
    """A debtor whose bills have numbers, due after 20 days; everything happens in a unit of work of its own."""

    def __init__(self, debtor):
        self.debtor, self.count = debtor, 0

    def __getattr__(self, name):
        return getattr(self.debtor, name)

    def opens(self):
        with unit_of_work(DANA):
            set_style(account=self.account, style=Style.OPEN, reason="Pays by remittance", **self.now)
        return self

    def bills(self, number: str, cents: int, issued: str):
        day = date.fromisoformat(issued)
        with unit_of_work(DANA):
            self.on(issued).owes_as(f"bill:{number}:0", cents, day)
            Bill.objects.create(
                number=number, account=self.account, issued_on=day, due_on=day + timedelta(days=20), previous=ZERO,
                received=ZERO, corrected=ZERO, charges=Money(cents), due=Money(cents), mark=0, issued_at=self.at,
                issued_by=DANA, kind=Bill.Kind.OFF_CYCLE,
            )  # fmt: skip
        return self

    def on(self, day: str):
        self.debtor.on(day)
        return self

    def owes_as(self, source: str, cents: int, day: date):
        legs = (
            Leg("receivable", Money(cents), self.agreement.subledger_id, owed_on=day),
            Leg("revenue-residential", Money(-cents)),
        )
        ledger.post(draft=Draft(source, "bill", day, legs), at=self.at, by=DANA)

    def pays(self, cents: int, reference: str = ""):
        with unit_of_work(DANA):
            return take_payment(
                key=None, control=self.drawer, tenders=[TenderIn("check", Money(cents), Money(cents), reference)],
                payments_to={self.account: Money(cents)}, **self.now,
            )  # fmt: skip

    def cancels(self, number: str, again: int = 0):
        """A bill is taken back, and billed again at its own age."""
        entry = Entry.objects.get(source=f"bill:{number}:0")
        with unit_of_work(DANA):
            ledger.reverse(entry=entry, source=f"cancel:bill:{number}:0", effective_on=self.today,
                           accounting_on=self.today, at=self.at, by=DANA)  # fmt: skip
            if again:
                self.owes_as(f"bill:{number}:1", again, entry.effective_on)

    def returned(self, event):
        with unit_of_work(DANA):
            take_back(event=event, reason="returned", **self.now)

    @property
    def open(self) -> dict[str, int]:
        return {one.bill: one.open.cents for one in stand_of(self.account).bills if one.open}

    @property
    def unapplied(self) -> int:
        return stand_of(self.account).unapplied.cents

    def holds(self):
        opened, loose, wrong = items_astray()
        assert wrong == []
        stand = stand_of(self.account)
        keys = list(self.account.agreements.values_list("subledger", flat=True))
        owed = sum((one.current for one in balances(keys).values()), ZERO)
        assert stand.open - stand.unapplied == owed == stand.balance
        return opened, loose


@pytest.fixture
def large(debtor):
    return Large(debtor).opens()


@pytest.fixture
def two(large):
    return large.bills("A-1", 10000, JUNE).bills("B-2", 5000, JULY).on("2026-07-10")


def test_a_newer_bill_that_is_paid_by_its_number_leaves_the_older_one_overdue(two):
    two.pays(5000, "inv B-2")
    assert two.open == {"A-1": 10000}
    assert Match.objects.get().rule == "named"
    assert past_due_total(two.account, on=two.today) == Money(10000)
    aged = ageing([two.agreement.subledger_id], on=two.today, due_days=20)
    assert (aged.past_due, aged.current) == (Money(10000), ZERO)
    two.holds()


def test_balance_forward_would_have_called_the_oldest_paid_in_part(debtor):
    plain = Large(debtor).bills("A-1", 10000, JUNE).bills("B-2", 5000, JULY).on("2026-07-10")
    plain.pays(5000, "inv B-2")
    assert past_due_total(plain.account, on=plain.today) == Money(5000)
    assert not Match.objects.exists()


def test_a_payment_goes_to_the_agreements_of_the_bill_that_it_names(two):
    other = start_agreement(account=two.account, kind=AgreementKind.INVOICE, on=two.today, by=DANA, at=two.at)
    legs = (Leg("receivable-other", Money(2000), other.subledger_id, owed_on=date(2026, 7, 1)),
            Leg("revenue-fees", Money(-2000)))  # fmt: skip
    ledger.post(draft=Draft("bill:B-2:1", "bill", date(2026, 7, 1), legs), at=two.at, by=DANA)
    assert two.open == {"A-1": 10000, "B-2": 7000}
    two.pays(7000, "B-2")
    assert two.open == {"A-1": 10000}, "by rule it would all have gone to the older bill of the other agreement"
    two.holds()


def test_a_short_payment_leaves_the_rest_of_its_bill_open(two):
    two.pays(4200, "B-2")
    assert two.open == {"A-1": 10000, "B-2": 800}


def test_an_overdue_bill_is_collected_although_a_newer_one_was_paid(two):
    two.pays(5000, "B-2")
    pass_a_day(**two.on("2026-08-15").now)
    assert Process.objects.get().debt == Money(10000)
    two.pays(10000, "A-1")
    assert Process.objects.get().outcome == "paid"


def test_a_returned_payment_opens_its_bill_again_in_the_same_transaction(two):
    paid = two.pays(5000, "B-2")
    two.pays(10000)
    assert two.open == {}
    two.returned(paid)
    assert two.open["B-2"] == 5000
    assert "A-1" not in two.open
    assert [row.rule for row in Match.objects.filter(undoes__isnull=False)] == ["gone"]
    two.holds()


def test_a_bill_that_is_billed_again_keeps_its_payment(two):
    two.pays(5000, "B-2")
    two.cancels("B-2", again=5600)
    assert two.open == {"A-1": 10000, "B-2": 600}
    two.holds()


def test_what_a_smaller_bill_leaves_over_goes_to_the_oldest(two):
    two.pays(5000, "B-2")
    two.cancels("B-2", again=4000)
    assert two.open == {"A-1": 9000}
    two.holds()


def test_a_bill_that_is_taken_back_frees_its_payment(two):
    two.pays(5000, "B-2")
    two.cancels("B-2")
    assert two.open == {"A-1": 5000}
    two.holds()


def test_what_is_unmatched_waits_as_unapplied_credit_until_somebody_says_what_it_pays(two):
    two.pays(5000, "B-2")
    with unit_of_work(DANA):
        unmatch(match=Match.objects.get(), reason="It was for A-1", **two.now)
        settle_items(accounts=[two.account.pk], **two.now)
    assert (two.open, two.unapplied) == ({"A-1": 10000, "B-2": 5000}, 5000)
    assert past_due_total(two.account, on=two.today) == Money(5000), "it counts, unless the policy says otherwise"
    (loose,) = stand_of(two.account).loose
    said = {"account": two.account, "credit": loose.credit.posting, "reason": "Their letter of July 9", **two.now}
    with pytest.raises(CannotMatch, match=r"Of this credit \$50.00 can pay bill A-1"):
        match_by_hand(bill="A-1", amount=Money(5001), **said)
    match_by_hand(bill="A-1", amount=Money(3000), **said)
    assert (two.open, two.unapplied) == ({"A-1": 7000, "B-2": 5000}, 2000)
    two.holds()


def test_the_policy_may_say_that_loose_credit_does_not_count(two):
    set_ageing(ageing=Ageing(deduct=False, citation="Resolution 26-90"), on=two.today, by=DANA, at=two.at)
    two.pays(5000, "B-2")
    unmatch(match=Match.objects.get(), reason="Not theirs", **two.now)
    assert past_due_total(two.account, on=two.today) == Money(10000)


def test_a_match_is_undone_once(two):
    two.pays(5000, "B-2")
    match = Match.objects.get()
    unmatch(match=match, reason="Wrong", **two.now)
    with pytest.raises(CannotMatch, match="undone already"):
        unmatch(match=match, reason="Wrong", **two.now)


def test_the_policy_opens_a_class_and_closes_it_again(debtor):
    plain = Large(debtor).bills("A-1", 10000, JUNE).bills("B-2", 5000, JULY).on("2026-07-10")
    plain.pays(5000, "B-2")
    kind = plain.account.customer_class
    opened = Ageing(frozenset({kind}), citation="Resolution 26-90")
    set_ageing(ageing=opened, on=date(2026, 8, 1), by=DANA, at=plain.at)
    pass_a_day(**plain.on("2026-08-01").now)
    assert plain.open == {"A-1": 10000}
    set_ageing(ageing=Ageing(citation="Resolution 26-99"), on=date(2026, 9, 1), by=DANA, at=plain.at)
    pass_a_day(**plain.on("2026-09-01").now)
    aged = ageing([plain.agreement.subledger_id], on=plain.today, due_days=20)
    assert aged.buckets == (ZERO, Money(5000), Money(5000), ZERO)
    plain.holds()


def test_a_style_is_chosen_once_a_day_and_only_another_one(large):
    with pytest.raises(CannotMatch, match="aged so already: open items"):
        set_style(account=large.account, style=Style.OPEN, reason="", **large.now)
    with pytest.raises(CannotMatch, match="changed today already"):
        set_style(account=large.account, style=Style.FORWARD, reason="", **large.now)


def test_matches_move_no_money_in_the_books(two):
    before = two.balance()
    two.pays(5000, "B-2")
    assert two.balance().payoff == before.payoff - Money(5000)
    assert open_items_hold().differences == ()


acts = st.lists(
    st.tuples(st.sampled_from(["bill", "pay", "named", "return", "cancel", "rebill", "undo", "hand", "style", "night"]),
              st.integers(1, 9000), st.integers(0, 5)), max_size=14,
)  # fmt: skip


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(acts)
def test_whatever_happens_open_items_less_unapplied_credit_are_the_balance(debtor, happened):
    with transaction.atomic():
        large = Large(debtor).on("2026-01-20").opens()
        events, numbers = [], []
        day = date(2026, 2, 1)
        for act, cents, which in happened:
            day += timedelta(days=3)
            large.on(day.isoformat())
            happen(large, (act, cents, which), events, numbers)
            large.holds()
        transaction.set_rollback(True)


def happen(large, happening, events, numbers):
    act, cents, which = happening
    picked = numbers[which % len(numbers)] if numbers else ""
    match act:
        case "bill":
            large.count += 1
            numbers.append(f"N-{large.count}")
            large.bills(numbers[-1], cents, large.today.isoformat())
        case "pay" | "named":
            events.append(large.pays(cents, picked if act == "named" else ""))
        case "return" if events:
            large.returned(events.pop(which % len(events)))
        case "cancel" | "rebill" if numbers:
            numbers.remove(picked)
            large.cancels(picked, again=cents if act == "rebill" else 0)
        case "undo":
            standing = Match.objects.filter(undoes=None, undone_by=None).order_by("pk")
            if standing and stand_of(large.account).ties and is_open(large):
                with unit_of_work(DANA):
                    unmatch(match=standing[which % len(standing)], reason="x", **large.now)
        case "hand" if is_open(large):
            stand = stand_of(large.account)
            for loose in stand.loose[:1]:
                for bill in stand.bills:
                    with suppress(CannotMatch), unit_of_work(DANA):
                        match_by_hand(account=large.account, credit=loose.credit.posting, bill=bill.bill,
                                      amount=Money(cents), reason="x", **large.now)  # fmt: skip
        case "style":
            with unit_of_work(DANA):
                style = Style.FORWARD if is_open(large) else Style.OPEN
                set_style(account=large.account, style=style, reason="x", **large.now)
        case "night":
            pass_a_day(**large.now)


def is_open(large) -> bool:
    return style_of(large.account, on=large.today) is Style.OPEN
