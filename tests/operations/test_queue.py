"""Background work is asked for in a transaction, done once, and told while it goes on."""

from __future__ import annotations

import asyncio
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from django.db import OperationalError, connection
from procrastinate.contrib.django import app
from procrastinate.contrib.django.models import ProcrastinateJob

from lamplighter.billing.models import Adjustment, Bill, RebillRequest
from lamplighter.billing.rules import CannotBill
from lamplighter.jobs import billing as tasks
from lamplighter.jobs.upkeep import forget_old_jobs
from lamplighter.journeys import amending, billing, rebilling
from lamplighter.journeys.nights import begin_night
from lamplighter.kernel.money import Money
from lamplighter.kernel.periods import Period
from lamplighter.platform.models import Run
from lamplighter.platform.operations.queueing import AlreadyQueued, queue, queue_run
from lamplighter.platform.operations.runs import start_run
from lamplighter.platform.transactions import unit_of_work
from tests.town import NIGHTLY, Town

AT = datetime(2026, 9, 1, 19, tzinfo=UTC)
REPO = Path(__file__).parents[2]
AUGUST = Period(date(2026, 8, 1), date(2026, 9, 1))


@pytest.fixture
def town(db, settings, tmp_path):
    settings.INTERVAL_STORE = str(tmp_path / "intervals")
    town = Town(AUGUST.start)
    rate = town.adopts_book("alameda-municipal-power/d-1_2026-07-01.toml")
    for who in ("Ada", "Ben", "Cleo"):
        town.moves_in(who, rate)
        if who != "Cleo":
            town.uses(who, AUGUST, 1000)
    return town


def asked(window):
    return queue_run(
        "billing.bill-window", kind="billing.run", subject=f"window:{window.pk}", alone=f"window:{window.pk}",
        by=NIGHTLY, at=AT, window=window.pk, on="2026-09-01",
    )  # fmt: skip


def run_of(kind):
    return start_run(kind=kind, subject="all", total=0, by=NIGHTLY, at=AT, queued=True)


def test_what_is_rolled_back_is_never_done(town):
    window = town.window("2026-08-01", "2026-09-01")

    class Undone(Exception):
        pass

    with pytest.raises(Undone), unit_of_work(NIGHTLY):
        asked(window)
        raise Undone
    assert (ProcrastinateJob.objects.count(), Run.objects.count()) == (0, 0)


def test_what_is_asked_for_is_a_job_and_a_run_to_follow(town):
    window = town.window("2026-08-01", "2026-09-01")
    run = asked(window)
    job = ProcrastinateJob.objects.get()
    assert (job.task_name, job.lock) == ("billing.bill-window", f"window:{window.pk}")
    assert job.args == {"run": run.pk, "by": str(NIGHTLY), "window": window.pk, "on": "2026-09-01"}
    assert run.state == Run.State.QUEUED


def test_the_same_is_asked_for_once_and_the_transaction_goes_on(town):
    window = town.window("2026-08-01", "2026-09-01")
    asked(window)
    with pytest.raises(AlreadyQueued, match="waiting to be done already"):
        asked(window)
    assert ProcrastinateJob.objects.count() == 1


def test_a_task_that_nobody_wrote_is_refused_at_once(db):
    with pytest.raises(AssertionError, match=r"there is no task billing\.bill-widnow"):
        queue("billing.bill-widnow", alone="x")


def test_every_task_can_be_found(db):
    app.perform_import_paths()
    ours = {name for name in app.tasks if "procrastinate" not in name}
    assert ours >= {"billing.bill-window", "billing.settle-rebills", "upkeep.forget-old-jobs"}


