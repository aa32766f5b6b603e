"""How the days of a notice are counted, and on which days and hours power may be turned off.

The first day is left out and the last counted; a last day on which the office is closed moves to the next working day
(California Code of Civil Procedure 12, 12a; elsewhere the same by policy, since it can only help the customer).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from lamplighter.credit.law.parameters import Pack, Rule


@dataclass(frozen=True, slots=True)
class NoticeClock:
    """The days that follow from a mailing. `off_on` is the first day on which power may be turned off."""

    mailed_on: date
    begins_on: date
    pay_by: date
    ask_by: date
    off_on: date


def notice_from(bill_mailed_on: date, pack: Pack) -> date:
    """The first day on which a notice about a bill may be mailed."""
    return bill_mailed_on + timedelta(days=pack.bill_to_notice_days.value)


def floor(bill_mailed_on: date, pack: Pack) -> date:
    """The earliest day that the statute alone allows: in California the 34th after the bill was mailed."""
    return notice_from(bill_mailed_on, pack) + timedelta(days=pack.mail_days.value + pack.notice_days.value)


def clock(mailed_on: date, pack: Pack) -> NoticeClock:
    """Count from the day on which a notice was mailed."""
    working = pack.calendar.value.next_working_day
    begins_on = mailed_on + timedelta(days=pack.mail_days.value)
    pay_by = working(begins_on + timedelta(days=pack.notice_days.value))
    after = pay_by + timedelta(days=pack.whole_last_days.value)
    return NoticeClock(
        mailed_on=mailed_on, begins_on=begins_on, pay_by=pay_by,
        ask_by=working(mailed_on + timedelta(days=pack.extension_request_days.value)),
        off_on=next_day_to_turn_off(after, pack),
    )  # fmt: skip


def next_day_to_turn_off(day: date, pack: Pack) -> date:
    """`day` itself when nothing in the calendar forbids it."""
    while why_not_on(day, pack):
        day += timedelta(days=1)
    return day


def why_not_on(day: date, pack: Pack) -> Rule[Any] | None:
    """The rule that keeps power on for the whole of this day, if one does."""
    calendar = pack.calendar.value
    if not calendar.is_working_day(day):
        return pack.calendar
    ahead = range(1, pack.open_days_after.value + 1)
    if not all(calendar.is_working_day(day + timedelta(days=days)) for days in ahead):
        return pack.open_days_after
    return None


def why_not_at(local: datetime, pack: Pack) -> Rule[Any] | None:
    """The same for an instant, given in the utility's zone: the office must be open, too."""
    assert local.tzinfo is not None
    if rule := why_not_on(local.date(), pack):
        return rule
    return None if local.time() in pack.office.value else pack.office
