"""A weather station's days as a CSV, such as NOAA's daily summaries: lowest, mean and highest degrees Fahrenheit."""

from __future__ import annotations

import csv
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from pathlib import Path

from lamplighter.formats.digits import number

NAMES = {"day": ("day", "date"), "low": ("low", "tmin"), "mean": ("mean", "tavg"), "high": ("high", "tmax")}

HOTTEST = 200
"""Degrees Fahrenheit, above nothing or below it: no air was ever near."""


@dataclass(frozen=True, slots=True)
class WeatherIn:
    """A local day's lowest, mean and highest temperature in degrees Fahrenheit."""

    day: date
    low: Decimal
    mean: Decimal
    high: Decimal


def read_days(file: Path) -> Iterator[WeatherIn]:
    """Raises ValueError with the line and what was expected."""
    with file.open(encoding="utf-8-sig", newline="") as opened:
        try:
            yield from _days(csv.DictReader(line.replace("\0", "") for line in opened))
        except csv.Error as fault:
            raise ValueError(f"the file is no table with commas: {fault}.") from fault


def _days(rows: csv.DictReader[str]) -> Iterator[WeatherIn]:
    columns = _columns(rows.fieldnames or [])
    for line, row in enumerate(rows, start=2):
        try:
            low, high = (number(row[columns[name]]) for name in ("low", "high"))
            mean = row.get(columns.get("mean", ""), "")
            middle = number(mean) if mean else (low + high) / 2
            if not all(degrees.copy_abs() < HOTTEST for degrees in (low, middle, high)):
                raise ValueError("no temperature of the air")
            yield WeatherIn(date.fromisoformat(row[columns["day"]]), low, middle, high)
        except (ValueError, KeyError, TypeError, AttributeError) as fault:
            said = f"line {line} is not a day with its temperatures, like 2026-01-31,41,52.5,63."
            raise ValueError(said) from fault


def _columns(names: Sequence[str]) -> Mapping[str, str]:
    """Which column holds what, whatever its case."""
    given = {name.strip().lower(): name for name in names}
    found = {what: given[alias] for what, aliases in NAMES.items() for alias in aliases if alias in given}
    if lacking := {"day", "low", "high"} - set(found):
        raise ValueError(f"the header lacks {', '.join(sorted(lacking))}: write DATE,TMIN,TAVG,TMAX.")
    return found