def test_a_bill_run_tells_how_it_goes_and_how_it_ended(town, monkeypatch):
    monkeypatch.setattr(billing, "BATCH", 1)
    window = town.window("2026-08-01", "2026-09-01")
    run = asked(window)
    tasks.bill_window(**ProcrastinateJob.objects.get().args)
    run.refresh_from_db()
    assert (run.state, run.done, run.total) == (Run.State.DONE, 3, 3)
    total = sum((bill.charges for bill in Bill.objects.all()), Money(0))
    assert run.result == {"billed": 2, "parked": 1, "cents": total.cents}
    assert run.message == f"2 billed, {total}; 1 parked"


def test_a_bill_run_that_lost_the_database_goes_on_where_it_stopped(town, monkeypatch):
    monkeypatch.setattr(billing, "BATCH", 1)
    window = town.window("2026-08-01", "2026-09-01")
    run = asked(window)
    arguments = ProcrastinateJob.objects.get().args
    bill, calls = billing.bill_accounts, []

    def lost(**given):
        calls.append(given)
        if len(calls) == 2:
            raise OperationalError("server closed the connection unexpectedly")
        return bill(**given)

    with monkeypatch.context() as patched, pytest.raises(OperationalError):
        patched.setattr(billing, "bill_accounts", lost)
        tasks.bill_window(**arguments)
    run.refresh_from_db()
    assert (run.state, run.done, run.total) == (Run.State.RUNNING, 1, 3), "the job is tried again"
    job = app.tasks["billing.bill-window"]
    assert job.retry_strategy.get_retry_decision(exception=OperationalError(), job=_Attempt(1)) is not None
    assert job.retry_strategy.get_retry_decision(exception=ValueError(), job=_Attempt(1)) is None
    tasks.bill_window(**arguments)
    run.refresh_from_db()
    assert (run.state, run.done, run.total, run.result["billed"]) == (Run.State.DONE, 3, 3, 2)
    assert Bill.objects.count() == 2


class _Attempt:
    def __init__(self, attempts):
        self.attempts = attempts


def test_a_fault_ends_the_run_with_its_words(town, monkeypatch):
    run = asked(town.window("2026-08-01", "2026-09-01"))

    def fault(**_):
        raise ZeroDivisionError("a fault")

    monkeypatch.setattr(tasks, "bill_cycle", fault)
    with pytest.raises(ZeroDivisionError):
        tasks.bill_window(**ProcrastinateJob.objects.get().args)
    run.refresh_from_db()
    assert (run.state, run.message) == (Run.State.FAILED, "ZeroDivisionError: a fault")


def test_by_night_what_changes_no_bill_is_settled_and_the_rest_waits_for_a_person(town, monkeypatch):
    town.on("2026-09-01").bills("2026-08-01", "2026-09-01")
    for who, wh in (("Ada", 9000), ("Ben", 1000)):
        day = AUGUST.start + timedelta(days=3)
        sent_again = Period(day, day + timedelta(days=1))
        town.uses(who, sent_again, wh)
        rebilling.ask_for_channel(
            channel=town.homes[who].channel, period=sent_again, reason="read", cause=f"test:{who}", by=NIGHTLY, at=AT
        )
    moves, same = RebillRequest.objects.order_by("pk")
    tried = amending.work_out

    def refusing(*, agreement, **given):
        if agreement == moves.agreement:
            raise CannotBill("billing.test", "This one can't be billed.")
        return tried(agreement=agreement, **given)

    run = run_of("billing.rebills")
    with monkeypatch.context() as patched:
        patched.setattr(amending, "work_out", refusing)
        tasks.settle_rebills(run=run.pk, by=str(NIGHTLY), on="2026-09-02")
    run.refresh_from_db()
    same.refresh_from_db()
    assert run.result == {"refused": {str(moves.pk): "This one can't be billed."}}
    assert (run.message, same.state) == ("1 settled, 0 for a person to decide, 1 refused", RebillRequest.State.SMALL)
    again = run_of("billing.rebills")
    tasks.settle_rebills(run=again.pk, by=str(NIGHTLY), on="2026-09-02")
    again.refresh_from_db()
    moves.refresh_from_db()
    assert again.message == "0 settled, 1 for a person to decide, 0 refused"
    assert moves.state == RebillRequest.State.WAITING, "the night moves nobody's money"
    assert not Bill.objects.filter(kind=Bill.Kind.CORRECTION).exists()


