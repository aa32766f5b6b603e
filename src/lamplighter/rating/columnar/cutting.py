"""Cut a bill into the days on which one wording of each line holds (docs/algorithms/proration.md).

A line is cut where its price, a factor in it or its season changes, unless it takes the price of the cycle's first
or last day. Where it reads the same on both sides of a change it stays whole, and so do its tiers.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from typing import TypeAlias

from lamplighter.kernel.periods import Period
from lamplighter.rating.columnar.book import Book
from lamplighter.rating.columnar.plan import Plan, Span, days_from
from lamplighter.rating.figures import SEASON
from lamplighter.rating.quantities import clock_of
from lamplighter.rating.reach import attributes_in, factors_in, keys_in, peak_hours_in, quantities_in
from lamplighter.rating.refusals import CannotPrice
from lamplighter.rating.seasons import Season, SeasonRule
from lamplighter.rating.tariff import BillKind, Change, Citation, Line, Tariff

Factors: TypeAlias = tuple[tuple[str, Decimal], ...]


def cut(book: Book, period: Period, month: date, kind: BillKind) -> Plan:
    """The plan of a bill over `period` in the billing cycle of `month`.

    Raises CannotPrice where not exactly one version is in force on each day, a factor has no value, or a line
    turns from one kind of charge into another inside the bill.
    """
    assert period.days > 0, "a bill covers a day at least"
    in_force = _in_force(book, period)
    lines = []
    for code in _codes(book, in_force):
        spans = tuple(
            part for span in _wordings(book, code, in_force, period) for part in _by_season(book, span, period, month)
        )
        if len({type(_line(book, span).charge) for span in spans}) > 1:
            raise CannotPrice("line.changed", f"“{code}” turns into another kind of charge inside the bill.")
        if spans:
            lines.append((code, spans))
    return Plan(period.days, kind, in_force, tuple(lines), month.month if book.looks_at_months else 0)


def _in_force(book: Book, period: Period) -> tuple[int, ...]:
    """Versions that between them cover each day once."""
    found = [i for i, version in enumerate(book.versions) if version.valid.overlaps(period)]
    day = period.start
    for i in found:
        valid = book.versions[i].valid
        if max(valid.start, period.start) != day:
            many = "No version" if valid.start > day else "More than one version"
            raise CannotPrice("tariff.versions", f"{many} of {book.versions[i].code} is in force on {valid.start}.")
        day = min(valid.end or period.closed_end, period.closed_end)
    if day != period.closed_end:
        raise CannotPrice("tariff.versions", f"No version of {book.versions[-1].code} is in force on {day}.")
    return tuple(found)


def _codes(book: Book, in_force: Sequence[int]) -> list[str]:
    """As the newest version orders them; a line that it dropped comes after the one that it used to follow."""
    newest, *older = reversed(in_force)
    codes = [line.code for line in book.versions[newest].lines]
    for version in older:
        before = ""
        for line in book.versions[version].lines:
            if line.code not in codes:
                codes.insert(codes.index(before) + 1 if before else 0, line.code)
            before = line.code
    return codes


def _wordings(book: Book, code: str, in_force: Sequence[int], period: Period) -> list[Span]:
    """The line's wordings in order of time, equal neighbours as one; seasons still to come."""
    spans: list[Span] = []
    for span in _each_wording(book, code, in_force, period):
        if spans and spans[-1].first + spans[-1].length == span.first and _reads_alike(book, spans[-1], span):
            length = spans[-1].length + span.length
            spans[-1] = replace(spans[-1], length=length, covers=days_from(spans[-1].first, length))
        else:
            spans.append(span)
    return spans


def _each_wording(book: Book, code: str, in_force: Sequence[int], period: Period) -> Iterator[Span]:
    having = [(i, line) for i in in_force if (line := book.line(i, code)) is not None]
    day = {Change.START: period.start, Change.END: period.last_day, Change.SPLIT: None}[having[-1][1].change]
    for i, line in having:
        valid = book.versions[i].valid if line.valid is None else book.versions[i].valid & line.valid
        if valid is None:
            continue
        if day is not None:
            if day in valid:
                _check_peak_hours(book.versions[i], line, period)
                yield _span(book, code, i, range(period.days), day)
        elif (held := period & valid) is not None:
            _check_peak_hours(book.versions[i], line, held)
            for stretch in _with_one_factor(book.versions[i], line, held):
                first = (stretch.start - period.start).days
                yield _span(book, code, i, range(first, first + stretch.days), stretch.start)


