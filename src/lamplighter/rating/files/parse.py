"""Read one tariff file: words into a tariff, and everything that is amiss into findings with file and line."""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from lamplighter.kernel.findings import Finding, Place
from lamplighter.kernel.periods import Period
from lamplighter.rating.availability import ANYBODY, Availability
from lamplighter.rating.checks import faults
from lamplighter.rating.figures import Factor
from lamplighter.rating.files.bills import worked_bill
from lamplighter.rating.files.calendar import clocks, holidays, peak_hours, seasons
from lamplighter.rating.files.conditions import attributes
from lamplighter.rating.files.figures import Known
from lamplighter.rating.files.lines import line, proration
from lamplighter.rating.files.tables import Notes, Table
from lamplighter.rating.seasons import SeasonRule
from lamplighter.rating.tariff import (
    WHOLE,
    Line,
    PartYear,
    Proration,
    Rounding,
    RoundingRule,
    Source,
    Status,
    Tariff,
    TrueUp,
)  # fmt: skip

AT_LINE = re.compile(r"\(at (?:line (\d+), column \d+|end of document)\)")
DATE, SEASON = "date", "season"


@dataclass(frozen=True, slots=True)
class Parsed:
    """A tariff, or none where a finding is an error; warnings stand beside a tariff that can be used."""

    tariff: Tariff | None
    findings: tuple[Finding, ...]


def parse(text: str, file: str = "") -> Parsed:
    """Read a tariff file's text. `file` is only named in findings. Never raises for what the text says."""
    try:
        values = tomllib.loads(text, parse_float=Decimal)
    except tomllib.TOMLDecodeError as broken:
        return Parsed(None, (_syntax(str(broken), text, file),))
    notes = Notes(file, text)
    tariff = _tariff(Table(values, (), notes))
    if tariff is not None and not notes.failed:
        for fault in faults(tariff):
            notes.add(fault.path, fault.code, fault.message, fault.remedy, fault.severity)
    return Parsed(None if notes.failed else tariff, tuple(notes.findings))


def _tariff(root: Table) -> Tariff | None:
    head = root.table("tariff")
    if head is None:
        root.notes.add(("tariff",), "missing", "The file has no [tariff] table.", "Begin with [tariff].")
        return None
    known = Known(attributes=attributes(root.table("attribute") or Table({}, ("attribute",), root.notes)))
    known.factors = {factor.name: factor for factor in map(_factor, root.tables("factor"))}
    calendar = root.table("calendar") or Table({}, ("calendar",), root.notes)
    season_rule, hours_rule = _calendar(calendar, known)
    rules = root.table("proration")
    lines = tuple(line(inner, known) for inner in root.tables("line"))
    first, end = head.day("valid_from", needed=True), head.day("valid_to")
    if first is not None and end is not None and end <= first:
        head.wrong("valid_to", f"It ends on {end}, before it begins.", "valid_to is the first day without it.")
        end = None
    tariff = Tariff(
        head.text("utility"),
        head.text("code"),
        head.text("name"),
        Period(first or date.min, end),
        _once(lines, root),
        _rounding(root),
        head.word("status", Status, Status.OPEN),
        head.text("adopted_by", ""),
        head.text("applies_to", ""),
        _available(root),
        rider=head.truth("rider"),
        sources=tuple(map(_source, root.tables("source"))),
        attributes=tuple(known.attributes.values()),
        not_together=_groups(head),
        factors=tuple(known.factors.values()),
        seasons=known.seasons,
        season_rule=season_rule,
        hours_rule=hours_rule,
        clocks=tuple(known.clocks.values()),
        proration=WHOLE if rules is None else _proration(rules),
        bills=tuple(map(worked_bill, root.tables("bill"))),
        notes=head.words("notes"),
        true_up=_true_up(root.table("true_up")),
    )
    head.close()
    root.close()
    return tariff


