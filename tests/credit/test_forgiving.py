"""Old debt set aside: forgiven a share for each bill paid in time, borne by its fund, and owed again after misses."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lamplighter.accounts.types import AgreementKind
from lamplighter.billing.queries.reading import view
from lamplighter.credit.models import Forgiveness, JudgedBill, Process
from lamplighter.credit.models.plans import Outcome
from lamplighter.credit.operations.bankruptcies import Petition
from lamplighter.credit.operations.easing import begin_hardship
from lamplighter.credit.operations.forgiving import set_forgiveness_terms
from lamplighter.credit.queries.debts import past_due, past_due_total
from lamplighter.credit.queries.forgiving import forgiveness_astray, set_aside_of, told_with
from lamplighter.credit.queries.standing import draft_plan
from lamplighter.credit.rules.arranging import Part
from lamplighter.credit.rules.forgiving import CannotForgive, Rules, oldest, shares_of
from lamplighter.credit.rules.hardship import Cause
from lamplighter.journeys.arranging import make_plan
from lamplighter.journeys.bankruptcy import enter_petition
from lamplighter.journeys.collecting import look_at
from lamplighter.journeys.forgiving import begin, draft, end, let_in_by, pass_a_forgiveness_day, says_what_was_forgiven
from lamplighter.journeys.moving import stop_service
from lamplighter.kernel.money import ZERO, Money, total
from lamplighter.kernel.periods import Period
from lamplighter.ledger.queries import differences, trial_balance
from lamplighter.notices.models import Notice
from tests.credit.conftest import RENEE
from tests.credit.test_due_days import billed

pytestmark = pytest.mark.django_db
ASIDE, BEARS = AgreementKind.FORGIVENESS, "arrearage-forgiveness"
RULES = Rules(Money(60000), 3, 2, 5, frozenset(), "Resolution 2026-31")


@pytest.fixture
def home(debtor):
    """$600 and more past due, a hardship on file, and terms of three bills."""
    debtor.on("2026-01-05")
    set_forgiveness_terms(rules=RULES, code=BEARS, on=debtor.today, by=RENEE, at=debtor.at)
    debtor.owes(40000, "2026-08-20").owes(30000, "2026-09-20").on("2026-11-18")
    begin_hardship(
        account=debtor.account, cause=Cause.ILLNESS, evidence="Letter of a clinic", paper=None,
        period=Period(debtor.today, date(2027, 11, 1)), asked_by=debtor.now["by"], by=RENEE, at=debtor.at,
    )  # fmt: skip
    return debtor


def begins(debtor) -> Forgiveness:
    found = draft(debtor.account, on=debtor.today)
    return begin(account=debtor.account, draft=found, consent="recorded", **debtor.now)


def bill_and_pay(debtor, day: str, cents: int, *, paid: bool):
    """A bill of a month, paid ten days later or not at all, and the morning after its due day and grace."""
    bill = billed(debtor.on(day), cents, day)
    if paid:
        debtor.on((date.fromisoformat(day) + timedelta(days=10)).isoformat()).pays(cents)
    debtor.on((bill.due_on + timedelta(days=6)).isoformat())
    pass_a_forgiveness_day(**debtor.now)
    return bill


def cents(balance):
    return balance.current.cents, balance.payoff.cents


def borne() -> Money:
    return next((one.payoff for one in trial_balance() if one.key == BEARS), ZERO)


def letters() -> list[str]:
    rows = Notice.objects.filter(template__code="debt-set-aside").order_by("pk")
    return [row.source.rpartition(":")[2] for row in rows]


def test_the_oldest_debt_up_to_the_most_is_set_aside_and_not_asked_for(home):
    made = begins(home)
    assert (made.total, made.let_in_by, made.shares) == (Money(60000), "hardship", [20000, 20000, 20000])
    assert cents(home.balance(ASIDE)) == (0, 60000), "owed, and nothing is asked for"
    assert cents(home.balance()) == (10000, 10000), "what is more than the most stays due"
    assert [(str(p.owed_on), p.amount.cents) for p in past_due(home.account, on=home.today)] == [("2026-09-20", 10000)]
    assert letters() == ["begun"]
    assert differences() == forgiveness_astray() == []


def test_each_bill_in_time_forgives_a_share_and_the_last_all_of_it(home):
    home.pays(10000)
    made = begins(home)
    assert home.balance().current == ZERO
    for place, day in enumerate(("2026-12-05", "2027-01-05", "2027-02-05"), start=1):
        bill_and_pay(home, day, 8000, paid=True)
        assert borne() == Money(20000) * place
        assert home.balance(ASIDE).payoff == Money(60000) - Money(20000) * place
        assert forgiveness_astray() == []
    made.refresh_from_db()
    assert (made.outcome, letters()) == ("kept", ["begun", "kept"])
    assert cents(home.balance()) == cents(home.balance(ASIDE)) == (0, 0)
    assert differences() == []


def test_the_same_day_again_forgives_nothing_twice(home):
    home.pays(10000)
    begins(home)
    bill_and_pay(home, "2026-12-05", 8000, paid=True)
    pass_a_forgiveness_day(**home.now)
    assert JudgedBill.objects.count() == 1
    assert borne() == Money(20000)


def test_missed_bills_end_it_what_was_forgiven_stays_and_the_rest_comes_home_at_its_age(home):
    home.pays(10000)
    made = begins(home)
    bill_and_pay(home, "2026-12-05", 8000, paid=True)
    bill_and_pay(home, "2027-01-05", 8000, paid=False)
    standing = set_aside_of(home.account)
    assert (standing.forgiven, standing.in_time, standing.missed, standing.left) == (
        Money(20000), 1, 1, Money(40000),
    )  # fmt: skip
    bill_and_pay(home, "2027-02-05", 8000, paid=False)
    made.refresh_from_db()
    assert (made.outcome, letters()) == ("broken", ["begun", "broken"])
    assert borne() == Money(20000)
    assert home.balance().current == Money(40000 + 16000)
    owed = past_due(home.account, on=home.today)
    assert total(one.amount for one in owed) == Money(56000)
    assert owed[0].owed_on == date(2026, 8, 20), "it comes home as old as it was"
    assert Process.objects.filter(account=home.account, ended_on__isnull=True).exists(), "looked at the same morning"
    assert differences() == forgiveness_astray() == []
    with pytest.raises(CannotForgive, match="done once"):
        draft(home.account, on=home.today)


def test_a_bill_is_missed_while_anything_that_it_asked_for_is_open(home):
    """The $100 beyond the most is asked for by the bill, too."""
    begins(home)
    bill_and_pay(home, "2026-12-05", 8000, paid=True)
    assert (set_aside_of(home.account).missed, borne()) == (1, ZERO)


def test_who_is_let_in_and_what_stands_against_it(home, debtor):
    assert let_in_by(home.account, on=date(2026, 11, 17)) == ""
    with pytest.raises(CannotForgive, match="hardship on file"):
        draft(home.account, on=date(2026, 11, 17))
    plan = draft_plan(home.account, down=None, months=3, on=home.today)
    made = make_plan(account=home.account, draft=plan, consent="recorded", **home.now)
    with pytest.raises(CannotForgive, match="payment plan runs"):
        draft(home.account, on=home.today)
    assert made.total == Money(70000)


def test_a_draft_that_is_no_longer_true_is_refused(home):
    shown = draft(home.account, on=home.today)
    home.pays(60000)
    with pytest.raises(CannotForgive, match="has changed"):
        begin(account=home.account, draft=shown, consent="recorded", **home.now)
    assert not Forgiveness.objects.exists()


def test_collection_of_what_is_set_aside_ends_with_it(home):
    home.pays(10000)
    look_at(accounts=[home.account.pk], **home.now)
    assert Process.objects.get().ended_on is None
    begins(home)
    assert Process.objects.get().outcome == "set aside"
    assert past_due_total(home.account, on=home.today) == ZERO


def test_the_customer_may_end_it_and_the_rest_is_owed(home):
    made = begins(home)
    end(forgiveness=made, outcome=Outcome.CANCELLED, **home.now)
    assert home.balance().current == Money(70000)
    assert letters() == ["begun", "cancelled"]
    with pytest.raises(CannotForgive, match="ended"):
        end(forgiveness=made, outcome=Outcome.CANCELLED, **home.now)
    assert forgiveness_astray() == []


def test_ending_it_after_a_missed_bill_opens_no_second_one(home):
    home.pays(10000)
    made = begins(home)
    bill_and_pay(home, "2026-12-05", 8000, paid=False)
    end(forgiveness=made, outcome=Outcome.CANCELLED, **home.now)
    with pytest.raises(CannotForgive, match="bills were missed"):
        draft(home.account, on=home.today)


def test_whoever_moves_out_owes_the_rest_with_the_final_bill(home):
    made = begins(home)
    stop_service(agreement=home.agreement, **home.on("2026-12-01").now)
    pass_a_forgiveness_day(**home.on("2026-12-02").now)
    made.refresh_from_db()
    assert made.outcome == "cancelled"
    assert home.balance().current == Money(70000)


def test_a_petition_takes_what_is_set_aside_among_the_debts_from_before_it(home):
    begins(home)
    petition = Petition(13, "26-1", "Northern District", filed_on=home.today, order_on=home.today, trustee="T")
    enter_petition(account=home.account, petition=petition, **home.now)
    assert home.balance(AgreementKind.PRE_PETITION).payoff == Money(70000)
    assert cents(home.balance(ASIDE)) == (0, 0)
    assert letters() == ["begun"], "a letter would ask for money"


def test_the_next_bill_says_what_was_forgiven_and_only_that_one(home):
    home.pays(10000)
    begins(home)
    first = bill_and_pay(home, "2026-12-05", 8000, paid=True)
    second = bill_and_pay(home, "2027-01-05", 8000, paid=False)
    third = bill_and_pay(home, "2027-02-05", 16000, paid=True)
    told = says_what_was_forgiven([first, second, third])
    assert set(told) == {second.pk, third.pk}
    assert told[second.pk] in view(second).messages, "where a customer reads it"
    assert told[second.pk].text == f"$200.00 for bill {first.number}. $400.00 is still set aside."
    assert told[third.pk].title == "A bill was not paid in time"
    assert "$400.00 is still set aside" in told[third.pk].text


def test_bills_are_told_with_as_many_statements_as_one(home, django_assert_num_queries):
    home.pays(10000)
    begins(home)
    bills = [bill_and_pay(home, day, 8000, paid=True) for day in ("2026-12-05", "2027-01-05")]
    for several in (bills[:1], bills):
        with django_assert_num_queries(2):
            told_with(several)


@given(owed=st.integers(1, 5_000_000), parts=st.integers(1, 60))
def test_shares_are_the_debt_and_differ_by_what_does_not_divide(owed, parts):
    shares = shares_of(Money(owed), parts)
    assert total(shares) == Money(owed)
    assert len(shares) == min(parts, owed)
    assert all(share > ZERO for share in shares)
    assert shares[0] - shares[-1] < Money(len(shares))


@given(debts=st.lists(st.tuples(st.integers(0, 400), st.integers(1, 90_000)), max_size=8), most=st.integers(1, 100_000))
def test_the_oldest_are_taken_whole_until_the_most_is_reached(debts, most):
    parts = [Part(1, date(2026, 1, 1) + timedelta(days=days), Money(cents)) for days, cents in debts]
    taken = oldest(parts, Money(most))
    assert total(one.amount for one in taken) == min(Money(most), total(one.amount for one in parts))
    whole = sorted(parts, key=lambda one: (one.owed_on, one.agreement))[: max(len(taken) - 1, 0)]
    assert taken[: len(whole)] == whole, "only the last may be cut"
