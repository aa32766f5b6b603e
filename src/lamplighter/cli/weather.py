"""`lamplighter weather`: take in a station's daily temperatures, for analyses that remove the weather."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import click

from lamplighter.formats.dayweather import read_days


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
