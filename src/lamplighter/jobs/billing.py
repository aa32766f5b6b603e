"""Bill a cycle window, and settle what was asked to be billed again."""

from __future__ import annotations

from datetime import date, timedelta

from django.conf import settings
from django.db.models import Count, Sum
from django.utils import timezone
from procrastinate.contrib.django import app

from lamplighter.accounts.models import Account
from lamplighter.billing.models import Bill, CycleWindow, Parked, PrintJob, RebillRequest
from lamplighter.billing.operations.printing import make_job
from lamplighter.billing.queries.dispatch import Way, issued_lately
from lamplighter.billing.rules import CannotBill
from lamplighter.jobs.progress import WHEN_THE_DATABASE_RETURNS, telling, told
from lamplighter.journeys.amending import issue_known
from lamplighter.journeys.billing import BATCH, bill_cycle, bill_finals, leaving
from lamplighter.journeys.changing import ask_after_adoption
from lamplighter.journeys.charging import accounts_late, charge_late
from lamplighter.journeys.nights import begin_night
from lamplighter.kernel.actors import Actor, system
from lamplighter.kernel.money import ZERO, Money
from lamplighter.platform.operations.runs import end_run
from lamplighter.platform.transactions import unit_of_work

BY = system("bill-run")


@app.task(name="billing.bill-window", retry=WHEN_THE_DATABASE_RETURNS)
def bill_window(*, run: int, by: str, window: int, on: str) -> None:
    """Bill every account of a window that has no bill in it yet, as issued `on`. Its result counts the whole window,
    whatever part of it an earlier attempt had billed."""
    with told(run) as found:
        found_window = CycleWindow.objects.get(pk=window)
        bill_cycle(
            window=found_window, on=date.fromisoformat(on), by=Actor.parse(by), at=timezone.now(),
            progress=telling(found), processes=settings.PROCESSES,
        )  # fmt: skip
        billed = Bill.objects.filter(window=found_window).aggregate(count=Count("id"), charges=Sum("charges"))
        parked = Parked.objects.filter(window=found_window, state=Parked.State.OPEN).count()
        charges = billed["charges"] or ZERO
        end_run(
            run=found, at=timezone.now(), message=f"{billed['count']:,} billed, {charges}; {parked:,} parked",
            billed=billed["count"], parked=parked, cents=charges.cents,
        )  # fmt: skip


@app.task(name="billing.print-bills", retry=WHEN_THE_DATABASE_RETURNS)
def print_bills(*, run: int, by: str, on: str, since: str) -> None:
    """Put every bill that has to be printed into files for the print shop; each is kept before the next is made. The
    first time bills issued from `since` on are."""
    day, begins, who = date.fromisoformat(on), date.fromisoformat(since), Actor.parse(by)
    made = list[PrintJob]()
    with told(run) as found:
        waiting, progress = issued_lately(on=day).filter(way=Way.TO_PRINT).count(), telling(found)
        while True:
            with unit_of_work(who):
                job = make_job(on=day, since=begins, by=who, at=timezone.now())
            if job is None:
                break
            made.append(job)
            progress(sum(one.pieces for one in made), waiting)
        pieces, pages = sum(one.pieces for one in made), sum(one.pages for one in made)
        end_run(
            run=found, at=timezone.now(), message=f"{len(made)} files, {pieces:,} bills, {pages:,} pages",
            jobs=[one.number for one in made],
        )  # fmt: skip


