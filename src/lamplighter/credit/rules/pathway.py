"""The days of one debt from its bill to the first day without power, each with how it is counted; and as a calendar."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from lamplighter.credit.law.days import clock, next_day_to_turn_off, notice_from, why_not_on
from lamplighter.credit.law.parameters import POLICY, Pack, Rule
from lamplighter.credit.rules.collecting import working_days_before

WEEK = 7


@dataclass(frozen=True, slots=True)
class Known:
    """What has happened: when the bill was mailed, the notice (None: not yet), and when tenants behind the service were
    told (None: not yet). `tenants` is how they are metered, "" where there are none."""

    bill_on: date
    notice_on: date | None = None
    tenants: str = ""
    told_on: date | None = None


@dataclass(frozen=True, slots=True)
class Mark:
    """A day of the path: its `letter` in the calendar, how it follows from the days before, and where that stands."""

    letter: str
    day: date
    label: str
    counted: str
    cites: str
    done: bool = False


def pathway(known: Known, *, on: date, pack: Pack) -> tuple[Mark, ...]:
    """Every day in the order in which it is counted. What is not mailed or told yet is taken to be on the first day
    that the law and the office allow, from `on`."""
    first = notice_from(known.bill_on, pack)
    mailed = known.notice_on or pack.calendar.value.next_working_day(max(first, on))
    days = clock(mailed, pack)
    told = _tenants(known, mailed, pack)
    off = next_day_to_turn_off(max([days.off_on, *(mark.day for mark in told[1:])]), pack)
    asked = mailed + timedelta(days=pack.extension_request_days.value)
    ends = days.begins_on + timedelta(days=pack.notice_days.value)
    return (
        Mark("B", known.bill_on, "Bill mailed", "Proof of mailing", POLICY, done=True),
        Mark("N", mailed, "Past-due notice mailed", _of_notice(known, first, pack), pack.bill_to_notice_days.cites,
             done=known.notice_on is not None),
        Mark("T", days.begins_on, "The days of the notice begin", f"{_days(pack.mail_days)} after N",
             pack.mail_days.cites),
        Mark("A", days.ask_by, "Last day to ask for more time",
             _worked(asked, days.ask_by, f"{_days(pack.extension_request_days)} after N"),
             pack.extension_request_days.cites),
        Mark("L", days.pay_by, "Last day to pay", _worked(ends, days.pay_by, f"{_days(pack.notice_days)} after T"),
             pack.notice_days.cites),
        *told,
        Mark("C", working_days_before(off, 2, pack), "Call or visit", "Two working days before E",
             pack.contact_hours.cites),
        Mark("E", off, "Earliest day without power", _skipped(days.pay_by, told, off, pack),
             pack.open_days_after.cites),
    )  # fmt: skip


@dataclass(frozen=True, slots=True)
class Day:
    """A day of the calendar, with the letters of the path that fall on it."""

    day: date
    letters: str
    closed: bool
    today: bool


def weeks(marks: Sequence[Mark], *, on: date, pack: Pack) -> list[tuple[Day, ...]]:
    """From the Monday before the first day to the Sunday after the last."""
    letters = _letters(marks)
    first, last = min(letters), max(letters)
    monday = first - timedelta(days=first.weekday())
    calendar = pack.calendar.value
    found = []
    while monday <= last:
        days = [monday + timedelta(days=count) for count in range(WEEK)]
        found.append(tuple(Day(day, letters.get(day, ""), not calendar.is_working_day(day), day == on) for day in days))
        monday += timedelta(days=WEEK)
    return found


def _letters(marks: Iterable[Mark]) -> dict[date, str]:
    found: dict[date, str] = {}
    for mark in marks:
        found[mark.day] = found.get(mark.day, "") + mark.letter
    return found


def _of_notice(known: Known, first: date, pack: Pack) -> str:
    least = f"At least {_days(pack.bill_to_notice_days)} after B, from {first:%a %b} {first.day}"
    return f"{least}; mailed" if known.notice_on else f"{least}, while the office is open; not mailed yet"


def _tenants(known: Known, mailed: date, pack: Pack) -> tuple[Mark, ...]:
    """When the people behind the service were told, and when their days have gone by."""
    if not known.tenants:
        return ()
    rule = pack.tenant_notice_days[known.tenants]
    told = known.told_on or mailed
    words = "A notice on every door" if known.told_on else "A notice on every door, not given yet"
    after = told + timedelta(days=rule.value)
    return (
        Mark("D", told, "Tenants told", words, rule.cites, done=known.told_on is not None),
        Mark("F", after, "The tenants' days have gone by", f"{_days(rule)} after D", rule.cites),
    )


def _skipped(pay_by: date, told: Sequence[Mark], off: date, pack: Pack) -> str:
    """Which days after the last one to pay are no day to turn power off, and why."""
    after = "L and F" if told else "L"
    start = max([pay_by, *(mark.day - timedelta(days=1) for mark in told[1:])])
    between = [start + timedelta(days=count) for count in range(1, (off - start).days)]
    reasons = "; ".join(_reason(day, pack) for day in between)
    return f"The first day after {after} that is free{f': {reasons}' if reasons else ''}"


def _reason(day: date, pack: Pack) -> str:
    closed = why_not_on(day, pack) is pack.calendar
    return f"{day:%a %b} {day.day} {'closed' if closed else 'before a closed day'}"


def _worked(counted: date, day: date, words: str) -> str:
    """The count, and where it was moved to."""
    moved = f": {counted:%a %b} {counted.day} is closed, so the next working day"
    return words if counted == day else f"{words}{moved}"


def _days(rule: Rule[int]) -> str:
    return f"{rule.value} day" if rule.value == 1 else f"{rule.value} days"


def as_lines(marks: Sequence[Mark], *, on: date, pack: Pack) -> Iterator[str]:
    """The calendar as text, week by week; `·` marks a day on which the office is closed."""
    for week in weeks(marks, on=on, pack=pack):
        cells = "".join(f"{one.day.day:>3}{'·' if one.closed else ''}{one.letters}".ljust(8) for one in week)
        yield f"{week[0].day:%b} {cells}".rstrip()
