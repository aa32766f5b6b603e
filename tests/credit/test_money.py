"""Money that comes by the batch stops collection as at the counter; money that goes back starts it in the morning."""

from __future__ import annotations

from datetime import timedelta

import pytest

from lamplighter.credit.models import Process
from lamplighter.credit.queries.standing import draft_plan
from lamplighter.journeys.arranging import cancel_plan, give_time, make_plan
from lamplighter.journeys.collecting import money_came, stop_collecting
from lamplighter.journeys.paying import take_batch
from lamplighter.journeys.reviewing import pass_a_day
from lamplighter.kernel.money import Money
from lamplighter.notices.models import Notice, Template
from lamplighter.payments.operations import EventIn, reverse_event
from lamplighter.payments.rules import TenderIn
from lamplighter.worklist.models import Item

pytestmark = pytest.mark.django_db


@pytest.fixture
def noticed(debtor):
    debtor.owes(18642, "2026-09-20").on("2026-11-18")
    pass_a_day(**debtor.now)
    return debtor


def by_mail(debtor, *cents: int):
    events = [
        EventIn((TenderIn("cash", Money(each), Money(each)),), {debtor.account: Money(each)}, debtor.at)
        for each in cents
    ]
    return take_batch(control=debtor.drawer, events=events, **debtor.now)


def retire(code: str, debtor) -> None:
    Template.objects.filter(code=code).update(state="retired", retired_by="system:town", retired_at=debtor.at)


def waiting() -> list[str]:
    return sorted(Item.objects.waiting().values_list("kind", flat=True))


def test_a_batch_stops_collection_in_its_own_transaction(noticed):
    assert len(by_mail(noticed, 10000, 8642)) == 2
    assert Process.objects.get().outcome == "paid"


def test_a_batch_that_leaves_enough_owed_stops_nothing(noticed):
    by_mail(noticed, 8642)
    assert Process.objects.get().ended_on is None


def test_a_batch_for_accounts_that_nobody_collects_from_asks_one_question_about_them(
    debtor, django_assert_max_num_queries
):
    with django_assert_max_num_queries(30):
        by_mail(debtor, *[100] * 40)


def test_of_accounts_with_nothing_at_stake_one_question_is_asked(debtor, django_assert_num_queries):
    with django_assert_num_queries(1):
        money_came(accounts=[debtor.account], **debtor.now)


def test_a_returned_payment_starts_nothing_until_the_morning(debtor):
    debtor.owes(18642, "2026-09-20").on("2026-11-16")
    event = debtor.pays(18642)
    debtor.on("2026-11-18")
    assert pass_a_day(**debtor.now).begun == 0
    reverse_event(event=event, reason="returned", **debtor.now)
    assert not Process.objects.exists(), "it may be entered again in a minute"
    debtor.on("2026-11-19")
    assert pass_a_day(**debtor.now).begun == 1
    assert Notice.objects.exists()


def test_a_letter_that_could_be_written_after_all_waits_for_nobody(debtor):
    retire("past-due", debtor)
    debtor.owes(18642, "2026-09-20").on("2026-11-18")
    pass_a_day(**debtor.now)
    assert waiting() == ["credit.untold"]
    Template.objects.filter(code="past-due").update(state="adopted", retired_by=None, retired_at=None)
    debtor.on("2026-11-19")
    pass_a_day(**debtor.now)
    assert waiting() == []


def test_a_letter_of_a_collection_that_ended_waits_for_nobody(debtor):
    retire("past-due", debtor)
    debtor.owes(18642, "2026-09-20").on("2026-11-18")
    pass_a_day(**debtor.now)
    stop_collecting(accounts=[debtor.account.pk], outcome="held", **debtor.now)
    assert waiting() == []


def test_the_end_of_a_plan_ends_what_waited_about_it(debtor):
    retire("plan-made", debtor)
    debtor.owes(18642, "2026-09-20").on("2026-11-20")
    draft = draft_plan(debtor.account, down=None, months=3, on=debtor.today)
    make_plan(account=debtor.account, draft=draft, consent="signed", **debtor.now)
    assert waiting() == ["credit.untold"]
    while not Item.objects.waiting().filter(kind="credit.plan-late").exists():
        debtor.on(str(debtor.today + timedelta(days=1)))
        pass_a_day(**debtor.now)
    cancel_plan(account=debtor.account, **debtor.now)
    assert waiting() == []


def test_the_end_of_a_promise_ends_what_waited_about_it(noticed):
    retire("more-time", noticed)
    give_time(account=noticed.account, until=noticed.today + timedelta(days=10), **noticed.now)
    assert waiting() == ["credit.untold"]
    noticed.pays(18642)
    noticed.on("2026-11-19")
    pass_a_day(**noticed.now)
    assert waiting() == []
