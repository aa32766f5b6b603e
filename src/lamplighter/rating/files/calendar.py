"""Read the calendar of a tariff: seasons, holidays, and clocks with their TOU periods."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from itertools import pairwise

from lamplighter.kernel.calendars import US_HOLIDAYS, Holiday, HolidayCalendar, Observance
from lamplighter.kernel.periods import Period
from lamplighter.rating.files.tables import Table
from lamplighter.rating.hours import (
    DAY_MINUTES,
    EVERY_DAY,
    Clock,
    HolidayRule,
    LikeWeekday,
    Suspends,
    TouPeriod,
    Window,
)
from lamplighter.rating.peakhours import PeakHours
from lamplighter.rating.seasons import DaySpan, MonthDay, Season

DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
MONTH_DAY = re.compile(r"(\d\d)-(\d\d)")
TIME = re.compile(r"(\d{1,2}):(\d\d)")
HOUR = "%Y-%m-%d %H:%M"
LONG_AGO = date(1900, 1, 1), date(1900, 1, 2)  # stands for days that the file does not tell
LEAP = 2024  # a year that has every day


def seasons(table: Table) -> tuple[Season, ...]:
    """`[[calendar.season]]` with from and to, both days included; one name may have several spans."""
    spans: dict[str, list[DaySpan]] = {}
    for inner in table.tables("season"):
        first, last = _month_day(inner, "from"), _month_day(inner, "to")
        spans.setdefault(inner.text("name"), []).append(DaySpan(first, last))
        inner.close()
    return tuple(Season(name, tuple(found)) for name, found in spans.items())


def holidays(table: Table) -> HolidayCalendar:
    inner = table.table("holidays")
    if inner is None:
        return HolidayCalendar()
    names = inner.words("days")
    for name in names:
        if name not in US_HOLIDAYS:
            inner.unknown("days", name, list(US_HOLIDAYS))
    known = [US_HOLIDAYS[name] for name in names if name in US_HOLIDAYS]
    own = [_holiday(other) for other in inner.tables("other")]
    observed = inner.word("observed", Observance, Observance.AS_IS)
    inner.close()
    return HolidayCalendar((*known, *own), observed)


def clocks(table: Table, found: tuple[Season, ...], days_off: HolidayCalendar) -> dict[str, Clock]:
    """`[[calendar.clock]]` tables, by name."""
    return {clock.name: clock for inner in table.tables("clock") for clock in [_clock(inner, found, days_off)]}


def peak_hours(table: Table) -> PeakHours | None:
    """`[calendar.peak_hours]`: the hours in which the system peaked, on the days from `from` up to `until`."""
    inner = table.table("peak_hours")
    if inner is None:
        return None
    first, end = inner.day("from", needed=True), inner.day("until", needed=True)
    if first is None or end is None or end <= first:
        if first is not None and end is not None:
            inner.wrong("until", f"It ends on {end}, before it begins.", "until is the first day that is not known.")
        first, end = LONG_AGO
    known = Period(first, end)
    hours = [at for word in inner.words("hours") if (at := _hour(inner, word, known)) is not None]
    for one, other in pairwise(sorted(hours)):
        if other - one < timedelta(hours=1):
            inner.wrong("hours", f"{one:{HOUR}} and {other:{HOUR}} are within one hour.")
    found = PeakHours(tuple(sorted(hours)), known, inner.text("told_by"))
    inner.close()
    return found


def _hour(table: Table, word: str, known: Period) -> datetime | None:
    """An hour of one local day, on the days for which hours are recorded."""
    try:
        at = datetime.strptime(word, HOUR)  # noqa: DTZ007 - the clock on the wall
    except ValueError:
        table.wrong(
            "hours", f"“{word}” is not an hour.", "Write “2026-07-14 17:00”, when it begins by the local clock."
        )
        return None
    if at.date() not in known:
        table.wrong("hours", f"{word} is not in the days that are known, {known}.")
    if at.hour * 60 + at.minute > DAY_MINUTES - 60:
        table.wrong("hours", f"The hour from {word} runs into the next day.", "Write it by the day in which it begins.")
        return None
    return at


def _clock(table: Table, found: tuple[Season, ...], days_off: HolidayCalendar) -> Clock:
    periods = tuple(_period(inner, found) for inner in table.tables("period"))
    if not periods:
        table.wrong("period", "A clock has a period at least.", "Write [[calendar.clock.period]] below it.")
    names = [period.name for period in periods]
    rule = _holiday_rule(table, names)
    clock = Clock(table.text("name", "hours"), periods, days_off if rule else HolidayCalendar(), rule)
    if rule and not days_off.holidays:
        table.wrong("holidays", "The tariff names no holidays.", "Write [calendar.holidays].")
    table.close()
    return clock


def _period(table: Table, found: tuple[Season, ...]) -> TouPeriod:
    name = table.text("name")
    period = TouPeriod(name, table.text("label", name), tuple(_window(w, found) for w in table.tables("windows")))
    table.close()
    return period


def _window(table: Table, found: tuple[Season, ...]) -> Window:
    wanted = table.words("seasons")
    names = {season.name: season for season in found}
    for name in wanted:
        if name not in names:
            table.unknown("seasons", name, list(names))
    months = table.integers("months", 1, 12)
    start, end = _time(table, "from", 0), _time(table, "to", DAY_MINUTES)
    if start == end:
        table.wrong("to", "A window that ends where it begins is empty.")
        end = DAY_MINUTES
    days = _week_days(table)
    table.close()
    return Window(start % DAY_MINUTES, end, days, tuple(names[name] for name in wanted if name in names), months)


def _week_days(table: Table) -> frozenset[int]:
    """`Mon-Fri`, `Mon-Sat`, `Sat, Sun`."""
    if "days" not in table:
        return EVERY_DAY
    found: set[int] = set()
    for part in table.text("days").split(","):
        first, _, last = (word.strip() for word in part.partition("-"))
        if first not in DAYS or (last and last not in DAYS):
            table.unknown("days", part.strip(), DAYS)
            return EVERY_DAY
        start = DAYS.index(first)
        length = (DAYS.index(last) - start) % 7 if last else 0
        found.update((start + i) % 7 for i in range(length + 1))
    return frozenset(found)


def _time(table: Table, name: str, default: int) -> int:
    if name not in table:
        return default
    text = table.text(name)
    match = TIME.fullmatch(text)
    minute = int(match[1]) * 60 + int(match[2]) if match else -1
    if not match or int(match[2]) > 59 or not 0 <= minute <= DAY_MINUTES:
        table.wrong(name, f"“{text}” is not a time of day.", 'Write "16:00", or "24:00" for the end of the day.')
        return default
    return minute


def _month_day(table: Table, name: str) -> MonthDay:
    text = table.text(name)
    match = MONTH_DAY.fullmatch(text)
    try:
        day = date(LEAP, int(match[1]), int(match[2])) if match else None
    except ValueError:
        day = None
    if day is None:
        if text:
            table.wrong(name, f"“{text}” is not a day of the year.", 'Write "05-01" for the first of May.')
        return (1, 1)
    return (day.month, day.day)


def _holiday_rule(table: Table, names: list[str]) -> HolidayRule | None:
    """`holidays = "like Sunday"`, or `holidays = { suspend = ["peak"], become = "off" }`."""
    value = table.raw("holidays")
    if value is None:
        return None
    if isinstance(value, str):
        like = {f"like {day}": i for i, day in enumerate(_long_days())}
        if value in like:
            return LikeWeekday(like[value])
        table.unknown("holidays", value, list(like))
        return None
    inner = table.table("holidays")
    if inner is None:
        return None
    suspended, become = inner.words("suspend"), inner.text("become")
    for name in (*suspended, become):
        if name not in names:
            inner.unknown("become" if name == become else "suspend", name, names)
    inner.close()
    return Suspends(frozenset(suspended), become)


def _holiday(table: Table) -> Holiday:
    name, month = table.text("name"), table.integer("month")
    day, nth = table.integer("day", 0), table.integer("nth", 0)
    weekday = table.text("weekday", "Mon")
    offset = table.integer("offset", 0)
    table.close()
    try:
        found = Holiday(name, month, day, nth, DAYS.index(weekday), offset)
        for year in (LEAP, LEAP + 1):
            found.on(year)
    except (AssertionError, ValueError, OverflowError):
        table.wrong("name", f"{name} is neither a day of a month nor an nth weekday.")
        return US_HOLIDAYS["Christmas Day"]
    return found


def _long_days() -> Iterator[str]:
    yield from ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