def _calendar(table: Table, known: Known) -> tuple[SeasonRule, SeasonRule]:
    """Seasons and clocks into what is known; the rules by which a bill falls into a season, and its hours."""
    known.seasons = seasons(table)
    known.clocks = clocks(table, known.seasons, holidays(table))
    known.peak_hours = peak_hours(table)
    rule = table.word("seasons_by", SeasonRule, SeasonRule.DATE)
    if known.seasons and "seasons_by" not in table.values:
        remedy = 'Write seasons_by = "date", "read" or "cycle": the three bill shoulder months differently.'
        table.notes.add(
            (*table.path, "season"), "missing", "The calendar does not say how a bill finds its season.", remedy
        )
    hours = table.text("hours_by", DATE)
    if hours not in {DATE, SEASON}:
        table.unknown("hours_by", hours, [DATE, SEASON])
    table.close()
    return rule, (rule if hours == SEASON else SeasonRule.DATE)


def _rounding(root: Table) -> Rounding:
    table = root.table("rounding")
    if table is None:
        remedy = 'Write [rounding] with rule = "once" or "each line", and stated = false where it is assumed.'
        root.notes.add(("rounding",), "missing", "The file does not say where a bill is rounded.", remedy)
        return Rounding(RoundingRule.ONCE, stated=False)
    rule = table.word("rule", RoundingRule, RoundingRule.ONCE)
    if "stated" not in table:
        table.notes.add((*table.path, "stated"), "missing", "stated says whether a source tells the rounding.")
    found = Rounding(rule, table.truth("stated"), table.text("note", ""), table.truth("tax_on_rounded"))
    if not found.stated and not found.note:
        table.wrong("note", "A rounding that is assumed says so.", 'Write note = "No source tells ...".')
    table.close()
    return found


def _true_up(table: Table | None) -> TrueUp | None:
    """`month = 6` or `anniversary = true`."""
    if table is None:
        return None
    month = table.integer("month") if "month" in table else None
    anniversary = table.truth("anniversary")
    if month is not None and not 1 <= month <= 12:
        table.wrong("month", f"There is no month {month}.", "Write a number from 1 to 12.")
    if (month is None) is not anniversary:
        table.wrong("month", "A year closes in a month or on the anniversary.", "Write one of the two.")
    part_year = table.word("part_year", PartYear, PartYear.WHOLE) if "part_year" in table else None
    table.close()
    return TrueUp(month, part_year)


def _available(root: Table) -> Availability:
    table = root.table("available")
    if table is None:
        return ANYBODY
    limits = {
        name: table.number(name) if name in table else None for name in ("kw_from", "kw_below", "kw_optional_from")
    }
    found = Availability(table.words("to"), **limits)
    table.close()
    return found


def _proration(table: Table) -> Proration:
    return proration(table)


def _source(table: Table) -> Source:
    found = Source(
        table.text("id"),
        table.text("title"),
        table.text("url", ""),
        table.text("page", ""),
        table.text("sha256", ""),
        table.day("read_on"),
        table.text("note", ""),
    )
    table.close()
    return found


def _factor(table: Table) -> Factor:
    values = []
    for inner in table.tables("values"):
        values.append((inner.day("from", needed=True) or date.min, inner.number("value")))
        inner.close()
    found = Factor(table.text("name"), tuple(values), table.text("source", ""))
    table.close()
    return found


def _groups(head: Table) -> tuple[tuple[str, ...], ...]:
    """`not_together = [["energy_assistance", "medical"]]`."""
    value = head.raw("not_together")
    if value is None:
        return ()
    if not isinstance(value, list) or not all(isinstance(group, list) for group in value):
        head.wrong("not_together", f"{value!s} is not a list of lists.", 'Write [["one", "other"]].')
        return ()
    return tuple(tuple(str(name) for name in group) for group in value)


def _once(lines: tuple[Line, ...], root: Table) -> tuple[Line, ...]:
    """Each code once; a second line of the same code is a finding."""
    seen: dict[str, Line] = {}
    for i, found in enumerate(lines):
        if found.code in seen:
            root.notes.add(("line", i, "code"), "twice", f"Two lines have the code “{found.code}”.")
        seen.setdefault(found.code, found)
    return tuple(seen.values())


def _syntax(fault: str, text: str, file: str) -> Finding:
    found = AT_LINE.search(fault)
    number = int(found[1]) if found and found[1] else text.count("\n") + 1
    message = AT_LINE.sub("", fault).strip()
    return Finding("tariff.syntax", f"This is not TOML: {message}.", place=Place(file, number))
