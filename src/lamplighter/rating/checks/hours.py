"""Whether seasons cover each day once, and a clock's TOU periods each minute once."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from itertools import pairwise

from lamplighter.kernel.findings import Severity
from lamplighter.rating.checks.fault import Fault, Path
from lamplighter.rating.hours import DAY_MINUTES, Clock, LikeWeekday, Suspends
from lamplighter.rating.seasons import SeasonRule
from lamplighter.rating.tariff import Tariff

LEAP = [date(2024, 1, 1) + timedelta(days=i) for i in range(366)]
DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")


def season_faults(tariff: Tariff) -> Iterator[Fault]:
    """Days of the year in no season, or in two."""
    path: Path = ("calendar", "season")
    if not tariff.seasons:
        return
    for day in LEAP:
        found = [season.name for season in tariff.seasons if day in season]
        if len(found) != 1:
            many = f"in {' and '.join(found)}" if found else "in no season"
            yield Fault(path, "season_gap" if not found else "season_overlap", f"{day:%d %B} is {many}.")
            return
    if tariff.hours_rule not in {SeasonRule.DATE, tariff.season_rule}:
        message = f"Hours by {tariff.hours_rule} with seasons by {tariff.season_rule} cannot be priced."
        yield Fault(("calendar", "hours_by"), "not_expressible", message)


def hour_faults(tariff: Tariff) -> Iterator[Fault]:
    for i, clock in enumerate(tariff.clocks):
        yield from _clock_faults(clock, ("calendar", "clock", i))


def _clock_faults(clock: Clock, path: Path) -> Iterator[Fault]:
    others = [period.name for period in clock.periods if not period.windows]
    if len(others) > 1:
        message = f"{' and '.join(others)} both take all other time."
        yield Fault((*path, "period"), "hours_overlap", message, "Give windows to all periods but one.")
    if len(set(clock.names)) < len(clock.names):
        yield Fault((*path, "period"), "hours_overlap", "Two periods have one name.")
    fault = next(_minutes(clock, bool(others), path), None)
    if fault is not None:
        yield fault
        return
    match clock.rule:
        case Suspends(periods=periods) if not periods:
            yield Fault((*path, "holidays"), "wrong", "Holidays suspend no period.", severity=Severity.WARNING)
        case Suspends() | LikeWeekday() | None:
            pass
    for i, period in enumerate(clock.periods):
        if period.windows and not any(
            w.on(day, weekday) for w in period.windows for day in LEAP for weekday in range(7)
        ):
            yield Fault((*path, "period", i), "never", f"{period.name} never runs.", severity=Severity.WARNING)


def _minutes(clock: Clock, open_ended: bool, path: Path) -> Iterator[Fault]:  # noqa: FBT001
    """Every kind of day there is: each date of a leap year as each day of the week."""
    windows = [
        (window, [(start, end, period.name) for start, end in window.stretches()])
        for period in clock.periods
        for window in period.windows
    ]
    seen: set[tuple[tuple[int, int, str], ...]] = set()
    for day in LEAP:
        for weekday in range(7):
            stretches = tuple(
                sorted([one for window, several in windows if window.on(day, weekday) for one in several])
            )
            if stretches in seen:
                continue
            seen.add(stretches)
            when = f"on a {DAYS[weekday]}, {day:%d %B}"
            edges = [(0, 0, ""), *stretches, (DAY_MINUTES, DAY_MINUTES, "")]
            for (_, end, one), (start, _, other) in pairwise(edges):
                if start < end:
                    message = f"{one} and {other} both run at {_time(start)} {when}."
                    yield Fault((*path, "period"), "hours_overlap", message)
                elif start > end and not open_ended:
                    message = f"No period runs from {_time(end)} to {_time(start)} {when}."
                    remedy = "A period without windows takes all other time."
                    yield Fault((*path, "period"), "hours_gap", message, remedy)


def _time(minute: int) -> str:
    return f"{minute // 60:02}:{minute % 60:02}"
