"""`lamplighter whatif`: what solar, batteries, chargers and the like would do to a load, without a database."""

from __future__ import annotations

import os
import sys
from datetime import datetime
from decimal import Decimal, InvalidOperation
from pathlib import Path

import click

from lamplighter.advice.answering import Question, answer
from lamplighter.advice.answers import Answer
from lamplighter.advice.assumptions import CannotAdvise
from lamplighter.advice.kinds import KINDS
from lamplighter.cli.advising.opening import (
    open_months,
    open_named,
    open_options,
    open_scenario,
    open_surroundings,
    refused_by,
)
from lamplighter.cli.advising.telling import as_json, as_text, kinds_as_json
from lamplighter.cli.price import attributes_of, tell, year_of, zone_of
from lamplighter.cli.pricing.answers import refusal_as_json
from lamplighter.cli.pricing.refused import Refused, refused
from lamplighter.kernel.findings import Finding, Severity

ZONE = os.environ.get("LAMPLIGHTER_ZONE", "America/Los_Angeles")


@click.command()
@click.argument("load", type=click.Path(path_type=Path), required=False)
@click.option(
    "--tariff", "tariffs", multiple=True, metavar="FILE",
    help="A tariff file, URDB JSON, or FOLDER:CODE; the first is the present rate.",
)  # fmt: skip
@click.option(
    "--measure", "measures", multiple=True, metavar="WHAT",
    help="battery, battery.kwh=400, or a TOML file with [[measure]] tables.",
)  # fmt: skip
@click.option("--measures", "listed", is_flag=True, help="List every measure with its assumptions and their sources.")
@click.option("--surroundings", type=click.Path(path_type=Path), help="Sun, weather and carbon of the place (TOML).")
@click.option("--capacity", metavar="KW", default="", help="What the service or its transformer can carry.")
@click.option("--class", "customer_class", default="", help="Class of customer, for who may be on a rate.")
@click.option("--attribute", "attributes", multiple=True, metavar="NAME=VALUE", help="A fact about the account.")
@click.option(
    "--on", type=click.DateTime(["%Y-%m-%d"]), default=None,
    help="The prices in force on this day, whatever year the load is of.",
)  # fmt: skip
@click.option("--timezone", default=ZONE, show_default=True, help="Zone of the load.")
@click.option("--json", "as_data", is_flag=True, help="Print JSON, and nothing else, on standard output.")
def whatif(
    load: Path | None,
    *,
    tariffs: tuple[str, ...],
    measures: tuple[str, ...],
    listed: bool,
    surroundings: Path | None,
    capacity: str,
    customer_class: str,
    attributes: tuple[str, ...],
    on: datetime | None,
    timezone: str,
    as_data: bool,
) -> None:
    """Work out what measures would do to LOAD: its bills under each tariff, peak, carbon and payback.

    LOAD is a year of kW, one value a line, or any meter file.

    \b
    Exit codes: 0 worked out, 1 refused with findings, 2 unreadable.
    """
    if listed:
        click.echo(kinds_as_json(list(KINDS.values())))
        return
    try:
        if load is None or not tariffs or not measures:
            raise refused("usage", "Give a LOAD, --tariff and --measure.", "--measures lists what can be changed.")
        scenario, around = open_scenario(measures), open_surroundings(surroundings)
        rates = [open_named(one, on=on.date() if on else None) for one in tariffs]
        opened = open_months(load, zone=zone_of(timezone), year=year_of(rates[0], on))
        tell(opened.findings)
        facts = attributes_of(attributes, [version for rate in rates for version in rate.versions])
        options = open_options(rates, opened, facts, customer_class=customer_class)
        months = len(opened.months)
        found = _answered(Question(opened.curve, options, scenario, around, months, _capacity(capacity)))
    except Refused as refusal:
        tell(refusal.findings)
        if as_data:
            click.echo(refusal_as_json(refusal.findings))
        sys.exit(refusal.code)
    tell(_left(found))
    click.echo(as_json(found, scenario, around) if as_data else as_text(found, scenario))


def _answered(question: Question) -> Answer:
    try:
        return answer(question)
    except CannotAdvise as fault:
        raise refused_by(fault) from fault


def _capacity(said: str) -> Decimal | None:
    try:
        found = Decimal(said) if said else None
    except InvalidOperation:
        found = Decimal(-1)
    if found is not None and not (found.is_finite() and found > 0):
        raise refused("capacity", f"--capacity is a number of kW, not “{said}”.")
    return found


def _left(found: Answer) -> list[Finding]:
    """What a measure could not do, said beside the answer."""
    return [
        Finding("whatif.not_done", f"{one.measure.kind.label}: {one.effect.cannot}", Severity.WARNING)
        for one in found.measures
        if one.effect.cannot
    ]
