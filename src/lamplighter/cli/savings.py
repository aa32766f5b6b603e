"""`lamplighter savings`: what work saved by the meter, from a load and a station's temperatures, without a database."""

from __future__ import annotations

import json
import sys
from datetime import date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import click
import numpy as np

from lamplighter.cli.price import tell, zone_of
from lamplighter.cli.pricing.answers import refusal_as_json
from lamplighter.cli.pricing.loads import open_local
from lamplighter.cli.pricing.refused import REFUSED, Refused, refused, unreadable
from lamplighter.cli.whatif import ZONE
from lamplighter.formats.dayweather import read_days
from lamplighter.intervals.curves.curve import Floats
from lamplighter.intervals.curves.laying import curve_of_load
from lamplighter.intervals.curves.opendsm import ByOpenDsm, verify_by_opendsm
from lamplighter.intervals.curves.verifying import CannotVerify, Sides, Verified, days_of, verify
from lamplighter.kernel.findings import Finding
from lamplighter.kernel.periods import Period
from lamplighter.rating.refusals import CannotMeasure

YEAR, MOST = timedelta(days=365), timedelta(days=366)
"""Of the days before; until when those since count: a year of them."""

DAY = click.DateTime(["%Y-%m-%d"])


@click.command()
@click.argument("load", type=click.Path(path_type=Path), required=False)
@click.option("--weather", type=click.Path(exists=True, dir_okay=False, path_type=Path),
              help="Days with their temperatures, as `lamplighter weather` takes them in.")  # fmt: skip
@click.option("--account", default="", metavar="NUMBER", help="Instead of LOAD: an account's largest service here.")
@click.option("--began", required=True, type=DAY, help="First day of the work.")
@click.option("--done", required=True, type=DAY, help="Last day of the work; the days between count on neither side.")
@click.option("--opendsm", is_flag=True, help="Tell it by OpenDSM's daily model too (the extra mv).")
@click.option("--timezone", default=ZONE, show_default=True, help="Zone of the load.")
@click.option("--json", "as_data", is_flag=True, help="Print JSON, and nothing else, on standard output.")
def savings(
    load: Path | None, *, weather: Path | None, account: str, began: datetime, done: datetime, opendsm: bool,
    timezone: str, as_data: bool,
) -> None:  # fmt: skip
    """Work out what work between two days saved of LOAD, at the same weather, with how sure it is.

    LOAD is any meter file, or kW with their times, over most of the year before the work and two months after it. With
    --account the readings and temperatures that were taken in here are used.

    \b
    Exit codes: 0 worked out, 1 refused with the reason (also by OpenDSM alone), 2 unreadable.
    """
    try:
        if done < began:
            raise refused("savings", "The work was done before it began.")
        if account:
            sides = _of_account(account, began.date(), done.date())
        elif load is not None and weather is not None:
            sides = _of_files(load, weather, began.date(), done.date(), zone_of(timezone))
        else:
            raise refused("usage", "Give a LOAD with --weather, or --account.")
        ours = verify(sides.before, sides.after)
        beside, lacking = _by_opendsm(sides, timezone) if opendsm else (None, "")
    except CannotVerify as fault:
        _refuse(refused("savings", str(fault)), as_data=as_data)
    except Refused as refusal:
        _refuse(refusal, as_data=as_data)
    else:
        click.echo(_as_json(sides, ours, beside, lacking) if as_data else _as_text(sides, ours, beside))
        if lacking:
            tell(refused("savings", lacking).findings)
            sys.exit(REFUSED)


def _of_account(number: str, began: date, done: date) -> Sides:
    """The service of the account that used most by its last bill."""
    from lamplighter.cli.booting import boot

    boot()
    from django.db.models import F, OuterRef, Subquery

    from lamplighter.accounts.models import Agreement
    from lamplighter.accounts.types import AgreementKind
    from lamplighter.billing.models import Segment
    from lamplighter.cli.days import today
    from lamplighter.usage.queries.verifying import sides_of

    last = Segment.objects.filter(agreement=OuterRef("pk"), cancelled_at=None).order_by("-month").values("kwh")[:1]
    found = Agreement.objects.filter(account__number=number, kind=AgreementKind.ENERGY, cancelled_at=None)
    service = found.annotate(used=Subquery(last)).order_by(F("used").desc(nulls_last=True), "-pk").first()
    if service is None:
        raise refused("account", f"There is no account {number} with a service.")
    return sides_of(service, began=began, done=done, until=min(today(), done + MOST))