def _check_peak_hours(tariff: Tariff, line: Line, days: Period) -> None:
    for hours in peak_hours_in(line):
        known = hours.known
        if days.start < known.start or (known.end is not None and days.closed_end > known.end):
            raise CannotPrice(
                "peak-hours.unknown", f"{tariff.version}: no peak hours of the system are recorded for all of {days}."
            )


def _with_one_factor(tariff: Tariff, line: Line, period: Period) -> Iterator[Period]:
    """Stretches of days on which no factor of the line changes."""
    days = sorted({day for name in factors_in(line) for day, _ in tariff.factor(name).values})
    start = period.start
    for day in days:
        if start < day < period.closed_end:
            yield Period(start, day)
            start = day
    yield Period(start, period.end)


def _span(book: Book, code: str, version: int, days: range, day: date) -> Span:
    """A version's wording over days of the bill, with the factor values of `day`."""
    line = book.line(version, code)
    assert line is not None
    factors = tuple((name, _factor(book.versions[version], name, day)) for name in sorted(factors_in(line)))
    return Span(code, version, days.start, len(days), days_from(days.start, len(days)), factors=factors)


def _factor(tariff: Tariff, name: str, day: date) -> Decimal:
    value: Decimal | None = None
    for first, dated in tariff.factor(name).values:
        if first <= day:
            value = dated
    if value is None:
        raise CannotPrice("factor.unknown", f"{tariff.version}: “{name}” has no value on {day}.")
    return value


def _reads_alike(book: Book, one: Span, other: Span) -> bool:
    """Whether the account sees no change, whichever version and source the words are read from."""
    return one.factors == other.factors and _read(book, one) == _read(book, other)


def _read(book: Book, span: Span) -> tuple[object, ...]:
    line, tariff = _line(book, span), book.versions[span.version]
    asked = [book.attribute(span.version, name) for name in sorted(attributes_in(line))]
    return (
        replace(line, citation=Citation(), valid=None),
        [(type(attribute), attribute.default) for attribute in asked],
        tariff.proration,
        tariff.seasons,
        tariff.season_rule,
        tariff.hours_rule,
    )


def _by_season(book: Book, span: Span, period: Period, month: date) -> Iterator[Span]:
    """The span in each season that it meets, if seasons matter to the line at all."""
    tariff, line = book.versions[span.version], _line(book, span)
    if not _seasonal(line, tariff):
        yield span
    elif tariff.season_rule is SeasonRule.DATE:
        for season in tariff.seasons:
            covers = span.covers & _days_in(season, period)
            if covers and line.season in ("", season.name):
                yield replace(span, covers=covers, season=season.name, by_date=True)
    else:
        day = month if tariff.season_rule is SeasonRule.CYCLE else period.closed_end
        for season in [season for season in tariff.seasons if day in season][:1]:
            if line.season in ("", season.name):
                yield replace(span, season=season.name)


def _seasonal(line: Line, tariff: Tariff) -> bool:
    """Because the line says so, because a figure does, or because the hours go by the bill's season."""
    if line.season or SEASON in keys_in(line):
        return True
    if tariff.hours_rule is SeasonRule.DATE:
        return False
    clocks = {clock for quantity in quantities_in(line) if (clock := clock_of(quantity)) is not None}
    return any(window.seasons for clock in clocks for hours in clock.periods for window in hours.windows)


def _days_in(season: Season, period: Period) -> int:
    """A bit for each day of the bill that lies in the season."""
    return sum(1 << i for i in range(period.days) if period.start + timedelta(days=i) in season)


def _line(book: Book, span: Span) -> Line:
    line = book.line(span.version, span.code)
    assert line is not None
    return line
