"""Days that were billed wrongly are billed again at the account, after what would change was shown."""

from __future__ import annotations

from uuid import uuid4

import pytest
from procrastinate.contrib.django.models import ProcrastinateJob

from lamplighter.billing.models import Bill, RebillRequest
from lamplighter.customers.models import Person
from lamplighter.jobs.billing import settle_rebills
from lamplighter.kernel.money import Money
from lamplighter.platform.models import ApprovalLimit, Run, User
from lamplighter.usage.models import RegisterRead
from lamplighter.worklist.models import Item

from .conftest import words


@pytest.fixture
def iris(at_desk):
    return at_desk("iris")


@pytest.fixture
def page(number):
    return f"/desk/accounts/{number('Pat Kowalczyk')}/do/rebill/"


@pytest.fixture
def corrected(iris, town):
    """Pat's last read was forty too high."""
    channel = town.homes["Pat Kowalczyk"].channel
    read = RegisterRead.objects.filter(channel=channel, superseded_by__isnull=True).latest("at")
    form = {"request_key": str(uuid4()), "count": str(read.count - 40), "remark": "Misread."}
    assert iris.post(f"/desk/meters/{channel.meter.badge}/reads/{read.pk}/do/correct/", form).status_code == 303
    return RebillRequest.objects.get(agreement__account=town.homes["Pat Kowalczyk"].account, state="waiting")


def test_what_would_change_is_shown_and_then_done(iris, page, corrected):
    before = Bill.objects.filter(kind="correction").count()
    opened = iris.get(page)
    said = words(opened)
    assert "Asked for Corrected read, from" in said
    assert " becomes $" in said
    assert " credit Decides you Bill again" in said
    form = opened.context["form"]
    sent = {"request_key": form["request_key"].value(), "shown": form["shown"].value()}
    done = words(iris.post(page, sent, follow=True))
    corrected.refresh_from_db()
    assert corrected.state == "done"
    bill = Bill.objects.filter(kind="correction", account=corrected.agreement.account).latest("pk")
    assert f"Billed again: bill {bill.number}." in done
    assert "corrects earlier bills" in done
    assert "Correction Billed again · you" in done
    was = bill.segments.get().period
    assert f"for {was.start:%b} {was.start.day} to {was.last_day:%b} {was.last_day.day} cancelled" in done
    assert corrected.difference.cents < 0
    assert iris.post(page, sent).status_code == 303, "a repeat gets the same answer"
    assert Bill.objects.filter(kind="correction").count() == before + 1
    assert iris.get(page).status_code == 404


def test_what_is_not_what_was_shown_is_not_billed(iris, page, corrected):
    refused = iris.post(page, {"request_key": str(uuid4()), "shown": "another"})
    assert refused.status_code == 422
    assert "Something changed since this was shown, and nothing was billed." in words(refused)
    corrected.refresh_from_db()
    assert corrected.state == "waiting"


def test_a_second_clerk_is_told_that_it_is_done(iris, at_desk, page, corrected):
    shown = iris.get(page).context["form"]["shown"].value()
    for answer in (303, 422):
        sent = at_desk("dana").post(page, {"request_key": str(uuid4()), "shown": shown})
        assert sent.status_code == answer
    assert "This was billed again already." in words(sent)


def test_the_work_leads_to_it(iris, page, corrected):
    item = Item.objects.waiting().get(kind="billing.rebill", account=corrected.agreement.account_id)
    assert f'href="{page}"' in iris.get(f"/desk/work/{item.pk}/").content.decode()


def test_who_may_not_correct_bills_does_not(at_desk, page, corrected):
    assert at_desk("tuan").get(page).status_code == 403


def run_again(client):
    """What somebody asks for at the list, and the worker does; the run."""
    page = client.get("/desk/billing/again/do/run/")
    sent = {"request_key": page.context["form"]["request_key"].value()}
    answer = client.post("/desk/billing/again/do/run/", sent)
    settle_rebills(**ProcrastinateJob.objects.filter(task_name="billing.settle-rebills").latest("id").args)
    run = Run.objects.filter(kind="billing.rebills").latest("pk")
    assert answer["Location"] == f"/runs/{run.pk}/"
    return run


def test_all_that_wait_are_billed_again_as_far_as_one_may_decide(iris, corrected):
    assert run_again(iris).message.startswith("1 settled, 0 for a person to decide")
    corrected.refresh_from_db()
    assert corrected.state == "done"


def test_what_is_beyond_ones_limit_waits_for_a_person(iris, corrected):
    ApprovalLimit.objects.filter(permission="billing.correct").update(amount=Money(1))
    assert run_again(iris).message.startswith("0 settled, 1 for a person to decide")
    corrected.refresh_from_db()
    assert corrected.state == "waiting"


def test_what_is_on_ones_own_account_waits_for_a_colleague(iris, corrected):
    holder = Person.objects.filter(account_roles__account=corrected.agreement.account).first()
    Person.objects.filter(pk=holder.pk).update(login=User.objects.get(username="iris"))
    assert run_again(iris).message.startswith("0 settled, 1 for a person to decide")
    corrected.refresh_from_db()
    assert corrected.state == "waiting"
