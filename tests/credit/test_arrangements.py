"""A debt moves to a plan and is paid, or goes home at its own age: the table of two balances, played with real rows."""

from __future__ import annotations

from datetime import date

import pytest
from django.db import IntegrityError, transaction

from lamplighter.accounts.types import AgreementKind
from lamplighter.credit.models import ArrangedDebt, Arrangement
from lamplighter.credit.models.plans import Outcome
from lamplighter.credit.operations.arranging import StaleDraft, arrange, ask_instalments, end_arrangement
from lamplighter.credit.operations.holding import end_extension, extend
from lamplighter.credit.queries.debts import past_due
from lamplighter.credit.queries.standing import arrangement_of, draft_plan, eligibility
from lamplighter.credit.rules.arranging import CannotArrange
from lamplighter.kernel.money import ZERO, Money
from lamplighter.ledger.queries import ageing, differences
from lamplighter.platform.models import Event

pytestmark = pytest.mark.django_db
PLAN = AgreementKind.ARRANGEMENT


def plan(debtor, *, down=None, months=3):
    draft = draft_plan(debtor.account, down=down, months=months, on=debtor.today)
    return arrange(account=debtor.account, draft=draft, consent="recorded", **debtor.now)


def cents(balance):
    return balance.current.cents, balance.payoff.cents


def test_the_table_of_two_balances(debtor):
    debtor.owes(30000, "2026-09-01").on("2026-11-20")
    made = plan(debtor, down=ZERO, months=6)
    assert cents(debtor.balance()) == (0, 0), "moved from the electric service"
    assert cents(debtor.balance(PLAN)) == (0, 30000), "nothing is asked for on the day of the move"
    debtor.on("2026-11-24")
    assert ask_instalments(arrangements=[made], **debtor.now) == 1
    assert cents(debtor.balance(PLAN)) == (5000, 30000), "each instalment raises current alone"
    debtor.pays(5000)
    assert cents(debtor.balance(PLAN)) == (0, 25000), "a payment lowers both"
    end_arrangement(arrangement=made, outcome=Outcome.BROKEN, **debtor.now)
    assert cents(debtor.balance(PLAN)) == (0, 0), "broken: current rose to payoff, and the debt went home"
    assert cents(debtor.balance()) == (25000, 25000)
    assert differences() == []


def test_a_plan_takes_over_what_is_past_due_and_asks_for_the_first_part_today(debtor):
    debtor.owes(18642, "2026-10-03").owes(8466, "2026-11-04").on("2026-11-20")
    made = plan(debtor)
    assert made.total == Money(18642)
    assert cents(debtor.balance()) == (8466, 8466), "the new bill stays where it is"
    assert cents(debtor.balance(PLAN)) == (4662, 18642)
    assert [i.amount.cents for i in made.instalments.order_by("place")] == [4662, 4660, 4660, 4660]
    assert arrangement_of(debtor.account) == made
    assert not eligibility(debtor.account, on=debtor.today).eligible


def test_debts_leave_and_come_home_at_their_own_age(debtor):
    debtor.owes(10000, "2026-08-01").owes(20000, "2026-09-15").on("2026-11-20")
    before = ageing([debtor.agreement.subledger_id], on=debtor.today, due_days=21)
    made = plan(debtor)
    assert ageing([debtor.agreement.subledger_id], on=debtor.today, due_days=21).past_due == ZERO
    end_arrangement(arrangement=made, outcome=Outcome.CANCELLED, **debtor.now)
    assert ageing([debtor.agreement.subledger_id], on=debtor.today, due_days=21) == before
    assert [(str(p.owed_on), p.amount.cents) for p in past_due(debtor.account, on=debtor.today)] == [
        ("2026-08-01", 10000), ("2026-09-15", 20000),
    ]  # fmt: skip
    assert differences() == []


