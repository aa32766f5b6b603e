"""Open the LOAD of `lamplighter price`: a year of kW, one value a line, or any meter file that we read."""

from __future__ import annotations

import gzip
import re
import zlib
from calendar import isleap
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal, InvalidOperation
from itertools import pairwise
from pathlib import Path
from zoneinfo import ZoneInfo

from lamplighter.cli.pricing.months import months_covered
from lamplighter.cli.pricing.opened import Opened
from lamplighter.cli.pricing.refused import Refused, unreadable
from lamplighter.kernel.periods import Period
from lamplighter.rating.load import Load, load_of_kw
from lamplighter.rating.tariff import BillKind

YEAR_HOURS, LEAP_HOURS = 8760, 8784
SAM_YEAR = 2018  # 1 January is a Monday, and there is no leap day
UTC = ZoneInfo("UTC")


def open_sam_year(path: Path) -> Opened:
    """The load on SAM's calendar: 365 days from Monday 1 January, no daylight saving time, months of the calendar."""
    values = _values(path)
    minutes = _minutes(len(values.kw), YEAR_HOURS)
    if minutes is None:
        raise _wrong_count(path, len(values.kw), "SAM's year has 8,760 hours and no leap day.")
    return _months(load_of_kw(UTC, date(SAM_YEAR, 1, 1), minutes, values.kw), SAM_YEAR)


def open_local(path: Path, *, zone: ZoneInfo, year: int) -> Opened:
    """The load in a zone. Values begin at midnight on 1 January and run on without a break, as time does.

    The year is that of the load's own times where it has them, else `year` or the next that is as long as the load.
    Times with their offset from UTC are instants: they may begin on any day, and are billed by the months they cover.
    """
    if not _is_plain(path):
        from lamplighter.cli.pricing.meters import open_meter_file

        return open_meter_file(path, zone)
    values = _values(path)
    first = values.first
    if first is not None and first.tzinfo is not None:
        return _instants(values, first, zone, path)
    if first is not None and (first.month, first.day, first.time()) != (1, 1, time.min):
        raise unreadable(path.name, f"The year begins at {first}, not at midnight on 1 January.")
    for hours in (YEAR_HOURS, LEAP_HOURS):
        minutes = _minutes(len(values.kw), hours)
        if minutes is not None:
            found = _year(first.year if first else year, hours, fixed=first is not None)
            if found is not None:
                return _months(load_of_kw(zone, date(found, 1, 1), minutes, values.kw), found)
    raise _wrong_count(path, len(values.kw), "A year has 8,760 hours, or 8,784 in leap years.")


UNIT = re.compile(r"(?<![A-Za-z])[kMG]?Wh?(?![A-Za-z])")
HOUR = timedelta(hours=1)
LONGEST = 30
"""Places before or behind the point: what has more is no measured value, and would fill the memory."""
MOST_KW = 2_000_000
"""Two gigawatts: a large power station. What is above is in another unit."""


@dataclass(frozen=True, slots=True)
class _Values:
    """Mean kW of equal intervals, the time of the first where the file tells times, and the step to the next."""

    kw: list[Decimal]
    first: datetime | None
    step: timedelta | None


def _instants(values: _Values, first: datetime, zone: ZoneInfo, path: Path) -> Opened:
    minutes, rest = divmod(values.step or timedelta(), timedelta(minutes=1))
    if minutes < 1 or rest:
        raise unreadable(path.name, "Times are expected at least a minute apart, and in whole minutes.")
    load = load_of_kw(zone, first, minutes, values.kw)
    periods, kinds = months_covered(load, zone, path.name)
    return Opened(load, periods, kinds)


def _minutes(count: int, hours: int) -> int | None:
    """The length of an interval when `count` of them are a year of `hours`; None when they cannot be."""
    per_hour, rest = divmod(count, hours)
    return None if rest or not per_hour or 60 % per_hour else 60 // per_hour


def _year(year: int, hours: int, *, fixed: bool) -> int | None:
    while isleap(year) != (hours == LEAP_HOURS):
        if fixed:
            return None
        year += 1
    return year


def _months(load: Load, year: int) -> Opened:
    starts = [*(date(year, month, 1) for month in range(1, 13)), date(year + 1, 1, 1)]
    periods = tuple(Period(first, end) for first, end in pairwise(starts))
    return Opened(load, periods, (BillKind.REGULAR,) * 12)


