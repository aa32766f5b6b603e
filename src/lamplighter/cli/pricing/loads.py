"""Open the LOAD of `lamplighter price`: a year of kW, one value a line, or any meter file that we read."""

from __future__ import annotations

import gzip
import zlib
from calendar import isleap
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation
from itertools import pairwise
from pathlib import Path
from zoneinfo import ZoneInfo

from lamplighter.cli.pricing.refused import unreadable
from lamplighter.kernel.findings import Finding
from lamplighter.kernel.periods import Period
from lamplighter.rating.load import Load, load_of_kw
from lamplighter.rating.tariff import BillKind

YEAR_HOURS, LEAP_HOURS = 8760, 8784
SAM_YEAR = 2018  # 1 January is a Monday, and there is no leap day
UTC = ZoneInfo("UTC")


@dataclass(frozen=True, slots=True)
class Opened:
    """A load with the periods to bill, and what was noticed about it."""

    load: Load
    periods: tuple[Period, ...]
    kinds: tuple[BillKind, ...]
    findings: tuple[Finding, ...] = ()


def open_sam_year(path: Path) -> Opened:
    """The load on SAM's calendar: 365 days from Monday 1 January, no daylight saving time, months of the calendar."""
    values = _values(path)
    if len(values) % YEAR_HOURS or 60 % (len(values) // YEAR_HOURS):
        raise _wrong_count(path, len(values), "SAM's year has 8,760 hours and no leap day.")
    minutes = 60 * YEAR_HOURS // len(values)
    return _months(load_of_kw(UTC, date(SAM_YEAR, 1, 1), minutes, values), SAM_YEAR)


def open_local(path: Path, *, zone: ZoneInfo, year: int) -> Opened:
    """The load in a zone. Values without dates begin at midnight on 1 January and run on without a break.

    Of a load without dates the year is `year`, or the next that has as many days as the load.
    """
    if not _is_plain(path):
        return _meter_file(path, zone)
    values = _values(path)
    for hours in (YEAR_HOURS, LEAP_HOURS):
        if values and len(values) % hours == 0 and 60 % (len(values) // hours) == 0:
            while isleap(year) != (hours == LEAP_HOURS):
                year += 1
            return _months(load_of_kw(zone, date(year, 1, 1), 60 * hours // len(values), values), year)
    raise _wrong_count(path, len(values), "A year has 8,760 hours, or 8,784 in leap years.")


def _months(load: Load, year: int) -> Opened:
    starts = [*(date(year, month, 1) for month in range(1, 13)), date(year + 1, 1, 1)]
    periods = tuple(Period(first, end) for first, end in pairwise(starts))
    return Opened(load, periods, (BillKind.REGULAR,) * 12)


def _values(path: Path) -> list[Decimal]:
    """One number a line, exactly as written; a first line that is no number is a header."""
    values: list[Decimal] = []
    for number, line in enumerate(_text(path).splitlines(), start=1):
        text = line.strip().rstrip(",;")
        if not text:
            continue
        value = _decimal(text)
        if value is not None:
            values.append(value)
        elif values or number > 1:
            remedy = "One kW value a line is expected, after a header line at most."
            raise unreadable(path.name, f"“{text[:40]}” is not a number.", remedy, number)
    return values


def _is_plain(path: Path) -> bool:
    """Whether the file looks like one number a line."""
    lines = [line.strip() for line in _text(path)[:2000].splitlines() if line.strip()][:3]
    return not lines or any(_decimal(line.rstrip(",;")) is not None for line in lines[1:] or lines)


def _decimal(text: str) -> Decimal | None:
    try:
        value = Decimal(text)
    except InvalidOperation:
        return None
    return value if value.is_finite() else None


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


def _meter_file(path: Path, zone: ZoneInfo) -> Opened:
    raise unreadable(path.name, f"no reader for {zone}")
