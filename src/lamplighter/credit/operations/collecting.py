"""Begin collection processes, do their steps, and end them the moment that their debt is gone."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import date, datetime
from zoneinfo import ZoneInfo

from django.conf import settings

from lamplighter.accounts.models import Account
from lamplighter.credit.kinds import CALL, LATE, REVIEW, UNTOLD
from lamplighter.credit.models import Arrangement, Process, Step
from lamplighter.credit.rules.collecting import Planned, ProcessTemplate
from lamplighter.kernel.actors import Actor
from lamplighter.kernel.money import Money
from lamplighter.notices.models import Notice
from lamplighter.platform.operations.events import record
from lamplighter.platform.transactions import in_transaction
from lamplighter.worklist.operations import finish_where


@in_transaction
def begin_process(
    *,
    account: Account,
    template: ProcessTemplate,
    steps: Sequence[Planned],
    debt: Money,
    on: date,
    by: Actor,
    at: datetime,
) -> Process:
    """Write the process with its steps as planned; nothing is done yet."""
    process = Process.objects.create(
        account=account, template=template.key, debt=debt, started_on=on, started_at=at, started_by=by
    )
    Step.objects.bulk_create(
        Step(process=process, place=place, key=one.step.key, due_on=one.due_on) for place, one in enumerate(steps)
    )
    record(
        "credit.collection.begun", subject=process.subject, account=account.pk, by=by, at=at, template=template.key,
        cents=debt.cents,
    )  # fmt: skip
    return process


@in_transaction
def finish_step(
    *, step: Step, on: date, by: Actor, at: datetime, amount: Money | None = None, notice: Notice | None = None
) -> Step:
    """A step is done; a letter keeps the notice that proves its mailing, and how much it asked for."""
    step.done_on, step.amount, step.notice = on, amount, notice
    step.save(update_fields=["done_on", "amount", "notice"])
    record(
        "credit.step.done", subject=step.process.subject, account=step.process.account_id, by=by, at=at, step=step.key,
        cents=amount.cents if amount else None,
    )  # fmt: skip
    return step


@in_transaction
def move_steps(*, process: Process, days: dict[str, date]) -> None:
    """The notice was mailed: the days of the steps that wait for it are counted from there."""
    for step in process.steps.filter(done_on__isnull=True, cancelled_on__isnull=True, key__in=days):
        step.due_on = days[step.key]
        step.save(update_fields=["due_on"])


@in_transaction
def end_process(*, process: Process, outcome: str, on: date, by: Actor, at: datetime) -> Process:
    """Nothing more of it happens: open steps are cancelled, and what waits for people is done."""
    live = Process.objects.select_for_update(of=("self",)).get(pk=process.pk)
    if live.ended_on is not None:
        return live
    Step.objects.filter(process=live, done_on__isnull=True, cancelled_on__isnull=True).update(cancelled_on=on)
    live.ended_on, live.outcome, live.ended_by = on, outcome, by
    live.save(update_fields=["ended_on", "outcome", "ended_by"])
    for kind in (CALL, REVIEW, UNTOLD):
        finish_where(subjects=[live.subject], by=by, at=at, kind=kind.key)
    record(
        "credit.collection.ended", subject=live.subject, account=live.account_id, by=by, at=at, reason=outcome,
        template=live.template,
    )  # fmt: skip
    return live


@in_transaction
def call_is_made(*, account: Account, by: Actor, at: datetime) -> None:
    """Somebody tried to reach the customer: the step that asked for it is done, if it was due."""
    on = at.astimezone(ZoneInfo(settings.UTILITY_ZONE)).date()
    open_ = Step.objects.filter(process__account=account, process__ended_on__isnull=True, done_on__isnull=True)
    for step in open_.filter(key="call", due_on__lte=on, cancelled_on__isnull=True).select_related("process"):
        finish_step(step=step, on=on, by=by, at=at)
        finish_where(subjects=[step.process.subject], by=by, at=at, kind=CALL.key)


@in_transaction
def plans_are_on_time(*, accounts: Collection[int], by: Actor, at: datetime) -> None:
    """What waited about a late instalment is done."""
    plans = Arrangement.objects.filter(account__in=accounts, ended_on__isnull=True)
    if subjects := [plan.subject for plan in plans]:
        finish_where(subjects=subjects, by=by, at=at, kind=LATE.key)
