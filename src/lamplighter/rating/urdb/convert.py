"""Turn a URDB record into a tariff of ours, or refuse by name what it asks for and we cannot price."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from enum import StrEnum

from lamplighter.kernel.findings import Finding
from lamplighter.kernel.periods import Period
from lamplighter.rating.attributes import Amount
from lamplighter.rating.checks import check
from lamplighter.rating.hours import Clock
from lamplighter.rating.seasons import DaySpan, Season
from lamplighter.rating.tariff import Citation, Line, Rounding, RoundingRule, Source, Tariff
from lamplighter.rating.urdb.charges import MONTH_NAMES, demand_lines, energy_lines, fixed_lines, minimum_lines
from lamplighter.rating.urdb.fields import check_fields
from lamplighter.rating.urdb.records import Record, number
from lamplighter.rating.urdb.tables import Refusals

ISO = re.compile(r"(\d{4})-(\d{2})-(\d{2})")
AMERICAN = re.compile(r"(\d{1,2})/(\d{1,2})/(\d{4})")
FAR = 10**11  # seconds from 1970; about the year 5138
LAST = (31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)


class Convention(StrEnum):
    """How charges by the day are read: by the days of each bill, or as SAM does, 365/12 of them a month."""

    ACTUAL = "actual"
    SAM = "sam"


@dataclass(frozen=True, slots=True)
class Imported:
    """A tariff, or none where a finding is an error."""

    tariff: Tariff | None
    findings: tuple[Finding, ...]


def convert(record: Record, *, convention: Convention = Convention.ACTUAL, file: str = "") -> Imported:
    """One record of `read` as a tariff.

    Tiers over TOU periods are filled in proportion under net metering or where the record is silent, and in order
    of time under net billing and buy-all-sell-all, as SAM does. Tiers "daily" are multiplied by the days billed.
    The record names neither rounding nor proration: the bill is rounded once, and months are whole.
    """
    notes = Refusals(file)
    check_fields(record, notes)
    sam = convention is Convention.SAM
    lines: list[Line] = []
    clocks: list[Clock] = []
    for line, clock in _lines(record, notes, sam=sam):
        lines.append(line)
        if clock is not None and clock not in clocks:
            clocks.append(clock)
    if not lines:
        notes.refuse("", "no_price", "The record prices nothing.")
    if notes.failed():
        return Imported(None, tuple(notes.findings))
    tariff = _tariff(record, tuple(lines), tuple(clocks), notes)
    faults = [fault for fault in check(tariff) if fault.code not in {"tariff.no_source", "tariff.unused"}]
    for fault in faults:
        notes.findings.append(fault)
    return Imported(None if notes.failed() else tariff, tuple(notes.findings))


def _lines(record: Record, notes: Refusals, *, sam: bool) -> Iterator[tuple[Line, Clock | None]]:
    yield from ((line, None) for line in fixed_lines(record, notes, sam=sam))
    yield from energy_lines(record, notes, sam=sam)
    yield from demand_lines(record, notes, sam=sam)
    yield from ((line, None) for line in minimum_lines(record, notes, sam=sam))


def _tariff(record: Record, lines: tuple[Line, ...], clocks: tuple[Clock, ...], notes: Refusals) -> Tariff:
    source = str(record.get("source") or record.get("sourceparent") or record.get("uri") or "")
    label = str(record.get("label", "")) or str(record.get("name", "")) or "URDB rate"
    meters = Amount("meters", "Meters", "meter", Decimal(1), Decimal(1))
    named = tuple(Season(name, (DaySpan((i, 1), (i, LAST[i - 1])),)) for i, name in enumerate(MONTH_NAMES, start=1))
    return Tariff(
        str(record.get("utility", "")),
        label,
        str(record.get("name", label)),
        _validity(record, notes),
        tuple(_cited(line) for line in lines),
        Rounding(RoundingRule.ONCE, stated=False, note="URDB does not say where a bill is rounded."),
        applies_to=str(record.get("description", ""))[:1000],
        sources=(
            Source("urdb", "OpenEI utility rate database (OpenEI/NREL)", str(record.get("uri", "")), note=source),
        ),
        attributes=(meters,) if any(line.code == "additional_meters" for line in lines) else (),
        seasons=named,
        clocks=clocks,
    )


def _cited(line: Line) -> Line:
    return replace(line, citation=Citation("urdb", line.citation.clause))


def _validity(record: Record, notes: Refusals) -> Period:
    """From startdate to enddate, both included; a date that cannot be read leaves the tariff open on that side."""
    first, last = _day(record, "startdate", notes), _day(record, "enddate", notes)
    start = first or date.min
    if last is not None and last < start:
        notes.warn("enddate", "dates", f"The rate ends on {last}, before it starts on {start}: its end is not used.")
        last = None
    return Period(start, None if last is None else last + timedelta(days=1))


def _day(record: Record, field: str, notes: Refusals) -> date | None:
    """An epoch in seconds, or a text that begins with a date; several dates in one field are none."""
    value = record.get(field)
    if value is None:
        return None
    seconds = number(value)
    if seconds is not None and 10_000 < seconds < FAR:
        return (datetime(1970, 1, 1, tzinfo=UTC) + timedelta(seconds=int(seconds))).date()
    text = str(value)
    try:
        if match := ISO.match(text):
            return date(int(match[1]), int(match[2]), int(match[3]))
        if match := AMERICAN.match(text):
            return date(int(match[3]), int(match[1]), int(match[2]))
    except ValueError:
        pass
    notes.warn(field, "dates", f"“{text}” is not a date that can be read: the rate is taken to be in force.")
    return None