def _values(path: Path) -> _Values:
    """One number a line, exactly as written, with or without a time before it; the first line may be a header.

    Times must be evenly spaced: a file that leaves out the hour that spring skips is a meter file. Where the header
    tells a unit, it must be that of mean kW.
    """
    kw: list[Decimal] = []
    times: list[datetime] = []
    unit = ""
    for number, line in enumerate(_text(path).splitlines(), start=1):
        if not line.strip():
            continue
        found = _row(line)
        if found is not None:
            kw.append(found[1])
            times += [found[0]] if found[0] else []
        elif kw or number > 1:
            remedy = "One kW value a line is expected, after a header line at most."
            raise unreadable(path.name, f"“{line.strip()[:40]}” is not a number.", remedy, number)
        else:
            unit = _unit(line)
    if len({at.tzinfo is None for at in times}) > 1:
        raise unreadable(path.name, "Some times tell their offset from UTC, and others do not.")
    steps = {later - earlier for earlier, later in pairwise(times)}
    if times and (len(times) != len(kw) or len(steps) > 1):
        raise unreadable(path.name, f"The times of the values are not evenly spaced{_uneven(times)}.")
    _hold_unit(unit, len(kw), next(iter(steps), None), path)
    if kw and max(map(abs, kw)) > MOST_KW:
        remedy = "Values are mean kW: are these W or Wh, or is a decimal point lost?"
        raise unreadable(
            path.name, f"One of the values is {max(kw, key=abs):,f} kW, more than any customer takes.", remedy
        )
    return _Values(kw, times[0] if times else None, next(iter(steps), None))


def _uneven(times: Sequence[datetime]) -> str:
    """Where the step first changes."""
    pairs = list(pairwise(times))
    odd = next(((a, b) for a, b in pairs if b - a != pairs[0][1] - pairs[0][0]), None)
    return f": after {odd[0]} comes {odd[1]}" if odd else ""


def _unit(header: str) -> str:
    """The unit that the header of the values tells: `W`, `kWh`; "" where it tells none."""
    found = UNIT.search(header.rpartition(",")[2])
    return found[0] if found else ""


def _hold_unit(unit: str, count: int, step: timedelta | None, path: Path) -> None:
    """Values are kW; those of an hour in kWh are the same; another unit is wrong by a factor. Raises Refused."""
    hourly = step == HOUR if step is not None else count in (YEAR_HOURS, LEAP_HOURS)
    if unit in ("", "kW") or (unit == "kWh" and hourly):
        return
    how = "Multiply by the intervals of an hour." if unit == "kWh" else "Turn them into kW first."
    raise unreadable(path.name, f"The values are headed {unit}, and mean kW are expected.", how, 1)


def _row(line: str) -> tuple[datetime | None, Decimal] | None:
    """A number, or a time and a number; None for anything else."""
    at, comma, last = line.strip().rstrip(",;").rpartition(",")
    try:
        value = Decimal(last.strip())
        moment = datetime.fromisoformat(at.strip()) if comma else None
    except (InvalidOperation, ValueError):
        return None
    return (moment, value) if value.is_finite() and abs(value.adjusted()) < LONGEST else None


def _is_plain(path: Path) -> bool:
    """Whether the file looks like one number a line."""
    try:
        lines = [line for line in _text(path)[:2000].splitlines() if line.strip()][:3]
    except Refused as fault:
        if isinstance(fault.__cause__, UnicodeDecodeError):
            return False
        raise
    return not lines or any(_row(line) is not None for line in lines[1:] or lines)


def _text(path: Path) -> str:
    try:
        raw = path.read_bytes()
        return (gzip.decompress(raw) if raw[:2] == b"\x1f\x8b" else raw).decode("utf-8-sig")
    except FileNotFoundError as fault:
        raise unreadable(str(path), "There is no such file.") from fault
    except (OSError, EOFError, zlib.error, UnicodeDecodeError) as fault:
        raise unreadable(str(path), f"The file cannot be read: {fault}.") from fault


def _wrong_count(path: Path, count: int, remedy: str) -> Exception:
    return unreadable(path.name, f"{count} values are not a year of hours or parts of an hour.", remedy)