def test_what_was_paid_before_the_plan_stays_paid(debtor):
    debtor.owes(10000, "2026-08-01").owes(20000, "2026-09-15").on("2026-10-01").pays(4000)
    debtor.on("2026-11-20")
    made = plan(debtor)
    assert made.total == Money(26000)
    assert [(str(d.owed_on), d.amount.cents) for d in made.debts.order_by("owed_on")] == [
        ("2026-08-01", 6000), ("2026-09-15", 20000),
    ]  # fmt: skip
    assert cents(debtor.balance()) == (0, 0)


def test_a_stale_draft_writes_nothing(debtor):
    debtor.owes(18642, "2026-10-03").on("2026-11-20")
    shown = draft_plan(debtor.account, down=None, months=3, on=debtor.today)
    debtor.pays(100)
    with pytest.raises(StaleDraft, match="Look at it again"):
        arrange(account=debtor.account, draft=shown, consent="signed", **debtor.now)
    debtor.on("2026-11-21")
    with pytest.raises(StaleDraft):
        arrange(account=debtor.account, draft=shown, consent="signed", **debtor.now)
    assert not Arrangement.objects.exists()


def test_a_plan_that_is_paid_to_the_end_is_kept(debtor):
    debtor.owes(18642, "2026-10-03").on("2026-11-20")
    made = plan(debtor, months=1)
    debtor.pays(9321)
    debtor.on("2026-12-01")
    ask_instalments(arrangements=[made], **debtor.now)
    debtor.pays(9321)
    ended = end_arrangement(arrangement=made, outcome=Outcome.KEPT, **debtor.now)
    assert (ended.outcome, ended.ended_on) == ("kept", date(2026, 12, 1))
    assert cents(debtor.balance(PLAN)) == (0, 0)
    assert not ended.agreement.account.agreements.get(kind=PLAN).period.open
    with pytest.raises(CannotArrange, match="kept on Dec 1"):
        end_arrangement(arrangement=made, outcome=Outcome.BROKEN, **debtor.now)


def test_a_plan_with_something_left_is_not_kept(debtor):
    debtor.owes(18642, "2026-10-03").on("2026-11-20")
    with pytest.raises(AssertionError, match="nothing is left"):
        end_arrangement(arrangement=plan(debtor), outcome=Outcome.KEPT, **debtor.now)


def test_a_second_plan_after_two_broken_ones_is_refused(debtor):
    debtor.owes(18642, "2026-08-03").on("2026-10-20")
    end_arrangement(arrangement=plan(debtor), outcome=Outcome.BROKEN, **debtor.now)
    debtor.on("2026-11-20")
    end_arrangement(arrangement=plan(debtor), outcome=Outcome.BROKEN, **debtor.now)
    with pytest.raises(CannotArrange, match=r"No new plan until Oct 20\. 2 plans were broken"):
        plan(debtor)


def test_what_a_plan_took_over_is_never_changed(debtor):
    debtor.owes(18642, "2026-10-03").on("2026-11-20")
    plan(debtor)
    with pytest.raises(IntegrityError, match="append-only"), transaction.atomic():
        ArrangedDebt.objects.update(amount=Money(1))


def test_more_time_is_a_row_with_a_day_and_an_end(debtor):
    debtor.owes(18642, "2026-10-03").on("2026-11-20")
    given = extend(account=debtor.account, until=date(2026, 12, 4), **debtor.now)
    assert (given.amount, given.until) == (Money(18642), date(2026, 12, 4))
    with pytest.raises(CannotArrange, match="runs already"):
        extend(account=debtor.account, until=date(2026, 12, 4), **debtor.now)
    end_extension(extension=given, outcome=Outcome.KEPT, **debtor.now)
    with pytest.raises(CannotArrange, match="was kept on Nov 20"):
        end_extension(extension=given, outcome=Outcome.BROKEN, **debtor.now)
    assert [e.name for e in Event.objects.filter(name__startswith="credit.").order_by("id")] == [
        "credit.extension.given", "credit.extension.ended",
    ]  # fmt: skip
