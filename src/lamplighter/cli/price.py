"""`lamplighter price`: price a tariff file or a URDB rate on a load, without a database."""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import click

from lamplighter.cli.pricing.answers import as_json, as_table, refusal_as_json
from lamplighter.cli.pricing.loads import open_local, open_sam_year
from lamplighter.cli.pricing.opened import Opened
from lamplighter.cli.pricing.refused import Refused, refused
from lamplighter.cli.pricing.tariffs import BY_ONE_DAY, Chosen, open_tariff
from lamplighter.kernel.findings import Finding, Severity
from lamplighter.rating.refusals import CannotPrice
from lamplighter.rating.spelling import did_you_mean
from lamplighter.rating.tariff import Tariff
from lamplighter.rating.year import Year, price_months

ZONE = os.environ.get("LAMPLIGHTER_ZONE", "America/Los_Angeles")


@click.command()
@click.argument("tariff", type=click.Path(path_type=Path))
@click.argument("load", type=click.Path(path_type=Path))
@click.option(
    "--calendar", type=click.Choice(["local", "sam"]), default="local", show_default=True,
    help="Real days, or SAM's year of 8,760 hours that begins on a Monday.",
)  # fmt: skip
@click.option("--timezone", default=ZONE, show_default=True, help="Zone of the local calendar.")
@click.option("--unrounded/--rounded", "exact", default=None, help="Before rounding; SAM's calendar never rounds.")
@click.option("--json", "as_data", is_flag=True, help="Print JSON, and nothing else, on standard output; exact.")
@click.option("--attribute", "attributes", multiple=True, metavar="NAME=VALUE", help="A fact about the account.")
@click.option("--schedule", default="", metavar="CODE", help="Of several schedules; CODE+RIDER adds a rider.")
@click.option("--on", type=click.DateTime(["%Y-%m-%d"]), default=None, help="The version in force on this day.")
def price(
    tariff: Path,
    load: Path,
    *,
    calendar: str,
    timezone: str,
    exact: bool | None,
    as_data: bool,
    attributes: tuple[str, ...],
    schedule: str,
    on: datetime | None,
) -> None:
    """Price TARIFF on LOAD, month by month.

    TARIFF is a tariff file (.toml), a folder of them, or URDB JSON. LOAD is a year of kW, one value a line, hourly
    or finer, or any meter file.

    \b
    Exit codes: 0 priced, 1 refused with findings, 2 unreadable.
    """
    sam = calendar == "sam"
    unrounded = sam if exact is None else exact
    try:
        chosen = open_tariff(tariff, schedule=schedule, on=on.date() if on else None, sam=sam)
        opened = open_sam_year(load) if sam else open_local(load, zone=zone_of(timezone), year=year_of(chosen, on))
        tell((*chosen.findings, *opened.findings))
        facts = attributes_of(attributes, chosen.versions)
        year = _priced(chosen, opened, facts, sam=sam)
    except Refused as refusal:
        tell(refusal.findings)
        if as_data:
            click.echo(refusal_as_json(refusal.findings))
        sys.exit(refusal.code)
    tell(_coarse(year))
    code = chosen.versions[-1].code
    if as_data:
        click.echo(as_json(code, calendar, year.months, exact=unrounded))
    else:
        click.echo(as_table(f"{code}: {chosen.versions[-1].name}", year.months, exact=unrounded))


def _priced(chosen: Chosen, opened: Opened, facts: dict[str, object], *, sam: bool) -> Year:
    try:
        return price_months(chosen.versions, opened.load, opened.periods, facts, kinds=opened.kinds, cyclic=sam)
    except CannotPrice as fault:
        raise refused(fault.code, str(fault), BY_ONE_DAY if fault.code == "tariff.versions" else "") from fault


def year_of(chosen: Chosen, on: datetime | None) -> int:
    """The year of a load without dates: that of --on, of the newest version, or the one that SAM's calendar is of."""
    if on is not None:
        return on.year
    return 2018 if chosen.starts is None else chosen.starts.year


def zone_of(name: str) -> ZoneInfo:
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError) as fault:
        raise refused("timezone", f"There is no time zone “{name}”.", "For example America/Los_Angeles.") from fault


def attributes_of(given: Sequence[str], versions: Sequence[Tariff]) -> dict[str, object]:
    """`NAME=VALUE` facts; a name that no version asks for is refused, since it would change nothing."""
    known = {attribute.name for version in versions for attribute in version.attributes}
    facts: dict[str, object] = {}
    for item in given:
        name, equals, value = item.partition("=")
        if not equals:
            raise refused("attribute", f"“{item}” is not NAME=VALUE.")
        if name not in known:
            raise refused("attribute", f"The tariff has no attribute “{name}”.", did_you_mean(name, known))
        facts[name] = value
    return facts


def _coarse(year: Year) -> list[Finding]:
    if not year.coarse:
        return []
    message = "The load's intervals are longer than the demand window: their mean stands for the peak."
    return [Finding("price.coarse", message, Severity.WARNING)]


def tell(findings: Sequence[Finding]) -> None:
    for finding in findings:
        click.echo(f"{finding.severity.name.lower()}: {finding}", err=True)
