"""A debt is reminded of, noticed, called about; and left alone in the transaction in which it goes."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.db import connection

from lamplighter.credit.law.parameters import HoldKind
from lamplighter.credit.models import Arrangement, Extension, Process, Step
from lamplighter.credit.operations.holding import record_contact
from lamplighter.credit.queries.standing import draft_plan
from lamplighter.credit.rules.facts import How
from lamplighter.journeys.arranging import cancel_plan, give_time, make_plan
from lamplighter.journeys.collecting import protect
from lamplighter.journeys.control import controls
from lamplighter.journeys.reviewing import pass_a_day
from lamplighter.kernel.money import ZERO, Money
from lamplighter.kernel.periods import Period
from lamplighter.ledger.queries import differences
from lamplighter.notices.models import Notice, Template
from lamplighter.payments.operations import reverse_event
from lamplighter.worklist.models import Item

pytestmark = pytest.mark.django_db


def morning(debtor):
    return pass_a_day(**debtor.now)


def steps(process: Process) -> list[tuple[str, str, str]]:
    """Key, day and state of each step."""
    return [
        (s.key, str(s.due_on), "done" if s.done_on else "cancelled" if s.cancelled_on else "open")
        for s in process.steps.order_by("place")
    ]


def letters() -> list[str]:
    return list(Notice.objects.order_by("id").values_list("template__code", flat=True))


def waiting() -> list[str]:
    return sorted(Item.objects.waiting().values_list("kind", flat=True))


@pytest.fixture
def noticed(debtor):
    """The notice of Wednesday, November 18 has been written."""
    debtor.owes(18642, "2026-09-20").on("2026-11-18")
    morning(debtor)
    return debtor


def test_a_reminder_is_mailed_once(debtor):
    debtor.owes(8466, "2026-10-20").on("2026-11-14")
    assert morning(debtor).begun == 0, "25 days old is not more than 25"
    debtor.on("2026-11-15")
    assert morning(debtor).begun == 1
    process = Process.objects.get()
    assert (process.template, process.outcome, steps(process)) == (
        "courtesy", "done", [("courtesy-reminder", "2026-11-15", "done")],
    )  # fmt: skip
    assert letters() == ["courtesy-reminder"]
    for _ in range(5):
        debtor.on(str(debtor.today + timedelta(days=1)))
        morning(debtor)
    assert letters() == ["courtesy-reminder"]


def test_a_notice_is_mailed_with_its_days_and_the_call_comes_before_them(noticed):
    process = Process.objects.get()
    assert steps(process) == [
        ("past-due", "2026-11-18", "done"), ("call", "2026-12-03", "open"), ("review", "2026-12-07", "open"),
    ]  # fmt: skip
    step = process.steps.get(key="past-due")
    assert step.amount == Money(18642)
    said = " ".join(text for _, blocks in step.notice.words.sheets for _, text in blocks)
    assert "Please pay $186.42 by Thu, Dec 3 to keep your power on" in said
    assert "on or after Mon, Dec 7" in said
    assert "Tell us by Tue, Dec 1" in said
    assert waiting() == []
    noticed.on("2026-12-03")
    morning(noticed)
    assert waiting() == ["credit.call"]
    noticed.on("2026-12-07")
    morning(noticed)
    assert waiting() == ["credit.call"], "the review waits for the call"


def test_the_same_morning_again_changes_nothing(noticed):
    before = [steps(process) for process in Process.objects.all()], letters(), waiting()
    morning(noticed)
    assert ([steps(process) for process in Process.objects.all()], letters(), waiting()) == before


def test_a_payment_ends_it_in_its_own_transaction(noticed):
    noticed.on("2026-12-03")
    morning(noticed)
    noticed.pays(18642)
    process = Process.objects.get()
    assert (process.outcome, process.ended_on) == ("paid", date(2026, 12, 3))
    assert [state for _, _, state in steps(process)] == ["done", "cancelled", "cancelled"]
    assert waiting() == []


def test_a_payment_that_leaves_more_than_five_dollars_ends_nothing(noticed):
    noticed.pays(18642 - 501)
    assert Process.objects.get().ended_on is None
    noticed.pays(1)
    assert Process.objects.get().outcome == "paid"


def test_a_returned_check_brings_the_debt_back_at_its_age_and_the_next_morning_sees_it(noticed):
    event = noticed.pays(18642)
    reverse_event(event=event, reason="returned", **noticed.now)
    noticed.on("2026-12-20")
    morning(noticed)
    assert list(Process.objects.order_by("id").values_list("outcome", flat=True)) == ["paid", ""]


def test_a_plan_ends_collection_and_writes_the_letter(noticed):
    noticed.on("2026-11-20")
    draft = draft_plan(noticed.account, down=None, months=3, on=noticed.today)
    make_plan(account=noticed.account, draft=draft, consent="recorded", **noticed.now)
    assert Process.objects.get().outcome == "arranged"
    assert letters() == ["past-due", "plan-made"]
    said = " ".join(text for _, blocks in Notice.objects.latest("id").words.sheets for _, text in blocks)
    assert "Your plan: $186.42 in 4 payments" in said
    assert "$46.62 by Fri, Nov 20. Then $46.60 each month, from Tue, Dec 15 to Feb 16, 2027." in said


@pytest.mark.parametrize("kind", [HoldKind.DISPUTE, HoldKind.MEDICAL, HoldKind.BANKRUPTCY])
def test_a_protection_ends_collection_at_once(noticed, kind):
    protect(account=noticed.account, kind=kind, period=Period(noticed.today), evidence="case 7", **noticed.now)
    assert Process.objects.get().outcome == "held"


def test_a_letter_that_cannot_be_written_waits_for_a_person_and_its_clock_does_not_run(debtor):
    Template.objects.filter(code="past-due").update(state="retired", retired_by="system:town", retired_at=debtor.at)
    debtor.owes(18642, "2026-09-20").on("2026-11-18")
    morning(debtor)
    assert waiting() == ["credit.untold"]
    assert not Step.objects.filter(done_on__isnull=False).exists()


def test_a_notice_lapses_after_sixty_days(noticed):
    noticed.on("2027-01-18")
    morning(noticed)
    assert Process.objects.get(started_on=date(2026, 11, 18)).outcome == "lapsed"
    assert letters() == ["past-due", "past-due"], "and a new one begins"


def test_more_time_ends_collection_and_is_kept_or_broken(noticed):
    give_time(account=noticed.account, until=date(2026, 12, 4), **noticed.now)
    assert Process.objects.get().outcome == "extended"
    noticed.on("2026-12-04")
    morning(noticed)
    assert Extension.objects.get().outcome == ""
    noticed.on("2026-12-05")
    morning(noticed)
    assert (Extension.objects.get().outcome, Extension.objects.get().ended_on) == ("broken", date(2026, 12, 5))
    assert letters() == ["past-due", "more-time"]


def test_more_time_is_kept_by_paying(noticed):
    give_time(account=noticed.account, until=date(2026, 12, 4), **noticed.now)
    noticed.on("2026-12-01").pays(18642)
    morning(noticed)
    assert Extension.objects.get().outcome == "kept"


@pytest.fixture
def planned(debtor):
    """$186.42 over four dates since November 20, the first of them paid."""
    debtor.owes(18642, "2026-09-20").on("2026-11-20")
    draft = draft_plan(debtor.account, down=None, months=3, on=debtor.today)
    make_plan(account=debtor.account, draft=draft, consent="signed", **debtor.now)
    debtor.pays(4662)
    return debtor


def lives(debtor, *payments: tuple[str, int], until: str):
    """Every morning passes; on some days the customer pays."""
    paid = dict(payments)
    while debtor.today < date.fromisoformat(until):
        debtor.on(str(debtor.today + timedelta(days=1)))
        morning(debtor)
        if cents := paid.get(str(debtor.today)):
            debtor.pays(cents)


def test_a_plan_is_kept_to_the_last_instalment(planned):
    lives(planned, ("2026-12-14", 4660), ("2027-01-15", 4660), ("2027-02-16", 4660), until="2027-02-17")
    plan = Arrangement.objects.get()
    assert (plan.outcome, plan.ended_on) == ("kept", date(2027, 2, 17))
    assert control().differences == ()
    assert letters() == ["plan-made", "plan-ended"]
    assert differences() == []


def test_a_missed_instalment_is_told_before_it_breaks_the_plan(planned):
    lives(planned, until="2026-12-18")
    assert waiting() == []
    lives(planned, until="2026-12-19")
    assert waiting() == ["credit.plan-late"]
    lives(planned, until="2026-12-20")
    assert Arrangement.objects.get().ended_on is None, "five days of grace"
    lives(planned, until="2026-12-21")
    plan = Arrangement.objects.get()
    assert (plan.outcome, plan.ended_on) == ("broken", date(2026, 12, 21))
    assert planned.balance().current == Money(18642 - 4662), "the rest is home again"
    assert control().differences == ()
    assert letters() == ["plan-made", "plan-ended", "past-due"], "reviewed the same day"
    assert differences() == []


def test_paying_a_late_instalment_in_its_grace_keeps_the_plan(planned):
    lives(planned, ("2026-12-19", 4660), until="2026-12-24")
    assert Arrangement.objects.get().ended_on is None
    assert waiting() == []


def test_the_control_totals_know_plans_and_name_one_that_was_tampered_with(planned):
    assert control().differences == ()
    assert dict(control().totals) == {"running": "1", "taken over": "$186.42"}
    with connection.cursor() as cursor:
        cursor.execute("UPDATE credit_instalment SET amount = amount + 1 WHERE place = 3")
    assert control().differences[0].endswith("18642 taken over, 18642 in debts, 18643 in instalments")


def control():
    return next(one for one in controls() if one.name == "every arrangement adds up")


def test_a_plan_is_cancelled_and_the_debt_goes_home(planned):
    cancel_plan(account=planned.account, **planned.now)
    assert Arrangement.objects.get().outcome == "cancelled"
    assert planned.balance().current == Money(18642 - 4662)
    assert differences() == []


def test_a_call_that_was_made_is_written_down_and_the_review_follows(noticed):
    noticed.on("2026-12-03")
    morning(noticed)
    record_contact(
        account=noticed.account, how=How.PHONE, happened_at=noticed.at, reached=True, by=noticed.now["by"],
        at=noticed.at,
    )  # fmt: skip
    assert steps(Process.objects.get())[1] == ("call", "2026-12-03", "done")
    assert waiting() == []
    noticed.on("2026-12-07")
    morning(noticed)
    assert waiting() == ["credit.review"]
    assert noticed.balance().current > ZERO