def test_the_night_bills_each_window_that_is_open_until_nobody_is_due(town):
    window = town.window("2026-08-01", "2026-09-01")
    night = {"by": NIGHTLY, "at": AT}
    assert begin_night(on=window.opens_on - timedelta(days=1), **night) == []
    (run,) = begin_night(on=window.opens_on, **night)
    assert begin_night(on=window.opens_on, **night) == [], "it waits already"
    tasks.bill_window(**ProcrastinateJob.objects.get().args)
    run.refresh_from_db()
    assert run.message.startswith("2 billed, ")
    assert run.message.endswith("; 1 parked")
    with connection.cursor() as cursor:
        cursor.execute("UPDATE procrastinate_jobs SET status = 'succeeded'")
    assert len(begin_night(on=window.closes_on, **night)) == 1, "Cleo's readings may have come"
    assert begin_night(on=window.closes_on + timedelta(days=1), **night) == []


@pytest.mark.parametrize(
    ("nights_late", "freeze", "made_up_for"), [(1, True, 1), (10, True, 1), (11, True, 0), (1, False, 0)]
)
def test_a_window_that_closed_while_nobody_billed_is_billed_after_it(town, nights_late, freeze, made_up_for):
    window = town.window("2026-08-01", "2026-09-01", freeze=freeze)
    late = window.closes_on + timedelta(days=nights_late)
    assert len(begin_night(on=late, by=NIGHTLY, at=AT)) == made_up_for


def test_the_night_charges_who_is_late_and_once(town):
    town.on("2026-09-01").bills("2026-08-01", "2026-09-01")
    town.on("2026-09-10").pays("Ben", town.bill_of("Ben").due.cents)
    for night in ("2026-09-28", "2026-09-29"):
        (run,) = begin_night(on=date.fromisoformat(night), by=NIGHTLY, at=AT)
        tasks.charge_who_is_late(**ProcrastinateJob.objects.latest("id").args)
        with connection.cursor() as cursor:
            cursor.execute("UPDATE procrastinate_jobs SET status = 'succeeded'")
        run.refresh_from_db()
        assert run.message.startswith("1 late charge, $" if night == "2026-09-28" else "0 late charges")
    charge = Adjustment.objects.get(kind=Adjustment.Kind.LATE_CHARGE)
    assert charge.agreement == town.homes["Ada"].agreement


def test_every_task_is_begun_by_somebody():
    """One that no clock and no caller begins does nothing, however well it is written."""
    app.perform_import_paths()
    clocked = {one.task.name for one in app.periodic_registry.periodic_tasks.values()}
    elsewhere = [file for file in (REPO / "src").rglob("*.py") if "jobs" not in file.parts]
    asking = "\n".join(file.read_text() for file in elsewhere)
    named = {name for name in app.tasks if f'"{name}"' in asking}
    assert {name for name in app.tasks if "procrastinate" not in name} - clocked - named == set()


def test_old_jobs_are_forgotten_by_the_clock(db):
    periodic = app.periodic_registry.periodic_tasks["upkeep.forget-old-jobs", ""]
    assert periodic.cron == "17 3 * * *"
    assert asyncio.iscoroutinefunction(forget_old_jobs.func)


def test_readings_are_compacted_by_the_clock(db):
    assert app.periodic_registry.periodic_tasks["upkeep.compact-readings", ""].cron == "41 2 * * *"


def test_every_task_is_told_to_who_runs_the_program():
    app.perform_import_paths()
    told = (REPO / "docs/operations.md").read_text()
    assert [name for name in app.tasks if "procrastinate" not in name and f"`{name}`" not in told] == []
