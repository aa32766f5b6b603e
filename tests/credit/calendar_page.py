"""Ten accounts as calendars: what docs/algorithms/collection-calendar.md shows, printed from the program's own days."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import date, timedelta

from lamplighter.credit.law.california import MUNICIPAL
from lamplighter.credit.law.days import clock, notice_from
from lamplighter.kernel.calendars import HolidayCalendar

BILLS = ("2026-01-05", "2026-01-28", "2026-04-27", "2026-05-29", "2026-07-24", "2026-09-08", "2026-10-07", "2026-10-22",
         "2026-11-06", "2026-11-20")  # fmt: skip
CALENDAR = MUNICIPAL.calendar.value


def days_of(bill: date) -> dict[str, date]:
    """The days of an account whose bill was mailed on one, and its notice as soon as the law and the office let it."""
    notice = CALENDAR.next_working_day(notice_from(bill, MUNICIPAL))
    counted = clock(notice, MUNICIPAL)
    return {
        "B": bill, "N": notice, "T": counted.begins_on, "A": counted.ask_by, "L": counted.pay_by, "E": counted.off_on,
    }  # fmt: skip


def calendar_of(
    days: Mapping[str, date], calendar: HolidayCalendar = CALENDAR, barred: Collection[date] = frozenset()
) -> str:
    """Weeks from Monday to Sunday, with the letters of the days; `·` marks a day on which the office is closed, `+` one
    that is protected otherwise."""
    marks: dict[date, str] = {}
    for letter, day in days.items():
        marks[day] = marks.get(day, "") + letter
    first = days["B"] - timedelta(days=days["B"].weekday())
    last = max(marks)
    lines = ["        Mon    Tue    Wed    Thu    Fri    Sat    Sun"]
    while first <= last:
        week = [first + timedelta(days=count) for count in range(7)]
        cells = "".join(f"{day.day:>3}{_mark(day, marks, calendar, barred):<4}" for day in week)
        lines.append(f"{first:%b} {cells}".rstrip())
        first += timedelta(days=7)
    return "\n".join(lines)


def _mark(day: date, marks: Mapping[date, str], calendar: HolidayCalendar, barred: Collection[date]) -> str:
    closed = "" if calendar.is_working_day(day) else "·"
    return closed + ("+" if day in barred else "") + marks.get(day, "")


def page() -> str:
    parts = []
    for number, text in enumerate(BILLS, start=1):
        bill = date.fromisoformat(text)
        days = days_of(bill)
        told = ", ".join(f"{letter} {day:%a %b} {day.day}" for letter, day in days.items())
        parts.append(f"### Account {number}: bill of {bill:%A, %B} {bill.day}, {bill.year}\n{told}\n```\n"
                     f"{calendar_of(days)}\n```\n")  # fmt: skip
    return "\n".join(parts)
