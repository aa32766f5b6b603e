"""Open what `lamplighter whatif` is given: whole months of a load, tariffs by their path, measures and surroundings."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from pathlib import Path
from zoneinfo import ZoneInfo

import numpy as np

from lamplighter.advice.answers import BILLS_OF_YEAR, Option
from lamplighter.advice.assumptions import CannotAdvise
from lamplighter.advice.scenario import Scenario, said_in, scenario_of, scenario_of_toml
from lamplighter.advice.surroundings import Surroundings, builtin, surroundings_of
from lamplighter.cli.pricing.loads import open_local
from lamplighter.cli.pricing.refused import Refused, refused, unreadable
from lamplighter.cli.pricing.tariffs import BY_ONE_DAY, Chosen, open_tariff
from lamplighter.intervals.curves.curve import LoadCurve
from lamplighter.intervals.curves.laying import curve_of_load
from lamplighter.intervals.curves.pricing import BillDays, YearPricer
from lamplighter.kernel.findings import Finding, Severity
from lamplighter.kernel.periods import Period
from lamplighter.rating.availability import why_not
from lamplighter.rating.refusals import CannotMeasure
from lamplighter.rating.tariff import BillKind, Tariff


@dataclass(frozen=True, slots=True, eq=False)
class OpenedYear:
    """A curve of whole months, the last twelve at most, and what was noticed."""

    curve: LoadCurve
    months: tuple[Period, ...]
    findings: tuple[Finding, ...]


def open_months(path: Path, *, zone: ZoneInfo, year: int) -> OpenedYear:
    """The last whole months without a gap, twelve at most. Raises Refused where there is none."""
    opened = open_local(path, zone=zone, year=year)
    whole = [period for period, kind in zip(opened.periods, opened.kinds, strict=True) if kind is BillKind.REGULAR]
    if not whole:
        raise refused("months", f"{path.name} holds no whole month.", "A what-if is told by whole months.")
    try:
        curve = curve_of_load(opened.load, Period(whole[0].start, whole[-1].closed_end))
    except CannotMeasure as fault:
        raise refused("load", f"{path.name}: {fault}") from fault
    months = _unbroken(curve, whole)[-BILLS_OF_YEAR:]
    if not months:
        raise refused("months", f"{path.name}: the last month has missing readings.", "Missing is never zero.")
    kept = curve.within(Period(months[0].start, months[-1].closed_end))
    return OpenedYear(kept, tuple(months), (*opened.findings, *_noticed(kept, months, whole)))


def open_options(
    rates: Sequence[Chosen], opened: OpenedYear, facts: Mapping[str, object], *, customer_class: str
) -> tuple[Option, ...]:
    """Each rate with the months as its bills; the first is the present rate, which must hold in all of them."""
    since = opened.months[0].start
    if since < rates[0].versions[0].valid.start:
        raise refused("date", f"No version of {rates[0].versions[0].code} is in force on {since}.", BY_ONE_DAY)
    bills = [BillDays(period, period.start, facts) for period in opened.months]
    options = []
    for number, chosen in enumerate(rates):
        last = chosen.versions[-1]
        pricer = YearPricer(bills, [chosen.versions] * len(bills), since)
        options.append(Option(last.code, last.name, number == 0, pricer, _why_not(last, customer_class)))
    return tuple(options)


def open_named(path: str, *, on: date | None) -> Chosen:
    """A tariff by its path; `FOLDER:CODE` names one of several schedules. `on` chooses the version of a day.

    Raises Refused.
    """
    name, colon, code = path.rpartition(":")
    if colon and not Path(path).exists():
        return open_tariff(Path(name), schedule=code, on=on, sam=False)
    return open_tariff(Path(path), schedule="", on=on, sam=False)


def open_scenario(said: Sequence[str]) -> Scenario:
    """Measures from words and from files (.toml). Raises Refused."""
    files = [one for one in said if one.endswith(".toml") and "=" not in one]
    words = [one for one in said if one not in files]
    try:
        stored = [measure for file in files for measure in scenario_of_toml(_text(file)).stored()["measures"]]
        return scenario_of([*stored, *said_in(words)])
    except CannotAdvise as fault:
        raise refused_by(fault) from fault


def open_surroundings(path: Path | None) -> Surroundings:
    try:
        return builtin() if path is None else surroundings_of(_text(str(path)))
    except CannotAdvise as fault:
        raise refused_by(fault) from fault


def refused_by(fault: CannotAdvise) -> Refused:
    return Refused([Finding(fault.code, str(fault), remedy=f"Look at {fault.field}." if fault.field else "")])


def _why_not(tariff: Tariff, customer_class: str) -> Callable[[Decimal], str]:
    """By the availability clause; without a class only its range of demand is looked at."""
    class_ = customer_class or (tariff.available.to[0] if tariff.available.to else "")
    return lambda peak: why_not(tariff.available, customer_class=class_, kw_peak=peak)


def _unbroken(curve: LoadCurve, whole: Sequence[Period]) -> list[Period]:
    """The months at the end that have every reading and follow each other."""
    kept: list[Period] = []
    for period in reversed(whole):
        slots = curve.calendar.slots_within(period)
        if not curve.present[slots].all() or (kept and period.closed_end != kept[0].start):
            break
        kept.insert(0, period)
    return kept


def _noticed(curve: LoadCurve, months: Sequence[Period], whole: Sequence[Period]) -> list[Finding]:
    found = []
    if len(months) < min(len(whole), BILLS_OF_YEAR):
        message = f"Readings are missing before {months[0].start}: only the {len(months)} months after are told."
        found.append(Finding("whatif.missing", message, Severity.WARNING))
    if len(months) < BILLS_OF_YEAR:
        message = f"{len(months)} months are not a year: no payback is told, and a season may be left out."
        found.append(Finding("whatif.short", message, Severity.WARNING))
    if curve.estimated.any():
        count = int(np.count_nonzero(curve.estimated))
        message = f"{count:,} of {len(curve.estimated):,} readings are estimates."
        found.append(Finding("whatif.estimated", message, Severity.WARNING))
    return found


def _text(path: str) -> str:
    try:
        return Path(path).read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as fault:
        raise unreadable(path, f"The file cannot be read: {fault}.") from fault