def _of_files(load: Path, weather: Path, began: date, done: date, zone: ZoneInfo) -> Sides:
    opened = open_local(load, zone=zone, year=began.year)
    tell(opened.findings)
    whole = Period(opened.periods[0].start, opened.periods[-1].closed_end)
    if whole.start >= began or done + timedelta(days=1) >= whole.closed_end:
        holds = f"The load holds {whole.start} to {whole.last_day}"
        raise CannotVerify(f"{holds}: days before the work and since are needed.")
    before = Period(max(began - YEAR, whole.start), began)
    since = Period(done + timedelta(days=1), min(whole.closed_end, done + MOST))
    degrees = _degrees(weather, Period(before.start, since.closed_end))
    try:
        curve = curve_of_load(opened.load, Period(before.start, since.closed_end))
    except CannotMeasure as fault:
        raise CannotVerify(str(fault)) from fault
    later = (since.start - before.start).days
    return Sides(
        days_of(curve.within(before), degrees[: before.days]), days_of(curve.within(since), degrees[later:]),
        (before, since),
    )  # fmt: skip


def _by_opendsm(sides: Sides, zone: str) -> tuple[ByOpenDsm | None, str]:
    """Its figure, or why it tells none: ours is told beside it all the same."""
    before, since = sides.periods
    try:
        found = verify_by_opendsm(sides.before, sides.after, before_on=before.start, after_on=since.start, zone=zone)
    except CannotVerify as fault:
        return None, str(fault)
    return found, ""


def _degrees(file: Path, days: Period) -> Floats:
    """The mean temperature of each day; NaN where the station told none."""
    try:
        known = {one.day: float(one.mean) for one in read_days(file)}
    except ValueError as fault:
        raise unreadable(file.name, str(fault)) from fault
    return np.array([known.get(day, np.nan) for day in days])


def _as_json(sides: Sides, ours: Verified, beside: ByOpenDsm | None, lacking: str) -> str:
    before, since = sides.periods
    found: dict[str, object] = {
        "before": {"from": f"{before.start}", "to": f"{before.last_day}", "days": ours.before},
        "since": {"from": f"{since.start}", "to": f"{since.last_day}", "days": ours.after},
        "saved": {
            "kwh_year": round(ours.kwh), "off_kwh": round(ours.off_kwh), "share": round(ours.share, 4),
            "claimable": ours.sure, "cvrmse": round(ours.cv, 4), "pnrmse": round(ours.pn, 4), "r2": round(ours.r2, 4),
        },
    }  # fmt: skip
    if beside is not None:
        found["opendsm"] = {
            "kwh_year": round(beside.kwh), "share": round(beside.share, 4), "cvrmse": round(beside.cv, 4),
            "pnrmse": round(beside.pn, 4), "r2": round(beside.r2, 4),
        }  # fmt: skip
    if lacking:
        found["opendsm"] = {"refused": lacking}
    return json.dumps(found, indent=2)


def _as_text(sides: Sides, ours: Verified, beside: ByOpenDsm | None) -> str:
    before, since = sides.periods
    low, high = f"{ours.kwh - ours.off_kwh:,.0f}", f"{ours.kwh + ours.off_kwh:,.0f}"
    said = [
        f"Before: {before.start} to {before.last_day}, {ours.before} days known.",
        f"Since: {since.start} to {since.last_day}, {ours.after} days known.",
        f"Saved in a year: {ours.kwh:,.0f} kWh, {ours.share:.1%} of the use; nine times in ten {low} to {high} kWh.",
        "" if ours.sure else "That is too rough for a claim (ASHRAE Guideline 14).",
        f"Fit: {_fit(ours)}.",
    ]
    if beside is not None:
        said.append(f"OpenDSM's daily model: {beside.kwh:,.0f} kWh, {beside.share:.1%}; {_fit(beside)}.")
    return "\n".join(filter(None, said))


def _fit(one: Verified | ByOpenDsm) -> str:
    return f"CV(RMSE) {one.cv:.1%}, PNRMSE {one.pn:.2f}, R² {one.r2:.2f}"


def _refuse(refusal: Refused, *, as_data: bool) -> None:
    findings: tuple[Finding, ...] = refusal.findings
    tell(findings)
    if as_data:
        click.echo(refusal_as_json(findings))
    sys.exit(refusal.code)
