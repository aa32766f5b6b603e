"""`lamplighter weather`: take in a station's daily temperatures, for analyses that remove the weather."""

from __future__ import annotations

import csv
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, date, datetime
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from lamplighter.usage.operations.weather import WeatherIn

NAMES = {"day": ("day", "date"), "low": ("low", "tmin"), "mean": ("mean", "tavg"), "high": ("high", "tmax")}


@click.command()
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--station", required=True, help="The station's name, such as USW00023230.")
@click.option("--as", "username", required=True, metavar="USER", help="The login in whose name it is taken in.")
def weather(file: Path, station: str, username: str) -> None:
    """Take in FILE, a CSV of days with lowest, mean and highest temperature in degrees Fahrenheit.

    Columns are DATE, TMIN, TAVG and TMAX, as NOAA's daily summaries have them (a missing TAVG is the middle of the
    two), or day, low, mean, high. Days that came before are replaced.

    \b
    Exit codes: 0 taken in, 1 refused with the line and the reason.
    """
    from lamplighter.cli.booting import boot

    boot()
    from lamplighter.cli.acting import person
    from lamplighter.cli.days import today
    from lamplighter.platform.transactions import unit_of_work
    from lamplighter.usage.operations.weather import CannotRecordWeather, record_day_weather

    by = person(username, needs="reads.import", on=today())
    try:
        days = list(read_days(file))
        with unit_of_work(by):
            count = record_day_weather(station=station, days=days, by=by, at=datetime.now(UTC))
    except (ValueError, CannotRecordWeather) as fault:
        raise click.ClickException(f"{file.name}: {fault}") from fault
    click.echo(f"{count} days of {station}.")


def read_days(file: Path) -> Iterator[WeatherIn]:
    """Raises ValueError with the line and what was expected."""
    with file.open(encoding="utf-8-sig", newline="") as opened:
        try:
            yield from _days(csv.DictReader(line.replace("\0", "") for line in opened))
        except csv.Error as fault:
            raise ValueError(f"the file is no table with commas: {fault}.") from fault


def _days(rows: csv.DictReader[str]) -> Iterator[WeatherIn]:
    from lamplighter.usage.operations.weather import WeatherIn

    columns = _columns(rows.fieldnames or [])
    for number, row in enumerate(rows, start=2):
        try:
            low, high = (Decimal(row[columns[name]]) for name in ("low", "high"))
            mean = row.get(columns.get("mean", ""), "")
            middle = Decimal(mean) if mean else (low + high) / 2
            if not all(degrees.is_finite() for degrees in (low, middle, high)):
                raise ValueError("no number")
            yield WeatherIn(date.fromisoformat(row[columns["day"]]), low, middle, high)
        except (InvalidOperation, ValueError, KeyError, TypeError) as fault:
            said = f"line {number} is not a day with its temperatures, like 2026-01-31,41,52.5,63."
            raise ValueError(said) from fault


def _columns(names: Sequence[str]) -> Mapping[str, str]:
    """Which column holds what, whatever its case."""
    given = {name.strip().lower(): name for name in names}
    found = {what: given[alias] for what, aliases in NAMES.items() for alias in aliases if alias in given}
    if lacking := {"day", "low", "high"} - set(found):
        raise ValueError(f"the header lacks {', '.join(sorted(lacking))}: write DATE,TMIN,TAVG,TMAX.")
    return found