@app.task(name="billing.settle-rebills", retry=WHEN_THE_DATABASE_RETURNS)
def settle_rebills(*, run: int, by: str, on: str) -> None:
    """Carry out every waiting request to bill again that is within the limit of who asked, each in its own transaction.
    One that is refused stays waiting, with the reason in the run's result, and stops no other."""
    refused: dict[str, str] = {}
    with told(run) as found:
        waiting = list(RebillRequest.objects.filter(state=RebillRequest.State.WAITING).order_by("pk").values_list("pk"))
        progress, settled = telling(found), 0
        for done, (request,) in enumerate(waiting, start=1):
            try:
                settled += _settled(request, on=date.fromisoformat(on), by=Actor.parse(by))
            except CannotBill as why:
                refused[str(request)] = str(why)
            progress(done, len(waiting))
        left = found.total - settled - len(refused)
        end_run(
            run=found, at=timezone.now(), refused=refused,
            message=f"{settled:,} settled, {left:,} for a person to decide, {len(refused):,} refused",
        )  # fmt: skip


@app.task(name="billing.charge-late", retry=WHEN_THE_DATABASE_RETURNS)
def charge_who_is_late(*, run: int, by: str, on: str) -> None:
    """Charge every account that is late, once a bill; each batch stands by itself."""
    day, who, made = date.fromisoformat(on), Actor.parse(by), list[Money]()
    with told(run) as found:
        waiting = list(accounts_late(day).order_by("pk").values_list("pk", flat=True))
        progress = telling(found)
        for first in range(0, len(waiting), BATCH):
            with unit_of_work(who):
                batch = list(Account.objects.filter(pk__in=waiting[first : first + BATCH]).order_by("pk"))
                charges = charge_late(accounts_due=batch, on=day, by=who, at=timezone.now())
            made += [charge.amount for charge in charges]
            progress(min(first + BATCH, len(waiting)), len(waiting))
        whole = sum(made, ZERO)
        end_run(run=found, at=timezone.now(), charged=len(made), cents=whole.cents,
                message=f"{len(made):,} late charge{'' if len(made) == 1 else 's'}, {whole}")  # fmt: skip


@app.task(name="billing.bill-finals", retry=WHEN_THE_DATABASE_RETURNS)
def settle_finals(*, run: int, by: str, on: str) -> None:
    """Bill who has left up to their last day, as far as it is read; each batch stands by itself."""
    day, who = date.fromisoformat(on), Actor.parse(by)
    with told(run) as found:
        waiting = list(leaving(day).order_by("pk").values_list("pk", flat=True))
        progress, billed = telling(found), 0
        for first in range(0, len(waiting), BATCH):
            with unit_of_work(who):
                billed += bill_finals(accounts=waiting[first : first + BATCH], on=day, by=who, at=timezone.now())
            progress(min(first + BATCH, len(waiting)), len(waiting))
        left = len(waiting) - billed
        end_run(
            run=found, at=timezone.now(), billed=billed,
            message=f"{billed:,} final bills; {left:,} wait for their last readings",
        )  # fmt: skip


@app.periodic(cron="20 9 * * *")
@app.task(name="billing.night", queueing_lock="billing.night", lock="billing.night", retry=WHEN_THE_DATABASE_RETURNS)
def pass_night(timestamp: int = 0) -> int:  # noqa: ARG001 - when it was due
    """Queue what waits to be billed again, late charges, final bills, and each window that is open. How many runs."""
    return len(begin_night(on=timezone.localdate(), by=BY, at=timezone.now()))


@app.periodic(cron="11 1 * * *")
@app.task(name="billing.ask-after-adoption", queueing_lock="billing.ask-after-adoption")
def after_adoption(timestamp: int = 0) -> int:  # noqa: ARG001 - when it was due
    """Rates that were adopted in the last week for days before: every bill on them is asked for again. How many."""
    now = timezone.now()
    with unit_of_work(BY):
        return len(ask_after_adoption(since=now - timedelta(days=7), by=BY, at=now))


def _settled(pk: int, *, on: date, by: Actor) -> bool:
    """False where it waits for a person; True also where somebody was quicker."""
    with unit_of_work(by):
        if not RebillRequest.objects.filter(pk=pk, state=RebillRequest.State.WAITING).exists():
            return True
        return issue_known(request=pk, on=on, by=by, at=timezone.now())
