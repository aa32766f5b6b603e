"""A day of programs: remind who must recertify, end what is over, and let applications lapse."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from lamplighter.journeys import dunning
from lamplighter.journeys.dunning import Letter
from lamplighter.journeys.enrolling import ended_letter
from lamplighter.kernel.actors import Actor
from lamplighter.platform.transactions import in_transaction
from lamplighter.programs.kinds import RENEW, UNTOLD
from lamplighter.programs.models import Application, Enrollment, ProgramTerms
from lamplighter.programs.operations import applying, enrolling
from lamplighter.programs.queries.enrolled import ending
from lamplighter.worklist.operations import Draft, finish_where, raise_items

OVER = 0
"""The reminder that says that an enrollment has ended."""
CALL_DAYS = 15
"""So many days before the end, somebody is to call."""
TELL_DAYS = 31
"""So many days after the end, a letter about it still says something new."""


@dataclass(frozen=True, slots=True)
class ProgramDay:
    """What a day did."""

    reminded: int = 0
    over: int = 0
    lapsed: int = 0
    moved: int = 0


@in_transaction
def pass_a_program_day(*, on: date, by: Actor, at: datetime) -> ProgramDay:
    """Begun again it changes nothing twice: each letter has its reminder, and what ended has its row."""
    return ProgramDay(
        reminded=_remind(on=on, by=by, at=at), over=_tell_ends(on=on, by=by, at=at),
        lapsed=_lapse(on=on, by=by, at=at), moved=_leave_with_service(on=on, by=by, at=at),
    )  # fmt: skip


def _remind(*, on: date, by: Actor, at: datetime) -> int:
    """The letter of the nearest day that has come; earlier ones are not sent late."""
    schedule = _schedule(on)
    rows = ending(on=on, within=max((days[0] for days in schedule.values() if days), default=0))
    count = 0
    for row in rows.prefetch_related("reminders"):
        left = (row.period.closed_end - on).days
        due = min((days for days in schedule.get(row.program_id, ()) if left <= days), default=None)
        if due is None or any(reminder.days <= due for reminder in row.reminders.all()):
            continue
        letter = Letter(
            "program-renew", f"program-renew:{row.pk}:{due}", row.subject,
            {"program": row.program.name, "last": row.period.last_day},
        )  # fmt: skip
        notice = dunning.write(letter, account=row.account, on=on, by=by, at=at, untold=UNTOLD.key)
        enrolling.write_reminder(enrollment=row, days=due, notice=notice, on=on)
        if due <= CALL_DAYS:
            _call(row, by, at)
        count += 1
    return count


def _tell_ends(*, on: date, by: Actor, at: datetime) -> int:
    """What ended by itself and was not renewed, reminded of or not; whom it ended for long ago gets no letter."""
    rows = Enrollment.objects.filter(
        period__endswith__lte=on, followed_by__isnull=True, ended_at__isnull=True
    ).exclude(reminders__days=OVER).select_related("program", "account", "agreement")  # fmt: skip
    count = 0
    for row in rows:
        letter = ended_letter(row, "time", row.period.closed_end)
        lately = (on - row.period.closed_end).days <= TELL_DAYS
        notice = dunning.write(letter, account=row.account, on=on, by=by, at=at, untold=UNTOLD.key) if lately else None
        enrolling.write_reminder(enrollment=row, days=OVER, notice=notice, on=on)
        enrolling.let_fact_end(enrollment=row, by=by, at=at)
        finish_where(subjects=[row.subject], by=by, at=at, kind=RENEW.key)
        count += 1
    return count


def _lapse(*, on: date, by: Actor, at: datetime) -> int:
    rows = list(Application.objects.filter(state=Application.State.MISSING, papers_by__lt=on).order_by("pk"))
    for row in rows:
        applying.end_application(application=row, state=Application.State.LAPSED, on=on, by=by, at=at)
    return len(rows)


def _leave_with_service(*, on: date, by: Actor, at: datetime) -> int:
    """Who moved out takes no discount along: the enrollment ends with the service."""
    rows = Enrollment.objects.filter(
        period__contains=on, agreement__period__endswith__lte=on, ended_at__isnull=True
    ).select_related("agreement")  # fmt: skip
    count = 0
    for row in rows:
        enrolling.end_enrollment(enrollment=row, why=Enrollment.Ended.MOVED, on=max(
            row.agreement.period.closed_end, date.fromordinal(row.period.start.toordinal() + 1)
        ), by=by, at=at)  # fmt: skip
        count += 1
    return count


def _call(row: Enrollment, by: Actor, at: datetime) -> None:
    words = f"{row.program.name} ends {row.period.last_day:%b %-d}"
    raise_items(drafts=[Draft(RENEW.key, row.subject, words, account=row.account_id)], by=by, at=at)


def _schedule(on: date) -> dict[str, tuple[int, ...]]:
    """Days before the end on which each program reminds, the earliest reminder first."""
    rows = ProgramTerms.objects.filter(period__contains=on)
    return {row.program_id: tuple(sorted(row.remind_days, reverse=True)) for row in rows}
