"""Begin, renew and end enrollments, each with the fact that the rate asks for."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from lamplighter.accounts.models import Agreement
from lamplighter.accounts.operations import state_fact
from lamplighter.kernel.actors import Actor
from lamplighter.kernel.periods import Period
from lamplighter.notices.models import Notice
from lamplighter.platform.operations.events import Happening, record, record_many
from lamplighter.platform.transactions import advisory_lock, in_transaction
from lamplighter.programs.kinds import RENEW
from lamplighter.programs.models import Application, Enrollment, Program, Reminder
from lamplighter.programs.rules.qualifying import Basis, CannotApply
from lamplighter.worklist.operations import finish_where

YES, NO = "yes", "no"


@in_transaction
def enroll(*, application: Application, period: Period, by: Actor, at: datetime) -> Enrollment:
    """Put the program on the agreement for a period, after the enrollment that still runs, if one does."""
    program, agreement = application.program, application.agreement
    advisory_lock(f"enrollment:{program.code}:{agreement.pk}")
    running = _running(program, agreement, period.start)
    if running:
        assert running.period.end is not None, "an enrollment has an end"
        gained = (period.end or running.period.closed_end) - running.period.closed_end
        if gained.days <= 0:
            raise CannotApply(f"They have it until {running.period.last_day:%b %-d, %Y} already.")
        period = Period(running.period.closed_end, period.end)
    made = Enrollment.objects.create(
        program=program, account=application.account, agreement=agreement, period=period, basis=application.basis,
        application=application, follows=running, begun_at=at, begun_by=by,
    )  # fmt: skip
    state_fact(
        agreement=agreement, name=program.fact, value=YES, period=period, by=by, at=at, evidence=application.number
    )
    record(
        "programs.enrollment.begun", subject=made.subject, account=made.account_id, by=by, at=at, program=program.code,
        start=period.start.isoformat(), end=period.closed_end.isoformat(), basis=made.basis, renews=bool(running),
    )  # fmt: skip
    if running:
        finish_where(subjects=[running.subject], by=by, at=at, kind=RENEW.key)
    return made


@in_transaction
def end_enrollment(
    *, enrollment: Enrollment, why: Enrollment.Ended, on: date, by: Actor, at: datetime, remark: str = ""
) -> Enrollment:
    """`on` is the first day without it. What was to follow it never begins, and is taken away."""
    live = Enrollment.objects.select_for_update(of=("self",)).select_related("program", "agreement").get(
        pk=enrollment.pk
    )  # fmt: skip
    if not live.period.start < on or live.ended_at or live.period.closed_end <= on:
        raise CannotApply(f"It runs {live.period}. Choose a later day, and one within.")
    rest = Period(on, live.period.closed_end)
    for later in reversed(_those_after(live)):
        rest = Period(on, max(rest.closed_end, later.period.closed_end))
        record(
            "programs.enrollment.ended", subject=later.subject, account=later.account_id, by=by, at=at,
            program=later.program_id, on=later.period.start.isoformat(), reason=why.value,
        )  # fmt: skip
        later.delete()
    live.period, live.ended_at, live.ended_by, live.ended_why = live.period.ending(on), at, by, why
    live.save(update_fields=["period", "ended_at", "ended_by", "ended_why"])
    if (served := rest & live.agreement.period) is not None:
        state_fact(agreement=live.agreement, name=live.program.fact, value=NO, period=served, by=by, at=at)
    record(
        "programs.enrollment.ended", subject=live.subject, account=live.account_id, by=by, at=at, remark=remark,
        program=live.program_id, on=on.isoformat(), reason=why.value,
    )  # fmt: skip
    finish_where(subjects=[live.subject], by=by, at=at, kind=RENEW.key)
    return live


@dataclass(frozen=True, slots=True)
class EnrollmentIn:
    """An enrollment that another system had: its fact is on the agreement already."""

    program: Program
    agreement: Agreement
    period: Period
    basis: Basis


@in_transaction
def convert_enrollments(*, enrollments: Sequence[EnrollmentIn], by: Actor, at: datetime) -> list[Enrollment]:
    """Take over who is enrolled, in order: all or none."""
    made = Enrollment.objects.bulk_create(
        Enrollment(
            program=one.program, account_id=one.agreement.account_id, agreement=one.agreement, period=one.period,
            basis=one.basis, begun_at=at, begun_by=by,
        )
        for one in enrollments
    )  # fmt: skip
    told = (
        Happening(
            "programs.enrollment.converted", row.subject, row.account_id,
            {"program": row.program_id, "start": row.period.start.isoformat(), "end": row.period.closed_end.isoformat(),
             "basis": row.basis},
        )
        for row in made
    )  # fmt: skip
    record_many(told, by=by, at=at)
    return made


@in_transaction
def let_fact_end(*, enrollment: Enrollment, by: Actor, at: datetime) -> None:
    """What another system had given without an end ends with the enrollment that was taken over."""
    end, agreement = enrollment.period.closed_end, enrollment.agreement
    facts = agreement.facts.filter(name=enrollment.program.fact, value=YES, period__contains=end)
    if facts.exists() and (rest := Period(end) & agreement.period) is not None:
        state_fact(agreement=agreement, name=enrollment.program.fact, value=NO, period=rest, by=by, at=at)


@in_transaction
def write_reminder(*, enrollment: Enrollment, days: int, notice: Notice | None, on: date) -> Reminder:
    """That a letter about the end went out; the letter itself is an event of notices."""
    return Reminder.objects.create(enrollment=enrollment, days=days, notice=notice, on=on)


def _those_after(enrollment: Enrollment) -> list[Enrollment]:
    """What renews it, and what renews that."""
    found: list[Enrollment] = []
    while (nxt := Enrollment.objects.filter(follows=found[-1] if found else enrollment).first()) is not None:
        found.append(nxt)
    return found


def _running(program: Program, agreement: Agreement, day: date) -> Enrollment | None:
    rows = Enrollment.objects.filter(program=program, agreement=agreement, period__endswith__gt=day)
    return rows.order_by("-period").first()
